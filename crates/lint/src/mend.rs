//! Findings mended in the text.

use rulecast_diagnostics::{Diagnostic, Edit, FileId, Fix, Span, Spanned, apply};
use rulecast_rule::{Piece, outline};

/// A text with findings mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The new text.
    pub text: String,
    /// The names of the lints whose findings were mended, one for each finding.
    pub made: Vec<&'static str>,
}

/// The text after the safe fixes of `findings` that do not touch one another; `None` if there are none.
///
/// The new text is looked at before it is handed out: its YAML differs from that of the old one in the mended keys and
/// values alone, and it has no more errors. If that is not so, as with a node that an anchor repeats, nothing is mended.
pub fn mend(text: &str, findings: &[Diagnostic]) -> Option<Mended> {
    let safe: Vec<(&'static str, &Fix)> = findings
        .iter()
        .filter_map(|finding| Some((finding.name, finding.fix.as_ref().filter(|fix| fix.safe)?)))
        .collect();
    let (new, chosen) = apply(text, safe.iter().map(|(_, fix)| *fix));
    let made: Vec<_> = safe.into_iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(fix, _)| fix).collect();
    if made.is_empty() || new == text {
        return None;
    }
    let edits: Vec<&Edit> = made.iter().flat_map(|(_, fix)| &fix.edits).collect();
    let is_right = is_same_beside(text, &new, edits) && errors(&new) <= errors(text);
    is_right.then(|| Mended { text: new, made: made.into_iter().map(|(name, _)| name).collect() })
}

/// How many errors a file has, as far as it can be read without others.
fn errors(text: &str) -> usize {
    let parsed = rulecast_rule::parse(FileId(0), text);
    let resolved = rulecast_ir::resolve(&parsed.documents, &[]);
    parsed.diagnostics.iter().chain(&resolved.diagnostics).filter(|problem| problem.is_error()).count()
}

/// Whether the YAML of both texts is the same but for the keys and scalars that the edits touch.
fn is_same_beside(old: &str, new: &str, mut edits: Vec<&Edit>) -> bool {
    let (Some(before), Some(after)) = (outline(old), outline(new)) else { return false };
    edits.sort();
    // Bytes put in and taken out so far.
    let (mut put, mut taken) = (0, 0);
    let mut places = Vec::with_capacity(edits.len());
    for edit in edits {
        let start = edit.span.start + put - taken;
        places.push((edit.span, Span { start, end: start + edit.text.len() as u32, ..edit.span }));
        put += edit.text.len() as u32;
        taken += edit.span.end - edit.span.start;
    }
    let is_left = |piece: &Spanned<Piece>, at: &dyn Fn(&(Span, Span)) -> Span| match piece.node {
        Piece::Map | Piece::List | Piece::End => true,
        Piece::Key(_) | Piece::Scalar(..) => {
            !places.iter().map(at).any(|edit| edit.start <= piece.span.end && piece.span.start <= edit.end)
        }
    };
    let old: Vec<&Piece> = before.iter().filter(|one| is_left(one, &|place| place.0)).map(|one| &one.node).collect();
    let new: Vec<&Piece> = after.iter().filter(|one| is_left(one, &|place| place.1)).map(|one| &one.node).collect();
    // Nor may an edit bring in more than it found.
    old == new && after.len() <= before.len()
}

#[cfg(test)]
mod tests {
    use super::mend;
    use rulecast_diagnostics::{Diagnostic, Edit, FileId, Span};

    fn check(text: &str, edits: &[(&str, &str)], expect: Option<&str>) {
        let edits = edits.iter().map(|(old, new)| {
            let at = text.find(old).unwrap();
            Edit::replace(Span::new(FileId(0), at, at + old.len()), *new)
        });
        let finding = Diagnostic::warning("x", Span::default(), "x").fix(edits.collect());
        assert_eq!(mend(text, &[finding]).map(|mended| mended.text).as_deref(), expect);
    }

    #[test]
    fn what_stands_beside_an_edit_stays_as_it_is() {
        check("a: [b, c]\nd: e\n", &[("b", "bb"), ("e", "f")], Some("a: [bb, c]\nd: f\n"));
        check("a:\n  - b\n  - c\nd: e\n", &[("  - c\n", "")], Some("a:\n  - b\nd: e\n"));
        check("a: b\nd: e\n", &[("b", "'b")], None);
        check("title: b\nlevel: low\n", &[("low", "lowest")], None);
        check("a: b\nd: e\n", &[("b", "b\nx: y")], None);
        check("a: &x b\nd: *x\n", &[("*x", "b")], Some("a: &x b\nd: b\n"));
        check("a: [b, c]\nd: e\n", &[("b", "b, c, d")], None);
    }
}
