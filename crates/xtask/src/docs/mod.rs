//! `cargo xtask docs`: the pages of `docs/reference` that are made from the code. A test fails while one is stale.

mod diagnostics;
mod models;
mod modifiers;
mod rule_schema;
mod sample;
#[cfg(test)]
mod schemas;
mod support;

use std::io::{self, Write};
use std::path::PathBuf;

const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference");

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write them.
    #[arg(long, default_value = REFERENCE)]
    to: PathBuf,
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    for (name, text) in pages() {
        let path = args.to.join(&name);
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory)?;
        }
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        std::fs::write(&path, text)?;
        writeln!(to, "wrote {name}")?;
    }
    Ok(())
}

/// Each page, by its path from the directory of the reference.
fn pages() -> Vec<(String, String)> {
    let models = models::pages().into_iter().map(|(name, page)| (format!("../models/{name}"), page));
    reference().into_iter().map(|(name, page)| (name.to_owned(), page)).chain(models).collect()
}

fn reference() -> Vec<(&'static str, String)> {
    vec![
        ("configuration.md", rulecast_config::page()),
        ("diagnostics.md", diagnostics::page()),
        ("lints.md", rulecast_lint::reference()),
        ("lock.schema.json", rulecast_files::json_text(rulecast_lock::schema())),
        ("manifest.schema.json", rulecast_bundle::schema()),
        ("model.schema.json", rulecast_files::json_text(rulecast_compile::model_schema())),
        ("modifiers.md", modifiers::page()),
        ("pipelines.md", rulecast_compile::processing::page()),
        ("rule.schema.json", rule_schema::schema()),
        ("rulecast.schema.json", rulecast_config::schema()),
        ("support.md", support::page()),
    ]
}

#[test]
fn the_reference_is_up_to_date() {
    for (name, text) in pages() {
        let path = PathBuf::from(REFERENCE).join(&name);
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(written == text, "docs/reference/{name} is stale: run `cargo xtask docs`");
    }
}
