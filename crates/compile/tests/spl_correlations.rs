//! Correlations by chance on SPL: what the rule means and what its query finds, over random streams.

use rulecast_compile::{NoSquare, Target, Unit, square};
use rulecast_diagnostics::FileId;
use rulecast_ir::Record;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A generator of numbers (xorshift), which is the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }
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
const OPERATORS: [&str; 6] = ["gte", "gt", "lt", "lte", "eq", "neq"];

/// Thresholds of small numbers.
fn thresholds(dice: &mut Dice, numbers: &[&str]) -> String {
    if dice.percent(15) {
        return format!("gt: {}, lte: {}", dice.of(numbers), dice.of(numbers));
    }
    format!("{}: {}", dice.of(&OPERATORS), dice.of(numbers))
}

/// A condition that names every rule.
fn condition(dice: &mut Dice, rules: &[&str]) -> String {
    if let [one] = rules {
        return if dice.percent(35) { format!("not {one}") } else { (*one).to_owned() };
    }
    let (left, right) = rules.split_at(1 + dice.below(rules.len() - 1));
    let joined = format!("({} {} {})", condition(dice, left), dice.of(&["and", "and", "or"]), condition(dice, right));
    if dice.percent(10) { format!("not {joined}") } else { joined }
}

/// What stands in `correlation`, of the rules that it names.
fn correlation(dice: &mut Dice, kind: &str, rules: &[&str]) -> String {
    let mut out = format!("type: {kind}, rules: [{}], timespan: {}s", rules.join(", "), 2 + dice.below(9));
    match dice.below(5) {
        0 => {}
        1 if rules.contains(&"a") && rules.contains(&"b") => {
            let others: String = rules[2..].iter().map(|rule| format!(", {rule}: k")).collect();
            let _ = write!(out, ", group-by: [x], aliases: {{x: {{a: k, b: j{others}}}}}");
        }
        2 => out += ", group-by: [k, j]",
        _ => out += ", group-by: [k]",
    }
    let small = ["1", "2", "3", "4", "0", "2.5"];
    let condition = match kind {
        "temporal" | "temporal_ordered" => match dice.below(3) {
            0 => return out,
            1 => condition(dice, rules),
            _ => format!("{{{}}}", thresholds(dice, &["1", "2", "3"])),
        },
        "value_count" => {
            let field = dice.of(&["v", "v", "[v, w]"]);
            format!("{{{}, field: {field}}}", thresholds(dice, &small))
        }
        "event_count" => format!("{{{}}}", thresholds(dice, &small)),
        kind => {
            let percentile = match kind {
                "value_percentile" => {
                    format!(", percentile: {}", dice.of(&["0", "10", "33.3", "50", "90", "99.9", "100"]))
                }
                _ => String::new(),
            };
            format!("{{{}, field: v{percentile}}}", thresholds(dice, &["0", "1", "2", "5", "2.5", "-1"]))
        }
    };
    out + ", condition: " + &condition
}

fn rule(dice: &mut Dice, kind: &str) -> String {
    let least = if kind == "temporal_ordered" { 2 } else { 1 };
    let mut rules = ["a", "b", "c"][..least + dice.below(4 - least)].to_vec();
    // A correlation in the place of one of the rules, and perhaps another in that.
    let depth = if dice.percent(70) { 0 } else { 1 + dice.below(2) };
    let mut inner = String::new();
    for name in &["y", "z"][2 - depth..] {
        let (kind, place) = (dice.of(&KINDS), dice.below(rules.len()));
        let least = if kind == "temporal_ordered" { 2 } else { 1 };
        let mut own = ["a", "b", "c"][..least + dice.below(4 - least)].to_vec();
        if *name == "z" && depth == 2 {
            *own.last_mut().expect("a correlation has rules") = "y";
        }
        let _ = write!(inner, "---\ntitle: {name}\nname: {name}\ncorrelation: {{{}}}\n", correlation(dice, kind, &own));
        if *name == "z" {
            rules[place] = "z";
        }
    }
    let mut out = format!("title: t\ncorrelation: {{{}}}\n{inner}", correlation(dice, kind, &rules));
    // Rules of which an event may be of several, or of one alone.
    let apart = dice.percent(40);
    for rule in ["a", "b", "c"] {
        let test = if apart { format!("o: {rule}") } else { format!("e|contains: {rule}") };
        let _ = write!(
            out,
            "---\ntitle: {rule}\nname: {rule}\nlogsource: {{category: x}}\ndetection: {{s: {{{test}}}, condition: s}}\n"
        );
    }
    out
}

