//! One side of a comparison: all rules of a tree of files, compiled with what the tree says of itself.

use super::revision::Revision;
use crate::args::{Common, DiffArgs};
use crate::compiled::{CompiledFile, Setting, compile_all};
use crate::exit::Failure;
use rulecast_repository::{
    Disk, Error, Input, InputError, Project, Targets, Tree, find, models_in, pipelines, placeholders_in,
};
use std::path::{Path, PathBuf};

/// What there was, or is.
pub(super) struct Side {
    /// As the user calls it.
    pub(super) label: String,
    /// The commit, if it is one.
    pub(super) commit: Option<String>,
    /// In order.
    pub(super) targets: Vec<String>,
    pub(super) files: Vec<CompiledFile>,
}

/// Where a side is read from.
pub(crate) struct Origin<'r> {
    pub(crate) label: String,
    pub(crate) commit: Option<String>,
    /// `None` for the working directory.
    pub(crate) revision: Option<Revision<'r>>,
}

impl Origin<'_> {
    fn tree(&self) -> &dyn Tree {
        self.revision.as_ref().map_or(&Disk, |revision| revision)
    }

    fn failure(&self, error: Error) -> Failure {
        Failure::AtSide { side: self.label.clone(), error: Box::new(error) }
    }

    /// The configuration that it stands under.
    pub(crate) fn project(&self, common: &Common) -> Result<Project, Failure> {
        let project = match &common.config {
            _ if common.no_config => Ok(Project::default()),
            // One that was added since was not there before.
            Some(path) if self.revision.is_some() && !self.tree().is_file(path) => Ok(Project::default()),
            Some(path) => Project::read_in(self.tree(), path),
            None => Project::find_in(self.tree()),
        };
        project.map_err(|error| self.failure(error))
    }

    /// The rule files of these paths. A path may be there on one side only.
    pub(crate) fn inputs(&self, paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
        let Some(revision) = &self.revision else {
            let mut there: Vec<PathBuf> = paths.iter().filter(|path| path.exists()).cloned().collect();
            loop {
                match find(&there) {
                    // A directory that is, or was, without rules is nothing to stop for.
                    Err(Error::Inputs(InputError::Empty { path })) => there.retain(|one| *one != path),
                    found => return Ok(found?),
                }
            }
        };
        revision
            .find(paths)
            .map_err(|error| Failure::ReadRevision { revision: self.label.clone(), reason: error.kind() })
    }

    /// Whether one of its rule files would be among these paths.
    pub(super) fn has(&self, path: &Path) -> bool {
        self.tree().is_file(path) || self.tree().is_dir(path)
    }

    /// Reads and compiles all rules of `paths`.
    pub(super) fn read(&self, args: &DiffArgs, project: &Project, paths: &[PathBuf]) -> Result<Side, Failure> {
        let tree = self.tree();
        let at_side = |error: Error| self.failure(error);
        let config = project.config();
        let own = |given: &[PathBuf], written: &[_]| {
            if given.is_empty() { project.paths(written).collect() } else { given.to_vec() }
        };
        let models_given = !args.setting.models.is_empty();
        let paths_of_models = own(&args.setting.models, &config.models);
        let (models, _) = models_in(tree, &paths_of_models, models_given, project).map_err(at_side)?;
        let mut targets = Targets::choose(&args.targets, &models, models_given, project).map_err(at_side)?;
        let given: Vec<String> = match args.setting.pipelines.as_slice() {
            [] => project.pipelines_in(tree).collect(),
            given => given.to_vec(),
        };
        let (chosen, _) = pipelines::choose_in(tree, &given, &mut targets).map_err(at_side)?;
        let placeholders = own(&args.setting.values.placeholders, &config.placeholders);
        let placeholders = placeholders_in(tree, &placeholders).map_err(at_side)?;
        let allow = if args.allow.is_empty() { config.allow } else { args.allow() };
        let setting = Setting { placeholders: &placeholders, chosen: &chosen, targets: &targets.all, allow };
        Ok(Side {
            label: self.label.clone(),
            commit: self.commit.clone(),
            targets: targets.all.iter().map(ToString::to_string).collect(),
            files: compile_all(&self.inputs(paths)?, setting)?,
        })
    }
}
