//! One line of a selection to a predicate.

use super::chain::{self, Affix, Ask, Base64, Chain, Text};
use super::{encode, problem};
use crate::draft::{DraftItem, DraftTree, DraftValue};
use crate::regex::{Regex, RegexEnds, RegexFlags};
use crate::{
    Atom, Case, Comparison, Field, FieldOperator, Logic, Name, Notes, Number, Pattern, Predicate, Sigma, Subject, Test,
};
use ipnet::IpNet;
use rulecast_diagnostics::{Diagnostic, Span, Spanned};
use rulecast_rule::ast::{Item, Modifier, Selection, Value};
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// What a selection looks for. Where a part is wrong, that part is among the problems and the result without meaning.
pub(super) fn selection(selection: &Selection, problems: &mut Vec<Diagnostic>) -> Predicate<Sigma> {
    match selection {
        Selection::AllOf(items) => Logic::all(items.iter().map(|one| item(one, problems)).collect::<Vec<_>>()),
        Selection::AnyOf(parts) => {
            Logic::any(parts.iter().map(|part| self::selection(part, problems)).collect::<Vec<_>>())
        }
    }
}

/// A selection before its values become predicates.
pub(super) fn tree(selection: &Selection, problems: &mut Vec<Diagnostic>) -> DraftTree {
    match selection {
        Selection::AllOf(items) => {
            DraftTree::All(items.iter().map(|one| DraftTree::Item(draft(one, problems))).collect())
        }
        Selection::AnyOf(parts) => DraftTree::Any(parts.iter().map(|part| tree(part, problems)).collect()),
    }
}

/// An item before its values become a predicate.
pub(crate) fn draft(item: &Item, problems: &mut Vec<Diagnostic>) -> DraftItem {
    let chain = chain_of(item, problems);
    let values = chain.as_ref().map_or_else(Vec::new, |chain| {
        let mut reader = Values { chain, item, keyword: false, problems };
        let value = |value: &Spanned<Value>| match reader.tests(value) {
            Tests::One(test) => DraftValue { tests: vec![test], span: value.span },
            Tests::Any(tests) => DraftValue { tests, span: value.span },
        };
        item.values.iter().map(value).collect()
    });
    DraftItem {
        field: item.field.as_ref().map(|field| Field::Sigma(Name::from(field.node.as_str()))),
        modifiers: item.modifiers.iter().map(|modifier| modifier.node).collect(),
        values,
        all: chain.as_ref().is_some_and(|chain| chain.all),
        neq: chain.as_ref().is_some_and(|chain| chain.neq),
        span: item.span,
        applied: Vec::new(),
    }
}

fn chain_of(item: &Item, problems: &mut Vec<Diagnostic>) -> Option<Chain> {
    let chain = chain::read(&item.modifiers, item.field.is_none(), problems)?;
    if let Some(all) = chain::all_span(&item.modifiers).filter(|_| item.values.len() < 2) {
        problems.push(problem::illegal_chain(all, "it needs a list of at least two values"));
    }
    Some(chain)
}

fn item(item: &Item, problems: &mut Vec<Diagnostic>) -> Predicate<Sigma> {
    let Some(chain) = chain_of(item, problems) else {
        return Logic::False;
    };
    let subject = match &item.field {
        Some(field) => Subject::Field(Field::Sigma(Name::from(field.node.as_str()))),
        None => Subject::Keyword,
    };
    let mut reader = Values { chain: &chain, item, keyword: item.field.is_none(), problems };
    let values: Vec<Predicate<Sigma>> = item
        .values
        .iter()
        .map(|value| {
            let span = value.span;
            let atom = |test| Logic::Test(Atom { subject: subject.clone(), test, span, notes: Notes::default() });
            match reader.tests(value) {
                Tests::One(test) => atom(test),
                Tests::Any(tests) => Logic::any(tests.into_iter().map(atom).collect::<Vec<_>>()),
            }
        })
        .collect();
    let predicate = if chain.all { Logic::all(values) } else { Logic::any(values) };
    if chain.neq { predicate.negate() } else { predicate }
}

/// What a value asks for: nearly always one test, so that the common case needs no list.
enum Tests {
    One(Test<Sigma>),
    Any(Vec<Test<Sigma>>),
}

struct Values<'a> {
    chain: &'a Chain,
    item: &'a Item,
    /// Whether the values are to stand anywhere.
    keyword: bool,
    problems: &'a mut Vec<Diagnostic>,
}

