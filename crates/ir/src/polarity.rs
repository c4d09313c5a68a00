//! How the verdict on a member bears on that of its correlation.
//!
//! A query of a member that matches too much, or too little, changes what is measured, and also at which events it is
//! asked.

use crate::{Correlation, Fidelity, Logic, Stage, Verdict};
use rulecast_rule::ast::Operator;

/// How the verdict on a part bears on the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polarity {
    /// More of the part is more of the whole.
    Same,
    /// More of the part is less of the whole.
    Swapped,
    /// More of the part may be either.
    Either,
}

impl Fidelity {
    /// The verdict where this part bears on the whole in that way.
    #[must_use]
    pub fn through(mut self, polarity: Polarity) -> Self {
        self.verdict = match (polarity, self.verdict) {
            (Polarity::Swapped, verdict) => verdict.swapped(),
            (Polarity::Either, Verdict::Over | Verdict::Under) => Verdict::Both,
            (Polarity::Same | Polarity::Either, verdict) => verdict,
        };
        self
    }
}

impl<S: Stage> Correlation<S> {
    /// How the events of one of [`members`](Correlation::members) bear on when it fires.
    ///
    /// Events too many raise a count, but are also events at which the measure is asked. So they only add to what is
    /// found where a higher measure satisfies the thresholds too, and only take from it where they cannot be found
    /// themselves: behind a `not` that must hold in any case.
    pub fn polarity(&self, member: usize) -> Polarity {
        if let Some(condition) = &self.condition {
            return of_condition(condition, member);
        }
        // Numbers may be negative, and those in the middle move.
        let counts = !self.measure.kind.is_numeric();
        let is_lower = |operator: Operator| matches!(operator, Operator::Gt | Operator::Gte);
        let rises = counts && self.thresholds.iter().all(|threshold| is_lower(threshold.operator));
        if rises { Polarity::Same } else { Polarity::Either }
    }
}

fn of_condition(condition: &Logic<usize>, member: usize) -> Polarity {
    let parts = match condition {
        Logic::And(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let (forbids, others): (Vec<_>, Vec<_>) =
        parts.iter().partition(|part| matches!(part, Logic::Not(inner) if **inner == Logic::Test(member)));
    if !forbids.is_empty() && !others.iter().any(|part| mentions(part, member)) {
        return Polarity::Swapped;
    }
    if forbids.is_empty() && !others.iter().any(|part| is_negated(part, member, false)) {
        return Polarity::Same;
    }
    Polarity::Either
}

fn mentions(condition: &Logic<usize>, member: usize) -> bool {
    match condition {
        Logic::True | Logic::False => false,
        Logic::Test(one) => *one == member,
        Logic::Not(inner) => mentions(inner, member),
        Logic::And(parts) | Logic::Or(parts) => parts.iter().any(|part| mentions(part, member)),
    }
}

fn is_negated(condition: &Logic<usize>, member: usize, negated: bool) -> bool {
    match condition {
        Logic::True | Logic::False => false,
        Logic::Test(one) => *one == member && negated,
        Logic::Not(inner) => is_negated(inner, member, !negated),
        Logic::And(parts) | Logic::Or(parts) => parts.iter().any(|part| is_negated(part, member, negated)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_bears_on_a_condition_as_it_is_negated() {
        let not = |member| Logic::Test(member).negate();
        let both = Logic::all([Logic::Test(0), not(1)]);
        assert_eq!(of_condition(&both, 0), Polarity::Same);
        assert_eq!(of_condition(&both, 1), Polarity::Swapped);
        let either = Logic::any([both, not(2)]);
        assert_eq!(of_condition(&either, 0), Polarity::Same);
        // Found at an event of its own, by way of the other branch.
        assert_eq!(of_condition(&either, 1), Polarity::Either);
        assert_eq!(of_condition(&either, 2), Polarity::Either);
        assert_eq!(of_condition(&not(0), 0), Polarity::Swapped);
    }

    #[test]
    fn what_bears_both_ways_is_neither_over_nor_under() {
        let over = || Fidelity { verdict: Verdict::Over, ..Fidelity::default() };
        assert_eq!(over().through(Polarity::Same).verdict, Verdict::Over);
        assert_eq!(over().through(Polarity::Swapped).verdict, Verdict::Under);
        assert_eq!(over().through(Polarity::Either).verdict, Verdict::Both);
        assert_eq!(Fidelity::default().through(Polarity::Either).verdict, Verdict::Exact);
    }
}
