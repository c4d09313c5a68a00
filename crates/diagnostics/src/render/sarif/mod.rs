//! Diagnostics as SARIF 2.1.0, which code scanning services read: one run, with a description of each kind of problem
//! found.
//!
//! Lines and columns count from 1, columns in Unicode scalar values, as the run says. The address of a file is its name
//! as given, percent-encoded; nothing is said of what a relative one starts from, and services take the root of the
//! repository. The fingerprint is ours; `primaryLocationLineHash` is left to GitHub's upload action, which makes its own
//! and warns of any other.
//!
//! The types are our own, of the part that is written: the crate `serde-sarif` makes its types from the schema while it is
//! built, and brings 26 packages for that (0.8.0). The command's tests and `cargo xtask oracles` hold the output against
//! schemas. Lacks: snippets, code flows, invocations, and the address of a page (there is none).

mod document;

use super::fingerprint::Fingerprints;
use super::{Batch, Catalogue, Places, Tool, words};
use crate::{Diagnostic, Edit, Fix, Label, Severity, Span};
use document::{
    Artifact, ArtifactChange, Change, Configuration, Content, Driver, Kind, Located, Log, Message, Outcome, Place,
    Region, Replacement, Run, ToolComponents,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeSet;
use std::fmt::Write;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What stands for itself in a part of a path.
const PART: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'+').remove(b'@');

/// The whole document.
pub fn sarif(batches: &[Batch<'_>], tool: Tool<'_>, catalogue: &impl Catalogue) -> String {
    let names: BTreeSet<&'static str> =
        batches.iter().flat_map(|batch| batch.diagnostics).map(|diagnostic| diagnostic.name).collect();
    let names: Vec<&'static str> = names.into_iter().collect();
    let mut fingerprints = Fingerprints::default();
    let mut results = Vec::new();
    for batch in batches.iter().filter(|batch| !batch.diagnostics.is_empty()) {
        let places = Places::new(batch.sources);
        let known_by = fingerprints.of(batch, &places);
        results.extend(batch.diagnostics.iter().zip(known_by).map(|(diagnostic, finding)| {
            let rule_index = names.binary_search(&diagnostic.name).expect("all names are among them");
            result(diagnostic, (rule_index, finding), &places)
        }));
    }
    let rules = names.into_iter().map(|name| kind(name, catalogue)).collect();
    let driver = Driver { name: tool.name.to_owned(), version: tool.version.to_owned(), rules };
    let run = Run { tool: ToolComponents { driver }, column_kind: "unicodeCodePoints", results };
    super::pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

fn kind(id: &'static str, catalogue: &impl Catalogue) -> Kind {
    let Some(described) = catalogue.describe(id) else {
        return Kind { id, short_description: None, full_description: None, help: None, default_configuration: None };
    };
    Kind {
        id,
        short_description: Some(Message::of(described.summary)),
        full_description: Some(Message::of(&*described.reason)),
        help: Some(Message { text: described.reason, markdown: Some(described.page) }),
        default_configuration: Some(Configuration { level: level(described.severity) }),
    }
}

fn level(severity: Severity) -> &'static str {
    severity.word()
}

fn result(diagnostic: &Diagnostic, (rule_index, finding): (usize, String), places: &Places<'_>) -> Outcome {
    let also = diagnostic.also.iter().enumerate().map(|(at, label)| Located {
        id: Some(at + 1),
        physical_location: place(label.span, places),
        message: said(label),
    });
    let mut text = words::whole(diagnostic);
    for (at, label) in diagnostic.also.iter().enumerate().filter(|(_, label)| !label.text.is_empty()) {
        // A link to a related location by its id: GitHub shows only those that a message links to.
        let label = words::tame(&label.text).replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]");
        let _ = write!(text, "\nsee: [{label}]({})", at + 1);
    }
    Outcome {
        rule_id: diagnostic.name,
        rule_index,
        level: level(diagnostic.severity),
        message: Message::of(text),
        locations: [Located {
            id: None,
            physical_location: place(diagnostic.at.span, places),
            message: said(&diagnostic.at),
        }],
        related_locations: also.collect(),
        partial_fingerprints: document::Fingerprints { finding },
        fixes: diagnostic.fix.iter().map(|fix| change(fix, diagnostic, places)).collect(),
    }
}

fn said(label: &Label) -> Option<Message> {
    (!label.text.is_empty()).then(|| Message::of(words::tame(&label.text)))
}

fn place(span: Span, places: &Places<'_>) -> Place {
    Place { artifact_location: artifact(span, places), region: region(span, places) }
}

fn artifact(span: Span, places: &Places<'_>) -> Artifact {
    Artifact { uri: uri(&places.sources().file(span.file).name) }
}

/// A relative reference, or for an absolute path a `file` address.
fn uri(name: &str) -> String {
    let path = utf8_percent_encode(name, PART);
    let has_drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes().get(2) == Some(&b'/');
    if has_drive {
        format!("file:///{}:{}", &name[..1], utf8_percent_encode(&name[2..], PART))
    } else if name.starts_with('/') {
        format!("file://{path}")
    } else {
        path.to_string()
    }
}

fn region(span: Span, places: &Places<'_>) -> Region {
    let (start, end) = (places.start(span), places.end(span));
    Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
}

fn change(fix: &Fix, diagnostic: &Diagnostic, places: &Places<'_>) -> Change {
    let what = match (&diagnostic.help, fix.safe) {
        (Some(help), true) => words::tame(help).into_owned(),
        (Some(help), false) => format!("{} (changes what the rule matches)", words::tame(help)),
        (None, true) => "mend it; the rule matches the same events afterwards".to_owned(),
        (None, false) => "changes what the rule matches".to_owned(),
    };
    let replacement = |edit: &Edit| Replacement {
        deleted_region: region(edit.span, places),
        inserted_content: (!edit.text.is_empty()).then(|| Content { text: edit.text.clone() }),
    };
    // The edits of a fix are of one file.
    let changed = fix.edits.first().map(|first| ArtifactChange {
        artifact_location: artifact(first.span, places),
        replacements: fix.edits.iter().map(replacement).collect(),
    });
    Change { description: Message::of(what), artifact_changes: changed.into_iter().collect() }
}

#[cfg(test)]
mod tests;
