//! What a team meets around the command, with the programs that it uses: `cargo xtask hooks`.
//!
//! A scratch repository is made by `rulecast init`, and the real pre-commit is installed in it: once with the hooks built by
//! pre-commit from a clone of this repository, once with the wheel that maturin makes. In each, a clean commit passes, each
//! fault stops one, by the hook that is for it and with the line named, and its fix passes. The files for CI are held against
//! the schemas of their forges, and the scripts of the action are run. No forge is asked: whether a workflow runs there is
//! not shown.
//!
//! Nothing is written outside of `.oracles/` and the target directory, and no configuration of the user is read.

mod action;
mod build;
mod commits;
mod place;
mod schemas;

use place::Place;
use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Show this part alone.
    #[arg(long)]
    only: Option<Part>,
    /// The wheel and the command that is in it; without them, maturin builds both.
    #[arg(long, num_args = 2, value_names = ["WHEEL", "COMMAND"])]
    built: Option<Vec<std::path::PathBuf>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The hooks that pre-commit builds.
    Rust,
    /// The hooks of the wheel.
    Wheel,
    /// The files and scripts for CI.
    Ci,
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let (wheel, command) = match args.built.as_deref() {
        Some([wheel, command]) => (Some(wheel.canonicalize()?), Some(command.canonicalize()?)),
        _ => (None, None),
    };
    let place = Place::make(&root, command)?;
    let wants = |part| args.only.is_none_or(|only| only == part);
    let mut timed = |what: &str, done: &mut dyn FnMut() -> io::Result<String>| -> io::Result<()> {
        let start = Instant::now();
        let told = done().map_err(|error| io::Error::other(format!("{what}: {error}")))?;
        writeln!(to, "{what:44}{:>7.1} s  {told}", start.elapsed().as_secs_f64())?;
        to.flush()
    };
    let mut wheel = wheel;
    if wheel.is_none() {
        timed("the wheel, built by maturin", &mut || {
            let built = build::wheel(&place)?;
            let name = built.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            wheel = Some(built);
            Ok(name)
        })?;
    }
    let wheel = wheel.expect("it was built, or the run has ended");
    if wants(Part::Ci) {
        timed("files for CI, by the schemas of their forges", &mut || schemas::check_all(&place))?;
        timed("the scripts of the action", &mut || action::run_all(&place))?;
    }
    if wants(Part::Wheel) {
        timed("hooks of the wheel", &mut || commits::run_all(&place, &commits::Kind::Wheel(&wheel)))?;
    }
    if wants(Part::Rust) {
        let mut clone = None;
        timed("a clone of this repository", &mut || {
            clone = Some(build::clone(&place)?);
            Ok(String::new())
        })?;
        let (clone, revision) = clone.expect("it was made, or the run has ended");
        timed("hooks built by pre-commit", &mut || {
            commits::run_all(&place, &commits::Kind::Rust { clone: &clone, revision: &revision })
        })?;
    }
    Ok(())
}
