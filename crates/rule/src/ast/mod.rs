//! Rule documents, as written.

mod condition;
mod correlation;
mod detection;
mod metadata;
mod modifier;
mod named;
mod scope;
mod value;

pub use condition::{Condition, Quantifier, Selector};
pub use correlation::{Alias, Correlation, CorrelationCondition, CorrelationKind, Operator, Threshold, Timespan};
pub use detection::{Detection, Item, LogSource, NamedSelection, Selection};
pub use metadata::{
    Branch, Classification, Confidence, Date, Expectation, Level, Metadata, Output, Related, RuleTest, Schedule,
    SortKey, Status, TargetOptions, TestEvent,
};
pub use modifier::Modifier;
pub use scope::{Scope, ScopeTest, ScopeValue};
pub use value::{Node, Value};

use rulecast_diagnostics::{Span, Spanned};
use std::sync::Arc;

/// One YAML document of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// What every kind of document has: title, id, level, … Shared with the rules that are made of the document.
    pub metadata: Arc<Metadata>,
    /// What the document is.
    pub body: Body,
    /// The whole document.
    pub span: Span,
}

/// The three kinds of document, told apart by their keys.
#[derive(Clone, Debug)]
pub enum Body {
    /// A detection rule: `logsource` and `detection`.
    Detection(DetectionRule),
    /// A correlation over other rules: `correlation`.
    Correlation(Correlation),
    /// A filter on other rules: `filter`.
    Filter(Filter),
}

/// A log source and what to look for in it.
#[derive(Clone, Debug)]
pub struct DetectionRule {
    /// Which events the rule reads.
    pub log_source: LogSource,
    /// What it looks for.
    pub detection: Detection,
}

/// A condition that is ANDed to other rules.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Applies only to rules whose log source this one contains.
    pub log_source: LogSource,
    /// The rules, by id or name; `None` for `any`.
    pub rules: Option<Vec<Spanned<String>>>,
    /// Selections and condition.
    pub detection: Detection,
}
