//! What `rulecast lock` says.

use crate::args::{Colour, LockArgs, ReportFormat};
use crate::compiled::CompiledFile;
use crate::exit::Failure;
use crate::output::count;
use crate::output::text::one_line;
use crate::report::{self, Found, Sink};
use rulecast_diagnostics::{Diagnostic, SourceMap, Span, render};
use rulecast_lock::{Comparison, OutputChange, RuleChange, RuleFate};
use rulecast_repository::{Problems, problems};
use serde_json::{Value, json};
use std::path::Path;

/// How the run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The lock is as it must be.
    Current,
    /// It was not, and is now.
    Written,
    /// It is not.
    Stale,
    /// The rules may not be locked as they stand.
    Refused,
    /// There are rules that cannot be read.
    Invalid,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Current => "current",
            State::Written => "written",
            State::Stale => "stale",
            State::Refused => "refused",
            State::Invalid => "invalid",
        }
    }
}

pub(super) struct Report<'a> {
    pub(super) args: &'a LockArgs,
    pub(super) path: &'a Path,
    pub(super) state: State,
    /// Whether there was no lock.
    pub(super) is_new: bool,
    pub(super) files: &'a [CompiledFile],
    pub(super) comparison: &'a Comparison,
    /// Files whose versions were raised, with how many.
    pub(super) raised: &'a [(String, usize)],
}

impl Report<'_> {
    pub(super) fn print(&self, warnings: &Problems, colour: Colour) -> Result<(), Failure> {
        let mut sink = Sink::new(self.args.output.path());
        if !self.args.quiet {
            sink.err(&warnings.text(colour.on(&std::io::stderr())))?;
        }
        let colour = sink.colour(colour);
        match self.args.format {
            ReportFormat::Text => self.text(&mut sink, colour)?,
            ReportFormat::Json => sink.out(&rulecast_files::json_text(self.json()))?,
            ReportFormat::Sarif | ReportFormat::Github | ReportFormat::Gitlab | ReportFormat::Junit => {
                self.as_problems(&mut sink, colour)?;
            }
        }
        sink.finish()
    }

    /// In a format that knows problems alone: what differs then is a problem of the lock file.
    fn as_problems(&self, sink: &mut Sink, colour: bool) -> Result<(), Failure> {
        let problems = self.problems();
        let mut sources = SourceMap::new();
        let lock = sources.add(self.path.to_string_lossy().replace('\\', "/"), "");
        let stale: Vec<Diagnostic> = if self.state == State::Stale {
            let lines = self.differences();
            let lines = if lines.is_empty() { vec!["there is no lock".to_owned()] } else { lines };
            let at = Span::new(lock, 0, 0);
            lines.into_iter().map(|line| Diagnostic::warning("lock-stale", at, line).help(WRITES_IT)).collect()
        } else {
            Vec::new()
        };
        let mut found: Vec<Found<'_>> =
            problems.iter().map(|(file, problems)| (problems.as_slice(), &file.sources)).collect();
        found.push((&stale, &sources));
        for piece in report::problems(&found, self.args.format, "lock", colour) {
            sink.out(&piece)?;
        }
        Ok(())
    }

    /// Each difference as a line; nothing of a first lock, for which all rules are new.
    fn differences(&self) -> Vec<String> {
        match self.state {
            State::Invalid | State::Current => Vec::new(),
            State::Written | State::Stale | State::Refused if self.is_new => Vec::new(),
            State::Written | State::Stale | State::Refused => {
                self.comparison.changes.iter().map(line).chain(general(self.comparison)).collect()
            }
        }
    }

    /// What is wrong with each file: with its rules, or else with how they changed.
    fn problems(&self) -> Vec<(&CompiledFile, Vec<Diagnostic>)> {
        let mut all = Vec::new();
        for (at, file) in self.files.iter().enumerate() {
            let problems: Vec<Diagnostic> = if self.state == State::Invalid {
                file.diagnostics.iter().filter(|problem| problem.is_error()).cloned().collect()
            } else {
                let own = self.comparison.problems.iter().filter(|(of, _)| *of == at);
                own.map(|(_, problem)| problem.clone()).collect()
            };
            if !problems.is_empty() {
                all.push((file, problems));
            }
        }
        all
    }

    fn text(&self, sink: &mut Sink, colour: bool) -> Result<(), Failure> {
        let problems = self.problems();
        for (file, problems) in &problems {
            sink.out(&problems::text(problems, &file.sources, colour))?;
        }
        if self.args.quiet {
            return Ok(());
        }
        let comparison = self.comparison;
        for (name, versions) in self.raised {
            sink.out(&format!("{name}: raised {}\n", count(*versions, "version")))?;
        }
        let differences = self.differences();
        for line in &differences {
            sink.out(&format!("{line}\n"))?;
        }
        if !differences.is_empty() && comparison.changes.iter().any(is_compilers) {
            sink.out(WHY_ANOTHER_QUERY)?;
        }
        let (path, rules) = (self.path.display(), count(comparison.lock.rules.len(), "rule"));
        let targets: Vec<&str> = comparison.lock.targets.iter().map(String::as_str).collect();
        let targets = targets.join(", ");
        let wrong: usize = problems.iter().map(|(_, problems)| problems.len()).sum();
        let wrong = count(wrong, "error");
        let summary = match self.state {
            State::Current => format!("{path} is up to date: {rules} for {targets}\n"),
            State::Written => format!("wrote {path}: {rules} for {targets}\n"),
            State::Stale if self.is_new => format!("there is no {path}; {WRITES_IT}\n"),
            State::Stale => format!("{path} is out of date; {WRITES_IT}\n"),
            State::Refused if self.args.check => format!("{path} is out of date, and cannot be written: {wrong}\n"),
            State::Invalid if self.args.check => format!("{path} is not checked: {wrong}\n"),
            State::Refused | State::Invalid => format!("{path} is not written: {wrong}\n"),
        };
        sink.summary(&summary, true)?;
        Ok(())
    }

    fn json(&self) -> Value {
        let comparison = self.comparison;
        let problems: Vec<Value> = self
            .problems()
            .iter()
            .flat_map(|(file, problems)| render::json(problems, &file.sources))
            .map(|problem| serde_json::to_value(problem).expect("a problem is JSON"))
            .collect();
        let changes: &[RuleChange] = if self.state == State::Invalid { &[] } else { &comparison.changes };
        json!({
            "format": 1,
            "lock": self.path.to_string_lossy().replace('\\', "/"),
            "state": self.state.word(),
            "rules": comparison.lock.rules.len(),
            "targets": comparison.lock.targets,
            "new_targets": comparison.new_targets,
            "old_targets": comparison.old_targets,
            "old_attack": comparison.old_attack,
            "old_form": comparison.old_form,
            "raised": self.raised.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            "changes": changes.iter().map(entry).collect::<Vec<_>>(),
            "problems": problems,
        })
    }
}

