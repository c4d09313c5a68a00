//! Data models: which source serves a log source, and where each field stands in it.

mod build;
mod extends;
mod field;
mod file;
mod given;
mod read;
mod schema;
mod scope;
mod view;

pub use given::Models;
pub(crate) use read::INVALID;
pub use schema::model_schema;
pub use scope::{Misfit, scoped};
pub(crate) use view::type_name;
pub use view::{FieldView, SourceRead, SourceView, sources_read};

use build::describe;

use crate::Dialect;
use crate::convert::{Entry, Place};
use crate::map::near::Letters;
use rulecast_ir::{Column, LogSource, Mapped, Name, Predicate, Reads};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// The models that come with Rulecast, by name.
const FILES: [(&str, &str); 11] = [
    ("none", include_str!("../../models/none.yml")),
    ("ecs", include_str!("../../models/ecs.yml")),
    ("winlogbeat", include_str!("../../models/winlogbeat.yml")),
    ("splunk", include_str!("../../models/splunk.yml")),
    ("sysmon", include_str!("../../models/sysmon.yml")),
    ("winlog", include_str!("../../models/winlog.yml")),
    ("cim", include_str!("../../models/cim.yml")),
    ("tstats", include_str!("../../models/tstats.yml")),
    ("xdr", include_str!("../../models/xdr.yml")),
    ("asim", include_str!("../../models/asim.yml")),
    ("securityevent", include_str!("../../models/securityevent.yml")),
];

/// The names of the models that come with Rulecast.
pub const BUILTIN: [&str; FILES.len()] = {
    let mut names = [""; FILES.len()];
    let mut at = 0;
    while at < FILES.len() {
        names[at] = FILES[at].0;
        at += 1;
    }
    names
};

/// In the order of [`BUILTIN`], each read when it is first asked for.
static MODELS: [OnceLock<Model>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];

/// The text of a built-in model.
fn builtin_text(name: &str) -> Option<&'static str> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// A data model, ready for use.
#[derive(Clone, Debug)]
pub struct Model {
    name: String,
    title: String,
    languages: Vec<Dialect>,
    references: Vec<String>,
    /// Every field is a column of its own name.
    pub(crate) pass: bool,
    /// The engine matches rows in order by one operator.
    pub(crate) scan: bool,
    /// In the order written.
    pub(crate) sources: Vec<SourceEntry>,
    by_category: ByCategory,
    /// Every column that it names.
    pub(crate) columns: Arc<HashMap<String, Place>>,
}

/// A source, and the log sources that it serves.
#[derive(Clone, Debug)]
pub(crate) struct SourceEntry {
    pub(crate) when: When,
    /// The log sources it serves, as a [`LogSource`] is shown.
    pub(crate) serving: Vec<String>,
    pub(crate) language: Option<Dialect>,
    pub(crate) reads: Reads,
    /// What it reads by the model's own word, whatever is read in its place.
    pub(crate) named: Option<Name>,
    /// The indices that its events stand in, where someone says so and the query does not (EQL).
    pub(crate) indices: Vec<Name>,
    /// What stands in the place of a macro.
    pub(crate) within: Predicate<Mapped>,
    /// What must hold by the model's own word.
    pub(crate) own: Predicate<Mapped>,
    /// What must hold besides, by the word of the repository or of the rule.
    pub(crate) besides: Predicate<Mapped>,
    /// All of these.
    pub(crate) scope: Predicate<Mapped>,
    pub(crate) time: Arc<Column>,
    pub(crate) id: Vec<Arc<Column>>,
    pub(crate) fields: Arc<HashMap<Name, Entry>>,
    /// The names of the fields, sorted, for messages.
    pub(crate) names: Arc<[Name]>,
    /// Of each of them.
    pub(crate) letters: Arc<[Letters]>,
    /// What its events are known not to hold.
    pub(crate) lacks: Vec<Name>,
    /// Names that sequences join on, with the columns that hold each together.
    pub(crate) keys: Arc<HashMap<Name, Vec<Place>>>,
    /// The field that tells who began a connection, where columns depend on it.
    pub(crate) direction: Option<Name>,
}

/// What a log source must say to be served.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct When {
    pub(crate) product: Option<String>,
    /// Any of these; none asks for nothing.
    pub(crate) category: Vec<String>,
    pub(crate) service: Option<String>,
    /// A service that may be named or not.
    pub(crate) or_service: Option<String>,
}

