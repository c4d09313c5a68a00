//! The playground: the compiler as WebAssembly, and the page around it: `cargo xtask playground`.
//!
//! What is written works as it stands, also from `file://`: the compiler is in a script, as nothing may be fetched there.

mod build;
mod files;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write it; files of an earlier run are replaced.
    #[arg(short, long, value_name = "DIR", default_value = "target/playground")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let start = Instant::now();
    let built = build::build(&root)?;
    let seconds = start.elapsed().as_secs();
    std::fs::create_dir_all(&args.output)?;
    let mut packed = 0;
    for (name, bytes) in files::all(&root, &built.wasm)? {
        if name == files::COMPILER {
            packed = bytes.len();
        }
        std::fs::write(args.output.join(name), bytes)?;
    }
    let kilobytes = |bytes: usize| bytes / 1000;
    writeln!(
        to,
        "built by {} in {seconds} s; playground.wasm {} kB, in the page {} kB; in {}",
        built.by,
        kilobytes(built.wasm.len()),
        kilobytes(packed),
        args.output.display()
    )
}