fn stream(dice: &mut Dice) -> Vec<Record> {
    let mut time = 1_700_000_000_000;
    (0..4 + dice.below(10) as u64)
        .map(|id| {
            time += [500, 1000, 1000, 2000, 3000][dice.below(5)];
            let mut record = Record { id, time, ..Record::default() };
            let letters = dice.of(&["a", "b", "c", "ab", "bc", "a", "b", "d"]);
            record.add_json("e", &letters.into());
            record.add_json("o", &letters[..1].into());
            for (field, values) in [
                ("k", &["x", "x", "x", "y", "X", "5"][..]),
                ("j", &["x", "x", "y"]),
                ("v", &["1", "2", "2", "5", "-1", "0.5", "n", "", "10", "2.0"]),
                ("w", &["p", "q", "P"]),
            ] {
                if !dice.percent(12) {
                    record.add_json(field, &dice.of(values).into());
                }
            }
            record
        })
        .collect()
}

/// What came of a run, by kind: rules, refusals, cases, events at which they fired.
#[derive(Debug, Default)]
struct Tally {
    refused: BTreeMap<String, usize>,
    cases: usize,
    fired: usize,
}

fn run(seed: u64, rules: usize) -> BTreeMap<&'static str, Tally> {
    let target = Target::parse("spl.none").expect("a target");
    let mut dice = Dice(seed);
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for _ in 0..rules {
        let kind = dice.of(&KINDS);
        let text = rule(&mut dice, kind);
        let parsed = rulecast_rule::parse(FileId(0), &text);
        let resolved = Unit::new(parsed.documents).resolve();
        let problems: Vec<_> = parsed.diagnostics.iter().chain(&resolved.diagnostics).collect();
        assert!(problems.iter().all(|problem| !problem.is_error()), "{text}\n{problems:?}");
        let tally = tallies.entry(kind).or_default();
        for _ in 0..4 {
            let events = stream(&mut dice);
            match square(&resolved.rules[0], target, &events) {
                Ok(square) => {
                    let queries: Vec<_> = square.each.iter().map(|(query, _)| query.text.as_str()).collect();
                    assert!(
                        square.closes(),
                        "{text}\n{}\nrule: {:?}\nquery: {:?}\n{events:#?}",
                        queries.join("\n\n"),
                        square.rule,
                        square.queries
                    );
                    tally.cases += events.len();
                    tally.fired += square.rule.len();
                }
                Err(NoSquare::Refused(refusals)) => {
                    *tally.refused.entry(refusals[0].message.clone()).or_default() += 1;
                    break;
                }
                Err(none) => panic!("{text}\n{none}"),
            }
        }
    }
    tallies
}

#[test]
fn queries_fire_where_the_rules_do() {
    let tallies = run(0x9e37_79b9_7f4a_7c15, 160);
    for kind in KINDS {
        let tally = &tallies[kind];
        assert!(tally.cases > 300 && tally.fired > 50, "{kind}: {tally:?}");
    }
}

#[test]
#[ignore = "minutes"]
fn so_they_do_at_length() {
    let tallies = run(0x2545_f491_4f6c_dd1d, 6000);
    let cases: usize = tallies.values().map(|tally| tally.cases).sum();
    assert!(cases > 100_000, "{tallies:?}");
}

