//! Correlations, and the rules that they refer to.

use super::condition::Selections;
use super::{detection, draft, drafted, join_neighbours, log_source, members, new_branch, problem, rest, scopes};
use crate::draft::{CorrelationDraft, CorrelationField, Rewrite};
use crate::{
    Arm, Body, Branch, Classification, Correlation, Event, Field, Key, LogSource, Logic, Measure, Name, Predicate,
    Sequence, Sigma, Step, Threshold,
};
use rulecast_diagnostics::{Diagnostic, Spanned};
use rulecast_rule::ast::{self, CorrelationCondition, CorrelationKind, Operator};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The documents that can be referred to, by id and by name.
pub(super) struct Library<'a> {
    documents: Vec<&'a ast::Document>,
    by_reference: HashMap<&'a str, usize>,
    rewrite: Option<&'a dyn Rewrite>,
}

impl<'a> Library<'a> {
    pub(super) fn new(
        documents: &'a [ast::Document],
        others: &'a [Arc<ast::Document>],
        rewrite: Option<&'a dyn Rewrite>,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let documents: Vec<_> = documents.iter().chain(others.iter().map(|other| &**other)).collect();
        let mut by_reference: HashMap<&str, usize> = HashMap::new();
        let mut first: HashMap<&str, &Spanned<String>> = HashMap::new();
        for (index, document) in documents.iter().enumerate() {
            for reference in [&document.metadata.id, &document.metadata.name].into_iter().flatten() {
                match first.entry(reference.node.as_str()) {
                    std::collections::hash_map::Entry::Vacant(entry) => {
                        entry.insert(reference);
                        by_reference.insert(reference, index);
                    }
                    std::collections::hash_map::Entry::Occupied(entry) if entry.get().span != reference.span => {
                        problems.push(problem::duplicate_rule(reference, entry.get().span));
                    }
                    // Rules of a collection that share it, or a document and its copy.
                    std::collections::hash_map::Entry::Occupied(entry) => {
                        let first = by_reference.get(entry.key()).map(|first| documents[*first].span);
                        if first.is_some_and(|first| first != document.span) {
                            by_reference.remove(entry.key());
                        }
                    }
                }
            }
        }
        Self { documents, by_reference, rewrite }
    }

    /// For each of the first documents: whether another one of them uses it, and does not say `generate`.
    pub(super) fn used_by(&self, documents: &[ast::Document]) -> Vec<bool> {
        let mut used = vec![false; documents.len()];
        for document in documents {
            if let ast::Body::Correlation(correlation) = &document.body
                && !correlation.generate
            {
                for rule in &correlation.rules {
                    if let Some(index) = self.by_reference.get(rule.node.as_str())
                        && let Some(used) = used.get_mut(*index)
                    {
                        *used = true;
                    }
                }
            }
        }
        used
    }

    /// Whether a document refers to itself, by way of others or directly.
    pub(super) fn is_cyclic(&self, document: &ast::Document) -> bool {
        let (mut open, mut seen) = (vec![document], HashSet::new());
        while let Some(next) = open.pop() {
            let ast::Body::Correlation(correlation) = &next.body else { continue };
            for index in correlation.rules.iter().filter_map(|rule| self.by_reference.get(rule.node.as_str())) {
                if std::ptr::eq(self.documents[*index], document) {
                    return true;
                }
                if seen.insert(*index) {
                    open.push(self.documents[*index]);
                }
            }
        }
        false
    }

