//! Tests of expressions: functions and arithmetic, which Elasticsearch runs as scripts.
//!
//! A test asks whether any value of its field satisfies it; a null on either side of a comparison does not. Two fields
//! in one expression are read where at most one has several values.

use super::EvalError;
use super::function::{self, Value};
use super::mapping::{Known, Mapping, boolean, compare, number};
use super::test::{TextCheck, holds};
use crate::ast::{Comparator, Expression, Key, Wide};
use rulecast_ir::{ColumnType, Name, Row, Scalar};
use std::cmp::Ordering;

/// A test of expressions.
#[derive(Debug)]
pub(super) struct Script {
    test: Asked,
    fields: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    name: Name,
    declared: Option<ColumnType>,
    mapped: bool,
}

#[derive(Debug)]
enum Asked {
    Holds(Expression),
    IsNull(Expression),
    Compare(Expression, Comparator, Expression),
    Text(Expression, TextCheck),
    Among(Expression, bool, Vec<Expression>),
}

impl Script {
    pub(super) fn new(wide: &Wide, mapping: &Mapping<'_>) -> Result<Self, EvalError> {
        let mut fields = Vec::new();
        let test = match wide {
            Wide::Holds(expression) => {
                find(expression, mapping, &mut fields)?;
                Asked::Holds(expression.clone())
            }
            Wide::Compare { left, comparator: Comparator::Equal, right: Expression::Null } => {
                find(left, mapping, &mut fields)?;
                Asked::IsNull(left.clone())
            }
            Wide::Compare { left, comparator, right } => {
                find(left, mapping, &mut fields)?;
                if !fields.is_empty() {
                    let mut others = Vec::new();
                    find(right, mapping, &mut others)?;
                    if let Some(other) = others.first() {
                        return EvalError::invalid(format!(
                            "`{}` is compared with `{}`, another field",
                            fields[0].name, other.name
                        ));
                    }
                }
                find(right, mapping, &mut fields)?;
                Asked::Compare(left.clone(), *comparator, right.clone())
            }
            Wide::Text { left, operator, values } => {
                find(left, mapping, &mut fields)?;
                Asked::Text(left.clone(), TextCheck::new(*operator, values)?)
            }
            Wide::Among { left, caseless, values } => {
                find(left, mapping, &mut fields)?;
                values.iter().try_for_each(|value| find(value, mapping, &mut fields))?;
                Asked::Among(left.clone(), *caseless, values.clone())
            }
        };
        Ok(Script { test, fields })
    }

    pub(super) fn holds(&self, row: &Row) -> Result<Option<bool>, EvalError> {
        let many = |field: &&Field| row.values(&field.name).len() > 1;
        let mut several = self.fields.iter().filter(many);
        let varied = several.next();
        if let Some(other) = several.next() {
            return EvalError::unsupported(format!("an expression of `{}`, which has several values", other.name));
        }
        let known = self.fields.iter().all(|field| field.mapped);
        let count = varied.map_or(1, |field| row.values(&field.name).len());
        // `f(x) != v` is not said to be the opposite of `f(x) == v`: they differ where a field has no value or several.
        let differs = matches!(self.test, Asked::Compare(_, Comparator::NotEqual, _));
        let unclear =
            || EvalError::unsupported(format!("`!=` of an expression without value, or of several, in {}", row.id));
        if differs && count > 1 {
            return unclear();
        }
        let mut unknown = false;
        for at in 0..count {
            let mut bound = Vec::with_capacity(self.fields.len());
            for field in &self.fields {
                let values = row.values(&field.name);
                let value = values.get(if values.len() > 1 { at } else { 0 });
                bound.push((&*field.name, value.map_or(Ok(Value::Null), |value| field.value(value))?));
            }
            match self.test.holds(&bound)? {
                Some(true) => return Ok(Some(true)),
                Some(false) => {}
                None => unknown = true,
            }
        }
        if differs && unknown && known {
            return unclear();
        }
        // Null makes a script false; what was null before any row was seen makes the whole unknown.
        Ok(if unknown && !known { None } else { Some(false) })
    }
}

