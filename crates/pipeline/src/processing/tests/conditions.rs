use super::{rewritten_by, rule, step};
use insta::assert_snapshot;

/// Whether a step with these conditions applies to the rule.
fn applies(conditions: &str) -> bool {
    let step = format!(
        "transformations:\n- {{id: first, type: set_state, key: n, val: 5}}\n\
         - type: add_condition\n  conditions: {{index: added}}\n  {}",
        conditions.replace('\n', "\n  ")
    );
    let rule = rule("s: {F: [1, x], G|exists: false}\ncondition: s") + "team: blue\ncount: 3\n";
    rewritten_by(&[&step], &rule).contains("added")
}

fn rule_is(condition: &str) -> bool {
    applies(&format!("rule_conditions: [{{type: {condition}}}]"))
}

#[test]
fn conditions_on_a_rule() {
    for (condition, holds) in [
        ("logsource, category: process_creation, product: windows", true),
        ("logsource, product: linux", false),
        ("logsource, service: sysmon", false),
        ("contains_detection_item, field: F, value: x", true),
        ("contains_detection_item, field: F, value: 1", true),
        ("contains_detection_item, field: F, value: X", false),
        ("contains_detection_item, field: G, value: x", false),
        ("contains_field, field: G", true),
        ("contains_field, field: f", false),
        ("processing_item_applied, processing_item_id: first", true),
        ("processing_state, key: n, val: 5", true),
        ("processing_state, key: n, val: 4, op: gt", true),
        ("processing_state, key: n, val: 5, op: lt", false),
        ("processing_state, key: m, val: 5, op: ne", false),
        ("is_sigma_rule", true),
        ("is_sigma_correlation_rule", false),
        ("rule_attribute, attribute: level, value: medium, op: gte", true),
        ("rule_attribute, attribute: level, value: critical, op: gte", false),
        ("rule_attribute, attribute: status, value: stable, op: lt", true),
        ("rule_attribute, attribute: author, value: Ann", true),
        ("rule_attribute, attribute: date, value: '2024-01-01', op: gt", true),
        ("rule_attribute, attribute: tags, value: cve.2024-1, op: in", true),
        ("rule_attribute, attribute: references, value: x, op: not_in", true),
        ("rule_attribute, attribute: team, value: blue", true),
        ("rule_attribute, attribute: count, value: 2, op: gt", true),
        ("rule_attribute, attribute: none, value: 2", false),
        ("tag, tag: attack.t1033", true),
        ("tag, tag: attack.t9", false),
    ] {
        assert_eq!(rule_is(condition), holds, "{condition}");
    }
}

#[test]
fn conditions_are_linked_negated_and_named() {
    let two = "rule_conditions: [{type: is_sigma_rule}, {type: tag, tag: a.b}]";
    assert!(!applies(two));
    assert!(applies(&format!("{two}\nrule_cond_op: or")));
    assert!(applies(&format!("{two}\nrule_cond_not: true")));
    let named = "rule_conditions:\n  r: {type: is_sigma_rule}\n  t: {type: tag, tag: a.b}\nrule_cond_expr:";
    assert!(applies(&format!("{named} r and not t")));
    assert!(!applies(&format!("{named} not (r or t)")));
}

#[test]
fn conditions_on_items() {
    let upper = |condition: &str| {
        step(
            &format!("type: case\nmethod: upper\ndetection_item_conditions: [{{type: {condition}}}]"),
            "s: {A: [ab, cd], B|contains: ab, C: null, D|startswith: 'x'}\ncondition: s",
        )
    };
    assert_snapshot!(upper("match_string, cond: any, pattern: 'a.$'"), @"windows/process_creation: (A = 'AB' or A = 'CD') and B = '*ab*' and C missing and D = 'x*'");
    assert_snapshot!(upper("match_string, cond: all, pattern: '[ac]'"), @"windows/process_creation: (A = 'AB' or A = 'CD') and B = '*ab*' and C missing and D = 'x*'");
    assert_snapshot!(upper("match_string, cond: any, pattern: a, negate: true"), @"windows/process_creation: (A = 'AB' or A = 'CD') and B = '*AB*' and C missing and D = 'X*'");
    assert_snapshot!(upper("match_value, cond: any, value: cd"), @"windows/process_creation: (A = 'AB' or A = 'CD') and B = '*ab*' and C missing and D = 'x*'");
    assert_snapshot!(upper("contains_wildcard, cond: any"), @"windows/process_creation: (A = 'ab' or A = 'cd') and B = '*AB*' and C missing and D = 'X*'");
    let nulls = "type: set_value\nvalue: none\ndetection_item_conditions: [{type: is_null, cond: all}]";
    assert_snapshot!(step(nulls, "s: {A: null, B: 1, C|exists: false}\ncondition: s"), @"windows/process_creation: A = 'none' and B = 1 and C missing");
    let steps = "transformations:\n\
                 - {id: m, type: map_string, mapping: {a: b}}\n- {type: set_state, key: k, val: v}\n\
                 - type: case\n  method: upper\n  \
                 detection_item_conditions: [{type: processing_item_applied, processing_item_id: m}]\n\
                 - type: field_name_prefix\n  prefix: p.\n  \
                 detection_item_conditions: [{type: processing_state, key: k, val: w}]";
    assert_snapshot!(rewritten_by(&[steps], &rule("s: {A: a, B: c}\ncondition: s")), @"windows/process_creation: A = 'B' and B = 'c'");
}

#[test]
fn conditions_on_field_names() {
    let prefixed = |condition: &str| {
        let step_ = format!("type: field_name_prefix\nprefix: p.\nfield_name_conditions: [{{type: {condition}}}]");
        step(&step_, "s: {CommandLine: a, Image|fieldref: Other}\ncondition: s")
    };
    assert_snapshot!(prefixed("include_fields, fields: [Image]"), @"windows/process_creation: CommandLine = 'a' and p.Image = Other");
    assert_snapshot!(prefixed("include_fields, fields: [Other]"), @"windows/process_creation: CommandLine = 'a' and Image = p.Other");
    assert_snapshot!(prefixed("include_fields, fields: ['Comm', 'x'], mode: re"), @"windows/process_creation: p.CommandLine = 'a' and Image = Other");
    assert_snapshot!(prefixed("exclude_fields, fields: [CommandLine]"), @"windows/process_creation: CommandLine = 'a' and p.Image = p.Other");
    assert_snapshot!(prefixed("processing_state, key: none, val: 1"), @"windows/process_creation: CommandLine = 'a' and Image = Other");
}
