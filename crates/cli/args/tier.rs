//! Which rules are taken, for those who publish or count them.

use clap::{Args, ValueEnum};
use rulecast_bundle::Selection;
use rulecast_rule::ast::{Level, Status};

/// A tier of rules.
#[derive(Debug, Args)]
pub(crate) struct TierArgs {
    /// Take rules of at least this level.
    #[arg(long, value_name = "LEVEL", value_enum)]
    min_level: Option<MinLevel>,
    /// Take rules of at least this status; without it, all but deprecated ones.
    #[arg(long, value_name = "STATUS", value_enum)]
    min_status: Option<MinStatus>,
    /// Take rules with one of these tags, or one below it, by commas: `attack.t1546` takes `attack.t1546.016`.
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    tags: Vec<String>,
}

impl TierArgs {
    /// What a rule must have to be taken.
    pub(crate) fn selection(&self) -> Selection {
        Selection {
            min_level: self.min_level.map(Into::into),
            min_status: self.min_status.map(Into::into),
            tags: self.tags.iter().map(|tag| tag.to_lowercase()).collect(),
        }
    }
}

/// A level, as the command line takes it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum MinLevel {
    Informational,
    Low,
    Medium,
    High,
    Critical,
}

impl From<MinLevel> for Level {
    fn from(level: MinLevel) -> Self {
        match level {
            MinLevel::Informational => Level::Informational,
            MinLevel::Low => Level::Low,
            MinLevel::Medium => Level::Medium,
            MinLevel::High => Level::High,
            MinLevel::Critical => Level::Critical,
        }
    }
}

/// A status, as the command line takes it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum MinStatus {
    Unsupported,
    Deprecated,
    Experimental,
    Test,
    Stable,
}

impl From<MinStatus> for Status {
    fn from(status: MinStatus) -> Self {
        match status {
            MinStatus::Unsupported => Status::Unsupported,
            MinStatus::Deprecated => Status::Deprecated,
            MinStatus::Experimental => Status::Experimental,
            MinStatus::Test => Status::Test,
            MinStatus::Stable => Status::Stable,
        }
    }
}