    /// Where a correlation refers to a document.
    fn reference_to(&self, document: &ast::Document, from: &'a ast::Document) -> Option<&'a Spanned<String>> {
        let ast::Body::Correlation(correlation) = &from.body else { return None };
        let is_it = |index: &usize| std::ptr::eq(self.documents[*index], document);
        correlation.rules.iter().find(|rule| self.by_reference.get(rule.node.as_str()).is_some_and(is_it))
    }

    /// What makes a document's rule fire. `path` holds the correlations that are being resolved.
    pub(super) fn body(
        &self,
        document: &'a ast::Document,
        path: &mut Vec<&'a ast::Document>,
        problems: &mut Vec<Diagnostic>,
    ) -> Body<Sigma> {
        let mut body = match &document.body {
            ast::Body::Detection(rule) => {
                let filters = self.filters_for(document, rule);
                Body::Event(match self.rewrite {
                    None => detection(rule, &filters, &document.metadata, problems),
                    Some(rewrite) => {
                        let mut draft = draft(document, rule, &filters, problems);
                        rewrite.rule(&mut draft, problems);
                        drafted(draft, &document.metadata, problems)
                    }
                })
            }
            ast::Body::Correlation(correlation) => {
                path.push(document);
                let body = self.correlation(correlation, document, path, problems);
                path.pop();
                body
            }
            ast::Body::Filter(_) => nothing(),
        };
        scopes::add(&mut body, &document.metadata);
        body
    }

    /// Warns of names in a filter that make it do nothing. Only warns: filters are shared, and the rules that they name
    /// need not all be read together.
    pub(super) fn check(&self, filter: &ast::Filter, problems: &mut Vec<Diagnostic>) {
        for name in filter.rules.iter().flatten() {
            match self.by_reference.get(name.node.as_str()).map(|index| &self.documents[*index].body) {
                None => problems.push(problem::filter_of_nothing(name, self.by_reference.keys().copied())),
                Some(ast::Body::Correlation(_)) => problems.push(problem::filter_of_correlation(name)),
                Some(ast::Body::Filter(_)) => problems.push(problem::filter_as_rule(name)),
                Some(ast::Body::Detection(_)) => {}
            }
        }
    }

    /// The filters that apply to a rule: those that name it, or name none, and whose log source contains its own.
    fn filters_for(&self, document: &ast::Document, rule: &ast::DetectionRule) -> Vec<&'a ast::Filter> {
        let names = |reference: &Spanned<String>| {
            [&document.metadata.id, &document.metadata.name].into_iter().flatten().any(|own| own.node == reference.node)
        };
        let contains = |wide: &Option<Spanned<String>>, narrow: &Option<Spanned<String>>| {
            wide.as_ref().is_none_or(|wide| narrow.as_ref().is_some_and(|narrow| narrow.node == wide.node))
        };
        let applies = |filter: &&ast::Filter| {
            let (wide, narrow) = (&filter.log_source, &rule.log_source);
            filter.rules.as_ref().is_none_or(|rules| rules.iter().any(names))
                && contains(&wide.category, &narrow.category)
                && contains(&wide.product, &narrow.product)
                && contains(&wide.service, &narrow.service)
        };
        let filters = self.documents.iter().filter_map(|document| match &document.body {
            ast::Body::Filter(filter) => Some(filter),
            ast::Body::Detection(_) | ast::Body::Correlation(_) => None,
        });
        filters.filter(applies).collect()
    }

