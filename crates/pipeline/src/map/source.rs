//! The sources that serve a log source.

use super::Mapper;
use super::near::distinct;
use crate::model::SourceEntry;
use rulecast_ir::{LogSource, Name, Refusal, RefusalReason, Source};
use std::sync::Arc;

/// A source that serves a log source of the rule.
pub(super) struct Resolved<'m> {
    pub(super) entry: &'m SourceEntry,
    pub(super) source: Arc<Source>,
    /// What parts the names of a path on the platform of the log source.
    pub(super) separator: char,
}

impl Mapper<'_> {
    /// The sources that serve a log source, as a range of `found`; none after a refusal.
    pub(super) fn resolve(&mut self, log_source: &LogSource) -> (usize, usize) {
        let same = |served: &LogSource| {
            served.product == log_source.product
                && served.category == log_source.category
                && served.service == log_source.service
        };
        if let Some(from) = self.found.iter().position(|found| same(&found.source.log_source)) {
            let count = self.found[from..].iter().take_while(|found| same(&found.source.log_source)).count();
            return (from, from + count);
        }
        let from = self.found.len();
        for entry in self.model.serving(log_source, self.language) {
            let source = Source {
                log_source: log_source.clone(),
                reads: entry.reads.clone(),
                scope: entry.scope.clone(),
                time: entry.time.clone(),
                id: entry.id.clone(),
                scan: self.model.scan,
            };
            let separator = if log_source.product.as_deref() == Some("windows") { '\\' } else { '/' };
            self.found.push(Resolved { entry, source: Arc::new(source), separator });
        }
        if self.found.len() == from {
            let refusal = self.unserved(log_source);
            self.refuse(refusal);
        }
        (from, self.found.len())
    }

    fn unserved(&self, log_source: &LogSource) -> Refusal {
        let wanted = log_source.to_string();
        let message = format!("the data model `{}` has no source for the log source `{wanted}`", self.model.name());
        // Several sources may serve one together.
        let served = distinct(self.model.log_sources(self.language));
        // A slip of the hand changes few letters.
        let near = served.iter().filter(|name| name.len().abs_diff(wanted.len()) <= 2);
        let near = near.map(|name| (strsim::jaro_winkler(name, &wanted), name));
        let near = near.filter(|(score, _)| *score > 0.93).max_by(|one, other| one.0.total_cmp(&other.0));
        let help = match near {
            Some((_, name)) => format!("did you mean `{name}`?"),
            None => format!("it serves {}", listed(&served, log_source)),
        };
        Refusal::new(RefusalReason::LogSource, log_source.span, message).help(help)
    }
}

/// The most log sources that a message lists.
const MOST: usize = 8;

/// The served log sources that share a category with the one wanted, else a product; else all.
fn listed(served: &[&str], wanted: &LogSource) -> String {
    let sharing = |part: &Option<Name>| {
        let named = |name: &&str| part.as_deref().is_some_and(|part| name.split('/').any(|one| one == part));
        served.iter().copied().filter(named).collect::<Vec<_>>()
    };
    let near = [sharing(&wanted.category), sharing(&wanted.product), served.to_vec()];
    let near = near.into_iter().find(|near| !near.is_empty()).unwrap_or_default();
    let names = near.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if near.len() > MOST { format!("{names} and {} others", near.len() - MOST) } else { names }
}
