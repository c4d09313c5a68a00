//! Regexes, and addresses as text.

use crate::lint::{Fixes, Lint};
use crate::scalar::{Style, Written};
use rulecast_diagnostics::{Diagnostic, Edit, Severity, Spanned};
use rulecast_rule::ast::{Item, Modifier, Value};

pub(crate) static LINTS: &[&Lint] = &[&ADDRESS_REGEX, &ADDRESS_AS_TEXT, &PLAIN_REGEX, &REGEX_ENDS];

static ADDRESS_REGEX: Lint = Lint {
    name: "address-regex",
    severity: Severity::Warning,
    summary: "a regex on a field of addresses, without an anchor",
    reason: "`10\\.` is also part of `8.8.10.1` and of `110.1.2.3`: a filter on internal addresses lets these through, or a \
             detection finds them. `cidr` compares networks.",
    bad: "detection:\n    selection:\n        DestinationIp|re: '10\\.|192\\.168\\.'\n    condition: selection",
    good: "detection:\n    selection:\n        DestinationIp|cidr:\n            - 10.0.0.0/8\n            - 192.168.0.0/16\n    condition: selection",
    fix: Fixes::None,
};

static ADDRESS_AS_TEXT: Lint = Lint {
    name: "address-as-text",
    severity: Severity::Note,
    summary: "a network as the start of a text",
    reason: "`cidr` says it shorter, covers 172.16.0.0/12 in one line, knows IPv6, and works where a column holds addresses.",
    bad: "detection:\n    selection:\n        DestinationIp|startswith: '10.'\n    condition: selection",
    good: "detection:\n    selection:\n        DestinationIp|cidr: 10.0.0.0/8\n    condition: selection",
    fix: Fixes::None,
};

static PLAIN_REGEX: Lint = Lint {
    name: "plain-regex",
    severity: Severity::Note,
    summary: "a regex without any operator",
    reason: "It asks for a text that contains these letters, which `contains|cased` says; SIEMs look that up faster.",
    bad: "detection:\n    selection:\n        CommandLine|re: 'whoami'\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|contains|cased: 'whoami'\n    condition: selection",
    fix: Fixes::None,
};

static REGEX_ENDS: Lint = Lint {
    name: "regex-ends",
    severity: Severity::Note,
    summary: "a regex that starts or ends with `.*`",
    reason: "A regex is looked for anywhere in the field; `.*` at its ends only makes it slow.",
    bad: "detection:\n    selection:\n        CommandLine|re: '.*who[a-z]mi.*'\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|re: 'who[a-z]mi'\n    condition: selection",
    fix: Fixes::Safe,
};

pub(crate) fn check(item: &Item, text: &str, to: &mut Vec<Diagnostic>) {
    let Some(field) = &item.field else { return };
    let has = |modifier| item.modifiers.iter().any(|one| one.node == modifier);
    let is_address = is_address(field);
    if has(Modifier::Re) {
        for value in &item.values {
            let Value::Text(regex) = &value.node else { continue };
            if is_address && is_part_of_address(regex.trim_start_matches(['(', '?', ':'])) {
                to.push(
                    ADDRESS_REGEX
                        .at(value.span, format!("this is also found inside other addresses of `{}`", field.node))
                        .help(format!("write `{}|cidr` with the networks", field.node)),
                );
            } else {
                check_regex(regex, item, value, text, to);
            }
        }
    } else if is_address && has(Modifier::StartsWith) {
        for value in &item.values {
            let Value::Text(start) = &value.node else { continue };
            if let Some(network) = network(start) {
                to.push(
                    ADDRESS_AS_TEXT
                        .at(value.span, format!("`{start}` stands for a network"))
                        .help(format!("write `{}|cidr: {network}`", field.node)),
                );
            }
        }
    }
}

fn is_address(field: &str) -> bool {
    let lower = field.to_ascii_lowercase();
    lower == "ip"
        || lower.ends_with("ipaddress")
        || lower.ends_with("_ip")
        || lower.ends_with("-ip")
        || field.ends_with("Ip")
        || field.ends_with("IP")
}

/// `10\.`, `192\.168\.`: numbers and dots.
fn is_part_of_address(regex: &str) -> bool {
    let digits = regex.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3).contains(&digits) && regex[digits..].starts_with("\\.")
}

/// `10.0.0.0/8` for `10.`.
fn network(start: &str) -> Option<String> {
    let parts: Vec<&str> = start.strip_suffix('.')?.split('.').collect();
    let is_part = |part: &&str| part.parse::<u8>().is_ok();
    ((1..=3).contains(&parts.len()) && parts.iter().all(is_part)).then(|| {
        let rest = [".0"; 3][..4 - parts.len()].concat();
        format!("{}{rest}/{}", parts.join("."), parts.len() * 8)
    })
}

fn check_regex(regex: &str, item: &Item, value: &Spanned<Value>, text: &str, to: &mut Vec<Diagnostic>) {
    const OPERATORS: &[char] = &['.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '^', '$', '\\'];
    if !regex.is_empty() && !regex.contains(OPERATORS) {
        let cased = if item.modifiers.iter().any(|one| one.node == Modifier::IgnoreCase) { "" } else { "|cased" };
        to.push(PLAIN_REGEX.at(value.span, "the regex has no operator").help(format!("write `contains{cased}`")));
        return;
    }
    // An alternative may be what the `.*` belongs to; an affix puts an anchor beside it.
    let has_affix = item.modifiers.iter().any(|one| matches!(one.node, Modifier::StartsWith | Modifier::EndsWith));
    if regex.contains('|') || has_affix {
        return;
    }
    let starts = regex.starts_with(".*") && !regex[2..].starts_with(['?', '+', '*', '{']);
    let escapes =
        regex.strip_suffix(".*").map_or(0, |rest| rest.bytes().rev().take_while(|byte| *byte == b'\\').count());
    let ends = regex.len() > 4 && regex.ends_with(".*") && escapes.is_multiple_of(2) && !regex.ends_with("[.*");
    if !(starts && regex.len() > 2 || ends) {
        return;
    }
    let finding = REGEX_ENDS.at(value.span, "`.*` at an end of a regex changes nothing").help("remove it");
    let written = Written::at(text, value.span);
    if !written.is_verbatim(regex) || written.style != Style::Single {
        to.push(finding);
        return;
    }
    let mut edits = Vec::new();
    if starts {
        edits.push(Edit::delete(written.part(0, 2)));
    }
    if ends {
        edits.push(Edit::delete(written.part(regex.len() - 2, regex.len())));
    }
    to.push(finding.fix(edits));
}
