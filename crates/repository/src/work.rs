//! Files to rules, on all processors, in the order of the files.
//!
//! A file that refers to no other is parsed, resolved, given to the job and dropped, all at once: memory grows with the
//! results, not with the rules. Meanwhile each file leaves [`Facts`]: what it declares and refers to. Files that need
//! others (a correlation over their rules, a filter on them), or that others bear on (a filter elsewhere applies to
//! their rules, a correlation elsewhere uses them up), are worked on again once all facts are known.

mod change;
mod facts;
mod names;
mod skim;
mod words;
mod workspace;

use crate::inputs::Input;
use crate::pipelines::Chosen;
pub use change::{Change, Concerned, for_each_concerned};
use facts::{Facts, Index};
use rayon::ThreadPool;
pub use rayon::ThreadPoolBuildError;
use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rulecast_compile::processing::Trace;
use rulecast_compile::{Resolved, Unit};
use rulecast_diagnostics::{Diagnostic, FileId, SourceMap, Span};
use rulecast_ir::{Placeholders, Rule, Sigma};
use rulecast_rule::Document;
use std::sync::Arc;
pub use workspace::{Named, Workspace};

/// Enough for the deepest condition and the deepest YAML that the parser accepts, in an unoptimised build. Memory is only
/// taken as far as it is used.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// A file, as its job sees it.
pub struct File<'a> {
    /// Which.
    pub input: &'a Input,
    /// Its text, and the texts of the files it refers to.
    pub sources: SourceMap,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// Its documents that have no error of their own.
    pub documents: Vec<Document>,
    /// The rules to compile.
    pub rules: Vec<Rule<Sigma>>,
    /// What pipelines left of the rules beside them.
    pub traces: Vec<Trace>,
}

impl File<'_> {
    /// Gives placeholders their values. A rule that cannot take them is left out.
    fn fill(&mut self, placeholders: &Placeholders) {
        if placeholders.is_empty() {
            return;
        }
        self.rules.retain_mut(|rule| {
            let problems = rule.fill(placeholders);
            let sound = !problems.iter().any(Diagnostic::is_error);
            self.diagnostics.extend(problems);
            sound
        });
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.at.span);
    }
}

/// Calls `job` with each file, its rules rewritten by the pipelines and its placeholders filled, and returns what it made
/// of them in their order. Calls `step` after each job.
pub fn for_each_file<T: Send>(
    inputs: &[Input],
    placeholders: &Placeholders,
    chosen: &Chosen,
    step: impl Fn() + Sync,
    job: impl Fn(File<'_>) -> T + Sync,
) -> Result<Vec<T>, ThreadPoolBuildError> {
    let job = |mut file: File<'_>| {
        file.fill(placeholders);
        let made = job(file);
        step();
        made
    };
    Ok(pool(inputs.len())?.install(|| both_phases(inputs, chosen, &job)))
}

/// Threads for this many files: more than files would only take time to start.
fn pool(files: usize) -> Result<ThreadPool, ThreadPoolBuildError> {
    let most = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let asked = if files < most { files.max(1) } else { 0 };
    rayon::ThreadPoolBuilder::new().num_threads(asked).stack_size(STACK_BYTES).build()
}

fn both_phases<T: Send>(inputs: &[Input], chosen: &Chosen, job: &(impl Fn(File<'_>) -> T + Sync)) -> Vec<T> {
    let (mut results, facts): (Vec<Option<T>>, Vec<Facts>) = inputs
        .par_iter()
        .map(|input| {
            let loaded = Loaded::read(input, chosen);
            let facts = Facts::of(&loaded.documents);
            let result = facts.stands_alone().then(|| job(loaded.alone(input, chosen)));
            (result, facts)
        })
        .unzip();
    let index = Index::new(&facts);
    let again: Vec<usize> = (0..inputs.len()).filter(|&file| results[file].is_none() || index.bears_on(file)).collect();
    let redone: Vec<(usize, T)> =
        again.into_par_iter().map(|file| (file, job(with_others(inputs, file, &index, chosen)))).collect();
    for (file, result) in redone {
        results[file] = Some(result);
    }
    results.into_iter().map(|result| result.expect("a file either stands alone or is done again")).collect()
}

/// A file's text and documents.
struct Loaded {
    sources: SourceMap,
    documents: Vec<Document>,
    diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    fn read(input: &Input, chosen: &Chosen) -> Self {
        let (documents, diagnostics) = (Vec::new(), Vec::new());
        let mut loaded = Loaded { sources: chosen.sources.sharing(), documents, diagnostics };
        (loaded.documents, loaded.diagnostics) = load(input, &mut loaded.sources);
        loaded
    }

    fn alone<'a>(self, input: &'a Input, chosen: &Chosen) -> File<'a> {
        finish(input, chosen, self.sources, self.diagnostics, Unit::new(self.documents), |_| false)
    }
}

/// Reads a file into `sources`. Documents with errors are not returned: part of them may not have been read.
fn load(input: &Input, sources: &mut SourceMap) -> (Vec<Document>, Vec<Diagnostic>) {
    let bytes = match input.read() {
        Ok(bytes) => bytes,
        Err(reason) => {
            let file = sources.add(&input.name, "");
            let problem = Diagnostic::error("unreadable-file", Span::new(file, 0, 0), format!("cannot read: {reason}"));
            return (Vec::new(), vec![problem]);
        }
    };
    let file = FileId(sources.files().len() as u32);
    match rulecast_rule::text(file, &bytes) {
        Ok(text) => {
            let rulecast_rule::Parsed { documents, diagnostics, .. } = rulecast_compile::read(file, text);
            sources.add(&input.name, text);
            (documents, diagnostics)
        }
        Err(problem) => {
            sources.add(&input.name, String::from_utf8_lossy(&bytes));
            (Vec::new(), vec![*problem])
        }
    }
}

fn with_others<'a>(inputs: &'a [Input], file: usize, index: &Index<'_>, chosen: &Chosen) -> File<'a> {
    let Loaded { mut sources, mut documents, mut diagnostics } = Loaded::read(&inputs[file], chosen);
    let mut others = Vec::new();
    names::check(&mut documents, inputs, file, index, &mut diagnostics);
    for (other, wanted) in index.needed_by(file) {
        let (found, _) = load(&inputs[other], &mut sources);
        others.extend(found.into_iter().filter(|document| wanted.includes(document)).map(Arc::new));
    }
    finish(&inputs[file], chosen, sources, diagnostics, Unit { documents, others }, |names| index.uses_up(file, names))
}

/// Resolves the unit. What is wrong with another file is that file's to report.
fn finish<'a>(
    input: &'a Input,
    chosen: &Chosen,
    sources: SourceMap,
    mut diagnostics: Vec<Diagnostic>,
    unit: Unit,
    is_used_up: impl Fn(&[&str]) -> bool,
) -> File<'a> {
    let resolved =
        if chosen.records { unit.resolve_recording(&chosen.pipelines) } else { unit.resolve_with(&chosen.pipelines) };
    let (Resolved { mut rules, diagnostics: problems }, traces) = resolved;
    let is_own = |file: FileId| file == FileId(0) || file.shared_index().is_some();
    diagnostics.extend(problems.into_iter().filter(|problem| is_own(problem.at.span.file)));
    diagnostics.sort_by_key(|diagnostic| diagnostic.at.span);
    rules.retain(|rule| {
        let names: Vec<&str> = [rule.metadata.id(), rule.metadata.name()].into_iter().flatten().collect();
        !is_used_up(&names)
    });
    File { input, sources, diagnostics, documents: unit.documents, rules, traces }
}
