//! A repository of rules, as an editor has it open: its configuration, what queries are made with, and its files.

use crate::uri;
use lsp_types::Uri;
use rulecast_compile::{Models, SourceView, Target};
use rulecast_config::FILE_NAME;
use rulecast_diagnostics::Severity;
use rulecast_ir::Placeholders;
use rulecast_repository::{Chosen, Error, Input, Targets, Workspace, find, models, pipelines, placeholders};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A repository.
#[derive(Debug, Default)]
pub(crate) struct Project {
    /// What the names of files are relative to.
    root: PathBuf,
    pub(crate) settings: rulecast_repository::Project,
    models: Models,
    pub(crate) chosen: Chosen,
    pub(crate) placeholders: Placeholders,
    /// The targets that names of pipelines stand for.
    from_pipelines: Vec<String>,
    pub(crate) workspace: Workspace,
    /// Why the configuration, or a part of it, could not be read.
    pub(crate) errors: Vec<Error>,
    /// What the data models of the targets say.
    sources: OnceLock<Vec<(String, Vec<SourceView>)>>,
}

/// The configuration file of a path: the nearest upwards.
pub(crate) fn configuration(path: &Path) -> Option<PathBuf> {
    path.ancestors().skip(1).map(|directory| directory.join(FILE_NAME)).find(|file| file.is_file())
}

impl Project {
    /// Reads the repository that a configuration file stands for, or without one, all below `root`, if it is a folder that
    /// the editor has open.
    pub(crate) fn load(root: &Path, configuration: Option<&Path>, is_folder: bool) -> Self {
        let mut project = Project { root: root.to_owned(), ..Project::default() };
        if let Some(file) = configuration {
            match rulecast_repository::Project::read(file) {
                Ok(settings) => project.settings = settings,
                Err(error) => project.errors.push(error),
            }
        }
        project.read_settings();
        let configured: Vec<PathBuf> = project.settings.paths(&project.settings.config().rules).collect();
        let paths = if configured.is_empty() && is_folder { vec![root.to_owned()] } else { configured };
        let paths: Vec<PathBuf> = paths.into_iter().filter(|path| path.exists()).collect();
        // A folder without rules is one that is about to have some.
        let found = find(&paths).unwrap_or_default();
        let mut inputs: Vec<Input> =
            found.iter().filter_map(Input::path).map(|path| Input::at(path.to_owned(), project.name(path))).collect();
        inputs.sort_by(|one, other| one.name.cmp(&other.name));
        inputs.dedup_by(|one, other| one.name == other.name);
        project.workspace = Workspace::read(inputs).unwrap_or_default();
        project
    }

    fn read_settings(&mut self) {
        let config = self.settings.config();
        let paths: Vec<PathBuf> = self.settings.paths(&config.models).collect();
        match models(&paths, false, &self.settings) {
            Ok((models, _)) => self.models = models,
            Err(error) => self.errors.push(error),
        }
        let paths: Vec<PathBuf> = self.settings.paths(&config.placeholders).collect();
        match placeholders(&paths) {
            Ok(placeholders) => self.placeholders = placeholders,
            Err(error) => self.errors.push(error),
        }
        let names: Vec<String> = self.settings.pipelines().collect();
        let mut errors = Vec::new();
        match Targets::choose(&[], &self.models, false, &self.settings) {
            Ok(mut targets) => match pipelines::choose(&names, &mut targets) {
                Ok((chosen, _)) => {
                    let named = targets.all.iter().map(ToString::to_string).collect();
                    self.from_pipelines = if targets.named { Vec::new() } else { named };
                    self.chosen = chosen;
                }
                Err(error) => errors.push(error),
            },
            Err(error) => errors.push(error),
        }
        self.errors.extend(errors);
    }

    /// The targets of its rules; where the configuration is wrong, the default of each language.
    pub(crate) fn targets(&self) -> Vec<Target<'_>> {
        let named = self.from_pipelines.iter().filter_map(|name| Target::parse_of(name, &self.models).ok());
        let named: Vec<Target<'_>> = named.collect();
        if !named.is_empty() {
            return named;
        }
        Targets::choose(&[], &self.models, false, &self.settings)
            .map_or_else(|_| Target::defaults_of(&self.models).collect(), |targets| targets.all)
    }

    /// How much it matters that a target cannot say a rule.
    pub(crate) fn severity_of_refusals(&self) -> Severity {
        if self.settings.config().targets.is_empty() { Severity::Warning } else { Severity::Error }
    }

    /// What the data models of the targets hold, by target.
    pub(crate) fn sources(&self) -> &[(String, Vec<SourceView>)] {
        let read = || self.targets().into_iter().map(|target| (target.to_string(), target.sources())).collect();
        self.sources.get_or_init(read)
    }

    /// What a file is called: its path below the root, or else the whole of it.
    pub(crate) fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    /// The URI of a file by its name.
    pub(crate) fn uri(&self, name: &str) -> Option<Uri> {
        // A text without a path is called by its URI.
        if name.contains(':') && !Path::new(name).is_absolute() && !self.root.join(name).exists() {
            return name.parse().ok();
        }
        uri::of_path(&self.root.join(name))
    }

    /// Whether the configuration says that the file is a rule.
    pub(crate) fn names(&self, path: &Path) -> bool {
        self.settings.paths(&self.settings.config().rules).any(|rules| path.starts_with(rules))
    }

    /// Whether what it is read with stands in this file.
    pub(crate) fn depends_on(&self, path: &Path) -> bool {
        let config = self.settings.config();
        let written = [&config.models, &config.placeholders, &config.pipelines];
        path.file_name().is_some_and(|name| name == FILE_NAME)
            || written.iter().any(|paths| self.settings.paths(paths).any(|one| path.starts_with(one)))
    }
}
