//! Text patterns: literals and wildcards, without loss.

use crate::placeholder::{self, Piece};

/// Literal text and wildcards in order, in the case they were written in.
///
/// `contains`, `startswith` and `endswith` are not operators but wildcards at the ends. Two literals never stand side
/// by side, nor two any-runs, and no literal is empty; the pattern of the empty string has no parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Pattern {
    parts: Vec<Part>,
}

/// One piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// This text.
    Literal(String),
    /// `*`: any characters, none too, newlines too.
    AnyRun,
    /// `?`: exactly one character.
    AnyOne,
    /// `%name%` under `expand`, not yet replaced by its values.
    Placeholder(String),
}

impl Part {
    /// The name, of a placeholder.
    pub(crate) fn placeholder(&self) -> Option<&str> {
        match self {
            Part::Placeholder(name) => Some(name),
            Part::Literal(_) | Part::AnyRun | Part::AnyOne => None,
        }
    }
}

/// A pattern by the simplest question that answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape<'a> {
    /// Equal to this text (the empty text too).
    Exact(&'a str),
    /// Starts with it; never empty.
    Prefix(&'a str),
    /// Ends with it; never empty.
    Suffix(&'a str),
    /// Contains it; never empty.
    Contains(&'a str),
    /// `*` alone: any value, the empty one too.
    Anything,
    /// Anything else: wildcards inside, or `?`.
    Glob(&'a [Part]),
}

impl Pattern {
    /// The pattern of exactly this text.
    pub fn literal(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { parts: if text.is_empty() { Vec::new() } else { vec![Part::Literal(text)] } }
    }

    /// Reads a Sigma string (specification, "Escape Character"): `*` and `?` are wildcards, a backslash before `*`,
    /// `?` or a backslash makes that character literal, and before anything else is itself.
    pub fn parse(text: &str) -> Self {
        if !text.contains(['*', '?']) && !text.contains("\\\\") {
            return Self::literal(text);
        }
        let mut pattern = Self::default();
        let mut literal = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.peek() {
                    Some('*' | '?' | '\\') => literal.extend(chars.next()),
                    _ => literal.push('\\'),
                },
                '*' | '?' => {
                    pattern.push(Part::Literal(std::mem::take(&mut literal)));
                    pattern.push(if c == '*' { Part::AnyRun } else { Part::AnyOne });
                }
                _ => literal.push(c),
            }
        }
        pattern.push(Part::Literal(literal));
        pattern
    }

    /// Reads a Sigma string under `expand`: `%name%` is a placeholder too, and `\%` a literal percent sign.
    pub fn parse_with_placeholders(text: &str) -> Self {
        let mut pattern = Self::default();
        // Split before the escapes of wildcards are read: they leave `\%` alone.
        for piece in placeholder::pieces(text) {
            match piece {
                Piece::Text(text) => pattern.extend(Self::parse(&text)),
                Piece::Placeholder(name) => pattern.push(Part::Placeholder(name.to_owned())),
            }
        }
        pattern
    }

    /// The pattern of these parts, with neighbours joined.
    pub fn from_parts(parts: impl IntoIterator<Item = Part>) -> Self {
        let mut pattern = Self::default();
        parts.into_iter().for_each(|part| pattern.push(part));
        pattern
    }

    /// Adds a part at the end, joining it to a like neighbour.
    pub fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (_, Part::Literal(text)) if text.is_empty() => {}
            (Some(Part::Literal(before)), Part::Literal(text)) => before.push_str(&text),
            (Some(Part::AnyRun), Part::AnyRun) => {}
            (_, part) => self.parts.push(part),
        }
    }

    /// Adds the parts of another pattern at the end.
    pub(crate) fn extend(&mut self, other: Pattern) {
        other.parts.into_iter().for_each(|part| self.push(part));
    }

    /// `*` before it, unless it starts with one.
    #[must_use]
    pub fn any_before(mut self) -> Self {
        if self.parts.first() != Some(&Part::AnyRun) {
            self.parts.insert(0, Part::AnyRun);
        }
        self
    }

    /// `*` after it, unless it ends with one.
    #[must_use]
    pub fn any_after(mut self) -> Self {
        self.push(Part::AnyRun);
        self
    }

    /// The parts, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The simplest question that this pattern is.
    pub fn shape(&self) -> Shape<'_> {
        match self.parts.as_slice() {
            [] => Shape::Exact(""),
            [Part::Literal(text)] => Shape::Exact(text),
            [Part::AnyRun] => Shape::Anything,
            [Part::Literal(text), Part::AnyRun] => Shape::Prefix(text),
            [Part::AnyRun, Part::Literal(text)] => Shape::Suffix(text),
            [Part::AnyRun, Part::Literal(text), Part::AnyRun] => Shape::Contains(text),
            parts => Shape::Glob(parts),
        }
    }

    /// The text, if the pattern is nothing else.
    pub fn as_literal(&self) -> Option<&str> {
        match self.shape() {
            Shape::Exact(text) => Some(text),
            _ => None,
        }
    }

    /// The literal pieces, in order.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(text) => Some(text.as_str()),
            Part::AnyRun | Part::AnyOne | Part::Placeholder(_) => None,
        })
    }

    /// The first placeholder, if any is left.
    pub fn placeholder(&self) -> Option<&str> {
        self.placeholders().next()
    }

    /// The placeholders that are left, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(Part::placeholder)
    }

    /// Whether a literal holds a letter beyond ASCII, which engines fold differently.
    pub fn has_foreign_letter(&self) -> bool {
        self.literals().any(|text| !text.is_ascii() && text.chars().any(|c| !c.is_ascii() && c.is_alphabetic()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, Pattern, Shape};

    fn shown(text: &str) -> String {
        let show = |part: &Part| match part {
            Part::Literal(text) => format!("'{text}'"),
            Part::AnyRun => "*".into(),
            Part::AnyOne => "?".into(),
            Part::Placeholder(name) => format!("%{name}%"),
        };
        Pattern::parse(text).parts().iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn escapes_follow_the_specification() {
        for (text, expected) in [
            (r"a\b", r"'a\b'"),
            (r"a\\b", r"'a\b'"),
            (r"a\*b", "'a*b'"),
            (r"a\?b", "'a?b'"),
            (r"a\\*b", r"'a\' * 'b'"),
            (r"a\\\*b", r"'a\*b'"),
            (r"a\\\b", r"'a\\b'"),
            (r"a\\\\b", r"'a\\b'"),
            (r"a\", r"'a\'"),
            (r"a\\", r"'a\'"),
            (r"\\server", r"'\server'"),
            (r"\\\\server", r"'\\server'"),
            (r"C:\Temp\*", "'C:\\Temp*'"),
            (r"\\Modules\\*\.ps", r"'\Modules\' * '\.ps'"),
            (r"\\\*\IPC$", r"'\*\IPC$'"),
            (r"\%", r"'\%'"),
            ("", ""),
            ("**", "*"),
            ("??", "? ?"),
            ("a*b?c", "'a' * 'b' ? 'c'"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn placeholders_stand_between_percent_signs() {
        let shown = |text| format!("{:?}", Pattern::parse_with_placeholders(text).parts());
        assert_eq!(shown("%srv%"), r#"[Placeholder("srv")]"#);
        assert_eq!(shown(r"\%plain%name%"), r#"[Literal("%plain"), Placeholder("name")]"#);
        assert_eq!(shown(r"C:\Users\%user%\x"), r#"[Literal("C:\\Users%user%\\x")]"#);
        assert_eq!(shown(r"C:\Users\\%user%\x"), r#"[Literal("C:\\Users\\"), Placeholder("user"), Literal("\\x")]"#);
        assert_eq!(shown(r"a\\\%b%"), r#"[Literal("a\\%b%")]"#);
        assert_eq!(shown("100% sure"), r#"[Literal("100% sure")]"#);
        assert_eq!(shown("a%%b"), r#"[Literal("a%%b")]"#);
        assert_eq!(shown("x%a b%*"), r#"[Literal("x"), Placeholder("a b"), AnyRun]"#);
    }

    #[test]
    fn wildcards_at_the_ends_are_not_doubled() {
        let contains = |text| Pattern::parse(text).any_before().any_after();
        assert_eq!(contains("*foo*"), contains("foo"));
        assert_eq!(contains("foo").shape(), Shape::Contains("foo"));
        assert_eq!(contains(r"foo\*").shape(), Shape::Contains("foo*"));
        assert_eq!(contains(r"\Temp\").shape(), Shape::Contains(r"\Temp\"));
        assert_eq!(contains("").shape(), Shape::Anything);
        assert_eq!(contains("*").shape(), Shape::Anything);
        assert_eq!(Pattern::parse("").shape(), Shape::Exact(""));
    }
}