    fn correlation(
        &self,
        written: &'a ast::Correlation,
        document: &'a ast::Document,
        path: &mut Vec<&'a ast::Document>,
        problems: &mut Vec<Diagnostic>,
    ) -> Body<Sigma> {
        let metadata = &document.metadata;
        let mut members = self.members(written, path, problems);
        let thresholds: Vec<Threshold> = match &written.condition {
            Some(Spanned { node: CorrelationCondition::Threshold(threshold), .. }) => {
                threshold.bounds.iter().map(|bound| Threshold { operator: bound.node.0, value: bound.node.1 }).collect()
            }
            Some(Spanned { node: CorrelationCondition::Rules(_), .. }) | None => Vec::new(),
        };
        let mut measured_fields = measured_fields(written, members.len());
        if let Some(rewrite) = self.rewrite {
            self.rewrite(rewrite, document, &mut members, &mut measured_fields, problems);
        }
        let is_union = written.kind.node == CorrelationKind::EventCount
            && written.group_by.is_empty()
            && thresholds.iter().all(Threshold::is_any_event)
            && !thresholds.is_empty();
        if is_union && members.iter().all(|member| matches!(member.body, Body::Event(_))) {
            return Body::Event(self.union(members, metadata, problems));
        }
        if let Some(classification) = &metadata.classification {
            problems.push(problem::branch_of_no_event(classification.span));
        }
        let keys: Vec<Name> = written.group_by.iter().map(|key| key.node.as_str().into()).collect();
        let timespan = written.timespan.as_ref().map_or(0, |timespan| timespan.node.seconds);
        let ordered = written.kind.node == CorrelationKind::TemporalOrdered;
        if ordered && members.len() < 2 {
            problems.push(problem::too_few_rules(written.kind.span, "temporal_ordered"));
        }
        let (condition, thresholds) = match &written.condition {
            Some(Spanned { node: CorrelationCondition::Rules(condition), .. }) => {
                let same = |name: &str, rule: &Spanned<String>| {
                    let document = |name: &str| self.by_reference.get(name);
                    name == rule.node || document(name).is_some_and(|one| Some(one) == document(&rule.node))
                };
                match members::condition(condition, written, &same, problems) {
                    // Members that must all occur are the condition that goes without saying.
                    condition if members::is_all(&condition, members.len()) => (None, vec![all_of(members.len())]),
                    condition => (Some(condition), Vec::new()),
                }
            }
            Some(_) => (None, thresholds),
            None if written.kind.node.is_temporal() => (None, vec![all_of(members.len())]),
            None => (None, thresholds),
        };
        let every_step = condition.is_none() && thresholds == [all_of(members.len())];
        if ordered && every_step {
            return Body::Sequence(Sequence { steps: members, keys, timespan, until: None, span: written.span });
        }
        let measured = Measured { members, fields: measured_fields, keys, timespan, thresholds, condition };
        measured.resolve(written, problems)
    }

    /// Rewrites the keys of the members, and the fields that are measured.
    fn rewrite(
        &self,
        rewrite: &dyn Rewrite,
        document: &'a ast::Document,
        members: &mut [Step<Sigma>],
        measured: &mut [Vec<Field>],
        problems: &mut Vec<Diagnostic>,
    ) {
        let mut measured = measured.iter_mut();
        for member in members {
            let mut sources = Vec::new();
            self.sources(&member.name, &mut Vec::new(), &mut sources);
            let keys = member.keys.iter().map(|key| CorrelationField { fields: key.fields.clone(), span: key.span });
            let measured = measured.next();
            let more = measured.iter().flat_map(|fields| fields.iter());
            let more = more.map(|field| CorrelationField { fields: vec![field.clone()], span: member.span });
            let fields = keys.chain(more).collect();
            let mut draft = CorrelationDraft { rest: rest(document), sources, fields, span: document.span };
            rewrite.correlation(&mut draft, problems);
            let mut fields = draft.fields.into_iter();
            for (key, field) in member.keys.iter_mut().zip(&mut fields) {
                key.fields = field.fields;
            }
            for (measured, field) in measured.into_iter().flatten().zip(fields) {
                match <[Field; 1]>::try_from(field.fields) {
                    Ok([one]) => *measured = one,
                    Err(_) => problems.push(problem::measured_in_several(member.span, &measured.name())),
                }
            }
        }
    }

    /// The log sources that the rules behind a reference read. `seen` holds the documents looked at.
    fn sources(&self, reference: &str, seen: &mut Vec<usize>, into: &mut Vec<LogSource>) {
        let Some(&index) = self.by_reference.get(reference).filter(|index| !seen.contains(index)) else { return };
        seen.push(index);
        match &self.documents[index].body {
            ast::Body::Detection(rule) => into.push(log_source(&rule.log_source)),
            ast::Body::Correlation(correlation) => {
                correlation.rules.iter().for_each(|rule| self.sources(rule, seen, into));
            }
            ast::Body::Filter(_) => {}
        }
    }

