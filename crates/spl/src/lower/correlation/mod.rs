//! Correlations: a measure over the events of the members, in a window that ends with each of them.
//!
//! The result is the event at which the measure is as it must be; twice, where it is so in two groups of the event.

mod groups;
mod numbers;
mod ordered;
mod temporal;
mod threshold;
mod values;
mod window;

use super::arms::{Ready, exclusive, one_time};
use super::chain::{self, Node};
use super::event;
use super::keys::{Keys, keys};
use super::stage::{self, Mark, Stage, copied, joined, marked, not_null, numbered};
use crate::ast::{Assignment, Command, Expr, Query, SortKey, WherePredicate};
use numbers::Of;
use rulecast_ir::{Assumption, Correlation, Fidelity, Logic, Mapped, Name, Refusal, RefusalReason};
use rulecast_rule::ast::CorrelationKind;
use window::{Measured, Window};

/// The query and its fidelity, or `None` where something was refused.
pub(super) fn lower(correlation: &Correlation<Mapped>, refusals: &mut Vec<Refusal>) -> Option<(Query, Fidelity)> {
    let member = |(step, number): (_, usize)| {
        Node::new(step, number, numbered("rc_step", number), correlation.polarity(number - 1), refusals)
    };
    let nodes: Vec<Node<'_>> = correlation.members.iter().zip(1..).map(member).collect();
    let stages: Vec<&Stage<'_>> = nodes.iter().map(|node| &node.stage).collect();
    let events = chain::events(&nodes);
    let arms: Vec<&Ready<'_>> = events.iter().flat_map(|stage| &stage.arms).collect();
    one_time(&arms, RefusalReason::Correlation, correlation.span, refusals);
    let mut keys = keys(&correlation.keys, RefusalReason::Correlation, &stages, refusals);
    let values = values(correlation, &stages, refusals);
    let copies = copies(correlation, &stages, refusals);
    if !refusals.is_empty() {
        return None;
    }
    let time: Name = arms.first().map_or_else(super::default_time, |ready| ready.arm.source.time.name().into());
    let mut fidelity = assumed(correlation);
    let kind = correlation.measure.kind;
    let is_chain = nodes.iter().any(|node| !node.is_event());
    let needs_marks = kind.is_temporal() || !keys.is_plain() || values.computed || is_chain;
    let (start, mut commands, order) = if needs_marks {
        let (start, mut commands, flags, any) = chain::search(&nodes, &time, &mut fidelity, refusals);
        if keys.mark == Mark::Role && !copies {
            keys.mark = Mark::Flag;
            commands.extend(groups::regrouped(flags, any, &stages, &keys));
            commands.push(Command::Eval(values.assignments(&stages)));
            (start, commands, in_time(&time))
        } else {
            keys.mark = if copies { Mark::Role } else { Mark::Flag };
            let (marked, order) = marked(flags, any, &stages, &keys, values.assignments(&stages), &time);
            commands.extend(marked);
            (start, commands, order)
        }
    } else {
        let mut own = Fidelity::default();
        let (start, mut commands) = event::union(&arms, &mut own);
        stages.iter().for_each(|stage| stage.join(&own, &mut fidelity));
        let present = Logic::all(keys.by.iter().map(not_null));
        if present != Logic::True {
            commands.push(Command::Where(present));
        }
        (start, commands, in_time(&time))
    };
    let window = Window { by: keys.by.clone(), time, order, timespan: correlation.timespan, of: None };
    let measured = measured(correlation, &window, &stages, keys.mark, &values, refusals)?;
    if measured.commands.is_empty() && !is_chain {
        fidelity.assumptions.remove(&Assumption::UniqueTimestamps);
    }
    let sorted = chain::in_order(&nodes, &window.order).then(|| window.sorted());
    commands.extend(measured.commands.into_iter().filter(|command| Some(command) != sorted.as_ref()));
    let holds = if measured.moves { Logic::all([window::enters(), measured.holds]) } else { measured.holds };
    if holds != Logic::True {
        commands.push(Command::Where(holds));
    }
    Some((Query { start, commands: joined(commands) }, fidelity))
}

fn in_time(time: &Name) -> Vec<SortKey> {
    vec![SortKey { field: time.clone(), descending: false }]
}

