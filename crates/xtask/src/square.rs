//! A search for queries that mean something else than their rule: `cargo xtask square --cases N`.
//!
//! Rules and events are generated, the same for the same seed. Each rule is evaluated over its events, and so are its
//! queries, as a SIEM holds the events. What differs is shrunk and printed as a rule with an inline test.

use rulecast_compile::Target;
use rulecast_compile::random::{Fault, Kind, Polarity, Report, Run};
use std::collections::BTreeMap;
use std::io::{self, Write};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many pairs of a rule and an event, on each target.
    #[arg(long, default_value_t = 100_000)]
    cases: usize,
    /// A target; by default those without a data model, and the default one of each language.
    #[arg(long = "target", value_parser = Target::parse)]
    targets: Vec<Target>,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many differences of a target to print before its run ends.
    #[arg(long, default_value_t = 3)]
    differences: usize,
    /// Put faults into what is compiled instead, and see that each is found.
    #[arg(long)]
    faults: bool,
}

/// The smallest share of generated rules, in percent, that must become queries.
const CONVERTED: usize = 80;

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let mut targets = args.targets.clone();
    if targets.is_empty() {
        targets = Target::ALL.to_vec();
    }
    if args.faults {
        return faults(args, &targets, to);
    }
    let mut problems = Vec::new();
    let mut places = BTreeMap::new();
    writeln!(
        to,
        "{:12}{:>9}{:>11}{:>10}{:>9}{:>13}{:>15}",
        "", "rules", "converted", "cases", "fired", "differences", "not evaluated"
    )?;
    let mut found = Vec::new();
    for target in targets {
        let run = Run { target, cases: args.cases, seed: args.seed, fault: None, differences: args.differences.max(1) };
        let report = run.run();
        line(to, target, &report)?;
        if report.converted * 100 < report.rules * CONVERTED {
            problems.push(format!("{target}: fewer than {CONVERTED} % of the rules became queries"));
        }
        for difference in &report.differences {
            problems.push(format!("{target}: a query means something else than its rule"));
            found.push(format!("# {target}\n{}", difference.as_test()));
        }
        for (place, count) in report.places {
            *places.entry(place).or_default() += count;
        }
    }
    writeln!(to)?;
    table(to, &places)?;
    found.iter().try_for_each(|difference| writeln!(to, "\n{difference}"))?;
    match problems.len() {
        0 => Ok(()),
        count => Err(io::Error::other(format!("{count} problems\n{}", problems.join("\n")))),
    }
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
    report.refusals.iter().try_for_each(|(why, count)| writeln!(to, "  {count} times: {why}"))
}

/// How often each kind of test was compared in each place.
fn table(to: &mut impl Write, places: &BTreeMap<(Kind, Polarity), usize>) -> io::Result<()> {
    write!(to, "{:18}", "")?;
    Polarity::ALL.iter().try_for_each(|polarity| write!(to, "{:>10}", format!("{polarity:?}")))?;
    writeln!(to)?;
    for kind in Kind::ALL {
        write!(to, "{:18}", format!("{kind:?}"))?;
        let counts = Polarity::ALL.map(|polarity| places.get(&(kind, polarity)).copied().unwrap_or(0));
        counts.iter().try_for_each(|count| write!(to, "{count:>10}"))?;
        writeln!(to)?;
    }
    Ok(())
}

fn faults(args: &Args, targets: &[Target], to: &mut impl Write) -> io::Result<()> {
    let mut missed = Vec::new();
    for target in targets {
        for fault in Fault::ALL.into_iter().filter(|fault| fault.shows_on(*target)) {
            let run = Run { target: *target, cases: args.cases, seed: args.seed, fault: Some(fault), differences: 1 };
            let report = run.run();
            let rules = report.rules;
            if report.differences.is_empty() {
                missed.push(format!("{target}: {fault:?} is not found in {rules} rules"));
            } else {
                let (target, fault) = (target.to_string(), format!("{fault:?}"));
                writeln!(to, "{target:12}{fault:22} found within {} cases, {rules} rules", report.cases)?;
            }
        }
    }
    match missed.len() {
        0 => Ok(()),
        count => Err(io::Error::other(format!("{count} faults are not found\n{}", missed.join("\n")))),
    }
}
