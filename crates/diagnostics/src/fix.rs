//! Changes to a text that a program can make.

use crate::Span;

/// Text to put in the place of other text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced; empty where something is only put in.
    pub span: Span,
    /// By what; empty where something is only taken out.
    pub text: String,
}

impl Edit {
    /// `text` in the place of what stands at `span`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Takes out what stands at `span`.
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }

    /// Puts `text` in before `at`.
    pub fn insert(at: Span, text: impl Into<String>) -> Self {
        Self::replace(Span { end: at.start, ..at }, text)
    }

    fn touches(&self, other: &Edit) -> bool {
        let (one, other) = (self.span, other.span);
        one.file == other.file && one.start <= other.end && other.start <= one.end
    }
}

/// A mended text, as edits of one file that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// All or none of them are made.
    pub edits: Vec<Edit>,
    /// Whether the rule matches the same events afterwards, so that no person needs to look at it first.
    pub safe: bool,
}

/// The text after as many of `fixes` as do not touch one another, the first first; and which of them those are.
pub fn apply<'a>(text: &str, fixes: impl IntoIterator<Item = &'a Fix>) -> (String, Vec<bool>) {
    let mut taken: Vec<&Edit> = Vec::new();
    let chosen = fixes
        .into_iter()
        .map(|fix| {
            let fits = |edit: &Edit| {
                let (start, end) = (edit.span.start as usize, edit.span.end as usize);
                start <= end && text.is_char_boundary(start) && text.is_char_boundary(end)
            };
            let free = fix.edits.iter().all(|edit| fits(edit) && !taken.iter().any(|other| edit.touches(other)));
            if free {
                taken.extend(&fix.edits);
            }
            free
        })
        .collect();
    taken.sort();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in taken {
        out.push_str(&text[done..edit.span.start as usize]);
        out.push_str(&edit.text);
        done = edit.span.end as usize;
    }
    out.push_str(&text[done..]);
    (out, chosen)
}

#[cfg(test)]
mod tests {
    use super::{Edit, Fix, apply};
    use crate::{FileId, Span};

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        let edit = |&(start, end, text): &(usize, usize, &str)| Edit::replace(Span::new(FileId(0), start, end), text);
        Fix { edits: edits.iter().map(edit).collect(), safe: true }
    }

    #[test]
    fn a_fix_is_made_whole_or_not_at_all() {
        let fixes = [fix(&[(4, 5, "é"), (0, 1, "")]), fix(&[(4, 4, "x"), (6, 7, "y")]), fix(&[(6, 6, "z")])];
        assert_eq!(apply("abcdefgh", &fixes), ("bcdéfzgh".to_owned(), vec![true, false, true]));
    }

    #[test]
    fn places_outside_of_the_text_are_left_alone() {
        assert_eq!(apply("é", &[fix(&[(1, 2, "")]), fix(&[(3, 4, "")])]), ("é".to_owned(), vec![false, false]));
    }
}
