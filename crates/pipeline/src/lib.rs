//! Data models and processing pipelines: from the fields and log sources of Sigma to the columns and sources of one SIEM.
//!
//! A [`Model`] is data (`models/*.yml`): which table, category or macro serves a log source, what of it counts, and
//! which column holds a field, as it is or through one of a closed set of conversions. [`map`] takes a resolved rule
//! to one over those columns.
//!
//! Promises: nothing of a rule is dropped. A field or log source that a model lacks is a refusal that names it, all
//! refusals of a rule come at once, and a claim of a model that nobody has checked stands on the test that rests on it
//! as `mapping:<field>`.
//! [`processing`] reads pySigma's processing pipelines, which rewrite a rule before it is mapped.
//! [`project`] reads the same data of events: the rows in which a SIEM holds them.
//! Lacks: any knowledge of a query's syntax. It knows that languages differ only where a model says so.

mod convert;
mod dialect;
mod map;
mod model;
pub mod processing;
mod project;
mod read;
#[cfg(test)]
mod testing;

pub use dialect::Dialect;
pub use map::{Loose, map, map_allowing};
pub use model::{
    BUILTIN, FieldView, Misfit, Model, Models, SourceRead, SourceView, model_schema, scoped, sources_read,
};
pub use project::{columns_read, project, project_with, schema};
