//! What became of a rule, and why.

mod held;
mod part;

pub use held::{Held, reasons};
pub use part::{Parting, partings};
