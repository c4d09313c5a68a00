//! What rules resolve to, in a notation of its own: every item on the trip list of the specification that concerns
//! values, modifiers and conditions.

mod chains;

use super::resolve;
use crate::{Atom, Body, Case, Comparison, Field, Logic, Part, Predicate, Sigma, Subject, Test};
use rulecast_diagnostics::{FileId, SourceMap};
use std::fmt::Write;

fn field(field: &Field) -> String {
    field.name().to_string()
}

fn atom(atom: &Atom<Sigma>) -> String {
    let subject = match &atom.subject {
        Subject::Field(name) => field(name),
        Subject::Keyword => "KEYWORD".into(),
    };
    let cased = |case: &Case| if *case == Case::Sensitive { " cased" } else { "" };
    let comparison = |comparison: &Comparison| match comparison {
        Comparison::Equal => "=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    };
    match &atom.test {
        Test::Text { pattern, case } => {
            let parts: String = pattern
                .parts()
                .iter()
                .map(|part| match part {
                    Part::Literal(text) => format!("'{text}'"),
                    Part::AnyRun => "*".into(),
                    Part::AnyOne => "?".into(),
                    Part::Placeholder(name) => format!("%{name}%"),
                })
                .collect();
            format!("{subject}{} ~ {}", cased(case), if parts.is_empty() { "''" } else { &parts })
        }
        Test::Regex(regex) => format!("{subject} /{}/", regex.text),
        Test::Number { comparison: how, number } => format!("{subject} {} {number}", comparison(how)),
        Test::Time { part, comparison: how, number } => format!("{part:?}({subject}) {} {number}", comparison(how)),
        Test::Cidr(network) => format!("{subject} in {network}"),
        Test::Field { operator, other, case } => format!("{subject}{} {operator:?} {}", cased(case), field(other)),
        Test::Exists(true) => format!("has {subject}"),
        Test::Exists(false) => format!("lacks {subject}"),
    }
}

fn shown(tree: &Predicate<Sigma>) -> String {
    let joined =
        |parts: &[Predicate<Sigma>], by: &str| format!("({})", parts.iter().map(shown).collect::<Vec<_>>().join(by));
    match tree {
        Logic::True => "true".into(),
        Logic::False => "false".into(),
        Logic::Test(test) => atom(test),
        Logic::Not(inner) => format!("not {}", shown(inner)),
        Logic::And(parts) => joined(parts, " and "),
        Logic::Or(parts) => joined(parts, " or "),
    }
}

fn body(body: &Body<Sigma>) -> String {
    let mut out = String::new();
    match body {
        Body::Event(event) => {
            let arms: Vec<_> =
                event.arms.iter().map(|arm| format!("{}: {}", arm.source, shown(&arm.predicate))).collect();
            write!(out, "{}", arms.join("\n")).unwrap();
            for branch in event.classification.iter().flat_map(|classification| &classification.branches) {
                for arm in &branch.arms {
                    write!(out, "\n  {} = {}: {}", branch.name, arm.source, shown(&arm.predicate)).unwrap();
                }
            }
        }
        Body::Sequence(sequence) => {
            write!(out, "sequence by {} in {}s", sequence.keys.join(", "), sequence.timespan).unwrap();
            for step in &sequence.steps {
                let keys: Vec<_> = step.keys.iter().flat_map(|key| &key.fields).map(field).collect();
                write!(out, "\n  [{} by {}] {}", step.name, keys.join(", "), self::body(&step.body)).unwrap();
            }
        }
        Body::Correlation(correlation) => {
            let crate::Correlation { measure, members, keys, timespan, thresholds, condition, .. } = correlation;
            write!(out, "{} by {} in {timespan}s", measure.kind.name(), keys.join(", ")).unwrap();
            if let Some(fields) = measure.fields.first() {
                write!(out, " of {}", fields.iter().map(field).collect::<Vec<_>>().join(", ")).unwrap();
            }
            for threshold in thresholds {
                write!(out, " {} {}", threshold.operator.name(), threshold.value).unwrap();
            }
            if let Some(condition) = condition {
                write!(out, " where {condition:?}").unwrap();
            }
            for member in members {
                let keys: Vec<_> = member.keys.iter().flat_map(|key| &key.fields).map(field).collect();
                write!(out, "\n  [{} by {}]", member.name, keys.join(", ")).unwrap();
            }
        }
    }
    out
}

/// What the rules in `text` resolve to, and what is wrong with them: `severity name line:column label`.
fn resolved(text: &str) -> String {
    let mut map = SourceMap::new();
    let file = map.add("rule.yml", text);
    let parsed = rulecast_rule::parse(file, text);
    let resolved = resolve(&parsed.documents, &[]);
    let mut out: Vec<String> = resolved.rules.iter().map(|rule| body(&rule.body)).collect();
    for problem in parsed.diagnostics.iter().chain(&resolved.diagnostics) {
        let place = map.position(problem.at.span);
        let word = problem.severity.word();
        out.push(format!(
            "{word}[{}] {}:{} {}: {}",
            problem.name, place.line, place.column, problem.message, problem.at.text
        ));
    }
    assert_eq!(file, FileId(0));
    out.join("\n")
}

/// A rule with this `detection`, indented by two.
#[track_caller]
fn check_detection(detection: &str, expected: &str) {
    let text = format!("title: t\nlogsource:\n  category: c\ndetection:\n{detection}\n");
    let found = resolved(&text);
    let found = found.strip_prefix("c: ").unwrap_or(&found);
    assert_eq!(found, expected, "\n{text}");
}

/// A rule with one selection of one item.
#[track_caller]
fn check(item: &str, expected: &str) {
    check_detection(&format!("  sel:\n    {item}\n  condition: sel"), expected);
}

#[test]
fn strings() {
    check(r"f|contains: '\Temp\'", r"f ~ *'\Temp\'*"); // T01
    check(r"f|contains: 'foo\*'", "f ~ *'foo*'*"); // T02
    check("f|contains: '*foo*'", "f ~ *'foo'*"); // T03
    check("f|contains: 'a*b?c'", "f ~ *'a'*'b'?'c'*"); // T04
    check(r"f: 'a\\*b'", r"f ~ 'a\'*'b'"); // T06
    check(r"f|startswith: '\\server'", r"f ~ '\server'*"); // T09
    check(r"f: 'C:\Temp\*'", r"f ~ 'C:\Temp*'"); // T10
    check(r"f|endswith: '\?manifest=wac'", "f ~ *'?manifest=wac'"); // T13
    check("f: '*'", "f ~ *"); // T16
    check("f: '?'", "f ~ ?"); // T17
    check("f|contains: ''", "f ~ *"); // T18
    check("f: ''", "f ~ ''");
    check("f|cased|contains: Ab", "f cased ~ *'Ab'*");
    check("f|contains|cased: Ab", "f cased ~ *'Ab'*");
}

#[test]
fn types() {
    check("f: null", "lacks f"); // T24
    check("f:", "lacks f"); // T28
    check(
        "f: [a, null, '']",
        "(f ~ 'a' or lacks f or f ~ '')\nwarning[null-in-list] 6:12 null stands in a list of values: read as: or the field has no value",
    ); // T27
    check("f|exists: true", "has f"); // T29
    check("f|exists: no", "lacks f"); // T61
    check("f|exists: 'true'", "error[wrong-value-type] 6:15 `exists` needs `true` or `false`, unquoted: true"); // T31
    check("f: 4688", "f = 4688"); // T32
    check("f: '4688'", "f ~ '4688'");
    check("f: true", "f ~ 'true'"); // T33
    check("f: 0x10", "f = 16"); // T34
    check("f|contains: 10", "f ~ *'10'*"); // T35
    check("'|all': ['POST', 200]", "(KEYWORD ~ *'POST'* and KEYWORD ~ *'200'*)"); // T36
    check("f|contains: 00000429", "f ~ *'00000429'*"); // T60
    check("f|gte: 5\n    f|lt: 10", "(f >= 5 and f < 10)"); // T37
    check("f|gt: '5'", "error[wrong-value-type] 6:11 `gt` needs a number: 5"); // T38
    check("t|hour: [0, 1]", "(Hour(t) = 0 or Hour(t) = 1)"); // T39
    check("t|hour|gt: 3", "Hour(t) > 3");
    check(
        "t|gt|hour: 3",
        "error[illegal-modifier-chain] 6:10 modifier `hour` is not allowed here: it must come before `gt`",
    );
}

#[test]
fn encodings() {
    check(
        "f|contains|windash: ' -a'",
        "(f ~ *' -a'* or f ~ *' /a'* or f ~ *' \u{2013}a'* or f ~ *' \u{2014}a'* or f ~ *' \u{2015}a'*)",
    );
    check("f|cased|windash: 'x'", "f cased ~ 'x'"); // T47
    check("f|base64offset|contains: foobar", "(f ~ *'Zm9vYmFy'* or f ~ *'Zvb2Jhc'* or f ~ *'mb29iYX'*)"); // T48
    check(r"f|base64|contains: 'who\?'", "f ~ *'d2hvPw=='*"); // T50
    check(
        "f|base64offset|contains: a",
        "error[value-too-short] 6:30 too short for `base64offset`: one of its three encodings has no stable character, so it would match everything",
    ); // T51
    check("f|wide|base64offset|contains: IEX", "(f ~ *'SQBFAFgA'* or f ~ *'kARQBYA'* or f ~ *'JAEUAWA'*)"); // T52
    check("f|utf16|base64: cmd", "f ~ '//5jAG0AZAA='"); // T53
    check("f|utf16le|base64: a", "f ~ 'YQA='");
    check(
        "f|base64: 'foo*'",
        "error[wrong-value-type] 6:15 a value with wildcards cannot be encoded: escape `*` and `?`",
    );
    check("f|expand: '%srv%'", "f ~ %srv%"); // T56
    check("f: '%srv%'", "f ~ '%srv%'"); // T55
    check(r"f|expand: '\%plain%name%'", "f ~ '%plain'%name%"); // T57
}

#[test]
fn chains() {
    check(
        "f|contains|re: x",
        "error[illegal-modifier-chain] 6:16 modifier `re` is not allowed here: it must come before `contains`",
    );
    check(
        "f|i: x",
        "error[illegal-modifier-chain] 6:7 modifier `i` is not allowed here: it is a flag of `re` and comes after it",
    ); // T87
    check(
        "f|cidr|contains: 10.0.0.0/8",
        "error[illegal-modifier-chain] 6:12 modifier `contains` is not allowed here: it is about a part of a text, not about `cidr`",
    );
    check(
        "f|startswith|endswith: x",
        "error[illegal-modifier-chain] 6:18 modifier `endswith` is not allowed here: it cannot be combined with `startswith`",
    );
    check(
        "f|all: x",
        "error[illegal-modifier-chain] 6:7 modifier `all` is not allowed here: it needs a list of at least two values",
    ); // T93
    check(
        "f|contains|contains: x",
        "error[illegal-modifier-chain] 6:16 modifier `contains` is not allowed here: it stands here already",
    );
    check(
        "f|wide|contains: x",
        "error[illegal-modifier-chain] 6:7 modifier `wide` is not allowed here: it makes bytes, which need `base64` or `base64offset` after it",
    );
    check(
        "'|startswith': x",
        "error[illegal-modifier-chain] 6:7 modifier `startswith` is not allowed here: it asks about a field, and keywords have none",
    );
    check(
        "f|startswith|fieldref: b",
        "error[illegal-modifier-chain] 6:18 modifier `fieldref` is not allowed here: it must come before `startswith`",
    ); // T86
    check("f|fieldref|startswith: b", "f StartsWith b");
    check("f|fieldref|neq: b", "not f Equals b"); // T85
    check("f|neq: [a, b]", "not (f ~ 'a' or f ~ 'b')"); // T83
    check("f|contains|all: [a, b]", "(f ~ *'a'* and f ~ *'b'*)"); // T94
    check("f|re: ['a', 'b']", "(f /a/ or f /b/)");
    check("f|re|i: 'a'", "f /a/");
    check("f|re: 'a(b'", "error[invalid-regex] 6:13 invalid regex: unclosed group: not a regex that Sigma has");
    check(
        "f|re: 'a(?=b)'",
        "error[invalid-regex] 6:13 invalid regex: lookaround is not part of Sigma's regexes: not a regex that Sigma has",
    );
}

#[test]
fn networks() {
    check("f|cidr: [10.0.0.0/8, 'FE80::/10']", "(f in 10.0.0.0/8 or f in fe80::/10)"); // T91
    check("f|cidr: 10.0.0.1", "f in 10.0.0.1/32");
    check(
        "f|cidr: 10.0.0.1/8",
        "error[invalid-cidr] 6:13 `10.0.0.1/8` has bits set beyond its prefix length: an address within a network, not a network",
    );
    check(
        "f|cidr: 10.0/8",
        "error[invalid-cidr] 6:13 `10.0/8` is not a network in CIDR notation: expected an address and a prefix length, as in `10.0.0.0/8` or `fe80::/10`",
    );
}

#[test]
fn structure() {
    check_detection("  sel: [{a: 1, b: 2}, {c: 3}]\n  condition: sel", "((a = 1 and b = 2) or c = 3)"); // T67
    check("a: [1, 2]\n    b: x", "((a = 1 or a = 2) and b ~ 'x')"); // T68
    check("f|startswith: x\n    f|endswith: y", "(f ~ 'x'* and f ~ *'y')"); // T69
    check_detection(
        "  k: [a, b]\n  l:\n    '|all': [c, d]\n  condition: k and l",
        "((KEYWORD ~ *'a'* or KEYWORD ~ *'b'*) and KEYWORD ~ *'c'* and KEYWORD ~ *'d'*)",
    ); // T70
    let three = "  a: {x: 1}\n  b: {y: 2}\n  c: {z: 3}\n  condition: ";
    for (condition, expected) in [
        ("a or b and c", "(x = 1 or (y = 2 and z = 3))"), // T72
        ("not a and b or c", "((not x = 1 and y = 2) or z = 3)"),
        ("not (a and b) and c", "(not (x = 1 and y = 2) and z = 3)"),
        ("1 of them", "(x = 1 or y = 2 or z = 3)"),
        ("not 1 of them", "not (x = 1 or y = 2 or z = 3)"),
        ("all of them", "(x = 1 and y = 2 and z = 3)"),
        ("[a and b, c]", "((x = 1 and y = 2) or z = 3)"), // T79
    ] {
        let unused = resolved(&format!("title: t\nlogsource:\n  category: c\ndetection:\n{three}{condition}\n"));
        assert_eq!(unused.strip_prefix("c: ").unwrap(), expected, "{condition}");
    }
}

#[test]
fn selectors() {
    let four = "  s_a: {x: 1}\n  s_b: {y: 2}\n  s: {z: 3}\n  _s_c: {w: 4}\n  condition: ";
    check_detection(&format!("{four}all of s_* and s and _s_c"), "(x = 1 and y = 2 and z = 3 and w = 4)"); // T74
    check_detection(&format!("{four}1 of them or _s_c"), "(x = 1 or y = 2 or z = 3 or w = 4)"); // T75
    check_detection(&format!("{four}1 of _s* or 1 of s*"), "(w = 4 or x = 1 or y = 2 or z = 3)");
    check_detection(
        "  s: {x: 1}\n  condition: s and not 1 of filter_*",
        "error[empty-selector] 6:24 no selection matches `filter_*`: matches nothing",
    ); // T76
    check_detection(
        "  selection: {x: 1}\n  condition: selecton",
        "error[unknown-selection] 6:14 undefined selection `selecton`: not a selection of this rule",
    );
}

#[test]
fn negated_existence_is_absence() {
    check_detection("  s: {f: null}\n  condition: not s", "has f"); // T25
    check_detection("  s: {f: null, g: x}\n  condition: not s", "not (lacks f and g ~ 'x')");
}

/// What a correlation of `a`, `b` and `c` resolves to, by what stands in `correlation`, without its members where it has
/// no aliases.
#[track_caller]
fn check_correlation(correlation: &str, expected: &str) {
    let base = |name: &str| {
        format!(
            "---\ntitle: {name}\nname: {name}\nlogsource: {{category: x}}\ndetection: {{s: {{f: 1}}, condition: s}}\n"
        )
    };
    let text =
        format!("title: t\ncorrelation: {{{correlation}, timespan: 1m}}\n{}{}{}", base("a"), base("b"), base("c"));
    let found = resolved(&text);
    let is_member = |line: &&str| line.starts_with("  [") && !correlation.contains("aliases");
    let is_base = |line: &&str| line.starts_with("x: ");
    let found: Vec<_> = found.lines().filter(|line| !is_member(line) && !is_base(line)).collect();
    assert_eq!(found.join("\n"), expected, "{correlation}");
}

#[test]
fn correlations() {
    check_correlation(
        "type: event_count, rules: [a], group-by: [k, l], condition: {gt: 1.5, lte: 4}",
        "event_count by k, l in 60s gt 1.5 lte 4",
    ); // T95, T96
    check_correlation(
        "type: value_count, rules: [a, b], condition: {gte: 4, field: [v, w]}",
        "value_count by  in 60s of v, w gte 4",
    );
    check_correlation(
        "type: value_sum, rules: [a], condition: {gte: 4, field: [v, w]}",
        "error[several-fields] 2:75 `value_sum` measures one field: a second field",
    );
    check_correlation("type: temporal, rules: [a, b]", "temporal by  in 60s gte 2"); // T99
    check_correlation("type: temporal, rules: [a, b], condition: {gt: 1}", "temporal by  in 60s gt 1");
    check_correlation("type: temporal_ordered, rules: [a, b]", "sequence by  in 60s");
    check_correlation("type: temporal_ordered, rules: [a, b], condition: {gte: 2}", "sequence by  in 60s");
    check_correlation("type: temporal_ordered, rules: [a, b], condition: b and a", "sequence by  in 60s");
    check_correlation(
        "type: temporal_ordered, rules: [a, b], condition: {gte: 1}",
        "temporal_ordered by  in 60s gte 1",
    );
    check_correlation(
        "type: temporal_ordered, rules: [a]",
        "error[too-few-rules] 2:21 `temporal_ordered` needs at least two rules: one event has no order",
    );
}

#[test]
fn conditions_over_rules() {
    let temporal = |condition: &str| format!("type: temporal, rules: [a, b, c], condition: {condition}");
    check_correlation(&temporal("a AND b and c"), "temporal by  in 60s gte 3"); // T100
    check_correlation(&temporal("all of them"), "temporal by  in 60s gte 3");
    check_correlation(
        &temporal("a and not (b or c)"),
        "temporal by  in 60s where And([Test(0), Not(Or([Test(1), Test(2)]))])",
    );
    check_correlation(&temporal("1 of *"), "temporal by  in 60s where Or([Test(0), Test(1), Test(2)])");
    check_correlation(
        &temporal("a and b"),
        "error[unused-rule] 2:45 rule `c` is not used in the condition: the condition does not ask for it",
    );
    check_correlation(
        &temporal("a and b and d"),
        "error[unknown-rule] 2:72 `d` is none of the rules of this correlation: not listed in `rules`",
    );
    check_correlation(
        &temporal("a and b and 1 of d*"),
        "error[empty-selector] 2:72 no rule matches `d*`: matches nothing",
    );
    check_correlation(
        "type: temporal, condition: b and not a",
        "temporal by  in 60s where And([Test(0), Not(Test(1))])",
    );
}

#[test]
fn aliases() {
    check_correlation(
        "type: event_count, rules: [a, b], group-by: [k, l], condition: {gte: 4}, aliases: {k: {a: v, b: w}}",
        "event_count by k, l in 60s gte 4\n  [a by v, l]\n  [b by w, l]",
    );
    check_correlation(
        "type: event_count, rules: [a, b], group-by: [k], condition: {gte: 4}, aliases: {k: {a: v}}",
        "event_count by k in 60s gte 4\n  [a by v]\n  [b by k]\n\
         warning[incomplete-alias] 2:95 alias `k` has no field for rule `b`: \
         events of that rule belong to a group only where they have a field `k`",
    ); // T103
    let inner = "title: outer\ncorrelation: {type: event_count, rules: [inner], group-by: [k], timespan: 1m, \
                 condition: {gte: 2}}\n---\n\
                 title: inner\nname: inner\ncorrelation: {type: event_count, rules: [a], group-by: [k], timespan: 1m, \
                 condition: {gte: 2}, aliases: {k: {a: v}}}\n---\n\
                 title: a\nname: a\nlogsource: {category: x}\ndetection: {s: {f: 1}, condition: s}\n";
    let found = resolved(inner);
    let error = found.lines().find(|line| line.starts_with("error"));
    assert_eq!(
        error,
        Some(
            "error[inner-alias] 2:61 `k` is an alias of `inner`, not a field of the events that complete it: \
             names no field"
        ),
    );
}

#[test]
fn what_may_follow_a_chain() {
    use rulecast_rule::ast::Modifier as M;
    let names =
        |chain: &[M]| super::may_follow(chain).iter().map(|modifier| modifier.name()).collect::<Vec<_>>().join(" ");
    assert_eq!(names(&[M::Re]), "all contains endswith expand i m neq s startswith");
    assert_eq!(
        names(&[M::Wide]),
        "all base64 base64offset cased expand neq windash",
        "what stands before `base64` too"
    );
    assert_eq!(names(&[M::Wide, M::Base64Offset]), "all cased contains endswith expand neq startswith");
    assert_eq!(names(&[M::Exists, M::Neq]), "all");
    assert_eq!(super::may_follow(&[]).len(), M::ALL.len() - 3, "all but the flags of `re`");
}
