//! What became of each line of a rule on a target, and why.
//!
//! Promises: a line is shown as the query holds it, mapped in the company of its rule and lowered with all of its values.
//! Lacks: what a backend does with several lines at once (factoring a common part out), and the lines of filters.

mod held;
mod lines;
mod missing;
mod part;
mod piece;
mod rewriting;
mod words;

use crate::{Allow, Outcome, Target, compile};
use lines::ItemLine;
use rulecast_diagnostics::{Span, Spanned};
use rulecast_ir::eval::{holds, satisfies};
use rulecast_ir::{Arm, Body, Placeholders, Record, Refusal, Rule, Sigma};
use rulecast_rule::Document;
use rulecast_rule::ast::Item;

pub use held::{Held, reasons};
pub use missing::{Missing, Why, missing};
pub use part::{Parting, partings};
pub use piece::Piece;
pub use rewriting::{Rewriting, rewriting};

/// A rule on a target, line by line.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The rule's queries, or why it has none.
    pub outcome: Outcome,
    /// In the order of the text.
    pub lines: Vec<Line>,
}

/// An item of a selection: `field|modifiers: values`.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The selection that it belongs to.
    pub selection: String,
    /// Where it stands.
    pub span: Span,
    /// What it asks, of each value.
    pub tests: Vec<TestLine>,
    /// What it becomes in the query, once for each source; or why nothing.
    pub pieces: Result<Vec<Piece>, Vec<Refusal>>,
    /// Whether it holds of the event, if there is one.
    pub holds: Option<bool>,
}

/// One test of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct TestLine {
    /// Where its value stands.
    pub span: Span,
    /// In words.
    pub words: String,
    /// Whether it holds of the event, if there is one.
    pub holds: Option<bool>,
}

/// Explains a rule of `documents` on a target, with the placeholders that the rule was filled with; with an event, also
/// what of it holds there.
pub fn explain(
    rule: &Rule<Sigma>,
    documents: &[Document],
    placeholders: &Placeholders,
    target: Target,
    event: Option<&Record>,
) -> Explanation {
    let mut arms = Vec::new();
    for_each_arm(&rule.body, &mut |arm| arms.push(arm));
    let of_rule = |document: &&Document| {
        let within = |arm: &&Arm<Sigma>| inside(arm.source.span, document.span);
        arms.iter().any(within)
    };
    let lines = documents.iter().filter(of_rule).flat_map(|document| lines::of(document, placeholders));
    let lines = lines.map(|line| explained(line, &arms, target, event));
    Explanation { lines: lines.collect(), outcome: compile(rule, target, Allow::default()) }
}

/// Explains one item of a rule on a target: one of a selection of `document`, whole or with some of its values.
///
/// `rule` is what became of the document, and of those beside it. `None` if the item itself cannot be resolved.
pub fn explain_item(
    rule: &Rule<Sigma>,
    document: &Document,
    (selection, item): (&Spanned<String>, &Item),
    placeholders: &Placeholders,
    target: Target,
) -> Option<Line> {
    let mut arms = Vec::new();
    for_each_arm(&rule.body, &mut |arm| arms.push(arm));
    let line = lines::one(document, selection, item, placeholders)?;
    Some(explained(line, &arms, target, None))
}

/// A line in the company of the arms of its rule.
fn explained(mut line: ItemLine, arms: &[&Arm<Sigma>], target: Target, event: Option<&Record>) -> Line {
    let whole = arms.iter().find(|arm| {
        let mut asks = false;
        arm.predicate.for_each(&mut |atom| asks |= inside(atom.span, line.span));
        asks
    });
    if let Some(whole) = whole {
        line.arm.source.scopes.clone_from(&whole.source.scopes);
    }
    let mut tests = Vec::new();
    line.arm.predicate.for_each(&mut |atom| {
        let holds = event.map(|event| holds(atom, event));
        tests.push(TestLine { span: atom.span, words: words::words(atom), holds });
    });
    Line {
        pieces: piece::pieces(&line.arm, whole.map(|arm| &arm.predicate), target),
        holds: event.map(|event| satisfies(&line.arm.predicate, event)),
        selection: line.selection,
        span: line.span,
        tests,
    }
}

fn inside(span: Span, outer: Span) -> bool {
    span.file == outer.file && outer.start <= span.start && span.end <= outer.end
}

/// Calls `visit` with every arm of a rule, its branches' too.
fn for_each_arm<'r>(body: &'r Body<Sigma>, visit: &mut impl FnMut(&'r Arm<Sigma>)) {
    match body {
        Body::Event(event) => {
            let branches = event.classification.iter().flat_map(|classes| &classes.branches);
            event.arms.iter().chain(branches.flat_map(|branch| &branch.arms)).for_each(visit);
        }
        Body::Sequence(sequence) => {
            sequence.steps.iter().chain(sequence.until.as_deref()).for_each(|step| for_each_arm(&step.body, visit));
        }
        Body::Correlation(correlation) => {
            correlation.members.iter().for_each(|member| for_each_arm(&member.body, visit));
        }
    }
}
