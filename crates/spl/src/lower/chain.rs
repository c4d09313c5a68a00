//! Chains: members that are correlations or sequences themselves.
//!
//! All events of all rules are read together. A member that is a correlation becomes a field, as one that is an event
//! does: 1 at the events that complete it. What computes it leaves the other rows as they are, and takes its own
//! fields away again.

use super::correlation::{self, Inner};
use super::keys::{Keys, keys};
use super::sequence;
use super::stage::{self, Mark, Stage, not_null, numbered};
use crate::ast::{Assignment, Command, Expr, Function, SortKey, Start, WherePredicate};
use rulecast_diagnostics::Span;
use rulecast_ir::{Body, Fidelity, Logic, Mapped, Name, Polarity, Refusal, RefusalReason, Step};

/// Whether an event is of any member of the correlation that is computed, and has its keys.
pub(super) const OF: &str = "rc_of";

/// A member, and where it is a correlation or a sequence, the members of that.
pub(super) struct Node<'a> {
    pub(super) stage: Stage<'a>,
    inner: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    /// What SPL cannot say is added to `refusals`.
    pub(super) fn new(
        step: &'a Step<Mapped>,
        number: usize,
        flag: Name,
        polarity: Polarity,
        refusals: &mut Vec<Refusal>,
    ) -> Self {
        let mut each = |step, number: usize, own| {
            let flag = match number {
                0 => format!("{flag}_until").into(),
                _ => format!("{flag}_{number}").into(),
            };
            Node::new(step, number, flag, composed(own, polarity), refusals)
        };
        let inner = match &step.body {
            Body::Event(_) => Vec::new(),
            Body::Sequence(sequence) => {
                let steps = sequence.steps.iter().zip(1..).map(|(step, number)| (step, number, Polarity::Same));
                let until = sequence.until.as_deref().map(|until| (until, 0, Polarity::Swapped));
                steps.chain(until).map(|(step, number, own)| each(step, number, own)).collect()
            }
            Body::Correlation(correlation) => {
                let members = correlation.members.iter().zip(1..);
                members.map(|(step, number)| each(step, number, correlation.polarity(number - 1))).collect()
            }
        };
        Self { stage: Stage::new(step, number, flag, polarity, refusals), inner }
    }

    /// Whether it is neither a correlation nor a sequence.
    pub(super) fn is_event(&self) -> bool {
        matches!(self.stage.step.body, Body::Event(_))
    }
}

/// How a part of a part bears on the whole.
fn composed(inner: Polarity, outer: Polarity) -> Polarity {
    match (inner, outer) {
        (Polarity::Either, _) | (_, Polarity::Either) => Polarity::Either,
        (Polarity::Same, other) | (other, Polarity::Same) => other,
        (Polarity::Swapped, Polarity::Swapped) => Polarity::Same,
    }
}

/// The members that are events, however deep.
pub(super) fn events<'n, 'a>(nodes: &'n [Node<'a>]) -> Vec<&'n Stage<'a>> {
    let each = |node: &'n Node<'a>| if node.is_event() { vec![&node.stage] } else { events(&node.inner) };
    nodes.iter().flat_map(each).collect()
}

