//! `check --changed`: what a change bears on, reported as a check of all files reports it.

mod random;

use crate::support::{GOOD, Sandbox};

const CORRELATION: &str = "\
title: Many
name: many
correlation:
  type: event_count
  rules: [whoami]
  group-by: [User]
  timespan: 1m
  condition: {gte: 5}
";

const FILTER: &str = "\
title: Not the scanner
logsource: {category: process_creation, product: windows}
filter:
  rules: [whoami]
  scanner: {User: scanner}
  condition: not scanner
";

fn named(name: &str) -> String {
    GOOD.replace("title:", &format!("name: {name}\ntitle:"))
}

/// A repository with a rule, others that have nothing to do with it, and its configuration.
fn repository(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    let other = GOOD.replace("Whoami", "Other").replace("9d2c", "9d2d").replace("description", "note: x\ndescription");
    sandbox.write("rulecast.toml", "rules = [\"rules\"]\n[lints]\n");
    sandbox.write("rules/a/whoami.yml", named("whoami")).write("rules/b/other.yml", other);
    sandbox
}

/// The files that are reported, with how often.
fn reported(sandbox: &Sandbox, args: &[&str]) -> String {
    let all = ["check", "--changed", "-f", "json", "-t", "kql.none"].iter().chain(args).copied().collect::<Vec<_>>();
    let run = sandbox.run(&all);
    assert!(run.code < 3, "{}", run.err);
    let findings: Vec<serde_json::Value> = serde_json::from_str(&run.out).unwrap();
    let findings = findings.iter().map(|one| format!("{}: {}\n", one["file"].as_str().unwrap(), one["name"]));
    findings.collect::<String>().replace('"', "") + &run.err
}

