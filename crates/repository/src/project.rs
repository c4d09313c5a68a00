//! The configuration that a run stands under: found, and read.

use crate::{Disk, Error, Problems, Tree, tree};
use rulecast_compile::{Models, Target};
use rulecast_config::{Config, FILE_NAME, OUTPUT};
use rulecast_diagnostics::{Diagnostic, Severity, SourceMap, Spanned};
use rulecast_lint::{Suppression, Suppressions};
use std::path::{Path, PathBuf};

/// A configuration, and where it stands.
#[derive(Debug, Default)]
pub struct Project {
    /// What its paths are relative to; empty for the directory of the call.
    directory: PathBuf,
    config: Config,
    /// The file, if there is one.
    sources: SourceMap,
}

impl Project {
    /// The first configuration upwards from the directory of the call, if there is one.
    pub fn find() -> Result<Self, Error> {
        Self::find_in(&Disk)
    }

    /// The same, of a tree.
    pub fn find_in(tree: &dyn Tree) -> Result<Self, Error> {
        upwards(tree).map_or_else(|| Ok(Self::default()), |path| Self::read_in(tree, &path))
    }

    /// The configuration in this file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::read_in(&Disk, path)
    }

    /// The configuration in this file of a tree.
    pub fn read_in(tree: &dyn Tree, path: &Path) -> Result<Self, Error> {
        let unreadable = |reason| Error::ReadConfig { path: path.to_owned(), reason };
        let text = tree::text(tree, path).map_err(unreadable)?;
        let mut sources = SourceMap::new();
        let file = sources.add(path.to_string_lossy().replace('\\', "/"), text.as_str());
        let parsed = rulecast_config::parse(file, &text);
        if parsed.diagnostics.iter().any(Diagnostic::is_error) {
            return Err(Error::Config(Problems { diagnostics: parsed.diagnostics, sources }));
        }
        let directory = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self { directory, config: parsed.config, sources })
    }

    /// What it says.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether there is a file.
    pub fn is_configured(&self) -> bool {
        !self.sources.files().is_empty()
    }

    /// What the paths of the configuration are relative to; empty for the directory of the call.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// These paths of the configuration, as paths from the directory of the call.
    pub fn paths<'a>(&'a self, written: &'a [Spanned<String>]) -> impl Iterator<Item = PathBuf> + 'a {
        written.iter().map(|path| self.path(path))
    }

    /// Has the targets of a run read what the configuration says.
    pub(crate) fn read_by(&self, models: &mut Models, models_given: bool) -> Result<(), Error> {
        let mut diagnostics = self.config.read_by(models);
        if models_given {
            diagnostics.retain(|problem| problem.name != "unknown-target");
        }
        if diagnostics.is_empty() {
            return Ok(());
        }
        Err(Error::Config(Problems { diagnostics, sources: self.sources.clone() }))
    }

    /// The directory of the queries that are built, as a path from the directory of the call.
    pub fn output(&self) -> PathBuf {
        match &self.config.output {
            Some(written) => self.path(written),
            None => self.directory.join(OUTPUT),
        }
    }

    /// The file of the license that a bundle of the rules holds, as a path from the directory of the call.
    pub fn license_file(&self) -> Option<PathBuf> {
        self.config.bundle.license_file.as_ref().map(|written| self.path(written))
    }

    /// The targets of the configuration, among those of a run with these models.
    pub fn targets<'m>(&self, models: &'m Models) -> Result<Vec<Target<'m>>, Error> {
        self.config
            .targets(models)
            .map_err(|diagnostics| Error::Config(Problems { diagnostics, sources: self.sources.clone() }))
    }

    /// The pipelines of the configuration; what is a file there is one here.
    pub fn pipelines(&self) -> impl Iterator<Item = String> {
        self.pipelines_in(&Disk)
    }

    /// The same; what is a file in a tree is one here.
    pub fn pipelines_in(&self, tree: &dyn Tree) -> impl Iterator<Item = String> {
        self.config.pipelines.iter().map(move |written| {
            let path = self.path(written);
            if tree.is_file(&path) || tree.is_dir(&path) {
                path.to_string_lossy().into_owned()
            } else {
                written.node.clone()
            }
        })
    }

    /// How severe the findings of a lint are; nothing, where they are not looked for.
    pub fn severity(&self, lint: &str, own: Severity) -> Option<Severity> {
        match self.config.lints.iter().find(|(name, _)| name.as_str() == lint) {
            None => Some(own),
            Some((_, rulecast_config::Level::Off)) => None,
            Some((_, rulecast_config::Level::As(severity))) => Some(*severity),
        }
    }

    /// The findings that it accepts.
    pub fn suppressions(&self) -> Suppressions {
        let entries = self.config.suppress.iter().map(|entry| Suppression {
            rule: entry.rule.clone(),
            lint: entry.lint.clone(),
            reason: Some(entry.reason.clone()),
        });
        // What is wrong with one was an error when the file was read.
        Suppressions::new(entries.collect()).0
    }

    /// The file, to show its problems in.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    fn path(&self, written: &Spanned<String>) -> PathBuf {
        if self.directory.as_os_str().is_empty() {
            PathBuf::from(&written.node)
        } else {
            self.directory.join(&written.node)
        }
    }
}

/// The nearest file, as a path relative to the directory of the call: messages then say the same on every machine.
fn upwards(tree: &dyn Tree) -> Option<PathBuf> {
    let directory = std::env::current_dir().ok()?;
    let mut path = PathBuf::new();
    for _ in directory.ancestors() {
        let file = path.join(FILE_NAME);
        if tree.is_file(&file) {
            return Some(file);
        }
        path.push("..");
    }
    None
}
