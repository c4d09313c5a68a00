//! The expressions of `where` and `eval`, over one row.
//!
//! Sources: Search Manual and Search Reference on `eval`, "Evaluation functions", "Comparison and Conditional functions",
//! "Multivalue eval functions": a NULL operand makes a comparison, `match`, `like`, `cidrmatch` and arithmetic NULL; AND,
//! OR and NOT are three-valued; `if` and `case` take a NULL condition for a false one; comparison is with regard to case;
//! two numbers compare as numbers, where a field that holds the text of a number is a number and text in quotes is not;
//! `+` adds two numbers or joins two texts.
//!
//! Unchecked: a number and a text compare as texts; arithmetic on what is no number, and division by zero, are NULL.
//!
//! Decimals: Splunk computes in double precision, where the difference of two times of today is exact to the
//! millisecond. Sums and differences are rounded to a millionth where that is within the error of a double, so that
//! small times behave as large ones do.

use super::event::Event;
use super::function::call;
use super::pcre::Patterns;
use super::{EvalError, compares, text};
use crate::ast::{Expr, Function, WherePredicate};
use ipnet::IpNet;
use rulecast_ir::{Comparison, Logic, Number, Scalar};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::IpAddr;

/// The values of an expression; none is NULL.
#[derive(Clone, Debug)]
pub(super) struct Value<'a> {
    pub(super) scalars: Cow<'a, [Scalar]>,
    /// Whether it comes from a field, so that the text of a number counts as a number.
    pub(super) field: bool,
}

impl Value<'_> {
    pub(super) const NULL: Value<'static> = Value { scalars: Cow::Borrowed(&[]), field: false };

    pub(super) fn one(scalar: Scalar) -> Self {
        Self { scalars: Cow::Owned(vec![scalar]), field: false }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::one(Scalar::Text(text.into()))
    }

    /// A finite number, else NULL.
    pub(super) fn number(number: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the number is whole and within the range of exact doubles"
        )]
        if number.fract() == 0.0 && number.abs() < 9e15 {
            Self::one(Scalar::Integer(number as i64))
        } else if number.is_finite() {
            Self::one(Scalar::Float(number))
        } else {
            Self::NULL
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.scalars.is_empty()
    }

    /// The one value, or `None` for NULL. What `operation` makes of several is not documented.
    pub(super) fn single(&self, operation: &str) -> Result<Option<&Scalar>, EvalError> {
        match self.scalars.as_ref() {
            [] => Ok(None),
            [scalar] => Ok(Some(scalar)),
            _ => Err(EvalError::SeveralValues(operation.to_owned())),
        }
    }

    /// The number that a value counts as.
    pub(super) fn as_number(&self, scalar: &Scalar) -> Option<f64> {
        match scalar {
            Scalar::Text(_) if !self.field => None,
            scalar => scalar.number(),
        }
    }
}

/// What an expression is evaluated in.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) event: &'a Event,
    pub(super) patterns: &'a Patterns,
}

impl<'a> Scope<'a> {
    /// The truth of a condition; `None` is NULL.
    pub(super) fn holds(self, tree: &Logic<WherePredicate>) -> Result<Option<bool>, EvalError> {
        match tree {
            Logic::True => Ok(Some(true)),
            Logic::False => Ok(Some(false)),
            Logic::Not(inner) => Ok(self.holds(inner)?.map(|held| !held)),
            Logic::And(parts) => self.joined(parts, false),
            Logic::Or(parts) => self.joined(parts, true),
            Logic::Test(test) => self.test(test),
        }
    }

    /// AND (`decisive` is false) and OR (`decisive` is true).
    fn joined(self, parts: &[Logic<WherePredicate>], decisive: bool) -> Result<Option<bool>, EvalError> {
        let mut result = Some(!decisive);
        for part in parts {
            match self.holds(part)? {
                Some(held) if held == decisive => return Ok(Some(decisive)),
                Some(_) => {}
                None => result = None,
            }
        }
        Ok(result)
    }

    fn test(self, test: &WherePredicate) -> Result<Option<bool>, EvalError> {
        match test {
            WherePredicate::NotNull(value) => Ok(Some(!self.value(value)?.is_null())),
            WherePredicate::Null(value) => Ok(Some(self.value(value)?.is_null())),
            WherePredicate::Compare { left, comparison, right } => {
                Ok(self.order(left, right)?.map(|order| compares(*comparison, order)))
            }
            WherePredicate::Differ { left, right } => {
                Ok(self.order(left, right)?.map(|order| !compares(Comparison::Equal, order)))
            }
            WherePredicate::Xor(left, right) => {
                Ok(self.holds(left)?.zip(self.holds(right)?).map(|(left, right)| left != right))
            }
            WherePredicate::InNetwork { network, address } => {
                let network: IpNet = network
                    .parse()
                    .map_err(|_| EvalError::Unsupported(format!("cidrmatch with `{network}` for a network")))?;
                let value = self.value(address)?;
                let address = value.single("cidrmatch")?.map(|scalar| text(scalar).parse::<IpAddr>());
                Ok(address.map(|address| address.is_ok_and(|address| network.contains(&address))))
            }
            WherePredicate::Truth(Expr::Call { function, arguments }) => self.truth(*function, arguments),
            WherePredicate::Truth(_) => Err(EvalError::Unsupported("a value as a condition".into())),
        }
    }

