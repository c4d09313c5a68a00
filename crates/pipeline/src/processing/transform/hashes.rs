//! `hashes_fields`: one field of many hashes, as `Hashes`, to a field for each algorithm.

use super::items::{self, Fate, drops, fails};
use super::{Doing, Draftable};
use crate::processing::read::Map;
use rulecast_ir::draft::{DraftItem, DraftTree, DraftValue};
use rulecast_ir::{Case, Field, Name, Part, Pattern, Test};

/// What `hashes_fields` is given.
#[derive(Debug)]
pub(in crate::processing) struct Hashes {
    /// In upper case.
    algorithms: Vec<String>,
    prefix: String,
    without_algorithm: bool,
    fields: Vec<String>,
}

impl Hashes {
    pub(super) fn read(map: &mut Map<'_>) -> Option<Self> {
        let algorithms = map.required("valid_hash_algos");
        let algorithms = algorithms.map(|node| map.as_texts("valid_hash_algos", node));
        let prefix = map.text("field_prefix").map_or_else(String::new, |prefix| prefix.node);
        let without_algorithm = map.flag("drop_algo_prefix");
        let mut fields: Vec<String> = map.texts("field_to_parse").into_iter().map(|field| field.node).collect();
        if fields.is_empty() {
            fields = vec!["Hashes".to_owned(), "Hash".to_owned()];
        }
        let algorithms = algorithms?.into_iter().map(|one| one.node.to_uppercase()).collect();
        Some(Self { algorithms, prefix, without_algorithm, fields })
    }

    pub(super) fn apply(&self, draft: &mut Draftable<'_>, doing: &mut Doing<'_, '_>) {
        items::each(draft, doing, |item, doing| self.item(item, doing));
    }

    fn item(&self, item: &mut DraftItem, doing: &mut Doing<'_, '_>) -> Fate {
        let Some(name) = item.field.as_ref().map(Field::name) else { return Fate::Kept };
        let texts = item.values.iter().flat_map(|value| &value.tests).all(|test| matches!(test, Test::Text { .. }));
        if !self.fields.iter().any(|field| **field == *name) || !texts {
            return Fate::Kept;
        }
        let mut found: Vec<(Name, Vec<DraftValue>)> = Vec::new();
        let mut lost = Vec::new();
        for value in &item.values {
            for test in &value.tests {
                let Test::Text { pattern, case } = test else { continue };
                let Some((field, hash)) = self.hash(pattern) else {
                    lost.push(value.span);
                    continue;
                };
                let value = DraftValue { tests: vec![hash_test(&hash, *case)], span: value.span };
                match found.iter_mut().find(|(known, _)| *known == field) {
                    Some((_, values)) => values.push(value),
                    None => found.push((field, vec![value])),
                }
            }
        }
        if found.is_empty() {
            let message = format!("no value of `{name}` is a hash of {}", self.algorithms.join(", "));
            fails(item.span, doing, message, "no algorithm that the pipeline allows");
            return Fate::Kept;
        }
        for span in lost {
            let lost = DraftItem { span, ..item.clone() };
            drops(&lost, doing, "the pipeline drops this hash: its algorithm is not among `valid_hash_algos`");
        }
        let names: Vec<Name> = found.iter().map(|(field, _)| field.clone()).collect();
        doing.context.rename(Some(&name), &names, doing.step.place);
        let part = |(field, values): (Name, Vec<DraftValue>)| {
            let field = Some(Field::Target(field));
            DraftTree::Item(DraftItem { field, values, neq: false, ..item.clone() })
        };
        let parts: Vec<DraftTree> = found.into_iter().map(part).collect();
        let tree = if item.all { DraftTree::All(parts) } else { DraftTree::Any(parts) };
        Fate::Replaced(if item.neq { DraftTree::Not(Box::new(tree)) } else { tree })
    }

    /// The field and the hash of `SHA1=…`, `SHA1|…` or a bare hash, which its length tells.
    fn hash(&self, pattern: &Pattern) -> Option<(Name, String)> {
        let mut parts = pattern.parts();
        if let [Part::AnyRun, rest @ ..] = parts {
            parts = rest;
        }
        if let [rest @ .., Part::AnyRun] = parts {
            parts = rest;
        }
        let [Part::Literal(text)] = parts else { return None };
        let (algorithm, hash) = match text.split_once(['|', '=']) {
            Some((algorithm, hash)) => (algorithm.to_uppercase(), hash),
            None => (by_length(text)?.to_owned(), text.as_str()),
        };
        let is_hash = !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hash || !self.algorithms.contains(&algorithm) {
            return None;
        }
        let algorithm = if self.without_algorithm { "" } else { &algorithm };
        Some((format!("{}{algorithm}", self.prefix).into(), hash.to_owned()))
    }
}

fn hash_test(hash: &str, case: Case) -> Test<rulecast_ir::Sigma> {
    Test::Text { pattern: Pattern::literal(hash), case }
}

fn by_length(hash: &str) -> Option<&'static str> {
    match hash.len() {
        32 => Some("MD5"),
        40 => Some("SHA1"),
        64 => Some("SHA256"),
        128 => Some("SHA512"),
        _ => None,
    }
}
