//! Prints the syntax tree: one operator a line, operands broken by [`Connectives`].

mod operand;
mod operator;

use crate::ast::{
    Aggregate, AggregateCall, Arithmetic, Condition, Expr, Let, Named, Operator, Pipeline, Query, Source, Test,
};
use crate::{quote, time};
use operand::Place;
use rulecast_backend::{Connectives, Not};
use rulecast_ir::Name;
use std::fmt::{self, Display, Formatter, Write};

const CONNECTIVES: Connectives =
    Connectives { and: "and", or: "or", not: Not::Call("not"), truth: "true", falsity: "false" };
/// How much deeper what belongs to an operator stands.
const INDENT: usize = 2;
/// A list of columns is broken before it makes a line longer than this, in characters.
const WIDTH: usize = 100;

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for Let { name, pipeline: value } in &self.lets {
            f.write_str("let ")?;
            quote::name(f, name)?;
            f.write_str(" =")?;
            if let Source::Scalar(value) = &value.source {
                writeln!(f, " {value};")?;
                continue;
            }
            if let Source::Materialize(rows) = &value.source {
                f.write_str(" materialize(")?;
                new_line(f, INDENT)?;
                pipeline(f, rows, INDENT)?;
                f.write_str("\n);\n")?;
                continue;
            }
            new_line(f, INDENT)?;
            pipeline(f, value, INDENT)?;
            f.write_str(";\n")?;
        }
        pipeline(f, &self.pipeline, 0)
    }
}

impl Query {
    /// The text without indentation, for where each character counts: the same lines, which read back to the same tree.
    pub fn compact(&self) -> String {
        let mut text = Flush { text: String::new(), at_start: true };
        let _ = write!(text, "{self}");
        text.text
    }
}

/// Leaves away blanks at the start of a line. No line begins within a text: there a line end is written as an escape.
struct Flush {
    text: String,
    at_start: bool,
}

impl Write for Flush {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        for line in part.split_inclusive('\n') {
            let line = if self.at_start { line.trim_start_matches(' ') } else { line };
            self.text.push_str(line);
            self.at_start = if line.is_empty() { self.at_start } else { line.ends_with('\n') };
        }
        Ok(())
    }
}

fn new_line(f: &mut dyn Write, indent: usize) -> fmt::Result {
    write!(f, "\n{:indent$}", "")
}

fn pipeline(f: &mut Formatter<'_>, pipeline: &Pipeline, indent: usize) -> fmt::Result {
    match &pipeline.source {
        Source::Table(table) => quote::name(f, table)?,
        Source::Union(parts) => {
            f.write_str("union")?;
            union(f, parts, indent)?;
        }
        source => operator::source(f, source)?,
    }
    for one in &pipeline.operators {
        new_line(f, indent)?;
        f.write_str("| ")?;
        operator(f, one, indent + 2 * INDENT)?;
    }
    Ok(())
}

/// Writes the operands of a union: names alone as a list, else each in parentheses.
fn union(f: &mut Formatter<'_>, parts: &[Pipeline], indent: usize) -> fmt::Result {
    let name = |part: &Pipeline| match &part.source {
        Source::Table(table) if part.operators.is_empty() => Some(table.clone()),
        _ => None,
    };
    if let Some(names) = parts.iter().map(name).collect::<Option<Vec<_>>>() {
        f.write_char(' ')?;
        return separated(f, &names, |f, name| quote::name(f, name));
    }
    for (i, part) in parts.iter().enumerate() {
        f.write_str(if i > 0 { "," } else { "" })?;
        new_line(f, indent + INDENT)?;
        f.write_char('(')?;
        new_line(f, indent + 2 * INDENT)?;
        pipeline(f, part, indent + 2 * INDENT)?;
        new_line(f, indent + INDENT)?;
        f.write_char(')')?;
    }
    Ok(())
}

