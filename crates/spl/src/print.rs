//! Prints a query: the base search, then one command a line. The lines of a subsearch are indented.

mod commands;

use crate::ast::{
    Assignment, Command, Expr, Query, SearchTerm, SearchValue, SortKey, Start, Subsearch, WherePredicate,
};
use crate::quote;
use rulecast_backend::{Connectives, Not};
use rulecast_ir::{Comparison, Name};
use std::fmt::{self, Display, Formatter, Write};

/// The connectives of `search`, in capitals: in small letters they would be terms.
const SEARCH: Connectives = Connectives { and: "AND", or: "OR", not: Not::Prefix("NOT"), truth: "*", falsity: "NOT *" };
/// Those of `where` and `eval`.
const WHERE: Connectives =
    Connectives { and: "AND", or: "OR", not: Not::Prefix("NOT"), truth: "true()", falsity: "false()" };

/// How deep the lines of a broken search stand.
const SEARCH_INDENT: usize = 2;
/// How deep the lines of a broken condition stand.
const INDENT: usize = 4;
/// An indent under which nothing is broken.
const FLAT: usize = usize::MAX;

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.start)?;
        piped(f, &self.commands)
    }
}

impl Display for Start {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Start::Search(search) => SEARCH.write(f, search, SEARCH_INDENT),
            Start::Multisearch(subsearches) => {
                f.write_str("| multisearch")?;
                subsearches.iter().try_for_each(|subsearch| write!(Indented(f), "\n{subsearch}"))
            }
            Start::Tstats(tstats) => write!(f, "| {tstats}"),
        }
    }
}

impl Display for Subsearch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("[search ")?;
        SEARCH.write(f, &self.search, SEARCH_INDENT)?;
        piped(f, &self.commands)?;
        f.write_char(']')
    }
}

fn piped(f: &mut Formatter<'_>, commands: &[Command]) -> fmt::Result {
    commands.iter().try_for_each(|command| write!(f, "\n| {command}"))
}

/// Puts two spaces behind each line feed. No literal of a query holds one.
struct Indented<'a, 'b>(&'a mut Formatter<'b>);

impl Write for Indented<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.split_inclusive('\n').try_for_each(|line| {
            self.0.write_str(line)?;
            self.0.write_str(if line.ends_with('\n') { "  " } else { "" })
        })
    }
}

impl Display for SearchTerm {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            SearchTerm::Macro(name) => write!(f, "`{name}`"),
            SearchTerm::Compare { field, comparison, value } => {
                quote::name(f, field)?;
                write!(f, "{}{value}", operator(*comparison))
            }
            SearchTerm::In { field, values } => {
                quote::name(f, field)?;
                f.write_str(" IN (")?;
                separated(f, ", ", values, |f, value| write!(f, "{value}"))?;
                f.write_char(')')
            }
            SearchTerm::Present(field) => {
                quote::name(f, field)?;
                f.write_str("=*")
            }
            SearchTerm::Raw(text) => quote::text(f, text),
            SearchTerm::Differ { field, value } => {
                quote::name(f, field)?;
                write!(f, "!={value}")
            }
            SearchTerm::RawCased(text) => cased(f, text),
        }
    }
}

impl Display for SearchValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            SearchValue::Text(text) => quote::text(f, text),
            SearchValue::Number(number) => write!(f, "{number}"),
            SearchValue::Cased(text) => cased(f, text),
        }
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Command::Where(condition) => {
                f.write_str("where ")?;
                WHERE.write(f, condition, INDENT)
            }
            Command::Eval(assignments) => {
                f.write_str("eval ")?;
                separated(f, ",\n    ", assignments, |f, assignment| write!(f, "{assignment}"))
            }
            Command::Sort(keys) => {
                f.write_str("sort 0 ")?;
                separated(f, ", ", keys, |f, SortKey { field, descending }| {
                    f.write_str(if *descending { "-" } else { "" })?;
                    quote::name(f, field)
                })
            }
            Command::LargestBefore { field, name, by } => {
                write!(f, "streamstats current=f window=0 max({field}) as {name}")?;
                if by.is_empty() {
                    return Ok(());
                }
                f.write_str(" by ")?;
                names(f, by)
            }
            Command::Expand(field) => {
                f.write_str("mvexpand ")?;
                quote::name(f, field)
            }
            Command::Dedup(fields) => {
                f.write_str("dedup ")?;
                names(f, fields)
            }
            Command::Table(fields) => {
                f.write_str("table ")?;
                names(f, fields)
            }
            other => commands::write(f, other),
        }
    }
}

