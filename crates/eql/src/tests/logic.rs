//! Every kind of test, alone and in every place of a tree; what leaves note, and what is refused.

use super::build::{
    P, any, arm, at, cased, cidr, column, equals, event, exists, keyword, literal, not, number, regex, source, test,
    text, typed, with,
};
use super::{check, condition};
use rulecast_ir::{
    Assumption, Case, Column, ColumnExpr, ColumnType, Comparison, FieldOperator, Logic, Number, Part, Pattern, Reads,
    Test, TimePart, Verdict,
};
use std::sync::Arc;

fn kinds() -> [P; 9] {
    [
        text("f", "a"),
        cased("f", "a*"),
        regex("f", ColumnType::Text, literal("a.b", false)),
        equals("f", ColumnType::Long, 5),
        number("f", ColumnType::Real, Comparison::GreaterOrEqual, Number::Decimal(0.5)),
        cidr("f", ColumnType::Ip, "10.0.0.0/8"),
        typed("f", ColumnType::Bool, "true"),
        exists("f", true),
        exists("f", false),
    ]
}

fn each(wrap: impl Fn(P) -> P) -> String {
    kinds().into_iter().map(|leaf| condition(wrap(leaf)) + "\n").collect()
}

#[test]
fn plain() {
    insta::assert_snapshot!(each(|leaf| leaf), @r#"
    f : "a"
    f like "a*"
    f regex ".*a\\.b.*"
    f == 5
    f >= 0.5
    cidrMatch(f, "10.0.0.0/8")
    f == true
    ?f != null
    ?f == null
    "#);
}

#[test]
fn under_not() {
    insta::assert_snapshot!(each(not), @r#"
    not f : "a"
    not f like "a*"
    not f regex ".*a\\.b.*"
    not f == 5
    not f >= 0.5
    not cidrMatch(f, "10.0.0.0/8")
    not f == true
    ?f == null
    ?f != null
    "#);
}

#[test]
fn and_in_or() {
    insta::assert_snapshot!(each(|leaf| Logic::any([Logic::all([leaf, text("g", "x")]), text("h", "y")])), @r#"
    (f : "a" and g : "x") or h : "y"
    (f like "a*" and g : "x") or h : "y"
    (f regex ".*a\\.b.*" and g : "x") or h : "y"
    (f == 5 and g : "x") or h : "y"
    (f >= 0.5 and g : "x") or h : "y"
    (cidrMatch(f, "10.0.0.0/8") and g : "x") or h : "y"
    (f == true and g : "x") or h : "y"
    (?f != null and g : "x") or h : "y"
    (?f == null and g : "x") or h : "y"
    "#);
}

#[test]
fn or_in_and() {
    insta::assert_snapshot!(each(|leaf| Logic::all([Logic::any([leaf, text("g", "x")]), text("h", "y")])), @r#"
    (f : "a" or g : "x") and h : "y"
    (f like "a*" or g : "x") and h : "y"
    (f regex ".*a\\.b.*" or g : "x") and h : "y"
    (f == 5 or g : "x") and h : "y"
    (f >= 0.5 or g : "x") and h : "y"
    (cidrMatch(f, "10.0.0.0/8") or g : "x") and h : "y"
    (f == true or g : "x") and h : "y"
    (?f != null or g : "x") and h : "y"
    (?f == null or g : "x") and h : "y"
    "#);
}

#[test]
fn list() {
    insta::assert_snapshot!(each(|leaf| Logic::any([leaf.clone(), text("g", "x"), leaf])), @r#"
    f : ("a", "a") or g : "x"
    f like ("a*", "a*") or g : "x"
    f regex (".*a\\.b.*", ".*a\\.b.*") or g : "x"
    f in (5, 5) or g : "x"
    f >= 0.5 or g : "x" or f >= 0.5
    cidrMatch(f, "10.0.0.0/8", "10.0.0.0/8") or g : "x"
    f == true or g : "x" or f == true
    ?f != null or g : "x" or ?f != null
    ?f == null or g : "x" or ?f == null
    "#);
}

#[test]
fn list_under_not() {
    insta::assert_snapshot!(each(|leaf| not(Logic::any([leaf, text("g", "x")]))), @r#"
    not (f : "a" or g : "x")
    not (f like "a*" or g : "x")
    not (f regex ".*a\\.b.*" or g : "x")
    not (f == 5 or g : "x")
    not (f >= 0.5 or g : "x")
    not (cidrMatch(f, "10.0.0.0/8") or g : "x")
    not (f == true or g : "x")
    not (?f != null or g : "x")
    not (?f == null or g : "x")
    "#);
}

#[test]
fn row_16_an_or_stays_within_its_group() {
    let s = |name| text(name, "x");
    let predicate = Logic::any([s("a"), Logic::all([s("b"), not(s("c"))])]);
    insta::assert_snapshot!(check(&event(vec![arm(&super::build::starts("process"), predicate)])), @r#"process where event.type == "start" and (a : "x" or (b : "x" and not c : "x"))"#);
}

#[test]
fn constants() {
    insta::assert_snapshot!(condition(Logic::True), @r#"true"#);
    insta::assert_snapshot!(condition(Logic::False), @r#"false"#);
}

#[test]
fn what_a_leaf_gave_up_is_in_the_verdict() {
    let over = with(text("f", "a"), |atom| atom.notes.verdict = Verdict::Over);
    let assuming = with(text("f", "b"), |atom| atom.notes.assume(Assumption::SingleValued));
    insta::assert_snapshot!(condition(Logic::any([over.clone(), assuming])), @r#"
    // over: single-valued
    any where f : ("a", "b")
    "#);
    insta::assert_snapshot!(condition(not(over.clone())), @r#"
    // under: 
    any where not f : "a"
    "#);
    insta::assert_snapshot!(condition(Logic::all([over.clone(), not(over)])), @r#"
    // both: 
    any where f : "a" and not f : "a"
    "#);
    let gone = with(exists("f", true), |atom| atom.notes.verdict = Verdict::Over);
    insta::assert_snapshot!(condition(not(gone)), @r#"
    // under: 
    any where not ?f != null
    "#);
    insta::assert_snapshot!(condition(text("f", "größe")), @r#"
    // exact: ascii
    any where f : "größe"
    "#);
    insta::assert_snapshot!(condition(cased("f", "größe")), @r#"f == "größe""#);
}

/// Row 80 is a keyword; the rest EQL lacks as well.
#[test]
fn row_80_what_eql_lacks_is_refused_all_at_once() {
    let computed = Column {
        expr: ColumnExpr::Join { columns: vec!["user.domain".into(), "user.name".into()], separator: "\\".into() },
        ..Column::text("")
    };
    let text_of = |column, pattern: Pattern| test(column, Test::Text { pattern, case: Case::Insensitive });
    let placeholder = Pattern::from_parts([Part::Placeholder("admins".into()), Part::AnyRun]);
    let time = Test::Time { part: TimePart::Hour, comparison: Comparison::Less, number: Number::Integer(6) };
    let other = Arc::new(Column::text("g"));
    let field = Test::Field { operator: FieldOperator::Equals, other, case: Case::Insensitive };
    let predicate = Logic::all([
        keyword("kw one"),
        not(test(Column::text("f"), field)),
        Logic::any([test(column("t", ColumnType::DateTime), time), text("f", "fine")]),
        text_of(Column::text("u"), placeholder),
        text_of(computed, Pattern::literal("x")),
        with(typed("script", ColumnType::FullText, "*iex*"), |atom| atom.span = at(9)),
    ]);
    insta::assert_snapshot!(condition(predicate), @r#"
    keyword @7: EQL cannot search a whole event for a keyword; only its fields (name the field that holds the text)
    field-comparison @1: EQL cannot compare the field `f` with the field `g`
    time-part @1: EQL has no function for a part of the time in `t` (have the part in a field of its own, at ingest or as a runtime field, and compare that)
    placeholder @1: the placeholder `%admins%` has no values (give them with `--placeholders FILE`, in lines `admins: [value, …]`, or in a processing pipeline)
    type @1: EQL reads a field by its name alone, and `user.domain` is computed
    type @9: `script` is analysed text, which EQL cannot query (map the field to one of type `keyword` or `wildcard`)
    "#);
    insta::assert_snapshot!(check(&event(vec![arm(&source(Reads::Table("T".into()), Logic::True), Logic::True)])), @r#"log-source @2: the source of `windows/process_creation` is no event category, which is all that EQL reads"#);
    insta::assert_snapshot!(check(&event(vec![arm(&any(), Logic::Or(vec![Logic::True, keyword("x")]))])), @r#"keyword @7: EQL cannot search a whole event for a keyword; only its fields (name the field that holds the text)"#);
}
