//! Queries over rows: each case names the statement that it follows.

mod commands;
mod expressions;
mod search;

use crate::{EvalError, Macros, evaluate, parse};
use rulecast_ir::{ResultRow, Row, Scalar};

/// A row of fields; a field that is named again has several values. `@relation`, `@time` (in milliseconds) and `_raw`
/// are its own.
pub(super) fn row(id: u64, fields: &[(&str, &str)]) -> Row {
    let mut row = Row {
        relation: "main".into(),
        id,
        time: 0,
        time_column: "_time".into(),
        columns: std::collections::BTreeMap::new(),
        raw: None,
    };
    for (name, value) in fields {
        match *name {
            "@relation" => row.relation = (*value).into(),
            "@time" => row.time = value.parse().unwrap(),
            "_raw" => row.raw = Some((*value).to_owned()),
            name => row.columns.entry(name.to_owned()).or_default().push(Scalar::Text((*value).to_owned())),
        }
    }
    row
}

fn run(query: &str, rows: &[Row]) -> Result<Vec<ResultRow>, EvalError> {
    evaluate(&parse(query).unwrap_or_else(|error| panic!("{query}: {error}")), rows, &Macros::new())
}

/// The ids of the rows that a query gives, in order.
fn ids(query: &str, rows: &[Row]) -> Vec<u64> {
    let found = run(query, rows).unwrap_or_else(|error| panic!("{query}: {error}"));
    found.into_iter().flat_map(|row| row.ids).collect()
}

/// Whether each query finds a row of these fields.
fn check(fields: &[(&str, &str)], cases: &[(&str, bool)]) {
    let rows = [row(1, fields)];
    for (query, expected) in cases {
        assert_eq!(!ids(query, &rows).is_empty(), *expected, "{query}");
    }
}

/// What a query says of a row of these fields that it does not evaluate.
fn error(query: &str, fields: &[(&str, &str)]) -> String {
    run(query, &[row(1, fields)]).unwrap_err().to_string()
}

/// A column of each row that a query gives, its values joined by `|`; `-` where there are none.
fn column(query: &str, rows: &[Row], name: &str) -> String {
    let found = run(query, rows).unwrap_or_else(|error| panic!("{query}: {error}"));
    let cells = found.iter().map(|row| match row.columns.get(name) {
        None => "-".to_owned(),
        Some(values) => values.iter().map(Scalar::text).collect::<Vec<_>>().join("|"),
    });
    cells.collect::<Vec<_>>().join(" ")
}
