//! Chains of a `temporal_ordered` correlation: events in the order of the members, one strictly after the other.

use super::correlation::{Hit, present};
use crate::Logic;
use std::collections::{BTreeMap, BTreeSet};

/// The length of the longest chain that ends with the last event of a window.
pub(super) fn longest(window: &[&Hit<'_>]) -> usize {
    // Of each member, the longest chain so far that ends with it.
    let mut best: BTreeMap<usize, usize> = BTreeMap::new();
    let mut last = 0;
    for hit in window {
        let reached: Vec<(usize, usize)> = hit
            .members
            .iter()
            .map(|member| (*member, 1 + best.range(..member).map(|(_, length)| *length).max().unwrap_or(0)))
            .collect();
        last = reached.iter().map(|(_, length)| *length).max().unwrap_or(0);
        for (member, length) in reached {
            let best = best.entry(member).or_default();
            *best = length.max(*best);
        }
    }
    last
}

/// Whether a chain that ends with the last event of a window satisfies a condition: a member that is not negated is
/// part of the chain, and one that is has no event in the window.
pub(super) fn satisfies(condition: &Logic<usize>, window: &[&Hit<'_>]) -> bool {
    let present = present(window);
    let Some((last, earlier)) = window.split_last() else { return false };
    let mut chains: BTreeSet<BTreeSet<usize>> = BTreeSet::from([BTreeSet::new()]);
    for hit in earlier {
        chains.extend(extended(&chains, hit));
        // Of chains that end alike, one that holds all members of another can do whatever the other can.
        let worse = |one: &BTreeSet<usize>| {
            chains.iter().any(|other| one != other && one.last() == other.last() && one.is_subset(other))
        };
        chains = chains.iter().filter(|one| !worse(one)).cloned().collect();
    }
    extended(&chains, last).iter().any(|chain| holds(condition, false, chain, &present))
}

/// Each chain with this event after its own.
fn extended(chains: &BTreeSet<BTreeSet<usize>>, hit: &Hit<'_>) -> BTreeSet<BTreeSet<usize>> {
    let after = |chain: &BTreeSet<usize>, member: usize| chain.last().is_none_or(|last| *last < member);
    let with = |chain: &BTreeSet<usize>, member: usize| chain.iter().copied().chain([member]).collect();
    chains
        .iter()
        .flat_map(|chain| hit.members.iter().filter(|member| after(chain, **member)).map(|member| with(chain, *member)))
        .collect()
}

fn holds(condition: &Logic<usize>, negated: bool, chain: &BTreeSet<usize>, present: &BTreeSet<usize>) -> bool {
    let holds = |part: &Logic<usize>| holds(part, negated, chain, present);
    match condition {
        Logic::True => !negated,
        Logic::False => negated,
        Logic::Test(member) if negated => !present.contains(member),
        Logic::Test(member) => chain.contains(member),
        Logic::Not(inner) => self::holds(inner, !negated, chain, present),
        Logic::And(parts) if negated => parts.iter().any(holds),
        Logic::Or(parts) if negated => parts.iter().all(holds),
        Logic::And(parts) => parts.iter().all(holds),
        Logic::Or(parts) => parts.iter().any(holds),
    }
}
