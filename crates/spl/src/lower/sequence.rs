//! Events in order: each event carries, by `streamstats`, the newest start that has come as far as the step before it.
//!
//! For step i, `rc_last<i>` is the newest start among earlier events of the key that completed step i, and
//! `rc_start<i+1>` is that start on an event that completes the next step in time. The start of a partial sequence only
//! ever grows, so the largest is the newest; `dedup` keeps the first completion of each start, as each is used once.
//! An event that ends sequences carries its time on in `rc_last_end`: a start not after it has ended.
//!
//! This equals the definition where no two events of a key share a time
//! ([`Assumption::UniqueTimestamps`](rulecast_ir::Assumption)).

use super::arms::{Reading, Ready, by_relation, exclusive, one_time, read, ready};
use super::event::{bare, stripped};
use super::keys::{Keys, keys};
use super::leaf::column_name;
use crate::ast::{Assignment, Command, Expr, Function, Query, SortKey, Start, Subsearch, WherePredicate};
use rulecast_ir::fidelity::compose;
use rulecast_ir::{
    Assumption, Body, Column, Comparison, Fidelity, Logic, Mapped, Name, Number, Refusal, RefusalReason, Sequence, Step,
};
use std::sync::Arc;

/// The field that says of which step an event is, where it stands in the result once for each.
const ROLE: &str = "rc_role";
/// The time of an event that ends sequences.
const END: &str = "rc_end";
/// The time of the last such event before.
const LAST_END: &str = "rc_last_end";

/// How to tell which step an event is of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mark {
    /// A field of each step is 1.
    Flag,
    /// The one field [`ROLE`] holds its number.
    Role,
}

/// A step that SPL can say.
pub(super) struct Stage<'a> {
    pub(super) step: &'a Step<Mapped>,
    /// From 1; 0 for what ends the sequence.
    number: usize,
    pub(super) arms: Vec<Ready<'a>>,
    /// The fields of each key.
    pub(super) keys: Vec<Vec<&'a Name>>,
}

impl<'a> Stage<'a> {
    fn flag(&self) -> Name {
        if self.number == 0 { "rc_until".into() } else { numbered("rc_step", self.number) }
    }

    fn role(&self) -> Expr {
        Expr::integer(i64::try_from(self.number).unwrap_or(i64::MAX))
    }

    /// Its arms that read what `group` does.
    fn arms_in(&self, group: &[&Ready<'a>]) -> Vec<&Ready<'a>> {
        self.arms.iter().filter(|ready| ready.reads_as(group[0])).collect()
    }

    /// The condition that an event is of this step.
    pub(super) fn is(&self, mark: Mark) -> Logic<WherePredicate> {
        Logic::Test(match mark {
            Mark::Flag => WherePredicate::equal(Expr::Field(self.flag()), Expr::integer(1)),
            Mark::Role => WherePredicate::equal(Expr::field(ROLE), self.role()),
        })
    }
}

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
    let groups = by_relation(&arms);
    let (start, mut commands) = if let [group] = groups.as_slice() {
        let reading = read(group, &[]);
        let flags = flags(&reading, group, &stages, &mut fidelity);
        let any = Logic::any(stages.iter().map(|stage| stage.is(Mark::Flag)));
        (Start::Search(bare(reading.base)), marked(flags, any, &stages, &keys, &time))
    } else {
        let searches = groups.iter().map(|group| subsearch(group, &stages, &mut fidelity)).collect();
        (Start::Multisearch(searches), marked(Vec::new(), Logic::True, &stages, &keys, &time))
    };
    commands.extend(carried(&stages, &keys, sequence.timespan, &time));
    Some((Query { start, commands }, fidelity))
}

/// The fields that say of which steps an event of `group` is.
fn flags(reading: &Reading, group: &[&Ready<'_>], stages: &[&Stage<'_>], fidelity: &mut Fidelity) -> Vec<Assignment> {
    let flag = |stage: &&Stage<'_>| {
        let arms = stage.arms_in(group);
        if arms.is_empty() {
            return Assignment { name: stage.flag(), value: Expr::integer(0) };
        }
        let conditions = reading.conditions(&arms);
        let mut own = compose(&conditions);
        own.join(&reading.base_fidelity(group));
        fidelity.join(&if stage.number == 0 { own.swapped() } else { own });
        Assignment { name: stage.flag(), value: Expr::flag(stripped(conditions)) }
    };
    stages.iter().map(flag).collect()
}

/// The search for the events of `group`, which are of some step, marked.
fn subsearch(group: &[&Ready<'_>], stages: &[&Stage<'_>], fidelity: &mut Fidelity) -> Subsearch {
    let reading = read(group, &[]);
    let here: Vec<&Stage<'_>> = stages.iter().copied().filter(|stage| !stage.arms_in(group).is_empty()).collect();
    let commands = if let [only] = here.as_slice() {
        let mut commands = Vec::new();
        let mut own = if reading.whole {
            compose(&reading.base)
        } else {
            let conditions = reading.conditions(group);
            let own = compose(&conditions);
            commands.push(Command::Where(stripped(conditions)));
            own
        };
        own.join(&reading.base_fidelity(group));
        fidelity.join(&if only.number == 0 { own.swapped() } else { own });
        let value = |stage: &Stage<'_>| Expr::integer(i64::from(stage.number == only.number));
        let flags = stages.iter().map(|stage| Assignment { name: stage.flag(), value: value(stage) });
        commands.push(Command::Eval(flags.collect()));
        commands
    } else {
        let flags = flags(&reading, group, stages, fidelity);
        let any = Logic::any(here.iter().map(|stage| stage.is(Mark::Flag)));
        vec![Command::Eval(flags), Command::Where(any)]
    };
    Subsearch { search: bare(reading.base), commands }
}

/// Whether an event that two macros hold, and so stands in the result twice, may be of different steps there. Then it
/// must stand there once for each step, in an order in which no event comes before itself.
fn copied(stages: &[&Stage<'_>]) -> bool {
    let mut pairs = stages.iter().enumerate().flat_map(|(i, later)| stages[..i].iter().map(move |one| (one, later)));
    pairs.any(|(one, later)| {
        one.arms.iter().any(|a| later.arms.iter().any(|b| !a.reads_as(b) && !exclusive(a.arm, b.arm)))
    })
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
    let Body::Event(event) = &step.body else {
        let message = format!("SPL: the step `{}` is itself a correlation, which is not lowered yet", step.name);
        refusals.push(Refusal::new(RefusalReason::Sequence, step.span, message));
        return None;
    };
    let mut names = |fields: &'a [Arc<Column>]| -> Vec<&'a Name> {
        let named = fields.iter().map(|column| column_name(column, step.span));
        named.filter_map(|name| name.map_err(|refusal| refusals.push(refusal)).ok()).collect()
    };
    let keys = step.keys.iter().map(|key| names(&key.fields)).collect();
    Some(Stage { step, number, arms: ready(&event.arms, refusals), keys })
}
