//! Correlations by chance: rules of every type over streams of events close on every target that does not refuse them.

use rulecast_compile::Target;
use rulecast_compile::random::{Correlations, Facet, Report, Run};
use std::thread;

/// Of each target, how many cases, and the types that it has queries for.
const TARGETS: [(&str, usize, &[&str]); 6] = [
    ("eql.none", 2_000, &["event_count", "temporal_ordered"]),
    ("eql.ecs", 1_000, &[]),
    ("spl.none", 4_000, ALL),
    ("spl.sysmon", 1_000, &[]),
    ("kql.none", 4_000, ALL),
    ("kql.xdr", 1_000, &[]),
];

const ALL: &[&str] = &[
    "event_count",
    "value_count",
    "temporal",
    "temporal_ordered",
    "value_sum",
    "value_avg",
    "value_percentile",
    "value_median",
];

/// What came of a target.
fn report(target: &str, cases: usize) -> Report {
    let target = Target::parse(target).expect("a target");
    Run { target, cases, seed: 1, fault: None, differences: 3 }.run_correlations()
}

#[test]
fn correlations_close_on_every_target() {
    // Two threads, as the machines that build have two processors.
    let (left, right) = thread::scope(|scope| {
        let half = |half: &'static [(&str, usize, &[&str])]| {
            scope.spawn(move || half.iter().map(|(target, cases, _)| report(target, *cases)).collect::<Vec<_>>())
        };
        let (left, right) = TARGETS.split_at(3);
        let (left, right) = (half(left), half(right));
        (left.join().expect("no panic"), right.join().expect("no panic"))
    });
    let mut failures = Vec::new();
    let reports: Vec<Report> = left.into_iter().chain(right).collect();
    for ((target, cases, kinds), report) in TARGETS.iter().zip(&reports) {
        failures.extend(report.differences.iter().map(|difference| format!("# {target}\n{}", difference.as_test())));
        assert!(report.cases >= *cases && report.not_evaluated * 50 <= report.rules, "{target}: {report:?}");
        fired_of_each_kind(target, &report.coverage.correlations, kinds);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // All that a type may have was compared somewhere: EQL takes few forms.
    let mut all = Correlations::default();
    reports.iter().for_each(|report| all.add(&report.coverage.correlations));
    let is_rare = |facet: Facet| (Facet::Gte..=Facet::Range).contains(&facet);
    for (kind, cell) in all.each() {
        // The types about rules have bounds less often.
        let asked = |facet: &Facet| facet.stands(kind) && !(kind.is_temporal() && is_rare(*facet));
        let missing = Facet::ALL.into_iter().filter(|facet| asked(facet) && cell.of(*facet) == 0);
        assert_eq!(missing.collect::<Vec<_>>(), [], "{}", kind.name());
    }
}

/// Enough was compared of each type.
fn fired_of_each_kind(target: &str, correlations: &Correlations, kinds: &[&str]) {
    for (kind, cell) in correlations.each().filter(|(kind, _)| kinds.contains(&kind.name())) {
        assert!(cell.fired >= 20, "{} fired {} times on {target}: too little was compared", kind.name(), cell.fired);
    }
}
