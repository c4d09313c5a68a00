//! Accepted findings.

use super::examples::{Example, files, findings};
use crate::{Facts, File, Suppression, Suppressions, check};
use rulecast_diagnostics::{FileId, Severity, Span, Spanned};

const ID: &str = "7c0f4f0e-8c3f-4d55-9d7e-6a1f2b3c4d5e";

fn word(text: &str) -> Spanned<String> {
    Spanned::new(text.to_owned(), Span::new(FileId(0), 0, 1))
}

fn accept(rule: &str, lint: &str, reason: Option<&str>) -> Suppression {
    Suppression { rule: word(rule), lint: word(lint), reason: reason.map(word) }
}

fn names(files: &[Example], project: &Suppressions) -> Vec<&'static str> {
    findings(files, project).iter().flatten().map(|finding| finding.name).collect()
}

fn facts(file: &Example) -> Facts {
    let documents = rulecast_rule::parse(FileId(0), &file.text).documents;
    check(&File { name: &file.name, text: &file.text, documents: &documents, rules: &[] }).facts
}

#[test]
fn a_project_accepts_findings_by_the_rules_id() {
    let entries = vec![accept(&ID.to_uppercase(), "no-description", Some("The title says it."))];
    let (project, problems) = Suppressions::new(entries);
    assert_eq!(problems, []);
    assert_eq!(names(&files("# no description"), &project), [""; 0]);
    assert_eq!(
        names(&files("# no description\nid: 5f1d7e9a-3d0c-4c1b-9a51-0d8a6f2f4d11"), &project),
        ["no-description"]
    );
    assert_eq!(names(&files("# no id\n# no description"), &project), ["no-id", "no-description"]);
}

#[test]
fn what_a_project_accepts_without_need_is_found_once_the_rule_was_looked_at() {
    let entry = || accept(ID, "no-description", Some("The title says it."));
    let (project, _) = Suppressions::new(vec![entry(), accept(ID, "duplicate-title", Some("One is for tests."))]);
    let used = |example: &str| facts(&files(example)[0]).suppress(&project, &mut Vec::new());
    let unneeded = |used| project.unneeded(used).iter().map(|finding| finding.message.clone()).collect::<Vec<_>>();
    // Only a run over all files can tell that no other has the title.
    assert_eq!(unneeded(used("level: low")), ["the rule no longer has the finding `no-description`"]);
    assert_eq!(unneeded(used("id: 5f1d7e9a-3d0c-4c1b-9a51-0d8a6f2f4d11")), [""; 0]);
}

#[test]
fn a_project_must_name_a_lint_and_a_reason() {
    let entries = vec![
        accept(ID, "no-descripton", Some("x")),
        accept(ID, "no-description", None),
        accept(ID, "no-description", Some(" ")),
        accept(ID, "cannot-express", Some("x")),
    ];
    let (_, problems) = Suppressions::new(entries);
    let shown: Vec<String> =
        problems.iter().map(|one| format!("{}: {}", one.name, one.help.as_deref().unwrap_or(""))).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    unknown-lint: did you mean `no-description`?
    suppression-without-reason: add `reason`: why this rule is right as it is
    suppression-without-reason: add `reason`: why this rule is right as it is
    unknown-lint: a rule that a target cannot express says so: `targets: {eql: {refuse: why}}`
    "#);
}

#[test]
fn errors_cannot_be_accepted() {
    let (project, _) = Suppressions::new(vec![accept(ID, "bad-level", Some("x"))]);
    let file = files("level: wrong").remove(0);
    let found = findings(&[file], &project).remove(0);
    assert!(found.iter().any(|finding| finding.name == "bad-level" && finding.severity == Severity::Error));
}

#[test]
fn a_rule_accepts_only_its_own_findings() {
    let allow = "lint:\n    allow:\n        - name: no-description\n          reason: The title says it.\n";
    let both = format!("# no description\n{allow}");
    let one = files(&both).remove(0).text;
    let other = files("---\n# no description").remove(1).text;
    let file = Example { name: "two.yml".to_owned(), text: format!("{one}---\n{other}") };
    assert_eq!(names(&[file], &Suppressions::default()), ["no-description"]);
}
