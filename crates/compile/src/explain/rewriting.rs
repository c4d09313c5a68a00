//! What each step of the pipelines did to a rule.

use super::words::words;
use crate::processing::{Change, Drafted, Snapshot, Trace};
use rulecast_diagnostics::Span;
use rulecast_ir::draft::{Draft, DraftItem, DraftTree, Rest};
use rulecast_ir::{Atom, Notes, OutputField, Sigma, Subject, Test};
use rulecast_rule::ast::{Condition, Quantifier};

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewriting {
    /// The type of the step.
    pub kind: String,
    /// The type, in the pipeline.
    pub span: Span,
    /// Whether the step's conditions on the rule held.
    pub applied: bool,
    /// Lines of the rule, in words, that are no more.
    pub removed: Vec<String>,
    /// Lines that came.
    pub added: Vec<String>,
}

/// What each step did, in order.
pub fn rewriting(trace: &Trace) -> Vec<Rewriting> {
    trace.changes().iter().map(of_change).collect()
}

fn of_change(change: &Change) -> Rewriting {
    let (before, after) = (lines(&change.before), lines(&change.after));
    Rewriting {
        kind: change.kind.clone(),
        span: change.span,
        applied: change.applied,
        removed: without(&before, &after),
        added: without(&after, &before),
    }
}

/// The lines that are not among others, each as often as it is missing.
fn without(lines: &[String], others: &[String]) -> Vec<String> {
    let mut others: Vec<&String> = others.iter().collect();
    let is_new = |line: &&String| match others.iter().position(|other| other == line) {
        Some(at) => {
            others.swap_remove(at);
            false
        }
        None => true,
    };
    lines.iter().filter(is_new).cloned().collect()
}

fn lines(snapshot: &Snapshot) -> Vec<String> {
    let mut lines = Vec::new();
    match &snapshot.draft {
        Drafted::Rule(draft) => of_rule(draft, &mut lines),
        Drafted::Correlation(draft) => {
            of_rest(&draft.rest, &mut lines);
            for field in &draft.fields {
                let names: Vec<String> = field.fields.iter().map(|field| field.name().to_string()).collect();
                lines.push(format!("correlates by {}", names.join(" and ")));
            }
        }
    }
    lines.extend(snapshot.state.iter().map(|(name, value)| format!("state {name} = {value}")));
    lines
}

fn of_rule(draft: &Draft, lines: &mut Vec<String>) {
    lines.push(format!("log source {}", draft.source));
    of_rest(&draft.rest, lines);
    for detection in &draft.detections {
        for selection in &detection.selections {
            of_tree(&selection.name, &selection.tree, lines);
        }
        for condition in &detection.conditions {
            lines.push(format!("condition: {}", of_condition(condition, false)));
        }
    }
}

fn of_rest(rest: &Rest, lines: &mut Vec<String>) {
    lines.extend(rest.metadata.fields.iter().map(|field| format!("shows {}", field.node)));
    for field in rest.output.iter().flat_map(|output| &output.fields) {
        if let OutputField::Field(field) = field {
            lines.push(format!("outputs {}", field.name()));
        }
    }
    lines.extend(rest.metadata.custom.iter().map(|(name, _)| format!("attribute {}", name.node)));
}

/// A line for each item; what joins them is the structure of the selection.
fn of_tree(selection: &str, tree: &DraftTree, lines: &mut Vec<String>) {
    match tree {
        DraftTree::Item(item) => lines.push(format!("{selection}: {}", of_item(item))),
        DraftTree::Not(inner) => of_tree(&format!("{selection}, not"), inner, lines),
        DraftTree::Any(parts) if parts.len() > 1 => {
            parts.iter().for_each(|part| of_tree(&format!("{selection}, any of"), part, lines));
        }
        DraftTree::All(parts) | DraftTree::Any(parts) => parts.iter().for_each(|part| of_tree(selection, part, lines)),
    }
}

fn of_item(item: &DraftItem) -> String {
    let subject = item.field.clone().map_or(Subject::Keyword, Subject::Field);
    let test = |test: &Test<Sigma>| {
        words(&Atom { subject: subject.clone(), test: test.clone(), span: item.span, notes: Notes::default() })
    };
    let values: Vec<String> =
        item.values.iter().map(|value| value.tests.iter().map(test).collect::<Vec<_>>().join(" or ")).collect();
    let joined = values.join(if item.all { ", and " } else { ", or " });
    if item.neq { format!("not: {joined}") } else { joined }
}

fn of_condition(condition: &Condition, inner: bool) -> String {
    let joined = |parts: &[Condition], word: &str| {
        let parts: Vec<String> = parts.iter().map(|part| of_condition(part, true)).collect();
        let joined = parts.join(word);
        if inner { format!("({joined})") } else { joined }
    };
    match condition {
        Condition::Selection(name) => name.node.clone(),
        Condition::Selector(selector) => {
            let quantifier = match selector.quantifier {
                Quantifier::Any => "1 of",
                Quantifier::All => "all of",
            };
            format!("{quantifier} {}", selector.pattern.as_deref().unwrap_or("them"))
        }
        Condition::Not(inner) => format!("not {}", of_condition(inner, true)),
        Condition::And(parts) => joined(parts, " and "),
        Condition::Or(parts) => joined(parts, " or "),
    }
}
