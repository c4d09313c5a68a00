//! Tags of ATT&CK.

use super::header::head;
use crate::lint::{Fixes, Lint};
use rulecast_attack::{State, TACTICS, VERSION, is_beyond, is_same_tactic, tactic, technique};
use rulecast_diagnostics::{Diagnostic, Edit, Severity, Span, Spanned};
use rulecast_rule::ast::{Body, Document};

pub(crate) static LINTS: &[&Lint] = &[
    &UNKNOWN_TECHNIQUE,
    &NEWER_TECHNIQUE,
    &REVOKED_TECHNIQUE,
    &DEPRECATED_TECHNIQUE,
    &UNKNOWN_TACTIC,
    &TECHNIQUE_WITHOUT_TACTIC,
    &TACTIC_MISMATCH,
    &PARENT_TECHNIQUE,
    &NO_TECHNIQUE,
];

static UNKNOWN_TECHNIQUE: Lint = Lint {
    name: "unknown-technique",
    severity: Severity::Warning,
    summary: "a technique that ATT&CK never had",
    reason: "Coverage counts the rule nowhere. Most often a digit is wrong, or a sub-technique does not exist.",
    bad: "tags:\n    - attack.discovery\n    - attack.t1033.009",
    good: "tags:\n    - attack.discovery\n    - attack.t1033",
    fix: Fixes::None,
};

static NEWER_TECHNIQUE: Lint = Lint {
    name: "newer-technique",
    severity: Severity::Note,
    summary: "a technique with a number beyond those of the ATT&CK version that Rulecast knows",
    reason: "A later version may have it; what it is called and which tactics it has cannot be checked here.",
    bad: "tags:\n    - attack.discovery\n    - attack.t1999",
    good: "tags:\n    - attack.discovery\n    - attack.t1033",
    fix: Fixes::None,
};

static REVOKED_TECHNIQUE: Lint = Lint {
    name: "revoked-technique",
    severity: Severity::Warning,
    summary: "a technique that ATT&CK has replaced by another",
    reason: "Layers and coverage of the present version do not have it.",
    bad: "tags:\n    - attack.persistence\n    - attack.t1004",
    good: "tags:\n    - attack.persistence\n    - attack.t1547.004",
    fix: Fixes::None,
};

static DEPRECATED_TECHNIQUE: Lint = Lint {
    name: "deprecated-technique",
    severity: Severity::Warning,
    summary: "a technique that ATT&CK has given up",
    reason: "Layers and coverage of the present version do not have it.",
    bad: "tags:\n    - attack.execution\n    - attack.t1064",
    good: "tags:\n    - attack.execution\n    - attack.t1059",
    fix: Fixes::None,
};

static UNKNOWN_TACTIC: Lint = Lint {
    name: "unknown-tactic",
    severity: Severity::Warning,
    summary: "a tactic that ATT&CK does not have",
    reason: "Tools pass over it. Tactics are written with dashes: `privilege-escalation`. Of ATT&CK 19, `stealth` and \
             `defense-impairment` are known beside `defense-evasion`.",
    bad: "tags:\n    - attack.privilege_escalation\n    - attack.t1055",
    good: "tags:\n    - attack.privilege-escalation\n    - attack.t1055",
    fix: Fixes::Safe,
};

static TECHNIQUE_WITHOUT_TACTIC: Lint = Lint {
    name: "technique-without-tactic",
    severity: Severity::Note,
    summary: "a technique in a rule without a tactic",
    reason: "Many techniques serve several ends; only the rule's author knows which one this rule is about.",
    bad: "tags:\n    - attack.t1033",
    good: "tags:\n    - attack.discovery\n    - attack.t1033",
    fix: Fixes::None,
};

static TACTIC_MISMATCH: Lint = Lint {
    name: "tactic-mismatch",
    severity: Severity::Note,
    summary: "a technique that serves none of the tactics that the rule names",
    reason: "Either is wrong. Platforms that show a technique below its tactic cannot place the rule.",
    bad: "tags:\n    - attack.persistence\n    - attack.t1033",
    good: "tags:\n    - attack.discovery\n    - attack.t1033",
    fix: Fixes::None,
};

static PARENT_TECHNIQUE: Lint = Lint {
    name: "parent-technique",
    severity: Severity::Note,
    summary: "a technique beside one of its own sub-techniques",
    reason: "The sub-technique says it all; coverage that adds up counts the rule twice.",
    bad: "tags:\n    - attack.execution\n    - attack.t1059\n    - attack.t1059.001",
    good: "tags:\n    - attack.execution\n    - attack.t1059.001",
    fix: Fixes::None,
};

static NO_TECHNIQUE: Lint = Lint {
    name: "no-technique",
    severity: Severity::Note,
    summary: "a detection with no tag of ATT&CK",
    reason: "Nobody who asks what the rules cover will find it.",
    bad: "# no tags",
    good: "tags:\n    - attack.discovery\n    - attack.t1033",
    fix: Fixes::None,
};

