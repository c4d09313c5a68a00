//! Thresholds as conditions of a number that the query computes.

use crate::ast::{Expr, WherePredicate};
use rulecast_ir::{Comparison, Logic, Number, Threshold};
use rulecast_rule::ast::Operator;

/// Whether a whole number is at least `number`, or is not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct AtLeast {
    pub(super) number: u64,
    pub(super) reached: bool,
}

/// The thresholds of a whole number that is never below `least`.
pub(super) fn whole(thresholds: &[Threshold], least: u64) -> Logic<AtLeast> {
    let reaches = |value: f64| -> Logic<AtLeast> {
        #[expect(clippy::cast_precision_loss, reason = "the least is 0 or 1")]
        if value <= least as f64 {
            return Logic::True;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is above 0; `as` stops at the end"
        )]
        Logic::Test(AtLeast { number: value.ceil() as u64, reached: true })
    };
    Logic::all(thresholds.iter().map(|Threshold { operator, value }| {
        let above = value.floor() + 1.0;
        let equal = || {
            if value.fract() == 0.0 { Logic::all([reaches(*value), not(reaches(above))]) } else { Logic::False }
        };
        match operator {
            Operator::Gte => reaches(*value),
            Operator::Gt => reaches(above),
            Operator::Lt => not(reaches(*value)),
            Operator::Lte => not(reaches(above)),
            Operator::Eq => equal(),
            Operator::Neq => not(equal()),
        }
    }))
}

fn not(tree: Logic<AtLeast>) -> Logic<AtLeast> {
    match tree {
        Logic::True => Logic::False,
        Logic::False => Logic::True,
        Logic::Not(inner) => *inner,
        Logic::Test(AtLeast { number, reached }) => Logic::Test(AtLeast { number, reached: !reached }),
        Logic::And(parts) => Logic::any(parts.into_iter().map(not)),
        Logic::Or(parts) => Logic::all(parts.into_iter().map(not)),
    }
}

/// The numbers that are asked for, in order.
pub(super) fn numbers(tree: &Logic<AtLeast>) -> Vec<u64> {
    let mut all = Vec::new();
    collect(tree, &mut all);
    all.sort_unstable();
    all.dedup();
    all
}

fn collect(tree: &Logic<AtLeast>, into: &mut Vec<u64>) {
    match tree {
        Logic::True | Logic::False => {}
        Logic::Test(AtLeast { number, .. }) => into.push(*number),
        Logic::Not(inner) => collect(inner, into),
        Logic::And(parts) | Logic::Or(parts) => parts.iter().for_each(|part| collect(part, into)),
    }
}

/// The thresholds of a value. Where the value is NULL, so are they.
pub(super) fn of(value: &Expr, thresholds: &[Threshold]) -> Logic<WherePredicate> {
    Logic::all(thresholds.iter().map(|threshold| match threshold.operator {
        Operator::Gte => compare(value.clone(), Comparison::GreaterOrEqual, threshold.value),
        Operator::Gt => compare(value.clone(), Comparison::Greater, threshold.value),
        Operator::Lte => compare(value.clone(), Comparison::LessOrEqual, threshold.value),
        Operator::Lt => compare(value.clone(), Comparison::Less, threshold.value),
        Operator::Eq => compare(value.clone(), Comparison::Equal, threshold.value),
        Operator::Neq => Logic::any([
            compare(value.clone(), Comparison::Less, threshold.value),
            compare(value.clone(), Comparison::Greater, threshold.value),
        ]),
    }))
}

/// `value>=number`.
pub(super) fn compare(value: Expr, comparison: Comparison, number: f64) -> Logic<WherePredicate> {
    Logic::Test(WherePredicate::Compare { left: value, comparison, right: Expr::Number(literal(number)) })
}

/// A number as it is written.
pub(super) fn literal(number: f64) -> Number {
    #[expect(clippy::cast_possible_truncation, reason = "the number is whole and within the range of exact doubles")]
    if number.fract() == 0.0 && number.abs() < 9e15 { Number::Integer(number as i64) } else { Number::Decimal(number) }
}

/// Whether more events can only make the correlation fire more often.
pub(super) fn rises(thresholds: &[Threshold]) -> bool {
    thresholds.iter().all(|threshold| matches!(threshold.operator, Operator::Gte | Operator::Gt))
}
