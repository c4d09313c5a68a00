//! What a row of the catalogue is, and how its cases are put to the test.

use rulecast_compile::{NoSquare, Target, Unit, square};
use rulecast_diagnostics::SourceMap;
use rulecast_ir::{Name, Record, RecordSource, RefusalReason};
use serde_json::Value;

/// The targets without a data model.
pub(crate) const PLAIN: &[&str] = &["eql.none", "spl.none", "kql.none"];
/// The targets with one.
pub(crate) const MODELS: &[&str] = &["eql.ecs", "eql.winlogbeat", "spl.sysmon", "kql.xdr", "kql.asim"];

/// One data model, over events and over their summaries.
pub(crate) const SUMMARIES: &[&str] = &["spl.cim", "spl.tstats"];

/// One wrong translation, by its number.
pub(crate) struct Row {
    pub(crate) number: u32,
    /// What goes wrong.
    pub(crate) what: &'static str,
    /// What shows that it does not go wrong here.
    pub(crate) cases: Vec<Case>,
    /// The step that brings what the row is about, where it is not here yet.
    pub(crate) later: Option<&'static str>,
    /// A test elsewhere that has the row: its file and its name.
    pub(crate) elsewhere: Vec<(&'static str, &'static str)>,
    /// On which events rule and query part, in words and as a case that would hold if they did not.
    pub(crate) open: Option<(&'static str, Case)>,
}

pub(crate) fn row(number: u32, what: &'static str) -> Row {
    Row { number, what, cases: Vec::new(), later: None, elsewhere: Vec::new(), open: None }
}

impl Row {
    pub(crate) fn case(mut self, case: Case) -> Self {
        self.cases.push(case);
        self
    }

    pub(crate) fn later(mut self, step: &'static str) -> Self {
        self.later = Some(step);
        self
    }

    pub(crate) fn elsewhere(mut self, file: &'static str, name: &'static str) -> Self {
        self.elsewhere.push((file, name));
        self
    }

    pub(crate) fn open(mut self, difference: &'static str, case: Case) -> Self {
        self.open = Some((difference, case));
        self
    }

    /// Where the row is shown to hold, for the page.
    pub(crate) fn proof(&self) -> String {
        let mut parts = Vec::new();
        let mut targets: Vec<&str> = self.cases.iter().flat_map(|case| case.on.iter().copied()).collect();
        targets.sort_unstable();
        targets.dedup();
        if !targets.is_empty() {
            parts.push(format!("evaluated on {}", list(&targets)));
        }
        let mut refused: Vec<String> = (self.cases.iter().flat_map(|case| case.refused))
            .map(|(target, reason)| format!("{target} (`{}`)", reason.name()))
            .collect();
        refused.sort_unstable();
        refused.dedup();
        if !refused.is_empty() {
            parts.push(format!("refused by {}", refused.join(", ")));
        }
        parts.extend(
            self.cases.iter().filter_map(|case| case.diagnosed).map(|name| format!("an error of the rule (`{name}`)")),
        );
        let tests = self.elsewhere.iter().map(|(file, name)| format!("`{name}` in `{file}`"));
        parts.extend(tests);
        parts.extend(self.later.map(|step| format!("**later**: {step}")));
        parts.extend(self.open.iter().map(|(difference, _)| format!("**open**: {difference}")));
        if parts.is_empty() { "**not yet**".to_owned() } else { parts.join("; ") }
    }
}

fn list(targets: &[&str]) -> String {
    let mut names = Vec::new();
    let mut rest = targets.to_vec();
    for (all, name) in [(PLAIN, "every language"), (MODELS, "the data models of endpoints")] {
        if all.iter().all(|target| rest.contains(target)) {
            rest.retain(|target| !all.contains(target));
            names.push(name);
        }
    }
    names.extend(rest);
    names.join(", ")
}

/// A rule with what it means.
pub(crate) struct Case {
    rule: String,
    on: &'static [&'static str],
    refused: &'static [(&'static str, RefusalReason)],
    diagnosed: Option<&'static str>,
    hits: &'static str,
    misses: &'static str,
}

/// A rule of one detection, with events that it matches and events that it does not: two lists in JSON.
pub(crate) fn case(detection: &str, hits: &'static str, misses: &'static str) -> Case {
    of("category: process_creation, product: windows", detection, hits, misses)
}

