//! `extract_fields`: the named groups of a regex in a value, each to a field of its own.

use super::items::{self, Fate, drops};
use super::values::constant;
use super::{Doing, Draftable};
use crate::processing::plain::Plain;
use crate::processing::read::{Map, invalid};
use rulecast_ir::draft::{DraftItem, DraftTree, DraftValue};
use rulecast_ir::{Case, Field, Name, Pattern, Sigma, Test};
use rulecast_rule::ast::Value;

/// What `extract_fields` is given.
#[derive(Debug)]
pub(in crate::processing) struct Extract {
    regex: regex::Regex,
    prefix: Option<String>,
    preserve: bool,
}

impl Extract {
    pub(super) fn read(map: &mut Map<'_>) -> Option<Self> {
        let regex = map.regex("regex");
        let prefix = map.text("field_prefix").map(|prefix| prefix.node);
        let preserve = map.flag("preserve_unmatched");
        let regex = regex?;
        if regex.capture_names().flatten().next().is_none() {
            map.problems.push(invalid(map.at, "the regex has no named group").help("name one: `(?P<name>…)`"));
        }
        Some(Self { regex, prefix, preserve })
    }

    pub(super) fn apply(&self, draft: &mut Draftable<'_>, doing: &mut Doing<'_, '_>) {
        items::each(draft, doing, |item, doing| self.item(item, doing));
    }

    fn item(&self, item: &mut DraftItem, doing: &mut Doing<'_, '_>) -> Fate {
        let texts = item.values.iter().flat_map(|value| &value.tests).all(|test| matches!(test, Test::Text { .. }));
        if !texts {
            return Fate::Kept;
        }
        let mut parts = Vec::new();
        let mut lost = Vec::new();
        let mut matched = false;
        for value in &item.values {
            let found: Vec<DraftTree> = value.tests.iter().filter_map(|test| self.fields(test, value, item)).collect();
            match found.len() {
                0 if self.preserve => {
                    let kept = DraftItem { values: vec![value.clone()], neq: false, ..item.clone() };
                    parts.push(DraftTree::Item(kept));
                }
                0 => lost.push(value.span),
                _ => {
                    matched = true;
                    parts.push(DraftTree::Any(found));
                }
            }
        }
        // Where nothing matches, pySigma leaves the item alone too.
        if !matched {
            return Fate::Kept;
        }
        for span in lost {
            let lost = DraftItem { span, ..item.clone() };
            drops(&lost, doing, "the pipeline drops this value: the regex of `extract_fields` does not match it");
        }
        let tree = if item.all { DraftTree::All(parts) } else { DraftTree::Any(parts) };
        Fate::Replaced(if item.neq { DraftTree::Not(Box::new(tree)) } else { tree })
    }

    /// The fields that the groups of one text give, all of which must hold.
    fn fields(&self, test: &Test<Sigma>, value: &DraftValue, item: &DraftItem) -> Option<DraftTree> {
        let Test::Text { pattern, case } = test else { return None };
        let plain = Plain::of(pattern);
        let captures = self.regex.captures(plain.text()).filter(|captures| captures.get_match().start() == 0)?;
        let groups = self.regex.capture_names().flatten().filter_map(|name| {
            let text = captures.name(name)?.as_str();
            let field: Name = match &self.prefix {
                Some(prefix) => format!("{prefix}.{name}").into(),
                None => name.into(),
            };
            let tests = vec![typed(text, *case)?];
            Some(DraftTree::Item(DraftItem {
                field: Some(Field::Target(field)),
                values: vec![DraftValue { tests, span: value.span }],
                all: false,
                neq: false,
                ..item.clone()
            }))
        });
        let groups: Vec<DraftTree> = groups.collect();
        (!groups.is_empty()).then_some(DraftTree::All(groups))
    }
}

/// A text by what it spells: a null, a number without leading zeros, else text. Nothing for an empty one.
fn typed(text: &str, case: Case) -> Option<Test<Sigma>> {
    if text.is_empty() {
        return None;
    }
    if matches!(text.to_ascii_lowercase().as_str(), "null" | "none") {
        return Some(Test::Exists(false));
    }
    let leads_with_zero = text.len() > 1 && text.starts_with('0');
    let number = text.parse().map(Value::Integer).or_else(|_| text.parse().map(Value::Float));
    match number {
        Ok(number) if !leads_with_zero && text.bytes().any(|byte| byte.is_ascii_digit()) => constant(&number, None),
        _ => Some(Test::Text { pattern: Pattern::parse(text), case }),
    }
}
