//! The printed regex must match what the tree means: both are run on many texts, the printed one by a model of Lucene's
//! parser that is itself held against measured results.

pub(crate) mod lucene;
mod random;
mod tree;

use super::{Lucene, Obstacle, of_node};
use rulecast_ir::Pattern;

/// `regex  [cs|ci]  "text"=true …`, as Lucene 9.9 answers with the flags that Elasticsearch gives it.
const MEASURED: &str = include_str!("measured.txt");

#[test]
fn the_model_of_lucene_answers_as_measured() {
    let mut rows = 0;
    for line in MEASURED.lines() {
        let (regex, rest) = [("  [cs]  ", false), ("  [ci]  ", true)]
            .iter()
            .find_map(|(mark, caseless)| line.split_once(mark).map(|(regex, rest)| ((regex, *caseless), rest)))
            .expect("a case flag");
        let (regex, caseless) = regex;
        rows += 1;
        if regex == "a~b" {
            continue;
        }
        let parsed = lucene::parse(regex, caseless);
        if rest.starts_with("ERR") {
            assert!(parsed.is_err(), "{line}");
            continue;
        }
        let parsed = parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
        for answer in rest.split("  ").filter(|answer| !answer.is_empty()) {
            let (text, expected) = answer.rsplit_once('=').expect("an answer");
            let text = text.trim_matches('"').replace("\\n", "\n");
            assert_eq!(parsed.matches(&text), expected == "true", "{line}: {text:?}");
        }
    }
    assert_eq!(rows, 47);
}

/// What the regex becomes: the operator and the patterns, or the obstacle.
fn printed(regex: &str) -> String {
    match of_node(&tree::parse(regex)) {
        Ok(Lucene { patterns, caseless, .. }) => {
            let operator = if caseless { "regex~" } else { "regex" };
            let patterns = format!("{operator} /{}/", patterns.join("/, /"));
            patterns.replace('\n', "⏎").replace('\r', "␍").replace('\t', "␉")
        }
        Err(Obstacle::Inexpressible(what)) => format!("refused: {what}"),
        Err(Obstacle::Never) => "refused: never".to_owned(),
        Err(Obstacle::TooLong(length)) => format!("refused: {length} characters"),
        Err(Obstacle::TooLarge) => "refused: too large".to_owned(),
    }
}

/// Texts that tell most mistakes apart.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "", "a", "A", "b", "foo", "FOO", "Foo", "xfoo", "foox", "foo bar", "bar foo", "bar", "foobar", "foo-bar",
    "-foo-", "a\nfoo", "foo\na", "a\nfoo\nb", "\nfoo\n", "foo\n", "\n", "foo1", "1foo", "foo12", "ab", "aab", "abb",
    "a.b", "axb", "a\nb", "AXB", "a#b", "a@b", "a&b", "a~b", "<x>", "a\"b", "a\\b", "^foo$", "?:abcd", "abcd",
    "abc", "ABC", "ABCd", "fooBAR", "FOObar", " foo ", "foo,bar", "x foo", "foo x", "xfoo foox foo", "_foo", "foo_",
    "é", "É", "foo é", "aé", "bar\nfoo bar", "foo\r\n", "\tfoo", "12", "a1", "a-b", "cmd.exe /c", "-enc AAAA",
    "-ENC aaaa", "bb", "ba", "{x}",
];

/// Prints, and compares what is printed with what is meant.
fn check(regex: &str) -> String {
    let node = tree::parse(regex);
    if let Ok(lucene) = of_node(&node) {
        let parsed: Vec<_> = lucene
            .patterns
            .iter()
            .map(|pattern| lucene::parse(pattern, lucene.caseless).unwrap_or_else(|e| panic!("{pattern}: {e}")))
            .collect();
        for text in TEXTS {
            let found = parsed.iter().any(|pattern| pattern.matches(text));
            assert_eq!(found, tree::found(&node, text), "{regex:?} as {:?} on {text:?}", lucene.patterns);
        }
    }
    printed(regex)
}

