//! Correlations on SPL: streams written by hand, and log sources of a data model. `correlations.rs` has those by chance.

use rulecast_compile::{Target, Unit, square};
use rulecast_diagnostics::FileId;
use rulecast_ir::Record;

/// A chain may hold members that the condition does not ask for there.
#[test]
fn a_chain_may_go_on_beyond_what_its_condition_asks_for() {
    let rule = |name: &str| {
        format!(
            "---\ntitle: {name}\nname: {name}\nlogsource: {{category: x}}\ndetection: {{s: {{e: {name}}}, condition: s}}\n"
        )
    };
    let check = |condition: &str, stream: &str, expected: &[u64]| {
        let head = "title: t\ncorrelation: {type: temporal_ordered, rules: [a, b, c], timespan: 10s, condition: ";
        let text = format!("{head}{condition}}}\n{}{}{}", rule("a"), rule("b"), rule("c"));
        let resolved = Unit::new(rulecast_rule::parse(FileId(0), &text).documents).resolve();
        let events: Vec<Record> = stream
            .split_whitespace()
            .zip(0..)
            .map(|(event, id)| {
                let mut record = Record { id, time: event[1..].parse::<i64>().unwrap() * 1000, ..Record::default() };
                record.add_json("e", &event[..1].into());
                record
            })
            .collect();
        let square = square(&resolved.rules[0], Target::parse("spl.none").unwrap(), &events).unwrap();
        let last: Vec<u64> = square.rule.iter().map(|answer| answer.last).collect();
        assert!(
            square.closes() && last == expected,
            "{condition}: {last:?} {:?}\n{}",
            square.queries,
            square.each[0].0.text
        );
    };
    check("a or (b and c)", "a0 b1 c2 b20", &[0, 1, 2]);
    check("a or (b and c)", "b0 c1 b2", &[1]);
    check("a or (c and not b)", "a0 b1 c2 a13", &[0, 1, 2, 3]);
    check("a and not b and not c", "c0 a1 a11", &[2]);
    check("not a and not b and not c", "a0 b1", &[]);
}

/// Brute force by two log sources of one platform, then a new process.
const CHAIN: &str = "
title: many failures, then a process
correlation:
  type: temporal_ordered
  rules: [failures, process]
  group-by: [HostId]
  timespan: 5m
---
title: failures
name: failures
correlation:
  type: value_count
  rules: [query, connection]
  group-by: [HostId]
  timespan: 10s
  condition: {gte: 2, field: ProcessGuid}
---
title: query
name: query
logsource: {product: windows, category: dns_query}
detection: {s: {QueryName|endswith: .example}, condition: s}
---
title: connection
name: connection
logsource: {product: windows, category: network_connection}
detection: {s: {DestinationPort: 4444}, condition: s}
---
title: process
name: process
logsource: {product: windows, category: process_creation}
detection: {s: {Image|endswith: '\\tool.exe', CommandLine|re: '-[a-z]+$'}, condition: s}
";

#[test]
fn a_chain_over_log_sources_of_a_data_model() {
    let parsed = rulecast_rule::parse(FileId(0), CHAIN);
    let resolved = Unit::new(parsed.documents).resolve();
    let of = |id: u64, seconds: i64, category: &str, fields: &[(&str, &str)]| {
        let source = rulecast_ir::RecordSource {
            product: Some("windows".into()),
            category: Some(category.into()),
            service: None,
        };
        let mut record = Record { id, time: seconds * 1000, log_sources: Some(vec![source]), ..Record::default() };
        fields.iter().for_each(|(name, value)| record.add_json(name, &(*value).into()));
        record
    };
    let query = |id, seconds, host, process| {
        of(id, seconds, "dns_query", &[("QueryName", "a.example"), ("HostId", host), ("ProcessGuid", process)])
    };
    let tool = [("Image", r"C:\tool.exe"), ("CommandLine", "tool -x"), ("HostId", "h")];
    let events = [
        query(1, 0, "h", "p"),
        query(2, 1, "h", "p"),
        query(3, 2, "other", "q"),
        of(4, 3, "process_creation", &tool),
        of(5, 4, "network_connection", &[("DestinationPort", "4444"), ("HostId", "h"), ("ProcessGuid", "q")]),
        of(6, 5, "process_creation", &tool),
        of(7, 6, "process_creation", &tool),
    ];
    for target in ["spl.sysmon", "spl.none"] {
        let square = square(&resolved.rules[0], Target::parse(target).unwrap(), &events).unwrap();
        let last: Vec<u64> = square.rule.iter().map(|answer| answer.last).collect();
        let text = &square.each[0].0.text;
        assert!(square.closes() && last == [6], "{target}\n{text}\n{:?}\n{:?}", square.rule, square.queries);
    }
}
