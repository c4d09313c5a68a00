//! What a page gets for a text.

use crate::{Answer, Question, answer, answer_json};
use rulecast_compile::{Allow, Outcome, Target, Unit, compile};
use rulecast_diagnostics::FileId;
use std::path::{Path, PathBuf};

const RULE: &str = "\
title: Screensaver Set from a Script
id: 0b2b9d0c-6d6f-4e0a-9b0a-4a4a4a4a4a4a
status: test
description: A script sets the screensaver of a user.
author: Test
date: 2024-01-02
logsource: {category: process_creation, product: windows}
detection:
  selection:
    Image|endswith: '\\reg.exe'
    CommandLine|contains: scrnsave
  condition: selection
level: medium
tags: [attack.persistence, attack.t1546.002]
falsepositives: [Logon scripts]
";

fn asked(text: &str, targets: &[&str]) -> Answer {
    let targets = targets.iter().map(ToString::to_string).collect();
    answer(&Question { text: text.to_owned(), targets, ..Question::default() })
}

#[test]
fn a_sound_rule_has_a_query_on_each_default_target() {
    let answer = asked(RULE, &[]);
    assert!(answer.diagnostics.is_empty(), "{:#?}", answer.diagnostics);
    insta::assert_snapshot!(serde_json::to_string_pretty(&answer.targets).unwrap(), @r#"
    [
      {
        "target": "eql.ecs",
        "language": "EQL",
        "rules": [
          {
            "title": "Screensaver Set from a Script",
            "line": 1,
            "status": "exact",
            "queries": [
              {
                "role": "rule",
                "text": "process where host.os.type == \"windows\"\n  and event.type == \"start\"\n  and process.name : \"reg.exe\"\n  and process.command_line : \"*scrnsave*\"",
                "fidelity": "exact",
                "assumptions": [],
                "left_out": []
              }
            ],
            "refusals": []
          }
        ]
      },
      {
        "target": "spl.sysmon",
        "language": "SPL",
        "rules": [
          {
            "title": "Screensaver Set from a Script",
            "line": 1,
            "status": "exact",
            "queries": [
              {
                "role": "rule",
                "text": "`sysmon_windows` AND EventCode=1 AND Image=\"*\\\\reg.exe\" AND CommandLine=\"*scrnsave*\"",
                "fidelity": "exact",
                "assumptions": [],
                "left_out": []
              }
            ],
            "refusals": []
          }
        ]
      },
      {
        "target": "kql.xdr",
        "language": "KQL",
        "rules": [
          {
            "title": "Screensaver Set from a Script",
            "line": 1,
            "status": "exact",
            "queries": [
              {
                "role": "rule",
                "text": "DeviceProcessEvents\n| where ActionType == \"ProcessCreated\"\n    and FileName =~ \"reg.exe\"\n    and ProcessCommandLine contains \"scrnsave\"",
                "fidelity": "exact",
                "assumptions": [
                  "mapping:product"
                ],
                "left_out": []
              }
            ],
            "refusals": []
          }
        ]
      }
    ]
    "#);
}

#[test]
fn a_broken_rule_has_a_caret_under_what_is_wrong() {
    let answer = asked(&RULE.replace("CommandLine|contains:", "CommandLine|contians:"), &[]);
    assert!(answer.targets.iter().all(|target| target.rules.is_empty()));
    let problem = &answer.diagnostics[0];
    assert_eq!((problem.record.at.line, problem.record.at.column, problem.record.severity), (11, 17, "error"));
    insta::assert_snapshot!(problem.text, @r#"
    error[unknown-modifier]: unknown modifier `contians`
      --> rule.yml:11:17
       |
    11 |     CommandLine|contians: scrnsave
       |                 ^^^^^^^^ not a modifier of Sigma
       |
       = help: did you mean `contains`?
    "#);
}

#[test]
fn what_a_target_cannot_say_is_a_refusal_and_a_problem_at_its_line() {
    let answer = asked(&RULE.replace("CommandLine|contains: scrnsave", "Utterance: x"), &["spl.sysmon", "spl.none"]);
    let [sysmon, none] = answer.targets.as_slice() else { panic!("{:#?}", answer.targets) };
    assert_eq!((sysmon.rules[0].status, none.rules[0].status), ("refused", "exact"));
    let refusal = &sysmon.rules[0].refusals[0];
    assert_eq!((refusal.reason, refusal.line, refusal.column), ("unmapped-field", 11, 5));
    let problem = answer.diagnostics.iter().find(|one| one.record.name == "cannot-express").unwrap();
    insta::assert_snapshot!(problem.text, @r#"
    error[cannot-express]: the data model `sysmon` has no column for `Utterance` in `windows/process_creation`
      --> rule.yml:11:5
       |
    11 |     Utterance: x
       |     ^^^^^^^^^
       |
       = help: map it to a column with a processing pipeline
       = note: refused for spl.sysmon: unmapped-field
    "#);
}

#[test]
fn a_target_is_said_to_be_unknown() {
    let answer = asked(RULE, &["spl.sysmon", "aql", "spl"]);
    assert_eq!(answer.targets.len(), 1);
    assert!(answer.unknown_targets[0].starts_with("unknown target `aql`"), "{:?}", answer.unknown_targets);
}

#[test]
fn what_is_no_question_is_said_to_be_none() {
    assert!(answer_json("{\"text\": 1}").starts_with("{\"error\":\"not a question: "));
    assert!(answer_json("{\"text\": \"\"}").contains("file holds no rule"));
}

/// The way that the command goes: its queries are those of the page.
#[test]
fn the_library_has_the_same_queries_here() {
    let mut queries = 0;
    for path in library(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let Answer { targets, diagnostics, .. } = asked(&text, &["eql", "spl", "kql"]);
        let rules = Unit::new(rulecast_compile::read(FileId(0), &text).documents).resolve().rules;
        assert!(!rules.is_empty(), "{}", path.display());
        for on in &targets {
            let target = Target::parse(&on.target).unwrap();
            for (rule, on) in rules.iter().zip(&on.rules) {
                let texts: Vec<&str> = on.queries.iter().map(|query| query.text.as_str()).collect();
                match compile(rule, target, Allow::default()) {
                    Outcome::Queries(expected) => {
                        let expected: Vec<&str> = expected.iter().map(|query| query.text.as_str()).collect();
                        assert_eq!(texts, expected, "{} on {target}", path.display());
                    }
                    Outcome::Refused(refusals) => assert_eq!(refusals.is_empty(), on.refusals.is_empty()),
                    Outcome::Declared { reason } => assert_eq!(on.declared.as_deref(), Some(reason.as_str())),
                }
                queries += texts.len();
            }
        }
        let errors: Vec<_> = diagnostics.iter().filter(|one| one.record.severity == "error").collect();
        assert!(errors.iter().all(|one| one.record.name == "cannot-express"), "{}: {errors:#?}", path.display());
    }
    assert!(queries > 50, "{queries}");
}

fn library(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in directory.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(library(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}
