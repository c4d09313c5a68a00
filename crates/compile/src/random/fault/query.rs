//! Faults of one language, in the text of a query.

use super::Fault;
use crate::Language;

/// The query with the fault, if it touches it.
pub(super) fn with(fault: Fault, language: Language, text: &str) -> String {
    match (fault, language) {
        (Fault::TermForContains, Language::Kql) => text.replace(" contains ", " has "),
        (Fault::OperatorCased, Language::Kql) => text.replace(" =~ ", " == ").replace(" in~ ", " in "),
        (Fault::OperatorCased, Language::Eql) => {
            text.replace(" : (", " in (").replace(" : ", " == ").replace(" like~ ", " like ").replace(" in~ ", " in ")
        }
        (Fault::OperatorCased, Language::Spl) => text.replace("(?i)", "").replace("(?is)", "(?s)"),
        (Fault::GuardDropped, Language::Kql) => text.replace("coalesce(", "(").replace(", false)", ")"),
        (Fault::GuardDropped, Language::Spl) => unguarded(text),
        (Fault::WindowTumbling, Language::Kql) => tumbling(text, ("slot = bin(at, ", ") + "), |_| ") - ".to_owned()),
        // What comes into a window leaves it all at once.
        (Fault::WindowTumbling, Language::Spl) => {
            tumbling(text, ("if(rc_move=1, _time, _time+", ")"), |span| format!("-_time%{span})"))
        }
        _ => text.to_owned(),
    }
}

/// `NOT f=x` as `f!=x`.
fn unguarded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("NOT ") {
        let name = after.split_once('=').map(|(name, _)| name);
        let plain = name.filter(|name| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')));
        out.push_str(before);
        rest = match plain {
            Some(name) if !name.is_empty() => {
                out.push_str(name);
                out.push_str("!=");
                &after[name.len() + 1..]
            }
            _ => {
                out.push_str("NOT ");
                after
            }
        };
    }
    out + rest
}

/// With other words behind each number that stands between two.
fn tumbling(text: &str, (before, after): (&str, &str), with: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once(before) {
        out.push_str(head);
        out.push_str(before);
        let end = tail.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tail.len());
        let (span, behind) = tail.split_at(end);
        out.push_str(span);
        rest = match behind.strip_prefix(after) {
            Some(behind) => {
                out.push_str(&with(span));
                behind
            }
            None => behind,
        };
    }
    out + rest
}
