//! The JSON Schema of a model's file, for editors.

use super::field::CONVERSIONS;
use super::read::{LANGUAGES, TYPES};
use serde_json::{Value, json};

/// The schema, draft 2020-12.
///
/// What it accepts the reader reads; what contradicts itself, as a group that is not there, the reader alone tells.
pub fn model_schema() -> Value {
    let languages: Vec<&str> = LANGUAGES.iter().map(|(name, _)| *name).collect();
    let types: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
    let text = json!({ "type": "string" });
    let words = json!({ "$ref": "#/$defs/words" });
    let fields = json!({
        "same": { "$ref": "#/$defs/words", "description": "Fields that are columns of the same name." },
        "under": {
            "type": "object",
            "additionalProperties": words,
            "description": "Fields that are columns of the same name after a prefix and a dot, by prefix.",
        },
        "xml_data": {
            "type": "object",
            "additionalProperties": words,
            "description": "Fields that are elements of the same name in the XML of a column, by column (KQL).",
        },
        "lacks": { "$ref": "#/$defs/words", "description": "Fields that the events are known not to hold." },
        "fields": {
            "type": "object",
            "additionalProperties": { "$ref": "#/$defs/field" },
            "description": "Fields of Sigma, each with the column that holds it, columns any of which may, or a conversion.",
        },
        "keys": {
            "type": "object",
            "additionalProperties": words,
            "description": "What sequences join on (HostId, UserId, ProcessGuid), each with the columns that hold it together.",
        },
    });
    let mut source = json!({
        "when": part(&[], json!({
            "product": text,
            "category": words,
            "service": text,
            "or_service": { "type": "string", "description": "A service that a rule may name or not." },
        })),
        "language": { "enum": languages, "description": "Only in this language." },
        "reads": {
            "description": "Any event (EQL), everything (SPL), or a category (EQL), a macro or a dataset (SPL) or a table (KQL) by name.",
            "oneOf": [
                { "enum": ["any", "everything"] },
                part(&["category"], json!({ "category": text })),
                part(&["dataset"], json!({ "dataset": text })),
                part(&["macro"], json!({ "macro": text })),
                part(&["table"], json!({ "table": text })),
            ],
        },
        "by": { "$ref": "#/$defs/words", "description": "Of a dataset, the columns to show of every result." },
        "unchecked": flag("What it reads may be of other log sources too: every field rests on that."),
        "scope": tests("All must hold of an event."),
        "time": column("The column of the time, if it is another than the model's."),
        "id": { "$ref": "#/$defs/words", "description": "The columns that tell an event from every other." },
        "groups": { "$ref": "#/$defs/words", "description": "Groups of fields; a later one wins." },
    });
    let properties = source.as_object_mut().expect("made of an object");
    properties.extend(fields.as_object().cloned().unwrap_or_default());
    let scalar = json!({ "type": ["string", "integer"] });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A data model of Rulecast",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "title"],
        "anyOf": [{ "required": ["extends"] }, { "required": ["languages", "sources"] }],
        "properties": {
            "name": { "type": "string", "pattern": "^[a-z0-9_-]+$", "description": "As in `eql.NAME`." },
            "title": column("What it is, in one line."),
            "extends": column("The model whose columns, groups and sources it takes over."),
            "languages": { "type": "array", "items": { "enum": languages }, "description": "The languages it serves." },
            "references": { "$ref": "#/$defs/words", "description": "Pages that tell what the columns hold." },
            "renamed": {
                "type": "object",
                "additionalProperties": text,
                "description": "Categories, macros, datasets and tables of the extended model, and what is read in their place.",
            },
            "scope": tests("What must hold of every event of every source."),
            "pass": flag("Every field is a column of its own name."),
            "scan": flag("The vendor documents KQL's `scan` for the engine that holds the events."),
            "time": column("The column of the time."),
            "id": { "$ref": "#/$defs/words", "description": "The columns that tell an event from every other." },
            "columns": {
                "type": "object",
                "additionalProperties": { "$ref": "#/$defs/column" },
                "description": "What is known of columns; any other is text with one value.",
            },
            "groups": {
                "type": "object",
                "additionalProperties": part(&[], fields),
                "description": "Sets of fields that sources share.",
            },
            "sources": { "type": "array", "items": part(&["when", "reads"], source) },
        },
        "$defs": {
            "words": { "anyOf": [text, { "type": "array", "items": text }] },
            "type": { "enum": types, "default": "text" },
            "column": part(&[], json!({
                "type": { "$ref": "#/$defs/type" },
                "many": flag("One event may hold several values in it."),
                "always": flag("Every event has a value in it."),
                "cased": flag("Its values are spelled in one way: the model's own tests of it are with case."),
                "unchecked": flag("What it holds is told by the vendor's words alone: nobody has checked it."),
                "digits": flag("It holds text, and whole numbers in plain decimal digits."),
                "xml_data": column("It is an element of its name in the XML of this column (KQL)."),
                "of": part(&["column"], json!({
                    "column": text, "path": words, "parse": flag("The column holds JSON text."),
                })),
            })),
            "test": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "column": text,
                    "equals": scalar,
                    "in": { "type": "array", "items": scalar },
                    "exists": { "type": "boolean" },
                    "any": { "type": "array", "items": { "$ref": "#/$defs/test" } },
                    "unchecked": column("The field in whose name the claim is an assumption."),
                    "integration": column("The vendor's integration by which events come that are so: an assumption."),
                },
                "oneOf": [
                    { "required": ["column", "equals"] },
                    { "required": ["column", "in"] },
                    { "required": ["column", "exists"] },
                    { "required": ["any"] },
                ],
            },
            "tests": { "type": "array", "items": { "$ref": "#/$defs/test" } },
            "field": {
                "anyOf": [
                    { "type": "string", "description": "A column." },
                    { "type": "array", "items": text, "minItems": 1, "description": "Columns any of which may hold it." },
                    { "$ref": "#/$defs/conversion" },
                ],
            },
            "conversion": conversion(),
        },
    })
}

