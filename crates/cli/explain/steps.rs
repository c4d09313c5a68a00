//! `rulecast explain --stage pipeline`: what each step of the pipelines did to a rule, and the queries of what it left.

use crate::args::{Colour, ExplainArgs, Format};
use crate::exit::{Exit, Failure};
use crate::output::{json, text};
use crate::work::of_each_file;
use rulecast_compile::explain::{Rewriting, rewriting};
use rulecast_compile::processing::Trace;
use rulecast_compile::{Allow, Outcome, Target, compile_with, point_at_fields};
use rulecast_diagnostics::{Diagnostic, Severity, Span, render::Places};
use rulecast_repository::{Chosen, File, find, placeholders, problems};
use serde::Serialize;
use std::fmt::Write;

/// The most lines of one step that are shown to a person. Programs get them all.
const MOST: usize = 20;

#[derive(Debug, Serialize)]
struct Entry<'a> {
    file: &'a str,
    line: usize,
    title: &'a str,
    steps: Vec<StepEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct StepEntry<'a> {
    pipeline: &'a str,
    line: usize,
    #[serde(rename = "type")]
    kind: &'a str,
    applied: bool,
    removed: &'a [String],
    added: &'a [String],
}

pub(super) fn run(
    args: &ExplainArgs,
    targets: &[Target],
    chosen: &Chosen,
    warnings: &str,
    colour: Colour,
) -> Result<Exit, Failure> {
    let style = text::Style { colour: colour.on(&std::io::stdout()), bare: false };
    let colour_problems = colour.on(&std::io::stderr());
    let inputs = find(std::slice::from_ref(&args.rule))?;
    let placeholders = placeholders(&args.setting.values.placeholders)?;
    let explained = of_each_file(&inputs, &placeholders, chosen, |file| {
        let mut exit = if file.diagnostics.iter().any(Diagnostic::is_error) { Exit::Invalid } else { Exit::Clean };
        let mut diagnostics = file.diagnostics.clone();
        let places = Places::new(&file.sources);
        let mut pieces = Vec::new();
        for trace in &file.traces {
            let steps = rewriting(trace);
            pieces.push(match args.format {
                Format::Json => json::element(&entry(&file, trace, &steps, &places)),
                Format::Text => written(&file, trace, &steps, &places, style),
            });
        }
        for rule in &file.rules {
            let trace = file.traces.iter().find(|trace| trace.document() == rule.span);
            for target in targets.iter().copied() {
                let mut outcome = compile_with(rule, target, Allow::default(), &chosen.pipelines, trace);
                if let Some(refusals) = outcome.refusals_mut() {
                    point_at_fields(refusals, &file.documents);
                }
                if let Outcome::Refused(refusals) = &outcome {
                    exit = Exit::Invalid;
                    let refusals = refusals.iter().map(|one| problems::refusal(one, target, Severity::Error));
                    diagnostics.extend(refusals);
                }
                if args.format == Format::Text {
                    let mut piece = String::new();
                    text::outcome(&mut piece, &file.input.name, &rule.metadata, (target, &outcome), style);
                    pieces.extend(Some(piece).filter(|piece| !piece.is_empty()));
                }
            }
        }
        (pieces, problems::text(&diagnostics, &file.sources, colour_problems), exit)
    })?;
    super::print(args.format, warnings, &explained)
}

/// The title of a document.
fn title<'a>(file: &'a File<'_>, document: Span) -> &'a str {
    let found = file.documents.iter().find(|one| one.span == document);
    found.and_then(|one| one.metadata.title.as_ref()).map_or("(no title)", |title| &title.node)
}

fn written(file: &File<'_>, trace: &Trace, steps: &[Rewriting], places: &Places<'_>, style: text::Style) -> String {
    let name = text::one_line(title(file, trace.document()));
    let mut out = if style.colour { format!("\u{1b}[1m{name}\u{1b}[0m\n") } else { format!("{name}\n") };
    let _ = writeln!(out, "{}", file.input.name);
    for step in steps {
        let at = places.start(step.span).line;
        let pipeline = &places.sources().file(step.span.file).name;
        let said = match (step.applied, step.removed.is_empty() && step.added.is_empty()) {
            (false, _) => "   [its conditions do not hold]",
            (true, true) => "   [changes nothing]",
            (true, false) => "",
        };
        let _ = writeln!(out, "\n{pipeline}:{at} {}{said}", step.kind);
        for (mark, lines) in [('-', &step.removed), ('+', &step.added)] {
            for line in lines.iter().take(MOST) {
                let _ = writeln!(out, "  {mark} {}", text::one_line(line));
            }
            if lines.len() > MOST {
                let _ = writeln!(out, "  {mark} … and {} more", lines.len() - MOST);
            }
        }
    }
    out
}

fn entry<'a>(file: &'a File<'_>, trace: &Trace, steps: &'a [Rewriting], places: &Places<'a>) -> Entry<'a> {
    let step = |step: &'a Rewriting| StepEntry {
        pipeline: &places.sources().file(step.span.file).name,
        line: places.start(step.span).line,
        kind: &step.kind,
        applied: step.applied,
        removed: &step.removed,
        added: &step.added,
    };
    Entry {
        file: &file.input.name,
        line: places.start(trace.document()).line,
        title: title(file, trace.document()),
        steps: steps.iter().map(step).collect(),
    }
}
