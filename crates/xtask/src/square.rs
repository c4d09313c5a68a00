//! A search for queries that mean something else than their rule: `cargo xtask square --cases N`.
//!
//! Rules and events are generated, the same for the same seed. Each rule is evaluated over its events, and so are its
//! queries, as a SIEM holds the events. What differs is shrunk and printed as a rule with an inline test. A run is cut
//! into shares with a seed each, which all processors work on; what comes out does not depend on how many there are.
//! With `--corpus` and `--events`, rules and events are recorded ones, and the events also changed in small ways.

mod recorded;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rulecast_compile::Target;
use rulecast_compile::random::{Correlations, Coverage, Facet, Fault, Kind, Oddity, Polarity, Report, Run};
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many pairs of a rule and an event, on each target.
    #[arg(long, default_value_t = 100_000)]
    cases: usize,
    /// A target; by default those without a data model, and the default one of each language.
    #[arg(long = "target", value_parser = Target::parse)]
    targets: Vec<Target<'static>>,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many differences of a target to print.
    #[arg(long, default_value_t = 3)]
    differences: usize,
    /// Instead of generated ones, the rules of this directory that `--events` has recordings for.
    #[arg(long, requires = "events")]
    corpus: Option<PathBuf>,
    /// A directory of recorded events, `*.json`, each folder with an `info.yml` that names the rule's id.
    #[arg(long, requires = "corpus")]
    events: Option<PathBuf>,
    /// How many changed forms of each recorded event to ask about as well.
    #[arg(long, default_value_t = 20)]
    mutations: usize,
    /// Generate no other rules than correlations that count.
    #[arg(long)]
    correlations: bool,
    /// Put faults into what is compiled instead, and see that each is found.
    #[arg(long)]
    faults: bool,
}

/// The smallest share of generated rules, in percent, that must become queries.
const CONVERTED: usize = 80;

/// Cases of one share of a run.
const SHARE: usize = 10_000;

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let mut targets = args.targets.clone();
    if targets.is_empty() {
        targets = Target::ALL.to_vec();
    }
    if let (Some(corpus), Some(events)) = (&args.corpus, &args.events) {
        return recorded::run(corpus, events, args.mutations, args.seed, &targets, to);
    }
    if args.faults {
        return faults(args, &targets, to);
    }
    let mut problems = Vec::new();
    let mut coverage = Coverage::default();
    writeln!(
        to,
        "{:12}{:>9}{:>11}{:>10}{:>9}{:>13}{:>15}",
        "", "rules", "converted", "cases", "fired", "differences", "not evaluated"
    )?;
    let mut found = Vec::new();
    for target in targets {
        let report = report(args, target);
        line(to, target, &report)?;
        if report.converted * 100 < report.rules * CONVERTED {
            problems.push(format!("{target}: fewer than {CONVERTED} % of the rules became queries"));
        }
        if !report.differences.is_empty() {
            problems.push(format!("{target}: a query means something else than its rule"));
        }
        let shown = report.differences.iter().take(args.differences);
        found.extend(shown.map(|difference| format!("# {target}\n{}", difference.as_test())));
        coverage.add(&report.coverage);
    }
    writeln!(to)?;
    table(to, &coverage)?;
    writeln!(to)?;
    correlations(to, &coverage.correlations)?;
    let Coverage { expanded, renamed, .. } = &coverage;
    writeln!(to, "\n{expanded} cases of rules with placeholders, {renamed} with fields that a pipeline renames")?;
    found.iter().try_for_each(|difference| writeln!(to, "\n{difference}"))?;
    match problems.len() {
        0 => Ok(()),
        count => Err(io::Error::other(format!("{count} problems\n{}", problems.join("\n")))),
    }
}

/// What comes of all shares together.
fn report(args: &Args, target: Target<'static>) -> Report {
    let share = |index: usize| {
        let cases = SHARE.min(args.cases - index * SHARE);
        let seed = args.seed.wrapping_mul(1_000_003).wrapping_add(index as u64);
        let run = Run { target, cases, seed, fault: None, differences: args.differences.max(1) };
        if args.correlations { run.run_correlations() } else { run.run() }
    };
    let reports: Vec<Report> = (0..args.cases.div_ceil(SHARE)).into_par_iter().map(share).collect();
    let mut all = Report::default();
    reports.into_iter().for_each(|report| all.add(report));
    all
}

