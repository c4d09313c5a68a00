//! Every rule of the specification's schema, by its number, with documents that break it and the problem that says so.
//!
//! The numbers are S for files, then A for attributes, L for log sources, D for detections, K for correlations, F for
//! filters and C for collections. A document that breaks nothing has no problem of that name.

use rulecast_compile::Unit;
use rulecast_diagnostics::SourceMap;
use std::fmt::Write;

/// The names of the problems of a text.
fn problems(text: &str) -> Vec<&'static str> {
    let file = SourceMap::new().add("rule.yml", text);
    let parsed = rulecast_rule::parse(file, text);
    let mut names: Vec<_> = parsed.diagnostics.iter().map(|problem| problem.name).collect();
    names.extend(Unit::new(parsed.documents).resolve().diagnostics.iter().map(|problem| problem.name));
    names
}

/// The specification's number, what it asks, a document, and the problem; none where the document is sound.
type Case = (&'static str, &'static str, String, Option<&'static str>);

fn of(number: &'static str, what: &'static str, text: impl Into<String>, problem: &'static str) -> Case {
    (number, what, text.into(), Some(problem))
}

fn sound(number: &'static str, what: &'static str, text: impl Into<String>) -> Case {
    (number, what, text.into(), None)
}

const ID: &str = "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11";

/// A sound rule, with these lines before its detection.
fn with(lines: &str) -> String {
    format!("title: t\nlogsource: {{product: windows}}\n{lines}\ndetection: {{s: {{a: b}}, condition: s}}\n")
}

/// A rule with this detection.
fn detecting(detection: &str) -> String {
    let lines: String = detection.lines().map(|line| format!("  {line}\n")).collect();
    format!("title: t\nlogsource: {{product: windows}}\ndetection:\n{lines}")
}

fn source(log_source: &str) -> String {
    format!("title: t\nlogsource: {log_source}\ndetection: {{s: {{a: b}}, condition: s}}\n")
}

/// A correlation of these lines over a rule.
fn correlating(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("  {line}\n")).collect();
    format!("{}---\ntitle: c\ncorrelation:\n{lines}", with("name: r"))
}

/// A filter of these lines beside a rule.
fn filtering(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("  {line}\n")).collect();
    format!("{}---\ntitle: f\nlogsource: {{product: windows}}\nfilter:\n{lines}", with("name: r"))
}

fn files() -> Vec<Case> {
    vec![
        of("S1", "YAML", "title: [\n", "invalid-yaml"),
        of("S1", "UTF-8 text", "title: \0\n", "not-text"),
        of("S1", "lower-case keys", with("Level: high"), "unknown-attribute"),
        of("S1", "numbers are not quoted as text", with("title: 5").replacen("title: t\n", "", 1), "wrong-type"),
        sound("S3", "several documents", format!("{}---\n{}", with(""), with(""))),
        sound("S4", "custom attributes", with("simulation: {type: x}")),
        of("S5", "one kind a document", with("correlation: {type: event_count}"), "ambiguous-document"),
        of("S5", "some kind", "title: t\n", "not-a-rule"),
        of("S5", "a mapping", "- a\n", "not-a-rule"),
        sound("S6", "text on which YAML versions differ", detecting("s: {a: [0777, 12:30, yes]}\ncondition: s")),
        of("S7", "no key twice", with("level: low\nlevel: high"), "duplicate-key"),
        sound("S8", "empty documents are skipped", format!("{}---\n", with(""))),
        of("S8", "a file holds a rule", "", "empty-file"),
        of("S9", "no alias bombs", bomb(), "too-many-aliases"),
    ]
}

fn bomb() -> String {
    let mut text = String::from("a: &a [x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x]\n");
    for (i, (name, of)) in [("b", "a"), ("c", "b"), ("d", "c"), ("e", "d")].into_iter().enumerate() {
        let aliases = vec![format!("*{of}"); 16].join(",");
        writeln!(text, "{name}{i}: &{name} [{aliases}]").expect("memory");
    }
    text
}

