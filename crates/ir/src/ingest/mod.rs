//! Recorded events, as log files hold them, to [`Record`]s in Sigma's field names.
//!
//! Promises: a Windows event (`Event.System` with `EventData` or `UserData`, as dumps of EVTX files have it) gets the
//! field names that rules use, its time, and every log source that it belongs to, by its channel and event id; a flat
//! event keeps its fields, and its log source is what it says itself. Lacks: reading of files, other collectors' names
//! for fields (`winlog.event_data.Image`), and log sources of events that no event log holds (ETW's `file_access`).

mod sources;
mod time;
mod windows;

use crate::{Name, Record, RecordSource, Scalar};
use serde_json::{Deserializer, Map, Value};

/// Events that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not JSON.
    #[error("line {line}, column {column}: {reason}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the parser says.
        reason: String,
    },
    /// JSON, but no event.
    #[error("event {number} is {found}, not an object")]
    NotAnObject {
        /// Which, from 1.
        number: usize,
        /// What it is.
        found: &'static str,
    },
}

/// The events of a text: JSON documents one after the other, on lines of their own or not; an array is its elements. Ids
/// count from `first_id`.
pub fn records(text: &str, first_id: u64) -> Result<Vec<Record>, ReadError> {
    let mut records = Vec::new();
    let text = text.trim_start_matches('\u{feff}');
    for document in Deserializer::from_str(text).into_iter::<Value>() {
        let document = document.map_err(|error| ReadError::Json {
            line: error.line(),
            column: error.column(),
            // The parser repeats the place, which we name in our own words.
            reason: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        })?;
        match document {
            Value::Array(events) => {
                for event in &events {
                    add(&mut records, event, first_id)?;
                }
            }
            event => add(&mut records, &event, first_id)?,
        }
    }
    Ok(records)
}

fn add(records: &mut Vec<Record>, event: &Value, first_id: u64) -> Result<(), ReadError> {
    let id = first_id + records.len() as u64;
    let found = match event {
        Value::Object(event) => {
            records.push(record(event, id));
            return Ok(());
        }
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
    };
    Err(ReadError::NotAnObject { number: records.len() + 1, found })
}

/// One event: of Windows if it has `Event.System`, else flat.
pub fn record(event: &Map<String, Value>, id: u64) -> Record {
    match event.get("Event").and_then(Value::as_object) {
        Some(inner) if inner.contains_key("System") => windows::record(inner, id),
        _ => flat(event, id),
    }
}

/// Where a flat event may say when it happened, the first that it has.
const TIMES: [&str; 6] = ["@timestamp", "_time", "TimeCreated", "SystemTime", "UtcTime", "timestamp"];

/// An event whose keys are its fields. `logsource` (product, category, service, as in a rule) names its log source, and
/// `_raw` holds its text; both are no fields. Without `logsource`, `Channel` and `EventID` name it as those of a Windows
/// event do; without these either, it is left open, so that every rule reads the event.
fn flat(event: &Map<String, Value>, id: u64) -> Record {
    let mut record = Record { id, ..Record::default() };
    for (name, value) in event {
        match (name.as_str(), value) {
            ("logsource", Value::Object(named)) => {
                let part = |part: &str| named.get(part).and_then(Value::as_str).map(Name::from);
                let (product, category, service) = (part("product"), part("category"), part("service"));
                record.log_sources = Some(vec![RecordSource { product, category, service }]);
            }
            ("_raw", Value::String(raw)) => record.raw = Some(raw.clone()),
            _ => record.add_json(&unspaced(name), value),
        }
    }
    record.time = TIMES.iter().find_map(|name| event.get(*name).and_then(time::millis)).unwrap_or_default();
    if let (None, [channel, ..]) = (&record.log_sources, record.values("Channel")) {
        let channel = channel.text();
        record.log_sources = Some(sources::of(&channel, &record));
        windows::add_process_names(&mut record, &channel);
    }
    record
}

/// A field name without its spaces, which rules leave out: `SAM User Account` is `SAMUserAccount`.
fn unspaced(name: &str) -> String {
    name.chars().filter(|c| *c != ' ').collect()
}

/// The whole number that the first value of a field is.
fn integer(record: &Record, field: &str) -> Option<i64> {
    match record.values(field).first()? {
        Scalar::Integer(number) => Some(*number),
        Scalar::Text(text) => text.parse().ok(),
        Scalar::Float(_) | Scalar::Boolean(_) => None,
    }
}

#[cfg(test)]
mod tests;
