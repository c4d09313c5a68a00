//! Which rewritings of a rule change its form, and which do not; and that a form never changes by itself.

use super::{FORM, Form, Part, texts};
use rulecast_diagnostics::FileId;
use rulecast_ir::{Rule, Sigma};

const RULE: &str = "\
title: Whoami
id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
description: Someone asks who they are.
tags: [attack.discovery, attack.t1033]
logsource: {category: process_creation, product: windows}
detection:
  sel:
    Image|endswith: ['\\whoami.exe', '\\id.exe']
    CommandLine|contains: /all
  filter:
    User: SYSTEM
  condition: sel and not filter
level: low
";

fn rules(text: &str) -> Vec<Rule<Sigma>> {
    let parsed = rulecast_rule::parse(FileId(0), text);
    let resolved = rulecast_ir::resolve(&parsed.documents, &[]);
    let problems: Vec<_> =
        parsed.diagnostics.iter().chain(&resolved.diagnostics).filter(|one| one.is_error()).collect();
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    resolved.rules
}

fn form(text: &str) -> Form {
    let rules = rules(text);
    assert_eq!(rules.len(), 1);
    Form::of(&rules[0])
}

/// The parts that change when `old` becomes `new` in the rule.
fn check(old: &str, new: &str, expect: &[Part]) {
    assert!(RULE.contains(old), "{old}");
    let (before, after) = (form(RULE), form(&RULE.replacen(old, new, 1)));
    let changed: Vec<Part> =
        Part::ALL.iter().copied().filter(|part| before.parts.get(part.key()) != after.parts.get(part.key())).collect();
    assert_eq!(changed, expect, "{old} → {new}");
    assert_eq!(before.sha256 == after.sha256, expect.is_empty(), "{old} → {new}");
}

#[test]
fn the_way_of_writing_has_no_part_in_the_form() {
    check("title: Whoami", "# why\ntitle:   \"Whoami\"", &[]);
    check("[attack.discovery, attack.t1033]", "\n  - attack.t1033\n  - attack.discovery", &[]);
    check("['\\whoami.exe', '\\id.exe']", "[\"\\\\id.exe\", '\\whoami.exe', '\\id.exe']", &[]);
    check(
        "    Image|endswith: ['\\whoami.exe', '\\id.exe']\n    CommandLine|contains: /all\n",
        "    CommandLine|contains: /all\n    Image|endswith: ['\\whoami.exe', '\\id.exe']\n",
        &[],
    );
    check("CommandLine|contains: /all", "CommandLine: '*/all*'", &[]);
    check("condition: sel and not filter", "condition: not (not sel or filter)", &[Part::Detection]);
    check("condition: sel and not filter", "condition: (sel) and not (1 of filter*)", &[]);
    check(
        "  filter:\n    User: SYSTEM\n  condition: sel and not filter",
        "  f:\n    User: SYSTEM\n  condition: sel and not f",
        &[],
    );
    check("level: low\n", "level: low\nrisk_score: 21\n", &[]);
}

#[test]
fn prose_and_history_have_no_part_in_the_form() {
    check("description: Someone asks who they are.", "description: Else", &[]);
    check("9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11", "0d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f12", &[]);
    let more = "status: stable\nauthor: A\ndate: 2024-01-02\nmodified: 2024-01-03\nreferences: [https://a.example]\n\
                falsepositives: [none]\nlicense: MIT\nname: who\nversion: 7\nnote: n\nsetup: s\nresponse: r\nx_mine: 1\n\
                tests: [{name: t, expect: match, events: [{Image: 'C:\\whoami.exe', CommandLine: whoami /all}]}]\nlevel: low";
    check("level: low", more, &[]);
}

#[test]
fn what_a_rule_means_and_how_it_is_rated_has_a_part() {
    check("title: Whoami", "title: Who am I", &[Part::Title]);
    check("\\id.exe", "\\Id.exe", &[Part::Detection]);
    check("|endswith", "|endswith|cased", &[Part::Detection]);
    check("/all", "/ALL", &[Part::Detection]);
    check("product: windows", "product: linux", &[Part::LogSource]);
    check("level: low", "level: high", &[Part::Level, Part::Risk]);
    check("level: low", "level: low\nconfidence: high", &[Part::Risk]);
    check("attack.t1033", "attack.t1087", &[Part::Tags]);
    check("level: low", "level: low\nschedule: {every: 5m, lookback: 9m}", &[Part::Schedule]);
    check("level: low", "level: low\noutput: {fields: [_time, Image]}", &[Part::Output]);
    check("level: low", "level: low\ntargets: {eql: {refuse: no agents there}}", &[Part::Targets]);
    check(
        "level: low",
        "level: low\nclassification: [{name: full, condition: sel}, {otherwise: other}]",
        &[Part::Classification],
    );
}