fn line(to: &mut impl Write, target: Target, report: &Report) -> io::Result<()> {
    let share = report.converted * 100 / report.rules.max(1);
    writeln!(
        to,
        "{:12}{:>9}{:>9} %{:>10}{:>9}{:>13}{:>15}",
        target.to_string(),
        report.rules,
        share,
        report.cases,
        report.fired,
        report.differences.len(),
        report.not_evaluated
    )?;
    let mut refused: Vec<(&String, &usize)> = report.refused.iter().collect();
    refused.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    refused.iter().take(5).try_for_each(|(why, count)| writeln!(to, "  refused, {count} times: {why}"))?;
    report.reasons.iter().try_for_each(|(why, count)| writeln!(to, "  not evaluated, {count} times: {why}"))
}

/// How often each kind of test was compared in each place, all in all and by what was odd of the field that it reads.
fn table(to: &mut impl Write, coverage: &Coverage) -> io::Result<()> {
    write!(to, "{:18}{:9}{:>9}", "", "", "cases")?;
    Oddity::ALL.iter().try_for_each(|oddity| write!(to, "{:>9}", format!("{oddity:?}")))?;
    writeln!(to)?;
    for kind in Kind::ALL {
        for polarity in Polarity::ALL.into_iter().filter(|polarity| kind.stands(*polarity)) {
            let cell = coverage.cell(kind, polarity);
            write!(to, "{:18}{:9}{:>9}", format!("{kind:?}"), format!("{polarity:?}"), cell.cases)?;
            Oddity::ALL.iter().try_for_each(|oddity| write!(to, "{:>9}", cell.of(*oddity)))?;
            writeln!(to)?;
        }
    }
    Ok(())
}

/// How often each type of correlation was compared, all in all and by what it had.
fn correlations(to: &mut impl Write, correlations: &Correlations) -> io::Result<()> {
    write!(to, "{:18}{:>9}{:>9}", "", "cases", "fired")?;
    Facet::ALL.iter().try_for_each(|facet| write!(to, "{:>10}", format!("{facet:?}")))?;
    writeln!(to)?;
    for (kind, cell) in correlations.each() {
        write!(to, "{:18}{:>9}{:>9}", kind.name(), cell.cases, cell.fired)?;
        for facet in Facet::ALL {
            let cases = if facet.stands(kind) { cell.of(facet).to_string() } else { "-".to_owned() };
            write!(to, "{cases:>10}")?;
        }
        writeln!(to)?;
    }
    Ok(())
}

fn faults(args: &Args, targets: &[Target<'static>], to: &mut impl Write) -> io::Result<()> {
    let runs: Vec<(Fault, Target<'static>)> = Fault::ALL
        .into_iter()
        .flat_map(|fault| {
            targets.iter().filter(move |target| fault.shows_on(**target)).map(move |target| (fault, *target))
        })
        .collect();
    let one = |(fault, target): (Fault, Target<'static>)| {
        let run = Run { target, cases: args.cases, seed: args.seed, fault: Some(fault), differences: 1 };
        (fault, target, run.found_after())
    };
    let found: Vec<(Fault, Target<'static>, Option<usize>)> = runs.into_par_iter().map(one).collect();
    let mut missed = Vec::new();
    write!(to, "{:14}{:26}", "", "found within")?;
    targets.iter().try_for_each(|target| write!(to, "{:>12}", target.to_string()))?;
    writeln!(to)?;
    for fault in Fault::ALL {
        write!(to, "{:14}{:26}", format!("{:?}", fault.family()), format!("{fault:?}"))?;
        for target in targets {
            match found.iter().find(|(one, on, _)| (one, on) == (&fault, target)) {
                None => write!(to, "{:>12}", "-")?,
                Some((_, _, None)) => {
                    missed.push(format!("{target}: {fault:?} is not found"));
                    write!(to, "{:>12}", "not found")?;
                }
                Some((_, _, Some(cases))) => write!(to, "{cases:>12}")?,
            }
        }
        writeln!(to)?;
    }
    match missed.len() {
        0 => Ok(()),
        count => Err(io::Error::other(format!("{count} faults are not found\n{}", missed.join("\n")))),
    }
}