/// The same, of another log source.
pub(crate) fn of(source: &str, detection: &str, hits: &'static str, misses: &'static str) -> Case {
    let rule = format!("title: t\nlogsource: {{{source}}}\ndetection: {{{detection}}}\n");
    Case { rule, on: PLAIN, refused: &[], diagnosed: None, hits, misses }
}

/// Documents of which the last is the rule. What it matches, or not, are lists of events.
pub(crate) fn documents(rule: &str, hits: &'static str, misses: &'static str) -> Case {
    Case { rule: rule.to_owned(), on: PLAIN, refused: &[], diagnosed: None, hits, misses }
}

impl Case {
    pub(crate) fn on(mut self, targets: &'static [&'static str]) -> Self {
        self.on = targets;
        self
    }

    pub(crate) fn refused(mut self, by: &'static [(&'static str, RefusalReason)]) -> Self {
        self.refused = by;
        self
    }

    /// The rule itself is wrong, by the error of this name.
    pub(crate) fn diagnosed(mut self, name: &'static str) -> Self {
        self.diagnosed = Some(name);
        self
    }

    /// What does not hold, one finding a line.
    pub(crate) fn findings(&self) -> Vec<String> {
        let mut map = SourceMap::new();
        let file = map.add("rule.yml", self.rule.as_str());
        let parsed = rulecast_rule::parse(file, &self.rule);
        let resolved = Unit::new(parsed.documents).resolve();
        let errors: Vec<_> = parsed.diagnostics.iter().chain(&resolved.diagnostics).filter(|d| d.is_error()).collect();
        if let Some(name) = self.diagnosed {
            let named = errors.iter().any(|error| error.name == name);
            return if named { Vec::new() } else { vec![format!("not `{name}`: {errors:?}\n{}", self.rule)] };
        }
        let Some(rule) = resolved.rules.last().filter(|_| errors.is_empty()) else {
            return vec![format!("{}\n{errors:?}", self.rule)];
        };
        let mut found = Vec::new();
        for (target, reason) in self.refused {
            match square(rule, parse(target), &[]) {
                Err(NoSquare::Refused(refusals)) if refusals.iter().any(|refusal| refusal.reason == *reason) => {}
                other => found.push(format!("{target} does not refuse by `{}`: {other:?}", reason.name())),
            }
        }
        for (expected, json) in [(true, self.hits), (false, self.misses)] {
            let events: Vec<Value> = serde_json::from_str(json).expect("a list in JSON");
            for (event, target) in events.iter().flat_map(|event| self.on.iter().map(move |target| (event, target))) {
                match square(rule, parse(target), &records(event)) {
                    Ok(square) if square.closes() && square.rule.is_empty() != expected => {}
                    Ok(square) => {
                        let queries: Vec<&str> = square.each.iter().map(|(query, _)| query.text.as_str()).collect();
                        found.push(format!(
                            "{target} on {event}, a match: {expected}\n  rule: {:?}\n  queries: {:?}\n{}\n{}",
                            square.rule,
                            square.queries,
                            self.rule,
                            queries.join("\n")
                        ));
                    }
                    Err(none) => found.push(format!("{target} on {event}: {none:?}\n{}", self.rule)),
                }
            }
        }
        found
    }

    /// Whether there is anything to hold.
    pub(crate) fn says_something(&self) -> bool {
        let some = |json: &str| json != "[]";
        !self.refused.is_empty()
            || self.diagnosed.is_some()
            || (!self.on.is_empty() && some(self.hits) && some(self.misses))
    }
}

fn parse(target: &str) -> Target<'static> {
    Target::parse(target).expect("a target of the registry")
}

/// An event, or a list of events one after the other. `_time` is in seconds, `_category` and `_product` name the log
/// source.
fn records(events: &Value) -> Vec<Record> {
    let one = [events.clone()];
    let events = events.as_array().map_or(&one[..], Vec::as_slice);
    events.iter().zip(0..).map(|(event, id)| record(event, id)).collect()
}

fn record(event: &Value, id: u64) -> Record {
    let mut record = Record { id, time: event["_time"].as_i64().unwrap_or(0) * 1000, ..Record::default() };
    let name = |key: &str| event[key].as_str().map(Name::from);
    if event.get("_category").is_some() {
        let source = RecordSource { category: name("_category"), product: name("_product"), service: None };
        record.log_sources = Some(vec![source]);
    }
    for (field, value) in event.as_object().expect("an event is an object") {
        if !["_time", "_category", "_product"].contains(&field.as_str()) {
            record.add_json(field, value);
        }
    }
    record
}
