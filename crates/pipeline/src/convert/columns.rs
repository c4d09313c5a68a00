//! A field that one column holds as it is, or any of several.

use super::{Leaf, Place};
use rulecast_ir::{Logic, Mapped, Predicate, Test};

/// The columns; at least one.
#[derive(Debug)]
pub(crate) struct Columns(pub(crate) Vec<Place>);

impl Columns {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Predicate<Mapped> {
        let parts = self.0.iter().map(|place| leaf.same(place));
        // A field of several columns is absent only where all of them are.
        match (self.0.as_slice(), leaf.test) {
            ([place], _) => leaf.same(place),
            (_, Test::Exists(false)) => Logic::all(parts),
            _ => Logic::any(parts),
        }
    }
}
