//! Examples of the reference, and random streams against its state machine.

use crate::eval::EvalError;
use crate::eval::tests::{ids, row, schema};
use rulecast_ir::{ColumnType, Row, Schema};
use std::collections::BTreeMap;

/// Events one second apart, each a word of letters: what it is. A digit is its key.
fn stream(events: &str) -> Vec<Row> {
    let event = |(at, word): (usize, &str)| {
        let at = i64::try_from(at).expect("a short stream");
        let columns: Vec<(String, String)> = word
            .chars()
            .map(|c| match c.to_digit(10) {
                Some(_) => ("k".to_owned(), format!("\"{c}\"")),
                None => (c.to_string(), "true".to_owned()),
            })
            .collect();
        let columns: Vec<(&str, &str)> = columns.iter().map(|(name, value)| (&**name, &**value)).collect();
        row(u64::try_from(at).expect("no negative place"), at * 1_000, &columns)
    };
    events.split(' ').enumerate().map(event).collect()
}

#[track_caller]
fn check(query: &str, events: &str, expected: &[&[u64]]) {
    assert_eq!(
        ids(query, &stream(events), &Schema::default()).as_deref(),
        Ok(&expected.iter().map(|ids| ids.to_vec()).collect::<Vec<_>>()[..]),
        "{query} over {events}"
    );
}

const AB: &str = "sequence with maxspan=3s [any where a] [any where b]";
const ABC: &str = "sequence [any where a] [any where b] [any where c]";

/// "How sequence queries handle matches".
#[test]
fn the_newest_start_wins_and_each_is_used_once() {
    check(AB, "a a b b", &[&[1, 2]]);
    check(AB, "a b a b", &[&[0, 1], &[2, 3]]);
    check(AB, "ab ab ab", &[&[0, 1], &[1, 2]]);
    check(ABC, "a b b c", &[&[0, 1, 3]]);
    check(ABC, "a b a b c c", &[&[2, 3, 4]]);
    check(ABC, "a b a c", &[&[0, 1, 3]]);
    check(ABC, "abc abc abc abc", &[&[0, 1, 2], &[1, 2, 3]]);
    check("sequence [any where a] [any where b]", "b a", &[]);
}

/// "`with maxspan` statement": the bound is inclusive, and counts from the first event.
#[test]
fn maxspan_is_inclusive() {
    check(AB, "a x x b", &[&[0, 3]]);
    check(AB, "a x x x b", &[]);
    check(AB, "a x x x b b", &[]);
    check("sequence with maxspan=2500ms [any where a] [any where b]", "a x b", &[&[0, 2]]);
    check("sequence with maxspan=2500ms [any where a] [any where b]", "a x x b", &[]);
    check("sequence with maxspan=3s [any where a] [any where b] [any where c]", "a x b x c", &[]);
}

/// "`until` keyword": `A, B` and `A, B, C` match, `A, C, B` does not.
#[test]
fn until_ends_what_began_before_it() {
    let until = "sequence by k [any where a] [any where b] until [any where c]";
    check(until, "1a 1b", &[&[0, 1]]);
    check(until, "1a 1b 1c", &[&[0, 1]]);
    check(until, "1a 1c 1b", &[]);
    check(until, "1a 2c 1b", &[&[0, 2]]);
    check(until, "1a 1c 1a 1b", &[&[2, 3]]);
    // The matcher: an end at the last event counts, one at the next does not.
    check(until, "1ac 1b", &[]);
    check(until, "1a 1bc", &[&[0, 1]]);
}

/// "`by` keyword", "Optional `by` fields": a missing value joins nothing, unless the field is optional.
#[test]
fn keys() {
    check("sequence by k [any where a] [any where b]", "1a a 2b 1b b", &[&[0, 3]]);
    check("sequence by ?k [any where a] [any where b]", "1a a 2b 1b b", &[&[0, 3], &[1, 4]]);
    let rows = [
        row(1, 1, &[("a", "true"), ("x", "\"p\"")]),
        row(2, 2, &[("b", "true"), ("y", "\"P\"")]),
        row(3, 3, &[("b", "true"), ("y", "\"p\"")]),
    ];
    let query = "sequence [any where a] by x [any where b] by y";
    assert_eq!(ids(query, &rows, &Schema::default()), Ok(vec![vec![1, 3]]));
    let declared =
        schema(&[("a", ColumnType::Bool), ("b", ColumnType::Bool), ("x", ColumnType::Text), ("y", ColumnType::Long)]);
    let mismatch = EvalError::Invalid("`y` has another type than the field it joins".to_owned());
    assert_eq!(ids(query, &rows, &declared), Err(mismatch));
    let numbers = [row(1, 1, &[("a", "true"), ("k", "5")]), row(2, 2, &[("b", "true"), ("k", "5.0")])];
    let declared = schema(&[("a", ColumnType::Bool), ("b", ColumnType::Bool), ("k", ColumnType::Real)]);
    assert_eq!(ids("sequence by k [any where a] [any where b]", &numbers, &declared), Ok(vec![vec![1, 2]]));
}

