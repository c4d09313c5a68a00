//! Splunk SPL: a syntax tree, the lowering of mapped rules into it, its printer, its parser and its evaluator.
//!
//! A rule becomes one search. Where the `search` command can say all of it, that is the whole query; else the base
//! search holds what the rule implies, for the index to narrow, and a `where` behind it holds the rule itself.
//!
//! Promises:
//!
//! * Every condition is true or false, never NULL: a test of a missing field is false, its negation true. `!=` is never
//!   emitted; fields in `where` stand inside `isnotnull(mvfind(…))`, or inside `if(…,1,0)=1`.
//! * Any value of a multi-valued field may match, or [`Assumption::SingleValued`](rulecast_ir::Assumption) is named.
//! * A connective inside a different one has parentheses: `search` binds OR tighter than AND, `where` the other way.
//! * A sequence gives the starts and completions of its definition, and not another approximation of them.
//!
//! What rests on knowledge of Splunk that no engine has confirmed here, with the assumption that covers it where one does:
//!
//! * `search` compares an unquoted and a quoted number alike, by value (`mapping:<field>` on text fields); it finds an
//!   IPv4 address in a network, but not one mapped into IPv6, and so does `cidrmatch` (`mapping:<field>`).
//! * `field=*` and `field=""` see an empty value only if it was extracted (`empty-is-missing`).
//! * A wildcard inside quotes matches across separators; so does a keyword, against the raw event (`raw-text`). Values
//!   with characters that XML escapes are found in the index as they are (`raw-text`).
//! * Beyond ASCII, `search`, `lower` and PCRE fold case in their own ways (`ascii`, named where the rule has such a
//!   letter). PCRE may take `K` (the Kelvin sign) for `k`; nothing is named for that.
//! * PCRE reads text as UTF-8, so that `.` is one character; the SPL lexer passes a single backslash to it.
//! * `NOT field IN (…)` negates the list; `streamstats` with `window=0` has no limit; names in double quotes are fields
//!   of `by`, `dedup`, `table` and `sort`.
//!
//! Lacks: correlations that count, parts of a time, placeholders, one field containing another, computed columns, data
//! models (`tstats`).

mod ast;
mod eval;
mod factor;
mod lower;
mod parse;
mod print;
mod quote;
mod regex;
mod support;
#[cfg(test)]
mod tests;

pub use ast::{
    Aggregate, AggregateFunction, Assignment, BinSpan, Command, Expr, Function, Query, SearchTerm, SearchValue,
    SortKey, Streamstats, WherePredicate,
};
pub use eval::{EvalError, Macros, evaluate};
pub use parse::{MAX_DEPTH, ParseError, parse};

use rulecast_backend::{Backend, Emitted, Feature, Language, Support};
use rulecast_ir::{Mapped, Refusal, Rule};

/// The field that holds the class of a match.
pub const CLASS_FIELD: &str = "class";

/// The SPL of Splunk Enterprise and Splunk Cloud, 9 and later.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spl;

impl Backend for Spl {
    type Query = Query;

    fn language(&self) -> Language {
        Language::Spl
    }

    fn support(&self, feature: Feature) -> Support {
        support::support(feature)
    }

    fn lower(&self, rule: &Rule<Mapped>) -> Result<Vec<Emitted<Query>>, Vec<Refusal>> {
        lower::rule(rule)
    }
}
