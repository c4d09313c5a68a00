//! Diagnostics as annotations of GitHub Actions: a workflow command a line, on standard output of a step.
//!
//! Lines and columns count from 1, columns in Unicode scalar values; `endColumn` is the last column, not one past it, as
//! it defaults to `col` there. GitHub refuses columns of a place of several lines, so that such a place has none.
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>, and the escapes of
//! the package `@actions/core`. An annotation has one place; further ones are named in its words.

use super::{Batch, Places, words};
use crate::{Diagnostic, Severity};
use std::fmt::Write;

/// A line for each diagnostic.
pub fn github(batch: &Batch<'_>) -> String {
    if batch.diagnostics.is_empty() {
        return String::new();
    }
    let places = Places::new(batch.sources);
    let mut out = String::new();
    for diagnostic in batch.diagnostics {
        annotation(diagnostic, &places, &mut out);
    }
    out
}

fn annotation(diagnostic: &Diagnostic, places: &Places<'_>, to: &mut String) {
    let span = diagnostic.at.span;
    let (start, end) = (places.start(span), places.end(span));
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let file = property(&places.sources().file(span.file).name);
    let _ = write!(to, "::{command} file={file},line={},endLine={}", start.line, end.line);
    if start.line == end.line {
        let _ = write!(to, ",col={},endColumn={}", start.column, start.column.max(end.column - 1));
    }
    let mut text = words::whole(diagnostic);
    for label in diagnostic.also.iter().filter(|label| !label.text.is_empty()) {
        let line = places.start(label.span).line;
        let _ = if label.span.file == span.file {
            write!(text, "\nsee line {line}: {}", words::tame(&label.text))
        } else {
            write!(text, "\nsee {}:{line}: {}", places.sources().file(label.span.file).name, words::tame(&label.text))
        };
    }
    let _ = writeln!(to, ",title={}::{}", property(diagnostic.name), data(&text));
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::github;
    use crate::render::Batch;
    use crate::{Diagnostic, Severity, SourceMap, Span};

    #[test]
    fn what_means_something_to_github_is_escaped() {
        let mut sources = SourceMap::new();
        let file = sources.add("rules/50%, a:b\n.yml", "title: é\nlevel: \"hoch\"\nnote: |\n  a\n  b\n");
        let other = sources.add("b.yml", "x");
        let diagnostics = [
            Diagnostic::error("unknown-level", Span::new(file, 17, 23), "`hoch`: 100% no level,\r\nreally")
                .label("not a level")
                .also(Span::new(file, 0, 5), "in this rule")
                .also(Span::new(other, 0, 1), "and there")
                .help("write `high`")
                .note("levels are ::lower:: case \u{1b}[31m"),
            Diagnostic::warning("x", Span::new(file, 24, 38), "two lines"),
            Diagnostic { severity: Severity::Note, ..Diagnostic::error("y", Span::new(file, 0, 0), "no width") },
        ];
        let text = github(&Batch { diagnostics: &diagnostics, sources: &sources, ids: &[] });
        insta::assert_snapshot!(text, @r#"
        ::error file=rules/50%25%2C a%3Ab%0A.yml,line=2,endLine=2,col=8,endColumn=13,title=unknown-level::`hoch`: 100%25 no level,�%0Areally%0Ahelp: write `high`%0Anote: levels are ::lower:: case �[31m%0Asee line 1: in this rule%0Asee b.yml:1: and there
        ::warning file=rules/50%25%2C a%3Ab%0A.yml,line=3,endLine=5,title=x::two lines
        ::notice file=rules/50%25%2C a%3Ab%0A.yml,line=1,endLine=1,col=1,endColumn=1,title=y::no width
        "#);
    }
}
