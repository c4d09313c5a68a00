//! Where a refusal points.
//!
//! A rule's tests know the place of their value. A field that a target lacks is no matter of the value: the refusal is
//! shown at the field, once for all values of its line.

use rulecast_diagnostics::Span;
use rulecast_ir::{Refusal, RefusalReason};
use rulecast_rule::Document;
use rulecast_rule::ast::{Body, Detection, Item, Modifier, Selection};

/// Points every refusal of an unmapped field at the field, in those of `documents` that name it.
pub fn point_at_fields(refusals: &mut Vec<Refusal>, documents: &[Document]) {
    for refusal in refusals.iter_mut().filter(|refusal| refusal.reason == RefusalReason::UnmappedField) {
        if let Some(span) = field_of(refusal, documents) {
            refusal.span = span;
        }
    }
    let mut seen: Vec<Refusal> = Vec::with_capacity(refusals.len());
    refusals.retain(|refusal| {
        let new = refusal.reason != RefusalReason::UnmappedField || !seen.contains(refusal);
        if new {
            seen.push(refusal.clone());
        }
        new
    });
}

fn field_of(refusal: &Refusal, documents: &[Document]) -> Option<Span> {
    let at = refusal.span;
    let around = |outer: Span| outer.file == at.file && outer.start <= at.start && at.end <= outer.end;
    let detections = documents.iter().filter_map(|document| match &document.body {
        Body::Detection(rule) => Some(&rule.detection),
        Body::Filter(filter) => Some(&filter.detection),
        Body::Correlation(_) => None,
    });
    // Of a rule collection, a detection may stand in parts: its items are what tells.
    detections.flat_map(items).find(|item| around(item.span)).and_then(|item| {
        let field = item.field.as_ref()?;
        // Of two fields that are compared, one is the value.
        let compares = item.modifiers.iter().any(|modifier| modifier.node == Modifier::FieldRef);
        (!compares || refusal.message.contains(&format!("`{}`", field.node))).then_some(field.span)
    })
}

fn items(detection: &Detection) -> Vec<&Item> {
    let mut all = Vec::new();
    detection.selections.iter().for_each(|selection| gather(&selection.selection, &mut all));
    all
}

fn gather<'d>(selection: &'d Selection, all: &mut Vec<&'d Item>) {
    match selection {
        Selection::AllOf(items) => all.extend(items),
        Selection::AnyOf(parts) => parts.iter().for_each(|part| gather(part, all)),
    }
}
