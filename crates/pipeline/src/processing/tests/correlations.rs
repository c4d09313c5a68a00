use super::{pipelines, resolved};
use rulecast_ir::{Body, Field, Key, Sigma};

const RULES: &str = "\
title: A
name: a
logsource: {product: windows, category: process_creation}
detection: {s: {User: x}, condition: s}
---
title: B
name: b
logsource: {product: linux, category: network_connection}
detection: {s: {User: y}, condition: s}
---
title: Both
correlation:
  type: value_count
  rules: [a, b]
  group-by: [User, who]
  timespan: 5m
  aliases: {who: {a: SubjectUser, b: User}}
  condition: {gte: 3, field: TargetUser}
";

fn names(fields: &[Field]) -> String {
    let name = |field: &Field| match field {
        Field::Sigma(name) => name.to_string(),
        Field::Target(name) => format!("={name}"),
    };
    fields.iter().map(name).collect::<Vec<_>>().join("+")
}

/// The keys of each member, and what is measured of it.
fn keys(pipeline: &str) -> Vec<String> {
    let (resolved, _) = resolved(&pipelines(&[pipeline]), RULES);
    assert_eq!(resolved.diagnostics, []);
    let Body::Correlation(correlation) = &resolved.rules[0].body else { panic!("a correlation") };
    let members = correlation.members.iter().zip(&correlation.measure.fields);
    let key = |key: &Key<Sigma>| names(&key.fields);
    let shown = members.map(|(member, measured)| {
        format!(
            "{}: {} of {}",
            member.name,
            member.keys.iter().map(key).collect::<Vec<_>>().join(", "),
            names(measured)
        )
    });
    shown.collect()
}

#[test]
fn the_fields_of_a_correlation_are_renamed_for_each_member_as_its_rule_is() {
    let windows = "transformations:\n- type: field_name_mapping\n  mapping: {User: w.user, SubjectUser: w.subject}\n  \
                   rule_conditions: [{type: logsource, product: windows}]\n\
                   - type: field_name_mapping\n  mapping: {User: [l.user, l.domain], TargetUser: l.target}\n  \
                   rule_conditions: [{type: logsource, product: linux}]";
    assert_eq!(
        keys(windows),
        ["a: =w.user, =w.subject of TargetUser", "b: =l.user+=l.domain, =l.user+=l.domain of =l.target"]
    );
}

#[test]
fn a_step_may_be_for_correlations_alone() {
    let only = "transformations:\n- type: field_name_suffix\n  suffix: .c\n  \
                rule_conditions: [{type: is_sigma_correlation_rule}]";
    assert_eq!(keys(only), ["a: =User.c, =SubjectUser.c of =TargetUser.c", "b: =User.c, =User.c of =TargetUser.c"]);
    let not = only.replace("is_sigma_correlation_rule", "is_sigma_rule");
    assert_eq!(keys(&not), ["a: User, SubjectUser of TargetUser", "b: User, User of TargetUser"]);
}

#[test]
fn what_is_measured_stands_in_one_column() {
    let several = "transformations:\n- {type: field_name_mapping, mapping: {TargetUser: [a, b]}}";
    let (resolved, _) = resolved(&pipelines(&[several]), RULES);
    let messages: Vec<&str> = resolved.diagnostics.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["a pipeline gives the measured field `TargetUser` several columns"; 2]);
}
