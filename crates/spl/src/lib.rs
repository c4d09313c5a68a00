//! Splunk SPL: a syntax tree, the lowering of mapped rules into it, its printer, its parser and its evaluator.
//!
//! A rule becomes one search. Where the `search` command can say all of it, that is the whole query; else the base
//! search holds what the rule implies, for the index to narrow, and a `where` behind it holds the rule itself. No
//! condition can ask which macro found an event: a rule over several macros that needs a `where`, a class or the steps of
//! a sequence is a `multisearch`, with a subsearch for each macro.
//!
//! Promises:
//!
//! * Every condition is true or false, never NULL: a test of a missing field is false, its negation true. `!=` is never
//!   emitted; fields in `where` stand inside `isnotnull(mvfind(…))`, or inside `if(…, 1, 0)=1`.
//! * Any value of a multi-valued field may match, or [`Assumption::SingleValued`](rulecast_ir::Assumption) is named.
//! * A connective inside a different one has parentheses: `search` binds OR tighter than AND, `where` the other way.
//! * A sequence gives exactly the starts and completions of its definition. Its result is the last event, with the time
//!   of the first in `rc_start<n>`, where n is the number of steps.
//! * A correlation of another kind gives exactly the events at which its measure is as it must be; see
//!   `docs/decisions/0009-windows-as-running-totals.md`. Sums and averages are compared to a millionth.
//! * An event that two macros of a `multisearch` both hold is in the result once for each, with the class that it has
//!   there: as a set of events the result is right. A sequence never takes the two for different events.
//!
//! The fields `class` ([`CLASS_FIELD`]) and `rc_…` are ours: an event's own fields of those names are overwritten.
//!
//! What rests on knowledge of Splunk that no engine has confirmed here, with the assumption that covers it:
//!
//! * `search` compares numbers by value even inside quotes (`mapping:<field>`, on text fields). `search` and `cidrmatch`
//!   find an IPv4 address in a network, but not one mapped into IPv6 (`mapping:<field>`).
//! * `field=*` and `field=""` see an empty value only if it was extracted (`empty-is-missing`).
//! * A keyword is found in the raw event, across separators (`raw-text`). A value with characters that XML escapes is
//!   found in the index as it is (`raw-text`).
//! * Beyond ASCII, `search`, `lower` and PCRE fold case in their own ways (`ascii`, where the rule has such a letter or
//!   compares fields without case).
//!
//! What no assumption covers, and would make a query wrong if it were not so:
//!
//! * `*` in a quoted value matches across separators, and after a doubled backslash is still a wildcard.
//! * PCRE reads text as UTF-8, so that `.` is one character, with `\b` of ASCII; it may take the Kelvin sign for a `k`.
//! * The SPL lexer passes a single backslash in a quoted pattern on to PCRE.
//! * `NOT field IN (…)` negates the list. In `by`, `dedup`, `table` and `sort`, a name in double quotes is a field.
//! * `streamstats` with `window=0` looks back without limit, and with `window=` up to 10,000 rows (`max_stream_window`);
//!   more are not asked for.
//! * `mvexpand` stays within its memory limit. It is used for a sequence whose steps may be one event and hold a key in
//!   different fields, or read different macros; and for measures of values and numbers.
//! * `tstats` searches as `search` does, wildcards and letter case included, before it fills what is missing; it gives an
//!   event with several values of a key a row for each; and `min(_time)` may be called `_time`.
//! * No event that is counted is in two macros of a `multisearch`: it would count as two.
//! * In a subsearch, brackets inside double quotes are text, and each macro holds search terms only, no pipe.
//!
//! Lacks: correlations inside others of which an event may be of two members with different keys, placeholders, one field
//! containing another with regard to case, computed columns, sequences and correlations over data models.

mod ast;
mod comment;
mod eval;
mod factor;
mod filtered;
mod lower;
mod parse;
mod print;
mod quote;
mod regex;
mod support;
#[cfg(test)]
mod tests;

pub use ast::{
    Aggregate, AggregateFunction, Assignment, BinSpan, Columns, Command, Expr, Function, Query, SearchTerm,
    SearchValue, SortKey, Start, Streamstats, Subsearch, Tstats, WherePredicate,
};
pub use comment::Comment;
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
