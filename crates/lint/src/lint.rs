//! What a lint is.

use rulecast_diagnostics::{Diagnostic, Severity, Span};

/// A kind of finding, with its page of the reference as data.
#[derive(Debug)]
pub struct Lint {
    /// The name of its diagnostics, in kebab case. Stable: people suppress by it.
    pub name: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Why that matters.
    pub reason: &'static str,
    /// Keys of a rule that has the finding. A line `# no KEY` stands for a rule without that key.
    pub bad: &'static str,
    /// The same, mended.
    pub good: &'static str,
    /// What `--fix` can do about it.
    pub fix: Fixes,
}

/// What can be done about the findings of a lint without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixes {
    /// Nothing: only the author knows what is meant.
    None,
    /// Some are mended, where the text allows it; the rule matches the same events afterwards.
    Safe,
    /// Some come with a suggestion, which changes what the rule matches.
    Suggested,
}

/// Lints about one subject.
#[derive(Debug)]
pub struct Family {
    /// The subject.
    pub title: &'static str,
    /// In the order of the reference.
    pub lints: &'static [&'static Lint],
}

impl Lint {
    /// Its reason, and what it finds and does not find, in Markdown.
    pub fn page(&self) -> String {
        let (bad, good) = (self.bad.trim_end(), self.good.trim_end());
        format!("{}\n\n```yaml\n# found\n{bad}\n```\n\n```yaml\n# not found\n{good}\n```\n", self.reason)
    }

    /// A finding at `span`.
    pub(crate) fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: self.severity, ..Diagnostic::error(self.name, span, message) }
    }
}
