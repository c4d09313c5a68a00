//! Every kind of test, in every position of a condition.

use super::build::{
    Tree, and, cased, column, compared, exists, finds, in_network, is, is_any, is_cased, keyword, not, number, on, or,
    pattern, regex, related, word,
};
use super::{all, of};
use insta::assert_snapshot;
use rulecast_ir::{
    Assumption, Case, ColumnType, Comparison, FieldOperator, Logic, Notes, Number, Part, Pattern, Test, TimePart,
    Verdict,
};

/// The tree plain, negated, in either connective inside the other, in a list, and in a list under NOT.
fn everywhere(tree: &Tree) -> String {
    let (t, s) = (|| tree.clone(), || is("s", "x"));
    let list = || or([t(), is("f", "other")]);
    all([
        t(),
        not(t()),
        or([s(), and([t(), is("u", "y")])]),
        and([s(), or([t(), is("u", "y")])]),
        list(),
        and([s(), not(list())]),
        and([s(), not(and([t(), is("u", "y")]))]),
    ])
}

#[test]
fn text() {
    assert_snapshot!(everywhere(&is("f", r"C:\a*")), @r#"
    f="C:\\a*"

    NOT f="C:\\a*"

    s="x" OR (f="C:\\a*" AND u="y")

    s="x" AND (f="C:\\a*" OR u="y")

    f IN ("C:\\a*", "other")

    s="x" AND NOT f IN ("C:\\a*", "other")

    s="x" AND NOT (f="C:\\a*" AND u="y")
    "#);
}

#[test]
fn cased_text() {
    assert_snapshot!(everywhere(&is_cased("f", "*Abc")), @r#"
    f="*Abc"
    | where isnotnull(mvfind(f, "Abc\z"))

    *
    | where NOT isnotnull(mvfind(f, "Abc\z"))

    s="x" OR (f="*Abc" AND u="y")
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        OR (isnotnull(mvfind(f, "Abc\z")) AND isnotnull(mvfind(u, "(?i)\Ay\z")))

    s="x" AND (f="*Abc" OR u="y")
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND (isnotnull(mvfind(f, "Abc\z")) OR isnotnull(mvfind(u, "(?i)\Ay\z")))

    f IN ("*Abc", "other")
    | where isnotnull(mvfind(f, "Abc\z")) OR isnotnull(mvfind(f, "(?i)\Aother\z"))

    s="x" AND NOT f="other"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (isnotnull(mvfind(f, "Abc\z")) OR isnotnull(mvfind(f, "(?i)\Aother\z")))

    s="x"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (isnotnull(mvfind(f, "Abc\z")) AND isnotnull(mvfind(u, "(?i)\Ay\z")))
    "#);
}

#[test]
fn one_character() {
    assert_snapshot!(everywhere(&is("f", "ab?c*d")), @r#"
    f="ab*c*d"
    | where isnotnull(mvfind(f, "(?is)\Aab.c.*d\z"))

    *
    | where NOT isnotnull(mvfind(f, "(?is)\Aab.c.*d\z"))

    s="x" OR (f="ab*c*d" AND u="y")
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        OR (isnotnull(mvfind(f, "(?is)\Aab.c.*d\z")) AND isnotnull(mvfind(u, "(?i)\Ay\z")))

    s="x" AND (f="ab*c*d" OR u="y")
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND (isnotnull(mvfind(f, "(?is)\Aab.c.*d\z")) OR isnotnull(mvfind(u, "(?i)\Ay\z")))

    f IN ("ab*c*d", "other")
    | where isnotnull(mvfind(f, "(?is)\A(?:ab.c.*d|other)\z"))

    s="x" AND NOT f="other"
    | where isnotnull(mvfind(s, "(?i)\Ax\z")) AND NOT isnotnull(mvfind(f, "(?is)\A(?:ab.c.*d|other)\z"))

    s="x"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (isnotnull(mvfind(f, "(?is)\Aab.c.*d\z")) AND isnotnull(mvfind(u, "(?i)\Ay\z")))
    "#);
}

#[test]
fn a_regex() {
    assert_snapshot!(everywhere(&regex("f", word("a.bc"))), @r#"
    f="*a.bc*"
    | where isnotnull(mvfind(f, "a\.bc"))

    *
    | where NOT isnotnull(mvfind(f, "a\.bc"))

    s="x" OR (f="*a.bc*" AND u="y")
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        OR (isnotnull(mvfind(f, "a\.bc")) AND isnotnull(mvfind(u, "(?i)\Ay\z")))

    s="x" AND (f="*a.bc*" OR u="y")
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND (isnotnull(mvfind(f, "a\.bc")) OR isnotnull(mvfind(u, "(?i)\Ay\z")))

    f IN ("*a.bc*", "other")
    | where isnotnull(mvfind(f, "a\.bc")) OR isnotnull(mvfind(f, "(?i)\Aother\z"))

    s="x" AND NOT f="other"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (isnotnull(mvfind(f, "a\.bc")) OR isnotnull(mvfind(f, "(?i)\Aother\z")))

    s="x"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (isnotnull(mvfind(f, "a\.bc")) AND isnotnull(mvfind(u, "(?i)\Ay\z")))
    "#);
}

#[test]
fn numbers() {
    assert_snapshot!(everywhere(&number("f", 5)), @r#"
    f=5

    NOT f=5

    s="x" OR (f=5 AND u="y")

    s="x" AND (f=5 OR u="y")

    f IN (5, "other")

    s="x" AND NOT f IN (5, "other")

    s="x" AND NOT (f=5 AND u="y")
    "#);
    assert_snapshot!(everywhere(&on(&column("n", ColumnType::Text), compared(Comparison::Less, 5))), @r#"
    *
    | where if(tonumber(n)<5, 1, 0)=1

    *
    | where if(tonumber(n)<5, 1, 0)=0

    s="x" OR u="y"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        OR (if(tonumber(n)<5, 1, 0)=1 AND isnotnull(mvfind(u, "(?i)\Ay\z")))

    s="x"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND (if(tonumber(n)<5, 1, 0)=1 OR isnotnull(mvfind(u, "(?i)\Ay\z")))

    *
    | where if(tonumber(n)<5, 1, 0)=1 OR isnotnull(mvfind(f, "(?i)\Aother\z"))

    s="x" AND NOT f="other"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (if(tonumber(n)<5, 1, 0)=1 OR isnotnull(mvfind(f, "(?i)\Aother\z")))

    s="x"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (if(tonumber(n)<5, 1, 0)=1 AND isnotnull(mvfind(u, "(?i)\Ay\z")))
    "#);
}

#[test]
fn networks() {
    assert_snapshot!(everywhere(&in_network("f", "10.1.2.3/8")), @r#"
    f="10.0.0.0/8"
    -- assuming mapping:f

    NOT f="10.0.0.0/8"
    -- assuming mapping:f

    s="x" OR (f="10.0.0.0/8" AND u="y")
    -- assuming mapping:f

    s="x" AND (f="10.0.0.0/8" OR u="y")
    -- assuming mapping:f

    f="10.0.0.0/8" OR f="other"
    -- assuming mapping:f

    s="x" AND NOT (f="10.0.0.0/8" OR f="other")
    -- assuming mapping:f

    s="x" AND NOT (f="10.0.0.0/8" AND u="y")
    -- assuming mapping:f
    "#);
    assert_snapshot!(everywhere(&in_network("f", "fe80::/10")), @r#"
    *
    | where if(cidrmatch("fe80::/10", f), 1, 0)=1
    -- assuming mapping:f

    *
    | where if(cidrmatch("fe80::/10", f), 1, 0)=0
    -- assuming mapping:f

    s="x" OR u="y"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        OR (if(cidrmatch("fe80::/10", f), 1, 0)=1 AND isnotnull(mvfind(u, "(?i)\Ay\z")))
    -- assuming mapping:f

    s="x"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND (if(cidrmatch("fe80::/10", f), 1, 0)=1 OR isnotnull(mvfind(u, "(?i)\Ay\z")))
    -- assuming mapping:f

    *
    | where if(cidrmatch("fe80::/10", f), 1, 0)=1 OR isnotnull(mvfind(f, "(?i)\Aother\z"))
    -- assuming mapping:f

    s="x" AND NOT f="other"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (if(cidrmatch("fe80::/10", f), 1, 0)=1 OR isnotnull(mvfind(f, "(?i)\Aother\z")))
    -- assuming mapping:f

    s="x"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (if(cidrmatch("fe80::/10", f), 1, 0)=1 AND isnotnull(mvfind(u, "(?i)\Ay\z")))
    -- assuming mapping:f
    "#);
}

#[test]
fn presence() {
    assert_snapshot!(everywhere(&exists("f", true)), @r#"
    f=*
    -- assuming empty-is-missing

    NOT f=*
    -- assuming empty-is-missing

    s="x" OR (f=* AND u="y")
    -- assuming empty-is-missing

    s="x" AND (f=* OR u="y")
    -- assuming empty-is-missing

    f=* OR f="other"
    -- assuming empty-is-missing

    s="x" AND NOT (f=* OR f="other")
    -- assuming empty-is-missing

    s="x" AND NOT (f=* AND u="y")
    -- assuming empty-is-missing
    "#);
    assert_snapshot!(everywhere(&exists("f", false)), @r#"
    NOT f=*
    -- assuming empty-is-missing

    f=*
    -- assuming empty-is-missing

    s="x" OR (NOT f=* AND u="y")
    -- assuming empty-is-missing

    s="x" AND (NOT f=* OR u="y")
    -- assuming empty-is-missing

    NOT f=* OR f="other"
    -- assuming empty-is-missing

    s="x" AND NOT (NOT f=* OR f="other")
    -- assuming empty-is-missing

    s="x" AND NOT (NOT f=* AND u="y")
    -- assuming empty-is-missing
    "#);
    assert_snapshot!(all([is("f", "*"), is("f", ""), and([is("f", "*"), is("g", ""), is_cased("h", "A")])]), @r#"
    f=*
    -- assuming empty-is-missing

    f=""
    -- assuming empty-is-missing

    f=* AND g="" AND h="A"
    | where isnotnull(f) AND if(g="", 1, 0)=1 AND isnotnull(mvfind(h, "\AA\z"))
    -- assuming empty-is-missing
    "#);
}

#[test]
fn fields_compared() {
    assert_snapshot!(everywhere(&related("f", FieldOperator::Equals, "g", Case::Insensitive)), @r#"
    *
    | where if(lower(f)=lower(g), 1, 0)=1
    -- assuming ascii

    *
    | where if(lower(f)=lower(g), 1, 0)=0
    -- assuming ascii

    s="x" OR u="y"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        OR (if(lower(f)=lower(g), 1, 0)=1 AND isnotnull(mvfind(u, "(?i)\Ay\z")))
    -- assuming ascii

    s="x"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND (if(lower(f)=lower(g), 1, 0)=1 OR isnotnull(mvfind(u, "(?i)\Ay\z")))
    -- assuming ascii

    *
    | where if(lower(f)=lower(g), 1, 0)=1 OR isnotnull(mvfind(f, "(?i)\Aother\z"))
    -- assuming ascii

    s="x" AND NOT f="other"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (if(lower(f)=lower(g), 1, 0)=1 OR isnotnull(mvfind(f, "(?i)\Aother\z")))
    -- assuming ascii

    s="x"
    | where isnotnull(mvfind(s, "(?i)\Ax\z"))
        AND NOT (if(lower(f)=lower(g), 1, 0)=1 AND isnotnull(mvfind(u, "(?i)\Ay\z")))
    -- assuming ascii
    "#);
    assert_snapshot!(all([
        related("f", FieldOperator::Equals, "g.h", Case::Sensitive),
        related("f", FieldOperator::StartsWith, "g", Case::Insensitive),
        related("f", FieldOperator::EndsWith, "g", Case::Insensitive),
        related("f", FieldOperator::Contains, "g", Case::Insensitive),
    ]), @r#"
    *
    | where if(tostring(f)=tostring('g.h'), 1, 0)=1

    *
    | where if(substr(lower(f), 1, len(g))=lower(g), 1, 0)=1
    -- assuming ascii, empty-is-missing

    *
    | where if(substr(lower(f), len(f)-len(g)+1)=lower(g), 1, 0)=1
    -- assuming ascii, empty-is-missing

    *
    | where if(match(lower(f), "\\Q" . lower(g) . "\\E"), 1, 0)=1
    -- assuming ascii, empty-is-missing
    "#);
}

#[test]
fn keywords() {
    assert_snapshot!(everywhere(&keyword(pattern("two words"))), @r#"
    "*two words*"
    -- assuming raw-text

    NOT "*two words*"
    -- assuming raw-text

    s="x" OR ("*two words*" AND u="y")
    -- assuming raw-text

    s="x" AND ("*two words*" OR u="y")
    -- assuming raw-text

    "*two words*" OR f="other"
    -- assuming raw-text

    s="x" AND NOT ("*two words*" OR f="other")
    -- assuming raw-text

    s="x" AND NOT ("*two words*" AND u="y")
    -- assuming raw-text
    "#);
    assert_snapshot!(all([
        or([keyword(pattern("a*b")), keyword(pattern("*c"))]),
        keyword(pattern(r"a\*b")),
        keyword(cased("Abc")),
        keyword(finds(word("abcd"))),
        keyword(finds(rulecast_ir::regex::RegexNode::TextStart)),
        keyword(compared(Comparison::Equal, 5)),
        keyword(pattern("*")),
    ]), @r#"
    "*a*b*" OR "*c*"
    -- assuming raw-text

    "*a*b*"
    | where isnotnull(mvfind(_raw, "(?i)a\*b"))
    -- assuming raw-text

    "*Abc*"
    | where isnotnull(mvfind(_raw, "Abc"))
    -- assuming raw-text

    "*abcd*"
    | where isnotnull(mvfind(_raw, "abcd"))
    -- assuming raw-text

    refused, keyword: SPL: a keyword regex with an anchor would stand at the ends of the raw event, not of a value (name the field that the regex is about)

    refused, keyword: SPL: a keyword that is a number has no place in the raw event to compare (quote it, to search for its digits)

    refused, keyword: SPL: a keyword that matches any text does not narrow a search
    "#);
}

#[test]
fn a_negation_alone_keeps_the_search_going() {
    assert_snapshot!(all([not(is_any("f", &["a", "b"])), Logic::True, Logic::False]), @r#"
    NOT f IN ("a", "b")

    *

    NOT *
    "#);
}

#[test]
fn all_refusals_are_returned() {
    assert_snapshot!(of(or([
        related("f", FieldOperator::Contains, "g", Case::Insensitive),
        not(is("it's", "x")),
        and([is("ok", "x"), keyword(compared(Comparison::Less, 1))]),
    ])), @r#"
    refused, unmapped-field: SPL: the field name `it\'s` holds a character that SPL cannot quote (map the field to a name without quotes, backquotes, backslashes, `*` and control characters)
    refused, keyword: SPL: a keyword that is a number has no place in the raw event to compare (quote it, to search for its digits)
    "#);
}

#[test]
fn what_the_mapping_gave_up_is_kept() {
    let widened = || {
        let Logic::Test(mut atom) = is("f", "x") else { unreachable!("a test is one atom") };
        atom.notes = Notes { verdict: Verdict::Over, assumptions: vec![Assumption::Presence] };
        Logic::Test(atom)
    };
    assert_snapshot!(all([
        widened(),
        not(widened()),
        or([widened(), is("f", "y")]),
        and([widened(), is_cased("g", "Y")]),
        and([is_cased("g", "Y"), not(or([is_cased("f", "Z"), widened()]))]),
    ]), @r#"
    f="x"
    -- over
    -- assuming presence

    NOT f="x"
    -- under
    -- assuming presence

    f IN ("x", "y")
    -- over
    -- assuming presence

    f="x" AND g="Y"
    | where isnotnull(mvfind(f, "(?i)\Ax\z")) AND isnotnull(mvfind(g, "\AY\z"))
    -- over
    -- assuming presence

    g="Y" AND NOT f="x"
    | where isnotnull(mvfind(g, "\AY\z"))
        AND NOT (isnotnull(mvfind(f, "\AZ\z")) OR isnotnull(mvfind(f, "(?i)\Ax\z")))
    -- under
    -- assuming presence
    "#);
}

#[test]
fn questions_that_spl_lacks_so_far() {
    let placeholder = Pattern::from_parts([Part::Placeholder("admins".into()), Part::AnyRun]);
    let hour = Test::Time { part: TimePart::Hour, comparison: Comparison::Less, number: Number::Integer(6) };
    assert_snapshot!(all([
        on(&column("f", ColumnType::Text), Test::Text { pattern: placeholder, case: Case::Insensitive }),
        on(&column("f", ColumnType::DateTime), hour),
    ]), @r#"
    refused, placeholder: the placeholder `%admins%` has no values (give them with `--placeholders FILE`, in lines `admins: [value, …]`, or in a processing pipeline)

    f=*
    | where if(isnotnull(mvfind(f, "\A\d{4}-\d\d-\d\d[T ]\d\d:\d\d")) AND tonumber(substr(f, 12, 2))<6, 1, 0)=1
    -- assuming mapping:f
    "#);
}
