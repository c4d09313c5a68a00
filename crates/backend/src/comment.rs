//! Words for people beside a query.

/// Text as the comments of a language may hold it: on one line, whatever a language takes for the end of one, and without
/// characters that are not seen or that change the direction of what follows.
pub fn comment_text(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().map(|c| if is_hidden(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn is_hidden(c: char) -> bool {
    let format = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
    c.is_control() || format || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::comment_text;

    #[test]
    fn a_comment_has_one_line_that_is_all_seen() {
        assert_eq!(comment_text(" a\r\nb\u{2028}c\u{85}d\te\u{b}f "), "a b c d e f");
        assert_eq!(comment_text("a\u{202e}b\u{0}c\u{1b}[2J\u{200b}"), "a\u{fffd}b\u{fffd}c\u{fffd}[2J\u{fffd}");
        assert_eq!(comment_text("Ünïcode – 日本"), "Ünïcode – 日本");
    }
}
