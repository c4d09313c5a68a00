//! What is wrong with a condition that does not parse, in plain words.

use super::{Names, Words};
use crate::yaml::Places;
use rulecast_diagnostics::{Diagnostic, Span};

/// The diagnostic for a condition in which the grammar could not go past byte `at`.
pub(super) fn explain(text: &str, at: usize, names: Names, places: &Places) -> Diagnostic {
    if text.trim().is_empty() {
        return Diagnostic::error("invalid-condition", places.span(0, text.len()), "condition is empty")
            .label("expected the name of a selection");
    }
    // The grammar stops after white space it could skip, or before some: the next word is the one to show.
    let mut before = None;
    let found = Words::new(text).find(|&(start, word)| {
        let is_it = start + word.len() > at;
        if !is_it {
            before = Some(word);
        }
        is_it
    });
    let Some((start, word)) = found else {
        let end = text.trim_end().len();
        return Diagnostic::error("invalid-condition", places.span(end, end), "condition ends too early")
            .label(expected(before, names, text.matches('(').count() > text.matches(')').count()));
    };
    let span = places.span(start, start + word.len());
    let is_open = text[..start].matches('(').count() > text[..start].matches(')').count();
    if matches!(word, "AND" | "OR" | "NOT" | "OF" | "THEM") && names == Names::Selections {
        return upper_case(word, span);
    }
    if word == "of" {
        let number = Words::new(text).take_while(|(other, _)| *other < start).last();
        if let Some((quantifier_start, quantifier)) = number {
            let span = places.span(quantifier_start, start + word.len());
            return unknown_quantifier(quantifier, span);
        }
    }
    let diagnostic = Diagnostic::error("invalid-condition", span, format!("unexpected `{word}` in condition"))
        .label(expected(before, names, is_open));
    match word {
        "&" => diagnostic.help("write `and`"),
        "!" => diagnostic.help("write `not`"),
        "," => diagnostic.help("join names with `and` or `or`"),
        "'" | "\"" => diagnostic.help("write names without quotes"),
        ")" if !is_open => diagnostic.help("remove it, or add the `(` before"),
        _ if !word.is_ascii() || is_joiner(word) => {
            let diagnostic = diagnostic.note("names in a condition hold ASCII letters, digits, `_` and `-`");
            match before.filter(|stem| text[..start].ends_with(stem) && *stem != "(") {
                Some(stem) => {
                    diagnostic.help(format!("rename the selection, or reach it by a pattern: `1 of {stem}*`"))
                }
                None => diagnostic.help("rename the selection"),
            }
        }
        _ if word.contains('*') => diagnostic.help(format!("write `1 of {word}` or `all of {word}`")),
        _ => match word.to_ascii_lowercase().as_str() {
            lower @ ("and" | "or" | "not" | "of") if lower != word => diagnostic.help(format!("write `{lower}`")),
            _ => diagnostic,
        },
    }
}

/// The diagnostic for `AND`, `OR`, … at `span`.
pub(super) fn upper_case(word: &str, span: Span) -> Diagnostic {
    let lower = word.to_ascii_lowercase();
    Diagnostic::error("upper-case-operator", span, format!("operator `{word}` is in upper case"))
        .label("not an operator")
        .help(format!("write `{lower}`"))
}

fn unknown_quantifier(quantifier: &str, span: Span) -> Diagnostic {
    let message = format!("`{quantifier} of` is no quantifier of Sigma");
    let diagnostic = Diagnostic::error("unknown-quantifier", span, message).label("expected `1 of` or `all of`");
    let lower = quantifier.to_ascii_lowercase();
    if lower != quantifier && matches!(&*lower, "all" | "any") {
        diagnostic.help(format!("write `{lower} of`"))
    } else {
        diagnostic.help("join the selections with `and` and `or`; counting events is what correlations are for")
    }
}

/// Whether people join parts of names with it.
fn is_joiner(word: &str) -> bool {
    matches!(word, "." | ":" | "/" | "\\" | "@" | "+")
}

/// What may follow the word `before`, inside parentheses or not.
fn expected(before: Option<&str>, names: Names, is_open: bool) -> &'static str {
    match (before, names) {
        (Some("of"), _) => "expected `them` or a pattern",
        (None | Some("(" | "and" | "or" | "not" | "AND" | "OR" | "NOT"), Names::Selections) => {
            "expected a selection, `not` or `(`"
        }
        (None | Some("(" | "and" | "or" | "not" | "AND" | "OR" | "NOT"), Names::Rules) => {
            "expected a rule, `not` or `(`"
        }
        _ if is_open => "expected `and`, `or` or `)`",
        _ => "expected `and`, `or` or the end",
    }
}
