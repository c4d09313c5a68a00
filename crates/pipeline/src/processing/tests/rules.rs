use super::{resolved, rewritten_by, rule, step};
use insta::assert_snapshot;

#[test]
fn a_condition_is_added_before_the_others() {
    let add = "type: add_condition\nconditions: {index: main, source|startswith: [WinEventLog, XmlWinEventLog]}";
    let detection = "a: {F: 1}\nb: {G: 2}\ncondition: [a or b, 1 of them]";
    assert_snapshot!(step(add, detection), @"windows/process_creation: (index = 'main' and (source = 'WinEventLog*' or source = 'XmlWinEventLog*') and (F = 1 or G = 2)) or (index = 'main' and (source = 'WinEventLog*' or source = 'XmlWinEventLog*') and (F = 1 or G = 2))");
    assert_snapshot!(step(&format!("{add}\nnegated: true\nname: _own"), detection), @"windows/process_creation: (not (index = 'main' and (source = 'WinEventLog*' or source = 'XmlWinEventLog*')) and (F = 1 or G = 2)) or (not (index = 'main' and (source = 'WinEventLog*' or source = 'XmlWinEventLog*')) and (F = 1 or G = 2))");
    let template = "type: add_condition\ntemplate: true\nconditions: {index: '${product}_$category', x: 'a$$b$c'}";
    assert_snapshot!(step(template, "a: {F: 1}\ncondition: a"), @"windows/process_creation: index = 'windows_process_creation' and x = 'a$b$c' and F = 1");
    let lacking = "type: add_condition\ntemplate: true\nconditions: {index: '$service'}";
    assert_snapshot!(step(lacking, "a: {F: 1}\ncondition: a"), @"error pipeline-fails: the rule's log source has no `service` for the template `$service`");
}

