//! Pages about the rules of a bundle.
//!
//! [`site`] makes static pages that need no server and ask nothing of the network; [`markdown`] makes the page of one rule
//! as Markdown.
//!
//! Promises: every text of a rule is shown as text, in HTML, in attributes and in scripts, and only web addresses become
//! links; pages work without script, which adds search, copying and a choice of colours; the same content gives the same
//! bytes. Lacks: reading rules, and writing files.

mod attack;
mod code;
mod index;
mod markdown;
mod meaning;
mod moved;
mod playground;
mod prose;
mod rule;
mod shell;
mod site;
mod target;
mod view;
pub mod words;

pub use markdown::{Subject, escape, markdown};
pub use playground::playground;
pub use site::{Options, site};
