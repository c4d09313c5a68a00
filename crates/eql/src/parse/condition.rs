//! Makes the tree of what the grammar read: conditions and the expressions in them.

use super::build::{P, Read, key, string};
use super::grammar::Rule;
use super::{Problem, canonical};
use crate::ast::{Arithmetic, Comparator, Condition, Expression, TextOperator};
use rulecast_ir::{Logic, Number};

/// How many operators one arithmetic expression may chain: the tree leans to the left.
const MAX_ARITHMETIC: usize = 64;

/// What parentheses hold: a condition, or a value, which they do not tell.
enum Either {
    Logic(Logic<Condition>),
    Value(Expression),
}

impl Either {
    fn logic(self, at: usize) -> Read<Logic<Condition>> {
        match self {
            Either::Logic(logic) => Ok(logic),
            Either::Value(Expression::Bool(true)) => Ok(Logic::True),
            Either::Value(Expression::Bool(false)) => Ok(Logic::False),
            Either::Value(expression) => canonical::holds(expression).map_err(|message| Problem::new(at, message)),
        }
    }

    fn value(self, at: usize) -> Read<Expression> {
        match self {
            Either::Value(expression) => Ok(expression),
            Either::Logic(_) => Err(Problem::new(at, "expected a value, not a condition")),
        }
    }
}

/// A condition.
pub(super) fn logic(pair: P<'_>) -> Read<Logic<Condition>> {
    let at = pair.as_span().start();
    either(pair)?.logic(at)
}

fn value(pair: P<'_>) -> Read<Expression> {
    let at = pair.as_span().start();
    match pair.as_rule() {
        Rule::or => either(pair)?.value(at),
        _ => operand(pair)?.value(at),
    }
}

/// An `or`, an `and` or a `not`, or the value that it is alone.
fn either(pair: P<'_>) -> Read<Either> {
    let rule = pair.as_rule();
    if rule == Rule::not {
        return negation(pair);
    }
    let mut operands = pair.into_inner().filter(|part| matches!(part.as_rule(), Rule::and | Rule::not)).peekable();
    let first = operands.next().expect("a connective has an operand");
    let at = first.as_span().start();
    let first = either(first)?;
    if operands.peek().is_none() {
        return Ok(first);
    }
    let mut parts = Vec::new();
    flatten(rule, first.logic(at)?, &mut parts);
    for operand in operands {
        flatten(rule, logic(operand)?, &mut parts);
    }
    Ok(Either::Logic(if rule == Rule::or { Logic::Or(parts) } else { Logic::And(parts) }))
}

fn flatten(rule: Rule, part: Logic<Condition>, parts: &mut Vec<Logic<Condition>>) {
    match part {
        Logic::Or(inner) if rule == Rule::or => parts.extend(inner),
        Logic::And(inner) if rule == Rule::and => parts.extend(inner),
        other => parts.push(other),
    }
}

fn negation(pair: P<'_>) -> Read<Either> {
    let at = pair.as_span().start();
    let mut nots = 0_usize;
    for part in pair.into_inner() {
        if part.as_rule() == Rule::not_word {
            nots += 1;
            continue;
        }
        let inner = test(part)?;
        if nots == 0 {
            return Ok(inner);
        }
        let inner = inner.logic(at)?;
        return Ok(Either::Logic(if nots.is_multiple_of(2) { inner } else { Logic::Not(Box::new(inner)) }));
    }
    Err(Problem::new(at, "expected a condition"))
}

fn test(pair: P<'_>) -> Read<Either> {
    let at = pair.as_span().start();
    let mut parts = pair.into_inner();
    let left = parts.next().expect("a test starts with a value");
    let left_at = left.as_span().start();
    let left = operand(left)?;
    let Some(tail) = parts.next() else { return Ok(left) };
    let refuse = |message: String| Problem::new(at, message);
    let tested = match tail.as_rule() {
        Rule::among => {
            let (mut negated, mut caseless, mut values) = (false, false, Vec::new());
            for part in tail.into_inner() {
                match part.as_rule() {
                    Rule::not_word => negated = true,
                    Rule::in_caseless => caseless = true,
                    Rule::in_word => {}
                    _ => values.push(value(part)?),
                }
            }
            let tested = canonical::among(left.value(left_at)?, caseless, values);
            if negated { Logic::Not(Box::new(tested)) } else { tested }
        }
        Rule::matches => {
            let mut inner = tail.into_inner();
            let operator = inner.next().and_then(|matcher| matcher.into_inner().next());
            let operator = match operator.expect("a matcher is one of five").as_rule() {
                Rule::colon | Rule::like_caseless => TextOperator::Matches,
                Rule::like_word => TextOperator::Like,
                Rule::regex_word => TextOperator::Regex,
                _ => TextOperator::RegexCaseless,
            };
            let values = inner.map(string).collect::<Read<Vec<_>>>()?;
            canonical::matches(left.value(left_at)?, operator, values)
        }
        _ => {
            let mut inner = tail.into_inner();
            let comparator = comparator(inner.next().expect("a comparison starts with its sign").as_str());
            let right = inner.next().expect("a comparison ends in a value");
            let right_at = right.as_span().start();
            let right = operand(right)?;
            // `cidrMatch(…) == true`, where the left side may stand in parentheses.
            canonical::compare(left.value(left_at)?, comparator, right.value(right_at)?).map_err(refuse)?
        }
    };
    Ok(Either::Logic(tested))
}

