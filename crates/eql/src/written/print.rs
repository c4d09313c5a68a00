//! Prints what Rulecast reads and does not write.

use super::{Arithmetic, Comparator, Expression, Key, Sample, Series, SeriesStep, Wide};
use crate::print::{List, Numeral, sign};
use crate::quote::{Field, Text};
use std::fmt::{self, Display, Formatter};

impl Display for Wide {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Wide::Holds(expression) => expression.fmt(f),
            Wide::Compare { left, comparator, right } => write!(f, "{left} {comparator} {right}"),
            Wide::Text { left, operator, values } => {
                let values = values.as_slice();
                match values {
                    [value] => write!(f, "{left} {} {}", sign(*operator), Text(value)),
                    _ => write!(f, "{left} {} ({})", sign(*operator), List(values, |value: &String| Text(value))),
                }
            }
            Wide::Among { left, caseless, values } => {
                write!(f, "{left} in{} ({})", if *caseless { "~" } else { "" }, List(values, |value| value))
            }
        }
    }
}

impl Display for Comparator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Comparator::Equal => "==",
            Comparator::NotEqual => "!=",
            Comparator::Less => "<",
            Comparator::LessOrEqual => "<=",
            Comparator::Greater => ">",
            Comparator::GreaterOrEqual => ">=",
        })
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Null => f.write_str("null"),
            Expression::Bool(value) => write!(f, "{value}"),
            Expression::Number(number) => Numeral(*number).fmt(f),
            Expression::Text(text) => Text(text).fmt(f),
            Expression::Field(key) => key.fmt(f),
            Expression::Call { function, caseless, arguments } => {
                let tilde = if *caseless { "~" } else { "" };
                write!(f, "{function}{tilde}({})", List(arguments, |argument| argument))
            }
            Expression::Minus(inner) => write!(f, "-({inner})"),
            Expression::Arithmetic { left, operator, right } => {
                let sign = match operator {
                    Arithmetic::Add => '+',
                    Arithmetic::Subtract => '-',
                    Arithmetic::Multiply => '*',
                    Arithmetic::Divide => '/',
                    Arithmetic::Modulo => '%',
                };
                write!(f, "({left} {sign} {right})")
            }
        }
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.optional { "?" } else { "" }, Field(&self.field))
    }
}

impl Display for Series {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "sequence{}", By(&self.by))?;
        if let Some(span) = self.maxspan {
            write!(f, " with maxspan={span}ms")?;
        }
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

impl SeriesStep {
    fn write(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.missing { "![" } else { "[" })?;
        self.query.write(f, 4)?;
        write!(f, "]{}", By(&self.by))?;
        if self.runs == 1 { Ok(()) } else { write!(f, " with runs={}", self.runs) }
    }
}

impl Display for Sample {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "sample{}", By(&self.by))?;
        for step in &self.steps {
            write!(f, "\n  [")?;
            step.query.write(f, 4)?;
            write!(f, "]{}", By(&step.by))?;
        }
        Ok(())
    }
}

/// ` by host.id, ?user.id`, or nothing.
struct By<'a>(&'a [Key]);

impl Display for By<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " by {}", List(self.0, |key| key)) }
    }
}
