//! Which findings are errors, and which are left out.

use rulecast_diagnostics::{Diagnostic, Severity};

/// Problems that no lint finds, and that are no errors.
const OTHERS: &[&str] = &[crate::problems::CANNOT_EXPRESS, "duplicate-rule"];

/// What `--deny` and `--allow` say. A name counts for more than a group, and denying for more than allowing.
#[derive(Clone, Debug)]
pub(crate) struct Policy<'a> {
    deny: &'a [String],
    allow: &'a [String],
}

impl<'a> Policy<'a> {
    pub(crate) fn new(deny: &'a [String], allow: &'a [String]) -> Self {
        Self { deny, allow }
    }

    pub(crate) fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.deny.is_empty() && self.allow.is_empty() {
            return;
        }
        let names = |list: &[String], name: &str| list.iter().any(|one| one == name);
        let groups = |list: &[String], severity| {
            let groups: &[&str] = match severity {
                Severity::Error => &[],
                Severity::Warning => &["warnings"],
                Severity::Note => &["notes"],
            };
            groups.iter().any(|group| names(list, group))
        };
        diagnostics.retain_mut(|diagnostic| {
            if diagnostic.is_error() {
                return true;
            }
            let severity = diagnostic.severity;
            let denied =
                names(self.deny, diagnostic.name) || groups(self.deny, severity) && !names(self.allow, diagnostic.name);
            if denied {
                diagnostic.severity = Severity::Error;
            }
            denied || !(names(self.allow, diagnostic.name) || groups(self.allow, severity))
        });
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
