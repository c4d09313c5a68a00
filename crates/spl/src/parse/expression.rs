//! The expressions of `where` and `eval`.
//!
//! A condition is not a value: a comparison cannot be added to a number, and `eval` assigns no Boolean (Search
//! Reference, `eval`). The grammar does not tell them apart, this module does.

use super::grammar::Rule;
use super::search::{comparison, number};
use super::{MAX_DEPTH, ParseError, Reader, pattern, quoted};
use crate::ast::{Expr, Function, WherePredicate};
use pest::iterators::Pair;
use rulecast_ir::{Logic, Number};

/// What an expression is.
enum Read {
    Value(Expr),
    Condition(Logic<WherePredicate>),
}

type Result<T> = std::result::Result<T, ParseError>;

impl<'a> Reader<'a> {
    /// An expression that must be a condition.
    pub(super) fn condition(self, pair: Pair<'a, Rule>, depth: usize) -> Result<Logic<WherePredicate>> {
        let at = pair.clone();
        match self.expression(pair, depth)? {
            Read::Condition(condition) => Ok(condition),
            Read::Value(_) => Err(self.error(&at, "expected a condition, found a value")),
        }
    }

    /// An expression that must be a value.
    pub(super) fn value(self, pair: Pair<'a, Rule>, depth: usize) -> Result<Expr> {
        let at = pair.clone();
        let read = self.expression(pair, depth)?;
        self.as_value(&at, read)
    }

    fn as_value(self, at: &Pair<'a, Rule>, read: Read) -> Result<Expr> {
        match read {
            Read::Value(value) => Ok(value),
            Read::Condition(_) => Err(self.error(at, "expected a value, found a condition; write if(condition, 1, 0)")),
        }
    }

    fn expression(self, pair: Pair<'a, Rule>, depth: usize) -> Result<Read> {
        let pair = innermost(pair);
        if depth > MAX_DEPTH {
            return Err(self.error(&pair, format!("the expression is nested more than {MAX_DEPTH} levels deep")));
        }
        let rule = pair.as_rule();
        match rule {
            Rule::expression | Rule::either | Rule::both => {
                let part_rule = match rule {
                    Rule::expression => Rule::either,
                    Rule::either => Rule::both,
                    _ => Rule::negated,
                };
                let parts: Vec<_> = pair.into_inner().filter(|part| part.as_rule() == part_rule).collect();
                // A chain of XOR nests.
                let depth = if rule == Rule::expression { depth + parts.len() } else { depth };
                let parts = parts.into_iter().map(|part| self.condition(part, depth)).collect::<Result<Vec<_>>>()?;
                Ok(Read::Condition(match rule {
                    Rule::either => Logic::any(parts),
                    Rule::both => Logic::all(parts),
                    _ => parts
                        .into_iter()
                        .reduce(|left, right| Logic::Test(WherePredicate::Xor(Box::new(left), Box::new(right))))
                        .unwrap_or(Logic::False),
                }))
            }
            Rule::negated => {
                let mut parts = pair.into_inner();
                let relation = parts.next_back().expect("NOT stands before a relation");
                let nots = parts.count();
                let condition = self.condition(relation, depth)?;
                Ok(Read::Condition(if nots % 2 == 1 { condition.negate() } else { condition }))
            }
            Rule::relation => self.relation(pair, depth),
            Rule::sum | Rule::product => self.arithmetic(pair, depth),
            Rule::unary => self.unary(pair, depth),
            Rule::number => Ok(Read::Value(number_of(pair.as_str()))),
            Rule::quoted => Ok(Read::Value(Expr::Text(quoted(pair)))),
            Rule::eval_field => Ok(Read::Value(Expr::Field(self.name(&pair)?))),
            _ => self.call(&pair, depth),
        }
    }

