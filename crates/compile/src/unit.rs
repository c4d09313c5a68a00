//! What is compiled together.

use rulecast_ir::Resolved;
use rulecast_pipeline::processing::{Pipelines, Run, Trace};
use rulecast_rule::Document;
use std::sync::Arc;

/// Documents that may refer to one another.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Those whose rules are wanted.
    pub documents: Vec<Document>,
    /// Those that are only referred to.
    pub others: Vec<Arc<Document>>,
}

impl Unit {
    /// The documents of one file, which refer to no other.
    pub fn new(documents: Vec<Document>) -> Self {
        Self { documents, others: Vec::new() }
    }

    /// Binds names, applies modifiers, parses regexes.
    pub fn resolve(&self) -> Resolved {
        rulecast_ir::resolve(&self.documents, &self.others)
    }

    /// The same, with every rule rewritten by pipelines. The traces are what they leave of a rule beside it.
    pub fn resolve_with(&self, pipelines: &Pipelines) -> (Resolved, Vec<Trace>) {
        if pipelines.is_empty() {
            return (self.resolve(), Vec::new());
        }
        self.resolve_by(Run::new(pipelines))
    }

    /// The same, with what each step did in the traces.
    pub fn resolve_recording(&self, pipelines: &Pipelines) -> (Resolved, Vec<Trace>) {
        self.resolve_by(Run::recording(pipelines))
    }

    fn resolve_by(&self, run: Run<'_>) -> (Resolved, Vec<Trace>) {
        let resolved = rulecast_ir::resolve_with(&self.documents, &self.others, Some(&run));
        (resolved, run.into_traces())
    }
}
