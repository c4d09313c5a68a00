//! Whether the language server speaks the protocol: a client of others converses with it.
//!
//! The client is that of pygls, whose types come from the protocol's own model: an answer of another shape does not pass.
//! It opens every rule of the library, asks every kind of question all over it, edits it, and leaves. Lacks: what an editor
//! makes of the answers.

use super::tools::Tools;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

/// Runs the conversation, writes what was answered, and returns what was wrong.
pub(super) fn run(tools: &Tools, command: &Path, rules: &Path, to: &mut impl Write) -> io::Result<Vec<String>> {
    let script = tools.scripts.join("lsp_client.py");
    let output = Command::new(&tools.python).arg(script).arg(command).arg(rules).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let (faults, counts): (Vec<&str>, Vec<&str>) = said.lines().partition(|line| line.starts_with("fault: "));
    let mut failures: Vec<String> = faults.into_iter().map(|fault| format!("pygls: {fault}")).collect();
    if !output.status.success() && failures.is_empty() {
        failures.push(format!("pygls: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    writeln!(
        to,
        "\npygls 2.0.0 conversed with the language server, {} failures: {}",
        failures.len(),
        counts.join(" ")
    )?;
    Ok(failures)
}
