//! The files that a change bears on, without reading the others.
//!
//! Of each file is found out what it says to others: most are skimmed ([`super::skim`]), which finds at least that. Files
//! whose words touch the changed ones, or a file that is concerned by them, are read, until nothing is needed that was
//! only skimmed; then the concerned files are worked on with the same index as in a run over all files. Promises: the
//! results of the files concerned are those of a run over all files.
//!
//! Concerned are: the changed files; files that refer to a rule of theirs, however far; files with rules that they refer
//! to or have a filter on; later files with a title, id, name or file name of theirs, for these are told of it; and files
//! that refer to a rule that no file has, since one that changed may have had it. Lacks: what the changed files said
//! before. A correlation or filter that is gone had rules whose findings may be others now.

use super::facts::{Facts, Index};
use super::skim::skim;
use super::words::{Having, Words};
use super::{File, Loaded, ThreadPoolBuildError, names, pool, with_others};
use crate::inputs::Input;
use crate::pipelines::Chosen;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rulecast_ir::Placeholders;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

/// Files, and what to ask about them.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// All files.
    pub inputs: &'a [Input],
    /// Of each whether it changed.
    pub is_changed: &'a [bool],
    /// Whether files are concerned that relate their rules to an id that no rule has; otherwise these are counted.
    pub relations: bool,
}

/// What became of the files that a change concerns.
#[derive(Debug)]
pub struct Concerned<T> {
    /// What the job made of each, with the index of its file; in their order.
    pub results: Vec<(usize, T)>,
    /// What all files say to others, as far as it bears on those.
    pub facts: Vec<rulecast_lint::Facts>,
    /// How many entries of `related` in files that are not concerned name an id that no rule has.
    pub relations: usize,
}

/// Calls `job` with each file that a change concerns, as [`super::for_each_file`] does. Nothing, if a changed file has a
/// filter on any rule: all files are concerned.
pub fn for_each_concerned<T: Send>(
    change: Change<'_>,
    placeholders: &Placeholders,
    chosen: &Chosen,
    job: impl Fn(File<'_>) -> T + Sync,
) -> Result<Option<Concerned<T>>, ThreadPoolBuildError> {
    Ok(pool(change.inputs.len())?.install(|| {
        let mut known = Known::skim(change, chosen);
        if (0..change.inputs.len()).any(|file| change.is_changed[file] && known.facts[file].filters_any()) {
            return None;
        }
        let Settled { concerned, tellers, relations } = known.settle(chosen);
        let index = Index::new(&known.facts);
        for file in tellers {
            // What refers to a rule that might be one of several is no rule: it tells nothing.
            let Loaded { mut documents, .. } = Loaded::read(&change.inputs[file], chosen);
            names::check(&mut documents, change.inputs, file, &index, &mut Vec::new());
            known.read[file] = Some(rulecast_lint::Facts::read(&change.inputs[file].name, &documents));
        }
        let results = concerned.into_par_iter().map(|at| {
            let mut file = with_others(change.inputs, at, &index, chosen);
            file.fill(placeholders);
            (at, job(file))
        });
        let results = results.collect();
        let facts = known.read.into_iter().zip(change.inputs);
        let facts = facts.map(|(read, input)| read.unwrap_or_else(|| rulecast_lint::Facts::read(&input.name, &[])));
        Some(Concerned { results, facts: facts.collect(), relations })
    }))
}

/// What is known of the files.
struct Known<'a> {
    change: Change<'a>,
    facts: Vec<Facts>,
    words: Vec<Words>,
    /// Of those that were read.
    read: Vec<Option<rulecast_lint::Facts>>,
}

/// What is to be done, once all is known that bears on it.
struct Settled {
    /// In order.
    concerned: BTreeSet<usize>,
    /// Other files with titles and ids that findings on these depend on, which refer to rules themselves.
    tellers: Vec<usize>,
    /// Relations of all others that lead nowhere.
    relations: usize,
}

type Said = (Facts, Words, Option<rulecast_lint::Facts>);

impl<'a> Known<'a> {
    fn skim(change: Change<'a>, chosen: &Chosen) -> Self {
        let of_file = |(input, is_changed): (&Input, &bool)| {
            let bytes = if *is_changed { Err(std::io::ErrorKind::Other) } else { input.read() };
            match skim(&bytes.unwrap_or(Cow::Borrowed(b"\t"))) {
                Some((facts, words)) => (facts, words, None),
                None => read(input, chosen),
            }
        };
        let said: Vec<Said> = change.inputs.par_iter().zip(change.is_changed).map(of_file).collect();
        let mut known = Known { change, facts: Vec::new(), words: Vec::new(), read: Vec::new() };
        for (facts, words, read) in said {
            known.facts.push(facts);
            known.words.push(words);
            known.read.push(read);
        }
        known
    }

