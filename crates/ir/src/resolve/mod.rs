//! Rule documents to rules: names are bound, modifiers applied, regexes parsed.
//!
//! Promises: every problem of every document is reported, each at its place, and a document with an error yields no
//! rule. Nothing is guessed: a selector that matches nothing, an undefined selection and a modifier chain that the
//! specification does not allow are errors. Lacks: placeholders' values, and pipelines, which come after.

mod chain;
mod condition;
mod correlation;
mod encode;
mod item;
mod members;
mod problem;

use crate::{
    Arm, Branch, Classification, Event, LogSource, Metadata, Name, Output, OutputField, Predicate, Rule, Sigma,
};
use condition::Selections;
use correlation::Library;
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
    let mut problems = Vec::new();
    let library = Library::new(documents, others, &mut problems);
    let used = library.used_by(documents);
    let mut rules = Vec::new();
    for (document, used) in documents.iter().zip(used) {
        if let ast::Body::Filter(filter) = &document.body {
            library.check(filter, &mut problems);
            continue;
        }
        if used {
            continue;
        }
        let errors_before = errors(&problems);
        let rule = Rule {
            metadata: Arc::new(Metadata(Arc::clone(&document.metadata))),
            body: library.body(document, &mut Vec::new(), &mut problems),
            output: document.metadata.output.as_ref().map(output),
            span: document.span,
        };
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

/// What makes a detection rule fire, with the filters that apply to it.
fn detection(
    rule: &ast::DetectionRule,
    filters: &[&ast::Filter],
    metadata: &ast::Metadata,
    problems: &mut Vec<Diagnostic>,
) -> Event<Sigma> {
    let source = log_source(&rule.log_source);
    let conditions = metadata.classification.iter().flat_map(|c| &c.branches).filter_map(|b| b.condition.as_ref());
    let all: Vec<&Spanned<ast::Condition>> = rule.detection.conditions.iter().chain(conditions).collect();
    let mut selections = Selections::new(&rule.detection, &all, problems);
    let mut predicate = selections.any(&rule.detection.conditions);
    for filter in filters {
        let all: Vec<_> = filter.detection.conditions.iter().collect();
        let filter_predicate = Selections::new(&filter.detection, &all, problems).any(&filter.detection.conditions);
        predicate = Predicate::all([predicate, filter_predicate]);
    }
    let classification = metadata.classification.as_ref().map(|written| Classification {
        branches: join_neighbours(written.branches.iter().map(|branch| {
            if let Some(rule) = &branch.rule {
                problems.push(problem::branch_names_a_rule(rule));
            }
            let holds = branch.condition.as_ref().map_or(Predicate::True, |condition| selections.one(condition));
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