    fn members(
        &self,
        written: &'a ast::Correlation,
        path: &mut Vec<&'a ast::Document>,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<Step<Sigma>> {
        let mut members = Vec::with_capacity(written.rules.len());
        for reference in &written.rules {
            let Some(document) = self.find(reference, problems) else {
                continue;
            };
            if let Some(at) = path.iter().position(|open| std::ptr::eq(*open, document)) {
                let leads_back = path.get(at + 1).and_then(|next| self.reference_to(next, document));
                problems.push(problem::cyclic_correlation(leads_back.unwrap_or(reference)));
                continue;
            }
            members.push(Step {
                name: reference.node.as_str().into(),
                body: self.body(document, path, problems),
                keys: keys(written, reference, document, problems),
                span: reference.span,
            });
        }
        members
    }

    fn find(&self, reference: &Spanned<String>, problems: &mut Vec<Diagnostic>) -> Option<&'a ast::Document> {
        let Some(index) = self.by_reference.get(reference.node.as_str()) else {
            let names = self.documents.iter().filter_map(|document| document.metadata.name.as_ref());
            problems.push(problem::unknown_rule(reference, names.map(|name| name.node.as_str())));
            return None;
        };
        let document = self.documents[*index];
        if matches!(document.body, ast::Body::Filter(_)) {
            problems.push(problem::filter_as_rule(reference));
            return None;
        }
        Some(document)
    }

    /// Any event of any member.
    fn union(
        &self,
        members: Vec<Step<Sigma>>,
        metadata: &ast::Metadata,
        problems: &mut Vec<Diagnostic>,
    ) -> Event<Sigma> {
        let classification = metadata.classification.as_ref().map(|written| Classification {
            branches: join_neighbours(
                written.branches.iter().filter_map(|branch| self.branch(branch, &members, problems)),
            ),
            otherwise: written.otherwise.as_ref().map(|name| name.node.as_str().into()),
            span: written.span,
        });
        let mut arms = Vec::new();
        for member in members {
            match member.body {
                Body::Event(event) => arms.extend(event.arms),
                Body::Sequence(_) | Body::Correlation(_) => unreachable!("a union has events as members only"),
            }
        }
        Event { arms, classification }
    }

    /// One class of a union: the events of one member, further narrowed by a condition over that rule's selections.
    fn branch(
        &self,
        branch: &ast::Branch,
        members: &[Step<Sigma>],
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Branch<Sigma>> {
        let Some(rule) = &branch.rule else {
            problems.push(problem::branch_lacks_a_rule(branch.span));
            return None;
        };
        let document = self.find(rule, problems)?;
        let reference = |step: &&Step<Sigma>| {
            self.by_reference.get(&*step.name).is_some_and(|index| std::ptr::eq(self.documents[*index], document))
        };
        let Some(Body::Event(event)) = members.iter().find(reference).map(|step| &step.body) else {
            problems.push(problem::unknown_rule(rule, members.iter().map(|step| &*step.name)));
            return None;
        };
        let ast::Body::Detection(detection) = &document.body else {
            problems.push(problem::branch_of_no_event(rule.span));
            return None;
        };
        let holds = match &branch.condition {
            None => Predicate::True,
            // The rule's own conditions are counted too, so that none of its selections seems unused.
            Some(condition) => match self.rewrite {
                None => {
                    let all: Vec<_> = detection.detection.conditions.iter().chain([condition]).collect();
                    Selections::new(&detection.detection, &all, problems).one(condition)
                }
                Some(rewrite) => {
                    let mut draft = draft(document, detection, &[], problems);
                    draft.classes = vec![condition.clone()];
                    rewrite.rule(&mut draft, problems);
                    // A rewriting that takes the condition away reports that.
                    let condition = draft.classes.pop()?;
                    let own = &mut draft.detections[0];
                    Selections::drafted(own, std::slice::from_ref(&condition), problems).0.one(&condition)
                }
            },
        };
        let own = event.arms.iter().map(|arm| arm.predicate.clone());
        let predicate = Predicate::all([Predicate::any(own), holds]).absorb();
        let source = event.arms.first().map_or_else(|| log_source(&detection.log_source), |arm| arm.source.clone());
        Some(new_branch(branch, Arm { source, predicate }))
    }
}

