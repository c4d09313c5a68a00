//! What files say of one another.

use rulecast_diagnostics::Spanned;
use rulecast_rule::Document;
use rulecast_rule::ast::Body;
use std::collections::{BTreeMap, BTreeSet};

/// What a file declares, and what it refers to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// Ids and names of its documents.
    declares: BTreeSet<String>,
    /// Ids and names that its correlations refer to; `true` where the rules are wanted on their own as well.
    uses: Vec<(String, bool)>,
    /// Its filters: the ids and names of the rules that each applies to, or `None` for any.
    filters: Vec<Option<Vec<String>>>,
}

impl Facts {
    pub(super) fn of(documents: &[Document]) -> Self {
        let mut facts = Facts::default();
        for document in documents {
            facts.declares.extend(names(document).map(|name| name.node.clone()));
            match &document.body {
                Body::Detection(_) => {}
                Body::Correlation(correlation) => {
                    facts.uses.extend(correlation.rules.iter().map(|rule| (rule.node.clone(), correlation.generate)));
                }
                Body::Filter(filter) => {
                    let rules = filter.rules.as_ref();
                    facts.filters.push(rules.map(|rules| rules.iter().map(|rule| rule.node.clone()).collect()));
                }
            }
        }
        facts
    }

    /// Adds an id or name of a document.
    pub(super) fn declare(&mut self, name: String) {
        self.declares.insert(name);
    }

    /// The ids and names of its documents.
    pub(super) fn declares(&self) -> impl Iterator<Item = &str> {
        self.declares.iter().map(String::as_str)
    }

    /// The ids and names that its correlations refer to.
    pub(super) fn uses(&self) -> impl Iterator<Item = &str> {
        self.uses.iter().map(|(name, _)| name.as_str())
    }

    /// Whether it has a filter on any rule.
    pub(super) fn filters_any(&self) -> bool {
        self.filters.iter().any(Option::is_none)
    }

    /// Whether all that it refers to is its own.
    pub(super) fn stands_alone(&self) -> bool {
        self.references().all(|name| self.declares.contains(name))
    }

    /// Whether it declares a rule of this id or name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.declares.contains(name)
    }

    /// Whether it refers to a rule by this id or name.
    pub(super) fn refers_to(&self, name: &str) -> bool {
        self.references().any(|reference| reference == name)
    }

    /// The ids and names of the rules that it refers to.
    pub(super) fn references(&self) -> impl Iterator<Item = &str> {
        self.uses().chain(self.filters.iter().flatten().flatten().map(String::as_str))
    }
}

/// The id and name of a document.
pub(super) fn names(document: &Document) -> impl Iterator<Item = &Spanned<String>> {
    [&document.metadata.id, &document.metadata.name].into_iter().flatten()
}

/// The ids and names of rules that a document refers to.
pub(super) fn references(document: &Document) -> &[Spanned<String>] {
    match &document.body {
        Body::Detection(_) => &[],
        Body::Correlation(correlation) => &correlation.rules,
        Body::Filter(filter) => filter.rules.as_deref().unwrap_or_default(),
    }
}

/// Which documents of a file another one needs.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    names: BTreeSet<&'a str>,
    filters: bool,
}

impl Wanted<'_> {
    pub(super) fn includes(&self, document: &Document) -> bool {
        self.filters && matches!(document.body, Body::Filter(_))
            || names(document).any(|name| self.names.contains(name.node.as_str()))
    }
}

/// The facts of all files, by name.
#[derive(Debug)]
pub(super) struct Index<'a> {
    facts: &'a [Facts],
    /// The files that declare an id or name.
    declared: BTreeMap<&'a str, Vec<usize>>,
    /// The files with a filter on an id or name.
    filtered: BTreeMap<&'a str, Vec<usize>>,
    /// The files with a filter on any rule.
    filters_any: Vec<usize>,
    /// The files with a correlation over a rule that does not want it on its own as well.
    used_up: BTreeMap<&'a str, Vec<usize>>,
    /// Rules that some correlation wants on their own as well.
    generated: BTreeSet<&'a str>,
}

impl<'a> Index<'a> {
    pub(super) fn new(facts: &'a [Facts]) -> Self {
        let mut index = Index {
            facts,
            declared: BTreeMap::new(),
            filtered: BTreeMap::new(),
            filters_any: Vec::new(),
            used_up: BTreeMap::new(),
            generated: BTreeSet::new(),
        };
        for (file, facts) in facts.iter().enumerate() {
            for name in &facts.declares {
                index.declared.entry(name).or_default().push(file);
            }
            for filter in &facts.filters {
                match filter {
                    None => index.filters_any.push(file),
                    Some(names) => {
                        names.iter().for_each(|name| index.filtered.entry(name).or_default().push(file));
                    }
                }
            }
            for (name, generate) in &facts.uses {
                if *generate {
                    index.generated.insert(name);
                } else {
                    index.used_up.entry(name).or_default().push(file);
                }
            }
        }
        index
    }

    /// Whether another file has a filter on rules of this one, uses them up, or declares a rule of the same name.
    pub(super) fn bears_on(&self, file: usize) -> bool {
        let other = |files: &Vec<usize>| files.iter().any(|other| *other != file);
        let bears = |name: &String| {
            [&self.filtered, &self.used_up, &self.declared]
                .iter()
                .any(|index| index.get(name.as_str()).is_some_and(other))
        };
        other(&self.filters_any) || self.facts[file].declares.iter().any(bears)
    }

    /// The files that declare a rule of this id or name, in order.
    pub(super) fn declaring(&self, name: &str) -> &[usize] {
        self.declared.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether another file than `file`, whose rule has these names, uses it up.
    pub(super) fn uses_up(&self, file: usize, names: &[&str]) -> bool {
        let used = |name: &&str| self.used_up.get(*name).is_some_and(|users| users.iter().any(|user| *user != file));
        names.iter().any(used) && !names.iter().any(|name| self.generated.contains(*name))
    }

    /// Whether a file needs one of `others`.
    pub(super) fn needs_any(&self, file: usize, others: &[bool]) -> bool {
        let refers = self.facts[file].references().next().is_some();
        let is_filtered = !self.filters_any.is_empty() || !self.filtered.is_empty();
        (refers || is_filtered) && self.needed_by(file).keys().any(|other| others[*other])
    }

    /// The other files that `file` needs, and what of them: rules that it refers to, those that they refer to, and so
    /// on; and the filters on all of these.
    pub(super) fn needed_by(&self, file: usize) -> BTreeMap<usize, Wanted<'a>> {
        let mut needed: BTreeMap<usize, Wanted<'a>> = BTreeMap::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut todo: Vec<&'a str> = self.facts[file].references().collect();
        let mut filtered: Vec<&'a str> = self.facts[file].declares.iter().map(String::as_str).collect();
        while let Some(name) = todo.pop() {
            if !seen.insert(name) || self.facts[file].declares.contains(name) {
                continue;
            }
            for &other in self.declared.get(name).into_iter().flatten() {
                needed.entry(other).or_default().names.insert(name);
                // The filter may know the rule by its other name.
                filtered.extend(self.facts[other].declares.iter().map(String::as_str));
                todo.extend(self.facts[other].uses.iter().map(|(used, _)| used.as_str()));
            }
        }
        let on_names = filtered.iter().filter_map(|name| self.filtered.get(name)).flatten();
        for &other in on_names.chain(&self.filters_any) {
            needed.entry(other).or_default().filters = true;
        }
        needed.remove(&file);
        needed
    }
}
