//! Why a rule fires on an event: the tests that hold.

use rulecast_diagnostics::Span;
use rulecast_ir::eval::{Match, holds, satisfies};
use rulecast_ir::{Atom, Body, Event, Logic, Name, Predicate, Record, Rule, Scalar, Sigma, Subject, Test};

/// A test that holds of an event, and helps the rule to fire.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The field, or `None` for a keyword.
    pub field: Option<Name>,
    /// The values that satisfy it; none for a field that must be missing.
    pub values: Vec<Scalar>,
    /// Where the rule asks for it.
    pub span: Span,
}

/// For each event of a match, in their order, what holds of it. A test under `not` is no reason to fire, and is left
/// out. `record` finds an event by its id.
pub fn reasons<'r>(
    rule: &Rule<Sigma>,
    found: &Match,
    record: impl Fn(u64) -> Option<&'r Record>,
) -> Vec<(u64, Vec<Held>)> {
    let bodies: Vec<&Body<Sigma>> = match &rule.body {
        Body::Sequence(sequence) => sequence.steps.iter().map(|step| &step.body).collect(),
        Body::Event(_) | Body::Correlation(_) => vec![&rule.body],
    };
    let of = |body: &Body<Sigma>, id: u64| match (body, record(id)) {
        (Body::Event(event), Some(record)) => of_event(event, record),
        _ => Vec::new(),
    };
    found.events.iter().zip(bodies).map(|(id, body)| (*id, of(body, *id))).collect()
}

fn of_event(event: &Event<Sigma>, record: &Record) -> Vec<Held> {
    let mut held = Vec::new();
    for arm in event.arms.iter().filter(|arm| record.is_of(&arm.source) && satisfies(&arm.predicate, record)) {
        collect(&arm.predicate, record, &mut held);
    }
    held
}

/// Of a predicate that is true.
pub(super) fn collect(predicate: &Predicate<Sigma>, record: &Record, held: &mut Vec<Held>) {
    match predicate {
        Logic::True | Logic::False | Logic::Not(_) => {}
        Logic::Test(atom) => {
            let one = of_atom(atom, record);
            if !held.contains(&one) {
                held.push(one);
            }
        }
        Logic::And(parts) | Logic::Or(parts) => {
            parts.iter().filter(|part| satisfies(part, record)).for_each(|part| collect(part, record, held));
        }
    }
}

fn of_atom(atom: &Atom<Sigma>, record: &Record) -> Held {
    let span = atom.span;
    let Subject::Field(field) = &atom.subject else {
        let satisfying = record.fields.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
        let satisfying = satisfying.filter(|(name, value)| {
            let alone = [((*name).clone(), vec![(*value).clone()])];
            holds(atom, &Record { fields: alone.into(), ..Record::default() })
        });
        return Held { field: None, values: satisfying.map(|(_, value)| value.clone()).collect(), span };
    };
    let name = field.name();
    let values = match &atom.test {
        Test::Exists(false) => Vec::new(),
        // What it is compared with must stay.
        Test::Field { .. } => record.values(&name).to_vec(),
        _ => {
            let satisfies = |value: &&Scalar| {
                let alone = [(name.to_string(), vec![(*value).clone()])];
                holds(atom, &Record { fields: alone.into(), ..Record::default() })
            };
            record.values(&name).iter().filter(satisfies).cloned().collect()
        }
    };
    Held { field: Some(name), values, span }
}
