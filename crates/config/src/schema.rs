//! The JSON Schema of the file, for editors.

use crate::keys::{KEYS, Key, Shape};
use rulecast_compile::{Language, Target};
use rulecast_lint::LINTS;
use serde_json::{Value, json};

/// The schema, draft 2020-12, as JSON with a line end.
pub fn schema() -> String {
    let properties: serde_json::Map<String, Value> =
        KEYS.iter().map(|key| (key.name.to_owned(), described(key))).collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration of a Rulecast rule repository (rulecast.toml)",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    schema_text(schema)
}

/// A schema as the text of its file, with the keys of every object in order.
pub fn schema_text(schema: Value) -> String {
    let mut text = serde_json::to_string_pretty(&sorted(schema)).expect("a value is JSON");
    text.push('\n');
    text
}

/// With the keys of every object in order: whether a `Map` keeps the order in which it is filled is decided by whatever else
/// is compiled with it.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: std::collections::BTreeMap<String, Value> = members.into_iter().collect();
            Value::Object(members.into_iter().map(|(name, value)| (name, sorted(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

fn described(key: &Key) -> Value {
    let mut schema = of(key.shape);
    schema["description"] = key.summary.into();
    schema
}

fn of(shape: Shape) -> Value {
    let list = |items: Value| json!({ "type": "array", "items": items });
    match shape {
        Shape::Paths => list(json!({ "type": "string" })),
        Shape::Targets => {
            let languages = Language::ALL.iter().map(|language| language.name().to_owned());
            let names: Vec<String> = languages.chain(Target::ALL.iter().map(ToString::to_string)).collect();
            // A model of the user's own makes others.
            list(json!({ "anyOf": [{ "enum": names }, { "pattern": "^(eql|spl|kql)\\.[a-z0-9_-]+$" }] }))
        }
        Shape::Verdicts => list(json!({ "enum": ["over", "under"] })),
        Shape::Lints => {
            let level = json!({ "enum": ["off", "note", "warning", "error"] });
            let levels: serde_json::Map<String, Value> =
                LINTS.iter().map(|lint| (lint.name.to_owned(), level.clone())).collect();
            json!({ "type": "object", "additionalProperties": false, "properties": levels })
        }
        Shape::Build => json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "output": {
                    "type": "string",
                    "minLength": 1,
                    "default": crate::OUTPUT,
                    "description": "The directory of the queries, relative to this file.",
                },
            },
        }),
        Shape::Suppressions => list(json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["rule", "lint", "reason"],
            "properties": {
                "rule": { "type": "string", "description": "The id of the rule." },
                "lint": { "enum": LINTS.iter().map(|lint| lint.name).collect::<Vec<_>>() },
                "reason": { "type": "string", "minLength": 1, "description": "Why the findings are accepted." },
            },
        })),
    }
}
