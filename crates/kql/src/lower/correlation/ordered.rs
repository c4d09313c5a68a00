//! Members in order, where not all of them, or a condition over them, are asked for. (All of them are a sequence.)
//!
//! A correlation asks for chains: events of some members in their order, one strictly after the other, the last being the
//! event at which it is asked. Each chain that would do is a row of joins; of the starts that lead to an event the latest
//! is kept, as no earlier one can be in the window where that is not.

use super::super::Lowering;
use super::super::event::union;
use super::super::key::KeyColumn;
use super::super::result::Found;
use super::measure::{self, occurs};
use super::rows::{Rows, number};
use super::window::{Members, key_and_time};
use super::{AT, MEMBER, count, numbered};
use crate::ast::{
    Aggregate, AggregateCall, AggregateFunction, Comparison, Condition, Expr, JoinKind, Named, Operator, Pipeline,
    Source, Test,
};
use rulecast_ir::{Correlation, Logic, Mapped, Name, Refusal, RefusalReason};
use std::collections::BTreeSet;

/// Chains of one query, at most.
const MOST: usize = 32;
/// Which chain a row is of, or how long it is.
const CHAIN: &str = "chain";

/// Members that follow one another, and members that do not occur.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Chain {
    members: BTreeSet<usize>,
    absent: BTreeSet<usize>,
}

impl Lowering {
    /// `None` where there would be too many chains; that is refused.
    pub(super) fn ordered(&mut self, correlation: &Correlation<Mapped>, rows: Rows) -> Option<Found> {
        let all = correlation.members.len();
        let sizes = sizes(correlation);
        let chains = match &correlation.condition {
            Some(condition) => chains(condition, all),
            None => of_sizes(&sizes, all),
        };
        let Some(chains) = chains else {
            let message = format!("KQL: more than {MOST} orders of members would do, and each is joined by itself");
            self.refuse(
                Refusal::new(RefusalReason::Limit, correlation.span, message).help("split the rule into several"),
            );
            return None;
        };
        let (members, values) = self.named(rows);
        let mut parts = Vec::with_capacity(chains.len() + 1);
        let by_size = correlation.condition.is_none();
        if by_size {
            // Every event is a chain of its own.
            let columns = key_and_time(&members.keys).into_iter().map(Named::itself);
            parts.push(marked(members_rows(&members.name), columns, 1));
        }
        for (at, chain) in chains.iter().enumerate() {
            let order: Vec<usize> = chain.members.iter().copied().collect();
            let mark = if by_size { order.len() } else { at + 1 };
            parts.push(self::chain(&members, &order, correlation.timespan, mark));
        }
        let fired = if parts.is_empty() {
            let mut none = members_rows(&members.name);
            none.operators.push(Operator::Where(Logic::False));
            none
        } else if by_size {
            let mut fired = union(parts);
            let longest = AggregateCall {
                name: "longest".into(),
                function: AggregateFunction::Max,
                arguments: vec![Expr::Column(CHAIN.into())],
            };
            fired.operators.push(Operator::Summarize {
                aggregates: vec![Aggregate::Call(longest)],
                by: key_and_time(&members.keys),
            });
            let longest = Expr::Column("longest".into());
            fired.operators.push(Operator::Where(measure::all(&correlation.thresholds, &longest)));
            fired
        } else if chains.iter().all(|chain| chain.absent.is_empty()) {
            union(parts)
        } else {
            let measured = measure::of(correlation, &values);
            let summary = self.summarized(correlation, &members, &values, &measured);
            let mut fired = union(parts);
            let summary = self.bind("summary", summary);
            let held = Logic::any(chains.iter().enumerate().map(|(at, chain)| {
                let own = Test::compare(Expr::Column(CHAIN.into()), Comparison::Equal, Expr::Long(number(at)));
                Logic::all(
                    [Logic::Test(own)].into_iter().chain(chain.absent.iter().map(|member| occurs(*member).negate())),
                )
            }));
            fired.operators.extend([
                Operator::Join { kind: JoinKind::Inner, right: summary, on: key_and_time(&members.keys) },
                Operator::Where(held),
            ]);
            fired
        };
        Some(self.completed(members, fired))
    }
}

fn members_rows(name: &Name) -> Pipeline {
    Pipeline { source: Source::Table(name.clone()), operators: Vec::new() }
}

fn marked(mut rows: Pipeline, columns: impl Iterator<Item = Named>, mark: usize) -> Pipeline {
    let mark = Named { name: CHAIN.into(), value: Expr::Long(number(mark - 1)) };
    rows.operators.push(Operator::Project(columns.chain([mark]).collect()));
    rows
}

