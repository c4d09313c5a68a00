//! Events in order, as joins.
//!
//! Each step is a `let`: its keys, the time of its event, and, in the last, what identifies the event. The steps are joined
//! in order; of the starts that fit a completion the latest counts, and of the completions of a start the first. On
//! distinct times that is what the sequence means: the newest start wins, and each is used once.
//!
//! `kind=inner` is essential: the default keeps one arbitrary row for each key.

use super::column::Kind;
use super::event::union;
use super::output::{distinct, field};
use super::{Lowering, column};
use crate::ast::{
    Aggregate, Comparison, Condition, Expr, JoinKind, Let, Named, Operator, Pipeline, Query, Source, Test,
};
use rulecast_backend::Feature;
use rulecast_ir::{
    Assumption, Body, Column, Event, Fidelity, Key, Logic, Mapped, Name, Output, OutputField, Refusal, RefusalReason,
    Sequence, Step,
};

/// The `let` name of the ending events, and the column of their time.
const UNTIL: &str = "until";
const UNTIL_TIME: &str = "tu";
/// How many ending events lie between start and completion.
const ENDED: &str = "ended";
/// What the time of the first event is called in the result.
const START: &str = "Start";

/// One column to join on.
struct KeyColumn {
    /// `k1`, …
    name: Name,
    /// What the rule calls it.
    shown: Option<Name>,
    /// Its value at each step, `until` last.
    values: Vec<Expr>,
    /// What must hold for it to have one.
    guards: Vec<Condition>,
}

impl Lowering {
    /// `None` if a step is no event; that is refused.
    pub(super) fn sequence(
        &mut self,
        sequence: &Sequence<Mapped>,
        output: Option<&Output<Mapped>>,
    ) -> Option<(Query, Fidelity)> {
        let mut fidelity = Fidelity::default().assuming(Assumption::UniqueTimestamps);
        let keys = self.key_columns(sequence, &mut fidelity);
        let mut events = Vec::with_capacity(sequence.steps.len() + 1);
        for step in sequence.steps.iter().chain(sequence.until.as_deref()) {
            match &step.body {
                Body::Event(event) => events.push(event),
                Body::Sequence(_) | Body::Correlation(_) => {
                    self.unsupported(Feature::Chain, step.span);
                }
            }
        }
        if events.len() < sequence.steps.len() + usize::from(sequence.until.is_some()) {
            return None;
        }
        let last = sequence.steps.len().checked_sub(1)?;
        let carried = carried(events[last], output);
        for name in carried.iter().map(|named| &named.name).filter(|name| is_ours(name)) {
            let message = format!("KQL: the column `{name}` has a name that the joins of a sequence need");
            self.refuse(Refusal::new(RefusalReason::Sequence, sequence.span, message));
        }
        let mut lets = Vec::with_capacity(events.len());
        for (i, step) in sequence.steps.iter().enumerate() {
            let extra = if i == last { carried.as_slice() } else { &[] };
            let pipeline = self.step(step, events[i], (i, &keys), &time(i), extra, &mut fidelity);
            lets.push(Let { name: step_name(i), pipeline });
        }
        if let Some(until) = &sequence.until {
            let mut own = Fidelity::default();
            let i = last + 1;
            let pipeline = self.step(until, events[i], (i, &keys), &UNTIL_TIME.into(), &[], &mut own);
            fidelity.join(&own.swapped());
            lets.push(Let { name: UNTIL.into(), pipeline });
        }
        let carried: Vec<Name> = carried.into_iter().map(|named| named.name).collect();
        let mut operators = joins(sequence, &keys, &carried);
        operators.extend(result(events[last], last, &keys, carried, output));
        Some((Query { lets, pipeline: Pipeline { source: Source::Table(step_name(0)), operators } }, fidelity))
    }

    /// The rows of one step, with what the joins need of them.
    fn step(
        &mut self,
        step: &Step<Mapped>,
        event: &Event<Mapped>,
        (index, keys): (usize, &[KeyColumn]),
        time: &Name,
        carried: &[Named],
        fidelity: &mut Fidelity,
    ) -> Pipeline {
        let guards = Logic::all(keys.iter().filter_map(|key| key.guards.get(index).cloned()));
        let parts = self
            .by_table(&event.arms, step.span)
            .iter()
            .map(|one| {
                let mut part = self.rows(one, step.span, fidelity);
                if guards != Logic::True {
                    part.operators.push(Operator::Where(guards.clone()));
                }
                let keys = keys
                    .iter()
                    .filter_map(|key| Some(Named { name: key.name.clone(), value: key.values.get(index)?.clone() }));
                let time = one.time().map(|value| Named { name: time.clone(), value });
                part.operators.push(Operator::Project(keys.chain(time).chain(carried.iter().cloned()).collect()));
                part
            })
            .collect();
        union(parts)
    }