/// A correlation that measures its members.
struct Measured {
    members: Vec<Step<Sigma>>,
    fields: Vec<Vec<Field>>,
    keys: Vec<Name>,
    timespan: u64,
    thresholds: Vec<Threshold>,
    condition: Option<Logic<usize>>,
}

impl Measured {
    fn resolve(self, written: &ast::Correlation, problems: &mut Vec<Diagnostic>) -> Body<Sigma> {
        let Self { members, fields, keys, timespan, thresholds, condition } = self;
        let kind = written.kind.node;
        if !kind.is_temporal() && thresholds.is_empty() {
            problems.push(problem::missing_threshold(written.kind.span, kind.name()));
        }
        let percentile = match &written.condition {
            Some(Spanned { node: CorrelationCondition::Threshold(threshold), .. }) => {
                if let [_, second, ..] = threshold.fields.as_slice()
                    && kind != CorrelationKind::ValueCount
                {
                    problems.push(problem::several_fields(second, kind.name()));
                }
                threshold.percentile.as_ref().map(|percentile| percentile.node)
            }
            Some(Spanned { node: CorrelationCondition::Rules(_), .. }) | None => None,
        };
        Body::Correlation(Correlation {
            measure: Measure { kind, fields, percentile },
            members,
            keys,
            timespan,
            thresholds,
            condition,
            span: written.span,
        })
    }
}

/// The fields that a condition is about, for each member; empty where it is about events.
fn measured_fields(written: &ast::Correlation, members: usize) -> Vec<Vec<Field>> {
    match &written.condition {
        Some(Spanned { node: CorrelationCondition::Threshold(threshold), .. }) if !threshold.fields.is_empty() => {
            let names = || threshold.fields.iter().map(|field| Field::Sigma(field.node.as_str().into())).collect();
            (0..members).map(|_| names()).collect()
        }
        _ => Vec::new(),
    }
}

/// The threshold of a temporal correlation that needs all its members.
fn all_of(members: usize) -> Threshold {
    Threshold { operator: Operator::Gte, value: u32::try_from(members).map_or(f64::MAX, f64::from) }
}

/// The fields of one member that hold the keys, by way of the aliases.
fn keys(
    written: &ast::Correlation,
    reference: &Spanned<String>,
    document: &ast::Document,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Key<Sigma>> {
    let metadata = &document.metadata;
    let is_member = |rule: &Spanned<String>| {
        rule.node == reference.node
            || [&metadata.id, &metadata.name].into_iter().flatten().any(|own| own.node == rule.node)
    };
    let key = |name: &Spanned<String>, problems: &mut Vec<Diagnostic>| {
        let alias = written.aliases.iter().find(|alias| alias.name.node == name.node);
        let field = match alias {
            None => name,
            Some(alias) => alias.fields.iter().find(|(rule, _)| is_member(rule)).map_or_else(
                || {
                    problems.push(problem::incomplete_alias(&alias.name, reference));
                    name
                },
                |(_, field)| field,
            ),
        };
        if let ast::Body::Correlation(inner) = &document.body
            && inner.aliases.iter().any(|alias| alias.name.node == field.node)
        {
            problems.push(problem::inner_alias(field, reference));
        }
        Key { fields: vec![Field::Sigma(field.node.as_str().into())], span: field.span }
    };
    written.group_by.iter().map(|name| key(name, problems)).collect()
}

/// Stands in for what could not be resolved; the problem is reported.
fn nothing() -> Body<Sigma> {
    Body::Event(Event { arms: Vec::new(), classification: None })
}
