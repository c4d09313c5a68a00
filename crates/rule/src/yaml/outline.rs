//! What a YAML text holds, piece by piece: for comparing two texts.

use super::{Data, Yaml, read};
use crate::problems::Problems;
use rulecast_diagnostics::{FileId, Spanned};

/// A piece of YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A mapping begins.
    Map,
    /// A list begins.
    List,
    /// The last mapping or list ends.
    End,
    /// A key of a mapping.
    Key(String),
    /// A scalar, decoded, and whether it is quoted: that decides what it stands for.
    Scalar(String, bool),
}

/// The pieces of all documents of `text` in order, each with its place (that of an `End` is its beginning's), or `None`
/// if it is not valid YAML.
pub fn outline(text: &str) -> Option<Vec<Spanned<Piece>>> {
    let mut problems = Problems::default();
    let roots = read(FileId(0), text, &mut problems);
    let mut pieces = Vec::new();
    roots.iter().for_each(|root| add(root, &mut pieces));
    let failed = problems.into_diagnostics().iter().any(rulecast_diagnostics::Diagnostic::is_error);
    (!failed).then_some(pieces)
}

fn add(yaml: &Yaml, to: &mut Vec<Spanned<Piece>>) {
    let mut push = |piece| to.push(Spanned::new(piece, yaml.span));
    match yaml.data() {
        Data::Scalar(scalar) => push(Piece::Scalar(scalar.text.clone(), scalar.style != super::Style::Plain)),
        Data::List(items) => {
            push(Piece::List);
            items.iter().for_each(|item| add(item, to));
            to.push(Spanned::new(Piece::End, yaml.span));
        }
        Data::Map(entries) => {
            push(Piece::Map);
            for entry in entries {
                to.push(Spanned::new(Piece::Key(entry.key.text.clone()), entry.key.span));
                add(&entry.value, to);
            }
            to.push(Spanned::new(Piece::End, yaml.span));
        }
        Data::Shared(_) => unreachable!("`data` looks through anchors"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, outline};

    #[test]
    fn quoting_counts_and_layout_does_not() {
        let pieces = |text| outline(text).map(|all| all.into_iter().map(|one| one.node).collect::<Vec<Piece>>());
        assert_eq!(pieces("a: [b, 'c']\n"), pieces("# x\na:\n  - b\n  - \"c\"\n"));
        assert_ne!(pieces("a: 1"), pieces("a: '1'"));
        assert_eq!(pieces("a: 'b"), None);
    }
}
