//! Which calls make a platform equal to a bundle.

use crate::{Call, Wanted};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What stands on a platform.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// What rules are told apart by.
    pub key: String,
    /// As the platform calls it.
    pub title: String,
    /// As the platform gives it.
    pub value: Value,
}

/// What to do with rules that this bundle deployed once, and that it holds no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prune {
    /// Nothing.
    #[default]
    Keep,
    /// Disable them.
    Disable,
    /// Delete them.
    Delete,
}

/// What becomes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The platform lacks it.
    Create,
    /// The platform has it otherwise.
    Update,
    /// The platform has it so.
    None,
    /// The bundle has it no more, and it is left as it is.
    Keep,
    /// The bundle has it no more, and it is disabled.
    Disable,
    /// The bundle has it no more, and it is deleted.
    Delete,
    /// It cannot be told what to do.
    Refuse,
}

/// What is done about a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it is told apart by.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What becomes of it.
    pub change: Change,
    /// In order; one that fails keeps the rest from being made.
    pub calls: Vec<Call>,
    /// Why it is refused.
    pub reason: Option<String>,
}

impl Step {
    pub(crate) fn new((key, title): (&str, &str), change: Change, calls: Vec<Call>) -> Self {
        Self { key: key.to_owned(), title: title.to_owned(), change, calls, reason: None }
    }
}

/// What knows the calls of a platform. Nothing here asks anything of the network.
pub trait Platform {
    /// The calls that read what stands there: the first page of each list.
    fn reads(&self) -> Vec<Call>;

    /// The call for the page after this one.
    fn next(&self, call: &Call, answer: &Value) -> Option<Call>;

    /// The rules in a page; an error in words, if it is none.
    fn items(&self, call: &Call, answer: &Value) -> Result<Vec<Current>, String>;

    /// The rules among `current` that this one may be. More than one is refused.
    fn matches<'c>(&self, current: &'c [Current], wanted: &Wanted) -> Vec<&'c Current> {
        current.iter().filter(|one| one.key == wanted.key).collect()
    }

    /// Why a rule that stands there may not be overwritten, if so.
    fn refuses(&self, _current: &Current) -> Option<String> {
        None
    }

    /// The calls that make a rule. It is as the bundle has it: disabled.
    fn create(&self, wanted: &Wanted, current: &[Current]) -> Vec<Call>;

    /// The calls that make a rule equal to what is wanted; none, if it is. They leave it enabled or disabled as it is.
    fn update(&self, wanted: &Wanted, rule: &Current, current: &[Current]) -> Vec<Call>;

    /// Whether this bundle deployed it.
    fn is_ours(&self, current: &Current) -> bool;

    /// The calls that disable a rule; none, if it is.
    fn disable(&self, current: &Current) -> Vec<Call>;

    /// The calls that delete a rule.
    fn delete(&self, current: &Current) -> Vec<Call>;

    /// What is done about each rule: those of the bundle in its order, then those that it has no more.
    fn plan(&self, current: &[Current], wanted: &[Wanted], prune: Prune) -> Vec<Step> {
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        wanted.iter().for_each(|one| *uses.entry(&one.key).or_default() += 1);
        let mut met: BTreeSet<*const Current> = BTreeSet::new();
        let mut steps = Vec::with_capacity(wanted.len());
        for one in wanted {
            let name = (one.key.as_str(), one.title.as_str());
            let found = self.matches(current, one);
            met.extend(found.iter().map(|found| std::ptr::from_ref(*found)));
            let refuse = |reason: String| Step { reason: Some(reason), ..Step::new(name, Change::Refuse, Vec::new()) };
            steps.push(match found.as_slice() {
                _ if uses[one.key.as_str()] > 1 => refuse("the bundle has several rules of this name".to_owned()),
                [] => Step::new(name, Change::Create, self.create(one, current)),
                [rule] => {
                    if let Some(reason) = self.refuses(rule) {
                        refuse(reason)
                    } else {
                        let calls = self.update(one, rule, current);
                        let change = if calls.is_empty() { Change::None } else { Change::Update };
                        Step::new(name, change, calls)
                    }
                }
                several => refuse(format!("the platform has {} rules of this name", several.len())),
            });
        }
        let gone = current.iter().filter(|one| !met.contains(&std::ptr::from_ref(*one)) && self.is_ours(one));
        steps.extend(gone.map(|one| {
            let (change, calls) = match prune {
                Prune::Keep => (Change::Keep, Vec::new()),
                Prune::Delete => (Change::Delete, self.delete(one)),
                Prune::Disable => {
                    let calls = self.disable(one);
                    (if calls.is_empty() { Change::Keep } else { Change::Disable }, calls)
                }
            };
            Step::new((&one.key, &one.title), change, calls)
        }));
        steps
    }
}
