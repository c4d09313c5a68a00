//! What a file says to others, read from its lines without reading its YAML.
//!
//! [`skim`] answers for files that are laid out as nearly all are: each document a block mapping at the left margin, with
//! the attributes that others look at on a line each. There it finds all that the parser finds. It may find more (of a
//! document that has an error, or of lines in a quoted text), so what depends on it must be read; of every other file it
//! says nothing.

use super::facts::Facts;
use super::words::Words;
use rulecast_lint::{is_looked_for, title_key};

/// What a file says at least, or nothing if that takes reading it: its layout is another, or it refers to rules by their
/// names.
pub(super) fn skim(bytes: &[u8]) -> Option<(Facts, Words)> {
    if bytes.contains(&b'\r') && bytes.split_inclusive(|byte| *byte == b'\r').skip(1).any(|part| part[0] != b'\n') {
        return None;
    }
    let mut skimmed = Skimmed { facts: Facts::default(), words: Words::default(), key: Key::None, relation: None };
    for line in bytes.split(|byte| *byte == b'\n') {
        skimmed.line(line.strip_suffix(b"\r").unwrap_or(line))?;
    }
    skimmed.end_of_relation();
    Some((skimmed.facts, skimmed.words))
}

/// The key at the margin whose value the lines belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    /// None yet in this document.
    None,
    /// One that stands on one line.
    Line,
    Related,
    Other,
}

struct Skimmed {
    facts: Facts,
    words: Words,
    key: Key,
    /// The entry of `related` that is being read: its id, and its type.
    relation: Option<(Option<String>, Option<String>)>,
}

impl Skimmed {
    fn line(&mut self, line: &[u8]) -> Option<()> {
        let Some(first) = line.first() else { return Some(()) };
        match first {
            b'#' => Some(()),
            b' ' => self.inside(line),
            b'-' | b'.' if matches!(line.trim_ascii_end(), b"---" | b"...") => {
                self.end_of_relation();
                self.key = Key::None;
                Some(())
            }
            b'-' if matches!(line.get(1), None | Some(b' ')) => self.inside(line),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.key(line),
            _ => None,
        }
    }

    /// `key: value` at the margin.
    fn key(&mut self, line: &[u8]) -> Option<()> {
        self.end_of_relation();
        let colon = line.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')))?;
        let (key, rest) = (&line[..colon], &line[colon + 1..]);
        if line[colon] != b':' || !matches!(rest.first(), None | Some(b' ')) {
            return None;
        }
        self.key = match key {
            b"title" => {
                self.words.titles.push(title_key(&scalar(rest)?));
                Key::Line
            }
            b"id" => {
                let id = scalar(rest)?;
                self.words.ids.push(id.to_ascii_lowercase());
                self.facts.declare(id);
                Key::Line
            }
            b"name" => {
                self.facts.declare(scalar(rest)?);
                Key::Line
            }
            b"related" if is_blank(rest) => Key::Related,
            b"related" | b"correlation" | b"filter" | b"action" => return None,
            _ => Key::Other,
        };
        Some(())
    }

    /// A line of the value of a key.
    fn inside(&mut self, line: &[u8]) -> Option<()> {
        match self.key {
            Key::Other => Some(()),
            Key::Related => self.related(line),
            // The value of a key goes on here, or the mapping does not stand at the margin.
            Key::None | Key::Line => is_blank(line).then_some(()),
        }
    }

    fn related(&mut self, line: &[u8]) -> Option<()> {
        if is_blank(line) {
            return Some(());
        }
        let mut text = line.trim_ascii_start();
        if let Some(item) = text.strip_prefix(b"- ") {
            self.end_of_relation();
            self.relation = Some((None, None));
            text = item.trim_ascii_start();
        }
        let (id, relation) = self.relation.as_mut()?;
        let colon = text.iter().position(|byte| *byte == b':')?;
        let slot = match &text[..colon] {
            b"id" => id,
            b"type" => relation,
            _ => return None,
        };
        let value = scalar(text[colon + 1..].strip_prefix(b" ")?)?;
        slot.replace(value).is_none().then_some(())
    }

    fn end_of_relation(&mut self) {
        if let Some((Some(id), Some(relation))) = self.relation.take()
            && is_looked_for(&relation)
        {
            self.words.related.push(id.to_ascii_lowercase());
        }
    }
}

/// Nothing, or a comment.
fn is_blank(rest: &[u8]) -> bool {
    matches!(rest.trim_ascii_start(), [] | [b'#', ..])
}

