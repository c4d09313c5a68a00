//! The keys of a sequence or of a correlation as fields that every event of it has.
//!
//! Where all members hold a key in one field, that is the key. Else it is computed from the member that the event is of;
//! and where one event may be of several such members (a process and the child of another), it stands in the result once
//! for each, as what the field `rc_role` says.

use super::arms::{Ready, exclusive};
use super::stage::{Mark, Stage};
use crate::ast::{Assignment, Expr};
use rulecast_ir::{Mapped, Name, Refusal, RefusalReason, Step};

/// The keys.
pub(super) struct Keys {
    /// The fields that hold them.
    pub(super) by: Vec<Name>,
    /// Those that are computed, as the steps hold the key in different fields: the step, and the field there.
    computed: Vec<(Name, Vec<Name>)>,
    /// How to tell which step an event is of.
    pub(super) mark: Mark,
}

impl Keys {
    /// Whether every member holds them in the same fields.
    pub(super) fn is_plain(&self) -> bool {
        self.computed.is_empty()
    }

    /// What computes the keys, where `stages` are marked.
    pub(super) fn computed(&self, stages: &[&Stage<'_>]) -> Vec<Assignment> {
        self.computed_by(stages, self.mark)
    }

    /// The same, where they are marked so.
    pub(super) fn computed_by(&self, stages: &[&Stage<'_>], mark: Mark) -> Vec<Assignment> {
        let case = |fields: &[Name]| {
            let arms = stages.iter().zip(fields);
            Expr::Case(arms.map(|(stage, field)| (stage.is(mark), Expr::Field(field.clone()))).collect())
        };
        self.computed.iter().map(|(name, fields)| Assignment { name: name.clone(), value: case(fields) }).collect()
    }

    /// The fields that are computed, each with the field of a stage.
    pub(super) fn computed_of(&self, stage: usize) -> impl Iterator<Item = (&Name, &Name)> {
        self.computed.iter().filter_map(move |(name, fields)| Some((name, fields.get(stage)?)))
    }
}

/// The keys of all stages. What SPL cannot say is added to `refusals`.
pub(super) fn keys(names: &[Name], reason: RefusalReason, stages: &[&Stage<'_>], refusals: &mut Vec<Refusal>) -> Keys {
    let mut keys = Keys { by: Vec::new(), computed: Vec::new(), mark: Mark::Flag };
    for (k, key) in names.iter().enumerate() {
        let refuse =
            |step: &Step<Mapped>, why: &str| Refusal::new(reason, step.span, format!("SPL: the key `{key}` {why}"));
        let mut each = Vec::with_capacity(stages.len());
        for stage in stages {
            match stage.keys.get(k) {
                Some(fields) => each.push(fields),
                None => refusals.push(refuse(stage.step, "is not known for this step")),
            }
        }
        if each.len() < stages.len() {
            continue;
        }
        let first = each[0];
        if each.iter().all(|fields| *fields == first) {
            keys.by.extend(first.iter().map(|name| (*name).clone()));
            continue;
        }
        if let Some((stage, _)) = stages.iter().zip(&each).find(|(_, fields)| fields.len() != first.len()) {
            refusals.push(refuse(stage.step, "is one field in one step and several in another"));
            continue;
        }
        if overlapping(stages, &each) {
            keys.mark = Mark::Role;
        }
        for part in 0..first.len() {
            let name: Name = match first.len() {
                1 => format!("rc_key{}", k + 1).into(),
                _ => format!("rc_key{}_{}", k + 1, part + 1).into(),
            };
            keys.by.push(name.clone());
            keys.computed.push((name, each.iter().map(|fields| fields[part].clone()).collect()));
        }
    }
    keys
}

/// Whether an event may be of two steps that hold the key in different fields.
fn overlapping(stages: &[&Stage<'_>], keys: &[&Vec<&Name>]) -> bool {
    let mut pairs = (1..stages.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
    pairs.any(|(earlier, later)| {
        let exclusive = |one: &Ready<'_>| stages[later].arms.iter().all(|other| exclusive(one.arm, other.arm));
        // Of what completes a correlation, nothing is known.
        let events = !stages[earlier].arms.is_empty() && !stages[later].arms.is_empty();
        keys[earlier] != keys[later] && !(events && stages[earlier].arms.iter().all(exclusive))
    })
}
