//! The text of Lucene regexes: characters, classes, repetitions, groups.
//!
//! An alternative is never left empty: Lucene reads the `|` of `(|x)` as a character.

use rulecast_ir::regex::RegexClass;

/// How a letter matches in both cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Folding {
    /// By `regex~`: every letter of the regex folds.
    ByOperator,
    /// As a class, `[aA]`: only some do.
    Expand,
}

/// A part of a regex, and what it may stand in without parentheses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    level: Level,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Level {
    /// One character, class or group: may be repeated.
    Atom,
    /// Several, or a repeated one.
    Concat,
    /// Alternatives.
    Alternation,
}

impl Piece {
    pub(super) fn empty() -> Self {
        Self { text: String::new(), level: Level::Concat }
    }

    pub(super) fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), level: Level::Atom }
    }

    /// A sequence that is written as such.
    pub(super) fn run(text: impl Into<String>) -> Self {
        Self { text: text.into(), level: Level::Concat }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn group(self) -> Self {
        Self::atom(format!("({})", self.text))
    }

    pub(super) fn concat(pieces: Vec<Piece>) -> Self {
        let mut pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
        let Some(first) = pieces.next() else { return Self::empty() };
        let Some(second) = pieces.next() else { return first };
        let mut text = String::new();
        for piece in [first, second].into_iter().chain(pieces) {
            match piece.level {
                Level::Atom | Level::Concat => text.push_str(&piece.text),
                Level::Alternation => text.push_str(&piece.group().text),
            }
        }
        Self::run(text)
    }

    /// Any of the pieces; `None` is one that never matches.
    pub(super) fn alternation(pieces: impl IntoIterator<Item = Option<Piece>>) -> Option<Self> {
        let (mut some, mut optional, mut count) = (String::new(), false, 0);
        let mut only = None;
        for piece in pieces.into_iter().flatten() {
            if piece.is_empty() {
                optional = true;
                continue;
            }
            if count > 0 {
                some.push('|');
            }
            some.push_str(&piece.text);
            only = Some(piece);
            count += 1;
        }
        let joined = match (count, only) {
            (0, _) | (_, None) => return optional.then(Self::empty),
            (1, Some(only)) => only,
            (_, Some(_)) => Self { text: some, level: Level::Alternation },
        };
        Some(if optional { joined.repeat(0, Some(1)) } else { joined })
    }

    pub(super) fn repeat(self, min: u32, max: Option<u32>) -> Self {
        if self.is_empty() || max == Some(0) {
            return Self::empty();
        }
        let sign = match (min, max) {
            (1, Some(1)) => return self,
            (0, Some(1)) => "?".to_owned(),
            (0, None) => "*".to_owned(),
            (1, None) => "+".to_owned(),
            (min, None) => format!("{{{min},}}"),
            (min, Some(max)) if min == max => format!("{{{min}}}"),
            (min, Some(max)) => format!("{{{min},{max}}}"),
        };
        let operand = if self.level == Level::Atom { self } else { self.group() };
        Self::run(operand.text + &sign)
    }
}

/// One character.
pub(super) fn char(c: char, fold: bool, folding: Folding) -> Piece {
    let mut text = String::new();
    if fold && folding == Folding::Expand {
        let other = if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        text.extend(['[', c, other, ']']);
    } else {
        push_char(&mut text, c);
    }
    Piece::atom(text)
}

/// Any character, or any but a line feed.
pub(super) fn any(newline: bool) -> Piece {
    Piece::atom(if newline { "." } else { "[^\n]" })
}

/// A class, printed out; `None` if it is of no characters.
pub(super) fn class(class: &RegexClass, folding: Folding) -> Option<Piece> {
    if let Some(letter) = folded_letter(class) {
        return Some(char(letter, true, folding));
    }
    let (complement, negated);
    let mut ranges = class.ranges.as_slice();
    if ranges.last().is_some_and(|(_, end)| *end == char::MAX) {
        (complement, negated) = (complement_of(ranges), !class.negated);
        ranges = &complement;
    } else {
        negated = class.negated;
    }
    match (ranges, negated) {
        ([], false) => return None,
        ([], true) => return Some(any(true)),
        ([(start, end)], false) if start == end => return Some(char(*start, false, folding)),
        _ => {}
    }
    let mut text = String::from(if negated { "[^" } else { "[" });
    for (start, end) in ranges {
        push_in_class(&mut text, *start);
        if start != end {
            if u32::from(*start) + 1 < u32::from(*end) {
                text.push('-');
            }
            push_in_class(&mut text, *end);
        }
    }
    text.push(']');
    Some(Piece::atom(text))
}

/// Lucene's own characters are escaped, those of its optional operators too. Letters and digits never are: `\n` is an
/// error there, and `\d` a class.
pub(super) fn push_char(text: &mut String, c: char) {
    const SPECIAL: &str = r#".?+*|{}[]()"\#@&<>~^$"#;
    if SPECIAL.contains(c) {
        text.push('\\');
    }
    text.push(c);
}

fn push_in_class(text: &mut String, c: char) {
    if matches!(c, '\\' | '[' | ']' | '^' | '-' | '"' | '&' | '~') {
        text.push('\\');
    }
    text.push(c);
}

/// The letter, if the class is of one letter in both cases.
pub(super) fn folded_letter(class: &RegexClass) -> Option<char> {
    match class.ranges.as_slice() {
        [(a, b), (c, d)] if !class.negated && a == b && c == d && a.is_ascii_uppercase() => {
            (a.to_ascii_lowercase() == *c).then_some(*c)
        }
        _ => None,
    }
}

/// Whether the class holds each ASCII letter in both cases or in neither.
pub(super) fn is_closed(class: &RegexClass) -> bool {
    let holds = |c: char| class.ranges.iter().any(|(start, end)| (*start..=*end).contains(&c));
    ('a'..='z').all(|c| holds(c) == holds(c.to_ascii_uppercase()))
}

/// All characters that are not in `ranges`, which are in order.
fn complement_of(ranges: &[(char, char)]) -> Vec<(char, char)> {
    let mut complement = Vec::new();
    let mut next = Some('\0');
    for (start, end) in ranges {
        if let Some(from) = next.filter(|from| from < start) {
            let before = if *start == '\u{e000}' { '\u{d7ff}' } else { step(*start, -1) };
            complement.push((from, before));
        }
        next = match *end {
            char::MAX => None,
            '\u{d7ff}' => Some('\u{e000}'),
            end => Some(step(end, 1)),
        };
    }
    complement.extend(next.map(|from| (from, char::MAX)));
    complement
}

fn step(c: char, by: i32) -> char {
    char::from_u32(u32::from(c).wrapping_add_signed(by)).expect("beside the character is another, surrogates aside")
}
