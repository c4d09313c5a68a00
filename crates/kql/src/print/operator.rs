//! Prints the operators that only the parser makes, on one line each.

use super::{INDENT, named, names, new_line, pipeline, separated, union};
use crate::ast::{Named, Operator, Scan, SortKey, Source, Step, StepOutput};
use crate::quote;
use std::fmt::{self, Display, Formatter, Write};

/// Where rows come from, but for tables and unions.
pub(super) fn source(f: &mut Formatter<'_>, source: &Source) -> fmt::Result {
    match source {
        Source::Print(values) => {
            f.write_str("print ")?;
            columns(f, values)
        }
        Source::DataTable { columns, values } => {
            f.write_str("datatable (")?;
            separated(f, columns, |f, (name, ty)| {
                quote::name(f, name)?;
                write!(f, ": {}", ty.text())
            })?;
            f.write_str(") [")?;
            separated(f, values, |f, value| write!(f, "{value}"))?;
            f.write_char(']')
        }
        Source::Scalar(value) => write!(f, "{value}"),
        Source::Table(_) | Source::Union(_) | Source::Materialize(_) => Ok(()),
    }
}

fn columns(f: &mut Formatter<'_>, columns: &[Named]) -> fmt::Result {
    separated(f, columns, |f, column| named(f, column, 2 * INDENT))
}

impl Display for SortKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.by, if self.descending { "desc" } else { "asc" })
    }
}

/// One operator.
pub(super) fn write(f: &mut Formatter<'_>, operator: &Operator, indent: usize) -> fmt::Result {
    let pair = |f: &mut Formatter<'_>, first: &str, between: &str, second: &str| {
        quote::name(f, first)?;
        f.write_str(between)?;
        quote::name(f, second)
    };
    match operator {
        Operator::Group { aggregates, by } => {
            f.write_str("summarize")?;
            if !aggregates.is_empty() {
                f.write_char(' ')?;
                separated(f, aggregates, |f, one| super::aggregate(f, one, indent))?;
            }
            if !by.is_empty() {
                f.write_str(" by ")?;
                columns(f, by)?;
            }
            Ok(())
        }
        Operator::JoinOn { kind, right, on } => {
            write!(f, "join kind={} (", kind.text())?;
            new_line(f, indent)?;
            pipeline(f, right, indent)?;
            new_line(f, indent.saturating_sub(INDENT))?;
            f.write_str(") on ")?;
            separated(f, on, |f, (left, right)| {
                if left == right {
                    return quote::name(f, left);
                }
                f.write_str("$left.")?;
                pair(f, left, " == $right.", right)
            })
        }
        Operator::Union(parts) => {
            f.write_str("union")?;
            union(f, parts, indent)
        }
        Operator::ProjectAway(dropped) => {
            f.write_str("project-away ")?;
            names(f, dropped)
        }
        Operator::ProjectRename(renamed) => {
            f.write_str("project-rename ")?;
            separated(f, renamed, |f, (new, old)| pair(f, new, " = ", old))
        }
        Operator::Distinct(kept) => {
            f.write_str("distinct ")?;
            names(f, kept)
        }
        Operator::Take(rows) => write!(f, "take {rows}"),
        Operator::Top(rows, key) => write!(f, "top {rows} by {key}"),
        Operator::Count => f.write_str("count"),
        Operator::Serialize(added) => {
            f.write_str("serialize")?;
            f.write_str(if added.is_empty() { "" } else { " " })?;
            columns(f, added)
        }
        Operator::MvExpand(expanded) => {
            f.write_str("mv-expand ")?;
            separated(f, expanded, |f, (column, ty)| {
                named(f, column, indent)?;
                ty.map_or(Ok(()), |ty| write!(f, " to typeof({})", ty.text()))
            })
        }
        Operator::Scan(scan) => self::scan(f, scan, indent),
        Operator::Where(_)
        | Operator::Extend(_)
        | Operator::Project(_)
        | Operator::Summarize { .. }
        | Operator::Join { .. }
        | Operator::Sort(_) => Ok(()),
    }
}

fn scan(f: &mut Formatter<'_>, Scan { match_id, declare, steps }: &Scan, indent: usize) -> fmt::Result {
    f.write_str("scan")?;
    if let Some(name) = match_id {
        f.write_str(" with_match_id = ")?;
        quote::name(f, name)?;
    }
    if !declare.is_empty() {
        f.write_str(" declare (")?;
        separated(f, declare, |f, declaration| {
            quote::name(f, &declaration.name)?;
            write!(f, ": {}", declaration.ty.text())?;
            declaration.default.as_ref().map_or(Ok(()), |value| write!(f, " = {value}"))
        })?;
        f.write_char(')')?;
    }
    f.write_str(" with (")?;
    for Step { name, output, condition, assignments } in steps {
        new_line(f, indent)?;
        f.write_str("step ")?;
        quote::name(f, name)?;
        f.write_str(match output {
            StepOutput::All => "",
            StepOutput::Last => " output = last",
            StepOutput::None => " output = none",
        })?;
        f.write_str(": ")?;
        super::CONNECTIVES.write(f, condition, indent + INDENT)?;
        if !assignments.is_empty() {
            f.write_str(" => ")?;
            columns(f, assignments)?;
        }
        f.write_char(';')?;
    }
    new_line(f, indent.saturating_sub(INDENT))?;
    f.write_char(')')
}

/// A value inside `dynamic(…)`.
pub(super) fn json(f: &mut Formatter<'_>, value: &serde_json::Value) -> fmt::Result {
    use serde_json::Value;
    match value {
        Value::String(text) => quote::json(f, text),
        Value::Array(all) => {
            f.write_char('[')?;
            separated(f, all, json)?;
            f.write_char(']')
        }
        Value::Object(members) => {
            f.write_char('{')?;
            for (i, (name, member)) in members.iter().enumerate() {
                f.write_str(if i > 0 { ", " } else { "" })?;
                quote::json(f, name)?;
                f.write_str(": ")?;
                json(f, member)?;
            }
            f.write_char('}')
        }
        plain => write!(f, "{plain}"),
    }
}
