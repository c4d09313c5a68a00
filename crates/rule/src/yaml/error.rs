//! What is wrong with text that is no YAML, in plain words.

use rulecast_diagnostics::{Diagnostic, Span};

/// The diagnostic for the scanner's message `info` at `span`; `rest` is the text from there.
pub(super) fn syntax_error(info: &str, span: Span, rest: &str) -> Diagnostic {
    let (label, help) = explain(info, rest);
    let diagnostic = Diagnostic::error("invalid-yaml", span, format!("invalid YAML: {}", plain(info))).label(label);
    if help.is_empty() { diagnostic } else { diagnostic.help(help) }
}

/// The message without the scanner's account of what it was doing.
fn plain(info: &str) -> &str {
    let message = match info.split_once(", ") {
        Some((context, message)) if context.starts_with("while ") => message,
        _ => info,
    };
    message.strip_prefix("a ").unwrap_or(message)
}

/// A label and a fix for the mistakes that people make; empty where there is none to offer.
fn explain(info: &str, rest: &str) -> (&'static str, &'static str) {
    const QUOTE: &str = "put single quotes around a value that contains `: `, ` #` or starts with a special character";
    if rest.starts_with('\t') || info.contains("tab") {
        ("a tab", "indent with spaces")
    } else if info.contains("mapping values are not allowed") || info.contains("unexpected `:`") {
        ("unexpected `:`", QUOTE)
    } else if info.contains("unknown anchor") {
        ("alias without an anchor", "put single quotes around a value that starts with `*`")
    } else if rest.starts_with(['*', '&', '%', '@', '`', '!', '|', '>', '{', '}', '[', ']', ',']) {
        ("special character", QUOTE)
    } else if info.contains("expected key") || info.contains("expected ':'") || info.contains("simple key") {
        ("expected `key: value`", "check the indentation of this line and of those before it")
    } else if info.contains("quoted scalar") {
        ("unclosed or misplaced quote", "inside single quotes, write a single quote twice: `''`")
    } else {
        ("", "")
    }
}
