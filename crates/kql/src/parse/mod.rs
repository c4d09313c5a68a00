//! Reads KQL text into the syntax tree.
//!
//! Promises: reads all that is printed, back to the same tree; reads what people write of the same operators in other
//! words (`order by`, `@'…'`, adjacent literals, comments, joins in place); refuses the rest by line and column, never by
//! a panic. What it reads it keeps: no hint or parameter is dropped.
//!
//! Lacks: user functions, `materialize` but for what a `let` names, `search`, `evaluate`, `make-series`, parameters of `union`, hints, and the
//! management commands.

#![allow(
    clippy::needless_pass_by_value,
    reason = "a pair is a cursor, as cheap as a reference, and iterators give it by value"
)]

mod aggregate;
mod error;
mod expr;
mod literal;
mod operator;
mod pipeline;
mod scan;

pub use error::ParseError;

use crate::ast::Query;
use grammar::{Grammar, Rule};
use pest::Parser;
use pest::iterators::Pair;

/// How deep parentheses, brackets and braces may nest, and how long a chain of sums or of properties may be: each level
/// takes stack.
pub const MAX_QUERY_DEPTH: usize = 48;

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "parse/grammar.pest"]
    pub(super) struct Grammar;
}

type Result<T> = std::result::Result<T, ParseError>;

/// Reads a query.
///
/// Refuses text that is not of the subset that [`crate::ast`] holds, at the place where it stops being so.
pub fn parse(text: &str) -> Result<Query> {
    if let Some(at) = too_deep(text) {
        return Err(ParseError::at(text, at, format!("nests more than {MAX_QUERY_DEPTH} levels deep")));
    }
    let mut pairs = Grammar::parse(Rule::query, text).map_err(|error| ParseError::of_grammar(text, &error))?;
    pipeline::query(pairs.next().expect("the grammar gives one query"))
}

/// Where the text nests too deep, outside literals and comments.
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > MAX_QUERY_DEPTH {
                    return Some(at);
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                while at < bytes.len() && bytes[at] != b'\n' {
                    at += 1;
                }
                continue;
            }
            quote @ (b'"' | b'\'') => {
                let verbatim = at > 0 && bytes[at - 1] == b'@';
                at += 1;
                while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
                    at += if bytes[at] == b'\\' && !verbatim { 2 } else { 1 };
                }
            }
            b'`' if bytes[at..].starts_with(b"```") => {
                at += 3;
                while at < bytes.len() && !bytes[at..].starts_with(b"```") {
                    at += 1;
                }
                at += 2;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The children of `pair` made by `rule`.
fn children(pair: Pair<'_, Rule>, rule: Rule) -> impl Iterator<Item = Pair<'_, Rule>> {
    pair.into_inner().filter(move |child| child.as_rule() == rule)
}

/// The first child of `pair` made by `rule`, which the grammar demands.
fn child(pair: Pair<'_, Rule>, rule: Rule) -> Pair<'_, Rule> {
    children(pair, rule).next().expect("the grammar demands this child")
}
