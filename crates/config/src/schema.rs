//! The JSON Schema of the file, for editors.

use crate::keys::{KEYS, Key, Shape};
use rulecast_compile::{Language, Target};
use rulecast_lint::LINTS;
use rulecast_rule::{SCOPE_KEYS, SCOPE_LANGUAGES};
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
    rulecast_files::json_text(schema)
}

/// What a target of one of these languages reads, as a rule and a configuration say it.
pub fn scope_schema(languages: &[&str]) -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let texts = json!({ "anyOf": [text, { "type": "array", "minItems": 1, "items": text }] });
    let scalar = json!({ "type": ["string", "integer"] });
    let on_column = |key: &str, value: Value| {
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["column", key],
            "properties": { "column": text, key: value },
        })
    };
    let column_tests = [
        on_column("equals", scalar.clone()),
        on_column("in", json!({ "type": "array", "minItems": 1, "items": scalar })),
        on_column("exists", json!({ "type": "boolean" })),
    ];
    let any_of = json!({ "type": "object", "additionalProperties": false, "required": ["any"], "properties": {
        "any": { "type": "array", "minItems": 1, "items": { "anyOf": column_tests } },
    } });
    let tests: Vec<Value> = column_tests.iter().cloned().chain([any_of]).collect();
    let tests = json!({ "type": "array", "minItems": 1, "items": { "anyOf": tests } });
    let known = SCOPE_KEYS.iter().filter(|(_, of)| of.iter().any(|language| languages.contains(language)));
    let said: serde_json::Map<String, Value> = known
        .map(|(key, _)| {
            let (mut schema, description) = match *key {
                "macro" => (text.clone(), "SPL: the macro to read, without backquotes."),
                "table" => (text.clone(), "KQL: the table to read, or a function of the workspace without parameters."),
                "index" => {
                    (texts.clone(), "SPL: the indexes to read in place of a macro. EQL: where the query is to be run.")
                }
                "sourcetype" => (texts.clone(), "SPL: the source types to read in place of a macro."),
                _ => (tests.clone(), "What else must hold of an event; all of them."),
            };
            schema["description"] = description.into();
            ((*key).to_owned(), schema)
        })
        .collect();
    let part = json!({
        "type": "object",
        "description": "Of the macro, table or category that has this name in the data model.",
        "additionalProperties": false,
        "properties": said,
    });
    json!({ "type": "object", "properties": said, "additionalProperties": part })
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
        Shape::Scopes => json!({
            "type": "object",
            "patternProperties": { "^(eql|spl|kql)\\.[a-z0-9_-]+$": scope_schema(&SCOPE_LANGUAGES) },
            "additionalProperties": false,
        }),
        Shape::Bundle => {
            let text = |description: &str| json!({ "type": "string", "minLength": 1, "description": description });
            json!({
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "name": {
                        "type": "string",
                        "pattern": "^[A-Za-z][A-Za-z0-9_-]{0,59}$",
                        "description": "Part of file names, and of ids on platforms.",
                    },
                    "version": {
                        "type": "string",
                        "pattern": "^[0-9]{1,9}\\.[0-9]{1,9}\\.[0-9]{1,9}$",
                        "description": "The version of the bundle.",
                    },
                    "author": text("Who publishes it."),
                    "license": text("Of the rules that say none: an SPDX identifier."),
                    "license-file": text("The file with the text of the license, relative to this file."),
                },
            })
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
