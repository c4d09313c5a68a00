//! Sequences where the engine has `scan`: as text, and what they find.

use super::build::*;
use super::shown;
use crate::Kql;
use crate::eval::Database;
use insta::assert_snapshot;
use rulecast_backend::Backend;
use rulecast_ir::{Body, Logic, Mapped, Row, Rule, Scalar, Schema};
use std::collections::{BTreeMap, BTreeSet};

fn events(predicate: Tree) -> Body<Mapped> {
    arms(vec![arm(&scanning(&source("Events", Logic::True)), predicate)])
}

fn others(predicate: Tree) -> Body<Mapped> {
    arms(vec![arm(&scanning(&source("Other", Logic::True)), predicate)])
}

#[test]
fn two_steps() {
    let steps = vec![step(events(is("f", "x")), &[&["f"]]), step(others(is("g", "y")), &[&["h"]])];
    assert_snapshot!(shown(&rule(sequence(&["HostId"], 30, steps, None))), @r#"
    let step1 =
      Events
      | where f =~ "x"
      | where isnotempty(f)
      | project k1 = f, at = Timestamp, stage = 1;
    let step2 =
      Other
      | where g =~ "y"
      | where isnotempty(h)
      | project k1 = h, at = Timestamp, DeviceId, ReportId, stage = 2;
    union step1, step2
    | sort by k1 asc, at asc, stage desc
    | scan declare (start: datetime) with (
        step s1 output = none: stage == 1;
        step s2: stage == 2 and k1 == s1.k1 and at > s1.at and at - s1.at <= 30s => start = s1.at;
      )
    | summarize arg_min(at, DeviceId, ReportId) by k1, start
    | project Timestamp = at, HostId = k1, Start = start, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn three_steps_with_a_key_of_two_columns_and_an_end() {
    let own = |value: &str| step(events(is("f", value)), &[&["Domain", "User"]]);
    let until = step(others(is("f", "z")), &[&["g", "h"]]);
    let body = sequence(&["UserId"], 3600, vec![own("x"), own("y"), own("x")], Some(until));
    assert_snapshot!(shown(&rule(body)), @r#"
    let step1 =
      Events
      | where f =~ "x"
      | where isnotempty(Domain) and isnotempty(User)
      | project k1 = Domain, k2 = User, at = Timestamp, stage = 1;
    let step2 =
      Events
      | where f =~ "y"
      | where isnotempty(Domain) and isnotempty(User)
      | project k1 = Domain, k2 = User, at = Timestamp, stage = 2;
    let step3 =
      Events
      | where f =~ "x"
      | where isnotempty(Domain) and isnotempty(User)
      | project k1 = Domain, k2 = User, at = Timestamp, DeviceId, ReportId, stage = 3;
    let until =
      Other
      | where f =~ "z"
      | where isnotempty(g) and isnotempty(h)
      | project k1 = g, k2 = h, at = Timestamp, stage = 0;
    union step1, step2, step3, until
    | sort by k1 asc, k2 asc, at asc, stage desc
    | scan declare (ended: datetime) with (
        step s0: true => ended = iff(stage == 0, at, iff(k1 == s0.k1 and k2 == s0.k2, s0.ended, datetime(null)));
      )
    | sort by k1 asc, k2 asc, at asc, stage desc
    | scan declare (start: datetime) with (
        step s1 output = none: stage == 1;
        step s2 output = none: stage == 2
          and k1 == s1.k1
          and k2 == s1.k2
          and at > s1.at
          and at - s1.at <= 1h
          and (isnull(ended) or ended < s1.at);
        step s3: stage == 3
          and k1 == s2.k1
          and k2 == s2.k2
          and at > s2.at
          and at - s1.at <= 1h
          and (isnull(ended) or ended < s2.at) => start = s1.at;
      )
    | summarize arg_min(at, DeviceId, ReportId) by k1, k2, start
    | project Timestamp = at, Domain = k1, User = k2, Start = start, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn without_keys_nothing_is_compared() {
    let until = step(events(is("f", "z")), &[]);
    let steps = vec![step(events(is("f", "x")), &[]), step(events(is("f", "y")), &[])];
    assert_snapshot!(shown(&rule(sequence(&[], 60, steps, Some(until)))), @r#"
    let step1 =
      Events
      | where f =~ "x"
      | project at = Timestamp, stage = 1;
    let step2 =
      Events
      | where f =~ "y"
      | project at = Timestamp, DeviceId, ReportId, stage = 2;
    let until =
      Events
      | where f =~ "z"
      | project at = Timestamp, stage = 0;
    union step1, step2, until
    | sort by at asc, stage desc
    | scan declare (ended: datetime) with (
        step s0: true => ended = iff(stage == 0, at, s0.ended);
      )
    | sort by at asc, stage desc
    | scan declare (start: datetime) with (
        step s1 output = none: stage == 1;
        step s2: stage == 2 and at > s1.at and at - s1.at <= 1m and (isnull(ended) or ended < s1.at) => start = s1.at;
      )
    | summarize arg_min(at, DeviceId, ReportId) by start
    | project Timestamp = at, Start = start, DeviceId, ReportId
    // exact, unique-timestamps
    "#);
}

#[test]
fn a_sequence_may_be_a_step() {
    let own = |value: &str| step(events(is("f", value)), &[&["f"]]);
    let inner = sequence(&["Key"], 60, vec![own("x"), own("y")], None);
    let outer = sequence(&["Key"], 60, vec![step(inner, &[&["f"]]), own("z")], None);
    assert_snapshot!(shown(&rule(outer)), @r#"
    let step1 =
      Events
      | where f =~ "x"
      | where isnotempty(f)
      | project k1 = f, at = Timestamp, stage = 1;
    let step2 =
      Events
      | where f =~ "y"
      | where isnotempty(f)
      | project k1 = f, at = Timestamp, c1 = f, c2 = 1, c3 = isnotempty(f), stage = 2;
    let step1_2 =
      union step1, step2
      | sort by k1 asc, at asc, stage desc
      | scan declare (start: datetime) with (
          step s1 output = none: stage == 1;
          step s2: stage == 2 and k1 == s1.k1 and at > s1.at and at - s1.at <= 1m => start = s1.at;
        )
      | summarize arg_min(at, c1, c2, c3) by k1, start
      | where c3
      | project k1 = c1, at, stage = c2;
    let step2_2 =
      Events
      | where f =~ "z"
      | where isnotempty(f)
      | project k1 = f, at = Timestamp, DeviceId, ReportId, stage = 2;
    union step1_2, step2_2
    | sort by k1 asc, at asc, stage desc
    | scan declare (start: datetime) with (
        step s1 output = none: stage == 1;
        step s2: stage == 2 and k1 == s1.k1 and at > s1.at and at - s1.at <= 1m => start = s1.at;
      )
    | summarize arg_min(at, DeviceId, ReportId) by k1, start
    | project Timestamp = at, Key = k1, Start = start, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps
    "#);
}

#[test]
fn one_engine_without_the_operator_is_enough_for_joins() {
    let plain = step(event(is("f", "x")), &[&["f"]]);
    let body = sequence(&["Key"], 60, vec![plain, step(events(is("f", "y")), &[&["f"]])], None);
    let text = shown(&rule(body));
    assert!(text.contains("join kind=inner") && !text.contains("scan"), "{text}");
}

#[test]
fn a_column_of_one_of_our_names_is_refused() {
    let steps = vec![step(events(is("f", "x")), &[&["f"]]), step(events(is("f", "y")), &[&["f"]])];
    let body = sequence(&["Key"], 60, steps, None);
    assert_snapshot!(shown(&with_output(body, &["stage", "t1", "at"], &[])), @"
    refused as sequence: KQL: the column `stage` has a name that the scan of a sequence needs
    refused as sequence: KQL: the column `at` has a name that the scan of a sequence needs
    ");
}

/// Numbers that look random, the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// An event: its keys, the time in seconds, the steps that it matches, and whether it ends sequences.
struct Seen {
    keys: [u64; 2],
    time: i64,
    steps: BTreeSet<usize>,
    ends: bool,
}

/// Partial sequences of a key, by the step reached: the places of their first and last events.
type Partial = BTreeMap<([u64; 2], usize), Vec<(usize, usize)>>;

/// Start and completion, by place, of each sequence, as the machine of sequences finds them: a later event goes on with the
/// newest partial sequence of its key, which then is gone, with all older ones.
fn machine(seen: &[Seen], steps: usize, span: i64) -> BTreeSet<(u64, u64)> {
    let mut partial = Partial::new();
    let mut ended: BTreeMap<[u64; 2], usize> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for (at, event) in seen.iter().enumerate() {
        let mut reached = Vec::new();
        for &step in &event.steps {
            let Some(before) = step.checked_sub(1) else {
                reached.push((step, at));
                continue;
            };
            let Some(&(start, last)) = partial.get(&(event.keys, before)).and_then(|all| all.last()) else { continue };
            partial.remove(&(event.keys, before));
            let is_ended = ended.get(&event.keys).is_some_and(|end| *end >= last);
            if event.time - seen[start].time <= span && !is_ended {
                reached.push((step, start));
            }
        }
        for (step, start) in reached {
            if step + 1 == steps {
                found.insert((start as u64, at as u64));
            } else {
                partial.entry((event.keys, step)).or_default().push((start, at));
            }
        }
        if event.ends {
            ended.insert(event.keys, at);
        }
    }
    found
}

fn stream(numbers: &mut Numbers, steps: usize) -> Vec<Seen> {
    let mut time = 0;
    (0..18)
        .map(|_| {
            time += 1 + i64::try_from(numbers.below(4)).unwrap();
            let kind = numbers.below(12);
            let mut own = BTreeSet::new();
            if kind > 0 {
                own.insert(usize::try_from(numbers.below(steps as u64)).unwrap());
            }
            if kind > 9 {
                own.insert(usize::try_from(numbers.below(steps as u64)).unwrap());
            }
            Seen { keys: [numbers.below(2), numbers.below(2)], time, steps: own, ends: kind < 2 }
        })
        .collect()
}

fn rows(seen: &[Seen]) -> Vec<Row> {
    let text = |text: String| vec![Scalar::Text(text)];
    seen.iter()
        .enumerate()
        .map(|(id, event)| Row {
            relation: "Events".into(),
            id: id as u64,
            time: event.time * 1000,
            time_column: "Timestamp".into(),
            columns: [
                ("a".to_owned(), text(event.keys[0].to_string())),
                ("c".to_owned(), text(event.keys[1].to_string())),
                ("f".to_owned(), text(format!("{:?}{}", event.steps, if event.ends { "end" } else { "" }))),
            ]
            .into(),
            raw: None,
        })
        .collect()
}

/// The rule over the stream: its steps are the events that say their number, its end those that say `end`.
fn over(
    source: &std::sync::Arc<rulecast_ir::Source>,
    steps: usize,
    span: i64,
    keyed: bool,
    until: bool,
) -> Rule<Mapped> {
    let keys: &[&[&str]] = if keyed { &[&["a"], &["c"]] } else { &[] };
    let names: &[&str] = if keyed { &["KeyA", "KeyC"] } else { &[] };
    let own = |value: &str| step(arms(vec![arm(source, is("f", &format!("*{value}*")))]), keys);
    let each = (0..steps).map(|at| own(&at.to_string())).collect();
    rule(sequence(names, span.unsigned_abs(), each, until.then(|| own("end"))))
}

fn found(rule: &Rule<Mapped>, rows: &[Row]) -> BTreeSet<(u64, u64)> {
    let emitted = Kql.lower(rule).unwrap();
    let results = Database::new(rows, &Schema::default()).evaluate(&emitted[0].query).unwrap();
    let pairs: Vec<(u64, u64)> = results.iter().map(|row| (row.ids[0], *row.ids.last().unwrap())).collect();
    let set: BTreeSet<(u64, u64)> = pairs.iter().copied().collect();
    assert_eq!(set.len(), pairs.len(), "each is found once: {pairs:?}");
    set
}

#[test]
fn scans_and_joins_find_what_the_machine_finds() {
    let mut numbers = Numbers(11);
    let mut all = 0;
    for round in 0..900 {
        let steps = 2 + round % 3;
        let span = [5, 12, 60][round / 3 % 3];
        let (keyed, until) = (round % 2 == 0, round % 5 < 2);
        let mut seen = stream(&mut numbers, steps);
        for event in &mut seen {
            event.ends &= until;
            if !keyed {
                event.keys = [0, 0];
            }
        }
        let rows = rows(&seen);
        let expected = machine(&seen, steps, span);
        all += expected.len();
        for source in [source("Events", Logic::True), scanning(&source("Events", Logic::True))] {
            let rule = over(&source, steps, span, keyed, until);
            assert_eq!(found(&rule, &rows), expected, "round {round}: {}\n{rows:?}", shown(&rule));
        }
    }
    assert!(all > 500, "the streams hold sequences: {all}");
}

/// Which of the events at one time is first, the rows do not tell: neither form takes one of them to follow another.
#[test]
fn with_equal_times_scans_find_what_joins_find() {
    let mut numbers = Numbers(23);
    let mut all = 0;
    for round in 0..300 {
        let (steps, until) = (2 + round % 3, round % 5 < 2);
        let mut seen = stream(&mut numbers, steps);
        for event in &mut seen {
            event.time -= event.time % 5;
            event.ends &= until;
        }
        let rows = rows(&seen);
        let source = source("Events", Logic::True);
        let [joined, scanned] = [source.clone(), scanning(&source)].map(|source| {
            let found = found(&over(&source, steps, 20, true, until), &rows);
            let time = |at: u64| seen[usize::try_from(at).unwrap()].time;
            let keys = |at: u64| seen[usize::try_from(at).unwrap()].keys;
            found.into_iter().map(|(first, last)| (keys(last), time(first), time(last))).collect::<BTreeSet<_>>()
        });
        assert_eq!(scanned, joined, "round {round}: {rows:?}");
        all += joined.len();
    }
    assert!(all > 100, "the streams hold sequences: {all}");
}
