//! Rules to queries.

mod arms;
mod chain;
mod correlation;
mod event;
mod exact;
mod keys;
mod leaf;
mod search;
mod sequence;
mod stage;
mod summary;
mod time;

use crate::ast::{Command, Query, SortKey};
use leaf::column_name;
use rulecast_backend::{Emitted, Role};
use rulecast_diagnostics::Span;
use rulecast_ir::{Body, Mapped, Name, Output, OutputField, Refusal, Rule};

/// The field that holds the time of an event, in seconds since 1970.
const TIME: &str = "_time";

/// Lowers a rule; all refusals are returned.
pub(crate) fn rule(rule: &Rule<Mapped>) -> Result<Vec<Emitted<Query>>, Vec<Refusal>> {
    let mut refusals = Vec::new();
    summary::refuse_order(&rule.body, &mut refusals);
    let shown_fields = rule.output.as_ref().map_or(&[][..], |output| &output.fields);
    let lowered = match &rule.body {
        _ if !refusals.is_empty() => None,
        Body::Event(event) => event::lower(event, shown_fields, &mut refusals),
        Body::Sequence(sequence) => sequence::lower(sequence, &mut refusals),
        Body::Correlation(correlation) => correlation::lower(correlation, &mut refusals),
    };
    let shown = rule.output.as_ref().map(|output| shown(output, &time(&rule.body), rule.span, &mut refusals));
    match lowered {
        Some((mut query, fidelity)) if refusals.is_empty() => {
            query.commands.extend(shown.into_iter().flatten());
            Ok(vec![Emitted { role: Role::Rule, query, fidelity }])
        }
        _ => {
            refusals.dedup();
            Err(refusals)
        }
    }
}

/// `sort`, then `table`, which drops the columns it does not name.
fn shown(output: &Output<Mapped>, time: &Name, span: Span, refusals: &mut Vec<Refusal>) -> Vec<Command> {
    let mut name = |field: &OutputField<Mapped>| match field {
        OutputField::Time => time.clone(),
        OutputField::Class => crate::CLASS_FIELD.into(),
        OutputField::Field(column) => column_name(column, span).cloned().unwrap_or_else(|refusal| {
            refusals.push(refusal);
            time.clone()
        }),
    };
    let sort: Vec<SortKey> =
        output.sort.iter().map(|(field, descending)| SortKey { field: name(field), descending: *descending }).collect();
    let table: Vec<Name> = output.fields.iter().map(name).collect();
    let sort = (!sort.is_empty()).then_some(Command::Sort(sort));
    sort.into_iter().chain((!table.is_empty()).then_some(Command::Table(table))).collect()
}

/// The field that holds when an event happened.
fn time(body: &Body<Mapped>) -> Name {
    let arm = match body {
        Body::Event(event) => event.arms.first(),
        Body::Sequence(sequence) => return sequence.steps.first().map_or_else(default_time, |step| time(&step.body)),
        Body::Correlation(correlation) => {
            return correlation.members.first().map_or_else(default_time, |member| time(&member.body));
        }
    };
    arm.map_or_else(default_time, |arm| arm.source.time.name().into())
}

fn default_time() -> Name {
    TIME.into()
}
