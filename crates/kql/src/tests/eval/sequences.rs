//! Sequences as joins and as a `scan`, against a machine of the sequence itself: the newest start wins, each start serves
//! once, the span includes its ends.

use super::{rows, run};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const JOINS: &str = "
    let A = T | where s == '1' | project k, tA = Time;
    let B = T | where s == '2' | project k, tB = Time;
    let C = T | where s == '3' | project k, tC = Time, n;
    A
    | join kind=inner (B) on k
    | where tB > tA and tB - tA <= 10s
    | summarize tA = max(tA) by k, tB
    | join kind=inner (C) on k
    | where tC > tB and tC - tA <= 10s
    | summarize arg_max(tA, n) by k, tC
    | summarize arg_min(tC, n) by k, tA";

const SCAN: &str = "
    T | sort by k asc, Time asc
    | scan with_match_id=m declare (st: int = 0, t0: datetime) with (
        step s1: s == '1' => st = 1, t0 = Time;
        step s2: s == '2' and k == s1.k and Time - s1.Time between (0s .. 10s) => st = 2, t0 = s1.Time;
        step s3: s == '3' and k == s1.k and Time - s1.Time between (0s .. 10s) => st = 3, t0 = s1.Time;
    )
    | where st == 3
    | summarize arg_min(Time, *) by m";

/// Numbers that look random, the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Start and completion of each sequence of the stages 1, 2, 3 within ten seconds, by key.
fn machine(events: &[(u64, i64, u64, u64)]) -> BTreeSet<(u64, u64)> {
    let mut partial: BTreeMap<(u64, u64), Vec<(u64, i64)>> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for (id, time, key, stage) in events {
        let (start, begun) = match stage {
            1 => (*id, *time),
            _ => match partial.remove(&(*key, stage - 1)).and_then(|mut all| all.pop()) {
                Some(newest) if time - newest.1 <= 10 => newest,
                _ => continue,
            },
        };
        if *stage == 3 {
            found.insert((start, *id));
        } else {
            partial.entry((*key, *stage)).or_default().push((start, begun));
        }
    }
    found
}

#[test]
fn joins_and_scans_find_what_the_machine_finds() {
    let mut numbers = Numbers(7);
    let mut all = 0;
    for round in 0..300 {
        let mut time = 0;
        let events: Vec<(u64, i64, u64, u64)> = (0..14)
            .map(|id| {
                time += 1 + i64::try_from(numbers.below(4)).expect("small");
                (id, time, numbers.below(2), 1 + numbers.below(3))
            })
            .collect();
        let expected = machine(&events);
        all += expected.len();
        let events: Vec<_> = events
            .iter()
            .map(|(id, time, key, stage)| {
                (*id, *time, json!({"k": format!("k{key}"), "s": stage.to_string(), "n": id.to_string()}))
            })
            .collect();
        let (rows, schema) = rows(&events);
        for query in [JOINS, SCAN] {
            let results = run(query, &rows, &schema).expect("the query is evaluated");
            let found: BTreeSet<(u64, u64)> =
                results.iter().map(|row| (row.ids[0], *row.ids.last().expect("a row has ids"))).collect();
            assert_eq!(found, expected, "round {round}: {query}\n{events:?}");
            assert!(results.iter().all(|row| row.ids.len() == 3), "{results:?}");
        }
    }
    assert!(all > 80, "the streams hold sequences: {all}");
}

/// An `until` is joined, counted and gone: the result stands for the start and the completion.
#[test]
fn what_ends_a_sequence_is_not_part_of_it() {
    let event = |id: u64, time: i64, stage: &str| (id, time, json!({"k": "a", "s": stage}));
    let query = "
        let A = T | where s == '1' | project k, t1 = Time;
        let B = T | where s == '2' | project k, t2 = Time;
        let U = T | where s == 'u' | project k, tu = Time;
        A | join kind=inner (B) on k | where t2 > t1 and t2 - t1 <= 10s
        | summarize t1 = max(t1) by k, t2
        | join kind=leftouter (U) on k
        | summarize ended = countif(tu >= t1 and tu < t2) by k, t1, t2
        | where ended == 0
        | summarize arg_min(t2, k) by t1";
    let ids = |events: &[_]| {
        let (rows, schema) = rows(events);
        run(query, &rows, &schema).map(|rows| rows.into_iter().map(|row| row.ids).collect::<Vec<_>>())
    };
    let (first, second) = (event(1, 0, "1"), event(2, 5, "2"));
    assert_eq!(ids(&[first.clone(), second.clone()]), Ok(vec![vec![1, 2]]));
    assert_eq!(ids(&[first.clone(), second.clone(), event(3, 7, "u")]), Ok(vec![vec![1, 2]]));
    assert_eq!(ids(&[event(3, 3, "u"), first, second]), Ok(vec![]));
}
