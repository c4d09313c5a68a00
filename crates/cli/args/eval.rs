//! The arguments of `rulecast eval`.

use super::{Format, ValueArgs};
use clap::Args;
use std::path::PathBuf;

pub(super) const EVAL: &str = "\
Runs rules over recorded events, without any SIEM, and prints the rules that fire with the values that made them fire. \
Events are an EVTX file, or JSON: an array, documents one after the other, or one a line. A Windows event as EVTX has it \
(`Event.System` with `EventData` or `UserData`) is read under the field names of Sigma and belongs to the log sources \
that its channel and event id stand for. Any other object is a flat event: `logsource` names its log source \
(`{\"category\": …, \"product\": …, \"service\": …}`), or else `Channel` and `EventID` do; an event with neither is read \
by every rule.";

pub(super) const EXIT_CODES_OF_EVAL: &str = "\
Exit codes:
  0  the events were evaluated, whatever fires
  2  a rule is invalid
  3  wrong usage, or a file that cannot be read";

#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// Rule files and directories; `-` is standard input [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// A file of events; `-` is standard input. May be given several times: sequences then reach across the files.
    #[arg(short, long, required = true, value_name = "FILE")]
    pub(crate) events: Vec<PathBuf>,
    /// A processing pipeline of pySigma, a file; may be given several times.
    #[arg(short, long = "pipeline", value_name = "FILE")]
    pub(crate) pipelines: Vec<String>,
    /// How to print the matches.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Print matches and errors alone: no warnings, no summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) values: ValueArgs,
}
