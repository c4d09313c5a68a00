//! Faults of correlations, in the rule that is lowered.

use super::Fault;
use rulecast_ir::{Body, Correlation, Measure, Sequence, Sigma, Step, Threshold};
use rulecast_rule::ast::{CorrelationKind, Operator};

impl Fault {
    /// The sequence with the fault; another body where its order is lost.
    pub(super) fn sequence(self, sequence: &mut Sequence<Sigma>) -> Option<Body<Sigma>> {
        match self {
            Fault::TimespanOffByOne => sequence.timespan = sequence.timespan.saturating_sub(1).max(1),
            Fault::KeyLost => {
                sequence.keys.clear();
                let until = sequence.until.as_deref_mut();
                sequence.steps.iter_mut().chain(until).for_each(|step| step.keys.clear());
            }
            Fault::AliasLost => {
                unalias(&mut sequence.steps);
                if let Some(until) = &mut sequence.until {
                    until.keys.clone_from(&sequence.steps[0].keys);
                }
            }
            Fault::MemberLost if sequence.steps.len() > 2 => drop(sequence.steps.pop()),
            Fault::OrderLost if sequence.until.is_none() => return Some(Body::Correlation(unordered(sequence))),
            _ => {}
        }
        None
    }

    pub(super) fn correlation(self, correlation: &mut Correlation<Sigma>) {
        let measure = &mut correlation.measure;
        match (self, measure.kind) {
            (Fault::TimespanOffByOne, _) => correlation.timespan = correlation.timespan.saturating_sub(1).max(1),
            (Fault::BoundOffByOne, _) => correlation.thresholds.iter_mut().for_each(beside),
            (Fault::KeyLost, _) => {
                correlation.keys.clear();
                correlation.members.iter_mut().for_each(|member| member.keys.clear());
            }
            (Fault::AliasLost, _) => unalias(&mut correlation.members),
            (Fault::DistinctLost, CorrelationKind::ValueCount) => counted(measure),
            (Fault::DistinctLost, CorrelationKind::Temporal) if correlation.condition.is_none() => counted(measure),
            (Fault::OrderLost, CorrelationKind::TemporalOrdered) => measure.kind = CorrelationKind::Temporal,
            (Fault::MemberLost, _) if correlation.condition.is_none() && correlation.members.len() > 1 => {
                correlation.members.pop();
                measure.fields.truncate(correlation.members.len());
            }
            (Fault::AverageForMedian, CorrelationKind::ValueMedian | CorrelationKind::ValuePercentile) => {
                (measure.kind, measure.percentile) = (CorrelationKind::ValueAvg, None);
            }
            _ => {}
        }
    }
}

fn counted(measure: &mut Measure<Sigma>) {
    measure.kind = CorrelationKind::EventCount;
    measure.fields.clear();
}

fn beside(threshold: &mut Threshold) {
    threshold.operator = match threshold.operator {
        Operator::Gt => Operator::Gte,
        Operator::Gte => Operator::Gt,
        Operator::Lt => Operator::Lte,
        Operator::Lte => Operator::Lt,
        other => other,
    };
}

fn unalias(steps: &mut [Step<Sigma>]) {
    if let Some((first, others)) = steps.split_first_mut() {
        others.iter_mut().for_each(|step| step.keys.clone_from(&first.keys));
    }
}

/// All steps within the time, in any order.
fn unordered(sequence: &Sequence<Sigma>) -> Correlation<Sigma> {
    #[expect(clippy::cast_precision_loss, reason = "there are few steps")]
    let all = Threshold { operator: Operator::Gte, value: sequence.steps.len() as f64 };
    Correlation {
        measure: Measure { kind: CorrelationKind::Temporal, fields: Vec::new(), percentile: None },
        members: sequence.steps.clone(),
        keys: sequence.keys.clone(),
        timespan: sequence.timespan,
        thresholds: vec![all],
        condition: None,
        span: sequence.span,
    }
}
