//! Which events a rule reads, before and after mapping.

use crate::{Column, Mapped, Name, Predicate};
use rulecast_diagnostics::Span;
use rulecast_rule::ast::Scope;
use std::sync::Arc;

/// A Sigma log source.
#[derive(Clone, Debug)]
pub struct LogSource {
    /// `process_creation`, …
    pub category: Option<Name>,
    /// `windows`, …
    pub product: Option<Name>,
    /// `sysmon`, …
    pub service: Option<Name>,
    /// What the rule says that targets read for it, and after that what the correlations say that it is a member of, the
    /// outermost last.
    pub scopes: Vec<TargetScope>,
    /// Where the rule names it.
    pub span: Span,
}

impl PartialEq for LogSource {
    /// Wherever the rule names it.
    fn eq(&self, other: &Self) -> bool {
        (&self.category, &self.product, &self.service, &self.scopes)
            == (&other.category, &other.product, &other.service, &other.scopes)
    }
}

/// What one target reads, where that is not what its data model says.
#[derive(Clone, Debug)]
pub struct TargetScope {
    /// The target: `spl.sysmon`.
    pub target: Name,
    /// What it reads.
    pub scope: Arc<Scope>,
}

impl PartialEq for TargetScope {
    /// Wherever it is said.
    fn eq(&self, other: &Self) -> bool {
        self.target == other.target && self.scope.says_the_same(&other.scope)
    }
}

impl std::fmt::Display for LogSource {
    /// `windows/process_creation`, `windows/security`: product, category and service, as far as given.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = [&self.product, &self.category, &self.service].into_iter().flatten();
        if let Some(first) = parts.next() {
            write!(f, "{first}")?;
        }
        parts.try_for_each(|part| write!(f, "/{part}"))
    }
}

/// The events of one SIEM that serve a log source.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The log source that it serves.
    pub log_source: LogSource,
    /// Where the query reads.
    pub reads: Reads,
    /// What of it counts: `event.type == "start"`, `EventCode=1`. ANDed to every predicate over the source.
    pub scope: Predicate<Mapped>,
    /// When an event happened.
    pub time: Arc<Column>,
    /// Columns that tell an event from every other, most telling last; may be empty.
    pub id: Vec<Arc<Column>>,
    /// Whether the engine that holds it can match rows in order by one operator (KQL's `scan`). What no vendor says is
    /// taken for no.
    pub scan: bool,
}

/// Where a query reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Reads {
    /// EQL: events of this category, or `any`.
    Category(Option<Name>),
    /// SPL: what this macro stands for (its name without backquotes); the user defines it.
    Macro(Name),
    /// SPL: every index that the user searches by default, scoped by `scope` alone.
    Everything,
    /// SPL: the summaries of a dataset of a data model.
    Dataset(Arc<Dataset>),
    /// KQL: the rows of this table.
    Table(Name),
}

/// A dataset of a data model of Splunk, which `tstats` reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// With its model: `Endpoint.Processes`.
    pub name: Name,
    /// The fields to show of every result, without the dataset's name.
    pub shown: Vec<Name>,
}

impl Dataset {
    /// What stands before its fields, without the dot: `Processes`.
    pub fn prefix(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}
