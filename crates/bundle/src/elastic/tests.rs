//! What Kibana and the detection-rules repository get of rules.

use crate::testing::{RULE, content, findings, packed, text};
use serde_json::Value;
use std::collections::BTreeMap;

const NDJSON: &str = "elastic/rules.ndjson";

/// The lines of the NDJSON of one rule.
fn lines(rule: &str) -> Vec<Value> {
    let packing = packed("kibana", &content(&[("a.yml", rule)], &["eql.ecs"]));
    text(&packing, NDJSON).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What a rule with some words in the place of others lacks in a package.
fn refused(package: &str, target: &str, changes: &[(&str, &str)]) -> String {
    let rule = changes.iter().fold(RULE.to_owned(), |rule, (from, to)| {
        assert!(rule.contains(from), "{from}");
        rule.replace(from, to)
    });
    findings(package, &content(&[("a.yml", &rule)], &[target]))
}

#[test]
fn a_rule_is_a_line_that_kibana_imports() {
    let packing = packed("kibana", &content(&[("a.yml", RULE)], &["eql.ecs"]));
    let line = text(&packing, NDJSON);
    assert_eq!((line.lines().count(), line.ends_with("}\n")), (1, true));
    let value: BTreeMap<String, Value> = serde_json::from_str(&line).unwrap();
    assert_eq!(line.trim_end(), serde_json::to_string(&value).unwrap(), "the keys are sorted");
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn what_one_import_does_not_take_is_in_further_files() {
    let long = "a shell. ".repeat(7000);
    let of = |at: u32| RULE.replace("5b6a3c0e", &format!("{at:08x}")).replace("a shell.", &long);
    let files: Vec<(String, String)> = (0..200).map(|at| (format!("{at:03}.yml"), of(at))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let packing = packed("kibana", &content(&files, &["eql.ecs"]));
    let counts = packing.files.iter().map(|(path, bytes)| {
        assert!(bytes.len() <= 10 * 1024 * 1024 && bytes.ends_with(b"}\n"));
        let rules = bytes.split(|byte| *byte == b'\n').count() - 1;
        assert_eq!(packing.entries.iter().filter(|entry| entry.path == *path).count(), rules);
        (path.as_str(), rules)
    });
    let counts: Vec<_> = counts.collect();
    assert_eq!((counts[0].0, counts[1].0, counts.len()), (NDJSON, "elastic/rules-2.ndjson", 2));
    assert_eq!(counts[0].1 + counts[1].1, 200);
}

#[test]
fn a_rule_is_a_file_of_detection_rules() {
    let packing = packed("detection-rules", &content(&[("a.yml", RULE)], &["eql.ecs"]));
    let text = text(&packing, "elastic/detection-rules/a.toml");
    let _: toml::Table = toml::from_str(&text).unwrap();
    insta::assert_snapshot!(text);
}

#[test]
fn hostile_texts_stay_texts() {
    let title = r#"a "b" '''c''' \"""[x] $y$ %z% \"#;
    let description = "first \\\n[x]\n# not a comment = 1\n''' \"\"\" \u{1b}[31m \u{2028} é";
    let of = |text: &str| serde_json::to_string(text).unwrap();
    let rule = RULE.replace("Shell Started by an Installer", &of(title));
    let rule = rule.replace("An installer started a shell.", &of(description));
    let line = &lines(&rule)[0];
    assert_eq!((line["name"].as_str(), line["description"].as_str()), (Some(title), Some(description)));
    // The repository does not take such a name, but the description.
    let rule = RULE.replace("An installer started a shell.", &of(description));
    let packing = packed("detection-rules", &content(&[("a.yml", &rule)], &["eql.ecs"]));
    let table: toml::Table = toml::from_str(&text(&packing, "elastic/detection-rules/a.toml")).unwrap();
    assert_eq!(table["rule"]["description"].as_str(), Some(format!("{description}\n").as_str()));
}

#[test]
fn times_are_computed_unless_the_rule_says_them() {
    let times = |rule: &str| {
        let line = &lines(rule)[0];
        let word = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {} {}", word("interval"), word("from"), word("to"), line["max_signals"])
    };
    assert_eq!(times(RULE), "5m now-9m now 100");
    let said = RULE.replace("version: 2", "schedule: {every: 1h, lookback: 65m, max_alerts: 20}");
    assert_eq!(times(&said), "1h now-65m now 20");
    assert_eq!(times(&sequence("30s", "")), "5m now-10m now 100");
    assert_eq!(times(&sequence("1h", "")), "30m now-94m now 100");
}

/// Two events in order.
fn sequence(timespan: &str, more: &str) -> String {
    let step = |name: &str| {
        format!(
            "title: {name}\nname: {name}\nlogsource: {{category: process_creation, product: macos}}\n\
             detection: {{sel: {{Image|endswith: /{name}}}, condition: sel}}\n---\n"
        )
    };
    format!(
        "{}{}title: Both\nid: 5b6a3c0e-3a0f-4b53-9d3e-5d9d7cf0a002\ndate: 2026-01-31\n\
         correlation: {{type: temporal_ordered, rules: [a, b], group-by: [HostId], timespan: {timespan}}}\n{more}",
        step("a"),
        step("b")
    )
}

#[test]
fn an_alert_rule_of_a_sequence_has_nothing_before_its_query() {
    let rule = sequence("30s", "");
    let content = content(&[("a.yml", &rule)], &["eql.ecs"]);
    let query = &content.rules.iter().find(|rule| !rule.id().is_empty()).unwrap().on[0].queries()[0].text;
    assert!(query.starts_with("sequence by host.id with maxspan=30s\n  [process where "), "{query}");
    let line = &lines(&rule)[0];
    assert_eq!((line["query"].as_str(), &line["type"]), (Some(query.as_str()), &"eql".into()));
    let packing = packed("detection-rules", &content);
    let table: toml::Table = toml::from_str(&text(&packing, "elastic/detection-rules/a.toml")).unwrap();
    assert_eq!(table["rule"]["query"].as_str().map(str::trim), Some(query.as_str()));
}

#[test]
fn a_class_is_a_rule_of_its_own() {
    let classes = "classification:\n    - {name: QUIET, condition: quiet, level: critical, description: No window.}\n    \
                   - {otherwise: OTHER}\n";
    let rule = RULE.replace("    condition: sel", "    quiet: {CommandLine|contains: ' /q'}\n    condition: sel");
    let told = lines(&(rule + classes)).into_iter().map(|line| {
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let (name, level, id) = (text("name"), text("severity"), text("rule_id"));
        format!("{name} | {level} {} | {id} | {}", line["risk_score"], text("description").replace('\n', "/"))
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
    Shell Started by an Installer (QUIET) | critical 99 | 42562884-1183-81ec-b2ab-49cb5d39fa71 | No window.//An installer started a shell.
    Shell Started by an Installer (OTHER) | high 73 | 790c0317-4f27-869f-be82-57fedf34f639 | An installer started a shell.
    "#);
}

#[test]
fn techniques_stand_under_the_tactics_that_both_name() {
    let own = "[attack.execution, attack.persistence, attack.t1546.016, attack.t1059, attack.t9999, cve.2026-1]";
    let threats = |tags: &str| {
        let line = &lines(&RULE.replace(own, tags))[0];
        let all = line["threat"].as_array().unwrap().iter().map(|threat| {
            let techniques = threat["technique"].as_array().unwrap().iter().map(|technique| {
                let subs = technique["subtechnique"].as_array().into_iter().flatten();
                let subs: Vec<&str> = subs.map(|sub| sub["id"].as_str().unwrap()).collect();
                format!("{}[{}]", technique["id"].as_str().unwrap(), subs.join(" "))
            });
            format!("{}: {}", threat["tactic"]["name"].as_str().unwrap(), techniques.collect::<Vec<_>>().join(" "))
        });
        all.collect::<Vec<_>>().join("; ")
    };
    assert_eq!(threats("[attack.persistence, attack.t1546.016]"), "Persistence: T1546[T1546.016]");
    assert_eq!(threats("[attack.impact, attack.t1059.007]"), "Execution: T1059[T1059.007]; Impact: ");
    assert_eq!(
        threats("[attack.t1546.016, attack.t1546, attack.t1546.016, attack.t9999]"),
        "Persistence: T1546[T1546.016]; Privilege Escalation: T1546[T1546.016]"
    );
    // Both names of one tactic, and a number that was given up.
    let both = "[attack.stealth, attack.defense-evasion, attack.t1218.007]";
    assert_eq!(threats(both), "Defense Evasion: T1218[T1218.007]");
    assert_eq!(threats("[attack.persistence, attack.t1004]"), "Persistence: T1547[T1547.004]");
    assert_eq!(threats("[]"), "");
}

#[test]
fn what_elastic_would_refuse_is_a_finding() {
    let kibana = |changes: &[(&str, &str)]| refused("kibana", "eql.ecs", changes);
    let repository = |changes: &[(&str, &str)]| refused("detection-rules", "eql.ecs", changes);
    let id = "id: 5b6a3c0e-3a0f-4b53-9d3e-5d9d7cf0a001\n";
    let all = [
        kibana(&[(id, "")]),
        kibana(&[("version: 2", "schedule: {every: 10m, lookback: 5m}")]),
        repository(&[("version: 2", "schedule: {every: 10m, lookback: 5m}")]),
        repository(&[("date: 2026-01-31\nmodified: 2026-02-01\n", "")]),
        repository(&[("by an Installer", "by an Installer?")]),
        repository(&[("version: 2", "risk_score: 74")]),
        refused("detection-rules", "eql.none", &[]),
        findings("kibana", &content(&[("a.yml", RULE), ("b.yml", RULE)], &["eql.ecs"])),
    ];
    insta::assert_snapshot!(all.concat(), @r#"
    1:1 kibana would refuse the rule: it has no id, which tells rules apart (give the rule a UUID as `id`, and never change it)
    16:34 kibana would refuse the rule: a run each 10m looks back 5m, and misses what happens in between (`lookback: 10m` would do, and more for events that are indexed late)
    16:34 detection-rules would refuse the rule: a run each 10m looks back 5m, and misses what happens in between (`lookback: 10m` would do, and more for events that are indexed late)
    1:1 detection-rules would refuse the rule: it has no date, which is `creation_date` (say when the rule was written: `date: 2026-01-31`)
    1:8 detection-rules would refuse the rule: a name begins with a letter or digit of ASCII and ends in one, a bracket or a parenthesis
    16:13 detection-rules would refuse the rule: a rule of severity high has the risk score 73, not 74 (`risk_score: 73`)
    1:1 detection-rules would refuse the rule: the data model does not know the indices that it reads (name them in `rulecast.toml`: `[scope."eql.none"]`, `index = ["logs-*"]`)
    2:5 kibana would refuse the rule: another rule of the bundle has the id 5b6a3c0e-3a0f-4b53-9d3e-5d9d7cf0a001
    "#);
    assert_eq!(kibana(&[("version: 2", "risk_score: 74")]), "");
}

#[test]
fn a_sequence_runs_as_often_as_the_repository_allows() {
    let of = |lookback: &str| {
        let rule = sequence("1h", &format!("schedule: {{every: 5m, lookback: {lookback}}}\n"));
        content(&[("a.yml", &rule)], &["eql.ecs"])
    };
    insta::assert_snapshot!(findings("detection-rules", &of("60m")), @"15:33 detection-rules would refuse the rule: a run each 5m looks back 1h, and misses matches of up to 1h across two runs (`lookback: 65m` would do, and more for events that are indexed late)");
    insta::assert_snapshot!(findings("detection-rules", &of("65m")), @"15:19 detection-rules would refuse the rule: a sequence of up to 1h runs at most each 30m");
    assert_eq!(findings("kibana", &of("65m")), "");
}
