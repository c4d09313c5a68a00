//! Selections and items.

use crate::{detection, dump_selection, problems, rule_with, slice, sound};
use insta::assert_snapshot;
use rulecast_rule::ast::{Body, Modifier};

/// The first selection, of these lines.
fn check(lines: &str, expected: &str) {
    let detection = detection(&format!("{lines}\ncondition: 1 of *"));
    assert_eq!(dump_selection(&detection.selections[0].selection), expected, "{lines}");
}

#[test]
fn shapes_of_selections() {
    check("s: {a: 1, b: x}", "all(a=1; b='x')");
    check("s:\n    - a: 1\n      b: 2\n    - c: 3", "any(all(a=1; b=2); all(c=3))");
    check("s:\n    - a: 1", "any(all(a=1))");
    check("s: [x, y]", "all(*=['x', 'y'])");
    check("s: foo", "all(*='foo')");
    check("s: 4688", "all(*=4688)");
    check("s: [x]", "all(*=['x'])");
    check("s:\n    - a: 1\n    - x\n    - b: 2\n    - y", "any(all(a=1); all(*=['x', 'y']); all(b=2))");
    check("s: [[x, y], [{a: 1}]]", "any(all(*=['x', 'y']); any(all(a=1)))");
    check("s: [x, [y]]", "any(all(*=['x']); all(*=['y']))");
    check("s: {a: [1, x, '', null]}", "all(a=[1, 'x', '', null])");
    check("s: {a: [1]}", "all(a=[1])");
    check("s: {a: }", "all(a=null)");
    check("s:\n    a:\n    b: 1", "all(a=null; b=1)");
}

#[test]
fn fields_are_free_text_and_modifiers_keep_their_order() {
    check("s: {a|startswith: x, a|endswith: y}", "all(a|startswith='x'; a|endswith='y')");
    check("s: {a|wide|base64offset|contains: x}", "all(a|wide|base64offset|contains='x')");
    check("s: {'|all': [x, y]}", "all(*|all=['x', 'y'])");
    check("s: {'|re': x}", "all(*|re='x')");
    check("s: {a|re|ignorecase|m|dotall: x}", "all(a|re|i|m|s='x')");
    check("s: {'SAM User Account': x}", "all(SAM User Account='x')");
    check("s:\n    a.b-c[0]@d: x", "all(a.b-c[0]@d='x')");
    check("s: {1: x}", "all(1='x')");
}

#[test]
fn search_identifiers_are_free_text() {
    let detection = detection(
        "select_tree_execution|endswith: {a: 1}\nfilter_main_mdadm.conf: {a: 1}\n1: {b: 2}\ncondition: 1 of *",
    );
    let names: Vec<&str> = detection.selections.iter().map(|named| &*named.name.node).collect();
    assert_eq!(names, ["select_tree_execution|endswith", "filter_main_mdadm.conf", "1"]);
}

#[test]
fn every_modifier_has_a_name_and_a_summary() {
    for modifier in Modifier::ALL {
        check(&format!("s: {{a|{}: x}}", modifier.name()), &format!("all(a|{}='x')", modifier.name()));
        assert!(!modifier.summary().is_empty() && !modifier.summary().contains('\n'));
    }
    assert_eq!(Modifier::ALL.len(), 31);
}

#[test]
fn quoted_keys_have_the_places_of_their_parts() {
    let text = rule_with("s:\n    'it''s|contains|all': [x, y]\ncondition: s");
    let Body::Detection(rule) = sound(&text).body else { panic!("a rule") };
    let rulecast_rule::ast::Selection::AllOf(items) = &rule.detection.selections[0].selection else {
        panic!("a mapping")
    };
    assert_eq!(items[0].field.as_ref().unwrap().node, "it's");
    assert_eq!(slice(&text, items[0].modifiers[0].span), "contains");
    assert_eq!(slice(&text, items[0].modifiers[1].span), "all");
}

fn bad(lines: &str) -> String {
    problems(&rule_with(lines))
}

