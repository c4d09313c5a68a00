//! The configuration that a run stands under: found, read, and put where the command line says nothing.

use crate::args::{Cli, Command, Common, Inexact};
use crate::exit::Failure;
use crate::problems;
use rulecast_compile::{Models, Target};
use rulecast_config::{Config, FILE_NAME};
use rulecast_diagnostics::{Diagnostic, Severity, SourceMap, Spanned};
use rulecast_lint::{Suppression, Suppressions};
use std::path::{Path, PathBuf};

/// A configuration, and where it stands.
#[derive(Debug, Default)]
pub(crate) struct Project {
    /// What its paths are relative to; empty for the directory of the call.
    directory: PathBuf,
    config: Config,
    /// The file, if there is one.
    sources: SourceMap,
}

impl Project {
    /// The configuration that the arguments name, or the first one upwards from the directory of the call.
    pub(crate) fn find(common: &Common) -> Result<Self, Failure> {
        let path = match &common.config {
            _ if common.no_config => None,
            Some(path) => Some(path.clone()),
            None => upwards(),
        };
        path.map_or_else(|| Ok(Self::default()), |path| Self::read(&path, common))
    }

    fn read(path: &Path, common: &Common) -> Result<Self, Failure> {
        let unreadable =
            |error: std::io::Error| Failure::ReadConfig { path: path.to_owned(), reason: error.kind().to_string() };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let mut sources = SourceMap::new();
        let file = sources.add(path.to_string_lossy().replace('\\', "/"), text.as_str());
        let parsed = rulecast_config::parse(file, &text);
        if parsed.diagnostics.iter().any(Diagnostic::is_error) {
            let colour = common.colour.on(&std::io::stderr());
            return Err(Failure::Config { problems: problems::text(&parsed.diagnostics, &sources, colour) });
        }
        let directory = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self { directory, config: parsed.config, sources })
    }

    /// Puts what it says where the command line says nothing.
    pub(crate) fn complete(&self, cli: &mut Cli) -> Result<(), Failure> {
        let values = match &mut cli.command {
            Command::Convert(args) => Some(&mut args.values),
            Command::Check(args) => Some(&mut args.values),
            Command::Test(args) => Some(&mut args.values),
            Command::Eval(args) => Some(&mut args.values),
            Command::Explain(args) => Some(&mut args.values),
            Command::List(_) => None,
        };
        if let Some(values) = values.filter(|values| values.placeholders.is_empty()) {
            values.placeholders.extend(self.config.placeholders.iter().map(|path| self.path(path)));
        }
        let paths = match &mut cli.command {
            Command::Convert(args) => {
                self.pipelines(&mut args.pipelines);
                if args.allow.is_empty() {
                    let accepted = [(Inexact::Over, self.config.allow.over), (Inexact::Under, self.config.allow.under)];
                    args.allow.extend(accepted.iter().filter(|(_, is)| *is).map(|(verdict, _)| *verdict));
                }
                &mut args.paths
            }
            Command::Check(args) => {
                self.pipelines(&mut args.pipelines);
                &mut args.paths
            }
            Command::Test(args) => &mut args.paths,
            Command::Eval(args) => &mut args.paths,
            Command::Explain(args) => {
                self.pipelines(&mut args.pipelines);
                return Ok(());
            }
            Command::List(_) => return Ok(()),
        };
        if paths.is_empty() {
            paths.extend(self.config.rules.iter().map(|path| self.path(path)));
        }
        if paths.is_empty() { Err(Failure::NoPaths) } else { Ok(()) }
    }

    /// The files of data models, and whether the command line gives them.
    pub(crate) fn models(&self, command: &Command) -> (bool, Vec<PathBuf>) {
        let given = match command {
            Command::Convert(args) => args.models.as_slice(),
            Command::Check(args) => &args.models,
            Command::Test(args) => &args.models,
            Command::Explain(args) => &args.models,
            Command::List(args) => args.model_file(),
            Command::Eval(_) => return (false, Vec::new()),
        };
        if given.is_empty() {
            return (false, self.config.models.iter().map(|path| self.path(path)).collect());
        }
        (true, given.to_vec())
    }

    /// Has the targets of a run read what the configuration says. Where the command line gives other data models than the
    /// configuration, what that says of targets which are not of this run is left.
    pub(crate) fn read_by(&self, models: &mut Models, models_given: bool, colour: bool) -> Result<(), Failure> {
        let mut found = self.config.read_by(models);
        if models_given {
            found.retain(|problem| problem.name != "unknown-target");
        }
        if found.is_empty() {
            return Ok(());
        }
        Err(Failure::Config { problems: problems::text(&found, &self.sources, colour) })
    }

    /// The targets of the configuration, among those of a run with these models.
    pub(crate) fn targets<'m>(&self, models: &'m Models, colour: bool) -> Result<Vec<Target<'m>>, Failure> {
        self.config
            .targets(models)
            .map_err(|found| Failure::Config { problems: problems::text(&found, &self.sources, colour) })
    }

    /// Those of the configuration where none is given; what is a file there is one here.
    fn pipelines(&self, given: &mut Vec<String>) {
        if given.is_empty() {
            given.extend(self.config.pipelines.iter().map(|written| {
                let path = self.path(written);
                if path.exists() { path.to_string_lossy().into_owned() } else { written.node.clone() }
            }));
        }
    }

    /// How severe the findings of a lint are; nothing, where they are not looked for.
    pub(crate) fn severity(&self, lint: &str, own: Severity) -> Option<Severity> {
        match self.config.lints.iter().find(|(name, _)| name.as_str() == lint) {
            None => Some(own),
            Some((_, rulecast_config::Level::Off)) => None,
            Some((_, rulecast_config::Level::As(severity))) => Some(*severity),
        }
    }

    /// The findings that it accepts.
    pub(crate) fn suppressions(&self) -> Suppressions {
        let entries = self.config.suppress.iter().map(|entry| Suppression {
            rule: entry.rule.clone(),
            lint: entry.lint.clone(),
            reason: Some(entry.reason.clone()),
        });
        // What is wrong with one was an error when the file was read.
        Suppressions::new(entries.collect()).0
    }

    /// The file, to show its problems in.
    pub(crate) fn sources(&self) -> &SourceMap {
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
fn upwards() -> Option<PathBuf> {
    let directory = std::env::current_dir().ok()?;
    let mut path = PathBuf::new();
    for _ in directory.ancestors() {
        let file = path.join(FILE_NAME);
        if file.is_file() {
            return Some(file);
        }
        path.push("..");
    }
    None
}
