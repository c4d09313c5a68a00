//! Events in order.

use super::build::*;
use super::shown;
use insta::assert_snapshot;
use rulecast_ir::{Body, Logic};

fn first() -> Body<rulecast_ir::Mapped> {
    arms(vec![arm(&source("Events", is("ActionType", "A")), is("f", r"*\a.exe"))])
}

fn second() -> Body<rulecast_ir::Mapped> {
    arms(vec![arm(&source("Other", Logic::True), not(is("h", "y")))])
}

#[test]
fn two_steps() {
    let body = sequence(&["HostId"], 30, vec![step(first(), &[&["f"]]), step(second(), &[&["h"]])], None);
    assert_snapshot!(shown(&rule(body)), @r#"
    let step1 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | where isnotempty(f)
      | project k1 = f, t1 = Timestamp;
    let step2 =
      Other
      | where not(h =~ "y")
      | where isnotempty(h)
      | project k1 = h, t2 = Timestamp, DeviceId, ReportId;
    step1
    | join kind=inner (step2) on k1
    | where t2 > t1 and t2 - t1 <= 30s
    | summarize arg_max(t1, DeviceId, ReportId) by k1, t2
    | summarize arg_min(t2, DeviceId, ReportId) by k1, t1
    | project Timestamp = t2, HostId = k1, Start = t1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn three_steps_with_two_keys() {
    let steps = vec![
        step(first(), &[&["DeviceId"], &["Domain", "User"]]),
        step(second(), &[&["DeviceId"], &["Domain", "h"]]),
        step(first(), &[&["DeviceId"], &["Domain", "User"]]),
    ];
    assert_snapshot!(shown(&rule(sequence(&["DeviceId", "UserId"], 3600, steps, None))), @r#"
    let step1 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | where isnotempty(DeviceId) and isnotempty(Domain) and isnotempty(User)
      | project k1 = DeviceId, k2 = Domain, k3 = User, t1 = Timestamp;
    let step2 =
      Other
      | where not(h =~ "y")
      | where isnotempty(DeviceId) and isnotempty(Domain) and isnotempty(h)
      | project k1 = DeviceId, k2 = Domain, k3 = h, t2 = Timestamp;
    let step3 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | where isnotempty(DeviceId) and isnotempty(Domain) and isnotempty(User)
      | project k1 = DeviceId, k2 = Domain, k3 = User, t3 = Timestamp, DeviceId, ReportId;
    step1
    | join kind=inner (step2) on k1, k2, k3
    | where t2 > t1 and t2 - t1 <= 1h
    | summarize t1 = max(t1) by k1, k2, k3, t2
    | join kind=inner (step3) on k1, k2, k3
    | where t3 > t2 and t3 - t1 <= 1h
    | summarize arg_max(t1, DeviceId, ReportId) by k1, k2, k3, t3
    | summarize arg_min(t3, DeviceId, ReportId) by k1, k2, k3, t1
    | project Timestamp = t3, DeviceId = k1, Domain = k2, User = k3, Start = t1, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn until_ends_what_began() {
    let until = step(event(is("f", "stop")), &[&["f"]]);
    let body = sequence(&["Key"], 90, vec![step(first(), &[&["f"]]), step(second(), &[&["h"]])], Some(until));
    assert_snapshot!(shown(&rule(body)), @r#"
    let step1 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | where isnotempty(f)
      | project k1 = f, t1 = Timestamp;
    let step2 =
      Other
      | where not(h =~ "y")
      | where isnotempty(h)
      | project k1 = h, t2 = Timestamp, DeviceId, ReportId;
    let until =
      Events
      | where f =~ "stop"
      | where isnotempty(f)
      | project k1 = f, tu = Timestamp;
    step1
    | join kind=inner (step2) on k1
    | where t2 > t1 and t2 - t1 <= 90s
    | summarize arg_max(t1, DeviceId, ReportId) by k1, t2
    | join kind=leftouter (until) on k1
    | summarize ended = countif(tu >= t1 and tu < t2) by k1, t1, t2, DeviceId, ReportId
    | where ended == 0
    | summarize arg_min(t2, DeviceId, ReportId) by k1, t1
    | project Timestamp = t2, Key = k1, Start = t1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn without_keys_all_events_are_one_group() {
    let body = sequence(&[], 86_400, vec![step(first(), &[]), step(second(), &[])], None);
    assert_snapshot!(shown(&rule(body)), @r#"
    let step1 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | project k1 = 1, t1 = Timestamp;
    let step2 =
      Other
      | where not(h =~ "y")
      | project k1 = 1, t2 = Timestamp, DeviceId, ReportId;
    step1
    | join kind=inner (step2) on k1
    | where t2 > t1 and t2 - t1 <= 1d
    | summarize arg_max(t1, DeviceId, ReportId) by k1, t2
    | summarize arg_min(t2, DeviceId, ReportId) by k1, t1
    | project Timestamp = t2, Start = t1, DeviceId, ReportId
    // exact, unique-timestamps
    "#);
}

#[test]
fn a_step_may_read_several_tables() {
    let both =
        arms(vec![arm(&source("Events", Logic::True), is("f", "x")), arm(&source("Other", Logic::True), is("f", "x"))]);
    let body = sequence(&["Key"], 60, vec![step(both, &[&["f"]]), step(first(), &[&["f"]])], None);
    assert_snapshot!(shown(&rule(body)), @r#"
    let step1 =
      union
        (
          Events
          | where f =~ "x"
          | where isnotempty(f)
          | project k1 = f, t1 = Timestamp
        ),
        (
          Other
          | where f =~ "x"
          | where isnotempty(f)
          | project k1 = f, t1 = Timestamp
        );
    let step2 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | where isnotempty(f)
      | project k1 = f, t2 = Timestamp, DeviceId, ReportId;
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
fn keys_of_different_types_are_compared_as_text() {
    let body = sequence(&["Key"], 60, vec![step(first(), &[&["n"]]), step(second(), &[&["h"]])], None);
    assert_snapshot!(shown(&rule(body)), @r#"
    let step1 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | where isnotnull(n)
      | project k1 = tostring(n), t1 = Timestamp;
    let step2 =
      Other
      | where not(h =~ "y")
      | where isnotempty(h)
      | project k1 = h, t2 = Timestamp, DeviceId, ReportId;
    step1
    | join kind=inner (step2) on k1
    | where t2 > t1 and t2 - t1 <= 1m
    | summarize arg_max(t1, DeviceId, ReportId) by k1, t2
    | summarize arg_min(t2, DeviceId, ReportId) by k1, t1
    | project Timestamp = t2, Key = k1, Start = t1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
    let body = sequence(&["Key"], 60, vec![step(first(), &[&["o"]]), step(first(), &[&["o"]])], None);
    assert_snapshot!(shown(&rule(body)), @r#"
    let step1 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | where isnotempty(tostring(o))
      | project k1 = tostring(o), t1 = Timestamp;
    let step2 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | where isnotempty(tostring(o))
      | project k1 = tostring(o), t2 = Timestamp, DeviceId, ReportId;
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
fn output_is_of_the_completing_event() {
    let body = sequence(&["Key"], 60, vec![step(second(), &[&["h"]]), step(first(), &[&["f"]])], None);
    assert_snapshot!(shown(&with_output(body, &["@time", "g", "o"], &[("n", true), ("@time", false)])), @r#"
    let step1 =
      Other
      | where not(h =~ "y")
      | where isnotempty(h)
      | project k1 = h, t1 = Timestamp;
    let step2 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | where isnotempty(f)
      | project k1 = f, t2 = Timestamp, g, o = tostring(o), n, DeviceId, ReportId;
    step1
    | join kind=inner (step2) on k1
    | where t2 > t1 and t2 - t1 <= 1m
    | summarize arg_max(t1, g, o, n, DeviceId, ReportId) by k1, t2
    | summarize arg_min(t2, g, o, n, DeviceId, ReportId) by k1, t1
    | project Timestamp = t2, g, o, Key = k1, Start = t1, n, DeviceId, ReportId
    | sort by n desc, Timestamp asc
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn keys_that_cannot_be_joined_are_refused() {
    let steps = vec![step(first(), &[&["r"], &["f", "g"]]), step(second(), &[&["h"], &["h"]])];
    assert_snapshot!(shown(&rule(sequence(&["Key", "UserId"], 60, steps, None))), @r#"
    refused as sequence: KQL: `r` is of another type than the same key of other steps
    refused as sequence: KQL: the key `UserId` is one column in some steps and several in others
    "#);
    let named = sequence(&["Key"], 60, vec![step(first(), &[&["f"]]), step(second(), &[&["h"]])], None);
    assert_snapshot!(shown(&with_output(named, &["t1", "kx", "ended"], &[])), @r#"
    refused as sequence: KQL: the column `t1` has a name that the joins of a sequence need
    refused as sequence: KQL: the column `ended` has a name that the joins of a sequence need
    "#);
}

#[test]
fn a_sequence_may_be_a_step() {
    let inner = sequence(&["Key"], 60, vec![step(first(), &[&["f"]]), step(second(), &[&["h"]])], None);
    let outer = sequence(&["Key"], 60, vec![step(inner, &[&["f"]]), step(second(), &[&["h"]])], None);
    assert_snapshot!(shown(&rule(outer)), @r#"
    let step1 =
      Events
      | where ActionType =~ "A" and f endswith @"\a.exe"
      | where isnotempty(f)
      | project k1 = f, t1 = Timestamp;
    let step2 =
      Other
      | where not(h =~ "y")
      | where isnotempty(h)
      | project k1 = h, t2 = Timestamp, c1 = f, c2 = isnotempty(f);
    let step1_2 =
      step1
      | join kind=inner (step2) on k1
      | where t2 > t1 and t2 - t1 <= 1m
      | summarize arg_max(t1, c1, c2) by k1, t2
      | summarize arg_min(t2, c1, c2) by k1, t1
      | where c2
      | project k1 = c1, t1 = t2;
    let step2_2 =
      Other
      | where not(h =~ "y")
      | where isnotempty(h)
      | project k1 = h, t2 = Timestamp, DeviceId, ReportId;
    step1_2
    | join kind=inner (step2_2) on k1
    | where t2 > t1 and t2 - t1 <= 1m
    | summarize arg_max(t1, DeviceId, ReportId) by k1, t2
    | summarize arg_min(t2, DeviceId, ReportId) by k1, t1
    | project Timestamp = t2, Key = k1, Start = t1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}
