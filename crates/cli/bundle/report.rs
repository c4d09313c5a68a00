//! What a bundle holds, and what platforms would refuse of it.

use super::content::Origins;
use crate::output::{Console, count};
use rulecast_bundle::{Manifest, PACKAGES, Packed};
use rulecast_diagnostics::Diagnostic;
use rulecast_repository::problems;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::path::Path;

/// Prints what platforms would refuse, by file.
pub(super) fn findings(console: &mut Console, packed: &Packed, origins: &Origins, colour: bool) -> io::Result<()> {
    let mut by_file: BTreeMap<&str, Vec<Diagnostic>> = BTreeMap::new();
    for (package, packing) in &packed.packings {
        for left_out in &packing.left_out {
            let path = packed.manifest.rules[left_out.rule].path.strip_prefix("rules/").unwrap_or_default();
            by_file.entry(path).or_default().extend(left_out.finding(package));
        }
    }
    for (path, mut findings) in by_file {
        if let (false, Some(sources)) = (findings.is_empty(), origins.get(path)) {
            findings.sort_by_key(|finding| finding.at.span);
            console.err(&problems::text(&findings, sources, colour))?;
        }
    }
    Ok(())
}

/// A line for each package, and one for the whole.
pub(super) fn summary(manifest: &Manifest, files: usize, output: &Path) -> String {
    let counts = &manifest.counts;
    let mut text = String::new();
    let width = counts.packages.keys().map(String::len).max().unwrap_or(0);
    for package in PACKAGES.iter().map(|package| package.name) {
        let by_reason = &counts.packages[package];
        let included = by_reason.get("included").copied().unwrap_or(0);
        let left_out = by_reason.iter().filter(|(reason, number)| *reason != "included" && **number > 0);
        let left_out: Vec<String> = left_out.map(|(reason, number)| format!("{number} {reason}")).collect();
        let _ = write!(text, "{package:width$}  {included} of {}", count(counts.rules, "rule"));
        if !left_out.is_empty() {
            let _ = write!(text, " ({})", left_out.join(", "));
        }
        text.push('\n');
    }
    let info = &manifest.bundle;
    let _ = writeln!(
        text,
        "{} {}: {} in {}",
        info.name,
        info.version,
        count(files, "file"),
        output.to_string_lossy().replace('\\', "/")
    );
    text
}
