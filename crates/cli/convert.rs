//! `rulecast convert`: rules to queries.

use crate::args::{Colour, ConvertArgs, ConvertFormat};
use crate::exit::{Exit, Failure};
use crate::output::files::{self, Output};
use crate::output::stats::{Counts, Tally};
use crate::output::{Console, count, json, text};
use crate::work::of_each_file;
use rulecast_bundle::{Kind, OnTarget, data_sources};
use rulecast_compile::{Allow, Models, Outcome, Target, compile_with, point_at_fields, unknown_targets};
use rulecast_diagnostics::render::Places;
use rulecast_diagnostics::{Diagnostic, Severity};
use rulecast_files::{Clash, Tree, compare};
use rulecast_ir::{Rule, Sigma};
use rulecast_repository::{Chosen, File, Targets, find, pipelines, placeholders, problems};
use rulecast_site::Subject;

/// What became of one file.
#[derive(Debug, Default)]
struct Converted {
    /// For standard output: elements of an array in JSON, else text.
    pieces: Vec<String>,
    /// For standard error.
    problems: String,
    /// For the output directory.
    files: Vec<Output>,
    /// For the finalizers of pipelines, by target.
    queries: Vec<Vec<String>>,
    tally: Tally,
    exit: Exit,
}

struct Options<'a> {
    args: &'a ConvertArgs,
    models: &'a Models,
    targets: Vec<Target<'a>>,
    chosen: &'a Chosen,
    allow: Allow,
    style: text::Style,
    colour_problems: bool,
}

pub(crate) fn run(args: &ConvertArgs, mut targets: Targets<'_>, colour: Colour) -> Result<Exit, Failure> {
    let (chosen, warnings) = pipelines::choose(&args.setting.pipelines, &mut targets)?;
    if chosen.pipelines.finalizes() && args.format != ConvertFormat::Text && !args.stats {
        return Err(Failure::FinalizedFormat);
    }
    let options = Options {
        args,
        models: targets.models,
        targets: targets.all,
        chosen: &chosen,
        allow: args.allow(),
        style: text::Style { colour: colour.on(&std::io::stdout()), bare: args.quiet },
        colour_problems: colour.on(&std::io::stderr()),
    };
    let inputs = find(&args.paths)?;
    let placeholders = placeholders(&args.setting.values.placeholders)?;
    let converted = of_each_file(&inputs, &placeholders, &chosen, |file| convert(&file, &options))?;

    let mut console = Console::new();
    console.err(&if args.quiet { String::new() } else { warnings.text(options.colour_problems) })?;
    let mut tally = Tally::default();
    let mut tree = Tree::new();
    let mut exit = Exit::Clean;
    let mut written = false;
    let as_array = args.format == ConvertFormat::Json && args.output.is_none() && !args.stats;
    let mut queries = vec![Vec::new(); options.targets.len()];
    for (input, file) in inputs.iter().zip(converted) {
        queries.iter_mut().zip(file.queries).for_each(|(all, found)| all.extend(found));
        exit = exit.max(file.exit);
        tally.add(&file.tally);
        console.err(&file.problems)?;
        for output in file.files {
            tree.add(output.path, output.text, &input.name).map_err(same_path)?;
        }
        for piece in file.pieces {
            console.out(match (as_array, written) {
                (true, false) => "[\n",
                (true, true) => ",\n",
                (false, false) => "",
                (false, true) => "\n",
            })?;
            console.out(&piece)?;
            written = true;
        }
    }
    if chosen.pipelines.finalizes() && !args.stats {
        finalize(queries, &options, &mut tree, &mut console)?;
    }
    if as_array {
        console.out(if written { "\n]\n" } else { "[]\n" })?;
    }
    if args.stats {
        let stats = match args.format {
            ConvertFormat::Json => tally.json(&options.targets),
            ConvertFormat::Text | ConvertFormat::Markdown => tally.table(&options.targets),
        };
        console.out(&stats)?;
    }
    if let Some(directory) = &args.output {
        // What stands there is replaced, whoever made it: the directory was named for it.
        compare(&tree, directory, None)?.write()?;
        if !args.quiet {
            console.err(&format!("wrote {} to {}\n", count(tree.len(), "file"), directory.display()))?;
        }
    }
    if exit >= Exit::Invalid && !args.quiet && !args.stats {
        let refused = match tally.refused() {
            0 => String::new(),
            some => format!("; {}", count(some, "refusal")),
        };
        console.err(&format!("error: not all could be converted: {}{refused}\n", tally.summary()))?;
    }
    console.flush()?;
    Ok(exit)
}

fn same_path(clash: Clash) -> Failure {
    Failure::SamePath { clashes: vec![clash], help: "convert them into different directories" }
}

