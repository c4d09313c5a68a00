//! What a query costs an engine by the way it asks for the end of a path: `cargo xtask cost CORPUS --events DIR`.
//!
//! Of a rule that asks for `Image|endswith: '\x.exe'` a query asks the column of the file name; the other way is the end of
//! the whole path. Both are compiled, run over the same events by the same engine, in turns, and compared. Each engine ends
//! by itself after a number of seconds, with as many of the rules as it came to.

mod page;

use super::question;
use super::subject::Recorded;
use crate::oracles::judge::listen;
use crate::oracles::tools;
use crate::rules;
use indicatif::{ProgressBar, ProgressStyle};
use rulecast_compile::{Allow, Language, Models, Outcome, Target, Unit, compile, held};
use rulecast_diagnostics::{FileId, Severity};
use rulecast_ir::{Body, Record, Rule, Sigma};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use serde_yaml::Value as Yaml;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the built-in models are.
const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../pipeline/models");

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/cost.md");

/// Engines, the target whose queries each runs, and how often events are doubled: to a run of some milliseconds.
const ENGINES: [(&str, &str, u32); 3] = [("eql", "eql.ecs", 3), ("duckdb-kql", "kql.xdr", 10), ("chdb", "kql.xdr", 11)];

/// The step of a walk over the rules that spreads over them wherever it ends: near the golden section, and a prime.
const STRIDE: (usize, usize) = (61_803_398_875, 100_000_000_000);

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A directory of rules.
    corpus: PathBuf,
    /// A directory of recorded events.
    #[arg(long)]
    events: PathBuf,
    /// How many rules each engine is asked about at most, spread over the corpus.
    #[arg(long, default_value_t = 60)]
    rules: usize,
    /// How often each query is run; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// How long each engine is asked.
    #[arg(long, default_value_t = 150)]
    seconds: u64,
    /// Write `docs/reference/cost.md`.
    #[arg(long)]
    write: bool,
}

/// A line of what an engine is told.
#[derive(Serialize)]
#[serde(untagged)]
enum Told<'a> {
    Events(Value),
    Pair { id: usize, pair: &'a [String; 2] },
}

#[derive(Deserialize)]
struct Answer {
    id: usize,
    seconds: Option<[f64; 2]>,
    found: Option<[usize; 2]>,
    error: Option<String>,
}

/// A rule's queries, by the name and by the path.
struct Pair {
    origin: String,
    queries: [String; 2],
}

/// What was measured of an engine.
struct Measured {
    engine: &'static str,
    target: &'static str,
    /// Events that were recorded.
    events: usize,
    /// Rows that they are on the target: more, where several sources of it have the same event.
    rows: usize,
    /// How often each row is there.
    times: usize,
    /// Rules whose two queries differ.
    rules: usize,
    /// The median seconds of each of the two queries, by rule.
    seconds: Vec<[f64; 2]>,
    /// Rules that came too late.
    late: usize,
    /// Rules that the engine could not run, by its reason.
    errors: BTreeMap<String, usize>,
    /// A rule's two queries.
    example: [String; 2],
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("..").canonicalize()?;
    let python = tools::engines(&root)?;
    let recorded = Recorded::read(&args.events)?;
    let (ecs, xdr) = (by_paths("ecs")?, by_paths("xdr")?);
    let (models, problems) = Models::read(&[(FileId(1), &ecs), (FileId(2), &xdr)]);
    if let Some(problem) = problems.first() {
        return Err(io::Error::other(problem.message.clone()));
    }
    let rules = of_processes(&args.corpus)?;
    let mut all = Vec::new();
    let mut differing = Vec::new();
    for (engine, target, doublings) in ENGINES {
        let targets = [
            Target::parse(target).map_err(io::Error::other)?,
            Target::parse_of(&format!("{target}_by_paths"), &models).map_err(io::Error::other)?,
        ];
        let pairs: Vec<Pair> = rules.iter().filter_map(|(origin, rule)| pair(origin, rule, targets)).collect();
        let (rules_of, pairs) = (pairs.len(), spread(pairs, args.rules));
        let held = held_events(&rules[0].1, targets[0], recorded.all(), &pairs);
        let first = with(held.told, json!({"doublings": doublings, "runs": args.runs, "seconds": args.seconds}));
        let told = std::iter::once(Told::Events(first));
        let told = told.chain(pairs.iter().enumerate().map(|(id, pair)| Told::Pair { id, pair: &pair.queries }));
        let mut command = Command::new(&python);
        command.arg(tools::scripts(&root).join("cost.py")).arg(engine);
        let mut measured = Measured {
            engine,
            target,
            events: held.events,
            rows: held.rows,
            times: 2_usize.pow(doublings),
            rules: rules_of,
            seconds: Vec::new(),
            late: 0,
            errors: BTreeMap::new(),
            example: pairs
                .iter()
                .map(|pair| &pair.queries)
                .min_by_key(|pair| pair[0].len())
                .cloned()
                .unwrap_or_default(),
        };
        let bar = ProgressBar::new(pairs.len() as u64).with_message(engine);
        bar.set_style(ProgressStyle::with_template("{bar:32} {pos} of {len} {msg}").expect("the template is valid"));
        listen(&mut command, told, |answer: Answer| {
            bar.inc(1);
            match (answer.seconds, answer.found, answer.error) {
                (Some(seconds), Some([name, path]), _) => {
                    measured.seconds.push(seconds);
                    if name != path {
                        let origin = &pairs[answer.id].origin;
                        differing.push(format!("{engine}: {origin}: {name} results by name, {path} by path"));
                    }
                }
                (_, _, Some(error)) => *measured.errors.entry(reason(&error)).or_default() += 1,
                _ => measured.late += 1,
            }
        })?;
        bar.finish_and_clear();
        all.push(measured);
    }
    write!(to, "{}", page::table(&all))?;
    for measured in &all {
        for (error, count) in &measured.errors {
            writeln!(to, "{}: {count} not run: {error}", measured.engine)?;
        }
    }
    if args.write {
        std::fs::write(PAGE, page::page(&all, args.runs))?;
    }
    match differing.len() {
        0 => Ok(()),
        count => Err(io::Error::other(format!("{count} pairs differ\n{}", differing.join("\n")))),
    }
}

