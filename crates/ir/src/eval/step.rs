//! Steps and members: the events that complete them, and the keys that these have.

use super::{Match, body};
use crate::{Field, Record, Sigma, Step};

/// The values of the keys.
pub(super) type Keys = Vec<String>;

/// The events, by their place in the stream, that complete a step and have exactly one value in each of its keys.
pub(super) fn completions(step: &Step<Sigma>, events: &[&Record]) -> Vec<(usize, Keys)> {
    let mut found = Vec::new();
    let mut from = 0;
    // Matches come in the order of the completing event.
    for Match { events: ids, .. } in body(&step.body, events) {
        let Some(at) = (from..events.len()).find(|at| Some(&events[*at].id) == ids.last()) else { continue };
        from = at;
        let fields = step.keys.iter().flat_map(|key| &key.fields);
        if let Some(keys) = fields.map(|field| single(field, events[at])).collect() {
            found.push((at, keys));
        }
    }
    found
}

fn single(field: &Field, record: &Record) -> Option<String> {
    match record.values(&field.name()) {
        [one] => Some(one.text()),
        _ => None,
    }
}

/// A time span, in the unit of [`Record::time`].
pub(super) fn milliseconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000)
}
