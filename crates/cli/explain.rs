//! `rulecast explain`: what became of each line of a rule on a target, and why.

mod steps;

use crate::args::{Colour, ExplainArgs, Format, Stage};
use crate::events::{self, Events};
use crate::exit::{Exit, Failure};
use crate::output::{Console, json, text};
use crate::work::of_each_file;
use rulecast_compile::explain::{Explanation, Line, Piece, explain};
use rulecast_compile::{Outcome, Target, point_at_fields, unknown_targets};
use rulecast_diagnostics::{Diagnostic, Severity, render::Places};
use rulecast_ir::{Fidelity, Notes, Record, Refusal, Rule, Sigma, Verdict, eval};
use rulecast_repository::{File, Targets, find, pipelines, placeholders, problems};
use serde::Serialize;
use std::fmt::Write;

/// The most tests of one line that are shown to a person. Programs get them all.
const MOST: usize = 8;

#[derive(Debug, Serialize)]
struct Entry<'a> {
    file: &'a str,
    line: usize,
    title: &'a str,
    target: String,
    status: &'static str,
    /// Whether the rule fires on the event alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    fires: Option<bool>,
    lines: Vec<LineEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct LineEntry<'a> {
    line: usize,
    selection: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<bool>,
    tests: Vec<TestEntry<'a>>,
    pieces: Vec<PieceEntry<'a>>,
    refusals: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct TestEntry<'a> {
    line: usize,
    test: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<bool>,
}

#[derive(Debug, Serialize)]
struct PieceEntry<'a> {
    reads: &'a str,
    columns: Vec<ColumnEntry<'a>>,
    query: Option<&'a str>,
    fidelity: Option<&'static str>,
    assumptions: Vec<String>,
    refusals: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct ColumnEntry<'a> {
    test: &'a str,
    fidelity: &'static str,
    assumptions: Vec<String>,
}

pub(crate) fn run(args: &ExplainArgs, mut targets: Targets<'_>, colour: Colour) -> Result<Exit, Failure> {
    let (mut chosen, warnings) = pipelines::choose(&args.setting.pipelines, &mut targets)?;
    let warnings = if args.quiet { String::new() } else { warnings.text(colour.on(&std::io::stderr())) };
    let (targets, models) = (targets.all, targets.models);
    chosen.records = true;
    match (args.stage, chosen.pipelines.is_empty()) {
        (Some(Stage::Lines), false) => {
            return Err(Failure::Stage(
                "`--stage lines` shows a rule as written; with pipelines, use `--stage pipeline`",
            ));
        }
        (Some(Stage::Pipeline), true) => return Err(Failure::Stage("`--stage pipeline` needs a pipeline: `-p FILE`")),
        (None | Some(Stage::Pipeline), false) => return steps::run(args, &targets, &chosen, &warnings, colour),
        (None | Some(Stage::Lines), true) => {}
    }
    let paths = std::slice::from_ref(&args.rule);
    let events = match &args.event {
        Some(path) => events::read(std::slice::from_ref(path), paths)?,
        None => Events::default(),
    };
    let (events, lost) = (events.records, events.lost);
    let (bold, colour_problems) = (colour.on(&std::io::stdout()), colour.on(&std::io::stderr()));
    let inputs = find(paths)?;
    let placeholders = placeholders(&args.setting.values.placeholders)?;
    let explained = of_each_file(&inputs, &placeholders, &chosen, |file| {
        let mut exit = Exit::Clean;
        if file.diagnostics.iter().any(Diagnostic::is_error) {
            exit = Exit::Invalid;
        }
        let mut diagnostics = file.diagnostics.clone();
        diagnostics.extend(unknown_targets(&file.documents, models));
        let mut pieces = Vec::new();
        for (rule, target) in file.rules.iter().flat_map(|rule| targets.iter().map(move |target| (rule, *target))) {
            let mut explanation = explain(rule, &file.documents, &placeholders, target, events.first());
            if let Some(refusals) = explanation.outcome.refusals_mut() {
                point_at_fields(refusals, &file.documents);
            }
            if let Outcome::Refused(refusals) = &explanation.outcome {
                exit = Exit::Invalid;
                let refusals = refusals.iter().map(|refusal| problems::refusal(refusal, target, Severity::Error));
                diagnostics.extend(refusals);
            }
            let places = Places::new(&file.sources);
            pieces.push(match args.format {
                Format::Json => json::element(&entry(&file, rule, target, &explanation, &events, &places)),
                Format::Text => written(&file, rule, target, &explanation, &events, &places, bold),
            });
        }
        (pieces, problems::text(&diagnostics, &file.sources, colour_problems), exit)
    })?;
    print(args.format, &events::lost_lines(&lost), &explained)
}

/// Prints what is said of each file, behind the warnings of the run.
fn print(format: Format, warnings: &str, explained: &[(Vec<String>, String, Exit)]) -> Result<Exit, Failure> {
    let mut console = Console::new();
    console.err(warnings)?;
    let pieces: Vec<&str> = explained.iter().flat_map(|(pieces, ..)| pieces).map(String::as_str).collect();
    console.out(&match format {
        Format::Json => json::array(pieces),
        Format::Text => pieces.join("\n"),
    })?;
    for (_, problems, _) in explained {
        console.err(problems)?;
    }
    console.flush()?;
    Ok(explained.iter().map(|(.., exit)| *exit).max().unwrap_or_default())
}

/// Whether the rule fires on the first event alone.
fn fires(rule: &Rule<Sigma>, events: &[Record]) -> Option<bool> {
    let event = events.first()?;
    Some(!eval::evaluate(rule, std::slice::from_ref(event)).is_empty())
}

