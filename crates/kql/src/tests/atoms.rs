//! Every kind of test, on text columns and in every place.

use super::build::*;
use super::lowered;
use insta::assert_snapshot;
use rulecast_ir::{Case, Comparison, FieldOperator, Logic, Number};

/// Every kind of test of the text column `f`.
fn every() -> Vec<(&'static str, Tree)> {
    vec![
        ("equals", is("f", "x")),
        ("cased", on(column("f"), cased("x"))),
        ("starts", is("f", "x*")),
        ("starts cased", on(column("f"), cased("x*"))),
        ("ends", is("f", "*x")),
        ("ends cased", on(column("f"), cased("*x"))),
        ("contains", is("f", "*x*")),
        ("contains cased", on(column("f"), cased("*x*"))),
        ("one star", is("f", "x*y")),
        ("one star cased", on(column("f"), cased("x*y"))),
        ("glob", is("f", "x?y*z")),
        ("glob cased", on(column("f"), cased("*x?y"))),
        ("regex", on(column("f"), regex(letters("ab", false)))),
        ("number", on(column("f"), whole(5))),
        ("more", on(column("f"), number(Comparison::Greater, Number::Decimal(0.5)))),
        ("cidr", on(column("f"), cidr("10.0.0.0/8"))),
        ("cidr 6", on(column("f"), cidr("fe80::/10"))),
        ("field", on(column("f"), compared(FieldOperator::Equals, "g", Case::Insensitive))),
        ("exists", on(column("f"), rulecast_ir::Test::Exists(true))),
        ("missing", on(column("f"), rulecast_ir::Test::Exists(false))),
        ("empty", is("f", "")),
        ("anything", is("f", "*")),
        ("keyword", keyword(text("x"))),
    ]
}

