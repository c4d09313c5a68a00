//! The grammar of conditions.

use crate::{detection, dump_condition, problems, rule_with, slice, sound};
use insta::assert_snapshot;
use rulecast_rule::ast::{Body, Condition};

fn check(condition: &str, expected: &str) {
    let detection = detection(&format!("s: {{a: b}}\ncondition: {condition}"));
    assert_eq!(dump_condition(&detection.conditions[0]), expected, "{condition}");
}

#[test]
fn precedence() {
    check("a", "a");
    check("a or b and c", "(a or (b and c))");
    check("a and b or c", "((a and b) or c)");
    check("not a and b", "((not a) and b)");
    check("not a or b", "((not a) or b)");
    check("not (a or b)", "(not (a or b))");
    check("a or b or c", "(a or b or c)");
    check("a and not b and not c", "(a and (not b) and (not c))");
    check("(a or b) and (c or d)", "((a or b) and (c or d))");
    check("a and not 1 of f_* and not 1 of g_*", "(a and (not [any f_*]) and (not [any g_*]))");
    check("not 1 of x*", "(not [any x*])");
    check("not all of x* or y", "((not [all x*]) or y)");
    check("a or not b and c or d", "(a or ((not b) and c) or d)");
}

#[test]
fn needless_parentheses_leave_flat_lists() {
    check("((a))", "a");
    check("(a and b) and c", "(a and b and c)");
    check("a or (b or (c or d))", "(a or b or c or d)");
    check("a and (b or c)", "(a and (b or c))");
    check("not not a", "(not (not a))");
    check("not(a)and(b)", "((not a) and b)");
}

#[test]
fn selectors() {
    check("1 of them", "[any them]");
    check("any of them", "[any them]");
    check("all of them", "[all them]");
    check("1 of sel*_x", "[any sel*_x]");
    check("all of *", "[all *]");
    check("1 of selection-*", "[any selection-*]");
    check("1 of selection", "[any selection]");
    check("1 of them*", "[any them*]");
    check("1  of\tthem", "[any them]");
}

#[test]
fn keywords_end_where_no_name_character_follows() {
    for name in
        ["notes", "order", "android", "all_files", "1of", "of_x", "oral", "them", "all", "any", "1", "not_a", "a-b"]
    {
        check(name, name);
    }
    check("notes and order or android", "((notes and order) or android)");
    check("not notes", "(not notes)");
    check("all and any", "(all and any)");
}

#[test]
fn line_breaks_are_white_space() {
    check("|\n    a and\n    not b\n", "(a and (not b))");
    check("a\n    and b", "(a and b)");
    check("\"a\\tand\\nb\"", "(a and b)");
}

#[test]
fn a_list_of_conditions_keeps_its_entries() {
    let detection = detection("s: {a: b}\ncondition:\n    - a and b\n    - 1 of c*");
    let dumps: Vec<String> = detection.conditions.iter().map(|condition| dump_condition(condition)).collect();
    assert_eq!(dumps, ["(a and b)", "[any c*]"]);
}

/// The source text of each name, in order.
fn names<'a>(text: &'a str, condition: &Condition, out: &mut Vec<&'a str>) {
    match condition {
        Condition::Selection(name) => out.push(slice(text, name.span)),
        Condition::Selector(selector) => out.push(slice(text, selector.span)),
        Condition::Not(operand) => names(text, operand, out),
        Condition::And(operands) | Condition::Or(operands) => operands.iter().for_each(|each| names(text, each, out)),
    }
}

