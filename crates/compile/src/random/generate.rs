//! Rules and events by chance.

use super::dice::Dice;
use super::setting::{ADDRESSES, JUNK, NETWORKS_V4, NETWORKS_V6, NUMBER_TEXTS, NUMBERS, REGEXES, Setting};
use super::wish::{Kind, Leaf, Piece, Tree, Value, Wish};
use rulecast_ir::{Record, Scalar};

impl Setting {
    /// A rule.
    pub(super) fn wish(&self, dice: &mut Dice) -> Wish {
        if self.sequences && dice.percent(12) {
            let steps = (0..2 + dice.below(3)).map(|_| self.letter(dice)).collect();
            let until = dice.percent(40).then(|| self.letter(dice));
            return Wish::Sequence { steps, until, timespan: 2 + dice.below(8) as u64 };
        }
        Wish::Event(self.tree(dice, 3))
    }

    /// A step: one or two of the events a, b and c, so that steps overlap.
    fn letter(&self, dice: &mut Dice) -> Tree {
        let values = (0..=dice.below(2)).map(|_| literal(dice.one_of(&["a", "b", "c"]))).collect();
        let leaf = Tree::Leaf(Leaf { kind: Kind::Exact, field: "e", modifiers: "", all: false, values });
        if dice.percent(20) { Tree::And(vec![leaf, Tree::Leaf(self.leaf(dice))]) } else { leaf }
    }

    fn tree(&self, dice: &mut Dice, depth: usize) -> Tree {
        if depth == 0 || dice.percent(25) {
            return Tree::Leaf(self.leaf(dice));
        }
        match dice.below(5) {
            0 => match self.tree(dice, depth - 1) {
                Tree::Not(inner) => *inner,
                tree => Tree::Not(Box::new(tree)),
            },
            1 | 2 => Tree::And((0..2 + dice.below(2)).map(|_| self.tree(dice, depth - 1)).collect()),
            _ => Tree::Or((0..2 + dice.below(2)).map(|_| self.tree(dice, depth - 1)).collect()),
        }
    }

    fn leaf(&self, dice: &mut Dice) -> Leaf {
        let kind = dice.one_of(&self.kinds);
        let (mut field, mut modifiers) = (dice.one_of(self.texts), "");
        let several = match dice.below(100) {
            0..5 => 7 + dice.below(3),
            5..32 => 2 + dice.below(2),
            _ => 1,
        };
        let text = |dice: &mut Dice| Value::Text(vec![Piece::Literal(dice.one_of(self.literals_of(field)))]);
        let any = [self.texts, self.numbers, self.addresses].concat();
        let mut values: Vec<Value> = match kind {
            Kind::Exact | Kind::Prefix | Kind::Suffix | Kind::Contains | Kind::Cased => {
                modifiers = match kind {
                    Kind::Prefix => "|startswith",
                    Kind::Suffix => "|endswith",
                    Kind::Contains => "|contains",
                    Kind::Cased => dice.one_of(&["|cased", "|contains|cased", "|startswith|cased", "|endswith|cased"]),
                    _ => "",
                };
                (0..several).map(|_| text(dice)).collect()
            }
            Kind::Glob => {
                modifiers = dice.one_of(&["", "", "|contains", "|endswith"]);
                (0..several).map(|_| self.glob(dice)).collect()
            }
            Kind::LiteralWildcard => {
                modifiers = dice.one_of(&["", "|contains", "|startswith", "|endswith"]);
                let texts = ["a*b", "*", "?", "a?", "\\*", "*a", "a\\?b"];
                (0..several).map(|_| literal(dice.one_of(&texts))).collect()
            }
            Kind::Empty => vec![Value::Text(vec![])],
            Kind::Regex | Kind::RegexIgnoringCase => {
                let regexes = [["|re", "|re", "|re|s", "|re|m"], ["|re|i", "|re|i", "|re|i|s", "|re|i|m"]];
                modifiers = dice.one_of(&regexes[usize::from(kind != Kind::Regex)]);
                (0..several).map(|_| self.regex(dice)).collect()
            }
            Kind::Number => {
                field = dice.one_of(self.numbers);
                (0..several).map(|_| Value::Plain(dice.one_of(NUMBERS))).collect()
            }
            Kind::Comparison => {
                field = dice.one_of(self.numbers);
                modifiers = dice.one_of(&["|gt", "|gte", "|lt", "|lte"]);
                vec![Value::Plain(dice.one_of(NUMBERS))]
            }
            Kind::CidrV4 | Kind::CidrV6 => {
                field = dice.one_of(self.addresses);
                modifiers = "|cidr";
                let networks = if kind == Kind::CidrV4 { NETWORKS_V4 } else { NETWORKS_V6 };
                (0..several).map(|_| Value::Plain(dice.one_of(networks))).collect()
            }
            Kind::Null => {
                field = dice.one_of(&any);
                vec![Value::Plain("null")]
            }
            Kind::Exists => {
                field = dice.one_of(&any);
                modifiers = "|exists";
                vec![Value::Plain(dice.one_of(&["true", "false"]))]
            }
            Kind::FieldRef => {
                modifiers = dice.one_of(&["|fieldref", "|fieldref", "|fieldref|startswith", "|fieldref|endswith"]);
                vec![Value::Plain(dice.one_of(self.texts))]
            }
            // Wildcards inside would reach from one value to the next in the raw text.
            Kind::Keyword => (0..several).map(|_| text(dice)).collect(),
        };
        let is_text =
            matches!(kind, Kind::Exact | Kind::Prefix | Kind::Glob | Kind::Cased | Kind::Regex | Kind::Contains);
        if is_text && self.sequences && dice.percent(5) {
            field = dice.one_of(&any);
        }
        values.dedup();
        let listed =
            matches!(kind, Kind::Prefix | Kind::Suffix | Kind::Contains | Kind::Regex | Kind::RegexIgnoringCase)
                || (matches!(kind, Kind::Cased | Kind::Glob | Kind::LiteralWildcard) && !modifiers.is_empty());
        let all = listed && values.len() > 1 && dice.percent(40);
        let quoted_network = |value: Value| match value {
            Value::Plain(text) if text.contains("::") => Value::Text(vec![Piece::Literal(text)]),
            other => other,
        };
        let values = values.into_iter().map(quoted_network).collect();
        Leaf { kind, field, modifiers, all, values }
    }

