//! A rule whose values are read and whose condition is not: what a processing pipeline rewrites.
//!
//! Resolving makes predicates of items. A pipeline must see the items themselves: their fields, their values after the
//! modifiers, the lists they stand in, the names of the selections. So with a [`Rewrite`], a rule is resolved by way of
//! a [`Draft`]; without one, none is made.
//!
//! Lacks: any knowledge of what rewrites it.

use crate::{Atom, Field, LogSource, Logic, Notes, Output, Predicate, Sigma, Subject, Test};
use rulecast_diagnostics::{Diagnostic, Span, Spanned};
use rulecast_rule::ast::{self, Condition, Modifier};
use std::sync::Arc;

/// Reads an item: applies its modifiers, parses its regexes.
pub fn read_item(item: &ast::Item, problems: &mut Vec<Diagnostic>) -> DraftItem {
    crate::resolve::read_item(item, problems)
}

/// Rewrites the rules of a unit while they are resolved.
pub trait Rewrite {
    /// Rewrites a detection rule, with the filters that apply to it.
    fn rule(&self, draft: &mut Draft, problems: &mut Vec<Diagnostic>);

    /// Rewrites the fields that a correlation names, for one of its members.
    fn correlation(&self, draft: &mut CorrelationDraft, problems: &mut Vec<Diagnostic>);

    /// What became of the rest of a document, which is asked for after all of it was rewritten.
    fn rest(&self, document: Span) -> Option<Rest>;
}

/// What a document has beside what makes it fire.
#[derive(Clone, Debug)]
pub struct Rest {
    /// What the document says of itself.
    pub metadata: Arc<ast::Metadata>,
    /// What the analyst sees, if the rule says so.
    pub output: Option<Output<Sigma>>,
}

/// A detection rule with the filters that apply to it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What the document has beside.
    pub rest: Rest,
    /// What it reads.
    pub source: LogSource,
    /// The rule's own detection, then those of the filters.
    pub detections: Vec<DraftDetection>,
    /// The conditions of the rule's classes, over its own selections.
    pub classes: Vec<Spanned<Condition>>,
    /// The whole document.
    pub span: Span,
}

/// Selections and the conditions over them, which are alternatives.
#[derive(Clone, Debug)]
pub struct DraftDetection {
    /// In the order written.
    pub selections: Vec<DraftSelection>,
    /// At least one.
    pub conditions: Vec<Spanned<Condition>>,
}

/// A search identifier and what it looks for.
#[derive(Clone, Debug)]
pub struct DraftSelection {
    /// The search identifier.
    pub name: Spanned<String>,
    /// What it looks for.
    pub tree: DraftTree,
}

/// What a selection looks for.
#[derive(Clone, Debug)]
pub enum DraftTree {
    /// One line.
    Item(DraftItem),
    /// All must hold; none asks for nothing.
    All(Vec<DraftTree>),
    /// Any may hold; none never holds.
    Any(Vec<DraftTree>),
    /// The operand must not hold.
    Not(Box<DraftTree>),
}

/// One line of a selection, its modifiers applied to its values.
#[derive(Clone, Debug)]
pub struct DraftItem {
    /// The field; none for keywords.
    pub field: Option<Field>,
    /// As written.
    pub modifiers: Vec<Modifier>,
    /// In the order written. A keyword's texts are as written, not yet sought anywhere.
    pub values: Vec<DraftValue>,
    /// All values must hold, not any.
    pub all: bool,
    /// The item must not hold.
    pub neq: bool,
    /// Where the rule says so.
    pub span: Span,
    /// The rewriting's own: the steps that changed it, by their place.
    pub applied: Vec<u32>,
}

/// A value: any of its tests may hold. Several are the variants that a modifier made of it.
#[derive(Clone, Debug)]
pub struct DraftValue {
    /// At least one, unless the value was wrong.
    pub tests: Vec<Test<Sigma>>,
    /// Where the rule says so.
    pub span: Span,
}

/// The fields that a correlation names, for one of its members.
#[derive(Clone, Debug)]
pub struct CorrelationDraft {
    /// What the correlation has beside.
    pub rest: Rest,
    /// The log sources that the member reads, as its rules were written.
    pub sources: Vec<LogSource>,
    /// The fields, in the order written: those of the keys, then that of the condition.
    pub fields: Vec<CorrelationField>,
    /// The whole document.
    pub span: Span,
}

/// A field that a correlation names.
#[derive(Clone, Debug)]
pub struct CorrelationField {
    /// What it stands for; one as written.
    pub fields: Vec<Field>,
    /// Where the correlation names it.
    pub span: Span,
}

impl DraftTree {
    /// Visits every item, in order.
    pub fn for_each(&self, visit: &mut impl FnMut(&DraftItem)) {
        match self {
            DraftTree::Item(item) => visit(item),
            DraftTree::All(parts) | DraftTree::Any(parts) => parts.iter().for_each(|part| part.for_each(visit)),
            DraftTree::Not(inner) => inner.for_each(visit),
        }
    }

    /// What holds of an event where the selection does.
    pub fn into_predicate(self) -> Predicate<Sigma> {
        match self {
            DraftTree::Item(item) => item.into_predicate(),
            DraftTree::All(parts) => Logic::all(parts.into_iter().map(DraftTree::into_predicate).collect::<Vec<_>>()),
            DraftTree::Any(parts) => Logic::any(parts.into_iter().map(DraftTree::into_predicate).collect::<Vec<_>>()),
            DraftTree::Not(inner) => inner.into_predicate().negate(),
        }
    }
}

impl DraftItem {
    fn into_predicate(self) -> Predicate<Sigma> {
        let keyword = self.field.is_none();
        let subject = self.field.map_or(Subject::Keyword, Subject::Field);
        let values: Vec<Predicate<Sigma>> = self
            .values
            .into_iter()
            .map(|value| {
                let span = value.span;
                let atom = |test: Test<Sigma>| {
                    let test = if keyword { test.anywhere() } else { test };
                    Logic::Test(Atom { subject: subject.clone(), test, span, notes: Notes::default() })
                };
                Logic::any(value.tests.into_iter().map(atom).collect::<Vec<_>>())
            })
            .collect();
        let predicate = if self.all { Logic::all(values) } else { Logic::any(values) };
        if self.neq { predicate.negate() } else { predicate }
    }
}

impl Test<Sigma> {
    /// The test of a text anywhere in a value; others as they are.
    #[must_use]
    pub fn anywhere(self) -> Self {
        match self {
            Test::Text { pattern, case } => Test::Text { pattern: pattern.any_before().any_after(), case },
            other => other,
        }
    }
}
