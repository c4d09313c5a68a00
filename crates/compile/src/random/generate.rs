//! Rules by chance.

use super::dice::Dice;
use super::pools::{NETWORKS_V4, NETWORKS_V6, NUMBERS, PARAMETERS, REGEXES, TIME, TIME_PARTS};
use super::setting::Setting;
use super::wish::{Form, Kind, Leaf, Piece, Tree, Value, Wish};
use crate::Language;

impl Setting {
    /// A rule.
    pub(super) fn wish(&self, language: Language, dice: &mut Dice) -> Wish {
        if self.log_sources.len() > 1 {
            return if dice.percent(30) { self.counting(language, dice) } else { self.union(dice) };
        }
        match dice.below(100) {
            0..10 if self.letter.is_some() => {
                let steps = (0..2 + dice.below(3)).map(|_| self.step(dice)).collect();
                let until = dice.percent(40).then(|| self.step(dice));
                Wish::Sequence { steps, until, timespan: 2 + dice.below(8) as u64 }
            }
            10..16 => {
                let tree = self.tree(dice, 2);
                let branches = (0..=dice.below(3)).map(|_| self.tree(dice, 1)).collect();
                Wish::Classified { tree, branches, otherwise: dice.percent(50) }
            }
            16..20 => self.union(dice),
            20..32 if self.is_countable() => self.counting(language, dice),
            _ => {
                let depth = 3 + usize::from(dice.percent(15));
                Wish::Event(self.tree(dice, depth))
            }
        }
    }

    /// Several rules, each over a log source.
    fn union(&self, dice: &mut Dice) -> Wish {
        let member = |dice: &mut Dice| {
            let source = dice.below(self.log_sources.len());
            let tree = self.tree(dice, 2);
            (source, self.told(source, tree))
        };
        let members: Vec<(usize, Tree)> = (0..2 + dice.below(2)).map(|_| member(dice)).collect();
        let classes = if dice.percent(50) { 1 + dice.below(3) } else { 0 };
        let branch = |dice: &mut Dice| (dice.below(members.len()), dice.percent(60).then(|| self.tree(dice, 1)));
        let branches = (0..classes).map(|_| branch(dice)).collect();
        Wish::Union { members, branches }
    }

    /// A rule that a correlation reads, with the number of its log source.
    pub(super) fn member(&self, dice: &mut Dice) -> (usize, Tree) {
        let count = self.log_sources.len();
        let source = dice.below(count);
        if self.letter.is_some() && count == 1 {
            return (source, self.step(dice));
        }
        let tree = self.tree(dice, 1);
        (source, self.told(source, tree))
    }

    /// A condition with what tells the log source, where there are several and a field does.
    fn told(&self, source: usize, tree: Tree) -> Tree {
        let Some(field) = self.letter.filter(|_| self.log_sources.len() > 1) else { return tree };
        let letter = Leaf {
            kind: Kind::Exact,
            field,
            modifiers: "",
            all: false,
            values: vec![letter(source)],
            form: Form::Plain,
        };
        Tree::And(vec![Tree::Leaf(letter), tree])
    }

