//! Events in order, by `scan`, where the engine that holds them has it.
//!
//! The rows of all steps, each told by its number, in order of key and time; of one event that several steps match, and of
//! events at the same time, the later step first, so that none follows itself. A row goes on with what the step before
//! holds, which then is empty: the newest start wins, and serves once. A later completion of the same start matches the
//! last step again, and is dropped by taking the first. Keys are told apart by comparison: what one key leaves behind, no
//! row of the next can follow.
//!
//! Events that end a sequence are rows after all others of their time. Each row then carries the time of the last one
//! before it, which must be older than the event that it follows.
//!
//! Source: the reference's page on the scan operator, "Matching logic", and its example of filling values forward.

use super::event::union;
use super::key::{KeyColumn, guard};
use super::result::Found;
use super::step::Wanted;
use super::{Lowering, key};
use crate::ast::{
    Aggregate, Comparison, Condition, Declaration, Expr, Function, Named, Operator, Pipeline, ScalarType, Scan,
    SortKey, Source, Step as ScanStep, StepOutput, Test,
};
use rulecast_ir::{Arm, Body, Fidelity, Logic, Mapped, Name, Sequence, Step};

/// When an event happened.
const AT: &str = "at";
/// The step that a row matches, from 1; of an event that ends a sequence, 0.
const STAGE: &str = "stage";
/// When the sequence began.
const START: &str = "start";
/// When the last ending event before a row was.
const ENDED: &str = "ended";
/// The `let` name of the ending events.
const UNTIL: &str = "until";

/// Whether every engine that a sequence reads has the operator.
pub(super) fn is_had(sequence: &Sequence<Mapped>) -> bool {
    sequence.steps.iter().chain(sequence.until.as_deref()).all(|step| has_scan(&step.body))
}

fn has_scan(body: &Body<Mapped>) -> bool {
    let has = |arm: &Arm<Mapped>| arm.source.scan;
    match body {
        Body::Event(event) => event.arms.iter().all(has),
        Body::Sequence(sequence) => is_had(sequence),
        Body::Correlation(correlation) => correlation.members.iter().all(|member| has_scan(&member.body)),
    }
}

/// Whether the rows have a column of such a name.
pub(super) fn is_ours(name: &str) -> bool {
    key::is_numbered(name, &["k"]) || [AT, STAGE, START, ENDED].contains(&name)
}

impl Lowering {
    /// The completing events, with columns of them; `None` if a step is refused.
    pub(super) fn scanned(
        &mut self,
        sequence: &Sequence<Mapped>,
        keys: Vec<KeyColumn>,
        carried: &[Named],
        fidelity: &mut Fidelity,
    ) -> Option<Found> {
        // Without keys, all rows are of one group, and nothing need tell it.
        let keys: Vec<KeyColumn> = keys.into_iter().filter(|key| key.shown.is_some()).collect();
        let steps: Vec<&Step<Mapped>> = sequence.steps.iter().chain(sequence.until.as_deref()).collect();
        let last = sequence.steps.len().checked_sub(1)?;
        let mut parts = Vec::with_capacity(steps.len());
        let mut complete = true;
        for (i, step) in steps.iter().enumerate() {
            let is_until = i > last;
            let stage = if is_until { 0 } else { number(i) };
            let own = if i == last { carried } else { &[] };
            let marked = own.iter().cloned().chain([Named { name: STAGE.into(), value: Expr::Long(stage) }]);
            let wanted = Wanted {
                guard: guard(&keys, i),
                keys: keys.iter().filter_map(|key| key.at(i)).collect(),
                time: AT.into(),
                carried: marked.collect(),
                all: false,
            };
            let mut own = Fidelity::default();
            let Some(rows) = self.step(step, &wanted, &mut own) else {
                complete = false;
                continue;
            };
            fidelity.join(&if is_until { own.swapped() } else { own });
            let name = if is_until { UNTIL.to_owned() } else { format!("step{}", i + 1) };
            let name = self.bind(&name, union(rows));
            parts.push(Pipeline { source: Source::Table(name), operators: Vec::new() });
        }
        if !complete {
            return None;
        }
        let names: Vec<Name> = keys.iter().map(|key| key.name.clone()).collect();
        let mut rows = union(parts);
        rows.operators.push(Operator::Sort(order(&names)));
        let has_until = sequence.until.is_some();
        if has_until {
            // Which order a scan leaves is not documented.
            rows.operators.extend([Operator::Scan(filled(&names)), Operator::Sort(order(&names))]);
        }
        rows.operators.push(Operator::Scan(matched(sequence, &names, has_until)));
        let at: Name = AT.into();
        let carried: Vec<Name> = carried.iter().map(|named| named.name.clone()).collect();
        let first =
            if carried.is_empty() { Aggregate::Min(at.clone()) } else { Aggregate::ArgMin(at.clone(), carried) };
        let by = names.into_iter().chain([START.into()]).collect();
        rows.operators.push(Operator::Summarize { aggregates: vec![first], by });
        Some(Found { rows, keys, time: at, start: Some(START.into()), repeated: false, overlapping: false })
    }
}