#[test]
fn a_file_that_concerns_no_other_is_checked_alone() {
    let sandbox = repository("changed-alone");
    sandbox.write("rules/c/bad.yml", "title: x\n");
    let run = sandbox.run(&["check", "--changed", "rules/a/whoami.yml", "--allow", "notes"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.out, "checked 1 rule in 1 file for eql.ecs, spl.sysmon, kql.xdr: 0 errors, 0 warnings\n");
    let absolute = sandbox.path("rules/a/whoami.yml");
    let run = sandbox.run_in("rules/b", &["check", "--changed", absolute.to_str().unwrap(), "--allow", "notes"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn what_refers_to_a_changed_rule_is_checked_with_it() {
    let sandbox = repository("changed-referred");
    sandbox.write("rules/z/many.yml", CORRELATION).write("rules/z/filter.yml", FILTER);
    let count = |path: &str| {
        let run = sandbox.run(&["check", "--changed", path, "--allow", "notes", "-t", "kql.none"]);
        assert_eq!(run.err, "");
        run.out.lines().last().unwrap().to_owned()
    };
    // The rule is the correlation's, and the filter's.
    let all = "checked 1 rule in 3 files for kql.none: 0 errors, 2 warnings";
    for path in ["rules/a/whoami.yml", "rules/z/filter.yml"] {
        assert_eq!(count(path), all);
    }
    assert_eq!(count("rules/z/many.yml"), "checked 1 rule in 2 files for kql.none: 0 errors, 1 warning");
    assert_eq!(count("rules/b/other.yml"), "checked 1 rule in 1 file for kql.none: 0 errors, 0 warnings");
}

#[test]
fn a_rule_that_lost_its_name_is_missed() {
    let sandbox = repository("changed-renamed");
    sandbox.write("rules/z/many.yml", CORRELATION).write("rules/a/whoami.yml", named("whoam_i"));
    let found = reported(&sandbox, &["rules/a/whoami.yml", "--allow", "notes,no-id"]);
    assert_eq!(found, "rules/z/many.yml: unknown-rule\n");
    std::fs::remove_file(sandbox.path("rules/a/whoami.yml")).unwrap();
    let found = reported(&sandbox, &["rules/a/whoami.yml", "--allow", "notes,no-id"]);
    assert_eq!(found, "rules/z/many.yml: unknown-rule\nrules/a/whoami.yml: there is no such file: taken as deleted\n");
}

#[test]
fn words_of_a_changed_rule_are_looked_for_in_all_files() {
    let sandbox = repository("changed-words");
    let title = "\"wh\\x6fami \"";
    sandbox.write("rules/z/title.yml", GOOD.replace("Whoami", title).replace("9d2c", "9d2e"));
    let found = reported(&sandbox, &["rules/a/whoami.yml", "--allow", "notes"]);
    assert_eq!(found, "rules/z/title.yml: duplicate-title\n");
    sandbox.write("rules/z/title.yml", GOOD.replace("title: Whoami", "name: whoami\ntitle: Else"));
    let found = reported(&sandbox, &["rules/a/whoami.yml", "--allow", "notes"]);
    assert_eq!(found, "rules/z/title.yml: duplicate-rule\n".repeat(2));
    sandbox.write("rules/z/title.yml", GOOD.replace("Whoami", "Else").replace("9d2c", "9d2e"));
    sandbox.write("rules/z/whoami.yml", GOOD.replace("Whoami", "More").replace("9d2c", "9d2f"));
    let found = reported(&sandbox, &["rules/a/whoami.yml", "--deny", "duplicate-file-name"]);
    assert_eq!(found.matches("rules/z/whoami.yml: duplicate-file-name").count(), 1, "{found}");
    // Not told of the earlier one, it says nothing of it.
    let found = reported(&sandbox, &["rules/z/whoami.yml", "--deny", "duplicate-file-name"]);
    assert!(!found.contains("rules/a"), "{found}");
    assert_eq!(found.matches("rules/z/whoami.yml: duplicate-file-name").count(), 1, "{found}");
}

#[test]
fn relations_to_nothing_elsewhere_are_counted_or_shown() {
    let sandbox = repository("changed-relations");
    let related = "related:\n    - id: 0d8a6f2f-4d11-4c1b-9a51-5f1d7e9a3d0c\n      type: derived\ndescription";
    sandbox.write(
        "rules/z/related.yml",
        GOOD.replace("description", related).replace("Whoami", "E").replace("9d2c", "9d2e"),
    );
    let line = "other files relate to 1 id that no rule has: `rulecast check` shows where\n";
    assert_eq!(reported(&sandbox, &["rules/b/other.yml", "--allow", "notes"]), "");
    let found = reported(&sandbox, &["rules/b/other.yml"]);
    assert!(found.ends_with(line), "{found}");
    let found = reported(&sandbox, &["rules/b/other.yml", "--deny", "unknown-relation", "--allow", "notes"]);
    assert_eq!(found, "rules/z/related.yml: unknown-relation\n");
}

#[test]
fn what_bears_on_all_rules_has_all_checked() {
    let sandbox = repository("changed-all");
    sandbox.write("rules/z/filter.yml", FILTER.replace("[whoami]", "any")).write("rules/z/bad.yml", "title: x\n");
    let [filter, config] = ["rules/z/filter.yml", "rulecast.toml"].map(|path| reported(&sandbox, &[path]));
    assert_eq!(filter, config);
    assert!(filter.contains("rules/z/bad.yml: "), "{filter}");
    // What a filter on any rule makes of a changed one is seen, too.
    let bad = FILTER.replace("[whoami]", "any").replace("User: scanner", "User|re: '('");
    sandbox.write("rules/z/filter.yml", bad);
    let alone = reported(&sandbox, &["rules/a/whoami.yml"]);
    assert!(!alone.contains("rules/b/"), "{alone}");
}

#[test]
fn wrong_usage_is_told() {
    let sandbox = Sandbox::new("changed-usage");
    sandbox.write("a.yml", GOOD).write("other/b.yml", GOOD);
    let run = sandbox.run(&["check", "--changed", "a.yml"]);
    let message = "error: --changed needs all rules: name them with --among, or as `rules` in `rulecast.toml`\n";
    assert_eq!((run.code, run.err.as_str()), (3, message));
    assert_eq!(sandbox.run(&["check", "--changed"]).code, 3);
    assert_eq!(sandbox.run(&["check", "--among", "other", "a.yml"]).code, 3);
    let run = sandbox.run(&["check", "--changed", "a.yml", "--among", "other"]);
    assert_eq!((run.code, run.err.as_str()), (0, "a.yml: not checked: it is not among the rules\n"));
    let run = sandbox.run(&["check", "--changed", "--among=.", "other", "--allow", "notes"]);
    assert!(run.out.contains("warning[duplicate-title]: a.yml has another rule of this title\n --> other/b.yml:1:8\n"));
    // What is accepted of a rule by its id is accepted of both.
    let summary = "checked 2 rules in 2 files for eql.ecs, spl.sysmon, kql.xdr: 0 errors, 2 warnings\n";
    assert!(run.code == 1 && run.out.ends_with(summary), "{}{}", run.out, run.err);
}
