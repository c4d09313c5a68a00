//! What a document says about itself: Sigma's attributes, and ours.

use super::named::named;
use super::{Condition, Node, Scope};
use rulecast_diagnostics::{Span, Spanned};

/// Everything but the log source and the search.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// At most 256 characters.
    pub title: Option<Spanned<String>>,
    /// A UUID.
    pub id: Option<Spanned<String>>,
    /// What correlations and filters refer to.
    pub name: Option<Spanned<String>>,
    /// Rules that this one derives from, replaces, …
    pub related: Vec<Related>,
    /// The field names in use; `sigma` unless said.
    pub taxonomy: Option<Spanned<String>>,
    /// How mature the rule is.
    pub status: Option<Spanned<Status>>,
    /// What it detects and why.
    pub description: Option<Spanned<String>>,
    /// An SPDX identifier.
    pub license: Option<Spanned<String>>,
    /// Comma-separated.
    pub author: Option<Spanned<String>>,
    /// Links.
    pub references: Vec<Spanned<String>>,
    /// When it was written.
    pub date: Option<Spanned<Date>>,
    /// When it was last changed.
    pub modified: Option<Spanned<Date>>,
    /// Fields worth looking at.
    pub fields: Vec<Spanned<String>>,
    /// Harmless causes.
    pub false_positives: Vec<Spanned<String>>,
    /// How bad a match is.
    pub level: Option<Spanned<Level>>,
    /// `attack.t1546.016`, `cve.2021-44228`, …
    pub tags: Vec<Spanned<String>>,
    /// Where it applies, in free words.
    pub scope: Vec<Spanned<String>>,
    /// Ours: named classes of a match.
    pub classification: Option<Classification>,
    /// Ours: events that must and must not match.
    pub tests: Vec<RuleTest>,
    /// Ours: how often to run, and how far to look back.
    pub schedule: Option<Schedule>,
    /// Ours: 0 to 100.
    pub risk_score: Option<Spanned<u8>>,
    /// Ours: how sure a match is.
    pub confidence: Option<Spanned<Confidence>>,
    /// Ours: counts the rule's revisions, from 1.
    pub version: Option<Spanned<u32>>,
    /// Ours, Markdown: what data is needed and how to collect it.
    pub setup: Option<Spanned<String>>,
    /// Ours, Markdown: how to investigate a match.
    pub note: Option<Spanned<String>>,
    /// Ours, Markdown: what to do about a true match.
    pub response: Option<Spanned<String>>,
    /// Ours: what the analyst sees.
    pub output: Option<Output>,
    /// Ours: options by target or language.
    pub targets: Vec<TargetOptions>,
    /// Every other top-level key, untouched.
    pub custom: Vec<(Spanned<String>, Spanned<Node>)>,
}

/// `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the Sigma status of that name")]
pub enum Status {
    Unsupported,
    Deprecated,
    Experimental,
    Test,
    Stable,
}

named!(Status {
    Unsupported = "unsupported",
    Deprecated = "deprecated",
    Experimental = "experimental",
    Test = "test",
    Stable = "stable",
});

/// `level`, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the Sigma level of that name")]
pub enum Level {
    Informational,
    Low,
    Medium,
    High,
    Critical,
}

named!(Level {
    Informational = "informational",
    Low = "low",
    Medium = "medium",
    High = "high",
    Critical = "critical",
});

/// How sure a match is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

named!(Confidence { Low = "low", Medium = "medium", High = "high" });

/// A calendar date, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31, and in that month.
    pub day: u8,
}

/// One entry of `related`.
#[derive(Clone, Debug)]
pub struct Related {
    /// The other rule's id.
    pub id: Spanned<String>,
    /// `derived`, `obsolete`, `merged`, `renamed`, `similar`, `correlation`.
    pub kind: Spanned<String>,
}

/// `classification`: ordered branches; the first that holds names the event.
#[derive(Clone, Debug)]
pub struct Classification {
    /// In order; at least one.
    pub branches: Vec<Branch>,
    /// The name where no branch holds.
    pub otherwise: Option<Spanned<String>>,
    /// The whole.
    pub span: Span,
}

/// One class of a classification.
#[derive(Clone, Debug)]
pub struct Branch {
    /// What a match is called.
    pub name: Spanned<String>,
    /// In a union over rules: the rule whose events the branch is about.
    pub rule: Option<Spanned<String>>,
    /// Over the selections of the rule; may be absent where `rule` is given.
    pub condition: Option<Spanned<Condition>>,
    /// Overrides the rule's level.
    pub level: Option<Spanned<Level>>,
    /// What the class means.
    pub description: Option<Spanned<String>>,
    /// The whole.
    pub span: Span,
}

/// One entry of `tests`.
#[derive(Clone, Debug)]
pub struct RuleTest {
    /// What it shows.
    pub name: Spanned<String>,
    /// Whether the rule must fire.
    pub expect: Spanned<Expectation>,
    /// Why, where it is not obvious.
    pub why: Option<Spanned<String>>,
    /// The class that the match must have.
    pub classification: Option<Spanned<String>>,
    /// In the order they happen.
    pub events: Vec<TestEvent>,
    /// The whole.
    pub span: Span,
}

/// Whether a rule must fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It must.
    Match,
    /// It must not.
    NoMatch,
}

named!(Expectation { Match = "match", NoMatch = "no_match" });

/// One event of a test, in Sigma field names.
#[derive(Clone, Debug)]
pub struct TestEvent {
    /// Milliseconds after the test's start.
    pub offset: u64,
    /// The log source's category, where the rule reads several.
    pub category: Option<Spanned<String>>,
    /// The log source's product, where the rule reads several.
    pub product: Option<Spanned<String>>,
    /// The fields, in the order written.
    pub fields: Vec<(Spanned<String>, Spanned<Node>)>,
    /// The whole.
    pub span: Span,
}

/// `schedule`.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Seconds between runs.
    pub every: Spanned<u64>,
    /// Seconds that a run looks back.
    pub lookback: Spanned<u64>,
    /// Alerts that a run may raise.
    pub max_alerts: Option<Spanned<u32>>,
}

/// `output`.
#[derive(Clone, Debug)]
pub struct Output {
    /// Sigma field names, `_time` for the event's time and `_class` for its class.
    pub fields: Vec<Spanned<String>>,
    /// In order.
    pub sort: Vec<SortKey>,
}

/// One key of `output.sort`: `_time`, or `-_time` for the last first.
#[derive(Clone, Debug)]
pub struct SortKey {
    /// The field.
    pub field: Spanned<String>,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// `targets.<target>`.
#[derive(Clone, Debug)]
pub struct TargetOptions {
    /// A target (`eql.ecs`) or a language (`eql`).
    pub target: Spanned<String>,
    /// A declared refusal, and its reason.
    pub refuse: Option<Spanned<String>>,
    /// What the target reads for this rule, if the rule says so. Never of a language.
    pub scope: Option<Scope>,
}
