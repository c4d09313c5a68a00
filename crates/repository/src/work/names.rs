//! Ids and names that more than one file declares.

use super::facts::{Index, names, references};
use crate::inputs::Input;
use rulecast_diagnostics::Diagnostic;
use rulecast_rule::Document;

/// Adds what is wrong with the names of a file: a rule that is called as one of an earlier file is (nothing can refer to
/// it), and a reference that might mean rules of several other files. No choice among them would be right, so the
/// document that refers to them is taken out.
pub(super) fn check(
    documents: &mut Vec<Document>,
    inputs: &[Input],
    file: usize,
    index: &Index<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for name in documents.iter().flat_map(names) {
        if let Some(first) = index.declaring(&name.node).first().filter(|first| **first < file) {
            let message = format!("`{}` has a rule of the same id or name, `{}`", inputs[*first].name, name.node);
            let problem = Diagnostic::warning("duplicate-rule", name.span, message);
            diagnostics.push(problem.help("rules cannot refer to either of them; rename one"));
        }
    }
    documents.retain(|document| {
        let before = diagnostics.len();
        for reference in references(document) {
            let declaring = index.declaring(&reference.node);
            if declaring.len() > 1 && !declaring.contains(&file) {
                let files: Vec<&str> = declaring.iter().map(|other| inputs[*other].name.as_str()).collect();
                let message = format!("{} rules are called `{}`", files.len(), reference.node);
                let problem = Diagnostic::error("ambiguous-rule", reference.span, message);
                diagnostics.push(problem.note(format!("they stand in {}", files.join(", "))));
            }
        }
        diagnostics.len() == before
    });
}
