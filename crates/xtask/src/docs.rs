//! `cargo xtask docs`: the pages of `docs/reference` that are made from the code. A test beside the code that each is made
//! from fails while it is stale.

use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write them.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference"))]
    to: PathBuf,
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    for (name, text) in pages() {
        let path = args.to.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        std::fs::write(&path, text)?;
        writeln!(to, "wrote {name}")?;
    }
    Ok(())
}

/// Each page, by its file name.
fn pages() -> Vec<(&'static str, String)> {
    vec![("configuration.md", rulecast_config::page()), ("rulecast.schema.json", rulecast_config::schema())]
}
