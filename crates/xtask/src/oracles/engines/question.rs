//! Questions to engines, each with what we say ourselves.

use super::subject::Subject;
use rulecast_compile::{Allow, Language, NoSquare, Outcome, Target, compile, evaluate, held};
use rulecast_ir::{Body, ColumnType, Record, Row, Scalar, Schema, eval};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The column of the event's id, where the query does not name one.
const ID: &str = "_id";

/// A question to an engine.
#[derive(Debug)]
pub(super) struct Question {
    /// Where the rule comes from.
    pub(super) origin: String,
    /// Its place in a corpus.
    pub(super) place: Option<usize>,
    /// The query or rule.
    pub(super) asked: String,
    /// As the engine takes it, but for the number.
    pub(super) body: Map<String, Value>,
    /// What we find.
    pub(super) ours: Vec<Vec<String>>,
    /// How many events there are.
    pub(super) events: usize,
}

/// What is asked of the engines of a target about one rule, and how many of its queries our evaluator refuses.
pub(super) fn of_queries(subject: &Subject, target: Target) -> (Vec<Question>, usize) {
    let Outcome::Queries(queries) = compile(&subject.rule, target, Allow::default()) else { return (Vec::new(), 0) };
    let (mut rows, schema) = held(&subject.rule, target, &subject.records);
    rows.sort_by_key(|row| (row.time, row.id));
    let asked = queries.into_iter().map(|query| match target.language {
        Language::Eql => eql(&query.text, &rows, &schema),
        _ => kql(&query.text, target, &rows, &schema),
    });
    let (mut questions, mut refused) = (Vec::new(), 0);
    for question in asked {
        match question {
            Ok(question) => {
                questions.push(Question { origin: subject.origin.clone(), place: subject.place(), ..question })
            }
            Err(_) => refused += 1,
        }
    }
    (questions, refused)
}

/// What is asked of the engines of Sigma: rules of one document, as one of them reads no other.
pub(super) fn of_rule(subject: &Subject) -> Option<Question> {
    let (Some(text), Body::Event(rule)) = (&subject.text, &subject.rule.body) else { return None };
    if text.lines().any(|line| line.starts_with("---")) {
        return None;
    }
    let fires = |record: &Record| rule.arms.iter().any(|arm| eval::satisfies(&arm.predicate, record));
    let places = subject.records.iter().enumerate().filter(|(_, record)| fires(record));
    let ours = sorted(places.map(|(place, _)| vec![place.to_string()]).collect());
    let events: Vec<Value> = subject.records.iter().map(|record| fields(&record.fields, true)).collect();
    Some(Question {
        origin: subject.origin.clone(),
        place: subject.place(),
        asked: text.clone(),
        body: object(json!({"rule": text, "events": events})),
        ours,
        events: subject.records.len(),
    })
}

fn eql(query: &str, rows: &[Row], schema: &Schema) -> Result<Question, NoSquare> {
    let found = evaluate(query, Language::Eql, rows, schema)?;
    let ours = found.iter().map(|row| row.ids.iter().map(u64::to_string).collect()).collect();
    Ok(question(query, json!({"query": query, "events": events(rows)}), ours, rows))
}

/// The events of questions in EQL.
pub(super) fn events(rows: &[Row]) -> Vec<Value> {
    let event = |row: &Row| json!({"id": row.id, "time": row.time, "fields": fields(&row.columns, false)});
    rows.iter().map(event).collect()
}

fn kql(query: &str, target: Target, rows: &[Row], schema: &Schema) -> Result<Question, NoSquare> {
    let found = evaluate(query, Language::Kql, rows, schema)?;
    let own = own_id(target);
    // Where the query keeps all columns and names no id, it goes by a name that is no column's: to DuckDB `EventId` and
    // `EventID` are the same.
    let id = if query.contains(own) { own } else { ID };
    let keeps = id == own || !query.contains("project") && !query.contains("summarize");
    let mut shown = Vec::new();
    shown.extend(keeps.then_some(id));
    shown.extend(query.contains("extend class = ").then_some("class"));
    let text = |scalars: &Vec<Scalar>| scalars.first().map_or_else(String::new, Scalar::text);
    let ours = found
        .iter()
        .map(|row| {
            let of = |name: &&str| row.columns.get(if *name == ID { own } else { name });
            shown.iter().map(|name| of(name).map_or_else(String::new, text)).collect()
        })
        .collect();
    let body = json!({"query": query, "shown": shown, "tables": tables(query, (id, own), rows, schema)});
    Ok(question(query, body, ours, rows))
}

fn question(query: &str, body: Value, ours: Vec<Vec<String>>, rows: &[Row]) -> Question {
    Question {
        origin: String::new(),
        place: None,
        asked: query.to_owned(),
        body: object(body),
        ours: sorted(ours),
        events: rows.len(),
    }
}

/// The column of an event's id in KQL's tables.
pub(super) fn own_id(target: Target) -> &'static str {
    if target.model == "none" { "EventId" } else { "ReportId" }
}

