//! `test`: the inline tests of rules.

use crate::support::{GOOD, Sandbox};

/// No SIEM has the field, so that the tests are of the rule alone.
const RULE: &str = "\
title: Odd tool
id: 3f1d9a52-7c10-4a0e-8b55-2c9f0d6e7a31
logsource: {category: process_creation, product: windows}
detection:
  tool: {NoSuchField|endswith: '\\odd.exe'}
  loud: {CommandLine|contains: ' -v'}
  condition: tool
classification:
  - {name: loud, condition: loud}
  - {name: quiet, condition: not loud}
tests:
  - name: a loud call
    expect: match
    classification: loud
    events: [{NoSuchField: 'C:\\odd.exe', CommandLine: odd -v}]
  - name: another tool
    expect: no_match
    events: [{NoSuchField: 'C:\\even.exe'}]
";

fn failing() -> String {
    let wrong = RULE.replace("CommandLine: odd -v", "CommandLine: odd").replace("even.exe", "odd.exe");
    let missing = "  - name: nothing happens\n    expect: match\n    why: it used to\n    events: [{CommandLine: x}]\n";
    wrong + missing
}

#[test]
fn tests_that_hold_are_counted() {
    let sandbox = Sandbox::new("test-good");
    sandbox.write("a.yml", RULE).write("b.yml", GOOD);
    let run = sandbox.run(&["test", ".", "-t", "eql,kql"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    2 tests of 2 rules (1 without tests): 0 failed
      eql.ecs: 2 without a query
      kql.xdr: 2 without a query
    "#);
    let quiet = sandbox.run(&["test", ".", "-q", "-t", "eql,kql"]);
    assert_eq!((quiet.code, quiet.out.as_str()), (0, ""));
}

#[test]
fn tests_that_fail_are_shown_at_their_place() {
    let sandbox = Sandbox::new("test-bad");
    sandbox.write("rule.yml", failing());
    let run = sandbox.run(&["test", "rule.yml", "-t", "eql"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    insta::assert_snapshot!(run.out, @r#"
    error[test-failed]: the match on event 1 must have the class `loud`, and has the class `quiet`
      --> rule.yml:12:11
       |
    12 |   - name: a loud call
       |           ^^^^^^^^^^^

    error[test-failed]: the rule must not fire, and does on event 1
      --> rule.yml:16:11
       |
     5 |   tool: {NoSuchField|endswith: '\odd.exe'}
       |                                ---------- holds of event 1
    ...
    16 |   - name: another tool
       |           ^^^^^^^^^^^^

    error[test-failed]: the rule must fire, and does not
      --> rule.yml:19:11
       |
     5 |   tool: {NoSuchField|endswith: '\odd.exe'}
       |                                ---------- does not hold of event 1
    ...
    19 |   - name: nothing happens
       |           ^^^^^^^^^^^^^^^
       |
       = note: why the test expects it: it used to

    3 tests of 1 rule: 3 failed
      eql.ecs: 3 without a query
    "#);
}

#[test]
fn json_has_an_object_for_each_test() {
    let sandbox = Sandbox::new("test-json");
    sandbox.write("rule.yml", RULE.replace("'C:\\even.exe'", "'\\odd.exe'")).write("untested.yml", GOOD);
    let run = sandbox.run(&["test", ".", "-t", "eql", "-f", "json"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    insta::assert_snapshot!(run.out, @r#"
    [
      {
        "file": "rule.yml",
        "line": 12,
        "rule": {
          "title": "Odd tool",
          "id": "3f1d9a52-7c10-4a0e-8b55-2c9f0d6e7a31",
          "name": null
        },
        "test": "a loud call",
        "expect": "match",
        "status": "passed",
        "message": null,
        "because": [],
        "targets": [
          {
            "target": "eql.ecs",
            "status": "no-query",
            "message": "the data model `ecs` has no column for `NoSuchField` in `windows/process_creation`"
          }
        ]
      },
      {
        "file": "rule.yml",
        "line": 16,
        "rule": {
          "title": "Odd tool",
          "id": "3f1d9a52-7c10-4a0e-8b55-2c9f0d6e7a31",
          "name": null
        },
        "test": "another tool",
        "expect": "no_match",
        "status": "failed",
        "message": "the rule must not fire, and does on event 1",
        "because": [
          {
            "line": 5,
            "column": 32,
            "message": "holds of event 1"
          }
        ],
        "targets": [
          {
            "target": "eql.ecs",
            "status": "no-query",
            "message": "the data model `ecs` has no column for `NoSuchField` in `windows/process_creation`"
          }
        ]
      }
    ]
    "#);
}

#[test]
fn junit_has_a_case_for_each_test_and_target() {
    let sandbox = Sandbox::new("test-junit");
    sandbox.write("rule.yml", failing());
    let run = sandbox.run(&["test", "rule.yml", "-t", "eql", "-f", "junit"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    insta::assert_snapshot!(run.out, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="rulecast test" tests="6" skipped="3" failures="3" errors="0">
        <testsuite name="rule.yml" tests="6" skipped="3" errors="0" failures="3">
            <testcase name="a loud call (rule)" classname="Odd tool" file="rule.yml" line="12">
                <failure message="the match on event 1 must have the class `loud`, and has the class `quiet`"/>
            </testcase>
            <testcase name="a loud call (eql.ecs)" classname="Odd tool" file="rule.yml" line="12">
                <skipped message="no query: the data model `ecs` has no column for `NoSuchField` in `windows/process_creation`"/>
            </testcase>
            <testcase name="another tool (rule)" classname="Odd tool" file="rule.yml" line="16">
                <failure message="the rule must not fire, and does on event 1"/>
            </testcase>
            <testcase name="another tool (eql.ecs)" classname="Odd tool" file="rule.yml" line="16">
                <skipped message="no query: the data model `ecs` has no column for `NoSuchField` in `windows/process_creation`"/>
            </testcase>
            <testcase name="nothing happens (rule)" classname="Odd tool" file="rule.yml" line="19">
                <failure message="the rule must fire, and does not"/>
            </testcase>
            <testcase name="nothing happens (eql.ecs)" classname="Odd tool" file="rule.yml" line="19">
                <skipped message="no query: the data model `ecs` has no column for `NoSuchField` in `windows/process_creation`"/>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
}

#[test]
fn a_rule_that_another_uses_up_is_tested_alone() {
    let sandbox = Sandbox::new("test-inner");
    let named = RULE.replace("title: Odd tool\n", "title: Odd tool\nname: odd\n");
    let count =
        "---\ntitle: Often\ncorrelation: {type: event_count, rules: [odd], timespan: 1m, condition: {gte: 3}}\n";
    let tests = "tests: [{name: once, expect: no_match, events: [{NoSuchField: x}]}]\n";
    sandbox.write("rule.yml", format!("{named}{count}{tests}"));
    let run = sandbox.run(&["test", "rule.yml", "-t", "eql"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    3 tests of 2 rules: 0 failed
      eql.ecs: 3 without a query
    "#);
}

#[test]
fn an_invalid_rule_is_worse_than_a_failed_test() {
    let sandbox = Sandbox::new("test-invalid");
    sandbox.write("a.yml", failing()).write("b.yml", GOOD.replace("condition: sel", "condition: nothing"));
    let run = sandbox.run(&["test", ".", "-t", "eql"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("undefined selection `nothing`"), "{}", run.err);
    assert!(run.out.ends_with("3 tests of 1 rule: 3 failed\n  eql.ecs: 3 without a query\n"), "{}", run.out);
}

/// Defender holds no difference between an empty text and a missing one: the event breaks what the query assumes.
const ASSUMING: &str = "\
title: No command line
id: 8a5e0c1d-6b7f-4d3c-9e2a-1f4b5c6d7e82
logsource: {category: process_creation, product: windows}
detection:
  tool: {Image|endswith: '\\odd.exe'}
  bare:
    CommandLine: null
  condition: tool and bare
tests:
  - name: an empty command line
    expect: no_match
    events: [{Image: 'C:\\odd.exe', CommandLine: ''}]
  - name: none
    expect: match
    events: [{Image: 'C:\\odd.exe'}]
";

#[test]
fn a_query_that_differs_fails_the_test_and_shows_the_line() {
    let sandbox = Sandbox::new("test-differs");
    sandbox.write("rule.yml", ASSUMING);
    let run = sandbox.run(&["test", "rule.yml", "-t", "eql,kql"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    insta::assert_snapshot!(run.out, @r#"
    error[query-differs]: the query of kql.xdr is not what the rule means: it also finds event 1
      --> rule.yml:10:11
       |
     7 |     CommandLine: null
       |                  ---- on event 1, this holds by the query, not by the rule
    ...
    10 |   - name: an empty command line
       |           ^^^^^^^^^^^^^^^^^^^^^ in this test
       |
       = note: alone, that line is
               DeviceProcessEvents
               | where ActionType == "ProcessCreated" and isempty(ProcessCommandLine)
       = note: the query assumes empty-is-missing, mapping:product; an event that breaks an assumption differs

    2 tests of 1 rule: 1 failed
      eql.ecs: 2 agree
      kql.xdr: 1 agree, 1 differ
    "#);
    let json = sandbox.run(&["test", "rule.yml", "-t", "kql", "-f", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&json[0]["targets"]).unwrap(), @r#"
    [
      {
        "target": "kql.xdr",
        "status": "differs",
        "difference": {
          "missed": [],
          "extra": [
            {
              "first": 1,
              "last": 1,
              "class": null
            }
          ],
          "lines": [
            {
              "line": 7,
              "column": 18,
              "event": 1,
              "rule_holds": false,
              "query": "DeviceProcessEvents\n| where ActionType == \"ProcessCreated\" and isempty(ProcessCommandLine)"
            }
          ],
          "assumptions": [
            "empty-is-missing",
            "mapping:product"
          ]
        }
      }
    ]
    "#);
    let junit = sandbox.run(&["test", "rule.yml", "-t", "kql", "-f", "junit"]);
    insta::assert_snapshot!(junit.out, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="rulecast test" tests="4" skipped="0" failures="1" errors="0">
        <testsuite name="rule.yml" tests="4" skipped="0" errors="0" failures="1">
            <testcase name="an empty command line (rule)" classname="No command line" file="rule.yml" line="10"/>
            <testcase name="an empty command line (kql.xdr)" classname="No command line" file="rule.yml" line="10">
                <failure message="the query of kql.xdr is not what the rule means: it also finds event 1">alone, that line is
    DeviceProcessEvents
    | where ActionType == &quot;ProcessCreated&quot; and isempty(ProcessCommandLine)
    the query assumes empty-is-missing, mapping:product; an event that breaks an assumption differs</failure>
            </testcase>
            <testcase name="none (rule)" classname="No command line" file="rule.yml" line="13"/>
            <testcase name="none (kql.xdr)" classname="No command line" file="rule.yml" line="13"/>
        </testsuite>
    </testsuites>
    "#);
}
