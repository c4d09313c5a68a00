//! Whether reports hold to the schemas that others published for them: SARIF's own, and one of JUnit XML.
//!
//! Reported are the rule library, the directories given, and a file for each kind of problem that has an example. That the
//! judge objects at all is seen on two reports that are broken on purpose. Lacks: GitLab's code quality report, which has a
//! page and no schema; the command's tests hold it against what that page says.

use super::tools::Tools;
use rulecast_problems::{Kind, SECTIONS};
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A report to be judged.
struct Report {
    what: String,
    schema: &'static str,
    file: PathBuf,
    /// Whether it must be rejected.
    broken: bool,
}

/// Asks the judge, writes how much it looked at, and returns its objections.
pub(super) fn run(
    tools: &Tools,
    command: &Path,
    rules: &Path,
    corpora: &[PathBuf],
    to: &mut impl Write,
) -> io::Result<Vec<String>> {
    let directory = tools.directory.join("reports");
    let examples = directory.join("examples");
    write_examples(&examples)?;
    let mut reports = Vec::new();
    let read = [rules, &examples].into_iter().chain(corpora.iter().map(PathBuf::as_path));
    for (number, corpus) in read.enumerate() {
        for (verb, schema) in [("check", "sarif"), ("check", "junit"), ("test", "junit")] {
            let file = directory.join(format!("{number}-{verb}.{schema}"));
            report(command, verb, schema, corpus, &file)?;
            let what = format!("{verb} {} --format {schema}", corpus.display());
            reports.push(Report { what, schema, file, broken: false });
        }
    }
    let judged = reports.len();
    for (schema, from, into) in [("sarif", "\"2.1.0\"", "\"2.1\""), ("junit", "<testcase name", "<testcase title")] {
        let sound = reports.iter().find(|report| report.schema == schema).expect("both formats are judged");
        let file = directory.join(format!("broken.{schema}"));
        std::fs::write(&file, std::fs::read_to_string(&sound.file)?.replacen(from, into, 1))?;
        reports.push(Report { what: format!("broken {schema}"), schema, file, broken: true });
    }
    let said = judge(tools, &reports)?;
    let failures = reports.iter().zip(said).filter_map(|(report, said)| match (report.broken, said.first()) {
        (true, None) => Some(format!("{}: not rejected as it must be", report.what)),
        (false, Some(first)) => {
            Some(format!("{}: {} objections, of which the first is\n{first}", report.what, said.len()))
        }
        _ => None,
    });
    let failures: Vec<String> = failures.collect();
    writeln!(to, "\n{judged} reports held against the schemas of SARIF and JUnit XML, {} failures", failures.len())?;
    Ok(failures)
}

/// A file for each kind of problem that an example of a rule shows.
fn write_examples(directory: &Path) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    for entry in SECTIONS.iter().filter(|section| section.kind == Kind::Rule).flat_map(|section| &section.diagnostics) {
        let Some(example) = &entry.example else { continue };
        let bytes = if entry.latin_1 {
            example.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
        } else {
            example.clone().into_bytes()
        };
        std::fs::write(directory.join(format!("{}.yml", entry.name)), bytes)?;
    }
    Ok(())
}

/// Writes a report. Findings are what it is about, and no failure.
fn report(command: &Path, verb: &str, format: &str, corpus: &Path, file: &Path) -> io::Result<()> {
    let output = Command::new(command)
        .args([verb, "--no-config", "--format", format, "--output"])
        .args([file.as_os_str(), corpus.as_os_str()])
        .output()
        .map_err(|error| io::Error::other(format!("{}: {error}", command.display())))?;
    match output.status.code() {
        Some(0..=2) => Ok(()),
        _ => Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned())),
    }
}

/// What the judge says of each.
fn judge(tools: &Tools, reports: &[Report]) -> io::Result<Vec<Vec<String>>> {
    let mut command = Command::new("node");
    command.arg(tools.scripts.join("report_judge.js")).arg(&tools.modules);
    command.args(reports.iter().flat_map(|report| [OsStr::new(report.schema), report.file.as_os_str()]));
    let said: Vec<Vec<String>> = serde_json::from_slice(&crate::programs::output(&mut command)?)?;
    if said.len() != reports.len() {
        return Err(io::Error::other(format!("{} answers on {} reports", said.len(), reports.len())));
    }
    Ok(said)
}
