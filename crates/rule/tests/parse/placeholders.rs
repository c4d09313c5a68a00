//! Files of placeholders.

use rulecast_diagnostics::{SourceMap, render};

/// The values, a line each; then the problems.
fn read(text: &str) -> String {
    let mut sources = SourceMap::new();
    let file = sources.add("values.yml", text);
    let parsed = rulecast_rule::placeholders(file, text);
    let lines: Vec<String> = parsed.values.iter().map(|(name, values)| format!("{} = {values:?}", name.node)).collect();
    let problems = render::text(&parsed.diagnostics, &sources, false);
    [lines.join("\n"), problems.trim_end().to_owned()].join("\n")
}

#[test]
fn values_are_text_or_numbers_in_yaml_or_json() {
    let text = "Administrators: [root, 'adm_*']\nid: 0x10\n'a b': 007\ndash:\n  - -x\n  - '-y'\n";
    insta::assert_snapshot!(read(text), @r#"
    Administrators = ["root", "adm_*"]
    id = ["0x10"]
    a b = ["007"]
    dash = ["-x", "-y"]
    "#);
    insta::assert_snapshot!(read(r#"{"a": ["x\\y", 1.5], "b": "true"}"#), @r#"
    a = ["x\\y", "1.5"]
    b = ["true"]
    "#);
}

#[test]
fn what_is_no_value_is_shown() {
    let text = "a: true\nb: [x, null, {c: d}]\nc: []\n'%d%': x\ne:\n";
    insta::assert_snapshot!(read(text), @r#"
    b = ["x"]
    error[wrong-type]: value of placeholder `a` is a truth value
     --> values.yml:1:4
      |
    1 | a: true
      |    ^^^^ expected text or a number

    error[wrong-type]: value of placeholder `b` is empty
     --> values.yml:2:8
      |
    2 | b: [x, null, {c: d}]
      |        ^^^^ expected text or a number

    error[wrong-type]: value of placeholder `b` is a mapping
     --> values.yml:2:14
      |
    2 | b: [x, null, {c: d}]
      |              ^^^^^^ expected text or a number

    error[empty-list]: placeholder `c` has no value
     --> values.yml:3:1
      |
    3 | c: []
      | ^ expected one or more

    error[placeholder-name]: not the name of a placeholder
     --> values.yml:4:1
      |
    4 | '%d%': x
      | ^^^^^ write the name that stands between the percent signs

    error[wrong-type]: value of placeholder `e` is empty
     --> values.yml:5:3
      |
    5 | e:
      |   ^ expected text or a number
    "#);
    insta::assert_snapshot!(read("- a\n"), @r#"
    error[wrong-type]: file of placeholders is a list
     --> values.yml:1:1
      |
    1 | - a
      | ^^^ expected a mapping
    "#);
    insta::assert_snapshot!(read(""), @r#"
    error[empty-file]: file holds no placeholder
     --> values.yml:1:1
      |
    1 |
      | ^
      |
      = help: write lines `name: [value, …]`
    "#);
    insta::assert_snapshot!(read("a: x\na: y\n"), @r#"
    a = ["x"]
    error[duplicate-key]: duplicate key `a`
     --> values.yml:2:1
      |
    1 | a: x
      | - first here
    2 | a: y
      | ^ stands here again
      |
      = help: merge the two, or rename one: a mapping holds each key once
    "#);
}