fn written(
    file: &File<'_>,
    rule: &Rule<Sigma>,
    target: Target,
    explanation: &Explanation,
    events: &[Record],
    places: &Places<'_>,
    bold: bool,
) -> String {
    let title = text::one_line(rule.metadata.title());
    let mut out =
        if bold { format!("\u{1b}[1m{title} · {target}\u{1b}[0m\n") } else { format!("{title} · {target}\n") };
    let fires = match fires(rule, events) {
        Some(true) => "; fires on the event",
        Some(false) => "; does not fire on the event",
        None => "",
    };
    let _ = writeln!(out, "{} · {}{fires}", file.input.name, explanation.outcome.status());
    if events.len() > 1 {
        let _ = writeln!(out, "the event is the first of {}", events.len());
    }
    for line in &explanation.lines {
        let _ = write!(out, "\n{:>4} | {}: {}", places.start(line.span).line, line.selection, first_line(file, line));
        out.push_str(match line.holds {
            Some(true) => "   [holds]\n",
            Some(false) => "   [does not hold]\n",
            None => "\n",
        });
        for test in line.tests.iter().take(MOST) {
            let mark = match test.holds {
                Some(true) => "+ ",
                Some(false) => "- ",
                None => "",
            };
            let _ = writeln!(out, "     | asks      {mark}{}", text::one_line(&test.words));
        }
        more(&mut out, line.tests.len());
        match &line.pieces {
            Ok(pieces) => pieces.iter().for_each(|one| piece(&mut out, one, pieces.len() > 1)),
            Err(refusals) => refused(&mut out, refusals),
        }
    }
    out
}

fn piece(out: &mut String, piece: &Piece, several: bool) {
    if several {
        let _ = writeln!(out, "     | in        {}", piece.reads);
    }
    for (words, notes) in piece.columns.iter().take(MOST) {
        let _ = writeln!(out, "     | maps to   {}{}", text::one_line(words), given_up(notes));
    }
    more(out, piece.columns.len());
    match &piece.query {
        Ok((query, fidelity)) => {
            for (number, line) in query.lines().enumerate() {
                let _ = writeln!(out, "     | {}{line}", if number == 0 { "becomes   " } else { "          " });
            }
            let _ = writeln!(out, "     | which is  {}", text::fidelity(fidelity));
        }
        Err(refusals) => refused(out, refusals),
    }
}

fn more(out: &mut String, number: usize) {
    if number > MOST {
        let _ = writeln!(out, "     |           … and {} more", number - MOST);
    }
}

fn refused(out: &mut String, refusals: &[Refusal]) {
    for refusal in refusals {
        let _ = writeln!(out, "     | refused   {}", text::one_line(&refusal.message));
    }
}

/// What a mapping gave up, in brackets.
fn given_up(notes: &Notes) -> String {
    let verdict = (notes.verdict != Verdict::Exact).then(|| notes.verdict.word().to_owned());
    let all: Vec<String> = verdict.into_iter().chain(notes.assumptions.iter().map(ToString::to_string)).collect();
    if all.is_empty() { String::new() } else { format!("   [{}]", all.join(", ")) }
}

/// A line of the rule as written; of several lines the first.
fn first_line<'a>(file: &'a File<'_>, line: &Line) -> &'a str {
    source(file, line).lines().next().unwrap_or_default().trim_end()
}

fn source<'a>(file: &'a File<'_>, line: &Line) -> &'a str {
    let text = &file.sources.file(line.span.file).text;
    text.get(line.span.start as usize..line.span.end as usize).unwrap_or_default()
}

fn entry<'a>(
    file: &'a File<'_>,
    rule: &'a Rule<Sigma>,
    target: Target,
    explanation: &'a Explanation,
    events: &[Record],
    places: &Places<'_>,
) -> Entry<'a> {
    let lines = explanation.lines.iter().map(|line| LineEntry {
        line: places.start(line.span).line,
        selection: &line.selection,
        text: source(file, line),
        holds: line.holds,
        tests: line
            .tests
            .iter()
            .map(|test| TestEntry { line: places.start(test.span).line, test: &test.words, holds: test.holds })
            .collect(),
        pieces: line.pieces.iter().flatten().map(piece_entry).collect(),
        refusals: line.pieces.as_ref().err().into_iter().flatten().map(|one| one.message.as_str()).collect(),
    });
    Entry {
        file: &file.input.name,
        line: places.start(rule.span).line,
        title: rule.metadata.title(),
        target: target.to_string(),
        status: explanation.outcome.status(),
        fires: fires(rule, events),
        lines: lines.collect(),
    }
}

fn piece_entry(piece: &Piece) -> PieceEntry<'_> {
    let columns = piece.columns.iter().map(|(test, notes)| ColumnEntry {
        test,
        fidelity: notes.verdict.word(),
        assumptions: notes.assumptions.iter().map(ToString::to_string).collect(),
    });
    let fidelity: Option<&Fidelity> = piece.query.as_ref().ok().map(|(_, fidelity)| fidelity);
    PieceEntry {
        reads: &piece.reads,
        columns: columns.collect(),
        query: piece.query.as_ref().ok().map(|(query, _)| query.as_str()),
        fidelity: fidelity.map(|fidelity| fidelity.verdict.word()),
        assumptions: fidelity.map(text::assumptions).unwrap_or_default(),
        refusals: piece.query.as_ref().err().into_iter().flatten().map(|one| one.message.as_str()).collect(),
    }
}
