//! Correlations: the query of each type and operator.

mod counts;
mod temporal;
mod values;

use super::build::{event, is, rule, step};
use super::lowered;
use rulecast_ir::{Body, Correlation, Mapped, Step, Threshold};
use rulecast_rule::ast::Operator;

/// `a`, `b` and `c`: events of `e`, with the keys.
pub(super) fn member(name: &str, keys: &[&str]) -> Step<Mapped> {
    let keys: Vec<&[&str]> = keys.iter().map(std::slice::from_ref).collect();
    step(name, event(is("e", name)), &keys)
}

pub(super) fn at(operator: Operator, value: f64) -> Threshold {
    Threshold { operator, value }
}

pub(super) fn of(body: Correlation<Mapped>) -> String {
    lowered(&rule(Body::Correlation(body)))
}
