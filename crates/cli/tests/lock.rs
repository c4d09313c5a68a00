//! `rulecast lock`: written, checked, and what keeps rules from being locked.

mod ids;
mod reports;

use crate::support::{GOOD, Run, Sandbox};

const OTHER: &str = "\
title: Net User
id: 3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b
description: Someone lists accounts.
version: 4
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: net user}
  condition: sel
";

const RENAME: &str = "name: rename\npriority: 10\ntransformations:\n  - id: one\n    type: field_name_mapping\n    mapping: {CommandLine: cmd}\n";

const CONFIG: &str = "rules = ['rules']\ntargets = ['eql.none', 'kql.none']\n";

fn told(run: &Run) -> String {
    format!("{}{}exit code {}", run.out, run.err, run.code)
}

/// Two rules, locked.
fn locked(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.write("rulecast.toml", CONFIG).write("rules/a.yml", GOOD).write("rules/b.yml", OTHER);
    let run = sandbox.run(&["lock"]);
    assert_eq!(told(&run), "wrote rules.lock.json: 2 rules for eql.none, kql.none\nexit code 0");
    sandbox
}

#[test]
fn a_lock_is_written_once_and_checked() {
    let sandbox = locked("lock");
    insta::assert_snapshot!(sandbox.read("rules.lock.json"), @r#"
    {
      "format": 1,
      "form": 1,
      "attack": "18.1",
      "targets": [
        "eql.none",
        "kql.none"
      ],
      "rules": {
        "3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b": {
          "title": "Net User",
          "path": "rules/b.yml",
          "version": 4,
          "sha256": "91f40886d000674116bd727b26eff6be63d5e4d6eef6e34b15ccb236729ef454",
          "parts": {
            "detection": "d0375890af5edc7c",
            "level": "b9d5ac9b4d0a4489",
            "log_source": "983f01caba983667",
            "risk": "8bfa353e7c190acf",
            "title": "e56eec2950789299"
          },
          "outputs": {
            "eql.none": {
              "fidelity": "exact",
              "sha256": "7b6a887c5db1152314b67d32af7208f6f150be375718d62ca23dee8d1c36611b"
            },
            "kql.none": {
              "fidelity": "exact",
              "sha256": "324af1209b6a75f1b26d8db60ae4006d9f08bdc1ac6d1d98bb77b85535bf57f7"
            }
          }
        },
        "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11": {
          "title": "Whoami",
          "path": "rules/a.yml",
          "version": 1,
          "sha256": "89e4bef4bdea2a269d745cd04f866569f57a8989786db0c0b1ff72f45537ecc0",
          "parts": {
            "detection": "374b5d4826889e39",
            "level": "b9d5ac9b4d0a4489",
            "log_source": "983f01caba983667",
            "risk": "8bfa353e7c190acf",
            "title": "561f2da7afcc7018"
          },
          "outputs": {
            "eql.none": {
              "fidelity": "exact",
              "sha256": "3fb20db1fb5b3248310bb2cc626a0cdd882957907cd1a806a10262e3c13bd71d"
            },
            "kql.none": {
              "fidelity": "exact",
              "sha256": "c02b0fca2b84fdeb47444bec97981180ce624879fd11a00bd55ba3a4dbae9cb3"
            }
          }
        }
      }
    }
    "#);
    let lock = sandbox.read("rules.lock.json");
    let current = "rules.lock.json is up to date: 2 rules for eql.none, kql.none\nexit code 0";
    assert_eq!(told(&sandbox.run(&["lock", "--check"])), current);
    assert_eq!(told(&sandbox.run(&["lock"])), current);
    // From below, and with the rules named in another way, it is the same file.
    let run = sandbox.run_in("rules", &["lock", "--check"]);
    assert_eq!((run.code, run.out.as_str()), (0, "../rules.lock.json is up to date: 2 rules for eql.none, kql.none\n"));
    let run = sandbox.run(&["lock", "--check", "-q", "rules/../rules/b.yml", "./rules/a.yml"]);
    assert_eq!(told(&run), "exit code 0");
    assert_eq!(sandbox.read("rules.lock.json"), lock);
    assert_eq!(sandbox.list("."), ["rulecast.toml", "rules.lock.json", "rules/a.yml", "rules/b.yml"]);
}

#[test]
fn the_lock_is_what_the_schema_says() {
    let sandbox = locked("lock-schema");
    std::fs::remove_file(sandbox.path("rules/a.yml")).unwrap();
    sandbox.write("rules/b.yml", OTHER.replace("version: 4", "version: 5\ntargets: {eql: {refuse: not there}}"));
    assert_eq!(sandbox.run(&["lock"]).code, 0);
    let lock: serde_json::Value = serde_json::from_str(&sandbox.read("rules.lock.json")).unwrap();
    let schema = serde_json::from_str(include_str!("../../../docs/reference/lock.schema.json")).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&lock).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    for (path, value) in [("/format", 2), ("/rules/3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b/version", 0), ("/removed", 1)] {
        let mut other = lock.clone();
        *other.pointer_mut(path).unwrap() = value.into();
        assert!(!validator.is_valid(&other), "{path}");
    }
}

