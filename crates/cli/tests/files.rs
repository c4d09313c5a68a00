//! Files found, and files written.

use crate::support::{GOOD, Sandbox};

const TWO: &str = "\
title: First
name: first_rule
logsource: {category: process_creation, product: windows}
detection: {sel: {CommandLine: a}, condition: sel}
---
title: 'Second: a/../b'
logsource: {category: process_creation, product: windows}
detection: {sel: {CommandLine: b}, condition: sel}
";

fn tree(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.write("rules/win/one.yml", GOOD).write("rules/two.yaml", TWO).write("rules/.hidden.yml", "[");
    sandbox.write("rules/readme.md", "[").write("rules/skipped/x.yml", "[").write("rules/.ignore", "skipped/\n");
    sandbox.write("rules/.gitignore", "win/\n");
    sandbox
}

#[test]
fn the_tree_of_rules_is_mirrored_for_each_target() {
    let sandbox = tree("mirror");
    let run = sandbox.run(&["convert", "rules", "-t", "eql,spl.none", "-o", "out"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", "wrote 6 files to out\n"));
    assert_eq!(
        sandbox.list("out"),
        [
            "out/eql.ecs/two.first_rule.eql",
            "out/eql.ecs/two.second-a-b.eql",
            "out/eql.ecs/win/one.eql",
            "out/spl.none/two.first_rule.spl",
            "out/spl.none/two.second-a-b.spl",
            "out/spl.none/win/one.spl",
        ]
    );
    let alone = sandbox.run(&["convert", "rules/win/one.yml", "-q", "-t", "eql"]).out;
    assert_eq!(sandbox.read("out/eql.ecs/win/one.eql"), alone.trim_end().to_owned() + "\n");
}

#[test]
fn pages_and_objects_are_one_file_for_each_rule() {
    let sandbox = tree("pages");
    assert_eq!(sandbox.run(&["convert", "rules", "-f", "markdown", "-o", "out", "-q"]).code, 0);
    assert_eq!(sandbox.list("out"), ["out/two.first_rule.md", "out/two.second-a-b.md", "out/win/one.md"]);
    assert!(sandbox.read("out/win/one.md").starts_with("# Whoami\n\nSomeone asks who they are.\n"));
    assert_eq!(sandbox.run(&["convert", "rules", "-f", "json", "-o", "json", "-q"]).code, 0);
    let entries: Vec<serde_json::Value> = serde_json::from_str(&sandbox.read("json/win/one.json")).unwrap();
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| entry["status"] == "exact"));
}

#[test]
fn a_rule_that_fails_keeps_no_other_from_its_file() {
    let sandbox = tree("partly");
    sandbox.write("rules/bad.yml", "title: x\n");
    let run = sandbox.run(&["convert", "rules", "-t", "eql", "-o", "out"]);
    assert_eq!(run.code, 2);
    assert_eq!(sandbox.list("out").len(), 3);
}

#[test]
fn two_rules_for_one_file_are_refused_before_anything_is_written() {
    let sandbox = Sandbox::new("clash");
    sandbox.write("a/x.yml", GOOD).write("b/X.yml", GOOD);
    let run = sandbox.run(&["convert", "a", "b", "-t", "eql", "-o", "out"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("`a/x.yml` and `b/X.yml` would both be written to `eql.ecs/X.eql`"), "{}", run.err);
    assert!(!sandbox.path("out").exists());
}

#[test]
fn output_does_not_depend_on_order_repetition_or_threads() {
    let sandbox = tree("order");
    for number in 0..40 {
        sandbox.write(&format!("rules/many/{number}.yml"), TWO);
    }
    for format in ["text", "json", "markdown"] {
        let run = |paths: &[&str], threads: &str| {
            let args: Vec<&str> = ["convert", "-f", format].iter().chain(paths).copied().collect();
            sandbox.run_with(&args, &[("RAYON_NUM_THREADS", threads)], "").out
        };
        let expected = run(&["rules"], "1");
        assert!(expected.len() > 10_000);
        for threads in ["1", "2", "7"] {
            assert_eq!(run(&["rules"], threads), expected);
            assert_eq!(
                run(&["rules/win", "./rules/", "rules/two.yaml", "rules", "rules/../rules/win"], threads),
                expected
            );
        }
    }
}
