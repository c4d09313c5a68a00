//! `SHA256SUMS`: what `sha256sum -c` reads.

use rulecast_files::Tree;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The hash of some bytes, in hexadecimal digits of lower case.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A line for each file of a tree, in its order.
pub(crate) fn sums(tree: &Tree) -> String {
    let mut text = String::new();
    for (path, bytes) in tree.files() {
        let _ = writeln!(text, "{}  {path}", sha256(bytes));
    }
    text
}
