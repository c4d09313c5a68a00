//! `rulecast check`: every problem of every rule.

use crate::args::{CheckArgs, Colour, Format};
use crate::exit::{Exit, Failure};
use crate::output::{Console, count, json};
use crate::pipelines::Chosen;
use crate::project::Project;
use crate::work::{self, File};
use crate::{inputs, pipelines, placeholders, problems};
use rulecast_compile::{Allow, Outcome, Target, compile_with, point_at_fields};
use rulecast_diagnostics::{Diagnostic, Severity, render};

/// What is wrong with one file.
#[derive(Debug, Default)]
struct Checked {
    /// Elements of an array in JSON, else text.
    pieces: Vec<String>,
    rules: usize,
    errors: usize,
    warnings: usize,
}

pub(crate) fn run(args: &CheckArgs, project: &Project, colour: Colour) -> Result<Exit, Failure> {
    let mut targets = args.targets();
    let on_terminal = colour.on(&std::io::stderr());
    let (chosen, warnings) = pipelines::choose(&args.pipelines, &mut targets, args.targets_named(), on_terminal)?;
    let colour = colour.on(&std::io::stdout());
    let inputs = inputs::find(&args.paths)?;
    let placeholders = placeholders::read(&args.values.placeholders)?;
    let checked = work::for_each_file_with(&inputs, &placeholders, &chosen, |file| {
        check(file, args, project, (&chosen, &targets), colour)
    })?;

    let mut console = Console::new();
    console.err(if args.quiet { "" } else { &warnings })?;
    match args.format {
        Format::Text => {
            for piece in checked.iter().flat_map(|file| &file.pieces) {
                console.out(piece)?;
            }
        }
        Format::Json => {
            console.out(&json::array(checked.iter().flat_map(|file| &file.pieces).map(String::as_str)))?;
        }
    }
    let sum = |of: fn(&Checked) -> usize| checked.iter().map(of).sum::<usize>();
    let (errors, warnings) = (sum(|file| file.errors), sum(|file| file.warnings));
    if args.format == Format::Text && !args.quiet {
        let names: Vec<String> = targets.iter().map(ToString::to_string).collect();
        let (rules, files) = (count(sum(|file| file.rules), "rule"), count(inputs.len(), "file"));
        let found = format!("{}, {}", count(errors, "error"), count(warnings, "warning"));
        console.out(&format!("checked {rules} in {files} for {}: {found}\n", names.join(", ")))?;
    }
    console.flush()?;
    Ok(match (errors, warnings) {
        (0, 0) => Exit::Clean,
        (0, _) => Exit::Findings,
        _ => Exit::Invalid,
    })
}

fn check(
    file: File<'_>,
    args: &CheckArgs,
    project: &Project,
    (chosen, targets): (&Chosen, &[Target]),
    colour: bool,
) -> Checked {
    let mut diagnostics = file.diagnostics;
    let mut findings = Vec::new();
    for document in &file.documents {
        rulecast_lint::lint(document, &mut findings);
    }
    findings.retain_mut(|finding| match project.severity(finding.name, finding.severity) {
        Some(severity) => {
            finding.severity = severity;
            true
        }
        None => false,
    });
    diagnostics.append(&mut findings);
    let severity = if args.targets_named() { Severity::Error } else { Severity::Warning };
    for rule in &file.rules {
        let trace = file.traces.iter().find(|trace| trace.document() == rule.span);
        for target in targets.iter().copied() {
            let mut outcome = compile_with(rule, target, Allow::default(), &chosen.pipelines, trace);
            point_at_fields(&mut outcome, &file.documents);
            if let Outcome::Refused(refusals) = outcome {
                diagnostics.extend(refusals.iter().map(|refusal| problems::refusal(refusal, target, severity)));
            }
        }
    }
    // In the order of the text; of one place, in the order found.
    diagnostics.sort_by_key(|diagnostic| diagnostic.at.span);
    let number = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    if args.quiet {
        diagnostics.retain(Diagnostic::is_error);
    }
    let pieces = match args.format {
        Format::Text => vec![problems::text(&diagnostics, &file.sources, colour)],
        Format::Json => render::json(&diagnostics, &file.sources).iter().map(json::element).collect(),
    };
    Checked { pieces, rules: file.rules.len(), errors, warnings }
}