    fn relation(self, pair: Pair<'a, Rule>, depth: usize) -> Result<Read> {
        let mut parts = pair.into_inner();
        let left = parts.next().expect("a relation has a left side");
        let operator = parts.next().expect("a relation has an operator");
        let left = self.value(left, depth)?;
        let test = match operator.as_rule() {
            Rule::in_word | Rule::like_word => {
                let function = if operator.as_rule() == Rule::in_word { Function::In } else { Function::Like };
                let mut arguments = vec![left];
                for part in parts {
                    arguments.push(self.value(part, depth + 1)?);
                }
                WherePredicate::Truth(Expr::Call { function, arguments })
            }
            _ => {
                let right = self.value(parts.next().expect("a comparison has a right side"), depth)?;
                match operator.as_str() {
                    "!=" => WherePredicate::Differ { left, right },
                    operator => WherePredicate::Compare { left, comparison: comparison(operator), right },
                }
            }
        };
        Ok(Read::Condition(Logic::Test(test)))
    }

    /// `a+b-c`, from the left.
    fn arithmetic(self, pair: Pair<'a, Rule>, depth: usize) -> Result<Read> {
        let depth = depth + pair.clone().into_inner().count() / 2;
        let mut parts = pair.into_inner();
        let mut left = self.value(parts.next().expect("a sum has a first operand"), depth)?;
        while let (Some(operator), Some(right)) = (parts.next(), parts.next()) {
            let right = Box::new(self.value(right, depth)?);
            let node = match operator.as_str() {
                "+" => Expr::Sum,
                "-" => Expr::Difference,
                "*" => Expr::Product,
                "/" => Expr::Quotient,
                "%" => Expr::Remainder,
                _ => Expr::Concat,
            };
            left = node(Box::new(left), right);
        }
        Ok(Read::Value(left))
    }

    fn unary(self, pair: Pair<'a, Rule>, depth: usize) -> Result<Read> {
        let mut parts = pair.into_inner();
        let operand = parts.next_back().expect("minus stands before an operand");
        let minuses = parts.count();
        // A parenthesis is a level of its own.
        let inner = self.expression(operand.clone(), depth + usize::from(operand.as_rule() == Rule::expression))?;
        let value = self.as_value(&operand, inner)?;
        Ok(Read::Value(match value {
            value if minuses.is_multiple_of(2) => value,
            Expr::Number(Number::Integer(number)) if operand.as_rule() == Rule::number => Expr::integer(-number),
            Expr::Number(Number::Decimal(number)) if operand.as_rule() == Rule::number => {
                Expr::Number(Number::Decimal(-number))
            }
            value => Expr::Difference(Box::new(Expr::integer(0)), Box::new(value)),
        }))
    }

