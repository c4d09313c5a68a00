//! Files that are not rules, or not YAML.

use crate::{parsed, problems, rule_with};
use insta::assert_snapshot;
use rulecast_diagnostics::FileId;
use rulecast_rule::text;

#[test]
fn files_without_a_rule() {
    assert_snapshot!(problems(""), @r"
        1:1 `` error[empty-file]: file holds no rule
            help: a rule has at least `title`, `logsource` and `detection`
    ");
    assert_snapshot!(problems("# only a comment\n---\n...\n"), @r"
        1:1 `` error[empty-file]: file holds no rule
            help: a rule has at least `title`, `logsource` and `detection`
    ");
    assert_snapshot!(problems("a\0b"), @r"
        1:2 `\0` error[not-text]: file is binary
            help: rules are YAML text in UTF-8
    ");
    assert_snapshot!(problems(&"#".repeat(8 * 1024 * 1024 + 1)), @r"
        1:1 `` error[file-too-large]: file is larger than 8 MiB
            help: split the file
    ");
}

#[test]
fn bytes_that_are_not_utf_8() {
    let refusal = |bytes: &[u8]| {
        let diagnostic = text(FileId(0), bytes).unwrap_err();
        format!("{} {}", diagnostic.at.span.start, diagnostic.message)
    };
    assert_eq!(text(FileId(0), "tïtle: T".as_bytes()).unwrap(), "tïtle: T");
    assert_eq!(refusal(b"title: T\xe4t"), "8 byte 0xE4 is not UTF-8");
    assert_eq!(refusal(b"\x7fELF\x02\x01\0\0\xff\xfe"), "8 file is binary");
    assert_eq!(refusal(b"\xff\xfet\0i\0"), "0 file is UTF-16");
}

#[test]
fn mistakes_of_yaml() {
    assert_snapshot!(problems("title: a: b\n"), @r"
        1:9 `:` error[invalid-yaml]: invalid YAML: a key is not allowed here
            unexpected `:`
            help: put single quotes around a value that contains `: ` or ` #`, or starts with a special character
    ");
    assert_snapshot!(problems("title: T\n\tlevel: high\n"), @r"
        2:1 `\t` error[invalid-yaml]: invalid YAML: found a tab
            a tab
            help: indent with spaces
    ");
    assert_snapshot!(problems("title: 'T\nlevel: high\n"), @r"
        1:8 `\'` error[invalid-yaml]: invalid YAML: invalid indentation in quoted scalar
            quote is not closed, or closed too early
            help: inside single quotes, write a single quote twice: `''`
    ");
    assert_snapshot!(problems("title: T\nlevel high\nstatus: test\n"), @r"
        3:1 `s` error[invalid-yaml]: invalid YAML: line is not `key: value`
            unexpected here
            help: check the indentation of this line and of those before it
    ");
    assert_snapshot!(problems("title: *foo\n"), @r"
        1:8 `*` error[invalid-yaml]: invalid YAML: found unknown anchor
            alias without an anchor
            help: put single quotes around a value that starts with `*`
    ");
    assert_snapshot!(problems("title: T\ndetection:\n    s:\n        a: *.exe\n"), @r"
        4:12 `*` error[invalid-yaml]: invalid YAML: found unknown anchor
            alias without an anchor
            help: put single quotes around a value that starts with `*`
    ");
    assert_snapshot!(problems("title: [a, b\n"), @r"
        2:1 `` error[invalid-yaml]: invalid YAML: expected ',' or ']'
            list or mapping is not closed
            help: close `[` with `]` and `{` with `}`
    ");
    assert_snapshot!(problems("title: T\n  level: high\n"), @r"
        2:8 `:` error[invalid-yaml]: invalid YAML: a key is not allowed here
            unexpected `:`
            help: check the indentation of this line and of those before it
    ");
    assert_snapshot!(problems("title: %x\n"), @r"
        1:8 `%` error[invalid-yaml]: invalid YAML: unexpected character: `%`
            special character
            help: put single quotes around a value that contains `: ` or ` #`, or starts with a special character
    ");
    assert_snapshot!(problems("title: \"C:\\Windows\"\n"), @r#"
        1:8 `\"` error[invalid-yaml]: invalid YAML: found unknown escape character
            unknown escape in double quotes
            help: write the value in single quotes, where `\` stands for itself
    "#);
    assert_snapshot!(problems("title: T\ndetection:\n    s:\n        - a: b\n       - c: d\n"), @r"
        5:8 `-` error[invalid-yaml]: invalid YAML: did not find expected key
            unexpected here
            help: check the indentation of this line and of those before it
    ");
}

#[test]
fn yaml_that_rules_may_not_use() {
    assert_snapshot!(problems("? [a, b]\n: c\n"), @r"
        1:3 `[` error[invalid-key]: key is not plain text
            expected a key
            help: quote a key that starts with `[`, `{`, `*` or `&`
    ");
    assert_snapshot!(problems(&rule_with("s: &s {a: b}\nt:\n    <<: *s\n    c: d\ncondition: s")), @r"
        6:9 `<<` error[merge-key]: merge key `<<` is not supported
            merges another mapping
            help: write the merged keys out here
            note: YAML 1.2 has no merge keys, so readers disagree on what this rule says
    ");
    assert_snapshot!(problems(&rule_with("s: {a: !!int '5', b: !x y}\ncondition: s")), @r"
        4:12 `!!int` error[unsupported-tag]: YAML tag `!!int` is not supported
            a tag
            help: remove the tag; quote a value to make it text
        4:26 `!x` error[unsupported-tag]: YAML tag `!x` is not supported
            a tag
            help: remove the tag; quote a value to make it text
    ");
    assert_snapshot!(problems("a: &a [*a]\n"), @r"
        1:8 `*a` error[invalid-alias]: alias contains itself
            stands for a node around it
            help: write the node out here
    ");
    assert_snapshot!(problems("a: &a b\n---\nc: *a\n"), @r"
        1:1 `a` error[not-a-rule]: document is no rule
            expected `logsource` and `detection`
            help: a document has a `detection`, a `correlation` or a `filter`
        3:4 `*a` error[invalid-alias]: alias has no anchor in this document
            its anchor is in another document
            help: write the node out here
    ");
}

#[test]
fn duplicate_keys_name_both_places() {
    assert_snapshot!(problems("title: T\nlogsource: {product: windows}\ntitle: U\ndetection: {s: {a: b}, condition: s}\n"), @r"
        3:1 `title` error[duplicate-key]: duplicate key `title`
            stands here again
            1:1 `title` first here
            help: merge the two, or rename one: a mapping holds each key once
    ");
    assert_snapshot!(problems(&rule_with("s: {a|contains: b, a|contains: c}\ns: {a: d}\ncondition: s")), @r"
        4:24 `a|contains` error[duplicate-key]: duplicate key `a|contains`
            stands here again
            4:9 `a|contains` first here
            help: merge the two, or rename one: a mapping holds each key once
        5:5 `s` error[duplicate-key]: duplicate key `s`
            stands here again
            4:5 `s` first here
            help: merge the two, or rename one: a mapping holds each key once
    ");
    // Past the length up to which keys are compared one by one.
    let many: Vec<String> = (0..40).map(|i| format!("k{}: {{a: b}}\n", i % 38)).collect();
    assert_snapshot!(problems(&rule_with(&format!("{}condition: k1", many.concat()))), @r"
        42:5 `k0` error[duplicate-key]: duplicate key `k0`
            stands here again
            4:5 `k0` first here
            help: merge the two, or rename one: a mapping holds each key once
        43:5 `k1` error[duplicate-key]: duplicate key `k1`
            stands here again
            5:5 `k1` first here
            help: merge the two, or rename one: a mapping holds each key once
    ");
}

#[test]
fn documents_before_a_mistake_are_read() {
    let rule = rule_with("s: {a: b}\ncondition: s");
    let text = format!("{rule}---\n{rule}---\ntitle: [\n");
    let parsed = parsed(&text);
    assert_eq!(parsed.documents.len(), 2);
    assert_eq!(parsed.diagnostics.len(), 1);
    assert_eq!(parsed.diagnostics[0].name, "invalid-yaml");
    assert!(parsed.has_errors());
    assert!(parsed.documents.iter().all(|document| parsed.is_sound(document)));
}

#[test]
fn empty_documents_are_skipped_and_broken_ones_known() {
    let rule = rule_with("s: {a: b}\ncondition: s");
    let broken = rule.replace("condition: s", "condition: s s");
    let parsed = parsed(&format!("---\n{rule}---\n---\n{broken}---\n"));
    let sound: Vec<bool> = parsed.documents.iter().map(|document| parsed.is_sound(document)).collect();
    assert_eq!(sound, [true, false]);
}

#[test]
fn every_problem_is_reported() {
    assert_snapshot!(problems("id: x\nlevel: hihg\ndate: 2024-02-31\nlogsource: {}\ndetection:\n    s:\n        a|conains: b\n        c|foo: d\n    condition: s and (t\n"), @r"
        1:1 `id` error[missing-title]: document has no `title`
            in this document
            help: add `title`
        1:5 `x` error[bad-id]: `id` `x` is not a UUID
            expected 8-4-4-4-12 hexadecimal digits
            help: generate a random UUID, version 4
        2:8 `hihg` error[bad-level]: unknown `level` `hihg`
            expected `informational`, `low`, `medium`, `high` or `critical`
            help: did you mean `high`?
        3:7 `2024-02-31` error[bad-date]: `date` `2024-02-31` is not in the calendar
            no such day
        4:12 `{}` error[empty-logsource]: `logsource` names no events
            expected `category`, `product` or `service`
        7:11 `conains` error[unknown-modifier]: unknown modifier `conains`
            not a modifier of Sigma
            help: did you mean `contains`?
        8:11 `foo` error[unknown-modifier]: unknown modifier `foo`
            not a modifier of Sigma
        9:24 `` error[invalid-condition]: condition ends too early
            expected `and`, `or` or `)`
    ");
}
