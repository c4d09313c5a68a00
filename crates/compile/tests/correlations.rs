//! Correlations by chance: rules of every type over streams of events must close on every target that does not refuse.

use rulecast_compile::{NoSquare, Square, Target, Unit, square};
use rulecast_diagnostics::{Diagnostic, FileId};
use rulecast_ir::{Record, Rule, Scalar, Sigma};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A generator of numbers (Knuth's MMIX), the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// What stands in `correlation`.
    fn correlation(&mut self, kind: &str) -> String {
        let rules = self.one_of(&["[a]", "[a, b]", "[b, a]", "[a, b, c]"]);
        let rules = if kind == "temporal_ordered" && rules == "[a]" { "[a, c]" } else { rules };
        let keys = self.one_of(&["", "group-by: [k], ", "group-by: [k], ", "group-by: [k, l], "]);
        let span = 1 + self.below(8);
        let head = format!("type: {kind}, rules: {rules}, {keys}timespan: {span}s");
        let field = self.one_of(&["v", "w", "[v, w]"]);
        let number = self.one_of(&["n", "n", "m"]);
        let most = if kind == "value_sum" { 12 } else { 4 };
        let value = self.below(most);
        let operator = self.one_of(&["gte", "gte", "gt", "lt", "lte", "eq", "neq"]);
        let threshold = match self.below(4) {
            0 => format!("gt: {value}, lte: {}", value + 2),
            1 if kind.starts_with("value") && kind != "value_count" => format!("{operator}: {value}.5"),
            _ => format!("{operator}: {value}"),
        };
        match kind {
            "event_count" => format!("{head}, condition: {{{threshold}}}"),
            "value_count" => format!("{head}, condition: {{{threshold}, field: {field}}}"),
            "value_percentile" => {
                let percentile = self.one_of(&["0", "25", "50", "90", "99.5", "100"]);
                format!("{head}, condition: {{{threshold}, field: {number}, percentile: {percentile}}}")
            }
            "value_sum" | "value_avg" | "value_median" => {
                format!("{head}, condition: {{{threshold}, field: {number}}}")
            }
            _ => match self.below(5) {
                0 => format!("{head}, condition: {{{threshold}}}"),
                1 if rules.contains('c') && rules.contains('b') => {
                    let condition = self.one_of(&[
                        "a and b and not c",
                        "a and not b and not c",
                        "(a or b) and c",
                        "a and (b or not c)",
                        "not (a and b) and c",
                        "1 of them and not (b and c)",
                    ]);
                    format!("{head}, condition: {condition}")
                }
                _ => head,
            },
        }
    }

    /// Ten events, no two at one time.
    fn events(&mut self) -> Vec<Record> {
        let mut time = 1_700_000_000_000;
        (0..10)
            .map(|id| {
                time += 500 * (1 + i64::try_from(self.below(4)).expect("below 4"));
                let mut record = Record { id, time, ..Record::default() };
                let mut add = |field: &str, value: Option<Scalar>| {
                    if let Some(value) = value {
                        record.fields.insert(field.into(), vec![value]);
                    }
                };
                let text = |text: Option<&str>| text.map(|text| Scalar::Text(text.into()));
                add("e", text(self.one_of(&[Some("a"), Some("b"), Some("c"), Some("ab"), Some("d"), None])));
                add("k", text(self.one_of(&[Some("x"), Some("x"), Some("x"), Some("y"), Some("Y"), None])));
                add("l", text(self.one_of(&[Some("x"), Some("x"), Some("x"), Some("x"), Some("y"), None])));
                add("v", text(self.one_of(&[Some("x"), Some("X"), Some("y"), Some("z"), None])));
                add("w", text(self.one_of(&[Some("1"), Some("2"), Some("1"), None])));
                let number = self.one_of(&[Some(0), Some(1), Some(2), Some(3), Some(7), Some(-4), None]);
                add("n", number.map(Scalar::Integer));
                let decimal = self.one_of(&[Some(0.5), Some(1.25), Some(2.0), Some(3.5), None]);
                add("m", decimal.map(Scalar::Float));
                record
            })
            .collect()
    }
}

/// `a` and `b` share some events.
fn text(correlation: &str) -> String {
    let mut out = format!("title: wanted\ncorrelation: {{{correlation}}}\n");
    for name in ["a", "b", "c"] {
        let _ = write!(
            out,
            "---\ntitle: {name}\nname: {name}\nlogsource: {{category: test}}\n\
             detection: {{s: {{e|contains: {name}}}, condition: s}}\n"
        );
    }
    out
}

fn resolved(text: &str) -> Rule<Sigma> {
    let parsed = rulecast_rule::parse(FileId(0), text);
    let resolved = Unit::new(parsed.documents).resolve();
    let problems: Vec<_> =
        parsed.diagnostics.iter().chain(&resolved.diagnostics).filter(|one| one.is_error()).collect();
    assert_eq!(problems, Vec::<&Diagnostic>::new(), "{text}");
    resolved.rules.into_iter().next().expect("the correlation")
}

fn parted(square: &Square, events: &[Record]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "missed: {:?}", square.missed().map(|one| one.last).collect::<Vec<_>>());
    let _ = writeln!(out, "in excess: {:?}", square.extra().map(|one| one.last).collect::<Vec<_>>());
    for (query, _) in &square.each {
        let _ = writeln!(out, "{}", query.text);
    }
    for event in events {
        let fields: Vec<_> = event.fields.iter().map(|(name, values)| format!("{name}={}", values[0].text())).collect();
        let _ = writeln!(out, "  {}: {} ms {}", event.id, event.time - events[0].time, fields.join(" "));
    }
    out
}

const KINDS: [&str; 8] = [
    "event_count",
    "value_count",
    "temporal",
    "temporal_ordered",
    "value_sum",
    "value_avg",
    "value_percentile",
    "value_median",
];

/// Of each target, the types that it has queries for, whatever their thresholds.
const LOWERED: &[(&str, &[&str])] =
    &[("eql.none", &["event_count", "temporal_ordered"]), ("spl.none", &KINDS), ("kql.none", &KINDS)];

#[test]
fn correlations_close_on_every_target() {
    let mut dice = Dice(1);
    let mut failures = Vec::new();
    let mut fired: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for kind in KINDS {
        for _ in 0..80 {
            let correlation = dice.correlation(kind);
            let events = dice.events();
            let rule = resolved(&text(&correlation));
            for target in ["eql.none", "spl.none", "kql.none"] {
                match square(&rule, Target::parse(target).expect("a target"), &events) {
                    Ok(square) if square.closes() => {
                        *fired.entry((target.to_owned(), kind)).or_default() += square.rule.len();
                    }
                    Ok(square) => failures.push(format!("# {target}\n{correlation}\n{}", parted(&square, &events))),
                    Err(NoSquare::Refused(_)) => {}
                    Err(other) => failures.push(format!("# {target}\n{correlation}\n{other}\n")),
                }
            }
        }
    }
    let shown = failures.iter().take(3).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} do not close, such as\n{shown}", failures.len());
    for (target, kinds) in LOWERED {
        for kind in *kinds {
            let times = fired.get(&((*target).to_owned(), kind)).copied().unwrap_or_default();
            assert!(times >= 20, "{kind} fired {times} times on {target}: too little was compared");
        }
    }
}
