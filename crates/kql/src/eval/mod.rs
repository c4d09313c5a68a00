//! What a query means: runs it over recorded rows.
//!
//! Written from the vendor's documentation, knowing nothing of rules or of how they are lowered. Promises: what is not
//! evaluated, or is not documented, is an [`EvalError`] that names it, never a guess; the same rows in the same order give
//! the same result; nothing panics.
//!
//! The meaning, by its source in the Kusto Query Language reference (learn.microsoft.com/kusto/query):
//!
//! * *null values*: a string is never null, and a missing one is empty. `==` and `!=` of a null and a value are false and
//!   true, of two nulls null. `<`, `<=`, `>`, `>=`, `between` and arithmetic with a null are null. `and`, `or` and `not()`
//!   are three-valued; `where` keeps what is true, and null is not. (*Logical operators* says that two nulls are not
//!   equal, which is false and not null; *null values* shows the output of a query, and is followed.)
//! * *string operators*: plain text, case counts for ASCII letters alone ([`text`]).
//! * *regex*: the syntax of the Rust crate, with Unicode on, unanchored, at most 16 groups that capture.
//! * *`coalesce`*: the first that is not null, or not empty where they are strings.
//! * *`case`, `iff`*: the first whose condition is true.
//! * *`ipv6_is_match` and its kin*: null where a text is no address ([`address`]).
//! * *`join`*, *`summarize`*, *`union`*, *`sort`*, *`scan`*: in the modules of these names.
//!
//! Types are known before rows are: a text operator on a number is an error, whatever the rows hold.
//!
//! Unchecked: that `*` reads strings alone (a query whose answer depends on another column is an error); that strings
//! sort by their code points; how `tostring` shows decimal numbers.
//!
//! Every result row says which records it stands for ([`ResultRow::ids`]). A row keeps its id while it is filtered and
//! extended; a join gives the ids of the left row and then of the right one; `summarize` with `max`, `min`, `arg_max` and
//! `arg_min` gives those of the rows that attain them; with other aggregates those of all rows of the group, but only of
//! the joined parts that the group is made by: what was only counted is not what the result stands for.
//!
//! Lacks: `mv-expand`, `extract`, `split` and `trim`; a clock, so that `now()` must be given.

mod address;
mod bind;
mod compare;
mod function;
mod join;
mod operator;
mod scan;
mod scope;
mod summarize;
mod text;
mod value;

use crate::ast::{Let, Pipeline, Query, Source};
use bind::Binder;
use rulecast_ir::{Name, ResultRow, Row, Schema};
use scope::{Column, Record, Scope, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use value::{Ty, Value};

/// Why a query is not evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalError {
    /// What is wrong, or what is not evaluated.
    pub message: String,
}

impl EvalError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl Display for EvalError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}

type Result<T> = std::result::Result<T, EvalError>;

/// Rows, ready for any number of queries.
#[derive(Debug, Default)]
pub struct Database {
    tables: BTreeMap<String, Table>,
    /// The columns that hold times where rows are: so they do where none are.
    times: BTreeSet<Name>,
    now: Option<i64>,
}

impl Database {
    /// The rows by their relations, with the column types of the schema. A column that it does not name holds text.
    pub fn new(rows: &[Row], schema: &Schema) -> Self {
        let mut relations: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        for relation in schema.relations.keys() {
            relations.entry(relation).or_default();
        }
        for row in rows {
            relations.entry(&row.relation).or_default().push(row);
        }
        let times: BTreeSet<Name> = rows.iter().map(|row| row.time_column.clone()).collect();
        let tables = relations
            .into_iter()
            .map(|(relation, rows)| (relation.to_owned(), table(&rows, schema.relations.get(relation), &times)))
            .collect();
        Self { tables, times, now: None }
    }

    /// The same, where `now()` is `time`, in milliseconds since 1970.
    #[must_use]
    pub fn at(self, time: i64) -> Self {
        Self { now: Some(time.saturating_mul(10_000)), ..self }
    }

