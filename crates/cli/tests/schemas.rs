//! What is printed for programs holds to the schemas: ours of the reference, and what readers of reports ask for.
//!
//! The schemas of the reference let keys be added in a later version; here, every key must be in them.

use crate::support::{GOOD, Run, Sandbox};
use jsonschema::Validator;
use serde_json::{Value, json};

const OUTPUT: &str = include_str!("../../../docs/reference/output.schema.json");
const SARIF: &str = include_str!("schemas/sarif.json");
const GITLAB: &str = include_str!("schemas/gitlab.json");

/// With errors, warnings and notes; with further places, help, notes and fixes of both sorts.
const FAULTY: &str = "\
title: Tool “ä” in a folder
id: 5c1f7b0a-3f0e-4c55-8f3a-0f6d1f0b7c21
date: 2026/11/01
level: hoch
logsource: {category: process_creation, product: windows}
detection:
  tool:
    Image|endswith: '\\curl.exe'
    CommandLine|contians: \"a\\tb\"
  tool: {NoSuchField: x}
  condition: tool and folder
";

const LINTED: &str = "\
title: Odd field
date: 2026/11/01
tags: [attack.t1105, attack.t1105]
logsource: {category: process_creation, product: windows}
detection:
  sel:
    NoSuchField: x
    CommandLine|contains: ['*whoami*', whoami]
  condition: sel
falsepositives: [none]
";

const TESTED: &str = "\
title: No command line
name: bare
level: high
logsource: {category: process_creation, product: windows}
detection:
  tool: {Image|endswith: '\\odd.exe'}
  bare: {CommandLine: null}
  condition: tool and bare
classification:
  - {name: plain, condition: tool and bare}
tests:
  - {name: empty, expect: no_match, events: [{Image: 'C:\\odd.exe', CommandLine: ''}]}
  - {name: none, expect: match, classification: plain, events: [{Image: 'C:\\odd.exe'}]}
  - {name: other, expect: match, events: [{Image: 'C:\\even.exe'}]}
";

fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.write("rules/good.yml", GOOD).write("rules/a b/faulty.yml", FAULTY).write("rules/linted.yml", LINTED);
    sandbox.write("tested.yml", TESTED).write("events.json", r#"[{"Image": "C:\\odd.exe", "EventID": 1}]"#);
    sandbox.write("declared.yml", format!("{GOOD}targets:\n  eql: {{refuse: not indexed there}}\n"));
    sandbox
}

/// The same schema, with no other keys allowed.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("properties").is_some_and(Value::is_object) {
                object.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            object.values_mut().for_each(closed);
        }
        Value::Array(all) => all.iter_mut().for_each(closed),
        _ => {}
    }
}

fn validator(text: &str, definition: Option<&str>) -> Validator {
    let mut schema: Value = serde_json::from_str(text).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    if let Some(name) = definition {
        assert!(schema["$defs"].get(name).is_some(), "{name}");
        schema["anyOf"] = json!([{ "$ref": format!("#/$defs/{name}") }]);
    }
    closed(&mut schema);
    jsonschema::draft202012::new(&schema).unwrap()
}

fn valid(validator: &Validator, run: &Run) -> Value {
    let value: Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}{}", run.out, run.err));
    let wrong: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), run.out);
    value
}

#[test]
fn json_of_each_command_is_as_the_reference_says() {
    let sandbox = sandbox("schemas-json");
    let all_targets = "eql,eql.none,spl,kql,kql.none";
    for (definition, least, args) in [
        ("check", 10, &["check", "rules", "--format", "json"][..]),
        ("check-stats", 5, &["check", "rules", "--stats", "--format", "json"]),
        ("convert", 4, &["convert", ".", "-f", "json", "-t", all_targets]),
        ("convert-stats", 4, &["convert", ".", "--stats", "-f", "json"]),
        ("test", 3, &["test", "tested.yml", "-f", "json", "-t", all_targets]),
        ("eval", 1, &["eval", "tested.yml", "-e", "events.json", "-f", "json"]),
        ("list-targets", 12, &["list", "targets", "-f", "json"]),
        ("list-models", 8, &["list", "models", "-f", "json"]),
        ("list-modifiers", 20, &["list", "modifiers", "-f", "json"]),
        ("list-lints", 100, &["list", "lints", "-f", "json"]),
        ("list-features", 20, &["list", "features", "-f", "json"]),
        ("list-sources", 20, &["list", "sources", "-f", "json"]),
        ("list-fields", 100, &["list", "fields", "-f", "json"]),
    ] {
        let value = valid(&validator(OUTPUT, Some(definition)), &sandbox.run(args));
        let number = value.as_array().map_or_else(|| value.as_object().unwrap().len(), Vec::len);
        assert!(number >= least, "{definition}: {number}");
        // Whatever the command, the whole schema holds too.
        assert!(validator(OUTPUT, None).is_valid(&value), "{definition}");
    }
}

