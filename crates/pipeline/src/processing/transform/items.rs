//! Going over the items of a rule; taking some away.

use super::{Doing, Draftable};
use crate::processing::read::invalid;
use rulecast_diagnostics::{Diagnostic, Severity, Spanned};
use rulecast_ir::draft::{Draft, DraftDetection, DraftItem, DraftTree};
use rulecast_ir::resolve::selects;
use rulecast_rule::ast::Condition;

/// The name under which it is reported that a pipeline takes away a part of a rule.
const DROPS: &str = "pipeline-drops";

/// What becomes of an item.
pub(super) enum Fate {
    /// It was left alone.
    Kept,
    /// It was changed in its place.
    Changed,
    /// Something else takes its place.
    Replaced(DraftTree),
    /// Nothing does.
    Dropped,
}

/// Calls `change` with every item that the step's conditions hold of.
pub(super) fn each<'a, 'p>(
    draft: &mut Draftable<'_>,
    doing: &mut Doing<'a, 'p>,
    mut change: impl FnMut(&mut DraftItem, &mut Doing<'a, 'p>) -> Fate,
) {
    let Draftable::Rule(draft) = draft else { return };
    let mut dropped = false;
    for selection in draft.detections.iter_mut().flat_map(|detection| &mut detection.selections) {
        if !tree(&mut selection.tree, doing, &mut change) {
            selection.tree = DraftTree::All(Vec::new());
            dropped = true;
        }
    }
    if dropped {
        prune(draft, doing);
    }
}

/// Whether anything is left of a tree.
fn tree<'a, 'p>(
    tree_: &mut DraftTree,
    doing: &mut Doing<'a, 'p>,
    change: &mut impl FnMut(&mut DraftItem, &mut Doing<'a, 'p>) -> Fate,
) -> bool {
    match tree_ {
        DraftTree::All(parts) | DraftTree::Any(parts) => {
            parts.retain_mut(|part| tree(part, doing, change));
            !parts.is_empty()
        }
        DraftTree::Not(inner) => tree(inner, doing, change),
        DraftTree::Item(item) => {
            let when = &doing.step.when;
            if !doing.context.item_is(&when.item, &when.field, item) {
                return true;
            }
            match change(item, doing) {
                Fate::Kept => {}
                Fate::Changed => mark(item, doing.step.place),
                Fate::Replaced(mut other) => {
                    let applied = std::mem::take(&mut item.applied);
                    mark_all(&mut other, &applied, doing.step.place);
                    *tree_ = other;
                }
                Fate::Dropped => return false,
            }
            true
        }
    }
}

pub(super) fn mark(item: &mut DraftItem, step: u32) {
    if !item.applied.contains(&step) {
        item.applied.push(step);
    }
}

pub(super) fn mark_all(tree: &mut DraftTree, before: &[u32], step: u32) {
    match tree {
        DraftTree::Item(item) => {
            before.iter().for_each(|step| mark(item, *step));
            mark(item, step);
        }
        DraftTree::All(parts) | DraftTree::Any(parts) => parts.iter_mut().for_each(|part| mark_all(part, before, step)),
        DraftTree::Not(inner) => mark_all(inner, before, step),
    }
}

/// `drop_detection_item`.
pub(super) fn drop(draft: &mut Draftable<'_>, doing: &mut Doing<'_, '_>) {
    each(draft, doing, |item, doing| {
        drops(item, doing, "the pipeline drops this item");
        Fate::Dropped
    });
}

/// Says that a pipeline takes away a part of the rule: it may, but the rule then means something else.
pub(super) fn drops(item: &DraftItem, doing: &mut Doing<'_, '_>, message: &str) {
    let note = Diagnostic { severity: Severity::Note, ..Diagnostic::warning(DROPS, item.span, message) };
    let note = note.label("not part of what the query matches");
    doing.problems.push(note.also(doing.step.span, format!("`{}` asks for it", doing.step.kind)));
}

/// Takes away the selections of which nothing is left, also from the conditions: what is not there has no part in them.
fn prune(draft: &mut Draft, doing: &mut Doing<'_, '_>) {
    let mut empty = false;
    for (place, detection) in draft.detections.iter_mut().enumerate() {
        let gone = |tree: &DraftTree| matches!(tree, DraftTree::All(parts) if parts.is_empty());
        let names: Vec<String> = detection
            .selections
            .iter()
            .filter(|selection| gone(&selection.tree))
            .map(|selection| selection.name.node.clone())
            .collect();
        detection.selections.retain(|selection| !names.contains(&selection.name.node));
        let left: Vec<&str> = detection.selections.iter().map(|selection| selection.name.node.as_str()).collect();
        let keep = |conditions: &mut Vec<Spanned<Condition>>| {
            let kept = conditions
                .iter()
                .filter_map(|condition| Some(Spanned::new(without(&condition.node, &names, &left)?, condition.span)));
            *conditions = kept.collect();
        };
        let DraftDetection { conditions, .. } = detection;
        keep(conditions);
        empty |= conditions.is_empty();
        if place == 0 {
            let before = draft.classes.len();
            keep(&mut draft.classes);
            empty |= draft.classes.len() < before;
        }
    }
    if empty {
        let message = "a pipeline drops everything that a condition of the rule asks for";
        let problem = Diagnostic::error(DROPS, draft.span, message).label("would match every event");
        doing.problems.push(problem.also(doing.step.span, format!("`{}` drops it", doing.step.kind)));
    }
}

/// A condition without some selections. None if nothing is left.
fn without(condition: &Condition, gone: &[String], left: &[&str]) -> Option<Condition> {
    let parts =
        |parts: &[Condition]| -> Vec<Condition> { parts.iter().filter_map(|part| without(part, gone, left)).collect() };
    match condition {
        Condition::Selection(name) => (!gone.contains(&name.node)).then(|| condition.clone()),
        Condition::Selector(selector) => {
            let lost =
                gone.iter().any(|name| selects(selector, name)) && !left.iter().any(|name| selects(selector, name));
            (!lost).then(|| condition.clone())
        }
        Condition::Not(inner) => Some(Condition::Not(Box::new(without(inner, gone, left)?))),
        Condition::And(all) => joined(parts(all), Condition::And),
        Condition::Or(any) => joined(parts(any), Condition::Or),
    }
}

fn joined(mut parts: Vec<Condition>, join: impl FnOnce(Vec<Condition>) -> Condition) -> Option<Condition> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(join(parts)),
    }
}

/// A failure that the pipeline's author asks for, or that its step comes to.
pub(super) fn fails(
    span: rulecast_diagnostics::Span,
    doing: &mut Doing<'_, '_>,
    message: impl Into<String>,
    label: &str,
) {
    let problem = Diagnostic { name: "pipeline-fails", ..invalid(span, message) };
    let problem = problem.label(label).also(doing.step.span, format!("`{}` of the pipeline", doing.step.kind));
    doing.problems.push(problem);
}
