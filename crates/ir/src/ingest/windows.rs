//! One event of the Windows event log, from the JSON of its XML.
//!
//! Dumps differ in how they write XML attributes: beside the element under `#attributes`, as keys that begin with `@`, or
//! as `<element>_attributes`. All three are read.

use super::{sources, time, unspaced};
use crate::{Record, Scalar};
use serde_json::{Map, Value};

/// `Event`: `System`, then `EventData` or `UserData`.
///
/// Elements of `System` are fields of their name, their attributes joined with `_` (`Provider_Name`); the data are fields
/// of theirs. Where the data name a field of `System` (`Channel` of a cleared log), they stand for it, as in rules.
pub(super) fn record(event: &Map<String, Value>, id: u64) -> Record {
    let mut record = Record { id, ..Record::default() };
    if let Some(Value::Object(system)) = event.get("System") {
        for (name, value) in system {
            element(&mut record, name, value);
        }
        let created = record.values("TimeCreated_SystemTime").first();
        let created = created.map_or(Value::Null, |created| Value::String(created.text()));
        record.time = time::millis(&created).unwrap_or_default();
    }
    let channel = record.values("Channel").first().map_or_else(String::new, Scalar::text);
    let mut data = Record::default();
    // An event id of the data is not the event's.
    let event_id = record.fields.get("EventID").cloned();
    if let Some(Value::Object(named)) = event.get("EventData") {
        event_data(&mut data, named);
    }
    if let Some(Value::Object(wrapped)) = event.get("UserData") {
        for (name, value) in wrapped {
            match value {
                // The element that holds the data has a name of its own, which says nothing.
                Value::Object(members) => members.iter().for_each(|(name, value)| element(&mut data, name, value)),
                _ => element(&mut data, name, value),
            }
        }
    }
    record.fields.append(&mut data.fields);
    record.fields.extend(event_id.map(|event_id| ("EventID".to_owned(), event_id)));
    record.log_sources = Some(sources::of(&channel, &record));
    add_process_names(&mut record, &channel);
    record
}

/// An element: its text under its name, its attributes joined to that, members below it with dots. Namespaces are left
/// out: they are no data.
fn element(record: &mut Record, name: &str, value: &Value) {
    let field = unspaced(name);
    if is_attributes(name) {
        // Those of the element that holds the data.
        return;
    }
    if let Some(element) = name.strip_suffix("_attributes")
        && let Value::Object(attributes) = value
    {
        return attributes.iter().for_each(|(name, value)| attribute(record, element, name, value));
    }
    let Value::Object(members) = value else {
        return record.add_json(&field, value);
    };
    for (member, value) in members {
        match (member.as_str(), value) {
            ("#attributes", Value::Object(attributes)) => {
                attributes.iter().for_each(|(name, value)| attribute(record, &field, name, value));
            }
            ("#text", value) => record.add_json(&field, value),
            (member, value) => match member.strip_prefix('@') {
                Some(name) => attribute(record, &field, name, value),
                None => element(record, &format!("{field}.{member}"), value),
            },
        }
    }
}

fn is_attributes(name: &str) -> bool {
    name == "#attributes" || name.starts_with('@')
}

fn attribute(record: &mut Record, element: &str, name: &str, value: &Value) {
    if name != "xmlns" {
        record.add_json(&format!("{}_{}", unspaced(element), unspaced(name)), value);
    }
}

/// Data by their names. `Data` holds those without one, or those that a dump left as elements with the attribute `Name`.
fn event_data(record: &mut Record, named: &Map<String, Value>) {
    for (name, value) in named {
        match (name.as_str(), value) {
            ("Data", Value::Array(items)) => items.iter().for_each(|item| datum(record, item)),
            ("Data", item) => datum(record, item),
            _ => element(record, name, value),
        }
    }
}

fn datum(record: &mut Record, item: &Value) {
    let Value::Object(members) = item else {
        return record.add_json("Data", item);
    };
    let attributes = members.get("#attributes").and_then(Value::as_object).unwrap_or(members);
    let name = attributes.get("Name").or_else(|| attributes.get("@Name")).and_then(Value::as_str);
    // An element without text is an empty one.
    let empty = Value::String(String::new());
    record.add_json(&unspaced(name.unwrap_or("Data")), members.get("#text").unwrap_or(&empty));
}

/// Adds to Security's event of a new process the names that rules about processes use. `ProcessId` stays what it is in
/// that event, the parent's.
pub(super) fn add_process_names(record: &mut Record, channel: &str) {
    let is_4688 = super::integer(record, "EventID") == Some(4688);
    if !is_4688 || !channel.eq_ignore_ascii_case("Security") {
        return;
    }
    let text = |record: &Record, field: &str| record.values(field).first().map(Scalar::text);
    let user = ["Target", "Subject"].iter().find_map(|side| {
        let part = |part: &str| text(record, &format!("{side}{part}")).filter(|part| !part.is_empty() && part != "-");
        Some(format!("{}\\{}", part("DomainName")?, part("UserName")?))
    });
    let level = match text(record, "MandatoryLabel").as_deref() {
        Some("S-1-16-0") => Some("Untrusted"),
        Some("S-1-16-4096") => Some("Low"),
        Some("S-1-16-8192") => Some("Medium"),
        Some("S-1-16-8448") => Some("Medium Plus"),
        Some("S-1-16-12288") => Some("High"),
        Some("S-1-16-16384") => Some("System"),
        _ => None,
    };
    let named = [
        ("Image", text(record, "NewProcessName")),
        ("ParentImage", text(record, "ParentProcessName")),
        ("User", user),
        ("LogonId", text(record, "SubjectLogonId")),
        ("IntegrityLevel", level.map(str::to_owned)),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            record.fields.entry(name.to_owned()).or_insert_with(|| vec![Scalar::Text(value)]);
        }
    }
}
