//! Random trees are read back as they were printed, and random texts do no harm.

use crate::ast::{
    Comparator, Condition, EventQuery, Expression, Key, Query, Sequence, Series, SeriesStep, Step, TextOperator, Wide,
};
use crate::parse;
use ipnet::IpNet;
use rulecast_ir::{Case, Comparison, Logic, Name, Number};

/// A generator of numbers (xorshift), the same on every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    pub(crate) fn of<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    fn several<T>(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..=self.below(most)).map(|_| one(self)).collect()
    }

    pub(crate) fn name(&mut self) -> Name {
        self.of(&["f", "process.name", "@timestamp", "my-field", "a b.c", "tick`ed", "where", "process.any", "9x", "ö"])
            .into()
    }

    pub(crate) fn text(&mut self) -> String {
        let pieces =
            ["a", "B", "*", "?", "\\", "\"", "\n", "\t", "\u{202e}", "\u{7}", "(", "//", "/*", "ö", "\"\"\"", "`", "'"];
        (0..self.below(6)).map(|_| self.of(&pieces)).collect()
    }

    fn number(&mut self) -> Number {
        self.of(&[0, -5, i64::MIN, i64::MAX]
            .map(Number::Integer)
            .into_iter()
            .chain([0.5, -1e-7, 1e300].map(Number::Decimal))
            .collect::<Vec<_>>())
    }

    pub(crate) fn condition(&mut self) -> Condition {
        let field = self.name();
        match self.below(9) {
            0..=2 => Condition::Text {
                field,
                operator: self.of(&[
                    TextOperator::Matches,
                    TextOperator::Like,
                    TextOperator::In,
                    TextOperator::InCaseless,
                    TextOperator::Regex,
                    TextOperator::RegexCaseless,
                ]),
                values: self.several(3, Self::text),
            },
            3 => Condition::StartsWith {
                field,
                prefix: self.text(),
                case: self.of(&[Case::Sensitive, Case::Insensitive]),
            },
            4 => Condition::Numbers { field, numbers: self.several(3, Self::number) },
            5 => Condition::Order {
                field,
                comparison: self.of(&[
                    Comparison::Less,
                    Comparison::LessOrEqual,
                    Comparison::Greater,
                    Comparison::GreaterOrEqual,
                ]),
                number: self.number(),
            },
            6 => Condition::Bool { field, value: self.below(2) == 0 },
            7 => Condition::Exists { field, exists: self.below(2) == 0 },
            _ => {
                let networks = ["10.0.0.0/8", "fe80::/10", "::ffff:10.0.0.0/104", "0.0.0.0/0", "1.2.3.4/32"];
                let network = |dice: &mut Self| dice.of(&networks).parse::<IpNet>().expect("a network");
                Condition::Cidr { field, networks: self.several(2, network) }
            }
        }
    }

    fn wide(&mut self) -> Wide {
        let left = Expression::Call {
            function: "substring".into(),
            caseless: self.below(2) == 0,
            arguments: vec![Expression::Field(self.key()), Expression::Number(Number::Integer(-4))],
        };
        match self.below(4) {
            0 => Wide::Holds(left),
            1 => Wide::Compare {
                left,
                comparator: self.of(&[
                    Comparator::Equal,
                    Comparator::NotEqual,
                    Comparator::Less,
                    Comparator::GreaterOrEqual,
                ]),
                right: Expression::Text(self.text()),
            },
            2 => Wide::Text {
                left,
                operator: self.of(&[TextOperator::Matches, TextOperator::Regex]),
                values: self.several(2, Self::text),
            },
            _ => Wide::Among {
                left,
                caseless: self.below(2) == 0,
                values: vec![Expression::Text(self.text()), Expression::Null],
            },
        }
    }

    fn key(&mut self) -> Key {
        Key { field: self.name(), optional: self.below(2) == 0 }
    }

    pub(crate) fn logic(&mut self, depth: usize) -> Logic<Condition> {
        match self.below(if depth == 0 { 4 } else { 10 }) {
            0 => self.of(&[Logic::True, Logic::False]),
            1 => Logic::Test(Condition::Wide(self.wide())),
            2 | 3 => Logic::Test(self.condition()),
            4 | 5 => self.logic(depth - 1).negate(),
            6 | 7 => Logic::all((0..3).map(|_| self.logic(depth - 1)).collect::<Vec<_>>()),
            _ => Logic::any((0..3).map(|_| self.logic(depth - 1)).collect::<Vec<_>>()),
        }
    }

    fn event(&mut self) -> EventQuery {
        let category = self.of(&[None, Some("process"), Some("any"), Some("my-cat"), Some("a\"b")]);
        EventQuery { category: category.map(Into::into), condition: self.logic(3) }
    }

    pub(crate) fn query(&mut self) -> Query {
        let keys = self.below(3);
        match self.below(4) {
            0 | 1 => Query::Event(self.event()),
            2 => {
                let step = |dice: &mut Self| Step {
                    query: dice.event(),
                    by: (0..keys).map(|_| dice.name()).collect(),
                    runs: dice.of(&[1, 1, 2, 100]),
                };
                Query::Sequence(Sequence {
                    by: (0..self.below(3)).map(|_| self.name()).collect(),
                    maxspan: self.of(&[1, 30, 60, 90, 3_600, 86_400]),
                    steps: (0..2 + self.below(2)).map(|_| step(self)).collect(),
                    until: (self.below(2) == 0).then(|| Step { runs: 1, ..step(self) }),
                })
            }
            _ => {
                let step = |dice: &mut Self| SeriesStep {
                    missing: false,
                    query: dice.event(),
                    by: (0..keys).map(|_| dice.key()).collect(),
                    runs: 1,
                };
                let first = SeriesStep { runs: 2 + u8::try_from(self.below(99)).expect("below 99"), ..step(self) };
                let missing = SeriesStep { missing: self.below(2) == 0, runs: self.of(&[1, 2]), ..step(self) };
                Query::Series(Series {
                    by: (0..self.below(3)).map(|_| self.key()).collect(),
                    // No whole seconds, which Rulecast itself would write.
                    maxspan: Some(1 + 10 * self.below(500) as u64),
                    steps: vec![first, missing],
                    until: (self.below(2) == 0).then(|| step(self)),
                })
            }
        }
    }
}

#[test]
fn what_is_printed_is_read_back_as_the_same_tree() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..2_000 {
        let query = dice.query();
        let printed = query.to_string();
        assert_eq!(parse(&printed).as_ref(), Ok(&query), "{printed}");
    }
}

#[test]
fn a_text_of_any_shape_is_read_or_refused() {
    let words = [
        "any", "process", "where", "not", "and", "or", "(", ")", "[", "]", "f", "?", ".", "\"", "\"\"\"", "`", "==",
        ":", "in", "in~", "like~", "regex", "sequence", "by", "with", "maxspan", "=", "5", "5s", "-", "until", "![",
        "null", "true", "|", ",", "\\", "//", "/*", "*/", "\n", "ö", "\u{0}", "length(", "sample", "runs",
    ];
    let mut dice = Dice(7);
    let mut read = 0;
    for _ in 0..20_000 {
        let start = dice.of(&["", "any where ", "sequence [", "any where f == 1 and "]);
        let tail: Vec<_> = (0..dice.below(8)).map(|_| dice.of(&words)).collect();
        let text = format!("{start}{}", tail.join(dice.of(&["", " "])));
        match parse(&text) {
            Ok(_) => read += 1,
            Err(error) => assert!(error.line <= text.matches('\n').count() + 1 && error.column > 0, "{text:?} {error}"),
        }
    }
    assert!(read > 100, "{read}");
}
