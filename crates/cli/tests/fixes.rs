//! `check`: which findings count, and which are mended.

use crate::support::{GOOD, Sandbox};

/// Notes that `--fix` takes away, beside those that nobody can.
const MENDABLE: &str = "\
title: Whoami
id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
status: Test # as yet
description: Someone asks who they are.
author: A. Nonymous
date: 2024/01/02
tags: [attack.discovery, attack.T1033]
logsource: {category: process_creation, product: windows}
detection:
  sel:
    CommandLine: '*who**ami*'   # odd
    Image:
      - 'C:\\\\whoami.exe'
      - 'c:\\\\WHOAMI.exe'
  condition: sel
falsepositives: [Unknown]
level: low
";

#[test]
fn denied_findings_are_errors_and_allowed_ones_are_left_out() {
    let sandbox = Sandbox::new("check-policy");
    sandbox.write("a.yml", GOOD.replace("id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\n", ""));
    let code = |args: &[&str]| sandbox.run(&[&["check", "a.yml"], args].concat()).code;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--allow", "no-id"]), 0);
    assert_eq!(code(&["--allow", "warnings"]), 0);
    assert_eq!(code(&["--deny", "warnings"]), 2);
    assert_eq!(code(&["--deny", "warnings", "--allow", "no-id"]), 0);
    assert_eq!(code(&["--allow", "warnings", "--deny", "no-id"]), 2);
    assert_eq!(code(&["--allow", "no-id", "--deny", "missing-attributes,no-technique"]), 2);
    assert_eq!(code(&["--allow", "no-id", "--deny", "notes"]), 2);
    assert_eq!(code(&["--deny", "no-ids"]), 3);
    let run = sandbox.run(&["check", "a.yml", "-q", "--deny", "no-id"]);
    insta::assert_snapshot!(run.out, @r#"
    error[no-id]: rule has no `id`
     --> a.yml:1:8
      |
    1 | title: Whoami
      |        ^^^^^^
      |
      = help: add a random UUID, and keep it for as long as the rule lives
    "#);
}

#[test]
fn a_rule_accepts_a_finding_with_a_reason() {
    let sandbox = Sandbox::new("check-accepted");
    let accepts = |reason: &str| format!("{GOOD}lint: {{allow: [{{name: no-technique{reason}}}]}}\n");
    sandbox.write("a.yml", accepts(", reason: Sold with the tool")).write("b.yml", accepts(""));
    assert_eq!(sandbox.run(&["check", "a.yml", "--deny", "no-technique"]).code, 0);
    let run = sandbox.run(&["check", "b.yml", "--allow", "notes"]);
    insta::assert_snapshot!(run.out, @r#"
    warning[suppression-without-reason]: `no-technique` is accepted without a reason
     --> b.yml:8:23
      |
    8 | lint: {allow: [{name: no-technique}]}
      |                       ^^^^^^^^^^^^
      |
      = help: add `reason`: why this rule is right as it is

    checked 1 rule in 1 file for eql.ecs, spl.sysmon, kql.xdr: 0 errors, 1 warning
    "#);
}

#[test]
fn a_project_accepts_findings_until_they_are_gone() {
    let sandbox = Sandbox::new("check-project");
    let accept = |lint: &str| {
        let id = "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11";
        format!("[[suppress]]\nrule = \"{id}\"\nlint = \"{lint}\"\nreason = \"sold so\"\n")
    };
    let config = format!("{}{}", accept("no-technique"), accept("no-description"));
    sandbox.write("rules/a.yml", GOOD).write("rulecast.toml", config);
    let run = sandbox.run(&["check", "rules", "--deny", "no-technique", "--allow", "notes"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    insta::assert_snapshot!(run.out, @r#"
    warning[unneeded-suppression]: the rule no longer has the finding `no-description`
     --> rulecast.toml:7:8
      |
    7 | lint = "no-description"
      |        ^^^^^^^^^^^^^^^^
      |
      = help: remove the suppression

    checked 1 rule in 1 file for eql.ecs, spl.sysmon, kql.xdr: 0 errors, 1 warning
    "#);
    // Of a rule that was not read, nothing is known.
    sandbox.write("other/a.yml", GOOD.replace("id: 9d2c4d9e", "id: 8d2c4d9e"));
    assert_eq!(sandbox.run(&["check", "other"]).code, 0);
}

#[test]
fn findings_are_counted() {
    let sandbox = Sandbox::new("check-stats");
    sandbox.write("a.yml", MENDABLE).write("b.yml", GOOD);
    let run = sandbox.run(&["check", ".", "--stats"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.out, @r#"
    finding             severity   findings      files
    bad-status          warning           1          1
    bad-tag             warning           1          1
    duplicate-rule      warning           1          1
    duplicate-title     warning           1          1
    slash-date          warning           1          1
    double-wildcard     note              1          1
    duplicate-value     note              1          1
    missing-attributes  note              1          1
    no-false-positives  note              1          1
    no-technique        note              1          1

    checked 2 rules in 2 files for eql.ecs, spl.sysmon, kql.xdr: 0 errors, 5 warnings, 5 notes
    "#);
    let json = sandbox.run(&["check", ".", "--stats", "--format", "json", "--allow", "notes"]).out;
    insta::assert_snapshot!(json, @r#"
    [
      {
        "name": "bad-status",
        "severity": "warning",
        "findings": 1,
        "files": 1
      },
      {
        "name": "bad-tag",
        "severity": "warning",
        "findings": 1,
        "files": 1
      },
      {
        "name": "duplicate-rule",
        "severity": "warning",
        "findings": 1,
        "files": 1
      },
      {
        "name": "duplicate-title",
        "severity": "warning",
        "findings": 1,
        "files": 1
      },
      {
        "name": "slash-date",
        "severity": "warning",
        "findings": 1,
        "files": 1
      }
    ]
    "#);
}

#[test]
fn fixes_are_made_in_the_file_and_nothing_else_is_touched() {
    let sandbox = Sandbox::new("check-fix");
    sandbox.write("a.yml", MENDABLE).write("b.yml", GOOD);
    let run = sandbox.run(&["check", ".", "--fix", "--allow", "missing-attributes,no-technique,no-false-positives"]);
    insta::assert_snapshot!(run.err, @"fixed 5 findings in a.yml: bad-status, bad-tag, double-wildcard, duplicate-value, slash-date");
    insta::assert_snapshot!(run.out, @r#"
    warning[duplicate-title]: a.yml has another rule of this title
     --> b.yml:1:8
      |
    1 | title: Whoami
      |        ^^^^^^
      |
      = help: say in each title what sets the rule apart: an analyst sees the title first

    warning[duplicate-rule]: `a.yml` has a rule of the same id or name, `9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11`
     --> b.yml:2:5
      |
    2 | id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: rules cannot refer to either of them; rename one

    checked 2 rules in 2 files for eql.ecs, spl.sysmon, kql.xdr: 0 errors, 2 warnings
    "#);
    insta::assert_snapshot!(sandbox.read("a.yml"), @r#"
    title: Whoami
    id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
    status: test # as yet
    description: Someone asks who they are.
    author: A. Nonymous
    date: 2024-01-02
    tags: [attack.discovery, attack.t1033]
    logsource: {category: process_creation, product: windows}
    detection:
      sel:
        CommandLine: '*who*ami*'   # odd
        Image:
          - 'C:\\whoami.exe'
      condition: sel
    falsepositives: [Unknown]
    level: low
    "#);
    assert_eq!(sandbox.read("b.yml"), GOOD);
    assert_eq!(sandbox.list("."), ["a.yml", "b.yml"]);
    let again = sandbox.run(&["check", "a.yml", "--fix"]);
    assert_eq!((again.code, again.err.as_str()), (0, "nothing to fix\n"));
}

#[test]
fn an_accepted_or_allowed_finding_is_not_fixed() {
    let sandbox = Sandbox::new("check-fix-accepted");
    let accepts = format!("{MENDABLE}lint: {{allow: [{{name: slash-date, reason: Our archive wants it}}]}}\n");
    sandbox.write("a.yml", &accepts);
    let run = sandbox.run(&["check", "a.yml", "--fix", "--allow", "bad-tag,bad-status,notes"]);
    assert_eq!((run.code, run.err.as_str()), (0, "nothing to fix\n"));
    assert_eq!(sandbox.read("a.yml"), accepts);
}
