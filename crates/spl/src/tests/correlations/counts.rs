//! How many events.

use super::{at, member, of};
use crate::tests::build::{
    and, arm, correlation, event, everything, is, is_cased, number, rule, sequence, source, step, sysmon, union,
};
use crate::tests::lowered;
use insta::assert_snapshot;
use rulecast_ir::{Body, Reads, Threshold};
use rulecast_rule::ast::{CorrelationKind, Operator};

fn counted(thresholds: &[Threshold]) -> String {
    of(correlation(CorrelationKind::EventCount, &["user"], vec![member("a", &["user"])], thresholds))
}

#[test]
fn events_of_every_operator() {
    assert_snapshot!(counted(&[at(Operator::Gte, 10.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | sort 0 _time
    | streamstats window=10 global=f count as rc_count, min(_time) as rc_first by user
    | where rc_count=10 AND _time-rc_first<=300
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(counted(&[at(Operator::Gt, 10.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | sort 0 _time
    | streamstats window=11 global=f count as rc_count, min(_time) as rc_first by user
    | where rc_count=11 AND _time-rc_first<=300
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(counted(&[at(Operator::Lt, 10.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | sort 0 _time
    | streamstats window=10 global=f count as rc_count, min(_time) as rc_first by user
    | where rc_count<10 OR _time-rc_first>300
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(counted(&[at(Operator::Lte, 9.5)]), @r#"
    e="a"
    | where isnotnull(user)
    | sort 0 _time
    | streamstats window=10 global=f count as rc_count, min(_time) as rc_first by user
    | where rc_count<10 OR _time-rc_first>300
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(counted(&[at(Operator::Eq, 3.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | sort 0 _time
    | streamstats window=3 global=f count as rc_count3, min(_time) as rc_first3 by user
    | streamstats window=4 global=f count as rc_count4, min(_time) as rc_first4 by user
    | where rc_count3=3 AND _time-rc_first3<=300 AND (rc_count4<4 OR _time-rc_first4>300)
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(counted(&[at(Operator::Neq, 3.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | sort 0 _time
    | streamstats window=3 global=f count as rc_count3, min(_time) as rc_first3 by user
    | streamstats window=4 global=f count as rc_count4, min(_time) as rc_first4 by user
    | where rc_count3<3 OR _time-rc_first3>300 OR (rc_count4=4 AND _time-rc_first4<=300)
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(counted(&[at(Operator::Gt, 100.0), at(Operator::Lte, 200.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | sort 0 _time
    | streamstats window=101 global=f count as rc_count101, min(_time) as rc_first101 by user
    | streamstats window=201 global=f count as rc_count201, min(_time) as rc_first201 by user
    | where rc_count101=101 AND _time-rc_first101<=300 AND (rc_count201<201 OR _time-rc_first201>300)
    -- assuming unique-timestamps
    "#);
    // What always holds, and what never does.
    assert_snapshot!(counted(&[at(Operator::Gte, 1.0)]), @r#"
    e="a"
    | where isnotnull(user)
    "#);
    assert_snapshot!(counted(&[at(Operator::Lt, 1.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | where false()
    "#);
    assert_snapshot!(counted(&[at(Operator::Eq, 2.5)]), @r#"
    e="a"
    | where isnotnull(user)
    | where false()
    "#);
}

#[test]
fn events_beyond_the_window_of_streamstats() {
    assert_snapshot!(counted(&[at(Operator::Gte, 10_001.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_change=if(rc_move=1, 1, -1)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_change) as rc_count by user
    | where rc_move=1 AND rc_count>=10001
    -- assuming unique-timestamps
    "#);
}

#[test]
fn events_of_several_members_and_sources() {
    let none = correlation(CorrelationKind::EventCount, &[], vec![member("a", &[])], &[at(Operator::Gte, 3.0)]);
    assert_snapshot!(of(none), @r#"
    e="a"
    | sort 0 _time
    | streamstats window=3 count as rc_count, min(_time) as rc_first
    | where rc_count=3 AND _time-rc_first<=300
    -- assuming unique-timestamps
    "#);
    let two = vec![member("a", &["user"]), member("b", &["user"])];
    assert_snapshot!(of(correlation(CorrelationKind::EventCount, &["user"], two, &[at(Operator::Gte, 3.0)])), @r#"
    e="a" OR e="b"
    | where isnotnull(user)
    | sort 0 _time
    | streamstats window=3 global=f count as rc_count, min(_time) as rc_first by user
    | where rc_count=3 AND _time-rc_first<=300
    -- assuming unique-timestamps
    "#);
    let security = source(Reads::Macro("security".into()), number("EventCode", 4688));
    let aliased = vec![
        step("sysmon", union(vec![arm(&sysmon(1), is_cased("Image", "*X"))]), &[&["ProcessId"]]),
        step("security", union(vec![arm(&security, is("Image", "*x"))]), &[&["NewProcessId"]]),
    ];
    let body = correlation(CorrelationKind::EventCount, &["process"], aliased, &[at(Operator::Gte, 3.0)]);
    assert_snapshot!(of(body), @r#"
    | multisearch
      [search `sysmon` AND EventCode=1 AND Image="*X"
      | where isnotnull(mvfind(Image, "X\z"))
      | eval rc_step1=1,
          rc_step2=0]
      [search `security` AND EventCode=4688 AND Image="*x"
      | eval rc_step1=0,
          rc_step2=1]
    | eval rc_key1=case(
          rc_step1=1, ProcessId,
          rc_step2=1, NewProcessId)
    | where isnotnull(rc_key1)
    | sort 0 _time
    | streamstats window=3 global=f count as rc_count, min(_time) as rc_first by rc_key1
    | where rc_count=3 AND _time-rc_first<=300
    -- assuming unique-timestamps
    "#);
}

#[test]
fn an_event_of_two_groups() {
    let overlapping = vec![member("a", &["user"]), step("other", event(is("f", "x")), &[&["account"]])];
    let counted = correlation(CorrelationKind::EventCount, &["user"], overlapping, &[at(Operator::Gte, 3.0)]);
    assert_snapshot!(of(counted.clone()), @r#"
    e="a" OR f="x"
    | eval rc_step1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(f, "(?i)\Ax\z")), 1, 0),
        rc_role=mvappend(if(rc_step1=1, 1, null()), if(rc_step2=1 AND if(rc_step1=1 AND tostring(user)=tostring(account), 1, 0)=0, 2, null()))
    | where rc_step1=1 OR rc_step2=1
    | mvexpand rc_role
    | eval rc_key1=case(
          rc_role=1, user,
          rc_role=2, account),
        rc_step1=if(rc_step1=1 AND tostring(rc_key1)=tostring(user), 1, 0),
        rc_step2=if(rc_step2=1 AND tostring(rc_key1)=tostring(account), 1, 0)
    | where isnotnull(rc_key1)
    | sort 0 _time
    | streamstats window=3 global=f count as rc_count, min(_time) as rc_first by rc_key1
    | where rc_count=3 AND _time-rc_first<=300
    -- assuming unique-timestamps
    "#);
    // Inside another, it would be taken for two.
    let outer = vec![step("counted", Body::Correlation(counted), &[&["user"]]), member("b", &["user"])];
    assert_snapshot!(lowered(&rule(sequence(&["user"], outer, None))), @"refused, correlation: SPL: one event may be of two members, by different keys or macros, and would be taken for two events (let the rules exclude each other)");
}

#[test]
fn what_a_correlation_assumes() {
    let text = and([is("e", "a"), is("f", "ß")]);
    let body = |thresholds: &[Threshold]| {
        let member = step("a", union(vec![arm(&everything(), text.clone())]), &[]);
        of(correlation(CorrelationKind::EventCount, &[], vec![member], thresholds))
    };
    assert_snapshot!(body(&[at(Operator::Gte, 2.0)]), @r#"
    e="a" AND f="ß"
    | sort 0 _time
    | streamstats window=2 count as rc_count, min(_time) as rc_first
    | where rc_count=2 AND _time-rc_first<=300
    -- assuming ascii, unique-timestamps
    "#);
}
