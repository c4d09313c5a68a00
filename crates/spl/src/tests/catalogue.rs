//! Wrong translations seen elsewhere, by number, and what we emit instead.

use super::build::{
    Tree, and, arm, c, exists, in_network, is, is_any, is_cased, keyword, not, or, pattern, regex, related, rule,
    sysmon, union, word,
};
use super::{lowered, of};
use insta::assert_snapshot;
use rulecast_ir::{Case, FieldOperator};

fn re() -> Tree {
    regex("a", c('x'))
}

#[test]
fn n01_a_regex_under_a_negated_conjunction() {
    assert_snapshot!(of(not(and([re(), is("b", "y")]))), @r#"
    *
    | where NOT (isnotnull(mvfind(a, "x")) AND isnotnull(mvfind(b, "(?i)\Ay\z")))
    "#);
}

#[test]
fn n02_a_filter_with_a_regex() {
    assert_snapshot!(of(and([is("c", "z"), not(and([re(), is("b", "y")]))])), @r#"
    c="z"
    | where isnotnull(mvfind(c, "(?i)\Az\z"))
        AND NOT (isnotnull(mvfind(a, "x")) AND isnotnull(mvfind(b, "(?i)\Ay\z")))
    "#);
}

#[test]
fn n03_a_disjunction_with_a_negated_regex() {
    assert_snapshot!(of(or([is("c", "z"), not(re())])), @r#"
    *
    | where isnotnull(mvfind(c, "(?i)\Az\z")) OR NOT isnotnull(mvfind(a, "x"))
    "#);
}

#[test]
fn n04_a_regex_negated_twice() {
    assert_snapshot!(of(and([is("c", "z"), not(not(re()))])), @r#"
    c="z"
    | where isnotnull(mvfind(c, "(?i)\Az\z")) AND isnotnull(mvfind(a, "x"))
    "#);
}

#[test]
fn n05_n81_a_field_compared_under_a_negation() {
    let related = related("a", FieldOperator::Equals, "b", Case::Insensitive);
    assert_snapshot!(of(not(and([is("c", "z"), related]))), @r#"
    *
    | where NOT (isnotnull(mvfind(c, "(?i)\Az\z")) AND if(lower(a)=lower(b), 1, 0)=1)
    -- assuming ascii
    "#);
}

#[test]
fn n06_regexes_alone_have_a_base_search() {
    let regexes = or([re(), regex("a", word("curl"))]);
    assert_snapshot!(lowered(&rule(union(vec![arm(&sysmon(1), regexes)]))), @r#"
    `sysmon` AND EventCode=1
    | where isnotnull(mvfind(a, "x")) OR isnotnull(mvfind(a, "curl"))
    "#);
}

#[test]
fn n15_n17_connectives_are_grouped() {
    assert_snapshot!(of(or([is("a", "1x"), and([is("b", "2x"), not(is("c", "3x"))])])), @r#"a="1x" OR (b="2x" AND NOT c="3x")"#);
    let service = and([is("User", "*SERVICE R*"), is("User", "*SEAU*")]);
    assert_snapshot!(of(and([is("s", "x"), or([is("User", "*AUTHORI*"), service])])), @r#"s="x" AND (User="*AUTHORI*" OR (User="*SERVICE R*" AND User="*SEAU*"))"#);
}

#[test]
fn n18_a_negation_holds_where_the_field_is_missing() {
    let query = of(and([is("s", "x"), not(is("f", "v"))]));
    assert!(!query.contains("!="));
    assert_snapshot!(query, @r#"s="x" AND NOT f="v""#);
}

#[test]
fn n20_the_second_of_two_fields_is_reached() {
    assert_snapshot!(of(or([is("ParentImage", "*x*"), is("ParentProcessName", "*x*")])), @r#"ParentImage="*x*" OR ParentProcessName="*x*""#);
}

#[test]
fn n21_n22_n23_case_counts_in_lists_too() {
    assert_snapshot!(of(is_cased("a", r"*\x.exe")), @r#"
    a="*\\x.exe"
    | where isnotnull(mvfind(a, "\x5cx\.exe\z"))
    "#);
    assert_snapshot!(of(or([is_cased("a", "x"), is_cased("a", "y")])), @r#"
    a IN ("x", "y")
    | where isnotnull(mvfind(a, "\A(?:x|y)\z"))
    "#);
    assert_snapshot!(of(or([is_cased("a", "*xy*"), is_cased("a", "*zw*")])), @r#"
    a IN ("*xy*", "*zw*")
    | where isnotnull(mvfind(a, "xy|zw"))
    "#);
}

#[test]
fn n27_n29_n32_wildcards_that_search_lacks() {
    assert_snapshot!(of(is("a", "p?q")), @r#"
    a="p*q"
    | where isnotnull(mvfind(a, "(?is)\Ap.q\z"))
    "#);
    assert_snapshot!(of(is("a", r"p\*q")), @r#"
    a="p*q"
    | where isnotnull(mvfind(a, "(?i)\Ap\*q\z"))
    "#);
    assert_snapshot!(of(is("a", r"*a\*b*")), @r#"
    a="*a*b*"
    | where isnotnull(mvfind(a, "(?i)a\*b"))
    "#);
}

#[test]
fn n43_words_stay_together() {
    assert_snapshot!(of(is("CommandLine", "*Invoke-Mimikatz -DumpCreds*")), @r#"CommandLine="*Invoke-Mimikatz -DumpCreds*""#);
    assert_snapshot!(of(keyword(pattern("Invoke-Mimikatz -DumpCreds"))), @r#"
    "*Invoke-Mimikatz -DumpCreds*"
    -- assuming raw-text
    "#);
}

#[test]
fn n46_dots_that_the_search_bar_would_remove() {
    assert_snapshot!(of(is("cs-uri-query", "*/../../*")), @r#"
    "cs-uri-query"="*/*/*/*"
    | where isnotnull(mvfind('cs-uri-query', "/\.\./\.\./"))
    "#);
}

#[test]
fn n07_n83_private_networks_with_ipv6_as_a_filter() {
    let private = ["10.0.0.0/8", "172.16.0.0/12", "127.0.0.0/8", "::1/128", "fe80::/10"];
    let private = or(private.map(|network| in_network("DestinationIp", network)));
    assert_snapshot!(of(and([is("Image", r"*\msiexec.exe"), not(private)])), @r#"
    Image="*\\msiexec.exe"
      AND NOT (DestinationIp="10.0.0.0/8" OR DestinationIp="172.16.0.0/12" OR DestinationIp="127.0.0.0/8")
    | where isnotnull(mvfind(Image, "(?i)\x5cmsiexec\.exe\z"))
        AND if(cidrmatch("10.0.0.0/8", DestinationIp) OR cidrmatch("172.16.0.0/12", DestinationIp) OR cidrmatch("127.0.0.0/8", DestinationIp) OR cidrmatch("::1/128", DestinationIp) OR cidrmatch("fe80::/10", DestinationIp), 1, 0)=0
    -- assuming mapping:DestinationIp
    "#);
}

#[test]
fn n12_n13_n14_null_is_a_missing_field() {
    assert_snapshot!(of(or([exists("ParentImage", false), is_any("ParentImage", &["", "-"])])), @r#"
    NOT ParentImage=* OR ParentImage IN ("", "-")
    -- assuming empty-is-missing
    "#);
}
