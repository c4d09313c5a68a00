//! The commands behind the pipes.

use super::grammar::Rule;
use super::{ParseError, Reader, pattern};
use crate::ast::{Aggregate, AggregateFunction, Assignment, BinSpan, Command, Expr, SortKey, Streamstats};
use crate::quote::is_nameable;
use pest::iterators::{Pair, Pairs};
use rulecast_ir::Name;

type Result<T> = std::result::Result<T, ParseError>;

/// What `sort` keeps where it says nothing (Search Reference, `sort`).
const SORTED: u64 = 10_000;
/// What `head` keeps where it says nothing (Search Reference, `head`).
const HEAD: u64 = 10;

impl<'a> Reader<'a> {
    pub(super) fn command(self, pair: &Pair<'a, Rule>) -> Result<Command> {
        let rule = pair.as_rule();
        let mut parts = pair.clone().into_inner();
        if !matches!(rule, Rule::macro_call | Rule::late_multisearch | Rule::late_tstats | Rule::other_command) {
            parts.next();
        }
        let mut next = || parts.next().expect("the grammar says which parts a command has");
        Ok(match rule {
            Rule::filter => Command::Where(self.condition(next(), 0)?),
            Rule::search => Command::Search(self.conjunction(next())?),
            Rule::eval => {
                let assignments = parts.map(|assignment| {
                    let mut parts = assignment.into_inner();
                    let target = parts.next().expect("an assignment has a field");
                    let name = self.name(&target)?;
                    let value = self.value(parts.next().expect("an assignment has a value"), 0)?;
                    Ok(Assignment { name, value })
                });
                Command::Eval(assignments.collect::<Result<_>>()?)
            }
            Rule::regex => {
                let mut field = None;
                let mut negated = false;
                let mut text = None;
                for part in parts {
                    match part.as_rule() {
                        Rule::column => field = Some(self.name(&part)?),
                        Rule::regex_op => negated = part.as_str() == "!=",
                        _ => text = Some(self.pattern(&part)?),
                    }
                }
                Command::Regex { field, negated, pattern: text.expect("`regex` has a pattern") }
            }
            Rule::rex => {
                let mut field = Name::from("_raw");
                let mut text = None;
                for part in parts {
                    match part.as_rule() {
                        Rule::option => match option(part.clone()) {
                            (name, value) if &*name == "field" && is_nameable(value.trim_matches('"')) => {
                                field = value.trim_matches('"').into();
                            }
                            (name, _) => return Err(self.error(&part, format!("the option `{name}` is not read"))),
                        },
                        _ => text = Some(self.pattern(&part)?),
                    }
                }
                Command::Rex { field, pattern: text.expect("`rex` has a pattern") }
            }
            Rule::streamstats => self.streamstats(parts)?,
            Rule::stats => {
                let (aggregates, by) = self.aggregates(parts)?;
                Command::Stats { aggregates, by }
            }
            Rule::sort => self.sort(parts)?,
            Rule::dedup => Command::Dedup(self.names(parts)?),
            Rule::table => Command::Table(self.names(parts)?),
            Rule::fields => {
                let mut keep = true;
                let mut fields = Vec::new();
                for part in parts {
                    match part.as_rule() {
                        Rule::sign => keep = part.as_str() == "+",
                        _ => fields.push(self.name(&part)?),
                    }
                }
                Command::Fields { keep, fields }
            }
            Rule::rename => {
                let pairs = parts.map(|renaming| {
                    let mut names = self.names(renaming.into_inner())?.into_iter();
                    let mut next = || names.next().expect("`rename` has two names");
                    Ok((next(), next()))
                });
                Command::Rename(pairs.collect::<Result<_>>()?)
            }
            Rule::bin => self.bin(pair, parts)?,
            Rule::transaction => {
                let mut fields = Vec::new();
                let mut options = Vec::new();
                for part in parts {
                    match part.as_rule() {
                        Rule::option => options.push(option(part)),
                        _ => fields.push(self.name(&part)?),
                    }
                }
                Command::Transaction { fields, options }
            }
            Rule::head => Command::Head(parts.next().map_or(Ok(HEAD), |count| self.count(&count))?),
            Rule::macro_call => Command::Macro(next().as_str().into()),
            Rule::mvexpand => Command::Expand(self.name(&next())?),
            Rule::late_multisearch => return Err(self.error(pair, "`multisearch` must be the first command")),
            Rule::late_tstats => return Err(self.error(pair, "`tstats` must be the first command")),
            _ => {
                let name = next().as_str();
                return Err(self.error(pair, format!("the command `{name}` is not read")));
            }
        })
    }

    /// The names among the parts.
    pub(super) fn names(self, parts: Pairs<'a, Rule>) -> Result<Vec<Name>> {
        parts.filter(|part| part.as_rule() == Rule::column).map(|part| self.name(&part)).collect()
    }

    fn pattern(self, pair: &Pair<'a, Rule>) -> Result<String> {
        let inside = pair.clone().into_inner().next().map_or("", |text| text.as_str());
        pattern::pattern(inside).ok_or_else(|| self.error(pair, "the pattern ends in a backslash"))
    }

    fn count(self, pair: &Pair<'a, Rule>) -> Result<u64> {
        pair.as_str().parse().map_err(|_| self.error(pair, "the number is too large"))
    }

