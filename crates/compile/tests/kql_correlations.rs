//! Correlations by chance on Kusto: the rule and its query fire at the same events of the same stream.
//!
//! `RULECAST_CASES=20000 cargo test -p rulecast-compile --test kql_correlations` compares more.

use rulecast_compile::{NoSquare, Target, Unit, square};
use rulecast_diagnostics::FileId;
use rulecast_ir::Record;
use std::fmt::Write;

/// Numbers that look random, the same ones each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
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

const ORDERED: &[&str] = &["temporal_ordered"];

/// One or two bounds.
fn bounds(dice: &mut Dice, values: &[&str]) -> String {
    let operators = ["gte", "gt", "lt", "lte", "eq", "neq"];
    if dice.percent(20) {
        return format!("{}: {}, {}: {}", dice.of(&["gte", "gt"]), dice.of(values), dice.of(&["lt", "lte", "neq"]), {
            dice.of(values)
        });
    }
    format!("{}: {}", dice.of(&operators), dice.of(values))
}

/// A condition over all of the members.
fn condition(dice: &mut Dice, members: &[&str]) -> String {
    let mut text = String::new();
    for (i, member) in members.iter().enumerate() {
        if i > 0 {
            text = format!("{text} {} ", dice.of(&["and", "or", "and not", "or not"]));
            if dice.percent(30) {
                text = format!("({})", text.trim_end());
                text = text.replace(" and)", ") and").replace(" or)", ") or");
                text = text.replace(" and not)", ") and not").replace(" or not)", ") or not");
                text.push(' ');
            }
        } else if dice.percent(20) {
            text.push_str("not ");
        }
        text.push_str(member);
    }
    text
}

/// The text of a correlation over these members.
fn correlation(dice: &mut Dice, members: &[&str], kinds: &[&str]) -> String {
    let kind = dice.of(kinds);
    let key = dice.of(&["k", "k", "k", "x", "k, j", ""]);
    let mut text = format!("  type: {kind}\n  rules: [{}]\n", members.join(", "));
    if !key.is_empty() {
        writeln!(text, "  group-by: [{key}]").expect("memory");
    }
    if key == "x" {
        let fields: Vec<String> =
            members.iter().map(|member| format!("{member}: {}", dice.of(&["k", "k", "j"]))).collect();
        writeln!(text, "  aliases: {{x: {{{}}}}}", fields.join(", ")).expect("memory");
    }
    writeln!(text, "  timespan: {}s", 1 + dice.below(14)).expect("memory");
    let counts = ["0", "1", "2", "2", "3", "3", "4", "2.5"];
    match kind {
        "event_count" => writeln!(text, "  condition: {{{}}}", bounds(dice, &counts)),
        "value_count" => {
            let field = dice.of(&["v", "[v, w]", "w"]);
            writeln!(text, "  condition: {{{}, field: {field}}}", bounds(dice, &counts))
        }
        "temporal" | "temporal_ordered" => match dice.below(3) {
            0 => Ok(()),
            1 => writeln!(text, "  condition: {{{}}}", bounds(dice, &counts)),
            _ => writeln!(text, "  condition: {}", condition(dice, members)),
        },
        "value_percentile" => {
            let percentile = dice.of(&["0", "50", "55", "90", "99.9", "100", "33.3", "7"]);
            let bounds = bounds(dice, &["0", "2", "5", "7.5"]);
            writeln!(text, "  condition: {{{bounds}, percentile: {percentile}, field: n}}")
        }
        _ => writeln!(text, "  condition: {{{}, field: n}}", bounds(dice, &["0", "2", "5", "7.5", "-1"])),
    }
    .expect("memory");
    text
}

