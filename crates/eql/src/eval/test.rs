//! One test of the values of one field.

use super::EvalError;
use super::address;
use super::glob::Glob;
use super::lucene::Regex;
use super::mapping::{boolean, compare, number};
use crate::ast::{Comparator, TextOperator};
use ipnet::IpNet;
use rulecast_ir::{ColumnType, Name, Number, Row, Scalar};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// The default of `index.max_regex_length`, which holds for a list of regexes together.
const MAX_REGEX_LENGTH: usize = 1_000;

/// A test of a field: some value of it satisfies the check.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) field: Name,
    pub(super) declared: Option<ColumnType>,
    pub(super) check: Check,
}

/// What a value must satisfy.
#[derive(Debug)]
pub(super) enum Check {
    /// There is a value.
    Exists,
    /// Text.
    Text(TextCheck),
    /// A number equal to any of these.
    Numbers(Vec<Number>),
    /// A number that compares so.
    Order(Comparator, Number),
    /// A truth value.
    Bool(bool),
    /// An address in any of these ranges.
    Addresses(Vec<RangeInclusive<u128>>),
}

impl Test {
    pub(super) fn holds(&self, row: &Row) -> Result<bool, EvalError> {
        for value in row.values(&self.field) {
            if self.value_holds(value)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn value_holds(&self, value: &Scalar) -> Result<bool, EvalError> {
        Ok(match &self.check {
            Check::Exists => true,
            Check::Text(check) => match value {
                Scalar::Text(text) => check.holds(text)?,
                other => check.holds(&other.text())?,
            },
            Check::Numbers(numbers) => {
                let value = number(value, &self.field, self.declared)?;
                numbers.iter().any(|number| compare(value, *number) == Ordering::Equal)
            }
            Check::Order(comparator, than) => {
                holds(compare(number(value, &self.field, self.declared)?, *than), *comparator)
            }
            Check::Bool(wanted) => boolean(value, &self.field, self.declared)? == *wanted,
            // What is no address is not indexed (`ignore_malformed`), or not at all.
            Check::Addresses(ranges) => match value {
                Scalar::Text(text) => {
                    address::parse(text).is_some_and(|bits| ranges.iter().any(|range| range.contains(&bits)))
                }
                _ => false,
            },
        })
    }
}

impl Check {
    /// Networks, as `cidrMatch` takes them.
    pub(super) fn networks(networks: &[IpNet]) -> Self {
        Check::Addresses(networks.iter().map(address::range).collect())
    }
}

/// Whether an ordering is as a comparator wants it.
pub(super) fn holds(ordering: Ordering, comparator: Comparator) -> bool {
    match comparator {
        Comparator::Equal => ordering == Ordering::Equal,
        Comparator::NotEqual => ordering != Ordering::Equal,
        Comparator::Less => ordering == Ordering::Less,
        Comparator::LessOrEqual => ordering != Ordering::Greater,
        Comparator::Greater => ordering == Ordering::Greater,
        Comparator::GreaterOrEqual => ordering != Ordering::Less,
    }
}

/// What a text must satisfy.
#[derive(Debug)]
pub(super) enum TextCheck {
    /// It is one of these, or matches one. Without case all are in lower case.
    Any { caseless: bool, exact: HashSet<String>, globs: Vec<Glob> },
    /// It matches one.
    Regexes(Vec<(String, Regex)>),
    /// It comes before or after this, by the order of its characters.
    Order(Comparator, String),
}

impl TextCheck {
    /// What `operator` asks with any of `values`.
    pub(super) fn new(operator: TextOperator, values: &[String]) -> Result<Self, EvalError> {
        match operator {
            TextOperator::Regex => regexes(values, false),
            TextOperator::RegexCaseless => regexes(values, true),
            TextOperator::In => Ok(Self::any(values, false, false)),
            TextOperator::InCaseless => Ok(Self::any(values, true, false)),
            TextOperator::Like => Ok(Self::any(values, false, true)),
            TextOperator::Matches => Ok(Self::any(values, true, true)),
        }
    }

    fn any(values: &[String], caseless: bool, wild: bool) -> Self {
        let (mut exact, mut globs) = (HashSet::new(), Vec::new());
        for value in values {
            let value = if caseless { value.to_ascii_lowercase() } else { value.clone() };
            if wild && Glob::is_wild(&value) {
                globs.push(Glob::new(&value));
            } else {
                exact.insert(value);
            }
        }
        TextCheck::Any { caseless, exact, globs }
    }

    /// A text with a part in a place, of which nothing is a wildcard.
    pub(super) fn part(glob: impl Fn(String) -> Glob, part: &str, caseless: bool) -> Self {
        let part = if caseless { part.to_ascii_lowercase() } else { part.to_owned() };
        TextCheck::Any { caseless, exact: HashSet::new(), globs: vec![glob(part)] }
    }

    pub(super) fn holds(&self, text: &str) -> Result<bool, EvalError> {
        Ok(match self {
            TextCheck::Any { caseless, exact, globs } => {
                let text = if *caseless { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) };
                exact.contains(&*text) || globs.iter().any(|glob| glob.matches(&text))
            }
            TextCheck::Regexes(regexes) => {
                let text: Vec<char> = text.chars().collect();
                for (pattern, regex) in regexes {
                    let matched = regex.matches(&text);
                    if matched.map_err(|reason| EvalError::Unsupported(format!("`{pattern}`: {reason}")))? {
                        return Ok(true);
                    }
                }
                false
            }
            TextCheck::Order(comparator, than) => holds(text.cmp(than), *comparator),
        })
    }
}

fn regexes(patterns: &[String], caseless: bool) -> Result<TextCheck, EvalError> {
    let length = patterns.iter().map(|pattern| pattern.encode_utf16().count() + 1).sum::<usize>();
    if length > MAX_REGEX_LENGTH + 1 {
        return EvalError::invalid(format!("regexes of more than {MAX_REGEX_LENGTH} characters together"));
    }
    if patterns.len() > 1 && patterns.iter().any(String::is_empty) {
        return EvalError::unsupported("an empty regex in a list, which is joined to one regex");
    }
    let read = |pattern: &String| match Regex::new(pattern, caseless) {
        Ok(regex) => Ok((pattern.clone(), regex)),
        Err(reason) => EvalError::invalid(format!("the regex `{pattern}`: {reason}")),
    };
    Ok(TextCheck::Regexes(patterns.iter().map(read).collect::<Result<_, _>>()?))
}