    /// The rows that the query gives, in order.
    ///
    /// Refuses what is not evaluated and what the language itself refuses: a text operator on a number, a column that is
    /// not there, a join on columns of unlike types.
    pub fn evaluate(&self, query: &Query) -> Result<Vec<ResultRow>> {
        let mut run = Run { database: self, tables: BTreeMap::new(), scalars: BTreeMap::new() };
        for Let { name, pipeline } in &query.lets {
            if run.tables.contains_key(&**name) || run.scalars.contains_key(&**name) {
                return Err(EvalError::new(format!("`{name}` is defined twice")));
            }
            if let Source::Scalar(value) = &pipeline.source {
                let bound = run.binder(&Scope::default()).bind(value)?;
                let value = bound.constant.ok_or_else(|| EvalError::new(format!("`{name}` is not constant")))?;
                run.scalars.insert(name.to_string(), (bound.ty, value));
            } else {
                let table = run.pipeline(pipeline)?;
                run.tables.insert(name.to_string(), table);
            }
        }
        let table = run.pipeline(&query.pipeline)?;
        Ok(table.rows.iter().map(|record| result(&table.scope, record)).collect())
    }
}

/// Runs a query over rows once; to run many, make a [`Database`].
pub fn evaluate(query: &Query, rows: &[Row], schema: &Schema) -> Result<Vec<ResultRow>> {
    Database::new(rows, schema).evaluate(query)
}

/// A query while it runs.
struct Run<'a> {
    database: &'a Database,
    tables: BTreeMap<String, Table>,
    scalars: BTreeMap<String, (Ty, Value)>,
}

impl Run<'_> {
    fn binder<'b>(&'b self, scope: &'b Scope) -> Binder<'b> {
        Binder { scope, scalars: &self.scalars, now: self.database.now, steps: &[], ordered: false }
    }

    fn pipeline(&self, pipeline: &Pipeline) -> Result<Table> {
        let mut table = self.source(&pipeline.source)?;
        for one in &pipeline.operators {
            table = self.operator(table, one)?;
        }
        Ok(table)
    }

    fn source(&self, source: &Source) -> Result<Table> {
        match source {
            Source::Table(name) => match self.tables.get(&**name).or_else(|| self.database.tables.get(&**name)) {
                Some(table) => Ok(table.clone()),
                None if self.scalars.contains_key(&**name) => Err(EvalError::new(format!("`{name}` is no table"))),
                // A table that nothing was recorded in.
                None => Ok(table(&[], None, &self.database.times)),
            },
            Source::Union(parts) => {
                operator::union(parts.iter().map(|part| self.pipeline(part)).collect::<Result<Vec<_>>>()?)
            }
            Source::Print(columns) => {
                let one = Table {
                    rows: vec![Arc::new(Record::default())],
                    scope: Scope { slots: 1, ..Scope::default() },
                    ordered: false,
                };
                self.project(&one, columns)
            }
            Source::DataTable { columns, values } => self.data_table(columns, values),
            // What a query computes once is what it would compute each time: rows do not change while it runs.
            Source::Materialize(rows) => self.pipeline(rows),
            Source::Scalar(_) => Err(EvalError::new("a value is no table")),
        }
    }
}

/// The rows of a relation; each one is its own record. One without rows has all columns of `times`.
fn table(rows: &[&Row], types: Option<&BTreeMap<String, rulecast_ir::ColumnType>>, times: &BTreeSet<Name>) -> Table {
    let mut names: BTreeSet<&str> = types.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let times: BTreeSet<&str> = match rows {
        [] => times.iter().map(|name| &**name).collect(),
        rows => rows.iter().map(|row| &*row.time_column).collect(),
    };
    for row in rows {
        names.extend(row.columns.keys().map(String::as_str));
    }
    names.extend(&times);
    let columns: Vec<Column> = names
        .into_iter()
        .map(|name| {
            let declared = types.and_then(|types| types.get(name)).map(|ty| Ty::from(*ty));
            let ty = if times.contains(name) { Ty::DateTime } else { declared.unwrap_or(Ty::Text) };
            Column { name: name.into(), ty, slots: 1 }
        })
        .collect();
    let empty = Value::text("");
    let records = rows
        .iter()
        .map(|row| {
            let values = columns
                .iter()
                .map(|column| match row.values(&column.name) {
                    _ if column.name == row.time_column => Value::DateTime(row.time.saturating_mul(10_000)),
                    [] if column.ty == Ty::Text => empty.clone(),
                    scalars => Value::of_scalars(column.ty, scalars),
                })
                .collect();
            Arc::new(Record { values, ids: vec![vec![row.id]] })
        })
        .collect();
    Table { scope: Scope { columns, open: true, slots: 1 }, rows: records, ordered: false }
}

fn result(scope: &Scope, record: &Record) -> ResultRow {
    let columns = scope
        .columns
        .iter()
        .zip(&record.values)
        .map(|(column, value)| (column.name.to_string(), value.scalars()))
        .filter(|(_, scalars)| !scalars.is_empty())
        .collect();
    ResultRow { ids: record.ids.iter().flatten().copied().collect(), columns }
}