    fn call(self, pair: &Pair<'a, Rule>, depth: usize) -> Result<Read> {
        let depth = depth + 1;
        let mut parts: Vec<_> = pair.clone().into_inner().collect();
        let name = parts.remove(0);
        let arity = |expected: &[usize]| {
            if expected.contains(&parts.len()) {
                return Ok(());
            }
            let counts: Vec<_> = expected.iter().map(ToString::to_string).collect();
            Err(self.error(pair, format!("{} takes {} arguments", name.as_str(), counts.join(" or "))))
        };
        let lower = name.as_str().to_ascii_lowercase();
        match lower.as_str() {
            "true" | "false" => {
                arity(&[0])?;
                return Ok(Read::Condition(if lower == "true" { Logic::True } else { Logic::False }));
            }
            "isnull" | "isnotnull" => {
                arity(&[1])?;
                let value = self.value(parts.remove(0), depth)?;
                let test = if lower == "isnull" { WherePredicate::Null(value) } else { WherePredicate::NotNull(value) };
                return Ok(Read::Condition(Logic::Test(test)));
            }
            "cidrmatch" => {
                arity(&[2])?;
                let first = parts.remove(0);
                let Expr::Text(network) = self.value(first.clone(), depth)? else {
                    return Err(self.error(&first, "cidrmatch is read with a network in quotes alone"));
                };
                let address = self.value(parts.remove(0), depth)?;
                return Ok(Read::Condition(Logic::Test(WherePredicate::InNetwork { network, address })));
            }
            "if" => {
                arity(&[3])?;
                let otherwise = self.value(parts.remove(2), depth)?;
                let then = self.value(parts.remove(1), depth)?;
                return Ok(Read::Value(Expr::if_else(self.condition(parts.remove(0), depth)?, then, otherwise)));
            }
            "case" => {
                if parts.is_empty() || parts.len() % 2 == 1 {
                    return Err(self.error(pair, "case takes pairs of a condition and a value"));
                }
                let mut arms = Vec::with_capacity(parts.len() / 2);
                let mut parts = parts.into_iter();
                while let (Some(condition), Some(value)) = (parts.next(), parts.next()) {
                    arms.push((self.condition(condition, depth)?, self.value(value, depth)?));
                }
                return Ok(Read::Value(Expr::Case(arms)));
            }
            _ => {}
        }
        let (function, most, least) = match lower.as_str() {
            "coalesce" => (Function::Coalesce, usize::MAX, 1),
            "floor" => (Function::Floor, 1, 1),
            "in" => (Function::In, usize::MAX, 2),
            "len" => (Function::Len, 1, 1),
            "like" => (Function::Like, 2, 2),
            "lower" => (Function::Lower, 1, 1),
            "match" => (Function::Match, 2, 2),
            "max" => (Function::Max, usize::MAX, 1),
            "min" => (Function::Min, usize::MAX, 1),
            "mvappend" => (Function::Mvappend, usize::MAX, 1),
            "mvcount" => (Function::Mvcount, 1, 1),
            "mvfind" => (Function::Mvfind, 2, 2),
            "null" => (Function::Null, 0, 0),
            "replace" => (Function::Replace, 3, 3),
            "round" => (Function::Round, 2, 1),
            "strftime" => (Function::Strftime, 2, 2),
            "strptime" => (Function::Strptime, 2, 2),
            "substr" => (Function::Substr, 3, 2),
            "tonumber" => (Function::Tonumber, 2, 1),
            "tostring" => (Function::Tostring, 2, 1),
            "upper" => (Function::Upper, 1, 1),
            _ => return Err(self.error(&name, format!("the function `{}` is not read", name.as_str()))),
        };
        if parts.len() < least || parts.len() > most {
            return Err(self.error(pair, format!("{lower} does not take {} arguments", parts.len())));
        }
        let pattern_at = matches!(function, Function::Match | Function::Mvfind | Function::Replace).then_some(1);
        let mut arguments = Vec::with_capacity(parts.len());
        for (i, part) in parts.into_iter().enumerate() {
            let at = part.clone();
            arguments.push(match literal(&part).filter(|_| pattern_at == Some(i)) {
                Some(inside) => match pattern::pattern(inside) {
                    Some(pattern) => Expr::Regex(pattern),
                    None => return Err(self.error(&at, "the pattern ends in a backslash")),
                },
                None => self.value(part, depth)?,
            });
        }
        let call = Expr::Call { function, arguments };
        Ok(match function {
            Function::In | Function::Like | Function::Match => {
                Read::Condition(Logic::Test(WherePredicate::Truth(call)))
            }
            _ => Read::Value(call),
        })
    }
}

/// Without the levels of the grammar that hold one part alone.
fn innermost(mut pair: Pair<'_, Rule>) -> Pair<'_, Rule> {
    while matches!(
        pair.as_rule(),
        Rule::expression
            | Rule::either
            | Rule::both
            | Rule::negated
            | Rule::relation
            | Rule::sum
            | Rule::product
            | Rule::unary
    ) {
        let mut inner = pair.clone().into_inner();
        let (first, second) = (inner.next(), inner.next());
        let (Some(first), None) = (first, second) else { break };
        pair = first;
    }
    pair
}

/// The inside of a string, if the whole expression is one.
fn literal<'a>(pair: &Pair<'a, Rule>) -> Option<&'a str> {
    let pair = innermost(pair.clone());
    if pair.as_rule() != Rule::quoted {
        return None;
    }
    Some(pair.into_inner().next().map_or("", |text| text.as_str()))
}

/// A number without a sign. One that is too large for a whole number is a decimal one.
fn number_of(word: &str) -> Expr {
    let trimmed = || word.parse().map_or(Number::Decimal(0.0), Number::Decimal);
    Expr::Number(number(word).or_else(|| word.parse().ok().map(Number::Integer)).unwrap_or_else(trimmed))
}
