//! What a problem is known by from one run to the next.
//!
//! Promises: a fingerprint is made of the problem's name, the path of its file, the id of its rule where that is known,
//! and the text of its line without the space around it. Where lines are put in, where other files come first or what
//! else is found changes nothing. Problems that are alike in all of these are numbered in the order of the text: if the
//! first of them goes, the next takes its fingerprint.

use super::{Batch, Places};
use crate::Diagnostic;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;

/// The bytes of the hash that are kept.
const BYTES: usize = 16;

/// Makes fingerprints; no two are the same.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    /// How many problems are alike.
    alike: HashMap<Vec<u8>, u64>,
}

impl Fingerprints {
    /// Those of a batch, in its order.
    pub(super) fn of(&mut self, batch: &Batch<'_>, places: &Places<'_>) -> Vec<String> {
        let mut order: Vec<usize> = (0..batch.diagnostics.len()).collect();
        order.sort_by_key(|at| batch.diagnostics[*at].at.span);
        let mut found = vec![String::new(); order.len()];
        for at in order {
            let known_by = known_by(&batch.diagnostics[at], batch, places);
            let number = self.alike.entry(known_by.clone()).or_default();
            found[at] = hash(&known_by, *number);
            *number += 1;
        }
        found
    }
}

/// What makes two problems alike, each part ended by a byte that no text holds.
fn known_by(diagnostic: &Diagnostic, batch: &Batch<'_>, places: &Places<'_>) -> Vec<u8> {
    let span = diagnostic.at.span;
    let file = batch.sources.file(span.file);
    let line = places.line(span.file, span.start as usize);
    let line = file.text[places.line_range(span.file, line)].trim();
    let mut parts = Vec::with_capacity(line.len() + file.name.len() + 80);
    for part in [diagnostic.name, &file.name, batch.id_at(span).unwrap_or_default(), line] {
        parts.extend_from_slice(part.as_bytes());
        parts.push(0xFF);
    }
    parts
}

fn hash(parts: &[u8], number: u64) -> String {
    let digest = Sha256::new().chain_update(parts).chain_update(number.to_le_bytes()).finalize();
    digest[..BYTES].iter().fold(String::with_capacity(2 * BYTES), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::Fingerprints;
    use crate::render::{Batch, Places};
    use crate::{Diagnostic, FileId, SourceMap, Span};

    /// The fingerprints of a problem at each place where `mark` stands.
    fn of(name: &str, text: &str, id: Option<&str>) -> Vec<String> {
        let mut sources = SourceMap::new();
        let file = sources.add(name, text);
        let diagnostics: Vec<Diagnostic> = text
            .match_indices("hoch")
            .map(|(at, mark)| Diagnostic::error("unknown-level", Span::new(file, at, at + mark.len()), "no level"))
            .collect();
        let ids: Vec<_> = id.iter().map(|id| (Span::new(FileId(0), 0, text.len()), (*id).to_owned())).collect();
        let batch = Batch { diagnostics: &diagnostics, sources: &sources, ids: &ids };
        Fingerprints::default().of(&batch, &Places::new(&sources))
    }

    #[test]
    fn a_line_put_in_above_or_space_around_changes_nothing() {
        let before = of("a.yml", "title: x\nlevel: hoch\n", None);
        assert_eq!(before, of("a.yml", "# a comment\ntitle: other\n\nlevel: hoch\n", None));
        assert_eq!(before, of("a.yml", "title: x\r\n  level: hoch \r\nstatus: test\r\n", None));
        assert_eq!(before[0].len(), 32);
    }

    #[test]
    fn each_part_counts() {
        let one = of("a.yml", "level: hoch", None);
        for other in [
            of("b.yml", "level: hoch", None),
            of("a.yml", "level: 'hoch'", None),
            of("a.yml", "level: hoch", Some("9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11")),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn problems_that_are_alike_are_numbered_as_they_stand() {
        let twice = of("a.yml", "level: hoch\n---\nlevel: hoch\n", None);
        assert_ne!(twice[0], twice[1]);
        assert_eq!(twice[0], of("a.yml", "level: hoch\n", None)[0]);
        assert_eq!(twice, of("a.yml", "level: hoch\n---\nlevel:   high\n---\n level: hoch\n", None));
    }

    #[test]
    fn neither_other_files_nor_other_problems_count() {
        let mut sources = SourceMap::new();
        let text = "level: hoch\n";
        let other = sources.add("other.yml", text);
        let file = sources.add("a.yml", text);
        let at = |file| Diagnostic::error("unknown-level", Span::new(file, 7, 11), "no level");
        let diagnostics = [at(other), Diagnostic::error("no-title", Span::new(file, 0, 5), "no title"), at(file)];
        let batch = Batch { diagnostics: &diagnostics, sources: &sources, ids: &[] };
        let found = Fingerprints::default().of(&batch, &Places::new(&sources));
        assert_eq!(found[2..], of("a.yml", text, None));
    }
}