#[test]
fn what_is_not_known_is_refused() {
    let rows = [row(1, 1, &[("a", "true"), ("k", "[1, 2]")]), row(2, 2, &[("b", "true"), ("k", "1")])];
    let unsupported = |message: &str| Err(EvalError::Unsupported(message.to_owned()));
    let run = |query| ids(query, &rows, &Schema::default());
    assert_eq!(run("sequence by k [any where a] [any where b]"), unsupported("`k`, part of a key, has several values"));
    assert_eq!(run("sequence with maxspan=1s [any where a] ![any where b]"), unsupported("missing events (`![…]`)"));
    assert_eq!(run("sample by k [any where a] [any where b]"), unsupported("samples"));
}

/// "`with runs` statement": as if the event were written as often; so a burst of that many within the span.
#[test]
fn runs_repeat_an_event() {
    check("sequence with maxspan=2s [any where a] with runs=3", "a a x a a a", &[&[3, 4, 5]]);
    check("sequence [any where a] [any where b] with runs=2 [any where c]", "a b c b c", &[&[0, 1, 3, 4]]);
    check("sequence [any where a] with runs=1", "a x a", &[&[0], &[2]]);
}

/// A generator of numbers (xorshift), the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

/// The machine of the reference, event by event: each key has one pending sequence in each state, a newer one takes the
/// place of an older, and an end clears them all. The last state is looked at first, so that an event does not follow
/// itself.
fn model(events: &[(i64, String)], stages: &[char], until: char, maxspan: i64) -> Vec<Vec<u64>> {
    let mut machines: BTreeMap<char, Vec<Option<Vec<usize>>>> = BTreeMap::new();
    let mut complete = Vec::new();
    for (at, (time, word)) in events.iter().enumerate() {
        let Some(key) = word.chars().find(char::is_ascii_digit) else { continue };
        let pending = machines.entry(key).or_insert_with(|| vec![None; stages.len()]);
        for (state, letter) in stages.iter().enumerate().rev() {
            if !word.contains(*letter) {
                continue;
            }
            let mut sequence = if state == 0 {
                Vec::new()
            } else {
                match pending[state - 1].take() {
                    Some(before) if time - events[before[0]].0 <= maxspan => before,
                    _ => continue,
                }
            };
            sequence.push(at);
            if state + 1 == stages.len() {
                complete.push(sequence);
            } else {
                pending[state] = Some(sequence);
            }
        }
        if word.contains(until) {
            pending.fill(None);
        }
    }
    let ids = |places: &Vec<usize>| places.iter().map(|at| u64::try_from(*at).expect("a place")).collect();
    complete.iter().map(ids).collect()
}

#[test]
fn random_streams_give_what_the_machine_of_the_reference_gives() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut matches = 0;
    for _ in 0..4_000 {
        // Some stages may be alike, as the repeated ones of `with runs` are.
        let count = 1 + dice.below(4);
        let stages: Vec<char> = (0..count).map(|_| ['a', 'b', 'c', 'd'][dice.below(4)]).collect();
        let maxspan = [2, 4, 8, 100][dice.below(4)];
        let mut time = 0;
        let events: Vec<(i64, String)> = (0..2 + dice.below(14))
            .map(|_| {
                time += 1 + i64::try_from(dice.below(4)).expect("below 4");
                let mut word = String::new();
                (0..=dice.below(3)).for_each(|_| word.push(['a', 'b', 'c', 'd'][dice.below(4)]));
                (dice.below(8) == 0).then(|| word.push('u'));
                (dice.below(8) > 0).then(|| word.push(['1', '2'][dice.below(2)]));
                (time, word)
            })
            .collect();
        let rows: Vec<Row> = events
            .iter()
            .enumerate()
            .map(|(id, (time, word))| Row { id: id as u64, time: time * 1_000, ..stream(word).swap_remove(0) })
            .collect();
        let mut query = format!("sequence by k with maxspan={maxspan}s");
        let mut written = 0;
        while written < stages.len() {
            let letter = stages[written];
            let alike = stages[written..].iter().take_while(|other| **other == letter).count();
            let runs = 1 + dice.below(alike);
            query = format!("{query} [any where {letter}] with runs={runs}");
            written += runs;
        }
        query.push_str(" until [any where u]");
        let expected = model(&events, &stages, 'u', maxspan);
        matches += expected.len();
        assert_eq!(ids(&query, &rows, &Schema::default()), Ok(expected), "{query} over {events:?}");
    }
    assert!(matches > 2_000, "{matches}");
}

/// On unique times a match exists exactly where events in order and within the span do.
#[test]
fn a_match_exists_where_events_in_order_do() {
    let mut dice = Dice(99);
    for _ in 0..1_000 {
        let words: Vec<&str> =
            (0..3 + dice.below(7)).map(|_| ["a", "b", "c", "ab", "bc", "x"][dice.below(6)]).collect();
        let span = 2 + dice.below(4);
        let rows = stream(&words.join(" "));
        let query = format!("sequence with maxspan={span}s [any where a] [any where b] [any where c]");
        let found = ids(&query, &rows, &Schema::default()).expect("a query that runs");
        let has = |at: usize, letter: char| words[at].contains(letter);
        let exists = (0..words.len()).any(|first| {
            (first + 1..words.len()).any(|second| {
                (second + 1..words.len().min(first + span + 1))
                    .any(|third| has(first, 'a') && has(second, 'b') && has(third, 'c'))
            })
        });
        assert_eq!(!found.is_empty(), exists, "{query} over {words:?}");
    }
}
