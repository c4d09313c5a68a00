//! Regexes as PCRE.

use super::build::{c, class, folded, regex, repeat, word};
use super::of;
use rulecast_ir::regex::RegexNode;
use rulecast_ir::regex::RegexNode::{
    Alternation, Any, Concat, Empty, LineEnd, LineStart, NotWordBoundary, TextEnd, TextStart, WordBoundary,
};

#[expect(clippy::needless_pass_by_value, reason = "callers build the node in place")]
fn check(node: RegexNode, expected: &str) {
    assert_eq!(crate::regex::print(&node), expected);
}

#[test]
fn nodes() {
    let digit = || class(false, &[('0', '9')]);
    check(word("abc"), "abc");
    check(Concat(vec![TextStart, word("foo"), repeat(digit(), 1, None), TextEnd]), r"\Afoo[0-9]+\z");
    check(Concat(vec![LineStart, word("a"), LineEnd]), "(?m)^a$");
    // Behind the last line feed, PCRE's `^` does not match.
    check(Concat(vec![LineStart, LineEnd]), r"(?m)(?<![^\x0a])$");
    check(Concat(vec![LineStart, repeat(c('a'), 0, None)]), r"(?m)(?<![^\x0a])a*");
    check(Concat(vec![LineStart, repeat(c('a'), 0, None), c('b')]), "(?m)^a*b");
    check(Concat(vec![word("a"), repeat(Any { newline: false }, 0, None), word("b")]), r"a[^\x0a]*b");
    check(Concat(vec![word("a"), repeat(Any { newline: true }, 0, None), Any { newline: false }]), r"(?s)a.*[^\x0a]");
    check(Concat(vec![Alternation(vec![word("a"), word("b")]), word("c")]), "(?:a|b)c");
    check(Alternation(vec![word("ab"), Empty]), "ab|");
    check(repeat(word("ab"), 0, Some(1)), "(?:ab)?");
    check(repeat(c('a'), 2, Some(2)), "a{2}");
    check(repeat(c('a'), 2, None), "a{2,}");
    check(repeat(c('a'), 0, Some(3)), "a{0,3}");
    check(repeat(repeat(c('a'), 1, None), 0, Some(1)), "(?:a+)?");
    check(repeat(Alternation(vec![c('a'), c('b')]), 1, None), "(?:a|b)+");
    check(repeat(TextStart, 0, Some(1)), r"(?:\A)?");
    check(Concat(vec![WordBoundary, word("x"), NotWordBoundary]), r"\bx\B");
    check(Empty, "(?:)");
}

#[test]
fn characters_that_mean_something_to_pcre_or_to_spl() {
    check(word(r#"\"`.^$*+?()[]{}|"#), r"\x5c\x22\x60\.\^\$\*\+\?\(\)\[\]\{\}\x7c");
    check(word("#@&<>~/- '%"), "#@&<>~/- '%");
    check(word("\n\t\u{0}ä\u{85}"), r"\x0a\x09\x00ä\x85");
    check(class(false, &[('\\', ']'), ('^', '^'), ('-', '-')]), r"[\x5c\]\^\-]");
}

#[test]
fn classes() {
    check(class(true, &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]), "[^0-9A-Z_a-z]");
    check(class(false, &[('\t', '\r'), (' ', ' ')]), r"[\x09-\x0d ]");
    check(class(false, &[('a', 'b')]), "[ab]");
    // `\W`, as the ranges beside the word characters.
    let not_word = [('\0', '/'), (':', '@'), ('[', '^'), ('`', '`'), ('{', char::MAX)];
    check(class(false, &not_word), "[^0-9A-Z_a-z]");
    check(class(false, &[('\0', char::MAX)]), r"[\s\S]");
    check(class(false, &[]), "(?!)");
}

#[test]
fn case_is_folded_by_a_flag_only_where_that_is_exact() {
    let letters = || class(false, &[('A', 'Z'), ('a', 'z')]);
    check(folded("cmd.exe"), r"(?i)cmd\.exe");
    check(Concat(vec![folded("cmd"), letters()]), "(?i)cmd[A-Za-z]");
    check(Concat(vec![folded("ab"), word("c")]), "[Aa][Bb]c");
    check(Concat(vec![folded("a"), class(false, &[('a', 'c')])]), "[Aa][a-c]");
    check(folded("aä"), "[Aa]ä");
    check(Concat(vec![LineStart, folded("a"), Any { newline: true }]), "(?ims)^a.");
}

#[test]
fn what_a_regex_requires_is_searched_for() {
    let digits = || repeat(class(false, &[('0', '9')]), 1, None);
    let cases = [
        (word("ab"), "*"),
        (Concat(vec![c('x'), c('y'), digits(), c('c'), c('u'), c('r'), c('l')]), r#"f="*curl*""#),
        (Concat(vec![Alternation(vec![word("curl"), word("wget")]), digits()]), r#"f IN ("*curl*", "*wget*")"#),
        (Alternation(vec![word("curl"), digits()]), "*"),
        (Concat(vec![repeat(word("curl"), 0, Some(1)), word("abc")]), r#"f="*abc*""#),
        (repeat(word("abc"), 2, None), r#"f="*abc*""#),
        (word("a\"b<cd`e*f"), r#"f="*a*b*cd*e*f*""#),
    ];
    for (node, expected) in cases {
        let query = of(regex("f", node));
        assert_eq!(query.lines().next(), Some(expected), "{query}");
    }
}
