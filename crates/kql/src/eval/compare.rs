//! Comparisons and lists.

use super::bind::{Binder, Bound, Predicate};
use super::function::text_of;
use super::text::{self, TextTest, has};
use super::value::{Text, Ty, Value};
use super::{EvalError, Result};
use crate::ast::{Comparison, Expr};
use regex::Regex;
use serde_json::Value as Json;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

/// Groups that capture, at most (the reference's page on regular expressions).
const MAX_GROUPS: usize = 16;

/// `left operator right`.
pub(super) fn pair(left: Bound, operator: Comparison, right: Bound) -> Result<Predicate> {
    if let Some(test) = text::test(operator) {
        return texts(left, operator, test, right);
    }
    match operator {
        Comparison::MatchesRegex => matches(left, &right),
        Comparison::Equal => equal(left, right, true),
        Comparison::NotEqual => equal(left, right, false),
        _ => ordered(left, operator, right),
    }
}

fn unlike(left: &Bound, operator: &str, right: &Bound) -> EvalError {
    EvalError::new(format!("`{operator}` of a {} and a {}", left.ty.name(), right.ty.name()))
}

fn texts(left: Bound, operator: Comparison, test: TextTest, right: Bound) -> Result<Predicate> {
    if (left.ty, right.ty) != (Ty::Text, Ty::Text) {
        return Err(unlike(&left, operator.text(), &right));
    }
    let slots = left.slots | right.slots;
    let decide = move |text: &Value, wanted: &Value| {
        let (text, wanted) = (text.as_text()?, wanted.as_text()?);
        if test.is_of_terms() && wanted.as_str().is_empty() {
            return Err(EvalError::new("no term is sought"));
        }
        Ok(Some(test.passes(text, wanted)))
    };
    Ok(match right.constant {
        Some(wanted) => Predicate::new(slots, move |context| decide(&left.eval(context)?, &wanted)),
        None => Predicate::new(slots, move |context| decide(&left.eval(context)?, &right.eval(context)?)),
    })
}

/// Compiles a pattern as the engine does.
pub(super) fn regex(pattern: &str) -> Result<Regex> {
    let regex = Regex::new(pattern).map_err(|error| EvalError::new(format!("no regular expression: {error}")))?;
    match regex.captures_len() - 1 {
        groups if groups > MAX_GROUPS => Err(EvalError::new(format!("{groups} groups capture; {MAX_GROUPS} may"))),
        _ => Ok(regex),
    }
}

fn matches(left: Bound, right: &Bound) -> Result<Predicate> {
    match (left.ty, &right.constant) {
        (Ty::Text, Some(Value::Text(pattern))) => {
            let regex = regex(pattern.as_str())?;
            Ok(Predicate::new(left.slots, move |context| {
                Ok(Some(regex.is_match(left.eval(context)?.as_text()?.as_str())))
            }))
        }
        (Ty::Text, _) => Err(EvalError::new("a regular expression that is not a constant string")),
        _ => Err(unlike(&left, "matches regex", right)),
    }
}

fn are_numbers(left: Ty, right: Ty) -> bool {
    matches!((left, right), (Ty::Long | Ty::Real, Ty::Long | Ty::Real))
}

fn comparable(left: Ty, right: Ty) -> bool {
    left == right || are_numbers(left, right)
}

/// A dynamic value compares as what it holds, to a value of that type alone.
fn is_dynamic_pair(left: Ty, right: Ty) -> bool {
    let plain = |ty| matches!(ty, Ty::Text | Ty::Long | Ty::Real | Ty::Bool);
    left == Ty::Dynamic && plain(right) || right == Ty::Dynamic && plain(left)
}

