//! Wildcards and escapes.
//!
//! Source: the specification's section on escapes: `\*` is a star, `\\*` a backslash and a wildcard.

use crate::lint::{Fixes, Lint};
use crate::scalar::{Style, Written};
use rulecast_diagnostics::{Diagnostic, Edit, Severity, Span, Spanned};
use rulecast_ir::{Pattern, Shape};
use rulecast_rule::ast::{Item, Modifier, Value};

pub(crate) static LINTS: &[&Lint] = &[
    &ESCAPED_WILDCARD,
    &DOUBLE_WILDCARD,
    &WILDCARD_FOR_MODIFIER,
    &REDUNDANT_WILDCARD,
    &ANY_VALUE,
    &ESCAPED_PLACEHOLDER,
];

static ESCAPED_WILDCARD: Lint = Lint {
    name: "escaped-wildcard",
    severity: Severity::Warning,
    summary: "a star behind a folder separator, which is a literal star",
    reason: "In `C:\\Users\\*\\x` the last separator escapes the star: the rule looks for a folder that is called `*`, which \
             Windows does not allow. A separator and a wildcard are written `\\\\*`.",
    bad: "detection:\n    selection:\n        Image: 'C:\\Users\\*\\whoami.exe'\n    condition: selection",
    good: "detection:\n    selection:\n        Image: 'C:\\Users\\\\*\\whoami.exe'\n    condition: selection",
    fix: Fixes::Suggested,
};

static DOUBLE_WILDCARD: Lint = Lint {
    name: "double-wildcard",
    severity: Severity::Note,
    summary: "two stars side by side",
    reason: "They mean what one means. Perhaps one of them should be escaped.",
    bad: "detection:\n    selection:\n        CommandLine: 'who**ami'\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine: 'who*ami'\n    condition: selection",
    fix: Fixes::Safe,
};

static WILDCARD_FOR_MODIFIER: Lint = Lint {
    name: "wildcard-for-modifier",
    severity: Severity::Note,
    summary: "wildcards at the ends of all values, where a modifier says the same",
    reason: "`contains`, `startswith` and `endswith` read better, and cannot be spoilt by a separator that escapes the star.",
    bad: "detection:\n    selection:\n        CommandLine: '*whoami*'\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|contains: 'whoami'\n    condition: selection",
    fix: Fixes::Safe,
};

static REDUNDANT_WILDCARD: Lint = Lint {
    name: "redundant-wildcard",
    severity: Severity::Note,
    summary: "a wildcard at an end of a value that its modifier leaves open anyway",
    reason: "`contains: '*x*'` means what `contains: 'x'` means.",
    bad: "detection:\n    selection:\n        CommandLine|contains: 'whoami*'\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|contains: 'whoami'\n    condition: selection",
    fix: Fixes::Safe,
};

static ANY_VALUE: Lint = Lint {
    name: "any-value",
    severity: Severity::Note,
    summary: "a value `*`, which asks only whether the field is there",
    reason: "`exists: true` says that, and tells it from a value that was forgotten.",
    bad: "detection:\n    selection:\n        CommandLine: '*'\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|exists: true\n    condition: selection",
    fix: Fixes::None,
};

static ESCAPED_PLACEHOLDER: Lint = Lint {
    name: "escaped-placeholder",
    severity: Severity::Warning,
    summary: "a placeholder behind a folder separator, which makes its percent sign literal",
    reason: "Under `expand`, `\\%` is a percent sign: `C:\\Users\\%user%\\x` has no placeholder, and looks for `%user%` itself. \
             Converters disagree on this.",
    bad: "detection:\n    selection:\n        CommandLine|expand: 'C:\\Users\\%user%\\x'\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|expand: 'C:\\Users\\\\%user%\\x'\n    condition: selection",
    fix: Fixes::Suggested,
};

pub(crate) fn check(item: &Item, text: &str, to: &mut Vec<Diagnostic>) {
    use Modifier as M;
    let has = |modifier| item.modifiers.iter().any(|one| one.node == modifier);
    let is_pattern = item.modifiers.iter().all(|one| {
        matches!(
            one.node,
            M::All | M::Cased | M::Contains | M::EndsWith | M::StartsWith | M::WinDash | M::Expand | M::Neq
        )
    });
    if !is_pattern {
        return;
    }
    if has(M::Expand) {
        item.values.iter().for_each(|value| check_placeholder(value, text, to));
    }
    let stars =
        item.values.iter().filter(|value| matches!(&value.node, Value::Text(text) if text.contains('*'))).count();
    if stars == 0 {
        return;
    }
    for value in &item.values {
        let Value::Text(pattern) = &value.node else { continue };
        check_escape(item, pattern, value, text, to);
        if let Some(at) = double_wildcard(pattern) {
            let finding = DOUBLE_WILDCARD
                .at(value.span, "two wildcards side by side")
                .help("write one, or escape the one that is meant");
            let written = Written::at(text, value.span);
            to.push(if written.is_verbatim(pattern) && written.style == Style::Single {
                finding.fix(vec![Edit::delete(written.part(at, at + 1))])
            } else {
                finding
            });
        }
    }
    if item.field.is_some() && item.modifiers.is_empty() && stars == item.values.len() {
        check_ends(item, text, to);
    }
    if has(M::Contains) || has(M::StartsWith) || has(M::EndsWith) {
        let (start, end) = (has(M::Contains) || has(M::EndsWith), has(M::Contains) || has(M::StartsWith));
        item.values.iter().for_each(|value| check_redundant(value, start, end, text, to));
    }
}