fn attributes() -> Vec<Case> {
    let long = |length: usize| "x".repeat(length);
    vec![
        of("A title", "mandatory", with("").replacen("title: t\n", "", 1), "missing-title"),
        of(
            "A title",
            "at most 256 characters",
            with("").replacen("title: t", &format!("title: {}", long(257)), 1),
            "too-long",
        ),
        of("A title", "not empty", with("").replacen("title: t", "title: ''", 1), "empty-value"),
        of(
            "A logsource",
            "mandatory",
            with("").replacen("logsource: {product: windows}\n", "", 1),
            "missing-logsource",
        ),
        of("A detection", "mandatory", "title: t\nlogsource: {product: windows}\n", "missing-detection"),
        of("A id", "a UUID", with("id: x"), "bad-id"),
        sound("A id", "in capitals", with(&format!("id: {}", ID.to_uppercase()))),
        of("A name", "at most 256 characters", with(&format!("name: {}", long(257))), "too-long"),
        of("A name", "not empty", with("name: ''"), "empty-value"),
        of("A related", "a list", with(&format!("related: {ID}")), "wrong-type"),
        of("A related", "with an id", with("related: [{type: similar}]"), "missing-key"),
        of("A related", "with a type", with(&format!("related: [{{id: {ID}}}]")), "missing-key"),
        of(
            "A related",
            "of a known type",
            with(&format!("related: [{{id: {ID}, type: obsoletes}}]")),
            "bad-related-type",
        ),
        of("A taxonomy", "at most 256 characters", with(&format!("taxonomy: {}", long(257))), "too-long"),
        of("A status", "one of five", with("status: stalbe"), "bad-status"),
        of("A description", "at most 65535 characters", with(&format!("description: {}", long(65_536))), "too-long"),
        of("A license", "text", with("license: [MIT]"), "wrong-type"),
        of("A author", "text", with("author: [a, b]"), "wrong-type"),
        of("A references", "a list of text", with("references: x"), "wrong-type"),
        of("A date", "YYYY-MM-DD", with("date: 2024-1-2"), "bad-date"),
        of("A date", "with dashes", with("date: 2024/01/02"), "slash-date"),
        of("A date", "in the calendar", with("date: 2024-02-30"), "bad-date"),
        of("A modified", "YYYY-MM-DD", with("modified: yesterday"), "bad-date"),
        of("A fields", "a list of text", with("fields: {a: b}"), "wrong-type"),
        of("A falsepositives", "a list of text", with("falsepositives: [1]"), "wrong-type"),
        of("A level", "one of five", with("level: severe"), "bad-level"),
        of("A tags", "namespace.tag", with("tags: [Attack T1059]"), "bad-tag"),
        of("A scope", "a list of text", with("scope: server"), "wrong-type"),
        of("L", "a mapping", source("windows"), "wrong-type"),
        of("L", "category, product or service", source("{definition: x}"), "empty-logsource"),
        of("L", "in lower case", source("{product: Windows}"), "log-source-case"),
        of("L", "text", source("{product: [windows]}"), "wrong-type"),
        sound("L", "further keys", source("{product: windows, tenant: x}")),
    ]
}

fn detections() -> Vec<Case> {
    vec![
        of("D", "a condition", detecting("s: {a: b}"), "missing-condition"),
        of("D", "a selection", detecting("condition: s"), "missing-selection"),
        of("D6", "no mapping for a value", detecting("s: {a: {b: c}}\ncondition: s"), "nested-value"),
        of("D6", "no list in a list of values", detecting("s: {a: [[b]]}\ncondition: s"), "nested-value"),
        of("D7", "no empty selection", detecting("s: {}\ncondition: s"), "empty-selection"),
        of("D7", "no empty list of keywords", detecting("s: []\ncondition: s"), "empty-selection"),
        of("D7", "no empty list of values", detecting("s: {a: []}\ncondition: s"), "empty-list"),
        sound("D8", "a scalar is a keyword", detecting("s: foo\ncondition: s")),
        of("D9", "no item twice", detecting("s: {a: b, a: c}\ncondition: s"), "duplicate-key"),
        of("D15", "no null in a list", detecting("s: {a: [b, null]}\ncondition: s"), "null-in-list"),
        of("D16", "`exists` takes a boolean", detecting("s: {a|exists: 'true'}\ncondition: s"), "wrong-value-type"),
        of("D22", "no boolean for a keyword", detecting("s: [true]\ncondition: s"), "wrong-value-type"),
        of("D22", "no null for a keyword", detecting("s: [null]\ncondition: s"), "empty-keyword"),
        of("D23", "no `timeframe`", detecting("s: {a: b}\ntimeframe: 5m\ncondition: s"), "timeframe"),
        of("C5", "a selector matches something", detecting("s: {a: b}\ncondition: s and 1 of x*"), "empty-selector"),
        of("C6", "selections are defined", detecting("s: {a: b}\ncondition: s and t"), "unknown-selection"),
        of("C7", "1, any or all", detecting("s: {a: b}\ncondition: 2 of s*"), "unknown-quantifier"),
        of("C10", "no gap", detecting("s: {a: b}\ncondition: s s"), "invalid-condition"),
        of("C12", "no pipe", detecting("s: {a: b}\ncondition: s | count() > 5"), "aggregation-pipe"),
        sound("C13", "a list of conditions", detecting("s: {a: b}\nt: {a: c}\ncondition: [s, t]")),
        of("C15", "selections are used", detecting("s: {a: b}\nt: {a: c}\ncondition: s"), "unused-selection"),
    ]
}

