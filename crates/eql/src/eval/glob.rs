//! Wildcards: `*` is any text, `?` one character. Nothing escapes them, and a backslash is a backslash.
//!
//! Source: "Wildcards" of the syntax reference, and the wildcard queries that Elasticsearch's tests expect.

/// A pattern, in the shape that is fastest to match.
#[derive(Debug)]
pub(super) enum Glob {
    Exact(String),
    Prefix(String),
    Suffix(String),
    Contains(String),
    General(Vec<Piece>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Char(char),
    One,
    Run,
}

impl Glob {
    /// Whether a pattern has wildcards.
    pub(super) fn is_wild(pattern: &str) -> bool {
        pattern.contains(['*', '?'])
    }

    pub(super) fn new(pattern: &str) -> Self {
        if !Self::is_wild(pattern) {
            return Glob::Exact(pattern.to_owned());
        }
        let inner = pattern.trim_matches('*');
        if !Self::is_wild(inner) {
            let inner = inner.to_owned();
            match (pattern.starts_with('*'), pattern.ends_with('*')) {
                (true, true) => return Glob::Contains(inner),
                (true, false) => return Glob::Suffix(inner),
                _ => return Glob::Prefix(inner),
            }
        }
        let piece = |c| match c {
            '*' => Piece::Run,
            '?' => Piece::One,
            c => Piece::Char(c),
        };
        Glob::General(pattern.chars().map(piece).collect())
    }

    /// Whether the whole text matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Glob::Exact(exact) => text == exact,
            Glob::Prefix(prefix) => text.starts_with(prefix),
            Glob::Suffix(suffix) => text.ends_with(suffix),
            Glob::Contains(part) => text.contains(part),
            Glob::General(pieces) => general(pieces, &text.chars().collect::<Vec<_>>()),
        }
    }
}

/// Greedy, with one way back: to the last `*`.
fn general(pieces: &[Piece], text: &[char]) -> bool {
    let (mut piece, mut at) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while at < text.len() || piece < pieces.len() {
        match pieces.get(piece) {
            Some(Piece::Run) => {
                back = Some((piece, at));
                piece += 1;
            }
            Some(Piece::One) if at < text.len() => {
                piece += 1;
                at += 1;
            }
            Some(Piece::Char(c)) if text.get(at) == Some(c) => {
                piece += 1;
                at += 1;
            }
            _ => match back {
                Some((run, start)) if start < text.len() => {
                    back = Some((run, start + 1));
                    piece = run + 1;
                    at = start + 1;
                }
                _ => return false,
            },
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn wildcards_match_the_whole_text() {
        for (pattern, hits, misses) in [
            ("doc*", vec!["doc", "docs", "document"], vec!["dos", "adoc"]),
            ("*doc", vec!["adoc", "doc", "asciidoc"], vec!["docs"]),
            ("d*c", vec!["doc", "disc", "dc", "dcc"], vec!["docs", "d"]),
            ("doc?", vec!["docs", "doc?", "docö"], vec!["doc", "document"]),
            ("d?c", vec!["doc"], vec!["disc", "dc"]),
            ("*a*b?c*", vec!["xaxbbxc", "ab\ncz"], vec!["abc", "aab"]),
            ("*", vec!["", "x\ny"], vec![]),
            ("**", vec!["", "x"], vec![]),
            ("?*", vec!["x", "xy"], vec![""]),
            ("C:\\*", vec!["C:\\x"], vec!["C:*"]),
            ("", vec![""], vec!["x"]),
        ] {
            hits.iter().for_each(|text| assert!(Glob::new(pattern).matches(text), "{pattern} {text}"));
            misses.iter().for_each(|text| assert!(!Glob::new(pattern).matches(text), "{pattern} {text}"));
        }
    }
}
