//! What queries mean: each table names the page of the vendor's reference that it follows.

mod conditions;
mod functions;
mod hostile;
mod scans;
mod sequences;
mod tables;
mod windows;

use crate::eval::Database;
use crate::parse::parse;
use rulecast_ir::{ColumnType, ResultRow, Row, Scalar, Schema};
use std::fmt::Write;

/// Rows of the relation `T`, with the time `Time` in seconds, written `{"Name": "value", …}`. `Number` holds longs, `Share`
/// reals, `Flag` truths, `When` times, `Bag` dynamic values; all else text.
fn rows(events: &[(u64, i64, serde_json::Value)]) -> (Vec<Row>, Schema) {
    let mut schema = Schema::default();
    let types = [
        ("Number", ColumnType::Long),
        ("Share", ColumnType::Real),
        ("Flag", ColumnType::Bool),
        ("When", ColumnType::DateTime),
        ("Bag", ColumnType::Dynamic),
    ];
    schema.relations.insert("T".to_owned(), types.map(|(name, ty)| (name.to_owned(), ty)).into());
    let rows = events
        .iter()
        .map(|(id, time, event)| {
            let mut record = rulecast_ir::Record::default();
            for (name, value) in event.as_object().expect("an event is an object") {
                if value.is_object() {
                    record.fields.insert(name.clone(), vec![Scalar::Text(value.to_string())]);
                } else {
                    record.add_json(name, value);
                }
            }
            Row {
                relation: "T".into(),
                id: *id,
                time: time * 1000,
                time_column: "Time".into(),
                columns: record.fields,
                raw: None,
            }
        })
        .collect();
    (rows, schema)
}

fn run(query: &str, rows: &[Row], schema: &Schema) -> Result<Vec<ResultRow>, String> {
    let query = parse(query).map_err(|error| error.to_string())?;
    // `now()` is 2026-01-01.
    Database::new(rows, schema).at(1_767_225_600_000).evaluate(&query).map_err(|error| error.to_string())
}

/// Result rows as lines `column=value, …`, empty columns left out.
fn shown(query: &str) -> String {
    match run(query, &[], &Schema::default()) {
        Err(error) => error,
        Ok(rows) => rows.iter().fold(String::new(), |mut out, row| {
            let columns: Vec<String> = row
                .columns
                .iter()
                .map(|(name, values)| {
                    let values: Vec<String> = values.iter().map(Scalar::text).collect();
                    format!("{name}={}", values.join("+"))
                })
                .collect();
            writeln!(out, "{}", columns.join(", ")).expect("a String takes all text");
            out
        }),
    }
}

/// The value of an expression; `null` where there is none.
fn value(expr: &str) -> String {
    match run(&format!("print x = {expr}"), &[], &Schema::default()) {
        Err(error) => error,
        Ok(rows) => {
            let values = rows[0].columns.get("x").map_or(&[][..], Vec::as_slice);
            if values.is_empty() {
                "null".to_owned()
            } else {
                values.iter().map(Scalar::text).collect::<Vec<_>>().join("+")
            }
        }
    }
}

fn check_values(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(expr, expected)| (expr, value(expr), expected))
        .filter(|(_, found, expected)| found != *expected)
        .map(|(expr, found, expected)| format!("{expr} is {found}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
