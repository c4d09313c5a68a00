//! The arguments of `rulecast init`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

pub(super) const INIT: &str = "\
Makes a repository of rules: a first rule with its tests, `rulecast.toml`, the hooks of pre-commit, a workflow for CI, a \
README, and the generated queries and lock file, so that all checks pass. Where DIR has rules already, the first rule and \
what is generated are left out. A file that exists and differs stops it before anything is written.";

pub(super) const EXIT_CODES_OF_INIT: &str = "\
Exit codes:
  0  the repository is made, or was there already
  3  wrong usage, a file that exists and differs, or one that cannot be written";

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Where; it is made if it is not there.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) directory: PathBuf,
    /// Targets that every rule is for, by commas [default: the default target of each language].
    #[arg(short, long = "targets", visible_alias = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// Whose CI runs the checks, by commas.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Ci::Github, Ci::Gitlab])]
    pub(crate) ci: Vec<Ci>,
    /// Rulecast's own repository, `https://HOST/OWNER/NAME`: hooks and CI then install this version from there.
    #[arg(long, value_name = "URL", value_parser = repository)]
    pub(crate) repository: Option<String>,
    /// Leave files that exist as they are, and write the others.
    #[arg(long)]
    pub(crate) keep: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ci {
    /// GitHub's: `.github/workflows/detections.yml`.
    Github,
    /// GitLab's: `.gitlab-ci.yml`.
    Gitlab,
    /// Nobody's.
    None,
}

/// The URL of a repository on a forge, in the one form that hooks and workflows both understand.
fn repository(written: &str) -> Result<String, String> {
    let url = written.trim_end_matches('/').trim_end_matches(".git");
    let path = url.strip_prefix("https://").ok_or("it does not begin with `https://`")?;
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
    };
    let parts: Vec<&str> = path.split('/').collect();
    if parts.len() < 3 || !parts.iter().all(|part| plain(part)) {
        return Err("it is not `https://HOST/OWNER/NAME`".to_owned());
    }
    Ok(url.to_owned())
}