/// A chain may hold members that the condition does not ask for there.
#[test]
fn a_chain_may_go_on_beyond_what_its_condition_asks_for() {
    let rule = |name: &str| {
        format!(
            "---\ntitle: {name}\nname: {name}\nlogsource: {{category: x}}\ndetection: {{s: {{e: {name}}}, condition: s}}\n"
        )
    };
    let check = |condition: &str, stream: &str, expected: &[u64]| {
        let head = "title: t\ncorrelation: {type: temporal_ordered, rules: [a, b, c], timespan: 10s, condition: ";
        let text = format!("{head}{condition}}}\n{}{}{}", rule("a"), rule("b"), rule("c"));
        let resolved = Unit::new(rulecast_rule::parse(FileId(0), &text).documents).resolve();
        let events: Vec<Record> = stream
            .split_whitespace()
            .zip(0..)
            .map(|(event, id)| {
                let mut record = Record { id, time: event[1..].parse::<i64>().unwrap() * 1000, ..Record::default() };
                record.add_json("e", &event[..1].into());
                record
            })
            .collect();
        let square = square(&resolved.rules[0], Target::parse("spl.none").unwrap(), &events).unwrap();
        let last: Vec<u64> = square.rule.iter().map(|answer| answer.last).collect();
        assert!(
            square.closes() && last == expected,
            "{condition}: {last:?} {:?}\n{}",
            square.queries,
            square.each[0].0.text
        );
    };
    check("a or (b and c)", "a0 b1 c2 b20", &[0, 1, 2]);
    check("a or (b and c)", "b0 c1 b2", &[1]);
    check("a or (c and not b)", "a0 b1 c2 a13", &[0, 1, 2, 3]);
    check("a and not b and not c", "c0 a1 a11", &[2]);
    check("not a and not b and not c", "a0 b1", &[]);
}

/// Brute force by two log sources of one platform, then a new process.
const CHAIN: &str = "
title: many failures, then a process
correlation:
  type: temporal_ordered
  rules: [failures, process]
  group-by: [HostId]
  timespan: 5m
---
title: failures
name: failures
correlation:
  type: value_count
  rules: [query, connection]
  group-by: [HostId]
  timespan: 10s
  condition: {gte: 2, field: ProcessGuid}
---
title: query
name: query
logsource: {product: windows, category: dns_query}
detection: {s: {QueryName|endswith: .example}, condition: s}
---
title: connection
name: connection
logsource: {product: windows, category: network_connection}
detection: {s: {DestinationPort: 4444}, condition: s}
---
title: process
name: process
logsource: {product: windows, category: process_creation}
detection: {s: {Image|endswith: '\\tool.exe', CommandLine|re: '-[a-z]+$'}, condition: s}
";

#[test]
fn a_chain_over_log_sources_of_a_data_model() {
    let parsed = rulecast_rule::parse(FileId(0), CHAIN);
    let resolved = Unit::new(parsed.documents).resolve();
    let of = |id: u64, seconds: i64, category: &str, fields: &[(&str, &str)]| {
        let source = rulecast_ir::RecordSource {
            product: Some("windows".into()),
            category: Some(category.into()),
            service: None,
        };
        let mut record = Record { id, time: seconds * 1000, log_sources: Some(vec![source]), ..Record::default() };
        fields.iter().for_each(|(name, value)| record.add_json(name, &(*value).into()));
        record
    };
    let query = |id, seconds, host, process| {
        of(id, seconds, "dns_query", &[("QueryName", "a.example"), ("HostId", host), ("ProcessGuid", process)])
    };
    let tool = [("Image", r"C:\tool.exe"), ("CommandLine", "tool -x"), ("HostId", "h")];
    let events = [
        query(1, 0, "h", "p"),
        query(2, 1, "h", "p"),
        query(3, 2, "other", "q"),
        of(4, 3, "process_creation", &tool),
        of(5, 4, "network_connection", &[("DestinationPort", "4444"), ("HostId", "h"), ("ProcessGuid", "q")]),
        of(6, 5, "process_creation", &tool),
        of(7, 6, "process_creation", &tool),
    ];
    for target in ["spl.sysmon", "spl.none"] {
        let square = square(&resolved.rules[0], Target::parse(target).unwrap(), &events).unwrap();
        let last: Vec<u64> = square.rule.iter().map(|answer| answer.last).collect();
        let text = &square.each[0].0.text;
        assert!(square.closes() && last == [6], "{target}\n{text}\n{:?}\n{:?}", square.rule, square.queries);
    }
}