#[test]
fn what_is_no_output_does_not_validate() {
    let check = validator(OUTPUT, Some("check"));
    let run = sandbox("schemas-bad").run(&["check", "rules", "--format", "json"]);
    let value = valid(&check, &run);
    assert!(check.is_valid(&value));
    for (key, bad) in [("severity", json!("fatal")), ("line", json!(0)), ("help", json!(1)), ("rule", json!("x"))] {
        let mut value = value.clone();
        value[0][key] = bad;
        assert!(!check.is_valid(&value), "{key}");
    }
    let mut value = value;
    value[0].as_object_mut().unwrap().remove("notes");
    assert!(!check.is_valid(&value));
}

#[test]
fn sarif_is_what_code_scanning_reads() {
    let sandbox = sandbox("schemas-sarif");
    let schema = validator(SARIF, None);
    let log = valid(&schema, &sandbox.run(&["check", "rules", "--format", "sarif"]));
    let run = &log["runs"][0];
    let (rules, results) = (run["tool"]["driver"]["rules"].as_array().unwrap(), run["results"].as_array().unwrap());
    assert!(rules.len() >= 8 && results.len() > rules.len(), "{} {}", rules.len(), results.len());
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    for result in results {
        assert_eq!(result["ruleId"], ids[result["ruleIndex"].as_u64().unwrap() as usize]);
    }
    let has = |key: &str| results.iter().any(|result| result.get(key).is_some());
    assert!(has("relatedLocations") && has("fixes"));
    // As many as in JSON, at the same places.
    let json: Value = serde_json::from_str(&sandbox.run(&["check", "rules", "--format", "json"]).out).unwrap();
    let of_json: Vec<_> =
        json.as_array().unwrap().iter().map(|one| (one["name"].clone(), one["line"].clone())).collect();
    let of_sarif: Vec<_> = results
        .iter()
        .map(|one| (one["ruleId"].clone(), one["locations"][0]["physicalLocation"]["region"]["startLine"].clone()))
        .collect();
    assert_eq!(of_json, of_sarif);
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "rules/a%20b/faulty.yml",);
    valid(&schema, &sandbox.run(&["check", "rules/good.yml", "--format", "sarif", "-q"]));
}

#[test]
fn gitlab_reads_each_problem_under_its_own_fingerprint() {
    let sandbox = sandbox("schemas-gitlab");
    let schema = validator(GITLAB, None);
    let issues = valid(&schema, &sandbox.run(&["check", "rules", "--format", "gitlab"]));
    let mut fingerprints: Vec<&str> =
        issues.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    let all = fingerprints.len();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!((fingerprints.len(), all > 10), (all, true));
    let none = valid(&schema, &sandbox.run(&["check", "rules/good.yml", "--format", "gitlab", "-q"]));
    assert_eq!(none, json!([]));
}

#[test]
fn junit_is_read_back_as_it_was_counted() {
    let sandbox = sandbox("schemas-junit");
    let run = sandbox.run(&["check", "rules", "--format", "junit"]);
    let report = quick_junit::Report::deserialize_from_str(&run.out).unwrap();
    let names: Vec<&str> = report.test_suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(names, ["rules/a b/faulty.yml", "rules/good.yml", "rules/linted.yml"]);
    let problems: Value = serde_json::from_str(&sandbox.run(&["check", "rules", "--format", "json"]).out).unwrap();
    let failures = problems.as_array().unwrap().iter().filter(|problem| problem["severity"] != "note").count();
    assert_eq!(report.failures, failures);

    let run = sandbox.run(&["test", "tested.yml", "rules", "-f", "junit", "-t", "eql,kql"]);
    let report = quick_junit::Report::deserialize_from_str(&run.out).unwrap();
    assert_eq!((run.code, report.tests > 8, report.failures > 1), (2, true, true), "{}", run.out);
    // What keeps a rule from being read is an error, not a failure.
    let faulty = report.test_suites.iter().find(|suite| suite.name.as_str() == "rules/a b/faulty.yml").unwrap();
    assert_eq!((faulty.tests, faulty.errors, faulty.failures), (faulty.tests, faulty.tests, 0));
}
