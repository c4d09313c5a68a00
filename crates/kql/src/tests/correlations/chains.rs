//! Members in order, and members that are correlations.

use super::*;

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
