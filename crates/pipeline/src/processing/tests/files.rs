use super::{problems, rewritten_by, rule};
use insta::assert_snapshot;

fn filled(keys: &str) -> String {
    let rule = rule("s: {F|expand: '@hosts@'}\ncondition: s").replace('@', "%");
    rewritten_by(&[&format!("transformations:\n- {{type: file_placeholders, {keys}}}")], &rule)
}

#[test]
fn placeholders_get_the_values_of_files() {
    assert_snapshot!(filled("path: lists/hosts.txt"), @"windows/process_creation: F = 'srv1' or F = 'srv2' or F = '# no comment'");
    assert_snapshot!(filled("path: lists/hosts.txt, filter: '^srv'"), @"windows/process_creation: F = 'srv1' or F = 'srv2'");
    assert_snapshot!(filled("path: lists/hosts.csv, format: csv, csv_column: host"), @"windows/process_creation: F = 'srv1' or F = 'srv,2'");
    assert_snapshot!(filled("path: lists/hosts.csv, format: csv, csv_column: 1, csv_has_header: false"), @"windows/process_creation: F = 'owner' or F = 'ann' or F = 'bob'");
    assert_snapshot!(filled("path: lists/hosts.json, format: json, jq_expression: '.hosts[].name'"), @"windows/process_creation: F = 'srv1' or F = 'srv2'");
    assert_snapshot!(filled("path: lists/hosts.yml, format: yaml, jq_expression: '.hosts[0].name'"), @"windows/process_creation: F = 'srv1'");
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_where_it_is_named() {
    let read = |keys: &str| problems(&format!("transformations:\n- {{type: file_placeholders, {keys}}}"));
    assert_snapshot!(read("path: none.txt"), @r#"
    error[invalid-pipeline]: cannot read `none.txt`: no such file
     --> p.yml:2:35
      |
    2 | - {type: file_placeholders, path: none.txt}
      |                                   ^^^^^^^^
      |
      = help: paths in a pipeline are relative to the working directory
    "#);
    assert_snapshot!(read("path: lists/hosts.csv, format: csv"), @r#"
    error[invalid-pipeline]: `csv` needs `csv_column`, a name or a number from 0
     --> p.yml:2:35
      |
    2 | - {type: file_placeholders, path: lists/hosts.csv, format: csv}
      |                                   ^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(read("path: lists/hosts.txt, format: json, jq_expression: '.a'"), @r#"
    error[invalid-pipeline]: `lists/hosts.txt` is no JSON: expected value at line 1 column 1
     --> p.yml:2:35
      |
    2 | - {type: file_placeholders, path: lists/hosts.txt, format: json, jq_expression: '.a'}
      |                                   ^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(read("path: lists/hosts.json, format: json, jq_expression: '.hosts | length'"), @r#"
    error[invalid-pipeline]: `.hosts | length` is more of jq than is supported: names, `[0]` and `[]`
     --> p.yml:2:35
      |
    2 | - {type: file_placeholders, path: lists/hosts.json, format: json, jq_expression: '.hosts | length'}
      |                                   ^^^^^^^^^^^^^^^^
    "#);
}
