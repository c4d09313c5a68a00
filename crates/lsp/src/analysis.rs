//! What the passes make of a file: its rules, and everything that is wrong with it, as `rulecast check` has it.

use crate::project::Project;
use rulecast_compile::processing::Trace;
use rulecast_compile::{Allow, point_at_fields, refusals};
use rulecast_diagnostics::{Diagnostic, FileId, SourceMap};
use rulecast_ir::{Rule, Sigma};
use rulecast_repository::{File, problems};
use rulecast_rule::Document;

/// A file, read.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    pub(crate) sources: SourceMap,
    /// In the order of the text.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Those without an error.
    pub(crate) documents: Vec<Document>,
    pub(crate) rules: Vec<Rule<Sigma>>,
    pub(crate) traces: Vec<Trace>,
}

impl Analysis {
    /// Reads the file that stands at this place of the workspace.
    pub(crate) fn of(project: &Project, at: usize) -> Self {
        let file = project.workspace.file(at, &project.placeholders, &project.chosen);
        let File { input, sources, mut diagnostics, documents, rules, traces } = file;
        let text = &sources.file(FileId(0)).text;
        let linted = rulecast_lint::check(&rulecast_lint::File {
            name: &input.name,
            text,
            documents: &documents,
            rules: &rules,
        });
        diagnostics.extend(linted.findings);
        let severity = project.severity_of_refusals();
        let targets = project.targets();
        for rule in &rules {
            let trace = traces.iter().find(|trace| trace.document() == rule.span);
            for target in targets.iter().copied() {
                let mut refused = refusals(rule, target, project.allow(), &project.chosen.pipelines, trace);
                point_at_fields(&mut refused, &documents);
                diagnostics.extend(refused.iter().map(|refusal| problems::refusal(refusal, target, severity)));
            }
        }
        diagnostics.extend(project.workspace.across(at));
        linted.facts.suppress(&project.settings.suppressions(), &mut diagnostics);
        // A text that is not yet saved has no name of its own.
        let unsaved = input.name.starts_with("untitled:");
        diagnostics.retain_mut(|diagnostic| {
            if unsaved && diagnostic.name == "file-name" {
                return false;
            }
            if diagnostic.is_error() {
                return true;
            }
            let severity = project.settings.severity(diagnostic.name, diagnostic.severity);
            diagnostic.severity = severity.unwrap_or(diagnostic.severity);
            severity.is_some()
        });
        diagnostics.sort_by_key(|diagnostic| diagnostic.at.span);
        Self { sources, diagnostics, documents, rules, traces }
    }

    /// The sound document that an offset is in.
    pub(crate) fn document_at(&self, offset: usize) -> Option<&Document> {
        self.documents
            .iter()
            .find(|document| (document.span.start as usize..=document.span.end as usize).contains(&offset))
    }
}

impl Project {
    /// What the configuration accepts.
    pub(crate) fn allow(&self) -> Allow {
        self.settings.config().allow
    }
}
