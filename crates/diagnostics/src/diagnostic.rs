//! What is wrong with a rule, as data; [`render`](crate::render) turns it into text.

use crate::{Edit, Fix, Span};

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; changes nothing.
    Note,
    /// The rule works, but likely not as its author meant.
    Warning,
    /// The rule, or its translation to some target, is not possible.
    Error,
}

impl Severity {
    /// The word that output formats use: `error`, `warning` or `note`.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A place, and what to say beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words beside the caret; may be empty.
    pub text: String,
}

/// One problem of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of problem, in kebab case: `unknown-modifier`. Stable; people suppress and search by it.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// One terse sentence. If only one thing can be shown, it is this.
    pub message: String,
    /// The place that must change.
    pub at: Label,
    /// Further places that explain the problem.
    pub also: Vec<Label>,
    /// What to do, where it is known: "did you mean `contains`?".
    pub help: Option<String>,
    /// Facts that explain the problem without being a remedy.
    pub notes: Vec<String>,
    /// What a program can do about it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(name: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, name, span, message)
    }

    /// A warning at `span`.
    pub fn warning(name: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, name, span, message)
    }

    fn new(severity: Severity, name: &'static str, span: Span, message: impl Into<String>) -> Self {
        let at = Label { span, text: String::new() };
        Self { name, severity, message: message.into(), at, also: Vec::new(), help: None, notes: Vec::new(), fix: None }
    }

    /// The words beside the caret.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.at.text = text.into();
        self
    }

    /// A further place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.also.push(Label { span, text: text.into() });
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// A fact that explains it.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Edits that mend it, after which the rule matches the same events.
    #[must_use]
    pub fn fix(mut self, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { edits, safe: true });
        self
    }

    /// Edits that likely mend it, but change what the rule matches.
    #[must_use]
    pub fn suggest(mut self, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { edits, safe: false });
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
