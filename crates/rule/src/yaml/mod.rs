//! YAML as a tree in which every key and scalar knows its place.
//!
//! The event scan is `saphyr-parser`'s; the tree is ours, because a rule's author must be shown the key or the part of a
//! scalar that is wrong. Anchors and aliases work within a budget. Merge keys, mappings as keys and tags other than
//! `!!str` are refused: no rule needs them, and YAML readers disagree on what they mean.

mod error;
mod node;
mod outline;
mod places;
mod reader;

pub(crate) use node::{Data, Entry, Key, Scalar, Style, Yaml};
pub use outline::{Piece, outline};
pub(crate) use places::Places;
pub(crate) use reader::read;
pub use reader::{MAX_ALIAS_NODES, MAX_DEPTH};