/// Writes one operator, which stands `2 * INDENT` less deep than `indent`, where what does not fit its line goes on.
fn operator(f: &mut Formatter<'_>, operator: &Operator, indent: usize) -> fmt::Result {
    match operator {
        Operator::Where(condition) => {
            f.write_str("where ")?;
            CONNECTIVES.write(f, condition, indent)
        }
        Operator::Extend(columns) => {
            f.write_str("extend ")?;
            let columns = columns.iter().map(|column| written(|f| named(f, column, indent)));
            wrapped(f, columns, indent - 2 * INDENT + "| extend ".len(), indent)
        }
        Operator::Project(columns) => {
            f.write_str("project ")?;
            let columns = columns.iter().map(|column| written(|f| named(f, column, indent)));
            wrapped(f, columns, indent - 2 * INDENT + "| project ".len(), indent)
        }
        Operator::Summarize { aggregates, by } => {
            f.write_str("summarize ")?;
            let aggregates = aggregates.iter().map(|one| written(|f| aggregate(f, one, indent)));
            wrapped(f, aggregates, indent - 2 * INDENT + "| summarize ".len(), indent)?;
            f.write_str(" by ")?;
            names(f, by)
        }
        Operator::Join { kind, right, on } => {
            write!(f, "join kind={} (", kind.text())?;
            quote::name(f, right)?;
            f.write_str(") on ")?;
            names(f, on)
        }
        Operator::Sort(keys) => {
            f.write_str("sort by ")?;
            separated(f, keys, |f, key| write!(f, "{} {}", key.by, if key.descending { "desc" } else { "asc" }))
        }
        operator => operator::write(f, operator, indent),
    }
}

fn named(f: &mut Formatter<'_>, Named { name, value }: &Named, indent: usize) -> fmt::Result {
    quote::name(f, name)?;
    if matches!(value, Expr::Column(column) if column == name) {
        return Ok(());
    }
    f.write_str(" = ")?;
    match value {
        Expr::Case { branches, otherwise } => case(f, branches, otherwise, indent),
        value => write!(f, "{value}"),
    }
}

fn case(f: &mut Formatter<'_>, branches: &[(Condition, Expr)], otherwise: &Expr, indent: usize) -> fmt::Result {
    f.write_str("case(")?;
    for (condition, value) in branches {
        new_line(f, indent)?;
        CONNECTIVES.write(f, condition, indent + INDENT)?;
        write!(f, ", {value},")?;
    }
    new_line(f, indent)?;
    write!(f, "{otherwise}")?;
    new_line(f, indent.saturating_sub(INDENT))?;
    f.write_char(')')
}

fn aggregate(f: &mut Formatter<'_>, aggregate: &Aggregate, indent: usize) -> fmt::Result {
    let mut of = |function: &str, column: &Name, others: &[Name]| {
        if others.is_empty() {
            quote::name(f, column)?;
            f.write_str(" = ")?;
        }
        write!(f, "{function}(")?;
        let columns = std::iter::once(column).chain(others).map(|name| written(|f| quote::name(f, name)));
        wrapped(f, columns, indent - 2 * INDENT + "| summarize arg_max(".len(), indent)?;
        f.write_char(')')
    };
    match aggregate {
        Aggregate::Max(column) => of("max", column, &[]),
        Aggregate::Min(column) => of("min", column, &[]),
        Aggregate::ArgMax(column, others) => of("arg_max", column, others),
        Aggregate::ArgMin(column, others) => of("arg_min", column, others),
        Aggregate::ArgMaxAll(column) | Aggregate::ArgMinAll(column) => {
            f.write_str(if matches!(aggregate, Aggregate::ArgMaxAll(_)) { "arg_max(" } else { "arg_min(" })?;
            quote::name(f, column)?;
            f.write_str(", *)")
        }
        Aggregate::Call(AggregateCall { name, function, arguments }) => {
            quote::name(f, name)?;
            f.write_str(" = ")?;
            call(f, function.name(), arguments)
        }
        Aggregate::CountIf { name, condition } => {
            quote::name(f, name)?;
            f.write_str(" = countif(")?;
            CONNECTIVES.write(f, condition, 2 * INDENT)?;
            f.write_char(')')
        }
    }
}

fn names(f: &mut Formatter<'_>, names: &[Name]) -> fmt::Result {
    separated(f, names, |f, name| quote::name(f, name))
}

fn separated<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    mut write: impl FnMut(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        f.write_str(if i > 0 { ", " } else { "" })?;
        write(f, item)?;
    }
    Ok(())
}

/// What a function writes.
fn written(write: impl Fn(&mut Formatter<'_>) -> fmt::Result) -> String {
    struct Written<W>(W);
    impl<W: Fn(&mut Formatter<'_>) -> fmt::Result> Display for Written<W> {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            self.0(f)
        }
    }
    Written(write).to_string()
}

