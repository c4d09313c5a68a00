//! The expressions of the `search` command.

use super::grammar::Rule;
use super::{ParseError, Reader, quoted, unescaped};
use crate::ast::{SearchTerm, SearchValue};
use pest::iterators::Pair;
use rulecast_ir::{Comparison, Logic, Number};

impl<'a> Reader<'a> {
    pub(super) fn conjunction(self, pair: Pair<'a, Rule>) -> Result<Logic<SearchTerm>, ParseError> {
        let parts = pair.into_inner().filter(|part| part.as_rule() == Rule::disjunction);
        let parts = parts.map(|part| self.disjunction(part)).collect::<Result<Vec<_>, _>>()?;
        Ok(Logic::all(parts))
    }

    fn disjunction(self, pair: Pair<'a, Rule>) -> Result<Logic<SearchTerm>, ParseError> {
        let parts = pair.into_inner().filter(|part| part.as_rule() == Rule::negation);
        let parts = parts.map(|part| self.negation(part)).collect::<Result<Vec<_>, _>>()?;
        Ok(Logic::any(parts))
    }

    fn negation(self, pair: Pair<'a, Rule>) -> Result<Logic<SearchTerm>, ParseError> {
        let mut negated = false;
        let mut tree = Logic::True;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::not_op => negated = !negated,
                Rule::conjunction => tree = self.conjunction(part)?,
                _ => tree = self.search_term(part)?,
            }
        }
        Ok(if negated { tree.negate() } else { tree })
    }

    fn search_term(self, pair: Pair<'a, Rule>) -> Result<Logic<SearchTerm>, ParseError> {
        let rule = pair.as_rule();
        let mut inner = pair.clone().into_inner();
        let mut next = || inner.next().expect("the grammar says which parts a term has");
        Ok(Logic::Test(match rule {
            Rule::macro_call => SearchTerm::Macro(next().as_str().into()),
            Rule::raw_cased => SearchTerm::RawCased(case_text(pair)),
            Rule::one_of => {
                let field = self.name(&next())?;
                let values = inner.filter(|part| part.as_rule() == Rule::search_value).map(value);
                SearchTerm::In { field, values: values.collect() }
            }
            Rule::comparison => {
                let field = self.name(&next())?;
                let operator = next();
                let right = next();
                let value =
                    if right.as_rule() == Rule::star { SearchValue::Text("*".into()) } else { value(right.clone()) };
                let comparison = match operator.as_str() {
                    "!=" => return Ok(Logic::Test(SearchTerm::Differ { field, value })),
                    "=" if right.as_rule() == Rule::star => return Ok(Logic::Test(SearchTerm::Present(field))),
                    operator => comparison(operator),
                };
                if comparison != Comparison::Equal && right.as_rule() == Rule::star {
                    return Err(self.error(&operator, "`<` and `>` do not compare with a wildcard"));
                }
                SearchTerm::Compare { field, comparison, value }
            }
            _ => {
                let part = next();
                match part.as_rule() {
                    Rule::star => return Ok(Logic::True),
                    Rule::quoted => SearchTerm::Raw(quoted(part)),
                    _ => SearchTerm::Raw(unescaped(part.as_str())),
                }
            }
        }))
    }
}

pub(super) fn comparison(operator: &str) -> Comparison {
    match operator {
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => Comparison::Equal,
    }
}

fn value(pair: Pair<'_, Rule>) -> SearchValue {
    let inner = pair.into_inner().next().expect("a value is quoted, cased or a word");
    match inner.as_rule() {
        Rule::quoted => SearchValue::Text(quoted(inner)),
        Rule::cased => SearchValue::Cased(case_text(inner)),
        _ => {
            let word = inner.as_str();
            number(word).map_or_else(|| SearchValue::Text(unescaped(word)), SearchValue::Number)
        }
    }
}

/// The text in `CASE(…)`.
fn case_text(pair: Pair<'_, Rule>) -> String {
    let text = pair.into_inner().find(|part| part.as_rule() != Rule::case_word).expect("CASE holds a text");
    if text.as_rule() == Rule::quoted { quoted(text) } else { unescaped(text.as_str()) }
}

/// The number that prints as `word`, if there is one.
pub(super) fn number(word: &str) -> Option<Number> {
    if !word.starts_with(|c: char| c.is_ascii_digit() || c == '-') || word.contains(['e', 'E']) {
        return None;
    }
    let integer = word.parse().ok().map(Number::Integer);
    let decimal = || word.parse().ok().filter(|number: &f64| number.is_finite()).map(Number::Decimal);
    integer.into_iter().chain(decimal()).find(|number| number.to_string() == word)
}
