//! `rulecast test`: the inline tests of rules, by the reference evaluator and by the queries of every target.

mod junit;
mod output;

use crate::args::{Colour, TestArgs, TestFormat};
use crate::exit::{Exit, Failure};
use crate::output::{count, json};
use crate::report::Sink;
use crate::work::of_each_file;
use rulecast_compile::processing::Trace;
use rulecast_compile::tested::{Compared, Status, Tested, run_test};
use rulecast_compile::{Target, Unit, unknown_targets};
use rulecast_diagnostics::Diagnostic;
use rulecast_diagnostics::render::{self, Batch, Places};
use rulecast_ir::{Placeholders, Rule, Sigma};
use rulecast_repository::{Chosen, File, Targets, find, pipelines, placeholders, problems};
use std::fmt::Write;
use std::sync::Arc;

/// What one file's tests say.
#[derive(Default)]
struct FileTested {
    /// Elements of an array in JSON, else text.
    pieces: Vec<String>,
    /// For standard error.
    problems: String,
    suite: Option<quick_junit::TestSuite>,
    tally: Tally,
    exit: Exit,
}

/// Counts over files.
#[derive(Default)]
struct Tally {
    rules: usize,
    untested: usize,
    tests: usize,
    failed: usize,
    /// By target, in the order of the run: by what became of the comparison.
    targets: Vec<[usize; Compared::KINDS]>,
}

pub(crate) fn run(args: &TestArgs, mut targets: Targets<'_>, colour: Colour) -> Result<Exit, Failure> {
    let mut sink = Sink::new(args.output.path());
    let colours = (sink.colour(colour), colour.on(&std::io::stderr()));
    let (chosen, warnings) = pipelines::choose(&args.setting.pipelines, &mut targets)?;
    let models = targets.models;
    let targets = targets.all.as_slice();
    let inputs = find(&args.paths)?;
    let placeholders = placeholders(&args.setting.values.placeholders)?;
    let tested = of_each_file(&inputs, &placeholders, &chosen, |mut file| {
        file.diagnostics.extend(unknown_targets(&file.documents, models));
        test(&file, args, targets, (&placeholders, &chosen), colours)
    })?;

    let mut tally = Tally { targets: vec![[0; Compared::KINDS]; targets.len()], ..Tally::default() };
    let mut exit = Exit::Clean;
    for file in &tested {
        tally.add(&file.tally);
        exit = exit.max(file.exit);
    }
    if !args.quiet {
        sink.err(&warnings.text(colours.1))?;
    }
    for file in &tested {
        sink.err(&file.problems)?;
        if matches!(args.format, TestFormat::Text | TestFormat::Github) {
            file.pieces.iter().try_for_each(|piece| sink.out(piece))?;
        }
    }
    match args.format {
        TestFormat::Json => {
            sink.out(&json::array(tested.iter().flat_map(|file| &file.pieces).map(String::as_str)))?;
        }
        TestFormat::Junit => sink.out(&junit::report(tested.into_iter().filter_map(|file| file.suite)))?,
        TestFormat::Text | TestFormat::Github => {}
    }
    if !args.quiet {
        sink.summary(&tally.summary(targets), args.format == TestFormat::Text)?;
    }
    sink.finish()?;
    Ok(exit)
}

