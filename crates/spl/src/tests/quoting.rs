//! Values and names that a query must not trip over.

use super::all;
use super::build::{and, is, is_any, is_cased};
use insta::assert_snapshot;

#[test]
fn values_in_search() {
    assert_snapshot!(all([
        is("f", r#"say "hi""#),
        is("f", r"C:\Temp\"),
        is("f", r"*\Temp\\*"),
        is("f", "a?b"),
        is("f", r"what\?"),
        is("f", "ä"),
        is("f", "100% | [x] $y$ 'q'"),
        is("f", "AND"),
        is("f", "10.0.0.1/8"),
        is("f", "*10.0.0.1/8"),
    ]), @r#"
    f="say \"hi\""
    -- assuming raw-text

    f="C:\\Temp\\"

    f="*\\Temp\\*"

    f="a*b"
    | where isnotnull(mvfind(f, "(?is)\Aa.b\z"))

    f="what?"

    f="ä"
    -- assuming ascii

    f="100% | [x] $y$ 'q'"

    f="AND"

    f="10.0.0.1/8*"
    | where isnotnull(mvfind(f, "\A10\.0\.0\.1/8\z"))

    f="*10.0.0.1/8"
    "#);
}

#[test]
fn values_that_search_cannot_say() {
    assert_snapshot!(all([
        is("f", r"a\*b"),
        is("f", "line\nbreak\ttab\u{7}"),
        is("f", "back`tick"),
        is("f", "*/../../*"),
        is_any("f", &["plain", r"lit\*eral", "pre*", "*suf", "in*ner"]),
        is_cased("f", r#"C:\Te"mp\`(x).^$|{}+[]"#),
        is_cased("f", "Ä"),
        is_cased("f", "12-3"),
    ]), @r#"
    f="a*b"
    | where isnotnull(mvfind(f, "(?i)\Aa\*b\z"))

    f="line*break*tab*"
    | where isnotnull(mvfind(f, "(?i)\Aline\x0abreak\x09tab\x07\z"))

    f="back*tick"
    | where isnotnull(mvfind(f, "(?i)\Aback\x60tick\z"))

    f="*/*/*/*"
    | where isnotnull(mvfind(f, "/\.\./\.\./"))

    f IN ("plain", "lit*eral", "pre*", "*suf", "in*ner")
    | where isnotnull(mvfind(f, "(?is)\Aplain\z|\Alit\*eral\z|\Apre|suf\z|\Ain.*ner\z"))

    f="C:\\Te*mp\\*(x).^$|{}+[]"
    | where isnotnull(mvfind(f, "\AC:\x5cTe\x22mp\x5c\x60\(x\)\.\^\$\x7c\{\}\+\[\]\z"))

    f="Ä"
    | where isnotnull(mvfind(f, "\AÄ\z"))

    f="12-3"
    "#);
}

#[test]
fn names() {
    let name = |name: &str| and([is(name, "x"), is_cased(name, "Xyz")]);
    assert_snapshot!(all([
        name("a.b"),
        name("my field{}"),
        name("9x"),
        name("not"),
        name("NOT"),
        name("winlog.event_data.Image"),
        name("a*"),
        name("a\"b"),
        name(""),
    ]), @r#"
    a.b="x" AND a.b="Xyz"
    | where isnotnull(mvfind('a.b', "(?i)\Ax\z")) AND isnotnull(mvfind('a.b', "\AXyz\z"))

    "my field{}"="x" AND "my field{}"="Xyz"
    | where isnotnull(mvfind('my field{}', "(?i)\Ax\z")) AND isnotnull(mvfind('my field{}', "\AXyz\z"))

    9x="x" AND 9x="Xyz"
    | where isnotnull(mvfind('9x', "(?i)\Ax\z")) AND isnotnull(mvfind('9x', "\AXyz\z"))

    not="x" AND not="Xyz"
    | where isnotnull(mvfind('not', "(?i)\Ax\z")) AND isnotnull(mvfind('not', "\AXyz\z"))

    "NOT"="x" AND "NOT"="Xyz"
    | where isnotnull(mvfind('NOT', "(?i)\Ax\z")) AND isnotnull(mvfind('NOT', "\AXyz\z"))

    winlog.event_data.Image="x" AND winlog.event_data.Image="Xyz"
    | where isnotnull(mvfind('winlog.event_data.Image', "(?i)\Ax\z"))
        AND isnotnull(mvfind('winlog.event_data.Image', "\AXyz\z"))

    refused, unmapped-field: SPL: the field name `a*` holds a character that SPL cannot quote (map the field to a name without quotes, backquotes, backslashes, `*` and control characters)

    refused, unmapped-field: SPL: the field name `a\"b` holds a character that SPL cannot quote (map the field to a name without quotes, backquotes, backslashes, `*` and control characters)

    refused, unmapped-field: SPL: the field name `` holds a character that SPL cannot quote (map the field to a name without quotes, backquotes, backslashes, `*` and control characters)
    "#);
}
