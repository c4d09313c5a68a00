//! What scalars stand for.

use crate::{detection, dump_selection, dump_value, slice, sound};
use rulecast_rule::ast::{Body, Selection};

/// The value of `field: spelling`.
fn value(spelling: &str) -> String {
    let detection = detection(&format!("s:\n    f: {spelling}\ncondition: s"));
    match &detection.selections[0].selection {
        Selection::AllOf(items) => dump_value(&items[0].values[0]),
        list @ Selection::AnyOf(_) => panic!("not a mapping: {list:?}"),
    }
}

#[test]
fn plain_scalars_resolve_as_both_yaml_versions_agree() {
    for (spelling, expected) in [
        ("4688", "4688"),
        ("-1", "-1"),
        ("+7", "7"),
        ("0", "0"),
        ("0x1410", "5136"),
        ("0xfF", "255"),
        ("1.5", "1.5"),
        ("-0.25", "-0.25"),
        (".5", "0.5"),
        ("1.0", "1.0"),
        ("9223372036854775807", "9223372036854775807"),
        ("true", "true"),
        ("True", "true"),
        ("FALSE", "false"),
        ("null", "null"),
        ("Null", "null"),
        ("NULL", "null"),
        ("~", "null"),
        ("", "null"),
        ("# only a comment", "null"),
    ] {
        assert_eq!(value(spelling), expected, "{spelling}");
    }
}

#[test]
fn plain_scalars_that_yaml_versions_disagree_on_are_text() {
    for spelling in [
        "00000429",
        "0777",
        "0o777",
        "-007",
        "007.5",
        "yes",
        "no",
        "On",
        "off",
        "y",
        "12:30",
        "190:20:30",
        "1_000",
        "1e3",
        "1.5e+3",
        "2024-01-02",
        "0b1010",
        "0x",
        "-0x10",
        "0x+5",
        "0xFFFFFFFFFFFFFFFF",
        "9223372036854775808",
        ".inf",
        ".nan",
        "5.",
        ".",
        "1.2.3",
        "10.0.0.1",
        "tRue",
        "nULL",
        "-",
        "+",
        "1 2",
    ] {
        if spelling == "-" {
            continue; // An entry of a list.
        }
        assert_eq!(value(spelling), format!("'{spelling}'"), "{spelling}");
    }
}

#[test]
fn quoted_and_block_scalars_are_text() {
    for (spelling, expected) in [
        ("'4688'", "'4688'"),
        ("\"true\"", "'true'"),
        ("''", "''"),
        ("'null'", "'null'"),
        ("'it''s'", "'it's'"),
        ("\"a\\tb\\u00e9\"", "'a\tb\u{e9}'"),
        ("'C:\\Temp\\'", "'C:\\Temp\\'"),
        ("' a '", "' a '"),
        ("|-\n        12", "'12'"),
        ("|\n        12", "'12\n'"),
        ("!!str 12", "'12'"),
    ] {
        assert_eq!(value(spelling), expected, "{spelling}");
    }
}

#[test]
fn spans_count_bytes_and_point_at_the_scalar_alone() {
    let text = "title: 'Größe – 🦀'   # ü\nlogsource: {product: windows}\ndetection:\n    ß:\n        Bild|contains: \"ü\\n\" # é\n    condition: 1 of *\n";
    let document = sound(text);
    assert_eq!(slice(text, document.metadata.title.clone().unwrap().span), "'Größe – 🦀'");
    let Body::Detection(rule) = document.body else { panic!("a rule") };
    let selection = &rule.detection.selections[0];
    assert_eq!(slice(text, selection.name.span), "ß");
    let Selection::AllOf(items) = &selection.selection else { panic!("a mapping") };
    assert_eq!(slice(text, items[0].field.as_ref().unwrap().span), "Bild");
    assert_eq!(slice(text, items[0].modifiers[0].span), "contains");
    assert_eq!(slice(text, items[0].values[0].span), "\"ü\\n\"");
    assert_eq!(slice(text, items[0].span), "Bild|contains: \"ü\\n\"");
    assert_eq!(slice(text, rule.detection.conditions[0].span), "1 of *");
    assert_eq!(slice(text, rule.log_source.span), "{product: windows}");
}

#[test]
fn block_scalars_end_where_their_text_ends() {
    let text = "title: T\ndescription: |\n    One.\n\n    Two.\n\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n";
    let description = sound(text).metadata.description.clone().unwrap();
    assert_eq!(description.node, "One.\n\nTwo.\n");
    assert_eq!(slice(text, description.span), "One.\n\n    Two.");
}

#[test]
fn byte_order_mark_and_carriage_returns_do_not_shift_places() {
    let text = "\u{feff}title: T\r\nlogsource:\r\n  product: windows\r\ndetection:\r\n  s:\r\n    ä|contains: 'x'\r\n  condition: s\r\n";
    let Body::Detection(rule) = sound(text).body else { panic!("a rule") };
    let selection = &rule.detection.selections[0];
    assert_eq!(slice(text, selection.name.span), "s");
    assert_eq!(dump_selection(&selection.selection), "all(ä|contains='x')");
    assert_eq!(slice(text, rule.detection.conditions[0].span), "s");
}

#[test]
fn anchors_and_aliases_stand_for_their_nodes() {
    let detection = detection("a: &sel\n    f: &v x\n    g: *v\nb: *sel\ncondition: a or b");
    let dumps: Vec<String> = detection.selections.iter().map(|named| dump_selection(&named.selection)).collect();
    assert_eq!(dumps, ["all(f='x'; g='x')", "all(f='x'; g='x')"]);
}
