//! Ids of what has none of its own.

use sha2::{Digest, Sha256};

/// The id of a class of a rule: a UUID of version 8 (RFC 9562, 5.8) of the first 122 bits of the SHA-256 of the rule's id
/// in lower case, a line feed and the name of the class. The same rule and class have the same id in every bundle.
pub(super) fn of_class(rule: &str, class: &str) -> String {
    let hash = Sha256::digest(format!("{}\n{class}", rule.to_lowercase()));
    let mut bytes: [u8; 16] = std::array::from_fn(|at| hash[at]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut id = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        id.extend([byte >> 4, byte & 0x0f].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::of_class;

    #[test]
    fn a_class_has_an_id_of_its_own() {
        let rule = "d5bf0165-7605-4a1e-81a5-69393b4c2913";
        let one = of_class(rule, "A");
        let hyphens: Vec<usize> = one.match_indices('-').map(|(at, _)| at).collect();
        assert_eq!((one.len(), hyphens), (36, vec![8, 13, 18, 23]));
        assert_eq!(one, of_class(&rule.to_uppercase(), "A"));
        assert_ne!(one, of_class(rule, "B"));
        assert_eq!(one.as_bytes()[14], b'8');
    }
}
