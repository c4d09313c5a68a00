//! Values and numbers.

use super::{at, member, of};
use crate::tests::build::measuring;
use insta::assert_snapshot;
use rulecast_ir::Threshold;
use rulecast_rule::ast::{CorrelationKind, Operator};

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
