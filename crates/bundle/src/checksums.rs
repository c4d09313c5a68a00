//! `SHA256SUMS`: what `sha256sum -c` reads.

use rulecast_files::Tree;
use rulecast_lock::digest;
use std::fmt::Write;

/// A line for each file of a tree, in its order.
pub(crate) fn sums(tree: &Tree) -> String {
    let mut text = String::new();
    for (path, bytes) in tree.files() {
        let _ = writeln!(text, "{}  {path}", digest(bytes));
    }
    text
}
