//! Transformations of the whole rule: its condition, log source, attributes and states, and failures.

use super::items::{self, Fate, fails};
use super::{Doing, Draftable};
use crate::processing::read::{Map, data, invalid, scalar};
use rulecast_diagnostics::{Span, Spanned};
use rulecast_ir::draft::{Draft, DraftItem, DraftSelection, DraftTree, read_item};
use rulecast_ir::{Field, Name, OutputField};
use rulecast_rule::ast::{self, Condition, Modifier, Node, Value};
use std::sync::Arc;

/// A transformation of the whole rule.
#[derive(Debug)]
pub(in crate::processing) enum OfRule {
    /// `add_condition`.
    Condition(Added),
    /// `change_logsource`.
    LogSource { category: Option<Name>, product: Option<Name>, service: Option<Name> },
    /// `add_field`.
    AddFields(Vec<Spanned<String>>),
    /// `remove_field`.
    RemoveFields(Vec<Spanned<String>>),
    /// `set_field`.
    SetFields(Vec<Spanned<String>>),
    /// `set_state`.
    State { key: String, value: serde_json::Value },
    /// `set_custom_attribute`.
    Attribute { name: Spanned<String>, value: Spanned<Node> },
    /// `rule_failure`.
    Fail(String),
    /// `detection_item_failure`.
    FailItem(String),
    /// `strict_field_mapping_failure`.
    FailUnmapped,
}

/// What `add_condition` is given.
#[derive(Debug)]
pub(in crate::processing) struct Added {
    items: Vec<ast::Item>,
    name: Option<String>,
    template: bool,
    negated: bool,
}

impl OfRule {
    pub(super) fn read(name: &str, map: &mut Map<'_>) -> Option<Self> {
        Some(match name {
            "add_condition" => OfRule::Condition(Added::read(map)),
            "change_logsource" => {
                let mut part = |key| map.text(key).map(|part| Name::from(part.node));
                let (category, product, service) = (part("category"), part("product"), part("service"));
                if category.is_none() && product.is_none() && service.is_none() {
                    map.problems.push(invalid(map.at, "the step names no part of a log source"));
                }
                OfRule::LogSource { category, product, service }
            }
            "add_field" => OfRule::AddFields(fields(map, "field")),
            "remove_field" => OfRule::RemoveFields(fields(map, "field")),
            "set_field" => OfRule::SetFields(fields(map, "fields")),
            "set_state" => {
                let key = map.required_text("key");
                let value = map.required("val");
                OfRule::State { key: key?.node, value: data(&value?.node) }
            }
            "set_custom_attribute" => {
                let name = map.required_text("attribute");
                let value = map.required("value");
                OfRule::Attribute { name: name?, value: value? }
            }
            "rule_failure" => OfRule::Fail(map.required_text("message")?.node),
            "detection_item_failure" => OfRule::FailItem(map.required_text("message")?.node),
            _ => OfRule::FailUnmapped,
        })
    }

    pub(super) fn has_items(&self) -> bool {
        matches!(self, OfRule::FailItem(_) | OfRule::FailUnmapped)
    }

    pub(super) fn apply(&self, draft: &mut Draftable<'_>, doing: &mut Doing<'_, '_>) {
        match self {
            OfRule::Condition(added) => {
                if let Draftable::Rule(draft) = draft {
                    added.apply(draft, doing);
                }
            }
            OfRule::LogSource { category, product, service } => {
                if let Draftable::Rule(draft) = draft {
                    draft.source.category.clone_from(category);
                    draft.source.product.clone_from(product);
                    draft.source.service.clone_from(service);
                }
            }
            OfRule::AddFields(names) => {
                let rest = draft.rest();
                Arc::make_mut(&mut rest.metadata).fields.extend(names.iter().cloned());
                if let Some(output) = &mut rest.output {
                    output.fields.extend(names.iter().map(shown));
                }
            }
            OfRule::RemoveFields(names) => {
                let rest = draft.rest();
                let is_kept = |field: &str| !names.iter().any(|name| name.node == field);
                Arc::make_mut(&mut rest.metadata).fields.retain(|field| is_kept(field));
                if let Some(output) = &mut rest.output {
                    output.fields.retain(|field| match field {
                        OutputField::Field(field) => is_kept(&field.name()),
                        OutputField::Time | OutputField::Class => true,
                    });
                }
            }
            OfRule::SetFields(names) => {
                let rest = draft.rest();
                Arc::make_mut(&mut rest.metadata).fields.clone_from(names);
                if let Some(output) = &mut rest.output {
                    output.fields = names.iter().map(shown).collect();
                }
            }
            OfRule::State { key, value } => {
                doing.context.state.insert(key.clone(), value.clone());
            }
            OfRule::Attribute { name, value } => {
                let metadata = Arc::make_mut(&mut draft.rest().metadata);
                metadata.custom.retain(|(known, _)| known.node != name.node);
                metadata.custom.push((name.clone(), value.clone()));
            }
            OfRule::Fail(message) => {
                let span = match draft {
                    Draftable::Rule(draft) => title(&draft.rest.metadata, draft.span),
                    Draftable::Correlation(draft) => title(&draft.rest.metadata, draft.span),
                };
                fails(span, doing, message, "the pipeline does not take this rule");
            }
            OfRule::FailItem(message) => items::each(draft, doing, |item, doing| {
                fails(item.span, doing, message, "the pipeline does not take this item");
                Fate::Kept
            }),
            OfRule::FailUnmapped => items::each(draft, doing, |item, doing| {
                if let Some(name) = item.field.as_ref().map(Field::name)
                    && !doing.context.mapped.contains(&name)
                {
                    let message = format!("no step of the pipeline maps the field `{name}`");
                    fails(item.span, doing, message, "the pipeline is strict");
                }
                Fate::Kept
            }),
        }
    }
}

