//! What became of each rule.

use crate::{Body, Change, Kind, Package, Step};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What became of a rule, or would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It is as it should be.
    Unchanged,
    /// The bundle has it no more, and it is left.
    Kept,
    /// The bundle has it no more.
    Disabled,
    /// The bundle has it no more.
    Deleted,
    /// It could not be.
    Failed,
}

/// Whether calls were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    Planned,
    Performed,
}

/// A rule, and what became of it.
#[derive(Clone, Debug)]
pub struct RuleReport {
    /// What was planned.
    pub step: Step,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it failed.
    pub reason: Option<String>,
}

/// What became of all rules.
#[derive(Clone, Debug)]
pub struct Report {
    kind: Kind,
    bundle: (String, String),
    made: Made,
    /// Those of the bundle in its order, then those that it has no more.
    pub rules: Vec<RuleReport>,
}

impl Outcome {
    /// Every one.
    pub const ALL: [Self; 7] =
        [Self::Created, Self::Updated, Self::Unchanged, Self::Kept, Self::Disabled, Self::Deleted, Self::Failed];

    pub(crate) fn of(change: Change, failed: bool) -> Self {
        match change {
            _ if failed => Outcome::Failed,
            Change::Create => Outcome::Created,
            Change::Update => Outcome::Updated,
            Change::None => Outcome::Unchanged,
            Change::Keep => Outcome::Kept,
            Change::Disable => Outcome::Disabled,
            Change::Delete => Outcome::Deleted,
            Change::Refuse => Outcome::Failed,
        }
    }

    /// In reports.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged",
            Outcome::Kept => "kept",
            Outcome::Disabled => "disabled",
            Outcome::Deleted => "deleted",
            Outcome::Failed => "failed",
        }
    }

    fn planned(self) -> &'static str {
        match self {
            Outcome::Created => "to create",
            Outcome::Updated => "to update",
            Outcome::Unchanged => "unchanged",
            Outcome::Kept => "kept",
            Outcome::Disabled => "to disable",
            Outcome::Deleted => "to delete",
            Outcome::Failed => "refused",
        }
    }

    fn to_do(self) -> &'static str {
        match self {
            Outcome::Created => "create",
            Outcome::Updated => "update",
            Outcome::Unchanged => "unchanged",
            Outcome::Kept => "keep",
            Outcome::Disabled => "disable",
            Outcome::Deleted => "delete",
            Outcome::Failed => "refuse",
        }
    }
}

impl RuleReport {
    /// A line for people, without a line end.
    pub fn line(&self) -> String {
        self.line_with(self.outcome.word())
    }

    fn line_with(&self, word: &str) -> String {
        let reason = self.reason.as_ref().map(|reason| format!(": {}", printable(reason))).unwrap_or_default();
        format!("{word:<9}  {}{reason}", printable(&self.step.title))
    }
}

/// Without what steers a terminal.
fn printable(text: &str) -> String {
    let is_odd = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if is_odd(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

impl Report {
    pub(crate) fn new(package: &Package, kind: Kind, made: Made, rules: Vec<RuleReport>) -> Self {
        let bundle = (package.bundle.name.clone(), package.bundle.version.clone());
        Self { kind, bundle, made, rules }
    }

    /// Whether a rule is not as it should be.
    pub fn has_failed(&self) -> bool {
        self.rules.iter().any(|rule| rule.outcome == Outcome::Failed)
    }

    fn counts(&self) -> BTreeMap<Outcome, usize> {
        let mut counts: BTreeMap<Outcome, usize> = Outcome::ALL.into_iter().map(|outcome| (outcome, 0)).collect();
        self.rules.iter().for_each(|rule| *counts.entry(rule.outcome).or_default() += 1);
        counts
    }

    /// What would be done, with the calls; `bodies` prints what they send.
    pub fn plan(&self, address: &str, bodies: bool) -> String {
        let mut text = String::new();
        for rule in self.rules.iter().filter(|rule| rule.outcome != Outcome::Unchanged) {
            let _ = writeln!(text, "{}", rule.line_with(rule.outcome.to_do()));
            for call in &rule.step.calls {
                let _ = write!(text, "           {} {address}{}", call.method.name(), call.path);
                let _ = match (call.body.digest(), call.body.bytes()) {
                    (Some(digest), Some((_, bytes))) => writeln!(text, "  sha256:{digest} ({} bytes)", bytes.len()),
                    _ => writeln!(text),
                };
                if bodies {
                    for line in call.body.text().lines() {
                        let _ = writeln!(text, "             {}", printable(line));
                    }
                }
            }
        }
        text + &self.summary()
    }

    /// How many rules became what, with a line end.
    pub fn summary(&self) -> String {
        let word = |outcome: Outcome| match self.made {
            Made::Planned => outcome.planned(),
            Made::Performed => outcome.word(),
        };
        let counts: Vec<String> = self
            .counts()
            .into_iter()
            .filter(|(_, number)| *number > 0)
            .map(|(outcome, number)| format!("{number} {}", word(outcome)))
            .collect();
        let counts = if counts.is_empty() { "no rules".to_owned() } else { counts.join(", ") };
        let (name, version) = &self.bundle;
        let made = if self.made == Made::Planned { "; nothing was written" } else { "" };
        format!("{name} {version} on {}: {counts}{made}\n", self.kind.name())
    }

    /// For programs.
    pub fn json(&self, address: &str, bodies: bool) -> String {
        let calls = |step: &Step| -> Vec<JsonCall> {
            let call = |call: &crate::Call| JsonCall {
                method: call.method.name(),
                url: format!("{address}{}", call.path),
                sha256: call.body.digest(),
                body: (bodies && call.body != Body::None).then(|| call.body.text().trim_end().to_owned()),
            };
            step.calls.iter().map(call).collect()
        };
        let rules = self.rules.iter().map(|rule| JsonRule {
            key: &rule.step.key,
            title: &rule.step.title,
            outcome: rule.outcome,
            reason: rule.reason.as_deref(),
            calls: calls(&rule.step),
        });
        let report = JsonReport {
            format: 1,
            platform: self.kind.name(),
            bundle: JsonBundle { name: &self.bundle.0, version: &self.bundle.1 },
            dry_run: self.made == Made::Planned,
            counts: self.counts(),
            rules: rules.collect(),
        };
        let mut text = serde_json::to_string_pretty(&report).expect("texts and numbers are JSON");
        text.push('\n');
        text
    }
}

#[derive(Serialize)]
struct JsonReport<'a> {
    format: u32,
    platform: &'static str,
    bundle: JsonBundle<'a>,
    dry_run: bool,
    counts: BTreeMap<Outcome, usize>,
    rules: Vec<JsonRule<'a>>,
}

#[derive(Serialize)]
struct JsonBundle<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct JsonRule<'a> {
    key: &'a str,
    title: &'a str,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    calls: Vec<JsonCall>,
}

#[derive(Serialize)]
struct JsonCall {
    method: &'static str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}
