//! `hash_list`: every hash of a file in one column, each as a value or all in one text, with their names or without.
//!
//! Whichever it is, a text in it contains the digits of a hash. Whose digits they are it need not tell, so a part of a
//! hash is refused: it might be a part of another one.

use super::{Algorithm, Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Case, Pattern, Scalar, Shape, Test};

#[derive(Debug)]
pub(crate) struct HashList(pub(crate) Place);

impl HashList {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let pattern = match leaf.test {
            Test::Text { pattern, .. } => pattern,
            Test::Exists(_) => return Ok(leaf.same(&self.0)),
            _ => return Err(leaf.refuse_value("one field holds every hash, each of its own form")),
        };
        let (Shape::Contains(text) | Shape::Exact(text)) = pattern.shape() else {
            return Err(leaf
                .refuse_value("one field holds every hash, in no order")
                .help(format!("write `{}|contains: 'SHA256=…'`", leaf.field)));
        };
        let (name, digits) = text.split_once('=').map_or((None, text), |(name, digits)| (Some(name), digits));
        let digits = digits.trim_end_matches(',');
        let named = name.map(|name| Algorithm::from_name(name.trim_start_matches(',')));
        let fits = |algorithm: Algorithm| algorithm.digits() == digits.len();
        let whole = match named {
            Some(algorithm) => algorithm.is_some_and(fits),
            None => Algorithm::ALL.into_iter().any(fits),
        };
        if !whole || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(leaf.refuse_value("it is not one whole hash in hex, and a part may be of another hash"));
        }
        // That a hash of one algorithm is in a longer one of another does not occur.
        let digits = Pattern::literal(digits).any_before().any_after();
        Ok(leaf.unchecked().text(&self.0, digits, Case::Insensitive))
    }

    /// As Sysmon's add-on has them: all in one text.
    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        row.put(&self.0, values.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const PROCESS: &str = "windows/process_creation";
    const MD5: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_hash_is_looked_for_by_its_digits() {
        assert_snapshot!(
            mapped("cim", PROCESS, item("Hashes|contains", &[&format!("MD5={MD5}"), &format!("IMPHASH={MD5},"), MD5])),
            @"process_hash = '*0123456789abcdef0123456789abcdef*' {mapping:Hashes}"
        );
        assert_snapshot!(mapped("cim", PROCESS, item("md5", &[MD5])), @"process_hash = '*0123456789abcdef0123456789abcdef*' {mapping:md5}");
        assert_snapshot!(mapped("cim", PROCESS, item("Hashes|exists", &["false"])), @"process_hash missing");
    }

    #[test]
    fn a_part_of_a_hash_is_refused() {
        assert_snapshot!(
            mapped("cim", PROCESS, item("Hashes|contains", &["MD5=0123", "CRC=0123", "xyz", &format!("SHA1={MD5}")])),
            @r#"
        value at 10: the value `*MD5=0123*` of `Hashes` cannot be mapped: it is not one whole hash in hex, and a part may be of another hash
        value at 20: the value `*CRC=0123*` of `Hashes` cannot be mapped: it is not one whole hash in hex, and a part may be of another hash
        value at 30: the value `*xyz*` of `Hashes` cannot be mapped: it is not one whole hash in hex, and a part may be of another hash
        value at 40: the value `*SHA1=0123456789abcdef0123456789abcdef*` of `Hashes` cannot be mapped: it is not one whole hash in hex, and a part may be of another hash
        "#
        );
        assert_snapshot!(mapped("cim", PROCESS, item("Hashes|startswith", &["MD5=0123"])), @"value at 10: the value `MD5=0123*` of `Hashes` cannot be mapped: one field holds every hash, in no order (write `Hashes|contains: 'SHA256=…'`)");
        assert_snapshot!(mapped("cim", PROCESS, item("Hashes|number", &["5"])), @"value at 10: the number `5` of `Hashes` cannot be mapped: one field holds every hash, each of its own form");
    }

    #[test]
    fn of_an_event_the_hashes_stand_together() {
        let hashes = format!("MD5={MD5},SHA1=0123456789abcdef0123456789abcdef01234567");
        assert_snapshot!(projected("cim", PROCESS, &[("Hashes", &hashes)]), @"cim_windows_processes {process_hash: 'MD5=0123456789abcdef0123456789abcdef,SHA1=0123456789abcdef0123456789abcdef01234567'}");
        let events: [&[(&str, &str)]; 3] =
            [&[], &[("Hashes", &hashes)], &[("Hashes", "MD5=00000000000000000000000000000000")]];
        let (named, sha1) = (format!("MD5={MD5}"), "0123456789abcdef0123456789abcdef01234567");
        let items: [(&str, &[&str]); 3] =
            [("Hashes|contains", &[&named]), ("Hashes|contains", &[sha1]), ("Hashes|exists", &["true"])];
        agree("cim", PROCESS, &events, &items);
    }
}
