//! JSON as the text of a file.

use serde_json::Value;
use std::collections::BTreeMap;

/// The text, with the keys of every object in order and a line end.
///
/// Whether a `Map` keeps the order in which it is filled is decided by whatever else is compiled with it.
pub fn json_text(value: Value) -> String {
    let mut text = serde_json::to_string_pretty(&sorted(value)).expect("a value is JSON");
    text.push('\n');
    text
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<String, Value> = members.into_iter().collect();
            Value::Object(members.into_iter().map(|(name, value)| (name, sorted(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