/// The tables that queries name, with the columns that they name.
pub(super) fn tables(query: &str, (id, own): (&str, &str), rows: &[Row], schema: &Schema) -> Vec<Value> {
    let filled: BTreeSet<&str> = rows.iter().map(|row| &*row.relation).collect();
    let names = filled.into_iter().chain(schema.relations.keys().map(String::as_str)).collect::<BTreeSet<_>>();
    let table = |name: &&str| {
        let rows: Vec<&Row> = rows.iter().filter(|row| *row.relation == **name).collect();
        let mut types: BTreeMap<&str, ColumnType> = BTreeMap::new();
        for row in &rows {
            types.extend(row.columns.keys().map(|column| (column.as_str(), ColumnType::Text)));
        }
        types.extend(schema.relations.get(*name).into_iter().flatten().map(|(column, ty)| (column.as_str(), *ty)));
        types.remove(own);
        types.insert(id, ColumnType::Long);
        types.insert("Timestamp", ColumnType::DateTime);
        let everything = query.contains("* ");
        types.retain(|column, _| everything || query.contains(column) || *column == id || *column == "Timestamp");
        let columns: Vec<Value> = types.iter().map(|(column, ty)| json!([column, word(*ty)])).collect();
        let row = |row: &&Row| {
            types
                .iter()
                .map(|(column, ty)| cell(row, if *column == id { own } else { column }, *ty))
                .collect::<Vec<_>>()
        };
        json!({"name": name, "columns": columns, "rows": rows.iter().map(row).collect::<Vec<_>>()})
    };
    names.iter().filter(|name| query.contains(**name)).map(table).collect()
}

fn word(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Text | ColumnType::FullText | ColumnType::Ip | ColumnType::Dynamic => "text",
        ColumnType::Long => "long",
        ColumnType::Real => "real",
        ColumnType::Bool => "bool",
        ColumnType::DateTime => "datetime",
    }
}

/// A column of Kusto holds one value, and text is never null.
fn cell(row: &Row, column: &str, ty: ColumnType) -> Value {
    let value = row.values(column).first();
    let number = value.and_then(Scalar::number);
    match ty {
        ColumnType::DateTime if *row.time_column == *column => json!(row.time),
        #[expect(clippy::cast_possible_truncation, reason = "what is cut was no whole number")]
        ColumnType::Long | ColumnType::DateTime => json!(match value {
            Some(Scalar::Integer(number)) => Some(*number),
            _ => number.map(|number| number as i64),
        }),
        ColumnType::Real => json!(number),
        ColumnType::Bool => json!(value.map(|value| value.text() == "true")),
        _ => json!(value.map_or_else(String::new, Scalar::text)),
    }
}

/// Fields as JSON: lists of values, or where wanted one value as itself.
fn fields(fields: &BTreeMap<String, Vec<Scalar>>, alone: bool) -> Value {
    let value = |scalar: &Scalar| match scalar {
        Scalar::Text(text) => json!(text),
        Scalar::Integer(number) => json!(number),
        Scalar::Float(number) => json!(number),
        Scalar::Boolean(boolean) => json!(boolean),
    };
    let values = |values: &Vec<Scalar>| match &values[..] {
        [one] if alone => value(one),
        all => all.iter().map(value).collect(),
    };
    fields.iter().map(|(name, all)| (name.clone(), values(all))).collect::<Map<_, _>>().into()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// Results are compared as sets that may hold a thing twice.
pub(super) fn sorted(mut found: Vec<Vec<String>>) -> Vec<Vec<String>> {
    found.sort();
    found
}

impl Question {
    /// The event of a result, as it was asked about.
    pub(super) fn event(&self, result: &[String]) -> String {
        let is = |id: Option<&Value>, text: &str| id.and_then(Value::as_i64).is_some_and(|id| text.parse() == Ok(id));
        let Some(last) = result.last() else { return String::new() };
        if let Some(Value::Array(events)) = self.body.get("events") {
            let by_id = events.iter().find(|event| is(event.get("id"), last));
            let by_place = || last.parse().ok().and_then(|place: usize| events.get(place));
            return by_id.or_else(by_place).map_or_else(String::new, Value::to_string);
        }
        // A table's rows are lists, in the order of its columns.
        let rows = self.body.get("tables").and_then(Value::as_array).into_iter().flatten().flat_map(|table| {
            let columns = table["columns"].as_array().into_iter().flatten();
            let names: Vec<&str> = columns.filter_map(|column| column[0].as_str()).collect();
            table["rows"].as_array().into_iter().flatten().map(move |row| {
                let cells = row.as_array().into_iter().flatten().cloned();
                names.iter().map(|name| (*name).to_owned()).zip(cells).collect::<Map<String, Value>>()
            })
        });
        let wanted =
            |row: &Map<String, Value>| [ID, "EventId", "ReportId"].iter().any(|id| is(row.get(*id), &result[0]));
        rows.into_iter().find(wanted).map_or_else(String::new, |row| Value::Object(row).to_string())
    }
}