fn flag(description: &str) -> Value {
    json!({ "type": "boolean", "default": false, "description": description })
}

fn tests(description: &str) -> Value {
    json!({ "type": "array", "items": { "$ref": "#/$defs/test" }, "description": description })
}

fn column(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

/// A mapping with these keys alone.
#[expect(clippy::needless_pass_by_value, reason = "the value is made where it is given")]
fn part(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

fn conversion() -> Value {
    let forms = CONVERSIONS.iter().chain(&["never"]).map(|name| json!({ "required": [name] }));
    let forms: Vec<Value> = forms.collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": conversions(),
        "oneOf": forms,
    })
}

/// Each conversion, and what may stand beside it.
fn conversions() -> Value {
    let (text, words) = (json!({ "type": "string" }), json!({ "$ref": "#/$defs/words" }));
    let mut all = json!({
        "unchecked": flag("Nobody has checked it against events: an assumption is told to the user."),
        "only": tests("What else must hold of an event for it to have the field."),
        "never": flag("Events of the source do not have the field, which is no reason to refuse a rule."),
        "columns": words,
        "xml_data": part(&["column", "name"], json!({ "column": text, "name": text })),
        "xml_element": part(&["column", "name"], json!({ "column": text, "name": text })),
        "map_entry": part(&["column", "key"], json!({ "column": text, "key": text })),
        "prefixed": part(&["column", "prefix"], json!({ "column": text, "prefix": text })),
        "hash_list": text,
        "device_path": text,
        "property": part(&["column", "path"], json!({
            "column": text, "path": words, "parse": flag("The column holds JSON text."), "type": { "$ref": "#/$defs/type" },
        })),
        "basename": part(&["name"], json!({ "path": text, "folder": text, "name": text })),
        "split_user": part(&["name"], json!({ "domain": text, "name": text })),
        "hash_columns": {
            "type": "object",
            "propertyNames": { "enum": ["MD5", "SHA1", "SHA256", "IMPHASH"] },
            "additionalProperties": text,
        },
    });
    let of_values = json!({
        "registry_path": part(&["key"], json!({
            "key": text,
            "value": text,
            "key_events": tests("What tells events about keys themselves."),
            "hives": { "type": "object", "additionalProperties": words },
        })),
        "dword": part(&["data"], json!({
            "data": text,
            "hex": flag("Numbers also stand there as 0x00000001."),
            "words": flag("The words `Binary Data` and `(Empty)` also stand there."),
            "written": flag("Any of it may also stand there as Sysmon writes it."),
            "types": part(&["column"], json!({ "column": text, "dword": words, "qword": words, "binary": words })),
        })),
        "enum": part(&["values"], json!({
            "values": { "type": "object", "additionalProperties": { "$ref": "#/$defs/tests" } },
            "other": words,
        })),
        "hex": text,
        "guid": text,
        "orientation": part(&["initiated", "accepted", "by"], json!({ "initiated": text, "accepted": text, "by": text })),
    });
    all.as_object_mut().expect("made of an object").extend(of_values.as_object().cloned().unwrap_or_default());
    all
}
