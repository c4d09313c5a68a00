//! Which findings are errors, and which are left out.

use rulecast_diagnostics::{Diagnostic, Severity};
use rulecast_repository::Project;

/// Problems that no lint finds, and that are no errors.
const OTHERS: &[&str] = &[rulecast_repository::problems::CANNOT_EXPRESS, "duplicate-rule"];

/// What the configuration says of lints, and what `--deny` and `--allow` say instead. A name counts for more than a group,
/// and denying for more than allowing.
#[derive(Clone, Debug)]
pub(crate) struct Policy<'a> {
    project: &'a Project,
    deny: &'a [String],
    allow: &'a [String],
}

impl<'a> Policy<'a> {
    pub(crate) fn new(project: &'a Project, deny: &'a [String], allow: &'a [String]) -> Self {
        Self { project, deny, allow }
    }

    pub(crate) fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|diagnostic| {
            if diagnostic.is_error() {
                return true;
            }
            let severity = self.severity(diagnostic.name, diagnostic.severity);
            diagnostic.severity = severity.unwrap_or(diagnostic.severity);
            severity.is_some()
        });
    }

    /// What a finding counts as; nothing, where it is left out.
    pub(super) fn severity(&self, name: &str, own: Severity) -> Option<Severity> {
        let names = |list: &[String], name: &str| list.iter().any(|one| one == name);
        if names(self.deny, name) {
            return Some(Severity::Error);
        }
        if names(self.allow, name) {
            return None;
        }
        let severity = self.project.severity(name, own)?;
        let group = match severity {
            Severity::Error => return Some(severity),
            Severity::Warning => "warnings",
            Severity::Note => "notes",
        };
        if names(self.deny, group) {
            Some(Severity::Error)
        } else if names(self.allow, group) {
            None
        } else {
            Some(severity)
        }
    }
}

/// A name for `--deny` and `--allow`.
pub(crate) fn parse_name(text: &str) -> Result<String, String> {
    let is_known =
        matches!(text, "warnings" | "notes") || OTHERS.contains(&text) || rulecast_lint::find(text).is_some();
    if is_known {
        return Ok(text.to_owned());
    }
    Err("it is neither a lint (see `rulecast list lints`) nor `warnings` or `notes`".to_owned())
}
