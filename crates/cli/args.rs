//! The command line.

use crate::check::parse_name;
use crate::exit::Failure;
use clap::{Args, Parser, Subcommand, ValueEnum};
use rulecast_compile::Allow;
use std::io::IsTerminal;
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  clean; refusals that a rule declares are no failure
  1  findings
  2  a rule is invalid, or a target cannot express it
  3  wrong usage, or a file that cannot be read or written";

const EXIT_CODES_OF_CHECK: &str = "\
Exit codes:
  0  clean, notes apart; refusals that a rule declares are no failure
  1  warnings
  2  a rule is invalid, a target named with -t cannot express it, or it has a finding that is denied
  3  wrong usage, or a file that cannot be read or written";

const EXIT_CODES_OF_TEST: &str = "\
Exit codes:
  0  no test fails
  1  a test fails, or the query of a target differs from its rule
  2  a rule is invalid
  3  wrong usage, or a file that cannot be read";

const EXIT_CODES_OF_EVAL: &str = "\
Exit codes:
  0  the events were evaluated, whatever fires
  2  a rule is invalid
  3  wrong usage, or a file that cannot be read";

const EXAMPLES: &str = "\
Examples:
  rulecast convert rule.yml                      for the default target of each language
  rulecast convert rules/ -t spl,kql.xdr -o out  a file for each rule and target
  rulecast convert -q -t eql - < rule.yml        the query alone
  rulecast convert rules/ --stats                what each target can express
  rulecast check rules/                          every problem of every rule
  rulecast test rules/                           the tests in the rules, and of their queries
  rulecast eval rules/ --events dump.jsonl       which rules fire on recorded events
  rulecast explain rule.yml -t eql               what became of each line

Exit codes:
  0  clean; refusals that a rule declares are no failure
  1  findings
  2  a rule is invalid, or a target cannot express it
  3  wrong usage, or a file that cannot be read or written";

const CONVERT: &str = "\
A target is a language with a data model, `eql.ecs`; a language alone is its default target. A query matches what the \
rule matches, under the assumptions listed with it, or it is refused: the reason goes to standard error, and the other \
queries are still printed. In directories, files named *.yml and *.yaml are read, hidden ones and those excluded by a \
file `.ignore` apart; `.gitignore` is not consulted. Rules may refer to rules of other files among the paths.";

const TEST: &str = "\
Runs the inline tests of every rule (its key `tests`). Each test is run by the rule itself, with the meaning that the \
Sigma specification gives it, and by the query of every target: the query is read back from its text and run over the \
events as the target's data model holds them. A test fails if the rule does not do what it expects, or if a query does \
not find what the rule finds; then the line of the rule is shown where they part. Targets that refuse a rule have no \
query to run: `check` reports those.";

const EXPLAIN: &str = "\
Shows, for each line of each selection, what it asks, which columns of the target it maps to, the part of the query that \
it becomes, and how true that is to the rule. With an event, it also shows which tests hold of it (`+`) and which do not \
(`-`): why a rule fires, or does not.";

const EVAL: &str = "\
Runs rules over recorded events, without any SIEM, and prints the rules that fire with the values that made them fire. \
Events are an EVTX file, or JSON: an array, documents one after the other, or one a line. A Windows event as EVTX has it \
(`Event.System` with `EventData` or `UserData`) is read under the field names of Sigma and belongs to the log sources \
that its channel and event id stand for. Any other object is a flat event: `logsource` names its log source \
(`{\"category\": …, \"product\": …, \"service\": …}`), or else `Channel` and `EventID` do; an event with neither is read \
by every rule.";

const CHECK: &str = "\
Reads, resolves and compiles every rule, and reports every problem. What a default target cannot express is a warning; \
with -t, it is an error. `rulecast list lints` shows what else is looked for. A rule accepts a finding under its key `lint`: \
`lint: {allow: [{name: no-id, reason: why}]}`.";

