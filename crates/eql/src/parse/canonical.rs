//! Tests in the one form that the tree has for each: tests of a plain field against literals are the conditions that
//! Rulecast writes, all others stand in [`Wide`].

use crate::ast::{Comparator, Condition, Expression, Key, TextOperator, Wide};
use ipnet::IpNet;
use rulecast_ir::{Case, Comparison, Logic, Name, Number};

type Tested = Logic<Condition>;

/// A value that stands as a condition.
pub(super) fn holds(expression: Expression) -> Result<Tested, &'static str> {
    match &expression {
        Expression::Call { function, caseless, arguments } => {
            if let Some(condition) = call(function, *caseless, arguments) {
                return Ok(Logic::Test(condition));
            }
        }
        Expression::Field(_) => {}
        _ => return Err("expected a condition, not a value"),
    }
    Ok(Logic::Test(Condition::Wide(Wide::Holds(expression))))
}

/// A function of a plain field that the tree has a condition for.
fn call(function: &str, caseless: bool, arguments: &[Expression]) -> Option<Condition> {
    let (Expression::Field(Key { field, optional: false }), rest) = arguments.split_first()? else { return None };
    match (function, rest) {
        ("startsWith", [Expression::Text(prefix)]) => Some(Condition::StartsWith {
            field: field.clone(),
            prefix: prefix.clone(),
            case: if caseless { Case::Insensitive } else { Case::Sensitive },
        }),
        ("cidrMatch", [_, ..]) if !caseless => {
            let network = |argument: &Expression| match argument {
                Expression::Text(text) => text.parse::<IpNet>().ok().map(|network| network.trunc()),
                _ => None,
            };
            let networks = rest.iter().map(network).collect::<Option<_>>()?;
            Some(Condition::Cidr { field: field.clone(), networks })
        }
        _ => None,
    }
}

/// `left in (…)`.
pub(super) fn among(left: Expression, caseless: bool, values: Vec<Expression>) -> Tested {
    let operator = if caseless { TextOperator::InCaseless } else { TextOperator::In };
    let condition = match plain(&left) {
        Some(field) => {
            if let Some(values) = values.iter().map(text).collect::<Option<Vec<_>>>() {
                Some(Condition::Text { field, operator, values })
            } else {
                let numbers = values.iter().map(number).collect::<Option<Vec<_>>>();
                numbers.filter(|_| !caseless).map(|numbers| Condition::Numbers { field, numbers })
            }
        }
        None => None,
    };
    Logic::Test(condition.unwrap_or(Condition::Wide(Wide::Among { left, caseless, values })))
}

/// `left : (…)` and its like.
pub(super) fn matches(left: Expression, operator: TextOperator, values: Vec<String>) -> Tested {
    Logic::Test(match plain(&left) {
        Some(field) => Condition::Text { field, operator, values },
        None => Condition::Wide(Wide::Text { left, operator, values }),
    })
}

/// `left == right` and its like.
pub(super) fn compare(left: Expression, comparator: Comparator, right: Expression) -> Result<Tested, String> {
    if literal(&left) && !literal(&right) {
        return compare(right, mirrored(comparator), left);
    }
    let equality = match comparator {
        Comparator::Equal => Some(true),
        Comparator::NotEqual => Some(false),
        _ => None,
    };
    let Some(equal) = equality else { return Ok(ordered(left, comparator, right)) };
    let tested = match (&left, &right) {
        (Expression::Field(Key { field, optional: true }), Expression::Null) => {
            return Ok(Logic::Test(Condition::Exists { field: field.clone(), exists: !equal }));
        }
        // Whether an expression is null is asked alike of all: `!=` is the opposite.
        (_, Expression::Null) => wide(left, Comparator::Equal, right),
        (Expression::Call { .. }, Expression::Bool(value)) => {
            let tested = holds(left)?;
            return Ok(if *value == equal { tested } else { Logic::Not(Box::new(tested)) });
        }
        _ => match (plain(&left), &right) {
            (Some(field), Expression::Text(text)) => {
                Condition::Text { field, operator: TextOperator::In, values: vec![text.clone()] }
            }
            (Some(field), Expression::Bool(value)) => Condition::Bool { field, value: *value },
            (Some(field), Expression::Number(number)) => Condition::Numbers { field, numbers: vec![whole(*number)] },
            (None, _) if matches!(left, Expression::Field(_)) && literal(&right) => {
                wide(left, Comparator::Equal, right)
            }
            _ => return Ok(Logic::Test(wide(left, comparator, right))),
        },
    };
    Ok(if equal { Logic::Test(tested) } else { Logic::Not(Box::new(Logic::Test(tested))) })
}

fn ordered(left: Expression, comparator: Comparator, right: Expression) -> Tested {
    let comparison = match comparator {
        Comparator::Less => Comparison::Less,
        Comparator::LessOrEqual => Comparison::LessOrEqual,
        Comparator::Greater => Comparison::Greater,
        _ => Comparison::GreaterOrEqual,
    };
    Logic::Test(match (plain(&left), &right) {
        (Some(field), Expression::Number(number)) => Condition::Order { field, comparison, number: whole(*number) },
        _ => wide(left, comparator, right),
    })
}

fn wide(left: Expression, comparator: Comparator, right: Expression) -> Condition {
    Condition::Wide(Wide::Compare { left, comparator, right })
}

fn plain(expression: &Expression) -> Option<Name> {
    match expression {
        Expression::Field(Key { field, optional: false }) => Some(field.clone()),
        _ => None,
    }
}

fn literal(expression: &Expression) -> bool {
    matches!(expression, Expression::Null | Expression::Bool(_) | Expression::Number(_) | Expression::Text(_))
}

fn text(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn number(expression: &Expression) -> Option<Number> {
    match expression {
        Expression::Number(number) => Some(whole(*number)),
        _ => None,
    }
}

/// An integer where a decimal is one: in a comparison with a field they say the same.
fn whole(number: Number) -> Number {
    match number {
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the range is tested")]
        Number::Decimal(decimal) if decimal.fract() == 0.0 && decimal.abs() < (1_u64 << 53) as f64 => {
            Number::Integer(decimal as i64)
        }
        other => other,
    }
}

fn mirrored(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::Less => Comparator::Greater,
        Comparator::LessOrEqual => Comparator::GreaterOrEqual,
        Comparator::Greater => Comparator::Less,
        Comparator::GreaterOrEqual => Comparator::LessOrEqual,
        same => same,
    }
}
