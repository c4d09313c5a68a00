//! Chains of correlations that a long run of the random square found to be wrong.

#![allow(clippy::unwrap_used, reason = "the helpers of tests stand outside of the test functions")]

use rulecast_compile::{NoSquare, Target, Unit, square};
use rulecast_diagnostics::FileId;
use rulecast_ir::Record;

/// Every target that can say the last rule says it as the rule means it, over the events of its one test.
fn check(text: &str, least: usize) {
    let parsed = rulecast_rule::parse(FileId(0), text);
    assert!(!parsed.has_errors(), "{:?}", parsed.diagnostics);
    let resolved = Unit::new(parsed.documents).resolve();
    let rule = resolved.rules.last().unwrap();
    let events = &rule.metadata.0.tests[0].events;
    let records: Vec<Record> = events.iter().zip(0..).map(|(event, id)| Record::of_test(event, id)).collect();
    let mut said = 0;
    for target in Target::ALL {
        match square(rule, target, &records) {
            Ok(square) => {
                assert_eq!(square.queries, square.rule, "{target}");
                said += 1;
            }
            Err(NoSquare::Refused(_)) => {}
            Err(other) => panic!("{target}: {other:?}"),
        }
    }
    assert!(said >= least, "{said} targets can say it");
}

const REGISTRY: &str = "\
title: set
name: set
logsource: {category: registry_set, product: windows}
detection: {s: {Image|contains: cmd}, condition: s}
---
title: started
name: started
logsource: {category: process_creation, product: windows}
detection: {s: {ProcessId: [4711, 6]}, condition: s}
---
";

/// Members of different depth have the same number among their like, and stand in different macros.
#[test]
fn an_event_is_of_the_members_that_it_matches_alone() {
    let text = format!(
        "{REGISTRY}\
title: values
name: values
correlation: {{type: value_count, rules: [set], timespan: 7s, condition: {{gt: 3, field: ProcessId}}}}
---
title: three
correlation: {{type: event_count, rules: [started, values], timespan: 5s, condition: {{gte: 3}}}}
tests:
  - name: two of three
    expect: no_match
    events:
      - {{offset: 0s, category: process_creation, product: windows, ProcessId: '6'}}
      - {{offset: 3s, category: process_creation, product: windows, ProcessId: '4711'}}
      - {{offset: 5s, category: registry_set, product: windows, Image: 'C:\\x\\cmd.exe', ProcessId: '7'}}
"
    );
    check(&text, 4);
}

/// A sequence ends with an event that is a member by itself.
#[test]
fn an_event_that_counts_twice_is_one_end() {
    let text = "\
title: any
name: any
logsource: {category: registry_set, product: windows}
detection: {s: {Image|startswith: 'C:\\'}, condition: s}
---
title: run
name: run
logsource: {category: registry_set, product: windows}
detection: {s: {TargetObject|contains: '\\Software\\Run'}, condition: s}
---
title: both
name: both
correlation: {type: temporal_ordered, rules: [run, any], timespan: 9s}
---
title: one
correlation: {type: event_count, rules: [run, both], timespan: 5s, condition: {gte: 1}}
tests:
  - name: twice
    expect: match
    events:
      - {offset: 0s, TargetObject: 'HKLM\\SOFTWARE\\Run\\cmd', Image: 'C:\\a.exe'}
      - {offset: 4s, TargetObject: 'HKLM\\SOFTWARE\\Run\\cmd', Image: 'C:\\a.exe'}
";
    check(text, 4);
}
