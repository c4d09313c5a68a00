//! The JSON Schema of the manifest.

use crate::Reason;
use serde_json::{Value, json};

/// The schema, draft 2020-12, as JSON with a line end.
pub fn schema() -> String {
    rulecast_files::json_text(value())
}

fn value() -> Value {
    let text = json!({ "type": "string" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let sha256 = json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    let fidelity = json!({ "enum": ["exact", "over", "under", "both", "unchecked"] });
    let reason = json!({ "enum": Reason::ALL.map(Reason::name) });
    let slug = json!({ "type": "string", "pattern": "^[a-z0-9_-]+$" });
    let texts = list(&text);
    let output = object(
        &[
            ("package", &text),
            ("target", &text),
            ("kind", &text),
            ("path", &text),
            ("fidelity", &fidelity),
            ("assumptions", &texts),
            ("query_sha256", &sha256),
        ],
        &[("name", &text)],
    );
    let unsupported = object(&[("package", &text), ("reason", &reason), ("message", &text)], &[("target", &text)]);
    let rule = object(
        &[
            ("id", &text),
            ("title", &text),
            ("slug", &slug),
            ("path", &text),
            ("line", &json!({ "type": "integer", "minimum": 1 })),
            ("version", &json!({ "type": "integer", "minimum": 1 })),
            ("level", &json!({ "enum": ["informational", "low", "medium", "high", "critical"] })),
            ("attack", &texts),
            ("platforms", &texts),
            ("sha256", &sha256),
            ("outputs", &list(&output)),
            ("unsupported", &list(&unsupported)),
        ],
        &[("status", &text)],
    );
    let not_selected = object(
        &[("id", &text), ("title", &text), ("path", &text), ("reason", &text)],
        &[("retired", &json!({ "type": "boolean" }))],
    );
    let deprecated =
        object(&[("id", &text), ("title", &text), ("since", &text), ("reason", &text), ("replaced_by", &texts)], &[]);
    let moved = object(&[("slug", &slug), ("id", &text), ("title", &text)], &[]);
    let counted =
        json!({ "type": "object", "additionalProperties": { "type": "object", "additionalProperties": count } });
    let mut schema = object(
        &[
            ("format", &json!({ "const": super::FORMAT })),
            (
                "bundle",
                &object(&[("name", &text), ("version", &text), ("author", &text)], &[("created_from_commit", &text)]),
            ),
            ("tool", &object(&[("name", &text), ("version", &text)], &[])),
            ("attack", &object(&[("domain", &text), ("version", &text)], &[])),
            ("targets", &texts),
            ("rules", &list(&rule)),
            ("not_selected", &list(&not_selected)),
            ("deprecated", &list(&deprecated)),
            ("moved", &list(&moved)),
            (
                "counts",
                &object(
                    &[("rules", &count), ("not_selected", &count), ("targets", &counted), ("packages", &counted)],
                    &[],
                ),
            ),
        ],
        &[],
    );
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("The manifest of a Rulecast bundle (manifest.json)");
    schema
}

fn list(of: &Value) -> Value {
    json!({ "type": "array", "items": of })
}

fn object(required: &[(&str, &Value)], optional: &[(&str, &Value)]) -> Value {
    let properties: serde_json::Map<String, Value> =
        required.iter().chain(optional).map(|(name, value)| ((*name).to_owned(), (*value).clone())).collect();
    let required: Vec<&str> = required.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}
