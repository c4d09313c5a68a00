//! Sigma's attributes.

use crate::{problems, rule_after, sound};
use insta::assert_snapshot;
use rulecast_rule::ast::{Body, Date, Level, Node, Status, Value};

#[test]
fn all_attributes_of_a_rule() {
    let document = sound(
        "title: Suspicious thing
id: E0cfaecd-602d-41af-988d-f6ccebb2af26
name: suspicious_thing
related:
    - id: e0cfaecd-602d-41af-988d-f6ccebb2af27
      type: derived
taxonomy: sigma
status: test
description: |
    What it is.
license: MIT
author: A, B
references:
    - https://example.org/
date: 2024-02-29
modified: '2024-03-01'
tags:
    - attack.t1546.016
    - d3fend.d3f-WindowsNtOpenFile
    - cve.2021-44228
logsource:
    category: process_creation
    product: windows
    definition: Needs a policy
    vendor: free
detection:
    selection:
        Image: x
    condition: selection
fields: [Image]
falsepositives:
    - Unknown
level: high
scope: [server]
regression_tests_path: x/y.yml
custom: {a: [1, b]}
",
    );
    let metadata = &document.metadata;
    assert_eq!(metadata.title.as_ref().unwrap().node, "Suspicious thing");
    assert_eq!(metadata.id.as_ref().unwrap().node, "E0cfaecd-602d-41af-988d-f6ccebb2af26");
    assert_eq!(metadata.name.as_ref().unwrap().node, "suspicious_thing");
    assert_eq!(metadata.related[0].kind.node, "derived");
    assert_eq!(metadata.status.as_ref().unwrap().node, Status::Test);
    assert_eq!(metadata.description.as_ref().unwrap().node, "What it is.\n");
    assert_eq!(metadata.date.as_ref().unwrap().node, Date { year: 2024, month: 2, day: 29 });
    assert_eq!(metadata.modified.as_ref().unwrap().node, Date { year: 2024, month: 3, day: 1 });
    assert_eq!(metadata.tags.len(), 3);
    assert_eq!(metadata.level.as_ref().unwrap().node, Level::High);
    assert_eq!(metadata.false_positives[0].node, "Unknown");
    assert_eq!(metadata.scope[0].node, "server");
    let Body::Detection(rule) = &document.body else { panic!("a rule") };
    assert_eq!(rule.log_source.category.as_ref().unwrap().node, "process_creation");
    assert_eq!(rule.log_source.service, None);
    let custom: Vec<&str> = metadata.custom.iter().map(|(key, _)| &*key.node).collect();
    assert_eq!(custom, ["regression_tests_path", "custom"]);
    let Node::Map(entries) = &metadata.custom[1].1.node else { panic!("a mapping") };
    let Node::List(items) = &entries[0].1.node else { panic!("a list") };
    assert_eq!(items[0].node, Node::Scalar(Value::Integer(1)));
    assert_eq!(items[1].node, Node::Scalar(Value::Text("b".into())));
}

fn bad(attributes: &str) -> String {
    problems(&rule_after(attributes))
}

