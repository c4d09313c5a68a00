//! `orientation`: source and destination, where the SIEM knows the local and the remote end.
//!
//! Which column is the source depends on who began the connection. Where the whole rule fixes that, one column is
//! enough; elsewhere the test is of either column in the events in which it is the one meant.

use super::{Leaf, Mapping, Place};
use rulecast_ir::{Logic, Mapped, Predicate, Test};

#[derive(Debug)]
pub(crate) struct Orientation {
    /// The column in events that the host began, and what tells them.
    pub(crate) initiated: Place,
    pub(crate) when_initiated: Predicate<Mapped>,
    /// The column in events that the host accepted, and what tells them.
    pub(crate) accepted: Place,
    pub(crate) when_accepted: Predicate<Mapped>,
}

impl Orientation {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        match leaf.initiated {
            Some(true) => return Ok(leaf.same(&self.initiated)),
            Some(false) => return Ok(leaf.same(&self.accepted)),
            None => {}
        }
        if *leaf.test == Test::Exists(false) {
            let present = Leaf { test: &Test::Exists(true), notes: leaf.notes.clone(), ..*leaf };
            return self.predicate(&present).map(Logic::negate);
        }
        let initiated = Logic::all([leaf.placed(&self.when_initiated), leaf.same(&self.initiated)]);
        let accepted = Logic::all([leaf.placed(&self.when_accepted), leaf.same(&self.accepted)]);
        Ok(Logic::any([initiated, accepted]))
    }
}