fn title(metadata: &ast::Metadata, document: Span) -> Span {
    metadata.title.as_ref().map_or(document, |title| title.span)
}

fn shown<S: rulecast_ir::Stage<Field = Field>>(name: &Spanned<String>) -> OutputField<S> {
    OutputField::Field(Field::Target(name.node.as_str().into()))
}

fn fields(map: &mut Map<'_>, key: &'static str) -> Vec<Spanned<String>> {
    let node = map.required(key);
    node.map_or_else(Vec::new, |node| map.as_texts(key, node))
}

impl Added {
    fn read(map: &mut Map<'_>) -> Self {
        let entries = map.entries("conditions");
        let name = map.text("name").map(|name| name.node);
        let template = map.flag("template");
        let negated = map.flag("negated");
        let items = entries.into_iter().filter_map(|(key, node)| item(&key, node, map)).collect();
        Self { items, name, template, negated }
    }

    fn apply(&self, draft: &mut Draft, doing: &mut Doing<'_, '_>) {
        let mut tree = Vec::with_capacity(self.items.len());
        for item in &self.items {
            let mut item = item.clone();
            if self.template {
                for value in &mut item.values {
                    if let Value::Text(text) = &mut value.node {
                        match substituted(text, draft) {
                            Ok(new) => *text = new,
                            Err(message) => {
                                let span = title(&draft.rest.metadata, draft.span);
                                fails(span, doing, message, "its log source");
                            }
                        }
                    }
                }
            }
            let mut read = read_item(&item, doing.problems);
            // The name of a column, unless a later step or the data model knows it as a field.
            read.field = read.field.map(|field| Field::Target(field.name()));
            tree.push(DraftTree::Item(DraftItem { applied: vec![doing.step.place], ..read }));
        }
        let span = draft.span;
        let own = draft.detections.first_mut().expect("a draft has the rule's own detection");
        let taken = |name: &str| own.selections.iter().any(|selection| selection.name.node == name);
        let name = match &self.name {
            // A name that the rule has already would stand for two things.
            Some(name) if !taken(name) => name.clone(),
            _ => {
                let free =
                    (1..=own.selections.len() + 1).map(|number| format!("_cond_{number}")).find(|name| !taken(name));
                free.expect("fewer names are taken than are tried")
            }
        };
        let name = Spanned::new(name, span);
        own.selections.push(DraftSelection { name: name.clone(), tree: DraftTree::All(tree) });
        for condition in &mut own.conditions {
            let added = Condition::Selection(name.clone());
            let added = if self.negated { Condition::Not(Box::new(added)) } else { added };
            let before = std::mem::replace(&mut condition.node, Condition::Or(Vec::new()));
            condition.node = Condition::And(vec![added, before]);
        }
    }
}

/// `field|modifier: values` as an item of a rule.
fn item(key: &Spanned<String>, node: Spanned<Node>, map: &mut Map<'_>) -> Option<ast::Item> {
    let mut words = key.node.split('|');
    let field = words.next().unwrap_or_default();
    let mut modifiers = Vec::new();
    for word in words {
        let Some(modifier) = Modifier::from_name(word) else {
            let word = Spanned::new(word.to_owned(), key.span);
            let names = Modifier::ALL.iter().map(|modifier| modifier.name());
            map.problems.push(crate::processing::read::unknown("modifier", &word, names));
            return None;
        };
        modifiers.push(Spanned::new(modifier, key.span));
    }
    let field = (!field.is_empty()).then(|| Spanned::new(field.to_owned(), key.span));
    let is_list = matches!(node.node, Node::List(_));
    let whole = key.span.to(node.span);
    let values = match node.node {
        Node::List(items) => items,
        _ => vec![node],
    };
    let mut read = Vec::with_capacity(values.len());
    for value in values {
        match scalar(&value) {
            Some(one) => read.push(Spanned::new(one.clone(), value.span)),
            None => map.problems.push(invalid(value.span, "a condition needs a value, or a list of values")),
        }
    }
    if read.is_empty() {
        map.problems.push(invalid(whole, "the condition has no value"));
        return None;
    }
    Some(ast::Item { field, modifiers, values: read, is_list, span: whole })
}

/// The text with `$category`, `$product` and `$service` of the rule; `$$` is a dollar sign.
fn substituted(text: &str, draft: &Draft) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let braced = after.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let (name, left) = braced.unwrap_or_else(|| {
            after.split_at(after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len()))
        });
        let part = match name {
            "category" => &draft.source.category,
            "product" => &draft.source.product,
            "service" => &draft.source.service,
            // Python leaves what it does not know as it is.
            _ => {
                out.push('$');
                rest = after;
                continue;
            }
        };
        match part {
            Some(part) => out.push_str(part),
            None => return Err(format!("the rule's log source has no `{name}` for the template `{text}`")),
        }
        rest = left;
    }
    out.push_str(rest);
    Ok(out)
}
