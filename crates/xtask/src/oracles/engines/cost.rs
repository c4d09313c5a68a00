//! What a query costs an engine by the way it asks for the end of a path: `cargo xtask cost CORPUS --events DIR`.
//!
//! Of a rule that asks for `Image|endswith: '\x.exe'` a query asks the column of the file name; the other way is the end of
//! the whole path. Both are compiled, run over the same events by the same engine, in turns, and compared.

use super::question::{self, Question};
use super::subject::{Recorded, Subject, Wanted};
use crate::oracles::judge::converse;
use crate::oracles::tools::Tools;
use crate::rules;
use rulecast_compile::{Models, Target, Unit};
use rulecast_diagnostics::{FileId, Severity};
use rulecast_ir::{Body, Sigma};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_yaml::Value as Yaml;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the built-in models are.
const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../pipeline/models");

/// Engines, the target whose queries each runs, and how often events are doubled: to a run of some milliseconds.
const ENGINES: [(&str, &str, u32); 3] = [("eql", "eql.ecs", 4), ("duckdb-kql", "kql.xdr", 11), ("chdb", "kql.xdr", 11)];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A directory of rules.
    corpus: PathBuf,
    /// A directory of recorded events.
    #[arg(long)]
    events: PathBuf,
    /// How many rules are timed, spread over the corpus.
    #[arg(long, default_value_t = 100)]
    rules: usize,
    /// How often each query is run; the least time counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

#[derive(Serialize)]
struct Asked<'a> {
    id: usize,
    doublings: u32,
    runs: usize,
    pair: [&'a Map<String, Value>; 2],
}

#[derive(Deserialize)]
struct Answer {
    seconds: Option<[f64; 2]>,
    found: Option<[usize; 2]>,
    error: Option<String>,
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("..").canonicalize()?;
    let tools = Tools::install(&root)?;
    let recorded = Recorded::read(&args.events)?;
    let (ecs, xdr) = (by_paths("ecs")?, by_paths("xdr")?);
    let (models, problems) = Models::read(&[(FileId(0), &ecs), (FileId(1), &xdr)]);
    if let Some(problem) = problems.first() {
        return Err(io::Error::other(problem.message.clone()));
    }
    let rules = subjects(&args.corpus, &recorded)?;
    writeln!(to, "{:12}{:>7}{:>9}{:>12}{:>12}{:>8}{:>9}", "", "rules", "not run", "name", "path", "ratio", "median")?;
    let mut differing = Vec::new();
    for (engine, target, doublings) in ENGINES {
        let plain = Target::parse(target).map_err(io::Error::other)?;
        let paths = Target::parse_of(&format!("{target}_by_paths"), &models).map_err(io::Error::other)?;
        let pairs: Vec<[Question; 2]> = rules.iter().filter_map(|subject| pair(subject, [plain, paths])).collect();
        let pairs = spread(pairs, args.rules);
        let mut command = Command::new(&tools.python);
        command.arg(tools.scripts.join("cost.py")).arg(engine);
        let asked = pairs.iter().enumerate().map(|(id, [one, other])| Asked {
            id,
            doublings,
            runs: args.runs,
            pair: [&one.body, &other.body],
        });
        let answers: Vec<Answer> = converse(&mut command, asked)?;
        let seconds: Vec<[f64; 2]> = answers.iter().filter_map(|answer| answer.seconds).collect();
        for (answer, [one, _]) in answers.iter().zip(&pairs) {
            match (answer.found, &answer.error) {
                (Some([name, path]), _) if name != path => {
                    differing.push(format!("{engine}: {}: {name} results by name, {path} by path", one.origin));
                }
                _ => {}
            }
        }
        let not_run = answers.len() - seconds.len();
        let sum = |place: usize| seconds.iter().map(|pair| pair[place]).sum::<f64>();
        let mut ratios: Vec<f64> = seconds.iter().map(|[name, path]| path / name).collect();
        ratios.sort_by(f64::total_cmp);
        let median = ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN);
        let (name, path) = (sum(0) * 1e3, sum(1) * 1e3);
        let (count, ratio) = (seconds.len(), path / name);
        writeln!(to, "{engine:12}{count:>7}{not_run:>9}{name:>9.1} ms{path:>9.1} ms{ratio:>8.2}{median:>9.2}")?;
    }
    match differing.len() {
        0 => Ok(()),
        count => Err(io::Error::other(format!("{count} pairs differ\n{}", differing.join("\n")))),
    }
}

/// A built-in model in which every base name is asked as the end of its path.
fn by_paths(name: &str) -> io::Result<String> {
    let text = std::fs::read_to_string(Path::new(MODELS).join(format!("{name}.yml")))?;
    let mut model: Yaml = serde_yaml::from_str(&text).map_err(io::Error::other)?;
    model["name"] = format!("{name}_by_paths").into();
    without_names(&mut model);
    serde_yaml::to_string(&model).map_err(io::Error::other)
}

fn without_names(value: &mut Yaml) {
    match value {
        Yaml::Mapping(map) => {
            if let Some(path) = map.get("basename").and_then(|name| name.get("path")).cloned() {
                map.remove("basename");
                map.insert("columns".into(), path);
            }
            map.values_mut().for_each(without_names);
        }
        Yaml::Sequence(items) => items.iter_mut().for_each(without_names),
        _ => {}
    }
}

/// The rules about new processes on Windows, each with every recorded event.
fn subjects(corpus: &Path, recorded: &Recorded) -> io::Result<Vec<Subject>> {
    let mut paths = Vec::new();
    rules::files(corpus, &mut paths)?;
    let mut subjects = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        let parsed = rulecast_rule::parse(FileId(0), &text);
        let resolved = Unit::new(parsed.documents).resolve();
        if parsed.diagnostics.iter().chain(&resolved.diagnostics).any(|one| one.severity == Severity::Error) {
            continue;
        }
        let of_processes = |body: &Body<Sigma>| match body {
            Body::Event(event) => event.arms.iter().all(|arm| arm.source.to_string() == "windows/process_creation"),
            Body::Sequence(_) | Body::Correlation(_) => false,
        };
        let rules = resolved.rules.into_iter().filter(|rule| of_processes(&rule.body));
        subjects.extend(rules.map(|rule| Subject {
            origin: path.display().to_string(),
            text: None,
            rule,
            records: recorded.all().to_vec(),
            wanted: Wanted::All,
        }));
    }
    Ok(subjects)
}

/// Both queries of a rule, if they differ.
fn pair(subject: &Subject, targets: [Target<'_>; 2]) -> Option<[Question; 2]> {
    let one = |target| question::of_queries(subject, target).0.into_iter().next();
    let [name, path] = [one(targets[0])?, one(targets[1])?];
    (name.asked != path.asked).then_some([name, path])
}

/// So many of all, evenly.
fn spread<T>(all: Vec<T>, wanted: usize) -> Vec<T> {
    let every = all.len().div_ceil(wanted.max(1)).max(1);
    all.into_iter().step_by(every).collect()
}
