//! `eval`: rules over recorded events.

use crate::support::{GOOD, Sandbox};

const LOGON: &str = "\
title: Logon, then process
id: 1b0f5a7e-3e55-4f0e-9a6b-6f1b6d6f2a11
correlation:
  type: temporal_ordered
  rules: [logon, process]
  group-by: [TargetUserName]
  timespan: 1m
---
title: Logon
name: logon
logsource: {product: windows, service: security}
detection:
  sel: {EventID: 4624, LogonType: [3, 10]}
  local: {IpAddress: null}
  condition: sel and not local
---
title: Process
name: process
logsource: {product: windows, category: process_creation}
detection:
  sel: {Image|endswith: '\\cmd.exe'}
  keywords: [whoami]
  condition: sel or keywords
";

/// Of a new process in Sysmon's log, then a logon and another process in the Security log.
const EVENTS: &str = r##"[
{"Event": {"System": {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1, "Computer": "desk-7",
    "TimeCreated": {"#attributes": {"SystemTime": "2026-11-22T08:15:30Z"}}},
  "EventData": {"CommandLine": "WHOAMI /all"}}},
{"Event": {"System": {"Channel": "Security", "EventID": 4624, "Computer": "srv-1",
    "TimeCreated": {"#attributes": {"SystemTime": "2026-11-22T08:16:00Z"}}},
  "EventData": {"LogonType": "3", "TargetUserName": "eve", "IpAddress": "10.0.0.9"}}},
{"Event": {"System": {"Channel": "Security", "EventID": 4688, "Computer": "srv-1",
    "TimeCreated": {"#attributes": {"SystemTime": "2026-11-22T08:16:20Z"}}},
  "EventData": {"NewProcessName": "C:\\Windows\\System32\\cmd.exe", "CommandLine": "cmd", "TargetUserName": "eve"}}}
]"##;

#[test]
fn rules_fire_on_the_events_of_their_log_source() {
    let sandbox = Sandbox::new("eval-text");
    sandbox.write("rules/a.yml", GOOD).write("rules/b.yml", LOGON).write("dump.json", EVENTS);
    let run = sandbox.run(&["eval", "rules", "--events", "dump.json"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    rules/a.yml · Whoami · medium
      event 1 of dump.json on desk-7
        CommandLine: WHOAMI /all

    rules/b.yml · Logon, then process · medium
      event 2 of dump.json on srv-1
        EventID: 4624
        LogonType: 3
        IpAddress: 10.0.0.9
      then event 3 of dump.json on srv-1
        Image: C:\Windows\System32\cmd.exe

    2 of 2 rules fired on 3 events
    "#);
    let quiet = sandbox.run(&["eval", "-q", "rules/a.yml", "-e", "dump.json"]);
    assert_eq!(run.out.split("\n\n").next(), quiet.out.split("\n\n").next());
    assert!(!quiet.out.contains("fired"), "{}", quiet.out);
}

#[test]
fn json_names_the_events_and_the_fields() {
    let sandbox = Sandbox::new("eval-json");
    sandbox.write("rule.yml", LOGON);
    let run = sandbox.run_with(&["eval", "rule.yml", "-e", "-", "-f", "json"], &[], EVENTS);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    [
      {
        "file": "rule.yml",
        "line": 1,
        "title": "Logon, then process",
        "id": "1b0f5a7e-3e55-4f0e-9a6b-6f1b6d6f2a11",
        "name": null,
        "level": "medium",
        "class": null,
        "events": [
          {
            "file": "<stdin>",
            "number": 2,
            "time": 1795335360000,
            "because": {
              "EventID": [
                4624
              ],
              "IpAddress": [
                "10.0.0.9"
              ],
              "LogonType": [
                "3"
              ]
            }
          },
          {
            "file": "<stdin>",
            "number": 3,
            "time": 1795335380000,
            "because": {
              "Image": [
                "C:\\Windows\\System32\\cmd.exe"
              ]
            }
          }
        ]
      }
    ]
    "#);
    let none = sandbox.run_with(&["eval", "rule.yml", "-e", "-", "-f", "json"], &[], "");
    assert_eq!((none.code, none.out.as_str()), (0, "[]\n"));
}

#[test]
fn flat_events_say_their_log_source() {
    let sandbox = Sandbox::new("eval-flat");
    sandbox.write("rule.yml", GOOD);
    let fires = |event: &str| {
        let run = sandbox.run_with(&["eval", "rule.yml", "-e", "-"], &[], event);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        run.out.ends_with("1 of 1 rule fired on 1 event\n")
    };
    let of = |log_source: &str| fires(&format!(r#"{{{log_source} "CommandLine": "whoami"}}"#));
    assert!(of(""));
    assert!(of(r#""logsource": {"category": "process_creation"},"#));
    assert!(of(r#""Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1,"#));
    assert!(!of(r#""logsource": {"category": "file_event"},"#));
    assert!(!of(r#""logsource": {"product": "linux"},"#));
    assert!(!of(r#""Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 5,"#));
    assert!(!of(r#""Channel": "Application", "EventID": 1,"#));
}

#[test]
fn events_that_cannot_be_read_are_named() {
    let sandbox = Sandbox::new("eval-bad");
    sandbox.write("rule.yml", GOOD).write("half.json", "{}\n{\"a\": ");
    sandbox.write("list.json", "[{}, 3]").write("binary", b"\xff\xfe");
    let error = |events: &[&str], stdin| {
        let run = sandbox.run_with(&[&["eval", "rule.yml"], events].concat(), &[], stdin);
        assert_eq!((run.code, run.out.as_str()), (3, ""));
        run.err
    };
    insta::assert_snapshot!(error(&["-e", "half.json"], ""), @"error: cannot read the events of `half.json`: line 2, column 6: EOF while parsing a value");
    insta::assert_snapshot!(error(&["-e", "list.json"], ""), @"error: cannot read the events of `list.json`: event 2 is a number, not an object");
    insta::assert_snapshot!(error(&["-e", "binary"], ""), @"error: the events of `binary` are not UTF-8");
    insta::assert_snapshot!(error(&["-e", "missing.json"], ""), @"error: cannot read the events of `missing.json`: entity not found");
    insta::assert_snapshot!(error(&["-", "-e", "-"], GOOD), @"error: rules and events cannot both come from standard input");
}

#[test]
fn rules_that_are_invalid_are_said_and_the_others_evaluated() {
    let sandbox = Sandbox::new("eval-invalid");
    let count =
        LOGON.replace("temporal_ordered", "event_count").replace("timespan: 1m", "timespan: 1m\n  condition: {gte: 3}");
    sandbox
        .write("a.yml", GOOD)
        .write("b.yml", GOOD.replace("condition: sel", "condition: nothing"))
        .write("c.yml", count);
    let run = sandbox.run_with(&["eval", ".", "-e", "-"], &[], EVENTS);
    assert_eq!(run.code, 2);
    assert!(run.out.ends_with("1 of 2 rules fired on 3 events\n"), "{}", run.out);
    insta::assert_snapshot!(run.err, @r#"
    warning[duplicate-rule]: `a.yml` has a rule of the same id or name, `9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11`
     --> b.yml:2:5
      |
    2 | id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: rules cannot refer to either of them; rename one

    error[unknown-selection]: undefined selection `nothing`
     --> b.yml:7:14
      |
    7 |   condition: nothing
      |              ^^^^^^^ not a selection of this rule
      |
      = help: the rule defines `sel`
    "#);
}
