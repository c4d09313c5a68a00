//! The configuration, where the command line says nothing.

use crate::args::{Cli, Command, Common, Inexact};
use crate::exit::Failure;
use rulecast_repository::{Error, Project};
use std::path::PathBuf;

/// The configuration that the arguments name, or the first one upwards from the directory of the call.
pub(crate) fn find(common: &Common) -> Result<Project, Error> {
    match &common.config {
        _ if common.no_config => Ok(Project::default()),
        Some(path) => Project::read(path),
        None => Project::find(),
    }
}

/// Puts what the configuration says where the command line says nothing.
pub(crate) fn complete(cli: &mut Cli, project: &Project) -> Result<(), Failure> {
    let config = project.config();
    // Those of the configuration are for queries: tests and recorded events have Sigma's fields, unless the call says otherwise.
    if let Command::Convert(_) | Command::Check(_) | Command::Explain(_) | Command::Lock(_) | Command::Bundle(_) =
        cli.command
        && let Some(setting) = cli.command.setting().filter(|setting| setting.pipelines.is_empty())
    {
        setting.pipelines.extend(project.pipelines());
    }
    if let Some(values) = cli.command.values().filter(|values| values.placeholders.is_empty()) {
        values.placeholders.extend(project.paths(&config.placeholders));
    }
    let allow = match &mut cli.command {
        Command::Convert(args) => Some(&mut args.allow),
        Command::Lock(args) => Some(&mut args.allow),
        Command::Bundle(args) => Some(&mut args.allow),
        _ => None,
    };
    if let Some(allow) = allow.filter(|allow| allow.is_empty()) {
        let accepted = [(Inexact::Over, config.allow.over), (Inexact::Under, config.allow.under)];
        allow.extend(accepted.iter().filter(|(_, is)| *is).map(|(verdict, _)| *verdict));
    }
    if let Command::Check(args) = &mut cli.command
        && args.changed
    {
        if args.among.is_empty() {
            args.among.extend(project.paths(&config.rules));
        }
        return if args.among.is_empty() { Err(Failure::NoOthers) } else { Ok(()) };
    }
    let Some(paths) = cli.command.rules() else { return Ok(()) };
    if paths.is_empty() {
        paths.extend(project.paths(&config.rules));
    }
    if paths.is_empty() { Err(Failure::NoPaths) } else { Ok(()) }
}

/// The files of data models, and whether the command line gives them.
pub(crate) fn models(command: &Command, project: &Project) -> (bool, Vec<PathBuf>) {
    match command.models() {
        None => (false, Vec::new()),
        Some([]) => (false, project.paths(&project.config().models).collect()),
        Some(given) => (true, given.to_vec()),
    }
}
