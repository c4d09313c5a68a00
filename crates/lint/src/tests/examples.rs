//! A bad example has its finding and no other, a good one none, and a fix makes the one into something like the other.

use crate::{Facts, File, Fixes, LINTS, Suppressions, across, check, mend};
use rulecast_diagnostics::{Diagnostic, FileId, apply};
use rulecast_ir::{Body, Predicate, Record, Rule, Scalar, Sigma};
use rulecast_rule::Parsed;
use std::collections::BTreeSet;

/// A rule without findings.
const BASE: &str = "\
title: Whoami Run by a Service
id: 7c0f4f0e-8c3f-4d55-9d7e-6a1f2b3c4d5e
status: test
description: A service asks which account it runs as.
references:
    - https://example.com/whoami
author: A. Nonymous
date: 2024-01-02
tags:
    - attack.discovery
    - attack.t1033
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\\whoami.exe'
    condition: selection
falsepositives:
    - Administrators
level: low
";

/// A file as an example describes it.
pub(super) struct Example {
    pub(super) name: String,
    pub(super) text: String,
}

/// The keys of `keys` in the place of those of `base`.
fn merged(base: &str, keys: &str) -> String {
    let blocks = |text: &str| {
        let mut blocks: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            match line.split_once(':').filter(|_| !line.starts_with([' ', '#'])) {
                Some((key, _)) => blocks.push((key.to_owned(), format!("{line}\n"))),
                None if line.starts_with('#') => {}
                None => {
                    let (_, block) = blocks.last_mut().expect("an example starts with a key");
                    block.push_str(line);
                    block.push('\n');
                }
            }
        }
        blocks
    };
    let without: Vec<&str> = keys.lines().filter_map(|line| line.strip_prefix("# no ")).collect();
    let mut all = blocks(base);
    all.retain(|(key, _)| !without.contains(&key.as_str()));
    for (key, block) in blocks(keys) {
        match all.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = block,
            None => all.push((key, block)),
        }
    }
    all.into_iter().map(|(_, block)| block).collect()
}

/// The files of an example: one for each part between `---`.
pub(super) fn files(example: &str) -> Vec<Example> {
    let is_document = |key: &str| example.lines().any(|line| line.starts_with(key));
    if is_document("correlation:") || is_document("filter:") {
        let rule = merged(BASE, "name: base_rule");
        let without = if is_document("filter:") {
            "# no detection\n# no level\n# no status"
        } else {
            "# no logsource\n# no detection"
        };
        let head = merged(BASE, &format!("{without}\ntitle: Another Rule\nid: 5f1d7e9a-3d0c-4c1b-9a51-0d8a6f2f4d11"));
        let text = format!("{rule}---\n{}", merged(&head, example));
        return vec![Example { name: "whoami.yml".to_owned(), text }];
    }
    let file = |(at, keys): (usize, &str)| {
        let base = if at == 0 {
            BASE.to_owned()
        } else {
            merged(BASE, "title: Another Rule\nid: 5f1d7e9a-3d0c-4c1b-9a51-0d8a6f2f4d11")
        };
        let name = keys.lines().find_map(|line| line.strip_prefix("# file: "));
        let usual = if at == 0 { "whoami.yml" } else { "another.yml" };
        Example { name: name.unwrap_or(usual).to_owned(), text: merged(&base, keys) }
    };
    example.split("---\n").enumerate().map(file).collect()
}

/// All findings on files that are looked at together, in the order of each text.
pub(super) fn findings(files: &[Example], project: &Suppressions) -> Vec<Vec<Diagnostic>> {
    let (mut all, facts): (Vec<Vec<Diagnostic>>, Vec<Facts>) = files
        .iter()
        .map(|file| {
            let Parsed { documents, mut diagnostics, .. } = rulecast_rule::parse(FileId(0), &file.text);
            let resolved = rulecast_ir::resolve(&documents, &[]);
            diagnostics.extend(resolved.diagnostics);
            let checked =
                check(&File { name: &file.name, text: &file.text, documents: &documents, rules: &resolved.rules });
            diagnostics.extend(checked.findings);
            (diagnostics, checked.facts)
        })
        .unzip();
    for (file, finding) in across(&facts) {
        all[file].push(finding);
    }
    for (findings, facts) in all.iter_mut().zip(&facts) {
        facts.suppress(project, findings);
        findings.sort_by_key(|finding| finding.at.span);
    }
    all
}

fn names(example: &str) -> BTreeSet<&'static str> {
    let found = findings(&files(example), &Suppressions::default());
    found.iter().flatten().map(|finding| finding.name).collect()
}