const WRITES_IT: &str = "`rulecast lock` writes it";

const WHY_ANOTHER_QUERY: &str = "\
Queries of a rule that is the same differ where Rulecast itself, a data model, a pipeline or a placeholder's value changed,
or the order in which the rule lists what it looks for.
";

/// Whether the queries of a rule changed without the rule.
fn is_compilers(change: &RuleChange) -> bool {
    change.parts.is_empty() && !change.outputs.is_empty()
}

/// A change as a line.
fn line(change: &RuleChange) -> String {
    let mut said = Vec::new();
    match (change.fate, change.version) {
        (RuleFate::Added, (Some(before), _)) => said.push(format!("added again, after version {before}")),
        (RuleFate::Added, _) => said.push("added".to_owned()),
        (RuleFate::Removed, _) => said.push("removed".to_owned()),
        (RuleFate::Changed, _) => {}
    }
    if let Some(from) = &change.moved_from {
        said.push(format!("moved from {from}"));
    }
    if !change.parts.is_empty() {
        let parts: Vec<&str> = change.parts.iter().map(|part| part.word()).collect();
        said.push(format!("the rule changed: {}", parts.join(", ")));
    }
    if change.fate == RuleFate::Changed
        && let (Some(before), Some(after)) = change.version
        && before != after
    {
        said.push(format!("version {before} → {after}"));
    }
    if !change.outputs.is_empty() {
        let outputs: Vec<String> = change.outputs.iter().map(output).collect();
        let who = if is_compilers(change) { "the rule is the same, its queries are not" } else { "other queries" };
        said.push(format!("{who}: {}", outputs.join(", ")));
    }
    if said.is_empty() {
        said.push("not as the lock says".to_owned());
    }
    let title = if change.title.is_empty() { String::new() } else { format!(" · {}", one_line(&change.title)) };
    format!("{}{title}: {}", change.path, said.join("; "))
}

fn output(change: &OutputChange) -> String {
    let OutputChange { target, before, after } = change;
    if before == after { target.clone() } else { format!("{target} ({before} → {after})") }
}

/// What concerns all rules.
fn general(comparison: &Comparison) -> Vec<String> {
    let mut lines = Vec::new();
    if !comparison.new_targets.is_empty() {
        lines.push(format!("targets that the lock does not have: {}", comparison.new_targets.join(", ")));
    }
    if !comparison.old_targets.is_empty() {
        lines.push(format!("targets that only the lock has: {}", comparison.old_targets.join(", ")));
    }
    if let Some(attack) = &comparison.old_attack {
        lines.push(format!("ATT&CK {attack} → {}", comparison.lock.attack));
    }
    if let Some(form) = comparison.old_form {
        let now = comparison.lock.form;
        lines.push(format!(
            "hashes of rules are made in another way (form {form} → {now}): whether rules changed cannot be told"
        ));
    }
    lines
}

fn entry(change: &RuleChange) -> Value {
    let fate = match change.fate {
        RuleFate::Added => "added",
        RuleFate::Removed => "removed",
        RuleFate::Changed => "changed",
    };
    let outputs: Vec<Value> = change
        .outputs
        .iter()
        .map(|one| json!({ "target": one.target, "before": one.before, "after": one.after }))
        .collect();
    json!({
        "change": fate,
        "id": change.id,
        "title": change.title,
        "path": change.path,
        "moved_from": change.moved_from,
        "parts": change.parts.iter().map(|part| part.key()).collect::<Vec<_>>(),
        "version_before": change.version.0,
        "version_after": change.version.1,
        "outputs": outputs,
    })
}
