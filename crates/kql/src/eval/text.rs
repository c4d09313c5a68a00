//! Tests of texts. None is ever null.
//!
//! Source: the reference's pages on string operators. Case counts for ASCII letters alone. A term is a run of ASCII
//! letters and digits as long as can be; `has` finds its text where terms begin and end at its edges, also where the text
//! holds several terms (measured on another engine of the language).

use super::value::Text;
use crate::ast::Comparison;

/// How two texts are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextTest {
    kind: Kind,
    fold: bool,
    pub(super) negated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Equal,
    StartsWith,
    EndsWith,
    Contains,
    Has,
    HasPrefix,
    HasSuffix,
}

/// The test that an operator makes; none where it is not one of two texts.
pub(super) fn test(operator: Comparison) -> Option<TextTest> {
    use Comparison as C;
    let (kind, fold, negated) = match operator {
        C::EqualFold => (Kind::Equal, true, false),
        C::NotEqualFold => (Kind::Equal, true, true),
        C::StartsWith => (Kind::StartsWith, true, false),
        C::NotStartsWith => (Kind::StartsWith, true, true),
        C::StartsWithCased => (Kind::StartsWith, false, false),
        C::NotStartsWithCased => (Kind::StartsWith, false, true),
        C::EndsWith => (Kind::EndsWith, true, false),
        C::NotEndsWith => (Kind::EndsWith, true, true),
        C::EndsWithCased => (Kind::EndsWith, false, false),
        C::NotEndsWithCased => (Kind::EndsWith, false, true),
        C::Contains => (Kind::Contains, true, false),
        C::NotContains => (Kind::Contains, true, true),
        C::ContainsCased => (Kind::Contains, false, false),
        C::NotContainsCased => (Kind::Contains, false, true),
        C::Has => (Kind::Has, true, false),
        C::NotHas => (Kind::Has, true, true),
        C::HasCased => (Kind::Has, false, false),
        C::NotHasCased => (Kind::Has, false, true),
        C::HasPrefix => (Kind::HasPrefix, true, false),
        C::NotHasPrefix => (Kind::HasPrefix, true, true),
        C::HasPrefixCased => (Kind::HasPrefix, false, false),
        C::NotHasPrefixCased => (Kind::HasPrefix, false, true),
        C::HasSuffix => (Kind::HasSuffix, true, false),
        C::NotHasSuffix => (Kind::HasSuffix, true, true),
        C::HasSuffixCased => (Kind::HasSuffix, false, false),
        C::NotHasSuffixCased => (Kind::HasSuffix, false, true),
        C::Equal | C::NotEqual | C::Less | C::LessOrEqual | C::Greater | C::GreaterOrEqual | C::MatchesRegex => {
            return None;
        }
    };
    Some(TextTest { kind, fold, negated })
}

impl TextTest {
    /// Whether the test is about terms, which say nothing of an empty text.
    pub(super) fn is_of_terms(self) -> bool {
        matches!(self.kind, Kind::Has | Kind::HasPrefix | Kind::HasSuffix)
    }

    /// Whether `text` passes.
    pub(super) fn passes(self, text: &Text, wanted: &Text) -> bool {
        if self.fold { self.holds(text.folded(), wanted.folded()) } else { self.holds(text.as_str(), wanted.as_str()) }
    }

    fn holds(self, text: &str, wanted: &str) -> bool {
        let found = match self.kind {
            Kind::Equal => text == wanted,
            Kind::StartsWith => text.starts_with(wanted),
            Kind::EndsWith => text.ends_with(wanted),
            Kind::Contains => text.contains(wanted),
            Kind::Has => has(text, wanted, true, true),
            Kind::HasPrefix => has(text, wanted, true, false),
            Kind::HasSuffix => has(text, wanted, false, true),
        };
        found != self.negated
    }
}

/// Whether `wanted` stands in `text`, not inside a term at the edges named.
pub(super) fn has(text: &str, wanted: &str, whole_start: bool, whole_end: bool) -> bool {
    let is_term = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let (bytes, sought) = (text.as_bytes(), wanted.as_bytes());
    let inside = |before: Option<&u8>, after: Option<&u8>| is_term(before) && is_term(after);
    let mut from = 0;
    while let Some(found) = text[from..].find(wanted) {
        let (start, end) = (from + found, from + found + sought.len());
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        let cut = whole_start && inside(before, sought.first()) || whole_end && inside(sought.last(), bytes.get(end));
        if !cut {
            return true;
        }
        from = start + text[start..].chars().next().map_or(1, char::len_utf8);
    }
    false
}
