//! What makes a rule fire: one walk over it, which writes its log sources, its detections, its correlations and its
//! classes apart from one another.

use super::predicate::{field, logic, predicate};
use super::text::{Expression, sorted};
use rulecast_ir::{
    Arm, Body, Classification, Correlation, Event, Key, LogSource, Measure, Sequence, Sigma, Step, Threshold,
};
use rulecast_rule::ast::Level;

/// What was written, each in the order of the walk.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// One for each event.
    pub(super) log_sources: Vec<String>,
    /// One for each event.
    pub(super) detections: Vec<String>,
    /// How the events belong together; nothing for a rule of one event.
    pub(super) correlation: Option<String>,
    /// The classes.
    pub(super) classifications: Vec<String>,
}

impl Walk {
    pub(super) fn of(body: &Body<Sigma>) -> Self {
        let mut walk = Self::default();
        let correlation = walk.body(body);
        walk.correlation = (!matches!(body, Body::Event(_))).then_some(correlation);
        walk
    }

    /// Writes the events of a body, and returns how they belong together.
    fn body(&mut self, body: &Body<Sigma>) -> String {
        match body {
            Body::Event(one) => self.event(one),
            Body::Sequence(one) => self.sequence(one),
            Body::Correlation(one) => self.correlation(one),
        }
    }

    fn event(&mut self, event: &Event<Sigma>) -> String {
        let Event { arms, classification } = event;
        // A union of arms has no order.
        let mut whole: Vec<(String, &Arm<Sigma>)> = arms.iter().map(|one| (arm(one), one)).collect();
        whole.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (_, arm) in &whole {
            self.log_sources.push(log_source(&arm.source));
            self.detections.push(predicate(&arm.predicate));
        }
        if let Some(classification) = classification {
            self.classifications.push(classes(classification, arms));
        }
        Expression::list("event").with_number(arms.len()).end()
    }

    fn sequence(&mut self, sequence: &Sequence<Sigma>) -> String {
        let Sequence { steps, keys, timespan, until, span: _ } = sequence;
        let steps: Vec<String> = steps.iter().map(|step| self.step(step)).collect();
        let until: Option<String> = until.as_deref().map(|step| self.step(step));
        Expression::list("sequence")
            .with_number(timespan)
            .with_all([Expression::list("keys").with_all(keys.iter().map(|key| Expression::atom(key))).end()])
            .with_all(steps)
            .with_all(until.map(|until| Expression::list("until").with_all([until]).end()))
            .end()
    }

    fn correlation(&mut self, correlation: &Correlation<Sigma>) -> String {
        let Correlation { measure: measured, members, keys, timespan, thresholds, condition, span: _ } = correlation;
        let members: Vec<String> = members.iter().map(|step| self.step(step)).collect();
        let condition = condition.as_ref().map(|tree| {
            let tree = logic(tree, &mut |member| Expression::list("member").with_number(member).end());
            Expression::list("condition").with_all([tree]).end()
        });
        Expression::list("correlation")
            .with_number(timespan)
            .with_all([measure(measured)])
            .with_all([Expression::list("keys").with_all(keys.iter().map(|key| Expression::atom(key))).end()])
            .with_set(thresholds.iter().map(threshold))
            .with_all(condition)
            .with_all(members)
            .end()
    }

    fn step(&mut self, step: &Step<Sigma>) -> String {
        // What the rule of a step is called is no part of what it means.
        let Step { name: _, body, keys, span: _ } = step;
        let body = self.body(body);
        let keys =
            keys.iter().map(|Key { fields, span: _ }| Expression::list("key").with_all(fields.iter().map(field)).end());
        Expression::list("step").with_all([body]).with_all(keys).end()
    }
}

fn measure(measure: &Measure<Sigma>) -> String {
    let Measure { kind, fields, percentile } = measure;
    let fields = fields.iter().map(|fields| Expression::list("fields").with_all(fields.iter().map(field)).end());
    let percentile = percentile.map(|one| Expression::list("percentile").with_number(one).end());
    Expression::list(kind.name()).with_all(fields).with_all(percentile).end()
}

fn threshold(threshold: &Threshold) -> String {
    let Threshold { operator, value } = threshold;
    Expression::list(operator.name()).with_number(value).end()
}

/// The branches in order; of their arms, what they ask beyond the rule itself.
fn classes(classification: &Classification<Sigma>, arms: &[Arm<Sigma>]) -> String {
    let Classification { branches, otherwise, span: _ } = classification;
    let branches = branches.iter().map(|branch| {
        let holds = branch.arms.iter().map(|one| match arms {
            [whole] if whole.source == one.source => predicate(&one.predicate.clone().given(&whole.predicate)),
            _ => arm(one),
        });
        Expression::list("class")
            .with(&branch.name)
            .with(branch.level.map_or("same", Level::name))
            .with_set(holds)
            .end()
    });
    let otherwise = otherwise.as_ref().map(|name| Expression::list("otherwise").with(name).end());
    Expression::list("classes").with_all(branches).with_all(otherwise).end()
}

fn arm(arm: &Arm<Sigma>) -> String {
    let Arm { source, predicate: tree } = arm;
    Expression::list("arm").with_all([log_source(source), predicate(tree)]).end()
}

fn log_source(source: &LogSource) -> String {
    // What targets read for it is among what the rule says of targets.
    let LogSource { category, product, service, scopes: _, span: _ } = source;
    let parts = [("category", category), ("product", product), ("service", service)];
    let parts = parts.into_iter().filter_map(|(name, part)| Some(Expression::list(name).with(part.as_ref()?).end()));
    Expression::list("log-source").with_all(parts).end()
}

/// All parts of a kind as one expression.
pub(super) fn all(name: &str, parts: Vec<String>) -> Option<String> {
    (!parts.is_empty()).then(|| Expression::list(name).with_all(parts).end())
}

/// The same, where neither order nor repetition means anything.
pub(super) fn all_of(name: &str, parts: impl IntoIterator<Item = String>) -> Option<String> {
    all(name, sorted(parts))
}
