//! Inline tests.

use crate::file::items;
use crate::lint::{Fixes, Lint};
use crate::lints::header::head;
use rulecast_diagnostics::{Diagnostic, Severity};
use rulecast_rule::ast::{Body, Document, Expectation, Status};

pub(crate) static LINTS: &[&Lint] = &[&UNTESTED, &ONE_SIDED_TESTS, &DUPLICATE_TEST, &TEST_FIELD_CASE];

static UNTESTED: Lint = Lint {
    name: "untested",
    severity: Severity::Note,
    summary: "a stable rule without a test that must match, or without one that must not",
    reason: "`stable` says that the rule can be relied on. A test shows it, and keeps it so.",
    bad: "status: stable",
    good: "status: stable\ntests:\n    - name: whoami\n      expect: match\n      events: [{Image: 'C:\\whoami.exe'}]\n    - name: another program\n      expect: no_match\n      events: [{Image: 'C:\\cmd.exe'}]",
    fix: Fixes::None,
};

static ONE_SIDED_TESTS: Lint = Lint {
    name: "one-sided-tests",
    severity: Severity::Note,
    summary: "tests that all must match, or all must not",
    reason: "A rule that matches everything passes the former, one that matches nothing the latter.",
    bad: "tests:\n    - name: whoami\n      expect: match\n      events: [{Image: 'C:\\whoami.exe'}]",
    good: "tests:\n    - name: whoami\n      expect: match\n      events: [{Image: 'C:\\whoami.exe'}]\n    - name: another program\n      expect: no_match\n      events: [{Image: 'C:\\cmd.exe'}]",
    fix: Fixes::None,
};

static DUPLICATE_TEST: Lint = Lint {
    name: "duplicate-test",
    severity: Severity::Note,
    summary: "two tests of one name",
    reason: "A report that names the one that fails does not say which it is.",
    bad: "tests:\n    - name: whoami\n      expect: match\n      events: [{Image: 'C:\\whoami.exe'}]\n    - name: whoami\n      expect: no_match\n      events: [{Image: 'C:\\cmd.exe'}]",
    good: "tests:\n    - name: whoami\n      expect: match\n      events: [{Image: 'C:\\whoami.exe'}]\n    - name: another program\n      expect: no_match\n      events: [{Image: 'C:\\cmd.exe'}]",
    fix: Fixes::None,
};

static TEST_FIELD_CASE: Lint = Lint {
    name: "test-field-case",
    severity: Severity::Warning,
    summary: "a field of a test's event in other capitals than the rule has it",
    reason: "Fields are told apart by case: to the rule, the event lacks the field. A test that must not match passes for \
             the wrong reason.",
    bad: "tests:\n    - name: whoami\n      expect: match\n      events: [{Image: 'C:\\whoami.exe'}]\n    - name: another program\n      expect: no_match\n      events: [{image: 'C:\\cmd.exe'}]",
    good: "tests:\n    - name: whoami\n      expect: match\n      events: [{Image: 'C:\\whoami.exe'}]\n    - name: another program\n      expect: no_match\n      events: [{Image: 'C:\\cmd.exe'}]",
    fix: Fixes::None,
};

pub(crate) fn check(document: &Document, to: &mut Vec<Diagnostic>) {
    let metadata = &document.metadata;
    if matches!(document.body, Body::Filter(_)) {
        return;
    }
    let has = |expected| metadata.tests.iter().any(|test| test.expect.node == expected);
    let missing = match (has(Expectation::Match), has(Expectation::NoMatch)) {
        (true, true) => None,
        (false, true) => Some("no test that must match"),
        (true, false) => Some("no test that must not match"),
        (false, false) => Some("no tests"),
    };
    let stable = metadata.status.as_ref().filter(|status| status.node == Status::Stable);
    match (stable, missing) {
        (_, None) => {}
        (Some(status), Some(missing)) => to.push(
            UNTESTED
                .at(status.span, format!("stable rule has {missing}"))
                .help("add `tests` with events of both kinds"),
        ),
        (None, Some(_)) if metadata.tests.is_empty() => {}
        (None, Some(missing)) => to.push(
            ONE_SIDED_TESTS
                .at(head(document), format!("rule has tests, but {missing}"))
                .help("add one of the other kind"),
        ),
    }
    for (at, test) in metadata.tests.iter().enumerate() {
        if let Some(first) = metadata.tests[..at].iter().find(|first| first.name.node == test.name.node) {
            to.push(
                DUPLICATE_TEST
                    .at(test.name.span, format!("another test is called `{}`", test.name.node))
                    .also(first.name.span, "first here")
                    .help("say in each name what the test shows"),
            );
        }
    }
    if let Body::Detection(rule) = &document.body
        && !metadata.tests.is_empty()
    {
        let items = items(&rule.detection);
        let fields = || items.iter().filter_map(|item| item.field.as_ref());
        for (name, _) in metadata.tests.iter().flat_map(|test| &test.events).flat_map(|event| &event.fields) {
            let other = fields().find(|field| field.node.eq_ignore_ascii_case(&name.node));
            if let Some(field) = other.filter(|_| !fields().any(|field| field.node == name.node)) {
                to.push(
                    TEST_FIELD_CASE
                        .at(name.span, format!("the rule asks for `{}`, the event has `{}`", field.node, name.node))
                        .also(field.span, "the rule's field")
                        .help("write both in the same way"),
                );
            }
        }
    }
}