    fn glob(&self, dice: &mut Dice) -> Value {
        let mut pieces = Vec::new();
        for _ in 0..2 + dice.below(3) {
            pieces.push(match dice.below(4) {
                0 => Piece::AnyRun,
                1 => Piece::AnyOne,
                _ => Piece::Literal(dice.one_of(self.literals)),
            });
        }
        Value::Text(pieces)
    }

    fn regex(&self, dice: &mut Dice) -> Value {
        let mut pieces = Vec::new();
        if dice.percent(25) {
            pieces.push(Piece::Regex("^", ""));
        }
        for _ in 0..=dice.below(3) {
            pieces.push(if dice.percent(45) {
                Piece::Literal(dice.one_of(self.literals))
            } else {
                let (regex, text) = dice.one_of(REGEXES);
                Piece::Regex(regex, text)
            });
        }
        if dice.percent(25) {
            pieces.push(Piece::Regex("$", ""));
        }
        Value::Text(pieces)
    }

    /// Events that have something to do with the rule.
    pub(super) fn events(&self, dice: &mut Dice, wish: &Wish) -> Vec<Record> {
        let sequence = matches!(wish, Wish::Sequence { .. });
        let mut time = 1_700_000_000_000;
        let count = if sequence { 10 } else { 6 };
        (0..count)
            .map(|id| {
                time += 1000 * (1 + i64::from(dice.percent(30)));
                let mut record = Record { id, time, ..Record::default() };
                for field in self.texts.iter().chain(self.numbers).chain(self.addresses) {
                    if record.fields.contains_key(*field) || dice.percent(30) {
                        continue;
                    }
                    let count = if dice.percent(10) { 2 } else { 1 };
                    let values = (0..count).map(|_| self.value(dice, wish, field)).collect();
                    record.fields.insert((*field).to_owned(), values);
                }
                if sequence {
                    let letter = dice.one_of(&["a", "b", "c", "A", "d"]);
                    record.fields.insert("e".into(), vec![Scalar::Text(letter.into())]);
                    if !dice.percent(15) {
                        // Keys of several values are left out: without a data model, a query over a field that is
                        // nothing but a key does not say that it assumes one value, and its evaluator refuses.
                        let key = match dice.below(20) {
                            0 => Scalar::Integer(5),
                            n => Scalar::Text((*["5", "X", "", "é", "y", "y", "y"].get(n).unwrap_or(&"x")).into()),
                        };
                        record.fields.insert("k".into(), vec![key]);
                    }
                }
                record
            })
            .collect()
    }

    fn value(&self, dice: &mut Dice, wish: &Wish, field: &str) -> Scalar {
        let leaves = wish.leaves();
        let near: Vec<&Leaf> = leaves
            .into_iter()
            .filter(|leaf| leaf.field == field || leaf.kind == Kind::Keyword || leaf.kind == Kind::FieldRef)
            .collect();
        if !near.is_empty() && dice.percent(60) {
            let leaf: &Leaf = dice.one_of(&near);
            if let Value::Text(pieces) = &leaf.values[dice.below(leaf.values.len())]
                && !matches!(leaf.kind, Kind::CidrV4 | Kind::CidrV6)
            {
                return Scalar::Text(near_text(dice, leaf, pieces));
            }
        }
        if let Some((_, known)) = self.values.iter().find(|(name, _)| *name == field) {
            return Scalar::Text(dice.one_of(known).to_owned());
        }
        if self.numbers.contains(&field) {
            return match dice.below(4) {
                0 => Scalar::Integer(dice.one_of(&[0, 5, 6, 4, -3, 12, 80, 4711, 4712])),
                1 => Scalar::Float(dice.one_of(&[4.5, 5.5, 11.75])),
                _ => Scalar::Text(dice.one_of(NUMBER_TEXTS).to_owned()),
            };
        }
        let pool = match () {
            () if self.addresses.contains(&field) => ADDRESSES,
            () if dice.percent(30) => self.literals,
            () => JUNK,
        };
        if dice.percent(3) {
            return Scalar::Boolean(dice.percent(50));
        }
        Scalar::Text(dice.one_of(pool).to_owned())
    }
}

fn literal(text: &'static str) -> Value {
    Value::Text(vec![Piece::Literal(text)])
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
    let affix = |dice: &mut Dice| dice.one_of(&["x", "1", "\n", " ", "é", "*"]);
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