/// A file whose first document is the rule.
fn rule(dice: &mut Dice) -> String {
    let mut members = vec!["a", "b", "c"];
    members.truncate(1 + dice.below(3));
    let chained = dice.percent(20);
    let mut text = String::from("title: t\ncorrelation:\n");
    let mut inner = String::new();
    // A third of the chains have sequences in them.
    let kinds = |dice: &mut Dice| if dice.percent(40) { ORDERED } else { &KINDS[..] };
    let (outer_kinds, inner_kinds) = if chained { (kinds(dice), kinds(dice)) } else { (&KINDS[..], &KINDS[..]) };
    if chained {
        let place = dice.below(members.len());
        let own: Vec<&str> = ["a", "b", "c"][..=dice.below(3)].to_vec();
        let own = correlation(dice, &own, inner_kinds);
        inner = format!("---\ntitle: i\nname: i\ncorrelation:\n{own}");
        members[place] = "i";
    }
    text.push_str(&correlation(dice, &members, outer_kinds));
    text.push_str(&inner);
    for name in ["a", "b", "c"] {
        let letters = dice.of(&[name, name, "[a, b]", "[b, c]"]);
        write!(
            text,
            "---\ntitle: {name}\nname: {name}\nlogsource: {{category: x}}\ndetection: {{s: {{e: {letters}}}, condition: s}}\n"
        )
        .expect("memory");
    }
    text
}

/// Events in order, no two at one time.
fn stream(dice: &mut Dice) -> Vec<Record> {
    let mut time = 1_700_000_000_000;
    (0..4 + dice.below(12) as u64)
        .map(|id| {
            time += [500, 1000, 1000, 2000, 3000, 7000][dice.below(6)];
            let mut record = Record { id, time, ..Record::default() };
            let mut set = |name: &str, value: &str| {
                if value != "-" {
                    record.add_json(name, &value.into());
                }
            };
            set("e", dice.of(&["a", "a", "b", "b", "c", "d"]));
            set("k", dice.of(&["p", "p", "p", "q", "P", "-"]));
            set("j", dice.of(&["p", "p", "q", "-"]));
            set("v", dice.of(&["x", "x", "X", "y", "-"]));
            set("w", dice.of(&["x", "y", "1", "-"]));
            match dice.below(8) {
                0 => {}
                1 => record.add_json("n", &"none".into()),
                2 => record.add_json("n", &"2".into()),
                3 => record.add_json("n", &2.5.into()),
                _ => record.add_json("n", &[0, 1, 2, 3, 5, 8, -4][dice.below(7)].into()),
            }
            record
        })
        .collect()
}

