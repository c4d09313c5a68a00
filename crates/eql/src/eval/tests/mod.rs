//! Queries over rows, each with what the reference, or a measurement, says of it.

mod events;
mod functions;
mod published;
mod random;
mod types;

use super::{EvalError, evaluate};
use crate::parse;
use rulecast_ir::{ColumnType, Row, Scalar, Schema};

/// A row. Values are JSON: `"a"`, `5`, `0.5`, `true`, or a list of them.
pub(super) fn row(id: u64, time: i64, columns: &[(&str, &str)]) -> Row {
    let scalar = |value: &str| match value.parse::<i64>() {
        Ok(number) => Scalar::Integer(number),
        Err(_) if value == "true" || value == "false" => Scalar::Boolean(value == "true"),
        Err(_) => match value.strip_prefix('"') {
            Some(text) => Scalar::Text(text.strip_suffix('"').expect("a text ends in a quote").to_owned()),
            None => Scalar::Float(value.parse().expect("a number")),
        },
    };
    let values = |list: &str| match list.strip_prefix('[') {
        Some(list) => list.strip_suffix(']').expect("a list ends").split(", ").map(scalar).collect(),
        None => vec![scalar(list)],
    };
    Row {
        relation: "logs-*".into(),
        id,
        time,
        time_column: "@timestamp".into(),
        columns: columns.iter().map(|(name, value)| ((*name).to_owned(), values(value))).collect(),
        raw: None,
    }
}

/// A schema of the relation of every [`row`].
pub(super) fn schema(columns: &[(&str, ColumnType)]) -> Schema {
    let columns = columns.iter().map(|(name, ty)| ((*name).to_owned(), *ty)).collect();
    Schema { relations: [("logs-*".to_owned(), columns)].into() }
}

/// The ids of each match.
pub(super) fn ids(query: &str, rows: &[Row], schema: &Schema) -> Result<Vec<Vec<u64>>, EvalError> {
    let query = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    Ok(evaluate(&query, rows, schema)?.into_iter().map(|result| result.ids).collect())
}

/// The ids of the events that satisfy a condition, or the error, as text.
pub(super) fn check(condition: &str, rows: &[Row], schema: &Schema) -> String {
    match ids(&format!("any where {condition}"), rows, schema) {
        Ok(matches) => matches.concat().iter().map(u64::to_string).collect::<Vec<_>>().join(" "),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
pub(super) fn answers(rows: &[Row], schema: &Schema, expected: &[(&str, &str)]) {
    for (condition, ids) in expected {
        assert_eq!(check(condition, rows, schema), *ids, "{condition}");
    }
}
