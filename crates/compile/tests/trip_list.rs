//! The trip list: the places where readers of Sigma are known to part, each with events that tell the readings apart.
//!
//! The reference evaluator must say of every event what the item says, and so must the query of every language, read
//! back and evaluated over the same events. `docs/reference/trip-list.md` is made from what this proves.

#[path = "trip_list/conditions.rs"]
mod conditions;
#[path = "trip_list/documents.rs"]
mod documents;
#[path = "trip_list/modifiers.rs"]
mod modifiers;
#[path = "trip_list/pooled.rs"]
mod pooled;
#[path = "trip_list/strings.rs"]
mod strings;
#[path = "trip_list/values.rs"]
mod values;

use rulecast_compile::{NoSquare, Target, Unit, square};
use rulecast_diagnostics::{Diagnostic, SourceMap};
use rulecast_ir::{Placeholders, Record, Refusal, Resolved, eval};
use std::collections::BTreeSet;
use std::fmt::Write;

/// One item of the list.
struct Item {
    number: u8,
    point: &'static str,
    /// All of these hold.
    cases: Vec<Case>,
}

/// A rule and what it must do. A rule is written as the items of one selection, as a whole detection, or as documents.
enum Case {
    /// It matches the events that are marked so and no others, in Sigma's terms and on every language that does not refuse it.
    /// Where the events break an assumption, a query that answers otherwise must say that it makes it.
    Events { rule: String, events: Vec<(String, bool)>, breaks: Option<&'static str> },
    /// An error or a warning of this name.
    Problem { rule: String, name: &'static str },
    /// Every language refuses it for this reason.
    Refused { rule: String, reason: &'static str },
    /// Of its documents, those with these titles are emitted.
    Rules { rule: String, titles: &'static [&'static str] },
}

fn item(number: u8, point: &'static str, cases: impl IntoIterator<Item = Case>) -> Item {
    Item { number, point, cases: cases.into_iter().collect() }
}

fn marked(rule: impl Into<String>, events: impl Iterator<Item = (String, bool)>) -> Case {
    Case::Events { rule: rule.into(), events: events.collect(), breaks: None }
}

/// It matches the first events and not the second.
fn on(rule: impl Into<String>, hit: &[&str], miss: &[&str]) -> Case {
    let both = hit.iter().map(|event| (event, true)).chain(miss.iter().map(|event| (event, false)));
    marked(rule, both.map(|(event, hit)| ((*event).to_owned(), hit)))
}

/// The events stand in the order of time, a second apart; one behind `fires` completes the rule.
fn stream(rule: impl Into<String>, events: &[&str]) -> Case {
    marked(
        rule,
        events
            .iter()
            .map(|event| event.strip_prefix("fires ").map_or((*event, false), |rest| (rest, true)))
            .map(|(event, hit)| (event.to_owned(), hit)),
    )
}

/// The same with events that break an assumption.
fn breaking(assumption: &'static str, rule: impl Into<String>, hit: &[&str], miss: &[&str]) -> Case {
    match on(rule, hit, miss) {
        Case::Events { rule, events, .. } => Case::Events { rule, events, breaks: Some(assumption) },
        other => other,
    }
}

/// The same as `on` with values of the field `f`, in single quotes.
fn texts(rule: impl Into<String>, hit: &[&str], miss: &[&str]) -> Case {
    let both = hit.iter().map(|value| (value, true)).chain(miss.iter().map(|value| (value, false)));
    marked(rule, both.map(|(value, hit)| (format!("{{f: '{value}'}}"), hit)))
}

fn problem(rule: impl Into<String>, name: &'static str) -> Case {
    Case::Problem { rule: rule.into(), name }
}

fn refused(rule: impl Into<String>, reason: &'static str) -> Case {
    Case::Refused { rule: rule.into(), reason }
}

fn emits(rule: impl Into<String>, titles: &'static [&'static str]) -> Case {
    Case::Rules { rule: rule.into(), titles }
}

fn items() -> Vec<Item> {
    [strings::items(), values::items(), modifiers::items(), conditions::items(), documents::items()]
        .into_iter()
        .flatten()
        .collect()
}

/// The targets without a data model: one a language.
fn targets() -> impl Iterator<Item = Target<'static>> {
    Target::ALL.into_iter().filter(|target| target.model == "none")
}

fn language(target: Target) -> String {
    target.language.name().to_uppercase()
}