    fn sort(self, parts: Pairs<'a, Rule>) -> Result<Command> {
        let mut limit = SORTED;
        let mut keys = Vec::new();
        for part in parts {
            if part.as_rule() == Rule::count {
                limit = self.count(&part)?;
                continue;
            }
            let mut descending = false;
            for part in part.into_inner() {
                match part.as_rule() {
                    Rule::sign => descending = part.as_str() == "-",
                    _ => keys.push(SortKey { field: self.name(&part)?, descending }),
                }
            }
        }
        Ok(if limit == 0 { Command::Sort(keys) } else { Command::SortFirst { limit, keys } })
    }

    fn streamstats(self, parts: Pairs<'a, Rule>) -> Result<Command> {
        let (mut current, mut window, mut time_window, mut global) = (None, None, None, true);
        let options = parts.clone().filter(|part| part.as_rule() == Rule::option);
        for part in options {
            let (name, value) = option(part.clone());
            let truth = || self.truth(&part, &value);
            match &*name {
                "current" => current = Some(truth()?),
                "global" => global = truth()?,
                "window" => {
                    window = Some(value.parse().map_err(|_| self.error(&part, "`window` is a whole number"))?);
                }
                "time_window" => match self.span_of(&part, &value)? {
                    BinSpan::Seconds(seconds) => time_window = Some(seconds),
                    BinSpan::Number(_) => return Err(self.error(&part, "`time_window` is read with a unit alone")),
                },
                name => return Err(self.error(&part, format!("the option `{name}` is not read"))),
            }
        }
        let (mut aggregates, by) = self.aggregates(parts.filter(|part| part.as_rule() != Rule::option))?;
        let current = current.unwrap_or(true);
        if let (
            [Aggregate { function: AggregateFunction::Max, argument: Some(Expr::Field(_)), name: Some(_) }],
            Some(0),
        ) = (aggregates.as_slice(), window)
            && !current
            && global
            && time_window.is_none()
            && let Some(Aggregate { argument: Some(Expr::Field(field)), name: Some(name), .. }) = aggregates.pop()
        {
            return Ok(Command::LargestBefore { field, name, by });
        }
        Ok(Command::Streamstats(Streamstats { current, window, time_window, global, aggregates, by }))
    }

    fn aggregates(self, parts: impl Iterator<Item = Pair<'a, Rule>>) -> Result<(Vec<Aggregate>, Vec<Name>)> {
        let mut aggregates = Vec::new();
        let mut by = Vec::new();
        for part in parts {
            match part.as_rule() {
                Rule::by => by = self.names(part.into_inner())?,
                _ => aggregates.push(self.aggregate(&part)?),
            }
        }
        Ok((aggregates, by))
    }

    pub(super) fn aggregate(self, pair: &Pair<'a, Rule>) -> Result<Aggregate> {
        let mut parts = pair.clone().into_inner();
        let called = parts.next().expect("an aggregate has a function");
        let lower = called.as_str().to_ascii_lowercase();
        let lower = match lower.as_str() {
            "distinct_count" => "dc",
            "mean" => "avg",
            lower => lower,
        };
        let Some((_, function)) = AggregateFunction::ALL.into_iter().find(|(name, _)| *name == lower) else {
            return Err(self.error(&called, format!("the aggregate `{}` is not read", called.as_str())));
        };
        let (mut argument, mut alias, mut after_as) = (None, None, false);
        for part in parts {
            match part.as_rule() {
                Rule::as_word => after_as = true,
                Rule::eval_argument => {
                    let inner = part.into_inner().next().expect("`eval(…)` holds an expression");
                    argument = Some(self.value(inner, 0)?);
                }
                _ if after_as => alias = Some(self.name(&part)?),
                _ => argument = Some(Expr::Field(self.name(&part)?)),
            }
        }
        if argument.is_none() && function != AggregateFunction::Count {
            return Err(self.error(pair, format!("{lower} takes a field")));
        }
        Ok(Aggregate { function, argument, name: alias })
    }

    fn bin(self, pair: &Pair<'a, Rule>, parts: Pairs<'a, Rule>) -> Result<Command> {
        let mut columns = Vec::new();
        let mut span = None;
        for part in parts {
            match part.as_rule() {
                Rule::span => span = Some(self.span(&part.into_inner().next().expect("a span has a value"))?),
                Rule::column => columns.push(self.name(&part)?),
                _ => {}
            }
        }
        let Some(span) = span else { return Err(self.error(pair, "`bin` is read with `span=` alone")) };
        let mut columns = columns.into_iter();
        Ok(Command::Bin { field: columns.next().expect("`bin` has a field"), span, name: columns.next() })
    }

    fn span(self, pair: &Pair<'a, Rule>) -> Result<BinSpan> {
        self.span_of(pair, pair.as_str())
    }

    fn span_of(self, pair: &Pair<'a, Rule>, text: &str) -> Result<BinSpan> {
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let seconds = match unit {
            "" => None,
            "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
            "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
            "h" | "hr" | "hrs" | "hour" | "hours" => Some(3600),
            "d" | "day" | "days" => Some(86_400),
            _ => return Err(self.error(pair, format!("a span in `{unit}` is not read"))),
        };
        let number: u64 = number.parse().map_err(|_| self.error(pair, "the span is too large"))?;
        match number.checked_mul(seconds.unwrap_or(1)) {
            Some(0) | None => Err(self.error(pair, "the span is zero or too large")),
            Some(total) => Ok(if seconds.is_some() { BinSpan::Seconds(total) } else { BinSpan::Number(total) }),
        }
    }
}

pub(super) fn option(pair: Pair<'_, Rule>) -> (Name, String) {
    let mut parts = pair.into_inner().map(|part| part.as_str());
    let name = parts.next().unwrap_or_default();
    (name.into(), parts.next().unwrap_or_default().to_owned())
}
