//! The square over rules and events by chance: a search for queries that mean something else than their rule.
//!
//! Promises: the same seed gives the same rules and events. Every event satisfies the assumptions of the query that it is
//! asked. What does not close is shrunk to a small rule with few events.

mod assume;
mod case;
mod counting;
mod coverage;
mod dice;
mod difference;
mod events;
mod fault;
mod generate;
mod mutate;
mod pools;
mod rewriting;
mod run;
mod setting;
mod shrink;
mod wish;
mod yaml;

pub use case::Case;
pub use counting::{Correlated, Correlations, Facet};
pub use coverage::{Cell, Coverage, Oddity};
pub use difference::Difference;
pub use fault::{Family, Fault};
pub use mutate::{Mutated, mutated};
pub use run::{Report, Run, Sample};
pub use wish::{Kind, Polarity};