#[test]
fn titles() {
    assert_snapshot!(bad("status: test"), @r"
        1:1 `status` error[missing-title]: document has no `title`
            in this document
            help: add `title`
    ");
    assert_snapshot!(bad("title: 12"), @r"
        1:8 `12` error[wrong-type]: `title` is a number
            expected text
            help: quote it: `'12'`
    ");
    assert_snapshot!(bad("title: [a]"), @r"
        1:8 `[a]` error[wrong-type]: `title` is a list
            expected text
    ");
    assert_snapshot!(bad("title:"), @r"
        1:7 `` error[wrong-type]: `title` is empty
            expected text
    ");
    assert_snapshot!(bad("title: ' '"), @r"1:8 `\' \'` error[empty-value]: `title` is empty");
    let long = problems(&rule_after(&format!("title: {}", "ä".repeat(257))));
    assert!(long.contains("error[too-long]: `title` has 257 characters"), "{long}");
    assert_eq!(bad(&format!("title: {}", "ä".repeat(256))), "");
}

#[test]
fn levels_and_statuses() {
    assert_snapshot!(bad("title: T\nlevel: hgih\nstatus: stabel"), @r"
        2:8 `hgih` error[bad-level]: unknown `level` `hgih`
            expected `informational`, `low`, `medium`, `high` or `critical`
            help: did you mean `high`?
        3:9 `stabel` error[bad-status]: unknown `status` `stabel`
            expected `unsupported`, `deprecated`, `experimental`, `test` or `stable`
            help: did you mean `stable`?
    ");
    assert_snapshot!(bad("title: T\nlevel: High"), @r#"
    2:8 `High` warning[bad-level]: `level` `High` is not in lower case
        help: write `high`
        fix: 2:8 `High` -> `high`
    "#);
    assert_snapshot!(bad("title: T\nlevel: severe\nstatus: 3"), @r"
        2:8 `severe` error[bad-level]: unknown `level` `severe`
            expected `informational`, `low`, `medium`, `high` or `critical`
        3:9 `3` error[bad-status]: `status` is a number
            expected `unsupported`, `deprecated`, `experimental`, `test` or `stable`
    ");
    assert_snapshot!(bad("title: T\nlevel:"), @r"
        2:7 `` error[bad-level]: `level` is empty
            expected `informational`, `low`, `medium`, `high` or `critical`
    ");
}

#[test]
fn dates() {
    assert_snapshot!(bad("title: T\ndate: 2024-02-30\nmodified: 2024-13-01"), @r"
        2:7 `2024-02-30` error[bad-date]: `date` `2024-02-30` is not in the calendar
            no such day
        3:11 `2024-13-01` error[bad-date]: `modified` `2024-13-01` is not in the calendar
            no such day
    ");
    assert_snapshot!(bad("title: T\ndate: 2024/1/2\nmodified: 2024-1-2"), @r#"
    2:7 `2024/1/2` warning[slash-date]: `date` `2024/1/2` is written with slashes
        removed in Sigma 2
        help: write `2024-01-02`
        fix: 2:7 `2024/1/2` -> `2024-01-02`
    3:11 `2024-1-2` error[bad-date]: `modified` `2024-1-2` is not of the form `YYYY-MM-DD`
        digits missing
        help: write `2024-01-02`
    "#);
    assert_snapshot!(bad("title: T\ndate: 20240102\nmodified: yesterday"), @r"
        2:7 `20240102` error[bad-date]: `date` is a number
            expected `YYYY-MM-DD`
        3:11 `yesterday` error[bad-date]: `modified` `yesterday` is not a date
            expected `YYYY-MM-DD`
    ");
    assert_eq!(bad("title: T\ndate: 2000-02-29"), "");
    assert!(bad("title: T\ndate: 1900-02-29").contains("not in the calendar"));
}

#[test]
fn ids_and_relations() {
    assert_snapshot!(bad("title: T\nid: 1234"), @r"
        2:5 `1234` error[bad-id]: `id` is a number
            expected a UUID
    ");
    assert_snapshot!(bad("title: T\nid: e0cfaecd602d41af988df6ccebb2af26"), @r"
        2:5 `e0cfaecd602d41af988df6ccebb2af26` error[bad-id]: `id` `e0cfaecd602d41af988df6ccebb2af26` is not a UUID
            expected 8-4-4-4-12 hexadecimal digits
            help: write `e0cfaecd-602d-41af-988d-f6ccebb2af26`
    ");
    assert_snapshot!(bad("title: T\nid: not-a-uuid"), @r"
        2:5 `not-a-uuid` error[bad-id]: `id` `not-a-uuid` is not a UUID
            expected 8-4-4-4-12 hexadecimal digits
            help: generate a random UUID, version 4
    ");
    assert_snapshot!(bad("title: T\nrelated:\n    - id: e0cfaecd-602d-41af-988d-f6ccebb2af26\n      type: obsoletes\n    - type: similar\n      rule: x"), @r"
        4:13 `obsoletes` error[bad-related-type]: unknown `type` of a relation `obsoletes`
            expected `derived`, `obsolete`, `merged`, `renamed`, `similar` or `correlation`
            help: did you mean `obsolete`?
        5:7 `type: similar` error[missing-key]: entry of `related` has no `id`
            help: add `id`
        6:7 `rule` error[unknown-key]: unknown key `rule` in entry of `related`
            expected `id` or `type`
    ");
}

#[test]
fn lists_and_texts() {
    assert_snapshot!(bad("title: T\nreferences: https://example.org/\ntags: [attack.T1059, nodot, 5]"), @r#"
    2:13 `https://example.org/` error[wrong-type]: `references` is a single value
        expected a list
        help: start each entry with `- `
    3:8 `attack.T1059` warning[bad-tag]: tag `attack.T1059` is not of the form `namespace.tag`
        lower case, and a dot after the namespace
        help: write `attack.t1059`
        fix: 3:8 `attack.T1059` -> `attack.t1059`
    3:22 `nodot` warning[bad-tag]: tag `nodot` is not of the form `namespace.tag`
        lower case, and a dot after the namespace
    3:29 `5` error[wrong-type]: entry of `tags` is a number
        expected text
        help: quote it: `'5'`
    "#);
    assert_snapshot!(bad("title: T\nauthor: [a, b]\ndescription: true\nfields:"), @r"
        2:9 `[a, b]` error[wrong-type]: `author` is a list
            expected text
        3:14 `true` error[wrong-type]: `description` is a truth value
            expected text
            help: quote it: `'true'`
        4:8 `` warning[empty-value]: `fields` is empty
            help: fill it in or remove it
    ");
}

#[test]
fn near_misses_of_attributes() {
    assert_snapshot!(bad("title: T\nlvl: high\nreference: [x]\nsimulation: x\nstate: x\nstatus: test"), @r"
        2:1 `lvl` warning[unknown-attribute]: unknown attribute `lvl`
            read as a custom attribute
            help: did you mean `level`?
        3:1 `reference` warning[unknown-attribute]: unknown attribute `reference`
            read as a custom attribute
            help: did you mean `references`?
    ");
    assert_snapshot!(problems("title: T\nlogsorce: {product: windows}\ndetection: {s: {a: b}, condition: s}\n"), @r"
        1:1 `title` error[missing-logsource]: rule has no `logsource`
            in this document
            help: add `logsource` with `category`, `product` or `service`
        2:1 `logsorce` warning[unknown-attribute]: unknown attribute `logsorce`
            read as a custom attribute
            help: did you mean `logsource`?
    ");
}

#[test]
fn log_sources() {
    assert_snapshot!(problems("title: T\nlogsource: {definition: x}\ndetection: {s: {a: b}, condition: s}\n"), @r"
        2:12 `{definition: x}` error[empty-logsource]: `logsource` names no events
            expected `category`, `product` or `service`
    ");
    assert_snapshot!(problems("title: T\nlogsource: {prodct: windows, category: Proc, service: [a]}\ndetection: {s: {a: b}, condition: s}\n"), @r#"
    2:13 `prodct` warning[unknown-attribute]: unknown key `prodct` in `logsource`
        has no effect
        help: did you mean `product`?
    2:40 `Proc` warning[log-source-case]: `category` `Proc` is not in lower case
        help: write `proc`
        fix: 2:40 `Proc` -> `proc`
    2:55 `[a]` error[wrong-type]: `service` is a list
        expected text
    "#);
    assert_snapshot!(problems("title: T\nlogsource: windows\ndetection: {s: {a: b}, condition: s}\n"), @r"
        2:12 `windows` error[wrong-type]: `logsource` is a single value
            expected a mapping
    ");
}

#[test]
fn kinds_of_documents() {
    assert_snapshot!(problems("a: b\n"), @r"
        1:1 `a` error[not-a-rule]: document is no rule
            expected `logsource` and `detection`
            help: a document has a `detection`, a `correlation` or a `filter`
    ");
    assert_snapshot!(problems("title: T\nlogsource: {product: windows}\n"), @r"
        1:1 `title` error[missing-detection]: rule has no `detection`
            in this document
            help: add `detection` with a selection and a `condition`
    ");
    assert_snapshot!(problems("- a\n- b\n"), @r"
        1:1 `` error[not-a-rule]: document is a list, not a rule
            expected `key: value` lines
    ");
    assert_snapshot!(problems("just text\n"), @r"
        1:1 `` error[not-a-rule]: document is a single value, not a rule
            expected `key: value` lines
    ");
    assert_snapshot!(problems("title: T\ndetection: {s: {a: b}, condition: s}\ncorrelation: {}\n"), @r"
        3:1 `correlation` error[ambiguous-document]: document is of two kinds
            a second kind
            2:1 `detection` the first
            help: put `detection`, `correlation` and `filter` into documents of their own, parted by `---`
    ");
    assert_snapshot!(problems("action: global\ntitle: T\n---\ndetection: {s: {a: b}, condition: s}\n"), @r#"
    4:1 `detection` error[missing-logsource]: rule has no `logsource`
        in this document
        help: add `logsource` with `category`, `product` or `service`
    "#);
}
