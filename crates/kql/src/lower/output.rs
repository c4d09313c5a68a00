//! What the analyst sees.
//!
//! The columns that a platform needs to tie an alert to its event (the time, and what identifies it) are shown even where
//! the rule does not ask for them, after what it does ask for.

use super::column;
use super::event::TableArms;
use crate::ast::{Expr, Named, Operator, SortKey};
use rulecast_ir::{Arm, Column, Mapped, Name, Output, OutputField};

/// The column that holds the class of a match.
pub(super) const CLASS: &str = "class";

/// The output of a rule about one event.
pub(super) struct Shown<'a> {
    output: &'a Output<Mapped>,
    /// What the time column is called in every table.
    time: Option<Name>,
    /// The columns that identify an event, of all tables.
    id: Vec<&'a Column>,
    classified: bool,
}

impl<'a> Shown<'a> {
    pub(super) fn new(output: &'a Output<Mapped>, arms: &'a [Arm<Mapped>], classified: bool) -> Self {
        let time = arms.first().map(|arm| column::result_name(&arm.source.time));
        let id = arms.iter().flat_map(|arm| &arm.source.id).map(|column| &**column).collect();
        Self { output, time, id, classified }
    }

    /// The time column of other tables under the name it has in the first.
    pub(super) fn align(&self, rows: &TableArms<'_>) -> Option<Named> {
        let name = self.time.clone()?;
        let value = rows.time()?;
        (!matches!(&value, Expr::Column(column) if *column == name)).then_some(Named { name, value })
    }

    /// `sort by` and `project`, as far as the rule says.
    pub(super) fn operators(&self) -> Vec<Operator> {
        let keys: Vec<_> = self
            .output
            .sort
            .iter()
            .filter_map(|(field, descending)| Some(SortKey { by: self.column(field)?.value, descending: *descending }))
            .collect();
        let mut operators = Vec::new();
        if !keys.is_empty() {
            operators.push(Operator::Sort(keys));
        }
        if !self.output.fields.is_empty() {
            let time = self.column(&OutputField::Time);
            let id = self.id.iter().map(|column| field(column));
            let columns = self.output.fields.iter().filter_map(|field| self.column(field)).chain(time).chain(id);
            operators.push(Operator::Project(numbered(columns)));
        }
        operators
    }

    fn column(&self, shown: &OutputField<Mapped>) -> Option<Named> {
        let own = |name: Name| Named { value: Expr::Column(name.clone()), name };
        match shown {
            OutputField::Time => self.time.clone().map(own),
            OutputField::Class => self.classified.then(|| own(CLASS.into())),
            OutputField::Field(column) => Some(field(column)),
        }
    }
}

/// A column under the name it has in a result.
pub(super) fn field(column: &Column) -> Named {
    Named { name: column::result_name(column), value: column::value(column) }
}

/// The columns, each once; of different columns with one name, the later ones get a number.
fn numbered(columns: impl IntoIterator<Item = Named>) -> Vec<Named> {
    let mut all: Vec<Named> = Vec::new();
    for Named { name, value } in columns {
        if all.iter().any(|other| other.value == value) {
            continue;
        }
        let taken = |name: &str| all.iter().any(|other| &*other.name == name);
        let free = (2..all.len() + 3).map(|number| Name::from(format!("{name}_{number}"))).find(|name| !taken(name));
        let name = if taken(&name) { free.unwrap_or(name) } else { name };
        all.push(Named { name, value });
    }
    all
}

/// The columns without those whose name stands before.
pub(super) fn distinct(columns: impl IntoIterator<Item = Named>) -> Vec<Named> {
    let mut distinct: Vec<Named> = Vec::new();
    for column in columns {
        if distinct.iter().all(|other| other.name != column.name) {
            distinct.push(column);
        }
    }
    distinct
}
