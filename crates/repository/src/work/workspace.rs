//! Files that change while they are worked on, as in an editor.
//!
//! Every file is read once, for what it says to others; after that, only those that change. [`Workspace::file`] then makes
//! rules of one file as [`for_each_file`](super::for_each_file) does, with the rules of others that it needs.

use super::facts::{Facts, Index, references};
use super::{File, Loaded, load, pool, with_others};
use crate::inputs::Input;
use crate::pipelines::Chosen;
use rayon::ThreadPoolBuildError;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rulecast_diagnostics::{Diagnostic, SourceMap, Span, Spanned};
use rulecast_ir::Placeholders;

/// The files of a repository, by name.
#[derive(Debug, Default)]
pub struct Workspace {
    inputs: Vec<Input>,
    facts: Vec<Facts>,
    findings: Vec<rulecast_lint::Facts>,
    named: Vec<Vec<Named>>,
}

/// A rule that others can refer to.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its id.
    pub id: Option<Spanned<String>>,
    /// Its name.
    pub name: Option<Spanned<String>>,
    /// Its title; empty if it has none.
    pub title: String,
    /// Where its title stands, or where it begins.
    pub span: Span,
    /// The ids and names of rules that it refers to.
    pub references: Vec<Spanned<String>>,
}

/// What a file says to others.
struct Read {
    input: Input,
    facts: Facts,
    findings: rulecast_lint::Facts,
    named: Vec<Named>,
}

impl Workspace {
    /// Reads files, which are sorted by name.
    pub fn read(inputs: Vec<Input>) -> Result<Self, ThreadPoolBuildError> {
        let pool = pool(inputs.len())?;
        let read: Vec<Read> = pool.install(|| inputs.into_par_iter().map(read).collect());
        let mut workspace = Workspace::default();
        for one in read {
            workspace.inputs.push(one.input);
            workspace.facts.push(one.facts);
            workspace.findings.push(one.findings);
            workspace.named.push(one.named);
        }
        Ok(workspace)
    }

    /// Its files, by name.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The rules of a file.
    pub fn rules(&self, at: usize) -> &[Named] {
        &self.named[at]
    }

    /// The place of a file among [`Workspace::inputs`].
    pub fn position(&self, name: &str) -> Option<usize> {
        self.search(name).ok()
    }

    fn search(&self, name: &str) -> Result<usize, usize> {
        self.inputs.binary_search_by(|input| input.name.as_str().cmp(name))
    }

    /// Puts a file in, or in the place of the one of its name. Returns whether it now says something else to others.
    pub fn set(&mut self, input: Input) -> bool {
        let Read { input, facts, findings, named } = read(input);
        let titles = |named: &[Named]| named.iter().map(|one| one.title.clone()).collect::<Vec<_>>();
        match self.search(&input.name) {
            Ok(at) => {
                let changed = self.facts[at] != facts || titles(&self.named[at]) != titles(&named);
                self.inputs[at] = input;
                self.facts[at] = facts;
                self.findings[at] = findings;
                self.named[at] = named;
                changed
            }
            Err(at) => {
                self.inputs.insert(at, input);
                self.facts.insert(at, facts);
                self.findings.insert(at, findings);
                self.named.insert(at, named);
                true
            }
        }
    }

    /// Takes a file out.
    pub fn remove(&mut self, name: &str) {
        if let Ok(at) = self.search(name) {
            self.inputs.remove(at);
            self.facts.remove(at);
            self.findings.remove(at);
            self.named.remove(at);
        }
    }

    /// The rules of a file, its placeholders filled, and what is wrong with it.
    pub fn file(&self, at: usize, placeholders: &Placeholders, chosen: &Chosen) -> File<'_> {
        let input = &self.inputs[at];
        let index = Index::new(&self.facts);
        let mut file = if self.facts[at].stands_alone() && !index.bears_on(at) {
            Loaded::read(input, chosen).alone(input, chosen)
        } else {
            with_others(&self.inputs, at, &index, chosen)
        };
        file.fill(placeholders);
        file
    }

    /// What the lints find in a file that compare it with others.
    pub fn across(&self, at: usize) -> Vec<Diagnostic> {
        let found = rulecast_lint::across(&self.findings);
        found.into_iter().filter(|(file, _)| *file == at).map(|(_, finding)| finding).collect()
    }

    /// The files that declare a rule of this id or name.
    pub fn declaring(&self, name: &str) -> impl Iterator<Item = usize> {
        (0..self.facts.len()).filter(move |&at| self.facts[at].has(name))
    }

    /// The files that refer to a rule by this id or name.
    pub fn referring(&self, name: &str) -> impl Iterator<Item = usize> {
        (0..self.facts.len()).filter(move |&at| self.facts[at].refers_to(name))
    }
}

fn read(input: Input) -> Read {
    let mut sources = SourceMap::new();
    let (documents, _) = load(&input, &mut sources);
    let findings = rulecast_lint::Facts::read(&input.name, &documents);
    let named = documents.iter().map(|document| {
        let metadata = &document.metadata;
        let start = Span { end: document.span.start, ..document.span };
        Named {
            id: metadata.id.clone(),
            name: metadata.name.clone(),
            title: metadata.title.as_ref().map(|title| title.node.clone()).unwrap_or_default(),
            span: metadata.title.as_ref().map_or(start, |title| title.span),
            references: references(document).to_vec(),
        }
    });
    Read { facts: Facts::of(&documents), findings, named: named.collect(), input }
}
