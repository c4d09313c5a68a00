//! The sequence machine: the newest start wins, each start is used once, and the bound is inclusive.
//!
//! For each key and step there is a list of partial sequences, ordered by their last event. An event that matches a step
//! takes the newest partial of the step before whose last event is strictly earlier, and that one and everything older
//! is gone. If the partial began too long ago, or an `until` event came after its last event, it is dropped.

use super::Match;
use super::step::{Keys, completions, milliseconds};
use crate::{Record, Sequence, Sigma};
use std::collections::BTreeMap;

pub(super) fn matches(rule: &Sequence<Sigma>, events: &[&Record]) -> Vec<Match> {
    let steps: Vec<_> = rule.steps.iter().map(|step| completions(step, events)).collect();
    let until = rule.until.as_deref().map(|step| completions(step, events)).unwrap_or_default();
    let span = milliseconds(rule.timespan);
    let mut found = Vec::new();
    let mut partials: Vec<BTreeMap<&Keys, Vec<Vec<usize>>>> = vec![BTreeMap::new(); steps.len()];
    // Step by step over the whole stream: what an event may take at one step does not depend on later steps.
    for (index, step) in steps.iter().enumerate() {
        for (at, keys) in step {
            if index == 0 {
                partials[0].entry(keys).or_default().push(vec![*at]);
                continue;
            }
            let Some(waiting) = partials[index - 1].get_mut(keys) else {
                continue;
            };
            let earlier = waiting.iter().take_while(|partial| partial.last().is_some_and(|last| last < at)).count();
            let Some(mut partial) = waiting.drain(..earlier).next_back() else {
                continue;
            };
            let (start, last) = (partial[0], partial[partial.len() - 1]);
            let too_long = events[*at].time - events[start].time > span;
            let ended = until.iter().rev().find(|(end, end_keys)| end < at && end_keys == keys);
            if too_long || ended.is_some_and(|(end, _)| last <= *end) {
                continue;
            }
            partial.push(*at);
            if index + 1 == steps.len() {
                found.push(partial);
            } else {
                partials[index].entry(keys).or_default().push(partial);
            }
        }
    }
    found.sort_by_key(|sequence| sequence.last().copied());
    let ids = |sequence: Vec<usize>| sequence.into_iter().map(|at| events[at].id).collect();
    found.into_iter().map(|sequence| Match { events: ids(sequence), class: None }).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Record, resolve};
    use rulecast_diagnostics::FileId;

    const RULE: &str = "
title: a, then b, then c
correlation:
  type: temporal_ordered
  rules: [a, b, c]
  group-by: [k]
  timespan: 10s
---
title: a
name: a
logsource: {category: x}
detection: {s: {e: a}, condition: s}
---
title: b
name: b
logsource: {category: x}
detection: {s: {e: b}, condition: s}
---
title: c
name: c
logsource: {category: x}
detection: {s: {e: c}, condition: s}
";

    /// `a0 b1 c2`: events by letter and second; a key other than `k` follows a colon.
    #[track_caller]
    fn check(stream: &str, expected: &[&[u64]]) {
        let records: Vec<Record> = stream
            .split_whitespace()
            .zip(0..)
            .map(|(event, id)| {
                let (event, key) = event.split_once(':').unwrap_or((event, "k"));
                let mut record = Record { id, time: event[1..].parse::<i64>().unwrap() * 1000, ..Record::default() };
                record.add_json("e", &event[..1].into());
                if !key.is_empty() {
                    record.add_json("k", &key.into());
                }
                record
            })
            .collect();
        let resolved = resolve(&rulecast_rule::parse(FileId(0), RULE).documents, &[]);
        let found = crate::eval::evaluate(&resolved.rules[0], &records);
        let found: Vec<_> = found.iter().map(|one| one.events.as_slice()).collect();
        assert_eq!(found, expected, "{stream}");
    }

    #[test]
    fn the_machine_is_the_documented_one() {
        check("a0 b1 c2", &[&[0, 1, 2]]);
        check("a0 b1 c10", &[&[0, 1, 2]]); // the bound is inclusive
        check("a0 b1 c11", &[]); // too late
        check("b0 a1 c2", &[]); // wrong order
        check("a0 b1 c2:other", &[]); // other key
        check("a0: b1: c2:", &[]); // no key
        check("a0 a1 b2 c3", &[&[1, 2, 3]]); // the newest start wins
        check("a0 b1 c2 c3", &[&[0, 1, 2]]); // each start is used once
        check("a0 b1 b2 c3", &[&[0, 1, 3]]); // the earliest middle event is bound
        check("a0 b1 a2 b3 c4 c5", &[&[2, 3, 4]]); // an older partial is gone once a newer one is taken
        check("a0 b0 c0", &[&[0, 1, 2]]); // equal times: the id decides
        check("a0 a0:o b1:o b1 c2:o c3", &[&[1, 2, 4], &[0, 3, 5]]);
    }
}
