//! The attributes that are ours.

use crate::{dump_condition, problems, rule_after, sound};
use insta::assert_snapshot;
use rulecast_rule::ast::{Confidence, Expectation, Level, Node, ScopeTest, Value};

#[test]
fn all_of_them() {
    let document = sound(&rule_after(
        "title: T
risk_score: 47
confidence: high
version: 3
setup: Enable auditing.
note: Look at the parent.
response: Isolate.
schedule: {every: 5m, lookback: 9m, max_alerts: 100}
output:
    fields: [_time, Host]
    sort: [-_time, Host]
targets:
    eql:
        refuse: no such events
    spl.sysmon:
        index: main
tests:
    - name: a match
      expect: match
      why: it says so
      classification: BAD
      events:
          - Image: x
            pid: 4
          - offset: 1500ms
            category: process_creation
            product: windows
            Image: y
    - {name: none, expect: no_match, events: [{offset: 3, a: b}, {offset: 2m}]}
classification:
    - name: BAD
      condition: s and not t
      level: critical
      description: Bad.
    - name: NETWORK
      rule: other
    - otherwise: SUSPICIOUS",
    ));
    let metadata = std::sync::Arc::unwrap_or_clone(document.metadata);
    assert_eq!(metadata.risk_score.unwrap().node, 47);
    assert_eq!(metadata.confidence.unwrap().node, Confidence::High);
    assert_eq!(metadata.version.unwrap().node, 3);
    assert_eq!(metadata.response.unwrap().node, "Isolate.");
    let schedule = metadata.schedule.unwrap();
    assert_eq!((schedule.every.node, schedule.lookback.node), (300, 540));
    assert_eq!(schedule.max_alerts.unwrap().node, 100);
    let sort: Vec<(String, bool)> =
        metadata.output.unwrap().sort.into_iter().map(|key| (key.field.node, key.descending)).collect();
    assert_eq!(sort, [("_time".into(), true), ("Host".into(), false)]);
    assert_eq!(metadata.targets[0].refuse.as_ref().unwrap().node, "no such events");
    assert_eq!(metadata.targets[1].scope.as_ref().unwrap().index[0].node, "main");
    let [first, second] = &metadata.tests[..] else { panic!("two tests") };
    assert_eq!((first.expect.node, second.expect.node), (Expectation::Match, Expectation::NoMatch));
    assert_eq!(first.classification.as_ref().unwrap().node, "BAD");
    assert_eq!(first.events[0].fields[1].1.node, Node::Scalar(Value::Integer(4)));
    assert_eq!(first.events[1].offset, 1500);
    assert_eq!(first.events[1].category.as_ref().unwrap().node, "process_creation");
    assert_eq!(first.events[1].fields.len(), 1);
    assert_eq!((second.events[0].offset, second.events[1].offset), (3000, 120_000));
    let classification = metadata.classification.unwrap();
    assert_eq!(classification.otherwise.unwrap().node, "SUSPICIOUS");
    assert_eq!(dump_condition(&classification.branches[0].condition.as_ref().unwrap().node), "(s and (not t))");
    assert_eq!(classification.branches[0].level.as_ref().unwrap().node, Level::Critical);
    assert_eq!(classification.branches[1].rule.as_ref().unwrap().node, "other");
    assert!(classification.branches[1].condition.is_none());
}

#[test]
fn a_classification_may_be_a_mapping() {
    let text = rule_after("title: T\nclassification: {branches: [{name: A, condition: s}], otherwise: B}");
    let classification = sound(&text).metadata.classification.clone().unwrap();
    assert_eq!(classification.branches.len(), 1);
    assert_eq!(classification.otherwise.unwrap().node, "B");
}

fn bad(attributes: &str) -> String {
    problems(&rule_after(&format!("title: T\n{attributes}")))
}

