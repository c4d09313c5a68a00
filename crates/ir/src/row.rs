//! Events as a SIEM holds them: what queries are evaluated over.
//!
//! A data model projects a [`Record`](crate::Record) to rows; a language's evaluator runs a query over rows and knows
//! nothing of rules. Evaluating a query over projected records must give what the rule gives over the records.

use crate::{ColumnType, Name, Scalar};
use std::collections::BTreeMap;

/// One event in one relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The relation that holds it: a table (KQL), what a macro stands for (SPL), the indices searched (EQL). Evaluators
    /// of languages that name relations keep to the rows of that name.
    pub relation: Name,
    /// The id of the record that it comes from.
    pub id: u64,
    /// When it happened, in milliseconds.
    pub time: i64,
    /// The column that holds the time.
    pub time_column: Name,
    /// Its columns, by name; one without values is not here. Several values are a multi-valued field.
    pub columns: BTreeMap<String, Vec<Scalar>>,
    /// The raw text, where the SIEM keeps it.
    pub raw: Option<String>,
}

/// The types of the columns, by relation, for languages whose meaning depends on them (KQL).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Column types by relation and column.
    pub relations: BTreeMap<String, BTreeMap<String, ColumnType>>,
}

/// One row of a query's result.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultRow {
    /// The ids of the records that it stands for: one for a single event; for a sequence the first and the last event
    /// as far as the result still tells them, the last always.
    pub ids: Vec<u64>,
    /// Its columns.
    pub columns: BTreeMap<String, Vec<Scalar>>,
}

impl Row {
    /// The values of a column; none where it is missing.
    pub fn values(&self, column: &str) -> &[Scalar] {
        self.columns.get(column).map_or(&[], Vec::as_slice)
    }
}
