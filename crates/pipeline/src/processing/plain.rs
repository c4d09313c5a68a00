//! A pattern as a person writes it, for regexes to look at, without loss on the way back.
//!
//! A wildcard is `*` or `?`, a literal one has a backslash before it, a placeholder is `%name%`; backslashes stand for
//! themselves. That text is ambiguous (is `\*` a literal star, or a backslash and a wildcard?), so each piece of it
//! remembers what it came from: what a replacement leaves alone stays what it was.

use rulecast_ir::{Part, Pattern};
use std::ops::Range;

/// The text of a pattern, and where its pieces come from.
#[derive(Debug)]
pub(super) struct Plain {
    text: String,
    /// In order, without gaps.
    cells: Vec<(Range<usize>, Part)>,
}

impl Plain {
    pub(super) fn of(pattern: &Pattern) -> Self {
        let mut plain = Self { text: String::new(), cells: Vec::new() };
        for part in pattern.parts() {
            match part {
                Part::Literal(literal) => {
                    for c in literal.chars() {
                        let start = plain.text.len();
                        if matches!(c, '*' | '?') {
                            plain.text.push('\\');
                        }
                        plain.text.push(c);
                        plain.cells.push((start..plain.text.len(), Part::Literal(c.to_string())));
                    }
                }
                Part::AnyRun => plain.special("*", part),
                Part::AnyOne => plain.special("?", part),
                Part::Placeholder(name) => plain.special(&format!("%{name}%"), part),
            }
        }
        plain
    }

    fn special(&mut self, text: &str, part: &Part) {
        let start = self.text.len();
        self.text.push_str(text);
        self.cells.push((start..self.text.len(), part.clone()));
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What stands at a range. A piece that the range cuts counts by its characters.
    fn parts(&self, range: Range<usize>) -> Vec<Part> {
        let mut parts = Vec::new();
        for (cell, part) in &self.cells {
            if cell.start >= range.start && cell.end <= range.end {
                parts.push(part.clone());
            } else if cell.start < range.end && cell.end > range.start {
                let cut = cell.start.max(range.start)..cell.end.min(range.end);
                parts.extend(self.text.get(cut).map(|text| Part::Literal(text.to_owned())));
            }
        }
        parts
    }

    /// The pattern with every match replaced. None if nothing matches.
    pub(super) fn replace(&self, regex: &regex::Regex, replacement: &Replacement) -> Option<Pattern> {
        let mut pattern = Pattern::default();
        let (mut from, mut found) = (0, false);
        for captures in regex.captures_iter(&self.text) {
            let whole = captures.get_match();
            found = true;
            self.parts(from..whole.start()).into_iter().for_each(|part| pattern.push(part));
            for piece in &replacement.0 {
                match piece {
                    Piece::Text(text) => {
                        written(text).parts().iter().for_each(|part| pattern.push(part.clone()));
                    }
                    Piece::Group(group) => {
                        let range = group.of(&captures).map(|group| group.range());
                        let parts = range.map_or_else(Vec::new, |range| self.parts(range));
                        parts.into_iter().for_each(|part| pattern.push(part));
                    }
                }
            }
            from = whole.end();
        }
        self.parts(from..self.text.len()).into_iter().for_each(|part| pattern.push(part));
        found.then_some(pattern)
    }
}

/// Text of a replacement: `*` and `?` are wildcards unless a backslash stands before them; a backslash before anything
/// else is one, also before another.
pub(super) fn written(text: &str) -> Pattern {
    let mut pattern = Pattern::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(special @ ('*' | '?'))) => {
                pattern.push(Part::Literal(special.to_string()));
                chars.next();
            }
            ('*', _) => pattern.push(Part::AnyRun),
            ('?', _) => pattern.push(Part::AnyOne),
            (c, _) => pattern.push(Part::Literal(c.to_string())),
        }
    }
    pattern
}

/// A Python replacement: text, `\1`, `\g<name>`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Replacement(Vec<Piece>);

#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    Group(Group),
}

#[derive(Debug, PartialEq)]
enum Group {
    Number(usize),
    Name(String),
}

