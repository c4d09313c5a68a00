//! What a rule matches, whatever way it is written.

use crate::lint::{Fixes, Lint};
use rulecast_diagnostics::{Diagnostic, Severity, Span};
use rulecast_ir::{Atom, Body, Case, Event, Field, Logic, Predicate, Rule, Shape, Sigma, Step, Subject, Test};

pub(crate) static LINTS: &[&Lint] = &[&NEVER_MATCHES, &NOTHING_REQUIRED, &REPEATED_TEST];

static NEVER_MATCHES: Lint = Lint {
    name: "contradiction",
    severity: Severity::Warning,
    summary: "a part of a rule that asks for something and for its opposite",
    reason: "A field with one value is not two things at once, and nothing both matches and does not match a selection. The \
             part never holds: under a `not` it never excludes.",
    bad: "detection:\n    selection:\n        Image: 'C:\\whoami.exe'\n    other:\n        Image: 'C:\\cmd.exe'\n    condition: selection and other",
    good: "detection:\n    selection:\n        Image: 'C:\\whoami.exe'\n    other:\n        ParentImage: 'C:\\cmd.exe'\n    condition: selection and other",
    fix: Fixes::None,
};

static NOTHING_REQUIRED: Lint = Lint {
    name: "nothing-required",
    severity: Severity::Note,
    summary: "a rule that holds for events which have none of its fields",
    reason: "It only excludes: every event of the log source matches but for a few.",
    bad: "detection:\n    known:\n        Image|endswith: '\\whoami.exe'\n    condition: not known",
    good: "detection:\n    selection:\n        CommandLine|contains: '/all'\n    known:\n        Image|endswith: '\\whoami.exe'\n    condition: selection and not known",
    fix: Fixes::None,
};

static REPEATED_TEST: Lint = Lint {
    name: "repeated-test",
    severity: Severity::Note,
    summary: "a rule that asks the same twice in one AND, or two selections that are the same in one OR",
    reason: "One of them was likely meant to be another, as after copying a selection.",
    bad: "detection:\n    selection_image:\n        Image|endswith: '\\whoami.exe'\n    selection_other:\n        Image|endswith: '\\whoami.exe'\n    condition: selection_image and selection_other",
    good: "detection:\n    selection_image:\n        Image|endswith: '\\whoami.exe'\n    selection_other:\n        OriginalFileName: 'whoami.exe'\n    condition: selection_image and selection_other",
    fix: Fixes::None,
};

/// Every pair of operands is compared.
const MOST_COMPARED: usize = 24;

pub(crate) fn check(rule: &Rule<Sigma>, to: &mut Vec<Diagnostic>) {
    body(&rule.body, rule.span, to);
}

fn body(one: &Body<Sigma>, within: Span, to: &mut Vec<Diagnostic>) {
    let mut step = |step: &Step<Sigma>| body(&step.body, within, to);
    match one {
        Body::Event(one) => event(one, within, to),
        Body::Sequence(sequence) => sequence.steps.iter().for_each(step),
        Body::Correlation(correlation) => correlation.members.iter().for_each(&mut step),
    }
}

fn event(event: &Event<Sigma>, within: Span, to: &mut Vec<Diagnostic>) {
    for arm in event.arms.iter().filter(|arm| arm.source.span.file == within.file) {
        if holds_of_nothing(&arm.predicate) {
            to.push(
                NOTHING_REQUIRED
                    .at(arm.source.span, "the rule holds for events that have none of its fields")
                    .label("nearly all of these events match")
                    .help("ask for something that the events have, and exclude from that"),
            );
        }
        look(&arm.predicate, within, to);
    }
}

/// Whether the predicate is true where every test is false.
fn holds_of_nothing(tree: &Predicate<Sigma>) -> bool {
    match tree {
        Logic::True => true,
        Logic::False | Logic::Test(_) => false,
        Logic::Not(inner) => !holds_of_nothing(inner),
        Logic::And(parts) => parts.iter().all(holds_of_nothing),
        Logic::Or(parts) => parts.iter().any(holds_of_nothing),
    }
}