#[test]
fn an_item_is_dropped_with_a_note_and_an_empty_selection_with_it() {
    let drop = "type: drop_detection_item\nfield_name_conditions: [{type: include_fields, fields: [Dropped]}]";
    assert_snapshot!(step(drop, "s: {F: 1, Dropped: 2}\ncondition: s"), @r#"
    note pipeline-drops: the pipeline drops this item
    windows/process_creation: F = 1
    "#);
    let detection =
        "s: {F: 1}\nf_a: {Dropped: 2}\nf_b: [{Dropped: 3}, {G: 4}]\ncondition: s and not 1 of f_* and not f_a";
    assert_snapshot!(step(drop, detection), @r#"
    note pipeline-drops: the pipeline drops this item
    note pipeline-drops: the pipeline drops this item
    windows/process_creation: F = 1 and not (G = 4)
    "#);
    assert_snapshot!(step(drop, "s: {F: 1}\nf: {Dropped: 2}\ncondition: s or not f"), @r#"
    note pipeline-drops: the pipeline drops this item
    windows/process_creation: F = 1
    "#);
    assert_snapshot!(step(drop, "s: {Dropped: 1}\ncondition: s"), @r#"
    error pipeline-drops: a pipeline drops everything that a condition of the rule asks for
    note pipeline-drops: the pipeline drops this item
    "#);
}

#[test]
fn the_log_source_changes_for_the_steps_after_it() {
    let steps = "transformations:\n\
                 - {type: change_logsource, product: windows, service: sysmon}\n\
                 - type: add_condition\n  conditions: {index: sysmon}\n  \
                 rule_conditions: [{type: logsource, service: sysmon}]";
    assert_snapshot!(rewritten_by(&[steps], &rule("s: {F: 1}\ncondition: s")), @"windows/sysmon: index = 'sysmon' and F = 1");
}

#[test]
fn a_pipeline_may_refuse_a_rule_or_an_item() {
    assert_snapshot!(step("type: rule_failure\nmessage: not here", "s: {F: 1}\ncondition: s"), @"error pipeline-fails: not here");
    let items = "type: detection_item_failure\nmessage: cannot be searched\n\
                 detection_item_conditions: [{type: match_value, cond: any, value: 2}]";
    assert_snapshot!(step(items, "s: {F: 1, G: [2, 3]}\ncondition: s"), @"error pipeline-fails: cannot be searched");
    assert_snapshot!(step(items, "s: {F: 1}\ncondition: s"), @"windows/process_creation: F = 1");
    let strict =
        "transformations:\n- {type: field_name_mapping, mapping: {F: f}}\n- type: strict_field_mapping_failure";
    assert_snapshot!(rewritten_by(&[strict], &rule("s: {F: 1, G: 2}\ncondition: s")), @"error pipeline-fails: no step of the pipeline maps the field `G`");
    assert_snapshot!(rewritten_by(&[strict], &rule("s: {F: 1}\ncondition: s")), @"windows/process_creation: f = 1");
}

#[test]
fn attributes_are_set_and_asked_for() {
    let steps = "transformations:\n\
                 - {type: set_custom_attribute, attribute: team, value: blue}\n\
                 - type: add_condition\n  conditions: {index: blue}\n  \
                 rule_conditions: [{type: rule_attribute, attribute: team, value: blue}]";
    let rule = rule("s: {F: 1}\ncondition: s");
    assert_snapshot!(rewritten_by(&[steps], &rule), @"windows/process_creation: index = 'blue' and F = 1");
    let (resolved, _) = resolved(&super::pipelines(&[steps]), &rule);
    assert_eq!(resolved.rules[0].metadata.0.custom[0].0.node, "team");
}

#[test]
fn steps_inside_a_step_share_its_condition_and_their_marks() {
    let steps = "transformations:\n\
                 - id: outer\n  type: nest\n  rule_conditions: [{type: tag, tag: attack.t1033}]\n  items:\n  \
                 - {id: inner, type: field_name_mapping, mapping: {F: f}}\n  - {type: set_state, key: done, val: true}\n\
                 - type: field_name_suffix\n  suffix: .x\n  \
                 rule_conditions: [{type: processing_item_applied, processing_item_id: inner}]\n  \
                 field_name_conditions: [{type: processing_item_applied, processing_item_id: inner}]\n\
                 - type: add_condition\n  conditions: {index: done}\n  \
                 rule_conditions: [{type: processing_state, key: done, val: true}]";
    let rule = rule("s: {F: 1, G: 2}\ncondition: s");
    assert_snapshot!(rewritten_by(&[steps], &rule), @"windows/process_creation: index = 'done' and f.x = 1 and G = 2");
    assert_snapshot!(rewritten_by(&[&steps.replace("t1033", "t1")], &rule), @"windows/process_creation: F = 1 and G = 2");
}

#[test]
fn a_filter_is_rewritten_with_its_rule() {
    let steps = "transformations:\n- {type: field_name_mapping, mapping: {F: f, User: user}}\n\
                 - {type: add_condition, conditions: {index: main}}";
    let rules = rule("s: {F: 1}\ncondition: s")
        + "---\ntitle: No scanners\nlogsource: {product: windows}\nfilter:\n  rules: any\n  x: {User: scanner}\n  \
           condition: not x\n";
    assert_snapshot!(rewritten_by(&[steps], &rules), @"windows/process_creation: index = 'main' and f = 1 and not (user = 'scanner')");
}

#[test]
fn the_classes_of_a_rule_are_rewritten_too() {
    let steps = "transformations:\n- {type: field_name_mapping, mapping: {F: f, G: g}}\n\
                 - {type: add_condition, conditions: {index: main}}";
    let rule = rule("s: {F: 1}\ng: {G: 2}\ncondition: s") + "classification:\n- {name: with g, condition: g}\n";
    let (resolved, _) = resolved(&super::pipelines(&[steps]), &rule);
    let rulecast_ir::Body::Event(event) = &resolved.rules[0].body else { panic!("one event") };
    let branch = &event.classification.as_ref().unwrap().branches[0].arms[0];
    let mut fields = Vec::new();
    branch.predicate.for_each(&mut |atom| {
        if let rulecast_ir::Subject::Field(field) = &atom.subject {
            fields.push(field.name().to_string());
        }
    });
    assert_eq!(fields, ["index", "f", "g"]);
}

#[test]
fn a_class_of_which_a_part_is_dropped_asks_for_the_rest() {
    let drop = "transformations:\n- type: drop_detection_item\n  \
                field_name_conditions: [{type: include_fields, fields: [G]}]";
    let with = |condition: &str| {
        let rule = rule("s: {F: 1}\ng: {G: 2}\nh: {H: 3}\ncondition: s")
            + &format!("classification:\n- {{name: one, condition: {condition}}}\n");
        let (resolved, _) = resolved(&super::pipelines(&[drop]), &rule);
        let messages: Vec<String> = resolved.diagnostics.iter().map(super::shown).collect();
        let branches = resolved.rules.iter().map(|rule| match &rule.body {
            rulecast_ir::Body::Event(event) => event.classification.as_ref().map(|classes| {
                let mut tests = 0;
                classes.branches[0].arms[0].predicate.for_each(&mut |_| tests += 1);
                tests
            }),
            _ => None,
        });
        (branches.collect::<Vec<_>>(), messages)
    };
    let (branches, messages) = with("g and h");
    assert_eq!(branches, [Some(2)], "{messages:?}");
    let (branches, messages) = with("g");
    assert_eq!(branches, []);
    assert!(messages.iter().any(|message| message.contains("drops everything")), "{messages:?}");
}
