//! A model that takes over another's columns, groups and sources.
//!
//! What it names itself wins: a column or a group of the same name takes the place of the other's, in the other's sources
//! too; a source takes the place of the other's for the log sources that both name, in the same language.

use super::file::{File, OneOrMore, Pairs, ReadsFile, ReadsName, SourceFile, WhenFile};
use crate::Dialect;

/// Files that extend each other in one chain, at most.
pub(super) const MAX_DEPTH: usize = 8;

impl File {
    /// With what it does not say itself as `base` says it.
    pub(super) fn over(self, base: File) -> File {
        let languages = if self.languages.is_empty() { base.languages } else { self.languages };
        let mut sources = self.sources;
        let taken = sources.len();
        for mut other in base.sources {
            if other.leave(&sources[..taken]) && languages.contains(&other.language()) {
                sources.push(other);
            }
        }
        File {
            name: self.name,
            title: self.title,
            extends: None,
            languages,
            pass: self.pass || base.pass,
            scan: self.scan || base.scan,
            time: self.time.or(base.time),
            id: if self.id.is_empty() { base.id } else { self.id },
            columns: self.columns.over(base.columns),
            groups: self.groups.over(base.groups),
            sources,
        }
    }
}

impl<T> Pairs<T> {
    /// Those of `base` in their order, each as it is here if it is here, then the others.
    fn over(self, mut base: Pairs<T>) -> Pairs<T> {
        for (name, value) in self.0 {
            match base.0.iter_mut().find(|(known, _)| *known == name) {
                Some((_, before)) => *before = value,
                None => base.0.push((name, value)),
            }
        }
        base
    }
}

impl SourceFile {
    /// The language that can read what it reads.
    pub(super) fn language(&self) -> Dialect {
        match &self.reads {
            ReadsFile::Any | ReadsFile::Named(ReadsName::Category, _) => Dialect::Eql,
            ReadsFile::Everything | ReadsFile::Named(ReadsName::Dataset | ReadsName::Macro, _) => Dialect::Spl,
            ReadsFile::Named(ReadsName::Table, _) => Dialect::Kql,
        }
    }

    /// Leaves `others` the log sources that they name. False if none is left.
    fn leave(&mut self, others: &[SourceFile]) -> bool {
        let language = self.language();
        let WhenFile { product, category: OneOrMore(own), service } = &mut self.when;
        let all = own.is_empty();
        for other in others.iter().filter(|other| other.language() == language) {
            let OneOrMore(taken) = &other.when.category;
            if (&other.when.product, &other.when.service) != (&*product, &*service) {
                continue;
            }
            if all && taken.is_empty() {
                return false;
            }
            own.retain(|category| !taken.contains(category));
        }
        all || !own.is_empty()
    }
}
