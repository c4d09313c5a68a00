//! Judges of our queries and of our evaluators that we did not write: `cargo xtask oracles [CORPUS…]`.
//!
//! Whether queries are well-formed: EQL goes to the Python package of the language in its Elasticsearch mode, KQL to
//! Microsoft's own parser and binder. Whether our evaluators are right: [`engines`]. What each sees, and where each is
//! blind, stands in `docs/reference/oracles.md`. SPL has no judge. Whether reports are as their readers published: [`reports`].
//! Whether the language server speaks the protocol: [`client`]. Whether platforms take the
//! packages of a bundle: [`packages`], [`packages_microsoft`]. Whether layers are what the ATT&CK Navigator reads:
//! [`layers`].

mod client;
mod engines;
mod facts;
mod judge;
mod layers;
mod packages;
mod packages_microsoft;
mod reports;
mod schema;
mod tools;

use crate::programs::output;
use crate::rulecast;
pub(crate) use engines::cost::{Args as CostArgs, run as cost};
use facts::{Broken, Known};
use rulecast_compile::Model;
use schema::Columns;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use tools::Tools;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// More directories of rules, beside `rules`.
    corpora: Vec<PathBuf>,
    /// A directory of recorded events, `*.json`, each folder with an `info.yml` that names the id of a rule.
    #[arg(long)]
    events: Option<PathBuf>,
    /// Ask these alone.
    #[arg(long)]
    only: Option<Part>,
    /// How many failures are printed: one fault of ours may fail thousands of queries.
    #[arg(long, default_value_t = 50)]
    shown: usize,
    /// The command whose queries are judged; without it, it is built.
    #[arg(long)]
    command: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Whether queries are well-formed.
    Judges,
    /// Whether our evaluators are right.
    Engines,
    /// Whether reports hold to published schemas.
    Reports,
    /// Whether the language server speaks the protocol.
    Client,
    /// Whether platforms take the packages of a bundle.
    Packages,
}

const TARGETS: [(&str, &str); 7] = [
    ("eql.ecs", "eql 1.0.1, fields and types of ECS 9.4.0"),
    ("eql.winlogbeat", "eql 1.0.1, fields and types of ECS 9.4.0"),
    ("eql.none", "eql 1.0.1, types by use"),
    ("kql.xdr", "Kusto language service 12.4.1, Defender's tables"),
    ("kql.asim", "Kusto language service 12.4.1, Sentinel's normalised schemas"),
    ("kql.securityevent", "Kusto language service 12.4.1, Sentinel's tables"),
    ("kql.none", "Kusto language service 12.4.1, types by use"),
];

/// A query, and where it comes from.
struct Question<'a> {
    query: &'a str,
    from: From<'a>,
}

enum From<'a> {
    Rule(&'a str),
    /// The example of a known fault.
    Fault(&'a Known),
    /// One that must be rejected.
    Broken(&'a Broken),
}

/// What became of a target's queries.
struct Report {
    judged: usize,
    /// By which known fault.
    excused: Vec<usize>,
    failures: Vec<String>,
    seconds: f64,
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let tools = Tools::install(&root)?;
    let faults = facts::known();
    let rules = root.join("rules");
    let mut failures = Vec::new();
    let asks = |part| args.only.is_none_or(|only| only == part);
    if [Part::Judges, Part::Reports, Part::Client, Part::Packages].into_iter().any(asks) {
        let command = if let Some(command) = &args.command {
            command.clone()
        } else {
            rulecast::build(&root)?;
            rulecast::beside_this()
        };
        if asks(Part::Judges) {
            failures.extend(judges(args, &command, &rules, &tools, &faults.judges, to)?);
        }
        if asks(Part::Reports) {
            failures.extend(reports::run(&tools, &command, &rules, &args.corpora, to)?);
        }
        if asks(Part::Client) {
            failures.extend(client::run(&tools, &command, &rules, to)?);
        }
        if asks(Part::Packages) {
            let ecs = ecs_types(&tools)?;
            failures.extend(packages::run(&tools, &command, &rules, &ecs, &faults.judges, to)?);
            failures.extend(packages_microsoft::run(&tools, &command, &rules, &args.corpora, to)?);
            failures.extend(layers::run(&tools, &command, &rules, to)?);
        }
    }
    if asks(Part::Engines) {
        let events = args.events.as_deref();
        failures.extend(engines::run(&tools, &rules, &args.corpora, events, &faults.engines, to)?);
    }
    for failure in failures.iter().take(args.shown) {
        writeln!(to, "\n{failure}")?;
    }
    match failures.len() {
        0 => Ok(()),
        count if count > args.shown => {
            Err(io::Error::other(format!("{count} unexplained failures, of which the first {} are shown", args.shown)))
        }
        count => Err(io::Error::other(format!("{count} unexplained failures"))),
    }
}

/// Asks all judges, writes what they said, and returns what nothing explains.
fn judges(
    args: &Args,
    command: &Path,
    rules: &PathBuf,
    tools: &Tools,
    known: &[Known],
    to: &mut impl Write,
) -> io::Result<Vec<String>> {
    let names = TARGETS.map(|(target, _)| target);
    let mut entries = Vec::new();
    for corpus in std::iter::once(rules).chain(&args.corpora) {
        let converted = rulecast::convert(command, corpus, &names)?;
        let queries: usize = converted.iter().map(|entry| entry.queries.len()).sum();
        if queries == 0 {
            return Err(io::Error::other(format!("{}: no rule became a query", corpus.display())));
        }
        entries.extend(converted);
    }
    let broken = facts::broken();
    let Ecs { types, file: ecs, repeated } = ecs_types(tools)?;
    let schema = |model: &str| tools.scripts.join("schema").join(format!("{model}.json"));

    let reports = std::thread::scope(|scope| {
        let judges = TARGETS.map(|(target, _)| {
            let questions = questions(target, &entries, known, &broken);
            let command = match target {
                "eql.ecs" | "eql.winlogbeat" => eql(tools, Some(&ecs)),
                "eql.none" => eql(tools, None),
                "kql.none" => kusto(tools, None),
                _ => kusto(tools, Some(&schema(model(target)))),
            };
            scope.spawn(move || report(target, command, &questions, known))
        });
        judges.map(|judge| judge.join().expect("a judge's thread does not panic"))
    });

    let mut failures: Vec<String> =
        repeated.iter().map(|extra| format!("ecs_extra.yml: the schema has it after all: {extra}")).collect();
    writeln!(to, "{:15}{:>8}{:>9}{:>10}{:>8}  oracle", "target", "queries", "excused", "failures", "")?;
    let mut excused = Vec::new();
    for ((target, oracle), report) in TARGETS.iter().zip(reports) {
        let Report { judged, excused: of_target, failures: bad, seconds } = report?;
        writeln!(to, "{target:15}{judged:>8}{:>9}{:>10}{seconds:>6.1} s  {oracle}", of_target.len(), bad.len())?;
        failures.extend(bad);
        excused.extend(of_target);
    }
    let extra = facts::extra();
    for name in ["ecs", "winlogbeat"] {
        let model = Model::builtin(name).expect("the model is built in");
        let columns = Columns::of(model, &types, |entry| extra.iter().any(|one| one.field() == entry));
        writeln!(to, "\n`{name}`: {}", columns.summary())?;
        failures.extend(columns.wrong);
    }
    for (index, known) in known.iter().enumerate() {
        let count = excused.iter().filter(|excused| **excused == index).count();
        writeln!(to, "\n{count} excused, `{}`: {}", known.oracle, known.reason)?;
    }
    Ok(failures)
}

/// The queries of a target, and those that test its oracle.
fn questions<'a>(
    target: &str,
    entries: &'a [rulecast::Entry],
    known: &'a [Known],
    broken: &'a [Broken],
) -> Vec<Question<'a>> {
    let language = language(target);
    let of_rules = entries.iter().filter(|entry| entry.target == target).flat_map(|entry| {
        entry.queries.iter().map(|query| Question { query: &query.query, from: From::Rule(&entry.file) })
    });
    let faults = known.iter().filter(|known| known.oracle == language);
    let faults = faults.map(|known| Question { query: &known.example, from: From::Fault(known) });
    let broken = broken.iter().filter(|broken| broken.target == target);
    let broken = broken.map(|broken| Question { query: &broken.query, from: From::Broken(broken) });
    of_rules.chain(faults).chain(broken).collect()
}