#[test]
fn queries_fire_at_the_events_of_their_rules() {
    let cases: usize = std::env::var("RULECAST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(600);
    let target = Target::parse("kql.none").expect("a target");
    let mut dice = Dice(11);
    let mut wrong = String::new();
    let (mut compared, mut fired, mut refused, mut chained) = (0, 0, 0, 0);
    while compared < cases {
        let text = rule(&mut dice);
        let parsed = rulecast_rule::parse(FileId(0), &text);
        let resolved = Unit::new(parsed.documents).resolve();
        let mut problems = parsed.diagnostics.iter().chain(&resolved.diagnostics).filter(|one| one.is_error());
        if let Some(problem) = problems.next() {
            // A sequence of one rule.
            assert_eq!(problem.name, "too-few-rules", "{}\n{text}", problem.message);
            continue;
        }
        for _ in 0..4 {
            let events = stream(&mut dice);
            match square(&resolved.rules[0], target, &events) {
                Ok(square) => {
                    compared += 1;
                    fired += usize::from(!square.rule.is_empty());
                    chained += usize::from(text.contains("title: i"));
                    if !square.closes() && wrong.len() < 8000 {
                        writeln!(wrong, "{text}\n{events:?}\n{:?}\n{:?}", square.rule, square.queries).expect("memory");
                        writeln!(wrong, "{}\n", square.each[0].0.text).expect("memory");
                    }
                }
                Err(NoSquare::Refused(refusals)) => {
                    assert!(refusals[0].message.contains("orders of members"), "{refusals:?}\n{text}");
                    refused += 1;
                }
                Err(other) => {
                    writeln!(wrong, "{text}\n{other}").expect("memory");
                    compared += 1;
                }
            }
        }
        if wrong.len() > 8000 {
            break;
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(fired * 3 > compared && chained * 10 > compared, "{fired} of {compared} fired, {chained} chained");
    assert!(refused * 50 < compared, "{refused} refused");
}

/// `a0 b1=5 c2/other`: events by their letters and second; a value of `n` and `v` follows `=`, a key other than `k`
/// follows a slash.
fn events(stream: &str) -> Vec<Record> {
    let event = |(event, id): (&str, u64)| {
        let (event, key) = event.split_once('/').unwrap_or((event, "k"));
        let (event, value) = event.split_once('=').unwrap_or((event, ""));
        let at = event.find(|char: char| char.is_ascii_digit()).expect("an event has a time");
        let time = event[at..].parse::<i64>().expect("a time is a number of seconds") * 1000;
        let mut record = Record { id, time, ..Record::default() };
        record.add_json("e", &event[..at].into());
        for (field, value) in [("k", key), ("v", value), ("n", value)].iter().filter(|(_, value)| !value.is_empty()) {
            record.add_json(field, &(*value).into());
        }
        record
    };
    stream.split_whitespace().zip(0..).map(event).collect()
}

/// A correlation by `k` within ten seconds fires at these events of a stream, and so does its query.
#[track_caller]
fn check(correlation: &str, stream: &str, expected: &[u64]) {
    check_with("", correlation, stream, expected);
}

/// With other documents.
#[track_caller]
fn check_with(others: &str, correlation: &str, stream: &str, expected: &[u64]) {
    let mut text = format!("title: t\ncorrelation: {{{correlation}, group-by: [k], timespan: 10s}}\n{others}");
    for name in ["a", "b", "c"] {
        writeln!(text, "---\ntitle: {name}\nname: {name}\nlogsource: {{category: x}}").expect("memory");
        writeln!(text, "detection: {{s: {{e: {name}}}, condition: s}}").expect("memory");
    }
    let resolved = Unit::new(rulecast_rule::parse(FileId(0), &text).documents).resolve();
    let target = Target::parse("kql.none").expect("a target");
    let square = square(&resolved.rules[0], target, &events(stream)).expect("the rule has a query");
    let found: Vec<u64> = square.queries.iter().map(|answer| answer.last).collect();
    assert!(square.closes(), "{text}\n{:?}\n{:?}\n{}", square.rule, square.queries, square.each[0].0.text);
    assert_eq!(found, expected, "{text}");
}

#[test]
fn every_operator_of_every_kind_hits_and_misses() {
    let operators = |kind: &str, rest: &str, value: &str, stream: &str, expected: [&[u64]; 6]| {
        for (operator, expected) in ["gte", "gt", "lt", "lte", "eq", "neq"].into_iter().zip(expected) {
            check(&format!("type: {kind}, condition: {{{operator}: {value}{rest}}}"), stream, expected);
        }
    };
    let kind = |kind: &str, rules: &str| format!("{kind}, rules: {rules}");
    let stream = "a0 a1 b2 a3/o a4 a5 a15 a20";
    operators(
        &kind("event_count", "[a]"),
        "",
        "3",
        stream,
        [&[4, 5], &[5], &[0, 1, 3, 6, 7], &[0, 1, 3, 4, 6, 7], &[4], &[0, 1, 3, 5, 6, 7]],
    );
    let stream = "a0=x a1=x a2=y a3=z/o a4 a5=X a13=y";
    operators(
        &kind("value_count", "[a]"),
        ", field: v",
        "2",
        stream,
        [&[2, 4, 5, 6], &[5], &[0, 1, 3], &[0, 1, 2, 3, 4, 6], &[2, 4, 6], &[0, 1, 3, 5]],
    );
    let stream = "a0 b1 a2/o c3 c12 a30";
    operators(
        &kind("temporal", "[a, b, c]"),
        "",
        "2",
        stream,
        [&[1, 3], &[3], &[0, 2, 4, 5], &[0, 1, 2, 4, 5], &[1], &[0, 2, 3, 4, 5]],
    );
    let stream = "b0 a1 b2 c3/o c4 c12 a13";
    operators(
        &kind("temporal_ordered", "[a, b, c]"),
        "",
        "2",
        stream,
        [&[2, 4, 5], &[4], &[0, 1, 3, 6], &[0, 1, 2, 3, 5, 6], &[2, 5], &[0, 1, 3, 4, 6]],
    );
    let stream = "a0=5 a1=-2 a2=none a3=2.5/o a4 a5=4 a11=1 a40";
    operators(
        &kind("value_sum", "[a]"),
        ", field: n",
        "3",
        stream,
        [&[0, 1, 2, 4, 5, 6], &[0, 5], &[3], &[1, 2, 3, 4, 6], &[1, 2, 4, 6], &[0, 3, 5]],
    );
    let stream = "a0=5 a1=1 a2=none a3=2.5/o a4 a5=6 a40";
    operators(
        &kind("value_avg", "[a]"),
        ", field: n",
        "3",
        stream,
        [&[0, 1, 2, 4, 5], &[0, 5], &[3], &[1, 2, 3, 4], &[1, 2, 4], &[0, 3, 5]],
    );
    let stream = "a0=3 a1=1 a2=none a3=2.5/o a4=7 a5 a6=9 a40";
    operators(
        &kind("value_median", "[a]"),
        ", field: n",
        "3",
        stream,
        [&[0, 4, 5, 6], &[], &[1, 2, 3], &[0, 1, 2, 3, 4, 5, 6], &[0, 4, 5, 6], &[1, 2, 3]],
    );
    let stream = "a0=3 a1=1 a2=none a3=2.5/o a4=7 a5 a6=9 a40";
    operators(
        &kind("value_percentile", "[a]"),
        ", field: n, percentile: 75",
        "7",
        stream,
        [&[4, 5, 6], &[], &[0, 1, 2, 3], &[0, 1, 2, 3, 4, 5, 6], &[4, 5, 6], &[0, 1, 2, 3]],
    );
}

#[test]
fn windows_slide_and_conditions_are_of_the_window() {
    check("type: event_count, rules: [a], condition: {gte: 3}", "a0 a5 a10 a11/o", &[2]);
    check("type: event_count, rules: [a], condition: {gte: 3}", "a0 a5 a11 a12", &[3]);
    check("type: event_count, rules: [a], condition: {gt: 1, lte: 2}", "a0 a1 a2", &[1]);
    check("type: temporal, rules: [a, b]", "b9 a19 b30", &[1]);
    check("type: temporal, rules: [a, b], condition: a and not b", "a0 b1 a2 a12", &[0, 3]);
    check("type: temporal_ordered, rules: [a, b, c], condition: a and b and not c", "a0 c1 b2 a12 b13", &[4]);
    check("type: temporal_ordered, rules: [a, b, c], condition: (a or b) and c", "c0 b1 c2 c12", &[2]);
    check("type: temporal_ordered, rules: [a, b, c], condition: not a and (b or c)", "a0 b1 b11 c12", &[2, 3]);
    // A chain may go on behind what is asked for.
    check("type: temporal_ordered, rules: [a, b, c], condition: a or (b and c)", "a0 b1 b20 c21", &[0, 1, 3]);
}

/// An event that completes a correlation by two keys is one event of the outer one.
#[test]
fn an_event_of_two_groups_is_one_member() {
    let inner = "---\ntitle: i\nname: i\ncorrelation: {type: event_count, rules: [a, b], group-by: [x], timespan: 10s, \
                 condition: {gte: 1}, aliases: {x: {a: k, b: v}}}\n---\ntitle: d\nname: d\nlogsource: {category: x}\n\
                 detection: {s: {e: a}, condition: s}\n";
    let twice = inner.replace("[a, b]", "[a, d]").replace("b: v", "d: v");
    check_with(&twice, "type: event_count, rules: [i], condition: {gte: 2}", "a0=x a1=x a20=x", &[1]);
    check_with(inner, "type: event_count, rules: [i], condition: {gte: 2}", "a0=x b1=x b20=x", &[1]);
}

#[test]
fn a_sequence_is_a_step_of_another() {
    let inner =
        "---\ntitle: i\nname: i\ncorrelation: {type: temporal_ordered, rules: [a, b], group-by: [k], timespan: 10s}\n";
    let then = "type: temporal_ordered, rules: [i, c]";
    check_with(inner, then, "a0 b1 c2 c3", &[2]);
    check_with(inner, then, "a0 c1 b2", &[]);
    check_with(inner, then, "a0 b9 c19 c20", &[2]); // the inner one happens when it is complete
    check_with(inner, "type: temporal_ordered, rules: [c, i]", "c0 a1 b2 c3 a4 b5/o b6", &[2, 6]);
}