fn table(regexes: &[&str]) -> String {
    let row = |regex: &&str| format!("{:<22} {}", regex.replace('\n', "⏎"), check(regex));
    regexes.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// The regex column of the portability table, row by row.
#[test]
fn each_construct_is_rewritten_or_refused() {
    insta::assert_snapshot!(table(&[
        "foo", "^foo", "foo$", "^foo$", r"\Afoo\z", "^foo|bar$", "^(foo|bar)$", "(^|-)foo", r"foo(\s|$)", "a^b", "$foo",
        "(?m)^foo", "(?m)foo$", "(?m)^foo$", "(?m)a\n^foo", "foo.bar", "(?s)foo.bar", "(?:abc)d", "(?i)foo", "(?i)foo[a-c]",
        "(?i)[a-z]+", "(?i:foo)bar", "(?i:f)oo1", "(?i)12", "a.+?b", "a.*?b", "ab{2,3}?c", r"\d+", r"\w+\s\S", r"[\d]", r"[\w-]+",
        r"\W", r"\bfoo\b", r"\b(foo|bar)\b", r"\b(foo|-bar)", r"\Bfoo", r"foo\B", r"foo\b.bar", r"foo\b bar", r"foo\bbar",
        r"foo\b\w", r"\b[\w-]+", r"\b", r"\B", "^", "$", "^$", "(?m)^$", r"a\tb", r"\x41", r"[^\n]", "[[:alpha:]]",
        "a#b", "a@b", "a&b", "<x>", "a~b", "a\"b", r"a\\b", r"\{x\}", r"a\.b", "[.]exe", "x{0,2}", "x{2}", "x{2,}", "x{0}",
        "(ab)+", "(a|b)*c", "(|foo)x", "(foo|)x", "()", "", "é", "(?i)é", "[a-é]", "[^a]", "(?i)[^a]", r".*foo.*", r"^.*foo", "(a?)?b",
        r"(^a)?b", "(^a)*b", r"-enc\s+", "(?i)-enc", r"[\[\]^-]", "(?s).", "(?s)a..b", "a|b|", r"(foo|^)a", r"(?m)(^|x)foo($|y)",
        r"(-\b|b\b){2}", r"(\d+(\.|\b)){4}", r"(a\b){0,2}",
    ]), @r#"
    foo                    regex /.*foo.*/
    ^foo                   regex /foo.*/
    foo$                   regex /.*foo/
    ^foo$                  regex /foo/
    \Afoo\z                regex /foo/
    ^foo|bar$              regex /foo.*|.*bar/
    ^(foo|bar)$            regex /foo|bar/
    (^|-)foo               regex /(.*-)?foo.*/
    foo(\s|$)              regex /.*foo([␉-␍ ].*)?/
    a^b                    refused: never
    $foo                   refused: never
    (?m)^foo               regex /(.*⏎)?foo.*/
    (?m)foo$               regex /.*foo(⏎.*)?/
    (?m)^foo$              regex /(.*⏎)?foo(⏎.*)?/
    (?m)a⏎^foo             regex /.*a⏎foo.*/
    foo.bar                regex /.*foo[^⏎]bar.*/
    (?s)foo.bar            regex /.*foo.bar.*/
    (?:abc)d               regex /.*abcd.*/
    (?i)foo                regex~ /.*foo.*/
    (?i)foo[a-c]           regex~ /.*foo[A-Ca-c].*/
    (?i)[a-z]+             regex /.*[A-Za-z]+.*/
    (?i:foo)bar            regex /.*[fF][oO][oO]bar.*/
    (?i:f)oo1              regex /.*[fF]oo1.*/
    (?i)12                 regex /.*12.*/
    a.+?b                  regex /.*a[^⏎]+b.*/
    a.*?b                  regex /.*a[^⏎]*b.*/
    ab{2,3}?c              regex /.*ab{2,3}c.*/
    \d+                    regex /.*[0-9]+.*/
    \w+\s\S                regex /.*[0-9A-Z_a-z]+[␉-␍ ][^␉-␍ ].*/
    [\d]                   regex /.*[0-9].*/
    [\w-]+                 regex /.*[\-0-9A-Z_a-z]+.*/
    \W                     regex /.*[^0-9A-Z_a-z].*/
    \bfoo\b                regex /(.*[^0-9A-Z_a-z])?foo([^0-9A-Z_a-z].*)?/
    \b(foo|bar)\b          regex /(.*[^0-9A-Z_a-z])?(foo|bar)([^0-9A-Z_a-z].*)?/
    \b(foo|-bar)           regex /(.*[^0-9A-Z_a-z])?foo.*|.*[0-9A-Z_a-z]-bar.*/
    \Bfoo                  regex /.*[0-9A-Z_a-z]foo.*/
    foo\B                  regex /.*foo[0-9A-Z_a-z].*/
    foo\b.bar              refused: a word boundary beside what may be part of a word or not
    foo\b bar              regex /.*foo bar.*/
    foo\bbar               refused: never
    foo\b\w                refused: never
    \b[\w-]+               refused: a word boundary beside what may be part of a word or not
    \b                     regex /(.*[^0-9A-Z_a-z])?[0-9A-Z_a-z].*|.*[0-9A-Z_a-z]([^0-9A-Z_a-z].*)?/
    \B                     regex /(.*[^0-9A-Z_a-z])?([^0-9A-Z_a-z].*)?|.*[0-9A-Z_a-z][0-9A-Z_a-z].*/
    ^                      regex /.*/
    $                      regex /.*/
    ^$                     regex /()/
    (?m)^$                 regex /(.*⏎)?(⏎.*)?/
    a\tb                   regex /.*a␉b.*/
    \x41                   regex /.*A.*/
    [^\n]                  regex /.*[^⏎].*/
    [[:alpha:]]            regex /.*[A-Za-z].*/
    a#b                    regex /.*a\#b.*/
    a@b                    regex /.*a\@b.*/
    a&b                    regex /.*a\&b.*/
    <x>                    regex /.*\<x\>.*/
    a~b                    regex /.*a\~b.*/
    a"b                    regex /.*a\"b.*/
    a\\b                   regex /.*a\\b.*/
    \{x\}                  regex /.*\{x\}.*/
    a\.b                   regex /.*a\.b.*/
    [.]exe                 regex /.*\.exe.*/
    x{0,2}                 regex /.*x{0,2}.*/
    x{2}                   regex /.*x{2}.*/
    x{2,}                  regex /.*x{2,}.*/
    x{0}                   regex /.*.*/
    (ab)+                  regex /.*(ab)+.*/
    (a|b)*c                regex /.*(a|b)*c.*/
    (|foo)x                regex /.*(foo)?x.*/
    (foo|)x                regex /.*(foo)?x.*/
    ()                     regex /.*/
                           regex /.*/
    é                      regex /.*é.*/
    (?i)é                  regex /.*é.*/
    [a-é]                  regex /.*[a-é].*/
    [^a]                   regex /.*[^a].*/
    (?i)[^a]               regex /.*[^Aa].*/
    .*foo.*                regex /.*foo.*/
    ^.*foo                 regex /[^⏎]*foo.*/
    (a?)?b                 regex /.*(a?)?b.*/
    (^a)?b                 regex /(a|.*)b.*/
    (^a)*b                 refused: an anchor or word boundary inside a repetition
    -enc\s+                regex /.*-enc[␉-␍ ]+.*/
    (?i)-enc               regex~ /.*-enc.*/
    [\[\]^-]               regex /.*[\-\[\]\^].*/
    (?s).                  regex /.*..*/
    (?s)a..b               regex /.*a..b.*/
    a|b|                   regex /.*(a|b)?.*/
    (foo|^)a               regex /(.*foo)?a.*/
    (?m)(^|x)foo($|y)      regex /((.*⏎)?|.*x)foo((⏎.*)?|y.*)/
    (-\b|b\b){2}           refused: a word boundary beside what may be part of a word or not
    (\d+(\.|\b)){4}        regex /.*[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+(\..*|([^0-9A-Z_a-z].*)?)/
    (a\b){0,2}             refused: a word boundary beside what may be part of a word or not
    "#);
}

#[test]
fn a_regex_that_is_too_long_is_split_or_refused() {
    let words = |count: usize| (0..count).map(|n| format!("word{n:04}")).collect::<Vec<_>>().join("|");
    assert!(printed(&words(100)).starts_with("regex /.*(word0000|"), "fits in one");
    let Ok(split) = of_node(&tree::parse(&words(200))) else { panic!("each alternative fits") };
    assert_eq!(split.patterns.len(), 200);
    assert_eq!(split.patterns[199], ".*word0199.*");
    assert_eq!(printed(&format!("({})x", words(200))), "refused: 1806 characters");
    assert_eq!(printed(&"é".repeat(996)).chars().count(), "regex //".len() + 1000);
    assert_eq!(printed("(a{200}){100}"), "refused: too large");
}

#[test]
fn a_pattern_is_a_regex_of_the_whole_text() {
    let of = |text: &str| super::of_pattern(Pattern::parse(text).parts()).expect("short enough");
    assert_eq!(of(r"*a\*b*"), r".*a\*b.*");
    assert_eq!(of(r"*\?x"), r".*\?x");
    assert_eq!(of(r"a?b\*"), r"a.b\*");
    assert_eq!(of(r#"*C:\\Te"mp\\\*#@&<>~*"#), r#".*C:\\Te\"mp\\\*\#\@\&\<\>\~.*"#);
}

/// Rows 49 to 56 of the catalogue of wrong translations, each with a text that it must find and one that it must not.
#[test]
fn rows_49_to_56_of_the_catalogue() {
    for (row, regex, expected, hit, miss) in [
        (49, "foo.*bar", "regex /.*foo[^⏎]*bar.*/", "a foo, a bar, a", "FOO BAR"),
        (50, "foo.*bar.?", "regex /.*foo[^⏎]*bar[^⏎]?.*/", "xfoobarx", "foo\nbar"),
        (51, r"^foo\d+$", "regex /foo[0-9]+/", "foo12", "^foo12$"),
        (52, "(?i)fo[a-z]+", "regex~ /.*fo[A-Za-z]+.*/", "FOX", "fo1"),
        (53, "^(?:a|b)c", "regex /(a|b)c.*/", "bcx", "?:ac"),
        (54, "a.+?b", "regex /.*a[^⏎]+b.*/", "axb", "ab"),
        (55, "(?i)^[a-z]+$", "regex /[A-Za-z]+/", "ABC", "ABC1"),
        (56, "a\"b/c", "regex /.*a\\\"b/c.*/", "xa\"b/cx", "ab/c"),
    ] {
        assert_eq!(check(regex), expected, "row {row}");
        let lucene = of_node(&tree::parse(regex)).expect("printed above");
        let pattern = lucene::parse(&lucene.patterns[0], lucene.caseless).unwrap_or_else(|error| panic!("{error}"));
        assert!(pattern.matches(hit), "row {row}: {hit}");
        assert!(!pattern.matches(miss), "row {row}: {miss}");
    }
}
