//! How long each pass takes over a corpus, in one run and on one machine, so that the figures compare.
//!
//! The yardstick is a bare scan of the YAML events of the same texts. Passes are measured from text in memory to queries
//! in a buffer; the command is measured apart, as a process, with reading, writing and starting.

mod command;
mod measure;

use crate::{rulecast, rules};
use measure::{Measure, Sample};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rulecast_compile::{Allow, Outcome, Target, Unit, compile};
use rulecast_diagnostics::FileId;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A directory of rules.
    corpus: PathBuf,
    /// How often each pass runs; the best and the median are printed.
    #[arg(long, default_value_t = 10)]
    runs: usize,
    /// The command to measure.
    #[arg(long, default_value_os_t = rulecast::beside_this())]
    command: PathBuf,
}

/// Does its work on one text.
type Pass<'a> = dyn Fn(&str) -> Sample + Sync + 'a;

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let mut paths = Vec::new();
    rules::files(&args.corpus, &mut paths)?;
    let mut texts = Vec::new();
    for path in &paths {
        texts.push(std::fs::read_to_string(path)?);
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let threads = rayon::current_num_threads();
    writeln!(to, "{} files, {bytes} bytes; {} runs; all is {threads} threads\n", texts.len(), args.runs)?;

    let plain: Vec<Target> = Target::ALL.into_iter().filter(|target| target.model == "none").collect();
    let models: Vec<Target> = Target::defaults().collect();
    let passes: [(&str, &Pass<'_>); 5] = [
        ("scan YAML events", &scan),
        ("parse", &parse),
        ("parse, resolve", &|text| to_queries(text, &[])),
        ("all, to eql.none spl.none kql.none", &|text| to_queries(text, &plain)),
        ("all, to eql.ecs spl.sysmon kql.xdr", &|text| to_queries(text, &models)),
    ];
    writeln!(
        to,
        "{:36}{:>12}{:>12}{:>8}{:>12}{:>12}{:>8}",
        "", "one: best", "median", "ratio", "all: best", "median", "ratio"
    )?;
    let mut yardsticks: Option<[Measure; 2]> = None;
    let mut samples = Vec::new();
    for (name, pass) in passes {
        let mut sample = Sample::default();
        let one = Measure::of(args.runs, || {
            sample = texts.iter().map(|text| pass(text)).fold(Sample::default(), Sample::add);
        });
        let all = Measure::of(args.runs, || {
            sample = texts.par_iter().map(|text| pass(text)).reduce(Sample::default, Sample::add);
        });
        let yardsticks = *yardsticks.get_or_insert([one, all]);
        writeln!(to, "{name:36}{}{}", one.beside(yardsticks[0]), all.beside(yardsticks[1]))?;
        samples.push((name, sample));
    }
    writeln!(to)?;
    for (name, sample) in samples {
        writeln!(to, "{name:36}{sample}")?;
    }
    writeln!(to)?;
    let one = || _ = black_box(texts.iter().map(|text| scan(text).items).sum::<usize>());
    let all = || _ = black_box(texts.par_iter().map(|text| scan(text).items).sum::<usize>());
    let scans = command::Scans { one: &one, all: &all };
    command::run(&args.command, &args.corpus, &paths, args.runs, &scans, to)
}

/// The yardstick: every event of every document, and nothing kept.
fn scan(text: &str) -> Sample {
    let events = saphyr_parser::Parser::new_from_str(text).take_while(Result::is_ok).count();
    Sample { items: events, ..Sample::default() }
}

fn parse(text: &str) -> Sample {
    let parsed = rulecast_rule::parse(FileId(0), text);
    Sample { items: parsed.documents.len(), problems: parsed.diagnostics.len(), ..Sample::default() }
}

/// From text to queries in a buffer, which is all that is kept of them.
fn to_queries(text: &str, targets: &[Target]) -> Sample {
    let parsed = rulecast_rule::parse(FileId(0), text);
    let resolved = Unit::new(parsed.documents).resolve();
    let mut sample = Sample {
        items: resolved.rules.len(),
        problems: parsed.diagnostics.len() + resolved.diagnostics.len(),
        ..Sample::default()
    };
    let mut buffer = String::new();
    for rule in &resolved.rules {
        for target in targets {
            match compile(rule, *target, Allow::default()) {
                Outcome::Queries(queries) => {
                    sample.queries += queries.len();
                    queries.iter().for_each(|query| buffer.push_str(&query.text));
                }
                Outcome::Refused(_) => sample.refused += 1,
                Outcome::Declared { .. } => {}
            }
        }
    }
    sample.bytes = buffer.len();
    sample
}
