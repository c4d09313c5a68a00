//! Where reports go, and what a problem is known by.

use crate::support::{GOOD, Sandbox};
use serde_json::Value;
use std::collections::BTreeMap;

fn faulty() -> String {
    GOOD.replace("level: ", "").replace("detection:\n", "level: hoch\ndetection:\n").replace("|contains", "|contians")
}

/// The fingerprints of a run, by file, name and line.
fn fingerprints(sandbox: &Sandbox, args: &[&str]) -> BTreeMap<(String, String, u64), String> {
    let run = sandbox.run(&[&["check", "--format", "gitlab"], args].concat());
    let issues: Value = serde_json::from_str(&run.out).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = issues.as_array().unwrap().iter().map(|issue| {
        let (path, line) = (text(&issue["location"]["path"]), issue["location"]["lines"]["begin"].as_u64().unwrap());
        ((path, text(&issue["check_name"]), line), text(&issue["fingerprint"]))
    });
    all.collect()
}

#[test]
fn a_problem_keeps_its_fingerprint_while_lines_files_and_other_problems_come_and_go() {
    let sandbox = Sandbox::new("reports-fingerprints");
    sandbox.write("rules/b.yml", faulty());
    let before = fingerprints(&sandbox, &["rules", "--allow", "notes"]);
    assert_eq!(before.len(), 2, "{before:?}");

    // A line above, a file before it, a further problem in the file, and one of the two mended.
    let after = faulty().replace("title:", "# new\ntitle:").replace("|contians", "|contains");
    sandbox.write("rules/b.yml", format!("{after}status: finished\n")).write("rules/a.yml", faulty());
    let later = fingerprints(&sandbox, &["rules", "--allow", "notes"]);
    let of = |all: &BTreeMap<_, String>, path: &str, name: &str, line: u64| {
        all.get(&(path.to_owned(), name.to_owned(), line)).unwrap_or_else(|| panic!("{all:?}")).clone()
    };
    let (first, second) = (of(&before, "rules/b.yml", "bad-level", 5), of(&later, "rules/b.yml", "bad-level", 6));
    assert_eq!(first, second);
    assert_ne!(first, of(&later, "rules/a.yml", "bad-level", 5));

    // It is the same in SARIF.
    let run = sandbox.run(&["check", "rules/b.yml", "--allow", "notes", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&run.out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["ruleId"] == "bad-level").unwrap();
    assert_eq!(result["partialFingerprints"]["rulecastFinding/v1"], first);
}

#[test]
fn a_report_goes_into_a_file_and_a_summary_to_standard_error() {
    let sandbox = Sandbox::new("reports-output");
    sandbox.write("rules/a.yml", faulty());
    for format in ["text", "json", "sarif", "github", "gitlab", "junit"] {
        let args = ["check", "rules", "--format", format];
        let plain = sandbox.run(&args);
        let name = format!("out/{format}");
        let run = sandbox.run(&[&args[..], &["--output", &name]].concat());
        assert_eq!((run.code, run.out.as_str()), (plain.code, ""), "{format}");
        assert_eq!(sandbox.read(&name), plain.out, "{format}");
        assert!(run.err.starts_with("checked 0 rules in 1 file for ") && run.err.lines().count() == 1, "{}", run.err);
        let quiet = sandbox.run(&[&args[..], &["-q", "-o", &name]].concat());
        assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (2, "", ""), "{format}");
        // As without it.
        let dash = sandbox.run(&[&args[..], &["-o", "-"]].concat());
        assert_eq!((dash.code, dash.out.as_str(), dash.err.as_str()), (2, plain.out.as_str(), ""), "{format}");
    }
    // Nothing else is left behind.
    assert_eq!(sandbox.list("out").len(), 6);
    let run = sandbox.run(&["check", "rules", "-o", "rules/a.yml/x"]);
    assert_eq!((run.code, run.out.as_str()), (3, ""));
    assert!(run.err.contains("error: cannot write `rules/a.yml/x`: "), "{}", run.err);
}

#[test]
fn results_of_tests_go_into_a_file_too() {
    let sandbox = Sandbox::new("reports-tests");
    let failing = "tests: [{name: other, expect: match, events: [{CommandLine: dir}]}]\n";
    sandbox.write("a.yml", format!("{GOOD}{failing}"));
    for format in ["text", "json", "junit", "github"] {
        let args = ["test", "a.yml", "-t", "eql", "-f", format];
        let plain = sandbox.run(&args);
        let run = sandbox.run(&[&args[..], &["-o", "report"]].concat());
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{format}");
        assert_eq!(sandbox.read("report"), plain.out, "{format}");
        assert_eq!(run.err, "1 test of 1 rule: 1 failed\n  eql.ecs: 1 agree\n");
    }
}

