//! Wrong translations that other converters made, by their numbers in the catalogue: none is ours.

use super::build::*;
use super::lowered;
use insta::assert_snapshot;
use rulecast_ir::regex::RegexNode;
use rulecast_ir::{Case, Column, Comparison, FieldOperator, Logic, Number, Test};

#[test]
fn row_7_a_private_range_filter_keeps_events_of_either_family() {
    let ranges = ["10.0.0.0/8", "fe80::/10"].map(|network| on(column("RemoteIP"), cidr(network)));
    assert_snapshot!(lowered(Logic::all([is("f", "x"), not(Logic::any(ranges))])), @r#"
    f =~ "x"
        and not(
          coalesce(ipv6_is_match(RemoteIP, "10.0.0.0/8"), false)
          or coalesce(ipv6_is_match(RemoteIP, "fe80::/10"), false)
        )
    // exact, mapping:RemoteIP
    "#);
}

#[test]
fn row_8_a_network_of_ipv6() {
    assert_snapshot!(lowered(on(column("RemoteIP"), cidr("fe80::/10"))), @r#"
    coalesce(ipv6_is_match(RemoteIP, "fe80::/10"), false)
    // exact, mapping:RemoteIP
    "#);
    // One that holds the IPv4 addresses, as IPv6 ones, holds no IPv4 address.
    assert_snapshot!(lowered(on(column("RemoteIP"), cidr("::/0"))), @r#"
    coalesce(ipv6_is_match(RemoteIP, "::/0"), false)
        and not(coalesce(ipv6_is_match(RemoteIP, "0.0.0.0/0"), false))
    // exact, mapping:RemoteIP
    "#);
    assert_snapshot!(lowered(on(column("RemoteIP"), cidr("10.1.2.3/32"))), @r#"
    coalesce(ipv6_is_match(RemoteIP, "10.1.2.3/32"), false)
    // exact, mapping:RemoteIP
    "#);
}

#[test]
fn row_9_null_on_a_string_is_empty() {
    assert_snapshot!(lowered(on(column("f"), Test::Exists(false))), @r#"
    isempty(f)
    // exact, empty-is-missing
    "#);
}

#[test]
fn row_19_a_comparison_is_not_null_under_a_negation() {
    assert_snapshot!(lowered(not(on(column("n"), number(Comparison::Greater, Number::Integer(3))))), @r#"
    not(coalesce(n > 3, false))
    // exact
    "#);
}

#[test]
fn rows_22_and_23_case_counts_in_lists_too() {
    let list =
        |values: &[&str]| Logic::any(values.iter().map(|value| on(column("f"), cased(value))).collect::<Vec<_>>());
    assert_snapshot!(lowered(list(&["x", "y"])), @r#"
    f in ("x", "y")
    // exact
    "#);
    assert_snapshot!(lowered(list(&["*x*", "*y*"])), @r#"
    f contains_cs "x" or f contains_cs "y"
    // exact
    "#);
}

#[test]
fn row_24_a_star_inside() {
    assert_snapshot!(lowered(is("f", "p*q")), @r#"
    f startswith "p" and f endswith "q" and strlen(f) >= 2
    // exact
    "#);
    // `a` is not `a*a`, and the length is of characters.
    assert_snapshot!(lowered(is("f", "aé*éa")), @r#"
    f startswith "aé" and f endswith "éa" and strlen(f) >= 4
    // exact, ascii
    "#);
    assert_snapshot!(lowered(is("f", "🦀*a")), @r#"
    f matches regex @"(?is)\A🦀.*a\z"
    // exact
    "#);
}

#[test]
fn row_25_a_star_inside_a_substring() {
    assert_snapshot!(lowered(any_of("f", &["*p*q*", "*z*"])), @r#"
    f matches regex "(?is)p.*q" or f contains "z"
    // exact
    "#);
}

#[test]
fn row_26_a_question_mark() {
    assert_snapshot!(lowered(any_of("f", &["p?q", "zz"])), @r#"
    f matches regex @"(?is)\Ap.q\z" or f =~ "zz"
    // exact
    "#);
}

#[test]
fn row_28_a_question_mark_and_a_star() {
    assert_snapshot!(lowered(is("f", "p?q*z")), @r#"
    f matches regex @"(?is)\Ap.q.*z\z"
    // exact
    "#);
}

#[test]
fn rows_29_and_32_wildcards_can_be_literal() {
    assert_snapshot!(lowered(is("f", r"p\*q")), @r#"
    f =~ "p*q"
    // exact
    "#);
    assert_snapshot!(lowered(is("f", r"*a\*b*")), @r#"
    f contains "a*b"
    // exact
    "#);
}

#[test]
fn rows_33_to_35_a_backslash_before_the_end() {
    assert_snapshot!(lowered(is("f", r"*\AppData\\*")), @r#"
    f contains @"\AppData\"
    // exact
    "#);
    assert_snapshot!(lowered(is("f", r"*\Temp\")), @r#"
    f endswith @"\Temp\"
    // exact
    "#);
}

#[test]
fn row_36_quotes() {
    assert_snapshot!(lowered(is("f", r#"*say "hi"*"#)), @r#"
    f contains @"say ""hi"""
    // exact
    "#);
}

#[test]
fn row_37_a_line_feed() {
    assert_snapshot!(lowered(is("f", "line1\nline2\ttab\\")), @r#"
    f =~ "line1\nline2\ttab\\"
    // exact
    "#);
}

#[test]
fn row_38_all_of_some_values() {
    assert_snapshot!(lowered(Logic::all([is("f", "x"), is("f", "y")])), @r#"
    f =~ "x" and f =~ "y"
    // exact
    "#);
}

#[test]
fn row_39_substrings_are_not_terms() {
    assert_snapshot!(lowered(any_of("f", &["*net user*", "*evil*"])), @r#"
    f contains "net user" or f contains "evil"
    // exact
    "#);
}

#[test]
fn row_40_a_star_is_a_wildcard_and_a_point_is_not() {
    assert_snapshot!(lowered(is("f", "*.*kw.*")), @r#"
    f matches regex @"(?is)\..*kw\."
    // exact, ascii
    "#);
}

#[test]
fn row_47_texts_are_parted_by_commas() {
    assert_snapshot!(lowered(any_of("f", &["a", "b", r"c\d"])), @r#"
    f in~ ("a", "b", @"c\d")
    // exact
    "#);
}

#[test]
fn row_48_a_backslash_before_a_star() {
    assert_snapshot!(lowered(is("f", r"C:\\*")), @r#"
    f startswith @"C:\"
    // exact
    "#);
    assert_snapshot!(lowered(is("f", r"C:\\*\x?y")), @r#"
    f matches regex @"(?is)\AC:\\.*\\x.y\z"
    // exact
    "#);
}

#[test]
fn row_58_a_regex_counts_case() {
    assert_snapshot!(lowered(on(column("f"), regex(letters("Foo", false)))), @r#"
    f matches regex "Foo"
    // exact
    "#);
}

#[test]
fn rows_60_and_61_numbers() {
    assert_snapshot!(lowered(on(column("n"), whole(5))), @r#"
    n == 5
    // exact
    "#);
    assert_snapshot!(lowered(Logic::any([on(column("n"), whole(5)), on(column("n"), whole(6))])), @r#"
    n in (5, 6)
    // exact
    "#);
    assert_snapshot!(lowered(any_of("n", &["5", "6"])), @r#"
    n in (5, 6)
    // exact
    "#);
}

#[test]
fn row_62_truth() {
    assert_snapshot!(lowered(is("b", "true")), @r#"
    b == true
    // exact
    "#);
    assert_snapshot!(lowered(is("b", "False")), @r#"
    b == false
    // exact
    "#);
}

#[test]
fn row_79_odd_names() {
    for name in ["a.b", "9x", "my-field", "a{}.b", "where"] {
        assert_eq!(lowered(is(name, "z")), format!("['{name}'] =~ \"z\"\n// exact"));
    }
}

#[test]
fn row_80_keywords() {
    assert_snapshot!(lowered(Logic::any([keyword(text("kw1")), keyword(text("kw two"))])), @r#"
    * contains "kw1" or * contains "kw two"
    // exact, raw-text
    "#);
}

#[test]
fn row_81_fields_compare_without_case() {
    assert_snapshot!(lowered(on(column("f"), compared(FieldOperator::Equals, "g", Case::Insensitive))), @r#"
    isnotempty(f) and f =~ g
    // exact, ascii, empty-is-missing
    "#);
    let ends = compared(FieldOperator::EndsWith, "g", Case::Sensitive);
    assert_snapshot!(lowered(not(on(column("f"), ends))), @r#"
    not(isnotempty(g) and f endswith_cs g)
    // exact, empty-is-missing
    "#);
}

#[test]
fn row_82_a_negated_list_of_patterns() {
    assert_snapshot!(lowered(not(any_of("f", &["a*b*c", "*d?e*"]))), @r#"
    not(f matches regex @"(?is)\Aa.*b.*c\z" or f matches regex "(?is)d.e")
    // exact
    "#);
}

#[test]
fn one_value_too_many() {
    // `strcat` of two missing columns is not empty: `\x` needs a value that is there.
    let user = || join(&["AccountDomain", "AccountName"]);
    assert_snapshot!(lowered(on(user(), text(r"NT AUTHORITY\SYSTEM"))), @r#"
    strcat(AccountDomain, @"\", AccountName) =~ @"NT AUTHORITY\SYSTEM"
    // exact
    "#);
    let dots = RegexNode::Repeat { node: Box::new(RegexNode::Any { newline: false }), min: 1, max: None };
    assert_snapshot!(lowered(on(user(), regex(dots))), @r#"
    (isnotempty(AccountDomain) or isnotempty(AccountName))
        and strcat(AccountDomain, @"\", AccountName) matches regex ".+"
    // exact, empty-is-missing
    "#);
    let column: Column = user();
    assert_snapshot!(lowered(on(column, Test::Exists(true))), @r#"
    isnotempty(AccountDomain) or isnotempty(AccountName)
    // exact, empty-is-missing
    "#);
}