#[test]
fn unknown_modifiers() {
    assert_snapshot!(bad("s:\n    Image|contians|all: [a, b]\ncondition: s"), @r"
        5:15 `contians` error[unknown-modifier]: unknown modifier `contians`
            not a modifier of Sigma
            help: did you mean `contains`?
    ");
    assert_snapshot!(bad("s:\n    Image|Contains: a\ncondition: s"), @r"
        5:15 `Contains` error[unknown-modifier]: unknown modifier `Contains`
            not a modifier of Sigma
            help: write `contains`, in lower case and without spaces
    ");
    assert_snapshot!(bad("s:\n    Image| contains: a\ncondition: s"), @r"
        5:15 ` contains` error[unknown-modifier]: unknown modifier ` contains`
            not a modifier of Sigma
            help: write `contains`, in lower case and without spaces
    ");
    assert_snapshot!(bad("s:\n    Image|: a\ncondition: s"), @r"
        5:15 `` error[unknown-modifier]: modifier has no name
            expected a modifier
            help: remove the `|`
    ");
    assert_snapshot!(bad("s:\n    Image|regex: a\ncondition: s"), @r"
        5:15 `regex` error[unknown-modifier]: unknown modifier `regex`
            not a modifier of Sigma
            help: did you mean `re`?
    ");
    assert_snapshot!(bad("s:\n    Image|frobnicate|starts_with: a\ncondition: s"), @r"
        5:15 `frobnicate` error[unknown-modifier]: unknown modifier `frobnicate`
            not a modifier of Sigma
        5:26 `starts_with` error[unknown-modifier]: unknown modifier `starts_with`
            not a modifier of Sigma
            help: did you mean `startswith`?
    ");
}

#[test]
fn shapes_that_mean_nothing() {
    assert_snapshot!(bad("s: {}\ncondition: s"), @r"
        4:8 `{}` error[empty-selection]: selection `s` is empty
            expected fields or keywords
            help: to ask for a field without a value, write `Field: null`
    ");
    assert_snapshot!(bad("s: []\ncondition: s"), @r"
        4:8 `[]` error[empty-selection]: selection `s` is empty
            expected fields or keywords
            help: to ask for a field without a value, write `Field: null`
    ");
    assert_snapshot!(bad("s:\ncondition: s"), @r"
        4:7 `` error[empty-selection]: selection `s` is empty
            expected fields or keywords
            help: to ask for a field without a value, write `Field: null`
    ");
    assert_snapshot!(bad("s:\n    a: []\ncondition: s"), @r"
        5:12 `[]` error[empty-list]: `a` has an empty list
            expected a value
            help: to ask for a field without a value, write `null`
    ");
    assert_snapshot!(bad("s:\n    a:\n        b: c\ncondition: s"), @r"
        6:13 `b: c` error[nested-value]: value of `a` is a mapping
            expected a single value
            help: write nested fields with a dot: `outer.inner: value`
    ");
    assert_snapshot!(bad("s:\n    a:\n        - x\n        - [y]\n        - {z: 1}\ncondition: s"), @r"
        7:15 `[y]` error[nested-value]: value of `a` is a list
            expected a single value
            help: write all values in one list
        8:15 `{z: 1}` error[nested-value]: value of `a` is a mapping
            expected a single value
            help: write nested fields with a dot: `outer.inner: value`
    ");
    assert_snapshot!(bad("s: [x, null]\ncondition: s"), @r"
        4:12 `null` error[empty-keyword]: keyword is empty
            expected text or a number
            help: only a field can be `null`
    ");
    assert_snapshot!(bad("s:\n    '|all':\ncondition: s"), @r"
        5:16 `` error[empty-keyword]: keyword is empty
            expected text or a number
            help: only a field can be `null`
    ");
    assert_snapshot!(bad("s:\n    '': x\ncondition: s"), @r"
        5:9 `\'\'` error[empty-field]: field has no name
            expected a field
    ");
}

#[test]
fn parts_that_are_missing() {
    assert_snapshot!(bad("s: {a: b}"), @r"
        3:1 `detection` error[missing-condition]: `detection` has no `condition`
            in this mapping
            help: add `condition: s`
    ");
    assert_snapshot!(bad("s: {a: b}\nt: {a: b}\ncondition:"), @r"
        6:15 `` error[missing-condition]: `condition` is empty
            expected the name of a selection
    ");
    assert_snapshot!(bad("condition: s"), @r"
        3:1 `detection` error[missing-selection]: `detection` has no selection
            in this mapping
            help: add a selection: `selection: {Field: value}`
    ");
    assert_snapshot!(bad("s: {a: b}\ncondition: []"), @r"
        5:16 `[]` error[missing-condition]: `condition` is empty
            expected the name of a selection
    ");
    assert_snapshot!(bad("s: {a: b}\ncondition: {a: b}"), @r"
        5:16 `{a: b}` error[wrong-type]: `condition` is a mapping
            expected text
    ");
}
