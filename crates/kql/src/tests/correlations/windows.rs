//! Measures of the window of each event.

use super::*;

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
fn a_value_of_several_columns_is_there_where_one_of_them_is() {
    let mut paths = of(ValueCount, vec![logons()], 3.0, &["h"]);
    paths.measure.fields = vec![vec![join(&["d", "u"]).into()]];
    let query = query(paths);
    assert_snapshot!(query.lines().nth(4).unwrap().trim(), @r#"| project k1 = User, v1 = iff(isnotempty(d) or isnotempty(u), strcat(d, @"\", u), ""),"#);
}

#[test]
fn a_value_in_unlike_columns_is_compared_as_text() {
    let mut mixed = of(ValueCount, vec![logons(), processes()], 3.0, &["h"]);
    mixed.measure.fields[1] = vec![column("n").into()];
    let query = query(mixed);
    let projects: Vec<&str> = query.lines().filter(|line| line.contains("v1 = ")).map(str::trim).collect();
    assert_snapshot!(projects.join("\n"), @r#"
    | project k1 = User, v1 = h, at = Timestamp, DeviceId, ReportId
    | project k1 = Account, v1 = tostring(n), at = Timestamp, DeviceId, ReportId
    "#);
    assert!(query.contains("countif(isnotempty(v1))"), "{query}");
}