impl Values<'_> {
    fn tests(&mut self, value: &Spanned<Value>) -> Tests {
        match &self.chain.ask {
            Ask::Text(text) => self.text(*text, value),
            Ask::Regex { flags, affix, expand } => Tests::One(self.regex(*flags, *affix, *expand, value)),
            Ask::Cidr => Tests::One(self.cidr(value)),
            Ask::Exists => Tests::One(self.exists(value)),
            Ask::Compare { part, comparison } => {
                let (part, comparison) = (*part, *comparison);
                let Some(number) = number(&value.node) else {
                    let found = shown(&value.node);
                    return self.wrong(value.span, format!("{} needs a number", self.modifiers()), found);
                };
                Tests::One(match part {
                    Some(part) => {
                        let within = |range: &RangeInclusive<i64>| match number {
                            Number::Integer(number) => range.contains(&number),
                            Number::Decimal(_) => false,
                        };
                        if !within(&part.range()) {
                            self.problems.push(problem::no_such_part(value.span, part, &shown(&value.node)));
                        }
                        Test::Time { part, comparison, number }
                    }
                    None => Test::Number { comparison, number },
                })
            }
            Ask::FieldRef { affix, case } => {
                let (affix, case) = (*affix, *case);
                match &value.node {
                    Value::Text(name) if !name.is_empty() && Pattern::parse(name).as_literal().is_some() => {
                        let operator = match affix {
                            Affix::Whole => FieldOperator::Equals,
                            Affix::Start => FieldOperator::StartsWith,
                            Affix::End => FieldOperator::EndsWith,
                            Affix::Anywhere => FieldOperator::Contains,
                        };
                        Tests::One(Test::Field { operator, other: Field::Sigma(name.as_str().into()), case })
                    }
                    other => self.wrong(value.span, "`fieldref` needs the name of a field", shown(other)),
                }
            }
        }
    }

    fn text(&mut self, text: Text, value: &Spanned<Value>) -> Tests {
        let (keyword, anywhere) = (self.item.field.is_none(), self.keyword);
        let written = match &value.node {
            Value::Text(written) => written,
            Value::Null if keyword => {
                return self.wrong(value.span, "null cannot be a keyword", "there is no field that could lack a value");
            }
            Value::Null if text.is_plain() => {
                if self.item.values.len() > 1 {
                    self.problems.push(problem::null_in_list(value.span));
                }
                return Tests::One(Test::Exists(false));
            }
            Value::Null => {
                return self.wrong(value.span, format!("{} needs text", self.modifiers()), "null");
            }
            Value::Boolean(_) if keyword => {
                return self.wrong(value.span, "a boolean cannot be a keyword", "quote it if the word is meant");
            }
            other if text.windash || text.base64 != Base64::No || text.case == Case::Sensitive => {
                return self.wrong(value.span, format!("{} needs text", self.modifiers()), shown(other));
            }
            Value::Integer(_) | Value::Float(_) if text.is_plain() && !keyword => {
                let number = number(&value.node).expect("an integer or a float is a number");
                return Tests::One(Test::Number { comparison: Comparison::Equal, number });
            }
            other => {
                let pattern = Pattern::literal(shown(other));
                return Tests::One(ended(text, anywhere, pattern));
            }
        };
        let pattern = if text.expand { Pattern::parse_with_placeholders(written) } else { Pattern::parse(written) };
        if let Some(name) = pattern.placeholder()
            && let Some(modifier) = self.item.modifiers.iter().find(|modifier| changes_text(modifier.node))
        {
            self.problems.push(problem::changed_placeholder(value.span, name, modifier));
        }
        if !text.windash && text.base64 == Base64::No {
            return Tests::One(ended(text, anywhere, pattern));
        }
        let variants = if text.windash {
            let Some(variants) = encode::windash(&pattern) else {
                self.problems.push(problem::too_many_variants(value.span, "windash", encode::MAX_VARIANTS));
                return Tests::Any(Vec::new());
            };
            variants
        } else {
            vec![pattern]
        };
        let mut tests = Vec::with_capacity(variants.len());
        for variant in variants {
            if text.base64 == Base64::No {
                tests.push(ended(text, anywhere, variant));
                continue;
            }
            let Some(literal) = variant.as_literal() else {
                return self.wrong(value.span, "a value with wildcards cannot be encoded", "escape `*` and `?`");
            };
            let bytes = text.encoding.bytes(literal);
            if text.base64 == Base64::Whole {
                tests.push(ended(text, anywhere, Pattern::literal(encode::base64(&bytes))));
                continue;
            }
            let Some(offsets) = encode::base64_offsets(&bytes) else {
                self.problems.push(problem::too_short_to_encode(value.span));
                return Tests::Any(Vec::new());
            };
            tests.extend(offsets.into_iter().map(|offset| ended(text, anywhere, Pattern::literal(offset))));
        }
        Tests::Any(tests)
    }

    fn regex(&mut self, flags: RegexFlags, affix: Affix, expand: bool, value: &Spanned<Value>) -> Test<Sigma> {
        let text = match &value.node {
            Value::Text(text) => text.clone(),
            Value::Integer(_) | Value::Float(_) => shown(&value.node),
            other => return self.wrong_one(value.span, "`re` needs a regex", shown(other)),
        };
        let ends = match affix {
            // A regex is looked for anywhere as it is.
            Affix::Whole | Affix::Anywhere => RegexEnds::Neither,
            Affix::Start => RegexEnds::Start,
            Affix::End => RegexEnds::End,
        };
        let read = if expand { Regex::parse_with_placeholders } else { Regex::parse_at };
        match read(&text, flags, ends) {
            Ok(regex) => Test::Regex(Arc::new(regex)),
            Err(error) => {
                let span = within(value.span, text.len(), error.range);
                self.problems.push(problem::invalid_regex(span, &error.message));
                Test::Exists(true)
            }
        }
    }

    fn cidr(&mut self, value: &Spanned<Value>) -> Test<Sigma> {
        let Value::Text(text) = &value.node else {
            return self.wrong_one(value.span, "`cidr` needs a network", shown(&value.node));
        };
        let network = text.parse::<IpNet>().or_else(|error| text.parse::<IpAddr>().map(IpNet::from).map_err(|_| error));
        match network {
            Ok(network) if network.trunc() == network => return Test::Cidr(network),
            Ok(network) => {
                let network = network.trunc().to_string();
                self.problems.push(problem::host_bits(value.span, text, &network));
            }
            Err(_) => self.problems.push(problem::invalid_cidr(value.span, text)),
        }
        Test::Exists(true)
    }

    fn exists(&mut self, value: &Spanned<Value>) -> Test<Sigma> {
        if self.item.values.len() > 1 {
            return self.wrong_one(value.span, "`exists` takes one value", "one of several");
        }
        match &value.node {
            Value::Boolean(present) => Test::Exists(*present),
            // Both are booleans to the YAML of many rule writers.
            Value::Text(word) if word == "yes" => Test::Exists(true),
            Value::Text(word) if word == "no" => Test::Exists(false),
            other => self.wrong_one(value.span, "`exists` needs `true` or `false`, unquoted", shown(other)),
        }
    }

    fn wrong(&mut self, span: Span, message: impl Into<String>, label: impl Into<String>) -> Tests {
        Tests::One(self.wrong_one(span, message, label))
    }

    /// Reports a problem, and stands in for the test that cannot be made.
    fn wrong_one(&mut self, span: Span, message: impl Into<String>, label: impl Into<String>) -> Test<Sigma> {
        self.problems.push(problem::wrong_value(span, message, label));
        Test::Exists(true)
    }

    /// The modifiers of the item, as in messages.
    fn modifiers(&self) -> String {
        let names: Vec<_> = self.item.modifiers.iter().map(|modifier| modifier.node.name()).collect();
        format!("`{}`", names.join("|"))
    }
}

