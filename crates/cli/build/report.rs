//! What a run says of the files.

use crate::exit::Failure;
use crate::output::{Console, count};
use rulecast_compile::Target;
use rulecast_files::{Change, Comparison, Drift};
use similar::{ChangeTag, TextDiff};
use std::fmt::Write;
use std::path::Path;

/// How it is shown.
pub(super) struct Style<'a> {
    /// The directory of the queries.
    pub(super) root: &'a Path,
    pub(super) colour: bool,
}

impl Style<'_> {
    fn path(&self, path: &str) -> String {
        self.root.join(path).to_string_lossy().replace('\\', "/")
    }
}

/// A line for each file that differs, and if asked, how it does.
pub(super) fn changes(
    console: &mut Console,
    compared: &Comparison<'_>,
    style: &Style<'_>,
    diff: bool,
) -> Result<(), Failure> {
    for change in &compared.changes {
        let why = match change.obstacle {
            Some(obstacle) => format!(" ({obstacle})"),
            None if has_crlf_alone(change) => " (its lines end in CRLF)".to_owned(),
            None => String::new(),
        };
        console.out(&format!("{} {}{why}\n", change.drift.word(), style.path(&change.path)))?;
        if diff {
            console.out(&unified(change, style))?;
        }
    }
    Ok(())
}

/// How each file changes.
pub(super) fn diffs(console: &mut Console, compared: &Comparison<'_>, style: &Style<'_>) -> Result<(), Failure> {
    Ok(compared.changes.iter().try_for_each(|change| console.out(&unified(change, style)))?)
}

/// As `git diff` shows it.
fn unified(change: &Change<'_>, style: &Style<'_>) -> String {
    let (old, new) = (String::from_utf8_lossy(&change.old), String::from_utf8_lossy(change.new));
    let path = style.path(&change.path);
    let from = if change.drift == Drift::Missing { "/dev/null".to_owned() } else { format!("a/{path}") };
    let to = if change.drift == Drift::Stale { "/dev/null".to_owned() } else { format!("b/{path}") };
    let mut out = String::new();
    let bold = if style.colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let _ = writeln!(out, "{0}--- {from}{1}\n{0}+++ {to}{1}", bold.0, bold.1);
    let diff = TextDiff::from_lines(&*old, &*new);
    for hunk in diff.unified_diff().iter_hunks() {
        let _ = writeln!(out, "{}", hunk.header());
        for line in hunk.iter_changes() {
            let (sign, colour) = match line.tag() {
                ChangeTag::Equal => (' ', ""),
                ChangeTag::Delete => ('-', "\u{1b}[31m"),
                ChangeTag::Insert => ('+', "\u{1b}[32m"),
            };
            let text = line.value();
            let ended = text.strip_suffix('\n');
            let (on, off) = if style.colour && !colour.is_empty() { (colour, "\u{1b}[0m") } else { ("", "") };
            let _ = writeln!(out, "{on}{sign}{}{off}", ended.unwrap_or(text));
            if ended.is_none() {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}

/// Whether the file would be as it should be if its lines ended as ours do: a setting of git makes such files.
fn has_crlf_alone(change: &Change<'_>) -> bool {
    let old = change.old.split_inclusive(|byte| *byte == b'\n').flat_map(|line| match line.strip_suffix(b"\r\n") {
        Some(text) => [text, b"\n"],
        None => [line, b""],
    });
    change.drift == Drift::Modified && old.flatten().eq(change.new)
}

/// The last line.
pub(super) fn summary(
    compared: &Comparison<'_>,
    files: usize,
    targets: &[Target<'_>],
    style: &Style<'_>,
    check: bool,
) -> String {
    let names: Vec<String> = targets.iter().map(ToString::to_string).collect();
    let made = format!("{} for {} in {}", count(files, "file"), names.join(", "), style.path(""));
    let made = made.trim_end_matches('/');
    let number = |drift: Drift| compared.changes.iter().filter(|change| change.drift == drift).count();
    let words = if check { ["modified", "missing", "stale"] } else { ["changed", "added", "removed"] };
    let mends = check && compared.changes.iter().all(|change| change.obstacle.is_none());
    let end = if mends { "; `rulecast build` brings them up to date" } else { "" };
    let numbers = [Drift::Modified, Drift::Missing, Drift::Stale].map(number);
    let differing: Vec<String> =
        numbers.iter().zip(words).filter(|(number, _)| **number > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if differing.is_empty() {
        format!("{made}: up to date\n")
    } else {
        format!("{made}: {}{end}\n", differing.join(", "))
    }
}