pub(crate) fn check(document: &Document, is_part: bool, to: &mut Vec<Diagnostic>) {
    let tags = &document.metadata.tags;
    let attack = || tags.iter().filter_map(|tag| Some((tag, tag.strip_prefix("attack.")?)));
    if tags.is_empty() && !is_part && !matches!(document.body, Body::Filter(_)) {
        to.push(
            NO_TECHNIQUE
                .at(head(document), "rule has no `tags`")
                .help("tag the tactic and the technique: `attack.discovery`, `attack.t1033`"),
        );
    }
    let tactics: Vec<&str> = attack().map(|(_, name)| name).filter(|name| tactic(name).is_some()).collect();
    let techniques: Vec<(&Spanned<String>, &str)> =
        attack().filter_map(|(tag, name)| Some((tag, technique_number(name)?))).collect();
    // By its number, or by a name that is wrong: that is a finding of its own.
    let has_tactic_id = attack().any(|(_, name)| name.starts_with("ta0") || is_word(name));
    if let Some((first, number)) = techniques.first().filter(|_| tactics.is_empty() && !has_tactic_id) {
        let finding = TECHNIQUE_WITHOUT_TACTIC.at(first.span, "rule names a technique, but no tactic");
        to.push(match technique(number) {
            Some(known) => finding.help(format!("add {}", tags_of(known.tactics()))),
            None => finding,
        });
    }
    for (tag, name) in attack() {
        if is_word(name) && tactic(name).is_none() {
            unknown_tactic(tag, name, to);
        }
    }
    for &(tag, number) in &techniques {
        check_technique(tag, number, &tactics, to);
        if !number.contains('.') {
            let sub =
                techniques.iter().find(|(_, other)| other.split_once('.').is_some_and(|(parent, _)| parent == number));
            if let Some((sub, _)) = sub {
                to.push(
                    PARENT_TECHNIQUE
                        .at(tag.span, format!("`{}` stands beside its sub-technique", tag.node))
                        .also(sub.span, "the sub-technique")
                        .help("keep the sub-technique alone"),
                );
            }
        }
    }
}

/// `1059.001` of `t1059.001`, if it is of that form.
fn technique_number(name: &str) -> Option<&str> {
    let number = name.strip_prefix('t')?;
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let (parent, sub) = number.split_once('.').unwrap_or((number, "000"));
    (digits(parent, 4) && digits(sub, 3)).then_some(number)
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_'))
}

fn tags_of<'a>(tactics: impl Iterator<Item = &'a str>) -> String {
    tactics.map(|tactic| format!("`attack.{tactic}`")).collect::<Vec<_>>().join(" or ")
}

fn unknown_tactic(tag: &Spanned<String>, name: &str, to: &mut Vec<Diagnostic>) {
    let finding = UNKNOWN_TACTIC.at(tag.span, format!("ATT&CK has no tactic `{name}`"));
    let dashed = name.replace('_', "-");
    if tactic(&dashed).is_some() {
        let length = tag.span.end - tag.span.start;
        let finding = finding.help(format!("write `attack.{dashed}`"));
        // As long as the tag itself: it stands there without quotes.
        to.push(if length as usize == tag.node.len() {
            finding.fix(vec![Edit::replace(tag.span, format!("attack.{dashed}"))])
        } else {
            finding
        });
        return;
    }
    let near = TACTICS.iter().map(|tactic| tactic.tag).find(|tactic| strsim::osa_distance(tactic, &dashed) <= 2);
    to.push(match near {
        Some(tactic) => finding.help(format!("did you mean `attack.{tactic}`?")),
        None => {
            finding.help(format!("it has {}", TACTICS.iter().map(|tactic| tactic.tag).collect::<Vec<_>>().join(", ")))
        }
    });
}

fn check_technique(tag: &Spanned<String>, number: &str, tactics: &[&str], to: &mut Vec<Diagnostic>) {
    let Some(known) = technique(number) else {
        to.push(unknown_technique(tag.span, number));
        return;
    };
    let finding = |lint: &Lint, what: &str| {
        let message = format!("T{number} ({}) was {what}", known.name);
        lint.at(tag.span, message).note(format!("as of ATT&CK {VERSION}"))
    };
    match known.state {
        State::Active => {}
        State::Revoked => {
            let finding = finding(&REVOKED_TECHNIQUE, "replaced by another technique");
            to.push(match known.successor() {
                Some(other) => finding.help(format!("use `attack.t{}`, which has the same name", other.number)),
                None => finding.help(format!("see https://attack.mitre.org/techniques/T{}", number.replace('.', "/"))),
            });
            return;
        }
        State::Deprecated => {
            to.push(finding(&DEPRECATED_TECHNIQUE, "given up").help("use a technique of the present version"));
            return;
        }
    }
    let fits = |tactic: &&str| known.tactics().any(|one| is_same_tactic(one, tactic));
    if !tactics.is_empty() && !tactics.iter().any(fits) {
        to.push(
            TACTIC_MISMATCH
                .at(tag.span, format!("T{number} ({}) serves none of the rule's tactics", known.name))
                .help(format!("add {}, or correct the technique", tags_of(known.tactics())))
                .note(format!("as of ATT&CK {VERSION}")),
        );
    }
}

fn unknown_technique(span: Span, number: &str) -> Diagnostic {
    let note = format!("as of ATT&CK {VERSION}");
    if is_beyond(number) {
        let message = format!("T{number} is beyond the techniques of ATT&CK {VERSION}");
        return NEWER_TECHNIQUE.at(span, message).help("check that a later version has it");
    }
    let finding = UNKNOWN_TECHNIQUE.at(span, format!("ATT&CK has no technique T{number}")).note(note);
    match number.split_once('.').and_then(|(parent, _)| technique(parent)) {
        Some(parent) => finding.help(format!("T{} ({}) has no such sub-technique", parent.number, parent.name)),
        None => finding,
    }
}
