//! `rulecast check`: every problem of every rule.
//!
//! Each file is parsed, compiled and linted on its own; then the files are compared, what people accept is taken out,
//! and what is left is rendered.

mod changed;
mod fix;
mod policy;
mod stats;

use crate::args::{CheckArgs, Colour, ReportFormat};
use crate::exit::{Exit, Failure};
use crate::output::{Console, count};
use crate::report::{Found, Sink, problems};
use crate::work::of_each_file;
use policy::Policy;
pub(crate) use policy::parse_name;
use rulecast_compile::{Allow, Target, point_at_fields, refusals, unknown_targets};
use rulecast_diagnostics::{Diagnostic, FileId, Severity, SourceMap};
use rulecast_lint::Facts;
use rulecast_repository::{Chosen, File, Input, Project, Targets, find, pipelines, placeholders, problems::refusal};
use stats::Stats;

/// What is wrong with one file.
#[derive(Debug, Default)]
struct Checked {
    sources: SourceMap,
    /// In the order of the text; of one place, in the order found.
    diagnostics: Vec<Diagnostic>,
    facts: Facts,
    rules: usize,
}

impl Checked {
    fn number(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The text that was checked.
    fn text(&self) -> &str {
        &self.sources.file(FileId(0)).text
    }
}

pub(crate) fn run(
    args: &CheckArgs,
    mut targets: Targets<'_>,
    project: &Project,
    colour: Colour,
) -> Result<Exit, Failure> {
    if args.stats && !matches!(args.format, ReportFormat::Text | ReportFormat::Json) {
        return Err(Failure::StatsFormat);
    }
    let (chosen, warnings) = pipelines::choose(&args.setting.pipelines, &mut targets)?;
    if !args.quiet {
        Console::new().err(&warnings.text(colour.on(&std::io::stderr())))?;
    }
    std::thread::scope(|scope| {
        // Data models are read while the files are found. Without a thread to spare, the first rule waits for them.
        for target in &targets.all {
            let _ = std::thread::Builder::new().spawn_scoped(scope, || target.prepare());
        }
        run_with(args, &targets, &chosen, project, colour)
    })
}

fn run_with(
    args: &CheckArgs,
    targets: &Targets<'_>,
    chosen: &Chosen,
    project: &Project,
    colour: Colour,
) -> Result<Exit, Failure> {
    let severity = if targets.named { Severity::Error } else { Severity::Warning };
    let setting = Setting { targets, chosen, severity, allow: project.config().allow };
    if args.changed
        && let Some(judged) = changed::check_changed(args, project, setting)?
    {
        return report(args, colour, &targets.all, judged, project);
    }
    let inputs = find(if args.changed { &args.among } else { &args.paths })?;
    let mut judged = check_all(&inputs, args, project, setting)?;
    if args.fix {
        let mut fixes = fix::Fixed::default();
        // A fix may have waited for another that touches it, or bring out what a further one mends.
        for _ in 0..fix::MOST_ROUNDS {
            if !fixes.round(&inputs, &judged.checked)? {
                break;
            }
            judged = check_all(&inputs, args, project, setting)?;
        }
        if !args.quiet {
            Console::new().err(&fixes.report(&inputs))?;
        }
    }
    report(args, colour, &targets.all, judged, project)
}

/// What files are checked with.
#[derive(Clone, Copy)]
struct Setting<'a> {
    targets: &'a Targets<'a>,
    chosen: &'a Chosen,
    /// Of what a target cannot say.
    severity: Severity,
    /// Inexact queries that the configuration accepts, as `build` does.
    allow: Allow,
}

/// Files that were checked, alone and together.
struct Judged {
    checked: Vec<Checked>,
    /// What the configuration accepts without need.
    unneeded: Vec<Diagnostic>,
}

/// All files.
fn check_all(inputs: &[Input], args: &CheckArgs, project: &Project, setting: Setting<'_>) -> Result<Judged, Failure> {
    let placeholders = placeholders(&args.setting.values.placeholders)?;
    let mut checked = of_each_file(inputs, &placeholders, setting.chosen, |file| check(file, setting))?;
    let facts: Vec<Facts> = checked.iter_mut().map(|file| std::mem::take(&mut file.facts)).collect();
    Ok(judge(checked.into_iter().enumerate().collect(), &facts, args, project))
}

