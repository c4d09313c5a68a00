//! Pipelines going over the rules of one unit.

use super::context::{Context, State};
use super::transform::{self, Draftable};
use super::{Pipelines, post};
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
    /// The post-processings of its queries, by number.
    pub(super) posts: Vec<usize>,
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

    fn go(&self, mut draft: Draftable<'_>, problems: &mut Vec<Diagnostic>) {
        let mut context = Context::new(&self.pipelines.ids, &self.pipelines.vars);
        for step in &self.pipelines.transformations {
            transform::apply(step, &mut draft, &mut context, problems);
        }
        let mut posts = Vec::new();
        post::chosen(&self.pipelines.postprocessing, draft.subject(), &mut context, &mut posts);
        let (document, source, rest) = match draft {
            Draftable::Rule(draft) => (draft.span, Some(draft.source.clone()), &draft.rest),
            Draftable::Correlation(draft) => (draft.span, None, &draft.rest),
        };
        self.leave(Trace { document, source, state: context.state, posts }, rest.clone());
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
        self.go(Draftable::Rule(draft), problems);
    }

    fn correlation(&self, draft: &mut CorrelationDraft, problems: &mut Vec<Diagnostic>) {
        self.go(Draftable::Correlation(draft), problems);
    }

    fn rest(&self, document: Span) -> Option<Rest> {
        let done = self.done.borrow();
        done.iter().find(|(trace, _)| trace.document == document).map(|(_, rest)| rest.clone())
    }
}
