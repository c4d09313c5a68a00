//! The expressions of the `search` command, over rows.
//!
//! Sources: Search Reference, `search` (comparisons, CIDR, IN: `=` and `!=` compare texts, so that `1` is not `1.0`;
//! `<` and `>` compare two numbers as numbers and all else lexicographically), and Search Manual, "Difference between
//! != and NOT", "Wildcards", "Use CASE() and TERM()"; `segmenters.conf` for where words end.
//!
//! Unchecked: letters beyond ASCII fold as Unicode folds them; `field=*` sees an empty value; `*` in a term matches
//! across words; a network finds addresses alone, and not its own text.

use super::event::View;
use super::{EvalError, Macros, text};
use crate::ast::{SearchTerm, SearchValue, TIME_MODIFIERS};
use ipnet::IpNet;
use regex::Regex;
use rulecast_ir::{Comparison, Logic, Scalar};
use std::borrow::Cow;
use std::net::IpAddr;

/// Where words of the raw event end, with the minor breakers (`segmenters.conf`, the default segmenter).
const BREAKERS: &str = "\\[\\]<>(){}|!;,'\"\\s&?+/:=@.\\-$#%\\\\_";
/// How deep macros may call macros.
const MACRO_DEPTH: usize = 16;

/// A leaf, ready to be tested on many rows.
enum Test<'q> {
    Is { field: &'q str, any_of: Vec<Wanted>, negated: bool },
    Ordered { field: &'q str, comparison: Comparison, text: Cow<'q, str>, number: Option<f64> },
    Present(&'q str),
    Macro(&'q str),
    Raw { pattern: Term, cased: bool },
}

/// What a value must be.
enum Wanted {
    /// Folded.
    Text(String),
    /// Folded, cut at the wildcards.
    Wild(Vec<String>),
    Network(IpNet),
    Cased(Vec<String>),
}

/// What the raw event must hold.
enum Term {
    Contains(String),
    Words(Box<Regex>),
}

/// A search, ready to be tested on many rows.
pub(super) struct Search<'q>(Logic<Test<'q>>);

impl<'q> Search<'q> {
    pub(super) fn new(search: &'q Logic<SearchTerm>, macros: &'q Macros) -> Result<Self, EvalError> {
        compile(search, macros, 0).map(Search)
    }

    pub(super) fn holds(&self, event: View<'_>) -> Result<bool, EvalError> {
        holds(&self.0, event)
    }
}

fn compile<'q>(search: &'q Logic<SearchTerm>, macros: &'q Macros, depth: usize) -> Result<Logic<Test<'q>>, EvalError> {
    let parts = |parts: &'q [Logic<SearchTerm>]| {
        parts.iter().map(|part| compile(part, macros, depth)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match search {
        Logic::True => Logic::True,
        Logic::False => Logic::False,
        Logic::Not(inner) => Logic::Not(Box::new(compile(inner, macros, depth)?)),
        Logic::And(all) => Logic::And(parts(all)?),
        Logic::Or(any) => Logic::Or(parts(any)?),
        Logic::Test(SearchTerm::Macro(called)) => {
            let name = called.split('(').next().unwrap_or_default();
            match macros.get(name) {
                Some(_) if depth == MACRO_DEPTH => return Err(unsupported("a macro that calls itself")),
                Some(definition) => compile(definition, macros, depth + 1)?,
                None => Logic::Test(Test::Macro(name)),
            }
        }
        Logic::Test(term) => Logic::Test(leaf(term)?),
    })
}

fn unsupported(what: impl Into<String>) -> EvalError {
    EvalError::Unsupported(what.into())
}

fn leaf(term: &SearchTerm) -> Result<Test<'_>, EvalError> {
    if let SearchTerm::Present(name)
    | SearchTerm::In { field: name, .. }
    | SearchTerm::Differ { field: name, .. }
    | SearchTerm::Compare { field: name, .. } = term
        && TIME_MODIFIERS.contains(&&**name)
    {
        return Err(unsupported(format!("the time modifier `{name}`")));
    }
    Ok(match term {
        SearchTerm::Macro(name) => Test::Macro(name),
        SearchTerm::Present(name) => Test::Present(name),
        SearchTerm::In { field: name, values } => {
            Test::Is { field: name, any_of: values.iter().map(wanted).collect(), negated: false }
        }
        SearchTerm::Differ { field: name, value } => {
            Test::Is { field: name, any_of: vec![wanted(value)], negated: true }
        }
        SearchTerm::Compare { field: name, comparison: Comparison::Equal, value } => {
            Test::Is { field: name, any_of: vec![wanted(value)], negated: false }
        }
        SearchTerm::Compare { field: name, comparison, value } => {
            let text = match value {
                SearchValue::Text(text) | SearchValue::Cased(text) => Cow::Borrowed(text.as_str()),
                SearchValue::Number(number) => Cow::Owned(number.to_string()),
            };
            let number = Scalar::Text(text.clone().into_owned()).number();
            Test::Ordered { field: name, comparison: *comparison, text, number }
        }
        SearchTerm::Raw(text) => Test::Raw { pattern: term_of(&fold(text))?, cased: false },
        SearchTerm::RawCased(text) => Test::Raw { pattern: term_of(text)?, cased: true },
    })
}

