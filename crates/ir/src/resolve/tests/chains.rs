//! Every pair of modifiers: what it means, or why it is not allowed. The table is a snapshot, to be read line by line.

use super::resolved;
use rulecast_rule::ast::Modifier;
use std::fmt::Write;

/// Values that both modifiers take, if any do.
fn values(modifiers: [Modifier; 2]) -> &'static str {
    use Modifier as M;
    let any = |wanted: &[Modifier]| modifiers.iter().any(|modifier| wanted.contains(modifier));
    if any(&[M::Exists]) {
        "true"
    } else if any(&[M::Lt, M::Lte, M::Gt, M::Gte, M::Minute, M::Hour, M::Day, M::Week, M::Month, M::Year]) {
        "[1, 2]"
    } else if any(&[M::Cidr]) {
        "[10.0.0.0/8, 'fe80::/10']"
    } else {
        "['-ab', cd]"
    }
}

/// What an item means, or its first problem.
fn shown(key: &str, values: &str) -> String {
    let text =
        format!("title: t\nlogsource:\n  category: c\ndetection:\n  sel:\n    '{key}': {values}\n  condition: sel\n");
    let all = resolved(&text);
    let first = all.lines().next().unwrap_or_default();
    first.strip_prefix("c: ").unwrap_or(first).to_owned()
}

#[test]
fn every_pair_means_something_or_says_why_not() {
    let mut table = String::new();
    for first in Modifier::ALL.iter().copied() {
        for second in Modifier::ALL.iter().copied() {
            let names = format!("{}|{}", first.name(), second.name());
            writeln!(table, "{names}: {}", shown(&format!("f|{names}"), values([first, second]))).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_modifier_of_a_keyword_means_something_or_says_why_not() {
    let mut table = String::new();
    for modifier in Modifier::ALL.iter().copied() {
        let name = modifier.name();
        writeln!(table, "{name}: {}", shown(&format!("|{name}"), values([modifier, modifier]))).unwrap();
    }
    insta::assert_snapshot!(table);
}

/// The order of the modifiers of text does not matter where the specification gives them one place.
#[test]
fn chains_of_three() {
    for (one, other) in [
        ("contains|windash|all", "windash|contains|all"),
        ("all|contains|windash", "windash|contains|all"),
        ("cased|windash|contains", "windash|contains|cased"),
        ("expand|contains|all", "contains|all|expand"),
        ("neq|contains|all", "contains|all|neq"),
        ("re|i|m", "re|m|i"),
        ("re|all|i", "re|i|all"),
        ("fieldref|neq|contains", "fieldref|contains|neq"),
        ("wide|base64offset|contains", "utf16le|base64offset|contains"),
    ] {
        let of = |chain: &str| shown(&format!("f|{chain}"), "['-ab', cd]");
        assert!(!of(one).contains("error"), "{one}: {}", of(one));
        assert_eq!(of(one), of(other), "{one}, {other}");
    }
}
