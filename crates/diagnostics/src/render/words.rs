//! Words of diagnostics, which may hold text of a rule, made safe to show.

use crate::Diagnostic;
use std::borrow::Cow;

/// The longest message, label, help or note, in characters.
const MAX_WORDS: usize = 600;

/// The message, and below it a line for what to do and for each fact.
pub(super) fn whole(diagnostic: &Diagnostic) -> String {
    let mut out = tame(&diagnostic.message).into_owned();
    let help = diagnostic.help.iter().map(|help| ("help", help));
    for (word, text) in help.chain(diagnostic.notes.iter().map(|note| ("note", note))) {
        out.push('\n');
        out.push_str(word);
        out.push_str(": ");
        out.push_str(&tame(text));
    }
    out
}

/// Text of a rule may stand in a message: without control characters, which a terminal would obey, and not too long.
pub(super) fn tame(text: &str) -> Cow<'_, str> {
    // Most are short and plain.
    if text.len() <= MAX_WORDS && text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return Cow::Borrowed(text);
    }
    let cut = text.char_indices().nth(MAX_WORDS).map(|(at, _)| at);
    let hostile = |c: char| c.is_control() && c != '\n' || BIDI.contains(&c);
    if cut.is_none() && !text.contains(hostile) {
        return Cow::Borrowed(text);
    }
    let mut tamed: String = text[..cut.unwrap_or(text.len())]
        .chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if hostile(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect();
    if cut.is_some() {
        tamed.push('…');
    }
    Cow::Owned(tamed)
}

/// Characters that change the direction of what follows.
const BIDI: [char; 9] =
    ['\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];
