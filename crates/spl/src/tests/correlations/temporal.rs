//! Members in any order, in order, and correlations inside others.

use super::{at, member, of};
use crate::tests::build::{arm, correlation, is_cased, measuring, rule, sequence, source, step, temporal, union};
use crate::tests::evaluate::row;
use crate::tests::lowered;
use crate::{SearchTerm, Spl, evaluate, parse};
use insta::assert_snapshot;
use rulecast_backend::{Backend, Emitted};
use rulecast_ir::{Body, Logic, Mapped, Reads, Step, Threshold};
use rulecast_rule::ast::{CorrelationKind, Operator};
use std::collections::BTreeSet;

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
    let then = sequence(&["user"], vec![burst.clone(), member("b", &["user"])], None);
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
    let then = vec![step("then", then, &[&["user"]])];
    let many = measuring(CorrelationKind::ValueCount, &["user"], then, &["host"], &[at(Operator::Gte, 3.0)]);
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

/// An event that two macros hold is not after itself.
#[test]
fn an_event_of_two_macros_is_one() {
    let reads = |name: &str| source(Reads::Macro(name.into()), Logic::True);
    let of_macro = |name: &str, test: &str| step(test, union(vec![arm(&reads(name), is_cased("e", test))]), &[]);
    let members = || vec![of_macro("one", "x"), of_macro("two", "x"), of_macro("one", "y")];
    let body = correlation(CorrelationKind::TemporalOrdered, &[], members(), &[at(Operator::Gte, 2.0)]);
    let Emitted { query, .. } = Spl.lower(&rule(Body::Correlation(body))).unwrap().remove(0);
    let held = |name: &str| (name.to_owned(), Logic::Test(SearchTerm::Present(name.into())));
    let macros = ["one", "two"].into_iter().map(held).collect();
    let found = |events: &[(&str, &str)]| {
        let rows = events.iter().zip(1..).map(|((e, macros), id)| {
            let time = format!("{id}000");
            let fields = [("@time", time.as_str()), ("e", *e)].into_iter();
            row(id, &fields.chain(macros.split(' ').map(|name| (name, "1"))).collect::<Vec<_>>())
        });
        let rows: Vec<_> = rows.collect();
        let found = evaluate(&parse(&query.to_string()).unwrap(), &rows, &macros).unwrap();
        found.into_iter().flat_map(|row| row.ids).collect::<BTreeSet<u64>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(found(&[("x", "one two")]), [0_u64; 0], "{query}");
    assert_eq!(found(&[("x", "one two"), ("x", "two")]), [2], "{query}");
    assert_eq!(found(&[("x", "two"), ("x", "one"), ("y", "one"), ("y", "two")]), [3], "{query}");
    // Where less is more, a copy would do harm.
    let body = correlation(CorrelationKind::TemporalOrdered, &[], members(), &[at(Operator::Lt, 2.0)]);
    assert_snapshot!(of(body), @"refused, correlation: SPL: one event may be of two members, by different keys or macros, and would be taken for two events (let the rules exclude each other)");
}