#[test]
fn classifications() {
    assert_snapshot!(bad("classification: []"), @r"
        2:17 `[]` error[empty-list]: `classification` has no branch
            expected a branch
            help: add a branch: `- {name: NAME, condition: selection}`
    ");
    assert_snapshot!(bad("classification:\n    - {name: A}\n    - {condition: s}\n    - {name: B, condition: s s, levle: high}"), @r"
        3:7 `{name: A}` error[missing-condition]: branch of `classification` has no `condition`
            in this branch
            help: add `condition`, or the `rule` whose events are meant
        4:7 `{condition: s}` error[missing-key]: branch of `classification` has no `name`
            help: add `name`
        5:30 `s` error[invalid-condition]: unexpected `s` in condition
            expected `and`, `or` or the end
        5:33 `levle` error[unknown-key]: unknown key `levle` in branch of `classification`
            not a key here
            help: did you mean `level`?
    ");
    assert_snapshot!(bad("classification:\n    - otherwise: X\n    - {name: A, condition: s}"), @r"
        3:7 `otherwise: X` error[misplaced-key]: `otherwise` is not the last branch
            not the last entry
            help: move it to the end: it names what no branch before it does
    ");
    assert_snapshot!(bad("classification:\n    - {name: A, condition: s}\n    - {name: A, condition: t}\n    - otherwise: A"), @r"
        4:14 `A` error[duplicate-class]: class `A` stands twice
            again here
            3:14 `A` first here
            help: join the two conditions with `or`, or rename one
        5:18 `A` error[duplicate-class]: class `A` stands twice
            again here
            3:14 `A` first here
            help: join the two conditions with `or`, or rename one
    ");
}

#[test]
fn tests() {
    assert_snapshot!(bad("tests:\n    - {name: a, expect: mtach, events: [{a: b}]}\n    - {expect: no_match, events: []}\n    - {name: c, expects: match}"), @r"
        3:25 `mtach` error[bad-expectation]: unknown `expect` `mtach`
            expected `match` or `no_match`
            help: did you mean `match`?
        4:7 `{expect: no_match, events: []}` error[missing-key]: entry of `tests` has no `name`
            help: add `name`
        4:34 `[]` error[empty-list]: `events` is an empty list
            expected an event
        5:7 `{name: c, expects: match}` error[missing-key]: entry of `tests` has no `expect`
            help: add `expect`
        5:7 `{name: c, expects: match}` error[missing-key]: entry of `tests` has no `events`
            help: add `events`
        5:17 `expects` error[unknown-key]: unknown key `expects` in entry of `tests`
            not a key here
            help: did you mean `expect`?
    ");
    assert_snapshot!(bad("tests:\n    - {name: a, expect: match, events: [{offset: soon, a: b}, {offset: -1}]}"), @r"
        3:50 `soon` error[bad-duration]: `offset` is not a length of time
            expected `10s`, `1500ms` or a number of seconds
        3:72 `-1` error[bad-duration]: `offset` is not a length of time
            expected `10s`, `1500ms` or a number of seconds
    ");
}

#[test]
fn numbers_and_durations() {
    assert_snapshot!(bad("risk_score: 101\nversion: 0\nconfidence: sure"), @r"
        2:13 `101` error[out-of-range]: `risk_score` is out of range: `101`
            expected 0 to 100
        3:10 `0` error[out-of-range]: `version` is out of range: `0`
            expected 1 or more
        4:13 `sure` error[bad-confidence]: unknown `confidence` `sure`
            expected `low`, `medium` or `high`
    ");
    assert_snapshot!(bad("risk_score: '47'\nversion: 1.0"), @r"
        2:13 `\'47\'` error[wrong-type]: `risk_score` is text
            expected a whole number
            help: remove the quotes
        3:10 `1.0` error[wrong-type]: `version` is a number
            expected a whole number
    ");
    assert_snapshot!(bad("schedule: {every: 5, lookback: 1M, max_alert: 3}"), @r"
        2:19 `5` error[bad-duration]: `every` `5` has no unit
            expected a number and `s`, `m`, `h` or `d`
            help: write `5s` for seconds
        2:32 `1M` error[bad-duration]: `lookback` `1M` is not a length of time
            expected a number and `s`, `m`, `h` or `d`
            help: write days: `30d`; months differ in length, and `m` is minutes
        2:36 `max_alert` error[unknown-key]: unknown key `max_alert` in `schedule`
            not a key here
            help: did you mean `max_alerts`?
    ");
    assert_snapshot!(bad("schedule: {every: 5m}"), @r"
        2:1 `schedule` error[missing-key]: `schedule` has no `lookback`
            help: add `lookback`
    ");
}

#[test]
fn output_and_targets() {
    assert_snapshot!(bad("output: {field: [a], sort: {a: b}}\ntargets: {eql: none}"), @r"
        2:10 `field` error[unknown-key]: unknown key `field` in `output`
            not a key here
            help: did you mean `fields`?
        2:28 `{a: b}` error[wrong-type]: `sort` is a mapping
            expected text
        3:16 `none` error[wrong-type]: `eql` of `targets` is a single value
            expected a mapping
    ");
}

#[test]
fn what_a_target_reads() {
    let document = sound(&rule_after(
        "title: T
targets:
    spl.sysmon:
        macro: our_sysmon
        where: [{column: host, in: [a, 2]}, {any: [{column: b, equals: c}, {column: d, exists: false}]}]
    eql.ecs: {index: [logs-endpoint.*, winlogbeat-*]}
    kql.xdr: {table: OurProcesses}",
    ));
    let [spl, eql, kql] = &document.metadata.targets[..] else { panic!("three targets") };
    let spl = spl.scope.as_ref().unwrap();
    assert_eq!(spl.macro_name.as_ref().unwrap().node, "our_sysmon");
    assert!(matches!(&spl.tests[..], [ScopeTest::In(column, values), ScopeTest::Any(any)]
        if column.node == "host" && values.len() == 2 && any.len() == 2));
    assert_eq!(eql.scope.as_ref().unwrap().index[1].node, "winlogbeat-*");
    assert_eq!(kql.scope.as_ref().unwrap().table.as_ref().unwrap().node, "OurProcesses");
}

#[test]
fn what_is_wrong_with_what_a_target_reads() {
    assert_snapshot!(bad("targets: {spl.sysmon: {macros: x, table: y}, splunk: {refuse: no}, kql: {table: T}}"), @r#"
    2:24 `macros` error[invalid-scope]: there is no key `macros` in the scope of a target
        help: did you mean `macro`?
    2:35 `table` error[invalid-scope]: `spl` has no use for `table`
        help: it can be `macro`, `index`, `sourcetype`, `where`, `refuse`
    2:46 `splunk` error[unknown-target]: there is no target `splunk`
        help: name one as `spl.sysmon`, or a language: `eql`, `spl` or `kql`
    2:74 `table` error[invalid-scope]: `kql` is more than one target, and each reads something else
        help: say of which target, as `kql.MODEL`
    "#);
    assert_snapshot!(bad("targets: {spl.sysmon: {macro: '`x`', index: ['*', 'a,b']}, kql.xdr: {table: 3, refuse: no}}"), @r#"
    2:31 `\'`x`\'` error[invalid-scope]: ``x`` is no name
        help: the name of a macro is of letters, digits, `_` and `-`, without backquotes
    2:46 `\'*\'` error[invalid-scope]: `index` would be anything: the rule would no longer say what it reads
    2:51 `\'a,b\'` error[invalid-scope]: `a,b` is no name
    2:77 `3` error[invalid-scope]: `table` needs text
    "#);
    assert_snapshot!(bad("targets: {spl.sysmon: {macro: a, sourcetype: b}, eql.ecs: {index: []}, kql.xdr: {table: T, refuse: no}}"), @r#"
    2:31 `a` error[invalid-scope]: `index` and `sourcetype` take the place of the macro, and here is another macro
        help: narrow what a macro finds with `where: [{column: index, in: […]}]`
    2:67 `[]` error[invalid-scope]: `index` is empty
    2:82 `table` error[invalid-scope]: the rule has no query on this target, so that nothing is read there
        2:100 `no` as it says
    "#);
    assert_snapshot!(bad("targets: {kql.xdr: {where: [{colum: a}, {column: a, equals: 1.5}, {column: a, in: []}, {any: a}, x]}}"), @r#"
    2:30 `colum` error[invalid-scope]: there is no key `colum` in a test of a column
        help: did you mean `column`?
    2:61 `1.5` error[invalid-scope]: expected text or a whole number
        help: put it in quotes
    2:83 `[]` error[invalid-scope]: `in` is empty: no event would be read
    2:94 `a` error[invalid-scope]: `any` needs a list of tests
    2:98 `x` error[invalid-scope]: a test is `column` with one of `equals`, `in` and `exists`, or `any` with a list of tests
    "#);
}
