//! What every language offers, and the check that comes before it.

use crate::{Feature, Required, Support, for_each_required};
use rulecast_ir::{Fidelity, Mapped, Name, Refusal, Rule};
use rulecast_rule::ast::Level;
use std::fmt;

/// A query language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Elastic EQL.
    Eql,
    /// Splunk SPL.
    Spl,
    /// Kusto KQL.
    Kql,
}

impl Language {
    /// All of them, in the order that outputs use.
    pub const ALL: [Language; 3] = [Language::Eql, Language::Spl, Language::Kql];

    /// `eql`, `spl`, `kql`: as in targets and file extensions.
    pub fn name(self) -> &'static str {
        match self {
            Language::Eql => "eql",
            Language::Spl => "spl",
            Language::Kql => "kql",
        }
    }

    /// `EQL`, `SPL`, `KQL`: as in messages.
    pub fn title(self) -> &'static str {
        match self {
            Language::Eql => "EQL",
            Language::Spl => "SPL",
            Language::Kql => "KQL",
        }
    }
}

/// Lowers rules into one language.
pub trait Backend {
    /// The language's syntax tree. Its `Display` prints it, and is the only place where its text is made.
    type Query: fmt::Display;

    /// Which language.
    fn language(&self) -> Language;

    /// How the language meets a feature. Total, with no `_` arm: a new feature does not compile until every backend has
    /// answered for it.
    fn support(&self, feature: Feature) -> Support;

    /// Lowers a rule that [`check`] has passed. What depends on the data, and not on the feature alone (a lookaround, a
    /// literal `*`, a column's type), may still be refused here; all refusals are returned, not the first alone.
    fn lower(&self, rule: &Rule<Mapped>) -> Result<Vec<Emitted<Self::Query>>, Vec<Refusal>>;
}

/// A query, what it is for, and how true it is to the rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Emitted<Q> {
    /// What it is for.
    pub role: Role,
    /// The query.
    pub query: Q,
    /// Against the rule, or against the branch.
    pub fidelity: Fidelity,
}

/// What a query is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The rule.
    Rule,
    /// One class of it, disjoint from the classes before it. Emitted by languages that cannot compute a class.
    Branch {
        /// The class.
        name: Name,
        /// Its level, where it differs from the rule's.
        level: Option<Level>,
    },
}

impl Role {
    /// What the query is for, as hashes of queries tell it: `rule`, or `class` and the name of the class.
    pub fn key(&self) -> String {
        match self {
            Role::Rule => "rule".to_owned(),
            Role::Branch { name, .. } => format!("class {name}"),
        }
    }
}

/// Everything that a rule asks for and `backend` lacks, at once and with its places.
pub fn check<B: Backend>(rule: &Rule<Mapped>, backend: &B) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    for_each_required(rule, &mut |Required { feature, span, unfilled }| {
        if let Support::Unsupported(why) = backend.support(feature) {
            let refusal = unfilled.unwrap_or_else(|| {
                Refusal::new(feature.refusal_reason(), span, format!("{}: {why}", backend.language().title()))
            });
            if !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
        }
    });
    refusals
}