/// The keys and times at which a chain of these members ends.
fn chain(Members { name, keys, .. }: &Members, order: &[usize], timespan: u64, mark: usize) -> Pipeline {
    let on: Vec<Name> = keys.iter().map(|key| key.name.clone()).collect();
    let time = |at: usize| numbered("t", at + 1);
    let read = |name: &Name| Expr::Column(name.clone());
    let step = |at: usize| {
        let own = Test::compare(Expr::Column(MEMBER.into()), Comparison::Equal, Expr::Long(number(order[at])));
        let mut rows = members_rows(name);
        let columns = on.iter().cloned().map(Named::itself);
        let time = Named { name: time(at), value: Expr::Column(AT.into()) };
        rows.operators.push(Operator::Where(Logic::Test(own)));
        rows.operators.push(Operator::Project(columns.chain([time]).collect()));
        rows
    };
    let mut rows = step(0);
    for at in 1..order.len() {
        let (start, before, now) = (time(0), time(at - 1), time(at));
        let within = Expr::Minus(Box::new(read(&now)), Box::new(read(&start)));
        rows.operators.extend([
            Operator::JoinOn {
                kind: JoinKind::Inner,
                right: step(at),
                on: on.iter().map(|name| (name.clone(), name.clone())).collect(),
            },
            Operator::Where(Logic::all([
                Logic::Test(Test::compare(read(&now), Comparison::Greater, read(&before))),
                Logic::Test(Test::compare(within, Comparison::LessOrEqual, Expr::Timespan(timespan))),
            ])),
            Operator::Summarize {
                aggregates: vec![Aggregate::Max(start)],
                by: on.iter().cloned().chain([now]).collect(),
            },
        ]);
    }
    let end = Named { name: AT.into(), value: read(&time(order.len() - 1)) };
    marked(rows, keys_as_they_are(keys).chain([end]), mark)
}

fn keys_as_they_are(keys: &[KeyColumn]) -> impl Iterator<Item = Named> {
    keys.iter().map(|key| Named::itself(key.name.clone()))
}

/// How many members the thresholds tell from fewer.
fn sizes(correlation: &Correlation<Mapped>) -> Vec<usize> {
    let mut asked = Vec::new();
    for threshold in &correlation.thresholds {
        let _: Condition = count::holds(*threshold, &mut asked);
    }
    asked.sort_unstable();
    let all = correlation.members.len();
    asked.into_iter().filter_map(|size| usize::try_from(size).ok()).filter(|size| *size <= all).collect()
}

/// All chains of so many members.
fn of_sizes(sizes: &[usize], all: usize) -> Option<Vec<Chain>> {
    let mut found = Vec::new();
    for size in sizes {
        let mut chosen: Vec<BTreeSet<usize>> = vec![BTreeSet::new()];
        for member in 0..all {
            let with = chosen.iter().filter(|one| one.len() < *size);
            let with: Vec<_> = with.map(|one| one.iter().copied().chain([member]).collect()).collect();
            chosen.extend(with);
            if chosen.len() > 1 << 12 {
                return None;
            }
        }
        let chosen = chosen.into_iter().filter(|one| one.len() == *size);
        found.extend(chosen.map(|members| Chain { members, absent: BTreeSet::new() }));
    }
    found.sort();
    (found.len() <= MOST).then_some(found)
}

/// The chains that satisfy a condition: what it asks for, perhaps with another member at the end.
fn chains(condition: &Logic<usize>, all: usize) -> Option<Vec<Chain>> {
    let mut found = BTreeSet::new();
    for asked in alternatives(condition, false)? {
        let last = asked.members.last().copied();
        if last.is_some() {
            found.insert(asked.clone());
        }
        for end in last.map_or(0, |last| last + 1)..all {
            let members = asked.members.iter().copied().chain([end]).collect();
            found.insert(Chain { members, absent: asked.absent.clone() });
        }
    }
    let possible: Vec<Chain> = found.into_iter().filter(|chain| chain.members.is_disjoint(&chain.absent)).collect();
    let serves = |one: &Chain, other: &Chain| {
        one != other
            && one.members.last() == other.members.last()
            && one.members.is_subset(&other.members)
            && one.absent.is_subset(&other.absent)
    };
    let needed: Vec<Chain> =
        possible.iter().filter(|chain| !possible.iter().any(|one| serves(one, chain))).cloned().collect();
    (needed.len() <= MOST).then_some(needed)
}

/// A condition as alternatives of what must follow one another and what must not occur.
fn alternatives(condition: &Logic<usize>, negated: bool) -> Option<Vec<Chain>> {
    let nothing = || Chain { members: BTreeSet::new(), absent: BTreeSet::new() };
    let only = |member: usize| BTreeSet::from([member]);
    Some(match condition {
        Logic::True | Logic::False if (*condition == Logic::True) == negated => Vec::new(),
        Logic::True | Logic::False => vec![nothing()],
        Logic::Test(member) if negated => vec![Chain { absent: only(*member), ..nothing() }],
        Logic::Test(member) => vec![Chain { members: only(*member), ..nothing() }],
        Logic::Not(inner) => alternatives(inner, !negated)?,
        Logic::And(parts) | Logic::Or(parts) => {
            let parts = parts.iter().map(|part| alternatives(part, negated)).collect::<Option<Vec<_>>>()?;
            if matches!(condition, Logic::And(_)) == negated {
                parts.concat()
            } else {
                let mut together = vec![nothing()];
                for part in parts {
                    let both = |one: &Chain, other: &Chain| Chain {
                        members: one.members.union(&other.members).copied().collect(),
                        absent: one.absent.union(&other.absent).copied().collect(),
                    };
                    together = together.iter().flat_map(|one| part.iter().map(move |other| both(one, other))).collect();
                    if together.len() > 1 << 12 {
                        return None;
                    }
                }
                together
            }
        }
    })
}
