//! Files that are wrong in every way that a file can be: each is reported at its place, and keeps no other from its
//! query.

use crate::support::{GOOD, Sandbox};
use std::fmt::Write;

const HEAD: &str =
    "title: Bad\nid: 0b8e7c1a-9f5e-4f5d-8f0e-3b1c2d4e5f60\nlogsource: {category: process_creation, product: windows}\n";

/// Converts `bad` beside a good rule. `place` is line and column, `name` the kind of problem.
fn check(case: &str, bad: impl AsRef<[u8]>, place: &str, name: &str) {
    let sandbox = Sandbox::new(&format!("bad-{case}"));
    sandbox.write("rules/bad.yml", bad).write("rules/good.yml", GOOD);
    let run = sandbox.run(&["convert", "rules", "-t", "eql,spl,kql"]);
    assert_eq!(run.code, 2, "{case}: {}", run.err);
    let at = format!("--> rules/bad.yml:{place}\n");
    assert!(run.err.contains(&at), "{case}: no `{at}` in\n{}", run.err);
    assert!(run.err.contains(&format!("error[{name}]: ")), "{case}: no {name} in\n{}", run.err);
    assert!(run.err.len() < 8_000, "{case}: {} bytes of messages", run.err.len());
    assert!(!run.err.contains("panicked"), "{case}: {}", run.err);
    assert_eq!(run.out.matches("# Whoami · ").count(), 3, "{case}: {}", run.out);
    assert!(!run.out.contains("# Bad"), "{case}: {}", run.out);
    let run = sandbox.run(&["check", "rules", "--format", "json"]);
    assert_eq!(run.code, 2, "{case}: {}", run.err);
    assert!(run.out.contains(&format!("\"name\": \"{name}\"")), "{case}: {}", run.out);
}

fn rule(detection: &str) -> String {
    format!("{HEAD}detection:\n{detection}")
}

#[test]
fn yaml_and_encoding() {
    check("yaml", format!("{HEAD}detection: [a\n"), "5:1", "invalid-yaml");
    check("duplicate-key", format!("{HEAD}title: again\n"), "4:1", "duplicate-key");
    check("empty", "", "1:1", "empty-file");
    check("comment", "# nothing here\n", "1:1", "empty-file");
    check("binary", b"\x7fELF\x02\x01\x00\xff\xfe\x00", "1:8", "not-text");
    check("utf16", b"\xff\xfet\x00i\x00", "1:1", "not-text");
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        let _ = writeln!(bomb, "a{level}: &a{level} [{}]", [before.as_str(); 10].join(", "));
    }
    check("alias-bomb", bomb, "4:45", "too-many-aliases");
    check("deep-yaml", format!("{HEAD}x: {}1{}\n", "[".repeat(10_000), "]".repeat(10_000)), "4:259", "too-deep");
}

#[test]
fn values_of_the_wrong_kind() {
    check("level", rule("  sel: {a: b}\n  condition: sel\nlevel: hihg\n"), "7:8", "bad-level");
    check("date", rule("  sel: {a: b}\n  condition: sel\ndate: 2024-02-30\n"), "7:7", "bad-date");
    check("modifier", rule("  sel:\n    CommandLine|contians: x\n  condition: sel\n"), "6:17", "unknown-modifier");
    check(
        "chain",
        rule("  sel:\n    CommandLine|exists|contains: x\n  condition: sel\n"),
        "6:24",
        "illegal-modifier-chain",
    );
    check("regex", rule("  sel:\n    CommandLine|re: 'a(b'\n  condition: sel\n"), "6:23", "invalid-regex");
    check("cidr", rule("  sel:\n    DestinationIp|cidr: 10.0.0.0/33\n  condition: sel\n"), "6:25", "invalid-cidr");
}

