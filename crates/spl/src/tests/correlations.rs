//! Correlations: the query of each type and operator.

use super::build::{
    and, arm, correlation, event, everything, is, is_cased, measuring, number, rule, source, step, sysmon, temporal,
    union,
};
use super::lowered;
use insta::assert_snapshot;
use rulecast_ir::{Body, Correlation, Logic, Mapped, Reads, Step, Threshold};
use rulecast_rule::ast::{CorrelationKind, Operator};

/// `a`, `b` and `c`: events of `e`, with the keys.
fn member(name: &str, keys: &[&str]) -> Step<Mapped> {
    let keys: Vec<&[&str]> = keys.iter().map(std::slice::from_ref).collect();
    step(name, event(is("e", name)), &keys)
}

fn at(operator: Operator, value: f64) -> Threshold {
    Threshold { operator, value }
}

fn of(body: Correlation<Mapped>) -> String {
    lowered(&rule(Body::Correlation(body)))
}

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
fn values() {
    let one = |thresholds: &[Threshold]| {
        of(measuring(CorrelationKind::ValueCount, &["user"], vec![member("a", &["user"])], &["host"], thresholds))
    };
    assert_snapshot!(one(&[at(Operator::Gte, 3.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_value1=coalesce(host, ""),
        rc_weight=if(isnotnull(host), if(rc_move=1, 1, -1), 0)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_weight) as rc_same by user, rc_value1
    | eval rc_change=case(
          rc_weight=1 AND rc_same=1, 1,
          rc_weight=-1 AND rc_same=0, -1,
          true(), 0)
    | streamstats window=0 sum(rc_change) as rc_count by user
    | where rc_move=1 AND rc_count>=3
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(one(&[at(Operator::Neq, 3.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_value1=coalesce(host, ""),
        rc_weight=if(isnotnull(host), if(rc_move=1, 1, -1), 0)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_weight) as rc_same by user, rc_value1
    | eval rc_change=case(
          rc_weight=1 AND rc_same=1, 1,
          rc_weight=-1 AND rc_same=0, -1,
          true(), 0)
    | streamstats window=0 sum(rc_change) as rc_count by user
    | where rc_move=1 AND (rc_count<3 OR rc_count>3)
    -- assuming unique-timestamps
    "#);
    let pairs = measuring(
        CorrelationKind::ValueCount,
        &["user"],
        vec![member("a", &["user"])],
        &["host", "port"],
        &[at(Operator::Lt, 3.0)],
    );
    assert_snapshot!(of(pairs), @r#"
    e="a"
    | where isnotnull(user)
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_value1=coalesce(host, ""),
        rc_value2=coalesce(port, ""),
        rc_weight=if(isnotnull(host) AND isnotnull(port), if(rc_move=1, 1, -1), 0)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_weight) as rc_same by user, rc_value1, rc_value2
    | eval rc_change=case(
          rc_weight=1 AND rc_same=1, 1,
          rc_weight=-1 AND rc_same=0, -1,
          true(), 0)
    | streamstats window=0 sum(rc_change) as rc_count by user
    | where rc_move=1 AND rc_count<3
    -- assuming unique-timestamps
    "#);
}

#[test]
fn numbers() {
    let of = |kind, percentile, thresholds: &[Threshold]| {
        let mut body = measuring(kind, &["user"], vec![member("a", &["user"])], &["bytes"], thresholds);
        body.measure.percentile = percentile;
        of(body)
    };
    assert_snapshot!(of(CorrelationKind::ValueSum, None, &[at(Operator::Gt, 1000.5)]), @r#"
    e="a"
    | where isnotnull(user)
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_number=tonumber(bytes),
        rc_one=if(isnotnull(rc_number), if(rc_move=1, 1, -1), 0),
        rc_change=if(rc_move=1, rc_number, 0-rc_number)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_one) as rc_numbers, sum(rc_change) as rc_sum by user
    | where rc_move=1 AND rc_numbers>0 AND round(rc_sum, 6)>1000.5
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(of(CorrelationKind::ValueAvg, None, &[at(Operator::Neq, 5.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_number=tonumber(bytes),
        rc_one=if(isnotnull(rc_number), if(rc_move=1, 1, -1), 0),
        rc_change=if(rc_move=1, rc_number, 0-rc_number)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_one) as rc_numbers, sum(rc_change) as rc_sum by user
    | where rc_move=1 AND rc_numbers>0 AND (round(rc_sum/rc_numbers, 6)<5 OR round(rc_sum/rc_numbers, 6)>5)
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(of(CorrelationKind::ValueMedian, None, &[at(Operator::Gte, 5.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_number=tonumber(bytes),
        rc_one=if(isnotnull(rc_number), if(rc_move=1, 1, -1), 0),
        rc_low1=if(rc_number<5, if(rc_move=1, 1, -1), 0)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_one) as rc_numbers, sum(rc_low1) as rc_below1 by user
    | where rc_move=1 AND rc_numbers>0 AND (rc_below1=0 OR rc_below1*2<rc_numbers)
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(of(CorrelationKind::ValuePercentile, Some(99.9), &[at(Operator::Lte, 5.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_number=tonumber(bytes),
        rc_one=if(isnotnull(rc_number), if(rc_move=1, 1, -1), 0),
        rc_low1=if(rc_number<=5, if(rc_move=1, 1, -1), 0)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_one) as rc_numbers, sum(rc_low1) as rc_below1 by user
    | where rc_move=1 AND rc_numbers>0 AND rc_below1>0 AND rc_below1*1000>=rc_numbers*999
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(of(CorrelationKind::ValuePercentile, Some(95.0), &[at(Operator::Eq, 5.0)]), @r#"
    e="a"
    | where isnotnull(user)
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_number=tonumber(bytes),
        rc_one=if(isnotnull(rc_number), if(rc_move=1, 1, -1), 0),
        rc_low1=if(rc_number<5, if(rc_move=1, 1, -1), 0),
        rc_low2=if(rc_number<=5, if(rc_move=1, 1, -1), 0)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_one) as rc_numbers, sum(rc_low1) as rc_below1, sum(rc_low2) as rc_below2 by user
    | where rc_move=1
        AND rc_numbers>0
        AND (rc_below1=0 OR rc_below1*20<rc_numbers*19)
        AND rc_below2>0
        AND rc_below2*20>=rc_numbers*19
    -- assuming unique-timestamps
    "#);
    let range = [at(Operator::Gt, 5.0), at(Operator::Lt, 9.0)];
    assert_snapshot!(of(CorrelationKind::ValuePercentile, Some(0.0), &range), @r#"
    e="a"
    | where isnotnull(user)
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_number=tonumber(bytes),
        rc_one=if(isnotnull(rc_number), if(rc_move=1, 1, -1), 0),
        rc_low1=if(rc_number<=5, if(rc_move=1, 1, -1), 0),
        rc_low2=if(rc_number<9, if(rc_move=1, 1, -1), 0)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_one) as rc_numbers, sum(rc_low1) as rc_below1, sum(rc_low2) as rc_below2 by user
    | where rc_move=1 AND rc_numbers>0 AND rc_below1=0 AND rc_below2>0
    -- assuming unique-timestamps
    "#);
}

fn three() -> Vec<Step<Mapped>> {
    vec![member("a", &["user"]), member("b", &["user"]), member("c", &["user"])]
}

fn test(member: usize) -> Logic<usize> {
    Logic::Test(member)
}

#[test]
fn members_in_any_order() {
    let any = |thresholds: &[Threshold]| of(correlation(CorrelationKind::Temporal, &["user"], three(), thresholds));
    assert_snapshot!(any(&[at(Operator::Gte, 3.0)]), @r#"
    e="a" OR e="b" OR e="c"
    | eval rc_step1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(e, "(?i)\Ab\z")), 1, 0),
        rc_step3=if(isnotnull(mvfind(e, "(?i)\Ac\z")), 1, 0)
    | where isnotnull(user) AND (rc_step1=1 OR rc_step2=1 OR rc_step3=1)
    | eval rc_time1=if(rc_step1=1, _time, null()),
        rc_time2=if(rc_step2=1, _time, null()),
        rc_time3=if(rc_step3=1, _time, null())
    | sort 0 _time
    | streamstats window=0 max(rc_time1) as rc_last1, max(rc_time2) as rc_last2, max(rc_time3) as rc_last3 by user
    | where _time-rc_last1<=300 AND _time-rc_last2<=300 AND _time-rc_last3<=300
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(any(&[at(Operator::Gte, 2.0)]), @r#"
    e="a" OR e="b" OR e="c"
    | eval rc_step1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(e, "(?i)\Ab\z")), 1, 0),
        rc_step3=if(isnotnull(mvfind(e, "(?i)\Ac\z")), 1, 0)
    | where isnotnull(user) AND (rc_step1=1 OR rc_step2=1 OR rc_step3=1)
    | eval rc_time1=if(rc_step1=1, _time, null()),
        rc_time2=if(rc_step2=1, _time, null()),
        rc_time3=if(rc_step3=1, _time, null())
    | sort 0 _time
    | streamstats window=0 max(rc_time1) as rc_last1, max(rc_time2) as rc_last2, max(rc_time3) as rc_last3 by user
    | eval rc_in1=if(_time-rc_last1<=300, 1, 0),
        rc_in2=if(_time-rc_last2<=300, 1, 0),
        rc_in3=if(_time-rc_last3<=300, 1, 0)
    | where rc_in1+rc_in2+rc_in3>=2
    -- assuming unique-timestamps
    "#);
    let condition = Logic::all([test(0), test(1), test(2).negate()]);
    assert_snapshot!(of(temporal(CorrelationKind::Temporal, &["user"], three(), condition)), @r#"
    e="a" OR e="b" OR e="c"
    | eval rc_step1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(e, "(?i)\Ab\z")), 1, 0),
        rc_step3=if(isnotnull(mvfind(e, "(?i)\Ac\z")), 1, 0)
    | where isnotnull(user) AND (rc_step1=1 OR rc_step2=1 OR rc_step3=1)
    | eval rc_time1=if(rc_step1=1, _time, null()),
        rc_time2=if(rc_step2=1, _time, null()),
        rc_time3=if(rc_step3=1, _time, null())
    | sort 0 _time
    | streamstats window=0 max(rc_time1) as rc_last1, max(rc_time2) as rc_last2, max(rc_time3) as rc_last3 by user
    | eval rc_in1=if(_time-rc_last1<=300, 1, 0),
        rc_in2=if(_time-rc_last2<=300, 1, 0),
        rc_in3=if(_time-rc_last3<=300, 1, 0)
    | where rc_in1=1 AND rc_in2=1 AND rc_in3=0
    -- assuming unique-timestamps
    "#);
    let condition = Logic::all([Logic::any([test(0), test(1)]), test(2)]);
    assert_snapshot!(of(temporal(CorrelationKind::Temporal, &["user"], three(), condition)), @r#"
    e="a" OR e="b" OR e="c"
    | eval rc_step1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(e, "(?i)\Ab\z")), 1, 0),
        rc_step3=if(isnotnull(mvfind(e, "(?i)\Ac\z")), 1, 0)
    | where isnotnull(user) AND (rc_step1=1 OR rc_step2=1 OR rc_step3=1)
    | eval rc_time1=if(rc_step1=1, _time, null()),
        rc_time2=if(rc_step2=1, _time, null()),
        rc_time3=if(rc_step3=1, _time, null())
    | sort 0 _time
    | streamstats window=0 max(rc_time1) as rc_last1, max(rc_time2) as rc_last2, max(rc_time3) as rc_last3 by user
    | where (_time-rc_last1<=300 OR _time-rc_last2<=300) AND _time-rc_last3<=300
    -- assuming unique-timestamps
    "#);
}

#[test]
fn members_in_order() {
    let ordered =
        |thresholds: &[Threshold]| of(correlation(CorrelationKind::TemporalOrdered, &["user"], three(), thresholds));
    assert_snapshot!(ordered(&[at(Operator::Gte, 2.0)]), @r#"
    e="a" OR e="b" OR e="c"
    | eval rc_step1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(e, "(?i)\Ab\z")), 1, 0),
        rc_step3=if(isnotnull(mvfind(e, "(?i)\Ac\z")), 1, 0)
    | where isnotnull(user) AND (rc_step1=1 OR rc_step2=1 OR rc_step3=1)
    | sort 0 _time
    | eval rc_start1_1=if(rc_step1=1, _time, null()),
        rc_start2_1=if(rc_step1=1 OR rc_step2=1, _time, null())
    | streamstats current=f window=0 max(rc_start1_1) as rc_last1_1, max(rc_start2_1) as rc_last2_1 by user
    | eval rc_start3_2=case(
          rc_step3=1, rc_last2_1,
          rc_step2=1, rc_last1_1)
    | where _time-rc_start3_2<=300
    -- assuming unique-timestamps
    "#);
    assert_snapshot!(ordered(&[at(Operator::Eq, 2.0)]), @r#"
    e="a" OR e="b" OR e="c"
    | eval rc_step1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(e, "(?i)\Ab\z")), 1, 0),
        rc_step3=if(isnotnull(mvfind(e, "(?i)\Ac\z")), 1, 0)
    | where isnotnull(user) AND (rc_step1=1 OR rc_step2=1 OR rc_step3=1)
    | sort 0 _time
    | eval rc_start1_1=if(rc_step1=1, _time, null()),
        rc_start2_1=if(rc_step1=1 OR rc_step2=1, _time, null())
    | streamstats current=f window=0 max(rc_start1_1) as rc_last1_1, max(rc_start2_1) as rc_last2_1 by user
    | eval rc_start2_2=if(rc_step2=1, rc_last1_1, null()),
        rc_start3_2=case(
          rc_step3=1, rc_last2_1,
          rc_step2=1, rc_last1_1)
    | streamstats current=f window=0 max(rc_start2_2) as rc_last2_2 by user
    | eval rc_start3_3=if(rc_step3=1, rc_last2_2, null()),
        rc_chain2=if(_time-rc_start3_2<=300, 1, 0),
        rc_chain3=if(_time-rc_start3_3<=300, 1, 0)
    | where rc_chain2=1 AND rc_chain3=0
    -- assuming unique-timestamps
    "#);
    let condition = Logic::all([test(0), test(1), test(2).negate()]);
    assert_snapshot!(of(temporal(CorrelationKind::TemporalOrdered, &["user"], three(), condition)), @r#"
    e="a" OR e="b" OR e="c"
    | eval rc_step1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(e, "(?i)\Ab\z")), 1, 0),
        rc_step3=if(isnotnull(mvfind(e, "(?i)\Ac\z")), 1, 0)
    | where isnotnull(user) AND (rc_step1=1 OR rc_step2=1 OR rc_step3=1)
    | eval rc_time3=if(rc_step3=1, _time, null()),
        rc_start1_1=if(rc_step1=1, _time, null())
    | sort 0 _time
    | streamstats window=0 max(rc_time3) as rc_last3 by user
    | eval rc_in3=if(_time-rc_last3<=300, 1, 0)
    | streamstats current=f window=0 max(rc_start1_1) as rc_last1_1 by user
    | eval rc_start1_2=if(rc_step2=1, rc_last1_1, null())
    | where rc_in3=0 AND _time-rc_start1_2<=300
    -- assuming unique-timestamps
    "#);
    let condition = Logic::all([Logic::any([test(0), test(1)]), test(2)]);
    assert_snapshot!(of(temporal(CorrelationKind::TemporalOrdered, &["user"], three(), condition)), @r#"
    e="a" OR e="b" OR e="c"
    | eval rc_step1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(e, "(?i)\Ab\z")), 1, 0),
        rc_step3=if(isnotnull(mvfind(e, "(?i)\Ac\z")), 1, 0)
    | where isnotnull(user) AND (rc_step1=1 OR rc_step2=1 OR rc_step3=1)
    | eval rc_start1_1=if(rc_step1=1, _time, null()),
        rc_start2_1=if(rc_step2=1, _time, null())
    | sort 0 _time
    | streamstats current=f window=0 max(rc_start1_1) as rc_last1_1 by user
    | eval rc_start1_2=if(rc_step3=1, rc_last1_1, null())
    | streamstats current=f window=0 max(rc_start2_1) as rc_last2_1 by user
    | eval rc_start2_2=if(rc_step3=1, rc_last2_1, null())
    | where _time-rc_start1_2<=300 OR _time-rc_start2_2<=300
    -- assuming unique-timestamps
    "#);
}

#[test]
fn correlations_of_correlations() {
    let burst =
        correlation(CorrelationKind::EventCount, &["user"], vec![member("a", &["user"])], &[at(Operator::Gte, 5.0)]);
    let burst = step("burst", Body::Correlation(burst), &[&["user"]]);
    let then = super::build::sequence(&["user"], vec![burst.clone(), member("b", &["user"])], None);
    assert_snapshot!(lowered(&rule(then.clone())), @r#"
    e="a" OR e="b"
    | eval rc_step1_1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(e, "(?i)\Ab\z")), 1, 0)
    | where rc_step1_1=1 OR rc_step2=1
    | sort 0 _time
    | eval rc_of=if(isnotnull(user) AND rc_step1_1=1, 1, 0),
        rc_by1=coalesce(user, "")
    | streamstats window=5 global=f count as rc_count, min(_time) as rc_first by rc_of, rc_by1
    | eval rc_step1=if(rc_of=1 AND rc_count=5 AND _time-rc_first<=300, 1, 0)
    | fields - rc_of, rc_by1, rc_count, rc_first
    | eval rc_start1=if(rc_step1=1, _time, null())
    | where isnotnull(user) AND (rc_step1=1 OR rc_step2=1)
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by user
    | eval rc_start2=if(rc_step2=1 AND isnotnull(rc_last1) AND _time-rc_last1<=30, rc_last1, null())
    | where isnotnull(rc_start2)
    | dedup user, rc_start2
    -- assuming unique-timestamps
    "#);
    let many = correlation(CorrelationKind::ValueCount, &["user"], vec![step("then", then, &[&["user"]])], &[]);
    let many = Correlation { thresholds: vec![at(Operator::Gte, 3.0)], ..many };
    let mut many = many;
    many.measure.fields = vec![vec![super::build::column("host", rulecast_ir::ColumnType::Text)]];
    assert_snapshot!(of(many), @r#"
    e="a" OR e="b"
    | eval rc_step1_1_1=if(isnotnull(mvfind(e, "(?i)\Aa\z")), 1, 0),
        rc_step1_2=if(isnotnull(mvfind(e, "(?i)\Ab\z")), 1, 0)
    | where rc_step1_1_1=1 OR rc_step1_2=1
    | sort 0 _time
    | eval rc_of=if(isnotnull(user) AND rc_step1_1_1=1, 1, 0),
        rc_by1=coalesce(user, "")
    | streamstats window=5 global=f count as rc_count, min(_time) as rc_first by rc_of, rc_by1
    | eval rc_step1_1=if(rc_of=1 AND rc_count=5 AND _time-rc_first<=300, 1, 0)
    | fields - rc_of, rc_by1, rc_count, rc_first
    | eval rc_of=if(isnotnull(user) AND (rc_step1_1=1 OR rc_step1_2=1), 1, 0),
        rc_by1=coalesce(user, ""),
        rc_start1=if(rc_step1_1=1, _time, null())
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by rc_of, rc_by1
    | eval rc_start2=if(rc_step1_2=1 AND isnotnull(rc_last1) AND _time-rc_last1<=30, rc_last1, null()),
        rc_used=coalesce(rc_start2, "")
    | streamstats window=0 count as rc_times by rc_of, rc_by1, rc_used
    | eval rc_step1=if(rc_of=1 AND isnotnull(rc_start2) AND rc_times=1, 1, 0)
    | fields - rc_of, rc_by1, rc_start1, rc_last1, rc_start2, rc_used, rc_times
    | where isnotnull(user) AND rc_step1=1
    | eval rc_move=mvappend(1, 0)
    | mvexpand rc_move
    | eval rc_at=if(rc_move=1, _time, _time+300),
        rc_value1=coalesce(host, ""),
        rc_weight=if(isnotnull(host), if(rc_move=1, 1, -1), 0)
    | sort 0 rc_at, -rc_move
    | streamstats window=0 sum(rc_weight) as rc_same by user, rc_value1
    | eval rc_change=case(
          rc_weight=1 AND rc_same=1, 1,
          rc_weight=-1 AND rc_same=0, -1,
          true(), 0)
    | streamstats window=0 sum(rc_change) as rc_count by user
    | where rc_move=1 AND rc_count>=3
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
    assert_snapshot!(lowered(&rule(super::build::sequence(&["user"], outer, None))), @"refused, correlation: SPL: one event may be of two members, by different keys or macros, and would be taken for two events (let the rules exclude each other)");
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
