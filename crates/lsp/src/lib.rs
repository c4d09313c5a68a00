//! A language server for Sigma rules: what `rulecast check` and `explain` say, in an editor, while a rule is written.
//!
//! [`Session`] holds the open texts and answers questions about places in them; [`run`] is the conversation with an editor
//! over standard input and output. Problems are those of `check` for the targets of the project, which is the nearest
//! `rulecast.toml` upwards of a file, or else the folder that is open. Rules that refer to rules of other files find them
//! there, as the editor has them open, or else as the disk has them.
//!
//! Promises: an answer needs no valid YAML, only a place; each message is answered or refused, and none ends the server but
//! `exit`; nothing is written but by the editor. Lacks: problems of files that are not open, and renaming.

mod actions;
mod analysis;
mod completion;
mod definition;
mod diagnostics;
mod fields;
mod hover;
mod outline;
mod project;
mod queries;
mod schema;
mod server;
mod session;
mod symbols;
#[cfg(test)]
mod tests;
mod text;
mod uri;

pub use server::{Ended, run};
pub use session::{Problems, Session};
pub use text::{Encoding, Text};