    fn truth(self, function: Function, arguments: &[Expr]) -> Result<Option<bool>, EvalError> {
        let (Some(first), Some(second)) = (arguments.first(), arguments.get(1)) else {
            return Err(EvalError::Unsupported(format!("{} with too few arguments", function.name())));
        };
        let value = self.value(first)?;
        let Some(subject) = value.single(function.name())? else { return Ok(None) };
        match function {
            Function::Match => Ok(self.pattern(second)?.map(|pattern| pattern.is_match(text(subject).as_bytes()))),
            Function::Like => {
                let pattern = self.value(second)?;
                Ok(pattern.single("like")?.map(|pattern| like(&text(subject), &text(pattern))))
            }
            Function::In => {
                let mut result = Some(false);
                for argument in &arguments[1..] {
                    let other = self.value(argument)?;
                    match other.single("in")? {
                        None => result = None,
                        Some(scalar) if ordered(&value, subject, &other, scalar).is_eq() => return Ok(Some(true)),
                        Some(_) => {}
                    }
                }
                Ok(result)
            }
            _ => Err(EvalError::Unsupported(format!("{} as a condition", function.name()))),
        }
    }

    /// The compiled pattern of an argument; `None` where it is NULL.
    pub(super) fn pattern(self, argument: &Expr) -> Result<Option<std::rc::Rc<regex::bytes::Regex>>, EvalError> {
        if let Expr::Regex(pattern) = argument {
            return self.patterns.get(pattern).map(Some);
        }
        let value = self.value(argument)?;
        value.single("a pattern")?.map(|pattern| self.patterns.get(&text(pattern))).transpose()
    }

    fn order(self, left: &Expr, right: &Expr) -> Result<Option<Ordering>, EvalError> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        let (one, other) = (left.single("a comparison")?, right.single("a comparison")?);
        Ok(one.zip(other).map(|(one, other)| ordered(&left, one, &right, other)))
    }

    pub(super) fn value(self, expr: &Expr) -> Result<Value<'a>, EvalError> {
        Ok(match expr {
            Expr::Field(name) => Value { scalars: Cow::Borrowed(self.event.values(name)), field: true },
            Expr::Number(Number::Integer(number)) => Value::one(Scalar::Integer(*number)),
            Expr::Number(Number::Decimal(number)) => Value::number(*number),
            Expr::Text(text) | Expr::Regex(text) => Value::text(text.as_str()),
            Expr::If { condition, then, otherwise } => {
                return self.value(if self.holds(condition)? == Some(true) { then } else { otherwise });
            }
            Expr::Case(arms) => {
                for (condition, value) in arms {
                    if self.holds(condition)? == Some(true) {
                        return self.value(value);
                    }
                }
                Value::NULL
            }
            Expr::Call { function, arguments } => return call(self, *function, arguments),
            Expr::Sum(left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let (Some(one), Some(other)) = (left.single("+")?, right.single("+")?) else { return Ok(Value::NULL) };
                match (left.as_number(one), right.as_number(other)) {
                    (Some(one), Some(other)) => Value::number(rounded(one + other, one, other)),
                    (None, None) => Value::text(text(one).into_owned() + &text(other)),
                    _ => Value::NULL,
                }
            }
            Expr::Difference(left, right) => {
                self.arithmetic(left, right, "-", |left, right| rounded(left - right, left, right))?
            }
            Expr::Product(left, right) => self.arithmetic(left, right, "*", |left, right| left * right)?,
            Expr::Quotient(left, right) => self.arithmetic(left, right, "/", |left, right| left / right)?,
            Expr::Remainder(left, right) => self.arithmetic(left, right, "%", |left, right| left % right)?,
            Expr::Concat(left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                match (left.single(".")?, right.single(".")?) {
                    (Some(one), Some(other)) => Value::text(text(one).into_owned() + &text(other)),
                    _ => Value::NULL,
                }
            }
        })
    }

    fn arithmetic(
        self,
        left: &Expr,
        right: &Expr,
        operator: &str,
        compute: impl Fn(f64, f64) -> f64,
    ) -> Result<Value<'static>, EvalError> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        let one = left.single(operator)?.and_then(|scalar| left.as_number(scalar));
        let other = right.single(operator)?.and_then(|scalar| right.as_number(scalar));
        Ok(one.zip(other).map_or(Value::NULL, |(one, other)| Value::number(compute(one, other))))
    }
}

/// How two values compare: as numbers if both are, else as texts.
fn ordered(left: &Value<'_>, one: &Scalar, right: &Value<'_>, other: &Scalar) -> Ordering {
    match (left.as_number(one), right.as_number(other)) {
        (Some(one), Some(other)) => one.partial_cmp(&other).unwrap_or(Ordering::Equal),
        _ => text(one).as_ref().cmp(text(other).as_ref()),
    }
}

/// A result, as the decimal number that it is within the error of a double.
fn rounded(result: f64, one: f64, other: f64) -> f64 {
    let decimal = (result * 1e6).round() / 1e6;
    let error = 4.0 * f64::EPSILON * one.abs().max(other.abs());
    if (result - decimal).abs() <= error { decimal } else { result }
}

/// `%` is any run, `_` any character; with regard to case.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut at, mut in_pattern) = (0, 0);
    // Where to go on when a match fails: behind the last `%`, one character later.
    let mut retry = None;
    while at < text.len() {
        match pattern.get(in_pattern) {
            Some('%') => {
                retry = Some((at, in_pattern));
                in_pattern += 1;
            }
            Some(c) if *c == '_' || *c == text[at] => {
                at += 1;
                in_pattern += 1;
            }
            _ => match retry {
                Some((from, percent)) => {
                    retry = Some((from + 1, percent));
                    (at, in_pattern) = (from + 1, percent + 1);
                }
                None => return false,
            },
        }
    }
    pattern[in_pattern..].iter().all(|c| *c == '%')
}