/// What the finalizers of the pipelines make of the queries of each target.
fn finalize(
    queries: Vec<Vec<String>>,
    options: &Options<'_>,
    tree: &mut Tree,
    console: &mut Console,
) -> Result<(), Failure> {
    let pipelines = &options.chosen.pipelines;
    let several = options.targets.len() > 1 && !options.args.quiet;
    for (target, queries) in options.targets.iter().zip(queries) {
        let mut text = pipelines.finalize(queries).map_err(|message| Failure::Finalizer { message })?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        if options.args.output.is_some() {
            let path = format!("{target}/output.{}", pipelines.output_extension());
            tree.add(path, text, "the pipelines").map_err(same_path)?;
        } else {
            console.out(&if several { format!("# {target}\n{text}") } else { text })?;
        }
    }
    Ok(())
}

fn convert<'o>(file: &File<'_>, options: &Options<'o>) -> Converted {
    let invalid = file.diagnostics.iter().any(Diagnostic::is_error);
    let mut converted = Converted {
        exit: if invalid { Exit::Invalid } else { Exit::Clean },
        tally: Tally {
            files: 1,
            invalid_files: usize::from(invalid),
            rules: file.rules.len(),
            targets: vec![Counts::default(); options.targets.len()],
        },
        ..Converted::default()
    };
    let mut diagnostics = file.diagnostics.clone();
    diagnostics.extend(unknown_targets(&file.documents, options.models));
    let mut stems = Vec::new();
    for rule in &file.rules {
        let trace = file.traces.iter().find(|trace| trace.document() == rule.span);
        let compiled = |target: &Target<'o>| {
            (*target, compile_with(rule, *target, options.allow, &options.chosen.pipelines, trace))
        };
        let mut outcomes: Vec<_> = options.targets.iter().map(compiled).collect();
        let refused = outcomes.iter_mut().filter_map(|(_, outcome)| outcome.refusals_mut());
        refused.for_each(|refusals| point_at_fields(refusals, &file.documents));
        for ((target, outcome), counts) in outcomes.iter().zip(&mut converted.tally.targets) {
            counts.count(outcome);
            if let Outcome::Refused(refusals) = outcome {
                converted.exit = Exit::Invalid;
                diagnostics.extend(refusals.iter().map(|refusal| problems::refusal(refusal, *target, Severity::Error)));
            }
        }
        let stem = files::rule_stem(&file.input.stem, &rule.metadata, file.rules.len() == 1, &mut stems);
        emit(file, rule, &outcomes, &stem, options, &mut converted);
    }
    if options.args.quiet {
        diagnostics.retain(Diagnostic::is_error);
    }
    // Tables count refusals; to show each of thousands as well would bury them.
    if !options.args.stats || invalid {
        diagnostics.retain(|diagnostic| !options.args.stats || diagnostic.name != problems::CANNOT_EXPRESS);
        converted.problems = problems::text(&diagnostics, &file.sources, options.colour_problems);
    }
    converted
}

fn emit(
    file: &File<'_>,
    rule: &Rule<Sigma>,
    outcomes: &[(Target, Outcome)],
    stem: &str,
    options: &Options<'_>,
    to: &mut Converted,
) {
    let args = options.args;
    if args.stats {
        return;
    }
    if options.chosen.pipelines.finalizes() {
        to.queries.resize_with(outcomes.len(), Vec::new);
        for (all, (_, outcome)) in to.queries.iter_mut().zip(outcomes) {
            if let Outcome::Queries(queries) = outcome {
                all.extend(queries.iter().map(|query| query.text.clone()));
            }
        }
        return;
    }
    let name = &file.input.name;
    let metadata = &rule.metadata;
    match args.format {
        ConvertFormat::Text if args.output.is_some() => {
            for (target, outcome) in outcomes {
                if let Outcome::Queries(queries) = outcome {
                    to.files.extend(files::queries(stem, *target, queries, |query| format!("{}\n", query.text)));
                }
            }
        }
        ConvertFormat::Text => {
            let mut piece = String::new();
            for (target, outcome) in outcomes {
                text::outcome(&mut piece, name, metadata, (*target, outcome), options.style);
            }
            if !piece.is_empty() {
                to.pieces.push(piece);
            }
        }
        ConvertFormat::Json => {
            let places = Places::new(&file.sources);
            let entries = outcomes
                .iter()
                .map(|(target, outcome)| json::element(&json::Entry::new(name, rule, (*target, outcome), &places)));
            if args.output.is_some() {
                let entries: Vec<String> = entries.collect();
                let text = json::array(entries.iter().map(String::as_str));
                to.files.push(Output { path: format!("{stem}.json"), text });
            } else {
                to.pieces.extend(entries);
            }
        }
        ConvertFormat::Markdown => {
            let text = markdown(name, rule, outcomes);
            if args.output.is_some() {
                to.files.push(Output { path: format!("{stem}.md"), text });
            } else {
                to.pieces.push(text);
            }
        }
    }
}

fn markdown(file: &str, rule: &Rule<Sigma>, outcomes: &[(Target, Outcome)]) -> String {
    let on: Vec<OnTarget> =
        outcomes.iter().map(|(target, outcome)| OnTarget::new(rule, *target, outcome.clone())).collect();
    let (kind, data) = (Kind::of(rule), data_sources(rule));
    rulecast_site::markdown(Subject { file, metadata: &rule.metadata, kind, data: &data, on: &on })
}
