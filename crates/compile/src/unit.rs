//! What is compiled together.

use rulecast_diagnostics::Diagnostic;
use rulecast_ir::{Rule, Sigma};
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

/// The rules of a unit, and what is wrong with the others.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// In the order of their documents. A rule that another one uses is not among them, unless that one says `generate`.
    pub rules: Vec<Rule<Sigma>>,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Unit {
    /// The documents of one file, which refer to no other.
    pub fn new(documents: Vec<Document>) -> Self {
        Self { documents, others: Vec::new() }
    }

    /// Binds names, applies modifiers, parses regexes.
    pub fn resolve(&self) -> Resolved {
        todo!()
    }
}
