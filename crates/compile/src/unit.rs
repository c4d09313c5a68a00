//! What is compiled together.

use rulecast_ir::Resolved;
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
}