impl Display for Assignment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        quote::eval_name(f, &self.name)?;
        f.write_char('=')?;
        match &self.value {
            Expr::If { condition, then, otherwise } => {
                f.write_str("if(")?;
                WHERE.write(f, condition, INDENT + 2)?;
                write!(f, ", {then}, {otherwise})")
            }
            Expr::Case(arms) => {
                f.write_str("case(\n      ")?;
                separated(f, ",\n      ", arms, |f, (condition, value)| {
                    WHERE.write(f, condition, INDENT + 4)?;
                    write!(f, ", {value}")
                })?;
                f.write_char(')')
            }
            value => write!(f, "{value}"),
        }
    }
}

impl Display for WherePredicate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            WherePredicate::NotNull(value) => write!(f, "isnotnull({value})"),
            WherePredicate::Null(value) => write!(f, "isnull({value})"),
            WherePredicate::Compare { left, comparison, right } => {
                write!(f, "{left}{}{right}", operator(*comparison))
            }
            WherePredicate::InNetwork { network, address } => {
                f.write_str("cidrmatch(")?;
                quote::text(f, network)?;
                write!(f, ", {address})")
            }
            WherePredicate::Differ { left, right } => write!(f, "{left}!={right}"),
            WherePredicate::Truth(value) => write!(f, "{value}"),
            WherePredicate::Xor(left, right) => {
                f.write_char('(')?;
                WHERE.write_conjunct(f, left, FLAT)?;
                f.write_str(" XOR ")?;
                WHERE.write_conjunct(f, right, FLAT)?;
                f.write_char(')')
            }
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Field(name) => quote::eval_name(f, name),
            Expr::Number(number) => write!(f, "{number}"),
            Expr::Text(text) => quote::text(f, text),
            Expr::Regex(pattern) => quote::regex(f, pattern),
            Expr::Call { function, arguments } => {
                write!(f, "{}(", function.name())?;
                separated(f, ", ", arguments, |f, argument| write!(f, "{argument}"))?;
                f.write_char(')')
            }
            Expr::If { condition, then, otherwise } => {
                f.write_str("if(")?;
                WHERE.write(f, condition, FLAT)?;
                write!(f, ", {then}, {otherwise})")
            }
            Expr::Case(arms) => {
                f.write_str("case(")?;
                separated(f, ", ", arms, |f, (condition, value)| {
                    WHERE.write(f, condition, FLAT)?;
                    write!(f, ", {value}")
                })?;
                f.write_char(')')
            }
            Expr::Sum(left, right) => binary(f, left, "+", right),
            Expr::Difference(left, right) => binary(f, left, "-", right),
            Expr::Product(left, right) => binary(f, left, "*", right),
            Expr::Quotient(left, right) => binary(f, left, "/", right),
            Expr::Remainder(left, right) => binary(f, left, "%", right),
            // With spaces, which keep it apart from the point of a number.
            Expr::Concat(left, right) => binary(f, left, " . ", right),
        }
    }
}

/// Arithmetic inside arithmetic is grouped, but for the start of a chain of the same operators.
fn binary(f: &mut Formatter<'_>, left: &Expr, operator: &str, right: &Expr) -> fmt::Result {
    match (left, operator) {
        (Expr::Sum(..) | Expr::Difference(..), "+" | "-")
        | (Expr::Product(..) | Expr::Quotient(..) | Expr::Remainder(..), "*" | "/" | "%")
        | (Expr::Concat(..), " . ") => write!(f, "{left}")?,
        _ => operand(f, left)?,
    }
    f.write_str(operator)?;
    operand(f, right)
}

fn operand(f: &mut Formatter<'_>, value: &Expr) -> fmt::Result {
    match value {
        Expr::Sum(..)
        | Expr::Difference(..)
        | Expr::Product(..)
        | Expr::Quotient(..)
        | Expr::Remainder(..)
        | Expr::Concat(..) => write!(f, "({value})"),
        value => write!(f, "{value}"),
    }
}

fn cased(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("CASE(")?;
    quote::text(f, text)?;
    f.write_char(')')
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn names(f: &mut Formatter<'_>, names: &[Name]) -> fmt::Result {
    separated(f, ", ", names, |f, name| quote::name(f, name))
}

fn separated<T>(
    f: &mut Formatter<'_>,
    separator: &str,
    items: &[T],
    mut write: impl FnMut(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    items.iter().enumerate().try_for_each(|(i, item)| {
        if i > 0 {
            f.write_str(separator)?;
        }
        write(f, item)
    })
}
