//! Rules that refer to rules of other files.

use crate::support::Sandbox;

const FIRST: &str = "\
title: First
id: 11111111-1111-4111-8111-111111111111
name: first
logsource: {category: process_creation, product: windows}
detection: {sel: {CommandLine: a}, condition: sel}
";

const SECOND: &str = "\
title: Second
name: second
logsource: {category: network_connection, product: windows}
detection: {sel: {DestinationPort: 443}, condition: sel}
";

fn correlation(generate: bool) -> String {
    format!(
        "title: Both\ncorrelation:\n  type: temporal_ordered\n  rules: [11111111-1111-4111-8111-111111111111, second]\n  \
         group-by: [HostId]\n  timespan: 1m\n  generate: {generate}\n"
    )
}

const FILTER: &str = "\
title: Not the scanner
logsource: {category: process_creation, product: windows}
filter:
  rules: [first]
  scanner: {User: scanner}
  condition: not scanner
";

/// Titles of the queries, in order.
fn titles(sandbox: &Sandbox, paths: &[&str]) -> Vec<String> {
    let args: Vec<&str> = ["convert", "-t", "kql.none"].iter().chain(paths).copied().collect();
    let run = sandbox.run(&args);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let headings = run.out.lines().filter_map(|line| line.strip_prefix("# ")?.strip_suffix(" · kql.none"));
    headings.map(str::to_owned).collect()
}

#[test]
fn a_correlation_finds_its_rules_and_uses_them_up() {
    let sandbox = Sandbox::new("correlation");
    sandbox.write("a/both.yml", correlation(false)).write("b/first.yml", FIRST).write("c/second.yml", SECOND);
    assert_eq!(titles(&sandbox, &["."]), ["Both"]);
    assert_eq!(titles(&sandbox, &["c", "b", "a"]), ["Both"]);
    assert_eq!(titles(&sandbox, &["b", "c"]), ["First", "Second"]);
    sandbox.write("a/both.yml", correlation(true));
    assert_eq!(titles(&sandbox, &["."]), ["Both", "First", "Second"]);
}

#[test]
fn a_query_is_the_same_from_one_file_and_from_three() {
    let sandbox = Sandbox::new("one-or-three");
    sandbox.write("three/a.yml", correlation(false)).write("three/b.yml", FIRST).write("three/c.yml", SECOND);
    sandbox.write("one/a.yml", format!("{FIRST}---\n{SECOND}---\n{}", correlation(false)));
    let [one, three] = ["one", "three"].map(|folder| sandbox.run(&["convert", "-q", folder, "-t", "eql,spl,kql"]));
    assert_eq!((one.code, one.err.as_str()), (0, ""));
    assert_eq!(one.out, three.out);
}

#[test]
fn a_filter_applies_to_rules_of_other_files() {
    let sandbox = Sandbox::new("filter");
    sandbox.write("first.yml", FIRST).write("second.yml", SECOND);
    let convert = || sandbox.run(&["convert", "-q", ".", "-t", "kql.none"]);
    let without = convert();
    assert!(!without.out.contains("scanner"));
    sandbox.write("zz_filter.yml", FILTER);
    let with = convert();
    assert_eq!((with.code, with.err.as_str()), (0, ""));
    assert_eq!(with.out.matches("scanner").count(), 1, "{}", with.out);
    sandbox.write("zz_filter.yml", FILTER.replace("[first]", "any"));
    assert_eq!(convert().out, with.out, "the log source keeps the filter from the second rule");
    // Through a correlation over the rule as well.
    sandbox.write("both.yml", correlation(false));
    let both = convert();
    assert_eq!((both.code, both.out.matches("scanner").count()), (0, 1), "{}{}", both.out, both.err);
}

#[test]
fn a_reference_to_nothing_is_an_error_at_its_place() {
    let sandbox = Sandbox::new("dangling");
    sandbox.write("both.yml", correlation(false)).write("first.yml", FIRST);
    let run = sandbox.run(&["convert", ".", "-t", "kql.none"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--> both.yml:4:49\n"), "{}", run.err);
}
