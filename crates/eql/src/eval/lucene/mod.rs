//! Lucene's regular expressions, as `regex` and `regex~` run them.
//!
//! Promises: the whole text is matched; all of Lucene's operators are on, as Elasticsearch has them (`|`, `&` both
//! hold, `~` all but, `@` any text, `#` nothing, `<1-100>` a number, `"…"` as it stands); `.` takes any character, a line
//! break too; without case an ASCII letter that stands alone folds, one in a range or in `\w` does not.
//!
//! Lacks: named automata (`<name>`; Elasticsearch has none either), and the limit on the states of an automaton, in whose
//! stead the work of one match is limited.
//!
//! Source: the reference of Lucene's syntax, and 47 measured answers of Lucene 9.9 ([`tests`]); the rules on where an
//! operator stands for itself are those of Lucene's parser.

mod parse;
mod run;

/// How deep groups and `~` may nest.
const MAX_DEPTH: usize = 100;

/// A regular expression.
#[derive(Debug)]
pub(super) struct Regex(Node);

impl Regex {
    /// Reads a pattern; the error is Lucene's reason.
    pub(super) fn new(pattern: &str, caseless: bool) -> Result<Self, String> {
        parse::pattern(pattern, caseless).map(Regex)
    }

    /// Whether the whole text matches; an error where that is too much work.
    pub(super) fn matches(&self, text: &[char]) -> Result<bool, String> {
        run::matches(&self.0, text)
    }
}

#[derive(Debug)]
enum Node {
    /// One character of a set.
    One(Set),
    /// Any text.
    Anything,
    /// No text, not even the empty one.
    Nothing,
    Concat(Vec<Node>),
    Union(Vec<Node>),
    Both(Box<Node>, Box<Node>),
    AllBut(Box<Node>),
    /// As often as `min` and, if it is bounded, at most `max`.
    Repeat {
        node: Box<Node>,
        min: u32,
        max: Option<u32>,
    },
    /// A decimal number, of as many digits if there is a count, else with any zeros before it.
    Interval {
        min: u32,
        max: u32,
        digits: Option<usize>,
    },
}

/// Characters, as ranges of their codes, both ends in.
#[derive(Clone, Debug)]
struct Set(Vec<(u32, u32)>);

impl Set {
    fn any() -> Self {
        Set(vec![(0, u32::from(char::MAX))])
    }

    /// One character, in both cases if case does not count: of ASCII letters alone.
    fn of(c: char, caseless: bool) -> Self {
        let range = |c: char| (u32::from(c), u32::from(c));
        let other = if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        if caseless && other != c { Set(vec![range(c), range(other)]) } else { Set(vec![range(c)]) }
    }

    fn ranges(ranges: &[(char, char)]) -> Self {
        Set(ranges.iter().map(|(from, to)| (u32::from(*from), u32::from(*to))).collect())
    }

    fn contains(&self, c: char) -> bool {
        let code = u32::from(c);
        self.0.iter().any(|(from, to)| (*from..=*to).contains(&code))
    }

    fn complement(mut self) -> Self {
        self.0.sort_unstable();
        let mut next = 0;
        let mut ranges = Vec::new();
        for (from, to) in self.0 {
            if from > next {
                ranges.push((next, from - 1));
            }
            next = next.max(to + 1);
        }
        if next <= u32::from(char::MAX) {
            ranges.push((next, u32::from(char::MAX)));
        }
        Set(ranges)
    }
}

#[cfg(test)]
mod tests;