fn plain(json: &Json) -> Option<Value> {
    match json {
        Json::String(text) => Some(Value::text(text)),
        Json::Bool(truth) => Some(Value::Bool(*truth)),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Some(Value::Long(number)),
            None => number.as_f64().map(Value::Real),
        },
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Whether two values are equal; null where both are null.
fn are_equal(left: &Value, right: &Value) -> Result<Option<bool>> {
    Ok(match (left, right) {
        (Value::Null, Value::Null) => None,
        (Value::Null, _) | (_, Value::Null) => Some(false),
        (Value::Dynamic(_), Value::Dynamic(_)) => return Err(EvalError::new("two dynamic values are compared")),
        (Value::Dynamic(json), other) | (other, Value::Dynamic(json)) => {
            let Some(own) = plain(json) else {
                return Err(EvalError::new("a dynamic list or object is compared"));
            };
            let alike = std::mem::discriminant(&own) == std::mem::discriminant(other)
                || own.as_real().is_some() && other.as_real().is_some();
            if !alike {
                return Err(EvalError::new("a dynamic value is compared to one of another type"));
            }
            Some(own.order(other) == Some(Ordering::Equal))
        }
        (left, right) => Some(left.order(right) == Some(Ordering::Equal)),
    })
}

fn equal(left: Bound, right: Bound, wanted: bool) -> Result<Predicate> {
    if !comparable(left.ty, right.ty) && !is_dynamic_pair(left.ty, right.ty) {
        return Err(unlike(&left, if wanted { "==" } else { "!=" }, &right));
    }
    Ok(Predicate::new(left.slots | right.slots, move |context| {
        Ok(are_equal(&left.eval(context)?, &right.eval(context)?)?.map(|equal| equal == wanted))
    }))
}

fn is_ordered(ty: Ty) -> bool {
    matches!(ty, Ty::Long | Ty::Real | Ty::DateTime | Ty::Timespan)
}

fn ordered(left: Bound, operator: Comparison, right: Bound) -> Result<Predicate> {
    if !comparable(left.ty, right.ty) || !is_ordered(left.ty) {
        return Err(unlike(&left, operator.text(), &right));
    }
    let holds = match operator {
        Comparison::Less => Ordering::is_lt,
        Comparison::LessOrEqual => Ordering::is_le,
        Comparison::Greater => Ordering::is_gt,
        _ => Ordering::is_ge,
    };
    Ok(Predicate::new(left.slots | right.slots, move |context| {
        Ok(left.eval(context)?.order(&right.eval(context)?).map(holds))
    }))
}

/// `left between (low .. high)`, both included.
pub(super) fn between(left: Bound, negated: bool, low: Bound, high: Bound) -> Result<Predicate> {
    for edge in [&low, &high] {
        if !comparable(left.ty, edge.ty) || !is_ordered(left.ty) {
            return Err(unlike(&left, "between", edge));
        }
    }
    Ok(Predicate::new(left.slots | low.slots | high.slots, move |context| {
        let value = left.eval(context)?;
        let above = value.order(&low.eval(context)?).map(Ordering::is_ge);
        let below = value.order(&high.eval(context)?).map(Ordering::is_le);
        Ok(match (above, below) {
            (Some(false), _) | (_, Some(false)) => Some(negated),
            (Some(true), Some(true)) => Some(!negated),
            _ => None,
        })
    }))
}

/// The values of a list, a constant dynamic one spread out.
fn values(binder: &Binder<'_>, values: &[Expr]) -> Result<Vec<Bound>> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        let bound = binder.bind(value)?;
        match (&bound.ty, &bound.constant) {
            (Ty::Dynamic, Some(Value::Dynamic(json))) => {
                let elements = json.as_array().ok_or_else(|| EvalError::new("a list was expected"))?;
                for element in elements {
                    let value = plain(element).ok_or_else(|| EvalError::new("a list in a list"))?;
                    let ty = match value {
                        Value::Bool(_) => Ty::Bool,
                        Value::Long(_) => Ty::Long,
                        Value::Real(_) => Ty::Real,
                        _ => Ty::Text,
                    };
                    all.push(Bound::constant(ty, value));
                }
            }
            _ => all.push(bound),
        }
    }
    Ok(all)
}