impl Field {
    fn value(&self, value: &Scalar) -> Result<Value, EvalError> {
        Ok(match (self.declared, value) {
            (Some(ColumnType::Text | ColumnType::Ip), value) => Value::Text(value.text()),
            (Some(ColumnType::Long | ColumnType::Real), value) => {
                Value::Number(number(value, &self.name, self.declared)?)
            }
            (Some(ColumnType::Bool), value) => Value::Bool(boolean(value, &self.name, self.declared)?),
            (_, Scalar::Text(text)) => Value::Text(text.clone()),
            (_, Scalar::Boolean(value)) => Value::Bool(*value),
            (_, value) => Value::Number(number(value, &self.name, None)?),
        })
    }
}

/// The fields of an expression, each once.
fn find(expression: &Expression, mapping: &Mapping<'_>, fields: &mut Vec<Field>) -> Result<(), EvalError> {
    match expression {
        Expression::Field(Key { field, optional }) => {
            if fields.iter().any(|known| known.name == *field) {
                return Ok(());
            }
            let mapped = mapping.mapped(field, *optional)?;
            let declared = mapping.declared(field)?;
            if mapping.known(field)? == Known::Declared(ColumnType::DateTime) {
                return EvalError::unsupported(format!("`{field}` holds dates"));
            }
            fields.push(Field { name: field.clone(), declared, mapped });
            Ok(())
        }
        Expression::Call { function, caseless, arguments } => {
            function::known(function, *caseless)?;
            arguments.iter().try_for_each(|argument| find(argument, mapping, fields))
        }
        Expression::Minus(inner) => find(inner, mapping, fields),
        Expression::Arithmetic { left, right, .. } => {
            find(left, mapping, fields)?;
            find(right, mapping, fields)
        }
        Expression::Null | Expression::Bool(_) | Expression::Number(_) | Expression::Text(_) => Ok(()),
    }
}

impl Asked {
    /// `None`: a null.
    fn holds(&self, bound: &[(&str, Value)]) -> Result<Option<bool>, EvalError> {
        let value = |expression| function::value(expression, bound);
        match self {
            Asked::IsNull(expression) => Ok(Some(value(expression)? == Value::Null)),
            Asked::Holds(expression) => match value(expression)? {
                Value::Null => Ok(None),
                Value::Bool(holds) => Ok(Some(holds)),
                _ => EvalError::invalid("a condition that is no boolean"),
            },
            Asked::Compare(left, comparator, right) => ordered(&value(left)?, *comparator, &value(right)?),
            Asked::Text(expression, check) => match value(expression)? {
                Value::Null => Ok(None),
                Value::Text(text) => check.holds(&text).map(Some),
                _ => EvalError::invalid("a text is compared with what is none"),
            },
            Asked::Among(expression, caseless, values) => {
                let left = value(expression)?;
                let mut null = left == Value::Null;
                for right in values {
                    let right = value(right)?;
                    let holds = match (&left, &right) {
                        (Value::Text(left), Value::Text(right)) if *caseless => Some(left.eq_ignore_ascii_case(right)),
                        _ => ordered(&left, Comparator::Equal, &right)?,
                    };
                    match holds {
                        Some(true) => return Ok(Some(true)),
                        Some(false) => {}
                        None => null = true,
                    }
                }
                Ok((!null).then_some(false))
            }
        }
    }
}

fn ordered(left: &Value, comparator: Comparator, right: &Value) -> Result<Option<bool>, EvalError> {
    let ordering = match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(None),
        (Value::Number(left), Value::Number(right)) => compare(*left, *right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) if matches!(comparator, Comparator::Equal | Comparator::NotEqual) => {
            if left == right {
                Ordering::Equal
            } else {
                Ordering::Less
            }
        }
        _ => return EvalError::invalid("values of different types are compared"),
    };
    Ok(Some(holds(ordering, comparator)))
}
