//! Values and their types.

use super::{EvalError, Result};
use crate::ast::ScalarType;
use crate::time;
use rulecast_ir::{ColumnType, Scalar};
use serde_json::Value as Json;
use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

/// What a column or an expression holds. `int` is held as `long`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    Bool,
    DateTime,
    Dynamic,
    Long,
    Real,
    Text,
    Timespan,
}

impl Ty {
    pub(super) fn name(self) -> &'static str {
        match self {
            Ty::Bool => "bool",
            Ty::DateTime => "datetime",
            Ty::Dynamic => "dynamic",
            Ty::Long => "long",
            Ty::Real => "real",
            Ty::Text => "string",
            Ty::Timespan => "timespan",
        }
    }

    /// What a row without a value holds: a string is never null (null values).
    pub(super) fn missing(self) -> Value {
        if self == Ty::Text { Value::text("") } else { Value::Null }
    }
}

impl From<ScalarType> for Ty {
    fn from(ty: ScalarType) -> Self {
        match ty {
            ScalarType::Bool => Ty::Bool,
            ScalarType::DateTime => Ty::DateTime,
            ScalarType::Dynamic => Ty::Dynamic,
            ScalarType::Int | ScalarType::Long => Ty::Long,
            ScalarType::Real => Ty::Real,
            ScalarType::String => Ty::Text,
            ScalarType::Timespan => Ty::Timespan,
        }
    }
}

impl From<ColumnType> for Ty {
    fn from(ty: ColumnType) -> Self {
        match ty {
            ColumnType::Text | ColumnType::FullText | ColumnType::Ip => Ty::Text,
            ColumnType::Long => Ty::Long,
            ColumnType::Real => Ty::Real,
            ColumnType::Bool => Ty::Bool,
            ColumnType::DateTime => Ty::DateTime,
            ColumnType::Dynamic => Ty::Dynamic,
        }
    }
}

/// A text, and itself with ASCII letters in lower case, made when first asked for.
#[derive(Debug)]
pub(super) struct Text {
    text: Box<str>,
    folded: OnceLock<Box<str>>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.into(), folded: OnceLock::new() }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn folded(&self) -> &str {
        self.folded.get_or_init(|| self.text.to_ascii_lowercase().into())
    }
}

