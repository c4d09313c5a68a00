//! One file, looked at by all lints.

use crate::lints;
use crate::{Facts, suppress};
use rulecast_diagnostics::Diagnostic;
use rulecast_ir::{Rule, Sigma};
use rulecast_rule::Document;
use rulecast_rule::ast::{Body, Detection, Item, LogSource, Selection};

/// What the lints read.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its path, with `/`.
    pub name: &'a str,
    /// Its text, which the spans of the rest point into.
    pub text: &'a str,
    /// Its documents that have no error.
    pub documents: &'a [Document],
    /// The rules that became of them. Parts from other files are passed over.
    pub rules: &'a [Rule<Sigma>],
}

/// What there is to say of one file.
#[derive(Debug)]
pub struct Checked {
    /// In no order.
    pub findings: Vec<Diagnostic>,
    /// What it says to others.
    pub facts: Facts,
}

/// All findings on one file, before suppression.
pub fn check(file: &File<'_>) -> Checked {
    let mut findings = Vec::new();
    let mut allowed = Vec::with_capacity(file.documents.len());
    lints::header::check_name(file, &mut findings);
    let parts = parts(file.documents);
    for document in file.documents {
        let to = &mut findings;
        let is_part = is_one_of(document, &parts);
        allowed.push(suppress::allowed(document, to));
        lints::header::check(document, file.text, is_part, to);
        lints::words::check(document, file.text, is_part, to);
        lints::references::check(document, file.text, to);
        lints::schedule::check(document, to);
        lints::tags::check(document, file.text, to);
        lints::techniques::check(document, is_part, to);
        lints::tests::check(document, to);
        lints::correlation::check(document, to);
        let (log_source, detection) = match &document.body {
            Body::Detection(rule) => (&rule.log_source, &rule.detection),
            Body::Filter(filter) => (&filter.log_source, &filter.detection),
            Body::Correlation(_) => continue,
        };
        let is_rule = matches!(document.body, Body::Detection(_));
        lints::log_source::check(document, log_source, detection, to);
        lints::condition::check(detection, is_rule, to);
        let items = Items { text: file.text, log_source };
        for selection in &detection.selections {
            items.selection(&selection.selection, to);
        }
    }
    for rule in file.rules {
        lints::meaning::check(rule, &mut findings);
        lints::classes::check(rule, &mut findings);
    }
    Checked { facts: Facts::of(file, allowed), findings }
}

/// The ids and names of rules that only serve a correlation of the file: they raise no alerts of their own.
fn parts(documents: &[Document]) -> Vec<&str> {
    let used = documents.iter().filter_map(|document| match &document.body {
        Body::Correlation(correlation) if !correlation.generate => Some(&correlation.rules),
        _ => None,
    });
    used.flatten().map(|rule| rule.node.as_str()).collect()
}

fn is_one_of(document: &Document, parts: &[&str]) -> bool {
    let names = [&document.metadata.id, &document.metadata.name];
    !parts.is_empty() && names.into_iter().flatten().any(|name| parts.contains(&name.node.as_str()))
}

/// Lines of selections, and where they stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Items<'a> {
    pub(crate) text: &'a str,
    pub(crate) log_source: &'a LogSource,
}

impl Items<'_> {
    fn selection(&self, selection: &Selection, to: &mut Vec<Diagnostic>) {
        match selection {
            Selection::AnyOf(parts) => parts.iter().for_each(|part| self.selection(part, to)),
            Selection::AllOf(items) => items.iter().for_each(|item| self.item(item, to)),
        }
    }

    fn item(&self, item: &Item, to: &mut Vec<Diagnostic>) {
        lints::fields::check(item, self, to);
        lints::wildcards::check(item, self.text, to);
        lints::values::check(item, self, to);
        lints::lists::check(item, self.text, to);
        lints::regexes::check(item, self.text, to);
    }

    pub(crate) fn is_product(&self, product: &str) -> bool {
        self.log_source.product.as_ref().is_some_and(|one| one.node == product)
    }
}

/// All lines of a detection.
pub(crate) fn items(detection: &Detection) -> Vec<&Item> {
    fn collect<'a>(selection: &'a Selection, to: &mut Vec<&'a Item>) {
        match selection {
            Selection::AnyOf(parts) => parts.iter().for_each(|part| collect(part, to)),
            Selection::AllOf(items) => to.extend(items),
        }
    }
    let mut all = Vec::new();
    detection.selections.iter().for_each(|selection| collect(&selection.selection, &mut all));
    all
}
