//! Diagnostics for programs.

use super::Places;
use crate::{Diagnostic, Edit, Label, SourceMap};
use serde::Serialize;

/// A diagnostic with its places resolved. Lines and columns count from 1, columns in Unicode scalar values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The kind of problem: `unknown-modifier`.
    pub name: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// One sentence.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub at: RecordLabel,
    /// Further places.
    pub also: Vec<RecordLabel>,
    /// What to do.
    pub help: Option<String>,
    /// Facts.
    pub notes: Vec<String>,
    /// Edits that mend it; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<RecordFix>,
}

/// Edits that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordFix {
    /// Whether the rule matches the same events afterwards.
    pub safe: bool,
    /// In the order found.
    pub edits: Vec<RecordEdit>,
}

/// Text for a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordEdit {
    /// The first line.
    pub line: usize,
    /// The first column.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// One past the last column.
    pub end_column: usize,
    /// What to put there.
    pub text: String,
}

/// A labelled place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordLabel {
    /// The file's name.
    pub file: String,
    /// The first line.
    pub line: usize,
    /// The first column.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// One past the last column.
    pub end_column: usize,
    /// A few words on it; may be empty.
    pub label: String,
}

/// One record per diagnostic, in their order.
pub fn json(diagnostics: &[Diagnostic], sources: &SourceMap) -> Vec<Record> {
    if diagnostics.is_empty() {
        return Vec::new();
    }
    let places = Places::new(sources);
    diagnostics.iter().map(|diagnostic| record(diagnostic, &places)).collect()
}

fn record(diagnostic: &Diagnostic, places: &Places<'_>) -> Record {
    Record {
        name: diagnostic.name,
        severity: diagnostic.severity.word(),
        message: diagnostic.message.clone(),
        at: label(&diagnostic.at, places),
        also: diagnostic.also.iter().map(|also| label(also, places)).collect(),
        help: diagnostic.help.clone(),
        notes: diagnostic.notes.clone(),
        fix: diagnostic.fix.as_ref().map(|fix| RecordFix {
            safe: fix.safe,
            edits: fix.edits.iter().map(|edit| record_edit(edit, places)).collect(),
        }),
    }
}

fn record_edit(edit: &Edit, places: &Places<'_>) -> RecordEdit {
    let (start, end) = (places.start(edit.span), places.end(edit.span));
    RecordEdit {
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        text: edit.text.clone(),
    }
}

fn label(label: &Label, places: &Places<'_>) -> RecordLabel {
    let (start, end) = (places.start(label.span), places.end(label.span));
    RecordLabel {
        file: places.sources().file(label.span.file).name.clone(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        label: label.text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::{Diagnostic, Edit, SourceMap, Span};

    #[test]
    fn a_fix_says_what_to_put_where() {
        let mut sources = SourceMap::new();
        let file = sources.add("a.yml", "date: 2024/01/02\n");
        let span = Span::new(file, 6, 16);
        let diagnostic =
            Diagnostic::warning("slash-date", span, "slashes").fix(vec![Edit::replace(span, "2024-01-02")]);
        insta::assert_snapshot!(serde_json::to_string(&json(&[diagnostic], &sources)[0].fix).unwrap(), @r#"{"safe":true,"edits":[{"line":1,"column":7,"end_line":1,"end_column":17,"text":"2024-01-02"}]}"#);
    }

    #[test]
    fn a_record_says_all_that_the_diagnostic_says() {
        let mut sources = SourceMap::new();
        let file = sources.add("rules/é.yml", "title: é\nlevel: \"hoch\"\n");
        let diagnostic = Diagnostic::error("unknown-level", Span::new(file, 17, 23), "`hoch` is not a level")
            .label("not a level")
            .also(Span::new(file, 0, 5), "in this rule")
            .help("write `high`")
            .note("levels are lower case");
        insta::assert_snapshot!(serde_json::to_string_pretty(&json(&[diagnostic], &sources)).unwrap(), @r#"
        [
          {
            "name": "unknown-level",
            "severity": "error",
            "message": "`hoch` is not a level",
            "file": "rules/é.yml",
            "line": 2,
            "column": 8,
            "end_line": 2,
            "end_column": 14,
            "label": "not a level",
            "also": [
              {
                "file": "rules/é.yml",
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 6,
                "label": "in this rule"
              }
            ],
            "help": "write `high`",
            "notes": [
              "levels are lower case"
            ]
          }
        ]
        "#);
        assert!(json(&[], &sources).is_empty());
    }
}