    /// A step: one or two of the events a, b and c, so that steps overlap.
    fn step(&self, dice: &mut Dice) -> Tree {
        let values = (0..=dice.below(2)).map(|_| letter(dice.below(3))).collect();
        let field = self.letter.unwrap_or_default();
        let leaf = Tree::Leaf(Leaf { kind: Kind::Exact, field, modifiers: "", all: false, values, form: Form::Plain });
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

    /// A text of a field: mostly one that others look for as well; in long lists, two of them in a row.
    fn text(&self, dice: &mut Dice, field: &str, several: usize) -> Value {
        let one = |dice: &mut Dice| Piece::Literal(dice.one_of(self.literals_of(field)));
        let mut pieces = vec![one(dice)];
        if several > 12 {
            pieces.push(one(dice));
        }
        Value::Text(pieces)
    }

    fn leaf(&self, dice: &mut Dice) -> Leaf {
        let kind = dice.one_of(&self.kinds);
        let (mut field, mut modifiers) = (dice.one_of(self.texts), "");
        let several = match dice.below(200) {
            0..2 => 20 + dice.below(30),
            2..10 => 7 + dice.below(3),
            10..64 => 2 + dice.below(2),
            _ => 1,
        };
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
                (0..several).map(|_| self.text(dice, field, several)).collect()
            }
            Kind::Glob => {
                modifiers = dice.one_of(&["", "", "|contains", "|endswith"]);
                (0..several).map(|_| self.glob(dice)).collect()
            }
            Kind::LiteralWildcard => {
                modifiers = dice.one_of(&["", "|contains", "|startswith", "|endswith"]);
                let texts = ["a*b", "*", "?", "a?", "\\*", "*a", "a\\?b"];
                (0..several.min(9)).map(|_| literal(dice.one_of(&texts))).collect()
            }
            Kind::Empty => {
                let others = (1..several.min(4)).map(|_| self.text(dice, field, several));
                std::iter::once(Value::Text(vec![])).chain(others).collect()
            }
            Kind::Regex | Kind::RegexIgnoringCase => {
                let regexes = [["|re", "|re", "|re|s", "|re|m"], ["|re|i", "|re|i", "|re|i|s", "|re|i|m"]];
                modifiers = dice.one_of(&regexes[usize::from(kind != Kind::Regex)]);
                (0..several.min(9)).map(|_| self.regex(dice)).collect()
            }
            Kind::Number => {
                field = dice.one_of(self.numbers);
                (0..several.min(9)).map(|_| Value::Plain(dice.one_of(NUMBERS))).collect()
            }
            Kind::Comparison => {
                field = dice.one_of(self.numbers);
                modifiers = dice.one_of(&["|gt", "|gte", "|lt", "|lte"]);
                (0..several.min(3)).map(|_| Value::Plain(dice.one_of(NUMBERS))).collect()
            }
            Kind::CidrV4 | Kind::CidrV6 => {
                field = dice.one_of(self.addresses);
                modifiers = "|cidr";
                let networks = if kind == Kind::CidrV4 { NETWORKS_V4 } else { NETWORKS_V6 };
                (0..several.min(9)).map(|_| Value::Plain(dice.one_of(networks))).collect()
            }
            Kind::Null if several > 1 => {
                let others = (1..several.min(4)).map(|_| self.text(dice, field, several));
                std::iter::once(Value::Plain("null")).chain(others).collect()
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
                (0..several.min(2)).map(|_| Value::Plain(dice.one_of(self.texts))).collect()
            }
            Kind::Keyword => (0..several).map(|_| self.text(dice, field, several)).collect(),
            Kind::KeywordGlob => (0..several.min(4)).map(|_| self.glob(dice)).collect(),
            Kind::WinDash => {
                modifiers = dice.one_of(&["|windash", "|contains|windash", "|endswith|windash", "|startswith|windash"]);
                (0..several.min(4)).map(|_| literal(dice.one_of(PARAMETERS))).collect()
            }
            Kind::Base64 => {
                modifiers = dice.one_of(&["|base64|contains", "|base64", "|wide|base64|contains"]);
                (0..several.min(4)).map(|_| self.text(dice, field, 1)).collect()
            }
            Kind::TimePart => {
                field = TIME;
                let (part, numbers) = dice.one_of(TIME_PARTS);
                modifiers = part;
                (0..several.min(3)).map(|_| Value::Plain(dice.one_of(numbers))).collect()
            }
            Kind::Base64Offset => {
                modifiers = dice.one_of(&["|base64offset|contains", "|wide|base64offset|contains"]);
                (0..several.min(4)).map(|_| literal(dice.one_of(&["cmd.exe", "-enc a", "C:\\Dir", "aab12"]))).collect()
            }
        };
        let is_text =
            matches!(kind, Kind::Exact | Kind::Prefix | Kind::Glob | Kind::Cased | Kind::Regex | Kind::Contains);
        // Tests of both sorts make a column one of text, which may hold anything.
        if is_text && self.is_free() && dice.percent(15) {
            field = dice.one_of(&any);
        }
        values.dedup();
        let listed = !matches!(kind, Kind::Null | Kind::Exists | Kind::Keyword | Kind::KeywordGlob | Kind::Empty);
        let all = listed && values.len() > 1 && values.len() < 7 && dice.percent(40);
        let quoted_network = |value: Value| match value {
            Value::Plain(text) if text.contains("::") => Value::Text(vec![Piece::Literal(text)]),
            other => other,
        };
        let values = values.into_iter().map(quoted_network).collect();
        Leaf { kind, field, modifiers, all, values, form: Form::Plain }
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
}

fn literal(text: &'static str) -> Value {
    Value::Text(vec![Piece::Literal(text)])
}

/// What tells a step or a log source.
fn letter(index: usize) -> Value {
    literal(["a", "b", "c"][index % 3])
}
