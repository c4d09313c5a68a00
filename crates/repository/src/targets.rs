//! `-m` and `-t`: the data models of a run, and its targets.

use crate::{Disk, Error, Problems, Project, Tree, tree};
use rulecast_compile::{Models, Target};
use rulecast_diagnostics::{FileId, SourceMap};
use std::path::PathBuf;

/// The targets of a run.
#[derive(Debug)]
pub struct Targets<'m> {
    /// The data models that they are among.
    pub models: &'m Models,
    /// In the order given, each once.
    pub all: Vec<Target<'m>>,
    /// Whether the user named them, so that the rules must hold on them.
    pub named: bool,
}

/// Reads the files of data models. Problems that are returned are warnings.
pub fn models(paths: &[PathBuf]) -> Result<(Models, Problems), Error> {
    models_in(&Disk, paths)
}

/// The same, of a tree.
pub fn models_in(tree: &dyn Tree, paths: &[PathBuf]) -> Result<(Models, Problems), Error> {
    let mut sources = SourceMap::new();
    for path in paths {
        let text = tree::text(tree, path).map_err(|reason| Error::ReadModel { path: path.clone(), reason })?;
        sources.add(path.to_string_lossy().replace('\\', "/"), text);
    }
    let files = sources.files().iter().enumerate();
    let texts: Vec<(FileId, &str)> = files.map(|(at, file)| (FileId(at as u32), file.text.as_str())).collect();
    let (models, diagnostics) = Models::read(&texts);
    let problems = Problems { diagnostics, sources };
    if problems.has_errors() { Err(Error::Models(problems)) } else { Ok((models, problems)) }
}

impl<'m> Targets<'m> {
    /// Those that the command line names, or else the configuration; or else those of the models that the command line
    /// gives, and without any the default of each language.
    pub fn choose(given: &[String], models: &'m Models, models_given: bool, project: &Project) -> Result<Self, Error> {
        let mut all: Vec<Target<'m>> = Vec::new();
        for name in given {
            let target = Target::parse_of(name, models)?;
            if !all.contains(&target) {
                all.push(target);
            }
        }
        if all.is_empty() && !models_given {
            all = project.targets(models)?;
        }
        let named = !all.is_empty();
        if all.is_empty() && models_given {
            let is_given = |target: &Target<'_>| models.given(target.model.name()).is_some();
            all = Target::all(models).filter(is_given).collect();
        }
        if all.is_empty() {
            all = Target::defaults_of(models).collect();
        }
        Ok(Self { models, all, named })
    }
}
