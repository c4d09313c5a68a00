//! The square over rules and events by chance: a bounded run of a fixed seed. `cargo xtask square` runs for longer.

use rulecast_compile::random::{Coverage, Difference, Family, Fault, Kind, Oddity, Polarity, Run, Sample};
use rulecast_compile::{Language, Target, Unit, square};
use rulecast_diagnostics::{FileId, Severity};
use rulecast_ir::{Body, Record, Scalar, Sigma, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn p1_and_p5_generated_rules_close_on_every_target() {
    let mut failures = Vec::new();
    let mut coverage = Coverage::default();
    // Types of columns are guessed without a data model only, and every kind of test stands there.
    let cases = |target: Target| if target.model == "none" { 2_000 } else { 1_000 };
    let reports = on_two_threads(&Target::ALL, |target| {
        Run { target: *target, cases: cases(*target), seed: 1, fault: None, differences: 3 }.run()
    });
    let mut few = Vec::new();
    for (target, report) in Target::ALL.into_iter().zip(reports) {
        for difference in &report.differences {
            failures.push(format!("# {target}\n{}", difference.as_test()));
        }
        assert!(report.cases >= cases(target) && report.fired >= 100, "{target}: too little was compared: {report:?}");
        // EQL says few correlations, and summaries none.
        let least = if target.language == Language::Eql || target.model == "tstats" { 75 } else { 80 };
        if report.converted * 100 < report.rules * least {
            few.push(format!("{target}: {report:?}"));
        }
        assert!(report.not_evaluated * 50 <= report.rules, "{target}: too few queries ran: {:?}", report.reasons);
        coverage.add(&report.coverage);
    }
    // Every kind of test is compared in every place where it can stand, and most kinds meet everything odd.
    for kind in Kind::ALL {
        for polarity in Polarity::ALL {
            let cell = coverage.cell(kind, polarity);
            assert_eq!(cell.cases > 0, kind.stands(polarity), "{kind:?} {polarity:?}");
        }
    }
    for oddity in Oddity::ALL {
        let meets = |kind: &Kind| Polarity::ALL.iter().any(|polarity| coverage.cell(*kind, *polarity).of(oddity) > 0);
        let kinds = Kind::ALL.iter().filter(|kind| meets(kind)).count();
        assert!(kinds >= 14, "{oddity:?} is met by {kinds} kinds of tests");
    }
    assert!(coverage.expanded > 100 && coverage.renamed > 100, "{} {}", coverage.expanded, coverage.renamed);
    assert!(few.is_empty(), "too few rules became queries: {few:#?}");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What becomes of each, in their order.
fn on_two_threads<T: Sync, R: Send>(all: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let place = next.fetch_add(1, Ordering::Relaxed)
            && let Some(one) = all.get(place)
        {
            done.push((place, each(one)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut done = work();
        done.extend(other.join().expect("no panic"));
        done
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Whether events of a key complete the sequence, for each key.
fn keys(sample: &Sample, key: &str, lasts: &BTreeSet<u64>) -> BTreeSet<String> {
    let of = |event: &&Record| lasts.contains(&event.id);
    sample.events.iter().filter(of).flat_map(|event| event.values(key)).map(Scalar::text).collect()
}

/// With equal times, a query that orders by time may bind other events than the rule. Where the rule's own order of equal
/// times is the order of arrival, as in Splunk and Elasticsearch, the same keys complete a sequence.
#[test]
fn p5_with_equal_times_the_same_keys_complete_a_sequence() {
    for name in ["eql.none", "spl.none"] {
        let target = Target::parse(name).unwrap();
        let mut asked = 0;
        for mut sample in (Run { target, cases: 0, seed: 5, fault: None, differences: 1 }).samples(400) {
            let Body::Sequence(sequence) = &sample.rule.body else { continue };
            // Of events alone, grouped by one field.
            let [key] = sequence.keys.as_slice() else { continue };
            let is_event = |step: &Step<Sigma>| matches!(step.body, Body::Event(_));
            if key.starts_with("alias") || !sequence.steps.iter().all(is_event) {
                continue;
            }
            let key = key.to_string();
            sample.events.iter_mut().for_each(|event| event.time -= event.time % 3000);
            let both = square(&sample.rule, target, &sample.events).unwrap();
            let lasts = |answers: &BTreeSet<rulecast_compile::Answer>| answers.iter().map(|one| one.last).collect();
            let (meant, found) = (keys(&sample, &key, &lasts(&both.rule)), keys(&sample, &key, &lasts(&both.queries)));
            assert_eq!(meant, found, "{target}\n{}", sample.yaml);
            asked += usize::from(!meant.is_empty());
        }
        assert!(asked > 3, "{target}: {asked}");
    }
}

#[test]
fn there_are_four_faults_of_each_family() {
    let mut families = BTreeMap::<Family, usize>::new();
    Fault::ALL.into_iter().for_each(|fault| *families.entry(fault.family()).or_default() += 1);
    let named = families.iter().filter(|(family, _)| **family != Family::Number);
    assert!(named.clone().count() == 6 && named.clone().all(|(_, count)| *count >= 4), "{families:?}");
}

#[test]
fn every_fault_is_found() {
    let shown = |target: Target<'static>| Fault::ALL.into_iter().filter(move |fault| fault.shows_on(target));
    // Of the models of a language that differ in names alone, one; `cargo xtask square --faults` asks them all.
    let alike = ["winlogbeat", "winlog", "cim", "asim"];
    let targets = Target::ALL.into_iter().filter(|target| alike.iter().all(|model| target.model != **model));
    let all: Vec<(Target, Fault)> =
        targets.flat_map(|target| shown(target).map(move |fault| (target, fault))).collect();
    let found = on_two_threads(&all, |(target, fault)| {
        Run { target: *target, cases: 20_000, seed: 2, fault: Some(*fault), differences: 1 }.found_after()
    });
    let missed = all.iter().zip(found).filter(|(_, found)| found.is_none());
    let missed: Vec<String> = missed.map(|((target, fault), _)| format!("{target}: {fault:?}")).collect();
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
