//! Correlations: a count of events as a step that is repeated. The rest has no form in EQL, as `support` says.
//!
//! `with runs=N` fires at the same events as the rule: each event moves every partial sequence on by one, so that the Nth
//! event of a burst completes the first, and each event after it the next.

use super::Lowering;
use super::sequence::columns;
use crate::ast::{Query, Sequence, Step};
use crate::support::support;
use rulecast_backend::{Feature, Support};
use rulecast_ir::{
    Arm, Assumption, Atom, Body, Column, Correlation, Fidelity, Key, Logic, Mapped, Notes, Refusal, RefusalReason,
    Subject, Test, Threshold,
};
use rulecast_rule::ast::{CorrelationKind, Operator};
use std::sync::Arc;

/// The most events that `with runs` can ask for.
const MAX_RUNS: u8 = 100;

impl Lowering {
    pub(super) fn correlation(&mut self, correlation: &Correlation<Mapped>) -> Option<(Query, Fidelity)> {
        let kind = correlation.measure.kind;
        if kind != CorrelationKind::EventCount {
            let feature = Feature::Correlation(kind);
            let (Support::Unsupported(why) | Support::Emulated(why) | Support::Approximate(why)) = support(feature)
            else {
                unreachable!("no other correlation is native");
            };
            self.refuse(Refusal::new(feature.refusal_reason(), correlation.span, format!("EQL: {why}")));
            return None;
        }
        let runs = self.runs(correlation);
        self.check_keys(&correlation.members.iter().collect::<Vec<_>>());
        self.check_shared_key(correlation);
        let arms = self.member_arms(correlation);
        let mut fidelity = Fidelity::default();
        let keys = || correlation.members.iter().flat_map(columns);
        if keys().any(|column| column.many) {
            fidelity.assumptions.insert(Assumption::SingleValued);
        }
        let (query, of_members) = match runs {
            // A sequence has two events at least.
            Some(1) => self.event(&with_keys(arms, correlation)),
            _ => self.event(&arms),
        };
        fidelity.join(&of_members.through(correlation.polarity(0)));
        let by = correlation.members.first().into_iter().flat_map(columns).map(|column| column.name().into()).collect();
        let runs = runs.filter(|_| self.refusals.is_empty())?;
        if runs == 1 {
            return Some((Query::Event(query), fidelity));
        }
        let steps = vec![Step { query, by: Vec::new(), runs }];
        let sequence = Sequence { by, maxspan: correlation.timespan, steps, until: None };
        Some((Query::Sequence(sequence), fidelity.assuming(Assumption::UniqueTimestamps)))
    }

    /// How many events it takes, at least one.
    fn runs(&mut self, correlation: &Correlation<Mapped>) -> Option<u8> {
        let mut runs = 1;
        for Threshold { operator, value } in &correlation.thresholds {
            let least = match operator {
                Operator::Gte => value.ceil(),
                Operator::Gt => value.floor() + 1.0,
                Operator::Lt | Operator::Lte | Operator::Eq | Operator::Neq => {
                    let message =
                        format!("EQL can ask for at least so many events, not for `{}: {value}`", operator.name());
                    self.refuse(Refusal::new(RefusalReason::Correlation, correlation.span, message));
                    return None;
                }
            };
            if least > f64::from(MAX_RUNS) {
                let message = format!("EQL counts to {MAX_RUNS} events, and this asks for {least}");
                self.refuse(Refusal::new(RefusalReason::Correlation, correlation.span, message));
                return None;
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 1 to 100")]
            let least = least.max(1.0) as u8;
            runs = runs.max(least);
        }
        Some(runs)
    }

    /// A step has one list of fields for all events that may take its place.
    fn check_shared_key(&mut self, correlation: &Correlation<Mapped>) {
        let Some((first, others)) = correlation.members.split_first() else { return };
        let names = |step| columns(step).map(|column| column.name()).collect::<Vec<_>>();
        for member in others.iter().filter(|member| names(member) != names(first)) {
            self.refuse(Refusal::new(
                RefusalReason::Correlation,
                member.span,
                format!(
                    "`{}` and `{}` hold the key in different fields, and EQL counts events by the same fields",
                    first.name, member.name
                ),
            ));
        }
    }

    /// The events of all members.
    fn member_arms(&mut self, correlation: &Correlation<Mapped>) -> Vec<Arm<Mapped>> {
        let mut arms: Vec<Arm<Mapped>> = Vec::new();
        for member in &correlation.members {
            match &member.body {
                Body::Event(event) => arms.extend(event.arms.iter().cloned()),
                Body::Sequence(_) | Body::Correlation(_) => self.refuse_chain(member),
            }
        }
        arms
    }
}

/// The arms, of events that have a key.
fn with_keys(arms: Vec<Arm<Mapped>>, correlation: &Correlation<Mapped>) -> Vec<Arm<Mapped>> {
    let present = |key: &Key<Mapped>| {
        let exists = |column: &Arc<Column>| {
            Logic::Test(Atom {
                subject: Subject::Field(column.clone()),
                test: Test::Exists(true),
                span: key.span,
                notes: Notes::default(),
            })
        };
        key.fields.iter().map(exists).collect::<Vec<_>>()
    };
    let keys: Vec<_> =
        correlation.members.first().into_iter().flat_map(|member| &member.keys).flat_map(present).collect();
    let with = |arm: Arm<Mapped>| Arm { predicate: Logic::all([arm.predicate].into_iter().chain(keys.clone())), ..arm };
    arms.into_iter().map(with).collect()
}
