//! `temporal_ordered`, with fewer than all members or with a condition: chains of events in the order of the members.
//!
//! As in a sequence, each event carries the newest start of a chain that came before it; but no start is used up.

use super::temporal::{lasts, present, times};
use super::threshold::{AtLeast, numbers};
use super::window::{Measured, Window};
use crate::ast::{Aggregate, AggregateFunction, Assignment, Command, Expr, Streamstats, WherePredicate};
use crate::lower::stage::{Mark, Stage, numbered};
use rulecast_ir::{Logic, Name};

/// More alternatives than this are refused.
const MOST_ALTERNATIVES: usize = 16;

/// The length of the longest chain that ends with an event.
///
/// `rc_start<j>_<n>` is the newest start of a chain of n events that ends with this event, of a member up to j;
/// `rc_last<j>_<n>` that of one that ended before.
pub(super) fn longest(window: &Window, stages: &[&Stage<'_>], mark: Mark, thresholds: &Logic<AtLeast>) -> Measured {
    let members = stages.len();
    let asked: Vec<usize> = numbers(thresholds).into_iter().filter_map(|number| usize::try_from(number).ok()).collect();
    let reachable = |length: usize| length <= members;
    let most = asked.iter().copied().filter(|length| reachable(*length)).max().unwrap_or(1);
    let start = |upto: usize, length: usize| -> Name { format!("rc_start{upto}_{length}").into() };
    let last = |upto: usize, length: usize| -> Name { format!("rc_last{upto}_{length}").into() };
    let mut commands = vec![window.sorted()];
    for length in 1..=most {
        let ends = |upto: &usize| {
            let latest = stages[length - 1..*upto].iter().rev();
            let value = if length == 1 {
                let any = Logic::any(latest.rev().map(|stage| stage.is(mark)));
                Expr::if_else(any, Expr::Field(window.time.clone()), Expr::null())
            } else {
                let from = |stage: &&Stage<'_>| Expr::Field(last(stage.number - 1, length - 1));
                first(latest.map(|stage| (stage.is(mark), from(stage))).collect())
            };
            Assignment { name: start(*upto, length), value }
        };
        // The last member ends chains that are asked for; the others go on.
        let whole = asked.contains(&length).then_some(members);
        let carried: Vec<usize> = if length < most { (length..members).collect() } else { Vec::new() };
        commands.push(Command::Eval(carried.iter().chain(&whole).map(ends).collect()));
        if !carried.is_empty() {
            let largest =
                |upto: &usize| Aggregate::of(AggregateFunction::Max, start(*upto, length), last(*upto, length));
            commands.push(before(window, carried.iter().map(largest).collect()));
        }
    }
    let flag = |length: usize| numbered("rc_chain", length);
    let in_time: Vec<Assignment> = asked
        .iter()
        .filter(|length| reachable(**length))
        .map(|length| Assignment { name: flag(*length), value: Expr::flag(window.holds(&start(members, *length))) })
        .collect();
    let holds = match thresholds {
        Logic::Test(AtLeast { reached: true, .. }) if most == asked[0] => window.holds(&start(members, most)),
        _ => {
            commands.push(Command::Eval(in_time));
            thresholds.clone().map(&mut |AtLeast { number, reached }| match usize::try_from(number) {
                Ok(length) if reachable(length) => {
                    Logic::Test(WherePredicate::equal(Expr::Field(flag(length)), Expr::integer(i64::from(reached))))
                }
                _ if reached => Logic::False,
                _ => Logic::True,
            })
        }
    };
    Measured { commands, holds, moves: false }
}

/// The value of the first condition that holds, else NULL.
fn first(mut arms: Vec<(Logic<WherePredicate>, Expr)>) -> Expr {
    if arms.len() > 1 {
        return Expr::Case(arms);
    }
    arms.pop().map_or_else(Expr::null, |(condition, value)| Expr::if_else(condition, value, Expr::null()))
}

/// Aggregates of the rows before each.
fn before(window: &Window, mut aggregates: Vec<Aggregate>) -> Command {
    if let [Aggregate { argument: Some(Expr::Field(field)), name: Some(name), .. }] = aggregates.as_mut_slice() {
        return Command::LargestBefore { field: field.clone(), name: name.clone(), by: window.by.clone() };
    }
    Command::Streamstats(Streamstats { current: false, ..Streamstats::running(aggregates, window.by.clone()) })
}

/// Members that must follow one another, and members that must not occur.
#[derive(Clone, Default, PartialEq)]
struct Alternative {
    chain: Vec<usize>,
    absent: Vec<usize>,
}

/// Whether a chain that ends with an event satisfies a condition; `None` if there are too many ways to.
///
/// The chain may hold members that the condition does not ask for there. So it ends with the last member that is asked
/// for, or with any member after that one.
pub(super) fn condition(
    window: &Window,
    stages: &[&Stage<'_>],
    mark: Mark,
    condition: &Logic<usize>,
) -> Option<Measured> {
    let alternatives = alternatives(condition, false)?;
    let mut absent: Vec<usize> = alternatives.iter().flat_map(|one| one.absent.iter().copied()).collect();
    absent.sort_unstable();
    absent.dedup();
    let mut fields = times(window, stages, mark, &absent);
    let firsts = alternatives.iter().enumerate().filter_map(|(number, one)| {
        let first = *one.chain.first()?;
        let value = Expr::if_else(stages[first].is(mark), Expr::Field(window.time.clone()), Expr::null());
        Some(Assignment { name: start(number, 1), value })
    });
    fields.extend(firsts);
    let mut commands = vec![Command::Eval(fields), window.sorted()];
    if !absent.is_empty() {
        commands.push(lasts(window, &absent));
        commands.push(Command::Eval(absent.iter().map(|index| present(window, *index)).collect()));
    }
    let mut ways = Vec::new();
    for (number, one) in alternatives.iter().enumerate() {
        let mut conditions: Vec<_> = one
            .absent
            .iter()
            .map(|index| {
                let name = Expr::Field(numbered("rc_in", index + 1));
                Logic::Test(WherePredicate::equal(name, Expr::integer(0)))
            })
            .collect();
        if let Some(end) = one.chain.last() {
            conditions.push(chained(window, stages, mark, number, one, *end, &mut commands));
        }
        ways.push(Logic::all(conditions));
    }
    Some(Measured { commands, holds: Logic::any(ways), moves: false })
}

fn start(alternative: usize, length: usize) -> Name {
    format!("rc_start{}_{length}", alternative + 1).into()
}

/// The condition that the chain of an alternative ends with an event, or before it where the event is of a later member.
fn chained(
    window: &Window,
    stages: &[&Stage<'_>],
    mark: Mark,
    number: usize,
    one: &Alternative,
    end: usize,
    commands: &mut Vec<Command>,
) -> Logic<WherePredicate> {
    let last = |length: usize| -> Name { format!("rc_last{}_{length}", number + 1).into() };
    let carry = |length: usize| Command::LargestBefore {
        field: start(number, length),
        name: last(length),
        by: window.by.clone(),
    };
    for (length, member) in (2..).zip(&one.chain[1..]) {
        commands.push(carry(length - 1));
        let value = Expr::if_else(stages[*member].is(mark), Expr::Field(last(length - 1)), Expr::null());
        commands.push(Command::Eval(vec![Assignment { name: start(number, length), value }]));
    }
    let length = one.chain.len();
    let ends = window.holds(&start(number, length));
    let later: Vec<_> = (end + 1..stages.len()).filter(|index| !one.absent.contains(index)).collect();
    if later.is_empty() {
        return ends;
    }
    commands.push(carry(length));
    let later = Logic::any(later.into_iter().map(|index| stages[index].is(mark)));
    Logic::any([ends, Logic::all([later, window.holds(&last(length))])])
}

/// The ways to satisfy a condition.
fn alternatives(condition: &Logic<usize>, negated: bool) -> Option<Vec<Alternative>> {
    let one = |chain, absent| Some(vec![Alternative { chain, absent }]);
    match condition {
        Logic::True | Logic::False => {
            if (*condition == Logic::True) == negated {
                Some(Vec::new())
            } else {
                one(Vec::new(), Vec::new())
            }
        }
        Logic::Test(member) if negated => one(Vec::new(), vec![*member]),
        Logic::Test(member) => one(vec![*member], Vec::new()),
        Logic::Not(inner) => alternatives(inner, !negated),
        Logic::And(parts) if !negated => every(parts, negated),
        Logic::Or(parts) if negated => every(parts, negated),
        Logic::And(parts) | Logic::Or(parts) => {
            let mut all: Vec<Alternative> = Vec::new();
            for part in parts {
                for alternative in alternatives(part, negated)? {
                    if !all.contains(&alternative) {
                        all.push(alternative);
                    }
                }
            }
            (all.len() <= MOST_ALTERNATIVES).then_some(all)
        }
    }
}

/// The ways to satisfy all parts.
fn every(parts: &[Logic<usize>], negated: bool) -> Option<Vec<Alternative>> {
    let mut all = vec![Alternative::default()];
    for part in parts {
        let ways = alternatives(part, negated)?;
        let joined = all.iter().flat_map(|before| {
            ways.iter().map(|way| {
                let both = |one: &[usize], other: &[usize]| {
                    let mut both: Vec<usize> = one.iter().chain(other).copied().collect();
                    both.sort_unstable();
                    both.dedup();
                    both
                };
                Alternative { chain: both(&before.chain, &way.chain), absent: both(&before.absent, &way.absent) }
            })
        });
        all = joined.collect();
        if all.len() > MOST_ALTERNATIVES {
            return None;
        }
    }
    // No event is of a member of which there is none.
    all.retain(|one| !one.chain.iter().any(|member| one.absent.contains(member)));
    Some(all)
}