/// A correlation inside another: its members, and its keys, which every row has.
pub(super) struct Inner<'i, 'a> {
    pub(super) stages: &'i [&'i Stage<'a>],
    pub(super) keys: &'i Keys,
    pub(super) time: &'i Name,
}

/// What computes, of rows in order, whether an event completes the correlation.
pub(super) fn completed(
    correlation: &Correlation<Mapped>,
    inner: &Inner<'_, '_>,
    commands: &mut Vec<Command>,
    fidelity: &mut Fidelity,
    refusals: &mut Vec<Refusal>,
) -> Logic<WherePredicate> {
    let Inner { stages, keys, time } = *inner;
    let values = Values { always: false, ..values(correlation, stages, refusals) };
    if correlation.measure.kind == CorrelationKind::TemporalOrdered && copied(stages) {
        refusals.push(chain::twice(RefusalReason::Correlation, correlation.span));
    }
    if !refusals.is_empty() {
        return Logic::False;
    }
    fidelity.join(&assumed(correlation));
    commands.push(Command::Eval(values.assignments(stages)));
    let window = Window {
        by: keys.by.clone(),
        time: time.clone(),
        order: in_time(time),
        timespan: correlation.timespan,
        of: Some(chain::OF.into()),
    };
    let Some(measured) = measured(correlation, &window, stages, Mark::Flag, &values, refusals) else {
        return Logic::False;
    };
    // The rows are in order already.
    let sorted = window.sorted();
    commands.extend(measured.commands.into_iter().filter(|command| *command != sorted));
    if measured.moves {
        commands.push(Command::Where(window::enters()));
    }
    measured.holds
}

