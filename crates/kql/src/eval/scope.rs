//! Tables while a query runs: columns with types, rows with the records that they stand for.

use super::value::{Ty, Value};
use super::{EvalError, Result};
use rulecast_ir::Name;
use std::sync::Arc;

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: Name,
    pub(super) ty: Ty,
    /// Which of the joined rows it is made of: a bit for each.
    pub(super) slots: u64,
}

/// The columns in sight.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) columns: Vec<Column>,
    /// Whether there may be columns that no row has: strings, which are empty.
    pub(super) open: bool,
    /// How many rows were joined to one.
    pub(super) slots: usize,
}

impl Scope {
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| &*column.name == name)
    }

    /// Where a column is, that must be there.
    pub(super) fn column(&self, name: &str) -> Result<usize> {
        self.find(name).ok_or_else(|| EvalError::new(format!("there is no column `{name}`")))
    }
}

/// A row.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) values: Vec<Value>,
    /// The records that it stands for, by the joined row that they come from.
    pub(super) ids: Vec<Vec<u64>>,
}

/// Rows and their columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) scope: Scope,
    pub(super) rows: Vec<Arc<Record>>,
    /// Whether the order of rows means something.
    pub(super) ordered: bool,
}

impl Table {
    /// Adds a column that some operator names and no row has.
    pub(super) fn ensure(&mut self, name: &Name) -> Result<usize> {
        match self.scope.find(name) {
            Some(at) => Ok(at),
            None if self.scope.open => {
                self.scope.columns.push(Column { name: name.clone(), ty: Ty::Text, slots: 1 });
                let empty = Value::text("");
                for row in &mut self.rows {
                    Arc::make_mut(row).values.push(empty.clone());
                }
                Ok(self.scope.columns.len() - 1)
            }
            None => self.scope.column(name),
        }
    }
}

/// Adds to `into` the ids of `from`, each once, slot by slot. Where both end with the same event, it stays the last: rows
/// that are one in a `distinct` are of one end.
pub(super) fn merge_ids(into: &mut Vec<Vec<u64>>, from: &[Vec<u64>]) {
    if into.len() < from.len() {
        into.resize(from.len(), Vec::new());
    }
    for (into, from) in into.iter_mut().zip(from) {
        let end = if into.last() == from.last() { into.pop() } else { None };
        for id in from {
            if !into.contains(id) && end != Some(*id) {
                into.push(*id);
            }
        }
        into.extend(end);
    }
}
