//! Content of rules written as text.

use crate::{Content, Identity, LeftOut, Packing, testing};
use rulecast_compile::Outcome;
use rulecast_diagnostics::SourceMap;

/// The rules of these files, on these targets.
pub(crate) fn content(targets: &[&str], files: &[&str]) -> Content {
    content_with(targets, files, |outcome| outcome)
}

/// The same, with the queries changed.
pub(crate) fn content_with(targets: &[&str], files: &[&str], change: impl Fn(Outcome) -> Outcome) -> Content {
    let paths: Vec<String> = (0..files.len()).map(|at| format!("rule{at}.yml")).collect();
    let files: Vec<(&str, &str)> = paths.iter().map(String::as_str).zip(files.iter().copied()).collect();
    let identity = Identity {
        name: "test".to_owned(),
        version: "1.0.0".to_owned(),
        author: "Tests".to_owned(),
        license: None,
        commit: None,
        tool_version: "0.0.0".to_owned(),
    };
    testing::made(identity, &files, targets, change)
}

/// A package of some content: each rule is in it or left out.
pub(crate) fn packed(package: &str, content: &Content) -> Packing {
    let packing = testing::packed(package, content);
    for at in 0..content.rules.len() {
        let (is_in, is_out) =
            (packing.entries.iter().any(|one| one.rule == at), packing.left_out.iter().any(|one| one.rule == at));
        assert!(is_in != is_out, "rule {at} is in: {is_in}, out: {is_out}");
    }
    packing
}

/// Why rules are left out, each with the text that the reason points at, its first line; a file holds one rule.
pub(crate) fn left_out(packing: &Packing, files: &[&str]) -> String {
    let shown = |one: &LeftOut| {
        let mut map = SourceMap::new();
        map.add("rule.yml", files[one.rule]);
        let text = map.slice(one.span);
        let line = text.lines().next().unwrap_or_default();
        format!("{}: {} [{}]", one.reason.name(), one.message, line.get(..60).unwrap_or(line))
    };
    packing.left_out.iter().map(shown).collect::<Vec<_>>().join("\n")
}

/// A rule about one process.
pub(crate) const PROCESS: &str = "\
title: Script Host Started by an Installer
id: 2832f8bb-e9d7-4990-ac66-249809d2778c
status: test
description: An installer starts a script host.
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        ParentImage|endswith: '\\msiexec.exe'
        Image|endswith: '\\powershell.exe'
    condition: selection
level: critical
tags:
    - attack.stealth
    - attack.t1546.016
    - attack.t1059
version: 3
";

/// A sequence over two tables.
pub(crate) const SEQUENCE: &str = "\
title: Action
name: action
logsource: {category: process_creation, product: windows}
detection:
    selection: {Image|endswith: '\\rundll32.exe'}
    condition: selection
---
title: Connection
name: connection
logsource: {category: network_connection, product: windows}
detection:
    selection: {Image|endswith: '\\rundll32.exe'}
    condition: selection
---
title: Action Followed by a Connection
id: 238a60ed-b91d-4913-adc8-e410e444404d
correlation:
    type: temporal_ordered
    rules: [action, connection]
    group-by: [HostId]
    timespan: 2h
level: high
schedule: {every: 5m, lookback: 9m}
";