impl Model {
    /// The built-in model of this name; one of [`BUILTIN`].
    pub fn builtin(name: &str) -> Option<&'static Model> {
        let at = BUILTIN.iter().position(|known| *known == name)?;
        let read = || {
            let mut problems = Vec::new();
            let model = given::alone(FILES[at].1, &mut problems);
            model.filter(|_| problems.is_empty()).unwrap_or_else(|| panic!("a test reads `{name}`: {problems:#?}"))
        };
        Some(MODELS[at].get_or_init(read))
    }

    /// The file of the built-in model of this name.
    pub fn builtin_text(name: &str) -> Option<&'static str> {
        builtin_text(name)
    }

    /// The name, as in `eql.ecs`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is, in one line.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The languages it serves.
    pub fn languages(&self) -> &[Dialect] {
        &self.languages
    }

    /// Whether every field is a column of its own name.
    pub fn passes(&self) -> bool {
        self.pass
    }

    /// Pages that tell what its columns hold.
    pub fn references(&self) -> &[String] {
        &self.references
    }

    /// The log sources it serves in a language, in the order of the model.
    pub fn log_sources(&self, language: Dialect) -> impl Iterator<Item = &str> {
        let served = self.sources.iter().filter(move |entry| entry.serves(language));
        served.flat_map(|entry| &entry.serving).map(String::as_str)
    }

    /// Whether events of some source are known not to hold this field, or hash in a field of hashes.
    pub fn lacks(&self, field: &str) -> bool {
        self.sources.iter().any(|entry| entry.lacks(field))
    }

    /// The column of that name, if the model names it anywhere.
    pub(crate) fn column(&self, name: &str) -> Option<Arc<Column>> {
        self.columns.get(name).map(|place| place.column.clone())
    }

    /// The entries of a language, in the order of the model.
    pub(crate) fn serving_events(&self, language: Dialect) -> impl Iterator<Item = &SourceEntry> {
        self.sources.iter().filter(move |entry| entry.serves(language))
    }

    /// The entries that serve a log source: of those that it contains, the most specific. Several of the same
    /// condition serve it together.
    pub(crate) fn serving(&self, log_source: &LogSource, language: Dialect) -> Vec<&SourceEntry> {
        let asked = self.by_category.of(log_source).iter().map(|at| &self.sources[*at]);
        let holding: Vec<_> = asked.filter(|entry| entry.serves(language) && entry.when.holds(log_source)).collect();
        let mut best: Option<&SourceEntry> = None;
        for entry in &holding {
            if best.is_none_or(|best| entry.when.specificity() > best.when.specificity()) {
                best = Some(entry);
            }
        }
        let Some(best) = best else { return Vec::new() };
        holding.into_iter().filter(|entry| entry.when == best.when).collect()
    }
}

/// The sources that a log source may be of, by its category, in their order.
#[derive(Clone, Debug)]
struct ByCategory {
    named: HashMap<String, Vec<usize>>,
    /// Where it has none.
    without: Vec<usize>,
    /// Where no source names it.
    unknown: Vec<usize>,
}

impl ByCategory {
    fn new(sources: &[SourceEntry]) -> Self {
        let those = |holds: &dyn Fn(&When) -> bool| -> Vec<usize> {
            (0..sources.len()).filter(|at| sources[*at].when.is_anything() || holds(&sources[*at].when)).collect()
        };
        let names = sources.iter().flat_map(|source| &source.when.category);
        let named = names.map(|name| (name.clone(), those(&|when| when.category.contains(name)))).collect();
        Self { named, without: those(&|when| when.category.is_empty()), unknown: those(&|_| false) }
    }

    fn of(&self, log_source: &LogSource) -> &[usize] {
        match &log_source.category {
            None => &self.without,
            Some(category) => self.named.get(&**category).unwrap_or(&self.unknown),
        }
    }
}

impl SourceEntry {
    /// Whether its events are known not to hold this field, or hash in a field of hashes.
    pub(crate) fn lacks(&self, name: &str) -> bool {
        self.lacks.iter().any(|known| &**known == name)
    }

    fn serves(&self, language: Dialect) -> bool {
        self.language.is_none_or(|only| only == language)
    }
}

impl When {
    /// A service narrows a log source, so one that the model does not know is not served. Nor is a category, by an entry of a
    /// product or of a service as a whole.
    fn holds(&self, log_source: &LogSource) -> bool {
        let is = |name: Option<&Name>, wanted: &str| name.is_some_and(|name| &**name == wanted);
        self.is_anything()
            || self.product.as_deref().is_none_or(|product| is(log_source.product.as_ref(), product))
                && (self.category.is_empty() && log_source.category.is_none()
                    || self.category.iter().any(|category| is(log_source.category.as_ref(), category)))
                && (self.service.as_deref() == log_source.service.as_deref()
                    || log_source.service.is_some() && self.or_service.as_deref() == log_source.service.as_deref())
    }

    fn is_anything(&self) -> bool {
        self.product.is_none() && self.category.is_empty() && self.service.is_none()
    }

    fn specificity(&self) -> usize {
        [self.product.is_some(), !self.category.is_empty(), self.service.is_some()].into_iter().filter(|it| *it).count()
    }

    /// As a [`LogSource`] is shown.
    fn names(&self) -> Vec<String> {
        let named = |category: Option<&String>| {
            let parts = [self.product.as_ref(), category, self.service.as_ref()];
            parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("/")
        };
        match self.category.as_slice() {
            [] => vec![named(None)],
            categories => categories.iter().map(|category| named(Some(category))).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
