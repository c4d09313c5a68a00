//! `-p`: the processing pipelines of a run, and the targets that their names stand for.

use crate::{Disk, Error, Problems, Targets, Tree, tree};
use rulecast_compile::processing::{Files, NAMES, Pipelines, by_name};
use rulecast_compile::{Models, Target};
use rulecast_diagnostics::{FileId, SourceMap};
use std::path::{Path, PathBuf};

/// Pipelines that were read, with their texts.
#[derive(Debug, Default)]
pub struct Chosen {
    /// In the order in which they apply.
    pub pipelines: Pipelines,
    /// Their texts, as shared files; none of its own.
    pub sources: SourceMap,
    /// Whether to keep what each step does.
    pub records: bool,
}

/// Files that pipelines name, relative to the directory of the call.
struct Texts<'t>(&'t dyn Tree);

impl Files for Texts<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        tree::text(self.0, Path::new(path))
    }
}

/// Reads the pipelines of `given`, files or names, for `targets`: a name adds or confirms one.
///
/// Problems that are returned are warnings.
pub fn choose(given: &[String], targets: &mut Targets<'_>) -> Result<(Chosen, Problems), Error> {
    choose_in(&Disk, given, targets)
}

/// The same, with the files of a tree.
pub fn choose_in(tree: &dyn Tree, given: &[String], targets: &mut Targets<'_>) -> Result<(Chosen, Problems), Error> {
    let mut paths = Vec::new();
    let mut selected: Vec<Target<'_>> = Vec::new();
    for one in given {
        let path = Path::new(one);
        if tree.is_dir(path) {
            paths.extend(in_directory(tree, path)?);
        } else if tree.is_file(path) {
            paths.push(path.to_owned());
        } else {
            selected.push(target_of(one, targets)?);
        }
    }
    if !targets.named && !selected.is_empty() {
        selected.sort();
        selected.dedup();
        targets.all = selected;
    }
    let mut files = SourceMap::new();
    for path in &paths {
        let text = tree::text(tree, path).map_err(|reason| unreadable(path, reason))?;
        files.add(path.to_string_lossy().replace('\\', "/"), text);
    }
    let mut chosen = Chosen { sources: files.sharing(), ..Chosen::default() };
    let texts = files.files().iter().enumerate().map(|(at, file)| (FileId::shared(at), file.text.as_str()));
    let texts: Vec<(FileId, &str)> = texts.collect();
    let languages: Vec<&str> = targets.all.iter().map(|target| target.language.name()).collect();
    let (pipelines, mut found) = Pipelines::read(&texts, &Texts(tree));
    found.extend(pipelines.not_for(&languages));
    let problems = Problems { diagnostics: found, sources: chosen.sources.sharing() };
    if problems.has_errors() {
        return Err(Error::Pipelines(problems));
    }
    chosen.pipelines = pipelines;
    Ok((chosen, problems))
}

/// Reads the pipelines of `given` where no query is made: files, of any backend.
pub fn without_targets(given: &[String]) -> Result<(Chosen, Problems), Error> {
    for one in given {
        let path = Path::new(one);
        if !path.is_dir() && !path.is_file() && by_name(one).is_some() {
            let message = "it stands for a target, and no query is made here: the rules are evaluated";
            return Err(Error::PipelineName { name: one.clone(), message: message.to_owned() });
        }
    }
    let models = Models::default();
    choose(given, &mut Targets { models: &models, all: Vec::new(), named: false })
}

fn unreadable(path: &Path, reason: String) -> Error {
    Error::ReadPipeline { path: path.to_owned(), reason }
}

/// The pipelines of a directory, by name.
fn in_directory(tree: &dyn Tree, directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut paths = tree.list(directory).map_err(|error| unreadable(directory, error.kind().to_string()))?;
    paths.retain(|path| tree.is_file(path) && path.extension().is_some_and(|ext| ext == "yml" || ext == "yaml"));
    paths.sort();
    if paths.is_empty() {
        return Err(unreadable(directory, "it holds no *.yml and no *.yaml".to_owned()));
    }
    Ok(paths)
}

/// The target that a name stands for.
fn target_of<'m>(name: &str, targets: &Targets<'m>) -> Result<Target<'m>, Error> {
    let wrong = |message: String| Error::PipelineName { name: name.to_owned(), message };
    let Some(known) = by_name(name) else {
        let near = rulecast_rule::closest(name, NAMES.iter().map(|known| known.name));
        return Err(wrong(match near {
            Some(near) => format!("neither a file nor the name of a pipeline; did you mean `{near}`?"),
            None => "neither a file nor the name of a pipeline".to_owned(),
        }));
    };
    let Ok(target) = Target::parse_of(known.target, targets.models) else {
        return Err(wrong(format!("no target does its work yet; {}", known.instead)));
    };
    if targets.named && !targets.all.contains(&target) {
        return Err(wrong(format!("it stands for the target `{target}`, which is not among those of `-t`")));
    }
    Ok(target)
}
