//! Lists of values, short and long.

use super::build::*;
use super::lowered;
use insta::assert_snapshot;
use rulecast_ir::{Case, Comparison, Logic, Number, Pattern, Test};
use std::sync::Arc;

fn many(count: usize, value: impl Fn(usize) -> String) -> Tree {
    let column = Arc::new(column("f"));
    let test = |i| Test::Text { pattern: Pattern::parse(&value(i)), case: Case::Insensitive };
    Logic::any((0..count).map(|i| on(column.clone(), test(i))).collect::<Vec<_>>())
}

#[test]
fn values_keep_their_order_and_kinds() {
    assert_snapshot!(lowered(any_of("f", &["b", "*c*", "a", "d*e", ""])), @r#"
    f in~ ("b", "a")
        or f contains "c"
        or (f startswith "d" and f endswith "e" and strlen(f) >= 2)
        or isempty(f)
    // exact, empty-is-missing
    "#);
    assert_snapshot!(lowered(Logic::any([
        on(column("f"), cased("A")),
        on(column("f"), text("b")),
        on(column("f"), cased("C")),
        on(column("f"), text("d")),
        on(column("f"), whole(5)),
        on(column("f"), whole(6)),
    ])), @r#"
    f in ("A", "C") or f in~ ("b", "d") or toreal(f) in (5, 6)
    // exact, mapping:f
    "#);
    assert_snapshot!(lowered(any_of("n", &["443", "80", "8*"])), @r#"
    n in (443, 80) or tostring(n) startswith "8"
    // exact
    "#);
    assert_snapshot!(lowered(any_of("b", &["true", "false"])), @r#"
    b in (true, false)
    // exact
    "#);
    assert_snapshot!(lowered(Logic::any([
        on(column("r"), whole(1)),
        on(column("r"), number(Comparison::Equal, Number::Decimal(1.5))),
    ])), @r#"
    r in (1, 1.5)
    // exact
    "#);
}

#[test]
fn fields_are_not_mixed() {
    assert_snapshot!(lowered(Logic::any([is("f", "a"), is("f", "b"), is("g", "a"), is("f", "c")])), @r#"
    f in~ ("a", "b") or g =~ "a" or f =~ "c"
    // exact
    "#);
}

#[test]
fn a_refused_value_is_refused_alone() {
    assert_snapshot!(lowered(any_of("n", &["443", "http", "https"])), @r#"
    refused as type: KQL: `n` holds whole numbers, and `http` is not written as one
    refused as type: KQL: `n` holds whole numbers, and `https` is not written as one
    "#);
}

#[test]
fn equal_values_stay_one_list() {
    let query = lowered(many(4_432, |i| format!("value{i}.exe")));
    assert!(query.starts_with(r#"f in~ ("value0.exe", "value1.exe", "#), "{query}");
    assert!(query.ends_with("\"value4431.exe\")\n// exact"), "{query}");
}

#[test]
fn up_to_a_hundred_patterns_are_a_chain() {
    assert_eq!(lowered(many(100, |i| format!("*{i}*"))).matches("contains").count(), 100);
}

#[test]
fn more_patterns_become_regexes() {
    let query = lowered(many(450, |i| match i % 4 {
        0 => format!(r"*\a{i}.e*"),
        1 => format!("b{i}*"),
        2 => format!("*c{i}"),
        _ => format!("d?{i}*e"),
    }));
    assert_eq!(query.lines().count(), 4, "{query}");
    assert_eq!(query.matches("matches regex").count(), 3);
    assert!(query.starts_with(r#"f matches regex @"(?is)(?:\\a0\.e|\Ab1|c2\z|\Ad.3.*e\z|\\a4\.e|"#), "{query}");
    assert!(query.ends_with("\n// exact"), "{query}");
    let folding = lowered(many(4_432, |i| format!("*mask{i}*")));
    assert_eq!(folding.matches("matches regex").count(), 23);
    assert!(folding.ends_with("\n// exact, ascii"), "{folding}");
}

#[test]
fn what_nests_too_deep_is_refused() {
    let mixed = (0..450).map(|i| Logic::all([is("f", &format!("*{i}*")), is("g", &format!("*{i}*"))]));
    assert_snapshot!(lowered(Logic::any(mixed.collect::<Vec<_>>())), @r#"refused as limit: KQL: the condition nests deeper than the 400 levels that Kusto's parser can safely take (help: split the rule; values of one field in one list do not count)"#);
    let mut deep = is("f", "x");
    for _ in 0..100 {
        deep = not(Logic::all([is("g", "y"), deep]));
    }
    assert_snapshot!(lowered(deep), @r#"refused as limit: KQL: the condition nests deeper than the 400 levels that Kusto's parser can safely take (help: split the rule; values of one field in one list do not count)"#);
}

#[test]
fn many_alternatives_are_gathered_by_field_wherever_they_stand() {
    let few = (0..4).flat_map(|i| ["f", "g"].map(|name| is(name, &format!("x{i}"))));
    assert_snapshot!(lowered(Logic::any(few.collect::<Vec<_>>())), @r#"
    f =~ "x0"
        or g =~ "x0"
        or f =~ "x1"
        or g =~ "x1"
        or f =~ "x2"
        or g =~ "x2"
        or f =~ "x3"
        or g =~ "x3"
    // exact
    "#);
    let many = (0..300).flat_map(|i| ["f", "g"].map(|name| is(name, &format!("x{i}"))));
    let text = lowered(Logic::any(many.chain([not(is("h", "y"))]).collect::<Vec<_>>()));
    assert!(text.starts_with("f in~ (") && text.contains("or g in~ (") && text.contains("or not(h =~ "), "{text}");
}
