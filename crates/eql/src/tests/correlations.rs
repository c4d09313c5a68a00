//! Counts of events, and the correlations that EQL cannot say.

use super::build::{any, arm, at, category, column, key, rule, step, text, with};
use super::check;
use rulecast_ir::{Body, ColumnType, Correlation, Mapped, Measure, Rule, Sequence, Step, Threshold, Verdict};
use rulecast_rule::ast::{CorrelationKind, Operator};

fn correlation(kind: CorrelationKind, members: Vec<Step<Mapped>>, thresholds: &[(Operator, f64)]) -> Rule<Mapped> {
    rule(Body::Correlation(Correlation {
        measure: Measure { kind, fields: Vec::new(), percentile: None },
        members,
        keys: Vec::new(),
        timespan: 300,
        thresholds: thresholds
            .iter()
            .map(|(operator, value)| Threshold { operator: *operator, value: *value })
            .collect(),
        condition: None,
        span: at(8),
    }))
}

fn count(members: Vec<Step<Mapped>>, thresholds: &[(Operator, f64)]) -> String {
    check(&correlation(CorrelationKind::EventCount, members, thresholds))
}

fn member(name: &str, keys: &[&str]) -> Step<Mapped> {
    step(name, vec![arm(&category("process"), text("process.name", name))], keys)
}

#[test]
fn row_86_the_operator_decides_how_often_an_event_is_repeated() {
    let with = |operator, value| count(vec![member("a", &["host.id"])], &[(operator, value)]);
    insta::assert_snapshot!(with(Operator::Gte, 3.0), @r#"
    // exact: unique-timestamps
    sequence by host.id with maxspan=5m
      [process where process.name : "a"] with runs=3
    "#);
    insta::assert_snapshot!(with(Operator::Gt, 3.0), @r#"
    // exact: unique-timestamps
    sequence by host.id with maxspan=5m
      [process where process.name : "a"] with runs=4
    "#);
    insta::assert_snapshot!(with(Operator::Gt, 2.5), @r#"
    // exact: unique-timestamps
    sequence by host.id with maxspan=5m
      [process where process.name : "a"] with runs=3
    "#);
    insta::assert_snapshot!(with(Operator::Gte, 100.0), @r#"
    // exact: unique-timestamps
    sequence by host.id with maxspan=5m
      [process where process.name : "a"] with runs=100
    "#);
    insta::assert_snapshot!(with(Operator::Gt, 100.0), @"correlation @8: EQL counts to 100 events, and this asks for 101");
    insta::assert_snapshot!(with(Operator::Lt, 3.0), @"correlation @8: EQL can ask for at least so many events, not for `lt: 3`");
    insta::assert_snapshot!(with(Operator::Lte, 3.0), @"correlation @8: EQL can ask for at least so many events, not for `lte: 3`");
    insta::assert_snapshot!(with(Operator::Eq, 3.0), @"correlation @8: EQL can ask for at least so many events, not for `eq: 3`");
    insta::assert_snapshot!(with(Operator::Neq, 3.0), @"correlation @8: EQL can ask for at least so many events, not for `neq: 3`");
    let range = [(Operator::Gt, 3.0), (Operator::Lte, 5.0)];
    insta::assert_snapshot!(count(vec![member("a", &["host.id"])], &range), @"correlation @8: EQL can ask for at least so many events, not for `lte: 5`");
    let twice = [(Operator::Gt, 3.0), (Operator::Gte, 2.0)];
    insta::assert_snapshot!(count(vec![member("a", &["host.id"])], &twice), @r#"
    // exact: unique-timestamps
    sequence by host.id with maxspan=5m
      [process where process.name : "a"] with runs=4
    "#);
}

#[test]
fn row_87_a_count_without_keys_has_no_by() {
    insta::assert_snapshot!(count(vec![member("a", &[])], &[(Operator::Gte, 3.0)]), @r#"
    // exact: unique-timestamps
    sequence with maxspan=5m
      [process where process.name : "a"] with runs=3
    "#);
}

#[test]
fn one_event_is_no_sequence() {
    insta::assert_snapshot!(count(vec![member("a", &["host.id"])], &[(Operator::Gte, 1.0)]), @r#"process where process.name : "a" and ?host.id != null"#);
    insta::assert_snapshot!(count(vec![member("a", &["host.id"])], &[(Operator::Gt, -5.0)]), @r#"process where process.name : "a" and ?host.id != null"#);
}

#[test]
fn several_rules_are_one_step() {
    let logon = step("logon", vec![arm(&category("authentication"), text("event.outcome", "failure"))], &["host.id"]);
    insta::assert_snapshot!(count(vec![member("a", &["host.id"]), logon], &[(Operator::Gt, 9.0)]), @r#"
    // exact: unique-timestamps
    sequence by host.id with maxspan=5m
      [any where (event.category == "process" and process.name : "a")
        or (event.category == "authentication" and event.outcome : "failure")] with runs=10
    "#);
    let other = member("b", &["user.id"]);
    insta::assert_snapshot!(count(vec![member("a", &["host.id"]), other], &[(Operator::Gt, 9.0)]), @"correlation @5: `a` and `b` hold the key in different fields, and EQL counts events by the same fields");
}

#[test]
fn what_members_give_up_is_given_up_by_the_count() {
    let over = with(text("process.name", "a"), |atom| atom.notes.verdict = Verdict::Over);
    let mut many = column("host.ip", ColumnType::Ip);
    many.many = true;
    let mut member = step("a", vec![arm(&any(), over)], &[]);
    member.keys.push(key(vec![many]));
    insta::assert_snapshot!(count(vec![member.clone()], &[(Operator::Gt, 9.0)]), @r#"
    // over: single-valued unique-timestamps
    sequence by host.ip with maxspan=5m
      [any where process.name : "a"] with runs=10
    "#);
    insta::assert_snapshot!(count(vec![member], &[(Operator::Gt, 0.0)]), @r#"
    // over: single-valued
    any where process.name : "a" and ?host.ip != null
    "#);
}

#[test]
fn other_correlations_are_refused() {
    let members = || vec![member("a", &["host.id"]), member("b", &["host.id"])];
    let refused: Vec<_> = CorrelationKind::ALL
        .iter()
        .filter(|kind| **kind != CorrelationKind::EventCount)
        .map(|kind| check(&correlation(*kind, members(), &[(Operator::Gte, 2.0)])))
        .collect();
    insta::assert_snapshot!(refused.join("\n"), @r#"
    correlation @8: EQL: distinct values cannot be counted
    correlation @8: EQL: events in any order cannot be asked for: a sequence has one order, and `sample` no time span
    correlation @8: EQL: some of its rules, or the absence of one, cannot be asked for: a sequence needs all its steps
    correlation @8: EQL: values cannot be added up
    correlation @8: EQL: values cannot be averaged
    correlation @8: EQL: percentiles cannot be computed
    correlation @8: EQL: medians cannot be computed
    "#);
    let inner = Sequence { steps: members(), keys: Vec::new(), timespan: 60, until: None, span: at(3) };
    let chain = Step { body: Body::Sequence(inner), ..member("both", &["host.id"]) };
    insta::assert_snapshot!(count(vec![chain], &[(Operator::Gte, 3.0)]), @"sequence @5: `both` is no event, and EQL has no sequence of anything else");
}
