//! What the packages for Microsoft's platforms share: what a query reads and returns, entities, and names of tactics.

pub(crate) mod attack;
#[cfg(test)]
pub(crate) mod made;
pub(crate) mod tables;

use crate::{BundledRule, LeftOut};
use rulecast_kql::Columns;
use rulecast_kql::ast::Query;
use rulecast_kql::parse::parse;
use std::collections::BTreeSet;

/// A query, read back from its text: a pipeline may have rewritten it.
pub(crate) struct Reading {
    /// The text.
    pub(crate) text: String,
    /// The tables that it reads.
    pub(crate) tables: Vec<String>,
    /// What it returns.
    pub(crate) columns: Columns,
}

impl Reading {
    /// Nothing where the text is not of the language as we read it.
    pub(crate) fn of(text: &str) -> Option<Query> {
        parse(text).ok()
    }

    /// What a query reads and returns.
    pub(crate) fn new(text: String, query: &Query) -> Self {
        let tables = query.tables().into_iter().map(ToString::to_string).collect();
        let known = |table: &str| tables::columns(table).iter().map(|name| (*name).into()).collect();
        Self { text, tables, columns: query.result_columns(&known) }
    }
}

/// A text that both platforms limit: where it is, and how long it may be.
pub(crate) struct Limit {
    /// `title`, `description`, `query`.
    pub(crate) what: &'static str,
    /// Characters, as UTF-16 counts them: the services are written in C#.
    pub(crate) most: usize,
}

impl Limit {
    /// Why a text is too long.
    pub(crate) fn broken_by(&self, text: &str) -> Option<String> {
        let length = text.encode_utf16().count();
        let Limit { what, most } = self;
        (length > *most).then(|| format!("the {what} has {length} characters, and {most} are allowed"))
    }
}

/// What was found; or nothing, and one reason more.
pub(crate) fn or_reason<T: Default>(found: Result<T, LeftOut>, reasons: &mut Vec<LeftOut>) -> T {
    found.unwrap_or_else(|reason| {
        reasons.push(reason);
        T::default()
    })
}

/// The id of a rule, in small letters; both platforms want one that no other rule of theirs has.
///
/// Those of rules are UUIDs: what is none, the parser leaves away.
pub(crate) fn id(rule: (usize, &BundledRule), target: &str, taken: &BTreeSet<String>) -> Result<String, LeftOut> {
    let id = rule.1.id().to_lowercase();
    let span = rule.1.metadata.0.id.as_ref().map_or(rule.1.span, |id| id.span);
    let platform = |message: String| LeftOut::platform(rule, target, message).at(span);
    if id.is_empty() {
        return Err(platform("the rule has no id".to_owned()).help("`uuidgen` makes one"));
    }
    if taken.contains(&id) { Err(platform(format!("another rule of the bundle has the id {id}"))) } else { Ok(id) }
}

/// The title, unless it is blank.
pub(crate) fn title<'r>(rule: (usize, &'r BundledRule), target: &str) -> Result<&'r str, LeftOut> {
    let title = rule.1.metadata.title().trim();
    if title.is_empty() { Err(LeftOut::platform(rule, target, "the rule has no title")) } else { Ok(title) }
}

/// What the rule says of itself, or its title.
pub(crate) fn description(rule: &BundledRule) -> &str {
    let text = rule.metadata.0.description.as_ref().map(|text| text.node.trim());
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| rule.metadata.title().trim())
}
