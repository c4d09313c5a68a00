//! Measures over sliding windows.
//!
//! A count of events looks back along the rows of a key ([`count`]). The other measures pair each time of a key with the
//! events of its window and summarize those ([`window`]). Nothing is estimated, and no window begins at a fixed time.
//!
//! Both see the events of a key by their time: which of two at the same time was first, the rows do not tell.

mod count;
mod measure;
mod ordered;
mod rows;
mod window;

use super::Lowering;
use super::key::is_numbered;
use super::result::{Found, carried};
use super::step::{completing, time_name};
use crate::ast::{Named, Query};
use rulecast_ir::{
    Arm, Assumption, Body, Correlation, Fidelity, Mapped, Name, Output, OutputField, Reads, Refusal, RefusalReason,
};
use rulecast_rule::ast::CorrelationKind;

/// The time of an event.
const AT: &str = "at";
/// The time of an event in the window of another.
const BEFORE: &str = "before";
/// The part of time by which events and windows are joined.
const SLOT: &str = "slot";
/// The member that a row is of, from 1.
const MEMBER: &str = "member";
/// How many members occur.
const OCCURRING: &str = "occurring";
/// Other columns of measures.
const MEASURES: [&str; 6] = ["values", "total", "average", "numbers", "chain", "longest"];

impl Lowering {
    /// `None` if a member is refused.
    pub(super) fn correlation(
        &mut self,
        correlation: &Correlation<Mapped>,
        body: &Body<Mapped>,
        output: Option<&Output<Mapped>>,
    ) -> Option<(Query, Fidelity)> {
        let mut fidelity = Fidelity::default();
        let arms = completing(body);
        let carried = carried(&arms, output);
        for name in carried.iter().map(|named| &named.name).filter(|name| is_ours(name)) {
            let message = format!("KQL: the column `{name}` has a name that the measure of a correlation needs");
            self.refuse(Refusal::new(RefusalReason::Correlation, correlation.span, message));
        }
        // What is shown need not be a column of each table: where there are several, all columns stay.
        let all = several_tables(&arms) && output.is_some_and(shows_fields);
        let found = self.correlation_rows(correlation, &carried, all, &mut fidelity)?;
        let name = time_name(&arms).unwrap_or_else(|| found.time.clone());
        let carried = if all { carried } else { carried.into_iter().map(|named| Named::itself(named.name)).collect() };
        let shown = found.shown(&name, &carried, output);
        let mut pipeline = found.rows;
        pipeline.operators.extend(shown);
        Some((Query { lets: std::mem::take(&mut self.lets), pipeline }, fidelity))
    }

    /// The completing events, with columns of them, or with all that their tables have.
    pub(super) fn correlation_rows(
        &mut self,
        correlation: &Correlation<Mapped>,
        carried: &[Named],
        all: bool,
        fidelity: &mut Fidelity,
    ) -> Option<Found> {
        fidelity.assumptions.insert(Assumption::UniqueTimestamps);
        let rows = self.member_rows(correlation, carried, all, fidelity)?;
        match correlation.measure.kind {
            CorrelationKind::EventCount => Some(count::fired(correlation, rows)),
            CorrelationKind::TemporalOrdered => self.ordered(correlation, rows),
            _ => Some(self.windowed(correlation, rows)),
        }
    }
}

fn several_tables(arms: &[&Arm<Mapped>]) -> bool {
    let mut tables = arms.iter().filter_map(|arm| match &arm.source.reads {
        Reads::Table(table) => Some(table),
        _ => None,
    });
    let first = tables.next();
    tables.any(|table| Some(table) != first)
}

fn shows_fields(output: &Output<Mapped>) -> bool {
    let is_field = |field: &OutputField<Mapped>| matches!(field, OutputField::Field(_));
    output.fields.iter().chain(output.sort.iter().map(|(field, _)| field)).any(is_field)
}

/// Whether the queries here have columns of such a name.
fn is_ours(name: &str) -> bool {
    is_numbered(name, &["k", "v", "m", "c", "reached", "under", "upto", "chain"])
        || [AT, BEFORE, SLOT, MEMBER, OCCURRING].contains(&name)
        || MEASURES.contains(&name)
}

fn numbered(letter: &str, number: usize) -> Name {
    format!("{letter}{number}").into()
}
