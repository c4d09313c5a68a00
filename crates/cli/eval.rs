//! `rulecast eval`: which rules fire on recorded events, by the reference evaluator.

use crate::args::{Colour, EvalArgs, Format};
use crate::events::{self, Events};
use crate::exit::{Exit, Failure};
use crate::output::{Console, count, json, text};
use crate::work::of_each_file;
use rulecast_compile::explain::{Held, reasons};
use rulecast_diagnostics::{Diagnostic, render::Places};
use rulecast_ir::eval::{self, Match};
use rulecast_ir::{Record, Rule, Scalar, Sigma};
use rulecast_repository::{File, find, pipelines, placeholders, problems};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What one file's rules make of the events.
#[derive(Debug, Default)]
struct Evaluated {
    /// Elements of an array in JSON, else text.
    pieces: Vec<String>,
    /// For standard error.
    problems: String,
    rules: usize,
    fired: usize,
    exit: Exit,
}

/// A rule that fires.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    file: &'a str,
    line: usize,
    title: &'a str,
    id: Option<&'a str>,
    name: Option<&'a str>,
    level: &'static str,
    class: Option<&'a str>,
    events: Vec<EventEntry<'a>>,
}

/// An event of a match.
#[derive(Debug, Serialize)]
struct EventEntry<'a> {
    file: &'a str,
    /// Which event of the file, from 1.
    number: u64,
    /// In milliseconds since 1970.
    time: i64,
    /// The fields that made the rule fire, with the values that did.
    because: BTreeMap<String, Vec<serde_json::Value>>,
}

pub(crate) fn run(args: &EvalArgs, colour: Colour) -> Result<Exit, Failure> {
    let events = events::read(&args.events, &args.paths)?;
    let colour_problems = colour.on(&std::io::stderr());
    let style = text::Style { colour: colour.on(&std::io::stdout()), bare: false };
    let inputs = find(&args.paths)?;
    let placeholders = placeholders(&args.values.placeholders)?;
    let (chosen, warnings) = pipelines::without_targets(&args.pipelines)?;
    let evaluated =
        of_each_file(&inputs, &placeholders, &chosen, |file| evaluate(&file, args, &events, (style, colour_problems)))?;

    let mut console = Console::new();
    if !args.quiet {
        console.err(&warnings.text(colour_problems))?;
    }
    console.err(&events::lost_lines(&events.lost))?;
    for file in &evaluated {
        console.err(&file.problems)?;
        if args.format == Format::Text {
            file.pieces.iter().try_for_each(|piece| console.out(piece))?;
        }
    }
    let sum = |of: fn(&Evaluated) -> usize| evaluated.iter().map(of).sum::<usize>();
    let (rules, fired) = (sum(|file| file.rules), sum(|file| file.fired));
    match args.format {
        Format::Json => {
            console.out(&json::array(evaluated.iter().flat_map(|file| &file.pieces).map(String::as_str)))?;
        }
        Format::Text if args.quiet => {}
        Format::Text => {
            let (rules, events) = (count(rules, "rule"), count(events.records.len(), "event"));
            console.out(&format!("{fired} of {rules} fired on {events}\n"))?;
        }
    }
    console.flush()?;
    let lost = if events.lost.is_empty() { Exit::Clean } else { Exit::Usage };
    Ok(evaluated.iter().map(|file| file.exit).max().unwrap_or_default().max(lost))
}

