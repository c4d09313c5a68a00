//! Events in order: each event carries, by `streamstats`, the newest start that has come as far as the step before it.
//!
//! For step i, `rc_last<i>` is the newest start among earlier events of the key that completed step i, and
//! `rc_start<i+1>` is that start on an event that completes the next step in time. The start of a partial sequence only
//! ever grows, so the largest is the newest; `dedup` keeps the first completion of each start, as each is used once.
//! An event that ends sequences carries its time on in `rc_last_end`: a start not after it has ended.
//!
//! This equals the definition where no two events of a key share a time ([`Assumption::UniqueTimestamps`]).

use super::arms::{Ready, exclusive, one_time, read, ready, single_valued};
use super::event::{bare, stripped};
use super::leaf::column_name;
use crate::ast::{Assignment, Command, Expr, Query, SortKey, WherePredicate};
use rulecast_ir::fidelity::compose;
use rulecast_ir::{
    Assumption, Body, Column, Comparison, Fidelity, Logic, Mapped, Name, Number, Refusal, RefusalReason, Sequence, Step,
};

/// A step that SPL can say.
struct Stage<'a> {
    step: &'a Step<Mapped>,
    /// The field that is 1 on the events of this step.
    flag: Name,
    arms: Vec<Ready<'a>>,
    /// The fields of each key.
    keys: Vec<Vec<&'a Name>>,
}

/// The query and its fidelity, or `None` where something was refused.
pub(super) fn lower(sequence: &Sequence<Mapped>, refusals: &mut Vec<Refusal>) -> Option<(Query, Fidelity)> {
    let steps: Vec<Option<Stage<'_>>> =
        sequence.steps.iter().enumerate().map(|(i, step)| stage(step, numbered("rc_step", i + 1), refusals)).collect();
    let until = sequence.until.as_deref().map(|step| stage(step, "rc_until".into(), refusals));
    let steps: Vec<Stage<'_>> = steps.into_iter().collect::<Option<_>>()?;
    let until = match until {
        Some(stage) => Some(stage?),
        None => None,
    };
    let stages: Vec<&Stage<'_>> = steps.iter().chain(&until).collect();
    let arms: Vec<&Ready<'_>> = stages.iter().flat_map(|stage| &stage.arms).collect();
    one_time(&arms, sequence.span, refusals);
    let keys = keys(sequence, &stages, refusals);
    if !refusals.is_empty() {
        return None;
    }
    let time: Name = arms.first().map_or_else(super::default_time, |ready| ready.arm.source.time.name().into());

    let reading = read(&arms, &[]);
    let mut fidelity = reading.base_fidelity(&arms).assuming(Assumption::UniqueTimestamps);
    let mut flags = Vec::with_capacity(stages.len() * 2);
    for (i, stage) in stages.iter().enumerate() {
        let conditions = reading.conditions(&stage.arms);
        let mut own = compose(&conditions);
        own.verdict = own.verdict.join(reading.telling_apart());
        fidelity.join(&if i < steps.len() { own } else { own.swapped() });
        flags.push(Assignment { name: stage.flag.clone(), value: Expr::flag(stripped(conditions)) });
    }
    if stages.iter().flat_map(|stage| &stage.step.keys).flat_map(|key| &key.fields).any(|column| column.many) {
        single_valued(&mut fidelity);
    }
    flags.extend(keys.computed);
    let commands = commands(&steps, until.as_ref(), flags, &keys.by, sequence.timespan, &time);
    Some((Query { search: bare(reading.base), commands }, fidelity))
}