fn comparator(sign: &str) -> Comparator {
    match sign {
        "==" => Comparator::Equal,
        "!=" => Comparator::NotEqual,
        "<" => Comparator::Less,
        "<=" => Comparator::LessOrEqual,
        ">" => Comparator::Greater,
        _ => Comparator::GreaterOrEqual,
    }
}

/// A sum, a product, or the value or condition that it is alone.
fn operand(pair: P<'_>) -> Read<Either> {
    if pair.as_rule() == Rule::unary {
        return unary(pair);
    }
    let at = pair.as_span().start();
    let mut parts = pair.into_inner();
    let first = operand(parts.next().expect("an operator has an operand"))?;
    let mut operators = 0;
    let mut tree = match parts.peek() {
        None => return Ok(first),
        Some(_) => first.value(at)?,
    };
    while let (Some(operator), Some(right)) = (parts.next(), parts.next()) {
        operators += 1;
        if operators > MAX_ARITHMETIC {
            return Err(Problem::new(at, format!("more than {MAX_ARITHMETIC} operators in one expression")));
        }
        let operator = match operator.as_str() {
            "+" => Arithmetic::Add,
            "-" => Arithmetic::Subtract,
            "*" => Arithmetic::Multiply,
            "/" => Arithmetic::Divide,
            _ => Arithmetic::Modulo,
        };
        let right = value(right)?;
        tree = Expression::Arithmetic { left: Box::new(tree), operator, right: Box::new(right) };
    }
    Ok(Either::Value(tree))
}

fn unary(pair: P<'_>) -> Read<Either> {
    let at = pair.as_span().start();
    let (mut signs, mut minus) = (0, false);
    for part in pair.into_inner() {
        if part.as_rule() == Rule::sign {
            signs += 1;
            minus ^= part.as_str() == "-";
            continue;
        }
        let value = match part.as_rule() {
            Rule::number => Either::Value(Expression::Number(number(&part, minus)?)),
            _ if signs == 0 => return primary(part),
            _ => match primary(part)?.value(at)? {
                inner if minus => Either::Value(Expression::Minus(Box::new(inner))),
                inner => Either::Value(inner),
            },
        };
        return Ok(value);
    }
    Err(Problem::new(at, "expected a value"))
}

fn primary(pair: P<'_>) -> Read<Either> {
    let expression = match pair.as_rule() {
        Rule::group => return either(pair.into_inner().next().expect("parentheses hold something")),
        Rule::null_word => Expression::Null,
        Rule::true_word => Expression::Bool(true),
        Rule::false_word => Expression::Bool(false),
        Rule::field => Expression::Field(key(pair)),
        Rule::call => {
            let mut parts = pair.into_inner();
            let name = parts.next().expect("a call starts with its function").as_str();
            let (function, caseless) = name.strip_suffix('~').map_or((name, false), |name| (name, true));
            let arguments = parts.map(value).collect::<Read<_>>()?;
            Expression::Call { function: function.into(), caseless, arguments }
        }
        _ => Expression::Text(string(pair)?),
    };
    Ok(Either::Value(expression))
}

fn number(pair: &P<'_>, minus: bool) -> Read<Number> {
    let digits = pair.as_str();
    let signed = if minus { format!("-{digits}") } else { digits.to_owned() };
    let at = pair.as_span().start();
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = signed.parse().map_err(|_| Problem::new(at, "no number that 64 bits hold"))?;
        return Ok(Number::Integer(number));
    }
    let number = signed.parse::<f64>().ok().filter(|number| number.is_finite());
    number.map(Number::Decimal).ok_or_else(|| Problem::new(at, "no number that 64 bits hold"))
}
