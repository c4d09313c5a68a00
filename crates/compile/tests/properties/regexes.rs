//! P4: a regex finds the same in every engine. The rule's own meaning, PCRE2 itself on what is printed for Splunk, the
//! `regex` crate (whose syntax is Kusto's) on what is printed for Kusto, and our reading of Lucene's engine, which has
//! published vectors, on what is printed for EQL.

use super::predicate;
use rulecast_compile::{Allow, NoSquare, Outcome, Target, Unit, compile, square};
use rulecast_diagnostics::FileId;
use rulecast_ir::{Assumption, Record, Rule, Scalar, Sigma, eval};
use rulecast_kql::ast::{self as kql, Comparison};
use rulecast_spl::{Command, Expr, WherePredicate};

/// Numbers that look random, the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn one_of(&mut self, all: &[&'static str]) -> &'static str {
        all[self.below(all.len())]
    }

    fn regex(&mut self, depth: usize) -> String {
        let atoms = [
            "a", "B", "k", "s", "é", ".", "\\.", "\\\\", "\\d", "\\w", "\\W", "\\s", "[ab]", "[^a]", "[A-Z]", "[é-ü]",
            "x", "\\x41", "-", "\"", " ", "^", "$", "\\b",
        ];
        let mut out = String::new();
        for _ in 0..=self.below(4) {
            let atom = match self.below(if depth == 0 { 6 } else { 9 }) {
                6 => format!("({}|{})", self.regex(depth - 1), self.regex(depth - 1)),
                7 => format!("(?:{})", self.regex(depth - 1)),
                8 => format!("({})", self.regex(depth - 1)),
                _ => self.one_of(&atoms).to_owned(),
            };
            let repeats = !matches!(atom.as_str(), "^" | "$" | "\\b");
            out += &atom;
            out += if repeats { self.one_of(&["", "", "", "", "*", "+", "?", "{2}", "{1,3}", "*?"]) } else { "" };
        }
        out
    }

    fn text(&mut self) -> String {
        let pieces = [
            "a", "b", "A", "B", "k", "K", "s", "S", "é", "É", ".", "\\", "1", "_", " ", "x", "X", "\n", "-", "\"", "Z",
        ];
        (0..self.below(7)).map(|_| self.one_of(&pieces)).collect()
    }
}

fn rule(regex: &str, flags: &str) -> Option<Rule<Sigma>> {
    let quoted = regex.replace('\'', "''");
    let yaml = format!(
        "title: t\nlogsource: {{category: any}}\ndetection:\n  s: {{'f|re{flags}': '{quoted}'}}\n  condition: s\n"
    );
    let resolved = Unit::new(rulecast_rule::parse(FileId(0), &yaml).documents).resolve();
    resolved.rules.into_iter().next()
}

/// The query, and whether it assumes that letters beyond ASCII occur in one case only.
fn query(rule: &Rule<Sigma>, target: &str) -> Option<(String, bool)> {
    match compile(rule, Target::parse(target).expect("tests name targets"), Allow::default()) {
        Outcome::Queries(queries) => {
            let query = queries.into_iter().next()?;
            let ascii = query.fidelity.assumptions.contains(&Assumption::Ascii);
            Some((query.text, ascii))
        }
        _ => None,
    }
}

/// The pattern of `| where isnotnull(mvfind(f, "…"))`.
fn of_splunk(text: &str) -> Option<String> {
    let query = rulecast_spl::parse(text).expect("a query is read back");
    let Some(Command::Where(rulecast_ir::Logic::Test(WherePredicate::NotNull(Expr::Call { arguments, .. })))) =
        query.commands.first()
    else {
        return None;
    };
    arguments.iter().find_map(|argument| if let Expr::Regex(pattern) = argument { Some(pattern.clone()) } else { None })
}

/// The pattern of `f matches regex "…"`.
fn of_kusto(text: &str) -> Option<String> {
    let query = rulecast_kql::parse::parse(text).expect("a query is read back");
    query.pipeline.operators.iter().find_map(|operator| match operator {
        kql::Operator::Where(rulecast_ir::Logic::Test(kql::Test::Compare {
            operator: Comparison::MatchesRegex,
            right: kql::Expr::Text(pattern),
            ..
        })) => Some(pattern.clone()),
        _ => None,
    })
}

fn pattern(rule: &Rule<Sigma>, target: &str, of: fn(&str) -> Option<String>) -> Option<(String, bool)> {
    let (text, ascii) = query(rule, target)?;
    Some((of(&text)?, ascii))
}

#[test]
fn p4_a_regex_finds_the_same_in_every_engine() {
    let mut numbers = Numbers(4);
    let (mut splunk, mut kusto, mut lucene, mut found) = (0, 0, 0, 0);
    for round in 0..600 {
        let (regex, flags) = (numbers.regex(2), ["", "|i", "|s", "|m", "|i|s"][round % 5]);
        let Some(rule) = rule(&regex, flags) else { continue };
        let texts: Vec<String> = (0..25).map(|_| numbers.text()).collect();
        let event = |text: &String| Record {
            fields: [("f".to_owned(), vec![Scalar::Text(text.clone())])].into(),
            ..Record::default()
        };
        let meant: Vec<bool> =
            texts.iter().map(|text| eval::satisfies(predicate(&rule).unwrap(), &event(text))).collect();
        found += meant.iter().filter(|one| **one).count();
        if let Some((pattern, ascii)) = pattern(&rule, "spl.none", of_splunk) {
            splunk += 1;
            let engine = pcre2::bytes::RegexBuilder::new().utf(true).build(&pattern).expect("PCRE2 reads the pattern");
            for (text, meant) in texts.iter().zip(&meant).filter(|(text, _)| !ascii || text.is_ascii()) {
                assert_eq!(
                    engine.is_match(text.as_bytes()).unwrap(),
                    *meant,
                    "{regex} {flags} as {pattern} on {text:?}"
                );
            }
        }
        if let Some((pattern, ascii)) = pattern(&rule, "kql.none", of_kusto) {
            kusto += 1;
            let engine = regex::Regex::new(&pattern).expect("the regex crate reads the pattern");
            for (text, meant) in texts.iter().zip(&meant).filter(|(text, _)| !ascii || text.is_ascii()) {
                assert_eq!(engine.is_match(text), *meant, "{regex} {flags} as {pattern} on {text:?}");
            }
        }
        let ascii = query(&rule, "eql.none").is_some_and(|(_, ascii)| ascii);
        let texts: Vec<&String> = texts.iter().filter(|text| !ascii || text.is_ascii()).collect();
        let events: Vec<Record> = texts.into_iter().zip(0..).map(|(text, id)| Record { id, ..event(text) }).collect();
        match square(&rule, Target::parse("eql.none").unwrap(), &events) {
            Ok(square) => {
                lucene += 1;
                assert!(square.closes(), "{regex} {flags}: {}", square.each[0].0.text);
            }
            Err(NoSquare::Refused(_)) => {}
            Err(other) => panic!("{regex} {flags}: {other}"),
        }
    }
    assert!(splunk > 300 && kusto > 300 && lucene > 150 && found > 500, "{splunk} {kusto} {lucene} {found}");
}
