//! The command as a process: start, files written, memory.

use super::measure::Measure;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The yardsticks of the command's times.
pub(super) struct Scans<'a> {
    /// A scan of all texts by one thread.
    pub(super) one: &'a dyn Fn(),
    /// By all.
    pub(super) all: &'a dyn Fn(),
}

pub(super) fn run(
    command: &Path,
    corpus: &Path,
    paths: &[PathBuf],
    runs: usize,
    scans: &Scans<'_>,
    to: &mut impl Write,
) -> io::Result<()> {
    if !command.is_file() {
        return writeln!(to, "no command at {}: build it with `cargo build --release`", command.display());
    }
    if let Some(path) = paths.first() {
        let one = repeat(runs, || spawn(command, &["convert", "-q"], path, &[]))?;
        writeln!(to, "{:36}{one}", "command, one rule to three targets")?;
        let alone = repeat(runs, || spawn(command, &["check", "--no-config"], path, &[]))?;
        writeln!(to, "{:36}{alone}", "command, check one file")?;
        let among = [Path::new("--changed"), Path::new("--among"), corpus];
        let changed = beside(runs, scans.all, || spawn(command, &["check", "--no-config"], path, &among))?;
        writeln!(to, "{:36}{changed} of the scan by all", "command, check one file among all")?;
    }
    let text = repeat(runs, || spawn(command, &["convert", "-q"], corpus, &[]))?;
    writeln!(to, "{:36}{text}", "command, all rules, to a pipe")?;
    let check = beside(runs, scans.one, || spawn(command, &["check"], corpus, &[]))?;
    writeln!(to, "{:36}{check} of the scan by one", "command, check with all lints")?;
    // The first run writes the files, the others find them as they should be: both are of interest.
    let directory = std::env::temp_dir().join(format!("rulecast-bench-{}", std::process::id()));
    let into = [Path::new("-o"), &directory];
    let fresh = repeat(runs, || {
        remove(&directory)?;
        spawn(command, &["convert", "-q"], corpus, &into)
    })?;
    writeln!(to, "{:36}{fresh} (removing the last run's files included)", "command, all rules, to new files")?;
    let same = repeat(runs, || spawn(command, &["convert", "-q"], corpus, &into))?;
    writeln!(to, "{:36}{same}", "command, all rules, files unchanged")?;
    remove(&directory)?;
    match peak_memory(command, corpus)? {
        Some(kib) => writeln!(to, "{:36}{} MiB (sampled)", "command, all rules, peak memory", kib.div_ceil(1024)),
        None => writeln!(to, "{:36}not known on this system", "command, all rules, peak memory"),
    }
}

/// The times, and how they compare with those of a scan that runs in turn with it: on a busy machine, too, both meet the
/// same.
fn beside(runs: usize, scan: &dyn Fn(), mut run: impl FnMut() -> io::Result<()>) -> io::Result<String> {
    let mut failure = None;
    let [measure, yardstick] = Measure::of_both(
        runs,
        || {
            if let Err(error) = run() {
                failure.get_or_insert(error);
            }
        },
        scan,
    );
    let ratio = format!("{measure}; best {:.2}, median {:.2}", measure.best_over(yardstick), measure.over(yardstick));
    failure.map_or(Ok(ratio), Err)
}

fn repeat(runs: usize, mut run: impl FnMut() -> io::Result<()>) -> io::Result<Measure> {
    let mut failure = None;
    let measure = Measure::of(runs, || {
        if let Err(error) = run() {
            failure.get_or_insert(error);
        }
    });
    failure.map_or(Ok(measure), Err)
}

fn remove(directory: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Some rules of a corpus are refused, so the exit code says nothing; a crash does.
fn spawn(command: &Path, args: &[&str], path: &Path, more: &[&Path]) -> io::Result<()> {
    let output = Command::new(command).args(args).arg(path).args(more).stderr(Stdio::null()).output()?;
    match output.status.code() {
        Some(0..=2) => Ok(()),
        _ => Err(io::Error::other(format!("{} ended with {}", command.display(), output.status))),
    }
}

/// In KiB: the high-water mark that the system keeps, asked for until the process ends.
fn peak_memory(command: &Path, corpus: &Path) -> io::Result<Option<u64>> {
    let mut child =
        Command::new(command).arg("convert").arg(corpus).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()));
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(peak)
}