fn each(place: impl Fn(Tree) -> Tree) -> String {
    let line = |(name, tree): (&str, Tree)| format!("{name}: {}", lowered(place(tree)).replace('\n', " "));
    every().into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn alone() {
    assert_snapshot!(each(|tree| tree), @r#"
    equals: f =~ "x" // exact
    cased: f == "x" // exact
    starts: f startswith "x" // exact
    starts cased: f startswith_cs "x" // exact
    ends: f endswith "x" // exact
    ends cased: f endswith_cs "x" // exact
    contains: f contains "x" // exact
    contains cased: f contains_cs "x" // exact
    one star: f startswith "x" and f endswith "y" and strlen(f) >= 2 // exact
    one star cased: f startswith_cs "x" and f endswith_cs "y" and strlen(f) >= 2 // exact
    glob: f matches regex @"(?is)\Ax.y.*z\z" // exact
    glob cased: f matches regex @"(?s)x.y\z" // exact
    regex: f matches regex "ab" // exact
    number: toreal(f) == 5 // exact, mapping:f
    more: coalesce(toreal(f) > 0.5, false) // exact, mapping:f
    cidr: coalesce(ipv6_is_match(f, "10.0.0.0/8"), false) // exact, mapping:f
    cidr 6: coalesce(ipv6_is_match(f, "fe80::/10"), false) // exact, mapping:f
    field: isnotempty(f) and f =~ g // exact, ascii, empty-is-missing
    exists: isnotempty(f) // exact, empty-is-missing
    missing: isempty(f) // exact, empty-is-missing
    empty: isempty(f) // exact, empty-is-missing
    anything: isnotempty(f) // exact, empty-is-missing
    keyword: * contains "x" // exact, raw-text
    "#);
}

#[test]
fn negated() {
    assert_snapshot!(each(not), @r#"
    equals: not(f =~ "x") // exact
    cased: not(f == "x") // exact
    starts: not(f startswith "x") // exact
    starts cased: not(f startswith_cs "x") // exact
    ends: not(f endswith "x") // exact
    ends cased: not(f endswith_cs "x") // exact
    contains: not(f contains "x") // exact
    contains cased: not(f contains_cs "x") // exact
    one star: not(f startswith "x" and f endswith "y" and strlen(f) >= 2) // exact
    one star cased: not(f startswith_cs "x" and f endswith_cs "y" and strlen(f) >= 2) // exact
    glob: not(f matches regex @"(?is)\Ax.y.*z\z") // exact
    glob cased: not(f matches regex @"(?s)x.y\z") // exact
    regex: not(f matches regex "ab") // exact
    number: not(toreal(f) == 5) // exact, mapping:f
    more: not(coalesce(toreal(f) > 0.5, false)) // exact, mapping:f
    cidr: not(coalesce(ipv6_is_match(f, "10.0.0.0/8"), false)) // exact, mapping:f
    cidr 6: not(coalesce(ipv6_is_match(f, "fe80::/10"), false)) // exact, mapping:f
    field: not(isnotempty(f) and f =~ g) // exact, ascii, empty-is-missing
    exists: not(isnotempty(f)) // exact, empty-is-missing
    missing: not(isempty(f)) // exact, empty-is-missing
    empty: not(isempty(f)) // exact, empty-is-missing
    anything: not(isnotempty(f)) // exact, empty-is-missing
    keyword: not(* contains "x") // exact, raw-text
    "#);
}

#[test]
fn and_inside_or() {
    assert_snapshot!(each(|tree| Logic::any([is("g", "y"), Logic::all([is("g", "z"), tree])])), @r#"
    equals: g =~ "y" or (g =~ "z" and f =~ "x") // exact
    cased: g =~ "y" or (g =~ "z" and f == "x") // exact
    starts: g =~ "y" or (g =~ "z" and f startswith "x") // exact
    starts cased: g =~ "y" or (g =~ "z" and f startswith_cs "x") // exact
    ends: g =~ "y" or (g =~ "z" and f endswith "x") // exact
    ends cased: g =~ "y" or (g =~ "z" and f endswith_cs "x") // exact
    contains: g =~ "y" or (g =~ "z" and f contains "x") // exact
    contains cased: g =~ "y" or (g =~ "z" and f contains_cs "x") // exact
    one star: g =~ "y" or (g =~ "z" and f startswith "x" and f endswith "y" and strlen(f) >= 2) // exact
    one star cased: g =~ "y" or (g =~ "z" and f startswith_cs "x" and f endswith_cs "y" and strlen(f) >= 2) // exact
    glob: g =~ "y" or (g =~ "z" and f matches regex @"(?is)\Ax.y.*z\z") // exact
    glob cased: g =~ "y" or (g =~ "z" and f matches regex @"(?s)x.y\z") // exact
    regex: g =~ "y" or (g =~ "z" and f matches regex "ab") // exact
    number: g =~ "y" or (g =~ "z" and toreal(f) == 5) // exact, mapping:f
    more: g =~ "y" or (g =~ "z" and coalesce(toreal(f) > 0.5, false)) // exact, mapping:f
    cidr: g =~ "y" or (g =~ "z" and coalesce(ipv6_is_match(f, "10.0.0.0/8"), false)) // exact, mapping:f
    cidr 6: g =~ "y" or (g =~ "z" and coalesce(ipv6_is_match(f, "fe80::/10"), false)) // exact, mapping:f
    field: g =~ "y" or (g =~ "z" and isnotempty(f) and f =~ g) // exact, ascii, empty-is-missing
    exists: g =~ "y" or (g =~ "z" and isnotempty(f)) // exact, empty-is-missing
    missing: g =~ "y" or (g =~ "z" and isempty(f)) // exact, empty-is-missing
    empty: g =~ "y" or (g =~ "z" and isempty(f)) // exact, empty-is-missing
    anything: g =~ "y" or (g =~ "z" and isnotempty(f)) // exact, empty-is-missing
    keyword: g =~ "y" or (g =~ "z" and * contains "x") // exact, raw-text
    "#);
}

#[test]
fn or_inside_and() {
    assert_snapshot!(each(|tree| Logic::all([is("g", "z"), Logic::any([is("g", "y"), tree])])), @r#"
    equals: g =~ "z" and (g =~ "y" or f =~ "x") // exact
    cased: g =~ "z" and (g =~ "y" or f == "x") // exact
    starts: g =~ "z" and (g =~ "y" or f startswith "x") // exact
    starts cased: g =~ "z" and (g =~ "y" or f startswith_cs "x") // exact
    ends: g =~ "z" and (g =~ "y" or f endswith "x") // exact
    ends cased: g =~ "z" and (g =~ "y" or f endswith_cs "x") // exact
    contains: g =~ "z" and (g =~ "y" or f contains "x") // exact
    contains cased: g =~ "z" and (g =~ "y" or f contains_cs "x") // exact
    one star: g =~ "z" and (g =~ "y" or (f startswith "x" and f endswith "y" and strlen(f) >= 2)) // exact
    one star cased: g =~ "z" and (g =~ "y" or (f startswith_cs "x" and f endswith_cs "y" and strlen(f) >= 2)) // exact
    glob: g =~ "z" and (g =~ "y" or f matches regex @"(?is)\Ax.y.*z\z") // exact
    glob cased: g =~ "z" and (g =~ "y" or f matches regex @"(?s)x.y\z") // exact
    regex: g =~ "z" and (g =~ "y" or f matches regex "ab") // exact
    number: g =~ "z" and (g =~ "y" or toreal(f) == 5) // exact, mapping:f
    more: g =~ "z" and (g =~ "y" or coalesce(toreal(f) > 0.5, false)) // exact, mapping:f
    cidr: g =~ "z" and (g =~ "y" or coalesce(ipv6_is_match(f, "10.0.0.0/8"), false)) // exact, mapping:f
    cidr 6: g =~ "z" and (g =~ "y" or coalesce(ipv6_is_match(f, "fe80::/10"), false)) // exact, mapping:f
    field: g =~ "z" and (g =~ "y" or (isnotempty(f) and f =~ g)) // exact, ascii, empty-is-missing
    exists: g =~ "z" and (g =~ "y" or isnotempty(f)) // exact, empty-is-missing
    missing: g =~ "z" and (g =~ "y" or isempty(f)) // exact, empty-is-missing
    empty: g =~ "z" and (g =~ "y" or isempty(f)) // exact, empty-is-missing
    anything: g =~ "z" and (g =~ "y" or isnotempty(f)) // exact, empty-is-missing
    keyword: g =~ "z" and (g =~ "y" or * contains "x") // exact, raw-text
    "#);
}

#[test]
fn in_a_list() {
    assert_snapshot!(each(|tree| Logic::any([is("f", "a"), tree, is("f", "b")])), @r#"
    equals: f in~ ("a", "x", "b") // exact
    cased: f in~ ("a", "b") or f == "x" // exact
    starts: f in~ ("a", "b") or f startswith "x" // exact
    starts cased: f in~ ("a", "b") or f startswith_cs "x" // exact
    ends: f in~ ("a", "b") or f endswith "x" // exact
    ends cased: f in~ ("a", "b") or f endswith_cs "x" // exact
    contains: f in~ ("a", "b") or f contains "x" // exact
    contains cased: f in~ ("a", "b") or f contains_cs "x" // exact
    one star: f in~ ("a", "b") or (f startswith "x" and f endswith "y" and strlen(f) >= 2) // exact
    one star cased: f in~ ("a", "b") or (f startswith_cs "x" and f endswith_cs "y" and strlen(f) >= 2) // exact
    glob: f in~ ("a", "b") or f matches regex @"(?is)\Ax.y.*z\z" // exact
    glob cased: f in~ ("a", "b") or f matches regex @"(?s)x.y\z" // exact
    regex: f in~ ("a", "b") or f matches regex "ab" // exact
    number: f in~ ("a", "b") or toreal(f) == 5 // exact, mapping:f
    more: f in~ ("a", "b") or coalesce(toreal(f) > 0.5, false) // exact, mapping:f
    cidr: f in~ ("a", "b") or coalesce(ipv6_is_match(f, "10.0.0.0/8"), false) // exact, mapping:f
    cidr 6: f in~ ("a", "b") or coalesce(ipv6_is_match(f, "fe80::/10"), false) // exact, mapping:f
    field: f in~ ("a", "b") or (isnotempty(f) and f =~ g) // exact, ascii, empty-is-missing
    exists: f in~ ("a", "b") or isnotempty(f) // exact, empty-is-missing
    missing: f in~ ("a", "b") or isempty(f) // exact, empty-is-missing
    empty: f in~ ("a", "b") or isempty(f) // exact, empty-is-missing
    anything: f in~ ("a", "b") or isnotempty(f) // exact, empty-is-missing
    keyword: f =~ "a" or * contains "x" or f =~ "b" // exact, raw-text
    "#);
}

#[test]
fn in_a_negated_list() {
    assert_snapshot!(each(|tree| Logic::all([is("g", "z"), not(Logic::any([is("f", "a"), tree, is("f", "b")]))])), @r#"
    equals: g =~ "z" and not(f in~ ("a", "x", "b")) // exact
    cased: g =~ "z" and not(f in~ ("a", "b") or f == "x") // exact
    starts: g =~ "z" and not(f in~ ("a", "b") or f startswith "x") // exact
    starts cased: g =~ "z" and not(f in~ ("a", "b") or f startswith_cs "x") // exact
    ends: g =~ "z" and not(f in~ ("a", "b") or f endswith "x") // exact
    ends cased: g =~ "z" and not(f in~ ("a", "b") or f endswith_cs "x") // exact
    contains: g =~ "z" and not(f in~ ("a", "b") or f contains "x") // exact
    contains cased: g =~ "z" and not(f in~ ("a", "b") or f contains_cs "x") // exact
    one star: g =~ "z" and not(f in~ ("a", "b") or (f startswith "x" and f endswith "y" and strlen(f) >= 2)) // exact
    one star cased: g =~ "z"     and not(f in~ ("a", "b") or (f startswith_cs "x" and f endswith_cs "y" and strlen(f) >= 2)) // exact
    glob: g =~ "z" and not(f in~ ("a", "b") or f matches regex @"(?is)\Ax.y.*z\z") // exact
    glob cased: g =~ "z" and not(f in~ ("a", "b") or f matches regex @"(?s)x.y\z") // exact
    regex: g =~ "z" and not(f in~ ("a", "b") or f matches regex "ab") // exact
    number: g =~ "z" and not(f in~ ("a", "b") or toreal(f) == 5) // exact, mapping:f
    more: g =~ "z" and not(f in~ ("a", "b") or coalesce(toreal(f) > 0.5, false)) // exact, mapping:f
    cidr: g =~ "z" and not(f in~ ("a", "b") or coalesce(ipv6_is_match(f, "10.0.0.0/8"), false)) // exact, mapping:f
    cidr 6: g =~ "z" and not(f in~ ("a", "b") or coalesce(ipv6_is_match(f, "fe80::/10"), false)) // exact, mapping:f
    field: g =~ "z" and not(f in~ ("a", "b") or (isnotempty(f) and f =~ g)) // exact, ascii, empty-is-missing
    exists: g =~ "z" and not(f in~ ("a", "b") or isnotempty(f)) // exact, empty-is-missing
    missing: g =~ "z" and not(f in~ ("a", "b") or isempty(f)) // exact, empty-is-missing
    empty: g =~ "z" and not(f in~ ("a", "b") or isempty(f)) // exact, empty-is-missing
    anything: g =~ "z" and not(f in~ ("a", "b") or isnotempty(f)) // exact, empty-is-missing
    keyword: g =~ "z" and not(f =~ "a" or * contains "x" or f =~ "b") // exact, raw-text
    "#);
}
