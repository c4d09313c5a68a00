//! What is wrong with a text that is no query.

use super::Result;
use super::grammar::Rule;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;
use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What was expected, or what is wrong.
    pub message: String,
}

impl Display for ParseError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for ParseError {}

impl ParseError {
    /// At a byte of the text.
    pub(super) fn at(text: &str, at: usize, message: String) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1, message }
    }

    /// At what was read.
    pub(super) fn on(pair: &Pair<'_, Rule>, message: impl Into<String>) -> Self {
        let (line, column) = pair.line_col();
        Self { line, column, message: message.into() }
    }

    /// What the grammar expected.
    pub(super) fn of_grammar(text: &str, error: &Error<Rule>) -> Self {
        let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
        let message = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => {
                let expected: BTreeSet<&str> = positives.iter().filter_map(|rule| words(*rule)).collect();
                if expected.is_empty() {
                    "not expected here".to_owned()
                } else {
                    format!("expected {}", expected.into_iter().collect::<Vec<_>>().join(", "))
                }
            }
            ErrorVariant::CustomError { message } => message.clone(),
        };
        Self::at(text, at, message)
    }
}

/// Fails on what was read.
pub(super) fn fail<T>(pair: &Pair<'_, Rule>, message: impl Into<String>) -> Result<T> {
    Err(ParseError::on(pair, message))
}

/// What a reader calls a rule of the grammar.
fn words(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::query => "a query",
        Rule::EOI => "the end of the query",
        Rule::name | Rule::word | Rule::quoted_name | Rule::names | Rule::rename => "a name",
        Rule::where_op
        | Rule::extend_op
        | Rule::project_away
        | Rule::project_rename
        | Rule::project_op
        | Rule::summarize_op
        | Rule::join_op
        | Rule::union_op
        | Rule::sort_op
        | Rule::take_op
        | Rule::top_op
        | Rule::distinct_op
        | Rule::count_op
        | Rule::serialize_op
        | Rule::mv_expand
        | Rule::scan_op => "an operator",
        Rule::pipeline | Rule::source | Rule::union_source | Rule::print_source | Rule::datatable => "a table",
        Rule::expr
        | Rule::conjunction
        | Rule::equality
        | Rule::relation
        | Rule::sum
        | Rule::product
        | Rule::text_test
        | Rule::signed
        | Rule::path
        | Rule::list
        | Rule::column
        | Rule::columns
        | Rule::sort_key
        | Rule::any_column
        | Rule::minus
        | Rule::call
        | Rule::function
        | Rule::dynamic
        | Rule::typed
        | Rule::typed_name
        | Rule::boolean
        | Rule::timespan
        | Rule::real
        | Rule::hexadecimal => "a value",
        Rule::integer => "a whole number",
        Rule::text | Rule::double | Rule::single | Rule::fenced | Rule::verbatim_double | Rule::verbatim_single => {
            "a string"
        }
        Rule::equality_op | Rule::relation_op | Rule::list_op | Rule::between_op | Rule::text_op => "a comparison",
        Rule::sum_op | Rule::product_op => "an arithmetic operator",
        Rule::kw_and => "`and`",
        Rule::kw_or => "`or`",
        Rule::kw_by => "`by`",
        Rule::kw_on => "`on`",
        Rule::kw_with => "`with`",
        Rule::kw_let | Rule::let_statement => "`let`",
        Rule::assign => "`=`",
        Rule::step | Rule::kw_step => "`step`",
        Rule::json | Rule::json_bag | Rule::json_list | Rule::json_null | Rule::json_number => "a JSON value",
        Rule::type_name => "a type",
        Rule::aggregate => "an aggregate",
        Rule::join_key | Rule::side => "a column to join on",
        _ => return None,
    })
}