/// Parts a list by commas, and breaks its line where that would be too long; `column` is where the list begins.
fn wrapped(
    f: &mut Formatter<'_>,
    items: impl Iterator<Item = String>,
    mut column: usize,
    indent: usize,
) -> fmt::Result {
    for (i, item) in items.enumerate() {
        let width = item.chars().count() + 2;
        if i > 0 && column + width > WIDTH {
            f.write_char(',')?;
            new_line(f, indent)?;
            column = indent;
        } else if i > 0 {
            f.write_str(", ")?;
        }
        column += width;
        f.write_str(&item)?;
    }
    Ok(())
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Test::Compare { left, operator, right } => {
                let place = operand::of_comparison(*operator);
                write!(f, "{} {} {}", place.show(left), operator.text(), place.show(right))
            }
            Test::In { left, fold, values } => {
                write!(f, "{} in{} (", Place::Relation.show(left), if *fold { "~" } else { "" })?;
                separated(f, values, |f, value| write!(f, "{value}"))?;
                f.write_char(')')
            }
            Test::Call(function, arguments) => call(f, function.name(), arguments),
            Test::NotIn { left, fold, values } => {
                write!(f, "{} !in{} (", Place::Relation.show(left), if *fold { "~" } else { "" })?;
                separated(f, values, |f, value| write!(f, "{value}"))?;
                f.write_char(')')
            }
            Test::HasTerms { left, all, values } => {
                write!(f, "{} {} (", Place::Relation.show(left), if *all { "has_all" } else { "has_any" })?;
                separated(f, values, |f, value| write!(f, "{value}"))?;
                f.write_char(')')
            }
            Test::Between { left, negated, low, high } => {
                let [left, low, high] = [left, low, high].map(|value| Place::Relation.show(value));
                write!(f, "{left} {}between ({low} .. {high})", if *negated { "!" } else { "" })
            }
            Test::Value(value) => write!(f, "{value}"),
        }
    }
}

fn call(f: &mut Formatter<'_>, name: &str, arguments: &[Expr]) -> fmt::Result {
    write!(f, "{name}(")?;
    separated(f, arguments, |f, argument| write!(f, "{argument}"))?;
    f.write_char(')')
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Column(column) => quote::name(f, column),
            Expr::AnyColumn => f.write_char('*'),
            Expr::Text(text) => quote::text(f, text),
            // Its magnitude alone would overflow.
            Expr::Long(i64::MIN) => write!(f, "long({})", i64::MIN),
            Expr::Long(number) => write!(f, "{number}"),
            Expr::Real(number) => real(f, *number),
            Expr::Bool(truth) => write!(f, "{truth}"),
            Expr::Timespan(seconds) => timespan(f, *seconds),
            Expr::Path { of, names } => {
                write!(f, "{}", Place::Path.show(of))?;
                names.iter().try_for_each(|name| quote::property(f, name))
            }
            Expr::Call(function, arguments) => call(f, function.name(), arguments),
            Expr::Minus(left, right) => write!(f, "{} - {}", Place::Sum.show(left), Place::Product.show(right)),
            Expr::Test(test) => write!(f, "{test}"),
            Expr::Case { branches, otherwise } => case(f, branches, otherwise, 2 * INDENT),
            Expr::Logic(logic) => CONNECTIVES.write(f, logic, 2 * INDENT),
            Expr::Negative(value) => write!(f, "-{}", Place::Path.show(value)),
            Expr::Arithmetic { left, operator: Arithmetic::Plus, right } => {
                write!(f, "{} + {}", Place::Sum.show(left), Place::Product.show(right))
            }
            Expr::Arithmetic { left, operator, right } => {
                write!(f, "{} {} {}", Place::Product.show(left), operator.text(), Place::Text.show(right))
            }
            Expr::Index(of, index) => write!(f, "{}[{index}]", Place::Path.show(of)),
            Expr::Ticks(ticks) => write!(f, "timespan({})", time::show_span(*ticks)),
            Expr::DateTime(ticks) => write!(f, "datetime({})", time::show(*ticks)),
            Expr::Null(ty) => write!(f, "{}(null)", ty.text()),
            Expr::Dynamic(value) => {
                f.write_str("dynamic(")?;
                operator::json(f, value)?;
                f.write_char(')')
            }
        }
    }
}

/// Always with a point or an exponent: digits alone are a `long`, which large numbers overflow.
fn real(f: &mut Formatter<'_>, number: f64) -> fmt::Result {
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-5..1e15).contains(&magnitude) {
        write!(f, "{number:e}")
    } else {
        write!(f, "{number:?}")
    }
}

fn timespan(f: &mut Formatter<'_>, seconds: u64) -> fmt::Result {
    let (unit, length) = [("d", 86_400), ("h", 3_600), ("m", 60)]
        .into_iter()
        .find(|(_, length)| seconds != 0 && seconds.is_multiple_of(*length))
        .unwrap_or(("s", 1));
    write!(f, "{}{unit}", seconds / length)
}
