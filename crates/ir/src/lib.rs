//! The typed intermediate representation of a rule, and what it means.
//!
//! A rule is resolved from its document once ([`resolve`]): names are bound, modifiers applied, regexes parsed. It then
//! is a [`Rule<Sigma>`], over the fields and log sources of Sigma. A data model maps it to a [`Rule<Mapped>`], over the
//! columns and sources of one SIEM, and only that reaches a backend.
//!
//! Promises: nothing of the rule is lost or widened. Patterns keep their case and wildcards, regexes are trees,
//! every leaf keeps the place it was written at, and whatever a mapping gives up stands on the leaf as [`Notes`].
//! Lacks: any knowledge of a query language or a SIEM, and any input or output.

mod atom;
pub mod calendar;
mod classes;
mod column;
pub mod draft;
pub mod eval;
pub mod fidelity;
pub mod ingest;
mod logic;
mod metadata;
mod normalise;
mod pattern;
pub mod placeholder;
mod polarity;
mod record;
pub mod regex;
pub mod resolve;
mod row;
mod rule;
mod source;

pub use atom::{Atom, Case, Comparison, Field, FieldOperator, Number, Predicate, Subject, Test, TimePart};
pub use classes::DisjointArms;
pub use column::{Column, ColumnExpr, ColumnType};
pub use fidelity::{Allow, Assumption, Fidelity, Notes, Refusal, RefusalReason, Verdict};
pub use logic::Logic;
pub use metadata::Metadata;
pub use pattern::{Part, Pattern, Shape};
pub use placeholder::Placeholders;
pub use polarity::Polarity;
pub use record::{Record, RecordSource, Scalar};
pub use resolve::{Resolved, may_follow, resolve, resolve_with};
pub use row::{ResultRow, Row, Schema};
pub use rule::{
    Arm, Body, Branch, Classification, Correlation, Event, Key, Mapped, Measure, Output, OutputField, Rule, Sequence,
    Sigma, Stage, Step, Threshold,
};
pub use source::{Dataset, LogSource, Reads, Source, TargetScope};

/// Text that many nodes share: names of fields, columns, tables.
pub type Name = std::sync::Arc<str>;
