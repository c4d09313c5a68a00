//! Times of repeated runs, and what the runs made.

use std::fmt;
use std::time::{Duration, Instant};

/// What a pass made of its texts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sample {
    /// Events, documents or rules.
    pub(super) items: usize,
    /// Diagnostics.
    pub(super) problems: usize,
    /// Queries.
    pub(super) queries: usize,
    /// Rules and targets without one.
    pub(super) refused: usize,
    /// Of query text.
    pub(super) bytes: usize,
}

impl Sample {
    pub(super) fn add(self, other: Self) -> Self {
        Self {
            items: self.items + other.items,
            problems: self.problems + other.problems,
            queries: self.queries + other.queries,
            refused: self.refused + other.refused,
            bytes: self.bytes + other.bytes,
        }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} items, {} diagnostics", self.items, self.problems)?;
        if self.queries + self.refused > 0 {
            write!(f, ", {} queries of {} bytes, {} refused", self.queries, self.bytes, self.refused)?;
        }
        Ok(())
    }
}

/// The times of repeated runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    pub(super) best: Duration,
    pub(super) median: Duration,
}

impl Measure {
    /// Runs once to warm up, and then `runs` times.
    pub(super) fn of(runs: usize, mut pass: impl FnMut()) -> Self {
        pass();
        Self::among((0..runs.max(1)).map(|_| time(&mut pass)).collect())
    }

    /// Runs two in turn.
    pub(super) fn of_both(runs: usize, mut one: impl FnMut(), mut other: impl FnMut()) -> [Self; 2] {
        one();
        other();
        let times = (0..runs.max(1)).map(|_| (time(&mut one), time(&mut other)));
        let (ones, others) = times.unzip();
        [Self::among(ones), Self::among(others)]
    }

    fn among(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { best: times[0], median: times[times.len() / 2] }
    }

    /// The ratio of the best.
    pub(super) fn best_over(self, yardstick: Measure) -> f64 {
        self.best.as_secs_f64() / yardstick.best.as_secs_f64()
    }

    /// The ratio of the medians.
    pub(super) fn over(self, yardstick: Measure) -> f64 {
        self.median.as_secs_f64() / yardstick.median.as_secs_f64()
    }

    /// Best, median, and the ratio of the medians.
    pub(super) fn beside(self, yardstick: Measure) -> String {
        let ratio = self.over(yardstick);
        format!("{:>12}{:>12}{ratio:>8.2}", milliseconds(self.best), milliseconds(self.median))
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "best {}, median {}", milliseconds(self.best), milliseconds(self.median))
    }
}

fn time(pass: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    pass();
    start.elapsed()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
