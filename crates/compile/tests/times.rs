//! Times as text: where a column holds points in time, a text is never compared with one in silence.

use rulecast_compile::{Allow, Models, Outcome, Target, Unit, compile};
use rulecast_diagnostics::FileId;

const MODEL: &str = "\
name: timed
title: Events with a time of their own beside that of the record
languages: [eql, spl, kql]
time: When
columns:
  Happened: {type: datetime}
  _time: {type: datetime}
sources:
  - {when: {category: x}, language: eql, reads: any, fields: {UtcTime: Happened, SourceTime: Happened}}
  - {when: {category: x}, language: spl, reads: {macro: x}, time: _time, fields: {UtcTime: _time, SourceTime: Happened}}
  - {when: {category: x}, language: kql, reads: {table: X}, fields: {UtcTime: Happened, SourceTime: Happened}}
";

fn said(item: &str) -> String {
    let (models, problems) = Models::read(&[(FileId(0), MODEL)]);
    assert_eq!(problems, []);
    let text = format!("title: T\nlogsource: {{category: x}}\ndetection:\n  s: {{{item}}}\n  condition: s\n");
    let parsed = rulecast_rule::parse(FileId(1), &text);
    assert!(!parsed.has_errors(), "{:#?}", parsed.diagnostics);
    let rule = Unit::new(parsed.documents).resolve().rules.pop().expect("the rule");
    let all = ["eql.timed", "spl.timed", "kql.timed"].map(|name| {
        match compile(&rule, Target::parse_of(name, &models).expect("a target"), Allow::default()) {
            Outcome::Queries(queries) => format!("{name}: {}", queries[0].text),
            Outcome::Refused(refusals) => format!("{name}: refused, {}", refusals[0].message),
            Outcome::Declared { reason } => panic!("{reason}"),
        }
    });
    all.join("\n")
}

#[test]
fn a_text_is_not_compared_with_a_point_in_time() {
    insta::assert_snapshot!(said("UtcTime: '2024-01-01 10:00:00.000'"), @r#"
    eql.timed: refused, `Happened` holds a point in time, and EQL cannot test the text of one
    spl.timed: refused, SPL: `_time` holds a time as a number of seconds, which is no text
    kql.timed: refused, KQL: `Happened` holds points in time, whose text KQL may write in another form than the rule
    "#);
    insta::assert_snapshot!(said("UtcTime|startswith: '2024-01-01'"), @r#"
    eql.timed: refused, `Happened` holds a point in time, and EQL cannot test the text of one
    spl.timed: refused, SPL: `_time` holds a time as a number of seconds, which is no text
    kql.timed: refused, KQL: `Happened` holds points in time, whose text KQL may write in another form than the rule
    "#);
    insta::assert_snapshot!(said("UtcTime|re: '2024'"), @r#"
    eql.timed: refused, `Happened` does not hold text, and EQL matches regexes with text alone
    spl.timed: refused, SPL: `_time` holds a time as a number of seconds, which is no text
    kql.timed: refused, KQL: `Happened` holds points in time, whose text KQL may write in another form than the rule
    "#);
    insta::assert_snapshot!(said("UtcTime|gt: 3"), @r#"
    eql.timed: refused, `Happened` holds a point in time, and no number
    spl.timed: refused, SPL: `_time` holds a time, and no number compares with one
    kql.timed: refused, KQL: `Happened` holds points in time, which no number compares with
    "#);
}

#[test]
fn its_presence_is_asked_and_its_parts_where_they_are_those_of_utc() {
    insta::assert_snapshot!(said("UtcTime: '*'"), @r#"
    eql.timed: any where ?Happened != null
    spl.timed: `x` AND _time=*
    kql.timed: X
    | where isnotnull(Happened)
    "#);
    insta::assert_snapshot!(said("UtcTime|hour: 3"), @r#"
    eql.timed: refused, EQL: there is no function for a part of a time
    spl.timed: refused, SPL: `_time` counts seconds, whose hour depends on a time zone
    kql.timed: X
    | where hourofday(Happened) == 3
    "#);
}

#[test]
fn a_field_of_splunk_that_is_text_is_taken_to_hold_what_the_event_has() {
    insta::assert_snapshot!(said("SourceTime: '2024-01-01 10:00:00.000'"), @r#"
    eql.timed: refused, `Happened` holds a point in time, and EQL cannot test the text of one
    spl.timed: `x` AND Happened="2024-01-01 10:00:00.000"
    kql.timed: refused, KQL: `Happened` holds points in time, whose text KQL may write in another form than the rule
    "#);
}