fn wanted(value: &SearchValue) -> Wanted {
    let pieces = |text: &str| text.split('*').map(str::to_owned).collect();
    match value {
        SearchValue::Number(number) => Wanted::Text(number.to_string()),
        SearchValue::Cased(text) => Wanted::Cased(pieces(text)),
        SearchValue::Text(text) if text.contains('*') => Wanted::Wild(pieces(&fold(text))),
        SearchValue::Text(text) => match text.parse() {
            Ok(network) => Wanted::Network(network),
            Err(_) => Wanted::Text(fold(text).into_owned()),
        },
    }
}

/// A term or phrase. An end without a wildcard is the end of a word.
fn term_of(text: &str) -> Result<Term, EvalError> {
    let mut pieces: Vec<&str> = text.split('*').collect();
    let open_end = pieces.len() > 1 && pieces.last() == Some(&"");
    let open_start = pieces.len() > 1 && pieces.first() == Some(&"");
    pieces.retain(|piece| !piece.is_empty());
    if let ([piece], true, true) = (pieces.as_slice(), open_start, open_end) {
        return Ok(Term::Contains((*piece).to_owned()));
    }
    let breaks = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let start = if open_start || breaks(text.chars().next()) { String::new() } else { format!("(?:\\A|[{BREAKERS}])") };
    let end =
        if open_end || breaks(text.chars().next_back()) { String::new() } else { format!("(?:\\z|[{BREAKERS}])") };
    let inner = pieces.iter().map(|piece| regex::escape(piece)).collect::<Vec<_>>().join(".*");
    let regex = Regex::new(&format!("(?s){start}{inner}{end}"));
    let regex = regex.map_err(|error| EvalError::Pattern { pattern: text.to_owned(), reason: error.to_string() })?;
    Ok(Term::Words(Box::new(regex)))
}

fn holds(tree: &Logic<Test<'_>>, event: View<'_>) -> Result<bool, EvalError> {
    match tree {
        Logic::True => Ok(true),
        Logic::False => Ok(false),
        Logic::Not(inner) => Ok(!holds(inner, event)?),
        Logic::And(parts) => {
            for part in parts {
                if !holds(part, event)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Logic::Or(parts) => {
            for part in parts {
                if holds(part, event)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Logic::Test(test) => test.holds(event),
    }
}

impl Test<'_> {
    fn holds(&self, event: View<'_>) -> Result<bool, EvalError> {
        Ok(match self {
            Test::Macro(name) => match event.relation() {
                Some(relation) => relation == *name,
                None => return Err(unsupported(format!("the macro `{name}` behind a command that makes new rows"))),
            },
            Test::Present(field) => !event.values(field).is_empty(),
            Test::Is { field, any_of, negated } => {
                let values = event.values(field);
                let matches = |value: &&Scalar| {
                    let value = text(value);
                    let folded = fold(&value);
                    any_of.iter().any(|wanted| wanted.is(&value, &folded))
                };
                if !negated {
                    return Ok(values.iter().any(|value| matches(&value)));
                }
                match values.iter().filter(matches).count() {
                    0 => !values.is_empty(),
                    matching if matching == values.len() => false,
                    _ => return Err(EvalError::SeveralValues(format!("`{field}!=`"))),
                }
            }
            Test::Ordered { field, comparison, text: right, number } => event.values(field).iter().any(|value| {
                let order = match (value.number(), number) {
                    (Some(left), Some(right)) => left.partial_cmp(right),
                    _ => Some(text(value).as_ref().cmp(right)),
                };
                order.is_some_and(|order| super::compares(*comparison, order))
            }),
            Test::Raw { pattern, cased } => {
                let values = event.values("_raw");
                let [raw] = values.as_ref() else { return Err(EvalError::NoRawText) };
                let raw = text(raw);
                let raw = if *cased { raw } else { Cow::Owned(fold(&raw).into_owned()) };
                match pattern {
                    Term::Contains(piece) => raw.contains(piece.as_str()),
                    Term::Words(regex) => regex.is_match(&raw),
                }
            }
        })
    }
}

impl Wanted {
    /// Whether a value is this; `folded` is the value folded.
    fn is(&self, value: &str, folded: &str) -> bool {
        match self {
            Wanted::Text(wanted) => wanted == folded,
            Wanted::Wild(pieces) => wild(pieces, folded),
            Wanted::Cased(pieces) => wild(pieces, value),
            Wanted::Network(network) => value.parse::<IpAddr>().is_ok_and(|address| network.contains(&address)),
        }
    }
}

/// Whether `text` is the pieces in order, with anything between them.
fn wild(pieces: &[String], text: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
    let Some((last, middle)) = rest.split_last() else { return text.is_empty() };
    for piece in middle {
        match text.find(piece.as_str()) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
    }
    text.ends_with(last.as_str())
}

pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a name is one of the names of a command, where `*` is a wildcard.
pub(super) fn names(pattern: &str, name: &str) -> bool {
    if !pattern.contains('*') {
        return pattern == name;
    }
    let pieces: Vec<_> = pattern.split('*').map(str::to_owned).collect();
    wild(&pieces, name)
}
