//! The site in a real browser: `cargo xtask browse SITE_DIR`.
//!
//! Debian's Chromium is driven by `puppeteer-core` through the lists of tests in `crates/xtask/browse/tests/`, from files and
//! from `rulecast serve`. `axe-core` judges how well each kind of page can be used. Both packages are pinned by version and
//! hash, and none is part of this repository.

mod served;

use crate::programs::{debian, needed, once, run as run_program};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

const MANIFEST: &str = include_str!("../../browse/package.json");
const LOCK: &str = include_str!("../../browse/package-lock.json");

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The site: the directory with `index.html`, or a bundle that holds one.
    #[arg(value_name = "SITE_DIR")]
    site: PathBuf,
    /// The command that serves it [default: the one built with this program].
    #[arg(long, value_name = "FILE")]
    command: Option<PathBuf>,
    /// The site of a large corpus, whose index is timed.
    #[arg(long, value_name = "DIR")]
    corpus_site: Option<PathBuf>,
    /// Write pictures of the pages there.
    #[arg(long, value_name = "DIR")]
    shots: Option<PathBuf>,
    /// Run the tests whose name holds this alone.
    #[arg(long, value_name = "WORDS")]
    only: Option<String>,
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    needed("node", "to drive the browser")?;
    needed("npm", "to install what drives the browser")?;
    debian(&["chromium"], "the site is shown in it")?;
    let packages = root.join(".oracles").join("browse");
    once(&packages, LOCK, || {
        std::fs::write(packages.join("package.json"), MANIFEST)?;
        std::fs::write(packages.join("package-lock.json"), LOCK)?;
        run_program(
            Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
                .current_dir(&packages),
        )
    })?;
    let site = served::site(&args.site)?;
    let command = args.command.clone().unwrap_or_else(crate::rulecast::beside_this);
    let server = served::Served::start(&command, &site)?;
    let mut node = Command::new("node");
    node.arg(root.join("crates/xtask/browse/run.mjs")).arg(&packages).arg(&site).args(["--served", &server.address]);
    if let Some(corpus) = &args.corpus_site {
        node.arg("--corpus-site").arg(served::site(corpus)?);
    }
    if let Some(shots) = &args.shots {
        node.arg("--shots").arg(shots);
    }
    if let Some(only) = &args.only {
        node.arg("--only").arg(only);
    }
    to.flush()?;
    let status = node.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("the site does not do what it should in a browser")) }
}