/// Compiles Sigma detection rules into Elastic EQL, Splunk SPL and Kusto KQL that mean what the rule means.
#[derive(Debug, Parser)]
#[command(name = "rulecast", version, after_help = EXAMPLES, propagate_version = false, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// For every command.
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// When to colour the output.
    #[arg(long = "color", value_name = "WHEN", value_enum, global = true, default_value_t = Colour::Auto)]
    pub(crate) colour: Colour,
    /// Read this configuration [default: the nearest `rulecast.toml` upwards].
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration.
    #[arg(long, global = true)]
    pub(crate) no_config: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print queries, or write them to files.
    #[command(long_about = CONVERT, after_help = EXIT_CODES)]
    Convert(ConvertArgs),
    /// Report every problem of every rule.
    #[command(long_about = CHECK, after_help = EXIT_CODES_OF_CHECK)]
    Check(CheckArgs),
    /// Run the inline tests of rules, and of their queries.
    #[command(long_about = TEST, after_help = EXIT_CODES_OF_TEST)]
    Test(TestArgs),
    /// Run rules over recorded events.
    #[command(long_about = EVAL, after_help = EXIT_CODES_OF_EVAL)]
    Eval(EvalArgs),
    /// Show what became of each line of a rule, and why.
    #[command(long_about = EXPLAIN, after_help = EXIT_CODES)]
    Explain(ExplainArgs),
    /// List what Rulecast knows.
    List(ListArgs),
}

impl Command {
    /// Whether only results and errors are wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        match self {
            Command::Convert(args) => args.quiet,
            Command::Check(args) => args.quiet,
            Command::Test(args) => args.quiet,
            Command::Eval(args) => args.quiet,
            Command::Explain(_) | Command::List(_) => false,
        }
    }
}

/// What rules leave to their user.
#[derive(Debug, Args)]
pub(crate) struct ValueArgs {
    /// A YAML or JSON file with the values of placeholders, `name: [value, …]`; of several files, the last to name one counts.
    #[arg(long, value_name = "FILE")]
    pub(crate) placeholders: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    /// Rule files and directories; `-` is standard input [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Targets, by commas [default: the default target of each language].
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// A file of a data model, which makes targets of its own; may be given several times. Without -t, they are the targets.
    #[arg(short, long = "model", value_name = "FILE")]
    pub(crate) models: Vec<PathBuf>,
    /// A processing pipeline of pySigma, a file or a name; may be given several times.
    #[arg(short, long = "pipeline", value_name = "FILE|NAME")]
    pub(crate) pipelines: Vec<String>,
    /// How to print the queries.
    #[arg(short, long, value_enum, default_value_t = ConvertFormat::Text)]
    pub(crate) format: ConvertFormat,
    /// Write a file for each rule and target below this directory.
    #[arg(short, long, value_name = "DIR", conflicts_with = "stats")]
    pub(crate) output: Option<PathBuf>,
    /// Accept queries that may match more than the rule (over) or less (under); give twice for both.
    #[arg(long, value_name = "VERDICT", value_enum)]
    pub(crate) allow: Vec<Inexact>,
    /// Print how many rules each target can express, not the queries.
    #[arg(long)]
    pub(crate) stats: bool,
    /// Print queries and errors alone: no headings, no warnings, no summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) values: ValueArgs,
}

