//! How far a run is, on a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A run that ends sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// Counts what is done. On a terminal, standard error shows it once that takes a while; elsewhere nothing is ever written.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: OnceLock<()>,
}

impl Progress {
    /// Of that many `what`, "files".
    pub(crate) fn new(length: usize, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(length as u64), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{bar:32} {pos} of {len} {msg}").expect("the template is valid");
        Self { bar: bar.with_style(style).with_message(what), started: Instant::now(), shown: OnceLock::new() }
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        if self.started.elapsed() >= PATIENCE {
            self.shown.get_or_init(|| self.bar.set_draw_target(ProgressDrawTarget::stderr()));
        }
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    /// Leaves no trace.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
