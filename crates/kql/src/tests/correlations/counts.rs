//! Counts of events.

use super::*;

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
