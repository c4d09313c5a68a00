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
use super::keys::{Keys, keys};
use super::stage::{Effect, Mark, ROLE, Stage, copied, search};
use crate::ast::{Assignment, Command, Expr, Function, Query, SortKey, WherePredicate};
use rulecast_ir::{
    Assumption, Body, Comparison, Fidelity, Logic, Mapped, Name, Number, Refusal, RefusalReason, Sequence, Step,
};

/// The time of an event that ends sequences.
const END: &str = "rc_end";
/// The time of the last such event before.
const LAST_END: &str = "rc_last_end";

/// The query and its fidelity, or `None` where something was refused.
pub(super) fn lower(sequence: &Sequence<Mapped>, refusals: &mut Vec<Refusal>) -> Option<(Query, Fidelity)> {
    let steps = sequence.steps.iter().zip(1..).chain(sequence.until.as_deref().map(|until| (until, 0)));
    let stages: Vec<Option<Stage<'_>>> = steps.map(|(step, number)| stage(step, number, refusals)).collect();
    let stages: Vec<Stage<'_>> = stages.into_iter().collect::<Option<_>>()?;
    let stages: Vec<&Stage<'_>> = stages.iter().collect();
    let arms: Vec<&Ready<'_>> = stages.iter().flat_map(|stage| &stage.arms).collect();
    one_time(&arms, sequence.span, refusals);
    let mut keys = keys(sequence, &stages, refusals);
    if !refusals.is_empty() {
        return None;
    }
    if copied(&stages) {
        keys.mark = Mark::Role;
    }
    let time: Name = arms.first().map_or_else(super::default_time, |ready| ready.arm.source.time.name().into());

    let mut fidelity = Fidelity::default().assuming(Assumption::UniqueTimestamps);
    if stages.iter().flat_map(|stage| &stage.step.keys).flat_map(|key| &key.fields).any(|column| column.many) {
        fidelity = fidelity.assuming(Assumption::SingleValued);
    }
    let (start, flags, any) = search(&stages, &mut fidelity);
    let mut commands = marked(flags, any, &stages, &keys, &time);
    commands.extend(carried(&stages, &keys, sequence.timespan, &time));
    Some((Query { start, commands }, fidelity))
}

/// The commands that leave the events of any step, marked, with their keys, in order. `flags` and `any` are left to do:
/// what marks the events, and whether they are of any step.
fn marked(
    mut flags: Vec<Assignment>,
    any: Logic<WherePredicate>,
    stages: &[&Stage<'_>],
    keys: &Keys,
    time: &Name,
) -> Vec<Command> {
    let mut order = vec![SortKey { field: time.clone(), descending: false }];
    let mut fields = keys.computed(stages);
    for stage in stages {
        let name = match stage.number {
            0 => END.into(),
            1 => numbered("rc_start", 1),
            _ => continue,
        };
        let value = Expr::if_else(stage.is(keys.mark), Expr::Field(time.clone()), Expr::null());
        fields.push(Assignment { name, value });
    }
    let present = || keys.by.iter().map(not_null);
    let mut commands = match keys.mark {
        Mark::Flag => {
            flags.extend(fields);
            vec![Command::Eval(flags), Command::Where(Logic::all(present().chain([any]))), Command::Sort(order)]
        }
        Mark::Role => {
            // An event must not come before itself: of its roles, the later step stands first, and the end last.
            order.push(SortKey { field: ROLE.into(), descending: true });
            let roles = stages.iter().map(|stage| Expr::if_else(stage.is(Mark::Flag), stage.role(), Expr::null()));
            let roles = Expr::call(Function::Mvappend, roles.collect::<Vec<_>>());
            flags.push(Assignment { name: ROLE.into(), value: roles });
            vec![
                Command::Eval(flags),
                Command::Where(any),
                Command::Expand(ROLE.into()),
                Command::Eval(fields),
                Command::Where(Logic::all(present())),
                Command::Sort(order),
            ]
        }
    };
    commands.retain(|command| *command != Command::Where(Logic::True));
    commands
}

/// The commands that carry starts from step to step, and leave the completions.
fn carried(stages: &[&Stage<'_>], keys: &Keys, timespan: u64, time: &Name) -> Vec<Command> {
    let largest = |field: &Name, name: &Name| Command::LargestBefore {
        field: field.clone(),
        name: name.clone(),
        by: keys.by.clone(),
    };
    let until = stages.iter().any(|stage| stage.number == 0);
    let mut commands = Vec::new();
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
    commands.push(Command::Where(not_null(&start)));
    commands.push(Command::Dedup(keys.by.iter().cloned().chain([start]).collect()));
    commands
}

fn not_null(field: &Name) -> Logic<WherePredicate> {
    Logic::Test(WherePredicate::NotNull(Expr::Field(field.clone())))
}

fn numbered(stem: &str, number: usize) -> Name {
    format!("{stem}{number}").into()
}

fn stage<'a>(step: &'a Step<Mapped>, number: usize, refusals: &mut Vec<Refusal>) -> Option<Stage<'a>> {
    if !matches!(step.body, Body::Event(_)) {
        let message = format!("SPL: the step `{}` is itself a correlation, which is not lowered yet", step.name);
        refusals.push(Refusal::new(RefusalReason::Sequence, step.span, message));
        return None;
    }
    let (flag, effect) = match number {
        0 => ("rc_until".into(), Effect::Swapped),
        _ => (numbered("rc_step", number), Effect::Same),
    };
    Some(Stage::new(step, number, flag, effect, refusals))
}
