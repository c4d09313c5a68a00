//! What a rule shows must exist where its results come from.

use rulecast_compile::{Allow, Outcome, Target, Unit, compile};
use rulecast_diagnostics::SourceMap;

const SEQUENCE: &str = "
title: Shell
name: shell
logsource: {category: process_creation, product: windows}
detection:
  selection: {Image|endswith: '\\cmd.exe'}
  condition: selection
---
title: Connection
name: connection
logsource: {category: network_connection, product: windows}
detection:
  selection: {DestinationPort: 443}
  condition: selection
---
title: Shell, then connection
correlation:
  type: temporal_ordered
  rules: [shell, connection]
  group-by: [HostId]
  timespan: 1m
output:
  fields: [CommandLine, Image, DestinationIp, OriginalFileName]
";

#[test]
fn a_sequence_shows_columns_of_its_completing_event() {
    let mut map = SourceMap::new();
    let file = map.add("rule.yml", SEQUENCE);
    let parsed = rulecast_rule::parse(file, SEQUENCE);
    let resolved = Unit::new(parsed.documents).resolve();
    let target = Target::parse("kql.xdr").expect("a target of the registry");
    let rule = resolved.rules.last().expect("three rules");
    let Outcome::Queries(queries) = compile(rule, target, Allow::default()) else {
        panic!("a query");
    };
    let query = &queries[0].text;
    assert!(query.contains("InitiatingProcessCommandLine") && query.contains("RemoteIP"), "{query}");
    // Of processes, not of connections.
    for column in [" ProcessCommandLine", " FolderPath", "ProcessVersionInfoOriginalFileName"] {
        assert!(!query.contains(&format!("{column},")), "{column} in {query}");
    }
}