/// A value. Texts are never null.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Long(i64),
    Real(f64),
    Text(Arc<Text>),
    /// Ticks since 1970.
    DateTime(i64),
    /// Ticks.
    Timespan(i64),
    Dynamic(Arc<Json>),
    /// Several values in a column that can hold one: an error once it is read.
    Several,
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Value::Text(Arc::new(Text::new(text)))
    }

    pub(super) fn bool(truth: Option<bool>) -> Self {
        truth.map_or(Value::Null, Value::Bool)
    }

    /// A dynamic value; JSON's null is null.
    pub(super) fn dynamic(json: Json) -> Self {
        if json.is_null() { Value::Null } else { Value::Dynamic(Arc::new(json)) }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text of a value whose type is string.
    pub(super) fn as_text(&self) -> Result<&Arc<Text>> {
        match self {
            Value::Text(text) => Ok(text),
            Value::Several => Err(EvalError::new("a column that holds one value has several")),
            other => Err(EvalError::new(format!("a string was expected, not {other:?}"))),
        }
    }

    /// The truth of a value whose type is bool.
    pub(super) fn as_truth(&self) -> Result<Option<bool>> {
        match self {
            Value::Null => Ok(None),
            Value::Bool(truth) => Ok(Some(*truth)),
            other => Err(EvalError::new(format!("a bool was expected, not {other:?}"))),
        }
    }

    /// A recorded value as a column of a type holds it. What does not convert is null, as at ingestion.
    pub(super) fn of_scalars(ty: Ty, scalars: &[Scalar]) -> Self {
        let [scalar] = scalars else {
            return match (scalars.is_empty(), ty) {
                (true, ty) => ty.missing(),
                (false, Ty::Dynamic) => Value::dynamic(Json::Array(scalars.iter().map(json_of).collect())),
                (false, _) => Value::Several,
            };
        };
        match (ty, scalar) {
            (Ty::Text, Scalar::Text(text)) => Value::text(text),
            (Ty::Text, scalar) => Value::text(&scalar.text()),
            // A record has no other way to hold an object.
            (Ty::Dynamic, Scalar::Text(text)) if text.starts_with('{') => {
                let object = parse_json(text);
                let shown = object.to_string();
                Value::dynamic(if shown == *text { object } else { json_of(scalar) })
            }
            (Ty::Dynamic, scalar) => Value::dynamic(json_of(scalar)),
            (Ty::Bool, Scalar::Boolean(truth)) => Value::Bool(*truth),
            (Ty::Bool, Scalar::Text(text)) => Value::bool(truth_of(text)),
            (Ty::Long, Scalar::Integer(number)) => Value::Long(*number),
            (Ty::Long, Scalar::Text(text)) => text.parse().map_or(Value::Null, Value::Long),
            (Ty::Real, scalar) => scalar.number().map_or(Value::Null, Value::Real),
            (Ty::DateTime, Scalar::Text(text)) => time::parse(text).map_or(Value::Null, Value::DateTime),
            (Ty::DateTime, Scalar::Integer(milliseconds)) => Value::DateTime(milliseconds.saturating_mul(10_000)),
            (Ty::Timespan, Scalar::Text(text)) => time::parse_span(text).map_or(Value::Null, Value::Timespan),
            _ => Value::Null,
        }
    }

    /// As a result holds it. An empty text is no value: the language cannot tell.
    pub(super) fn scalars(&self) -> Vec<Scalar> {
        match self {
            Value::Null | Value::Several => Vec::new(),
            Value::Bool(truth) => vec![Scalar::Boolean(*truth)],
            Value::Long(number) => vec![Scalar::Integer(*number)],
            Value::Real(number) => vec![Scalar::Float(*number)],
            Value::Text(text) if text.text.is_empty() => Vec::new(),
            Value::Text(text) => vec![Scalar::Text(text.as_str().to_owned())],
            Value::DateTime(ticks) => vec![Scalar::Text(time::show(*ticks))],
            Value::Timespan(ticks) => vec![Scalar::Text(time::show_span(*ticks))],
            Value::Dynamic(json) => match &**json {
                Json::Array(all) => all.iter().map(|one| Scalar::Text(shown(one))).collect(),
                one => vec![Scalar::Text(shown(one))],
            },
        }
    }

    /// What tells it from others where rows are grouped or paired.
    pub(super) fn key(&self) -> Result<Key> {
        Ok(match self {
            Value::Null => Key::Null,
            Value::Bool(truth) => Key::Bool(*truth),
            Value::Long(number) | Value::DateTime(number) | Value::Timespan(number) => Key::Whole(*number),
            // Both zeros are one number.
            Value::Real(number) => Key::Real((number + 0.0).to_bits()),
            Value::Text(text) => Key::Text(text.as_str().to_owned()),
            Value::Dynamic(_) => return Err(EvalError::new("rows are not grouped or joined by a dynamic value")),
            Value::Several => return Err(EvalError::new("a column that holds one value has several")),
        })
    }

    /// The order of two values of one type, or of numbers; none where either is null.
    pub(super) fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
            (Value::Long(left), Value::Long(right))
            | (Value::DateTime(left), Value::DateTime(right))
            | (Value::Timespan(left), Value::Timespan(right)) => Some(left.cmp(right)),
            (Value::Text(left), Value::Text(right)) => Some(left.as_str().cmp(right.as_str())),
            _ => self.as_real()?.partial_cmp(&other.as_real()?),
        }
    }

    /// A number as a real.
    #[expect(clippy::cast_precision_loss, reason = "a long becomes a real where it meets one")]
    pub(super) fn as_real(&self) -> Option<f64> {
        match self {
            Value::Long(number) => Some(*number as f64),
            Value::Real(number) => Some(*number),
            _ => None,
        }
    }
}

/// What tells a value from others of its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Null,
    Bool(bool),
    Whole(i64),
    Real(u64),
    Text(String),
}

fn truth_of(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// An object or a list is recorded as its JSON text.
fn json_of(scalar: &Scalar) -> Json {
    match scalar {
        Scalar::Text(text) if text.starts_with(['{', '[']) => parse_json(text),
        Scalar::Text(text) => Json::String(text.clone()),
        Scalar::Integer(number) => (*number).into(),
        Scalar::Float(number) => (*number).into(),
        Scalar::Boolean(truth) => (*truth).into(),
    }
}

/// What a text says in JSON, else the text itself (`parse_json`).
pub(super) fn parse_json(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.to_owned()))
}

/// A dynamic value as `tostring` shows it.
pub(super) fn shown(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
