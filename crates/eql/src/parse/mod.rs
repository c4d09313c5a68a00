//! Reads EQL.
//!
//! Promises: what the printer writes is read back as the same tree, and what Elasticsearch takes for the same query
//! (`like~` for `:`, `!=` for `not … ==`) becomes one tree. Nothing overflows or panics: brackets nest up to
//! [`MAX_DEPTH`].
//!
//! Lacks pipes, `join`, `fork`, lineage (`child of`), positions in an array (`f[0]`), keys that are expressions, and
//! comments within comments: each is an error. The syntax alone is checked here, not whether a function or a field exists.
//!
//! Source: Elasticsearch's EQL syntax reference, and the grammar of its parser.

mod build;
mod canonical;
mod condition;
mod problem;
mod text;

use crate::Query;
use pest::Parser;
use std::fmt::{self, Display, Formatter};

/// How deep brackets may nest.
const MAX_DEPTH: usize = 64;

/// The grammar, and the rules that it generates; they are public within their module alone.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "parse/grammar.pest"]
    pub(super) struct Grammar;
}

/// Why a text is no query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there, or what was expected.
    pub message: String,
}

impl Display for ParseError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for ParseError {}

/// Something wrong at a byte of the text.
struct Problem {
    at: usize,
    message: String,
}

impl Problem {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Problem { at, message: message.into() }
    }

    fn in_text(self, text: &str) -> ParseError {
        let before = text.get(..self.at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        ParseError {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: self.message,
        }
    }
}

/// Reads a query.
pub fn parse(text: &str) -> Result<Query, ParseError> {
    read(text).map_err(|problem| problem.in_text(text))
}

fn read(text: &str) -> Result<Query, Problem> {
    if let Some(at) = text::too_deep(text, MAX_DEPTH) {
        return Err(Problem::new(at, format!("brackets nest more than {MAX_DEPTH} levels deep")));
    }
    let mut pairs =
        grammar::Grammar::parse(grammar::Rule::statement, text).map_err(|error| problem::explain(text, &error))?;
    let query = build::query(pairs.next().expect("a statement starts with a query"))?;
    // A chain of operators has no brackets, and its tree has one for each: what is printed must be read back.
    let operators = text.bytes().filter(|byte| b"+-*/%".contains(byte)).count();
    let deep = |text: &str, limit| text::too_deep(text, limit).is_some();
    let may_be = operators > MAX_DEPTH || (operators > 0 && deep(text, MAX_DEPTH - operators));
    if may_be && deep(&query.to_string(), MAX_DEPTH) {
        return Err(Problem::new(0, format!("operators nest more than {MAX_DEPTH} levels deep")));
    }
    Ok(query)
}

#[cfg(test)]
pub(crate) mod tests;
