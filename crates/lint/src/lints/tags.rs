//! Tags, apart from what ATT&CK says of them.
//!
//! Source: the tags appendix of the Sigma specification.

use crate::lint::{Fixes, Lint};
use crate::scalar::delete_entry;
use rulecast_diagnostics::{Diagnostic, Severity, Spanned};
use rulecast_rule::ast::Document;

pub(crate) static LINTS: &[&Lint] = &[&UNKNOWN_NAMESPACE, &DUPLICATE_TAG, &MALFORMED_TAG, &CONTRADICTORY_TAGS];

static UNKNOWN_NAMESPACE: Lint = Lint {
    name: "unknown-namespace",
    severity: Severity::Warning,
    summary: "a tag of a namespace that Sigma does not define",
    reason: "Tools pass over it. Sigma defines `attack`, `car`, `cve`, `d3fend`, `detection`, `stp` and `tlp`.",
    bad: "tags:\n    - attck.t1033",
    good: "tags:\n    - attack.discovery\n    - attack.t1033",
    fix: Fixes::None,
};

static DUPLICATE_TAG: Lint = Lint {
    name: "duplicate-tag",
    severity: Severity::Note,
    summary: "a tag that stands there twice",
    reason: "Coverage that is counted by tags counts the rule twice.",
    bad: "tags:\n    - attack.discovery\n    - attack.t1033\n    - attack.t1033",
    good: "tags:\n    - attack.discovery\n    - attack.t1033",
    fix: Fixes::Safe,
};

static MALFORMED_TAG: Lint = Lint {
    name: "malformed-tag",
    severity: Severity::Warning,
    summary: "a tag that is not of the form of its namespace",
    reason: "Tools that read the namespace do not find it: `cve.2021-44228`, `car.2016-04-005`, `d3fend.d3-am`, \
             `detection.dfir`, `stp.3k`, `tlp.amber`, `attack.t1059.001`.",
    bad: "tags:\n    - cve.2021.44228",
    good: "tags:\n    - cve.2021-44228",
    fix: Fixes::None,
};

static CONTRADICTORY_TAGS: Lint = Lint {
    name: "contradictory-tags",
    severity: Severity::Warning,
    summary: "two tags of which a rule can have only one: two of `tlp`, two of `detection`, two of `stp`",
    reason: "Who may see the rule, or what kind it is, depends on which of them a tool reads.",
    bad: "tags:\n    - tlp.green\n    - tlp.red",
    good: "tags:\n    - tlp.red",
    fix: Fixes::None,
};

const NAMESPACES: &[&str] = &["attack", "car", "cve", "d3fend", "detection", "stp", "tlp"];

pub(crate) fn check(document: &Document, text: &str, to: &mut Vec<Diagnostic>) {
    let tags = &document.metadata.tags;
    for (at, tag) in tags.iter().enumerate() {
        if let Some(first) = tags[..at].iter().find(|first| first.node == tag.node) {
            let finding = DUPLICATE_TAG
                .at(tag.span, format!("tag `{}` stands here twice", tag.node))
                .also(first.span, "first here")
                .help("remove it");
            to.push(match delete_entry(text, tag.span) {
                Some(edit) => finding.fix(vec![edit]),
                None => finding,
            });
            continue;
        }
        let Some((namespace, name)) = tag.split_once('.') else { continue };
        if NAMESPACES.contains(&namespace) {
            check_form(tag, namespace, name, to);
        } else if is_lower(namespace) {
            let finding = UNKNOWN_NAMESPACE.at(tag.span, format!("Sigma has no tags of a namespace `{namespace}`"));
            let near = NAMESPACES.iter().find(|known| strsim::osa_distance(known, namespace) <= known.len() / 3);
            to.push(match near {
                Some(known) => finding.help(format!("did you mean `{known}.{name}`?")),
                None => finding.help(format!("Sigma defines {}", NAMESPACES.join(", "))),
            });
        }
        if matches!(namespace, "tlp" | "detection" | "stp") {
            let prefix = &tag.node[..=namespace.len()];
            if let Some(first) = tags[..at].iter().find(|first| first.starts_with(prefix)) {
                to.push(
                    CONTRADICTORY_TAGS
                        .at(tag.span, format!("`{}` contradicts `{}`", tag.node, first.node))
                        .also(first.span, "the other")
                        .help("keep one of them"),
                );
            }
        }
    }
}

