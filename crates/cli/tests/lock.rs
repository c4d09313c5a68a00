//! `rulecast lock`: written, checked, and what keeps rules from being locked.

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
    insta::assert_snapshot!(sandbox.read("rules.lock.json"), @"");
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
    assert_eq!(sandbox.list("."), ["./rulecast.toml", "./rules.lock.json", "./rules/a.yml", "./rules/b.yml"]);
}

#[test]
fn without_a_lock_there_is_nothing_to_check() {
    let sandbox = Sandbox::new("lock-none");
    sandbox.write("a.yml", GOOD);
    let run = sandbox.run(&["lock", "--check", "a.yml"]);
    assert_eq!(told(&run), "there is no rules.lock.json; `rulecast lock` writes it\nexit code 1");
    assert_eq!(sandbox.list("."), ["./a.yml"]);
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
    insta::assert_snapshot!(told(&checked), @"");
    let run = sandbox.run(&["lock"]);
    assert_eq!(run.code, 1);
    assert!(run.out.ends_with("rules.lock.json is not written: 2 errors\n"), "{}", run.out);
    assert_eq!(sandbox.read("rules.lock.json"), lock);

    let run = sandbox.run(&["lock", "--bump"]);
    insta::assert_snapshot!(told(&run), @"");
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
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @"");
    sandbox.write("rules/b.yml", OTHER.replace("version: 4", "version: 9"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @"");
}

#[test]
fn moved_added_and_removed_rules_are_told() {
    let sandbox = locked("lock-moved");
    std::fs::remove_file(sandbox.path("rules/a.yml")).unwrap();
    std::fs::create_dir(sandbox.path("rules/net")).unwrap();
    std::fs::rename(sandbox.path("rules/b.yml"), sandbox.path("rules/net/b.yml")).unwrap();
    let new = GOOD.replace("9d2c4d9e", "00000001").replace("Whoami", "Hostname").replace("whoami", "hostname");
    sandbox.write("rules/c.yml", new);
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check"])), @"");
    assert_eq!(sandbox.run(&["lock"]).code, 0);
    assert!(sandbox.read("rules.lock.json").contains("\"removed\": {\n    \"9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\""));
    // It may come back as it was, but not as something else of the same version.
    sandbox.write("rules/a.yml", GOOD);
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check"])), @"");
    sandbox.write("rules/a.yml", GOOD.replace("whoami}", "id}"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check"])), @"");
}

#[test]
fn ids_stay_with_their_rules() {
    let sandbox = locked("lock-ids");
    // Another id for the same rule.
    sandbox.write("rules/a.yml", GOOD.replace("9d2c4d9e", "11111111"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @"");
    // The same id for another rule.
    let other = OTHER.replace("3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b", "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11");
    std::fs::remove_file(sandbox.path("rules/a.yml")).unwrap();
    sandbox
        .write("rules/b.yml", OTHER)
        .write("rules/c.yml", other.replace("Net User", "Net Group").replace("net user", "net group"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @"");
    // No id any more, and never one.
    std::fs::remove_file(sandbox.path("rules/c.yml")).unwrap();
    let without = |rule: &str| {
        rule.lines().filter(|line| !line.starts_with("id:")).map(|line| format!("{line}\n")).collect::<String>()
    };
    sandbox
        .write("rules/a.yml", without(GOOD))
        .write("rules/d.yml", without(OTHER).replace("Net", "Nets").replace("net user", "nets"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @"");
    // Two rules with one.
    std::fs::remove_file(sandbox.path("rules/d.yml")).unwrap();
    sandbox.write("rules/a.yml", GOOD).write("rules/e.yml", GOOD.replace("Whoami", "Else"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check"])), @"");
}

#[test]
fn a_query_that_changes_alone_is_told_apart() {
    let sandbox = locked("lock-compiler");
    // A pipeline renames the column: the rules are the same.
    sandbox.write("rename.yml", "name: rename\npriority: 10\ntransformations:\n  - id: one\n    type: field_name_mapping\n    mapping: {CommandLine: cmd}\n");
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check", "-p", "rename.yml"])), @"");
    // Another target is said once.
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check", "-t", "kql.none,spl.none"])), @"");
    // A refusal is an output like others.
    sandbox.write(
        "rules/a.yml",
        GOOD.replace("condition: sel", "condition: sel\nversion: 2\ntargets: {eql: {refuse: not there}}"),
    );
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @"");
}

#[test]
fn values_of_placeholders_are_no_part_of_a_rule() {
    let sandbox = Sandbox::new("lock-placeholders");
    sandbox.write("a.yml", GOOD.replace("{CommandLine|contains: whoami}", "{User|expand: '%admins%'}"));
    sandbox.write("one.yml", "admins: [root]\n").write("two.yml", "admins: [root, toor]\n");
    assert_eq!(sandbox.run(&["lock", "a.yml", "-t", "kql.none", "--placeholders", "one.yml"]).code, 0);
    insta::assert_snapshot!(
        told(&sandbox.run(&["lock", "--check", "a.yml", "-t", "kql.none", "--placeholders", "two.yml"])), @"");
}

#[test]
fn an_invalid_rule_is_never_locked() {
    let sandbox = locked("lock-invalid");
    let lock = sandbox.read("rules.lock.json");
    sandbox.write("rules/a.yml", GOOD.replace("condition: sel", "condition: sell"));
    let run = sandbox.run(&["lock", "--bump"]);
    insta::assert_snapshot!(told(&run), @"");
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

#[test]
fn programs_get_the_same_as_json() {
    let sandbox = locked("lock-json");
    sandbox
        .write("rules/a.yml", GOOD.replace("whoami}", "who}"))
        .write("rules/b.yml", OTHER.replace("version: 4", "version: 5"));
    let run = sandbox.run(&["lock", "--check", "-f", "json"]);
    insta::assert_snapshot!(told(&run), @"");
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
