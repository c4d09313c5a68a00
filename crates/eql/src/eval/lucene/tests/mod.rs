//! Measured answers of Lucene 9.9, and what its reference says.

use super::Regex;

fn matches(pattern: &str, caseless: bool, text: &str) -> Result<bool, String> {
    Regex::new(pattern, caseless)?.matches(&text.chars().collect::<Vec<_>>())
}

fn escape(text: &str) -> String {
    text.replace('\n', "\\n")
}

/// Each line: the pattern, `cs` or `ci`, and the texts asked with their answers, or the error.
#[test]
fn what_lucene_answers() {
    let (mut rows, mut answers) = (0, 0);
    for line in include_str!("../../../regex/tests/measured.txt").lines() {
        let (pattern, rest) = line.split_once("  [").expect("a pattern");
        let (mode, rest) = rest.split_once(']').expect("a mode");
        let caseless = mode == "ci";
        rows += 1;
        if let Some(error) = rest.trim().strip_prefix("ERR IllegalArgumentException: ") {
            answers += 1;
            assert_eq!(matches(pattern, caseless, ""), Err(error.to_owned()), "{line}");
            continue;
        }
        let mut rest = rest.trim();
        while let Some(text) = rest.strip_prefix('"') {
            // A quote within a text is not escaped: the text ends before `"=`.
            let end = text.find("\"=").expect("an answer");
            let (answer, after) = text[end + 2..].split_once("  ").unwrap_or((&text[end + 2..], ""));
            let expected = answer.trim() == "true";
            let text = text[..end].replace("\\n", "\n");
            assert_eq!(matches(pattern, caseless, &text), Ok(expected), "{pattern} {mode} {}", escape(&text));
            answers += 1;
            rest = after.trim_start();
        }
        assert!(rest.is_empty(), "{line}");
    }
    assert_eq!((rows, answers), (47, 70));
}

/// "Regular expression syntax" of Elasticsearch: its examples, operator by operator.
#[test]
fn what_the_reference_says() {
    for (pattern, hits, misses) in [
        ("ab.", "aba abb abz", "ab abcd"),
        ("abc?", "ab abc", "abcc"),
        ("ab+", "ab abb abbb", "a"),
        ("ab*", "a ab abb", "b"),
        ("a{2}", "aa", "a aaa"),
        ("a{2,4}", "aa aaa aaaa", "a aaaaa"),
        ("a{2,}", "aa aaaaaa", "a"),
        ("abc|xyz", "abc xyz", "abcxyz"),
        ("abc(def)?", "abc abcdef", "abcd"),
        ("[abc]", "a b c", "d"),
        ("[a-c]", "a b c", "d -"),
        ("[-a]", "- a", "b"),
        ("[abc\\-]", "a b c -", "d"),
        ("[^abc]", "d - \n", "a b c"),
        ("[^a-c]", "d", "a b c"),
        ("a~bc", "adc aec ac abbc", "abc"),
        ("foo<1-100>", "foo1 foo2 foo99 foo100 foo007", "foo0 foo101 foo foox"),
        ("foo<01-100>", "foo1 foo001", "foo0 foo101"),
        ("foo<01-09>", "foo01 foo09", "foo1 foo10 foo001"),
        ("foo<9-1>", "foo5", "foo0"),
        ("aaa.+&.+bbb", "aaabbb aaaxbbb", "aaa bbb aaab"),
        ("@&~(abc.+)", "abc xabcd", "abcd"),
        ("@", "abc", ""),
        ("a|#", "a", "#"),
        ("\"a.b\"|c", "a.b c", "axb"),
    ] {
        for text in hits.split(' ') {
            assert_eq!(matches(pattern, false, text), Ok(true), "{pattern} {text:?}");
        }
        for text in misses.split(' ') {
            assert_eq!(matches(pattern, false, text), Ok(pattern == "@"), "{pattern} {text:?}");
        }
    }
}

/// Lucene's parser: an operator that cannot be one stands for itself, but an open one is an error.
#[test]
fn operators_out_of_place() {
    for (pattern, text) in [
        ("(|a)b", "|ab"),
        ("*a", "*a"),
        ("a|*", "*"),
        ("[]a]", "]"),
        ("[a^]", "^"),
        ("[a\\]]+", "a]"),
        ("[*-,]", "+"),
        ("]}", "]}"),
        ("a{2}{3}", "aaaaaa"),
        ("[\\\\-a]+", "\\-a"),
        ("(){1000}", ""),
    ] {
        assert_eq!(matches(pattern, false, text), Ok(true), "{pattern}");
    }
    for (pattern, error) in [
        ("a|", "unexpected end-of-string"),
        ("(a", "expected ')' at position 2"),
        ("a)", "end-of-string expected at position 1"),
        ("[a", "expected ']' at position 2"),
        ("[]", "expected ']' at position 2"),
        ("\"a", "expected '\"' at position 2"),
        ("<1-", "expected '>' at position 3"),
        ("<1->", "interval syntax error at position 3"),
        ("[b-a]", "invalid range: from (98) cannot be > to (97)"),
        ("a{1", "expected '}' at position 3"),
        ("a{99999999999}", "no integer: 99999999999"),
        ("a\\", "unexpected end-of-string"),
        ("[\\q]", "invalid character class \\113"),
    ] {
        assert_eq!(matches(pattern, false, ""), Err(error.to_owned()), "{pattern}");
    }
    assert_eq!(matches("x{3,2}", false, "xxx"), Ok(false));
    assert_eq!(matches("\"Ab\"[^c]", true, "aBC"), Ok(false));
    assert_eq!(matches("\"Ab\"[^c]", true, "aBD"), Ok(true));
}

#[test]
fn hostile_patterns_end() {
    let long: String = "a".repeat(5_000);
    assert_eq!(matches(".*(a|b)*.*", false, &long), Ok(true));
    assert_eq!(matches("(a*)*b", false, &long), Ok(false));
    assert!(matches("(a{1000}){1000}", false, &long).is_ok());
    assert!(matches(&"(".repeat(10_000), false, "").is_err());
    assert!(matches(&"~".repeat(10_000), false, "").is_err());
    assert!(matches(&format!("a{}", "*".repeat(10_000)), false, "").is_err());
    assert!(matches(&"(~(a".repeat(20), false, &long).is_err());
}
