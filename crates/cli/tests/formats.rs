//! Each way to print queries.

use crate::support::{GOOD, Sandbox};

/// A field that no data model but `none` has.
const UNMAPPED: &str = "\
title: Odd field
logsource: {category: process_creation, product: windows}
detection:
  sel:
    NoSuchField: x
  condition: sel
";

const DECLARED: &str = "\
title: Not for EQL
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: whoami}
  condition: sel
targets:
  eql: {refuse: the field is not indexed there}
";

fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.write("good.yml", GOOD).write("odd.yml", UNMAPPED).write("declared.yml", DECLARED);
    sandbox
}

#[test]
fn text() {
    let run = sandbox("text").run(&["convert", "good.yml"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    # Whoami · eql.ecs
    # good.yml · exact
    process where host.os.type == "windows" and event.type == "start" and process.command_line : "*whoami*"

    # Whoami · spl.sysmon
    # good.yml · exact
    `sysmon_windows` AND EventCode=1 AND CommandLine="*whoami*"

    # Whoami · kql.xdr
    # good.yml · exact; assumes mapping:product
    DeviceProcessEvents
    | where ActionType == "ProcessCreated" and ProcessCommandLine contains "whoami"
    "#);
}

#[test]
fn the_query_alone_from_standard_input() {
    let run = sandbox("stdin").run_with(&["convert", "-", "-q", "-t", "kql"], &[], GOOD);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    DeviceProcessEvents
    | where ActionType == "ProcessCreated" and ProcessCommandLine contains "whoami"
    "#);
    let run = sandbox("stdin").run_with(&["convert", "-"], &[], "title: [\n");
    assert_eq!(run.code, 2);
    assert!(run.err.contains(" --> <stdin>:"), "{}", run.err);
}

#[test]
fn a_refusal_is_shown_at_its_line() {
    let run = sandbox("refusal").run(&["convert", "odd.yml", "-t", "eql"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    insta::assert_snapshot!(run.err, @r#"
    error[cannot-express]: the data model `ecs` has no column for `NoSuchField` in `windows/process_creation`
     --> odd.yml:5:5
      |
    5 |     NoSuchField: x
      |     ^^^^^^^^^^^
      |
      = help: map it to a column with a processing pipeline
      = note: refused for eql.ecs: unmapped-field

    error: not all could be converted: 1 rule in 1 file; 1 refusal
    "#);
}

#[test]
fn a_declared_refusal_is_no_failure() {
    let run = sandbox("declared").run(&["convert", "declared.yml", "-t", "eql"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r"
    # Not for EQL · eql.ecs
    # declared.yml · not for this target, as the rule says: the field is not indexed there
    ");
}

#[test]
fn json() {
    let run = sandbox("json").run(&["convert", ".", "-f", "json", "-t", "eql"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.out, @r#"
    [
      {
        "file": "declared.yml",
        "rule": {
          "title": "Not for EQL",
          "id": null,
          "name": null
        },
        "target": "eql.ecs",
        "status": "declared",
        "reads": [],
        "queries": [],
        "refusals": [],
        "declared": "the field is not indexed there"
      },
      {
        "file": "good.yml",
        "rule": {
          "title": "Whoami",
          "id": "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11",
          "name": null
        },
        "target": "eql.ecs",
        "status": "exact",
        "reads": [
          {
            "log_source": "windows/process_creation",
            "kind": "category",
            "name": "process",
            "where": "host.os.type = \"windows\" and event.type = \"start\""
          }
        ],
        "queries": [
          {
            "role": "rule",
            "query": "process where host.os.type == \"windows\" and event.type == \"start\" and process.command_line : \"*whoami*\"",
            "fidelity": "exact",
            "assumptions": []
          }
        ],
        "refusals": []
      },
      {
        "file": "odd.yml",
        "rule": {
          "title": "Odd field",
          "id": null,
          "name": null
        },
        "target": "eql.ecs",
        "status": "refused",
        "reads": [],
        "queries": [],
        "refusals": [
          {
            "reason": "unmapped-field",
            "message": "the data model `ecs` has no column for `NoSuchField` in `windows/process_creation`",
            "file": "odd.yml",
            "line": 5,
            "column": 5,
            "help": "map it to a column with a processing pipeline"
          }
        ]
      }
    ]
    "#);
}

#[test]
fn stats() {
    let sandbox = sandbox("stats");
    sandbox.write("bad.yml", "title: 1\n");
    let run = sandbox.run(&["convert", ".", "--stats"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.out, @r#"
                                eql.ecs  spl.sysmon     kql.xdr
    exact                             1           2           0
    exact under assumptions           0           0           2
    declared refusals                 1           0           0
    refused                           1           1           1
      unmapped-field                  1           1           1

    3 rules in 4 files, 1 of them with errors
    "#);
    let run = sandbox.run(&["convert", ".", "--stats", "-f", "json"]);
    insta::assert_snapshot!(run.out, @r#"
    {
      "files": 4,
      "invalid_files": 1,
      "rules": 3,
      "targets": [
        {
          "target": "eql.ecs",
          "exact": 1,
          "assuming": 0,
          "over": 0,
          "under": 0,
          "both": 0,
          "unchecked": 0,
          "declared": 1,
          "refused": 1,
          "reasons": {
            "unmapped-field": 1
          }
        },
        {
          "target": "spl.sysmon",
          "exact": 2,
          "assuming": 0,
          "over": 0,
          "under": 0,
          "both": 0,
          "unchecked": 0,
          "declared": 0,
          "refused": 1,
          "reasons": {
            "unmapped-field": 1
          }
        },
        {
          "target": "kql.xdr",
          "exact": 0,
          "assuming": 2,
          "over": 0,
          "under": 0,
          "both": 0,
          "unchecked": 0,
          "declared": 0,
          "refused": 1,
          "reasons": {
            "unmapped-field": 1
          }
        }
      ]
    }
    "#);
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    let sandbox = sandbox("colour");
    assert!(!sandbox.run(&["convert", "."]).out.contains('\u{1b}'));
    let run = sandbox.run(&["convert", ".", "--color", "always"]);
    assert!(run.out.contains("\u{1b}[1m# Whoami") && run.err.contains("\u{1b}["));
}

#[test]
fn usage() {
    let sandbox = sandbox("usage");
    for args in [
        &["convert"][..],
        &["convert", "good.yml", "-t", "esql"],
        &["convert", "good.yml", "-f", "yaml"],
        &["convert", "good.yml", "--allow", "anything"],
        &["convert", "missing.yml"],
        &["check", "missing"],
        &["nonsense"],
        &[],
    ] {
        let run = sandbox.run(args);
        assert_eq!((run.code, run.out.as_str()), (3, ""), "{args:?}: {}", run.err);
    }
    let unknown = sandbox.run(&["convert", "good.yml", "-t", "esql"]).err;
    assert!(unknown.contains("unknown target `esql`; the targets are eql.ecs, "), "{unknown}");
    sandbox.write("empty/readme.txt", "");
    assert_eq!(sandbox.run(&["check", "empty"]).err, "error: no rule files (*.yml, *.yaml) in `empty`\n");
    for args in [&["--help"][..], &["--version"], &["convert", "--help"]] {
        assert_eq!(sandbox.run(args).code, 0);
    }
}

#[test]
fn lists() {
    let sandbox = sandbox("lists");
    let run = sandbox.run(&["list", "targets"]);
    insta::assert_snapshot!(run.out, @r#"
    target             language  model          default of
    eql.ecs            EQL       ecs            eql
    eql.winlogbeat     EQL       winlogbeat
    eql.none           EQL       none
    spl.sysmon         SPL       sysmon         spl
    spl.winlog         SPL       winlog
    spl.cim            SPL       cim
    spl.tstats         SPL       tstats
    spl.none           SPL       none
    kql.xdr            KQL       xdr            kql
    kql.asim           KQL       asim
    kql.securityevent  KQL       securityevent
    kql.none           KQL       none
    "#);
    for what in ["targets", "models", "modifiers", "lints", "features", "sources", "fields"] {
        let text = sandbox.run(&["list", what]);
        let json = sandbox.run(&["list", what, "--format", "json"]);
        assert_eq!((text.code, json.code), (0, 0));
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json.out).unwrap();
        assert_eq!(rows.len() + 1, text.out.lines().count(), "{what}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let sandbox = Sandbox::new("broken-pipe");
    for number in 0..200 {
        sandbox.write(&format!("rules/{number}.yml"), GOOD.replace("9d2c4d9e", &format!("{number:08}")));
    }
    let mut child = sandbox.command(&["convert", "rules", "-t", "eql,spl,kql"], &[]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}
