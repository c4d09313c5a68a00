use super::text;
use crate::{Diagnostic, SourceMap, Span};

const RULE: &str =
    "title: Größe → x\ndetection:\n  sel:\n    CommandLine|contians: ' -enc '\n  condition: sel and othr\n";

/// Renders one problem of one file; `marks` are the texts to point at, the first of them the place of the problem.
fn check(source: &str, marks: &[&str], build: impl Fn(Vec<Span>) -> Diagnostic) -> String {
    let mut sources = SourceMap::new();
    let file = sources.add("rules/x.yml", source);
    let spans = marks.iter().map(|mark| {
        let at = source.find(mark).unwrap();
        Span::new(file, at, at + mark.len())
    });
    text(&[build(spans.collect())], &sources, false)
}

#[test]
fn a_problem_with_all_its_parts() {
    let shown = check(RULE, &["contians", "title"], |at| {
        Diagnostic::error("unknown-modifier", at[0], "unknown modifier `contians`")
            .label("not a Sigma modifier")
            .also(at[1], "in this rule")
            .help("did you mean `contains`?")
            .note("modifiers are lower case")
    });
    insta::assert_snapshot!(shown, @r"
    error[unknown-modifier]: unknown modifier `contians`
     --> rules/x.yml:4:17
      |
    1 | title: Größe → x
      | ----- in this rule
    ...
    4 |     CommandLine|contians: ' -enc '
      |                 ^^^^^^^^ not a Sigma modifier
      |
      = help: did you mean `contains`?
      = note: modifiers are lower case
    ");
}

#[test]
fn columns_count_characters() {
    let shown = check(RULE, &["→"], |at| Diagnostic::warning("odd-character", at[0], "odd character"));
    insta::assert_snapshot!(shown, @r"
    warning[odd-character]: odd character
     --> rules/x.yml:1:14
      |
    1 | title: Größe → x
      |              ^
    ");
}

#[test]
fn a_place_of_many_lines_is_marked_on_its_first() {
    let shown = check(RULE, &["detection:\n  sel:\n    CommandLine"], |at| {
        Diagnostic::error("missing-condition", at[0], "detection has no condition")
    });
    insta::assert_snapshot!(shown, @r"
    error[missing-condition]: detection has no condition
     --> rules/x.yml:2:1
      |
    2 | detection:
      | ^^^^^^^^^^
    ");
}

#[test]
fn distant_places_are_pieces_of_their_own() {
    let source = format!("a: 1\n{}a: 2\n", "b: 0\n".repeat(1_000));
    let shown = check(&source, &["a: 2", "a: 1"], |at| {
        Diagnostic::error("duplicate-key", at[0], "key `a` is given twice").also(at[1], "first here")
    });
    insta::assert_snapshot!(shown, @r"
    error[duplicate-key]: key `a` is given twice
        --> rules/x.yml:1002:1
         |
    1002 | a: 2
         | ^^^^
         |
        ::: rules/x.yml:1:1
         |
       1 | a: 1
         | ---- first here
    ");
}

#[test]
fn a_line_of_300_kilobytes_does_not_flood_the_output() {
    let source = format!("condition: {}\n", "(".repeat(300_000));
    let shown = check(&source, &[&"(".repeat(300_000)], |at| {
        Diagnostic::error("too-deep", at[0], "condition is nested too deep").label("here")
    });
    assert!(shown.len() < 1_000, "{} bytes", shown.len());
    insta::assert_snapshot!(shown, @r"
    error[too-deep]: condition is nested too deep
     --> rules/x.yml:1:12
      |
    1 | condition: ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((...
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ here
    ");
    let shown = check(&source, &["\n"], |at| Diagnostic::error("unclosed", at[0], "parenthesis is not closed"));
    assert!(shown.len() < 1_000, "{} bytes", shown.len());
    assert!(shown.contains("rules/x.yml:1:300012"), "{shown}");
}

#[test]
fn text_of_a_rule_cannot_command_the_terminal() {
    let shown = check("title: \u{1b}[31mred\n", &["\u{1b}[31mred"], |at| {
        Diagnostic::error("bad-title", at[0], "title is `\u{1b}[31m\u{202e}`").help("x".repeat(10_000))
    });
    assert!(!shown.contains(['\u{1b}', '\u{202e}']));
    assert!(shown.len() < 2_000);
}

#[test]
fn an_empty_file_has_a_first_line() {
    let shown = check("", &[""], |at| Diagnostic::error("empty-file", at[0], "file holds no rule"));
    insta::assert_snapshot!(shown, @r"
    error[empty-file]: file holds no rule
     --> rules/x.yml:1:1
      |
    1 |
      | ^
    ");
}

#[test]
fn colour_is_only_added() {
    let mut sources = SourceMap::new();
    let file = sources.add("x.yml", RULE);
    let diagnostic = Diagnostic::error("a", Span::new(file, 0, 5), "b");
    let coloured = text(std::slice::from_ref(&diagnostic), &sources, true);
    let plain = text(std::slice::from_ref(&diagnostic), &sources, false);
    let mut stripped = String::new();
    let mut parts = coloured.split('\u{1b}');
    stripped.push_str(parts.next().unwrap());
    parts.for_each(|part| stripped.push_str(part.split_once('m').unwrap().1));
    assert_ne!(coloured, plain);
    assert_eq!(stripped, plain);
}