fn model(target: &str) -> &str {
    target.split_once('.').map_or(target, |(_, model)| model)
}

fn language(target: &str) -> &str {
    target.split_once('.').map_or(target, |(language, _)| language)
}

fn report(target: &str, mut command: Command, questions: &[Question<'_>], known: &[Known]) -> io::Result<Report> {
    let start = Instant::now();
    let texts: Vec<&str> = questions.iter().map(|question| question.query).collect();
    let rejections = judge::ask(&mut command, &texts)?;
    let rejections: BTreeMap<usize, String> =
        rejections.into_iter().map(|rejection| (rejection.index, rejection.message)).collect();
    let mut report =
        Report { judged: 0, excused: Vec::new(), failures: Vec::new(), seconds: start.elapsed().as_secs_f64() };
    for (index, Question { query, from }) in questions.iter().enumerate() {
        let message = rejections.get(&index).map(String::as_str);
        let fault =
            message.and_then(|message| known.iter().position(|known| known.explains(language(target), query, message)));
        report.judged += usize::from(matches!(from, From::Rule(_)));
        match (from, message) {
            (From::Rule(_), None) => {}
            (From::Rule(file), Some(message)) => match fault {
                Some(fault) => report.excused.push(fault),
                None => report.failures.push(format!("{target}: {file}\n{message}")),
            },
            (From::Fault(expected), message) => {
                if !message.is_some_and(|message| expected.explains(language(target), query, message)) {
                    let said = message.unwrap_or("accepted");
                    report.failures.push(format!("{target}: known.yml: no longer rejected as told: {query}\n{said}"));
                }
            }
            (From::Broken(broken), message) => {
                if !message.is_some_and(|message| message.contains(&broken.message)) {
                    let said = message.unwrap_or("accepted");
                    report.failures.push(format!("{target}: broken.yml: not rejected as it must be: {query}\n{said}"));
                }
            }
        }
    }
    Ok(report)
}

fn eql(tools: &Tools, types: Option<&PathBuf>) -> Command {
    let mut command = Command::new(&tools.python);
    command.arg(tools.scripts.join("eql_judge.py")).args(types);
    command
}

fn kusto(tools: &Tools, schema: Option<&PathBuf>) -> Command {
    let mut command = Command::new("node");
    command.arg(tools.scripts.join("kusto_judge.js")).arg(&tools.modules).args(schema);
    command
}

/// The types of fields for EQL.
struct Ecs {
    types: BTreeMap<String, String>,
    file: PathBuf,
    /// Extra fields that need no entry.
    repeated: Vec<facts::Extra>,
}

fn ecs_types(tools: &Tools) -> io::Result<Ecs> {
    let types = output(Command::new("node").arg(tools.scripts.join("ecs_types.js")).arg(&tools.modules))?;
    let mut types: BTreeMap<String, String> = serde_json::from_slice(&types)?;
    let repeated = facts::add_to_ecs(&mut types);
    let file = tools.directory.join("ecs.json");
    std::fs::write(&file, serde_json::to_string(&types)?)?;
    Ok(Ecs { types, file, repeated })
}
