//! Input that is large, deep, or made to be.

use crate::{detection, parsed, problems, rule_with};
use insta::assert_snapshot;
use rulecast_rule::ast::Selection;
use std::fmt::Write;

#[test]
fn a_list_of_300_kb_is_read() {
    let mut lines = String::from("s:\n    Hashes|contains:\n");
    for i in 0..4432 {
        writeln!(lines, "        - 'SHA256={i:064x}'").unwrap();
    }
    assert!(lines.len() > 300_000);
    let detection = detection(&format!("{lines}condition: s"));
    let Selection::AllOf(items) = &detection.selections[0].selection else { panic!("a mapping") };
    assert_eq!(items[0].values.len(), 4432);
}

#[test]
fn parentheses_past_the_limit_are_refused() {
    let nested = |depth: usize| format!("s: {{a: b}}\ncondition: {}s{}", "(".repeat(depth), ")".repeat(depth));
    detection(&nested(64));
    for depth in [65, 10_000] {
        let found = problems(&rule_with(&nested(depth)));
        assert!(found.starts_with("5:80 `(` error[condition-too-deep]"), "{found}");
    }
}

#[test]
fn nots_past_the_limit_are_refused() {
    detection(&format!("s: {{a: b}}\ncondition: {}s", "not ".repeat(64)));
    let both = |depth: usize| format!("s: {{a: b}}\ncondition: {}s{}", "not (".repeat(depth), ")".repeat(depth));
    detection(&both(32));
    for lines in [both(33), format!("s: {{a: b}}\ncondition: {}s", "not ".repeat(10_000))] {
        let found = problems(&rule_with(&lines));
        assert!(found.contains("error[condition-too-deep]"), "{found}");
    }
    // Side by side they are not nested.
    detection(&format!("s: {{a: b}}\ncondition: s{}", " and not (not s)".repeat(500)));
}

#[test]
fn long_conditions() {
    detection(&format!("s: {{a: b}}\ncondition: s{}", " or s".repeat(10_000)));
    assert_snapshot!(problems(&rule_with(&format!("s: {{a: b}}\ncondition: s{}", " or s".repeat(20_000)))).replace(" or s", ""), @r"
        5:16 `s` error[condition-too-long]: condition is longer than 64 KiB
            help: split the rule
    ");
}

#[test]
fn deep_yaml_is_refused() {
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000)] {
        let found = problems(&text);
        assert!(found.contains("error[too-deep]"), "{found}");
    }
    let mut stairs = String::new();
    for depth in 0..2000 {
        writeln!(stairs, "{}a:", " ".repeat(depth)).unwrap();
    }
    assert_snapshot!(problems(&stairs), @r"
        65:65 `` error[too-deep]: nested more than 64 levels deep
            one level too many
            help: rules need about eight levels
    ");
}

#[test]
fn alias_bombs_are_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..30 {
        let alias = format!("*a{}", i - 1);
        writeln!(bomb, "a{i}: &a{i} [{}]", [alias.as_str(); 10].join(", ")).unwrap();
    }
    assert_snapshot!(problems(&bomb), @r"
        4:45 `*a2` error[too-many-aliases]: aliases make this file too large
            past 10000 nodes
            help: write the nodes out, or use fewer aliases
    ");
}

#[test]
fn chains_of_aliases_do_not_go_deeper_than_nodes_may() {
    let mut chain = String::from("a0: &a0 [x]\n");
    for i in 1..200 {
        writeln!(chain, "a{i}: &a{i} [*a{}]", i - 1).unwrap();
    }
    assert_snapshot!(problems(&chain), @r"
        64:12 `*a62` error[too-deep]: nested more than 64 levels deep
            one level too many
            help: rules need about eight levels
    ");
}

#[test]
fn a_wrong_file_is_not_reported_line_by_line() {
    let many = "a: b\n".repeat(5000);
    let parsed = parsed(&many);
    assert_eq!(parsed.diagnostics.len(), 501);
    assert_eq!(parsed.diagnostics[500].message, "4500 more problems in this file");
}

#[test]
fn no_document_of_a_file_with_too_many_problems_is_sound() {
    let rule = rule_with("s: {a: b}\ncondition: s");
    let parsed = parsed(&format!("{rule}---\n{}", "a: b\n".repeat(600)));
    assert_eq!(parsed.documents.len(), 1);
    assert!(!parsed.is_sound(&parsed.documents[0]));
}
