//! Measures over windows.

use super::build::*;
use super::shown;
use insta::assert_snapshot;
use rulecast_ir::{Body, ColumnType, Correlation, Logic, Mapped, Step};
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

#[test]
fn events_are_counted_back_along_the_rows() {
    assert_snapshot!(query(of(EventCount, vec![logons()], 5.0, &[])), @r#"
    Events
    | where ActionType =~ "LogonFailed"
    | where isnotempty(User)
    | project k1 = User, at = Timestamp, DeviceId, ReportId
    | sort by k1 asc, at asc
    | extend reached5 = coalesce(prev(k1, 4) == k1 and at - prev(at, 4) <= 30s, false)
    | where reached5
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn members_over_one_table_are_one_condition() {
    let others = step(event(is("ActionType", "LogonSuspicious")), &[&["User"]]);
    assert_snapshot!(query(of(EventCount, vec![logons(), others], 5.0, &[])), @r#"
    Events
    | where ActionType =~ "LogonFailed" or ActionType =~ "LogonSuspicious"
    | where isnotempty(User)
    | project k1 = User, at = Timestamp, DeviceId, ReportId
    | sort by k1 asc, at asc
    | extend reached5 = coalesce(prev(k1, 4) == k1 and at - prev(at, 4) <= 30s, false)
    | where reached5
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn an_event_that_counts_by_two_keys_is_one_row_of_each() {
    let others = step(event(is("ActionType", "LogonSuspicious")), &[&["Target"]]);
    assert_snapshot!(query(of(EventCount, vec![logons(), others, processes()], 3.0, &[])), @r#"
    union
      (
        Events
        | where ActionType =~ "LogonFailed"
        | where isnotempty(User)
        | project k1 = User, at = Timestamp, DeviceId, ReportId
      ),
      (
        Events
        | where ActionType =~ "LogonSuspicious"
        | where isnotempty(Target)
        | project k1 = Target, at = Timestamp, DeviceId, ReportId
      ),
      (
        Other
        | where f =~ "x.exe"
        | where isnotempty(Account)
        | project k1 = Account, at = Timestamp, DeviceId, ReportId
      )
    | distinct k1, at, DeviceId, ReportId
    | sort by k1 asc, at asc
    | extend reached3 = coalesce(prev(k1, 2) == k1 and at - prev(at, 2) <= 30s, false)
    | where reached3
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn values_are_counted_in_the_window_of_each_event() {
    assert_snapshot!(query(of(ValueCount, vec![logons()], 3.0, &["h"])), @r#"
    let members = materialize(
      Events
      | where ActionType =~ "LogonFailed"
      | where isnotempty(User)
      | project k1 = User, v1 = h, at = Timestamp, DeviceId, ReportId
    );
    let window =
      union
        (
          members
          | project k1, v1, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | project k1, v1, before = at, slot = bin(at, 30s) + 30s
        );
    let fired =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | distinct k1, at, v1
      | summarize values = countif(isnotempty(v1)) by k1, at
      | where values >= 3;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn combinations_of_values_are_counted() {
    assert_snapshot!(query(of(ValueCount, vec![logons()], 3.0, &["h", "n"])), @r#"
    let members = materialize(
      Events
      | where ActionType =~ "LogonFailed"
      | where isnotempty(User)
      | project k1 = User, v1 = h, v2 = n, at = Timestamp, DeviceId, ReportId
    );
    let window =
      union
        (
          members
          | project k1, v1, v2, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | project k1, v1, v2, before = at, slot = bin(at, 30s) + 30s
        );
    let fired =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | distinct k1, at, v1, v2
      | summarize values = countif(isnotempty(v1) and isnotnull(v2)) by k1, at
      | where values >= 3;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn members_occur_in_any_order() {
    assert_snapshot!(query(of(Temporal, vec![logons(), processes()], 2.0, &[])), @r#"
    let members = materialize(
      union
        (
          Events
          | where ActionType =~ "LogonFailed"
          | where isnotempty(User)
          | project k1 = User, member = 1, at = Timestamp, DeviceId, ReportId
        ),
        (
          Other
          | where f =~ "x.exe"
          | where isnotempty(Account)
          | project k1 = Account, member = 2, at = Timestamp, DeviceId, ReportId
        )
    );
    let window =
      union
        (
          members
          | project k1, member, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | project k1, member, before = at, slot = bin(at, 30s) + 30s
        );
    let fired =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | summarize m1 = countif(member == 1), m2 = countif(member == 2) by k1, at
      | where m1 > 0 and m2 > 0;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn a_condition_is_over_the_members_in_the_window() {
    let mut only = of(Temporal, vec![logons(), processes()], 2.0, &[]);
    only.thresholds.clear();
    only.condition = Some(Logic::all([Logic::Test(0), Logic::Test(1).negate()]));
    assert_snapshot!(condition(&query(only)), @r#"
    | summarize m1 = countif(member == 1), m2 = countif(member == 2) by k1, at
    | where m1 > 0 and not(m2 > 0)
    "#);
}

#[test]
fn chains_are_joined_one_by_one() {
    let third = step(event(is("ActionType", "C")), &[&["User"]]);
    let mut some = of(TemporalOrdered, vec![logons(), processes(), third], 2.0, &[]);
    assert_snapshot!(query(some.clone()), @r#"
    let members = materialize(
      union
        (
          Events
          | where ActionType =~ "LogonFailed"
          | where isnotempty(User)
          | project k1 = User, member = 1, at = Timestamp, DeviceId, ReportId
        ),
        (
          Other
          | where f =~ "x.exe"
          | where isnotempty(Account)
          | project k1 = Account, member = 2, at = Timestamp, DeviceId, ReportId
        ),
        (
          Events
          | where ActionType =~ "C"
          | where isnotempty(User)
          | project k1 = User, member = 3, at = Timestamp, DeviceId, ReportId
        )
    );
    let fired =
      union
        (
          members
          | project k1, at, chain = 1
        ),
        (
          members
          | where member == 1
          | project k1, t1 = at
          | join kind=inner (
              members
              | where member == 2
              | project k1, t2 = at
            ) on k1
          | where t2 > t1 and t2 - t1 <= 30s
          | summarize t1 = max(t1) by k1, t2
          | project k1, at = t2, chain = 2
        ),
        (
          members
          | where member == 1
          | project k1, t1 = at
          | join kind=inner (
              members
              | where member == 3
              | project k1, t2 = at
            ) on k1
          | where t2 > t1 and t2 - t1 <= 30s
          | summarize t1 = max(t1) by k1, t2
          | project k1, at = t2, chain = 2
        ),
        (
          members
          | where member == 2
          | project k1, t1 = at
          | join kind=inner (
              members
              | where member == 3
              | project k1, t2 = at
            ) on k1
          | where t2 > t1 and t2 - t1 <= 30s
          | summarize t1 = max(t1) by k1, t2
          | project k1, at = t2, chain = 2
        )
      | summarize longest = max(chain) by k1, at
      | where longest >= 2;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, User = k1, DeviceId, ReportId
    | distinct Timestamp, User, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
    some.thresholds.clear();
    some.condition = Some(Logic::all([Logic::Test(0), Logic::Test(1), Logic::Test(2).negate()]));
    assert_snapshot!(query(some), @r#"
    let members = materialize(
      union
        (
          Events
          | where ActionType =~ "LogonFailed"
          | where isnotempty(User)
          | project k1 = User, member = 1, at = Timestamp, DeviceId, ReportId
        ),
        (
          Other
          | where f =~ "x.exe"
          | where isnotempty(Account)
          | project k1 = Account, member = 2, at = Timestamp, DeviceId, ReportId
        ),
        (
          Events
          | where ActionType =~ "C"
          | where isnotempty(User)
          | project k1 = User, member = 3, at = Timestamp, DeviceId, ReportId
        )
    );
    let window =
      union
        (
          members
          | project k1, member, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | project k1, member, before = at, slot = bin(at, 30s) + 30s
        );
    let summary =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | summarize m1 = countif(member == 1), m2 = countif(member == 2), m3 = countif(member == 3) by k1, at;
    let fired =
      members
      | where member == 1
      | project k1, t1 = at
      | join kind=inner (
          members
          | where member == 2
          | project k1, t2 = at
        ) on k1
      | where t2 > t1 and t2 - t1 <= 30s
      | summarize t1 = max(t1) by k1, t2
      | project k1, at = t2, chain = 1
      | join kind=inner (summary) on k1, at
      | where chain == 1 and not(m3 > 0);
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, User = k1, DeviceId, ReportId
    | distinct Timestamp, User, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn numbers_are_summed_and_ranked() {
    assert_snapshot!(query(of(ValueSum, vec![logons()], 1.5, &["n"])), @r#"
    let members = materialize(
      Events
      | where ActionType =~ "LogonFailed"
      | where isnotempty(User)
      | project k1 = User, v1 = n, at = Timestamp, DeviceId, ReportId
    );
    let window =
      union
        (
          members
          | where isnotnull(v1)
          | project k1, v1, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | where isnotnull(v1)
          | project k1, v1, before = at, slot = bin(at, 30s) + 30s
        );
    let fired =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | summarize total = sum(v1) by k1, at
      | where total >= 1.5;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
    assert_snapshot!(query(of(ValuePercentile, vec![logons()], 100.0, &["r"])), @r#"
    let members = materialize(
      Events
      | where ActionType =~ "LogonFailed"
      | where isnotempty(User)
      | project k1 = User, v1 = r, at = Timestamp, DeviceId, ReportId
    );
    let window =
      union
        (
          members
          | where isnotnull(v1)
          | project k1, v1, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | where isnotnull(v1)
          | project k1, v1, before = at, slot = bin(at, 30s) + 30s
        );
    let fired =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | summarize numbers = count(), under1 = countif(v1 < 100) by k1, at
      | where under1 * 20 < numbers * 19;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn numbers_in_texts_are_read() {
    assert_snapshot!(query(of(ValueAvg, vec![logons()], 10.0, &["h"])), @r#"
    let members = materialize(
      Events
      | where ActionType =~ "LogonFailed"
      | where isnotempty(User)
      | project k1 = User, v1 = toreal(h), at = Timestamp, DeviceId, ReportId
    );
    let window =
      union
        (
          members
          | where isnotnull(v1)
          | project k1, v1, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | where isnotnull(v1)
          | project k1, v1, before = at, slot = bin(at, 30s) + 30s
        );
    let fired =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | summarize average = avg(v1) by k1, at
      | where average >= 10;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps, mapping:h
    "#);
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
fn a_range_is_two_thresholds() {
    let range = correlation(EventCount, &["User"], vec![logons()], &[(Gt, 100.0), (Lte, 200.0)], &[]);
    assert_snapshot!(query(range), @r#"
    Events
    | where ActionType =~ "LogonFailed"
    | where isnotempty(User)
    | project k1 = User, at = Timestamp, DeviceId, ReportId
    | sort by k1 asc, at asc
    | extend reached101 = coalesce(prev(k1, 100) == k1 and at - prev(at, 100) <= 30s, false)
    | extend reached201 = coalesce(prev(k1, 200) == k1 and at - prev(at, 200) <= 30s, false)
    | where reached101 and not(reached201)
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn a_count_that_is_always_reached_is_not_asked_for() {
    let all = of(EventCount, vec![logons()], 1.0, &[]);
    assert_snapshot!(query(all), @r#"
    Events
    | where ActionType =~ "LogonFailed"
    | where isnotempty(User)
    | project k1 = User, at = Timestamp, DeviceId, ReportId
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
    let none = correlation(EventCount, &["User"], vec![logons()], &[(Lt, 1.0)], &[]);
    assert_snapshot!(query(none), @r#"
    Events
    | where ActionType =~ "LogonFailed"
    | where isnotempty(User)
    | project k1 = User, at = Timestamp, DeviceId, ReportId
    | where false
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn without_keys_all_events_are_one_group() {
    let all = step(event(is("f", "x")), &[]);
    assert_snapshot!(query(correlation(EventCount, &[], vec![all.clone()], &[(Gte, 3.0)], &[])), @r#"
    Events
    | where f =~ "x"
    | project k1 = 1, at = Timestamp, DeviceId, ReportId
    | sort by k1 asc, at asc
    | extend reached3 = coalesce(at - prev(at, 2) <= 30s, false)
    | where reached3
    | project Timestamp = at, DeviceId, ReportId
    // exact, unique-timestamps
    "#);
    assert_snapshot!(query(correlation(ValueCount, &[], vec![all], &[(Gte, 3.0)], &["h"])), @r#"
    let members = materialize(
      Events
      | where f =~ "x"
      | project k1 = 1, v1 = h, at = Timestamp, DeviceId, ReportId
    );
    let window =
      union
        (
          members
          | project k1, v1, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | project k1, v1, before = at, slot = bin(at, 30s) + 30s
        );
    let fired =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | distinct k1, at, v1
      | summarize values = countif(isnotempty(v1)) by k1, at
      | where values >= 3;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn a_correlation_may_be_a_member() {
    let burst = Body::Correlation(of(EventCount, vec![logons()], 5.0, &[]));
    let then = of(Temporal, vec![step(burst.clone(), &[&["h"]]), processes()], 2.0, &[]);
    assert_snapshot!(query(then), @r#"
    let members = materialize(
      union
        (
          Events
          | where ActionType =~ "LogonFailed"
          | where isnotempty(User)
          | project k1 = User, at = Timestamp, c1 = h, c2 = 1, c3 = DeviceId, c4 = ReportId,
              c5 = isnotempty(h)
          | sort by k1 asc, at asc
          | extend reached5 = coalesce(prev(k1, 4) == k1 and at - prev(at, 4) <= 30s, false)
          | where reached5
          | where c5
          | project k1 = c1, member = c2, at, DeviceId = c3, ReportId = c4
        ),
        (
          Other
          | where f =~ "x.exe"
          | where isnotempty(Account)
          | project k1 = Account, member = 2, at = Timestamp, DeviceId, ReportId
        )
    );
    let window =
      union
        (
          members
          | project k1, member, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | project k1, member, before = at, slot = bin(at, 30s) + 30s
        );
    let fired =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | summarize m1 = countif(member == 1), m2 = countif(member == 2) by k1, at
      | where m1 > 0 and m2 > 0;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
    let body = sequence(&["Key"], 60, vec![step(burst, &[&["h"]]), processes()], None);
    assert_snapshot!(shown(&rule(body)), @r#"
    let step1 =
      Events
      | where ActionType =~ "LogonFailed"
      | where isnotempty(User)
      | project k1 = User, at = Timestamp, c1 = h, c2 = isnotempty(h)
      | sort by k1 asc, at asc
      | extend reached5 = coalesce(prev(k1, 4) == k1 and at - prev(at, 4) <= 30s, false)
      | where reached5
      | where c2
      | project k1 = c1, t1 = at;
    let step2 =
      Other
      | where f =~ "x.exe"
      | where isnotempty(Account)
      | project k1 = Account, t2 = Timestamp, DeviceId, ReportId;
    step1
    | join kind=inner (step2) on k1
    | where t2 > t1 and t2 - t1 <= 1m
    | summarize arg_max(t1, DeviceId, ReportId) by k1, t2
    | summarize arg_min(t2, DeviceId, ReportId) by k1, t1
    | project Timestamp = t2, Key = k1, Start = t1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn what_is_shown_of_several_tables_is_kept() {
    let both = of(Temporal, vec![logons(), processes()], 2.0, &[]);
    let rule = with_output(Body::Correlation(both), &["@time", "f", "h"], &[("@time", true)]);
    assert_snapshot!(shown(&rule), @r#"
    let members = materialize(
      union
        (
          Events
          | where ActionType =~ "LogonFailed"
          | where isnotempty(User)
          | extend k1 = User, member = 1, at = Timestamp
        ),
        (
          Other
          | where f =~ "x.exe"
          | where isnotempty(Account)
          | extend k1 = Account, member = 2, at = Timestamp
        )
    );
    let window =
      union
        (
          members
          | project k1, member, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | project k1, member, before = at, slot = bin(at, 30s) + 30s
        );
    let fired =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | summarize m1 = countif(member == 1), m2 = countif(member == 2) by k1, at
      | where m1 > 0 and m2 > 0;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, f, h, User = k1, DeviceId, ReportId
    | sort by Timestamp desc
    // exact, empty-is-missing, unique-timestamps
    "#);
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

#[test]
fn mixed_numbers_become_one_type() {
    let mut mixed = of(ValueSum, vec![logons(), processes()], 2.0, &["n"]);
    mixed.measure.fields[1] = vec![property("o", &["x"], false, ColumnType::Real).into()];
    assert_snapshot!(query(mixed), @r#"
    let members = materialize(
      union
        (
          Events
          | where ActionType =~ "LogonFailed"
          | where isnotempty(User)
          | project k1 = User, v1 = toreal(n), at = Timestamp, DeviceId, ReportId
        ),
        (
          Other
          | where f =~ "x.exe"
          | where isnotempty(Account)
          | project k1 = Account, v1 = toreal(o.x), at = Timestamp, DeviceId, ReportId
        )
    );
    let window =
      union
        (
          members
          | where isnotnull(v1)
          | project k1, v1, before = at, slot = bin(at, 30s)
        ),
        (
          members
          | where isnotnull(v1)
          | project k1, v1, before = at, slot = bin(at, 30s) + 30s
        );
    let fired =
      members
      | distinct k1, at
      | extend slot = bin(at, 30s)
      | join kind=inner (window) on k1, slot
      | where before <= at and at - before <= 30s
      | summarize total = sum(v1) by k1, at
      | where total >= 2;
    members
    | join kind=leftsemi (fired) on k1, at
    | project Timestamp = at, User = k1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}
