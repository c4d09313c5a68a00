//! What is said of a rule and of an event.

use rulecast_compile::explain::{Why, explain, missing, reasons};
use rulecast_compile::{Target, Unit};
use rulecast_diagnostics::{FileId, Span};
use rulecast_ir::{Record, Rule, Sigma, eval};
use rulecast_rule::Document;
use std::fmt::Write;

const RULE: &str = "
title: Odd tool
logsource: {category: process_creation, product: windows}
detection:
  tool:
    Image|endswith: ['\\odd.exe', '\\even.exe']
    CommandLine|contains: ' -x'
  words: [secret]
  local: {User: SYSTEM}
  condition: (tool or words) and not local
";

fn read(text: &str) -> (Rule<Sigma>, Vec<Document>) {
    let documents = rulecast_rule::parse(FileId(0), text).documents;
    let mut rules = Unit::new(documents.clone()).resolve().rules;
    (rules.pop().expect("one rule"), documents)
}

fn event(fields: &serde_json::Value) -> Record {
    let mut record = Record::default();
    for (name, value) in fields.as_object().expect("an object") {
        record.add_json(name, value);
    }
    record
}

fn at(span: Span) -> &'static str {
    &RULE[span.start as usize..span.end as usize]
}

#[test]
fn the_values_that_make_a_rule_fire_are_told() {
    let check = |fields: serde_json::Value, expected: &[&str]| {
        let (rule, _) = read(RULE);
        let record = event(&fields);
        let found = eval::evaluate(&rule, std::slice::from_ref(&record));
        let told: Vec<String> = found
            .iter()
            .flat_map(|one| reasons(&rule, one, |id| (id == 0).then_some(&record)))
            .flat_map(|(_, held)| held)
            .map(|held| {
                let values: Vec<String> = held.values.iter().map(rulecast_ir::Scalar::text).collect();
                format!("{} {} {}", held.field.as_deref().unwrap_or("any"), at(held.span), values.join(","))
            })
            .collect();
        assert_eq!(told, expected);
    };
    check(
        serde_json::json!({"Image": ["C:\\odd.exe", "C:\\other.exe"], "CommandLine": "odd -x"}),
        &["Image '\\odd.exe' C:\\odd.exe", "CommandLine ' -x' odd -x"],
    );
    check(serde_json::json!({"Image": "x", "Any": ["a Secret", "b"]}), &["any secret a Secret"]);
    check(serde_json::json!({"Any": "secret", "User": "system"}), &[]);
}

#[test]
fn what_keeps_a_rule_from_firing_is_told() {
    let check = |fields: serde_json::Value, expected: &[(&str, Why)]| {
        let (rule, _) = read(RULE);
        let told: Vec<(&str, Why)> =
            missing(&rule, &event(&fields)).into_iter().map(|one| (at(one.span), one.why)).collect();
        assert_eq!(told, expected);
    };
    check(serde_json::json!({"Any": "secret", "User": "system"}), &[("SYSTEM", Why::Holds)]);
    check(serde_json::json!({"Any": "secret"}), &[]);
    check(serde_json::json!({"Image": "C:\\odd.exe"}), &[("secret", Why::Fails), ("' -x'", Why::Fails)]);
    let images = "'\\odd.exe', '\\even.exe'";
    check(serde_json::json!({"CommandLine": "odd -x"}), &[("secret", Why::Fails), (images, Why::NoneHolds)]);
}

#[test]
fn lines_that_the_columns_decide_are_told() {
    let (rule, documents) = read(
        "
title: Registry
logsource: {category: registry_set, product: windows}
detection:
  sel:
    EventType: SetValue
    TargetObject|startswith: 'HKLM\\Software\\Odd'
  condition: sel
",
    );
    let mut shown = String::new();
    for target in Target::defaults() {
        for line in explain(&rule, &documents, &rulecast_ir::Placeholders::default(), target, None).lines {
            for piece in line.pieces.expect("it can be said") {
                let (query, fidelity) = piece.query.expect("it can be said");
                let _ = writeln!(shown, "{target} {} | {query} | {}", line.tests[0].words, fidelity.verdict.word());
            }
        }
    }
    insta::assert_snapshot!(shown, @r#"
    eql.ecs EventType is "SetValue" | event.action == "modification" | exact
    eql.ecs TargetObject starts with "HKLM\Software\Odd" | registry.path : ("HKLM\\Software\\Odd*", "HKEY_LOCAL_MACHINE\\Software\\Odd*", "\\REGISTRY\\MACHINE\\Software\\Odd*") | exact
    spl.sysmon EventType is "SetValue" | EventType="SetValue" | exact
    spl.sysmon TargetObject starts with "HKLM\Software\Odd" | TargetObject="HKLM\\Software\\Odd*" | exact
    kql.xdr EventType is "SetValue" | ActionType == "RegistryValueSet" | exact
    kql.xdr TargetObject starts with "HKLM\Software\Odd" | strcat(RegistryKey, @"\", RegistryValueName) startswith @"HKEY_LOCAL_MACHINE\Software\Odd" | exact
    "#);
}

#[test]
fn of_a_summary_what_decides_is_told() {
    let (rule, documents) = read(
        "
title: Processes
logsource: {category: process_creation, product: windows}
detection:
  sel:
    Image|endswith: '\\a.exe'
    CommandLine|re: '-e[nc]+'
    ParentImage: null
  condition: sel
",
    );
    let target = Target::parse("spl.tstats").unwrap();
    let mut shown = String::new();
    for line in explain(&rule, &documents, &rulecast_ir::Placeholders::default(), target, None).lines {
        for piece in line.pieces.expect("it can be said") {
            let (query, fidelity) = piece.query.expect("it can be said");
            let assumed: Vec<_> = fidelity.assumptions.iter().map(ToString::to_string).collect();
            let _ = writeln!(shown, "{} | {query} | {}", piece.reads, assumed.join(", "));
        }
    }
    insta::assert_snapshot!(shown, @r#"
    the dataset Endpoint.Processes | Processes.process_name="a.exe" | 
    the dataset Endpoint.Processes | isnotnull(mvfind(process, "-e[cn]+")) | 
    the dataset Endpoint.Processes | isnull(parent_process_path) | empty-is-missing, unknown-is-missing
    "#);
}
