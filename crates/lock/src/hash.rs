//! Hashes, as the lock file writes them.

use sha2::Digest;
use std::fmt::Write;
use std::io::{self, Read};

/// A SHA-256, in 64 hexadecimal digits of lower case.
pub type Sha256 = String;

/// The hash of a text, or of other bytes.
pub fn digest(bytes: impl AsRef<[u8]>) -> Sha256 {
    hexadecimal(&sha2::Sha256::digest(bytes.as_ref()))
}

/// The hash of all bytes of a file, which is not held in memory.
pub fn digest_of(mut file: impl Read) -> io::Result<Sha256> {
    let mut hash = sha2::Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hexadecimal(&hash.finalize())),
            read => hash.update(&piece[..read]),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> Sha256 {
    bytes.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The hash of the queries of one rule on one target, each with what it is for: `rule`, or the name of a class.
///
/// Names and texts are told apart by their lengths, so that no two lists of queries are one text.
pub fn of_queries<'a>(queries: impl IntoIterator<Item = (&'a str, &'a str)>) -> Sha256 {
    let mut all = String::new();
    for (role, text) in queries {
        let _ = write!(all, "{}:{role}{}:{text}", role.len(), text.len());
    }
    digest(&all)
}
