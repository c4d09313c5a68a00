//! Random trees: printed and read again they are the same, and no row makes their evaluation panic.

use crate::{
    Aggregate, AggregateFunction, Assignment, BinSpan, Command, Expr, Function, Macros, Query, SearchTerm, SearchValue,
    SortKey, Start, Streamstats, Subsearch, Tstats, WherePredicate, evaluate, parse,
};
use rulecast_ir::{Comparison, Logic, Name, Number, Row, Scalar};

/// A generator of numbers (xorshift), which is the same each time.
struct Random(u64);

const NAMES: [&str; 14] =
    ["a", "b", "a.b", "my field{}", "9x", "5", "NOT", "and", "by", "as", "in", "search", "eval", "x-y"];
const TEXTS: [&str; 16] = [
    "",
    "a",
    "A",
    "*",
    "a*",
    "*b*",
    "5",
    "5.0",
    "-1",
    "10.0.0.0/8",
    "10.1.2.3",
    r"C:\Te\",
    "say \"hi\"",
    "`x` | [y]",
    "NOT",
    "ä\t",
];
const PATTERNS: [&str; 8] = ["a", r"(?i)\Aa\z", r"\x22\x5c", "a|b$", "[^a-z]+?", "(a", r"\d{2,}", "(?<n>.)"];

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    fn truth(&mut self) -> bool {
        self.below(2) == 0
    }

    fn many<T>(&mut self, least: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = least + self.below(3);
        (0..count).map(|_| make(self)).collect()
    }

    fn name(&mut self) -> Name {
        self.of(&NAMES).into()
    }

    fn text(&mut self) -> String {
        self.of(&TEXTS).to_owned()
    }

    fn number(&mut self) -> Number {
        match self.below(3) {
            0 => Number::Decimal(self.of(&[0.5, -2.25, 1e300 / 7.0, 0.1])),
            _ => Number::Integer(self.of(&[0, 1, 5, -7, i64::MAX, i64::MIN + 1])),
        }
    }

    fn comparison(&mut self) -> Comparison {
        self.of(&[
            Comparison::Equal,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Greater,
            Comparison::GreaterOrEqual,
        ])
    }

    fn logic<L>(&mut self, depth: usize, leaf: &mut impl FnMut(&mut Self) -> L) -> Logic<L> {
        match self.below(if depth == 0 { 5 } else { 12 }) {
            0 => Logic::True,
            1 => Logic::False,
            2..=4 => Logic::Test(leaf(self)),
            5..=6 => self.logic(depth - 1, leaf).negate(),
            7..=9 => Logic::all(self.many(1, |random| random.logic(depth - 1, leaf))),
            _ => Logic::any(self.many(1, |random| random.logic(depth - 1, leaf))),
        }
    }

    fn search_value(&mut self) -> SearchValue {
        match self.below(4) {
            0 => SearchValue::Number(self.number()),
            1 => SearchValue::Cased(self.text()),
            _ => SearchValue::Text(self.text()),
        }
    }

    fn search_term(&mut self) -> SearchTerm {
        let field = self.name();
        match self.below(7) {
            0 => SearchTerm::Macro(self.of(&["m", "f(1, \"x\")"]).into()),
            1 => SearchTerm::In { field, values: self.many(1, Self::search_value) },
            2 => SearchTerm::Present(field),
            3 => SearchTerm::Raw(self.text()),
            4 => SearchTerm::RawCased(self.text()),
            5 => SearchTerm::Differ { field, value: self.search_value() },
            _ => SearchTerm::Compare { field, comparison: self.comparison(), value: self.search_value() },
        }
    }

    fn search(&mut self) -> Logic<SearchTerm> {
        self.logic(3, &mut Self::search_term)
    }

    fn condition(&mut self, depth: usize) -> Logic<WherePredicate> {
        self.logic(depth, &mut |random| random.predicate(depth))
    }

    fn predicate(&mut self, depth: usize) -> WherePredicate {
        let depth = depth.saturating_sub(1);
        match self.below(8) {
            0 => WherePredicate::NotNull(self.expr(depth)),
            1 => WherePredicate::Null(self.expr(depth)),
            2 => WherePredicate::InNetwork { network: self.text(), address: self.expr(depth) },
            3 => WherePredicate::Differ { left: self.expr(depth), right: self.expr(depth) },
            4 => {
                let (function, second) = match self.below(3) {
                    0 => (Function::Match, Expr::Regex(self.of(&PATTERNS).to_owned())),
                    1 => (Function::Like, Expr::Text(self.text())),
                    _ => (Function::In, self.expr(depth)),
                };
                WherePredicate::Truth(Expr::call(function, [self.expr(depth), second]))
            }
            5 if depth > 0 => {
                WherePredicate::Xor(Box::new(self.condition(depth - 1)), Box::new(self.condition(depth - 1)))
            }
            _ => WherePredicate::Compare {
                left: self.expr(depth),
                comparison: self.comparison(),
                right: self.expr(depth),
            },
        }
    }

    fn expr(&mut self, depth: usize) -> Expr {
        if depth == 0 {
            return match self.below(3) {
                0 => Expr::Field(self.name()),
                1 => Expr::Number(self.number()),
                _ => Expr::Text(self.text()),
            };
        }
        let depth = depth - 1;
        let mut two =
            |make: fn(Box<Expr>, Box<Expr>) -> Expr| make(Box::new(self.expr(depth)), Box::new(self.expr(depth)));
        match two(Expr::Sum) {
            // The operands, under another operator.
            Expr::Sum(left, right) => match self.below(12) {
                0 => Expr::Sum(left, right),
                1 => Expr::Difference(left, right),
                2 => Expr::Product(left, right),
                3 => Expr::Quotient(left, right),
                4 => Expr::Remainder(left, right),
                5 => Expr::Concat(left, right),
                6 => Expr::if_else(self.condition(depth), *left, *right),
                7 => Expr::Case(vec![(self.condition(depth), *left), (self.condition(depth), *right)]),
                8 => {
                    let pattern = Expr::Regex(self.of(&PATTERNS).to_owned());
                    if self.truth() {
                        Expr::call(Function::Mvfind, [*left, pattern])
                    } else {
                        Expr::call(Function::Replace, [*left, pattern, *right])
                    }
                }
                9 => {
                    let function = self.of(&[
                        Function::Len,
                        Function::Lower,
                        Function::Upper,
                        Function::Mvcount,
                        Function::Tonumber,
                        Function::Tostring,
                    ]);
                    Expr::call(function, [*left])
                }
                10 => Expr::null(),
                _ => {
                    let function = self.of(&[
                        Function::Coalesce,
                        Function::Max,
                        Function::Min,
                        Function::Mvappend,
                        Function::Substr,
                        Function::Strftime,
                        Function::Tonumber,
                        Function::Round,
                    ]);
                    Expr::call(function, [*left, *right])
                }
            },
            other => other,
        }
    }

    fn aggregates(&mut self) -> Vec<Aggregate> {
        self.many(1, |random| {
            let function = random.of(&AggregateFunction::ALL).1;
            let argument = match random.below(3) {
                0 if function == AggregateFunction::Count => None,
                0 => Some(random.expr(1)),
                _ => Some(Expr::Field(random.name())),
            };
            Aggregate { function, argument, name: random.truth().then(|| random.name()) }
        })
    }

    fn keys(&mut self) -> Vec<SortKey> {
        self.many(1, |random| SortKey { field: random.name(), descending: random.truth() })
    }

    fn command(&mut self) -> Command {
        match self.below(19) {
            0 | 1 => Command::Where(self.condition(3)),
            2 | 3 => Command::Eval(self.many(1, |random| Assignment { name: random.name(), value: random.expr(3) })),
            4 => Command::Sort(self.keys()),
            5 => Command::SortFirst { limit: 1 + self.below(9) as u64, keys: self.keys() },
            6 => Command::LargestBefore { field: "a".into(), name: "m".into(), by: self.many(0, Self::name) },
            7 => Command::Expand(self.name()),
            8 => Command::Dedup(self.many(1, Self::name)),
            9 => Command::Table(self.many(1, Self::name)),
            10 => Command::Search(self.search()),
            11 => {
                let field = self.truth().then(|| self.name());
                let negated = field.is_some() && self.truth();
                Command::Regex { field, negated, pattern: self.of(&PATTERNS).to_owned() }
            }
            12 => Command::Rex { field: self.name(), pattern: self.of(&PATTERNS).to_owned() },
            13 => Command::Streamstats(Streamstats {
                current: true,
                window: self.truth().then(|| self.below(4) as u64),
                time_window: self.truth().then(|| 30 + self.below(4) as u64),
                global: self.truth(),
                aggregates: self.aggregates(),
                by: self.many(0, Self::name),
            }),
            14 => Command::Stats { aggregates: self.aggregates(), by: self.many(0, Self::name) },
            15 => Command::Fields { keep: self.truth(), fields: self.many(1, Self::name) },
            16 => Command::Rename(self.many(1, |random| (random.name(), random.name()))),
            17 => {
                let span = self.of(&[BinSpan::Number(3), BinSpan::Seconds(60), BinSpan::Seconds(86_400)]);
                Command::Bin { field: self.name(), span, name: self.truth().then(|| self.name()) }
            }
            _ => Command::Head(self.below(9) as u64),
        }
    }

    fn query(&mut self) -> Query {
        if self.below(8) == 0 {
            let searches =
                self.many(2, |random| Subsearch { search: random.search(), commands: random.many(0, Self::command) });
            return Query { start: Start::Multisearch(searches), commands: self.many(0, Self::command) };
        }
        if self.below(8) == 0 {
            let start = Start::Tstats(Tstats {
                summaries_only: self.truth(),
                old_summaries: self.truth(),
                fill: self.truth().then(|| self.text()),
                aggregates: self.aggregates(),
                dataset: "Model.main".into(),
                search: self.search(),
                by: self.many(0, Self::name),
            });
            return Query { start, commands: self.many(0, Self::command) };
        }
        Query { start: Start::Search(self.search()), commands: self.many(0, Self::command) }
    }

    fn row(&mut self, id: u64) -> Row {
        let mut row = super::evaluate::row(id, &[]);
        row.time = self.of(&[0, 1500, 99_999, -1, i64::MAX, i64::MIN]);
        row.raw = self.truth().then(|| self.text());
        for name in NAMES {
            let values = self.below(3);
            for _ in 0..values {
                let value = match self.below(4) {
                    0 => Scalar::Integer(self.of(&[0, 5, i64::MIN, i64::MAX])),
                    1 => Scalar::Float(self.of(&[0.5, -1e300, f64::MAX])),
                    2 => Scalar::Boolean(self.truth()),
                    _ => Scalar::Text(self.text()),
                };
                row.columns.entry(name.to_owned()).or_default().push(value);
            }
        }
        row
    }
}

