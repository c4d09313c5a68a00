//! Reads SPL: what we emit, and what detections are written in.
//!
//! Promises: `parse(query.to_string())` is `query`, for every tree that the lowering builds; what is not read is an
//! error that names it and its place; no text overflows the stack.
//!
//! Two trees print alike, and are read as one: a whole [`Number::Decimal`](rulecast_ir::Number) is read as an integer,
//! and a [`Streamstats`](crate::Streamstats) in the form of `LargestBefore` as that.
//!
//! Sources: the Search Manual on Boolean expressions, backslashes, comments, CASE and TERM; the Search Reference on each
//! command. Unchecked: OR binds tighter than XOR; `.` binds as `+` does; words outside quotes have the same escapes.
//!
//! Lacks: subsearches outside `multisearch`, macros but in a search and as a command by themselves, TERM(), options of commands beyond those of
//! [`Command`](crate::Command), and every other command.

mod command;
mod error;
mod expression;
mod pattern;
mod search;

pub use error::ParseError;

use crate::ast::{Query, SearchTerm, Start, Subsearch, Tstats};
use crate::quote::is_nameable;
use grammar::{Grammar, Rule};
use pest::Parser;
use pest::iterators::Pair;
use rulecast_ir::{Logic, Name};

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar.pest"]
    pub(super) struct Grammar;
}

/// Parentheses and brackets, and operators that nest, around any one part of a query, at most.
pub const MAX_DEPTH: usize = 128;

/// Parses a query. The error is the first problem: SPL has no place from which to go on.
pub fn parse(text: &str) -> Result<Query, ParseError> {
    if let Some(at) = exceeds_depth(text) {
        return Err(ParseError::at(text, at, format!("the query is nested more than {MAX_DEPTH} levels deep")));
    }
    let mut pairs = Grammar::parse(Rule::query, text).map_err(|error| ParseError::of_pest(text, &error))?;
    let reader = Reader { text };
    reader.pipeline(pairs.next().expect("`query` starts with `pipeline`"))
}

/// Turns the parts of the grammar into a tree.
#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn error(self, pair: &Pair<'a, Rule>, message: impl Into<String>) -> ParseError {
        ParseError::at(self.text, pair.as_span().start(), message)
    }

    /// The name that a pair of the grammar holds, if it is one that can be written again.
    fn name(self, pair: &Pair<'a, Rule>) -> Result<Name, ParseError> {
        let inner = match pair.as_rule() {
            Rule::quoted => pair.clone(),
            _ => pair.clone().into_inner().next().expect("a field is quoted or a word"),
        };
        let name = match inner.as_rule() {
            Rule::quoted => quoted(inner),
            Rule::single => inner.into_inner().next().map_or("", |text| text.as_str()).to_owned(),
            _ => inner.as_str().to_owned(),
        };
        if is_nameable(&name.replace('*', "")) || name == "*" {
            return Ok(name.into());
        }
        Err(self.error(pair, "a field name holds no quotes, backquotes, backslashes and control characters"))
    }

    fn pipeline(self, pair: Pair<'a, Rule>) -> Result<Query, ParseError> {
        let mut query = Query { start: Start::Search(Logic::True), commands: Vec::new() };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_search => {}
                Rule::conjunction => query.start = Start::Search(self.conjunction(part)?),
                Rule::multisearch => {
                    let searches = part.into_inner().filter(|part| part.as_rule() == Rule::subsearch);
                    let searches = searches.map(|search| self.subsearch(search)).collect::<Result<_, _>>()?;
                    query.start = Start::Multisearch(searches);
                }
                Rule::tstats => query.start = Start::Tstats(self.tstats(part)?),
                _ => query.commands.push(self.command(&part)?),
            }
        }
        Ok(query)
    }

    fn tstats(self, pair: Pair<'a, Rule>) -> Result<Tstats, ParseError> {
        let mut tstats = Tstats {
            summaries_only: false,
            old_summaries: false,
            fill: None,
            aggregates: Vec::new(),
            dataset: "".into(),
            search: Logic::True,
            by: Vec::new(),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::option => {
                    let (name, value) = command::option(part.clone());
                    match &*name {
                        "summariesonly" => tstats.summaries_only = self.truth(&part, &value)?,
                        "allow_old_summaries" => tstats.old_summaries = self.truth(&part, &value)?,
                        "fillnull_value" => {
                            let inside = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
                            tstats.fill = Some(unescaped(inside.unwrap_or(&value)));
                        }
                        name => return Err(self.error(&part, format!("the option `{name}` is not read"))),
                    }
                }
                Rule::aggregate => tstats.aggregates.push(self.aggregate(&part)?),
                Rule::dataset => tstats.dataset = part.as_str().into(),
                Rule::tstats_search => tstats.search = self.search_alone(&part)?,
                Rule::by => tstats.by = self.names(part.into_inner())?,
                _ => {}
            }
        }
        Ok(tstats)
    }

    /// A search that stands where another rule of the grammar says where it ends.
    fn search_alone(self, pair: &Pair<'a, Rule>) -> Result<Logic<SearchTerm>, ParseError> {
        // Blanks before it keep its place, for errors.
        let before = self.text[..pair.as_span().start()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
        let text = before.chain(pair.as_str().chars()).collect::<String>();
        let mut pairs = Grammar::parse(Rule::alone, &text).map_err(|error| ParseError::of_pest(&text, &error))?;
        Reader { text: &text }.conjunction(pairs.next().expect("a search alone is a conjunction"))
    }

    fn truth(self, pair: &Pair<'a, Rule>, value: &str) -> Result<bool, ParseError> {
        match value.to_ascii_lowercase().as_str() {
            "t" | "true" | "1" => Ok(true),
            "f" | "false" | "0" => Ok(false),
            _ => Err(self.error(pair, "the option is true or false")),
        }
    }

    fn subsearch(self, pair: Pair<'a, Rule>) -> Result<Subsearch, ParseError> {
        // Its lines are indented when it is printed.
        let literals = [Rule::text, Rule::macro_text, Rule::option_value];
        let mut parts = pair.clone().into_inner().flatten();
        if let Some(part) = parts.find(|part| literals.contains(&part.as_rule()) && part.as_str().contains('\n')) {
            return Err(self.error(&part, "a text with a line feed is not read in a subsearch"));
        }
        let mut subsearch = Subsearch { search: Logic::True, commands: Vec::new() };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_search => {}
                Rule::conjunction => subsearch.search = self.conjunction(part)?,
                _ => subsearch.commands.push(self.command(&part)?),
            }
        }
        Ok(subsearch)
    }
}

/// Where parentheses and brackets first go deeper than they may.
fn exceeds_depth(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'(' | b'[' if !quoted => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(at);
                }
            }
            b')' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The text of a string between its quotes: a backslash escapes a quote, a pipe and itself, and is kept before all else
/// (Search Reference, `search`, "Quotes and escaping characters").
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(c @ ('"' | '\\' | '|')) = after.chars().next() {
            out.push(c);
            rest = &after[1..];
        } else {
            out.push('\\');
            rest = after;
        }
    }
    out + rest
}

/// The text of a `quoted`.
fn quoted(pair: Pair<'_, Rule>) -> String {
    unescaped(pair.into_inner().next().map_or("", |text| text.as_str()))
}
