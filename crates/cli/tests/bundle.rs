//! `rulecast bundle`: what it holds, what it says of what it lacks, and that it is the same everywhere.

mod killed;
mod whole;

use crate::support::{GOOD, Run, Sandbox};
use serde_json::Value;

const REFUSED: &str = "\
title: No column
id: 3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b
description: A field that no data model has.
status: stable
level: high
tags: [attack.t1059]
logsource: {category: process_creation, product: windows}
detection:
  sel: {NoSuchField: x}
  condition: sel
";

const RETIRED: &str = "\
title: Given up
id: 5b1e8a3f-6f0c-4a54-9d0b-2f6f7a8c9d10
description: It was once.
status: deprecated
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine: x}
  condition: sel
";

fn told(run: &Run) -> String {
    format!("{}{}exit code {}", run.out, run.err, run.code)
}

fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    let good = format!("{GOOD}date: 2026-01-31\n");
    sandbox.write("rules/a/good.yml", good).write("rules/b/refused.yml", REFUSED).write("rules/old.yml", RETIRED);
    sandbox
}

fn manifest(sandbox: &Sandbox, path: &str) -> Value {
    serde_json::from_str(&sandbox.read(path)).unwrap()
}

const MANIFEST: &str = "dist/detection-bundle-0.1.0/manifest.json";

#[test]
fn every_rule_is_in_a_package_or_listed_with_its_reason_and_counts_add_up() {
    let sandbox = sandbox("bundle-counts");
    let run = sandbox.run(&["bundle", "rules"]);
    assert_eq!(run.code, 0, "{}", told(&run));
    let manifest = manifest(&sandbox, MANIFEST);
    let titles: Vec<&str> =
        manifest["rules"].as_array().unwrap().iter().map(|rule| rule["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Whoami", "No column"]);
    let not_selected = &manifest["not_selected"][0];
    assert_eq!(not_selected["reason"], "its status `deprecated` is below `experimental`");
    assert_eq!(manifest["deprecated"][0]["title"], "Given up");
    let sum = |counts: &Value| counts.as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>();
    let counts = &manifest["counts"];
    for (name, by_reason) in
        counts["packages"].as_object().unwrap().iter().chain(counts["targets"].as_object().unwrap())
    {
        assert_eq!(sum(by_reason), 2, "{name}: {by_reason}");
    }
    let unsupported = manifest["rules"][1]["unsupported"].as_array().unwrap();
    let of_queries: Vec<&Value> = unsupported.iter().filter(|one| one["package"] == "queries").collect();
    assert_eq!(of_queries.len(), 3, "{unsupported:?}");
    assert!(of_queries.iter().all(|one| one["reason"] == "refused"));
    assert!(of_queries[0]["message"].as_str().unwrap().contains("NoSuchField"), "{of_queries:?}");
}

