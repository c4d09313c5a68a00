//! T95–T110: correlations, filters, collections.

use super::{Item, emits, item, on, problem, stream};

fn ordered(timespan: &str, rest: &str) -> String {
    let rule = |name: &str, value: &str| {
        format!(
            "title: {name}\nname: {name}\nlogsource:\n  category: c\ndetection:\n  s: {{f: {value}}}\n  condition: s\n---\n"
        )
    };
    format!(
        "{}{}title: t\ncorrelation:\n  type: temporal_ordered\n  rules: [ra, rb]\n  group-by: [k]\n  timespan: {timespan}\n{rest}",
        rule("ra", "a"),
        rule("rb", "b")
    )
}

/// A correlation of one rule with a condition.
fn counted(kind: &str, condition: &str) -> String {
    let rule = "title: r\nname: r\nlogsource:\n  category: c\ndetection:\n  s: {f: a}\n  condition: s\n---\n";
    format!(
        "{rule}title: t\ncorrelation:\n  type: {kind}\n  rules: [r]\n  group-by: [k]\n  timespan: 1m\n  condition: {condition}\n"
    )
}

/// The two rules of [`ordered`], in any order.
fn temporal(rest: &str) -> String {
    ordered("1m", rest).replace("temporal_ordered", "temporal")
}

/// A sequence of a sequence and one more rule, the outermost first.
fn chained() -> String {
    format!(
        "title: outer\ncorrelation:\n  type: temporal_ordered\n  rules: [inner, rc]\n  group-by: [k]\n  timespan: 1m\n---\n{}\
         ---\ntitle: rc\nname: rc\nlogsource:\n  category: c\ndetection:\n  s: {{f: c}}\n  condition: s\n",
        ordered("1m", "name: inner\n")
    )
}

/// A rule that matches `f: a` in the log source, and a filter of it.
fn filtered(log_source: &str, condition: &str, filter: &str) -> String {
    format!(
        "title: t\nname: r\nlogsource: {log_source}\ndetection:\n  selection: {{f: a}}\n  condition: {condition}\n---\n\
         title: filter\n{filter}"
    )
}