/// Compares the files, and takes out what people accept. `facts` are of all files, `checked` has some of them, in order.
fn judge(mut checked: Vec<(usize, Checked)>, facts: &[Facts], args: &CheckArgs, project: &Project) -> Judged {
    let policy = Policy::new(project, &args.deny, &args.allow);
    for (file, finding) in rulecast_lint::across(facts) {
        if let Ok(at) = checked.binary_search_by_key(&file, |(at, _)| *at) {
            checked[at].1.diagnostics.push(finding);
        }
    }
    let accepted = project.suppressions();
    let mut used = Vec::new();
    for (at, file) in &mut checked {
        used.extend(facts[*at].suppress(&accepted, &mut file.diagnostics));
        policy.apply(&mut file.diagnostics);
        file.diagnostics.sort_by_key(|diagnostic| diagnostic.at.span);
    }
    let mut unneeded = accepted.unneeded(used);
    policy.apply(&mut unneeded);
    Judged { checked: checked.into_iter().map(|(_, file)| file).collect(), unneeded }
}

fn check(file: File<'_>, Setting { targets, chosen, severity, allow }: Setting<'_>) -> Checked {
    let File { input, sources, mut diagnostics, documents, rules, traces } = file;
    let text = &sources.file(FileId(0)).text;
    let linted =
        rulecast_lint::check(&rulecast_lint::File { name: &input.name, text, documents: &documents, rules: &rules });
    diagnostics.extend(linted.findings);
    diagnostics.extend(unknown_targets(&documents, targets.models));
    for rule in &rules {
        let trace = traces.iter().find(|trace| trace.document() == rule.span);
        for target in targets.all.iter().copied() {
            let mut refusals = refusals(rule, target, allow, &chosen.pipelines, trace);
            point_at_fields(&mut refusals, &documents);
            diagnostics.extend(refusals.iter().map(|refused| refusal(refused, target, severity)));
        }
    }
    Checked { sources, diagnostics, facts: linted.facts, rules: rules.len() }
}

fn report(
    args: &CheckArgs,
    colour: Colour,
    targets: &[Target],
    Judged { mut checked, unneeded }: Judged,
    project: &Project,
) -> Result<Exit, Failure> {
    let files = checked.len();
    // The configuration is reported on only if something is wrong with it.
    if !unneeded.is_empty() {
        checked.push(Checked { sources: project.sources().clone(), diagnostics: unneeded, ..Checked::default() });
    }
    let sum = |of: &dyn Fn(&Checked) -> usize| checked.iter().map(of).sum::<usize>();
    let (errors, warnings) = (sum(&|file| file.number(Severity::Error)), sum(&|file| file.number(Severity::Warning)));
    let notes = sum(&|file| file.number(Severity::Note));
    let rules = sum(&|file| file.rules);
    let mut sink = Sink::new(args.output.path());
    if args.stats {
        let mut stats = Stats::default();
        checked.iter().for_each(|file| stats.add(&file.diagnostics));
        sink.out(&match args.format {
            ReportFormat::Json => stats.json(),
            _ => stats.table(),
        })?;
    } else {
        if args.quiet {
            checked.iter_mut().for_each(|file| file.diagnostics.retain(Diagnostic::is_error));
        }
        let found: Vec<Found<'_>> = checked.iter().map(|file| (file.diagnostics.as_slice(), &file.sources)).collect();
        let pieces = problems(&found, args.format, "rulecast check", sink.colour(colour));
        pieces.iter().try_for_each(|piece| sink.out(piece))?;
    }
    if !args.quiet {
        let names: Vec<String> = targets.iter().map(ToString::to_string).collect();
        let (rules, files) = (count(rules, "rule"), count(files, "file"));
        let mut found = vec![count(errors, "error"), count(warnings, "warning")];
        if notes > 0 {
            found.push(count(notes, "note"));
        }
        let summary = format!("checked {rules} in {files} for {}: {}\n", names.join(", "), found.join(", "));
        sink.summary(&summary, args.format == ReportFormat::Text)?;
    }
    sink.finish()?;
    Ok(match (errors, warnings) {
        (0, 0) => Exit::Clean,
        (0, _) => Exit::Findings,
        _ => Exit::Invalid,
    })
}
