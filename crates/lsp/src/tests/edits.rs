//! Edits at random, as an editor sends them: the text must stay that of a model of it, and no question may fail.
//!
//! The model keeps the text as UTF-16 and makes each edit there; ours keeps UTF-8. Both must agree after every edit.

use crate::{Encoding, Session};
use lsp_types::{Position, Range, TextDocumentContentChangeEvent, Uri};
use std::path::PathBuf;

/// Edits in all.
const EDITS: usize = 10_000;

/// Of so many edits, one is followed by every question.
const ASKED: usize = 60;

/// A generator that is the same on every machine (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }
}

/// The text as an editor of UTF-16 has it.
struct Model(Vec<u16>);

impl Model {
    fn new(text: &str) -> Self {
        Self(text.encode_utf16().collect())
    }

    fn text(&self) -> String {
        String::from_utf16(&self.0).expect("edits never part a pair")
    }

    /// The units at which lines begin.
    fn lines(&self) -> Vec<usize> {
        let ends = (0..self.0.len()).filter(|&at| match self.0[at] {
            0x0A => true,
            0x0D => self.0.get(at + 1) != Some(&0x0A),
            _ => false,
        });
        std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
    }

    /// A unit as a position; inside a line end, that is the end of the line, and inside a pair, its start.
    fn position(&self, at: usize) -> (usize, Position) {
        let is_low = |unit: u16| (0xDC00..0xE000).contains(&unit);
        let at = if self.0.get(at).copied().is_some_and(is_low) { at - 1 } else { at };
        let inside = at > 0 && self.0.get(at) == Some(&0x0A) && self.0[at - 1] == 0x0D;
        let at = if inside { at - 1 } else { at };
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= at) - 1;
        (at, Position::new(line as u32, (at - lines[line]) as u32))
    }

    fn replace(&mut self, start: usize, end: usize, with: &str) {
        self.0.splice(start..end, with.encode_utf16());
    }
}

/// What is put in: what YAML takes for its own, what columns stumble over, and what rules are made of.
const PIECES: &[&str] = &[
    ":",
    "- ",
    "'",
    "\"",
    "|",
    ">",
    "[",
    "]",
    "{",
    "}",
    "#",
    " #",
    "&a",
    "*a",
    "!!str ",
    "%",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\n    ",
    "---\n",
    "...\n",
    ",",
    "?",
    "\\",
    "é",
    "😀",
    "\u{301}",
    "\u{feff}",
    "日本",
    "\u{2028}",
    "x",
    " ",
    "    ",
    "|contains",
    "|re|i: ",
    "condition: ",
    "selection",
    "1 of them",
    " and not ",
    "logsource:\n    product: windows\n",
    "attack.t1059",
    "null",
    "~",
    "0x1F",
    "correlation:\n",
    "filter:\n    rules: any\n",
    "action: global\n---\n",
    "Image: ",
    "tags:\n- ",
];

/// The rules of the library.
fn library() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// One edit of a text: which units are replaced, and by what.
fn edit(dice: &mut Dice, model: &Model) -> (usize, usize, String) {
    let len = model.0.len();
    let at = dice.roll(len + 1);
    match dice.roll(8) {
        0 | 1 => (at, at, dice.one(PIECES).to_owned()),
        2 => (at, (at + dice.roll(4)).min(len), String::new()),
        3 => (at, (at + dice.roll(12)).min(len), dice.one(PIECES).to_owned()),
        // A line is taken out.
        4 | 5 => {
            let lines = model.lines();
            let line = dice.roll(lines.len());
            (lines[line], lines.get(line + 1).copied().unwrap_or(len), String::new())
        }
        // A line is put in a second time, elsewhere.
        6 => {
            let lines = model.lines();
            let line = dice.roll(lines.len());
            let copied = &model.0[lines[line]..lines.get(line + 1).copied().unwrap_or(len)];
            let to = lines[dice.roll(lines.len())];
            (to, to, String::from_utf16_lossy(copied))
        }
        // A character and its neighbours.
        _ => {
            let wide: Vec<usize> = (0..len).filter(|at| model.0[*at] > 0x7F).collect();
            let at = if wide.is_empty() { at } else { wide[dice.roll(wide.len())] };
            (at, (at + dice.roll(3)).min(len), dice.one(&["", "😀", "é", "a😀b"]).to_owned())
        }
    }
}

#[test]
fn ten_thousand_edits_leave_the_text_right_and_every_question_answered() {
    let rules = library();
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let uri: Uri = "untitled:rule.yml".parse().unwrap();
    let mut done = 0;
    while done < EDITS {
        let rule = &rules[dice.roll(rules.len())];
        let mut session = Session::new(Encoding::Utf16, Vec::new());
        session.open(uri.clone(), 0, rule);
        let mut model = Model::new(rule);
        for version in 1..=200 {
            let (start, end, with) = edit(&mut dice, &model);
            let ((start, from), (end, to)) = (model.position(start), model.position(end));
            let end = end.max(start);
            model.replace(start, end, &with);
            let range = Some(Range::new(from, to));
            session.change(
                &uri,
                version,
                vec![TextDocumentContentChangeEvent { range, range_length: None, text: with }],
            );
            assert_eq!(session.text(&uri).unwrap(), model.text());
            done += 1;
            if done % ASKED == 0 {
                ask(&mut session, &uri, &mut dice, &model);
            }
        }
    }
}

fn ask(session: &mut Session, uri: &Uri, dice: &mut Dice, model: &Model) {
    session.problems();
    for _ in 0..4 {
        let at = match dice.roll(8) {
            0 => Position::new(dice.roll(60) as u32, dice.roll(200) as u32),
            _ => model.position(dice.roll(model.0.len() + 1)).1,
        };
        session.completion(uri, at);
        session.hover(uri, at);
        session.definition(uri, at);
        session.references(uri, at);
        session.queries(uri, at);
        session.actions(uri, Range::new(at, Position::new(at.line + 3, 0)));
    }
    session.symbols(uri);
    session.lenses(uri);
}