#[test]
fn the_base_of_the_examples_has_no_findings() {
    assert_eq!(names("title: Whoami Run by a Service"), BTreeSet::new());
}

#[test]
fn a_bad_example_has_that_finding_and_a_good_one_has_none() {
    let mut wrong = Vec::new();
    for lint in LINTS.iter() {
        let (bad, good) = (names(lint.bad), names(lint.good));
        if bad != BTreeSet::from([lint.name]) || !good.is_empty() {
            wrong.push(format!("{}: bad {bad:?}, good {good:?}", lint.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn rules(text: &str) -> Vec<Rule<Sigma>> {
    let parsed = rulecast_rule::parse(FileId(0), text);
    assert!(!parsed.has_errors(), "{:?}\n{text}", parsed.diagnostics);
    let resolved = rulecast_ir::resolve(&parsed.documents, &[]);
    assert!(!resolved.diagnostics.iter().any(Diagnostic::is_error), "{:?}\n{text}", resolved.diagnostics);
    resolved.rules
}

/// Whether the rule holds of an event that has each of `values` in every field that it asks for.
fn answers(rules: &[Rule<Sigma>], values: &[&str]) -> Vec<bool> {
    rules
        .iter()
        .flat_map(|rule| match &rule.body {
            Body::Event(event) => event.arms.iter().collect(),
            Body::Sequence(_) | Body::Correlation(_) => Vec::new(),
        })
        .flat_map(|arm| values.iter().map(|value| holds(&arm.predicate, value)).collect::<Vec<_>>())
        .collect()
}

fn holds(predicate: &Predicate<Sigma>, value: &str) -> bool {
    let mut fields = BTreeSet::new();
    predicate.for_each(&mut |atom| {
        if let rulecast_ir::Subject::Field(field) = &atom.subject {
            fields.insert(field.name().to_string());
        }
    });
    let fields = fields.into_iter().map(|field| (field, vec![Scalar::Text(value.to_owned())])).collect();
    let record = Record { fields, ..Record::default() };
    rulecast_ir::eval::satisfies(predicate, &record)
}

#[test]
fn a_safe_fix_takes_the_finding_away_and_keeps_the_meaning() {
    const VALUES: &[&str] = &[
        "whoami",
        "WHOAMI",
        "x whoami y",
        "whoami /all",
        "whoami.exe",
        "C:\\whoami.exe",
        "who",
        "ami",
        "who**ami",
        "who*ami",
        "who-x-ami",
        "",
        "no",
        "\n",
        "x\nwhobmi\n",
        "cmd.exe",
    ];
    let mut wrong = Vec::new();
    for lint in LINTS.iter() {
        let file = files(lint.bad).remove(0);
        let found = findings(&files(lint.bad), &Suppressions::default()).remove(0);
        let safe = found.iter().any(|finding| finding.fix.as_ref().is_some_and(|fix| fix.safe));
        let suggested = found.iter().any(|finding| finding.fix.as_ref().is_some_and(|fix| !fix.safe));
        if (safe, suggested) != (lint.fix == Fixes::Safe, lint.fix == Fixes::Suggested) {
            wrong.push(format!("{}: safe {safe}, suggested {suggested}", lint.name));
            continue;
        }
        let new = if safe {
            let Some(mended) = mend(&file.text, &found) else {
                wrong.push(format!("{}: not mended", lint.name));
                continue;
            };
            assert_eq!(
                answers(&rules(&file.text), VALUES),
                answers(&rules(&mended.text), VALUES),
                "{}: {}",
                lint.name,
                mended.text
            );
            mended.text
        } else if suggested {
            assert_eq!(mend(&file.text, &found), None, "only safe fixes are made");
            apply(&file.text, found.iter().filter_map(|finding| finding.fix.as_ref())).0
        } else {
            continue;
        };
        let left = findings(&[Example { name: file.name, text: new.clone() }], &Suppressions::default()).remove(0);
        if !left.is_empty() {
            wrong.push(format!("{}: left {left:?} in\n{new}", lint.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_list_under_all_keeps_its_values() {
    let example = "detection:\n    selection:\n        CommandLine|contains|all:\n            - who\n            - WHO\n    condition: selection";
    let file = files(example).remove(0);
    let found = findings(&files(example), &Suppressions::default()).remove(0);
    assert_eq!(found.iter().map(|finding| finding.name).collect::<Vec<_>>(), ["duplicate-value"]);
    assert_eq!(mend(&file.text, &found), None);
}
