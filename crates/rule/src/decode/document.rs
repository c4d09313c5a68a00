//! One document: which kind it is, and its top-level keys.

use super::Decoder;
use crate::ast::{Body, DetectionRule, Document, LogSource, Metadata};
use crate::problems::Problems;
use crate::scalar::into_node;
use crate::suggest::closest;
use crate::yaml::{Data, Entry, Yaml};
use rulecast_diagnostics::{Diagnostic, Span, Spanned};
use std::sync::Arc;

/// The keys that we read, as candidates for a key that is near to one.
const KNOWN: &[&str] = &[
    "title",
    "id",
    "name",
    "related",
    "taxonomy",
    "status",
    "description",
    "license",
    "author",
    "references",
    "date",
    "modified",
    "fields",
    "falsepositives",
    "level",
    "tags",
    "scope",
    "logsource",
    "detection",
    "correlation",
    "filter",
    "generate",
    "classification",
    "tests",
    "schedule",
    "risk_score",
    "confidence",
    "version",
    "setup",
    "note",
    "response",
    "output",
    "targets",
];

/// The keys that make a document a rule, a correlation or a filter.
#[derive(Default)]
struct Parts {
    log_source: Option<(Span, Yaml)>,
    detection: Option<(Span, Yaml)>,
    correlation: Option<(Span, Yaml)>,
    filter: Option<(Span, Yaml)>,
    generate: Option<(Spanned<String>, Yaml)>,
}

/// Reads the document at `root`. `None` where too little of it can be read to be of any use.
pub(crate) fn document(text: &str, root: Yaml, problems: &mut Problems) -> Option<Document> {
    let mut decoder = Decoder { text, problems };
    let span = root.span;
    let entries = match root.into_data() {
        Data::Map(entries) => entries,
        data => {
            let message = format!("document is {}, not a rule", super::expect::kind(&data));
            let diagnostic = Diagnostic::error("not-a-rule", Span { end: span.start, ..span }, message);
            return decoder.refuse(diagnostic.label("expected `key: value` lines"));
        }
    };
    decoder.document(entries, span)
}

impl Decoder<'_> {
    fn document(&mut self, entries: Vec<Entry>, span: Span) -> Option<Document> {
        // What is missing is reported at the first key: a caret needs something to point at.
        let start = entries.first().map_or(span, |entry| entry.key.span);
        let mut metadata = Metadata::default();
        let mut parts = Parts::default();
        let mut present = [false; KNOWN.len()];
        for Entry { key, value } in entries {
            if let Some(index) = KNOWN.iter().position(|known| *known == key.text) {
                present[index] = true;
            }
            match &*key.text {
                "logsource" => parts.log_source = Some((key.span, value)),
                "detection" => parts.detection = Some((key.span, value)),
                "correlation" => parts.correlation = Some((key.span, value)),
                "filter" => parts.filter = Some((key.span, value)),
                "generate" => parts.generate = Some((Spanned::new(key.text, key.span), value)),
                _ => {
                    if let Err((key, value)) = self.attribute(&mut metadata, key, value) {
                        metadata.custom.push((Spanned::new(key.text, key.span), into_node(value)));
                    }
                }
            }
        }
        self.warn_of_near_misses(&metadata, &present);
        let title_written = present[0];
        let body = self.body(parts, &mut metadata, start)?;
        if metadata.title.is_none() && !title_written {
            self.error("missing-title", start, "document has no `title`".into(), "in this document", "add `title`");
        }
        Some(Document { metadata: Arc::new(metadata), body, span })
    }

    fn body(&mut self, parts: Parts, metadata: &mut Metadata, start: Span) -> Option<Body> {
        let Parts { log_source, detection, correlation, filter, generate } = parts;
        let bodies = [&detection, &correlation, &filter].map(|part| part.as_ref().map(|(key, _)| *key));
        let mut written = bodies.into_iter().flatten();
        if let (Some(first), Some(second)) = (written.next(), written.next()) {
            let (first, second) = if first.start < second.start { (first, second) } else { (second, first) };
            return self.refuse(
                Diagnostic::error("ambiguous-document", second, "document is of two kinds")
                    .label("a second kind")
                    .also(first, "the first")
                    .help("put `detection`, `correlation` and `filter` into documents of their own, parted by `---`"),
            );
        }
        if let Some((key, yaml)) = correlation {
            if let Some((log_source, _)) = log_source {
                self.error(
                    "misplaced-key",
                    log_source,
                    "correlation has a `logsource`".into(),
                    "has no effect here",
                    "remove it: the rules under `correlation` have log sources",
                );
            }
            return self.correlation(yaml, key, generate.map(|(_, value)| value)).map(Body::Correlation);
        }
        // The key means something in correlations alone.
        if let Some((key, value)) = generate {
            metadata.custom.push((key, into_node(value)));
        }
        if let Some((key, yaml)) = filter {
            let log_source = self.mandatory_log_source("filter", log_source, start);
            return self.filter(yaml, key, log_source).map(Body::Filter);
        }
        if log_source.is_none() && detection.is_none() {
            return self.refuse(
                Diagnostic::error("not-a-rule", start, "document is no rule")
                    .label("expected `logsource` and `detection`")
                    .help("a document has a `detection`, a `correlation` or a `filter`"),
            );
        }
        let log_source = self.mandatory_log_source("rule", log_source, start);
        let Some((key, yaml)) = detection else {
            self.error(
                "missing-detection",
                start,
                "rule has no `detection`".into(),
                "in this document",
                "add `detection` with a selection and a `condition`",
            );
            return None;
        };
        let detection = self.detection("`detection`", yaml, key)?;
        Some(Body::Detection(DetectionRule { log_source, detection }))
    }

    fn mandatory_log_source(&mut self, what: &str, part: Option<(Span, Yaml)>, start: Span) -> LogSource {
        let Some((_, yaml)) = part else {
            self.error(
                "missing-logsource",
                start,
                format!("{what} has no `logsource`"),
                "in this document",
                "add `logsource` with `category`, `product` or `service`",
            );
            return LogSource { category: None, product: None, service: None, definition: None, span: start };
        };
        self.log_source(yaml)
    }

    /// Custom keys are legal, but one letter beside a key of ours is more likely a slip.
    fn warn_of_near_misses(&mut self, metadata: &Metadata, present: &[bool; KNOWN.len()]) {
        for (key, _) in &metadata.custom {
            let absent = KNOWN.iter().zip(present).filter(|(_, present)| !**present).map(|(known, _)| *known);
            if let Some(suggestion) = closest(key, absent) {
                self.problems.push(
                    Diagnostic::warning("unknown-attribute", key.span, format!("unknown attribute `{}`", key.node))
                        .label("read as a custom attribute")
                        .help(format!("did you mean `{suggestion}`?")),
                );
            }
        }
    }
}
