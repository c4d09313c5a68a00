//! What a bundle is made of, from compiled files.

use crate::compiled::{CompiledFile, CompiledRule};
use rayon::prelude::*;
use rulecast_bundle::{BundledRule, Content, Identity, OnTarget, Selection, SourceFile, test_results};
use rulecast_compile::Target;
use rulecast_diagnostics::{FileId, SourceMap, Span};
use rulecast_repository::Input;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The texts of files, by their paths in the bundle.
pub(super) type Origins = BTreeMap<String, SourceMap>;

/// The content of a bundle, and the texts that findings on it point into.
pub(super) fn content(
    files: Vec<CompiledFile>,
    inputs: &[Input],
    (identity, names): (Identity, Vec<String>),
    targets: &[Target<'_>],
    selection: &Selection,
) -> (Content, Origins) {
    let paths: BTreeMap<&str, String> = inputs.iter().map(|input| (input.name.as_str(), path(input))).collect();
    let (mut rules, mut sources, mut origins) = (Vec::new(), Vec::new(), Origins::new());
    let results: Vec<Vec<_>> = files
        .par_iter()
        .map(|file| file.rules.iter().map(|one| test_results(&one.rule, targets, &one.outcomes)).collect())
        .collect();
    for (file, results) in files.into_iter().zip(results) {
        let path = &paths[file.name.as_str()];
        sources.push(SourceFile { path: path.clone(), text: Arc::from(file.text()) });
        let others = file.sources.files().iter().skip(1).filter_map(|other| paths.get(other.name.as_str()).cloned());
        let needs: Vec<String> = others.collect();
        for (CompiledRule { rule, form, outcomes }, tests) in file.rules.into_iter().zip(results) {
            let on = targets.iter().zip(outcomes).map(|(target, outcome)| OnTarget::new(&rule, *target, outcome));
            let line = line(&file.sources, rule.span);
            let mut bundled = BundledRule::new(&rule, (path.clone(), line), form, on.collect());
            bundled.tests = tests;
            rules.push((bundled, needs.clone()));
        }
        origins.insert(path.clone(), file.sources);
    }
    (Content::new(identity, names, rules, sources, selection), origins)
}

/// Where a file stands below the rules of the bundle.
fn path(input: &Input) -> String {
    let extension = Path::new(&input.name).extension().map_or("yml".into(), |extension| extension.to_string_lossy());
    format!("{}.{extension}", input.stem)
}

fn line(sources: &SourceMap, span: Span) -> usize {
    if span.file == FileId(0) { sources.position(span).line } else { 1 }
}
