//! Rule documents to queries: the registry of targets, and the passes in order.
//!
//! A [`Unit`] is what is compiled together: the documents of one file, with those that they refer to. [`Unit::resolve`]
//! binds them into rules once; [`compile`] takes one rule to one [`Target`]. Both are functions of values: no input, no
//! output, no threads, no clock. The command, the snapshots and the maintainers' tools all stand on this.

mod comment;
pub mod explain;
mod outcome;
mod place;
mod problem;
pub mod random;
mod reads;
mod square;
mod target;
pub mod tested;
mod unit;

pub use comment::{Commented, comment};
pub use outcome::{Outcome, Query, compile, compile_with, for_each_target, refusals};
pub use place::point_at_fields;
pub use problem::{CANNOT_EXPRESS, read, refusal};
pub use reads::{columns, reads, unknown_targets};
pub use rulecast_backend::{Feature, Language, Role, Support};
pub use rulecast_ir::{Allow, Resolved};
pub use rulecast_pipeline::{
    BUILTIN, FieldView, Misfit, Model, Models, SourceRead, SourceView, model_schema, processing,
};
pub use square::{Answer, NoSquare, Square, evaluate, held, named_columns, read_back, square, square_allowing};
pub use target::{ModelRef, ParseTargetError, Target};
pub use unit::Unit;
