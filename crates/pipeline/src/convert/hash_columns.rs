//! `hash_columns`: Sysmon's `SHA1=…,MD5=…,SHA256=…,IMPHASH=…`, with a column for each algorithm.
//!
//! Sysmon writes the algorithms in any order, so a rule asks with `contains` for one of them. Case of hex digits never
//! counts. An algorithm that the SIEM lacks is refused: leaving it out would miss what the rule asks for.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Case, Logic, Mapped, Part, Pattern, Predicate, Refusal, RefusalReason, Scalar, Shape, Test};

#[derive(Debug)]
pub(crate) struct HashColumns(pub(crate) Vec<(Algorithm, Place)>);

/// The algorithms that Sysmon knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Imphash,
}

impl Algorithm {
    pub(crate) const ALL: [Algorithm; 4] = [Algorithm::Md5, Algorithm::Sha1, Algorithm::Sha256, Algorithm::Imphash];

    /// As Sysmon writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "MD5",
            Algorithm::Sha1 => "SHA1",
            Algorithm::Sha256 => "SHA256",
            Algorithm::Imphash => "IMPHASH",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    pub(super) fn digits(self) -> usize {
        match self {
            Algorithm::Md5 | Algorithm::Imphash => 32,
            Algorithm::Sha1 => 40,
            Algorithm::Sha256 => 64,
        }
    }
}

impl HashColumns {
    pub(super) fn columns(&self) -> impl Iterator<Item = &Place> {
        self.0.iter().map(|(_, place)| place)
    }

    fn column(&self, algorithm: Algorithm, leaf: &Leaf<'_>) -> Result<&Place, Refusal> {
        let known = self.0.iter().find(|(one, _)| *one == algorithm).map(|(_, place)| place);
        known.ok_or_else(|| {
            let name = algorithm.name();
            leaf.refuse(
                RefusalReason::UnmappedField,
                format!("the data model has no column for `{name}`, which `{}` holds", leaf.field),
            )
            .field(name)
            .help(format!("ask for another hash of the same file than its {name}"))
        })
    }

    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let pattern = match leaf.test {
            Test::Text { pattern, .. } => pattern,
            Test::Exists(wanted) => return Ok(leaf.exists(self.columns(), *wanted)),
            _ => return Err(leaf.refuse_value("each hash stands in a column of its own")),
        };
        let Shape::Contains(text) = pattern.shape() else {
            return Err(leaf
                .refuse_value("each hash stands in a column of its own, so their order is not known")
                .help(format!("write `{}|contains: 'SHA256=…'`", leaf.field)));
        };
        let (name, digits) = text.split_once('=').map_or((None, text), |(name, digits)| (Some(name), digits));
        let digits = digits.trim_end_matches(',');
        if digits.is_empty()
            && let Some(algorithm) = name.and_then(|name| Algorithm::from_name(name.trim_start_matches(',')))
        {
            // A hash that could not be made is written as zeros, and not every agent keeps those.
            return Ok(leaf.unchecked().on(self.column(algorithm, leaf)?, Test::Exists(true)));
        }
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(leaf.refuse_value("it is not one hash in hex"));
        }
        match name {
            Some(name) => {
                // `,MD5=` and `MD5=` are the same question.
                let name = name.trim_start_matches(',');
                let Some(algorithm) = Algorithm::from_name(name) else {
                    return Err(leaf.refuse(
                        RefusalReason::UnmappedField,
                        format!("`{name}` in `{}` is no hash that Sysmon writes", leaf.field),
                    ));
                };
                self.one(leaf, algorithm, digits)
            }
            None => self.any(leaf, digits),
        }
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        for text in values.iter().map(Scalar::text) {
            for (name, digits) in text.split(',').filter_map(|hash| hash.split_once('=')) {
                let algorithm = Algorithm::from_name(name.trim());
                if let Some((_, place)) = self.0.iter().find(|(one, _)| Some(*one) == algorithm) {
                    row.put_text(place, digits.trim());
                }
            }
        }
    }

    fn one(&self, leaf: &Leaf<'_>, algorithm: Algorithm, digits: &str) -> Mapping {
        let place = self.column(algorithm, leaf)?;
        match digits.len().cmp(&algorithm.digits()) {
            std::cmp::Ordering::Less => Ok(test(leaf, place, Pattern::literal(digits).any_after())),
            std::cmp::Ordering::Equal => Ok(test(leaf, place, Pattern::literal(digits))),
            std::cmp::Ordering::Greater => {
                let (name, length) = (algorithm.name(), algorithm.digits());
                Err(leaf.refuse_value(format_args!("{name} has {length} hex digits, and this has {}", digits.len())))
            }
        }
    }

    /// Digits without an algorithm: of each that has so many, or of all if none has.
    fn any(&self, leaf: &Leaf<'_>, digits: &str) -> Mapping {
        let whole = Algorithm::ALL.into_iter().filter(|one| one.digits() == digits.len()).collect::<Vec<_>>();
        if !whole.is_empty() {
            // A longer hash that happens to contain these digits does not occur.
            let leaf = leaf.unchecked();
            let tests = whole.into_iter().map(|one| self.one(&leaf, one, digits));
            return tests.collect::<Result<Vec<_>, _>>().map(Logic::any);
        }
        let pattern = Pattern::from_parts([Part::AnyRun, Part::Literal(digits.to_owned()), Part::AnyRun]);
        let tests = Algorithm::ALL.into_iter().map(|one| Ok(test(leaf, self.column(one, leaf)?, pattern.clone())));
        tests.collect::<Result<Vec<_>, Refusal>>().map(Logic::any)
    }
}

