//! Measures over windows.

mod chains;
mod counts;
mod windows;

use super::build::*;
use super::shown;
use insta::assert_snapshot;
use rulecast_ir::{Body, ColumnType, Correlation, Logic, Mapped, Step, Verdict};
use rulecast_rule::ast::CorrelationKind::{self, *};
use rulecast_rule::ast::Operator::{Eq, Gt, Gte, Lt, Lte, Neq};
use std::fmt::Write;

/// Failed logons of a user.
fn logons() -> Step<Mapped> {
    step(event(is("ActionType", "LogonFailed")), &[&["User"]])
}

/// Processes of a user, in another table and by another name of the user.
fn processes() -> Step<Mapped> {
    step(arms(vec![arm(&source("Other", Logic::True), is("f", "x.exe"))]), &[&["Account"]])
}

fn of(kind: CorrelationKind, members: Vec<Step<Mapped>>, at_least: f64, fields: &[&str]) -> Correlation<Mapped> {
    correlation(kind, &["User"], members, &[(Gte, at_least)], fields)
}

fn query(correlation: Correlation<Mapped>) -> String {
    shown(&rule(Body::Correlation(correlation)))
}

/// What of a query depends on its thresholds.
fn condition(query: &str) -> String {
    let (fired, _) = query.split_once("\nmembers").unwrap_or((query, ""));
    let fired = fired.rsplit_once("<= 30s\n").map_or(fired, |(_, fired)| fired);
    let lines = fired.lines().filter(|line| !line.contains("project") && !line.contains("// "));
    lines.map(|line| line.trim().trim_end_matches(';').to_owned() + "\n").collect()
}

