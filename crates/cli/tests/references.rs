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

#[test]
fn a_name_that_two_files_declare_is_never_chosen_between() {
    let sandbox = Sandbox::new("duplicates");
    sandbox.write("a.yml", FIRST).write("b.yml", FIRST).write("c.yml", SECOND);
    let run = sandbox.run(&["convert", ".", "-t", "kql.none", "-q"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 8), "{}", run.out);
    let run = sandbox.run(&["check", ".", "-t", "kql.none", "--allow", "notes"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.out, @r#"
    warning[duplicate-title]: a.yml has another rule of this title
     --> b.yml:1:8
      |
    1 | title: First
      |        ^^^^^
      |
      = help: say in each title what sets the rule apart: an analyst sees the title first

    warning[duplicate-rule]: `a.yml` has a rule of the same id or name, `11111111-1111-4111-8111-111111111111`
     --> b.yml:2:5
      |
    2 | id: 11111111-1111-4111-8111-111111111111
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: rules cannot refer to either of them; rename one

    warning[duplicate-rule]: `a.yml` has a rule of the same id or name, `first`
     --> b.yml:3:7
      |
    3 | name: first
      |       ^^^^^
      |
      = help: rules cannot refer to either of them; rename one

    warning[no-id]: rule has no `id`
     --> c.yml:1:8
      |
    1 | title: Second
      |        ^^^^^^
      |
      = help: add a random UUID, and keep it for as long as the rule lives

    checked 3 rules in 3 files for kql.none: 0 errors, 4 warnings
    "#);
    sandbox.write("both.yml", correlation(false));
    let run = sandbox.run(&["convert", ".", "-t", "kql.none", "-q"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.out, "");
    insta::assert_snapshot!(run.err, @r"
    error[ambiguous-rule]: 2 rules are called `11111111-1111-4111-8111-111111111111`
     --> both.yml:4:11
      |
    4 |   rules: [11111111-1111-4111-8111-111111111111, second]
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = note: they stand in a.yml, b.yml
    ");
}

#[test]
fn correlations_about_each_other_are_an_error_in_each_file() {
    let sandbox = Sandbox::new("circle");
    let one = |name: &str, of: &str| {
        format!(
            "title: {name}\nname: {name}\ncorrelation: {{type: event_count, rules: [{of}], group-by: [a], timespan: 1m, \
             condition: {{gte: 2}}}}\n"
        )
    };
    // The last is about the circle, not in it.
    sandbox.write("a.yml", one("a", "b")).write("b.yml", one("b", "a")).write("c.yml", one("c", "a"));
    let run = sandbox.run(&["convert", "."]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    for (file, other) in [("a.yml", "b"), ("b.yml", "a")] {
        let at = format!("error[cyclic-correlation]: `{other}` refers back to this correlation\n --> {file}:3:42\n");
        assert!(run.err.contains(&at), "no `{at}` in\n{}", run.err);
    }
    assert_eq!(run.err.matches("error[").count(), 2, "{}", run.err);
}
