//! The files of the page: those written by hand, and scripts with the compiler and with examples.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::GzEncoder};
use rulecast_compile::Target;
use serde::Serialize;
use std::io::{self, Write};
use std::path::Path;

/// The script that holds the compiler.
pub(super) const COMPILER: &str = "compiler.js";

/// Written by hand.
const PAGE: [&str; 6] = ["index.html", "playground.css", "engine.js", "share.js", "editor.js", "playground.js"];

/// Rules of the library, for the reader to begin with.
const EXAMPLES: [&str; 5] = [
    "macos/correlation/correlation_macos_pkg_script_then_network.yml",
    "cross_platform/correlation/correlation_installer_package_activity.yml",
    "macos/process_creation/proc_creation_macos_installer_untrusted_package.yml",
    "windows/process_creation/proc_creation_win_msiexec_package_from_url.yml",
    "windows/correlation/correlation_win_msiexec_url_burst.yml",
];

/// A text to begin with.
#[derive(Serialize)]
struct Example {
    title: String,
    text: String,
}

/// Every file with its name.
pub(super) fn all(root: &Path, wasm: &[u8]) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let page = root.join("crates").join("playground").join("page");
    let mut files = Vec::new();
    for name in PAGE {
        files.push((name, std::fs::read(page.join(name))?));
    }
    files.push((COMPILER, compiler(wasm)?.into_bytes()));
    files.push(("examples.js", examples(root, &page.join("broken.yml"))?.into_bytes()));
    files.push(("playground.wasm", wasm.to_vec()));
    Ok(files)
}

fn compiler(wasm: &[u8]) -> io::Result<String> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(wasm)?;
    let packed = STANDARD.encode(packer.finish()?);
    let targets: Vec<String> = Target::ALL.iter().map(ToString::to_string).collect();
    let targets = serde_json::to_string(&targets)?;
    Ok(format!(
        "// The compiler as WebAssembly, packed by gzip, in base64; and the targets that it knows.\n\
         \"use strict\";\nconst RULECAST_TARGETS = {targets};\nconst RULECAST_COMPILER =\n\"{packed}\";\n"
    ))
}

fn examples(root: &Path, broken: &Path) -> io::Result<String> {
    let rules = EXAMPLES.iter().map(|path| root.join("rules").join(path));
    let mut examples = Vec::new();
    for path in rules.chain([broken.to_owned()]) {
        let text = std::fs::read_to_string(&path)?;
        let title = text.lines().find_map(|line| line.strip_prefix("title: "));
        let title = title.ok_or_else(|| io::Error::other(format!("{}: no title", path.display())))?.to_owned();
        examples.push(Example { title, text });
    }
    let examples = serde_json::to_string_pretty(&examples)?;
    Ok(format!("// Rules to begin with.\n\"use strict\";\nconst RULECAST_EXAMPLES = {examples};\n"))
}