#[test]
fn regexes_are_known_by_what_they_match() {
    let with = |regex: &str| form(&RULE.replace("CommandLine|contains: /all", regex)).sha256;
    assert_eq!(with("CommandLine|re: 'a(?:b|c)d{1,}'"), with("CommandLine|re: 'a(c|b)d+'"));
    assert_eq!(with("CommandLine|re|i: 'a'"), with("CommandLine|re: '(?i)a'"));
    assert_ne!(with("CommandLine|re: 'a+'"), with("CommandLine|re: 'a*'"));
    assert_ne!(with("CommandLine|re|expand: 'a%x%'"), with("CommandLine|re|expand: 'a%y%'"));
    assert_ne!(with("CommandLine|re|expand: 'a%x%'"), with("CommandLine|re|i|expand: 'a%x%'"));
}

const CORRELATION: &str = "\
title: Many
correlation: {type: event_count, rules: [who], group-by: [User], timespan: 10m, condition: {gte: 5}}
---
title: Whoami
name: who
logsource: {category: process_creation, product: windows}
detection: {sel: {Image|endswith: '\\whoami.exe'}, condition: sel}
";

#[test]
fn a_correlation_has_the_detections_of_its_rules() {
    let changed = |old: &str, new: &str| {
        let (before, after) = (form(CORRELATION), form(&CORRELATION.replace(old, new)));
        Part::ALL
            .iter()
            .copied()
            .filter(|part| before.parts.get(part.key()) != after.parts.get(part.key()))
            .collect::<Vec<_>>()
    };
    assert_eq!(changed("timespan: 10m", "timespan: 600s"), []);
    assert_eq!(changed("who", "someone"), [Part::Detection], "the name of the rule is no part, its file is");
    assert_eq!(changed("gte: 5", "gt: 4"), [Part::Correlation]);
    assert_eq!(changed("[User]", "[User, Computer]"), [Part::Correlation]);
    assert_eq!(changed("windows", "linux"), [Part::LogSource]);
    assert_eq!(changed("title: Whoami", "title: Who am I"), [], "the title of a rule that it uses");
}

/// If this test fails, forms of rules have changed, and every lock says that rules changed which did not: raise [`FORM`].
#[test]
fn forms_stay_as_they_are() {
    let shown = |text: &str| {
        let shown = |rule: &Rule<Sigma>| {
            let texts = texts(rule).into_iter().map(|(part, text)| format!("{}: {text}\n", part.key()));
            format!("{}{}\n", texts.collect::<String>(), Form::of(rule).sha256)
        };
        rules(text).iter().map(shown).collect::<String>()
    };
    assert_eq!(FORM, 1);
    insta::assert_snapshot!(shown(RULE), @r#"
    log_source: (11:log-sources(10:log-source(8:category16:process_creation)(7:product7:windows)))
    detection: (10:detections(3:and(2:or(4:test(5:field5:Image)(4:text8:caseless(7:any-run)11:\whoami.exe))(4:test(5:field5:Image)(4:text8:caseless(7:any-run)7:\id.exe)))(3:not(4:test(5:field4:User)(4:text8:caseless6:SYSTEM)))(4:test(5:field11:CommandLine)(4:text8:caseless(7:any-run)4:/all(7:any-run)))))
    title: (5:title6:Whoami)
    level: (5:level3:low)
    risk: (4:risk2:21)
    tags: (4:tags12:attack.t103316:attack.discovery)
    b3cacbab299f12911f180f85632b85294b311b15cc666ff16d209dfb15cc5019
    "#);
    insta::assert_snapshot!(shown(CORRELATION), @r#"
    log_source: (11:log-sources(10:log-source(8:category16:process_creation)(7:product7:windows)))
    detection: (10:detections(4:test(5:field5:Image)(4:text8:caseless(7:any-run)11:\whoami.exe)))
    correlation: (11:correlation3:600(11:event_count)(4:keys4:User)(3:gte1:5)(4:step(5:event1:1)(3:key(5:field4:User))))
    title: (5:title4:Many)
    level: (5:level6:medium)
    risk: (4:risk2:47)
    a35763688fbd43428265e464c880da13405cec5e6ed5ec11f736f91526a851fb
    "#);
}
