//! Modifiers that turn a value into other values.

use crate::{Part, Pattern};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What stands for a dash before a parameter: hyphen, slash, en dash, em dash, horizontal bar.
const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// The most variants that one value may have.
pub(super) const MAX_VARIANTS: usize = 125;

/// The variants of `windash`: each `-` or `/` at the start of a parameter (no word character before it, one after it)
/// is each of [`DASHES`]; the first variant is the value as written. `None` if there are too many.
pub(super) fn windash(pattern: &Pattern) -> Option<Vec<Pattern>> {
    let mut variants = vec![Pattern::default()];
    for part in pattern.parts() {
        let Part::Literal(text) = part else {
            variants.iter_mut().for_each(|variant| variant.push(part.clone()));
            continue;
        };
        let mut before = None;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let starts_parameter =
                matches!(c, '-' | '/') && !before.is_some_and(is_word) && chars.peek().copied().is_some_and(is_word);
            if starts_parameter {
                if variants.len() * DASHES.len() > MAX_VARIANTS {
                    return None;
                }
                let others = DASHES.into_iter().filter(|dash| *dash != c);
                variants = variants
                    .iter()
                    .flat_map(|variant| {
                        std::iter::once(c).chain(others.clone()).map(|dash| {
                            let mut variant = variant.clone();
                            variant.push(Part::Literal(dash.into()));
                            variant
                        })
                    })
                    .collect();
            } else {
                variants.iter_mut().for_each(|variant| variant.push(Part::Literal(c.into())));
            }
            before = Some(c);
        }
    }
    Some(variants)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How text becomes bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// `wide`, `utf16le`.
    Utf16Le,
    Utf16Be,
    /// `utf16`: little-endian behind a byte order mark.
    Utf16Bom,
}

impl Encoding {
    pub(super) fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Utf16Bom => [0xFF, 0xFE].into_iter().chain(Encoding::Utf16Le.bytes(text)).collect(),
        }
    }
}

/// The base64 text of these bytes.
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// What of the base64 text stays the same wherever these bytes stand in a longer text: one for each offset modulo
/// three. `None` if one of them is empty, since it would match everything.
pub(super) fn base64_offsets(bytes: &[u8]) -> Option<[String; 3]> {
    let offset = |offset: usize| {
        let padded: Vec<u8> = std::iter::repeat_n(b' ', offset).chain(bytes.iter().copied()).collect();
        let text = STANDARD.encode(&padded);
        // The first characters also hold bits of what stands before, the last ones of what stands after.
        let start = [0, 2, 3][offset];
        let end = text.len() - [0, 3, 2][padded.len() % 3];
        text.get(start..end).filter(|stable| !stable.is_empty()).map(str::to_owned)
    };
    Some([offset(0)?, offset(1)?, offset(2)?])
}

#[cfg(test)]
mod tests {
    use super::{Encoding, base64, base64_offsets, windash};
    use crate::{Part, Pattern};

    fn variants(text: &str) -> Vec<String> {
        let show = |part: &Part| match part {
            Part::Literal(text) => text.clone(),
            Part::AnyRun => "*".into(),
            Part::AnyOne => "?".into(),
            Part::Placeholder(name) => format!("%{name}%"),
        };
        let variants = windash(&Pattern::parse(text)).unwrap_or_default();
        variants.iter().map(|variant| variant.parts().iter().map(show).collect()).collect()
    }

    #[test]
    fn windash_varies_dashes_and_slashes_at_the_start_of_a_parameter() {
        assert_eq!(variants(" -foo"), [" -foo", " /foo", " \u{2013}foo", " \u{2014}foo", " \u{2015}foo"]);
        assert_eq!(variants(" /foo"), [" /foo", " -foo", " \u{2013}foo", " \u{2014}foo", " \u{2015}foo"]);
        assert_eq!(variants(" --foo")[1], " -/foo");
        assert_eq!(variants(" --foo").len(), 5);
        assert_eq!(variants("-a -b").len(), 25);
        assert_eq!(variants("*-a").len(), 5);
        for unchanged in ["a-b", " - ", "foo -", " -*", "\u{2013}foo"] {
            assert_eq!(variants(unchanged), [unchanged]);
        }
        assert_eq!(windash(&Pattern::parse("-a -b -c -d")), None);
    }

    #[test]
    fn base64_offsets_keep_the_stable_characters_only() {
        let of = |text: &str| base64_offsets(text.as_bytes());
        assert_eq!(of("foobar").unwrap(), ["Zm9vYmFy", "Zvb2Jhc", "mb29iYX"]);
        assert_eq!(of("f\u{f6}\u{f6}").unwrap(), ["ZsO2w7", "bDtsO2", "mw7bDt"]);
        assert_eq!(of("a"), None);
        assert_eq!(base64_offsets(&Encoding::Utf16Le.bytes("IEX")).unwrap(), ["SQBFAFgA", "kARQBYA", "JAEUAWA"]);
    }

    #[test]
    fn utf16_starts_with_a_byte_order_mark() {
        assert_eq!(base64(&Encoding::Utf16Bom.bytes("cmd")), "//5jAG0AZAA=");
        assert_eq!(base64(&Encoding::Utf16Be.bytes("cmd")), "AGMAbQBk");
    }
}