impl Group {
    fn of<'t>(&self, captures: &regex::Captures<'t>) -> Option<regex::Match<'t>> {
        match self {
            Group::Number(number) => captures.get(*number),
            Group::Name(name) => captures.name(name),
        }
    }
}

impl Replacement {
    /// Reads a replacement for `regex`. The error names what cannot be read, or the group that the regex lacks.
    pub(super) fn parse(text: &str, regex: &regex::Regex) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('\\') {
            literal.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let next = after.chars().next();
            let mut width = next.map_or(0, char::len_utf8);
            let group = match next {
                Some('\\') => {
                    literal.push('\\');
                    None
                }
                Some('n') => {
                    literal.push('\n');
                    None
                }
                Some('t') => {
                    literal.push('\t');
                    None
                }
                Some('r') => {
                    literal.push('\r');
                    None
                }
                Some('g') => {
                    let name = after[1..].strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(name, _)| name);
                    let name = name.ok_or_else(|| "`\\g` needs a group, as in `\\g<name>`".to_owned())?;
                    width = name.len() + 3;
                    Some(name.parse().map_or_else(|_| Group::Name(name.to_owned()), Group::Number))
                }
                Some(digit) if digit.is_ascii_digit() => {
                    width = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
                    Some(Group::Number(after[..width].parse().unwrap_or_default()))
                }
                Some(letter) if letter.is_ascii_alphabetic() => return Err(format!("unknown escape `\\{letter}`")),
                // Python leaves a backslash before anything else as it is.
                _ => {
                    literal.push('\\');
                    width = 0;
                    None
                }
            };
            if let Some(group) = group {
                let known = match &group {
                    Group::Number(number) => *number < regex.captures_len(),
                    Group::Name(name) => regex.capture_names().flatten().any(|known| known == name),
                };
                if !known {
                    return Err("the regex has no such group".to_owned());
                }
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Group(group));
            }
            rest = &after[width..];
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        Ok(Self(pieces))
    }

    /// The text with every match replaced.
    pub(super) fn replace_all(&self, regex: &regex::Regex, text: &str) -> String {
        let by = |captures: &regex::Captures<'_>| {
            self.0.iter().fold(String::new(), |mut out, piece| {
                match piece {
                    Piece::Text(text) => out.push_str(text),
                    Piece::Group(group) => out.push_str(group.of(captures).map_or("", |group| group.as_str())),
                }
                out
            })
        };
        regex.replace_all(text, by).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Plain, Replacement};
    use rulecast_ir::Pattern;

    fn replaced(pattern: &str, regex: &str, replacement: &str) -> Pattern {
        let regex = regex::Regex::new(regex).unwrap();
        let replacement = Replacement::parse(replacement, &regex).unwrap();
        Plain::of(&Pattern::parse(pattern)).replace(&regex, &replacement).unwrap()
    }

    #[test]
    fn what_a_replacement_leaves_alone_stays_what_it_was() {
        assert_eq!(replaced(r"C:\Users\\*\x", "Users", "Home"), Pattern::parse(r"C:\Home\\*\x"));
        assert_eq!(replaced(r"a\*b*c", "b", "B"), Pattern::parse(r"a\*B*c"));
        assert_eq!(replaced(r"*\x.exe", r"^\*\\", "?"), Pattern::parse("?x.exe"));
        assert_eq!(replaced(r"\\\\srv\\*", "srv", r"\\g"), Pattern::parse(r"\\\\\\g\\*"));
        assert_eq!(replaced("ab*cd", r"(b\*)(c)", r"\2\1"), Pattern::parse("acb*d"));
        assert_eq!(replaced("k=v", r"(?P<k>\w)=(?P<v>\w)", r"\g<v>:\g<k>"), Pattern::parse("v:k"));
    }

    #[test]
    fn replacements_name_groups_that_are_there() {
        let regex = regex::Regex::new("(a)").unwrap();
        assert_eq!(Replacement::parse(r"\2", &regex), Err("the regex has no such group".to_owned()));
        assert_eq!(Replacement::parse(r"\g<x>", &regex), Err("the regex has no such group".to_owned()));
        assert_eq!(Replacement::parse(r"\q", &regex), Err(r"unknown escape `\q`".to_owned()));
    }
}