#[test]
fn printed_trees_are_read_again_and_evaluated() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut answered = 0;
    for _ in 0..1500 {
        let query = random.query();
        let printed = query.to_string();
        assert_eq!(parse(&printed).as_ref(), Ok(&query), "{printed}");
        let rows: Vec<Row> = (0..4).map(|id| random.row(id)).collect();
        answered += usize::from(evaluate(&query, &rows, &Macros::new()).is_ok());
    }
    // Most of the rest have a field with several values, or no raw text.
    assert!(answered > 300, "{answered}");
}

#[test]
fn conditions_obey_their_laws() {
    // A condition and its negation are never both true, and the two halves of `x OR NOT x` are true where x is known.
    let mut random = Random(42);
    let mut known = 0;
    for _ in 0..1500 {
        let condition = random.condition(3);
        let rows = [random.row(1)];
        let holds = |condition: Logic<WherePredicate>| {
            let query = Query { start: Start::Search(Logic::True), commands: vec![Command::Where(condition)] };
            evaluate(&query, &rows, &Macros::new()).map(|found| !found.is_empty())
        };
        let (Ok(yes), Ok(no)) = (holds(condition.clone()), holds(Logic::Not(Box::new(condition.clone())))) else {
            continue;
        };
        assert!(!(yes && no), "{condition:?}");
        known += usize::from(yes || no);
        let either = Logic::Or(vec![condition.clone(), Logic::Not(Box::new(condition))]);
        assert_eq!(holds(either), Ok(yes || no));
    }
    assert!(known > 250, "{known}");
}