    /// Reads files until all is known that bears on those concerned.
    fn settle(&mut self, chosen: &Chosen) -> Settled {
        loop {
            let (settled, unread) = {
                let links = Links::new(self);
                let (concerned, relations) = links.concerned();
                let (consulted, tellers) = links.consulted(&concerned);
                let unread = consulted.into_iter().filter(|file| self.read[*file].is_none());
                let unread: Vec<usize> = unread.collect();
                (Settled { concerned, tellers, relations }, unread)
            };
            if unread.is_empty() {
                return settled;
            }
            let inputs = self.change.inputs;
            let said: Vec<(usize, Said)> =
                unread.into_par_iter().map(|file| (file, read(&inputs[file], chosen))).collect();
            for (file, (facts, words, read)) in said {
                self.facts[file] = facts;
                self.words[file] = words;
                self.read[file] = read;
            }
        }
    }
}

/// What a file says, exactly.
fn read(input: &Input, chosen: &Chosen) -> Said {
    let loaded = Loaded::read(input, chosen);
    let facts = rulecast_lint::Facts::read(&input.name, &loaded.documents);
    (Facts::of(&loaded.documents), Words::of(&facts), Some(facts))
}

/// Which files have a word in common.
struct Links<'a> {
    change: Change<'a>,
    facts: &'a [Facts],
    words: &'a [Words],
    index: Index<'a>,
    titles: Having<'a>,
    ids: Having<'a>,
    file_names: Having<'a>,
}

impl<'a> Links<'a> {
    fn new(known: &'a Known<'_>) -> Self {
        let change = known.change;
        Self {
            change,
            facts: &known.facts,
            words: &known.words,
            index: Index::new(&known.facts),
            titles: Having::new(known.words.iter().map(|words| words.titles.iter().map(String::as_str))),
            ids: Having::new(known.words.iter().map(|words| words.ids.iter().map(String::as_str))),
            file_names: Having::new(change.inputs.iter().map(|input| input.name.rsplit('/').next())),
        }
    }

    /// The files that the change concerns; and how many relations of others lead nowhere.
    fn concerned(&self) -> (BTreeSet<usize>, usize) {
        let changed = (0..self.facts.len()).filter(|file| self.change.is_changed[*file]);
        let mut concerned: BTreeSet<usize> = changed.clone().collect();
        for file in changed {
            concerned.extend(self.facts[file].uses().flat_map(|name| self.index.declaring(name)));
            let names = self.facts[file].declares().map(|name| self.index.declaring(name));
            let titles = self.words[file].titles.iter().map(|title| self.titles.files(title));
            let file_name = self.change.inputs[file].name.rsplit('/').next().unwrap_or_default();
            let same = names.chain(titles).chain([self.file_names.files(file_name)]).flatten();
            concerned.extend(same.filter(|other| **other > file));
        }
        let mut relations = 0;
        for (file, facts) in self.facts.iter().enumerate() {
            if self.index.needs_any(file, self.change.is_changed)
                || facts.references().any(|name| self.index.declaring(name).is_empty())
            {
                concerned.insert(file);
            }
            let dangling = self.words[file].related.iter().filter(|id| self.ids.files(id).is_empty()).count();
            if dangling > 0 && self.change.relations {
                concerned.insert(file);
            } else if !concerned.contains(&file) {
                relations += dangling;
            }
        }
        // What a configuration accepts of a rule is accepted of all that have its id.
        let mut todo: Vec<usize> = concerned.iter().copied().collect();
        while let Some(file) = todo.pop() {
            let same = self.words[file].ids.iter().flat_map(|id| self.ids.files(id));
            todo.extend(same.filter(|other| concerned.insert(**other)));
        }
        (concerned, relations)
    }

    /// The files whose words decide what is found of those concerned, these included; and which others of them have the
    /// same titles, or ids that are looked for, and refer to rules.
    fn consulted(&self, concerned: &BTreeSet<usize>) -> (BTreeSet<usize>, Vec<usize>) {
        let mut consulted = concerned.clone();
        let mut todo: Vec<&str> = Vec::new();
        for &file in concerned {
            todo.extend(self.facts[file].declares().chain(self.facts[file].references()));
            consulted.extend(self.words[file].titles.iter().flat_map(|title| self.titles.files(title)));
            consulted.extend(self.words[file].related.iter().flat_map(|id| self.ids.files(id)));
        }
        let refers = |file: &usize| self.facts[*file].references().next().is_some();
        let tellers: Vec<usize> = consulted.difference(concerned).copied().filter(refers).collect();
        for &file in &tellers {
            consulted.extend(self.facts[file].references().flat_map(|name| self.index.declaring(name)));
        }
        let mut seen: HashSet<&str> = HashSet::new();
        while let Some(name) = todo.pop() {
            if !seen.insert(name) {
                continue;
            }
            for &file in self.index.declaring(name) {
                consulted.insert(file);
                todo.extend(self.facts[file].declares().chain(self.facts[file].references()));
            }
        }
        (consulted, tellers)
    }
}
