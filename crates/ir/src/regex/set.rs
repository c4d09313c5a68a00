//! Sets of characters, for the classes of regexes.

use super::RegexClass;

/// Inclusive ranges of scalar values; sorted, disjoint and not adjacent once [`CharSet::normalise`] has run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct CharSet {
    ranges: Vec<(u32, u32)>,
}

const LAST: u32 = char::MAX as u32;
/// No scalar value lies between these two: the range between them is of UTF-16 surrogates.
const BEFORE_GAP: u32 = 0xD7FF;
const AFTER_GAP: u32 = 0xE000;

impl CharSet {
    pub(super) fn range(from: char, to: char) -> Self {
        Self { ranges: vec![(from as u32, to as u32)] }
    }

    pub(super) fn of(ranges: &[(char, char)]) -> Self {
        Self { ranges: ranges.iter().map(|(from, to)| (*from as u32, *to as u32)).collect() }
    }

    pub(super) fn extend(&mut self, other: CharSet) {
        self.ranges.extend(other.ranges);
    }

    /// Adds the other case of every ASCII letter.
    pub(super) fn fold(&mut self) {
        for i in 0..self.ranges.len() {
            let (from, to) = self.ranges[i];
            for (first, last, other) in [('a', 'z', 'A'), ('A', 'Z', 'a')] {
                let (low, high) = (from.max(first as u32), to.min(last as u32));
                if low <= high {
                    let shift = |c: u32| c - first as u32 + other as u32;
                    self.ranges.push((shift(low), shift(high)));
                }
            }
        }
        self.normalise();
    }

    pub(super) fn complement(mut self) -> Self {
        self.normalise();
        let mut gaps = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = 0;
        for (from, to) in self.ranges {
            if from > next {
                gaps.push((next, from - 1));
            }
            next = to + 1;
        }
        if next <= LAST {
            gaps.push((next, LAST));
        }
        Self { ranges: gaps }
    }

    /// As a class: negated if the set reaches to the end of Unicode, which is how `[^…]` and `\W` come out short.
    pub(super) fn into_class(mut self) -> RegexClass {
        self.normalise();
        let negated = self.ranges.last().is_some_and(|(_, to)| *to == LAST);
        let set = if negated { self.complement() } else { self };
        RegexClass { negated, ranges: set.ranges.into_iter().filter_map(as_chars).collect() }
    }

    fn normalise(&mut self) {
        self.ranges.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::with_capacity(self.ranges.len());
        for &(from, to) in &self.ranges {
            match joined.last_mut() {
                Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        self.ranges = joined;
    }
}

/// The range in scalar values; its ends step off the surrogates, which no text holds.
fn as_chars((from, to): (u32, u32)) -> Option<(char, char)> {
    let surrogate = BEFORE_GAP + 1..AFTER_GAP;
    let from = if surrogate.contains(&from) { AFTER_GAP } else { from };
    let to = if surrogate.contains(&to) { BEFORE_GAP } else { to };
    if from > to { None } else { char::from_u32(from).zip(char::from_u32(to)) }
}