/// A text on one line that is written as it is meant, after the colon.
fn scalar(rest: &[u8]) -> Option<String> {
    let rest = rest.trim_ascii();
    if rest.contains(&b'\t') {
        return None;
    }
    let (text, after) = match *rest.first()? {
        quote @ (b'"' | b'\'') => {
            let end = 1 + rest[1..].iter().position(|byte| *byte == quote)?;
            (&rest[1..end], &rest[end + 1..])
        }
        first
            if first.is_ascii_alphanumeric() || first >= 0x80 || matches!(first, b'_' | b'(' | b'/' | b'.' | b'~') =>
        {
            let end = rest.windows(2).position(|two| two == b" #").unwrap_or(rest.len());
            (rest[..end].trim_ascii_end(), &[][..])
        }
        _ => return None,
    };
    if !is_blank(after) || rest[0] == b'"' && text.contains(&b'\\') {
        return None;
    }
    std::str::from_utf8(text).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::skim;
    use crate::work::facts::Facts;
    use crate::work::words::Words;
    use rulecast_diagnostics::FileId;

    /// What is skimmed is what is parsed.
    fn check(text: &str, is_skimmed: bool) {
        let parsed = rulecast_rule::parse(FileId(0), text);
        let read = (Facts::of(&parsed.documents), Words::of(&rulecast_lint::Facts::read("a.yml", &parsed.documents)));
        assert_eq!(skim(text.as_bytes()), is_skimmed.then_some(read), "{text}");
    }

    const REST: &str = "logsource: {category: test}\ndetection: {a: {b: c}, condition: a}\n";

    #[test]
    fn what_stands_on_a_line_at_the_margin_is_found() {
        for head in [
            "title: A b\nid: 9D2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\nname: a_b",
            "title:   'A # b' # c\nname: \"a b\"\t",
            "# c\n---\n\ntitle: Ä: b #c\n  # d\nname: a#b\r",
            "title: A\ntags:\n- a.b\n-  'a.c\n\n  d'\ndescription: |\n  id: x\n\n  name: y",
            "title: A\nrelated:\n    - id: 9D2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\n      type: derived # c\n    # d\n    - \
             type: obsolete\n      id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f12",
            "title: A\nrelated:\n- id: '9D2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11'\n  type: \"similar\"",
        ] {
            let text = head.replace("Ä: b", "Ä:b");
            check(&format!("{text}\n{REST}"), true);
            check(&format!("title: First\n{REST}---\n{text}\n{REST}...\n"), true);
        }
    }

    #[test]
    fn another_layout_is_left_to_the_parser() {
        for head in [
            "title: A\n  b",
            "title: A\n\n  b",
            "title: >-\n  A",
            "title:\n  A",
            "title: 'it''s'",
            "title: \"\\x41\"",
            "title: 'a\n  b'",
            "title: &a A",
            "title: !!str A",
            "\"title\": A",
            "? title\n: A",
            "title : A",
            "\u{feff}title: A",
            "--- {title: A}\n---\ntitle: B",
            "title: A\nrelated: []",
            "title: A\nrelated: [{id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11, type: derived}]",
            "title: A\nrelated:\n  - {id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11, type: derived}",
            "title: A\nrelated:\n  - id:\n      9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\n    type: derived",
            "title: A\nrelated:\n  - id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\n    type: >-\n      derived",
            "action: global\ntitle: A",
            "%YAML 1.2\n---\ntitle: A",
            "title: A\rname: b",
        ] {
            check(&format!("{head}\n{REST}"), false);
        }
        check(&format!("{{title: A, {}}}", REST.trim_end().replace('\n', ", ")), false);
        check(&format!("  title: A\n  {}", REST.replace('\n', "\n  ")), false);
        check("title: A\ncorrelation: {type: event_count, rules: [a], timespan: 1m, condition: {gte: 2}}\n", false);
        check("title: A\nfilter: {rules: any, a: {b: c}, condition: a}\nlogsource: {category: test}\n", false);
    }

    #[test]
    fn no_text_says_more_than_what_is_skimmed() {
        const PIECES: [&str; 36] = [
            "\n", "\n", "\n", " ", "  ", "\t", "\r", "\r\n", ": ", ":", "- ", "-", "#", " #", "'", "\"", "\\", "|",
            ">-", "&a ", "*a", "!!str ", "? ", "{", "}", "[", "]", ",", "---", "...", "id: ", "title: ", "name: ", "x",
            "\u{feff}", "~",
        ];
        let id = "9D2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11";
        let rule = format!(
            "title: First\nid: {id}\nname: one\nrelated:\n    - id: {id}\n      type: derived\ndescription: |\n  a b\n\n  c\n\
             tags:\n- a.b\n{REST}"
        );
        let (mut seed, mut skimmed) = (0x5eed_u64, 0);
        let mut below = |limit: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % limit
        };
        for _ in 0..6_000 {
            let mut text = format!("{rule}---\n{rule}");
            for _ in 0..=below(3) {
                let at = text.floor_char_boundary(below(text.len()));
                match below(3) {
                    0 => text.insert_str(at, PIECES[below(PIECES.len())]),
                    1 => _ = text.remove(at),
                    _ => {
                        let end = text.ceil_char_boundary((at + below(12)).min(text.len()));
                        text.replace_range(at..end, PIECES[below(PIECES.len())]);
                    }
                }
            }
            let Some((facts, words)) = skim(text.as_bytes()) else { continue };
            let mut parsed = rulecast_rule::parse(FileId(0), &text);
            let documents = std::mem::take(&mut parsed.documents);
            let sound: Vec<_> = documents.into_iter().filter(|document| parsed.is_sound(document)).collect();
            let read = Words::of(&rulecast_lint::Facts::read("a.yml", &sound));
            let declared = Facts::of(&sound);
            let is_in = |some: &[String], all: &[String]| some.iter().all(|one| all.contains(one));
            assert!(declared.declares().all(|name| facts.declares().any(|one| one == name)), "{text}");
            assert!(declared.references().next().is_none() && !declared.filters_any(), "{text}");
            assert!(is_in(&read.titles, &words.titles) && is_in(&read.ids, &words.ids), "{text}");
            assert!(is_in(&read.related, &words.related), "{text}");
            skimmed += 1;
        }
        assert!(skimmed > 1_000, "{skimmed}");
    }

    #[test]
    fn of_what_has_errors_too_much_may_be_found() {
        let (facts, _) = skim(b"title: A\nname: b\ndetection: 'x\nname: c'\n").unwrap();
        assert_eq!(facts.declares().collect::<Vec<_>>(), ["b", "c'"]);
    }
}