#[test]
fn every_operator_of_every_kind() {
    let mut all = String::new();
    let kinds = [EventCount, ValueCount, Temporal, TemporalOrdered, ValueSum, ValueAvg, ValuePercentile, ValueMedian];
    for kind in kinds {
        for operator in [Gte, Gt, Lt, Lte, Eq, Neq] {
            let fields: &[&str] = match kind {
                EventCount | Temporal | TemporalOrdered => &[],
                ValueCount => &["h"],
                _ => &["r"],
            };
            let members = vec![logons(), processes(), logons()];
            let members = if kind.is_temporal() { members } else { vec![logons()] };
            let query = query(correlation(kind, &["User"], members, &[(operator, 2.0)], fields));
            assert!(query.contains("// exact, empty-is-missing, unique-timestamps"), "{query}");
            let shown = match kind {
                EventCount => query.split_once("at asc\n").map_or("", |(_, rest)| rest).to_owned(),
                _ => query,
            };
            writeln!(all, "{} {operator:?} 2\n{}", kind.name(), condition(&shown)).unwrap();
        }
    }
    assert_snapshot!(all, @r#"
    event_count Gte 2
    | extend reached2 = coalesce(prev(k1, 1) == k1 and at - prev(at, 1) <= 30s, false)
    | where reached2

    event_count Gt 2
    | extend reached3 = coalesce(prev(k1, 2) == k1 and at - prev(at, 2) <= 30s, false)
    | where reached3

    event_count Lt 2
    | extend reached2 = coalesce(prev(k1, 1) == k1 and at - prev(at, 1) <= 30s, false)
    | where not(reached2)

    event_count Lte 2
    | extend reached3 = coalesce(prev(k1, 2) == k1 and at - prev(at, 2) <= 30s, false)
    | where not(reached3)

    event_count Eq 2
    | extend reached2 = coalesce(prev(k1, 1) == k1 and at - prev(at, 1) <= 30s, false)
    | extend reached3 = coalesce(prev(k1, 2) == k1 and at - prev(at, 2) <= 30s, false)
    | where reached2 and not(reached3)

    event_count Neq 2
    | extend reached2 = coalesce(prev(k1, 1) == k1 and at - prev(at, 1) <= 30s, false)
    | extend reached3 = coalesce(prev(k1, 2) == k1 and at - prev(at, 2) <= 30s, false)
    | where not(reached2 and not(reached3))

    value_count Gte 2
    | distinct k1, at, v1
    | summarize values = countif(isnotempty(v1)) by k1, at
    | where values >= 2

    value_count Gt 2
    | distinct k1, at, v1
    | summarize values = countif(isnotempty(v1)) by k1, at
    | where values > 2

    value_count Lt 2
    | distinct k1, at, v1
    | summarize values = countif(isnotempty(v1)) by k1, at
    | where values < 2

    value_count Lte 2
    | distinct k1, at, v1
    | summarize values = countif(isnotempty(v1)) by k1, at
    | where values <= 2

    value_count Eq 2
    | distinct k1, at, v1
    | summarize values = countif(isnotempty(v1)) by k1, at
    | where values == 2

    value_count Neq 2
    | distinct k1, at, v1
    | summarize values = countif(isnotempty(v1)) by k1, at
    | where values != 2

    temporal Gte 2
    | summarize m1 = countif(member == 1), m2 = countif(member == 2), m3 = countif(member == 3) by k1, at
    | extend occurring = iff(m1 > 0, 1, 0) + (iff(m2 > 0, 1, 0) + iff(m3 > 0, 1, 0))
    | where occurring >= 2

    temporal Gt 2
    | summarize m1 = countif(member == 1), m2 = countif(member == 2), m3 = countif(member == 3) by k1, at
    | extend occurring = iff(m1 > 0, 1, 0) + (iff(m2 > 0, 1, 0) + iff(m3 > 0, 1, 0))
    | where occurring > 2

    temporal Lt 2
    | summarize m1 = countif(member == 1), m2 = countif(member == 2), m3 = countif(member == 3) by k1, at
    | extend occurring = iff(m1 > 0, 1, 0) + (iff(m2 > 0, 1, 0) + iff(m3 > 0, 1, 0))
    | where occurring < 2

    temporal Lte 2
    | summarize m1 = countif(member == 1), m2 = countif(member == 2), m3 = countif(member == 3) by k1, at
    | extend occurring = iff(m1 > 0, 1, 0) + (iff(m2 > 0, 1, 0) + iff(m3 > 0, 1, 0))
    | where occurring <= 2

    temporal Eq 2
    | summarize m1 = countif(member == 1), m2 = countif(member == 2), m3 = countif(member == 3) by k1, at
    | extend occurring = iff(m1 > 0, 1, 0) + (iff(m2 > 0, 1, 0) + iff(m3 > 0, 1, 0))
    | where occurring == 2

    temporal Neq 2
    | summarize m1 = countif(member == 1), m2 = countif(member == 2), m3 = countif(member == 3) by k1, at
    | extend occurring = iff(m1 > 0, 1, 0) + (iff(m2 > 0, 1, 0) + iff(m3 > 0, 1, 0))
    | where occurring != 2

    temporal_ordered Gte 2
    | summarize t1 = max(t1) by k1, t2
    )
    | summarize longest = max(chain) by k1, at
    | where longest >= 2

    temporal_ordered Gt 2
    | summarize t1 = max(t1) by k1, t3
    )
    | summarize longest = max(chain) by k1, at
    | where longest > 2

    temporal_ordered Lt 2
    | summarize t1 = max(t1) by k1, t2
    )
    | summarize longest = max(chain) by k1, at
    | where longest < 2

    temporal_ordered Lte 2
    | summarize t1 = max(t1) by k1, t3
    )
    | summarize longest = max(chain) by k1, at
    | where longest <= 2

    temporal_ordered Eq 2
    | summarize t1 = max(t1) by k1, t2
    )
    | summarize longest = max(chain) by k1, at
    | where longest == 2

    temporal_ordered Neq 2
    | summarize t1 = max(t1) by k1, t2
    )
    | summarize longest = max(chain) by k1, at
    | where longest != 2

    value_sum Gte 2
    | summarize total = sum(v1) by k1, at
    | where total >= 2

    value_sum Gt 2
    | summarize total = sum(v1) by k1, at
    | where total > 2

    value_sum Lt 2
    | summarize total = sum(v1) by k1, at
    | where total < 2

    value_sum Lte 2
    | summarize total = sum(v1) by k1, at
    | where total <= 2

    value_sum Eq 2
    | summarize total = sum(v1) by k1, at
    | where total == 2

    value_sum Neq 2
    | summarize total = sum(v1) by k1, at
    | where total != 2

    value_avg Gte 2
    | summarize average = avg(v1) by k1, at
    | where average >= 2

    value_avg Gt 2
    | summarize average = avg(v1) by k1, at
    | where average > 2

    value_avg Lt 2
    | summarize average = avg(v1) by k1, at
    | where average < 2

    value_avg Lte 2
    | summarize average = avg(v1) by k1, at
    | where average <= 2

    value_avg Eq 2
    | summarize average = avg(v1) by k1, at
    | where average == 2

    value_avg Neq 2
    | summarize average = avg(v1) by k1, at
    | where average != 2

    value_percentile Gte 2
    | summarize numbers = count(), under1 = countif(v1 < 2) by k1, at
    | where under1 * 20 < numbers * 19

    value_percentile Gt 2
    | summarize numbers = count(), upto1 = countif(v1 <= 2) by k1, at
    | where upto1 * 20 < numbers * 19

    value_percentile Lt 2
    | summarize numbers = count(), under1 = countif(v1 < 2) by k1, at
    | where not(under1 * 20 < numbers * 19)

    value_percentile Lte 2
    | summarize numbers = count(), upto1 = countif(v1 <= 2) by k1, at
    | where not(upto1 * 20 < numbers * 19)

    value_percentile Eq 2
    | summarize numbers = count(), under1 = countif(v1 < 2), upto1 = countif(v1 <= 2) by k1, at
    | where under1 * 20 < numbers * 19 and not(upto1 * 20 < numbers * 19)

    value_percentile Neq 2
    | summarize numbers = count(), under1 = countif(v1 < 2), upto1 = countif(v1 <= 2) by k1, at
    | where not(under1 * 20 < numbers * 19 and not(upto1 * 20 < numbers * 19))

    value_median Gte 2
    | summarize numbers = count(), under1 = countif(v1 < 2) by k1, at
    | where under1 * 2 < numbers

    value_median Gt 2
    | summarize numbers = count(), upto1 = countif(v1 <= 2) by k1, at
    | where upto1 * 2 < numbers

    value_median Lt 2
    | summarize numbers = count(), under1 = countif(v1 < 2) by k1, at
    | where not(under1 * 2 < numbers)

    value_median Lte 2
    | summarize numbers = count(), upto1 = countif(v1 <= 2) by k1, at
    | where not(upto1 * 2 < numbers)

    value_median Eq 2
    | summarize numbers = count(), under1 = countif(v1 < 2), upto1 = countif(v1 <= 2) by k1, at
    | where under1 * 2 < numbers and not(upto1 * 2 < numbers)

    value_median Neq 2
    | summarize numbers = count(), under1 = countif(v1 < 2), upto1 = countif(v1 <= 2) by k1, at
    | where not(under1 * 2 < numbers and not(upto1 * 2 < numbers))
    "#);
}

