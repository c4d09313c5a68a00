//! The rows of one step of a sequence, or of one member of a correlation.
//!
//! A step that is itself a sequence or a correlation stands for the events that complete it: their rows carry what the
//! outer one asks of them.

use super::event::TableArms;
use super::result::Found;
use super::{Lowering, column};
use crate::ast::{Condition, Expr, Let, Named, Operator, Pipeline, Test};
use rulecast_diagnostics::Span;
use rulecast_ir::{Arm, Body, Fidelity, Logic, Mapped, Name, Step};

/// What is asked of the rows of a step, as columns of its events.
pub(super) struct Wanted {
    /// What must hold of an event.
    pub(super) guard: Condition,
    /// Columns that come before the time.
    pub(super) keys: Vec<Named>,
    /// What the time is called.
    pub(super) time: Name,
    /// Columns that come after the time.
    pub(super) carried: Vec<Named>,
    /// Whether the columns of the table stay too.
    pub(super) all: bool,
}

impl Wanted {
    fn operator(&self, time: Option<Expr>, read: impl Fn(usize, &Named) -> Named) -> Operator {
        let time = time.map(|value| Named { name: self.time.clone(), value });
        let keys = self.keys.iter().enumerate().map(|(i, named)| read(i, named));
        let carried = self.carried.iter().enumerate().map(|(i, named)| read(i + self.keys.len(), named));
        if self.all {
            let new = keys.chain(time).chain(carried).filter(|named| !is_itself(named));
            Operator::Extend(new.collect())
        } else {
            Operator::Project(keys.chain(time).chain(carried).collect())
        }
    }
}

fn is_itself(named: &Named) -> bool {
    matches!(&named.value, Expr::Column(name) if *name == named.name)
}

impl Lowering {
    /// The rows of a step, table by table; `None` if it is refused.
    pub(super) fn step(
        &mut self,
        step: &Step<Mapped>,
        wanted: &Wanted,
        fidelity: &mut Fidelity,
    ) -> Option<Vec<Pipeline>> {
        match &step.body {
            Body::Event(event) => {
                let tables = self.by_table(&event.arms, step.span);
                Some(tables.iter().map(|one| self.table_rows(one, step.span, wanted, fidelity)).collect())
            }
            body => self.completions(body, wanted, fidelity).map(|rows| vec![rows]),
        }
    }

    /// The rows of a table that some arms match.
    pub(super) fn table_rows(
        &mut self,
        one: &TableArms<'_>,
        span: Span,
        wanted: &Wanted,
        fidelity: &mut Fidelity,
    ) -> Pipeline {
        let mut rows = self.rows(one, span, fidelity);
        if wanted.guard != Logic::True {
            rows.operators.push(Operator::Where(wanted.guard.clone()));
        }
        rows.operators.push(wanted.operator(one.time(), |_, named| named.clone()));
        rows
    }

    /// The rows of the events that complete a sequence or a correlation.
    fn completions(&mut self, body: &Body<Mapped>, wanted: &Wanted, fidelity: &mut Fidelity) -> Option<Pipeline> {
        let inner = |i: usize| Name::from(format!("c{}", i + 1));
        let asked = wanted.keys.iter().chain(&wanted.carried);
        let mut carried: Vec<Named> =
            asked.enumerate().map(|(i, named)| Named { name: inner(i), value: named.value.clone() }).collect();
        let kept = inner(carried.len());
        if wanted.guard != Logic::True {
            carried.push(Named { name: kept.clone(), value: Expr::truth(wanted.guard.clone()) });
        }
        let found = match body {
            Body::Event(_) => return None,
            Body::Sequence(sequence) => self.sequence_rows(sequence, &carried, fidelity)?,
            Body::Correlation(correlation) => self.correlation_rows(correlation, &carried, false, fidelity)?,
        };
        let Found { mut rows, time, overlapping, .. } = found;
        if wanted.guard != Logic::True {
            rows.operators.push(Operator::Where(Logic::Test(Test::Value(Expr::Column(kept)))));
        }
        let read = |i: usize, named: &Named| Named { name: named.name.clone(), value: Expr::Column(inner(i)) };
        rows.operators.push(wanted.operator(Some(Expr::Column(time)), read));
        if overlapping {
            let names = wanted.keys.iter().chain(&wanted.carried).map(|named| named.name.clone());
            rows.operators.push(Operator::Distinct(names.chain([wanted.time.clone()]).collect()));
        }
        Some(rows)
    }

    /// Names a pipeline for those that follow; another one that is called so gets a number.
    pub(super) fn bind(&mut self, name: &str, pipeline: Pipeline) -> Name {
        let taken = |name: &str| self.lets.iter().any(|one| &*one.name == name);
        let numbered = (2..self.lets.len() + 3).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken(name));
        let name: Name = free.unwrap_or_else(|| name.to_owned()).into();
        self.lets.push(Let { name: name.clone(), pipeline });
        name
    }
}

/// The arms of the events that complete a body: those of its last step, or of any member.
pub(super) fn completing(body: &Body<Mapped>) -> Vec<&Arm<Mapped>> {
    match body {
        Body::Event(event) => event.arms.iter().collect(),
        Body::Sequence(sequence) => sequence.steps.last().map_or_else(Vec::new, |step| completing(&step.body)),
        Body::Correlation(correlation) => {
            correlation.members.iter().flat_map(|member| completing(&member.body)).collect()
        }
    }
}

/// What a completing event is called in a result: its time column has the name that it has in the first source.
pub(super) fn time_name(arms: &[&Arm<Mapped>]) -> Option<Name> {
    arms.first().map(|arm| column::result_name(&arm.source.time))
}
