//! How long `rulecast bundle` takes, and how much memory, for one, two and four times a corpus: both must grow no faster
//! than the rules do.

use crate::rules;
use rulecast_bundle::Manifest;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A directory of rules.
    corpus: PathBuf,
    /// The command [default: the one of this workspace, built for release].
    #[arg(long)]
    command: Option<PathBuf>,
    /// How often each size is run; the best run counts.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// How much more than the rules the time may grow, from one size to four times it.
    #[arg(long, default_value_t = 1.5)]
    slack: f64,
    /// How many KiB of memory each further rule may take.
    #[arg(long, default_value_t = 64)]
    memory: u64,
}

/// What one size took.
struct Run {
    rules: usize,
    time: Duration,
    /// In KiB, where the system tells.
    memory: Option<u64>,
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let command = args.command.clone().unwrap_or_else(|| PathBuf::from("target/release/rulecast"));
    let folder = tempfile::tempdir()?;
    let mut paths = Vec::new();
    rules::files(&args.corpus, &mut paths)?;
    writeln!(to, "{:>7} {:>10} {:>8} {:>12} {:>10}", "rules", "time", "ratio", "per rule", "memory")?;
    let mut all: Vec<Run> = Vec::new();
    for times in [1_usize, 2, 4] {
        let from = folder.path().join(format!("{times}"));
        for copy in 0..times {
            write_copy(&args.corpus, &paths, &from, copy)?;
        }
        let run = measure(&command, &from, &folder.path().join("out"), args.runs)?;
        let ratio = all.first().map_or(1.0, |first| run.time.as_secs_f64() / first.time.as_secs_f64());
        let each = run.time.as_micros() / u128::try_from(run.rules.max(1)).expect("a count");
        let memory = run.memory.map_or_else(|| "not known".to_owned(), |kib| format!("{} MiB", kib.div_ceil(1024)));
        let time = format!("{:.2?}", run.time);
        writeln!(to, "{:>7} {time:>10} {ratio:>8.2} {each:>9} µs {memory:>10}", run.rules)?;
        all.push(run);
    }
    let (first, last) = (&all[0], &all[all.len() - 1]);
    let ratio = last.time.as_secs_f64() / first.time.as_secs_f64();
    if ratio > 4.0 * args.slack {
        return Err(io::Error::other(format!("four times the rules take {ratio:.1} times as long: not linear")));
    }
    if let (Some(less), Some(more)) = (first.memory, last.memory) {
        let each = more.saturating_sub(less) / u64::try_from((last.rules - first.rules).max(1)).expect("a count");
        writeln!(to, "each further rule takes {each} KiB of memory")?;
        if each > args.memory {
            return Err(io::Error::other(format!("{} KiB are allowed", args.memory)));
        }
    }
    Ok(())
}

/// The files of a corpus once more, with other ids.
fn write_copy(corpus: &Path, paths: &[PathBuf], to: &Path, copy: usize) -> io::Result<()> {
    for path in paths {
        let text = std::fs::read_to_string(path)?;
        let lines = text.lines().map(|line| match line.strip_prefix("id: ") {
            Some(id) if copy > 0 && id.len() >= 36 => format!("id: {copy:04x}{}", &id[4..]),
            _ => line.to_owned(),
        });
        let text: String = lines.flat_map(|line| [line, "\n".to_owned()]).collect();
        let below = path.strip_prefix(corpus).unwrap_or(path);
        let place = to.join(format!("copy-{copy}")).join(below);
        std::fs::create_dir_all(place.parent().unwrap_or(to))?;
        std::fs::write(place, text)?;
    }
    Ok(())
}

fn measure(command: &Path, from: &Path, out: &Path, runs: usize) -> io::Result<Run> {
    let mut best: Option<Duration> = None;
    let mut memory = None;
    for _ in 0..runs.max(1) {
        if out.exists() {
            std::fs::remove_dir_all(out)?;
        }
        let start = Instant::now();
        let mut child = Command::new(command)
            .args(["bundle", "--quiet", "--no-config", "--output"])
            .args([out, from])
            .stderr(Stdio::null())
            .spawn()?;
        let status = format!("/proc/{}/status", child.id());
        let ended = loop {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            memory = memory.max(line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()));
            match child.try_wait()? {
                Some(ended) => break ended,
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        let time = start.elapsed();
        if !ended.success() {
            return Err(io::Error::other(format!("{} ended with {ended}", command.display())));
        }
        best = Some(best.map_or(time, |best| best.min(time)));
    }
    let manifest = std::fs::read_to_string(out.join("detection-bundle-0.1.0/manifest.json"))?;
    let manifest = Manifest::parse(&manifest).map_err(io::Error::other)?;
    Ok(Run { rules: manifest.counts.rules, time: best.unwrap_or_default(), memory })
}
