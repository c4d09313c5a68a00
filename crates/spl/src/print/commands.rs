//! Prints the commands of many rows, and those that are read and not emitted.

use super::{SEARCH, SEARCH_INDENT, names, separated};
use crate::ast::{Aggregate, BinSpan, Command, Expr, SortKey, Streamstats, Tstats};
use crate::quote;
use rulecast_ir::{Logic, Name};
use std::fmt::{self, Display, Formatter, Write};

pub(super) fn write(f: &mut Formatter<'_>, command: &Command) -> fmt::Result {
    match command {
        Command::Search(condition) => {
            f.write_str("search ")?;
            SEARCH.write(f, condition, SEARCH_INDENT)
        }
        Command::Regex { field, negated, pattern } => {
            f.write_str("regex ")?;
            if let Some(field) = field {
                quote::name(f, field)?;
                f.write_str(if *negated { "!=" } else { "=" })?;
            }
            quote::regex(f, pattern)
        }
        Command::Rex { field, pattern } => {
            f.write_str("rex field=")?;
            quote::name(f, field)?;
            f.write_char(' ')?;
            quote::regex(f, pattern)
        }
        Command::SortFirst { limit, keys } => {
            write!(f, "sort {limit} ")?;
            separated(f, ", ", keys, |f, SortKey { field, descending }| {
                f.write_str(if *descending { "-" } else { "" })?;
                quote::name(f, field)
            })
        }
        Command::Streamstats(Streamstats { current, window, time_window, global, aggregates, by }) => {
            f.write_str("streamstats")?;
            if !current {
                f.write_str(" current=f")?;
            }
            if let Some(window) = window {
                write!(f, " window={window}")?;
            }
            if let Some(seconds) = time_window {
                write!(f, " time_window={seconds}s")?;
            }
            if !global {
                f.write_str(" global=f")?;
            }
            aggregated(f, aggregates, by)
        }
        Command::Stats { aggregates, by } => {
            f.write_str("stats")?;
            aggregated(f, aggregates, by)
        }
        Command::Fields { keep, fields } => {
            f.write_str(if *keep { "fields " } else { "fields - " })?;
            names(f, fields)
        }
        Command::Rename(names) => {
            f.write_str("rename ")?;
            separated(f, ", ", names, |f, (old, new)| {
                quote::name(f, old)?;
                f.write_str(" as ")?;
                quote::name(f, new)
            })
        }
        Command::Bin { field, span, name } => {
            f.write_str("bin ")?;
            quote::name(f, field)?;
            match span {
                BinSpan::Number(number) => write!(f, " span={number}")?,
                BinSpan::Seconds(seconds) => write!(f, " span={seconds}s")?,
            }
            name.as_ref().map_or(Ok(()), |name| renamed(f, name))
        }
        Command::Head(rows) => write!(f, "head {rows}"),
        Command::Macro(name) => write!(f, "`{name}`"),
        Command::Transaction { fields, options } => {
            f.write_str("transaction")?;
            if !fields.is_empty() {
                f.write_char(' ')?;
                names(f, fields)?;
            }
            options.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
        }
        Command::Where(_)
        | Command::Eval(_)
        | Command::Sort(_)
        | Command::LargestBefore { .. }
        | Command::Expand(_)
        | Command::Dedup(_)
        | Command::Table(_) => Ok(()),
    }
}

impl Display for Tstats {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "tstats summariesonly={} allow_old_summaries={}", self.summaries_only, self.old_summaries)?;
        if let Some(fill) = &self.fill {
            f.write_str(" fillnull_value=")?;
            quote::text(f, fill)?;
        }
        self.aggregates.iter().try_for_each(|aggregate| write!(f, " {aggregate}"))?;
        write!(f, "\n  from datamodel={}", self.dataset)?;
        if self.search != Logic::True {
            f.write_str("\n  where ")?;
            SEARCH.write(f, &self.search, 2 * SEARCH_INDENT)?;
        }
        if self.by.is_empty() {
            return Ok(());
        }
        f.write_str("\n  by ")?;
        names(f, &self.by)
    }
}

fn aggregated(f: &mut Formatter<'_>, aggregates: &[Aggregate], by: &[Name]) -> fmt::Result {
    f.write_char(' ')?;
    separated(f, ", ", aggregates, |f, aggregate| write!(f, "{aggregate}"))?;
    if by.is_empty() {
        return Ok(());
    }
    f.write_str(" by ")?;
    names(f, by)
}

fn renamed(f: &mut Formatter<'_>, name: &Name) -> fmt::Result {
    f.write_str(" as ")?;
    quote::name(f, name)
}

impl Display for Aggregate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.function.name())?;
        match &self.argument {
            None => {}
            Some(Expr::Field(field)) => {
                f.write_char('(')?;
                quote::name(f, field)?;
                f.write_char(')')?;
            }
            Some(value) => write!(f, "(eval({value}))")?,
        }
        self.name.as_ref().map_or(Ok(()), |name| renamed(f, name))
    }
}
