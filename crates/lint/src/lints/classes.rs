//! Classifications.

use crate::lint::{Fixes, Lint};
use rulecast_diagnostics::{Diagnostic, Severity};
use rulecast_ir::{Arm, Body, Logic, Predicate, Rule, Sigma};

pub(crate) static LINTS: &[&Lint] = &[&UNREACHABLE_CLASS, &UNREACHABLE_OTHERWISE, &UNTESTED_CLASS];

static UNREACHABLE_CLASS: Lint = Lint {
    name: "unreachable-class",
    severity: Severity::Warning,
    summary: "a class that no event has, because an earlier one takes them all",
    reason: "The first class that holds names the event. A narrower class must come before the wider one.",
    bad: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    service:\n        User|contains: svc\n    condition: selection\nclassification:\n    - name: Whoami\n      condition: selection\n    - name: Whoami by a service\n      condition: service",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    service:\n        User|contains: svc\n    condition: selection\nclassification:\n    - name: Whoami by a service\n      condition: service\n    - name: Whoami\n      condition: selection",
    fix: Fixes::None,
};

static UNREACHABLE_OTHERWISE: Lint = Lint {
    name: "unreachable-otherwise",
    severity: Severity::Note,
    summary: "an `otherwise` that no event has, because a class takes in all that the rule matches",
    reason: "Either that class is wider than was meant, or `otherwise` can go.",
    bad: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection\nclassification:\n    branches:\n        - name: Whoami\n          condition: selection\n    otherwise: Something else",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    service:\n        User|contains: svc\n    condition: selection\nclassification:\n    branches:\n        - name: Whoami by a service\n          condition: service\n    otherwise: Whoami",
    fix: Fixes::None,
};

static UNTESTED_CLASS: Lint = Lint {
    name: "untested-class",
    severity: Severity::Note,
    summary: "a class that no test expects, in a rule with tests",
    reason: "The order of classes decides which of them an event gets; only a test shows that it is the right one.",
    bad: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    service:\n        User|contains: svc\n    condition: selection\nclassification:\n    - name: Service\n      condition: service\n    - name: Whoami\n      condition: selection\ntests:\n    - name: by a service\n      expect: match\n      classification: Service\n      events: [{Image: 'C:\\whoami.exe', User: svc}]\n    - name: another program\n      expect: no_match\n      events: [{Image: 'C:\\cmd.exe'}]",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    service:\n        User|contains: svc\n    condition: selection\nclassification:\n    - name: Service\n      condition: service\ntests:\n    - name: by a service\n      expect: match\n      classification: Service\n      events: [{Image: 'C:\\whoami.exe', User: svc}]\n    - name: another program\n      expect: no_match\n      events: [{Image: 'C:\\cmd.exe'}]",
    fix: Fixes::None,
};

pub(crate) fn check(rule: &Rule<Sigma>, to: &mut Vec<Diagnostic>) {
    let Body::Event(event) = &rule.body else { return };
    let Some(classes) = &event.classification else { return };
    for (at, branch) in classes.branches.iter().enumerate() {
        let earlier = &classes.branches[..at];
        let covered = |arm: &Arm<Sigma>| {
            earlier
                .iter()
                .flat_map(|one| &one.arms)
                .any(|by| by.source == arm.source && implies(&arm.predicate, &by.predicate))
        };
        if !earlier.is_empty() && branch.arms.iter().all(covered) {
            to.push(
                UNREACHABLE_CLASS
                    .at(branch.span, format!("no event has the class `{}`: earlier ones take them all", branch.name))
                    .also(earlier[earlier.len() - 1].span, "an earlier class")
                    .help("put the narrower class first"),
            );
        }
    }
    let covers_rule = |arm: &Arm<Sigma>| {
        classes
            .branches
            .iter()
            .flat_map(|one| &one.arms)
            .any(|by| by.source == arm.source && implies(&arm.predicate, &by.predicate))
    };
    let written = rule.metadata.0.classification.as_ref().and_then(|written| written.otherwise.as_ref());
    if let Some(otherwise) = written.filter(|_| event.arms.iter().all(covers_rule)) {
        to.push(
            UNREACHABLE_OTHERWISE
                .at(otherwise.span, "no event is left for `otherwise`: a class takes in all that the rule matches")
                .help("remove it, or narrow the class"),
        );
    }
    let tests = &rule.metadata.0.tests;
    if !tests.is_empty() {
        let is_tested =
            |name: &str| tests.iter().any(|test| test.classification.as_ref().is_some_and(|one| one.node == name));
        for branch in classes.branches.iter().filter(|branch| !is_tested(&branch.name)) {
            to.push(
                UNTESTED_CLASS
                    .at(branch.span, format!("no test expects the class `{}`", branch.name))
                    .help(format!("add a test with `classification: {}`", branch.name)),
            );
        }
    }
}

/// Whether every event that satisfies `one` satisfies `other`, as far as their shape tells.
fn implies(one: &Predicate<Sigma>, other: &Predicate<Sigma>) -> bool {
    let all = |tree: &'_ Predicate<Sigma>| matches!(tree, Logic::True);
    if all(other) || one == other {
        return true;
    }
    match (one, other) {
        (_, Logic::And(wanted)) => wanted.iter().all(|part| implies(one, part)),
        (Logic::Or(cases), _) => cases.iter().all(|case| implies(case, other)),
        (Logic::And(known), _) if known.iter().any(|part| implies(part, other)) => true,
        (_, Logic::Or(choices)) => choices.iter().any(|choice| implies(one, choice)),
        _ => false,
    }
}
