//! The keys of a rule and their words, from the JSON Schema of rules that the reference has.

use serde_json::Value;
use std::sync::LazyLock;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../docs/reference/rule.schema.json"))
        .expect("the reference has it in JSON")
});

/// What the schema says of one path: every alternative.
pub(crate) fn at(path: &[&str]) -> Vec<&'static Value> {
    let mut all = flat(&SCHEMA);
    for step in path {
        let inner = all.iter().filter_map(|schema| match *step {
            "-" => schema.get("items"),
            key => schema
                .get("properties")
                .and_then(|properties| properties.get(key))
                .or_else(|| schema.get("additionalProperties").filter(|other| other.is_object())),
        });
        all = inner.flat_map(flat).collect();
    }
    all
}

/// The keys of a mapping, each with its schema.
pub(crate) fn keys(path: &[&str]) -> Vec<(&'static str, &'static Value)> {
    let properties = at(path).into_iter().filter_map(|schema| schema.get("properties")?.as_object());
    properties.flatten().map(|(key, schema)| (key.as_str(), schema)).collect()
}

/// The words that a scalar may be.
pub(crate) fn words(path: &[&str]) -> Vec<&'static str> {
    let all = at(path);
    let listed = all.iter().filter_map(|schema| schema.get("enum")?.as_array()).flatten().filter_map(Value::as_str);
    let mut words: Vec<&str> = listed.collect();
    if all.iter().any(|schema| is(schema, "boolean")) && !all.iter().any(|schema| is(schema, "string")) {
        words.extend(["true", "false"]);
    }
    words
}

/// Whether what the schema describes is a scalar.
pub(crate) fn is_scalar(schema: &'static Value) -> bool {
    flat(schema)
        .iter()
        .any(|one| one.get("enum").is_some() || ["string", "integer", "number", "boolean"].iter().any(|ty| is(one, ty)))
}

/// What the schema says of it in words.
pub(crate) fn description(schema: &'static Value) -> Option<&'static str> {
    schema.get("description")?.as_str()
}

fn is(schema: &Value, ty: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == ty,
        Some(Value::Array(all)) => all.iter().any(|one| one == ty),
        _ => false,
    }
}

/// A schema with its references followed and its alternatives side by side.
fn flat(schema: &'static Value) -> Vec<&'static Value> {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return SCHEMA.pointer(name.trim_start_matches('#')).map(flat).unwrap_or_default();
    }
    let alternatives = schema.get("anyOf").and_then(Value::as_array);
    std::iter::once(schema).chain(alternatives.into_iter().flatten().flat_map(flat)).collect()
}

#[cfg(test)]
mod tests {
    use super::{at, keys, words};

    #[test]
    fn paths_lead_through_references_and_alternatives() {
        assert!(words(&["level"]).contains(&"critical"));
        assert_eq!(words(&["tests", "-", "expect"]), ["match", "no_match"]);
        assert_eq!(words(&["generate"]), ["true", "false"]);
        assert!(keys(&["correlation", "condition"]).iter().any(|(key, _)| *key == "gte"));
        assert!(!at(&["falsepositives", "-"]).is_empty());
        assert!(at(&["title", "x"]).is_empty());
    }
}
