//! MITRE ATT&CK for Enterprise: its tactics and techniques, and what the tags of rules name of it.
//!
//! Promises: the data stands in the program, so that nothing is fetched. Lacks: names of groups and software, platforms,
//! and the descriptions of techniques. The data is of version [`VERSION`]; tactics are known up to version 19.

mod tactic;
mod tag;
mod technique;

pub use tactic::{TACTICS, Tactic, is_same_tactic, tactic};
pub use tag::{Named, named};
pub use technique::{State, Technique, VERSION, is_beyond, technique, techniques};
