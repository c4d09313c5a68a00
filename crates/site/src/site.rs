//! All pages of a bundle.

use crate::{attack, index, meaning, moved, rule, target};
use rayon::prelude::*;
use rulecast_attack::Named;
use rulecast_bundle::{BundledRule, Content, Manifest};
use std::collections::{BTreeMap, BTreeSet};

/// What the pages are made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The bundle has a playground, below `site/playground/`.
    pub playground: bool,
}

/// A bundle, with what several pages look up in it.
pub(crate) struct Site<'a> {
    pub(crate) content: &'a Content,
    pub(crate) manifest: &'a Manifest,
    pub(crate) options: Options,
    /// The rules of an id.
    pub(crate) by_id: BTreeMap<&'a str, usize>,
    /// The rules of a technique, by its number.
    pub(crate) by_technique: BTreeMap<String, Vec<usize>>,
    /// The texts of files.
    pub(crate) texts: BTreeMap<&'a str, &'a str>,
}

/// Numbers of the techniques that a rule names, known or not, in order.
pub(crate) fn technique_numbers(rule: &BundledRule) -> BTreeSet<String> {
    let number = |one| if let Named::Technique { number, .. } = one { Some(number) } else { None };
    rule.attack().into_iter().filter_map(number).collect()
}

/// How many rules are made into pages at once.
const BATCH: usize = 128;

/// Makes the files of the pages, by their paths in the bundle, all below `site/`, and gives them to `put` as they are made:
/// all of them together are many times the rules.
pub fn site<E>(
    content: &Content,
    manifest: &Manifest,
    options: Options,
    mut put: impl FnMut(Vec<(String, Vec<u8>)>) -> Result<(), E>,
) -> Result<(), E> {
    let mut by_technique: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, rule) in content.rules.iter().enumerate() {
        for number in technique_numbers(rule) {
            by_technique.entry(number).or_default().push(at);
        }
    }
    // Of several with one id, the first.
    let ids = content.rules.iter().enumerate().rev().filter(|(_, rule)| !rule.id().is_empty());
    let by_id = ids.map(|(at, rule)| (rule.id(), at)).collect();
    let texts = content.sources.iter().map(|source| (source.path.as_str(), &*source.text)).collect();
    let site = Site { content, manifest, options, by_id, by_technique, texts };

    let mut put = |files: Vec<(String, Vec<u8>)>| {
        put(files.into_iter().map(|(path, bytes)| (format!("site/{path}"), bytes)).collect())
    };
    put(vec![
        ("site.css".to_owned(), include_bytes!("../../../templates/site/site.css").to_vec()),
        ("site.js".to_owned(), include_bytes!("../../../templates/site/site.js").to_vec()),
        ("fidelity.html".to_owned(), meaning::page(&site)),
    ])?;
    put(index::pages(&site))?;
    put(attack::pages(&site))?;
    put(target::pages(&site))?;
    put(moved::pages(&site))?;
    let rules: Vec<usize> = (0..content.rules.len()).collect();
    rules.chunks(BATCH).try_for_each(|batch| {
        let pages: Vec<_> = batch.par_iter().map(|at| rule::pages(&site, *at)).collect();
        put(pages.into_iter().flatten().collect())
    })
}
