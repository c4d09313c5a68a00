//! Recorded events: what rules are about, as values.

use crate::{LogSource, Name};
use rulecast_diagnostics::Spanned;
use rulecast_rule::ast::{Node, TestEvent, Value};
use std::collections::BTreeMap;

/// One event, as it was recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Tells it from every other event of a stream; breaks ties of time.
    pub id: u64,
    /// When it happened, in milliseconds.
    pub time: i64,
    /// The log sources that it belongs to; `None` where it belongs to whichever the rule reads.
    pub log_sources: Option<Vec<RecordSource>>,
    /// Its fields, by their dotted names. A field without values is not here.
    pub fields: BTreeMap<String, Vec<Scalar>>,
    /// The message as the source wrote it, if it is recorded.
    pub raw: Option<String>,
}

/// A log source that an event belongs to. What is `None` is left open, and serves every rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordSource {
    /// `windows`, …
    pub product: Option<Name>,
    /// `process_creation`, …
    pub category: Option<Name>,
    /// `sysmon`, …
    pub service: Option<Name>,
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// Text; the empty one is a value too.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A finite decimal number.
    Float(f64),
    /// True or false.
    Boolean(bool),
}

impl Scalar {
    /// Its text: a number in its shortest decimal form, a boolean as `true` or `false`.
    pub fn text(&self) -> String {
        match self {
            Scalar::Text(text) => text.clone(),
            Scalar::Integer(number) => number.to_string(),
            Scalar::Float(number) => number.to_string(),
            Scalar::Boolean(boolean) => boolean.to_string(),
        }
    }

    /// Its number: its own, or the one that its text is, in decimal notation.
    pub fn number(&self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "numbers compare as decimal ones, as in the query languages"
            )]
            Scalar::Integer(number) => Some(*number as f64),
            Scalar::Float(number) => Some(*number),
            Scalar::Text(text) if is_decimal(text) => text.parse().ok(),
            Scalar::Text(_) | Scalar::Boolean(_) => None,
        }
    }
}

/// `^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$`
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = |text: &str| -> String { text.strip_prefix(['+', '-']).unwrap_or(text).to_owned() };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let mantissa = unsigned(mantissa);
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa.as_str(), None),
    };
    digits(whole) && fraction.is_none_or(digits) && exponent.is_none_or(|exponent| digits(&unsigned(exponent)))
}

impl RecordSource {
    /// Whether a rule over `wanted` reads events of this log source. What it leaves open may be anything, but an event of
    /// a category is none of a service that it does not name.
    pub fn serves(&self, wanted: &LogSource) -> bool {
        if wanted.category.is_none() && wanted.service.is_some() && self.category.is_some() && self.service.is_none() {
            return false;
        }
        let serves = |wanted: &Option<Name>, own: &Option<Name>| wanted.is_none() || own.is_none() || wanted == own;
        serves(&wanted.product, &self.product)
            && serves(&wanted.category, &self.category)
            && serves(&wanted.service, &self.service)
    }
}

impl Record {
    /// Whether a rule over `wanted` reads this event.
    pub fn is_of(&self, wanted: &LogSource) -> bool {
        self.log_sources.as_ref().is_none_or(|sources| sources.iter().any(|source| source.serves(wanted)))
    }

    /// The values of a field; none where it is missing.
    pub fn values(&self, field: &str) -> &[Scalar] {
        self.fields.get(field).map_or(&[], Vec::as_slice)
    }

    /// The record of a rule's inline test: its time is the event's offset.
    pub fn of_test(event: &TestEvent, id: u64) -> Self {
        let name = |written: &Option<Spanned<String>>| written.as_ref().map(|name| Name::from(name.node.as_str()));
        let named = event.category.is_some() || event.product.is_some();
        let source = RecordSource { product: name(&event.product), category: name(&event.category), service: None };
        let mut record = Self {
            id,
            time: i64::try_from(event.offset).unwrap_or(i64::MAX),
            log_sources: named.then(|| vec![source]),
            ..Self::default()
        };
        for (field, value) in &event.fields {
            record.add_node(&field.node, &value.node);
        }
        record
    }

    /// Adds the values of a field from JSON: objects become dotted names, lists several values, nulls none.
    pub fn add_json(&mut self, name: &str, value: &serde_json::Value) {
        use serde_json::Value as Json;
        let scalar = match value {
            Json::Null => return,
            Json::Bool(boolean) => Scalar::Boolean(*boolean),
            Json::Number(number) => match number.as_i64() {
                Some(integer) => Scalar::Integer(integer),
                None => Scalar::Float(number.as_f64().unwrap_or_default()),
            },
            Json::String(text) => Scalar::Text(text.clone()),
            Json::Array(values) => return values.iter().for_each(|value| self.add_json(name, value)),
            Json::Object(members) => {
                for (member, value) in members {
                    self.add_json(&format!("{name}.{member}"), value);
                }
                return;
            }
        };
        self.fields.entry(name.to_owned()).or_default().push(scalar);
    }

    /// Adds the values of a field from the YAML of a rule's test, in the same way.
    pub fn add_node(&mut self, name: &str, node: &Node) {
        let scalar = match node {
            Node::Scalar(Value::Null) => return,
            Node::Scalar(Value::Text(text)) => Scalar::Text(text.clone()),
            Node::Scalar(Value::Integer(number)) => Scalar::Integer(*number),
            Node::Scalar(Value::Float(number)) => Scalar::Float(*number),
            Node::Scalar(Value::Boolean(boolean)) => Scalar::Boolean(*boolean),
            Node::List(values) => return values.iter().for_each(|value| self.add_node(name, value)),
            Node::Map(members) => {
                for (member, value) in members {
                    self.add_node(&format!("{name}.{}", member.node), value);
                }
                return;
            }
        };
        self.fields.entry(name.to_owned()).or_default().push(scalar);
    }
}

#[cfg(test)]
mod tests {
    use super::{Record, Scalar};

    #[test]
    fn json_flattens_to_dotted_names_and_values() {
        let mut event = Record::default();
        event.add_json("a", &serde_json::json!({"b": [1, null, "x", [true]], "c": {}, "d": 1.5, "e": ""}));
        assert_eq!(event.values("a.b"), [Scalar::Integer(1), Scalar::Text("x".into()), Scalar::Boolean(true)]);
        assert_eq!(event.values("a.c"), []);
        assert_eq!(event.values("a.d"), [Scalar::Float(1.5)]);
        assert_eq!(event.values("a.e"), [Scalar::Text(String::new())]);
    }

    #[test]
    fn a_number_is_decimal_text_and_nothing_else() {
        let number = |text: &str| Scalar::Text(text.into()).number();
        for (text, expected) in [("5", 5.0), ("05", 5.0), ("5.0", 5.0), ("-1e2", -100.0), ("+3", 3.0)] {
            assert_eq!(number(text), Some(expected), "{text}");
        }
        for text in ["", "0x5", "5.", ".5", "5 ", "NaN", "inf", "1_0", "--5"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
