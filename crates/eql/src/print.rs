//! Prints the tree. Boolean structure goes through [`Connectives`], quoting through [`quote`](crate::quote).

use crate::ast::{Condition, EventQuery, Query, Sequence, Step, TextOperator};
use crate::quote::{Category, Field, Text};
use rulecast_backend::{Connectives, Not};
use rulecast_ir::{Case, Comparison, Name, Number};
use std::fmt::{self, Display, Formatter};

const WORDS: Connectives =
    Connectives { and: "and", or: "or", not: Not::Prefix("not"), truth: "true", falsity: "false" };

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Query::Event(event) => event.write(f, 2),
            Query::Sequence(sequence) => sequence.fmt(f),
            Query::Series(series) => series.fmt(f),
            Query::Sample(sample) => sample.fmt(f),
        }
    }
}

impl EventQuery {
    pub(crate) fn write(&self, f: &mut Formatter<'_>, indent: usize) -> fmt::Result {
        write!(f, "{} where ", Category(self.category.as_deref()))?;
        WORDS.write(f, &self.condition, indent)
    }
}

impl Display for Sequence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "sequence{} with maxspan={}", By(&self.by), Span(self.maxspan))?;
        for step in &self.steps {
            write!(f, "\n  ")?;
            step.write(f)?;
        }
        if let Some(until) = &self.until {
            write!(f, "\nuntil ")?;
            until.write(f)?;
        }
        Ok(())
    }
}

impl Step {
    fn write(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "[")?;
        self.query.write(f, 4)?;
        write!(f, "]{}", By(&self.by))?;
        if self.runs == 1 { Ok(()) } else { write!(f, " with runs={}", self.runs) }
    }
}

/// ` by host.id, user.id`, or nothing.
struct By<'a>(&'a [Name]);

impl Display for By<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, field) in self.0.iter().enumerate() {
            write!(f, "{}{}", if i == 0 { " by " } else { ", " }, Field(field))?;
        }
        Ok(())
    }
}

/// Seconds in the largest unit that counts them whole.
struct Span(u64);

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (size, unit) = [(86_400, 'd'), (3_600, 'h'), (60, 'm')]
            .into_iter()
            .find(|(size, _)| self.0.is_multiple_of(*size))
            .unwrap_or((1, 's'));
        write!(f, "{}{unit}", self.0 / size)
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Text { field, operator, values } => text(f, field, *operator, values),
            Condition::StartsWith { field, prefix, case } => {
                let fold = if *case == Case::Sensitive { "" } else { "~" };
                write!(f, "startsWith{fold}({}, {})", Field(field), Text(prefix))
            }
            Condition::Numbers { field, numbers } => match numbers.as_slice() {
                [number] => write!(f, "{} == {}", Field(field), Numeral(*number)),
                several => write!(f, "{} in ({})", Field(field), List(several, |number| Numeral(*number))),
            },
            Condition::Order { field, comparison, number } => {
                write!(f, "{} {} {}", Field(field), comparison_sign(*comparison), Numeral(*number))
            }
            Condition::Bool { field, value } => write!(f, "{} == {value}", Field(field)),
            Condition::Exists { field, exists: true } => write!(f, "?{} != null", Field(field)),
            Condition::Exists { field, exists: false } => write!(f, "?{} == null", Field(field)),
            Condition::Cidr { field, networks } => {
                write!(f, "cidrMatch({}, {})", Field(field), List(networks, Quoted))
            }
            Condition::Wide(wide) => wide.fmt(f),
        }
    }
}

fn text(f: &mut Formatter<'_>, field: &str, operator: TextOperator, values: &[String]) -> fmt::Result {
    let field = Field(field);
    let list = List(values, |value: &String| Text(value));
    match (operator, values) {
        (TextOperator::In, [value]) => write!(f, "{field} == {}", Text(value)),
        (TextOperator::In, _) => write!(f, "{field} in ({list})"),
        (TextOperator::InCaseless, _) => write!(f, "{field} in~ ({list})"),
        (_, [value]) => write!(f, "{field} {} {}", sign(operator), Text(value)),
        (_, _) => write!(f, "{field} {} ({list})", sign(operator)),
    }
}

pub(crate) fn sign(operator: TextOperator) -> &'static str {
    match operator {
        TextOperator::Matches => ":",
        TextOperator::Like => "like",
        TextOperator::In => "in",
        TextOperator::InCaseless => "in~",
        TextOperator::Regex => "regex",
        TextOperator::RegexCaseless => "regex~",
    }
}

fn comparison_sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "==",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

/// A number, with a point or an exponent only if it is no integer: `{:?}` of a float is the shortest of both.
pub(crate) struct Numeral(pub(crate) Number);

impl Display for Numeral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Number::Integer(number) => write!(f, "{number}"),
            Number::Decimal(number) => write!(f, "{number:?}"),
        }
    }
}

/// Something whose text needs no escapes, in quotes.
struct Quoted<T>(T);

impl<T: Display> Display for Quoted<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// Items with commas between them.
pub(crate) struct List<'a, T, S>(pub(crate) &'a [T], pub(crate) fn(&'a T) -> S);

impl<T, S: Display> Display for List<'_, T, S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, item) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            self.1(item).fmt(f)?;
        }
        Ok(())
    }
}