/// `left in (values)`: whether it equals one.
pub(super) fn list(binder: &Binder<'_>, left: &Expr, fold: bool, list: &[Expr], negated: bool) -> Result<Predicate> {
    let operator = if fold { "in~" } else { "in" };
    let left = binder.bind(left)?;
    let values = values(binder, list)?;
    if let Some(other) = values.iter().find(|value| !comparable(left.ty, value.ty) || fold && left.ty != Ty::Text) {
        return Err(unlike(&left, operator, other));
    }
    let slots = values.iter().fold(left.slots, |slots, value| slots | value.slots);
    if left.ty == Ty::Text {
        let texts: Option<HashSet<String>> = values
            .iter()
            .map(|value| match &value.constant {
                Some(Value::Text(text)) if fold => Some(text.folded().to_owned()),
                Some(Value::Text(text)) => Some(text.as_str().to_owned()),
                _ => None,
            })
            .collect();
        if let Some(texts) = texts {
            return Ok(Predicate::new(slots, move |context| {
                let value = left.eval(context)?;
                let text = value.as_text()?;
                let found = if fold { texts.contains(text.folded()) } else { texts.contains(text.as_str()) };
                Ok(Some(found != negated))
            }));
        }
    }
    Ok(Predicate::new(slots, move |context| {
        let own = left.eval(context)?;
        for value in &values {
            let value = value.eval(context)?;
            let found = match (&own, &value) {
                (Value::Text(own), Value::Text(value)) if fold => own.folded() == value.folded(),
                (Value::Null, Value::Null) => return Err(EvalError::new("a null is sought in a list that has one")),
                _ => are_equal(&own, &value)? == Some(true),
            };
            if found {
                return Ok(Some(!negated));
            }
        }
        Ok(Some(negated))
    }))
}

/// `left has_any (values)`, `left has_all (values)`.
pub(super) fn terms(binder: &Binder<'_>, left: &Expr, all: bool, list: &[Expr]) -> Result<Predicate> {
    let left = binder.bind(left)?;
    let mut wanted = Vec::with_capacity(list.len());
    for value in values(binder, list)? {
        match (left.ty, value.constant) {
            (Ty::Text, Some(Value::Text(text))) if !text.as_str().is_empty() => wanted.push(text),
            _ => return Err(EvalError::new("terms are constant strings, sought in strings")),
        }
    }
    Ok(Predicate::new(left.slots, move |context| {
        let value = left.eval(context)?;
        let text = value.as_text()?;
        let has = |wanted: &Arc<Text>| has(text.folded(), wanted.folded(), true, true);
        Ok(Some(if all { wanted.iter().all(has) } else { wanted.iter().any(has) }))
    }))
}

/// `* contains "x"`: whether any column does. Whether columns other than strings are read is not documented.
pub(super) fn any_column(binder: &Binder<'_>, operator: Comparison, right: &Expr) -> Result<Predicate> {
    let right = binder.bind(right)?;
    let refused = || Err(EvalError::new(format!("`* {}` is not evaluated", operator.text())));
    let Some(Value::Text(wanted)) = right.constant else { return refused() };
    let holds: Box<dyn Fn(&Text) -> bool> = match text::test(operator) {
        Some(test) if !(test.negated || test.is_of_terms() && wanted.as_str().is_empty()) => {
            Box::new(move |text| test.passes(text, &wanted))
        }
        None if operator == Comparison::MatchesRegex => {
            let regex = regex(wanted.as_str())?;
            Box::new(move |text| regex.is_match(text.as_str()))
        }
        _ => return refused(),
    };
    let columns: Vec<Bound> = (0..binder.scope.columns.len()).map(|at| binder.column(at)).collect();
    let slots = columns.iter().fold(0, |slots, column| slots | column.slots);
    Ok(Predicate::new(slots, move |context| {
        let mut other = false;
        for column in &columns {
            match column.eval(context)? {
                Value::Text(text) if holds(&text) => return Ok(Some(true)),
                Value::Text(_) | Value::Null => {}
                value => other |= holds(&Text::new(&text_of(&value)?)),
            }
        }
        if other { Err(EvalError::new("`*` depends on a column that is no string")) } else { Ok(Some(false)) }
    }))
}
