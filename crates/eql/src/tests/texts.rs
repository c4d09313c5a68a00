//! Text, as patterns.

use super::build::{P, cased, literal, not, regex, text};
use super::condition;
use rulecast_ir::regex::RegexNode;
use rulecast_ir::{ColumnType, Logic};

fn each(patterns: &[&str], of: impl Fn(&str) -> P) -> String {
    patterns.iter().map(|pattern| condition(of(pattern)) + "\n").collect()
}

const SHAPES: &[&str] = &["", "cmd.exe", r"\\cmd*", r"*\\cmd.exe", "*whoami*", "*", "a*b?c", "?", "?*", "*?", "p?q"];

#[test]
fn caseless_text() {
    insta::assert_snapshot!(each(SHAPES, |pattern| text("f", pattern)), @r#"
    f == ""
    f : "cmd.exe"
    f : "\\cmd*"
    f : "*\\cmd.exe"
    f : "*whoami*"
    ?f != null
    f : "a*b?c"
    f : "?"
    f : "?*"
    f : "*?"
    f : "p?q"
    "#);
}

#[test]
fn cased_text() {
    insta::assert_snapshot!(each(SHAPES, |pattern| cased("f", pattern)), @r#"
    f == ""
    f == "cmd.exe"
    f like "\\cmd*"
    f like "*\\cmd.exe"
    f like "*whoami*"
    ?f != null
    f like "a*b?c"
    f like "?"
    f like "?*"
    f like "*?"
    f like "p?q"
    "#);
}

/// `:` and `like` have no escape: rows 29 to 32 of the catalogue of wrong translations.
#[test]
fn row_30_a_literal_wildcard_stays_literal() {
    let patterns = [r"p\*q", r"p\*q*", r"*p\*q", r"*p\?q*", r"a\*b*c?d", r"\\\*\\IPC$*", "*\u{1}*"];
    insta::assert_snapshot!(each(&patterns, |pattern| text("f", pattern)), @r#"
    f in~ ("p*q")
    startsWith~(f, "p*q")
    f regex~ ".*p\\*q"
    f regex~ ".*p\\?q.*"
    f regex~ "a\\*b.*c.d"
    startsWith~(f, "\\*\\IPC$")
    f regex~ ".*\u{0001}.*"
    "#);
    insta::assert_snapshot!(each(&patterns, |pattern| cased("f", pattern)), @r#"
    f == "p*q"
    startsWith(f, "p*q")
    f regex ".*p\\*q"
    f regex ".*p\\?q.*"
    f regex "a\\*b.*c.d"
    startsWith(f, "\\*\\IPC$")
    f regex ".*\u{0001}.*"
    "#);
}

#[test]
fn row_21_a_cased_suffix_is_no_equality() {
    insta::assert_snapshot!(condition(cased("a", r"*\\x.exe")), @r#"a like "*\\x.exe""#);
}

#[test]
fn row_22_a_cased_list_stays_cased() {
    insta::assert_snapshot!(condition(Logic::any([cased("a", "x"), cased("a", "y")])), @r#"a in ("x", "y")"#);
    insta::assert_snapshot!(condition(Logic::any([cased("a", "*x*"), cased("a", "y*"), cased("a", "z")])), @r#"a like ("*x*", "y*") or a == "z""#);
}

/// Rows 34, 36 and 37: backslashes at the end, quotes, line breaks and tabs.
#[test]
fn rows_34_36_37_hostile_values_are_quoted() {
    let patterns = [
        r"*\\Desktop\\*",
        r"*\\Desktop\\",
        r#"*say "hi"*"#,
        "line1\nline2\ttab\r",
        "\u{0}\u{1b}",
        "naïve",
        "*'*",
        "%x%",
        r"\\\\server\\share",
    ];
    insta::assert_snapshot!(each(&patterns, |pattern| text("a", pattern)), @r#"
    a : "*\\Desktop\\*"
    a : "*\\Desktop\\"
    a : "*say \"hi\"*"
    a : "line1\nline2\ttab\r"
    a : "\u{0000}\u{001b}"
    // exact: ascii
    any where a : "naïve"
    a : "*'*"
    a : "%x%"
    a : "\\\\server\\share"
    "#);
}

#[test]
fn a_list_of_one_field_is_one_test() {
    let list = |patterns: &[&str]| condition(Logic::any(patterns.iter().map(|pattern| text("f", pattern))));
    insta::assert_snapshot!(list(&["a", "b*", "*c", "*d*", "e?f"]), @r#"f : ("a", "b*", "*c", "*d*", "e?f")"#);
    // Values that `:` cannot hold stand apart, each kind in one list, where its first value stood.
    insta::assert_snapshot!(list(&["a", r"b\*", "c", r"*d\*", r"e\*", "", r"f\**", r"*g\?*", "*"]), @r#"
    f : ("a", "c")
      or f in~ ("b*", "e*")
      or f regex~ (".*d\\*", ".*g\\?.*")
      or f == ""
      or startsWith~(f, "f*")
      or ?f != null
    "#);
    insta::assert_snapshot!(list(&["a", r"b\*", "c", r"*d\*", r"e\*", "", r"f\**", r"*g\?*", "h"]), @r#"
    f : ("a", "c", "h")
      or f in~ ("b*", "e*")
      or f regex~ (".*d\\*", ".*g\\?.*")
      or f == ""
      or startsWith~(f, "f*")
    "#);
}

#[test]
fn lists_of_several_fields_keep_to_their_field() {
    let tree = Logic::any([text("f", "a"), text("g", "b"), text("f", "c"), cased("f", "d"), not(text("f", "e"))]);
    insta::assert_snapshot!(condition(tree), @r#"f : ("a", "c") or g : "b" or f == "d" or not f : "e""#);
    let re = |word, fold| regex("f", ColumnType::Text, literal(word, fold));
    insta::assert_snapshot!(condition(Logic::any([re("ab", false), re("cd", true), re("ef", false)])), @r#"f regex (".*ab.*", ".*ef.*") or f regex~ ".*cd.*""#);
}

/// Elasticsearch joins a list of regexes with `|`, and its limit is of the whole.
#[test]
fn lists_of_regexes_keep_to_the_limit() {
    let words: Vec<String> = (0..60).map(|n| format!("{n:02}{}", "x".repeat(44))).collect();
    let shown = condition(Logic::any(words.iter().map(|word| regex("f", ColumnType::Text, literal(word, false)))));
    let lists = shown.split("\n  or ").map(|list| list.split('"').skip(1).step_by(2).collect::<Vec<_>>());
    // 50 characters each, and 19 with the `|` between them are 968.
    assert_eq!(lists.map(|list| list.len()).collect::<Vec<_>>(), [19, 19, 19, 3]);
    let one = RegexNode::Alternation(words.iter().map(|word| literal(word, false)).collect());
    assert_eq!(condition(regex("f", ColumnType::Text, one)), shown);
}

#[test]
fn a_long_list_keeps_its_order() {
    let values: Vec<String> = (0..4432).map(|n| format!("tool{n}.exe")).collect();
    let shown = condition(Logic::any(values.iter().map(|value| text("f", value))));
    let expected: Vec<_> = values.iter().map(|value| format!("\"{value}\"")).collect();
    assert_eq!(shown, format!("f : ({})", expected.join(", ")));
}