/// How the measure is computed, and when it is as it must be. What SPL cannot say is added to `refusals`.
fn measured(
    correlation: &Correlation<Mapped>,
    window: &Window,
    stages: &[&Stage<'_>],
    mark: Mark,
    values: &Values,
    refusals: &mut Vec<Refusal>,
) -> Option<Measured> {
    let thresholds = &correlation.thresholds;
    let number = |of| {
        let field = values.names.first().expect("a measure of numbers names a field");
        numbers::measure(window, field, of, thresholds)
    };
    let timed = |members: &[usize], mut measured: Measured| {
        measured.commands.insert(0, Command::Eval(temporal::times(window, stages, mark, members)));
        measured
    };
    let whole = || threshold::whole(thresholds, 1);
    Some(match (correlation.measure.kind, &correlation.condition) {
        (CorrelationKind::TemporalOrdered, Some(condition)) => {
            let measured = ordered::condition(window, stages, mark, condition);
            if measured.is_none() {
                let message = "SPL: the condition has more alternatives than a search should hold";
                refusals.push(Refusal::new(RefusalReason::Correlation, correlation.span, message));
            }
            return measured;
        }
        (CorrelationKind::TemporalOrdered, None) => ordered::longest(window, stages, mark, &whole()),
        (CorrelationKind::Temporal, Some(condition)) => {
            let members = temporal::named(condition);
            timed(&members, temporal::condition(window, &members, condition))
        }
        (CorrelationKind::Temporal, None) => {
            let all: Vec<usize> = (0..stages.len()).collect();
            timed(&all, temporal::count(window, stages.len(), &whole()))
        }
        (CorrelationKind::EventCount, _) => window.count(&whole()),
        (CorrelationKind::ValueCount, _) => values::count(window, &values.names, values.always, thresholds),
        (CorrelationKind::ValueSum, _) => number(Of::Sum),
        (CorrelationKind::ValueAvg, _) => number(Of::Average),
        (CorrelationKind::ValuePercentile, _) => {
            number(Of::Percentile(correlation.measure.percentile.expect("a percentile says which")))
        }
        (CorrelationKind::ValueMedian, _) => number(Of::Percentile(50.0)),
    })
}

/// Whether an event that stands in the result once for each member does no harm there.
fn bears_copies(correlation: &Correlation<Mapped>) -> bool {
    correlation.measure.kind.is_temporal()
        && correlation
            .condition
            .as_ref()
            .map_or_else(|| threshold::rises(&correlation.thresholds), temporal::is_positive)
}

/// Whether events must be told apart by the member that they are of, as two macros may hold one event and it must not come
/// before itself. Where that is wrong, it is refused.
fn copies(correlation: &Correlation<Mapped>, stages: &[&Stage<'_>], refusals: &mut Vec<Refusal>) -> bool {
    let copied = correlation.measure.kind == CorrelationKind::TemporalOrdered && copied(stages);
    if copied && !bears_copies(correlation) {
        refusals.push(chain::twice(RefusalReason::Correlation, correlation.span));
    }
    copied
}

/// What the query assumes of times and fields.
fn assumed(correlation: &Correlation<Mapped>) -> Fidelity {
    let fidelity = Fidelity::default().assuming(Assumption::UniqueTimestamps);
    let keys = correlation.members.iter().flat_map(|member| &member.keys).flat_map(|key| &key.fields);
    let mut fields = keys.chain(correlation.measure.fields.iter().flatten());
    if fields.any(|column| column.many) { fidelity.assuming(Assumption::SingleValued) } else { fidelity }
}

/// The fields that are measured.
struct Values {
    names: Vec<Name>,
    /// Of each member, where the names are computed.
    each: Vec<Vec<Name>>,
    computed: bool,
    /// Whether every event has them all.
    always: bool,
}

/// What SPL cannot say is added to `refusals`.
fn values(correlation: &Correlation<Mapped>, stages: &[&Stage<'_>], refusals: &mut Vec<Refusal>) -> Values {
    let fields = &correlation.measure.fields;
    let mut each: Vec<Vec<Name>> = Vec::with_capacity(fields.len());
    for (columns, stage) in fields.iter().zip(stages) {
        each.push(stage::names(columns, stage.step.span, refusals).into_iter().cloned().collect());
    }
    let always = fields.iter().flatten().all(|column| column.always);
    let first = each.first().cloned().unwrap_or_default();
    let refuse = |message: &str| Refusal::new(RefusalReason::Correlation, correlation.span, format!("SPL: {message}"));
    // A column that SPL cannot read is refused already.
    refusals.extend(unmeasured(correlation, fields.first().map_or(0, Vec::len)).map(refuse));
    if each.iter().all(|names| *names == first) {
        return Values { names: first, each, computed: false, always };
    }
    if each.iter().any(|names| names.len() != first.len()) {
        refusals.push(refuse("the measured field is one field in one member and several in another"));
    }
    let apart = |(i, one): (usize, &Stage<'_>)| {
        let others = stages[..i].iter().zip(&each).filter(|(_, names)| **names != each[i]);
        let mut pairs = others.flat_map(|(other, _)| one.arms.iter().map(move |arm| (arm, other)));
        pairs.all(|(arm, other)| other.arms.iter().all(|other| exclusive(arm.arm, other.arm)))
    };
    if !stages.iter().enumerate().all(|(i, stage)| apart((i, stage))) {
        refusals.push(refuse("an event may be of two members that hold the measured value in different fields"));
    }
    let names = (1..=first.len()).map(|number| numbered("rc_field", number)).collect();
    Values { names, each, computed: true, always }
}

/// Why fields cannot be measured.
fn unmeasured(correlation: &Correlation<Mapped>, fields: usize) -> Option<&'static str> {
    let kind = correlation.measure.kind;
    match fields {
        0 if kind.is_numeric() || kind == CorrelationKind::ValueCount => Some("nothing says which field is measured"),
        2.. if kind.is_numeric() => Some("a number that stands in several columns cannot be measured"),
        _ if kind == CorrelationKind::ValuePercentile && correlation.measure.percentile.is_none() => {
            Some("nothing says which percentile is measured")
        }
        _ => None,
    }
}

impl Values {
    /// What computes the fields, of marked events.
    fn assignments(&self, stages: &[&Stage<'_>]) -> Vec<Assignment> {
        if !self.computed {
            return Vec::new();
        }
        let value = |part: usize| {
            let arms = stages.iter().zip(&self.each).filter_map(|(stage, names)| {
                names.get(part).map(|name| (stage.is(Mark::Flag), Expr::Field(name.clone())))
            });
            Expr::Case(arms.collect())
        };
        self.names
            .iter()
            .enumerate()
            .map(|(part, name)| Assignment { name: name.clone(), value: value(part) })
            .collect()
    }
}