fn test(leaf: &Leaf<'_>, place: &Place, pattern: Pattern) -> Predicate<Mapped> {
    leaf.text(place, pattern, Case::Insensitive)
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const PROCESS: &str = "windows/process_creation";

    #[test]
    fn an_algorithm_is_equality_on_its_column() {
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Hashes|contains", &["SHA1=0E22166AABBCCDDEEFF00112233445566778899A", "IMPHASH=F1039CE1AABBCCDDEEFF001122334455"])),
            @"process.hash.sha1 = '0E22166AABBCCDDEEFF00112233445566778899A' or process.pe.imphash = 'F1039CE1AABBCCDDEEFF001122334455'"
        );
        assert_snapshot!(mapped("ecs", PROCESS, item("Hashes|contains", &["md5=abc"])), @"process.hash.md5 = 'abc*'");
        assert_snapshot!(mapped("ecs", PROCESS, item("Hashes|contains", &["IMPHASH=", ",md5="])), @"process.pe.imphash exists {mapping:Hashes} or process.hash.md5 exists {mapping:Hashes}");
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Hashes|contains|cased", &["MD5=ABC"])),
            @"process.hash.md5 = 'ABC*'"
        );
    }

    #[test]
    fn digits_alone_are_of_every_hash_of_their_length() {
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Hashes|contains", &["0E22166AABBCCDDEEFF0011223344556"])),
            @"process.hash.md5 = '0E22166AABBCCDDEEFF0011223344556' {mapping:Hashes} or process.pe.imphash = '0E22166AABBCCDDEEFF0011223344556' {mapping:Hashes}"
        );
        assert_snapshot!(
            mapped("xdr", PROCESS, item("Hashes|contains", &["0E22166AABBCCDDEEFF00112233445566778899A"])),
            @"SHA1 = '0E22166AABBCCDDEEFF00112233445566778899A' {mapping:Hashes}"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Hashes|contains", &["0E22166A"])),
            @"process.hash.md5 = '*0E22166A*' or process.hash.sha1 = '*0E22166A*' or process.hash.sha256 = '*0E22166A*' or process.pe.imphash = '*0E22166A*'"
        );
    }

    #[test]
    fn what_no_column_holds_is_refused() {
        assert_snapshot!(
            mapped("xdr", PROCESS, item("Hashes|contains", &["MD5=00000000000000000000000000000000", "IMPHASH=F1039CE1AABBCCDDEEFF001122334455"])),
            @"unmapped-field at 20: the data model has no column for `IMPHASH`, which `Hashes` holds (ask for another hash of the same file than its IMPHASH)"
        );
        assert_snapshot!(
            mapped("xdr", PROCESS, item("Hashes|contains", &["abc"])),
            @"unmapped-field at 10: the data model has no column for `IMPHASH`, which `Hashes` holds (ask for another hash of the same file than its IMPHASH)"
        );
        assert_snapshot!(mapped("ecs", PROCESS, item("Hashes|contains", &["CRC=1", "SHA1=xyz", "MD5=0123456789abcdef0123456789abcdef00"])), @r#"
        unmapped-field at 10: `CRC` in `Hashes` is no hash that Sysmon writes
        value at 20: the value `*SHA1=xyz*` of `Hashes` cannot be mapped: it is not one hash in hex
        value at 30: the value `*MD5=0123456789abcdef0123456789abcdef00*` of `Hashes` cannot be mapped: MD5 has 32 hex digits, and this has 34
        "#);
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Hashes|startswith", &["SHA1=ab"])),
            @"value at 10: the value `SHA1=ab*` of `Hashes` cannot be mapped: each hash stands in a column of its own, so their order is not known (write `Hashes|contains: 'SHA256=…'`)"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Hashes|exists", &["false"])),
            @"process.hash.md5 missing and process.hash.sha1 missing and process.hash.sha256 missing and process.pe.imphash missing"
        );
    }

    #[test]
    fn of_an_event_each_hash_has_its_column() {
        const SHA1: &str = "A10A4BB4A10A4BB4A10A4BB4A10A4BB4A10A4BB4";
        const MD5: &str = "F09C0D9F8D0A3F6D6E3F5A5BDF9B2D2B";
        let both = format!("SHA1={SHA1},MD5={MD5},IMPHASH=00000000000000000000000000000000");
        assert_snapshot!(
            projected("xdr", "windows/process_creation", &[("Hashes", &both)]),
            @"DeviceProcessEvents {MD5: 'F09C0D9F8D0A3F6D6E3F5A5BDF9B2D2B', SHA1: 'A10A4BB4A10A4BB4A10A4BB4A10A4BB4A10A4BB4'}"
        );
        let alone = format!("MD5={MD5}");
        let events: [&[(&str, &str)]; 3] = [&[], &[("Hashes", &both)], &[("Hashes", &alone)]];
        let (sha1, lower) = (format!("SHA1={SHA1}"), MD5.to_ascii_lowercase());
        let items: [(&str, &[&str]); 5] = [
            ("Hashes|contains", &[&sha1, "MD5=F09C"]),
            ("Hashes|contains", &[&lower]),
            ("Hashes|contains", &["IMPHASH=0000"]),
            ("Hashes|contains", &["MD5="]),
            ("Hashes|exists", &["true"]),
        ];
        agree("ecs", "windows/process_creation", &events, &items);
        agree("xdr", "windows/process_creation", &events, &items);
    }
}
