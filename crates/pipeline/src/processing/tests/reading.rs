use super::problems;
use insta::assert_snapshot;

#[test]
fn what_is_not_known_is_an_error_with_its_place() {
    assert_snapshot!(problems("name: x\ntransfomations: []\n"), @r#"
    error[invalid-pipeline]: unknown key of a pipeline: `transfomations`
     --> p.yml:2:1
      |
    2 | transfomations: []
      | ^^^^^^^^^^^^^^
      |
      = help: did you mean `transformations`?
    "#);
    assert_snapshot!(problems("transformations:\n  - type: field_name_maping\n    mapping: {a: b}\n"), @r#"
    error[invalid-pipeline]: unknown transformation `field_name_maping`
     --> p.yml:2:11
      |
    2 |   - type: field_name_maping
      |           ^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `field_name_mapping`?
    "#);
    assert_snapshot!(problems("transformations:\n  - type: set_state\n    key: a\n    value: b\n"), @r#"
    error[invalid-pipeline]: the step lacks `val`
     --> p.yml:2:11
      |
    2 |   - type: set_state
      |           ^^^^^^^^^
    "#);
    let condition = "transformations:\n  - type: case\n    rule_conditions:\n      - type: logsorce\n";
    assert_snapshot!(problems(condition), @r#"
    error[invalid-pipeline]: unknown rule condition `logsorce`
     --> p.yml:4:15
      |
    4 |       - type: logsorce
      |               ^^^^^^^^
      |
      = help: did you mean `logsource`?
    "#);
    assert_snapshot!(problems("transformations:\n  - type: case\n    method: lowr\n"), @r#"
    error[invalid-pipeline]: unknown value of `method`: `lowr`
     --> p.yml:3:13
      |
    3 |     method: lowr
      |             ^^^^
      |
      = help: did you mean `lower`?
    "#);
    assert_snapshot!(problems("finalizers:\n  - type: concatenate\n"), @r#"
    error[invalid-pipeline]: unknown finalizer `concatenate`
     --> p.yml:2:11
      |
    2 |   - type: concatenate
      |           ^^^^^^^^^^^
      |
      = help: known: `concat`, `json`, `yaml`, `template`, `nested`
    "#);
    assert_snapshot!(problems("postprocessing:\n  - type: embedd\n"), @r#"
    error[invalid-pipeline]: unknown post-processing `embedd`
     --> p.yml:2:11
      |
    2 |   - type: embedd
      |           ^^^^^^
      |
      = help: did you mean `embed`?
    "#);
}

#[test]
fn what_is_refused_says_why() {
    assert_snapshot!(problems("transformations:\n  - type: http_placeholders\n    url: https://example.com\n"), @r#"
    error[refused-in-pipeline]: `http_placeholders` is refused
     --> p.yml:2:11
      |
    2 |   - type: http_placeholders
      |           ^^^^^^^^^^^^^^^^^ not honoured
      |
      = help: a conversion reads no network: the same input gives the same queries; fetch the list before, and read it with `file_placeholders`
    "#);
    assert_snapshot!(problems("transformations:\n  - type: command_placeholders\n    cmd: ls\n"), @r#"
    error[refused-in-pipeline]: `command_placeholders` is refused
     --> p.yml:2:11
      |
    2 |   - type: command_placeholders
      |           ^^^^^^^^^^^^^^^^^^^^ not honoured
      |
      = help: a conversion runs no command: the same input gives the same queries; run it before, and read its output with `file_placeholders`
    "#);
    let query = "transformations:\n  - type: query_expression_placeholders\n    expression: '{field} lookup {id}'\n";
    assert_snapshot!(problems(query), @r#"
    error[refused-in-pipeline]: `query_expression_placeholders` is refused
     --> p.yml:2:11
      |
    2 |   - type: query_expression_placeholders
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not honoured
      |
      = help: it puts query text of one platform into the rule, which no target can check or negate; `value_placeholders` and `file_placeholders` put values
    "#);
    assert_snapshot!(problems("postprocessing:\n  - type: template\n    template: x\n    vars: v.py\n"), @r#"
    error[refused-in-pipeline]: `vars` is refused
     --> p.yml:4:11
      |
    4 |     vars: v.py
      |           ^^^^ not honoured
      |
      = help: it names a Python file to run; write filters in the template, or prepare the values in `vars` of the pipeline
    "#);
}

#[test]
fn conditions_must_be_linked_well() {
    let step =
        |keys: &str| problems(&format!("transformations:\n  - type: case\n    {}", keys.replace('\n', "\n    ")));
    assert_snapshot!(step("rule_cond_not: true"), @r#"
    error[invalid-pipeline]: the step links conditions, but has no `rule_conditions`
     --> p.yml:2:11
      |
    2 |   - type: case
      |           ^^^^
    "#);
    let named = "rule_conditions: {a: {type: is_sigma_rule}, b: {type: is_sigma_rule}}";
    assert_snapshot!(step(&format!("{named}\nrule_cond_expr: a or c")), @r#"
    error[invalid-pipeline]: no condition is called `c`
     --> p.yml:4:21
      |
    4 |     rule_cond_expr: a or c
      |                     ^^^^^^
    "#);
    assert_snapshot!(step(&format!("{named}\nrule_cond_expr: a")), @r#"
    error[invalid-pipeline]: the expression never uses the condition `b`
     --> p.yml:4:21
      |
    4 |     rule_cond_expr: a
      |                     ^
    "#);
    assert_snapshot!(step(&format!("{named}\nrule_cond_expr: (a or b")), @r#"
    error[invalid-pipeline]: a parenthesis is not closed
     --> p.yml:4:21
      |
    4 |     rule_cond_expr: (a or b
      |                     ^^^^^^^
    "#);
    assert_snapshot!(step(&format!("{named}\nrule_cond_expr: a and b\nrule_cond_op: or")), @r#"
    error[invalid-pipeline]: `rule_cond_op` and `rule_cond_expr` exclude each other
     --> p.yml:5:19
      |
    5 |     rule_cond_op: or
      |                   ^^
    "#);
    let deep = format!("{named}\nrule_cond_expr: {}a and b", "not ".repeat(70));
    assert!(step(&deep).contains("more than 64 parentheses"));
    let idle = "transformations:\n  - type: rule_failure\n    message: no\n    \
                field_name_conditions: [{type: include_fields, fields: [F]}]\n";
    assert_snapshot!(problems(idle), @r#"
    warning[idle-condition]: `rule_failure` is about the whole rule, so conditions on items and fields do nothing
     --> p.yml:2:11
      |
    2 |   - type: rule_failure
      |           ^^^^^^^^^^^^ as in pySigma
      |
      = help: put `rule_conditions`
    "#);
    let applied = "rule_conditions: [{type: processing_item_applied, processing_item_id: none}]";
    assert_snapshot!(step(applied), @r#"
    warning[unknown-step]: no step has the id `none`, so a condition of this step never holds
     --> p.yml:2:11
      |
    2 |   - type: case
      |           ^^^^ this step
    "#);
}

#[test]
fn values_of_the_wrong_kind_are_errors() {
    assert_snapshot!(problems("- a\n- b\n"), @r#"
    error[invalid-pipeline]: a pipeline is a mapping
     --> p.yml:1:1
      |
    1 | - a
      | ^^^ expected `key: value`
    "#);
    assert_snapshot!(problems("priority: high\n"), @r#"
    error[invalid-pipeline]: `priority` needs a whole number
     --> p.yml:1:11
      |
    1 | priority: high
      |           ^^^^
    "#);
    assert_snapshot!(problems("a: 1\n---\nb: 2\n"), @r#"
    error[invalid-pipeline]: unknown key of a pipeline: `a`
     --> p.yml:1:1
      |
    1 | a: 1
      | ^
      |
      = help: known: `name`, `priority`, `allowed_backends`, `vars`, `transformations`, `postprocessing`, `finalizers`

    error[invalid-pipeline]: a pipeline is one YAML document
     --> p.yml:3:1
      |
    3 | b: 2
      | ^^^^
      |
      = help: pass several files
    "#);
    assert_snapshot!(problems("transformations:\n  - type: replace_string\n    regex: '(?<=a)b'\n    replacement: c\n"), @r#"
    error[invalid-pipeline]: the regex cannot be read
     --> p.yml:3:12
      |
    3 |     regex: '(?<=a)b'
      |            ^^^^^^^^^ error: look-around, including look-ahead and look-behind, is not supported
      |
      = help: lookarounds and backreferences are not supported in pipelines
    "#);
    assert_snapshot!(problems("transformations:\n  - type: replace_string\n    regex: 'a'\n    replacement: '\\1'\n"), @r#"
    error[invalid-pipeline]: the regex has no such group
     --> p.yml:4:18
      |
    4 |     replacement: '\1'
      |                  ^^^^
    "#);
    assert_snapshot!(problems("transformations:\n  - type: field_name_mapping\n    mapping: {a: {b: c}}\n"), @r#"
    error[invalid-pipeline]: `mapping` needs text
     --> p.yml:3:18
      |
    3 |     mapping: {a: {b: c}}
      |                  ^^^^^^

    error[invalid-pipeline]: `a` is mapped to nothing
     --> p.yml:3:18
      |
    3 |     mapping: {a: {b: c}}
      |                  ^^^^^^
    "#);
    assert_snapshot!(problems("transformations:\n  - type: convert_type\n"), @r#"
    error[invalid-pipeline]: the step lacks `target_type`
     --> p.yml:2:11
      |
    2 |   - type: convert_type
      |           ^^^^^^^^^^^^
    "#);
}