fn evaluate(
    file: &File<'_>,
    args: &EvalArgs,
    events: &Events,
    (style, colour_problems): (text::Style, bool),
) -> Evaluated {
    let mut diagnostics = file.diagnostics.clone();
    let mut evaluated = Evaluated { rules: file.rules.len(), ..Evaluated::default() };
    if diagnostics.iter().any(Diagnostic::is_error) {
        evaluated.exit = Exit::Invalid;
    }
    let places = Places::new(&file.sources);
    for rule in &file.rules {
        let found = eval::evaluate(rule, &events.records);
        if found.is_empty() {
            continue;
        }
        evaluated.fired += 1;
        match args.format {
            Format::Json => {
                let line = places.start(rule.span).line;
                let entries = found.iter().map(|one| json::element(&entry(file, line, rule, one, events)));
                evaluated.pieces.extend(entries);
            }
            Format::Text => evaluated.pieces.push(written(file, rule, &found, events, style)),
        }
    }
    if args.quiet {
        diagnostics.retain(Diagnostic::is_error);
    }
    evaluated.problems = problems::text(&diagnostics, &file.sources, colour_problems);
    evaluated
}

fn entry<'a>(file: &File<'a>, line: usize, rule: &'a Rule<Sigma>, found: &'a Match, events: &'a Events) -> Entry<'a> {
    let metadata = &rule.metadata;
    let event = |(id, held): (u64, Vec<Held>)| {
        let mut because: BTreeMap<String, Vec<serde_json::Value>> = BTreeMap::new();
        for one in held {
            let name = one.field.as_deref().unwrap_or("(keyword)").to_owned();
            let values = because.entry(name).or_default();
            for value in one.values.iter().map(as_json) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        let (file, number) = events.place(id);
        EventEntry { file, number, time: events.get(id).map_or(0, |record| record.time), because }
    };
    Entry {
        file: &file.input.name,
        line,
        title: metadata.title(),
        id: metadata.id(),
        name: metadata.name(),
        level: metadata.level().name(),
        class: found.class.as_deref(),
        events: reasons(rule, found, |id| events.get(id)).into_iter().map(event).collect(),
    }
}

fn as_json(value: &Scalar) -> serde_json::Value {
    match value {
        Scalar::Text(text) => text.clone().into(),
        Scalar::Integer(number) => (*number).into(),
        Scalar::Float(number) => (*number).into(),
        Scalar::Boolean(boolean) => (*boolean).into(),
    }
}

/// A rule and the events that it fires on, for people.
fn written(file: &File<'_>, rule: &Rule<Sigma>, found: &[Match], events: &Events, style: text::Style) -> String {
    let metadata = &rule.metadata;
    let title = if metadata.title().is_empty() { "(no title)" } else { metadata.title() };
    let heading = format!("{} · {} · {}", file.input.name, text::one_line(title), metadata.level().name());
    let mut out = if style.colour { format!("\u{1b}[1m{heading}\u{1b}[0m\n") } else { format!("{heading}\n") };
    for one in found {
        let class = one.class.as_ref().map_or(String::new(), |class| format!(" · {}", text::one_line(class)));
        for (number, (id, held)) in reasons(rule, one, |id| events.get(id)).into_iter().enumerate() {
            let (file, event) = events.place(id);
            let step = if number > 0 { "  then " } else { "  " };
            let class = if number > 0 { "" } else { &class };
            let _ = writeln!(out, "{step}event {event} of {file}{}{class}", computer(events.get(id)));
            for line in because(&held) {
                let _ = writeln!(out, "    {line}");
            }
        }
    }
    out.push('\n');
    out
}

fn computer(record: Option<&Record>) -> String {
    let computer = record.and_then(|record| record.values("Computer").first());
    computer.map_or(String::new(), |computer| format!(" on {}", text::one_line(&computer.text())))
}

/// `Field: value` for each field that made the rule fire, once.
pub(crate) fn because(held: &[Held]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for one in held {
        let name = one.field.as_deref().unwrap_or("(keyword)");
        let values = one.values.iter().map(|value| format!("{name}: {}", shown(value)));
        let values: Vec<String> =
            if one.values.is_empty() { vec![format!("{name} is missing")] } else { values.collect() };
        for line in values {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines
}

/// A value on one line; the empty text in quotes.
fn shown(value: &Scalar) -> String {
    let line = text::one_line(&value.text());
    if line.is_empty() { "\"\"".to_owned() } else { line }
}
