//! What becomes a rule of Elastic: a rule of the bundle, or one class of it.

use super::id::of_class;
use crate::content::slug;
use crate::package::{LeftOut, choose};
use crate::schedule::{Timing, one_line};
use crate::{BundledRule, Content, OnTarget};
use rulecast_compile::{Language, Query, Role};
use rulecast_rule::ast::Level;
use std::collections::BTreeSet;

/// A rule, or a class of it, with its query.
pub(crate) struct Part<'c> {
    /// In [`Content::rules`].
    pub(crate) at: usize,
    pub(crate) rule: &'c BundledRule,
    pub(crate) on: &'c OnTarget,
    pub(crate) query: &'c Query,
    pub(crate) timing: Timing,
    /// A UUID in lower case.
    pub(crate) id: String,
    /// The title, and the class in parentheses.
    pub(crate) name: String,
    /// Names its file.
    pub(crate) slug: String,
    /// What it detects: never empty.
    pub(crate) description: String,
    pub(crate) level: Level,
    /// 0 to 100.
    pub(crate) risk_score: u8,
}

/// Everything of a bundle that both packages can hold, and what neither can.
pub(crate) fn parts(content: &Content) -> (Vec<Part<'_>>, Vec<LeftOut>) {
    let (chosen, mut left_out) = choose(content, |on| on.language == Language::Eql);
    let (mut parts, mut ids) = (Vec::new(), BTreeSet::new());
    for (at, rule, on) in chosen {
        let timing = Timing::of(rule);
        let mut problems: Vec<LeftOut> = timing.too_short((at, rule), &on.target).into_iter().collect();
        let id = rule.id().to_lowercase();
        let written = rule.metadata.0.id.as_ref();
        if id.is_empty() {
            let problem = LeftOut::platform((at, rule), &on.target, "it has no id, which tells rules apart");
            problems.push(problem.help("give the rule a UUID as `id`, and never change it"));
        } else if !ids.insert(id.clone()) {
            let message = format!("another rule of the bundle has the id {id}");
            let problem = LeftOut::platform((at, rule), &on.target, message);
            problems.push(problem.at(written.map_or(rule.span, |id| id.span)));
        }
        let name = one_line(rule.metadata.title());
        if name.is_empty() {
            let problem = LeftOut::platform((at, rule), &on.target, "it has no title");
            problems.push(problem.at(rule.metadata.0.title.as_ref().map_or(rule.span, |title| title.span)));
        }
        if problems.is_empty() {
            parts.extend(queries(rule, on).into_iter().map(|query| part((at, rule, on), query, timing)));
        } else {
            left_out.append(&mut problems);
        }
    }
    (parts, left_out)
}

/// The queries that together find every match once: those of the classes, where each match has a class; else the rule's.
fn queries<'c>(rule: &BundledRule, on: &'c OnTarget) -> Vec<&'c Query> {
    let is_whole = |query: &&Query| query.role == Role::Rule;
    let (whole, classes): (Vec<_>, Vec<_>) = on.queries().iter().partition(is_whole);
    if whole.is_empty() || rule.classed && !classes.is_empty() { classes } else { whole }
}

fn part<'c>((at, rule, on): (usize, &'c BundledRule, &'c OnTarget), query: &'c Query, timing: Timing) -> Part<'c> {
    let (own, title) = (rule.id().to_lowercase(), one_line(rule.metadata.title()));
    let described = rule.metadata.0.description.as_ref().map_or("", |text| text.node.trim());
    let described = if described.is_empty() { title.clone() } else { described.to_owned() };
    let (mut level, mut risk_score) = (rule.metadata.level(), rule.metadata.risk_score());
    let (id, name, slug, description) = match &query.role {
        Role::Rule => (own, title, rule.slug.clone(), described),
        Role::Branch { name, level: of_class_level } => {
            if let Some(class) = of_class_level.filter(|class| *class != level) {
                (level, risk_score) = (class, risk(class));
            }
            let said = classified(rule, name).map_or(described.clone(), |said| format!("{said}\n\n{described}"));
            let slug = format!("{}.{}", rule.slug, slug(name));
            (of_class(&own, name), format!("{title} ({})", one_line(name)), slug, said)
        }
    };
    Part { at, rule, on, query, timing, id, name, slug, description, level, risk_score }
}

/// What the rule says of a class.
fn classified<'c>(rule: &'c BundledRule, class: &str) -> Option<&'c str> {
    let branches = &rule.metadata.0.classification.as_ref()?.branches;
    let said =
        branches.iter().filter(|branch| branch.name.node == class).find_map(|branch| branch.description.as_ref());
    said.map(|said| said.node.trim()).filter(|said| !said.is_empty())
}

/// The one score that detection-rules takes of a severity.
pub(super) fn risk(level: Level) -> u8 {
    match level {
        Level::Informational | Level::Low => 21,
        Level::Medium => 47,
        Level::High => 73,
        Level::Critical => 99,
    }
}

/// Elastic's word for a level: it has none below low.
pub(super) fn severity(level: Level) -> &'static str {
    match level {
        Level::Informational | Level::Low => "low",
        Level::Medium => "medium",
        Level::High => "high",
        Level::Critical => "critical",
    }
}