pub(super) fn items() -> Vec<Item> {
    let filter = |source: &str, rules: &str, body: &str| {
        format!("logsource: {source}\nfilter:\n  rules: {rules}\n  {}\n", body.replace('\n', "\n  "))
    };
    let own = "{category: c}";
    vec![
        item(
            95,
            "a correlation's condition may be a range",
            [stream(
                counted("event_count", "{gt: 1, lte: 3}"),
                &["{f: a, k: x}", "fires {f: a, k: x}", "{f: a, k: y}", "fires {f: a, k: x}", "{f: a, k: x}"],
            )],
        ),
        item(
            96,
            "a correlation's decimal bound stays decimal",
            [stream(
                counted("value_sum", "{field: n, gt: 1.5}"),
                &["{f: a, k: x, n: 1.25}", "fires {f: a, k: x, n: 1}", "{f: a, k: y, n: 1.5}"],
            )],
        ),
        item(97, "`1M` is no time span", [problem(ordered("1M", ""), "bad-duration")]),
        item(
            98,
            "no `group-by` is one group for all",
            [stream(
                ordered("1m", "").replace("  group-by: [k]\n", ""),
                &["{f: b}", "{f: a, k: x}", "fires {f: b, k: y}", "{f: b}"],
            )],
        ),
        item(
            99,
            "`temporal` without a condition needs all of its rules",
            [stream(
                temporal(""),
                &["{f: b, k: x}", "{f: b, k: x}", "fires {f: a, k: x}", "{f: a, k: y}", "fires {f: b, k: x}"],
            )],
        ),
        item(
            100,
            "a temporal condition in words, operators in either case",
            ["ra AND NOT rb", "ra and not rb", "ra AND not 1 of *b"]
                .map(|condition| {
                    stream(
                        temporal(&format!("  condition: {condition}\n")),
                        &["fires {f: a, k: x}", "{f: b, k: x}", "{f: a, k: x}", "fires {f: a, k: y}"],
                    )
                })
                .into_iter()
                .chain([
                    problem(temporal("  condition: ra and rc\n"), "unknown-rule"),
                    problem(temporal("  condition: ra\n"), "unused-rule"),
                ]),
        ),
        item(
            101,
            "a correlation of correlations fires for the outermost, in any order of documents",
            [
                emits(chained(), &["outer"]),
                stream(
                    chained(),
                    &["{f: a, k: x}", "{f: c, k: x}", "{f: b, k: x}", "fires {f: c, k: x}", "{f: c, k: y}"],
                ),
            ],
        ),
        item(
            102,
            "`generate` at both levels",
            [
                emits(ordered("1m", ""), &["t"]),
                emits(ordered("1m", "generate: true\n"), &["ra", "rb", "t"]),
                emits(ordered("1m", "  generate: true\n"), &["ra", "rb", "t"]),
            ],
        ),
        item(
            103,
            "an alias that one rule lacks",
            [
                problem(ordered("1m", "  aliases:\n    k:\n      ra: x\n"), "incomplete-alias"),
                stream(
                    ordered("1m", "  aliases:\n    k:\n      ra: x\n"),
                    &["{f: a, k: u}", "{f: b, k: u}", "{f: a, x: v}", "{f: b}", "fires {f: b, k: v}"],
                ),
            ],
        ),
        item(
            104,
            "a rule with several conditions in a correlation",
            [stream(
                ordered("1m", "").replacen("condition: s\n", "t: {g: a}\n  condition: [s, t]\n", 1),
                &["{g: a, k: x}", "fires {f: b, k: x}", "{f: a, k: y}", "fires {f: b, k: y}", "{f: b, k: x}"],
            )],
        ),
        item(
            105,
            "a filter's condition is taken literally; one that keeps what it selects is warned of",
            [
                on(
                    filtered(own, "selection", &filter(own, "[r]", "selection: {g: x}\ncondition: not selection")),
                    &["{f: a}", "{f: a, g: y}"],
                    &["{f: a, g: x}", "{f: b}"],
                ),
                on(
                    filtered(own, "selection", &filter(own, "[r]", "selection: {g: x}\ncondition: selection")),
                    &["{f: a, g: x}"],
                    &["{f: a}", "{f: b, g: x}"],
                ),
                problem(
                    filtered(own, "selection", &filter(own, "[r]", "selection: {g: x}\ncondition: selection")),
                    "filter-without-not",
                ),
            ],
        ),
        item(
            106,
            "the names of a filter and of its rule do not meet",
            ["1 of selection*", "1 of them", "selection"].map(|condition| {
                on(
                    filtered(own, condition, &filter(own, "[r]", "selection: {g: x}\ncondition: not 1 of selection*")),
                    &["{f: a}"],
                    &["{f: a, g: x}", "{g: x}", "{g: y}"],
                )
            }),
        ),
        item(
            107,
            "a filter's `or` stays within the filter",
            [on(
                filtered(own, "selection", &filter(own, "[r]", "a: {g: x}\nb: {h: x}\ncondition: not a or not b")),
                &["{f: a}", "{f: a, g: x}"],
                &["{f: a, g: x, h: x}", "{f: b}", "{f: b, g: x}"],
            )],
        ),
        item(
            108,
            "a filter that names the rule but not its log source does not apply",
            [on(
                filtered(own, "selection", &filter("{category: d}", "[r]", "s: {g: x}\ncondition: not s")),
                &["{f: a}", "{f: a, g: x}"],
                &["{f: b}"],
            )],
        ),
        item(
            109,
            "a filter of any rule applies where its log source contains the rule's",
            [
                on(
                    filtered(
                        "{category: c, product: windows}",
                        "selection",
                        &filter("{product: windows}", "any", "s: {g: x}\ncondition: not s"),
                    ),
                    &["{f: a}"],
                    &["{f: a, g: x}"],
                ),
                on(
                    filtered(
                        "{category: c, product: linux}",
                        "selection",
                        &filter("{product: windows}", "any", "s: {g: x}\ncondition: not s"),
                    ),
                    &["{f: a}", "{f: a, g: x}"],
                    &["{f: b}"],
                ),
                on(
                    filtered(
                        "{product: windows}",
                        "selection",
                        &filter("{product: windows, category: c}", "any", "s: {g: x}\ncondition: not s"),
                    ),
                    &["{f: a}", "{f: a, g: x}"],
                    &["{f: b}"],
                ),
            ],
        ),
        item(
            110,
            "`action`: global parts add up and go before a rule's own, until `reset`; `repeat` is the rule before, changed",
            [
                on(
                    "action: global\ntitle: t\ndetection:\n  s: {f: a}\n---\naction: global\nlogsource:\n  category: c\n\
                     detection:\n  u: {g: b}\n---\ntitle: own\ndetection:\n  s: {h: c}\n  condition: s and u\n",
                    &["{f: a, g: b, h: c}"],
                    &["{f: a, g: b}", "{h: c}", "{f: a, h: c}"],
                ),
                emits(
                    "action: global\nlogsource:\n  category: c\n---\ntitle: one\ndetection:\n  s: {f: a}\n  condition: s\n\
                     ---\naction: repeat\ntitle: two\n---\naction: reset\n---\ntitle: three\nlogsource:\n  category: d\n\
                     detection:\n  s: {f: a}\n  condition: s\n",
                    &["one", "two", "three"],
                ),
                problem(
                    "action: global\ntitle: t\nlogsource:\n  category: c\n---\ntitle: own\ndetection:\n  s: {f: a}\n  condition: s\n",
                    "rule-collection",
                ),
                problem("action: repeat\ntitle: t\n", "rule-collection"),
                problem(
                    "action: global\nid: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\nlogsource:\n  category: c\n---\ntitle: a\n\
                     detection:\n  s: {f: a}\n  condition: s\n---\ntitle: b\ndetection:\n  s: {f: b}\n  condition: s\n",
                    "shared-name",
                ),
            ],
        ),
    ]
}
