//! How a run ends.

use crate::events::EventsError;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// What the exit code says; the worst of a run counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// 0: nothing to say. Refusals that a rule declares are no failure.
    #[default]
    Clean = 0,
    /// 1: findings.
    Findings = 1,
    /// 2: a rule is invalid, or a target cannot express it.
    Invalid = 2,
    /// 3: the command was used wrongly, or could not read or write.
    Usage = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Arguments; also the help and the version, which are asked for.
    #[error(transparent)]
    Arguments(#[from] clap::Error),
    /// What rules are read with, or the paths to them.
    #[error(transparent)]
    Repository(#[from] rulecast_repository::Error),
    /// The events given.
    #[error(transparent)]
    Events(#[from] EventsError),
    /// A name that stands for nothing.
    #[error("there is no {what} `{name}`{}", help.as_ref().map(|help| format!("; {help}")).unwrap_or_default())]
    Unknown {
        /// What it should name.
        what: &'static str,
        /// As given.
        name: String,
        /// What may be meant.
        help: Option<String>,
    },
    /// What the pipelines make of all queries together.
    #[error("a finalizer of the pipelines fails: {message}")]
    Finalizer {
        /// Why.
        message: String,
    },
    /// A view of a rule that does not show what was asked for.
    #[error("{0}")]
    Stage(&'static str),
    /// Counts are no problems with a place.
    #[error("`--stats` prints text or JSON: give `--format text` or `--format json`")]
    StatsFormat,
    /// Two that each want to make the output.
    #[error("finalizers of the pipelines make the output: convert with `-f text`")]
    FinalizedFormat,
    /// Nothing to do; in CI this is a mistake.
    #[error("no PATH given, and no `rulecast.toml` here or above names `rules`")]
    NoPaths,
    /// The rest of the repository is not known.
    #[error("--changed needs all rules: name them with --among, or as `rules` in `rulecast.toml`")]
    NoOthers,
    /// Nothing to build.
    #[error("no `rulecast.toml` here or above names `rules`")]
    NoRules,
    /// What is to be built is a tree of queries.
    #[error("finalizers of the pipelines make one output of all queries: use `rulecast convert`")]
    FinalizedBuild,
    /// Our own output.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    /// Files that could not be read or written.
    #[error(transparent)]
    Files(#[from] rulecast_files::Error),
    /// Standard input, where only files will do.
    #[error("`rulecast {command}` reads files, not standard input")]
    StandardInput {
        /// Which.
        command: &'static str,
    },
    /// The program that reads revisions, or the repository.
    #[error(transparent)]
    Git(#[from] crate::diff::git::GitError),
    /// What a revision holds.
    #[error("cannot read the files of `{revision}`: {reason}")]
    ReadRevision {
        /// As given.
        revision: String,
        /// Why not.
        reason: io::ErrorKind,
    },
    /// What rules are read with, on one side of a comparison.
    #[error("{side}: {error}")]
    AtSide {
        /// Which, as given.
        side: String,
        /// What is wrong with it.
        error: Box<rulecast_repository::Error>,
    },
    /// A path that is on neither side of a comparison.
    #[error("`{}` is neither in `{old}` nor in `{new}`", path.display())]
    NoSuchPath {
        /// As given.
        path: PathBuf,
        /// The one side.
        old: String,
        /// The other.
        new: String,
    },
    /// The lock file.
    #[error("cannot read the lock `{}`: {reason}", path.display())]
    ReadLock {
        /// Where.
        path: PathBuf,
        /// Why not.
        reason: io::ErrorKind,
    },
    /// What it says.
    #[error("the lock `{}` is invalid: {error}", path.display())]
    Lock {
        /// Where.
        path: PathBuf,
        /// Why.
        error: rulecast_lock::LockError,
    },
    /// A name that is part of other names.
    #[error("{option}: expected {expected}, found `{found}`")]
    Named {
        /// The option.
        option: &'static str,
        /// What it takes.
        expected: &'static str,
        /// As given, or as the configuration has it.
        found: String,
    },
    /// What the configuration names.
    #[error("cannot read the license `{}` of `[bundle]` in `rulecast.toml`: {reason}", path.display())]
    ReadLicense {
        /// Where.
        path: PathBuf,
        /// Why not.
        reason: io::ErrorKind,
    },
    /// The manifest of an earlier bundle.
    #[error("cannot read the manifest `{}`: {reason}", path.display())]
    ReadManifest {
        /// Where.
        path: PathBuf,
        /// Why not.
        reason: io::ErrorKind,
    },
    /// What it says.
    #[error("the manifest `{}` is invalid: {error}", path.display())]
    Manifest {
        /// Where.
        path: PathBuf,
        /// Why.
        error: rulecast_bundle::ManifestError,
    },
    /// A playground, where there is none.
    #[error("there is no playground in `{}`; `cargo xtask playground -o DIR` in the sources of Rulecast makes one", path.display())]
    NoPlayground {
        /// As given.
        path: PathBuf,
    },
    /// Pages, where there are none.
    #[error("there is no site in `{0}`; `rulecast bundle -o {0}` makes one", path.display())]
    NoSite {
        /// As given.
        path: PathBuf,
    },
    /// The port of a server.
    #[error("cannot listen on port {port} of this machine: {error}")]
    Listen {
        /// As given.
        port: u16,
        /// Why not.
        error: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A list of techniques.
    #[error("cannot read the techniques `{}`: {reason}", path.display())]
    ReadTechniques {
        /// Where.
        path: PathBuf,
        /// Why not.
        reason: io::ErrorKind,
    },
    /// What it says: a line each.
    #[error("{}", errors.iter().map(|error| format!("{}: {error}", path.display())).collect::<Vec<_>>().join("\n"))]
    Techniques {
        /// Where.
        path: PathBuf,
        /// Why.
        errors: Vec<rulecast_bundle::navigator::WantedError>,
    },
    /// What cannot be deployed.
    #[error(transparent)]
    Package(#[from] rulecast_deploy::PackageError),
    /// Where, and as whom.
    #[error(transparent)]
    Access(#[from] rulecast_deploy::AccessError),
    /// Who would make calls.
    #[error(transparent)]
    Client(#[from] rulecast_deploy::ClientError),
    /// What stands on a platform.
    #[error(transparent)]
    Deploy(#[from] rulecast_deploy::RunError),
    /// A file of certificates.
    #[error("cannot read the certificates `{}`: {reason}", path.display())]
    ReadCertificates {
        /// Where.
        path: PathBuf,
        /// Why not.
        reason: io::ErrorKind,
    },
    /// Files of people, which are never overwritten.
    #[error(
        "nothing is written, because {} and {}: {}; `--keep` leaves what exists as it is, and writes the rest",
        if paths.len() == 1 { "a file exists" } else { "files exist" },
        if paths.len() == 1 { "differs" } else { "differ" },
        paths.join(", ")
    )]
    Exists {
        /// Below the directory.
        paths: Vec<String>,
    },
    /// Queries with one file name: a line each.
    #[error("{}", lines(clashes, help))]
    SamePath {
        /// All of them.
        clashes: Vec<rulecast_files::Clash>,
        /// What to do about it.
        help: &'static str,
    },
    /// The threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(#[from] rulecast_repository::ThreadPoolBuildError),
}

fn lines(clashes: &[rulecast_files::Clash], help: &str) -> String {
    let lines: Vec<String> = clashes.iter().map(|clash| format!("{clash}; {help}")).collect();
    lines.join("\n")
}

impl Failure {
    /// A name that is none of `known`.
    pub(crate) fn unknown(what: &'static str, name: &str, known: &[&str]) -> Self {
        let mut names = known.to_vec();
        names.sort_unstable();
        names.dedup();
        let help = match rulecast_rule::closest(name, names.iter().copied()) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if names.len() <= 20 => Some(format!("there are {}", names.join(", "))),
            None => None,
        };
        Failure::Unknown { what, name: name.to_owned(), help }
    }
}
