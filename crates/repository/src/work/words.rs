//! What files say of one another that no rule is made of, but findings are.

use rulecast_lint::Facts;
use std::collections::HashMap;

/// Titles and ids in a file, in the form in which they are compared.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) titles: Vec<String>,
    pub(super) ids: Vec<String>,
    /// The ids that it relates its rules to.
    pub(super) related: Vec<String>,
}

impl Words {
    pub(super) fn of(facts: &Facts) -> Self {
        Self { titles: facts.titles().collect(), ids: facts.ids().collect(), related: facts.related().collect() }
    }
}

/// The files that have a word.
#[derive(Debug, Default)]
pub(super) struct Having<'a>(HashMap<&'a str, Vec<usize>>);

impl<'a> Having<'a> {
    pub(super) fn new<I: IntoIterator<Item = &'a str>>(words: impl Iterator<Item = I>) -> Self {
        let mut having: HashMap<&str, Vec<usize>> = HashMap::new();
        for (file, words) in words.enumerate() {
            words.into_iter().for_each(|word| having.entry(word).or_default().push(file));
        }
        Self(having)
    }

    /// In order.
    pub(super) fn files(&self, word: &str) -> &[usize] {
        self.0.get(word).map_or(&[], Vec::as_slice)
    }
}
