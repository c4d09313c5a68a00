//! What rules name more, and less, than others did.

use super::{Coverage, Spot};
use std::collections::BTreeSet;

/// A technique under a tactic, named by another number of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub spot: Spot,
    /// How many rules named it.
    pub before: usize,
    /// How many do.
    pub after: usize,
}

/// What kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// No rule named it.
    Added,
    /// More rules do.
    More,
    /// Fewer rules do.
    Fewer,
    /// No rule does any more.
    Removed,
}

impl ChangeKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Added, Self::More, Self::Fewer, Self::Removed];

    /// In outputs.
    pub fn word(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::More => "more",
            ChangeKind::Fewer => "fewer",
            ChangeKind::Removed => "removed",
        }
    }

    pub(super) fn colour(self) -> &'static str {
        match self {
            ChangeKind::Added => "#2e9e5b",
            ChangeKind::More => "#a8dcbc",
            ChangeKind::Fewer => "#f5c28b",
            ChangeKind::Removed => "#d64545",
        }
    }
}

impl Change {
    /// What kind it is.
    pub fn kind(&self) -> ChangeKind {
        match (self.before, self.after) {
            (0, _) => ChangeKind::Added,
            (_, 0) => ChangeKind::Removed,
            (before, after) if after > before => ChangeKind::More,
            _ => ChangeKind::Fewer,
        }
    }
}

/// By technique and tactic, those that are named by another number of rules.
pub fn changes(before: &Coverage, after: &Coverage) -> Vec<Change> {
    let spots: BTreeSet<&Spot> = before.by_spot.keys().chain(after.by_spot.keys()).collect();
    let count = |coverage: &Coverage, spot: &Spot| coverage.by_spot.get(spot).map_or(0, Vec::len);
    let change = |spot: &Spot| Change { spot: spot.clone(), before: count(before, spot), after: count(after, spot) };
    spots.into_iter().map(change).filter(|change| change.before != change.after).collect()
}