fn test(
    file: &File<'_>,
    args: &TestArgs,
    targets: &[Target],
    (placeholders, chosen): (&Placeholders, &Chosen),
    (colour, colour_problems): (bool, bool),
) -> FileTested {
    let mut diagnostics = file.diagnostics.clone();
    let mut tested = FileTested::default();
    if diagnostics.iter().any(Diagnostic::is_error) {
        tested.exit = Exit::Invalid;
    }
    let (inner, traces) = rules_used_up(file, placeholders, chosen);
    let rewrites_text = |rule: &Rule<Sigma>| {
        let mut traces = file.traces.iter().chain(&traces);
        traces.any(|trace| trace.document() == rule.span && trace.rewrites_text())
    };
    let places = Places::new(&file.sources);
    let mut all: Vec<(&Rule<Sigma>, Tested<'_>)> = Vec::new();
    for rule in file.rules.iter().chain(&inner) {
        let tests = &rule.metadata.0.tests;
        tested.tally.rules += 1;
        tested.tally.untested += usize::from(tests.is_empty());
        let checked = !rewrites_text(rule);
        all.extend(tests.iter().map(|test| (rule, run_test(rule, test, targets, checked))));
    }
    tested.tally.targets = vec![[0; Compared::KINDS]; targets.len()];
    for (_, one) in &all {
        tested.tally.tests += 1;
        tested.tally.failed += usize::from(one.status() == Status::Failed);
        for ((_, compared), counts) in one.targets.iter().zip(&mut tested.tally.targets) {
            counts[compared.kind()] += 1;
        }
    }
    if tested.tally.failed > 0 {
        tested.exit = tested.exit.max(Exit::Findings);
    }
    if args.quiet {
        diagnostics.retain(Diagnostic::is_error);
    }
    let name = &file.input.name;
    match args.format {
        TestFormat::Text => {
            let failures: Vec<Diagnostic> = all.iter().flat_map(|(_, one)| output::problems(one)).collect();
            tested.pieces.push(problems::text(&failures, &file.sources, colour));
        }
        TestFormat::Json => {
            let entries = all.iter().map(|(rule, one)| json::element(&output::entry(name, rule, one, &places)));
            tested.pieces.extend(entries);
        }
        TestFormat::Junit => tested.suite = junit::suite(name, &diagnostics, &all, &places),
        TestFormat::Github => {
            // An annotation is where problems are looked for: those of the rules stand there too.
            diagnostics.extend(all.iter().flat_map(|(_, one)| output::problems(one)));
            let batch = Batch { diagnostics: &diagnostics, sources: &file.sources, ids: &[] };
            tested.pieces.push(render::github(&batch));
            diagnostics.clear();
        }
    }
    tested.problems = problems::text(&diagnostics, &file.sources, colour_problems);
    tested
}

/// Rules with tests of their own that another rule of the run uses up, so that they have no query. Their tests are about
/// them alone.
fn rules_used_up(file: &File<'_>, placeholders: &Placeholders, chosen: &Chosen) -> (Vec<Rule<Sigma>>, Vec<Trace>) {
    let is_known = |span| file.rules.iter().any(|rule| rule.span == span);
    let lone = file.documents.iter().filter(|document| !document.metadata.tests.is_empty() && !is_known(document.span));
    let (mut others, mut rules, mut traces) = (Vec::new(), Vec::new(), Vec::new());
    for document in lone {
        if others.is_empty() {
            others = file.documents.iter().cloned().map(Arc::new).collect::<Vec<_>>();
        }
        let others = others.iter().filter(|other| other.span != document.span).cloned().collect();
        let unit = Unit { documents: vec![document.clone()], others };
        let (resolved, left) = unit.resolve_with(&chosen.pipelines);
        rules.extend(resolved.rules);
        traces.extend(left);
    }
    rules.retain_mut(|rule| !rule.fill(placeholders).iter().any(Diagnostic::is_error));
    (rules, traces)
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.rules += other.rules;
        self.untested += other.untested;
        self.tests += other.tests;
        self.failed += other.failed;
        for (sums, counts) in self.targets.iter_mut().zip(&other.targets) {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }

    /// A line for the rules, and one for each target.
    fn summary(&self, targets: &[Target]) -> String {
        let untested = match self.untested {
            0 => String::new(),
            some => format!(" ({some} without tests)"),
        };
        let mut summary = format!(
            "{} of {}{untested}: {} failed\n",
            count(self.tests, "test"),
            count(self.rules, "rule"),
            self.failed
        );
        for (target, counts) in targets.iter().zip(&self.targets) {
            let said: Vec<String> = Compared::WORDS
                .iter()
                .zip(counts)
                .filter(|(_, number)| **number > 0)
                .map(|(word, number)| format!("{number} {word}"))
                .collect();
            if !said.is_empty() {
                let _ = writeln!(summary, "  {target}: {}", said.join(", "));
            }
        }
        summary
    }
}
