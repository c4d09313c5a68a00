//! Whether the packages of a bundle are what their platforms take: the Splunk app by Splunk's own inspection, Kibana's rules
//! by the judge of EQL and by a table of fields.
//!
//! The table is ours, written from the vendor's page: no registry carries Kibana's schema. That each judge objects at all is
//! seen on an app and a rule that are broken on purpose.

use super::facts::Known;
use super::tools::Tools;
use super::{Ecs, eql, judge};
use crate::programs::{debian, output, python_packages, run as run_program};
use serde::Deserialize;
use serde_json::Value;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = include_str!("../../oracles/appinspect.txt");
const TABLE: &str = include_str!("../../oracles/schema/kibana_eql_rule.json");

/// What an inspection of an app found, in numbers of checks.
#[derive(Debug, Deserialize)]
struct Inspection {
    error: usize,
    failure: usize,
    future_failure: usize,
    warning: usize,
    success: usize,
}

impl Inspection {
    fn is_clean(&self) -> bool {
        self.error + self.failure + self.future_failure + self.warning == 0 && self.success > 0
    }
}

#[derive(Deserialize)]
struct Inspected {
    summary: Inspection,
}

/// Makes the bundle of `rules`, asks the judges, writes what they said, and returns their objections.
pub(super) fn run(
    tools: &Tools,
    command: &Path,
    rules: &Path,
    ecs: &Ecs,
    known: &[Known],
    to: &mut impl Write,
) -> io::Result<Vec<String>> {
    let directory = tools.directory.join("packages");
    let bundle = bundle(command, rules, &directory.join("dist"))?;
    let mut failures = splunk(tools, &bundle, &directory, to)?;
    failures.extend(kibana(tools, &bundle, ecs, known, to)?);
    Ok(failures)
}

/// The directory of a bundle with every target that a package is made of.
fn bundle(command: &Path, rules: &Path, directory: &Path) -> io::Result<PathBuf> {
    let targets = ["bundle", "--no-config", "--quiet", "-t", "eql.ecs,spl.sysmon,kql.xdr", "--output"];
    output(Command::new(command).args(targets).args([directory, rules]))?;
    only(directory, "")
}

/// The one entry of a directory that is itself one, or that ends so.
fn only(directory: &Path, end: &str) -> io::Result<PathBuf> {
    let entries = directory.read_dir()?.collect::<io::Result<Vec<_>>>()?;
    let wanted = |path: &PathBuf| if end.is_empty() { path.is_dir() } else { path.to_string_lossy().ends_with(end) };
    let mut found: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).filter(wanted).collect();
    match (found.pop(), found.is_empty()) {
        (Some(path), true) => Ok(path),
        _ => Err(io::Error::other(format!("{}: not one `*{end}`", directory.display()))),
    }
}

fn splunk(tools: &Tools, bundle: &Path, directory: &Path, to: &mut impl Write) -> io::Result<Vec<String>> {
    let environment = tools.directory.join("appinspect");
    debian(&["libmagic1"], "splunk-appinspect tells the types of files by it")?;
    python_packages(&environment, REQUIREMENTS)?;
    let app = only(&bundle.join("splunk"), ".tar.gz")?;
    let broken = broken(&app, &directory.join("broken"))?;
    let mut failures = Vec::new();
    for (what, tags) in [("precert", &[][..]), ("precert, cloud", &["--included-tags", "cloud"])] {
        let report = directory.join("appinspect.json");
        let found = inspect(&environment, &app, tags, &report)?;
        writeln!(to, "\nsplunk-appinspect 4.3.1, {what}: {} checks passed", found.success)?;
        if !found.is_clean() {
            failures.push(format!("{}: {what}: {found:?}; see {}", app.display(), report.display()));
        }
        if inspect(&environment, &broken, tags, &directory.join("broken.json"))?.is_clean() {
            failures.push(format!("{what}: a broken app is not rejected as it must be"));
        }
    }
    Ok(failures)
}

fn inspect(environment: &Path, app: &Path, tags: &[&str], report: &Path) -> io::Result<Inspection> {
    if report.exists() {
        std::fs::remove_file(report)?;
    }
    let mut inspection = Command::new(environment.join("bin").join("splunk-appinspect"));
    inspection.arg("inspect").arg(app).args(["--mode", "precert", "--data-format", "json"]).args(tags);
    // It ends well whatever it finds.
    output(inspection.arg("--output-file").arg(report))?;
    let Inspected { summary } = serde_json::from_slice(&std::fs::read(report)?)?;
    Ok(summary)
}

/// A copy of the app with settings where only an installation has them.
fn broken(app: &Path, directory: &Path) -> io::Result<PathBuf> {
    if directory.exists() {
        std::fs::remove_dir_all(directory)?;
    }
    let unpacked = directory.join("app");
    std::fs::create_dir_all(&unpacked)?;
    run_program(Command::new("tar").arg("-xzf").arg(app).arg("-C").arg(&unpacked))?;
    let inside = only(&unpacked, "")?;
    std::fs::create_dir(inside.join("local"))?;
    std::fs::copy(inside.join("default").join("app.conf"), inside.join("local").join("app.conf"))?;
    let name = inside.file_name().expect("an entry has a name");
    let packed = directory.join("broken.tar.gz");
    run_program(Command::new("tar").arg("-czf").arg(&packed).arg("-C").arg(&unpacked).arg(name))?;
    Ok(packed)
}

fn kibana(tools: &Tools, bundle: &Path, ecs: &Ecs, known: &[Known], to: &mut impl Write) -> io::Result<Vec<String>> {
    let text = std::fs::read_to_string(bundle.join("elastic").join("rules.ndjson"))?;
    let rules = text.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    let table: Value = serde_json::from_str(TABLE)?;
    let table = jsonschema::validator_for(&table).map_err(|error| io::Error::other(error.to_string()))?;
    let mut failures = Vec::new();
    for rule in &rules {
        failures.extend(
            table
                .iter_errors(rule)
                .map(|error| format!("rules.ndjson: {}: {}: {error}", rule["name"], error.instance_path())),
        );
    }
    let mut broken = rules.first().cloned().ok_or_else(|| io::Error::other("no rule for Kibana"))?;
    broken["severity"] = Value::from("informational");
    if table.is_valid(&broken) {
        failures.push("rules.ndjson: a severity that Kibana lacks is not rejected as it must be".to_owned());
    }
    let queries: Vec<&str> = rules.iter().filter_map(|rule| rule["query"].as_str()).collect();
    for rejection in judge::ask(&mut eql(tools, Some(&ecs.file)), &queries)? {
        let query = queries[rejection.index];
        if !known.iter().any(|known| known.explains("eql", query, &rejection.message)) {
            failures.push(format!("rules.ndjson: {}\n{query}", rejection.message));
        }
    }
    writeln!(to, "{} rules for Kibana held against a table of fields and the judge of EQL", rules.len())?;
    Ok(failures)
}
