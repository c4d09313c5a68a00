//! Which rule of one side is which of the other.

use super::side::Side;
use crate::compiled::{CompiledFile, CompiledRule};
use std::collections::BTreeMap;

/// A rule with its file.
#[derive(Clone, Copy)]
pub(super) struct Placed<'s> {
    pub(super) file: &'s CompiledFile,
    pub(super) rule: &'s CompiledRule,
}

impl<'s> Placed<'s> {
    pub(super) fn id(self) -> Option<String> {
        self.rule.metadata().id().map(str::to_ascii_lowercase)
    }

    pub(super) fn title(self) -> &'s str {
        self.rule.metadata().title()
    }

    pub(super) fn path(self) -> &'s str {
        &self.file.name
    }

    /// Its document, as it is written.
    pub(super) fn text(self) -> &'s str {
        self.file.sources.slice(self.rule.span())
    }
}

/// A rule as it was, and as it is.
pub(super) type Pair<'s> = (Option<Placed<'s>>, Option<Placed<'s>>);

fn rules(side: &Side) -> Vec<Placed<'_>> {
    side.files.iter().flat_map(|file| file.rules.iter().map(move |rule| Placed { file, rule })).collect()
}

/// What a rule may be known by.
type Key = fn(Placed<'_>) -> Option<String>;

/// All rules of both sides: those that are there on both together, in the order of the new side; then those that are gone.
///
/// A rule is known by its id; one without, or with another one, by its file and title, by what it means, or as the only
/// one that is left in its file.
pub(super) fn pairs<'s>(old: &'s Side, new: &'s Side) -> Vec<Pair<'s>> {
    let (old, new) = (rules(old), rules(new));
    let mut was: Vec<Option<usize>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    let keys: [Key; 5] = [
        |one| one.id(),
        |one| Some(format!("{}\n{}", one.path(), one.title())),
        |one| Some(one.rule.form.sha256.clone()),
        |one| Some(one.path().to_owned()),
        |one| Some(one.title().to_owned()).filter(|title| !title.is_empty() && one.id().is_none()),
    ];
    for key in keys {
        let mut left: BTreeMap<String, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, one) in old.iter().enumerate().filter(|(at, _)| !taken[*at]) {
            key(*one).into_iter().for_each(|key| left.entry(key).or_default().0.push(at));
        }
        for (at, one) in new.iter().enumerate().filter(|(at, _)| was[*at].is_none()) {
            key(*one).into_iter().for_each(|key| left.entry(key).or_default().1.push(at));
        }
        for (before, after) in left.into_values() {
            // Of several, any choice might be wrong.
            if let ([before], [after]) = (before.as_slice(), after.as_slice()) {
                was[*after] = Some(*before);
                taken[*before] = true;
            }
        }
    }
    let here = new.iter().zip(&was).map(|(new, was)| (was.map(|at| old[at]), Some(*new)));
    let gone = old.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|(old, _)| (Some(*old), None));
    here.chain(gone).collect()
}