fn number(index: usize) -> i64 {
    i64::try_from(index + 1).unwrap_or(i64::MAX)
}

fn column(name: &str) -> Expr {
    Expr::Column(name.into())
}

/// By key and time, the later step first.
fn order(keys: &[Name]) -> Vec<SortKey> {
    let ascending = keys.iter().map(|name| &**name).chain([AT]);
    let ascending = ascending.map(|name| SortKey { by: column(name), descending: false });
    ascending.chain([SortKey { by: column(STAGE), descending: true }]).collect()
}

fn step_name(index: usize) -> Name {
    format!("s{}", index + 1).into()
}

/// A column of the row that a step holds.
fn held(step: &Name, column: &str) -> Expr {
    Expr::Path { of: Box::new(Expr::Column(step.clone())), names: vec![column.into()] }
}

fn compare(left: Expr, operator: Comparison, right: Expr) -> Condition {
    Logic::Test(Test::compare(left, operator, right))
}

/// That a row has the keys of the one that a step holds.
fn same_keys(keys: &[Name], step: &Name) -> impl Iterator<Item = Condition> {
    keys.iter().map(|name| compare(Expr::Column(name.clone()), Comparison::Equal, held(step, name)))
}

/// Carries the time of the last ending event of a key to the rows after it.
fn filled(keys: &[Name]) -> Scan {
    let name: Name = "s0".into();
    let is_end = Expr::truth(compare(column(STAGE), Comparison::Equal, Expr::Long(0)));
    let before = match Logic::all(same_keys(keys, &name)) {
        Logic::True => held(&name, ENDED),
        same => {
            let none = Expr::Null(ScalarType::DateTime);
            Expr::call(Function::Iff, [Expr::truth(same), held(&name, ENDED), none])
        }
    };
    let value = Expr::call(Function::Iff, [is_end, column(AT), before]);
    let step = ScanStep {
        name,
        output: StepOutput::All,
        condition: Logic::True,
        assignments: vec![Named { name: ENDED.into(), value }],
    };
    Scan { match_id: None, declare: vec![declared(ENDED)], steps: vec![step] }
}

fn declared(name: &str) -> Declaration {
    Declaration { name: name.into(), ty: ScalarType::DateTime, default: None }
}

/// Gives the rows that complete the sequence, with the time of the first.
fn matched(sequence: &Sequence<Mapped>, keys: &[Name], has_until: bool) -> Scan {
    let last = sequence.steps.len() - 1;
    let first = step_name(0);
    let steps = (0..=last).map(|index| {
        let own = compare(column(STAGE), Comparison::Equal, Expr::Long(number(index)));
        let condition = match index.checked_sub(1).map(step_name) {
            None => own,
            Some(before) => {
                let later = compare(column(AT), Comparison::Greater, held(&before, AT));
                let length = Expr::Minus(Box::new(column(AT)), Box::new(held(&first, AT)));
                let within = compare(length, Comparison::LessOrEqual, Expr::Timespan(sequence.timespan));
                let going = has_until.then(|| {
                    let none = Logic::Test(Test::Call(Function::IsNull, vec![column(ENDED)]));
                    Logic::any([none, compare(column(ENDED), Comparison::Less, held(&before, AT))])
                });
                Logic::all([own].into_iter().chain(same_keys(keys, &before)).chain([later, within]).chain(going))
            }
        };
        let start = if index == 0 { column(AT) } else { held(&first, AT) };
        ScanStep {
            name: step_name(index),
            output: if index == last { StepOutput::All } else { StepOutput::None },
            condition,
            assignments: if index == last { vec![Named { name: START.into(), value: start }] } else { Vec::new() },
        }
    });
    Scan { match_id: None, declare: vec![declared(START)], steps: steps.collect() }
}