    /// The keys as columns: a key of several fields is as many columns, in all steps alike.
    fn key_columns(&mut self, sequence: &Sequence<Mapped>, fidelity: &mut Fidelity) -> Vec<KeyColumn> {
        let steps: Vec<_> = sequence.steps.iter().chain(sequence.until.as_deref()).collect();
        let mut columns: Vec<KeyColumn> = Vec::new();
        for (i, shown) in sequence.keys.iter().enumerate() {
            let keys: Vec<&Key<Mapped>> = steps.iter().filter_map(|step| step.keys.get(i)).collect();
            let width = keys.first().map_or(0, |key| key.fields.len());
            if keys.len() != steps.len() || keys.iter().any(|key| key.fields.len() != width) {
                let message = format!("KQL: the key `{shown}` is one column in some steps and several in others");
                self.refuse(Refusal::new(RefusalReason::Sequence, sequence.span, message));
                continue;
            }
            for part in 0..width {
                let fields: Vec<&Column> = keys.iter().map(|key| &*key.fields[part]).collect();
                let shown = if width == 1 { shown.clone() } else { column::result_name(fields[0]) };
                let read = self.key_reader(&keys, &fields);
                let guards = fields.iter().map(|field| guard(field, fidelity)).collect();
                columns.push(KeyColumn {
                    name: format!("k{}", columns.len() + 1).into(),
                    shown: Some(shown),
                    values: fields.iter().map(|field| read(field)).collect(),
                    guards,
                });
            }
        }
        if columns.is_empty() {
            // Without keys, all events are of one group.
            columns.push(KeyColumn {
                name: "k1".into(),
                shown: None,
                values: vec![Expr::Long(1); steps.len()],
                guards: Vec::new(),
            });
        }
        columns
    }

    /// How to read a key so that all steps give the same type.
    fn key_reader(&mut self, keys: &[&Key<Mapped>], fields: &[&Column]) -> fn(&Column) -> Expr {
        let first = fields.first().map(|field| column::kind(field));
        let alike = fields.iter().all(|field| Some(column::kind(field)) == first);
        for (key, field) in keys.iter().zip(fields) {
            let refused = match column::kind(field) {
                _ if field.many => Some("may hold several values, and a key has one"),
                Kind::Real | Kind::DateTime if !alike => Some("is of another type than the same key of other steps"),
                _ => None,
            };
            if let Some(why) = refused {
                let message = format!("KQL: `{}` {why}", field.name());
                self.refuse(Refusal::new(RefusalReason::Sequence, key.span, message));
            }
        }
        if alike && first != Some(Kind::Dynamic) { column::value } else { column::text }
    }
}

fn guard(field: &Column, fidelity: &mut Fidelity) -> Condition {
    if field.always {
        return Logic::True;
    }
    if matches!(column::kind(field), Kind::Text | Kind::Dynamic) {
        fidelity.assumptions.insert(Assumption::EmptyIsMissing);
    }
    column::present(field)
}

