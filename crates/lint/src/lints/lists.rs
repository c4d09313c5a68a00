//! Values of one list, against each other.

use crate::lint::{Fixes, Lint};
use crate::scalar::delete_entry;
use rulecast_diagnostics::{Diagnostic, Severity, Span, Spanned};
use rulecast_rule::ast::{Item, Modifier, Value};
use std::collections::HashMap;

pub(crate) static LINTS: &[&Lint] = &[&DUPLICATE_VALUE, &COVERED_VALUE, &CONTRADICTORY_ALL];

static DUPLICATE_VALUE: Lint = Lint {
    name: "duplicate-value",
    severity: Severity::Note,
    summary: "a value that stands twice in a list, in capitals or not",
    reason: "Case does not count unless `cased` says so. Perhaps the second was meant to be another one.",
    bad: "detection:\n    selection:\n        CommandLine|contains:\n            - whoami\n            - WhoAmI\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|contains:\n            - whoami\n    condition: selection",
    fix: Fixes::Safe,
};

static COVERED_VALUE: Lint = Lint {
    name: "covered-value",
    severity: Severity::Note,
    summary: "a value that another one of the list covers",
    reason: "Whatever contains `who /all` contains `who`: the longer one adds nothing to the list. Under `all` it is the \
             shorter one. Either it can go, or the other is too short.",
    bad: "detection:\n    selection:\n        CommandLine|contains:\n            - whoami\n            - whoami /all\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|contains:\n            - whoami\n    condition: selection",
    fix: Fixes::None,
};

static CONTRADICTORY_ALL: Lint = Lint {
    name: "contradictory-all",
    severity: Severity::Warning,
    summary: "`all` over values that a field cannot have at once",
    reason: "A field with one value is not equal to two. Only an event with several values in the field can match; most often \
             `contains` was forgotten.",
    bad: "detection:\n    selection:\n        CommandLine|all:\n            - whoami\n            - /all\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|contains|all:\n            - whoami\n            - /all\n    condition: selection",
    fix: Fixes::None,
};

/// Every pair of values is compared: longer lists are lists of indicators.
const MOST_COMPARED: usize = 48;

pub(crate) fn check(item: &Item, text: &str, to: &mut Vec<Diagnostic>) {
    use Modifier as M;
    if item.values.len() < 2 {
        return;
    }
    let has = |modifier| item.modifiers.iter().any(|one| one.node == modifier);
    let (all, cased) = (has(M::All), has(M::Cased) || has(M::Re));
    check_duplicates(item, cased, text, to);
    let is_plain = item
        .modifiers
        .iter()
        .all(|one| matches!(one.node, M::All | M::Cased | M::Contains | M::StartsWith | M::EndsWith | M::Neq));
    if !is_plain || item.field.is_none() {
        return;
    }
    if all && !has(M::Contains) {
        check_all(item, cased, has(M::StartsWith), has(M::EndsWith), to);
    } else if item.values.len() <= MOST_COMPARED && (has(M::Contains) || has(M::StartsWith) || has(M::EndsWith)) {
        let covers: fn(&str, &str) -> bool = if has(M::Contains) {
            |long, short| long.contains(short)
        } else if has(M::StartsWith) {
            |long, short| long.starts_with(short)
        } else {
            |long, short| long.ends_with(short)
        };
        check_covered(item, cased, all, covers, to);
    }
}

fn folded(text: &str, cased: bool) -> String {
    if cased { text.to_owned() } else { text.to_ascii_lowercase() }
}

fn check_duplicates(item: &Item, cased: bool, text: &str, to: &mut Vec<Diagnostic>) {
    let same = |one: &Value, other: &Value| match (one, other) {
        (Value::Text(one), Value::Text(other)) => {
            if cased {
                one == other
            } else {
                one.eq_ignore_ascii_case(other)
            }
        }
        (one, other) => one == other,
    };
    let mut report = |value: &Spanned<Value>, first: Span| {
        let finding =
            DUPLICATE_VALUE.at(value.span, "value stands here twice").also(first, "first here").help("remove it");
        // `all` wants two values, and may be left with one.
        let edit =
            delete_entry(text, value.span).filter(|_| !item.modifiers.iter().any(|one| one.node == Modifier::All));
        to.push(match edit {
            Some(edit) => finding.fix(vec![edit]),
            None => finding,
        });
    };
    if item.values.len() <= 16 {
        for (at, value) in item.values.iter().enumerate() {
            if let Some(first) = item.values[..at].iter().find(|first| same(&first.node, &value.node)) {
                report(value, first.span);
            }
        }
        return;
    }
    let mut seen: HashMap<String, Span> = HashMap::with_capacity(item.values.len());
    for value in &item.values {
        let Value::Text(text) = &value.node else { continue };
        match seen.entry(folded(text, cased)) {
            std::collections::hash_map::Entry::Occupied(first) => report(value, *first.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(value.span);
            }
        }
    }
}

/// A value that is text without wildcards or escapes.
struct Plain<'a> {
    span: Span,
    shown: &'a str,
    folded: String,
}

fn texts(item: &Item, cased: bool) -> Vec<Plain<'_>> {
    let is_plain = |text: &str| !text.is_empty() && !text.contains(['*', '?']) && !text.contains("\\\\");
    let texts = item.values.iter().filter_map(|value| match &value.node {
        Value::Text(shown) if is_plain(shown) => Some(Plain { span: value.span, shown, folded: folded(shown, cased) }),
        _ => None,
    });
    texts.collect()
}

fn check_covered(item: &Item, cased: bool, all: bool, covers: fn(&str, &str) -> bool, to: &mut Vec<Diagnostic>) {
    let texts = texts(item, cased);
    for (at, text_at) in texts.iter().enumerate() {
        let covers = |other: &Plain<'_>| {
            let (this, by) = (text_at.folded.as_str(), other.folded.as_str());
            this != by && if all { covers(by, this) } else { covers(this, by) }
        };
        let by = texts.iter().enumerate().find(|(other, by)| *other != at && covers(by)).map(|(_, by)| by);
        let Some(&Plain { span: by, shown, .. }) = by else { continue };
        let message = if all {
            format!("whatever matches `{shown}` matches this too")
        } else {
            format!("`{shown}` matches whatever this matches")
        };
        // Nothing takes it out unasked: which of the two is wrong, only the author knows.
        to.push(
            COVERED_VALUE
                .at(text_at.span, message)
                .also(by, "covered by this")
                .help("remove it, unless the other is too short"),
        );
    }
}

fn check_all(item: &Item, cased: bool, start: bool, end: bool, to: &mut Vec<Diagnostic>) {
    let texts = texts(item, cased);
    let together = |one: &str, other: &str| match (start, end) {
        (true, _) => one.starts_with(other) || other.starts_with(one),
        (_, true) => one.ends_with(other) || other.ends_with(one),
        _ => one == other,
    };
    let clash = texts.iter().enumerate().find_map(|(at, one)| {
        let other = texts[..at].iter().find(|other| !together(&one.folded, &other.folded))?;
        Some((one.span, other.span))
    });
    let modifier = item.modifiers.iter().find(|one| one.node == Modifier::All);
    if let (Some((one, other)), Some(modifier)) = (clash, modifier) {
        to.push(
            CONTRADICTORY_ALL
                .at(modifier.span, "no single value is all of these")
                .also(other, "this")
                .also(one, "and this")
                .help("write `contains|all`, or leave `all` out"),
        );
    }
}
