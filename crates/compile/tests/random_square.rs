//! The square over rules and events by chance: a bounded run of a fixed seed. `cargo xtask square` runs for longer.

use rulecast_compile::random::{Difference, Fault, Run};
use rulecast_compile::{Target, Unit};
use rulecast_diagnostics::{FileId, Severity};

#[test]
fn generated_rules_close_on_every_target() {
    let mut failures = Vec::new();
    for target in Target::ALL {
        let report = Run { target, cases: 2_500, seed: 1, fault: None, differences: 3 }.run();
        for difference in &report.differences {
            failures.push(format!("# {target}\n{}", difference.as_test()));
        }
        assert!(report.cases >= 2_500 && report.fired >= 300, "{target}: too little was compared: {report:?}");
        assert!(report.converted * 100 >= report.rules * 80, "{target}: too few rules became queries: {report:?}");
        assert!(report.not_evaluated * 50 <= report.rules, "{target}: too few queries ran: {:?}", report.reasons);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_fault_is_found() {
    let mut missed = Vec::new();
    for target in Target::ALL {
        for fault in Fault::ALL.into_iter().filter(|fault| fault.shows_on(target)) {
            let report = Run { target, cases: 20_000, seed: 2, fault: Some(fault), differences: 1 }.run();
            if report.differences.is_empty() {
                missed.push(format!("{target}: {fault:?} in {} rules, {} cases", report.rules, report.cases));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_seed_gives_the_same_rules_and_the_same_smallest_difference() {
    let target = Target::parse("kql.none").unwrap();
    let found = |seed| {
        let report = Run { target, cases: 500, seed, fault: Some(Fault::CaseIgnored), differences: 2 }.run();
        report.differences.iter().map(Difference::as_test).collect::<Vec<_>>()
    };
    assert_eq!(found(3), found(3));
    assert_ne!(found(3), found(4));
    let smallest = &found(3)[0];
    assert_eq!(smallest.matches("- offset: ").count(), 1, "{smallest}");
    assert_eq!(smallest.matches("  s").count(), 1, "{smallest}");
    // It is a rule with a test that the reader takes.
    let parsed = rulecast_rule::parse(FileId(0), smallest);
    assert!(parsed.diagnostics.iter().all(|problem| problem.severity != Severity::Error), "{:?}", parsed.diagnostics);
    let resolved = Unit::new(parsed.documents).resolve();
    assert_eq!(resolved.rules[0].metadata.0.tests.len(), 1, "{smallest}");
}
