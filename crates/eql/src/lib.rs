//! Elastic EQL: its syntax tree, its printer and parser, the lowering of rules into it, and an evaluator.
//!
//! Promises: every condition that [`Eql`] emits is true or false of an event, never unknown, and means what the rule
//! means on fields of the `keyword` family. Values are quoted by one module, wildcards in a value stay literal, and
//! regexes are rewritten from their tree into the dialect that Elasticsearch runs (Lucene, the whole value, no anchors).
//!
//! Lacks: fields compared with one another, keywords, parts of a time, aggregations (EQL has none of these, or none that
//! keeps the meaning), and chains of correlations. Each is refused. Not guarded: how many clauses a list becomes
//! (`indices.query.bool.max_clause_count`; one for each value of `:`, `like` and `in~`), and how many states a regex needs once it is
//! determinised, which only Elasticsearch can tell.
//!
//! Source: the EQL reference of Elasticsearch 8, and Lucene 9's `RegExp`.

pub mod ast;
mod comment;
mod eval;
mod lower;
mod parse;
mod print;
mod quote;
mod regex;
mod support;
mod written;

#[cfg(test)]
mod tests;

pub use ast::Query;
pub use comment::Comment;
pub use eval::{EvalError, evaluate};
pub use parse::{ParseError, parse};

use rulecast_backend::{Backend, Emitted, Feature, Language, Support};
use rulecast_ir::{Mapped, Refusal, Rule};

/// Lowers rules into EQL.
#[derive(Clone, Copy, Debug, Default)]
pub struct Eql;

impl Backend for Eql {
    type Query = Query;

    fn language(&self) -> Language {
        Language::Eql
    }

    fn support(&self, feature: Feature) -> Support {
        support::support(feature)
    }

    fn lower(&self, rule: &Rule<Mapped>) -> Result<Vec<Emitted<Query>>, Vec<Refusal>> {
        lower::rule(rule)
    }
}
