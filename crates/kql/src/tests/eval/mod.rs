//! What queries mean: each table names the page of the vendor's reference that it follows.

mod conditions;
mod functions;
mod hostile;
mod scans;
mod sequences;
mod tables;
mod windows;

use crate::ast::Query;
use crate::eval::Database;
use crate::parse::parse;
use rulecast_ir::{ColumnType, Name, ResultRow, Row, Scalar, Schema};
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
    let evaluate = |query: &Query, rows: &[Row]| {
        Database::new(rows, schema).at(1_767_225_600_000).evaluate(query).map_err(|error| error.to_string())
    };
    let result = evaluate(&query, rows)?;
    columns_are_told(&query, rows, schema, &result);
    if let Some(renamed) = query.with_column_renamed("Time", &"Renamed".into()) {
        let rows: Vec<Row> = rows.iter().map(|row| Row { time_column: "Renamed".into(), ..row.clone() }).collect();
        assert_eq!(evaluate(&renamed, &rows).map(contents), Ok(contents(result.clone())), "{renamed}");
    }
    Ok(result)
}

/// What rows stand for and hold, whatever their columns are called.
fn contents(rows: Vec<ResultRow>) -> Vec<(Vec<u64>, Vec<String>)> {
    let content = |row: ResultRow| {
        let mut values: Vec<String> = row.columns.values().map(|value| format!("{value:?}")).collect();
        values.sort();
        (row.ids, values)
    };
    rows.into_iter().map(content).collect()
}

/// What a query is said to return holds all that it returns.
fn columns_are_told(query: &Query, rows: &[Row], schema: &Schema, result: &[ResultRow]) {
    let known = |table: &str| {
        let declared = schema.relations.get(table).into_iter().flatten().map(|(name, _)| name.as_str());
        let own = rows.iter().filter(|row| *row.relation == *table);
        let names = own.flat_map(|row| row.columns.keys().map(String::as_str).chain([&*row.time_column]));
        declared.chain(names).map(Name::from).collect()
    };
    let columns = query.result_columns(&known);
    for name in result.iter().flat_map(|row| row.columns.keys()) {
        assert!(columns.has(name), "`{name}` is not among {columns:?} of {query}");
    }
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
