//! `check`: what is an error, what a finding.

use crate::support::{GOOD, Sandbox};

const UNMAPPED: &str = "\
title: Odd field
id: 7c0f4f0e-8c3f-4d55-9d7e-6a1f2b3c4d5e
description: Uses a field that only `none` has.
logsource: {category: process_creation, product: windows}
detection:
  sel: {NoSuchField: x}
  condition: sel
";

#[test]
fn exit_codes_follow_what_was_asked_for() {
    let sandbox = Sandbox::new("check-codes");
    sandbox.write("good/a.yml", GOOD).write("odd/a.yml", UNMAPPED);
    assert_eq!(sandbox.run(&["check", "good"]).code, 0);
    assert_eq!(sandbox.run(&["check", "odd"]).code, 1);
    assert_eq!(sandbox.run(&["check", "odd", "-t", "eql"]).code, 2);
    assert_eq!(sandbox.run(&["check", "odd", "-t", "eql.none"]).code, 0);
    let run = sandbox.run(&["check", ".", "-t", "eql,spl.none", "--allow", "notes"]);
    assert_eq!((run.code, run.err.as_str()), (2, ""));
    insta::assert_snapshot!(run.out, @r#"
    error[cannot-express]: the data model `ecs` has no column for `NoSuchField` in `windows/process_creation`
     --> odd/a.yml:6:9
      |
    6 |   sel: {NoSuchField: x}
      |         ^^^^^^^^^^^
      |
      = help: map it to a column with a processing pipeline
      = note: refused for eql.ecs: unmapped-field

    checked 2 rules in 2 files for eql.ecs, spl.none: 1 error, 0 warnings
    "#);
}

#[test]
fn findings_of_lints_are_shown() {
    let sandbox = Sandbox::new("check-lints");
    sandbox.write("a.yml", GOOD.replace("id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\n", ""));
    let run = sandbox.run(&["check", "a.yml", "--allow", "notes"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.out, @r#"
    warning[no-id]: rule has no `id`
     --> a.yml:1:8
      |
    1 | title: Whoami
      |        ^^^^^^
      |
      = help: add a random UUID, and keep it for as long as the rule lives

    checked 1 rule in 1 file for eql.ecs, spl.sysmon, kql.xdr: 0 errors, 1 warning
    "#);
    let quiet = sandbox.run(&["check", "-q", "a.yml"]);
    assert_eq!((quiet.code, quiet.out.as_str()), (1, ""));
}

#[test]
fn json_is_an_array_of_problems() {
    let sandbox = Sandbox::new("check-json");
    sandbox.write("good.yml", GOOD).write("odd.yml", UNMAPPED);
    assert_eq!(sandbox.run(&["check", "good.yml", "--allow", "notes", "--format", "json"]).out, "[]\n");
    let run = sandbox.run(&["check", ".", "--allow", "notes", "--format", "json", "-t", "kql"]);
    insta::assert_snapshot!(run.out, @r#"
    [
      {
        "name": "cannot-express",
        "severity": "error",
        "message": "the data model `xdr` has no column for `NoSuchField` in `windows/process_creation`",
        "file": "odd.yml",
        "line": 6,
        "column": 9,
        "end_line": 6,
        "end_column": 20,
        "label": "",
        "also": [],
        "help": "map it to a column with a processing pipeline",
        "notes": [
          "refused for kql.xdr: unmapped-field"
        ]
      }
    ]
    "#);
}