fn document(rule: &str) -> String {
    let indented = |by: &str, text: &str| text.lines().map(|line| format!("{by}{line}\n")).collect::<String>();
    if rule.contains("title:") {
        return rule.to_owned();
    }
    let detection = if rule.contains("condition:") {
        indented("  ", rule)
    } else {
        format!("  sel:\n{}  condition: sel\n", indented("    ", rule))
    };
    format!("title: t\nlogsource:\n  category: c\ndetection:\n{detection}")
}

/// The placeholders that have values.
fn given() -> Placeholders {
    let mut given = Placeholders::default();
    given.insert("given", vec!["one".into(), r"two*\*".into()]);
    given.insert("given name.too", vec!["3".into()]);
    given
}

fn resolved(rule: &str) -> (Resolved, Vec<Diagnostic>) {
    let text = document(rule);
    let file = SourceMap::new().add("rule.yml", text.as_str());
    let parsed = rulecast_rule::parse(file, &text);
    let mut problems = parsed.diagnostics;
    let mut resolved = Unit::new(parsed.documents).resolve();
    let given = given();
    problems.extend(resolved.rules.iter_mut().flat_map(|rule| rule.fill(&given)));
    problems.extend(resolved.diagnostics.iter().cloned());
    (resolved, problems)
}

/// Events in the notation of a rule's inline tests. Their ids count from 0, and they are a second apart.
fn records<'e>(events: impl Iterator<Item = &'e String>) -> Vec<Record> {
    let mut text = document("f: x");
    text.push_str("tests:\n  - name: t\n    expect: match\n    events:\n");
    events.for_each(|event| writeln!(text, "      - {event}").expect("memory"));
    let file = SourceMap::new().add("events.yml", text.as_str());
    let parsed = rulecast_rule::parse(file, &text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    let tests = &parsed.documents[0].metadata.tests;
    let mut records: Vec<Record> = tests[0].events.iter().map(|event| Record::of_test(event, 0)).collect();
    for (record, id) in records.iter_mut().zip(0_u32..) {
        (record.id, record.time) = (id.into(), i64::from(id) * 1000);
    }
    records
}

/// What was found of one item.
#[derive(Default)]
struct Findings {
    /// Whether Sigma's meaning is as it must be.
    meant: bool,
    /// The languages whose queries answer as they must.
    closed: BTreeSet<String>,
    refused: BTreeSet<String>,
    /// Who answered otherwise under an assumption that the events break.
    assumed: BTreeSet<String>,
    /// Problems that were reported, as they must be.
    named: BTreeSet<&'static str>,
    wrong: Vec<String>,
}

impl Findings {
    fn case(&mut self, case: &Case) {
        match case {
            Case::Events { rule, events, breaks } => self.events(rule, events, *breaks),
            Case::Problem { rule, name } => {
                let (_, problems) = resolved(rule);
                if problems.iter().any(|problem| problem.name == *name) {
                    self.named.insert(name);
                } else {
                    self.wrong.push(format!("{rule}\n  no `{name}`: {problems:?}"));
                }
            }
            Case::Refused { rule, reason } => {
                let (resolved, problems) = resolved(rule);
                if problems.iter().any(Diagnostic::is_error) {
                    return self.wrong.push(format!("{rule}\n  {problems:?}"));
                }
                let wanted = |one: &Refusal| one.reason.name() == *reason;
                for target in targets() {
                    match square(&resolved.rules[0], target, &[]) {
                        Err(NoSquare::Refused(refusals)) if refusals.iter().any(wanted) => {
                            self.refuse(target, &refusals);
                        }
                        other => self.wrong.push(format!("{rule}\n  {target} does not refuse it: {other:?}")),
                    }
                }
            }
            Case::Rules { rule, titles } => {
                let (resolved, problems) = resolved(rule);
                let found: Vec<_> = resolved
                    .rules
                    .iter()
                    .map(|rule| rule.metadata.0.title.as_ref().map_or("", |title| title.node.as_str()))
                    .collect();
                if found == *titles {
                    self.meant = true;
                } else {
                    self.wrong.push(format!("{rule}\n  {found:?}, {problems:?}"));
                }
            }
        }
    }

    fn refuse(&mut self, target: Target, refusals: &[Refusal]) {
        let reasons = refusals.iter().map(|one| format!("{} `{}`", language(target), one.reason.name()));
        self.refused.extend(reasons);
    }

    fn events(&mut self, rule: &str, events: &[(String, bool)], breaks: Option<&str>) {
        let (resolved, problems) = resolved(rule);
        let [one] = resolved.rules.as_slice() else {
            return self.wrong.push(format!("{rule}\n  {} rules: {problems:?}", resolved.rules.len()));
        };
        if problems.iter().any(Diagnostic::is_error) {
            return self.wrong.push(format!("{rule}\n  {problems:?}"));
        }
        let records = records(events.iter().map(|(event, _)| event));
        let wanted = records.iter().zip(events).filter(|(_, (_, hit))| *hit).map(|(record, _)| record.id);
        let wanted: BTreeSet<u64> = wanted.collect();
        let apart = |found: &BTreeSet<u64>| -> Vec<String> {
            let apart = found.symmetric_difference(&wanted).filter_map(|id| records.get(usize::try_from(*id).ok()?));
            apart.map(|record| format!("{:?}", record.fields)).collect()
        };
        let meant = eval::evaluate(one, &records);
        let meant: BTreeSet<u64> = meant.iter().filter_map(|found| found.events.last().copied()).collect();
        if meant != wanted {
            return self.wrong.push(format!("{rule}\n  the reference differs on {:?}", apart(&meant)));
        }
        self.meant = true;
        for target in targets() {
            let language = language(target);
            match square(one, target, &records) {
                Ok(square) => {
                    let found: BTreeSet<u64> = square.queries.iter().map(|answer| answer.last).collect();
                    let made = |assumption: &str| {
                        let mut all = square.each.iter().flat_map(|(query, _)| &query.fidelity.assumptions);
                        all.any(|one| one.to_string() == assumption)
                    };
                    if found == wanted {
                        self.closed.insert(language);
                    } else if let Some(assumption) = breaks.filter(|one| made(one)) {
                        self.assumed.insert(format!("{language} assumes `{assumption}`"));
                    } else {
                        let queries: Vec<_> = square.each.iter().map(|(query, _)| query).collect();
                        self.wrong.push(format!("{rule}\n  {target} differs on {:?}\n  {queries:?}", apart(&found)));
                    }
                }
                Err(NoSquare::Refused(refusals)) => self.refuse(target, &refusals),
                Err(other) => self.wrong.push(format!("{rule}\n  {target}: {other}")),
            }
        }
    }

    /// In words.
    fn shown(&self) -> String {
        let joined = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
        let mut parts = Vec::new();
        if self.meant {
            let comma = if self.closed.is_empty() { "" } else { ", " };
            parts.push(format!("proven: Sigma{comma}{}", joined(&self.closed)));
        }
        if !self.assumed.is_empty() {
            parts.push(joined(&self.assumed));
        }
        if !self.refused.is_empty() {
            parts.push(format!("refused: {}", joined(&self.refused)));
        }
        if !self.named.is_empty() {
            parts.push(self.named.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "));
        }
        parts.join("; ")
    }
}

#[test]
fn every_number_stands_once() {
    let mut numbers: Vec<u8> = items().iter().map(|item| item.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=110).collect::<Vec<_>>());
}

#[test]
fn every_item_holds_and_the_page_says_so() {
    let mut items = items();
    items.sort_by_key(|item| item.number);
    let mut wrong = String::new();
    let mut rows = String::new();
    for Item { number, point, cases } in &items {
        let mut findings = Findings::default();
        cases.iter().for_each(|case| findings.case(case));
        findings.wrong.iter().for_each(|one| writeln!(wrong, "T{number:02}: {one}").expect("memory"));
        writeln!(rows, "| T{number:02} | {point} | {} |", findings.shown().replace('|', "\\|")).expect("memory");
    }
    assert!(wrong.is_empty(), "{wrong}");
    let page = format!(
        "# The trip list\n\n\
         Places where readers of Sigma are known to part. Of each, a rule is evaluated over events that tell the readings\n\
         apart: by Sigma's meaning (the reference evaluator), and by the query of every language that does not refuse the\n\
         rule, read back and evaluated. Where a diagnostic is right, it is named. A language may refuse one rule of an item\n\
         and answer another. A test makes this page (`crates/compile/tests/trip_list.rs`).\n\n\
         All {} items are proven.\n\n\
         | | point | |\n|---|---|---|\n{rows}",
        items.len()
    );
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/trip-list.md");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|how| how == "always") {
        std::fs::write(path, &page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page, "{path} is not current: INSTA_UPDATE=always writes it\n{page}");
}