fn commands(
    steps: &[Stage<'_>],
    until: Option<&Stage<'_>>,
    mut flags: Vec<Assignment>,
    keys: &[Name],
    timespan: u64,
    time: &Name,
) -> Vec<Command> {
    let when = |flag: &Name| Expr::if_else(is_set(flag), Expr::Field(time.clone()), Expr::null());
    let carried = |field: &Name, name: &Name| Command::LargestBefore {
        field: field.clone(),
        name: name.clone(),
        by: keys.to_vec(),
    };
    flags.push(Assignment { name: numbered("rc_start", 1), value: when(&steps[0].flag) });
    let last_end: Name = "rc_last_end".into();
    let end: Name = "rc_end".into();
    if let Some(until) = until {
        flags.push(Assignment { name: end.clone(), value: when(&until.flag) });
    }
    let present = keys.iter().map(|key| Logic::Test(WherePredicate::NotNull(Expr::Field(key.clone()))));
    let any_step = Logic::any(steps.iter().chain(until).map(|stage| is_set(&stage.flag)));
    let mut commands = vec![
        Command::Eval(flags),
        Command::Where(Logic::all(present.chain([any_step]))),
        Command::Sort(vec![SortKey { field: time.clone(), descending: false }]),
    ];
    if until.is_some() {
        commands.push(carried(&end, &last_end));
    }
    for (i, stage) in steps.iter().enumerate().skip(1) {
        let (start, last) = (numbered("rc_start", i), numbered("rc_last", i));
        commands.push(carried(&start, &last));
        let mut conditions = vec![
            is_set(&stage.flag),
            Logic::Test(WherePredicate::NotNull(Expr::Field(last.clone()))),
            Logic::Test(WherePredicate::Compare {
                left: Expr::Difference(Box::new(Expr::Field(time.clone())), Box::new(Expr::Field(last.clone()))),
                comparison: Comparison::LessOrEqual,
                right: Expr::Number(Number::Integer(i64::try_from(timespan).unwrap_or(i64::MAX))),
            }),
        ];
        if until.is_some() {
            conditions.push(Logic::any([
                Logic::Test(WherePredicate::Null(Expr::Field(last_end.clone()))),
                Logic::Test(WherePredicate::Compare {
                    left: Expr::Field(last_end.clone()),
                    comparison: Comparison::Less,
                    right: Expr::Field(last.clone()),
                }),
            ]));
        }
        commands.push(Command::Eval(vec![Assignment {
            name: numbered("rc_start", i + 1),
            value: Expr::if_else(Logic::all(conditions), Expr::Field(last), Expr::null()),
        }]));
    }
    let whole = numbered("rc_start", steps.len());
    commands.push(Command::Where(Logic::Test(WherePredicate::NotNull(Expr::Field(whole.clone())))));
    commands.push(Command::Dedup(keys.iter().cloned().chain([whole]).collect()));
    commands
}

fn is_set(flag: &Name) -> Logic<WherePredicate> {
    Logic::Test(WherePredicate::equal(Expr::Field(flag.clone()), Expr::integer(1)))
}

fn numbered(stem: &str, number: usize) -> Name {
    format!("{stem}{number}").into()
}

fn stage<'a>(step: &'a Step<Mapped>, flag: Name, refusals: &mut Vec<Refusal>) -> Option<Stage<'a>> {
    let mut names = |fields: &'a [std::sync::Arc<Column>]| -> Vec<&'a Name> {
        fields
            .iter()
            .filter_map(|column| column_name(column, step.span).map_err(|refusal| refusals.push(refusal)).ok())
            .collect()
    };
    let keys = step.keys.iter().map(|key| names(&key.fields)).collect();
    let Body::Event(event) = &step.body else {
        let message = format!("SPL: the step `{}` is itself a correlation, which is not lowered yet", step.name);
        refusals.push(Refusal::new(RefusalReason::Sequence, step.span, message));
        return None;
    };
    Some(Stage { step, flag, arms: ready(&event.arms, refusals), keys })
}

/// The fields that hold the keys on the events of every step.
struct Keys {
    by: Vec<Name>,
    /// Those that had to be computed, as the steps hold the key in different fields.
    computed: Vec<Assignment>,
}

fn keys(sequence: &Sequence<Mapped>, stages: &[&Stage<'_>], refusals: &mut Vec<Refusal>) -> Keys {
    let mut keys = Keys { by: Vec::new(), computed: Vec::new() };
    for (k, key) in sequence.keys.iter().enumerate() {
        let refuse = |step: &Step<Mapped>, why: &str| {
            Refusal::new(RefusalReason::Sequence, step.span, format!("SPL: the key `{key}` {why}"))
        };
        let Some(each) = stages.iter().map(|stage| stage.keys.get(k)).collect::<Option<Vec<_>>>() else {
            refusals.push(refuse(stages[0].step, "is not known for every step"));
            continue;
        };
        let first = each[0];
        if each.iter().all(|fields| *fields == first) {
            keys.by.extend(first.iter().map(|name| (*name).clone()));
            continue;
        }
        if let Some((stage, _)) = stages.iter().zip(&each).find(|(_, fields)| fields.len() != first.len()) {
            refusals.push(refuse(stage.step, "is one field in one step and several in another"));
            continue;
        }
        if let Some(stage) = overlapping(stages, &each) {
            let why = "stands in different fields of the steps, and one event may be several of them";
            refusals.push(
                refuse(stage.step, why)
                    .help("map the key to one field, or make the log sources of the steps exclusive"),
            );
            continue;
        }
        for part in 0..first.len() {
            let name = if first.len() == 1 {
                numbered("rc_key", k + 1)
            } else {
                Name::from(format!("rc_key{}_{}", k + 1, part + 1))
            };
            let cases = stages.iter().zip(&each);
            let cases = cases.map(|(stage, fields)| (is_set(&stage.flag), Expr::Field(fields[part].clone())));
            keys.computed.push(Assignment { name: name.clone(), value: Expr::Case(cases.collect()) });
            keys.by.push(name);
        }
    }
    keys
}

/// A step of which an event may be an event of an earlier step too, with the key in other fields there.
fn overlapping<'s, 'a>(stages: &[&'s Stage<'a>], keys: &[&Vec<&Name>]) -> Option<&'s Stage<'a>> {
    let mut pairs = (1..stages.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
    pairs
        .find(|&(earlier, later)| {
            let exclusive = |one: &Ready<'_>| stages[later].arms.iter().all(|other| exclusive(one.arm, other.arm));
            keys[earlier] != keys[later] && !stages[earlier].arms.iter().all(exclusive)
        })
        .map(|(_, later)| stages[later])
}