#[test]
fn tiers_take_the_rules_they_name() {
    let sandbox = sandbox("bundle-tiers");
    let titles = |args: &[&str]| {
        let run = sandbox.run(&[&["bundle", "rules", "-q"], args].concat());
        assert_eq!(run.code, 0, "{}", told(&run));
        let manifest = manifest(&sandbox, MANIFEST);
        let rules = manifest["rules"].as_array().unwrap().iter();
        rules.map(|rule| rule["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(titles(&["--min-level", "high"]), ["No column"]);
    assert_eq!(titles(&["--min-status", "deprecated"]), ["Whoami", "No column", "Given up"]);
    assert_eq!(titles(&["--min-status", "stable"]), ["No column"]);
    assert_eq!(titles(&["--tags", "attack.t1059"]), ["No column"]);
    assert_eq!(titles(&["--tags", "ATTACK"]), ["No column"]);
    assert!(titles(&["--tags", "attack.t10"]).is_empty(), "a tag is no beginning of another");
}

#[test]
fn what_changed_since_an_earlier_bundle_is_told() {
    let sandbox = sandbox("bundle-changes");
    assert_eq!(sandbox.run(&["bundle", "rules", "-o", "old", "-q"]).code, 0);
    let old = "old/detection-bundle-0.1.0/manifest.json";
    assert!(sandbox.read("old/detection-bundle-0.1.0/CHANGELOG.md").contains("The first bundle: 2 rules."));
    std::fs::remove_file(sandbox.path("rules/b/refused.yml")).unwrap();
    let changed = GOOD.replace("whoami}", "whoami /all}").replace("logsource", "version: 2\nlogsource");
    sandbox.write("rules/a/good.yml", changed);
    let new = GOOD.replace("9d2c4d9e", "9d2c4d9f").replace("Whoami", "New *one*");
    sandbox.write("rules/new.yml", new);
    let run = sandbox.run(&["bundle", "rules", "-q", "--bundle-version", "0.2.0", "--previous", old]);
    assert_eq!(run.code, 0, "{}", told(&run));
    insta::assert_snapshot!(sandbox.read("dist/detection-bundle-0.2.0/CHANGELOG.md"), @r"
    # detection-bundle 0.2.0

    Since 0.1.0: 2 rules, before 2.

    ## Added

    * New \*one\* `9d2c4d9f-4f0a-4c7e-8a45-6a1b0c8e5f11` (version 1, medium)

    ## Changed

    * Whoami `9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11`: version 1 to 2, the rule changed, another query for eql.ecs, another query for kql.xdr, another query for spl.sysmon

    ## Removed

    * No column `3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b`: the rule was removed
    ");
    let retired = manifest(&sandbox, "dist/detection-bundle-0.2.0/deprecated.json");
    assert_eq!(retired[0]["title"], "No column");
    assert_eq!(retired[0]["since"], "0.2.0");
    assert_eq!(retired[1]["since"], "0.1.0", "what was retired before stays so");
}

#[test]
fn strict_wants_every_rule_in_every_package() {
    let sandbox = sandbox("bundle-strict");
    let run = sandbox.run(&["bundle", "rules", "--strict"]);
    assert_eq!(run.code, 1, "{}", told(&run));
    assert!(!sandbox.path("dist").exists());
}

#[test]
fn an_invalid_rule_leaves_everything_as_it_was() {
    let sandbox = sandbox("bundle-invalid");
    assert_eq!(sandbox.run(&["bundle", "rules", "-q"]).code, 0);
    let before = sandbox.read(MANIFEST);
    sandbox.write("rules/bad.yml", GOOD.replace("contains", "contians"));
    let run = sandbox.run(&["bundle", "rules"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("rules/bad.yml:6:21") && run.err.contains("nothing is written"), "{}", told(&run));
    assert_eq!(sandbox.read(MANIFEST), before);
}

#[test]
fn wrong_names_versions_manifests_and_directories_are_told() {
    let sandbox = sandbox("bundle-usage");
    sandbox.write("mine/file.txt", "mine").write("broken.json", "{").write("later.json", r#"{"format": 99}"#);
    let told = |args: &[&str]| told(&sandbox.run(&[&["bundle", "rules"], args].concat()));
    insta::assert_snapshot!(
        [
            told(&["--name", "../x"]),
            told(&["--bundle-version", "1.0"]),
            told(&["--previous", "broken.json"]),
            told(&["--previous", "later.json"]),
            told(&["--previous", "none.json"]),
            told(&["-o", "mine"]),
            told(&["-o", "mine/file.txt"]),
        ]
        .join("\n"),
        @r"
    error: --name: expected a letter, then letters, digits, `-` and `_`, found `../x`
    exit code 3
    error: --bundle-version: expected a version of three numbers, as `1.4.0`, found `1.0`
    exit code 3
    error: the manifest `broken.json` is invalid: EOF while parsing an object (line 1)
    exit code 3
    error: the manifest `later.json` is invalid: its format is 99, and this Rulecast knows formats up to 1
    exit code 3
    error: cannot read the manifest `none.json`: entity not found
    exit code 3
    error: cannot write `mine`: the directory there was not made by this tool; move or delete it
    exit code 3
    error: cannot write `mine/file.txt`: a file is in its place
    exit code 3
    "
    );
    assert_eq!(sandbox.list("mine").len(), 1);
}

#[test]
fn the_license_of_the_configuration_is_in_the_bundle() {
    let sandbox = sandbox("bundle-license");
    sandbox.write("rulecast.toml", "rules = [\"rules\"]\n[bundle]\nlicense-file = \"legal/TEXT\"\n");
    let run = sandbox.run(&["bundle", "-q"]);
    insta::assert_snapshot!(told(&run).replace('\\', "/"), @r"
    error: cannot read the license `legal/TEXT` of `[bundle]` in `rulecast.toml`: entity not found
    exit code 3
    ");
    assert!(!sandbox.path("dist").exists());
    sandbox.write("legal/TEXT", "do as you like\n");
    assert_eq!(sandbox.run(&["bundle", "-q"]).code, 0);
    assert_eq!(sandbox.read("dist/detection-bundle-0.1.0/LICENSE"), "do as you like\n");
}