#[test]
fn nothing_is_estimated() {
    for kind in [ValueCount, ValuePercentile, ValueMedian] {
        for operator in [Gte, Gt, Lt, Lte, Eq, Neq] {
            let field = if kind == ValueCount { "h" } else { "r" };
            let query = query(correlation(kind, &["User"], vec![logons()], &[(operator, 100.0)], &[field]));
            assert!(!query.contains("dcount") && !query.contains("percentile("), "{query}");
        }
    }
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let of = |field: &str| query(of(ValueSum, vec![logons()], 2.0, &[field]));
    assert_snapshot!(of("b"), @"refused as type: KQL: `b` holds true or false, which are no numbers");
    assert_snapshot!(of("t"), @"refused as type: KQL: `t` holds points in time, which are no numbers");
    let mut many = column("h");
    many.many = true;
    let mut values = self::of(ValueCount, vec![logons()], 2.0, &["h"]);
    values.measure.fields = vec![vec![many.into()]];
    assert_snapshot!(query(values), @"refused as correlation: KQL: `h` may hold several values, and each would count");
    let mut nothing = self::of(ValueSum, vec![logons()], 2.0, &[]);
    nothing.thresholds.clear();
    assert_snapshot!(query(nothing), @"refused as correlation: KQL: what is measured is not the same number of columns in every member");
    let members: Vec<_> = (0..9).map(|_| logons()).collect();
    assert_snapshot!(query(self::of(TemporalOrdered, members, 4.0, &[])), @"refused as limit: KQL: more than 32 orders of members would do, and each is joined by itself (help: split the rule into several)");
    let ours = with_output(Body::Correlation(self::of(EventCount, vec![logons()], 2.0, &[])), &["at"], &[]);
    assert_snapshot!(shown(&ours), @"refused as correlation: KQL: the column `at` has a name that the measure of a correlation needs");
}

/// What a mapping gave up at a member bears on the correlation as its events do.
#[test]
fn an_inexact_member_makes_an_inexact_correlation() {
    let verdict = |correlation: Correlation<Mapped>| {
        let shown = query(correlation);
        shown.rsplit_once("// ").map_or("", |(_, words)| words).split(',').next().unwrap_or("").to_owned()
    };
    let over = || step(event(inexact(is("ActionType", "x"), Verdict::Over)), &[&["User"]]);
    assert_eq!(verdict(of(EventCount, vec![over()], 3.0, &[])), "over");
    assert_eq!(verdict(correlation(EventCount, &["User"], vec![over()], &[(Lt, 3.0)], &[])), "both");
    assert_eq!(verdict(of(ValueSum, vec![over()], 3.0, &["n"])), "both");
    let mut absent = of(Temporal, vec![logons(), over()], 2.0, &[]);
    absent.thresholds.clear();
    absent.condition = Some(Logic::all([Logic::Test(0), Logic::Test(1).negate()]));
    assert_eq!(verdict(absent), "under");
    let inner = Body::Correlation(correlation(EventCount, &["User"], vec![over()], &[(Gte, 2.0)], &[]));
    assert_eq!(verdict(of(EventCount, vec![step(inner, &[&["User"]])], 2.0, &[])), "over");
}
