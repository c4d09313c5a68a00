//! The lines of a rule: each item of each selection, as a rule of its own.

use crate::Unit;
use rulecast_diagnostics::{Span, Spanned};
use rulecast_ir::{Arm, Body, Placeholders, Sigma};
use rulecast_rule::Document;
use rulecast_rule::ast::{self, Condition, Detection, Item, NamedSelection, Selection};

/// An item of a selection.
pub(super) struct ItemLine {
    /// The selection's name.
    pub(super) selection: String,
    pub(super) span: Span,
    /// The log source, and what the item alone asks for.
    pub(super) arm: Arm<Sigma>,
}

/// The items of a document, in the order of the text.
pub(super) fn of(document: &Document, placeholders: &Placeholders) -> Vec<ItemLine> {
    let ast::Body::Detection(rule) = &document.body else { return Vec::new() };
    let mut lines = Vec::new();
    for selection in &rule.detection.selections {
        for_each_item(&selection.selection, &mut |item| {
            lines.extend(one_of(document, rule, &selection.name, item, placeholders));
        });
    }
    lines
}

/// One item of a document.
pub(super) fn one(
    document: &Document,
    selection: &Spanned<String>,
    item: &Item,
    placeholders: &Placeholders,
) -> Option<ItemLine> {
    let ast::Body::Detection(rule) = &document.body else { return None };
    one_of(document, rule, selection, item, placeholders)
}

fn one_of(
    document: &Document,
    rule: &ast::DetectionRule,
    selection: &Spanned<String>,
    item: &Item,
    placeholders: &Placeholders,
) -> Option<ItemLine> {
    let mut rule = Unit::new(vec![alone(document, rule, selection, item)]).resolve().rules.pop()?;
    // What is wrong with the values is wrong with the rule, and told there.
    rule.fill(placeholders);
    let Body::Event(mut event) = rule.body else { return None };
    Some(ItemLine { selection: selection.node.clone(), span: item.span, arm: event.arms.pop()? })
}

fn for_each_item(selection: &Selection, visit: &mut impl FnMut(&Item)) {
    match selection {
        Selection::AllOf(items) => items.iter().for_each(visit),
        Selection::AnyOf(parts) => parts.iter().for_each(|part| for_each_item(part, visit)),
    }
}

/// A rule of this item and nothing else.
fn alone(document: &Document, rule: &ast::DetectionRule, name: &Spanned<String>, item: &Item) -> Document {
    let selection = NamedSelection { name: name.clone(), selection: Selection::AllOf(vec![item.clone()]) };
    let condition = Spanned::new(Condition::Selection(name.clone()), name.span);
    let detection = Detection { selections: vec![selection], conditions: vec![condition], span: rule.detection.span };
    let body = ast::Body::Detection(ast::DetectionRule { log_source: rule.log_source.clone(), detection });
    Document { metadata: std::sync::Arc::default(), body, span: document.span }
}
