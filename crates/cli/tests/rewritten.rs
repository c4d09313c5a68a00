//! `test` and `eval` of rules that processing pipelines rewrite.

use crate::support::Sandbox;

const FIELDS: &str = "\
name: fields
transformations:
  - type: field_name_mapping
    mapping: {CommandLine: process.args}
";

/// Told in the field that the rule is written with.
const RULE: &str = "\
title: Whoami
id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: whoami}
  condition: sel
tests:
  - name: asks
    expect: match
    events: [{CommandLine: whoami /all}]
  - name: asks nothing
    expect: no_match
    events: [{process.args: id}]
";

#[test]
fn tests_are_of_the_rule_as_the_pipelines_leave_it() {
    let sandbox = Sandbox::new("rewritten-tests");
    sandbox.write("rule.yml", RULE.replace("CommandLine: whoami", "process.args: whoami")).write("p.yml", FIELDS);
    let run = sandbox.run(&["test", "rule.yml", "-p", "p.yml", "-t", "eql,eql.none,spl,spl.none,kql,kql.none"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    insta::assert_snapshot!(run.out, @r#"
    2 tests of 1 rule: 0 failed
      eql.ecs: 2 agree
      eql.none: 2 agree
      spl.sysmon: 2 agree
      spl.none: 2 agree
      kql.xdr: 2 agree
      kql.none: 2 agree
    "#);
    // Those of the configuration are for queries: tests are of Sigma's fields, unless the call says otherwise.
    sandbox.write("rulecast.toml", "pipelines = [\"p.yml\"]\ntargets = [\"eql.none\"]\nrules = [\"rule.yml\"]\n");
    sandbox.write("rule.yml", RULE);
    let run = sandbox.run(&["test"]);
    assert_eq!((run.code, run.out.as_str()), (0, "2 tests of 1 rule: 0 failed\n  eql.none: 2 agree\n"));
}

#[test]
fn events_that_lack_what_a_pipeline_names_are_told() {
    let sandbox = Sandbox::new("rewritten-lacking");
    sandbox.write("rule.yml", RULE).write("p.yml", FIELDS);
    let run = sandbox.run(&["test", "rule.yml", "-p", "p.yml", "-t", "eql.none"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    insta::assert_snapshot!(run.out, @r#"
    error[test-failed]: the rule must fire, and does not
     --> rule.yml:8:11
      |
    5 |   sel: {CommandLine|contains: whoami}
      |                               ------ does not hold of event 1
    ...
    8 |   - name: asks
      |           ^^^^
      |
      = note: a pipeline makes the rule read `process.args`, which no event of the test has

    2 tests of 1 rule: 1 failed
      eql.none: 2 agree
    "#);
}

#[test]
fn a_query_whose_text_is_rewritten_is_not_run() {
    let sandbox = Sandbox::new("rewritten-text");
    sandbox.write("rule.yml", RULE).write("p.yml", "postprocessing: [{type: embed, prefix: 'search '}]\n");
    let run = sandbox.run(&["test", "rule.yml", "-p", "p.yml", "-t", "spl.none"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    2 tests of 1 rule: 0 failed
      spl.none: 2 not run
    "#);
}

#[test]
fn rules_that_a_correlation_uses_up_are_rewritten_too() {
    let sandbox = Sandbox::new("rewritten-inner");
    let correlation = "---\ntitle: Often\ncorrelation: {type: event_count, rules: [who], timespan: 1m, condition: {gte: 2}}\n\
                       tests:\n  - name: twice\n    expect: match\n    events: [{process.args: whoami}, {process.args: whoami}]\n";
    let rule = RULE.replace("CommandLine: whoami", "process.args: whoami").replace("logsource", "name: who\nlogsource");
    sandbox.write("rule.yml", rule + correlation).write("p.yml", FIELDS);
    let run = sandbox.run(&["test", "rule.yml", "-p", "p.yml", "-t", "eql.none,spl.none,kql.xdr"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    insta::assert_snapshot!(run.out, @r#"
    3 tests of 2 rules: 0 failed
      eql.none: 3 agree
      spl.none: 3 agree
      kql.xdr: 3 agree
    "#);
}

#[test]
fn eval_is_of_the_rule_as_the_pipelines_leave_it() {
    let sandbox = Sandbox::new("rewritten-eval");
    sandbox.write("rule.yml", RULE).write("p.yml", FIELDS);
    sandbox.write("events.json", "{\"process\": {\"args\": \"whoami\"}}\n{\"CommandLine\": \"whoami\"}\n");
    let run = sandbox.run(&["eval", "rule.yml", "--events", "events.json", "-p", "p.yml"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    rule.yml · Whoami · medium
      event 1 of events.json
        process.args: whoami

    1 of 1 rule fired on 2 events
    "#);
    let run = sandbox.run(&["eval", "rule.yml", "--events", "events.json"]);
    assert!(run.out.contains("event 2 of events.json") && !run.out.contains("event 1 of"), "{}", run.out);
}

#[test]
fn eval_takes_no_name_that_stands_for_a_target() {
    let sandbox = Sandbox::new("rewritten-name");
    sandbox.write("rule.yml", RULE).write("events.json", "{}\n");
    let run = sandbox.run(&["eval", "rule.yml", "--events", "events.json", "-p", "ecs_windows"]);
    assert_eq!(run.code, 3);
    insta::assert_snapshot!(run.err, @"error: the pipeline `ecs_windows`: it stands for a target, and no query is made here: the rules are evaluated");
    // Of `test` it chooses the target.
    let run = sandbox.run(&["test", "rule.yml", "-p", "ecs_windows"]);
    assert_eq!((run.code, run.out.as_str()), (0, "2 tests of 1 rule: 0 failed\n  eql.ecs: 2 agree\n"));
}
