//! The arguments of `rulecast deploy`.

use super::Format;
use clap::{Args, ValueEnum};
use rulecast_deploy::{Kind, Prune};
use std::path::PathBuf;

pub(super) const DEPLOY: &str = "\
Makes a platform equal to a bundle, rule by rule: what it lacks is created, disabled; what differs is updated, and stays \
enabled or disabled as it is; what is equal is left. A second run writes nothing. What people add to rules on the platform is \
kept: exceptions, actions, the scope. One rule that fails keeps no other from its result. With --dry-run, the calls are \
printed and not made: those of the real difference where the credentials are set, else those for an empty platform.

Where the platform is, and who calls, stands in the environment alone:
  kibana    KIBANA_URL, KIBANA_API_KEY or KIBANA_USERNAME with KIBANA_PASSWORD; KIBANA_SPACE
  splunk    SPLUNK_URL, SPLUNK_TOKEN or SPLUNK_USERNAME with SPLUNK_PASSWORD
  sentinel  AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP, SENTINEL_WORKSPACE, AZURE_ACCESS_TOKEN or AZURE_TENANT_ID with \
AZURE_CLIENT_ID with AZURE_CLIENT_SECRET
  defender  GRAPH_ACCESS_TOKEN or AZURE_TENANT_ID with AZURE_CLIENT_ID with AZURE_CLIENT_SECRET";

pub(super) const EXIT_CODES_OF_DEPLOY: &str = "\
Exit codes:
  0  the platform is equal to the bundle; with --dry-run, the calls are told
  1  a rule failed, or would be refused; the others are done
  3  wrong usage, no bundle, no credentials, or a platform whose rules cannot be read; nothing is written";

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct DeployArgs {
    /// The bundle, as `rulecast bundle` wrote it.
    #[arg(value_name = "BUNDLE_DIR")]
    pub(crate) bundle: PathBuf,
    /// The platform.
    #[arg(long, value_name = "PLATFORM", value_enum)]
    pub(crate) to: DeployPlatform,
    /// Print the calls, and make none that writes.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print what the calls send, too.
    #[arg(long, requires = "dry_run")]
    pub(crate) bodies: bool,
    /// What to do with rules that this bundle deployed, and has no more [default: nothing].
    #[arg(long, value_name = "HOW", value_enum)]
    pub(crate) prune: Option<DeployPrune>,
    /// On Defender, take over rules that have the name of a rule of the bundle.
    #[arg(long)]
    pub(crate) adopt: bool,
    /// Trust the certificates of this file, in PEM, and no others.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// How to print the report.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Print failures and the last line alone.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeployPlatform {
    /// Elastic Security.
    Kibana,
    /// Saved searches of Splunk.
    Splunk,
    /// Analytics rules of Microsoft Sentinel.
    Sentinel,
    /// Custom detections of Microsoft Defender XDR.
    Defender,
}

impl From<DeployPlatform> for Kind {
    fn from(platform: DeployPlatform) -> Self {
        match platform {
            DeployPlatform::Kibana => Kind::Kibana,
            DeployPlatform::Splunk => Kind::Splunk,
            DeployPlatform::Sentinel => Kind::Sentinel,
            DeployPlatform::Defender => Kind::Defender,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeployPrune {
    /// Disable them.
    Disable,
    /// Delete them.
    Delete,
}

impl From<DeployPrune> for Prune {
    fn from(prune: DeployPrune) -> Self {
        match prune {
            DeployPrune::Disable => Prune::Disable,
            DeployPrune::Delete => Prune::Delete,
        }
    }
}