/// What the guide shows is what is said.
#[test]
fn the_guide_is_true() {
    let guide = include_str!("../../../docs/guides/lock.md");
    let shows = |command: &str, run: &Run| {
        let shown = format!("$ rulecast {command}\n{}", run.out);
        assert!(guide.contains(&shown), "{shown}");
    };
    let sandbox = Sandbox::new("lock-guide");
    sandbox.write("rulecast.toml", CONFIG).write("rules/a.yml", GOOD).write("rules/b.yml", OTHER);
    shows("lock", &sandbox.run(&["lock"]));
    shows("lock --check", &sandbox.run(&["lock", "--check"]));
    sandbox.write("rules/b.yml", OTHER.replace("condition: sel", "condition: not sel\nlevel: high"));
    shows("lock", &sandbox.run(&["lock"]));
    sandbox.write("rules/b.yml", OTHER);
    sandbox.write("rename.yml", RENAME);
    shows("lock --check", &sandbox.run(&["lock", "--check", "-p", "rename.yml"]));
    for part in parts_of_the_schema() {
        assert!(guide.contains(&format!("`{part}`")), "{part}");
    }
}

/// The parts that the schema has.
fn parts_of_the_schema() -> Vec<String> {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../docs/reference/lock.schema.json")).unwrap();
    schema["$defs"]["rule"]["properties"]["parts"]["properties"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn without_a_lock_there_is_nothing_to_check() {
    let sandbox = Sandbox::new("lock-none");
    sandbox.write("a.yml", GOOD);
    let run = sandbox.run(&["lock", "--check", "a.yml"]);
    assert_eq!(told(&run), "there is no rules.lock.json; `rulecast lock` writes it\nexit code 1");
    assert_eq!(sandbox.list("."), ["a.yml"]);
}

#[test]
fn the_wording_of_a_rule_is_not_locked() {
    let sandbox = locked("lock-wording");
    let words = OTHER.replace("Someone lists", "Somebody lists").replace("version: 4", "# why\nversion:   4");
    sandbox.write(
        "rules/b.yml",
        words.replace("{CommandLine|contains: net user}", "{'CommandLine|contains': \"net user\"}"),
    );
    assert_eq!(sandbox.run(&["lock", "--check"]).code, 0);
}

#[test]
fn a_rule_that_changes_needs_a_new_version() {
    let sandbox = locked("lock-version");
    let lock = sandbox.read("rules.lock.json");
    sandbox.write("rules/a.yml", GOOD.replace("whoami}", "whoami.exe}"));
    sandbox.write("rules/b.yml", OTHER.replace("condition: sel", "condition: not sel\nlevel: high"));
    let checked = sandbox.run(&["lock", "--check"]);
    insta::assert_snapshot!(told(&checked), @r#"
    error[version-not-raised]: the rule changed, and its version is still 1
     --> rules/a.yml:1:8
      |
    1 | title: Whoami
      |        ^^^^^^
      |
      = help: `version: 2`; `rulecast lock --bump` writes it
      = note: changed: detection

    error[version-not-raised]: the rule changed, and its version is still 4
     --> rules/b.yml:4:10
      |
    4 | version: 4
      |          ^
      |
      = help: `version: 5`; `rulecast lock --bump` writes it
      = note: changed: detection, level, risk

    rules/a.yml · Whoami: the rule changed: detection; other queries: eql.none, kql.none
    rules/b.yml · Net User: the rule changed: detection, level, risk; other queries: eql.none, kql.none
    rules.lock.json is out of date, and cannot be written: 2 errors
    exit code 1
    "#);
    let run = sandbox.run(&["lock"]);
    assert_eq!(run.code, 1);
    assert!(run.out.ends_with("rules.lock.json is not written: 2 errors\n"), "{}", run.out);
    assert_eq!(sandbox.read("rules.lock.json"), lock);

    let run = sandbox.run(&["lock", "--bump"]);
    insta::assert_snapshot!(told(&run), @r#"
    rules/a.yml: raised 1 version
    rules/b.yml: raised 1 version
    rules/a.yml · Whoami: the rule changed: detection; version 1 → 2; other queries: eql.none, kql.none
    rules/b.yml · Net User: the rule changed: detection, level, risk; version 4 → 5; other queries: eql.none, kql.none
    wrote rules.lock.json: 2 rules for eql.none, kql.none
    exit code 0
    "#);
    assert_eq!(
        sandbox.read("rules/a.yml"),
        GOOD.replace("whoami}", "whoami.exe}").replace("6a1b0c8e5f11\n", "6a1b0c8e5f11\nversion: 2\n")
    );
    assert_eq!(
        sandbox.read("rules/b.yml"),
        OTHER.replace("condition: sel", "condition: not sel\nlevel: high").replace("version: 4", "version: 5")
    );
    assert_eq!(sandbox.run(&["lock", "--check"]).code, 0);
}

#[test]
fn a_version_never_falls() {
    let sandbox = locked("lock-fall");
    sandbox.write("rules/b.yml", OTHER.replace("version: 4", "version: 3"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @r#"
    error[version-lowered]: the version fell from 4 to 3
     --> rules/b.yml:4:10
      |
    4 | version: 3
      |          ^
      |
      = help: `version: 4`; `rulecast lock --bump` writes it

    rules/b.yml · Net User: version 4 → 3
    rules.lock.json is not written: 1 error
    exit code 1
    "#);
    sandbox.write("rules/b.yml", OTHER.replace("version: 4", "version: 9"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @r#"
    rules/b.yml · Net User: version 4 → 9
    wrote rules.lock.json: 2 rules for eql.none, kql.none
    exit code 0
    "#);
}

#[test]
fn moved_added_and_removed_rules_are_told() {
    let sandbox = locked("lock-moved");
    std::fs::remove_file(sandbox.path("rules/a.yml")).unwrap();
    std::fs::create_dir(sandbox.path("rules/net")).unwrap();
    std::fs::rename(sandbox.path("rules/b.yml"), sandbox.path("rules/net/b.yml")).unwrap();
    let new = GOOD.replace("9d2c4d9e", "00000001").replace("Whoami", "Hostname").replace("whoami", "hostname");
    sandbox.write("rules/c.yml", new);
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check"])), @r#"
    rules/a.yml · Whoami: removed
    rules/c.yml · Hostname: added
    rules/net/b.yml · Net User: moved from rules/b.yml
    rules.lock.json is out of date; `rulecast lock` writes it
    exit code 1
    "#);
    assert_eq!(sandbox.run(&["lock"]).code, 0);
    assert!(sandbox.read("rules.lock.json").contains("\"removed\": {\n    \"9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\""));
    // It may come back as it was, but not as something else of the same version.
    sandbox.write("rules/a.yml", GOOD);
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check"])), @r#"
    rules/a.yml · Whoami: added again, after version 1
    rules.lock.json is out of date; `rulecast lock` writes it
    exit code 1
    "#);
    sandbox.write("rules/a.yml", GOOD.replace("whoami}", "id}"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check"])), @r#"
    error[version-not-raised]: the id was that of a removed rule, `Whoami`, version 1
     --> rules/a.yml:1:8
      |
    1 | title: Whoami
      |        ^^^^^^
      |
      = help: `version: 2`; `rulecast lock --bump` writes it
      = note: if this is another rule, give it an id of its own

    rules/a.yml · Whoami: added again, after version 1
    rules.lock.json is out of date, and cannot be written: 1 error
    exit code 1
    "#);
}

#[test]
fn a_query_that_changes_alone_is_told_apart() {
    let sandbox = locked("lock-compiler");
    // A pipeline renames the column: the rules are the same.
    sandbox.write("rename.yml", RENAME);
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check", "-p", "rename.yml"])), @r#"
    rules/a.yml · Whoami: the rule is the same, its queries are not: eql.none, kql.none
    rules/b.yml · Net User: the rule is the same, its queries are not: eql.none, kql.none
    Queries of a rule that is the same differ where Rulecast itself, a data model, a pipeline or a placeholder's value changed,
    or the order in which the rule lists what it looks for.
    rules.lock.json is out of date; `rulecast lock` writes it
    exit code 1
    "#);
    // Another target is said once.
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check", "-t", "kql.none,spl.none"])), @r#"
    targets that the lock does not have: spl.none
    targets that only the lock has: eql.none
    rules.lock.json is out of date; `rulecast lock` writes it
    exit code 1
    "#);
    // A refusal is an output like others.
    sandbox.write(
        "rules/a.yml",
        GOOD.replace("condition: sel", "condition: sel\nversion: 2\ntargets: {eql: {refuse: not there}}"),
    );
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @r#"
    rules/a.yml · Whoami: the rule changed: targets; version 1 → 2; other queries: eql.none (exact → declared)
    wrote rules.lock.json: 2 rules for eql.none, kql.none
    exit code 0
    "#);
}

#[test]
fn values_of_placeholders_are_no_part_of_a_rule() {
    let sandbox = Sandbox::new("lock-placeholders");
    sandbox.write("a.yml", GOOD.replace("{CommandLine|contains: whoami}", "{User|expand: '%admins%'}"));
    sandbox.write("one.yml", "admins: [root]\n").write("two.yml", "admins: [root, toor]\n");
    assert_eq!(sandbox.run(&["lock", "a.yml", "-t", "kql.none", "--placeholders", "one.yml"]).code, 0);
    insta::assert_snapshot!(
        told(&sandbox.run(&["lock", "--check", "a.yml", "-t", "kql.none", "--placeholders", "two.yml"])), @r#"
    a.yml · Whoami: the rule is the same, its queries are not: kql.none
    Queries of a rule that is the same differ where Rulecast itself, a data model, a pipeline or a placeholder's value changed,
    or the order in which the rule lists what it looks for.
    rules.lock.json is out of date; `rulecast lock` writes it
    exit code 1
    "#);
}

#[test]
fn an_invalid_rule_is_never_locked() {
    let sandbox = locked("lock-invalid");
    let lock = sandbox.read("rules.lock.json");
    sandbox.write("rules/a.yml", GOOD.replace("condition: sel", "condition: sell"));
    let run = sandbox.run(&["lock", "--bump"]);
    insta::assert_snapshot!(told(&run), @r#"
    error[unknown-selection]: undefined selection `sell`
     --> rules/a.yml:7:14
      |
    7 |   condition: sell
      |              ^^^^ not a selection of this rule
      |
      = help: did you mean `sel`?

    rules.lock.json is not written: 1 error
    exit code 2
    "#);
    assert_eq!(sandbox.read("rules.lock.json"), lock);
    assert_eq!(sandbox.run(&["lock", "--check"]).code, 2);
}

#[test]
fn a_lock_that_cannot_be_read_or_written_is_left_alone() {
    let sandbox = locked("lock-broken");
    for (text, reason) in [
        ("", "EOF while parsing a value (line 1)"),
        (
            "<<<<<<< HEAD\n{\n",
            "expected value (line 1); it has the marks of a merge: take either side whole, then run `rulecast lock`",
        ),
        ("{\"format\": 2, \"rules\": []}", "its format is 2, and this Rulecast knows formats up to 1"),
        ("{\"format\": 1}\n", "missing field `form` (line 1)"),
    ] {
        sandbox.write("rules.lock.json", text);
        let run = sandbox.run(&["lock"]);
        assert_eq!(told(&run), format!("error: the lock `rules.lock.json` is invalid: {reason}\nexit code 3"));
        assert_eq!(sandbox.read("rules.lock.json"), text);
    }
    let run = sandbox.run(&["lock", "--file", "nowhere/rules.lock.json"]);
    assert_eq!(told(&run), "error: cannot write `nowhere/rules.lock.json`: it does not exist\nexit code 3");
    let run = sandbox.run(&["lock", "-"]);
    assert_eq!(told(&run), "error: `rulecast lock` reads files, not standard input\nexit code 3");
}

#[test]
fn rules_of_other_paths_stay_as_they_are() {
    let sandbox = locked("lock-part");
    let lock = sandbox.read("rules.lock.json");
    sandbox.write("rules/a.yml", GOOD.replace("whoami}", "who}\n  # more\n"));
    assert_eq!(
        told(&sandbox.run(&["lock", "rules/b.yml"])),
        "rules.lock.json is up to date: 2 rules for eql.none, kql.none\nexit code 0"
    );
    assert_eq!(sandbox.read("rules.lock.json"), lock);
}

/// A run that is killed, at whatever moment, leaves the old lock or the new one.
#[test]
fn a_killed_run_leaves_a_whole_lock() {
    let sandbox = locked("lock-killed");
    let old = sandbox.read("rules.lock.json");
    let changed = OTHER.replace("net user", "net users").replace("version: 4", "version: 5");
    sandbox.write("rules/b.yml", changed);
    std::fs::copy(sandbox.path("rules.lock.json"), sandbox.path("old")).unwrap();
    assert_eq!(sandbox.run(&["lock"]).code, 0);
    let new = sandbox.read("rules.lock.json");
    assert_ne!(old, new);
    for pause in 0..12_u64 {
        std::fs::copy(sandbox.path("old"), sandbox.path("rules.lock.json")).unwrap();
        let mut child = sandbox.command(&["lock"], &[]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_micros(pause * pause * 400));
        let _ = child.kill();
        child.wait().unwrap();
        let now = sandbox.read("rules.lock.json");
        assert!(now == old || now == new, "after {pause}: {now}");
    }
    assert_eq!(sandbox.run(&["lock"]).code, 0);
    assert_eq!(sandbox.read("rules.lock.json"), new);
}
