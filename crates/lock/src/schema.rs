//! The JSON Schema of the lock file.

use crate::file::FORMAT;
use crate::form::Part;
use serde_json::{Map, Value, json};

/// The schema, draft 2020-12.
pub fn schema() -> Value {
    let hash = json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    let text = |description: &str| json!({ "type": "string", "description": description });
    let version =
        json!({ "type": "integer", "minimum": 1, "description": "The version of the rule; 1 for one that says none." });
    let parts: Map<String, Value> = Part::ALL
        .iter()
        .map(|part| (part.key().to_owned(), json!({ "type": "string", "pattern": "^[0-9a-f]{16}$" })))
        .collect();
    let by_id = |of: &str, description: &str| {
        json!({
            "type": "object",
            "description": description,
            "propertyNames": { "pattern": "^[^A-Z]+$" },
            "additionalProperties": { "$ref": format!("#/$defs/{of}") },
        })
    };
    let object = |required: &[&str], properties: Value| {
        json!({
            "type": "object",
            "required": required,
            "additionalProperties": false,
            "properties": properties,
        })
    };
    let mut schema = object(
        &["format", "form", "attack", "targets", "rules"],
        json!({
            "format": { "const": FORMAT, "description": "The shape of this file." },
            "form": { "type": "integer", "minimum": 1, "description": "How the hashes of rules were made. Those of another number cannot be compared." },
            "attack": text("The version of ATT&CK whose techniques the tags name."),
            "targets": {
                "type": "array",
                "uniqueItems": true,
                "items": { "type": "string" },
                "description": "The targets that the queries are for.",
            },
            "rules": by_id("rule", "The rules, by id."),
            "removed": by_id("removed", "Rules that there were, so that no id is used for another rule."),
        }),
    );
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "The lock file of a rule repository (rules.lock.json)".into();
    schema["$defs"] = json!({
        "rule": object(&["title", "path", "version", "sha256", "parts", "outputs"], json!({
            "title": text("The title of the rule."),
            "path": text("Its file, from the directory of the lock, with `/` between its parts."),
            "version": version,
            "sha256": hash,
            "parts": {
                "type": "object",
                "additionalProperties": false,
                "properties": parts,
                "description": "The first 16 digits of the hash of each part that the rule has.",
            },
            "outputs": {
                "type": "object",
                "additionalProperties": { "$ref": "#/$defs/output" },
                "description": "What was made of the rule, by target.",
            },
        })),
        "output": object(&["fidelity"], json!({
            "fidelity": {
                "enum": ["exact", "over", "under", "both", "unchecked", "refused", "declared"],
                "description": "The verdict on the queries together; `refused` and `declared` have none.",
            },
            "sha256": hash,
        })),
        "removed": object(&["title", "version", "sha256"], json!({
            "title": text("The last title of the rule."),
            "version": version,
            "sha256": hash,
        })),
    });
    schema
}
