//! The one place that quotes names and texts.
//!
//! Sources: the Search Manual on backslashes (9.4, "Backslashes"), and on field names in `eval` (single quotes) and in
//! other commands (double quotes).

use std::fmt::{self, Write};

/// Words that `eval` would read as operators or constants, not as fields.
const EVAL_WORDS: [&str; 10] = ["and", "as", "by", "false", "in", "like", "not", "null", "or", "true"];
/// Words that `search` would read as operators.
const SEARCH_WORDS: [&str; 4] = ["AND", "IN", "NOT", "OR"];
/// Characters that no quoting of a name keeps: quotes, the wildcard, the backslash, and the mark of a macro.
const UNQUOTABLE: [char; 5] = ['"', '\'', '*', '\\', '`'];

/// Whether a field of this name can be written at all.
pub(crate) fn is_nameable(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_control() || UNQUOTABLE.contains(&c))
}

/// A field of `search`, `sort`, `table`, `dedup` or `streamstats`.
pub(crate) fn name(out: &mut dyn Write, name: &str) -> fmt::Result {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
    // A command would read digits alone as a count.
    let count = name.bytes().all(|b| b.is_ascii_digit());
    if plain && !count && !SEARCH_WORDS.contains(&name) { out.write_str(name) } else { write!(out, "\"{name}\"") }
}

/// A field of `where` or `eval`.
pub(crate) fn eval_name(out: &mut dyn Write, name: &str) -> fmt::Result {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !EVAL_WORDS.iter().any(|word| word.eq_ignore_ascii_case(name));
    if plain { out.write_str(name) } else { write!(out, "'{name}'") }
}

/// Text in double quotes: a backslash is doubled, a quote gets one before it.
pub(crate) fn text(out: &mut dyn Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\\']) {
        let (before, from) = rest.split_at(at);
        let (special, after) = from.split_at(1);
        write!(out, "{before}\\{special}")?;
        rest = after;
    }
    write!(out, "{rest}\"")
}

/// A pattern in double quotes, as it stands: the SPL lexer passes a single backslash on to the regex engine.
pub(crate) fn regex(out: &mut dyn Write, pattern: &str) -> fmt::Result {
    debug_assert!(!pattern.contains(['"', '`']) && !pattern.ends_with('\\'));
    debug_assert!(!pattern.contains(r"\\") && !pattern.contains(r"\|"));
    write!(out, "\"{pattern}\"")
}
