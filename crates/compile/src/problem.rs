//! What is wrong with one file, as every program that compiles it says it.

use crate::{Target, Unit};
use rulecast_diagnostics::{Diagnostic, FileId, Severity};
use rulecast_ir::Refusal;
use rulecast_rule::Parsed;

/// The name under which refusals are reported.
pub const CANNOT_EXPRESS: &str = "cannot-express";

/// The sound documents of a file, and what is wrong with all: what was read of an unsound one is resolved for its
/// problems alone.
pub fn read(file: FileId, text: &str) -> Parsed {
    let mut parsed = rulecast_rule::parse(file, text);
    if parsed.has_errors() {
        let documents = std::mem::take(&mut parsed.documents);
        let (sound, unsound): (Vec<_>, Vec<_>) = documents.into_iter().partition(|document| parsed.is_sound(document));
        let more = Unit::new(unsound).resolve().diagnostics;
        parsed.diagnostics.extend(more.into_iter().filter(|problem| !is_about_other_documents(problem)));
        parsed.documents = sound;
    }
    parsed
}

/// Such a problem cannot be told from a document alone.
fn is_about_other_documents(problem: &Diagnostic) -> bool {
    matches!(problem.name, "unknown-rule" | "duplicate-rule" | "too-few-rules")
}

/// What a target cannot say, as a problem of the rule.
pub fn refusal(refusal: &Refusal, target: Target, severity: Severity) -> Diagnostic {
    Diagnostic {
        severity,
        help: refusal.help.clone(),
        ..Diagnostic::error(CANNOT_EXPRESS, refusal.span, &refusal.message)
    }
    .note(format!("refused for {target}: {}", refusal.reason.name()))
}