/// The byte of the first of two wildcards.
fn double_wildcard(pattern: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = pattern[from..].find("**").map(|at| at + from) {
        if !is_escaped(pattern, at) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Whether an odd number of backslashes stands before.
fn is_escaped(pattern: &str, at: usize) -> bool {
    pattern.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

fn check_escape(item: &Item, pattern: &str, value: &Spanned<Value>, text: &str, to: &mut Vec<Diagnostic>) {
    let bytes = pattern.as_bytes();
    let is_command =
        item.field.as_ref().is_some_and(|field| field.contains("CommandLine") || field.contains("ScriptBlock"));
    let likely = pattern.match_indices("\\*").map(|(at, _)| at).find(|&at| {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        let after = bytes.get(at + 2).copied().unwrap_or(0);
        // A command may well hold `C:\*`; a star that is a folder of its own stands between separators.
        let is_folder = before.is_ascii_alphanumeric() || matches!(before, b':' | b'%' | b')' | b'}');
        is_escaped(pattern, at + 1) && is_folder && (after == b'\\' || !is_command && matches!(after, 0 | b'.'))
    });
    let Some(at) = likely else { return };
    let written = Written::at(text, value.span);
    let finding = ESCAPED_WILDCARD
        .at(value.span, "`\\*` is a literal star, not a separator and a wildcard")
        .help("write `\\\\*` for a separator and a wildcard");
    to.push(if written.is_verbatim(pattern) {
        finding.suggest(vec![Edit::insert(written.part(at, at), "\\")])
    } else {
        finding
    });
}

fn check_ends(item: &Item, text: &str, to: &mut Vec<Diagnostic>) {
    let patterns: Vec<(&Spanned<Value>, &str, Pattern)> = item
        .values
        .iter()
        .filter_map(|value| match &value.node {
            Value::Text(pattern) => Some((value, pattern.as_str(), Pattern::parse(pattern))),
            _ => None,
        })
        .collect();
    if let Some((value, ..)) = patterns.iter().find(|(_, _, pattern)| pattern.shape() == Shape::Anything) {
        let field = item.field.as_ref().map_or("", |field| &field.node);
        to.push(
            ANY_VALUE
                .at(value.span, format!("`*` matches whatever `{field}` holds"))
                .help(format!("write `{field}|exists: true`")),
        );
        return;
    }
    let modifier = |pattern: &Pattern| match pattern.shape() {
        Shape::Contains(_) => Some("contains"),
        Shape::Prefix(_) => Some("startswith"),
        Shape::Suffix(_) => Some("endswith"),
        _ => None,
    };
    let Some(first) = patterns.first().and_then(|(_, _, pattern)| modifier(pattern)) else { return };
    if patterns.len() != item.values.len() || !patterns.iter().all(|(_, _, pattern)| modifier(pattern) == Some(first)) {
        return;
    }
    let Some(field) = &item.field else { return };
    let finding = WILDCARD_FOR_MODIFIER
        .at(item.span, format!("the wildcards mean `{first}`"))
        .help(format!("write `{}|{first}`, and the values without them", field.node));
    let mut edits = vec![Edit::insert(Span { start: field.span.end, ..field.span }, format!("|{first}"))];
    let key_is_plain = (field.span.end - field.span.start) as usize == field.node.len();
    let mut can = key_is_plain && !text[field.span.end as usize..].starts_with(['\'', '"']);
    for (value, pattern, _) in &patterns {
        let written = Written::at(text, value.span);
        can &= written.style == Style::Single && written.is_verbatim(pattern) && !pattern.contains("**");
        if first != "startswith" {
            edits.push(Edit::delete(written.part(0, 1)));
        }
        if first != "endswith" {
            edits.push(Edit::delete(written.part(pattern.len() - 1, pattern.len())));
        }
    }
    to.push(if can { finding.fix(edits) } else { finding });
}

fn check_redundant(value: &Spanned<Value>, start: bool, end: bool, text: &str, to: &mut Vec<Diagnostic>) {
    let Value::Text(pattern) = &value.node else { return };
    let last = pattern.len().saturating_sub(1);
    let at_start = start && pattern.starts_with('*');
    let at_end = end && pattern.ends_with('*') && !is_escaped(pattern, last);
    if !(at_start || at_end) || pattern.len() < 3 || pattern.contains("**") {
        return;
    }
    let finding =
        REDUNDANT_WILDCARD.at(value.span, "the modifier leaves this end open anyway").help("remove the wildcard");
    let written = Written::at(text, value.span);
    if !written.is_verbatim(pattern) || written.style != Style::Single {
        to.push(finding);
        return;
    }
    let mut edits = Vec::new();
    if at_start {
        edits.push(Edit::delete(written.part(0, 1)));
    }
    if at_end {
        edits.push(Edit::delete(written.part(last, last + 1)));
    }
    to.push(finding.fix(edits));
}

fn check_placeholder(value: &Spanned<Value>, text: &str, to: &mut Vec<Diagnostic>) {
    let Value::Text(pattern) = &value.node else { return };
    let Some(at) = pattern.find("\\%").filter(|at| !pattern[..*at].ends_with('\\')) else { return };
    // A name and a second percent sign: a placeholder was meant.
    let name = pattern[at + 2..].split('%').next().unwrap_or_default();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let closes = pattern[at + 2 + name.len()..].starts_with('%');
    if name.is_empty() || !closes || !name.bytes().all(is_name) {
        return;
    }
    let finding = ESCAPED_PLACEHOLDER
        .at(value.span, format!("`\\%{name}%` is literal text, not the placeholder `{name}`"))
        .help(format!("write `\\\\%{name}%`: a separator, and then the placeholder"));
    let written = Written::at(text, value.span);
    to.push(if written.is_verbatim(pattern) {
        finding.suggest(vec![Edit::replace(written.part(at, at + 1), r"\\")])
    } else {
        finding
    });
}
