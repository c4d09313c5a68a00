//! Queries of random trees are read back as they were.

use crate::ast::{
    Aggregate, Comparison, Condition, Expr, Function, JoinKind, Let, Named, Operator, Pipeline, Query, SortKey, Source,
    Test,
};
use crate::parse::parse;
use rulecast_ir::{Logic, Name};

/// Numbers that look random, the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn many<T>(&mut self, least: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..least + self.below(3)).map(|_| make(self)).collect()
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 24] = [
            "a", "C:\\", "\"", "'", "\\", "\n", "\t", "\r", "`", "```", "//", "/*", "é", "💥", "\u{202e}", "\u{0}",
            "\u{feff}", "~~~", "@", "h", "*", "?", " ", "\\u0041",
        ];
        self.many(0, |own| own.pick(&PIECES)).concat()
    }

    fn name(&mut self) -> Name {
        const NAMES: [&str; 14] =
            ["a", "Timestamp", "by", "where", "x y", "a.b", "9x", "it's", "\\", "not", "asc", "naïve", "__x", "\""];
        if self.below(4) == 0 { self.text().into() } else { self.pick(&NAMES).into() }
    }

    fn value(&mut self, depth: usize) -> Expr {
        match self.below(if depth == 0 { 6 } else { 11 }) {
            0 => Expr::Text(self.text()),
            1 => Expr::Long(self.pick(&[0, 1, -1, 4624, i64::MAX, i64::MIN])),
            2 => Expr::Real(self.pick(&[0.5, -2.0, 1e300, 1e-9, 123_456_789.125, f64::MIN])),
            3 => Expr::Bool(self.below(2) == 0),
            4 => Expr::Timespan(self.pick(&[0, 1, 60, 90, 3600, 86_400, 31_536_001])),
            5 => Expr::Column(self.name()),
            6 => {
                let of = if self.below(2) == 0 {
                    Expr::Column(self.name())
                } else {
                    Expr::Call(Function::ParseJson, vec![Expr::Column(self.name())])
                };
                Expr::Path { of: Box::new(of), names: self.many(1, Self::name) }
            }
            7 => {
                let function = self.pick(&Function::ALL);
                Expr::Call(function, self.many(1, |own| own.value(depth - 1)))
            }
            8 => Expr::Minus(Box::new(self.value(depth - 1)), Box::new(self.value(depth - 1))),
            9 => match self.test(depth - 1) {
                Test::Call(function, arguments) => Expr::Call(function, arguments),
                test => Expr::Test(Box::new(test)),
            },
            _ => Expr::Case {
                branches: self.many(1, |own| (own.condition(depth - 1), own.value(depth - 1))),
                otherwise: Box::new(self.value(depth - 1)),
            },
        }
    }

    fn test(&mut self, depth: usize) -> Test {
        match self.below(5) {
            0 => {
                let values = self.many(2, |own| own.value(0));
                Test::In { left: self.value(depth), fold: self.below(2) == 0, values }
            }
            1 => {
                let function = self.pick(&[Function::IsEmpty, Function::Ipv6IsMatch, Function::Coalesce]);
                Test::Call(function, self.many(1, |own| own.value(depth)))
            }
            2 => {
                let operator = self.pick(&[Comparison::Contains, Comparison::MatchesRegex, Comparison::HasPrefix]);
                Test::Compare { left: Expr::AnyColumn, operator, right: Expr::Text(self.text()) }
            }
            _ => {
                let operator = self.pick(&Comparison::ALL);
                Test::Compare { left: self.value(depth), operator, right: self.value(depth) }
            }
        }
    }

    fn condition(&mut self, depth: usize) -> Condition {
        let parts = |own: &mut Self| own.many(2, |own| own.condition(depth - 1));
        match self.below(if depth == 0 { 4 } else { 8 }) {
            0 => self.pick(&[Logic::True, Logic::False]),
            4 => Logic::Not(Box::new(self.condition(depth - 1))),
            5 | 6 => {
                let parts = parts(self);
                Logic::And(
                    parts
                        .into_iter()
                        .flat_map(|part| if let Logic::And(inner) = part { inner } else { vec![part] })
                        .collect(),
                )
            }
            7 => {
                let parts = parts(self);
                Logic::Or(
                    parts
                        .into_iter()
                        .flat_map(|part| if let Logic::Or(inner) = part { inner } else { vec![part] })
                        .collect(),
                )
            }
            _ => Logic::Test(self.test(depth)),
        }
    }

    fn named(&mut self) -> Named {
        Named { name: self.name(), value: self.value(2) }
    }

    fn operator(&mut self) -> Operator {
        match self.below(6) {
            0 => Operator::Extend(self.many(1, Self::named)),
            1 => Operator::Project(self.many(1, Self::named)),
            2 => {
                let name = self.name();
                let aggregates = vec![match self.below(5) {
                    0 => Aggregate::Max(name),
                    1 => Aggregate::Min(name),
                    2 => Aggregate::ArgMax(name, self.many(1, Self::name)),
                    3 => Aggregate::ArgMin(name, self.many(1, Self::name)),
                    _ => Aggregate::CountIf { name, condition: self.condition(2) },
                }];
                Operator::Summarize { aggregates, by: self.many(1, Self::name) }
            }
            3 => {
                let kind = self.pick(&JoinKind::ALL);
                Operator::Join { kind, right: self.name(), on: self.many(1, Self::name) }
            }
            4 => Operator::Sort(self.many(1, |own| SortKey { by: own.value(1), descending: own.below(2) == 0 })),
            _ => Operator::Where(self.condition(3)),
        }
    }

    fn pipeline(&mut self, depth: usize) -> Pipeline {
        let source = match self.below(4) {
            0 if depth > 0 => Source::Union(self.many(1, |own| own.pipeline(depth - 1))),
            _ => Source::Table(self.name()),
        };
        Pipeline { source, operators: self.many(0, Self::operator) }
    }
}

#[test]
fn random_queries_are_read_back() {
    let mut numbers = Numbers(3);
    for _ in 0..400 {
        let lets = numbers.many(0, |own| {
            let rows = own.pipeline(1);
            let once = own.below(3) == 0;
            let cached = |rows| Pipeline { source: Source::Materialize(Box::new(rows)), operators: Vec::new() };
            Let { name: own.name(), pipeline: if once { cached(rows) } else { rows } }
        });
        let query = Query { lets, pipeline: numbers.pipeline(2) };
        let printed = query.to_string();
        let read = parse(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
        assert_eq!(read, query, "{printed}");
        let compact = query.compact();
        assert_eq!(parse(&compact).as_ref(), Ok(&query), "{compact}");
        assert!(!compact.contains("\n "), "{compact}");
        let renamed = query.with_column_renamed("Timestamp", &"Renamed".into()).expect("no column is called so");
        let back = renamed.with_column_renamed("Renamed", &"Timestamp".into());
        assert_eq!(back.as_ref(), Some(&query), "{renamed}");
    }
}