/// The first line of what an engine said, without what is of one query alone.
fn reason(error: &str) -> String {
    error.lines().next().unwrap_or_default().chars().take(80).collect()
}

/// A built-in model in which every base name is asked as the end of its path.
fn by_paths(name: &str) -> io::Result<String> {
    let text = std::fs::read_to_string(Path::new(MODELS).join(format!("{name}.yml")))?;
    let mut model: Yaml = serde_yaml::from_str(&text).map_err(io::Error::other)?;
    model["name"] = format!("{name}_by_paths").into();
    if let Some(base) = model.get("extends").and_then(Yaml::as_str).map(str::to_owned) {
        let base = std::fs::read_to_string(Path::new(MODELS).join(format!("{base}.yml")))?;
        let base: Yaml = serde_yaml::from_str(&base).map_err(io::Error::other)?;
        // The model's own sources take groups from there, unless it has one of that name.
        let named = |group: &Yaml| {
            let sources = model["sources"].as_sequence().into_iter().flatten();
            let groups = sources.filter_map(|source| source.get("groups")?.as_sequence()).flatten();
            groups.into_iter().any(|one| one == group)
        };
        let groups: Vec<_> = match base.get("groups") {
            Some(Yaml::Mapping(groups)) => groups.iter().filter(|(group, _)| named(group)).collect(),
            _ => Vec::new(),
        };
        if let Yaml::Mapping(own) = &mut model["groups"] {
            for (group, fields) in groups {
                if !own.contains_key(group) {
                    own.insert(group.clone(), fields.clone());
                }
            }
        }
    }
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

/// The rules about new processes on Windows, with where they come from.
fn of_processes(corpus: &Path) -> io::Result<Vec<(String, Rule<Sigma>)>> {
    let mut paths = Vec::new();
    rules::files(corpus, &mut paths)?;
    let mut all = Vec::new();
    for path in paths {
        let parsed = rulecast_rule::parse(FileId(0), &std::fs::read_to_string(&path)?);
        let resolved = Unit::new(parsed.documents).resolve();
        if parsed.diagnostics.iter().chain(&resolved.diagnostics).any(|one| one.severity == Severity::Error) {
            continue;
        }
        let of_processes = |rule: &Rule<Sigma>| match &rule.body {
            Body::Event(event) => event.arms.iter().all(|arm| arm.source.to_string() == "windows/process_creation"),
            Body::Sequence(_) | Body::Correlation(_) => false,
        };
        all.extend(resolved.rules.into_iter().filter(of_processes).map(|rule| (path.display().to_string(), rule)));
    }
    if all.is_empty() {
        return Err(io::Error::other(format!("{}: no rule about new processes on Windows", corpus.display())));
    }
    Ok(all)
}

/// Both queries of a rule, if they differ.
fn pair(origin: &str, rule: &Rule<Sigma>, targets: [Target<'_>; 2]) -> Option<Pair> {
    let one = |target| match compile(rule, target, Allow::default()) {
        Outcome::Queries(queries) => queries.into_iter().next().map(|query| query.text),
        _ => None,
    };
    let queries = [one(targets[0])?, one(targets[1])?];
    (queries[0] != queries[1]).then(|| Pair { origin: origin.to_owned(), queries })
}

/// Events as an engine is told of them.
struct Held {
    events: usize,
    rows: usize,
    told: Value,
}

/// The recorded events that such a rule reads, as the target holds them.
fn held_events(rule: &Rule<Sigma>, target: Target<'_>, records: &[Record], pairs: &[Pair]) -> Held {
    let Body::Event(event) = &rule.body else { unreachable!("rules of single events alone were read") };
    let read = |record: &&Record| event.arms.iter().any(|arm| record.is_of(&arm.source));
    let records: Vec<Record> = records.iter().filter(read).cloned().collect();
    let (mut rows, schema) = held(rule, target, &records);
    rows.sort_by_key(|row| (row.time, row.id));
    let told = match target.language {
        Language::Eql => json!({"events": question::events(&rows)}),
        Language::Kql | Language::Spl => {
            let queries: Vec<&str> = pairs.iter().flat_map(|pair| &pair.queries).map(String::as_str).collect();
            let id = question::own_id(target);
            json!({"tables": question::tables(&queries.join("\n"), (id, id), &rows, &schema)})
        }
    };
    Held { events: records.len(), rows: rows.len(), told }
}

fn with(mut one: Value, other: Value) -> Value {
    if let (Value::Object(one), Value::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}

/// So many of all, in an order of which each beginning is spread over all.
fn spread<T>(all: Vec<T>, wanted: usize) -> Vec<T> {
    let count = all.len();
    let mut step = (count * STRIDE.0 / STRIDE.1).max(1);
    while gcd(step, count) > 1 {
        step += 1;
    }
    let mut all: Vec<Option<T>> = all.into_iter().map(Some).collect();
    (0..count.min(wanted)).filter_map(|place| all[place * step % count].take()).collect()
}

fn gcd(one: usize, other: usize) -> usize {
    if other == 0 { one } else { gcd(other, one % other) }
}

#[cfg(test)]
mod tests {
    use super::{by_paths, pair, spread};
    use rulecast_compile::{Models, Target, Unit};
    use rulecast_diagnostics::FileId;

    #[test]
    fn each_beginning_is_spread_over_all() {
        let order = spread((0..900).collect(), 100);
        for taken in [10, 30, 100] {
            let mut begun = order[..taken].to_vec();
            begun.sort_unstable();
            let gaps = begun.windows(2).map(|two| two[1] - two[0]);
            assert!(gaps.max().is_some_and(|widest| widest < 4 * 900 / taken), "{begun:?}");
        }
        let mut all = spread((0..7).collect(), 9);
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn the_other_query_asks_for_the_end_of_the_path() {
        let text = "title: t\nlogsource: {product: windows, category: process_creation}\ndetection:\n  \
                    selection: {Image|endswith: '\\cmd.exe', ParentImage|endswith: ['\\a.exe', '\\b.exe']}\n  \
                    condition: selection\n";
        let rules = Unit::new(rulecast_rule::parse(FileId(0), text).documents).resolve().rules;
        let (ecs, xdr) = (by_paths("ecs").unwrap(), by_paths("xdr").unwrap());
        let (models, problems) = Models::read(&[(FileId(1), &ecs), (FileId(2), &xdr)]);
        assert!(problems.is_empty(), "{problems:?}");
        for (target, ends) in [
            (
                "eql.ecs",
                [r#"process.executable : "*\\cmd.exe""#, r#"process.parent.executable : ("*\\a.exe", "*\\b.exe")"#],
            ),
            ("kql.xdr", [r#"FolderPath endswith @"\cmd.exe""#, r#"InitiatingProcessFolderPath endswith @"\a.exe""#]),
        ] {
            let paths = Target::parse_of(&format!("{target}_by_paths"), &models).unwrap();
            let both = pair("t", &rules[0], [Target::parse(target).unwrap(), paths]).unwrap();
            assert!(ends.iter().all(|end| both.queries[1].contains(end)), "{}", both.queries[1]);
            assert!(ends.iter().all(|end| !both.queries[0].contains(end)), "{}", both.queries[0]);
        }
    }
}