#[test]
fn names_have_their_own_places_in_every_style_of_scalar() {
    for (condition, expected) in [
        ("alpha and not 1 of b*", ["alpha", "1 of b*"]),
        ("'alpha and not 1 of b*'", ["alpha", "1 of b*"]),
        ("\"alpha and not 1 of b*\"", ["alpha", "1 of b*"]),
        ("|\n        alpha\n\n        and not 1 of b*\n", ["alpha", "1 of b*"]),
        (">-\n        alpha and\n        not 1 of b*\n", ["alpha", "1 of b*"]),
        ("alpha and\n        not 1 of b*", ["alpha", "1 of b*"]),
        ("'alpha\n        and not 1 of b*'", ["alpha", "1 of b*"]),
        // Escapes hide the places: the whole scalar stands for each.
        ("\"alpha\\tand not 1 of b*\"", ["\"alpha\\tand not 1 of b*\"", "\"alpha\\tand not 1 of b*\""]),
    ] {
        let text = rule_with(&format!("s: {{a: b}}\ncondition: {condition}"));
        let Body::Detection(rule) = sound(&text).body else { panic!("a rule") };
        let mut found = Vec::new();
        names(&text, &rule.detection.conditions[0], &mut found);
        assert_eq!(found, expected, "{condition}");
    }
}

/// The problems of a condition, which starts at 5:16.
fn bad(condition: &str) -> String {
    problems(&rule_with(&format!("s: {{a: b}}\ncondition: {condition}")))
}

