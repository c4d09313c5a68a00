//! `temporal`: which members have an event in the window. Each event carries the time of the last one of each member, up
//! to and with itself.

use super::threshold::{self, AtLeast};
use super::window::{Measured, Window};
use crate::ast::{Aggregate, AggregateFunction, Assignment, Command, Expr, WherePredicate};
use crate::lower::stage::{Mark, Stage, numbered};
use rulecast_ir::{Comparison, Logic, Name};

/// The time of an event of each member, else NULL.
pub(super) fn times(window: &Window, stages: &[&Stage<'_>], mark: Mark, members: &[usize]) -> Vec<Assignment> {
    let time = |index: &usize| Assignment {
        name: numbered("rc_time", index + 1),
        value: Expr::if_else(stages[*index].is(mark), Expr::Field(window.time.clone()), Expr::null()),
    };
    members.iter().map(time).collect()
}

/// The last time of each member.
pub(super) fn last(index: usize) -> Name {
    numbered("rc_last", index + 1)
}

/// What computes it.
pub(super) fn lasts(window: &Window, members: &[usize]) -> Command {
    let largest = |index: &usize| Aggregate::of(AggregateFunction::Max, numbered("rc_time", index + 1), last(*index));
    window.totals(members.iter().map(largest).collect())
}

/// How many members have an event in the window.
pub(super) fn count(window: &Window, members: usize, thresholds: &Logic<AtLeast>) -> Measured {
    let all: Vec<usize> = (0..members).collect();
    let mut commands = vec![window.sorted(), lasts(window, &all)];
    let every = |number: u64| usize::try_from(number).is_ok_and(|number| number == members);
    if let Logic::Test(AtLeast { number, reached: true }) = thresholds
        && every(*number)
    {
        return Measured {
            commands,
            holds: Logic::all(all.iter().map(|index| window.holds(&last(*index)))),
            moves: false,
        };
    }
    commands.push(Command::Eval(all.iter().map(|index| present(window, *index)).collect()));
    let flags = all.iter().map(|index| Expr::Field(numbered("rc_in", index + 1)));
    let sum = flags.reduce(|left, right| Expr::Sum(Box::new(left), Box::new(right))).unwrap_or(Expr::integer(0));
    let holds = thresholds.clone().map(&mut |AtLeast { number, reached }| {
        let comparison = if reached { Comparison::GreaterOrEqual } else { Comparison::Less };
        #[expect(clippy::cast_precision_loss, reason = "it is compared with a number of members")]
        threshold::compare(sum.clone(), comparison, number as f64)
    });
    Measured { commands, holds, moves: false }
}

/// Whether the members in the window satisfy a condition.
pub(super) fn condition(window: &Window, members: &[usize], condition: &Logic<usize>) -> Measured {
    let mut commands = vec![window.sorted(), lasts(window, members)];
    if is_positive(condition) {
        // NULL, of a member without an event so far, is as good as false.
        let holds = condition.clone().map(&mut |index| window.holds(&last(index)));
        return Measured { commands, holds, moves: false };
    }
    commands.push(Command::Eval(members.iter().map(|index| present(window, *index)).collect()));
    Measured { commands, holds: flagged(condition, &|index| numbered("rc_in", index + 1)), moves: false }
}

/// A field that is 1 where the member has an event in the window, else 0.
pub(super) fn present(window: &Window, index: usize) -> Assignment {
    Assignment { name: numbered("rc_in", index + 1), value: Expr::flag(window.holds(&last(index))) }
}

/// A condition over fields that are 1 or 0; no NOT stands before a comparison.
pub(super) fn flagged(condition: &Logic<usize>, name: &impl Fn(usize) -> Name) -> Logic<WherePredicate> {
    let is = |index: usize, value| Logic::Test(WherePredicate::equal(Expr::Field(name(index)), Expr::integer(value)));
    match condition {
        Logic::True => Logic::True,
        Logic::False => Logic::False,
        Logic::Test(index) => is(*index, 1),
        Logic::Not(inner) => match **inner {
            Logic::Test(index) => is(index, 0),
            ref other => flagged(other, name).negate(),
        },
        Logic::And(parts) => Logic::all(parts.iter().map(|part| flagged(part, name))),
        Logic::Or(parts) => Logic::any(parts.iter().map(|part| flagged(part, name))),
    }
}

pub(super) fn is_positive(condition: &Logic<usize>) -> bool {
    match condition {
        Logic::True | Logic::False | Logic::Test(_) => true,
        Logic::Not(_) => false,
        Logic::And(parts) | Logic::Or(parts) => parts.iter().all(is_positive),
    }
}

/// The members that a condition names, in order.
pub(super) fn named(condition: &Logic<usize>) -> Vec<usize> {
    let mut all = Vec::new();
    walk(condition, &mut all);
    all.sort_unstable();
    all.dedup();
    all
}

fn walk(condition: &Logic<usize>, all: &mut Vec<usize>) {
    match condition {
        Logic::True | Logic::False => {}
        Logic::Test(index) => all.push(*index),
        Logic::Not(inner) => walk(inner, all),
        Logic::And(parts) | Logic::Or(parts) => parts.iter().for_each(|part| walk(part, all)),
    }
}
