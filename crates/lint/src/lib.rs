//! Findings on rules that are valid: what makes them hard to use, or likely to mislead.
//!
//! A lint is an entry of [`LINTS`]. Lacks: lints on what a rule matches; those here read the document alone.

use rulecast_diagnostics::{Diagnostic, Severity, Span};
use rulecast_rule::Document;
use rulecast_rule::ast::{Body, Expectation, Status};

/// A kind of finding.
#[derive(Clone, Copy, Debug)]
pub struct Lint {
    /// The name of its diagnostics, in kebab case.
    pub name: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: &'static str,
    find: fn(&Document) -> Option<Diagnostic>,
}

/// All lints, by name.
pub const LINTS: &[Lint] = &[
    Lint {
        name: "no-description",
        severity: Severity::Note,
        summary: "a rule that does not say what it detects",
        find: no_description,
    },
    Lint {
        name: "no-id",
        severity: Severity::Warning,
        summary: "a rule without an id: nothing can refer to it once its title changes",
        find: no_id,
    },
    Lint {
        name: "untested",
        severity: Severity::Note,
        summary: "a stable rule without a test that must match, or without one that must not",
        find: untested,
    },
];

/// Adds what the lints find in a document.
pub fn lint(document: &Document, to: &mut Vec<Diagnostic>) {
    to.extend(LINTS.iter().filter_map(|lint| {
        let finding = (lint.find)(document)?;
        Some(Diagnostic { name: lint.name, severity: lint.severity, ..finding })
    }));
}

fn finding(span: Span, message: &str) -> Diagnostic {
    Diagnostic::warning("", span, message)
}

/// What the document is called, to point at.
fn head(document: &Document) -> Span {
    document.metadata.title.as_ref().map_or(document.span, |title| title.span)
}

fn no_description(document: &Document) -> Option<Diagnostic> {
    document
        .metadata
        .description
        .is_none()
        .then(|| finding(head(document), "rule has no `description`").help("say what it detects, and why that matters"))
}

fn no_id(document: &Document) -> Option<Diagnostic> {
    document.metadata.id.is_none().then(|| {
        finding(head(document), "rule has no `id`").help("add a random UUID, and keep it for as long as the rule lives")
    })
}

fn untested(document: &Document) -> Option<Diagnostic> {
    let metadata = &document.metadata;
    let status = metadata.status.as_ref().filter(|status| status.node == Status::Stable)?;
    if matches!(document.body, Body::Filter(_)) {
        return None;
    }
    let has = |expected| metadata.tests.iter().any(|test| test.expect.node == expected);
    let missing = match (has(Expectation::Match), has(Expectation::NoMatch)) {
        (true, true) => return None,
        (false, true) => "no test that must match",
        (true, false) => "no test that must not match",
        (false, false) => "no tests",
    };
    Some(finding(status.span, &format!("stable rule has {missing}")).help("add `tests` with events of both kinds"))
}

#[cfg(test)]
mod tests {
    use super::{LINTS, lint};
    use rulecast_diagnostics::FileId;

    const BODY: &str = "logsource: {product: windows}\ndetection: {sel: {Image: a}, condition: sel}\n";

    fn check(head: &str, expect: &[&str]) {
        let parsed = rulecast_rule::parse(FileId(0), &format!("title: a\n{head}{BODY}"));
        assert!(!parsed.has_errors(), "{:?}", parsed.diagnostics);
        let mut found = Vec::new();
        parsed.documents.iter().for_each(|document| lint(document, &mut found));
        assert_eq!(found.iter().map(|finding| finding.name).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn findings() {
        let id = "id: 5f1d7e9a-3d0c-4c1b-9a51-0d8a6f2f4d11\n";
        check(&format!("{id}description: b\n"), &[]);
        check("description: b\n", &["no-id"]);
        check(id, &["no-description"]);
        check("status: stable\n", &["no-description", "no-id", "untested"]);
        let test = |expect: &str| format!("  - {{name: {expect}, expect: {expect}, events: [{{Image: a}}]}}\n");
        let stable = format!("{id}description: b\nstatus: stable\ntests:\n");
        check(&format!("{stable}{}", test("match")), &["untested"]);
        check(&format!("{stable}{}{}", test("match"), test("no_match")), &[]);
    }

    #[test]
    fn lints_are_in_order_of_their_names() {
        assert!(LINTS.is_sorted_by_key(|lint| lint.name));
    }
}