fn others() -> Vec<Case> {
    let counting = "type: event_count\nrules: [r]\ngroup-by: [a]\ntimespan: 5m\ncondition: {gte: 2}";
    vec![
        sound("K", "a count", correlating(counting)),
        of("K", "a type", correlating(&counting.replace("type: event_count\n", "")), "missing-key"),
        of("K", "a known type", correlating(&counting.replace("event_count", "event_cuont")), "bad-correlation-type"),
        of("K", "rules", correlating(&counting.replace("rules: [r]\n", "")), "missing-key"),
        of("K", "rules that are there", correlating(&counting.replace("[r]", "[q]")), "unknown-rule"),
        of("K", "not about itself", circle(counting, &["c"]), "cyclic-correlation"),
        of("K", "not about itself by way of another", circle(counting, &["c", "d"]), "cyclic-correlation"),
        of("K", "a timespan", correlating(&counting.replace("timespan: 5m\n", "")), "missing-key"),
        of("K", "a timespan in s, m, h or d", correlating(&counting.replace("5m", "5 min")), "bad-duration"),
        of("K", "a condition", correlating(&counting.replace("\ncondition: {gte: 2}", "")), "missing-condition"),
        of("K", "a known operator", correlating(&counting.replace("gte", "ge")), "unknown-key"),
        of(
            "K",
            "no log source",
            format!("{}logsource: {{product: windows}}\n", correlating(counting)),
            "misplaced-key",
        ),
        sound("F", "by name", filtering("rules: [r]\ns: {a: b}\ncondition: not s")),
        sound("F", "any", filtering("rules: any\ns: {a: b}\ncondition: not s")),
        of("F", "rules", filtering("s: {a: b}\ncondition: not s"), "missing-key"),
        of("F", "at least one rule", filtering("rules: []\ns: {a: b}\ncondition: not s"), "empty-list"),
        of("F", "rules that are there", filtering("rules: [q]\ns: {a: b}\ncondition: not s"), "unknown-rule"),
        of("F", "a selection", filtering("rules: [r]\ncondition: not s"), "missing-selection"),
        of("F", "a condition", filtering("rules: [r]\ns: {a: b}"), "missing-condition"),
        of("F", "one condition", filtering("rules: [r]\ns: {a: b}\ncondition: [not s]"), "wrong-type"),
        of("F", "a condition that leaves out", filtering("rules: [r]\ns: {a: b}\ncondition: s"), "filter-without-not"),
        of(
            "F",
            "a log source",
            filtering("rules: [r]\ns: {a: b}\ncondition: not s").replacen(
                "title: f\nlogsource: {product: windows}\n",
                "title: f\n",
                1,
            ),
            "missing-logsource",
        ),
        of(
            "F",
            "no correlation",
            format!(
                "{}---\ntitle: f\nlogsource: {{product: windows}}\nfilter: {{rules: [k], s: {{a: b}}, condition: not s}}\n",
                correlating(counting).replacen("title: c\n", "title: c\nname: k\n", 1)
            ),
            "filter-of-correlation",
        ),
        of("1.7", "`repeat` has a rule before it", "action: repeat\ntitle: t\n", "rule-collection"),
        of("1.7", "`global` has a rule behind it", "action: global\ntitle: t\n", "rule-collection"),
    ]
}

/// Correlations of these lines, each about a rule and the next of them, and nothing that is about them all.
fn circle(counting: &str, names: &[&str]) -> String {
    let lines: String = counting.lines().map(|line| format!("  {line}\n")).collect();
    let mut text = with("name: r");
    for (name, next) in names.iter().zip(names.iter().cycle().skip(1)) {
        let lines = lines.replacen("rules: [r]", &format!("rules: [r, {next}]"), 1);
        write!(text, "---\ntitle: {name}\nname: {name}\ncorrelation:\n{lines}").expect("memory");
    }
    text
}

#[test]
fn every_rule_of_the_schema_has_its_problem() {
    let mut wrong = String::new();
    for (number, what, text, problem) in [files(), attributes(), detections(), others()].concat() {
        let found = problems(&text);
        let as_expected = match problem {
            Some(problem) => found.contains(&problem),
            None => found.is_empty(),
        };
        if !as_expected {
            writeln!(wrong, "{number}, {what}: {problem:?}, found {found:?}").expect("memory");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