/// What has capitals or blanks is reported where tags are read.
fn is_lower(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
}

fn check_form(tag: &Spanned<String>, namespace: &str, name: &str, to: &mut Vec<Diagnostic>) {
    if namespace != "d3fend" && !name.split('.').all(is_lower) {
        return;
    }
    let wanted = match namespace {
        "attack" if !is_attack(name) => "a technique (`t1059.001`), a group (`g0007`), software (`s0002`) or a tactic",
        "car" if !is_dashed(name, &[4, 2, 3]) => "`car.2016-04-005`",
        "cve" if !is_cve(name) => "`cve.2021-44228`",
        "d3fend" if !is_d3fend(name) => "`d3fend.d3-am` or a tactic of D3FEND",
        "detection" if !matches!(name, "dfir" | "emerging-threats" | "threat-hunting") => {
            "`dfir`, `emerging-threats` or `threat-hunting`"
        }
        "stp" if !is_stp(name) => "1 to 5, with `a`, `u` or `k` after it if it is about robustness: `stp.3k`",
        "tlp" if !matches!(name, "red" | "amber" | "amber-strict" | "green" | "clear") => {
            "`red`, `amber`, `amber-strict`, `green` or `clear`"
        }
        _ => return,
    };
    let finding = MALFORMED_TAG.at(tag.span, format!("`{}` is no tag of `{namespace}`", tag.node));
    let finding = finding.label(format!("expected {wanted}"));
    let right = match (namespace, name) {
        ("tlp", "white") => Some("tlp.clear".to_owned()),
        ("cve", _) if is_cve(&name.replace(['.', '_'], "-")) => Some(format!("cve.{}", name.replace(['.', '_'], "-"))),
        ("cve", _) if is_cve(name.trim_start_matches("cve-")) => {
            Some(format!("cve.{}", name.trim_start_matches("cve-")))
        }
        ("detection", _) if name.contains('_') => Some(format!("detection.{}", name.replace('_', "-"))),
        _ => None,
    };
    to.push(match right {
        Some(right) => finding.help(format!("write `{right}`")),
        None => finding,
    });
}

fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Of the form that ATT&CK gives its objects; whether a technique or a tactic exists is another question.
fn is_attack(name: &str) -> bool {
    let (kind, number) = name.split_at(name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len()));
    match kind {
        "t" => match number.split_once('.') {
            None => digits(number, 4..=4),
            Some((number, sub)) => digits(number, 4..=4) && digits(sub, 3..=3),
        },
        "g" | "s" | "m" | "c" | "a" | "ds" => digits(number, 4..=4),
        "ta" => digits(number, 4..=4),
        _ => number.is_empty(),
    }
}

fn is_dashed(name: &str, lengths: &[usize]) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    parts.len() == lengths.len() && parts.iter().zip(lengths).all(|(part, length)| digits(part, *length..=*length))
}

fn is_cve(name: &str) -> bool {
    name.split_once('-').is_some_and(|(year, number)| digits(year, 4..=4) && digits(number, 4..=19))
}

fn is_d3fend(name: &str) -> bool {
    matches!(name, "model" | "harden" | "detect" | "isolate" | "deceive" | "evict" | "restore")
        || name.strip_prefix("d3-").or(name.strip_prefix("d3f-")).is_some_and(|rest| !rest.is_empty())
}

fn is_stp(name: &str) -> bool {
    let level = name.strip_suffix(['a', 'u', 'k']).unwrap_or(name);
    level.len() == 1 && ("1"..="5").contains(&level)
}
