//! What files say of one another.

use crate::File;
use crate::lints::across::{DUPLICATE_FILE_NAME, DUPLICATE_TITLE, UNKNOWN_RELATION};
use crate::suppress::Allowed;
use rulecast_diagnostics::{Diagnostic, Span, Spanned};
use rulecast_rule::Document;
use std::collections::{HashMap, HashSet};

/// What a file says to others, and which findings it accepts.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    name: String,
    pub(crate) documents: Vec<DocumentFacts>,
}

#[derive(Clone, Debug)]
pub(crate) struct DocumentFacts {
    pub(crate) span: Span,
    pub(crate) id: Option<Spanned<String>>,
    title: Option<Spanned<String>>,
    related: Vec<Spanned<String>>,
    pub(crate) allowed: Vec<Allowed>,
}

impl DocumentFacts {
    fn of(document: &Document) -> Self {
        let related = document.metadata.related.iter().filter(|related| is_looked_for(&related.kind));
        Self {
            span: document.span,
            id: document.metadata.id.clone(),
            title: document.metadata.title.clone(),
            related: related.map(|related| related.id.clone()).collect(),
            allowed: Vec::new(),
        }
    }
}

/// Titles are one if these are.
pub fn title_key(title: &str) -> String {
    title.trim().to_lowercase()
}

/// Whether a rule of this relation must be among those that are read: of an obsolete one nothing may be left but its id.
pub fn is_looked_for(relation: &str) -> bool {
    !matches!(relation, "obsolete" | "renamed" | "merged")
}

impl Facts {
    pub(crate) fn of(file: &File<'_>, allowed: Vec<Vec<Allowed>>) -> Self {
        let documents = file.documents.iter().zip(allowed);
        let documents = documents.map(|(document, allowed)| DocumentFacts { allowed, ..DocumentFacts::of(document) });
        Self { name: file.name.to_owned(), documents: documents.collect() }
    }

    /// Of a file that is read for what it says to others alone: nothing is known of what it accepts.
    pub fn read(name: &str, documents: &[Document]) -> Self {
        Self { name: name.to_owned(), documents: documents.iter().map(DocumentFacts::of).collect() }
    }

    /// The titles of its rules, as [`title_key`].
    pub fn titles(&self) -> impl Iterator<Item = String> {
        self.documents.iter().filter_map(|document| Some(title_key(document.title.as_ref()?)))
    }

    /// The ids of its rules, in lower case.
    pub fn ids(&self) -> impl Iterator<Item = String> {
        self.documents.iter().filter_map(|document| Some(document.id.as_ref()?.to_ascii_lowercase()))
    }

    /// The ids that it looks for among all rules, in lower case.
    pub fn related(&self) -> impl Iterator<Item = String> {
        self.documents.iter().flat_map(|document| &document.related).map(|id| id.to_ascii_lowercase())
    }

    /// The last part of the path.
    fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    fn head(&self) -> Span {
        self.documents.first().map_or_else(Span::default, |first| {
            first.title.as_ref().map_or(Span { end: first.span.start, ..first.span }, |title| title.span)
        })
    }
}

/// The findings on files together, each with the index of its file. Every span is of that file alone.
pub fn across(files: &[Facts]) -> Vec<(usize, Diagnostic)> {
    let mut found = Vec::new();
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut titles: HashMap<String, (usize, Span)> = HashMap::new();
    let documents = || files.iter().enumerate().flat_map(|(at, file)| file.documents.iter().map(move |one| (at, one)));
    let ids: HashSet<String> =
        documents().filter_map(|(_, one)| Some(one.id.as_ref()?.node.to_ascii_lowercase())).collect();
    for (at, file) in files.iter().enumerate() {
        let first = *names.entry(file.file_name()).or_insert(at);
        if first != at && file.name != files[first].name {
            let message = format!("`{}` has the same file name", files[first].name);
            let help = "name each file for its rule: queries and reports are named for the file";
            found.push((at, DUPLICATE_FILE_NAME.at(file.head(), message).help(help)));
        }
    }
    for (at, document) in documents() {
        if let Some(title) = &document.title {
            let (first, place) = *titles.entry(title_key(title)).or_insert((at, title.span));
            if (first, place) != (at, title.span) {
                let other = if first == at { "this file" } else { &files[first].name };
                let message = format!("{other} has another rule of this title");
                let help = "say in each title what sets the rule apart: an analyst sees the title first";
                found.push((at, DUPLICATE_TITLE.at(title.span, message).help(help)));
            }
        }
        for related in &document.related {
            // A single rule is no collection to look in.
            if files.len() > 1 && !ids.contains(&related.node.to_ascii_lowercase()) {
                let message = format!("no rule that was read has the id `{}`", related.node);
                found
                    .push((at, UNKNOWN_RELATION.at(related.span, message).help("correct the id, or remove the entry")));
            }
        }
    }
    found
}
