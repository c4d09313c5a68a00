//! Counts of events.
//!
//! In the rows of a key, in order of time, the window holds at least n events where the event n - 1 rows before is of the
//! same key and in the window. Every comparison of a count is made of such questions, so none needs the count itself.

use super::super::key::KeyColumn;
use super::super::result::Found;
use super::rows::Rows;
use super::{AT, numbered};
use crate::ast::{Comparison, Condition, Expr, Function, Named, Operator, SortKey, Test};
use rulecast_ir::{Correlation, Logic, Mapped, Threshold};
use rulecast_rule::ast::Operator as Bound;

/// The events at which the count satisfies all thresholds.
pub(super) fn fired(correlation: &Correlation<Mapped>, rows: Rows) -> Found {
    let Rows { mut pipeline, keys, repeated, overlapping, .. } = rows;
    let mut asked: Vec<i64> = Vec::new();
    let condition = Logic::all(correlation.thresholds.iter().map(|threshold| holds(*threshold, &mut asked)));
    if !asked.is_empty() {
        asked.sort_unstable();
        let order = keys.iter().map(|key| &*key.name).chain([AT]);
        let order = order.map(|name| SortKey { by: Expr::Column(name.into()), descending: false });
        pipeline.operators.push(Operator::Sort(order.collect()));
        for count in asked {
            pipeline.operators.push(Operator::Extend(vec![reached(count, &keys, correlation.timespan)]));
        }
    }
    if condition != Logic::True {
        pipeline.operators.push(Operator::Where(condition));
    }
    Found { rows: pipeline, keys, time: AT.into(), start: None, repeated, overlapping }
}

/// Whether the count satisfies a threshold; adds the counts that it asks for.
pub(super) fn holds(threshold: Threshold, asked: &mut Vec<i64>) -> Condition {
    let Threshold { operator, value } = threshold;
    let (least, more) = (value.ceil(), value.floor() + 1.0);
    match operator {
        Bound::Gte => at_least(least, asked),
        Bound::Gt => at_least(more, asked),
        Bound::Lt => at_least(least, asked).negate(),
        Bound::Lte => at_least(more, asked).negate(),
        Bound::Eq | Bound::Neq => {
            let equal = if least < more {
                Logic::all([at_least(least, asked), at_least(more, asked).negate()])
            } else {
                Logic::False
            };
            if operator == Bound::Eq { equal } else { equal.negate() }
        }
    }
}

/// Whether there are so many events in the window; the one at which it is asked is.
fn at_least(count: f64, asked: &mut Vec<i64>) -> Condition {
    if count <= 1.0 {
        return Logic::True;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a count beyond the largest is reached as little as that one")]
    let count = count as i64;
    if !asked.contains(&count) {
        asked.push(count);
    }
    Logic::Test(Test::Value(Expr::Column(name(count))))
}

fn name(count: i64) -> rulecast_ir::Name {
    numbered("reached", usize::try_from(count).unwrap_or_default())
}

/// `reachedN = coalesce(prev(k1, N - 1) == k1 and at - prev(at, N - 1) <= timespan, false)`
fn reached(count: i64, keys: &[KeyColumn], timespan: u64) -> Named {
    let before = |name: &str| Expr::call(Function::Prev, [Expr::Column(name.into()), Expr::Long(count - 1)]);
    let same = keys
        .iter()
        .filter(|key| key.shown.is_some())
        .map(|key| Logic::Test(Test::compare(before(&key.name), Comparison::Equal, Expr::Column(key.name.clone()))));
    let length = Expr::Minus(Box::new(Expr::Column(AT.into())), Box::new(before(AT)));
    let within = Logic::Test(Test::compare(length, Comparison::LessOrEqual, Expr::Timespan(timespan)));
    let condition = Logic::all(same.chain([within]));
    Named { name: name(count), value: Expr::call(Function::Coalesce, [Expr::truth(condition), Expr::Bool(false)]) }
}
