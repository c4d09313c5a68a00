//! What a rule says of itself, with our defaults filled in.

use rulecast_rule::ast;
use std::sync::Arc;

/// The metadata of a rule document. Its defaults are functions, so that what was written stays apart from them.
#[derive(Clone, Debug)]
pub struct Metadata(pub Arc<ast::Metadata>);

impl PartialEq for Metadata {
    /// Rules are the same if their ids and titles are: metadata has no part in what a rule matches.
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id() && self.title() == other.title()
    }
}

impl Metadata {
    /// The title; empty if the document lacks one.
    pub fn title(&self) -> &str {
        self.0.title.as_ref().map_or("", |title| &title.node)
    }

    /// The id, as written.
    pub fn id(&self) -> Option<&str> {
        self.0.id.as_ref().map(|id| id.node.as_str())
    }

    /// The name that other rules refer to.
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_ref().map(|name| name.node.as_str())
    }

    /// The level; `medium` unless said.
    pub fn level(&self) -> ast::Level {
        self.0.level.as_ref().map_or(ast::Level::Medium, |level| level.node)
    }

    /// 0 to 100; by the level unless said: informational and low 21, medium 47, high 73, critical 99.
    pub fn risk_score(&self) -> u8 {
        self.0.risk_score.as_ref().map_or_else(|| default_risk(self.level()), |score| score.node)
    }
}

fn default_risk(level: ast::Level) -> u8 {
    match level {
        ast::Level::Informational | ast::Level::Low => 21,
        ast::Level::Medium => 47,
        ast::Level::High => 73,
        ast::Level::Critical => 99,
    }
}
