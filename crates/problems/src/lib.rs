//! Every kind of problem by its name: what is wrong, why it matters, and how to mend it.
//!
//! Lints are described where they are found, in `rulecast_lint`; what keeps a file from being read, resolved or converted
//! is described here, in `kinds/*.yml`. [`describe`] knows both, [`Described`] hands them to the renderers of diagnostics,
//! and `docs/reference/diagnostics.md` is made of [`SECTIONS`]. That every name of the sources is described is tested where
//! that page is made. Lacks: the reasons of refusals, which are a page of their own.

mod markdown;

use rulecast_diagnostics::Severity;
use rulecast_diagnostics::render::{Catalogue, Description};
use serde::Deserialize;
use std::fmt::Write;
use std::sync::LazyLock;

const TEXTS: &[&str] = &[
    include_str!("kinds/files.yml"),
    include_str!("kinds/attributes.yml"),
    include_str!("kinds/detections.yml"),
    include_str!("kinds/conditions.yml"),
    include_str!("kinds/correlations.yml"),
    include_str!("kinds/own.yml"),
    include_str!("kinds/placeholders.yml"),
    include_str!("kinds/pipelines.yml"),
    include_str!("kinds/models.yml"),
    include_str!("kinds/configuration.yml"),
    include_str!("kinds/command.yml"),
];

/// The kinds that are no lints, by subject, in the order of the reference.
pub static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| {
    let read = |text: &&str| serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    TEXTS.iter().map(read).collect()
});

/// Kinds about one subject.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The subject.
    pub title: String,
    /// A sentence or two on it.
    pub about: String,
    /// What the file with the problem is.
    pub kind: Kind,
    /// In the order of the reference.
    pub diagnostics: Vec<Entry>,
}

/// What the file with a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A rule.
    Rule,
    /// Values of placeholders.
    Placeholders,
    /// A processing pipeline.
    Pipeline,
    /// A data model.
    Model,
    /// `rulecast.toml`.
    Configuration,
    /// Known to the command line alone.
    Command,
}

/// A kind of problem.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The name of its diagnostics.
    pub name: String,
    /// What they can be; errors, if nothing else is said.
    #[serde(default = "error")]
    pub severity: Vec<Word>,
    /// What is wrong, and how to mend it, in Markdown.
    pub why: String,
    /// A file with this problem; none where one is too large to show, or no file shows it.
    pub example: Option<String>,
    /// Whether the file is saved as Latin-1.
    #[serde(default)]
    pub latin_1: bool,
}

/// A severity by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// A note.
    Note,
}

fn error() -> Vec<Word> {
    vec![Word::Error]
}

impl From<Word> for Severity {
    fn from(word: Word) -> Self {
        match word {
            Word::Error => Severity::Error,
            Word::Warning => Severity::Warning,
            Word::Note => Severity::Note,
        }
    }
}

/// What the kind of that name means.
///
/// Files of several sorts may have problems of one name, such as an unknown key; the first sort counts, which is rules.
pub fn describe(name: &str) -> Option<Description> {
    let lint = rulecast_lint::find(name).map(|lint| Description {
        summary: lint.summary.to_owned(),
        reason: markdown::plain(lint.reason),
        page: markdown::without_links(&lint.page()),
        severity: lint.severity,
    });
    lint.or_else(|| {
        let mut entries =
            SECTIONS.iter().flat_map(|section| section.diagnostics.iter().map(|entry| (section.kind, entry)));
        entries.find(|(_, entry)| entry.name == name).map(|(kind, entry)| entry.described(kind))
    })
}

/// All kinds that [`describe`] knows.
#[derive(Clone, Copy, Debug)]
pub struct Described;

impl Catalogue for Described {
    fn describe(&self, name: &str) -> Option<Description> {
        describe(name)
    }
}

impl Entry {
    fn described(&self, kind: Kind) -> Description {
        let why = self.why.trim_end();
        let mut page = markdown::without_links(why);
        if let Some(example) = &self.example {
            let language = kind.language();
            let _ = write!(page, "\n\nFound in\n\n```{language}\n{}\n```", example.trim_end());
        }
        page.push('\n');
        let reason = markdown::plain(why);
        let severities = self.severity.iter().map(|word| Severity::from(*word));
        let severity = severities.max().unwrap_or(Severity::Error);
        Description { summary: markdown::first_sentence(&reason).to_owned(), reason, page, severity }
    }
}

impl Kind {
    /// The language of its files.
    pub fn language(self) -> &'static str {
        if self == Kind::Configuration { "toml" } else { "yaml" }
    }
}

#[cfg(test)]
mod tests {
    use super::{Described, SECTIONS, describe};
    use rulecast_diagnostics::Severity;
    use rulecast_diagnostics::render::Catalogue;

    #[test]
    fn every_kind_is_described_in_words_that_stand_alone() {
        let lints = rulecast_lint::LINTS.iter().map(|lint| lint.name);
        let names: Vec<&str> =
            SECTIONS.iter().flat_map(|section| &section.diagnostics).map(|entry| &*entry.name).chain(lints).collect();
        assert!(names.len() > 200, "{}", names.len());
        for name in names {
            let described = Described.describe(name).unwrap();
            for text in [&described.summary, &described.reason, &described.page] {
                assert!(!text.trim().is_empty(), "{name}");
                assert!(!text.contains(".md"), "{name}: no page of the reference stands beside it: {text}");
            }
            assert!(
                !described.summary.contains('\n') && described.summary.len() < 300,
                "{name}: {}",
                described.summary
            );
        }
    }

    #[test]
    fn a_kind_has_its_gravest_severity() {
        assert_eq!(describe("invalid-yaml").unwrap().severity, Severity::Error);
        assert_eq!(describe("cannot-express").unwrap().severity, Severity::Error);
        assert_eq!(describe("shared-name").unwrap().severity, Severity::Warning);
        assert_eq!(describe("no-id").unwrap().severity, rulecast_lint::find("no-id").unwrap().severity);
        assert_eq!(describe("nonsense"), None);
    }
}
