//! Values for placeholders: `value_placeholders`, `wildcard_placeholders`, `file_placeholders`.

use super::external;
use super::items::{self, Fate, fails};
use super::{Doing, Draftable};
use crate::processing::Files;
use crate::processing::read::{Map, invalid};
use rulecast_ir::draft::DraftItem;
use rulecast_ir::{Part, Pattern, Test};

/// The most values that the placeholders of one text may make of it.
const MAX_VALUES: usize = 10_000;

/// What puts values for placeholders.
#[derive(Debug)]
pub(in crate::processing) struct Placeholders {
    source: Source,
    /// The placeholders it is about; all unless said.
    about: About,
}

#[derive(Debug)]
enum Source {
    /// A wildcard.
    Wildcard,
    /// The pipeline's `vars`.
    Variables,
    /// The values of a file.
    File(Vec<String>),
}

#[derive(Debug)]
enum About {
    All,
    Include(Vec<String>),
    Exclude(Vec<String>),
}

impl Placeholders {
    pub(super) fn read(name: &str, map: &mut Map<'_>, files: &dyn Files) -> Option<Self> {
        let names = |list: Vec<rulecast_diagnostics::Spanned<String>>| list.into_iter().map(|name| name.node).collect();
        let (include, exclude) = (map.texts("include"), map.texts("exclude"));
        let about = match (include.is_empty(), exclude.first()) {
            (false, Some(exclude)) => {
                map.problems.push(invalid(exclude.span, "`include` and `exclude` exclude each other"));
                About::All
            }
            (false, None) => About::Include(names(include)),
            (true, Some(_)) => About::Exclude(names(exclude)),
            (true, None) => About::All,
        };
        let source = match name {
            "wildcard_placeholders" => Source::Wildcard,
            "value_placeholders" => Source::Variables,
            _ => Source::File(external::read(map, files)?),
        };
        Some(Self { source, about })
    }

    fn is_about(&self, name: &str) -> bool {
        match &self.about {
            About::All => true,
            About::Include(names) => names.iter().any(|known| known == name),
            About::Exclude(names) => names.iter().all(|known| known != name),
        }
    }

    pub(super) fn apply(&self, draft: &mut Draftable<'_>, doing: &mut Doing<'_, '_>) {
        items::each(draft, doing, |item, doing| self.item(item, doing));
    }

    fn item(&self, item: &mut DraftItem, doing: &mut Doing<'_, '_>) -> Fate {
        let mut changed = false;
        let mut failures = Vec::new();
        for value in &mut item.values {
            let mut tests = Vec::with_capacity(value.tests.len());
            for test in std::mem::take(&mut value.tests) {
                let Test::Text { pattern, case } = &test else {
                    tests.push(test);
                    continue;
                };
                if !placeholders(pattern).any(|name| self.is_about(name)) {
                    tests.push(test);
                    continue;
                }
                match self.filled(pattern, doing) {
                    Ok(patterns) => {
                        changed = true;
                        tests.extend(patterns.into_iter().map(|pattern| Test::Text { pattern, case: *case }));
                    }
                    Err(message) => {
                        failures.push((value.span, message));
                        tests.push(test);
                    }
                }
            }
            value.tests = tests;
        }
        for (span, message) in failures {
            fails(span, doing, message, "this value");
        }
        if changed { Fate::Changed } else { Fate::Kept }
    }

    /// The pattern with every combination of the values.
    fn filled(&self, pattern: &Pattern, doing: &Doing<'_, '_>) -> Result<Vec<Pattern>, String> {
        let mut filled = vec![Pattern::default()];
        for part in pattern.parts() {
            let values = match part {
                Part::Placeholder(name) if self.is_about(name) => self.values(name, doing)?,
                other => vec![Pattern::from_parts([other.clone()])],
            };
            if values.is_empty() {
                let Part::Placeholder(name) = part else { continue };
                return Err(format!("the list of the placeholder `%{name}%` is empty"));
            }
            if filled.len() * values.len() > MAX_VALUES {
                return Err(format!("the placeholders make more than {MAX_VALUES} values"));
            }
            let with = |before: &Pattern| {
                let joined = |value: &Pattern| {
                    let parts = before.parts().iter().chain(value.parts());
                    Pattern::from_parts(parts.cloned())
                };
                values.iter().map(joined).collect::<Vec<_>>()
            };
            filled = filled.iter().flat_map(with).collect();
        }
        Ok(filled)
    }

    fn values(&self, name: &str, doing: &Doing<'_, '_>) -> Result<Vec<Pattern>, String> {
        match &self.source {
            Source::Wildcard => Ok(vec![Pattern::from_parts([Part::AnyRun])]),
            Source::File(values) => Ok(values.iter().map(|value| Pattern::parse(value)).collect()),
            Source::Variables => {
                let value = doing.context.vars.get(name);
                let value = value.ok_or_else(|| format!("no `vars` of the pipeline has the placeholder `%{name}%`"))?;
                let one = |value: &serde_json::Value| match value {
                    serde_json::Value::String(text) => Ok(Pattern::parse(text)),
                    serde_json::Value::Number(number) => Ok(Pattern::literal(number.to_string())),
                    _ => Err(format!("the variable `{name}` holds what is neither text nor a number")),
                };
                match value {
                    serde_json::Value::Array(values) => values.iter().map(one).collect(),
                    value => Ok(vec![one(value)?]),
                }
            }
        }
    }
}

fn placeholders(pattern: &Pattern) -> impl Iterator<Item = &str> {
    pattern.parts().iter().filter_map(|part| match part {
        Part::Placeholder(name) => Some(name.as_str()),
        Part::Literal(_) | Part::AnyRun | Part::AnyOne => None,
    })
}