#[test]
fn conditions() {
    check("undefined", rule("  sel: {a: b}\n  condition: sel and othr\n"), "6:22", "unknown-selection");
    check("no-condition", rule("  sel: {a: b}\n"), "4:1", "missing-condition");
    check("pipe", rule("  sel: {a: b}\n  condition: sel | count() > 5\n"), "6:18", "aggregation-pipe");
    let deep = format!("{}sel{}", "(".repeat(10_000), ")".repeat(10_000));
    check("deep-condition", rule(&format!("  sel: {{a: b}}\n  condition: {deep}\n")), "6:78", "condition-too-deep");
    let names: Vec<String> = (0..30_000).map(|number| format!("v{number:06}")).collect();
    let list = format!("  sel: {{a: [{}]}}\n  condition: sel and\n", names.join(", "));
    check("long-line", rule(&list), "6:21", "invalid-condition");
}

#[test]
fn all_problems_of_a_rule_are_reported_at_once() {
    let sandbox = Sandbox::new("all-at-once");
    sandbox.write(
        "bad.yml",
        "title: Bad\nlevel: hi\nlogsource:\n  category: x\ndetection:\n  sel:\n    A|contians: a\n    B|cidr: 10.0.0.1/8\n    \
         C|re: 'a(b'\n    D|re|cidr: x\n  condition: sle and 1 of filter_*\n",
    );
    let run = sandbox.run(&["convert", "bad.yml"]);
    assert_eq!(run.code, 2);
    for (name, place) in [
        ("bad-level", "2:8"),
        ("unknown-modifier", "7:7"),
        ("invalid-cidr", "8:13"),
        ("invalid-regex", "9:13"),
        ("illegal-modifier-chain", "10:10"),
        ("unknown-selection", "11:14"),
        ("empty-selector", "11:22"),
    ] {
        let at = run.err.find(&format!("error[{name}]")).unwrap_or_else(|| panic!("{name} in {}", run.err));
        let line = run.err[at..].lines().nth(1).unwrap_or_default();
        assert!(line.ends_with(&format!("--> bad.yml:{place}")), "{name}: {line}");
    }
}

#[test]
fn a_list_of_300_kilobytes_is_no_mistake() {
    let sandbox = Sandbox::new("long-list");
    let names: Vec<String> = (0..30_000).map(|number| format!("v{number:06}")).collect();
    sandbox.write("long.yml", rule(&format!("  sel: {{CommandLine: [{}]}}\n  condition: sel\n", names.join(", "))));
    let run = sandbox.run(&["convert", "long.yml", "-t", "spl", "-q"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("v000000") && run.out.contains("v029999"));
}

#[test]
fn many_problems_of_one_file_are_counted_not_shown() {
    let mut detection = String::from("  sel:\n");
    for number in 0..500 {
        let _ = writeln!(detection, "    F{number}|nope: x");
    }
    let sandbox = Sandbox::new("many-problems");
    sandbox.write("bad.yml", rule(&format!("{detection}  condition: sel\n")));
    let run = sandbox.run(&["check", "bad.yml"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.out.matches("error[unknown-modifier]").count(), 100);
    assert!(run.out.contains("… and 400 further problems in bad.yml\n"), "{}", run.out);
    let all = sandbox.run(&["check", "bad.yml", "--format", "json"]);
    assert_eq!(all.out.matches("\"name\": \"unknown-modifier\"").count(), 500);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_reported_beside_the_rest() {
    let sandbox = Sandbox::new("unreadable");
    sandbox.write("rules/good.yml", GOOD);
    // A link to nothing: readable by no user, not even the superuser that containers run as.
    std::os::unix::fs::symlink("nowhere", sandbox.path("rules/gone.yml")).unwrap();
    let run = sandbox.run(&["convert", "rules"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("error[unreadable-file]: cannot read: entity not found\n --> rules/gone.yml:1:1\n"),
        "{}",
        run.err
    );
    assert_eq!(run.out.matches("# Whoami · ").count(), 3);
}
