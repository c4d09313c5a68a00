//! Regexes, node by node (the portability table of the reference).

use super::build::*;
use super::lowered;
use insta::assert_snapshot;
use rulecast_ir::regex::{RegexClass, RegexNode};

const DIGIT: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const SPACE: &[(char, char)] = &[('\t', '\r'), (' ', ' ')];

fn class(ranges: &[(char, char)]) -> RegexNode {
    RegexNode::Class(RegexClass { negated: false, ranges: ranges.to_vec() })
}

fn negated(ranges: &[(char, char)]) -> RegexNode {
    RegexNode::Class(RegexClass { negated: true, ranges: ranges.to_vec() })
}

fn concat(parts: impl Into<Vec<RegexNode>>) -> RegexNode {
    RegexNode::Concat(parts.into())
}

fn repeat(node: RegexNode, min: u32, max: Option<u32>) -> RegexNode {
    RegexNode::Repeat { node: Box::new(node), min, max }
}

fn any(newline: bool) -> RegexNode {
    RegexNode::Any { newline }
}

fn c(c: char) -> RegexNode {
    RegexNode::Char { c, fold: false }
}

fn shown(node: RegexNode) -> String {
    let query = lowered(on(column("f"), regex(node)));
    query.strip_prefix("f matches regex ").unwrap_or(&query).replace("\n// exact", "  // exact")
}

#[test]
fn nodes() {
    let either = || RegexNode::Alternation(vec![letters("ab", false), letters("cd", false)]);
    let rows = [
        letters("foo", false),
        letters("foo", true),
        letters("task", true),
        concat([letters("foo", true), letters("bar", false)]),
        concat([RegexNode::TextStart, letters("foo", false), RegexNode::TextEnd]),
        concat([RegexNode::LineStart, letters("foo", false), RegexNode::LineEnd]),
        concat([letters("foo", false), repeat(any(false), 0, None), letters("bar", false)]),
        concat([letters("foo", false), repeat(any(true), 1, None), letters("bar", false)]),
        concat([any(false), any(true), c('x')]),
        concat([either(), letters("e", false)]),
        repeat(either(), 2, Some(3)),
        repeat(repeat(c('a'), 2, Some(2)), 1, Some(4)),
        concat([repeat(c('a'), 0, Some(1)), repeat(c('b'), 3, None), c('c')]),
        concat([class(DIGIT), class(WORD), class(SPACE)]),
        concat([negated(DIGIT), negated(WORD), negated(SPACE)]),
        concat([letters("x", true), class(&[('A', 'C'), ('a', 'c')])]),
        concat([letters("x", true), class(&[('a', 'c')])]),
        concat([letters("x", true), negated(&[('/', '/')])]),
        class(&[('-', '-'), ('[', '^')]),
        concat([class(&[]), negated(&[])]),
        concat([RegexNode::WordBoundary, letters("net", false), RegexNode::WordBoundary]),
        concat([RegexNode::NotWordBoundary, letters("net", false)]),
        letters(r"\.+*?()|[]{}^$", false),
        letters(r#"#@&<>~-/"'`%:,=! "#, false),
        letters("\n\r\t\u{0}\u{1b}\u{85}\u{202e}", false),
        letters("é", false),
        letters("xé", true),
    ];
    for row in &rows {
        let pattern = crate::regex::print(row).text;
        let parsed = regex_syntax::ast::parse::Parser::new().parse(&pattern);
        assert!(parsed.is_ok(), "{pattern}: {parsed:?}");
    }
    assert_snapshot!(rows.map(shown).join("\n"), @r##"
    "foo"  // exact
    "(?i)foo"  // exact
    "(?i)task"  // exact, ascii
    "[fF][oO][oO]bar"  // exact
    @"\Afoo\z"  // exact
    "(?m)^foo$"  // exact
    "foo.*bar"  // exact
    "(?s)foo.+bar"  // exact
    ".(?s:.)x"  // exact
    "(?:ab|cd)e"  // exact
    "(?:ab|cd){2,3}"  // exact
    "(?:a{2}){1,4}"  // exact
    "a?b{3,}c"  // exact
    @"[0-9][0-9A-Z_a-z][\t-\r ]"  // exact
    @"[^0-9][^0-9A-Z_a-z][^\t-\r ]"  // exact
    "(?i)x[A-Ca-c]"  // exact
    "[xX][a-c]"  // exact
    "(?i)x[^/]"  // exact, ascii
    @"[\-\[-\^]"  // exact
    "[a&&b](?s:.)"  // exact
    @"(?-u:\b)net(?-u:\b)"  // exact
    @"\Bnet"  // exact, ascii
    @"\\\.\+\*\?\(\)\|\[\]\{\}\^\$"  // exact
    @"#@&<>~-/""'`%:,=! "  // exact
    @"\n\r\t\x{0}\x{1B}\x{85}\x{202E}"  // exact
    "é"  // exact
    "(?i)xé"  // exact, ascii
    "##);
}

#[test]
fn a_regex_of_the_empty_text_needs_a_value() {
    assert_snapshot!(shown(repeat(c('x'), 0, None)), @r#"isnotempty(f) and f matches regex "x*"  // exact, empty-is-missing"#);
    assert_snapshot!(shown(concat([RegexNode::TextStart, RegexNode::TextEnd])), @r#"isnotempty(f) and f matches regex @"\A\z"  // exact, empty-is-missing"#);
    assert_snapshot!(shown(RegexNode::Alternation(vec![c('a'), RegexNode::Empty])), @r#"isnotempty(f) and f matches regex "a|"  // exact, empty-is-missing"#);
    assert_snapshot!(lowered(on(column("n"), regex(repeat(c('4'), 0, None)))), @r#"
    isnotnull(n) and tostring(n) matches regex "4*"
    // exact
    "#);
    assert_snapshot!(lowered(on(column("r"), regex(c('4')))), @r#"refused as type: KQL: `r` holds numbers, whose text KQL may write in another form than the rule"#);
}