/// Whether the joins have columns of such a name: `k1`, `t1`, `tu`, `ended`.
fn is_ours(name: &str) -> bool {
    let numbered = name.strip_prefix(['k', 't']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    numbered || name == UNTIL_TIME || name == ENDED
}

fn step_name(index: usize) -> Name {
    format!("step{}", index + 1).into()
}

fn time(index: usize) -> Name {
    format!("t{}", index + 1).into()
}

/// What the result needs of the completing event: what identifies it, and what the rule shows.
fn carried(event: &Event<Mapped>, output: Option<&Output<Mapped>>) -> Vec<Named> {
    let Some((first, rest)) = event.arms.split_first() else { return Vec::new() };
    let everywhere = |column: &Column| rest.iter().all(|arm| arm.source.id.iter().any(|id| **id == *column));
    let id = first.source.id.iter().filter(|column| everywhere(column)).map(|column| &**column);
    let shown = output.into_iter().flat_map(|output| {
        output.fields.iter().chain(output.sort.iter().map(|(field, _)| field)).filter_map(|field| match field {
            OutputField::Field(column) => Some(&**column),
            OutputField::Time | OutputField::Class => None,
        })
    });
    // Groups cannot be made of dynamic values.
    distinct(shown.chain(id).map(|column| match column::kind(column) {
        Kind::Dynamic => Named { name: column::result_name(column), value: column::text(column) },
        _ => field(column),
    }))
}

fn joins(sequence: &Sequence<Mapped>, keys: &[KeyColumn], carried: &[Name]) -> Vec<Operator> {
    let on: Vec<Name> = keys.iter().map(|key| key.name.clone()).collect();
    let by = |more: &[Name]| on.iter().chain(more).cloned().collect::<Vec<_>>();
    let read = |name: &Name| Expr::Column(name.clone());
    let (start, last) = (time(0), sequence.steps.len() - 1);
    let mut operators = Vec::new();
    for i in 1..=last {
        let (before, now) = (time(i - 1), time(i));
        let within = Expr::Minus(Box::new(read(&now)), Box::new(read(&start)));
        operators.push(Operator::Join { kind: JoinKind::Inner, right: step_name(i), on: on.clone() });
        operators.push(Operator::Where(Logic::all([
            Logic::Test(Test::compare(read(&now), Comparison::Greater, read(&before))),
            Logic::Test(Test::compare(within, Comparison::LessOrEqual, Expr::Timespan(sequence.timespan))),
        ])));
        let latest = if i == last && !carried.is_empty() {
            Aggregate::ArgMax(start.clone(), carried.to_vec())
        } else {
            Aggregate::Max(start.clone())
        };
        operators.push(Operator::Summarize { aggregates: vec![latest], by: by(&[now]) });
    }
    let end = time(last);
    if sequence.until.is_some() {
        let until: Name = UNTIL_TIME.into();
        let between = Logic::all([
            Logic::Test(Test::compare(read(&until), Comparison::GreaterOrEqual, read(&start))),
            Logic::Test(Test::compare(read(&until), Comparison::Less, read(&end))),
        ]);
        let group: Vec<Name> = [start.clone(), end.clone()].into_iter().chain(carried.iter().cloned()).collect();
        operators.extend([
            Operator::Join { kind: JoinKind::LeftOuter, right: UNTIL.into(), on: on.clone() },
            Operator::Summarize {
                aggregates: vec![Aggregate::CountIf { name: ENDED.into(), condition: between }],
                by: by(&group),
            },
            Operator::Where(Logic::Test(Test::compare(Expr::Column(ENDED.into()), Comparison::Equal, Expr::Long(0)))),
        ]);
    }
    let first = if carried.is_empty() { Aggregate::Min(end) } else { Aggregate::ArgMin(end, carried.to_vec()) };
    operators.push(Operator::Summarize { aggregates: vec![first], by: by(&[start]) });
    operators
}

/// The completing event: its time, the keys, when the sequence began, and what was carried.
fn result(
    completing: &Event<Mapped>,
    last: usize,
    keys: &[KeyColumn],
    carried: Vec<Name>,
    output: Option<&Output<Mapped>>,
) -> Vec<Operator> {
    let own = |name: Name| Named { value: Expr::Column(name.clone()), name };
    let name = completing.arms.first().map_or_else(|| time(last), |arm| column::result_name(&arm.source.time));
    let end = || Named { name: name.clone(), value: Expr::Column(time(last)) };
    let shown_keys =
        keys.iter().filter_map(|key| Some(Named { name: key.shown.clone()?, value: Expr::Column(key.name.clone()) }));
    let start = Named { name: START.into(), value: Expr::Column(time(0)) };
    let asked = output.map(|output| {
        output.fields.iter().filter_map(|shown| match shown {
            OutputField::Time => Some(end()),
            OutputField::Field(column) => Some(own(column::result_name(column))),
            OutputField::Class => None,
        })
    });
    let everything = [end()].into_iter().chain(shown_keys).chain([start]).chain(carried.into_iter().map(own));
    let columns = distinct(asked.into_iter().flatten().chain(everything));
    let mut operators = vec![Operator::Project(columns)];
    let keys: Vec<_> = output
        .into_iter()
        .flat_map(|output| &output.sort)
        .filter_map(|(shown, descending)| {
            let by = match shown {
                OutputField::Time => name.clone(),
                OutputField::Field(column) => column::result_name(column),
                OutputField::Class => return None,
            };
            Some(crate::ast::SortKey { by: Expr::Column(by), descending: *descending })
        })
        .collect();
    if !keys.is_empty() {
        operators.push(Operator::Sort(keys));
    }
    operators
}