#[test]
fn unreadable_conditions() {
    assert_snapshot!(bad("a b"), @r"
        5:18 `b` error[invalid-condition]: unexpected `b` in condition
            expected `and`, `or` or the end
    ");
    assert_snapshot!(bad("a and"), @r"
        5:21 `` error[invalid-condition]: condition ends too early
            expected a selection, `not` or `(`
    ");
    assert_snapshot!(bad("(a or b"), @r"
        5:23 `` error[invalid-condition]: condition ends too early
            expected `and`, `or` or `)`
    ");
    assert_snapshot!(bad("a) or b"), @r"
        5:17 `)` error[invalid-condition]: unexpected `)` in condition
            expected `and`, `or` or the end
            help: remove it, or add the `(` before
    ");
    assert_snapshot!(bad("()"), @r"
        5:17 `)` error[invalid-condition]: unexpected `)` in condition
            expected a selection, `not` or `(`
    ");
    assert_snapshot!(bad("''"), @r"
        5:17 `` error[invalid-condition]: condition is empty
            expected the name of a selection
    ");
    assert_snapshot!(bad("and a"), @r"
        5:16 `and` error[invalid-condition]: unexpected `and` in condition
            expected a selection, `not` or `(`
    ");
    assert_snapshot!(bad("a, b"), @r"
        5:17 `,` error[invalid-condition]: unexpected `,` in condition
            expected `and`, `or` or the end
            help: join names with `and` or `or`
    ");
    assert_snapshot!(bad("a && b"), @r"
        5:18 `&` error[invalid-condition]: unexpected `&` in condition
            expected `and`, `or` or the end
            help: write `and`
    ");
    assert_snapshot!(bad("a and '!b'"), @r"
        5:22 `\'` error[invalid-condition]: unexpected `'` in condition
            expected a selection, `not` or `(`
            help: write names without quotes
    ");
    assert_snapshot!(bad("a and b.conf"), @r"
        5:23 `.` error[invalid-condition]: unexpected `.` in condition
            expected `and`, `or` or the end
            help: rename the selection, or reach it by a pattern: `1 of b*`
            note: names in a condition hold ASCII letters, digits, `_` and `-`
    ");
    assert_snapshot!(bad("1 of"), @r"
        5:20 `` error[invalid-condition]: condition ends too early
            expected `them` or a pattern
    ");
    assert_snapshot!(bad("1 of (a, b)"), @r"
        5:21 `(` error[invalid-condition]: unexpected `(` in condition
            expected `them` or a pattern
    ");
    assert_snapshot!(bad("filter*"), @r"
        5:16 `filter*` error[invalid-condition]: unexpected `filter*` in condition
            expected a selection, `not` or `(`
            help: write `1 of filter*` or `all of filter*`
    ");
    assert_snapshot!(bad("größe"), @r"
        5:18 `ö` error[invalid-condition]: unexpected `ö` in condition
            expected `and`, `or` or the end
            help: rename the selection, or reach it by a pattern: `1 of gr*`
            note: names in a condition hold ASCII letters, digits, `_` and `-`
    ");
}

#[test]
fn upper_case_operators_are_named_each() {
    assert_snapshot!(bad("a AND b OR NOT c"), @r"
        5:18 `AND` error[upper-case-operator]: operator `AND` is in upper case
            not an operator
            help: write `and`
        5:24 `OR` error[upper-case-operator]: operator `OR` is in upper case
            not an operator
            help: write `or`
        5:27 `NOT` error[upper-case-operator]: operator `NOT` is in upper case
            not an operator
            help: write `not`
    ");
    assert_snapshot!(bad("1 OF a*"), @r"
        5:18 `OF` error[upper-case-operator]: operator `OF` is in upper case
            not an operator
            help: write `of`
    ");
    assert_snapshot!(bad("a And b"), @r"
        5:18 `And` error[invalid-condition]: unexpected `And` in condition
            expected `and`, `or` or the end
            help: write `and`
    ");
}

#[test]
fn quantifiers_other_than_sigmas() {
    assert_snapshot!(bad("a and 2 of b*"), @r"
        5:22 `2 of` error[unknown-quantifier]: `2 of` is no quantifier of Sigma
            expected `1 of` or `all of`
            help: join the selections with `and` and `or`; counting events is what correlations are for
    ");
    assert_snapshot!(bad("All of b*"), @r"
        5:16 `All of` error[unknown-quantifier]: `All of` is no quantifier of Sigma
            expected `1 of` or `all of`
            help: write `all of`
    ");
}

#[test]
fn aggregations_name_the_correlation_to_write() {
    assert_snapshot!(bad("a | count() by User > 10"), @r"
        5:18 `| count() by User > 10` error[aggregation-pipe]: aggregation in a condition
            removed in Sigma 2
            help: end the condition before `|`, give the rule a `name`, and add a document: correlation: {type: event_count, rules: [NAME], group-by: [User], timespan: 5m, condition: {gt: 10}}
    ");
    assert_snapshot!(bad("a and b | count(TargetUserName) by IpAddress >= 5"), @r"
        5:24 `| count(TargetUserName) by IpAddress >= 5` error[aggregation-pipe]: aggregation in a condition
            removed in Sigma 2
            help: end the condition before `|`, give the rule a `name`, and add a document: correlation: {type: value_count, rules: [NAME], group-by: [IpAddress], timespan: 5m, condition: {gte: 5, field: TargetUserName}}
    ");
    assert_snapshot!(bad("a | count() > 3\ntimeframe: 10m"), @r"
        5:18 `| count() > 3` error[aggregation-pipe]: aggregation in a condition
            removed in Sigma 2
            help: end the condition before `|`, give the rule a `name`, and add a document: correlation: {type: event_count, rules: [NAME], timespan: 10m, condition: {gt: 3}}
        6:5 `timeframe` error[timeframe]: `timeframe` is not part of a detection
            removed in Sigma 2
            help: remove it, and give the time to a correlation document: `timespan: 10m`
    ");
    assert_snapshot!(bad("a | near b and c"), @r"
        5:18 `| near b and c` error[aggregation-pipe]: aggregation in a condition
            removed in Sigma 2
            help: write one rule for each search, give each a `name`, and add a document: correlation: {type: temporal, rules: [NAME, OTHER], timespan: 5m}
    ");
    assert_snapshot!(bad("a | max(x) > 3"), @r"
        5:18 `| max(x) > 3` error[aggregation-pipe]: aggregation in a condition
            removed in Sigma 2
            help: end the condition before `|`, and count in a correlation document
    ");
}

#[test]
fn timeframe_is_a_selection_only_if_it_looks_like_one() {
    detection("timeframe: {a: b}\ncondition: timeframe");
    assert_snapshot!(problems(&rule_with("s: {a: b}\ntimeframe: 5m\ncondition: s")), @r"
        5:5 `timeframe` error[timeframe]: `timeframe` is not part of a detection
            removed in Sigma 2
            help: remove it, and give the time to a correlation document: `timespan: 5m`
    ");
}
