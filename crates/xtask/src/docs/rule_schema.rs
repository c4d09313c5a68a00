//! The JSON Schema of a rule file, for editors: Sigma's keys and ours, with their closed sets of words.
//!
//! It accepts what the reader accepts without an error, as far as a schema can say that; what it leaves open, conditions and
//! modifiers in their order, `rulecast check` tells. A key that it does not know is the author's own, as Sigma has it.

use rulecast_rule::SCOPE_LANGUAGES;
use rulecast_rule::ast::{Confidence, CorrelationKind, Expectation, Level, Modifier, Operator, Status};
use serde_json::{Value, json};

const UUID: &str = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
const DATE: &str = "^[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}$";
const DURATION: &str = "^[0-9]+[smhdwMy]$";

/// The schema of one document.
pub(super) fn schema() -> String {
    let text = || json!({ "type": "string" });
    let said = |description: &str| json!({ "type": ["string", "null"], "description": description });
    let texts = |description: &str| json!({ "anyOf": [{ "$ref": "#/$defs/texts" }, { "type": "null" }], "description": description });
    let words = |names: Vec<&str>| json!({ "enum": names });
    let names = |all: &[&'static str]| all.to_vec();
    let part = |required: &[&str], properties: Value| json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties });
    let levels: Vec<&str> = Level::ALL.iter().map(|level| level.name()).collect();
    let threshold: serde_json::Map<String, Value> = Operator::ALL
        .iter()
        .map(|operator| (operator.name().to_owned(), json!({ "type": "number" })))
        .chain([("field".to_owned(), json!({ "$ref": "#/$defs/texts" }))])
        .chain([("percentile".to_owned(), json!({ "type": "number", "minimum": 0, "maximum": 100 }))])
        .collect();
    let properties = json!({
        "title": { "type": "string", "minLength": 1, "maxLength": 256 },
        "id": { "type": "string", "pattern": UUID, "description": "A random UUID, which stays with the rule." },
        "name": { "type": "string", "minLength": 1, "maxLength": 256, "description": "What other rules call it." },
        "related": { "anyOf": [{ "type": "null" }, { "type": "array", "items": part(&["id", "type"], json!({
            "id": { "type": "string", "pattern": UUID },
            "type": words(names(&["derived", "obsolete", "merged", "renamed", "similar", "correlation"])),
        })) }] },
        "taxonomy": text(),
        "status": words(Status::ALL.iter().map(|status| status.name()).collect()),
        "description": said("What it detects."),
        "license": said("An SPDX identifier."),
        "author": said("Who wrote it."),
        "references": texts("Where it comes from."),
        "date": { "type": "string", "pattern": DATE },
        "modified": { "type": "string", "pattern": DATE },
        "fields": texts("Fields of interest to an analyst."),
        "falsepositives": { "anyOf": [{ "$ref": "#/$defs/texts" }, { "type": ["string", "null"] }] },
        "level": words(levels.clone()),
        "tags": texts("As `attack.t1059.001`."),
        "scope": texts("Where it applies, in free words."),
        "logsource": part(&[], json!({
            "category": text(), "product": text(), "service": text(), "definition": said("What must be logged for it."),
        })),
        "detection": {
            "type": "object",
            "required": ["condition"],
            "properties": { "condition": { "$ref": "#/$defs/texts" }, "timeframe": text() },
            "additionalProperties": { "$ref": "#/$defs/selection" },
            "description": "Selections by name, and the condition that joins them.",
        },
        "correlation": part(&["type", "rules"], json!({
            "type": words(CorrelationKind::ALL.iter().map(|kind| kind.name()).collect()),
            "rules": { "$ref": "#/$defs/texts", "description": "Rules, by id or name." },
            "group-by": { "$ref": "#/$defs/texts" },
            "timespan": { "type": "string", "pattern": DURATION },
            "condition": { "anyOf": [text(), part(&[], Value::Object(threshold))] },
            "aliases": { "type": "object", "additionalProperties": { "type": "object", "additionalProperties": text() } },
            "generate": { "type": "boolean" },
        })),
        "generate": { "type": "boolean" },
        "filter": {
            "type": "object",
            "required": ["rules", "condition"],
            "properties": { "rules": { "$ref": "#/$defs/texts" }, "condition": { "$ref": "#/$defs/texts" } },
            "additionalProperties": { "$ref": "#/$defs/selection" },
        },
        "classification": { "description": "Classes of a match; the first that holds names it." },
        "tests": { "type": "array", "items": part(&["name", "expect", "events"], json!({
            "name": text(),
            "expect": words(Expectation::ALL.iter().map(|one| one.name()).collect()),
            "why": text(),
            "classification": text(),
            "events": { "type": "array", "minItems": 1, "items": { "type": "object" } },
        })), "description": "Events that the rule must and must not match, for `rulecast test`." },
        "schedule": part(&["every", "lookback"], json!({
            "every": { "type": "string", "pattern": DURATION },
            "lookback": { "type": "string", "pattern": DURATION },
            "max_alerts": { "type": "integer", "minimum": 1 },
        })),
        "risk_score": { "type": "integer", "minimum": 0, "maximum": 100 },
        "confidence": words(Confidence::ALL.iter().map(|one| one.name()).collect()),
        "version": { "type": "integer", "minimum": 1 },
        "setup": said("Markdown: what must be set up for its events."),
        "note": said("Markdown: how to investigate a match."),
        "response": said("Markdown: what to do about one."),
        "output": part(&[], json!({ "fields": { "$ref": "#/$defs/texts" }, "sort": { "$ref": "#/$defs/texts" } })),
        "targets": {
            "type": "object",
            "additionalProperties": false,
            "properties": languages_refused(),
            "patternProperties": of_targets(),
            "description": "What single targets and languages do: `refuse` says why there shall be no query; the others what a \
                            target reads in place of what its data model says.",
        },
    });
    let modifiers: Vec<&str> = Modifier::ALL.iter().map(|modifier| modifier.name()).collect();
    rulecast_files::json_text(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A detection rule of Sigma, as Rulecast reads it",
        "type": "object",
        "required": ["title"],
        "anyOf": [
            { "required": ["logsource", "detection"] },
            { "required": ["correlation"] },
            { "required": ["logsource", "filter"] },
        ],
        "properties": properties,
        "$defs": {
            "texts": { "anyOf": [text(), { "type": "array", "items": text() }] },
            "value": { "type": ["string", "number", "boolean", "null"] },
            "values": { "anyOf": [{ "$ref": "#/$defs/value" }, { "type": "array", "items": { "$ref": "#/$defs/value" } }] },
            "items": {
                "type": "object",
                "propertyNames": { "pattern": format!("^[^|]*(\\|({}))*$", modifiers.join("|")) },
                "additionalProperties": { "$ref": "#/$defs/values" },
            },
            "selection": { "anyOf": [
                { "$ref": "#/$defs/items" },
                { "type": "array", "items": { "anyOf": [{ "$ref": "#/$defs/items" }, { "$ref": "#/$defs/value" }] } },
                { "$ref": "#/$defs/value" },
            ] },
        },
    }))
}

/// A language, which may be refused.
fn languages_refused() -> Value {
    let refused =
        json!({ "type": "object", "additionalProperties": false, "properties": { "refuse": { "type": "string" } } });
    SCOPE_LANGUAGES
        .iter()
        .map(|language| ((*language).to_owned(), refused.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A target, which may read something else.
fn of_targets() -> Value {
    let each = SCOPE_LANGUAGES.iter().map(|language| {
        let mut scope = rulecast_config::scope_schema(&[language]);
        scope["properties"]["refuse"] = json!({ "type": "string" });
        (format!("^{language}\\.[a-z0-9_-]+$"), scope)
    });
    each.collect::<serde_json::Map<_, _>>().into()
}
