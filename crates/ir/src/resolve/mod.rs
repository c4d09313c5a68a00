//! Rule documents to rules: names are bound, modifiers applied, regexes parsed.
//!
//! Promises: every problem of every document is reported, each at its place, and a document with an error yields no
//! rule. Nothing is guessed: a selector that matches nothing, an undefined selection and a modifier chain that the
//! specification does not allow are errors. A
//! [`Rewrite`] sees every rule on its way, with its own items. Lacks: placeholders' values.

mod chain;
mod condition;
mod correlation;
mod encode;
mod item;
mod members;
mod problem;
mod scopes;

use crate::draft::{Draft, DraftDetection, DraftSelection, Rest, Rewrite};
use crate::{
    Arm, Branch, Classification, Event, LogSource, Metadata, Name, Output, OutputField, Predicate, Rule, Sigma,
};
pub use chain::may_follow;
use condition::Selections;
pub use condition::selects;
use correlation::Library;
pub(crate) use item::draft as read_item;
use rulecast_diagnostics::{Diagnostic, Spanned};
use rulecast_rule::ast;
use std::sync::Arc;

/// The rules of some documents, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// In the order of the documents. A rule that a correlation among them uses is not here on its own, unless that
    /// correlation says `generate`.
    pub rules: Vec<Rule<Sigma>>,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Resolves `documents`, which may refer to each other and to `others`.
pub fn resolve(documents: &[ast::Document], others: &[Arc<ast::Document>]) -> Resolved {
    resolve_with(documents, others, None)
}

/// Like [`resolve`], with every rule rewritten on its way.
pub fn resolve_with(
    documents: &[ast::Document],
    others: &[Arc<ast::Document>],
    rewrite: Option<&dyn Rewrite>,
) -> Resolved {
    let mut problems = Vec::new();
    let library = Library::new(documents, others, rewrite, &mut problems);
    let used = library.used_by(documents);
    let mut rules = Vec::new();
    for (document, used) in documents.iter().zip(used) {
        if let ast::Body::Filter(filter) = &document.body {
            library.check(filter, &mut problems);
            problems
                .extend(document.metadata.targets.first().map(|options| problem::targets_of_filter(&options.target)));
            continue;
        }
        // Those of a cycle all use each other, so that no other document would come upon it.
        if used && !library.is_cyclic(document) {
            continue;
        }
        let errors_before = errors(&problems);
        let body = library.body(document, &mut Vec::new(), &mut problems);
        let rest = rewrite.and_then(|rewrite| rewrite.rest(document.span)).unwrap_or_else(|| rest(document));
        let metadata = Arc::new(Metadata(rest.metadata));
        let rule = Rule { metadata, body, output: rest.output, span: document.span };
        if errors(&problems) == errors_before {
            rules.push(rule.normalise());
        }
    }
    problems.sort_by_key(|problem| (problem.at.span, problem.name));
    problems.dedup();
    Resolved { rules, diagnostics: problems }
}

fn errors(problems: &[Diagnostic]) -> usize {
    problems.iter().filter(|problem| problem.is_error()).count()
}

/// What a document has beside what makes it fire.
fn rest(document: &ast::Document) -> Rest {
    let output = document.metadata.output.as_ref().map(output);
    Rest { metadata: Arc::clone(&document.metadata), output }
}

/// What makes a detection rule fire, with the filters that apply to it.
fn detection(
    rule: &ast::DetectionRule,
    filters: &[&ast::Filter],
    metadata: &ast::Metadata,
    problems: &mut Vec<Diagnostic>,
) -> Event<Sigma> {
    let source = log_source(&rule.log_source);
    let all: Vec<_> = rule.detection.conditions.iter().chain(conditions_of_classes(metadata)).collect();
    let mut selections = Selections::new(&rule.detection, &all, problems);
    let mut predicate = selections.any(&rule.detection.conditions);
    for filter in filters {
        let all: Vec<_> = filter.detection.conditions.iter().collect();
        let filter_predicate = Selections::new(&filter.detection, &all, problems).any(&filter.detection.conditions);
        predicate = Predicate::all([predicate, filter_predicate]);
    }
    classified(source, selections, conditions_of_classes(metadata), predicate, metadata, problems)
}

