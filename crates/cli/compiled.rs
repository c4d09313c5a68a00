//! All rules of some files, with what they mean and what becomes of them on some targets.
//!
//! What a rule means is that of the repository alone. Pipelines and values of placeholders are a matter of the site that
//! a query is made for: they have a part in the queries, not in the form.

use crate::exit::Failure;
use crate::work::of_each_file;
use rulecast_compile::{Allow, Outcome, Target, compile_with, point_at_fields};
use rulecast_diagnostics::{Diagnostic, FileId, SourceMap, Span};
use rulecast_ir::{Metadata, Placeholders, Rule, Sigma};
use rulecast_lock::Form;
use rulecast_repository::{Chosen, File, Input};
use std::collections::BTreeMap;

/// What rules are read with and compiled for.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) placeholders: &'a Placeholders,
    pub(crate) chosen: &'a Chosen,
    pub(crate) targets: &'a [Target<'a>],
    pub(crate) allow: Allow,
}

/// A file with its rules.
pub(crate) struct CompiledFile {
    /// As messages call it.
    pub(crate) name: String,
    pub(crate) sources: SourceMap,
    /// Of the texts in `sources`.
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) rules: Vec<CompiledRule>,
}

/// A rule with its queries.
pub(crate) struct CompiledRule {
    pub(crate) rule: Rule<Sigma>,
    /// What it means, and how it is rated.
    pub(crate) form: Form,
    /// By target, in their order.
    pub(crate) outcomes: Vec<Outcome>,
}

impl CompiledFile {
    /// Whether all of it could be read.
    pub(crate) fn is_valid(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        &self.sources.file(FileId(0)).text
    }
}

impl CompiledRule {
    /// What it says of itself.
    pub(crate) fn metadata(&self) -> &Metadata {
        &self.rule.metadata
    }

    /// Its document.
    pub(crate) fn span(&self) -> Span {
        self.rule.span
    }
}

/// Reads and compiles all rules of `inputs`, in their order.
pub(crate) fn compile_all(inputs: &[Input], setting: Setting<'_>) -> Result<Vec<CompiledFile>, Failure> {
    if setting.chosen.pipelines.is_empty() && setting.placeholders.is_empty() {
        return of_each_file(inputs, setting.placeholders, setting.chosen, |file| compiled(file, setting, None));
    }
    let (plain, no_values) = (Chosen::default(), Placeholders::default());
    let alone = of_each_file(inputs, &no_values, &plain, |file| {
        let forms: BTreeMap<Span, Form> = file.rules.iter().map(|rule| (rule.span, Form::of(rule))).collect();
        (file.input.name.clone(), forms)
    })?;
    let alone: BTreeMap<String, BTreeMap<Span, Form>> = alone.into_iter().collect();
    of_each_file(inputs, setting.placeholders, setting.chosen, |file| {
        let forms = alone.get(&file.input.name);
        compiled(file, setting, forms)
    })
}

fn compiled(file: File<'_>, setting: Setting<'_>, forms: Option<&BTreeMap<Span, Form>>) -> CompiledFile {
    let File { input, sources, diagnostics, documents, rules, traces } = file;
    let rules = rules
        .into_iter()
        .map(|rule| {
            let trace = traces.iter().find(|trace| trace.document() == rule.span);
            let outcome = |target: &Target<'_>| {
                let mut outcome = compile_with(&rule, *target, setting.allow, &setting.chosen.pipelines, trace);
                outcome.refusals_mut().into_iter().for_each(|refusals| point_at_fields(refusals, &documents));
                outcome
            };
            let outcomes = setting.targets.iter().map(outcome).collect();
            let form = forms.and_then(|forms| forms.get(&rule.span).cloned());
            CompiledRule {
                // A pipeline may be what makes a rule one: then its form is what the pipeline makes of it.
                form: form.unwrap_or_else(|| Form::of(&rule)),
                outcomes,
                rule,
            }
        })
        .collect();
    CompiledFile { name: input.name.clone(), sources, diagnostics, rules }
}
