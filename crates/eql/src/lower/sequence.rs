//! Sequences: EQL's own, whose meaning is the rule's.

use super::Lowering;
use crate::ast::{Query, Sequence, Step};
use rulecast_ir::{
    Assumption, Body, Column, ColumnExpr, ColumnType, Fidelity, Mapped, Name, Refusal, RefusalReason, Sequence as Rule,
    Step as RuleStep,
};
use std::sync::Arc;

impl Lowering {
    pub(super) fn sequence(&mut self, sequence: &Rule<Mapped>) -> Option<(Query, Fidelity)> {
        let mut fidelity = Fidelity::default().assuming(Assumption::UniqueTimestamps);
        let steps: Vec<Step> = sequence.steps.iter().filter_map(|step| self.step(step, false, &mut fidelity)).collect();
        let until = sequence.until.as_deref().and_then(|step| self.step(step, true, &mut fidelity));
        self.check_keys(&sequence.steps.iter().chain(sequence.until.as_deref()).collect::<Vec<_>>());
        if !self.refusals.is_empty() {
            return None;
        }
        let mut lowered = Sequence { by: Vec::new(), maxspan: sequence.timespan, steps, until };
        hoist_common_keys(&mut lowered);
        Some((Query::Sequence(lowered), fidelity))
    }

    fn step(&mut self, step: &RuleStep<Mapped>, negated: bool, fidelity: &mut Fidelity) -> Option<Step> {
        let Body::Event(event) = &step.body else {
            self.refuse_chain(step);
            return None;
        };
        // Which class an event of the step is of has no part in whether it is one.
        let (query, of_step) = self.event(&event.arms);
        fidelity.join(&if negated { of_step.swapped() } else { of_step });
        let columns: Vec<&Arc<Column>> = columns(step).collect();
        if columns.iter().any(|column| column.many) {
            fidelity.assumptions.insert(Assumption::SingleValued);
        }
        Some(Step { query, by: columns.iter().map(|column| column.name().into()).collect(), runs: 1 })
    }

    pub(super) fn refuse_chain(&mut self, step: &RuleStep<Mapped>) {
        self.refuse(Refusal::new(
            RefusalReason::Sequence,
            step.span,
            format!("`{}` is no event, and EQL has no sequence of anything else", step.name),
        ));
    }

    /// Each step must have as many fields in its key, each of a type that EQL can join on and that the other steps share.
    pub(super) fn check_keys(&mut self, steps: &[&RuleStep<Mapped>]) {
        for step in steps {
            for key in &step.keys {
                for column in &key.fields {
                    let why = match (&column.expr, column.ty) {
                        (ColumnExpr::Property { .. } | ColumnExpr::XmlData { .. } | ColumnExpr::Join { .. }, _) => {
                            "is computed"
                        }
                        (ColumnExpr::Name(_), ColumnType::FullText) => "is analysed text",
                        (ColumnExpr::Name(_), ColumnType::Dynamic) => "has no type that EQL can compare",
                        (ColumnExpr::Name(_), _) => continue,
                    };
                    self.refuse(Refusal::new(
                        RefusalReason::Type,
                        key.span,
                        format!("`{}` {why}, and EQL cannot join on it", column.name()),
                    ));
                }
            }
        }
        let Some((first, others)) = steps.split_first() else { return };
        for step in others {
            if columns(step).count() != columns(first).count() {
                self.refuse(Refusal::new(
                    RefusalReason::Sequence,
                    step.span,
                    format!(
                        "`{}` and `{}` hold the key in a different number of fields, and EQL joins field by field",
                        first.name, step.name
                    ),
                ));
                continue;
            }
            for (ours, theirs) in columns(first).zip(columns(step)) {
                if ours.ty != theirs.ty {
                    self.refuse(Refusal::new(
                        RefusalReason::Type,
                        step.span,
                        format!(
                            "`{}` and `{}` are of different types, and EQL cannot join them",
                            ours.name(),
                            theirs.name()
                        ),
                    ));
                }
            }
        }
    }
}

/// The fields of a step's key.
pub(super) fn columns(step: &RuleStep<Mapped>) -> impl Iterator<Item = &Arc<Column>> {
    step.keys.iter().flat_map(|key| &key.fields)
}

/// Moves the fields that all steps have in the same place of their key to the head of the sequence.
fn hoist_common_keys(sequence: &mut Sequence) {
    let Some(first) = sequence.steps.first() else { return };
    let others = || sequence.steps.iter().skip(1).chain(&sequence.until);
    let common: Vec<bool> =
        first.by.iter().enumerate().map(|(i, field)| others().all(|step| step.by.get(i) == Some(field))).collect();
    let by: Vec<Name> =
        first.by.iter().zip(&common).filter(|(_, common)| **common).map(|(field, _)| field.clone()).collect();
    for step in sequence.steps.iter_mut().chain(&mut sequence.until) {
        let mut common = common.iter();
        step.by.retain(|_| !common.next().copied().unwrap_or(false));
    }
    sequence.by = by;
}
