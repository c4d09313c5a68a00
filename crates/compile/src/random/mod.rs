//! The square over rules and events by chance: a search for queries that mean something else than their rule.
//!
//! Promises: the same seed gives the same rules and events. Every event satisfies the assumptions of the query that it is
//! asked. What does not close is shrunk to a small rule with few events.
//! Lacks: classes, unions of log sources, and correlations other than sequences.

mod assume;
mod case;
mod dice;
mod fault;
mod generate;
mod run;
mod setting;
mod shrink;
mod wish;

pub use case::Case;
pub use fault::Fault;
pub use run::{Difference, Report, Run};
pub use wish::{Kind, Polarity};