/// The test of a whole pattern, or of a part of the value. A keyword stands anywhere in a value.
fn ended(text: Text, keyword: bool, pattern: Pattern) -> Test<Sigma> {
    let pattern = match text.affix {
        Affix::Whole if !keyword => pattern,
        Affix::Whole | Affix::Anywhere => pattern.any_before().any_after(),
        Affix::Start => pattern.any_after(),
        Affix::End => pattern.any_before(),
    };
    Test::Text { pattern, case: text.case }
}

/// Whether it changes the text of a value, which a placeholder does not have yet.
fn changes_text(modifier: Modifier) -> bool {
    matches!(modifier, Modifier::WinDash | Modifier::Base64 | Modifier::Base64Offset)
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Integer(number) => Some(Number::Integer(*number)),
        Value::Float(number) => Some(Number::Decimal(*number)),
        Value::Text(_) | Value::Boolean(_) | Value::Null => None,
    }
}

/// A scalar as text.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Null => "null".into(),
    }
}

/// The part `range` of a scalar of `len` decoded bytes at `span`, if its spelling shows it as it is: plain, or quoted
/// without escapes. Else the whole scalar.
fn within(span: Span, len: usize, range: std::ops::Range<usize>) -> Span {
    let quotes = match (span.end - span.start) as usize {
        spelled if spelled == len => 0,
        spelled if spelled == len + 2 => 1,
        _ => return span,
    };
    let start = span.start as usize + quotes;
    Span::new(span.file, start + range.start, start + range.end.max(range.start + 1))
}
