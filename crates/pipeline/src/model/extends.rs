//! A model that takes over another's columns, groups and sources.
//!
//! What it names itself wins: a column or a group of the same name takes the place of the other's, in the other's sources
//! too; a source takes the place of the other's for the log sources that both name, in the same language. Groups of the
//! other that no source is left for are left out.

use super::file::{File, Named, ReadsFile, SourceFile, WhenFile, Word};
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
            other.rename(&self.renamed);
            if other.leave(&sources[..taken]) && languages.contains(&other.language()) {
                sources.push(other);
            }
        }
        let mut groups = base.groups;
        groups.retain(|(name, _)| sources.iter().any(|source| source.groups.iter().any(|one| one.node == name.node)));
        let references = base.references.into_iter().filter(|one| !self.references.contains(one));
        File {
            name: self.name,
            title: self.title,
            extends: self.extends,
            languages,
            pass: self.pass || base.pass,
            scan: self.scan || base.scan,
            time: self.time.or(base.time),
            id: if self.id.is_empty() { base.id } else { self.id },
            columns: over(self.columns, base.columns),
            groups: over(self.groups, groups),
            sources,
            renamed: Vec::new(),
            scope: self.scope.into_iter().chain(base.scope).collect(),
            references: references.chain(self.references.iter().cloned()).collect(),
        }
    }
}

/// Those of `base` in their order, each as it is in `own` if it is there, then the others.
fn over<T>(own: Named<T>, mut base: Named<T>) -> Named<T> {
    for (name, value) in own {
        match base.iter_mut().find(|(known, _)| known.node == name.node) {
            Some(before) => *before = (name, value),
            None => base.push((name, value)),
        }
    }
    base
}

impl SourceFile {
    /// The language that can read what it reads.
    pub(super) fn language(&self) -> Dialect {
        match self.reads.node {
            ReadsFile::Any | ReadsFile::Category(_) => Dialect::Eql,
            ReadsFile::Everything | ReadsFile::Dataset(_) | ReadsFile::Macro(_) => Dialect::Spl,
            ReadsFile::Table(_) => Dialect::Kql,
        }
    }

    /// The name of what it reads.
    pub(super) fn read_name(&self) -> Option<&str> {
        match &self.reads.node {
            ReadsFile::Any | ReadsFile::Everything => None,
            ReadsFile::Category(name) | ReadsFile::Dataset(name) | ReadsFile::Macro(name) | ReadsFile::Table(name) => {
                Some(name)
            }
        }
    }

    fn rename(&mut self, renamed: &Named<Word>) {
        if let ReadsFile::Category(name) | ReadsFile::Dataset(name) | ReadsFile::Macro(name) | ReadsFile::Table(name) =
            &mut self.reads.node
            && let Some((_, new)) = renamed.iter().find(|(old, _)| old.node == *name)
        {
            name.clone_from(&new.node);
        }
    }

    /// Leaves `others` the log sources that they name. False if none is left.
    fn leave(&mut self, others: &[SourceFile]) -> bool {
        let language = self.language();
        let WhenFile { product, category, service, or_service: _ } = &mut self.when;
        let all = category.is_empty();
        for other in others.iter().filter(|other| other.language() == language) {
            let taken = &other.when.category;
            if (&other.when.product, &other.when.service) != (&*product, &*service) {
                continue;
            }
            if all && taken.is_empty() {
                return false;
            }
            category.retain(|category| !taken.contains(category));
        }
        all || !category.is_empty()
    }
}
