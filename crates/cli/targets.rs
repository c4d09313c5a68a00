//! `-m` and `-t`: the data models of a run, and its targets.

use crate::exit::Failure;
use crate::problems;
use crate::project::Project;
use rulecast_compile::{Models, Target};
use rulecast_diagnostics::{Diagnostic, FileId, SourceMap};
use std::path::PathBuf;

/// The targets of a run.
#[derive(Debug)]
pub(crate) struct Targets<'m> {
    pub(crate) models: &'m Models,
    /// In the order given, each once.
    pub(crate) all: Vec<Target<'m>>,
    /// Whether the user named them, so that the rules must hold on them.
    pub(crate) named: bool,
}

/// Reads the files of data models. Warnings are returned as text.
pub(crate) fn models(paths: &[PathBuf], colour: bool) -> Result<(Models, String), Failure> {
    let mut sources = SourceMap::new();
    for path in paths {
        let unreadable = |reason: String| Failure::ReadModel { path: path.clone(), reason };
        let bytes = std::fs::read(path).map_err(|error| unreadable(error.kind().to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".to_owned()))?;
        sources.add(path.to_string_lossy().replace('\\', "/"), text);
    }
    let files = sources.files().iter().enumerate();
    let texts: Vec<(FileId, &str)> = files.map(|(at, file)| (FileId(at as u32), file.text.as_str())).collect();
    let (models, found) = Models::read(&texts);
    let shown = problems::text(&found, &sources, colour);
    if found.iter().any(Diagnostic::is_error) { Err(Failure::Models { problems: shown }) } else { Ok((models, shown)) }
}

impl<'m> Targets<'m> {
    /// Those that the command line names, or else the configuration; or else those of the models that the command line
    /// gives, and without any the default of each language.
    pub(crate) fn choose(
        given: &[String],
        models: &'m Models,
        models_given: bool,
        project: &Project,
        colour: bool,
    ) -> Result<Self, Failure> {
        let mut all: Vec<Target<'m>> = Vec::new();
        for name in given {
            let target = Target::parse_of(name, models)?;
            if !all.contains(&target) {
                all.push(target);
            }
        }
        if all.is_empty() && !models_given {
            all = project.targets(models, colour)?;
        }
        let named = !all.is_empty();
        if all.is_empty() && models_given {
            let is_given = |target: &Target<'_>| models.is_of_a_file(target.model.name());
            all = Target::all(models).filter(is_given).collect();
        }
        if all.is_empty() {
            all = Target::defaults_of(models).collect();
        }
        Ok(Self { models, all, named })
    }
}
