//! Content from the texts of rules, for tests of packages.

use crate::{BundledRule, Content, Identity, LeftOut, OnTarget, PACKAGES, Packing, Selection, SourceFile};
use rulecast_compile::{Allow, Outcome, Target, Unit, compile};
use rulecast_diagnostics::{FileId, SourceMap};
use rulecast_lock::Form;
use std::fmt::Write;
use std::sync::Arc;

/// A rule without a word that platforms would refuse; a test puts others in its place.
pub(crate) const RULE: &str = "\
title: Shell Started by an Installer
id: 5b6a3c0e-3a0f-4b53-9d3e-5d9d7cf0a001
status: test
description: An installer started a shell.
references: ['https://example.com/a']
author: Ana, Bo
date: 2026-01-31
modified: 2026-02-01
tags: [attack.execution, attack.persistence, attack.t1546.016, attack.t1059, attack.t9999, cve.2026-1]
logsource: {category: process_creation, product: windows}
detection:
    sel: {ParentImage|endswith: '\\msiexec.exe', Image|endswith: '\\cmd.exe'}
    condition: sel
falsepositives: [Setups of large products]
level: high
version: 2
setup: Collect processes.
note: Read the command line.
response: Isolate the host.
output: {fields: [_time, Computer, User, Image, CommandLine]}
";

/// A bundle of files for targets.
pub(crate) fn content(files: &[(&str, &str)], targets: &[&str]) -> Content {
    named("detection-bundle", files, targets)
}

/// The same under a name.
pub(crate) fn named(name: &str, files: &[(&str, &str)], targets: &[&str]) -> Content {
    let identity = Identity {
        name: name.to_owned(),
        version: "1.4.0".to_owned(),
        author: "Example".to_owned(),
        license: Some("MIT".to_owned()),
        commit: None,
        tool_version: "0.1.0".to_owned(),
    };
    for (path, text) in files {
        let parsed = rulecast_rule::parse(FileId(0), text);
        assert!(!parsed.has_errors(), "{path}: {:#?}", parsed.diagnostics);
    }
    made(identity, files, targets, |outcome| outcome)
}

/// The same, with the queries changed, of rules that may have errors.
pub(crate) fn made(
    identity: Identity,
    files: &[(&str, &str)],
    targets: &[&str],
    change: impl Fn(Outcome) -> Outcome,
) -> Content {
    let of_run: Vec<Target<'_>> = targets.iter().map(|target| Target::parse(target).unwrap()).collect();
    let mut rules = Vec::new();
    for (path, text) in files {
        let parsed = rulecast_rule::parse(FileId(0), text);
        let resolved = Unit::new(parsed.documents).resolve();
        for rule in resolved.rules {
            let outcome = |target: &Target<'_>| change(compile(&rule, *target, Allow::default()));
            let on = of_run.iter().map(|target| OnTarget::new(&rule, *target, outcome(target))).collect();
            rules.push((BundledRule::new(&rule, ((*path).to_owned(), 1), Form::of(&rule), on), Vec::new()));
        }
    }
    assert!(!rules.is_empty(), "no rule is read");
    let sources = files.iter().map(|(path, text)| SourceFile { path: (*path).to_owned(), text: Arc::from(*text) });
    let targets = targets.iter().map(|target| (*target).to_owned()).collect();
    Content::new(identity, targets, rules, sources.collect(), &Selection::default())
}

/// A package of it.
pub(crate) fn packed(package: &str, content: &Content) -> Packing {
    let package = PACKAGES.iter().find(|one| one.name == package).unwrap();
    (package.pack)(content)
}

/// A text file of a package.
pub(crate) fn text(packing: &Packing, path: &str) -> String {
    let paths: Vec<&String> = packing.files.iter().map(|(path, _)| path).collect();
    let file = packing.files.iter().find(|(one, _)| one == path);
    String::from_utf8(file.unwrap_or_else(|| panic!("{path} is none of {paths:?}")).1.clone()).unwrap()
}

/// What a package leaves out, as findings: `line:column message (help)`.
pub(crate) fn findings(package: &str, content: &Content) -> String {
    let packing = packed(package, content);
    let mut out = String::new();
    for left_out in &packing.left_out {
        let finding = LeftOut::finding(left_out, package).unwrap_or_else(|| panic!("{left_out:?} is no finding"));
        let path = &content.rules[left_out.rule].path;
        let source = content.sources.iter().find(|source| source.path == *path).unwrap();
        let mut sources = SourceMap::new();
        sources.add(path.as_str(), source.text.to_string());
        let at = sources.position(finding.at.span);
        let _ = write!(out, "{}:{} {}", at.line, at.column, finding.message);
        let _ = left_out.help.iter().try_for_each(|help| write!(out, " ({help})"));
        out.push('\n');
        assert!(packing.entries.iter().all(|entry| entry.rule != left_out.rule), "it is in, and left out");
    }
    out
}