/// The search for the events of any of `nodes`, and what goes before they are marked; see [`stage::search`].
pub(super) fn search(
    nodes: &[Node<'_>],
    time: &Name,
    fidelity: &mut Fidelity,
    refusals: &mut Vec<Refusal>,
) -> (Start, Vec<Command>, Vec<Assignment>, Logic<WherePredicate>) {
    let (start, flags, any) = stage::search(&events(nodes), fidelity);
    if nodes.iter().all(Node::is_event) {
        return (start, Vec::new(), flags, any);
    }
    let order = vec![SortKey { field: time.clone(), descending: false }];
    let mut commands = vec![Command::Eval(flags), Command::Where(any), Command::Sort(order)];
    commands.retain(|command| *command != Command::Where(Logic::True));
    for node in nodes {
        computed(node, time, &mut commands, fidelity, refusals);
    }
    let any = Logic::any(nodes.iter().map(|node| node.stage.is(Mark::Flag)));
    (start, commands, Vec::new(), any)
}

/// Whether the rows of [`search`] are in that order already.
pub(super) fn in_order(nodes: &[Node<'_>], order: &[SortKey]) -> bool {
    order.len() == 1 && !nodes.iter().all(Node::is_event)
}

/// The commands that compute the field of a member which is no event.
fn computed(
    node: &Node<'_>,
    time: &Name,
    commands: &mut Vec<Command>,
    fidelity: &mut Fidelity,
    refusals: &mut Vec<Refusal>,
) {
    if node.is_event() {
        return;
    }
    node.inner.iter().for_each(|inner| computed(inner, time, commands, fidelity, refusals));
    let stages: Vec<&Stage<'_>> = node.inner.iter().map(|inner| &inner.stage).collect();
    let (names, reason, span) = match &node.stage.step.body {
        Body::Event(_) => return,
        Body::Sequence(sequence) => (&sequence.keys, RefusalReason::Sequence, sequence.span),
        Body::Correlation(correlation) => (&correlation.keys, RefusalReason::Correlation, correlation.span),
    };
    let mut keys = keys(names, reason, &stages, refusals);
    if keys.mark == Mark::Role {
        refusals.push(twice(reason, span));
        return;
    }
    let first = commands.len();
    commands.push(grouped(&stages, &mut keys));
    let holds = match &node.stage.step.body {
        Body::Event(_) => return,
        Body::Sequence(sequence) => sequence::completed(sequence, &stages, &keys, time, commands, fidelity),
        Body::Correlation(correlation) => {
            let inner = Inner { stages: &stages, keys: &keys, time };
            correlation::completed(correlation, &inner, commands, fidelity, refusals)
        }
    };
    let of = Logic::Test(WherePredicate::equal(Expr::field(OF), Expr::integer(1)));
    let value = Expr::flag(Logic::all([of, holds]));
    let temporary = temporary(&commands[first..]);
    let flag = Assignment { name: node.stage.flag.clone(), value };
    commands.extend([Command::Eval(vec![flag]), Command::Fields { keep: false, fields: temporary }]);
}

/// Whether a row is an event of any of `stages` with all keys, and its keys as fields that every row has.
fn grouped(stages: &[&Stage<'_>], keys: &mut Keys) -> Command {
    let mut fields = keys.computed(stages);
    let any = Logic::any(stages.iter().map(|stage| stage.is(Mark::Flag)));
    let of = Logic::all(keys.by.iter().map(not_null).chain([any]));
    fields.push(Assignment { name: OF.into(), value: Expr::flag(of) });
    let by: Vec<Name> = (1..=keys.by.len()).map(|number| numbered("rc_by", number)).collect();
    fields.extend(by.iter().zip(&keys.by).map(|(name, key)| Assignment { name: name.clone(), value: present(key) }));
    keys.by = [OF.into()].into_iter().chain(by).collect();
    Command::Eval(fields)
}

/// The field, or empty text.
pub(super) fn present(field: &Name) -> Expr {
    Expr::call(Function::Coalesce, [Expr::Field(field.clone()), Expr::Text(String::new())])
}

/// The fields that commands add to events, without repetition.
fn temporary(commands: &[Command]) -> Vec<Name> {
    let mut all: Vec<Name> = Vec::new();
    let names = commands.iter().flat_map(|command| match command {
        Command::Eval(assignments) => assignments.iter().map(|one| &one.name).collect(),
        Command::Streamstats(command) => command.aggregates.iter().filter_map(|one| one.name.as_ref()).collect(),
        Command::LargestBefore { name, .. } => vec![name],
        _ => Vec::new(),
    });
    for name in names {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    all
}

/// An event that would be counted twice.
pub(super) fn twice(reason: RefusalReason, span: Span) -> Refusal {
    let message =
        "SPL: one event may be of two members, by different keys or macros, and would be taken for two events";
    Refusal::new(reason, span, message).help("let the rules exclude each other")
}
