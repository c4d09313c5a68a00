//! What became of a rule, and why.

mod held;

pub use held::{Held, reasons};