#[test]
fn failed_tests_and_rules_that_cannot_be_read_are_annotations() {
    let sandbox = Sandbox::new("reports-annotations");
    let failing = "tests: [{name: other, expect: match, why: it runs, events: [{CommandLine: dir}]}]\n";
    sandbox.write("a.yml", format!("{GOOD}{failing}")).write("b.yml", faulty());
    let run = sandbox.run(&["test", ".", "-t", "eql", "-f", "github"]);
    assert_eq!((run.code, run.err.as_str()), (2, ""));
    insta::assert_snapshot!(run.out, @r#"
    ::error file=a.yml,line=8,endLine=8,col=16,endColumn=20,title=test-failed::the rule must fire, and does not%0Anote: why the test expects it: it runs%0Asee line 6: does not hold of event 1
    ::error file=b.yml,line=5,endLine=5,col=8,endColumn=11,title=bad-level::unknown `level` `hoch`
    ::error file=b.yml,line=7,endLine=7,col=21,endColumn=28,title=unknown-modifier::unknown modifier `contians`%0Ahelp: did you mean `contains`?
    "#);
}

#[test]
fn files_are_named_from_where_the_command_is_called() {
    let sandbox = Sandbox::new("reports-paths");
    sandbox.write("rules/windows/a.yml", faulty());
    for (from, path, name) in [
        ("", "rules", "rules/windows/a.yml"),
        ("rules", ".", "windows/a.yml"),
        ("rules/windows", "..", "../windows/a.yml"),
    ] {
        let of = |format: &str| sandbox.run_in(from, &["check", path, "-q", "--format", format]).out;
        let json: Value = serde_json::from_str(&of("json")).unwrap();
        assert_eq!(json[0]["file"], name);
        let gitlab: Value = serde_json::from_str(&of("gitlab")).unwrap();
        assert_eq!(gitlab[0]["location"]["path"], name);
        let sarif: Value = serde_json::from_str(&of("sarif")).unwrap();
        let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], name);
        assert!(of("github").starts_with(&format!("::error file={name},line=")), "{}", of("github"));
        assert!(of("junit").contains(&format!("<testsuite name=\"{name}\"")), "{}", of("junit"));
    }
}

#[test]
fn colour_is_for_text_alone() {
    let sandbox = Sandbox::new("reports-colour");
    sandbox.write("a.yml", faulty());
    for format in ["json", "sarif", "github", "gitlab", "junit"] {
        let run = sandbox.run(&["check", "a.yml", "--format", format, "--color", "always"]);
        assert!(!run.out.contains('\u{1b}'), "{format}");
    }
    assert!(sandbox.run(&["check", "a.yml", "--color", "always"]).out.contains('\u{1b}'));
    // A file is no terminal.
    sandbox.run(&["check", "a.yml", "-o", "report"]);
    assert!(!sandbox.read("report").contains('\u{1b}'));
    sandbox.run(&["check", "a.yml", "-o", "report", "--color", "always"]);
    assert!(sandbox.read("report").contains('\u{1b}'));
}

#[test]
fn counts_are_text_or_json() {
    let sandbox = Sandbox::new("reports-stats");
    sandbox.write("a.yml", faulty());
    let run = sandbox.run(&["check", "a.yml", "--stats", "--format", "sarif"]);
    assert_eq!((run.code, run.out.as_str()), (3, ""));
    assert_eq!(run.err, "error: `--stats` prints text or JSON: give `--format text` or `--format json`\n");
}

/// A pipeline and a model with a warning each.
const PIPELINE: &str = "\
name: Own source
priority: 20
transformations:
  - type: change_logsource
    product: windows
    category: process_creation
    field_name_conditions: [{type: include_fields, fields: [Image]}]
";

const MODEL: &str = "\
name: ours
title: Our endpoint events
languages: [kql]
time: Timestamp
groups:
  process: {fields: {CommandLine: CommandLine_s}}
sources:
  - when: {product: windows, category: process_creation}
    reads: {table: Endpoint_CL}
";

#[test]
fn quiet_leaves_warnings_and_summaries_out_of_every_command() {
    let sandbox = Sandbox::new("reports-quiet");
    sandbox.write("a.yml", GOOD).write("own.yml", PIPELINE).write("ours.yml", MODEL).write("events.json", "[]");
    for args in [
        &["convert", "a.yml", "-t", "eql", "-p", "own.yml"][..],
        &["check", "a.yml", "-t", "eql", "-p", "own.yml", "-o", "report"],
        &["test", "a.yml", "-t", "eql", "-p", "own.yml", "-o", "report"],
        &["eval", "a.yml", "-e", "events.json", "-p", "own.yml"],
        &["explain", "a.yml", "-t", "eql", "-p", "own.yml"],
        &["list", "fields", "-m", "ours.yml"],
    ] {
        let loud = sandbox.run(args);
        assert!(loud.err.contains("warning["), "{args:?}: {}", loud.err);
        let quiet = sandbox.run(&[args, &["--quiet"]].concat());
        assert_eq!((quiet.code, quiet.err.as_str()), (loud.code, ""), "{args:?}");
    }
    sandbox.write("a.yml", GOOD.replace("title: Whoami\n", "title: Whoami\ndate: 2026/11/01\n"));
    let fixed = sandbox.run(&["check", "a.yml", "--fix", "-q"]);
    assert_eq!((fixed.code, fixed.out.as_str(), fixed.err.as_str()), (0, "", ""));
    assert!(sandbox.read("a.yml").contains("date: 2026-11-01"));
}
