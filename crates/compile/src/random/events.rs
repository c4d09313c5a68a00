//! Events by chance.

use super::dice::Dice;
use super::pools::{ADDRESSES, JUNK, NO_ADDRESSES, NUMBER_TEXTS, ODD_TIMES, TIME, TIMES};
use super::setting::Setting;
use super::wish::{Kind, Leaf, Piece, Value, Wish};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rulecast_ir::{Record, Scalar};

/// How many events a rule is asked about.
const EVENTS: u64 = 10;

impl Setting {
    /// Events that have something to do with the rule.
    pub(super) fn events(&self, dice: &mut Dice, wish: &Wish) -> Vec<Record> {
        let sequence = matches!(wish, Wish::Sequence { .. });
        let counting = if let Wish::Counting { counting, .. } = wish { Some(counting) } else { None };
        let ordered = sequence || counting.is_some();
        let leaves = wish.leaves();
        let mut time = 1_700_000_000_000;
        (0..EVENTS)
            .map(|id| {
                time += match counting {
                    Some(_) => dice.one_of(&[500, 1000, 1000, 2000, 3000]),
                    None => 1000 * (1 + i64::from(dice.percent(30))),
                };
                // Where nothing is ordered, nothing depends on the time.
                if !ordered && dice.percent(10) {
                    time -= 1000;
                }
                let mut record = Record { id, time, ..Record::default() };
                for field in self.texts.iter().chain(self.numbers).chain(self.addresses) {
                    if record.fields.contains_key(*field) || dice.percent(30) {
                        continue;
                    }
                    let count = if dice.percent(10) { 2 } else { 1 };
                    let values = (0..count).map(|_| self.value(dice, &leaves, field)).collect();
                    record.fields.insert((*field).to_owned(), values);
                }
                if self.log_sources.len() > 1 {
                    let source = dice.below(self.log_sources.len());
                    record.log_sources = Some(vec![self.source(source)]);
                    if let Some(letter) = self.letter {
                        record.fields.insert(letter.into(), vec![Scalar::Text(["a", "b", "c"][source].into())]);
                    }
                }
                if ordered
                    && self.log_sources.len() == 1
                    && let Some(field) = self.letter
                {
                    let letter = dice.one_of(&["a", "b", "c", "A", "d"]);
                    record.fields.insert(field.into(), vec![Scalar::Text(letter.into())]);
                }
                if ordered && !dice.percent(15) {
                    record.fields.insert(self.key.into(), self.key_values(dice));
                }
                if leaves.iter().any(|leaf| leaf.kind == Kind::TimePart) && !dice.percent(15) {
                    let pool = if dice.percent(20) { ODD_TIMES } else { TIMES };
                    record.fields.insert(TIME.into(), vec![Scalar::Text(dice.one_of(pool).into())]);
                }
                if let Some(counting) = counting {
                    self.count(dice, counting, &mut record);
                }
                record
            })
            .collect()
    }

    fn key_values(&self, dice: &mut Dice) -> Vec<Scalar> {
        let key = |dice: &mut Dice| match dice.below(20) {
            0 if self.is_free() => Scalar::Integer(5),
            n => Scalar::Text((*["5", "X", "", "é", "y", "y", "y"].get(n).unwrap_or(&"x")).into()),
        };
        (0..=usize::from(dice.percent(4))).map(|_| key(dice)).collect()
    }

    fn value(&self, dice: &mut Dice, leaves: &[&Leaf], field: &str) -> Scalar {
        let is_near = |leaf: &&&Leaf| leaf.field == field || leaf.is_keyword() || leaf.kind == Kind::FieldRef;
        let near: Vec<&Leaf> = leaves.iter().filter(is_near).copied().collect();
        if !near.is_empty() && dice.percent(60) {
            let leaf: &Leaf = dice.one_of(&near);
            if let Value::Text(pieces) = &leaf.values[dice.below(leaf.values.len())]
                && !matches!(leaf.kind, Kind::CidrV4 | Kind::CidrV6)
            {
                return Scalar::Text(near_text(dice, leaf, pieces));
            }
        }
        if let Some((_, known)) = self.values.iter().find(|(name, _)| *name == field)
            && (self.numbers.contains(&field) || !dice.percent(15))
        {
            return Scalar::Text(dice.one_of(known).to_owned());
        }
        if self.numbers.contains(&field) && !dice.percent(25) {
            return match dice.below(4) {
                0 => Scalar::Integer(dice.one_of(&[0, 5, 6, 4, -3, 12, 80, 4711, 4712])),
                1 => Scalar::Float(dice.one_of(&[4.5, 5.5, 11.75])),
                _ => Scalar::Text(dice.one_of(NUMBER_TEXTS).to_owned()),
            };
        }
        let pool = match () {
            () if self.addresses.contains(&field) && !dice.percent(20) => ADDRESSES,
            () if dice.percent(14) => ADDRESSES,
            () if dice.percent(6) => NO_ADDRESSES,
            () if dice.percent(4) => &[""],
            () if dice.percent(25) => self.literals,
            () => JUNK,
        };
        // Paths, users and the like are text.
        if dice.percent(3) && self.is_free() {
            return Scalar::Boolean(dice.percent(50));
        }
        Scalar::Text(dice.one_of(pool).to_owned())
    }
}

/// A text that a test might hold of, or just not.
fn near_text(dice: &mut Dice, leaf: &Leaf, pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) | Piece::Regex(_, literal) => text += literal,
            Piece::AnyRun => text += dice.one_of(&["", "z", "\n", "yy", "é"]),
            Piece::AnyOne => text += dice.one_of(&["z", "z", "", "\n", "é", "zz", "\u{1f600}"]),
        }
    }
    if leaf.kind == Kind::WinDash {
        text = text.replace(['-', '/'], dice.one_of(&["-", "/", "\u{2013}", "\u{2014}", "\u{2015}", "--"]));
    }
    if matches!(leaf.kind, Kind::Base64 | Kind::Base64Offset) {
        text = encoded(dice, leaf, &text);
    }
    let affix = |dice: &mut Dice| dice.one_of(&["x", "1", "\n", " ", "é", "*", "\"", "'", "%"]);
    let open = |modifier: &str| leaf.modifiers.contains(modifier);
    if dice.percent(if open("endswith") || open("contains") || open("re") { 50 } else { 12 }) {
        text = affix(dice).to_owned() + &text;
    }
    if dice.percent(if open("startswith") || open("contains") || open("re") { 50 } else { 12 }) {
        text += affix(dice);
    }
    match dice.below(10) {
        0 | 1 => text.to_uppercase(),
        2 | 3 => text.to_ascii_lowercase(),
        4 => text.to_ascii_uppercase(),
        5 => text.chars().skip(1).collect(),
        6 => text.replace(['*', '?'], "z"),
        _ => text,
    }
}

/// The text in Base64, behind some bytes where the rule does not know how many.
fn encoded(dice: &mut Dice, leaf: &Leaf, text: &str) -> String {
    let wide = leaf.modifiers.contains("wide");
    let mut bytes: Vec<u8> =
        if wide { text.encode_utf16().flat_map(u16::to_le_bytes).collect() } else { text.as_bytes().to_vec() };
    if leaf.kind == Kind::Base64Offset {
        bytes.splice(0..0, std::iter::repeat_n(b'q', dice.below(4)));
        bytes.extend(std::iter::repeat_n(b'q', dice.below(3)));
    }
    STANDARD.encode(bytes)
}