fn look(tree: &Predicate<Sigma>, within: Span, to: &mut Vec<Diagnostic>) {
    match tree {
        Logic::True | Logic::False | Logic::Test(_) => {}
        Logic::Not(inner) => look(inner, within, to),
        Logic::And(parts) => {
            if parts.len() <= MOST_COMPARED {
                contradiction(parts, within, to);
                repeated(parts, within, to);
            }
            parts.iter().for_each(|part| look(part, within, to));
        }
        Logic::Or(parts) => {
            // Values of one list are tests side by side: another lint is about those.
            if parts.len() <= MOST_COMPARED && parts.iter().any(|part| !matches!(part, Logic::Test(_))) {
                repeated(parts, within, to);
            }
            parts.iter().for_each(|part| look(part, within, to));
        }
    }
}

fn contradiction(parts: &[Predicate<Sigma>], within: Span, to: &mut Vec<Diagnostic>) {
    let only: Vec<Option<(&Field, Vec<&str>)>> = parts.iter().map(only_values).collect();
    for (at, part) in parts.iter().enumerate() {
        let opposite = parts.iter().enumerate().find(|(other, with)| {
            let is_opposite = matches!(with, Logic::Not(inner) if **inner == *part);
            let clash = *other < at
                && match (&only[at], &only[*other]) {
                    (Some((field, values)), Some((same, others))) => {
                        field == same
                            && !values.iter().any(|one| others.iter().any(|other| one.eq_ignore_ascii_case(other)))
                    }
                    _ => false,
                };
            is_opposite || clash
        });
        let Some((other, with)) = opposite else { continue };
        let (Some(one), Some(two)) = (place(part, within), place(with, within)) else { continue };
        // `all` over such values has a finding of its own.
        let is_known = |finding: &Diagnostic| {
            finding.name == "contradictory-all" && finding.also.iter().any(|label| label.span == one)
        };
        if to.iter().any(is_known) {
            continue;
        }
        let message = match &only[at] {
            Some((field, _)) if only[other].is_some() => format!("`{}` is never both of these", field.name()),
            _ => "nothing both matches this and does not".to_owned(),
        };
        to.push(
            NEVER_MATCHES
                .at(one, message)
                .also(two, "the opposite")
                .help("if either is meant, put them into one list, or join them with `or`"),
        );
    }
}

/// The only values that the field may have, without regard to case, if the predicate says so.
fn only_values(tree: &Predicate<Sigma>) -> Option<(&Field, Vec<&str>)> {
    let exact = |tree| match tree {
        &Logic::Test(Atom { subject: Subject::Field(ref field), test: Test::Text { ref pattern, case }, .. }) => {
            let _: Case = case;
            match pattern.shape() {
                Shape::Exact(text) => Some((field, text)),
                _ => None,
            }
        }
        _ => None,
    };
    match tree {
        Logic::Test(_) => exact(tree).map(|(field, text)| (field, vec![text])),
        Logic::Or(parts) if parts.len() <= MOST_COMPARED => {
            let (field, _) = exact(parts.first()?)?;
            let values = parts.iter().map(|part| exact(part).filter(|(same, _)| *same == field).map(|(_, text)| text));
            Some((field, values.collect::<Option<_>>()?))
        }
        _ => None,
    }
}

fn repeated(parts: &[Predicate<Sigma>], within: Span, to: &mut Vec<Diagnostic>) {
    for (at, part) in parts.iter().enumerate() {
        let Some(first) = parts[..at].iter().find(|first| *first == part) else { continue };
        if let (Some(here), Some(first)) = (place(part, within), place(first, within)) {
            // One selection that a condition names twice is no copy.
            let finding = REPEATED_TEST.at(here, "the rule asks this twice");
            let finding = if first == here { finding } else { finding.also(first, "first here") };
            to.push(finding.help("remove one, or correct the one that was meant to differ"));
        }
    }
}

/// The first place of a predicate, if it is of the rule's own file.
fn place(tree: &Predicate<Sigma>, within: Span) -> Option<Span> {
    let mut first = None;
    tree.for_each(&mut |atom: &Atom<Sigma>| {
        first.get_or_insert(atom.span);
    });
    first.filter(|span| span.file == within.file)
}
