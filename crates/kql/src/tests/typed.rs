//! Columns that are not plain text.

use super::build::*;
use super::lowered;
use insta::assert_snapshot;
use rulecast_ir::{Case, Column, ColumnType, Comparison, FieldOperator, Logic, Number, Test, TimePart};
use std::sync::Arc;

/// Every kind of test of one column.
fn every(column: impl Fn() -> Column) -> String {
    let tests: Vec<(&str, Test<rulecast_ir::Mapped>)> = vec![
        ("443", text("443")),
        ("0443", text("0443")),
        ("0x3e7", text("0x3e7")),
        ("5.5", text("5.5")),
        ("TRUE", text("TRUE")),
        ("cased false", cased("false")),
        ("x", text("x")),
        ("4*", text("4*")),
        ("*x*y*", text("*x*y*")),
        ("empty", text("")),
        ("*", text("*")),
        ("regex", regex(letters("4", false))),
        ("= 5", whole(5)),
        ("= -1", whole(-1)),
        ("= 5.5", number(Comparison::Equal, Number::Decimal(5.5))),
        ("< 1e300", number(Comparison::Less, Number::Decimal(1e300))),
        ("<= 5", number(Comparison::LessOrEqual, Number::Integer(5))),
        ("> min", number(Comparison::Greater, Number::Integer(i64::MIN))),
        (">= 2^53+1", number(Comparison::GreaterOrEqual, Number::Integer((1 << 53) + 1))),
        ("cidr", cidr("10.0.0.0/8")),
        ("exists", Test::Exists(true)),
        ("missing", Test::Exists(false)),
        ("= f", compared(FieldOperator::Equals, "f", Case::Insensitive)),
        ("= m", compared(FieldOperator::Equals, "m", Case::Sensitive)),
    ];
    let line =
        |(name, test)| format!("{name}: {}", lowered(on(column(), test)).replace("\n// ", " // ").replace('\n', " "));
    tests.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn long() {
    assert_snapshot!(every(|| column("n")), @r#"
    443: n == 443 // exact
    0443: refused as type: KQL: `n` holds whole numbers, and `0443` is not written as one
    0x3e7: refused as type: KQL: `n` holds whole numbers, and `0x3e7` is not written as one (help: write `999`)
    5.5: refused as type: KQL: `n` holds whole numbers, and `5.5` is not written as one
    TRUE: refused as type: KQL: `n` holds whole numbers, and `TRUE` is not written as one
    cased false: refused as type: KQL: `n` holds whole numbers, and `false` is not written as one
    x: refused as type: KQL: `n` holds whole numbers, and `x` is not written as one
    4*: tostring(n) startswith "4" // exact
    *x*y*: tostring(n) matches regex "(?is)x.*y" // exact
    empty: isnull(n) // exact, empty-is-missing
    *: isnotnull(n) // exact
    regex: tostring(n) matches regex "4" // exact
    = 5: n == 5 // exact
    = -1: n == -1 // exact
    = 5.5: n == 5.5 // exact
    < 1e300: coalesce(n < 1e300, false) // exact
    <= 5: coalesce(n <= 5, false) // exact
    > min: coalesce(n > long(-9223372036854775808), false) // exact
    >= 2^53+1: coalesce(n >= 9007199254740993, false) // exact
    cidr: refused as type: KQL: `n` holds whole numbers, never an address
    exists: isnotnull(n) // exact
    missing: isnull(n) // exact
    = f: isnotnull(n) and tostring(n) =~ f // exact, ascii
    = m: isnotnull(n) and isnotnull(m) and n == m // exact
    "#);
}

#[test]
fn real() {
    assert_snapshot!(every(|| column("r")), @r#"
    443: r == 443 // exact
    0443: refused as type: KQL: `r` holds numbers, and `0443` is not written as one
    0x3e7: refused as type: KQL: `r` holds numbers, and `0x3e7` is not written as one
    5.5: r == 5.5 // exact
    TRUE: refused as type: KQL: `r` holds numbers, and `TRUE` is not written as one
    cased false: refused as type: KQL: `r` holds numbers, and `false` is not written as one
    x: refused as type: KQL: `r` holds numbers, and `x` is not written as one
    4*: refused as type: KQL: `r` holds numbers, whose text KQL may write in another form than the rule
    *x*y*: refused as type: KQL: `r` holds numbers, whose text KQL may write in another form than the rule
    empty: isnull(r) // exact, empty-is-missing
    *: isnotnull(r) // exact
    regex: refused as type: KQL: `r` holds numbers, whose text KQL may write in another form than the rule
    = 5: r == 5 // exact
    = -1: r == -1 // exact
    = 5.5: r == 5.5 // exact
    < 1e300: coalesce(r < 1e300, false) // exact
    <= 5: coalesce(r <= 5, false) // exact
    > min: coalesce(r > long(-9223372036854775808), false) // exact
    >= 2^53+1: coalesce(r >= 9007199254740993, false) // exact
    cidr: refused as type: KQL: `r` holds numbers, never an address
    exists: isnotnull(r) // exact
    missing: isnull(r) // exact
    = f: refused as type: KQL: `r` holds numbers, whose text KQL may write in another form than the rule
    = m: refused as type: KQL: `r` holds numbers, whose text KQL may write in another form than the rule
    "#);
}

#[test]
fn boolean() {
    assert_snapshot!(every(|| column("b")), @r#"
    443: refused as type: KQL: `b` holds true or false, so never `443`
    0443: refused as type: KQL: `b` holds true or false, so never `0443`
    0x3e7: refused as type: KQL: `b` holds true or false, so never `0x3e7`
    5.5: refused as type: KQL: `b` holds true or false, so never `5.5`
    TRUE: b == true // exact
    cased false: b == false // exact
    x: refused as type: KQL: `b` holds true or false, so never `x`
    4*: tostring(b) startswith "4" // exact
    *x*y*: tostring(b) matches regex "(?is)x.*y" // exact
    empty: isnull(b) // exact, empty-is-missing
    *: isnotnull(b) // exact
    regex: tostring(b) matches regex "4" // exact
    = 5: refused as type: KQL: `b` holds true or false, which no number compares with
    = -1: refused as type: KQL: `b` holds true or false, which no number compares with
    = 5.5: refused as type: KQL: `b` holds true or false, which no number compares with
    < 1e300: refused as type: KQL: `b` holds true or false, which no number compares with
    <= 5: refused as type: KQL: `b` holds true or false, which no number compares with
    > min: refused as type: KQL: `b` holds true or false, which no number compares with
    >= 2^53+1: refused as type: KQL: `b` holds true or false, which no number compares with
    cidr: refused as type: KQL: `b` holds true or false, never an address
    exists: isnotnull(b) // exact
    missing: isnull(b) // exact
    = f: isnotnull(b) and tostring(b) =~ f // exact, ascii
    = m: isnotnull(b) and tostring(b) == tostring(m) // exact
    "#);
}

#[test]
fn datetime() {
    assert_snapshot!(every(|| column("t")), @r#"
    443: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    0443: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    0x3e7: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    5.5: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    TRUE: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    cased false: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    x: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    4*: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    *x*y*: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    empty: isnull(t) // exact, empty-is-missing
    *: isnotnull(t) // exact
    regex: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    = 5: refused as type: KQL: `t` holds points in time, which no number compares with
    = -1: refused as type: KQL: `t` holds points in time, which no number compares with
    = 5.5: refused as type: KQL: `t` holds points in time, which no number compares with
    < 1e300: refused as type: KQL: `t` holds points in time, which no number compares with
    <= 5: refused as type: KQL: `t` holds points in time, which no number compares with
    > min: refused as type: KQL: `t` holds points in time, which no number compares with
    >= 2^53+1: refused as type: KQL: `t` holds points in time, which no number compares with
    cidr: refused as type: KQL: `t` holds points in time, never an address
    exists: isnotnull(t) // exact
    missing: isnull(t) // exact
    = f: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    = m: refused as type: KQL: `t` holds points in time, whose text KQL may write in another form than the rule
    "#);
}

#[test]
fn dynamic() {
    assert_snapshot!(every(|| column("o")), @r#"
    443: tostring(o) =~ "443" // exact
    0443: tostring(o) =~ "0443" // exact
    0x3e7: tostring(o) =~ "0x3e7" // exact
    5.5: tostring(o) =~ "5.5" // exact
    TRUE: tostring(o) =~ "TRUE" // exact
    cased false: tostring(o) == "false" // exact
    x: tostring(o) =~ "x" // exact
    4*: tostring(o) startswith "4" // exact
    *x*y*: tostring(o) matches regex "(?is)x.*y" // exact
    empty: isempty(tostring(o)) // exact, empty-is-missing
    *: isnotempty(tostring(o)) // exact, empty-is-missing
    regex: tostring(o) matches regex "4" // exact
    = 5: toreal(tostring(o)) == 5 // exact, mapping:o
    = -1: toreal(tostring(o)) == -1 // exact, mapping:o
    = 5.5: toreal(tostring(o)) == 5.5 // exact, mapping:o
    < 1e300: coalesce(toreal(tostring(o)) < 1e300, false) // exact, mapping:o
    <= 5: coalesce(toreal(tostring(o)) <= 5, false) // exact, mapping:o
    > min: coalesce(tolong(tostring(o)) > long(-9223372036854775808), false) // exact, mapping:o
    >= 2^53+1: coalesce(tolong(tostring(o)) >= 9007199254740993, false) // exact, mapping:o
    cidr: coalesce(ipv6_is_match(tostring(o), "10.0.0.0/8"), false) // exact, mapping:o
    exists: isnotempty(tostring(o)) // exact, empty-is-missing
    missing: isempty(tostring(o)) // exact, empty-is-missing
    = f: isnotempty(tostring(o)) and tostring(o) =~ f // exact, ascii, empty-is-missing
    = m: isnotempty(tostring(o)) and tostring(o) == tostring(m) // exact
    "#);
}

#[test]
fn joined() {
    assert_snapshot!(every(|| join(&["Domain", "User"])), @r#"
    443: strcat(Domain, @"\", User) =~ "443" // exact
    0443: strcat(Domain, @"\", User) =~ "0443" // exact
    0x3e7: strcat(Domain, @"\", User) =~ "0x3e7" // exact
    5.5: strcat(Domain, @"\", User) =~ "5.5" // exact
    TRUE: strcat(Domain, @"\", User) =~ "TRUE" // exact
    cased false: strcat(Domain, @"\", User) == "false" // exact
    x: strcat(Domain, @"\", User) =~ "x" // exact
    4*: strcat(Domain, @"\", User) startswith "4" // exact
    *x*y*: strcat(Domain, @"\", User) matches regex "(?is)x.*y" // exact
    empty: isempty(Domain) and isempty(User) // exact, empty-is-missing
    *: isnotempty(Domain) or isnotempty(User) // exact, empty-is-missing
    regex: (isnotempty(Domain) or isnotempty(User)) and strcat(Domain, @"\", User) matches regex "4" // exact, empty-is-missing
    = 5: toreal(strcat(Domain, @"\", User)) == 5 // exact, mapping:Domain
    = -1: toreal(strcat(Domain, @"\", User)) == -1 // exact, mapping:Domain
    = 5.5: toreal(strcat(Domain, @"\", User)) == 5.5 // exact, mapping:Domain
    < 1e300: coalesce(toreal(strcat(Domain, @"\", User)) < 1e300, false) // exact, mapping:Domain
    <= 5: coalesce(toreal(strcat(Domain, @"\", User)) <= 5, false) // exact, mapping:Domain
    > min: coalesce(tolong(strcat(Domain, @"\", User)) > long(-9223372036854775808), false) // exact, mapping:Domain
    >= 2^53+1: coalesce(tolong(strcat(Domain, @"\", User)) >= 9007199254740993, false) // exact, mapping:Domain
    cidr: coalesce(ipv6_is_match(strcat(Domain, @"\", User), "10.0.0.0/8"), false) // exact, mapping:Domain
    exists: isnotempty(Domain) or isnotempty(User) // exact, empty-is-missing
    missing: isempty(Domain) and isempty(User) // exact, empty-is-missing
    = f: (isnotempty(Domain) or isnotempty(User)) and strcat(Domain, @"\", User) =~ f // exact, ascii, empty-is-missing
    = m: (isnotempty(Domain) or isnotempty(User)) and strcat(Domain, @"\", User) == tostring(m) // exact
    "#);
    // A value that two missing columns would also have.
    assert_snapshot!(lowered(on(join(&["Domain", "User"]), text(r"*\\*"))), @r#"
    (isnotempty(Domain) or isnotempty(User)) and strcat(Domain, @"\", User) contains @"\"
    // exact, empty-is-missing
    "#);
    assert_snapshot!(lowered(on(join(&["Domain", "User"]), exactly(r"\"))), @r#"
    (isnotempty(Domain) or isnotempty(User)) and strcat(Domain, @"\", User) =~ @"\"
    // exact, empty-is-missing
    "#);
}

#[test]
fn properties() {
    let shown = |column: Column, test| lowered(on(column, test));
    assert_snapshot!(shown(property("o", &["a", "b-c"], false, ColumnType::Text), text("x")), @r#"
    tostring(o.a['b-c']) =~ "x"
    // exact
    "#);
    assert_snapshot!(shown(property("AdditionalFields", &["a"], true, ColumnType::Text), text("*x*")), @r#"
    tostring(parse_json(AdditionalFields).a) contains "x"
    // exact
    "#);
    assert_snapshot!(shown(property("AdditionalFields", &["by", "b"], true, ColumnType::Long), whole(5)), @r#"
    tolong(parse_json(AdditionalFields)['by'].b) == 5
    // exact
    "#);
    assert_snapshot!(shown(property("o", &["a"], false, ColumnType::Bool), text("true")), @r#"
    tobool(o.a) == true
    // exact
    "#);
    assert_snapshot!(shown(property("o", &["a"], false, ColumnType::Real), text("*")), @r#"
    isnotnull(toreal(o.a))
    // exact
    "#);
    assert_snapshot!(shown(property("o", &["a"], false, ColumnType::DateTime), Test::Exists(false)), @r#"
    isnull(todatetime(o.a))
    // exact
    "#);
    assert_snapshot!(shown(property("o", &["a"], false, ColumnType::Dynamic), text("x*")), @r#"
    tostring(o.a) startswith "x"
    // exact
    "#);
}

#[test]
fn several_values_are_refused_once() {
    let many = Arc::new(Column { many: true, ..column("o") });
    let tree = rulecast_ir::Logic::any(["a", "b"].map(|value| on(many.clone(), text(value))));
    assert_snapshot!(lowered(tree), @r#"refused as type: KQL: `o` may hold several values, which are not tested one by one yet (help: test a column with one value)"#);
    let other = Test::Field { operator: FieldOperator::Equals, other: many, case: Case::Sensitive };
    assert_snapshot!(lowered(on(column("f"), other)), @r#"refused as type: KQL: `o` may hold several values, which are not tested one by one yet"#);
}

#[test]
fn a_column_that_always_has_a_value_is_not_asked_whether_it_has() {
    let always = || Column { always: true, ..column("f") };
    assert_snapshot!(lowered(on(always(), Test::Exists(true))), @r#"
    Events
    // exact
    "#);
    assert_snapshot!(lowered(on(always(), Test::Exists(false))), @r#"
    false
    // exact
    "#);
    assert_snapshot!(lowered(on(always(), text("*"))), @r#"
    Events
    // exact
    "#);
}

#[test]
fn parts_of_times() {
    let part = |name: &str, part, comparison, number| {
        on(column(name), Test::Time { part, comparison, number: Number::Integer(number) })
    };
    let equal = |name: &str, of, number| part(name, of, Comparison::Equal, number);
    let all = [
        equal("t", TimePart::Hour, 3),
        part("t", TimePart::Minute, Comparison::Less, 30),
        part("t", TimePart::Week, Comparison::GreaterOrEqual, 52),
        part("f", TimePart::Year, Comparison::LessOrEqual, 2024),
        Logic::any([equal("t", TimePart::Hour, 0), equal("t", TimePart::Hour, 1)]),
        Logic::any([equal("o", TimePart::Day, 1), equal("o", TimePart::Month, 1)]),
        equal("t", TimePart::Day, 3).negate(),
        equal("n", TimePart::Hour, 3),
    ];
    assert_snapshot!(all.map(lowered).join("\n\n"), @r#"
    hourofday(t) == 3
    // exact, mapping:t

    coalesce(datetime_part("minute", t) < 30, false)
    // exact, mapping:t

    coalesce(week_of_year(t) >= 52, false)
    // exact, mapping:t

    coalesce(getyear(todatetime(f)) <= 2024, false)
    // exact, mapping:f

    hourofday(t) in (0, 1)
    // exact, mapping:t

    dayofmonth(todatetime(tostring(o))) == 1 or getmonth(todatetime(tostring(o))) == 1
    // exact, mapping:o

    not(dayofmonth(t) == 3)
    // exact, mapping:t

    refused as type: KQL: `n` holds whole numbers, never a point in time
    "#);
}

/// A test of the XML of an event alone, where the column has no name of its own.
#[test]
fn elements_of_xml() {
    let predicate = Logic::all([
        on(xml_data("Image"), text("*cmd.exe")),
        not(on(xml_data("a.b"), text("x"))),
        Logic::any([on(xml_data("Image"), text("a")), on(xml_data("Image"), text("b"))]),
        on(xml_data("User"), Test::Exists(false)),
        is("f", "x"),
    ]);
    assert_snapshot!(super::shown(&rule(arms(vec![arm(&source("Event", is("Source", "s")), predicate)]))), @r#"
    Event
    | where Source =~ "s"
    | extend EventData_Image = replace_strings(extract(@"<Data Name=""Image"">([^<]*)<", 1, EventData), dynamic(["&lt;", "&gt;", "&quot;", "&apos;", "&amp;"]), dynamic(["<", ">", "\"", "'", "&"])),
        ['EventData_a.b'] = replace_strings(extract(@"<Data Name=""a\.b"">([^<]*)<", 1, EventData), dynamic(["&lt;", "&gt;", "&quot;", "&apos;", "&amp;"]), dynamic(["<", ">", "\"", "'", "&"])),
        EventData_User = replace_strings(extract(@"<Data Name=""User"">([^<]*)<", 1, EventData), dynamic(["&lt;", "&gt;", "&quot;", "&apos;", "&amp;"]), dynamic(["<", ">", "\"", "'", "&"]))
    | where EventData_Image endswith "cmd.exe"
        and not(['EventData_a.b'] =~ "x")
        and EventData_Image in~ ("a", "b")
        and isempty(EventData_User)
        and f =~ "x"
    // exact, empty-is-missing
    "#);
    let compared = on(xml_data("One"), compared(FieldOperator::Equals, "f", Case::Insensitive));
    let either = source("Event", is("Source", "t"));
    let arms = arms(vec![arm(&source("Event", is("Source", "s")), compared), arm(&either, is("g", "x"))]);
    assert_snapshot!(super::shown(&rule(arms)), @r#"
    Event
    | extend EventData_One = replace_strings(extract(@"<Data Name=""One"">([^<]*)<", 1, EventData), dynamic(["&lt;", "&gt;", "&quot;", "&apos;", "&amp;"]), dynamic(["<", ">", "\"", "'", "&"]))
    | where (Source =~ "s" and isnotempty(EventData_One) and EventData_One =~ f)
        or (Source =~ "t" and g =~ "x")
    // exact, ascii, empty-is-missing
    "#);
}