impl ConvertArgs {
    pub(crate) fn allow(&self) -> Allow {
        Allow { over: self.allow.contains(&Inexact::Over), under: self.allow.contains(&Inexact::Under) }
    }
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Rule files and directories; `-` is standard input [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Targets that must express every rule, by commas.
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// A file of a data model, which makes targets of its own; may be given several times. Without -t, they are the targets.
    #[arg(short, long = "model", value_name = "FILE")]
    pub(crate) models: Vec<PathBuf>,
    /// A processing pipeline of pySigma, a file or a name; may be given several times.
    #[arg(short, long = "pipeline", value_name = "FILE|NAME")]
    pub(crate) pipelines: Vec<String>,
    /// How to print the problems.
    #[arg(long, visible_short_alias = 'f', value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Findings to treat as errors, by commas: names of lints, `warnings`, `notes`.
    #[arg(long, value_name = "LINT", value_delimiter = ',', value_parser = parse_name)]
    pub(crate) deny: Vec<String>,
    /// Findings to leave out, by commas: names of lints, `warnings`, `notes`.
    #[arg(long, value_name = "LINT", value_delimiter = ',', value_parser = parse_name)]
    pub(crate) allow: Vec<String>,
    /// Mend in the files what can be mended without changing what a rule matches.
    #[arg(long)]
    pub(crate) fix: bool,
    /// Print how often each finding is found, not the findings.
    #[arg(long)]
    pub(crate) stats: bool,
    /// Print errors alone.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) values: ValueArgs,
}

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Rule files and directories; `-` is standard input [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Targets whose queries are run, by commas [default: the default target of each language].
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// A file of a data model, which makes targets of its own; may be given several times. Without -t, they are the targets.
    #[arg(short, long = "model", value_name = "FILE")]
    pub(crate) models: Vec<PathBuf>,
    /// A processing pipeline of pySigma, a file or a name; may be given several times.
    #[arg(short, long = "pipeline", value_name = "FILE|NAME")]
    pub(crate) pipelines: Vec<String>,
    /// How to print the results.
    #[arg(short, long, value_enum, default_value_t = TestFormat::Text)]
    pub(crate) format: TestFormat,
    /// Print failures and errors alone: no warnings, no summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) values: ValueArgs,
}

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

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A rule file; `-` is standard input.
    #[arg(value_name = "RULE")]
    pub(crate) rule: PathBuf,
    /// Targets, by commas [default: the default target of each language].
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// A file of a data model, which makes targets of its own; may be given several times. Without -t, they are the targets.
    #[arg(short, long = "model", value_name = "FILE")]
    pub(crate) models: Vec<PathBuf>,
    /// A processing pipeline of pySigma, a file or a name; may be given several times.
    #[arg(short, long = "pipeline", value_name = "FILE|NAME")]
    pub(crate) pipelines: Vec<String>,
    /// What to show: each line of the rule, or what each step of the pipelines did [default: with -p, the latter].
    #[arg(long, value_enum)]
    pub(crate) stage: Option<Stage>,
    /// A file with an event, in the forms that `eval` reads; of several events, the first counts.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) event: Option<PathBuf>,
    /// How to print it.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) values: ValueArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Of what.
    #[arg(value_enum)]
    pub(crate) what: Listed,
    /// A data model, by its name or as a file.
    #[arg(short, long, value_name = "FILE|NAME")]
    pub(crate) model: Option<PathBuf>,
    /// Only this log source: `windows/process_creation`, or a part of it.
    #[arg(short, long, value_name = "LOGSOURCE")]
    pub(crate) log_source: Option<String>,
    /// How to print it.
    #[arg(long, visible_short_alias = 'f', value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

impl ListArgs {
    /// The model, if it is a file.
    pub(crate) fn model_file(&self) -> &[PathBuf] {
        match &self.model {
            Some(path) if path.is_file() => std::slice::from_ref(path),
            _ => &[],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConvertFormat {
    /// Queries under headings.
    Text,
    /// An array of objects, one for each rule and target.
    Json,
    /// A page for each rule.
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// Failures, and a summary.
    Text,
    /// An array of objects, one for each test.
    Json,
    /// JUnit XML.
    Junit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// What became of each line of the rule.
    Lines,
    /// What each step of the pipelines did to the rule.
    Pipeline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Inexact {
    Over,
    Under,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listed {
    /// Languages with their data models.
    Targets,
    /// The data models of each language.
    Models,
    /// The modifiers of a field.
    Modifiers,
    /// What `check` looks for beyond errors.
    Lints,
    /// What each language can express, and how.
    Features,
    /// The log sources that a data model serves, and what it reads for each.
    Sources,
    /// The fields of a data model, and the columns that hold them.
    Fields,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Also in files and pipes.
    Always,
    /// Not at all.
    Never,
}

impl Colour {
    /// Whether to colour what is written to `stream`.
    pub(crate) fn on(self, stream: &impl IsTerminal) -> bool {
        match self {
            Colour::Auto => stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            Colour::Always => true,
            Colour::Never => false,
        }
    }
}

/// Reads the arguments of the process.
pub(crate) fn read() -> Result<Cli, Failure> {
    Ok(Cli::try_parse()?)
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
