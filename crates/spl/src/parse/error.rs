//! Why a text is no query.

use super::grammar::Rule;
use pest::error::{Error, ErrorVariant, InputLocation};

/// The first place at which a text is no query that is read here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What was expected, or what is not read.
    pub message: String,
}

impl ParseError {
    /// An error at a byte of `text`.
    pub(super) fn at(text: &str, byte: usize, message: impl Into<String>) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line, column, message: message.into() }
    }

    /// What pest found, in words.
    pub(super) fn of_pest(text: &str, error: &Error<Rule>) -> Self {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let found = match text.get(at..).and_then(|rest| rest.chars().next()) {
            None => "the end of the query".to_owned(),
            Some('[') => return Self::at(text, at, "a subsearch stands in `multisearch` alone"),
            Some('`') => return Self::at(text, at, "a macro stands in a search alone, and ends with a backquote"),
            Some('(') => {
                return Self::at(text, at, "a parenthesis behind a word is read for functions of `eval` alone");
            }
            Some('\n') => "the end of the line".to_owned(),
            Some(c) => format!("`{c}`"),
        };
        let mut words: Vec<&str> = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives.iter().filter_map(|rule| word(*rule)).collect(),
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        let mut seen = Vec::new();
        words.retain(|word| !seen.contains(word) && (seen.push(*word), true).1);
        let message = match words.split_last() {
            None => format!("{found} is not expected here"),
            Some((last, [])) => format!("expected {last}, found {found}"),
            Some((last, rest)) => format!("expected {} or {last}, found {found}", rest.join(", ")),
        };
        Self::at(text, at, message)
    }
}

/// What a person calls a rule of the grammar.
fn word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::pipeline | Rule::conjunction | Rule::disjunction | Rule::negation => "a search",
        Rule::and_op | Rule::and_word => "AND",
        Rule::or_op | Rule::or_word => "OR",
        Rule::xor_word => "XOR",
        Rule::not_op | Rule::not_word => "NOT",
        Rule::in_op | Rule::in_word => "IN",
        Rule::like_word => "LIKE",
        Rule::macro_text => "the name of a macro",
        Rule::search_field | Rule::field_word | Rule::eval_field | Rule::eval_name | Rule::column => "a field",
        Rule::search_value | Rule::word | Rule::star => "a value",
        Rule::term | Rule::term_word | Rule::one_of | Rule::comparison => "a term",
        Rule::operator | Rule::compared => "a comparison",
        Rule::quoted | Rule::text => "text in double quotes",
        Rule::expression | Rule::either | Rule::both | Rule::negated | Rule::relation => "an expression",
        Rule::sum | Rule::product | Rule::unary | Rule::number | Rule::call | Rule::call_name => "an expression",
        Rule::sum_op | Rule::product_op | Rule::minus => "an operator",
        Rule::assignment => "an assignment",
        Rule::aggregate | Rule::aggregate_name => "an aggregate",
        Rule::by | Rule::by_word => "`by`",
        Rule::as_word => "`as`",
        Rule::from_word => "`from`",
        Rule::where_word => "`where`",
        Rule::dataset => "a dataset with its data model",
        Rule::tstats_search => "a search",
        Rule::option | Rule::option_name | Rule::option_value => "an option",
        Rule::span | Rule::span_value => "a span",
        Rule::sort_key | Rule::column_name | Rule::renaming => "a field",
        Rule::count => "a number",
        Rule::subsearch => "a search in brackets",
        Rule::EOI => "the end of the query",
        _ => return None,
    })
}
