//! Events in order: each event carries, by `streamstats`, the newest start that has come as far as the step before it.
//!
//! For step i, `rc_last<i>` is the newest start among earlier events of the key that completed step i, and
//! `rc_start<i+1>` is that start on an event that completes the next step in time. The start of a partial sequence only
//! ever grows, so the largest is the newest; `dedup` keeps the first completion of each start, as each is used once.
//! An event that ends sequences carries its time on in `rc_last_end`: a start not after it has ended.
//!
//! This equals the definition where no two events of a key share a time
//! ([`Assumption::UniqueTimestamps`](rulecast_ir::Assumption)).

use super::arms::{Ready, one_time};
use super::chain::{self, Node};
use super::keys::{Keys, keys};
use super::stage::{Mark, Stage, copied, joined, marked, not_null, numbered};
use crate::ast::{Aggregate, Assignment, Command, Expr, Query, Streamstats, WherePredicate};
use rulecast_ir::{
    Assumption, Comparison, Fidelity, Logic, Mapped, Name, Number, Polarity, Refusal, RefusalReason, Sequence, Step,
};

/// The time of an event that ends sequences.
const END: &str = "rc_end";
/// The time of the last such event before.
const LAST_END: &str = "rc_last_end";

/// The query and its fidelity, or `None` where something was refused.
pub(super) fn lower(sequence: &Sequence<Mapped>, refusals: &mut Vec<Refusal>) -> Option<(Query, Fidelity)> {
    let steps = sequence.steps.iter().zip(1..).chain(sequence.until.as_deref().map(|until| (until, 0)));
    let nodes: Vec<Node<'_>> = steps.map(|(step, number)| node(step, number, refusals)).collect();
    let stages: Vec<&Stage<'_>> = nodes.iter().map(|node| &node.stage).collect();
    let arms: Vec<&Ready<'_>> = chain::events(&nodes).into_iter().flat_map(|stage| &stage.arms).collect();
    one_time(&arms, RefusalReason::Sequence, sequence.span, refusals);
    let mut keys = keys(&sequence.keys, RefusalReason::Sequence, &stages, refusals);
    if !refusals.is_empty() {
        return None;
    }
    if copied(&stages) {
        keys.mark = Mark::Role;
    }
    let time: Name = arms.first().map_or_else(super::default_time, |ready| ready.arm.source.time.name().into());

    let mut fidelity = assumed(&stages);
    let (start, mut commands, flags, any) = chain::search(&nodes, &time, &mut fidelity, refusals);
    let (marked, order) = marked(flags, any, &stages, &keys, started(&stages, keys.mark, &time), &time);
    commands.extend(marked);
    if !chain::in_order(&nodes, &order) {
        commands.push(Command::Sort(order));
    }
    let start_of_last = carried(&stages, &keys, sequence.timespan, &time, &mut commands);
    commands.push(Command::Where(not_null(&start_of_last)));
    commands.push(Command::Dedup(keys.by.iter().cloned().chain([start_of_last]).collect()));
    Some((Query { start, commands: joined(commands) }, fidelity))
}

/// What computes, of rows in order, whether an event completes the sequence. Every row has the keys.
pub(super) fn completed(
    sequence: &Sequence<Mapped>,
    stages: &[&Stage<'_>],
    keys: &Keys,
    time: &Name,
    commands: &mut Vec<Command>,
    fidelity: &mut Fidelity,
) -> Logic<WherePredicate> {
    fidelity.join(&assumed(stages));
    commands.push(Command::Eval(started(stages, keys.mark, time)));
    let start = carried(stages, keys, sequence.timespan, time, commands);
    // Each start is used once.
    let used = Assignment { name: "rc_used".into(), value: chain::present(&start) };
    commands.push(Command::Eval(vec![used]));
    let by = keys.by.iter().cloned().chain(["rc_used".into()]).collect();
    commands.push(Command::Streamstats(Streamstats::running(vec![Aggregate::count("rc_times")], by)));
    Logic::all([not_null(&start), Logic::Test(WherePredicate::equal(Expr::field("rc_times"), Expr::integer(1)))])
}

fn assumed(stages: &[&Stage<'_>]) -> Fidelity {
    let fidelity = Fidelity::default().assuming(Assumption::UniqueTimestamps);
    let mut fields = stages.iter().flat_map(|stage| &stage.step.keys).flat_map(|key| &key.fields);
    if fields.any(|column| column.many) { fidelity.assuming(Assumption::SingleValued) } else { fidelity }
}

/// The fields that hold the time of an event that starts sequences, and of one that ends them.
fn started(stages: &[&Stage<'_>], mark: Mark, time: &Name) -> Vec<Assignment> {
    let field = |stage: &&Stage<'_>| {
        let name = match stage.number {
            0 => END.into(),
            1 => numbered("rc_start", 1),
            _ => return None,
        };
        let value = Expr::if_else(stage.is(mark), Expr::Field(time.clone()), Expr::null());
        Some(Assignment { name, value })
    };
    stages.iter().filter_map(field).collect()
}

/// The commands that carry starts from step to step, and the field of the start on events that complete the sequence.
fn carried(stages: &[&Stage<'_>], keys: &Keys, timespan: u64, time: &Name, commands: &mut Vec<Command>) -> Name {
    let largest = |field: &Name, name: &Name| Command::LargestBefore {
        field: field.clone(),
        name: name.clone(),
        by: keys.by.clone(),
    };
    let until = stages.iter().any(|stage| stage.number == 0);
    if until {
        commands.push(largest(&END.into(), &LAST_END.into()));
    }
    let steps = stages.iter().filter(|stage| stage.number > 0);
    let mut start = numbered("rc_start", 1);
    for stage in steps.skip(1) {
        let last = numbered("rc_last", stage.number - 1);
        commands.push(largest(&start, &last));
        let mut conditions = vec![
            stage.is(keys.mark),
            not_null(&last),
            Logic::Test(WherePredicate::Compare {
                left: Expr::Difference(Box::new(Expr::Field(time.clone())), Box::new(Expr::Field(last.clone()))),
                comparison: Comparison::LessOrEqual,
                right: Expr::Number(Number::Integer(i64::try_from(timespan).unwrap_or(i64::MAX))),
            }),
        ];
        if until {
            conditions.push(Logic::any([
                Logic::Test(WherePredicate::Null(Expr::field(LAST_END))),
                Logic::Test(WherePredicate::Compare {
                    left: Expr::field(LAST_END),
                    comparison: Comparison::Less,
                    right: Expr::Field(last.clone()),
                }),
            ]));
        }
        start = numbered("rc_start", stage.number);
        let value = Expr::if_else(Logic::all(conditions), Expr::Field(last), Expr::null());
        commands.push(Command::Eval(vec![Assignment { name: start.clone(), value }]));
    }
    start
}

fn node<'a>(step: &'a Step<Mapped>, number: usize, refusals: &mut Vec<Refusal>) -> Node<'a> {
    let (flag, polarity) = match number {
        0 => ("rc_until".into(), Polarity::Swapped),
        _ => (numbered("rc_step", number), Polarity::Same),
    };
    Node::new(step, number, flag, polarity, refusals)
}
