//! Problems of a file as the command shows them.

use crate::output::count;
use rulecast_compile::Target;
use rulecast_diagnostics::{Diagnostic, Severity, SourceMap, render};
use rulecast_ir::Refusal;
use std::fmt::Write;

/// The name under which refusals are reported.
pub(crate) const CANNOT_EXPRESS: &str = "cannot-express";

/// The most problems of one file that are shown to a person. Programs get them all.
const MOST: usize = 100;

/// What a target cannot say, as a problem of the rule.
pub(crate) fn refusal(refusal: &Refusal, target: Target, severity: Severity) -> Diagnostic {
    Diagnostic {
        severity,
        help: refusal.help.clone(),
        ..Diagnostic::error(CANNOT_EXPRESS, refusal.span, &refusal.message)
    }
    .note(format!("refused for {target}: {}", refusal.reason.name()))
}

/// For people.
pub(crate) fn text(diagnostics: &[Diagnostic], sources: &SourceMap, colour: bool) -> String {
    let shown = &diagnostics[..diagnostics.len().min(MOST)];
    let mut text = render::text(shown, sources, colour);
    if let Some(first) = diagnostics.get(MOST) {
        let name = &sources.file(first.at.span.file).name;
        let _ = writeln!(text, "… and {} in {name}\n", count(diagnostics.len() - MOST, "further problem"));
    }
    text
}
