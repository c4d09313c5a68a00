//! Pipelines going over the rules of one unit.

use super::context::{Context, State};
use super::transform::{self, Draftable};
use super::{Pipelines, post};
use rulecast_diagnostics::{Diagnostic, Span};
use rulecast_ir::LogSource;
use rulecast_ir::draft::{CorrelationDraft, Draft, Rest, Rewrite};
use std::cell::RefCell;
use std::sync::Arc;

/// Rewrites the rules of one unit, and remembers what became of each.
#[derive(Debug)]
pub struct Run<'p> {
    pipelines: &'p Pipelines,
    /// Whether to keep the rule before and after each step.
    records: bool,
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
    changes: Vec<Change>,
}

/// What a step did to a rule, for people.
#[derive(Clone, Debug)]
pub struct Change {
    /// The type of the step.
    pub kind: String,
    /// The type, in the pipeline.
    pub span: Span,
    /// Whether the step's conditions on the rule held.
    pub applied: bool,
    /// The rule before it.
    pub before: Snapshot,
    /// And after.
    pub after: Snapshot,
}

/// A rule between two steps.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What is rewritten.
    pub draft: Drafted,
    /// The states, as JSON, by name.
    pub state: Vec<(String, String)>,
}

/// A rule, or the part of a correlation that is about one member.
#[derive(Clone, Debug)]
pub enum Drafted {
    /// A rule with its filters.
    Rule(Arc<Draft>),
    /// Fields of a correlation.
    Correlation(Arc<CorrelationDraft>),
}

impl<'p> Run<'p> {
    /// For one unit.
    pub fn new(pipelines: &'p Pipelines) -> Self {
        Self { pipelines, records: false, done: RefCell::new(Vec::new()) }
    }

    /// For one unit, keeping what each step does.
    pub fn recording(pipelines: &'p Pipelines) -> Self {
        Self { records: true, ..Self::new(pipelines) }
    }

    /// What was left of the rules, in the order of their rewriting.
    pub fn into_traces(self) -> Vec<Trace> {
        self.done.into_inner().into_iter().map(|(trace, _)| trace).collect()
    }

    fn go(&self, mut draft: Draftable<'_>, problems: &mut Vec<Diagnostic>) {
        let mut context = Context::new(&self.pipelines.ids, &self.pipelines.vars);
        let mut changes = Vec::new();
        for step in &self.pipelines.transformations {
            let before = self.records.then(|| snapshot(&draft, &context));
            let applied = transform::apply(step, &mut draft, &mut context, problems);
            if let Some(before) = before {
                let after = snapshot(&draft, &context);
                changes.push(Change { kind: step.kind.clone(), span: step.span, applied, before, after });
            }
        }
        let mut posts = Vec::new();
        post::chosen(&self.pipelines.postprocessing, draft.subject(), &mut context, &mut posts);
        let (document, source, rest) = match draft {
            Draftable::Rule(draft) => (draft.span, Some(draft.source.clone()), &draft.rest),
            Draftable::Correlation(draft) => (draft.span, None, &draft.rest),
        };
        self.leave(Trace { document, source, state: context.state, posts, changes }, rest.clone());
    }

    fn leave(&self, mut trace: Trace, rest: Rest) {
        let mut done = self.done.borrow_mut();
        match done.iter_mut().find(|(before, _)| before.document == trace.document) {
            Some(before) => {
                let earlier = std::mem::take(&mut before.0.changes);
                trace.changes.splice(..0, earlier);
                *before = (trace, rest);
            }
            None => done.push((trace, rest)),
        }
    }
}

fn snapshot(draft: &Draftable<'_>, context: &Context<'_>) -> Snapshot {
    let draft = match draft {
        Draftable::Rule(draft) => Drafted::Rule(Arc::new((*draft).clone())),
        Draftable::Correlation(draft) => Drafted::Correlation(Arc::new((*draft).clone())),
    };
    let state = context.state.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
    Snapshot { draft, state }
}

impl Trace {
    /// The document that it is about.
    pub fn document(&self) -> Span {
        self.document
    }

    /// Whether a step rewrites the text of the queries.
    pub fn rewrites_text(&self) -> bool {
        !self.posts.is_empty()
    }

    /// What each step did, where that was recorded; of a correlation, for each member.
    pub fn changes(&self) -> &[Change] {
        &self.changes
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
