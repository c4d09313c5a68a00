//! What a sequence or a correlation returns: the event that completes it.

use super::column::{self, Kind};
use super::key::KeyColumn;
use super::output::{distinct, field};
use crate::ast::{Expr, Named, Operator, Pipeline, SortKey};
use rulecast_ir::{Arm, Mapped, Name, Output, OutputField};

/// What the time of the first event of a sequence is called.
const START: &str = "Start";

/// The events that complete a sequence or a correlation, as rows.
pub(super) struct Found {
    pub(super) rows: Pipeline,
    pub(super) keys: Vec<KeyColumn>,
    /// The column of their time.
    pub(super) time: Name,
    /// The column of the time of the first event, where there is one.
    pub(super) start: Option<Name>,
    /// Whether one event may be several rows of one key.
    pub(super) repeated: bool,
    /// Whether one event may be several rows.
    pub(super) overlapping: bool,
}

impl Found {
    /// The columns of the result: when, the keys, when it began, and what was carried.
    pub(super) fn shown(&self, name: &Name, carried: &[Named], output: Option<&Output<Mapped>>) -> Vec<Operator> {
        let end = || Named { name: name.clone(), value: Expr::Column(self.time.clone()) };
        let keys = self
            .keys
            .iter()
            .filter_map(|key| Some(Named { name: key.shown.clone()?, value: Expr::Column(key.name.clone()) }));
        let start = self.start.iter().map(|start| Named { name: START.into(), value: Expr::Column(start.clone()) });
        let asked = output.map(|output| {
            output.fields.iter().filter_map(|shown| match shown {
                OutputField::Time => Some(end()),
                OutputField::Field(column) => {
                    let name = column::result_name(column);
                    carried.iter().find(|named| named.name == name).cloned()
                }
                OutputField::Class => None,
            })
        });
        let everything = [end()].into_iter().chain(keys).chain(start).chain(carried.iter().cloned());
        let columns = distinct(asked.into_iter().flatten().chain(everything));
        let names = self.repeated.then(|| columns.iter().map(|column| column.name.clone()).collect());
        let mut operators = vec![Operator::Project(columns)];
        operators.extend(names.map(Operator::Distinct));
        operators.extend(sorted(name, output));
        operators
    }
}

/// The order that the rule asks for.
fn sorted(time: &Name, output: Option<&Output<Mapped>>) -> Option<Operator> {
    let keys: Vec<_> = output?
        .sort
        .iter()
        .filter_map(|(shown, descending)| {
            let by = match shown {
                OutputField::Time => time.clone(),
                OutputField::Field(column) => column::result_name(column),
                OutputField::Class => return None,
            };
            Some(SortKey { by: Expr::Column(by), descending: *descending })
        })
        .collect();
    (!keys.is_empty()).then_some(Operator::Sort(keys))
}

/// What the result needs of the completing event: what identifies it, and what the rule shows.
pub(super) fn carried(arms: &[&Arm<Mapped>], output: Option<&Output<Mapped>>) -> Vec<Named> {
    let Some((first, rest)) = arms.split_first() else { return Vec::new() };
    let everywhere =
        |column: &rulecast_ir::Column| rest.iter().all(|arm| arm.source.id.iter().any(|id| **id == *column));
    let id = first.source.id.iter().filter(|column| everywhere(column)).map(|column| &**column);
    let shown = output.into_iter().flat_map(|output| {
        output.fields.iter().chain(output.sort.iter().map(|(field, _)| field)).filter_map(|field| match field {
            OutputField::Field(column) => Some(&**column),
            OutputField::Time | OutputField::Class => None,
        })
    });
    // Groups cannot be made of dynamic values.
    distinct(shown.chain(id).map(|column| match column::kind(column) {
        Kind::Dynamic => Named { name: column::result_name(column), value: column::text(column) },
        _ => field(column),
    }))
}
