//! Says what is wrong with a text that is no query.

use super::Problem;
use super::grammar::Rule;
use pest::error::{Error, ErrorVariant, InputLocation};
use std::collections::BTreeSet;

/// The place and the reason of a failure of the grammar.
pub(super) fn explain(text: &str, error: &Error<Rule>) -> Problem {
    let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
    // A comment that is none was read as a division.
    if let Some(slash) = at.checked_sub(1).filter(|slash| text.as_bytes()[*slash..].starts_with(b"/*")) {
        return Problem::new(slash, "a comment that ends, with no other in it, was expected");
    }
    let rest = &text[at..];
    let word = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or("");
    let known = match rest.chars().next() {
        Some('\'') => Some("strings stand in double quotes".to_owned()),
        Some('|') => {
            let pipe = rest[1..].trim_start();
            let end = pipe.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(pipe.len());
            Some(format!("pipes are not supported: `{}`", &pipe[..end]))
        }
        Some('=') => Some("`=` is no operator: `==` compares exactly, `:` without case".to_owned()),
        Some('[') if at > 0 && text.as_bytes()[at - 1].is_ascii_alphanumeric() => {
            Some("positions in an array are not supported".to_owned())
        }
        Some('"') => {
            Some("a string that ends on its line, with every `\"` and `\\` in it escaped, was expected".to_owned())
        }
        _ if matches!(word, "AND" | "OR" | "NOT") => {
            Some(format!("keywords are in lower case: `{}`", word.to_lowercase()))
        }
        _ if matches!(word, "join" | "fork" | "of") => Some(format!("`{word}` is not supported")),
        _ => None,
    };
    Problem::new(at, known.unwrap_or_else(|| expected(&error.variant)))
}

fn expected(variant: &ErrorVariant<Rule>) -> String {
    let ErrorVariant::ParsingError { positives, .. } = variant else { return "no query".to_owned() };
    let words: BTreeSet<&str> = positives.iter().map(|rule| name(*rule)).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return "this is not part of a query".to_owned();
    }
    format!("expected {}", words.into_iter().collect::<Vec<_>>().join(", "))
}

fn name(rule: Rule) -> &'static str {
    match rule {
        Rule::EOI => "the end",
        Rule::statement | Rule::sequence | Rule::sample | Rule::event | Rule::category => "an event category",
        Rule::by | Rule::by_word => "`by`",
        Rule::maxspan | Rule::with_word => "`with`",
        Rule::maxspan_word => "`maxspan`",
        Rule::span | Rule::amount => "a span such as `5m`",
        Rule::unit => "a unit of time",
        Rule::step | Rule::missing => "`[`",
        Rule::runs => "`with runs`",
        Rule::runs_word => "`runs`",
        Rule::until | Rule::until_word => "`until`",
        Rule::where_word => "`where`",
        Rule::and | Rule::and_word => "`and`",
        Rule::or_word => "`or`",
        Rule::or | Rule::not | Rule::not_word | Rule::test => "a condition",
        Rule::among | Rule::in_word | Rule::in_caseless => "`in`",
        Rule::matches | Rule::matcher | Rule::compares | Rule::comparator | Rule::colon => "a comparison",
        Rule::like_word | Rule::like_caseless | Rule::regex_word | Rule::regex_caseless => "a comparison",
        Rule::sum | Rule::product | Rule::unary | Rule::group | Rule::call | Rule::function => "a value",
        Rule::literal | Rule::null_word | Rule::true_word | Rule::false_word => "a value",
        Rule::plus_minus | Rule::times | Rule::sign => "",
        Rule::field | Rule::part | Rule::optional | Rule::quoted | Rule::word => "a field",
        Rule::number => "a number",
        Rule::string | Rule::raw | Rule::raw_body | Rule::text | Rule::text_body => "a string",
        Rule::any_word => "`any`",
        Rule::sequence_word => "`sequence`",
        Rule::sample_word => "`sample`",
        Rule::keyword | Rule::ident | Rule::ident_start | Rule::ident_char | Rule::blank => "",
        Rule::WHITESPACE | Rule::COMMENT => "",
    }
}
