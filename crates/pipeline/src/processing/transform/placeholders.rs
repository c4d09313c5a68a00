//! Values for placeholders: `value_placeholders`, `wildcard_placeholders`, `file_placeholders`.

use super::external;
use super::items::{self, Fate, fails};
use super::{Doing, Draftable};
use crate::processing::Files;
use crate::processing::read::{Map, invalid};
use rulecast_ir::draft::DraftItem;
use rulecast_ir::placeholder::fill_test;
use rulecast_ir::{Sigma, Test};

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
                match self.values(&test, doing) {
                    Ok(values) if values.is_empty() => tests.push(test),
                    Ok(values) => {
                        let of = |name: &str| {
                            values.iter().find(|(known, _)| known == name).map(|(_, values)| values.as_slice())
                        };
                        match fill_test(&test, value.span, &of, doing.problems) {
                            Some(filled) => {
                                changed = true;
                                tests.extend(filled);
                            }
                            None => tests.push(test),
                        }
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

    /// The values of the placeholders in a test that the step is about.
    fn values(&self, test: &Test<Sigma>, doing: &Doing<'_, '_>) -> Result<Vec<(String, Vec<String>)>, String> {
        let names: Vec<&str> = match test {
            Test::Text { pattern, .. } => pattern.placeholders().collect(),
            Test::Regex(regex) => regex.placeholders().collect(),
            _ => return Ok(Vec::new()),
        };
        let mut values = Vec::with_capacity(names.len());
        for name in names.into_iter().filter(|name| self.is_about(name)) {
            let found = match &self.source {
                Source::Wildcard if matches!(test, Test::Regex(_)) => vec![".*".to_owned()],
                Source::Wildcard => vec!["*".to_owned()],
                Source::File(values) => values.clone(),
                Source::Variables => variable(name, doing)?,
            };
            if found.is_empty() {
                return Err(format!("the list of the placeholder `%{name}%` is empty"));
            }
            values.push((name.to_owned(), found));
        }
        Ok(values)
    }
}

/// The values of a variable of the pipelines.
fn variable(name: &str, doing: &Doing<'_, '_>) -> Result<Vec<String>, String> {
    let value = doing.context.vars.get(name);
    let value = value.ok_or_else(|| format!("no `vars` of the pipeline has the placeholder `%{name}%`"))?;
    let one = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => Ok(text.clone()),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        _ => Err(format!("the variable `{name}` holds what is neither text nor a number")),
    };
    match value {
        serde_json::Value::Array(values) => values.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    }
}
