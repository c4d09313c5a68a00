//! Kusto KQL: syntax tree, lowering, printer, parser, evaluator.
//!
//! A rule becomes one query, a pipeline over the tables of a data model ([`ast`]). Promises: every test that is printed is
//! true or false for every row, never null, so that `and`, `or` and `not()` mean what they mean in the rule; nothing is
//! searched by term (`has`); text is quoted in one place; a query nests no deeper than Microsoft's parser allows.
//!
//! A string column cannot tell a missing value from an empty one: where that matters, the query carries the assumption
//! `empty-is-missing`.
//!
//! Sequences and correlations return the events that complete them. A sequence is joins, which run on every edition, or
//! `scan` where every engine that it reads has that. Windows slide, nothing is estimated, and the joins that they need are
//! cut by time; `unique-timestamps` says that no two events of a key share one.
//!
//! Lacks: tests of columns with several values (`mv-apply`).
//!
//! Queries are read back by [`parse`] and run over rows by [`eval`], which knows nothing of rules: the two prove that what
//! is printed says what the rule says.
//!
//! Source: the Kusto Query Language reference (learn.microsoft.com/kusto/query).

pub mod ast;
mod columns;
mod comment;
pub mod eval;
mod lower;
pub mod parse;
mod print;
mod quote;
mod regex;
mod rename;
mod support;
#[cfg(test)]
mod tests;
mod time;

pub use columns::Columns;
pub use comment::Comment;
use rulecast_backend::{Backend, Emitted, Feature, Language, Support};
use rulecast_ir::{Mapped, Refusal, Rule};

/// Kusto KQL: Microsoft Sentinel, Defender XDR, Azure Data Explorer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kql;

impl Backend for Kql {
    type Query = ast::Query;

    fn language(&self) -> Language {
        Language::Kql
    }

    fn support(&self, feature: Feature) -> Support {
        support::support(feature)
    }

    fn lower(&self, rule: &Rule<Mapped>) -> Result<Vec<Emitted<ast::Query>>, Vec<Refusal>> {
        lower::rule(rule)
    }
}
