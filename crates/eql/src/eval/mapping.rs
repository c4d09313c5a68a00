//! What Elasticsearch's mapping says of a field.

use super::EvalError;
use rulecast_ir::{ColumnType, Name, Number, Row, Scalar, Schema};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the fields of the rows, and what the query has asked of those that are not declared.
pub(super) struct Mapping<'a> {
    rows: &'a [&'a Row],
    relations: Vec<&'a BTreeMap<String, ColumnType>>,
    asked: BTreeMap<Name, Kind>,
}

/// What the values of a field are compared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Bool,
    Address,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Number => "numbers",
            Kind::Bool => "booleans",
            Kind::Address => "IP addresses",
        }
    }
}

/// Whether a field is mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// With this type.
    Declared(ColumnType),
    /// With a type that is not known.
    Undeclared,
    /// In no index.
    Unmapped,
}

impl<'a> Mapping<'a> {
    pub(super) fn new(rows: &'a [&'a Row], schema: &'a Schema) -> Self {
        let names: BTreeSet<&str> = rows.iter().map(|row| &*row.relation).collect();
        let relations = names.into_iter().filter_map(|name| schema.relations.get(name)).collect();
        Mapping { rows, relations, asked: BTreeMap::new() }
    }

    /// Whether a field is mapped. A field with values is, by dynamic mapping, in whatever type.
    pub(super) fn known(&self, field: &str) -> Result<Known, EvalError> {
        let mut types = self.relations.iter().filter_map(|columns| columns.get(field));
        match types.next() {
            Some(ty) if types.any(|other| other != ty) => {
                EvalError::invalid(format!("`{field}` is mapped as different types"))
            }
            Some(ColumnType::Dynamic) => Ok(Known::Undeclared),
            Some(ty) => Ok(Known::Declared(*ty)),
            None if self.relations.is_empty() || self.rows.iter().any(|row| !row.values(field).is_empty()) => {
                Ok(Known::Undeclared)
            }
            None => Ok(Known::Unmapped),
        }
    }

    /// Whether a field is mapped: if it is not, it must be optional.
    pub(super) fn mapped(&self, field: &str, optional: bool) -> Result<bool, EvalError> {
        match self.known(field)? {
            Known::Unmapped if optional => Ok(false),
            Known::Unmapped => EvalError::invalid(format!("unknown column `{field}`")),
            Known::Declared(ColumnType::FullText) => EvalError::invalid(format!("`{field}` is a text field")),
            _ => Ok(true),
        }
    }

    /// Asks a field for values of a kind. False: it is an optional field that is not mapped.
    pub(super) fn ask(&mut self, field: &Name, optional: bool, kind: Kind) -> Result<bool, EvalError> {
        if !self.mapped(field, optional)? {
            return Ok(false);
        }
        let held = match self.known(field)? {
            Known::Declared(ColumnType::Text) => Kind::Text,
            Known::Declared(ColumnType::Long | ColumnType::Real) => Kind::Number,
            Known::Declared(ColumnType::Bool) => Kind::Bool,
            Known::Declared(ColumnType::Ip) => Kind::Address,
            Known::Declared(ColumnType::DateTime) => return EvalError::unsupported(format!("`{field}` holds dates")),
            _ => *self.asked.entry(field.clone()).or_insert(kind),
        };
        if held == kind {
            return Ok(true);
        }
        let verb = if self.declared(field)?.is_some() { "holds" } else { "is compared as" };
        EvalError::invalid(format!("`{field}` {verb} {}, and is compared as {}", held.word(), kind.word()))
    }

    /// The declared type of a field.
    pub(super) fn declared(&self, field: &str) -> Result<Option<ColumnType>, EvalError> {
        Ok(match self.known(field)? {
            Known::Declared(ty) => Some(ty),
            Known::Undeclared | Known::Unmapped => None,
        })
    }
}

/// A value as the number that is indexed. A field declared as numeric coerces text, and cuts decimals to whole numbers.
///
/// Source: the reference of numeric types, `coerce`.
pub(super) fn number(value: &Scalar, field: &str, declared: Option<ColumnType>) -> Result<Number, EvalError> {
    let number = match value {
        Scalar::Integer(number) => Some(Number::Integer(*number)),
        Scalar::Float(number) => Some(Number::Decimal(*number)),
        Scalar::Text(text) if declared.is_some() => {
            let decimal = || text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Number::Decimal);
            text.parse().ok().map(Number::Integer).or_else(decimal)
        }
        Scalar::Text(_) | Scalar::Boolean(_) => None,
    };
    match number {
        #[expect(clippy::cast_possible_truncation, reason = "cutting is meant, and saturates")]
        Some(Number::Decimal(decimal)) if declared == Some(ColumnType::Long) => Ok(Number::Integer(decimal as i64)),
        Some(number) => Ok(number),
        None => EvalError::invalid(format!("`{field}` is compared as a number and holds `{}`", value.text())),
    }
}

/// A value as a boolean.
pub(super) fn boolean(value: &Scalar, field: &str, declared: Option<ColumnType>) -> Result<bool, EvalError> {
    match value {
        Scalar::Boolean(value) => Ok(*value),
        Scalar::Text(text) if declared.is_some() && text == "true" => Ok(true),
        Scalar::Text(text) if declared.is_some() && text == "false" => Ok(false),
        _ => EvalError::invalid(format!("`{field}` is compared as a boolean and holds `{}`", value.text())),
    }
}

/// How two numbers compare, exactly.
pub(super) fn compare(left: Number, right: Number) -> Ordering {
    match (left, right) {
        (Number::Integer(left), Number::Integer(right)) => left.cmp(&right),
        (Number::Decimal(left), Number::Decimal(right)) => {
            left.partial_cmp(&right).unwrap_or_else(|| left.total_cmp(&right))
        }
        (Number::Integer(left), Number::Decimal(right)) => whole_and_decimal(left, right),
        (Number::Decimal(left), Number::Integer(right)) => whole_and_decimal(right, left).reverse(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the decimal is within the range of integers by then")]
fn whole_and_decimal(left: i64, right: f64) -> Ordering {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if right >= LIMIT {
        return Ordering::Less;
    }
    if right < -LIMIT {
        return Ordering::Greater;
    }
    left.cmp(&(right.trunc() as i64)).then_with(|| 0.0_f64.total_cmp(&(right.fract() + 0.0)))
}
