//! What is wrong with text that is no YAML, in plain words.

use rulecast_diagnostics::{Diagnostic, FileId, Span};

const QUOTE: &str = "put single quotes around a value that contains `: ` or ` #`, or starts with a special character";
const INDENT: &str = "check the indentation of this line and of those before it";

/// The diagnostic for the scanner's message `info`, which it gave at byte `at` of `text`.
pub(super) fn syntax_error(info: &str, file: FileId, text: &str, at: usize) -> Diagnostic {
    let at = if info.contains("tab") { tab_after(text, at) } else { at };
    let rest = &text[at..];
    let width = rest.chars().next().filter(|first| !matches!(first, '\n' | '\r')).map_or(0, char::len_utf8);
    let line = &text[text[..at].rfind('\n').map_or(0, |newline| newline + 1)..at];
    let (label, help) = explain(info, line, rest);
    let diagnostic = Diagnostic::error("invalid-yaml", Span::new(file, at, at + width), message(info)).label(label);
    if help.is_empty() { diagnostic } else { diagnostic.help(help) }
}

/// The scanner names the start of the scalar that it was in; the tab is at the start of a later line.
fn tab_after(text: &str, at: usize) -> usize {
    let is_indentation = |tab: &usize| {
        let before = text[..*tab].trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    };
    text[at..].match_indices('\t').map(|(offset, _)| at + offset).find(is_indentation).unwrap_or(at)
}

/// The scanner's message, without its account of what it was doing.
fn message(info: &str) -> String {
    let plain = match info.split_once(", ") {
        Some((context, message)) if context.starts_with("while ") => message,
        _ => info,
    };
    let plain = match plain {
        "simple key expect ':'" | "simple key expected ':'" => "line is not `key: value`",
        "mapping values are not allowed in this context" => "a key is not allowed here",
        _ => plain,
    };
    // It opens quotations with a grave accent, and closes them with an apostrophe.
    let quoted = if plain.contains('`') { plain.replace('\'', "`") } else { plain.to_owned() };
    format!("invalid YAML: {quoted}")
}

/// A label and a fix for the mistakes that people make; empty where there is none to offer.
fn explain(info: &str, line: &str, rest: &str) -> (&'static str, &'static str) {
    if info.contains("tab") || rest.starts_with('\t') {
        ("a tab", "indent with spaces")
    } else if info.contains("mapping values are not allowed") {
        ("unexpected `:`", if line.contains(": ") { QUOTE } else { INDENT })
    } else if info.contains("unknown anchor") {
        ("alias without an anchor", "put single quotes around a value that starts with `*`")
    } else if info.contains("escape") {
        ("unknown escape in double quotes", "write the value in single quotes, where `\\` stands for itself")
    } else if info.contains("quoted scalar") {
        ("quote is not closed, or closed too early", "inside single quotes, write a single quote twice: `''`")
    } else if info.contains("flow sequence") || info.contains("flow mapping") {
        ("list or mapping is not closed", "close `[` with `]` and `{` with `}`")
    } else if info.contains("expected key") || info.contains("simple key") || info.contains("'-' indicator") {
        ("unexpected here", INDENT)
    } else if rest.starts_with(['*', '&', '%', '@', '`', '!', '|', '>', '{', '}', '[', ']', ',']) {
        ("special character", QUOTE)
    } else {
        ("", "")
    }
}
