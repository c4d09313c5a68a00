//! The problems of a file, as they are found.

use rulecast_diagnostics::Diagnostic;

/// Problems kept for one file, at most: a file of another format can be wrong on every line.
const MAX_PROBLEMS: usize = 500;

/// The name of the diagnostic that says that problems were left out.
pub(crate) const TOO_MANY: &str = "too-many-problems";

/// What is wrong with a file.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    kept: Vec<Diagnostic>,
    left_out: usize,
}

impl Problems {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if self.kept.len() < MAX_PROBLEMS {
            self.kept.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many of those kept are errors.
    pub(crate) fn errors(&self) -> usize {
        self.kept.iter().filter(|problem| problem.is_error()).count()
    }

    /// In the order of the text, each once: several rules may share a part.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let Self { mut kept, left_out } = self;
        kept.sort_by_key(|diagnostic| diagnostic.at.span);
        kept.dedup();
        if let Some(last) = kept.last().filter(|_| left_out > 0) {
            let message = format!("{left_out} more problems in this file");
            kept.push(Diagnostic::error(TOO_MANY, last.at.span, message));
        }
        kept
    }
}
