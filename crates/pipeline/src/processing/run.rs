//! Pipelines going over the rules of one unit.

use super::Pipelines;
use super::context::{Context, State};
use super::transform::{self, Draftable};
use rulecast_diagnostics::{Diagnostic, Span};
use rulecast_ir::LogSource;
use rulecast_ir::draft::{CorrelationDraft, Draft, Rest, Rewrite};
use std::cell::RefCell;

/// Rewrites the rules of one unit, and remembers what became of each.
#[derive(Debug)]
pub struct Run<'p> {
    pipelines: &'p Pipelines,
    done: RefCell<Vec<(Trace, Rest)>>,
}

/// What pipelines leave of a rule beside the rule.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The document.
    pub(super) document: Span,
    /// What it reads now; none for a correlation.
    pub(super) source: Option<LogSource>,
    pub(super) state: State,
}

impl<'p> Run<'p> {
    /// For one unit.
    pub fn new(pipelines: &'p Pipelines) -> Self {
        Self { pipelines, done: RefCell::new(Vec::new()) }
    }

    /// What was left of the rules, in the order of their rewriting.
    pub fn into_traces(self) -> Vec<Trace> {
        self.done.into_inner().into_iter().map(|(trace, _)| trace).collect()
    }

    fn go(&self, draft: &mut Draftable<'_>, problems: &mut Vec<Diagnostic>) -> Context<'p> {
        let mut context = Context::new(&self.pipelines.ids, &self.pipelines.vars);
        for step in &self.pipelines.transformations {
            transform::apply(step, draft, &mut context, problems);
        }
        context
    }

    fn leave(&self, trace: Trace, rest: Rest) {
        let mut done = self.done.borrow_mut();
        match done.iter_mut().find(|(before, _)| before.document == trace.document) {
            Some(before) => *before = (trace, rest),
            None => done.push((trace, rest)),
        }
    }
}

impl Trace {
    /// The document that it is about.
    pub fn document(&self) -> Span {
        self.document
    }
}

impl Rewrite for Run<'_> {
    fn rule(&self, draft: &mut Draft, problems: &mut Vec<Diagnostic>) {
        let context = self.go(&mut Draftable::Rule(draft), problems);
        let source = Some(draft.source.clone());
        self.leave(Trace { document: draft.span, source, state: context.state }, draft.rest.clone());
    }

    fn correlation(&self, draft: &mut CorrelationDraft, problems: &mut Vec<Diagnostic>) {
        let context = self.go(&mut Draftable::Correlation(draft), problems);
        self.leave(Trace { document: draft.span, source: None, state: context.state }, draft.rest.clone());
    }

    fn rest(&self, document: Span) -> Option<Rest> {
        let done = self.done.borrow();
        done.iter().find(|(trace, _)| trace.document == document).map(|(_, rest)| rest.clone())
    }
}