/// The same of a rule that was rewritten.
fn drafted(mut draft: Draft, metadata: &ast::Metadata, problems: &mut Vec<Diagnostic>) -> Event<Sigma> {
    let mut detections = draft.detections.iter_mut();
    let own = detections.next().expect("a draft has the rule's own detection");
    let (mut selections, conditions) = Selections::drafted(own, &draft.classes, problems);
    let mut predicate = selections.any(conditions);
    for filter in detections {
        let (mut selections, conditions) = Selections::drafted(filter, &[], problems);
        predicate = Predicate::all([predicate, selections.any(conditions)]);
    }
    classified(draft.source, selections, draft.classes.iter(), predicate, metadata, problems)
}

/// A rule with its values read and its condition not.
fn draft(
    document: &ast::Document,
    rule: &ast::DetectionRule,
    filters: &[&ast::Filter],
    problems: &mut Vec<Diagnostic>,
) -> Draft {
    let mut detection = |written: &ast::Detection| DraftDetection {
        selections: written
            .selections
            .iter()
            .map(|one| DraftSelection { name: one.name.clone(), tree: item::tree(&one.selection, problems) })
            .collect(),
        conditions: written.conditions.clone(),
    };
    let own = detection(&rule.detection);
    let filters = filters.iter().map(|filter| detection(&filter.detection));
    Draft {
        detections: std::iter::once(own).chain(filters).collect(),
        rest: rest(document),
        source: log_source(&rule.log_source),
        classes: conditions_of_classes(&document.metadata).cloned().collect(),
        span: document.span,
    }
}

fn conditions_of_classes(metadata: &ast::Metadata) -> impl Iterator<Item = &Spanned<ast::Condition>> {
    metadata.classification.iter().flat_map(|c| &c.branches).filter_map(|b| b.condition.as_ref())
}

/// An event with its classes, whose conditions are `classes` in order.
fn classified<'c>(
    source: LogSource,
    mut selections: Selections<'_>,
    mut classes: impl Iterator<Item = &'c Spanned<ast::Condition>>,
    predicate: Predicate<Sigma>,
    metadata: &ast::Metadata,
    problems: &mut Vec<Diagnostic>,
) -> Event<Sigma> {
    let classification = metadata.classification.as_ref().map(|written| Classification {
        branches: join_neighbours(written.branches.iter().map(|branch| {
            if let Some(rule) = &branch.rule {
                problems.push(problem::branch_names_a_rule(rule));
            }
            let holds = match &branch.condition {
                None => Predicate::True,
                // A rewriting that takes a condition away reports that.
                Some(_) => classes.next().map_or(Predicate::False, |condition| selections.one(condition)),
            };
            let predicate = Predicate::all([predicate.clone(), holds]).absorb();
            new_branch(branch, Arm { source: source.clone(), predicate })
        })),
        otherwise: written.otherwise.as_ref().map(|name| name.node.as_str().into()),
        span: written.span,
    });
    Event { arms: vec![Arm { source, predicate }], classification }
}

/// Joins neighbours of one name and level: a class over three platforms is written as three entries.
fn join_neighbours(branches: impl Iterator<Item = Branch<Sigma>>) -> Vec<Branch<Sigma>> {
    let mut joined: Vec<Branch<Sigma>> = Vec::new();
    for branch in branches {
        match joined.last_mut() {
            Some(last) if last.name == branch.name && last.level == branch.level => last.arms.extend(branch.arms),
            _ => joined.push(branch),
        }
    }
    joined
}

fn new_branch(branch: &ast::Branch, arm: Arm<Sigma>) -> Branch<Sigma> {
    Branch {
        name: branch.name.node.as_str().into(),
        arms: vec![arm],
        level: branch.level.as_ref().map(|level| level.node),
        span: branch.span,
    }
}

fn log_source(written: &ast::LogSource) -> LogSource {
    let name = |part: &Option<Spanned<String>>| part.as_ref().map(|part| Name::from(part.node.as_str()));
    LogSource {
        category: name(&written.category),
        product: name(&written.product),
        service: name(&written.service),
        scopes: Vec::new(),
        span: written.span,
    }
}

fn output(written: &ast::Output) -> Output<Sigma> {
    let field = |field: &Spanned<String>| match field.node.as_str() {
        "_time" => OutputField::Time,
        "_class" => OutputField::Class,
        name => OutputField::Field(crate::Field::Sigma(name.into())),
    };
    Output {
        fields: written.fields.iter().map(field).collect(),
        sort: written.sort.iter().map(|key| (field(&key.field), key.descending)).collect(),
    }
}

#[cfg(test)]
mod tests;
