//! Content of rules written as text.

use crate::{BundledRule, Content, Identity, LeftOut, OnTarget, PACKAGES, Packing, Selection, SourceFile};
use rulecast_compile::{Outcome, Target, Unit, compile};
use rulecast_diagnostics::{FileId, SourceMap};
use rulecast_ir::Allow;
use rulecast_lock::Form;
use std::sync::Arc;

/// The rules of these files, on these targets.
pub(crate) fn content(targets: &[&str], files: &[&str]) -> Content {
    content_with(targets, files, |outcome| outcome)
}

/// The same, with the queries changed.
pub(crate) fn content_with(targets: &[&str], files: &[&str], change: impl Fn(Outcome) -> Outcome) -> Content {
    let (mut rules, mut sources) = (Vec::new(), Vec::new());
    for (at, text) in files.iter().enumerate() {
        let path = format!("rule{at}.yml");
        let parsed = rulecast_rule::parse(FileId(0), text);
        let resolved = Unit::new(parsed.documents).resolve();
        for rule in &resolved.rules {
            let on = targets.iter().map(|target| {
                let target = Target::parse(target).expect("the test names a target");
                OnTarget::new(rule, target, change(compile(rule, target, Allow::default())))
            });
            let on = on.collect();
            rules.push((BundledRule::new(rule, (path.clone(), 1), Form::of(rule), on), Vec::new()));
        }
        sources.push(SourceFile { path, text: Arc::from(*text) });
    }
    let identity = Identity {
        name: "test".to_owned(),
        version: "1.0.0".to_owned(),
        author: "Tests".to_owned(),
        license: None,
        commit: None,
        tool_version: "0.0.0".to_owned(),
    };
    let selection = Selection { min_level: None, min_status: None, tags: Vec::new() };
    Content::new(identity, targets.iter().map(|one| (*one).to_owned()).collect(), rules, sources, &selection)
}

/// A package of some content: each rule is in it or left out.
pub(crate) fn packed(package: &str, content: &Content) -> Packing {
    let package = PACKAGES.iter().find(|one| one.name == package).expect("there is such a package");
    let packing = (package.pack)(content);
    for at in 0..content.rules.len() {
        let (is_in, is_out) =
            (packing.entries.iter().any(|one| one.rule == at), packing.left_out.iter().any(|one| one.rule == at));
        assert!(is_in != is_out, "rule {at} is in: {is_in}, out: {is_out}");
    }
    packing
}

/// The text of a file of a package.
pub(crate) fn file(packing: &Packing, path: &str) -> String {
    let (_, bytes) = packing.files.iter().find(|(one, _)| one == path).unwrap_or_else(|| {
        panic!("no {path}: {:?} {:?}", packing.files.iter().map(|(path, _)| path).collect::<Vec<_>>(), packing.left_out)
    });
    String::from_utf8(bytes.clone()).expect("files are text")
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
