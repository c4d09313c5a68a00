//! The fields of a rule's log source, on each target.

use crate::project::Project;
use crate::session::View;
use rulecast_compile::{FieldView, SourceView};
use std::collections::BTreeMap;

/// A field, and the columns that hold it, by target.
pub(crate) type Fields<'a> = BTreeMap<&'a str, Vec<(&'a str, &'a FieldView)>>;

/// What a document says of its log source.
#[derive(Debug, Default)]
pub(crate) struct Asked<'t> {
    parts: Vec<&'t str>,
}

impl<'t> Asked<'t> {
    /// That of a document, also one that is not finished.
    pub(crate) fn of(view: &View<'t>, document: usize) -> Self {
        let text = view.text.as_str();
        let part = |key| view.outline.scalar(text, document, &["logsource", key]);
        Self { parts: ["product", "category", "service"].into_iter().filter_map(part).collect() }
    }

    /// Whether a source of a data model serves it, as far as its name tells.
    fn is_served_by(&self, source: &SourceView) -> bool {
        let holds = |name: &String| {
            name == "*"
                || name.split('/').all(|part| self.parts.contains(&part))
                    && name.split('/').count() >= self.parts.len().min(2)
        };
        source.log_sources.iter().any(holds)
    }
}

/// The fields that targets know for these log sources; where they know none of them, all fields.
pub(crate) fn of<'a>(project: &'a Project, asked: &[Asked<'_>]) -> Fields<'a> {
    let served = gather(project, |source| asked.iter().any(|asked| asked.is_served_by(source)));
    if served.is_empty() { gather(project, |_| true) } else { served }
}

fn gather(project: &Project, is_wanted: impl Fn(&SourceView) -> bool) -> Fields<'_> {
    let mut fields = Fields::default();
    for (target, sources) in project.sources() {
        for field in sources.iter().filter(|source| is_wanted(source)).flat_map(|source| &source.fields) {
            let of_field = fields.entry(field.name.as_str()).or_default();
            if !of_field.iter().any(|(one, _)| *one == target.as_str()) {
                of_field.push((target.as_str(), field));
            }
        }
    }
    fields
}
