//! The one place that quotes: string literals and identifiers.
//!
//! Source: Elasticsearch's EQL syntax reference, "Escape special characters in a string" and "Escape reserved keywords
//! or special characters".

use std::fmt::{self, Display, Formatter, Write};

/// Words that cannot stand as a segment of a field's name, nor as an event category, unless quoted.
const KEYWORDS: &[&str] = &[
    "and", "any", "by", "false", "fork", "in", "join", "like", "maxspan", "missing", "not", "null", "of", "or",
    "regex", "runs", "sample", "sequence", "true", "until", "where", "with",
];

/// A string literal. Only escapes that EQL knows; a raw line break or tab is not allowed inside.
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        let mut plain = 0;
        for (at, c) in self.0.char_indices() {
            if !(c == '"' || c == '\\' || hidden(c)) {
                continue;
            }
            f.write_str(&self.0[plain..at])?;
            plain = at + c.len_utf8();
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                _ => write!(f, "\\u{{{:04x}}}", u32::from(c))?,
            }
        }
        f.write_str(&self.0[plain..])?;
        f.write_char('"')
    }
}

/// Characters that a reader would not see, or that would reorder what he sees.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The name of a field, dotted.
///
/// A name with a segment that needs it is quoted as a whole, which Elasticsearch reads as the same name. (The `eql`
/// package on PyPI does not accept a dot inside backquotes.)
pub(crate) struct Field<'a>(pub(crate) &'a str);

impl Display for Field<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.split('.').all(is_plain) {
            return f.write_str(self.0);
        }
        f.write_char('`')?;
        for (i, part) in self.0.split('`').enumerate() {
            if i > 0 {
                f.write_str("``")?;
            }
            f.write_str(part)?;
        }
        f.write_char('`')
    }
}

/// An event category: a word, or a string.
pub(crate) struct Category<'a>(pub(crate) Option<&'a str>);

impl Display for Category<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("any"),
            Some(name) if is_plain(name) => f.write_str(name),
            Some(name) => Text(name).fmt(f),
        }
    }
}

fn is_plain(word: &str) -> bool {
    let mut bytes = word.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'_' | b'@'))
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && KEYWORDS.binary_search(&word).is_err()
}

#[cfg(test)]
mod tests {
    use super::{Category, Field, KEYWORDS, Text};

    #[test]
    fn strings_use_the_escapes_that_eql_knows() {
        for (text, expected) in [
            (r"C:\Temp\", r#""C:\\Temp\\""#),
            (r#"say "hi""#, r#""say \"hi\"""#),
            ("line1\nline2\ttab\r", r#""line1\nline2\ttab\r""#),
            ("bell\u{7}", r#""bell\u{0007}""#),
            ("'*?%", r#""'*?%""#),
            ("Größe", "\"Größe\""),
            ("evil\u{202e}txt.exe", r#""evil\u{202e}txt.exe""#),
            ("", r#""""#),
        ] {
            assert_eq!(Text(text).to_string(), expected);
        }
    }

    /// Reads a literal back as Elasticsearch's lexer does; `None` if it is none.
    fn read(literal: &str) -> Option<String> {
        let mut chars = literal.strip_prefix('"')?.strip_suffix('"')?.chars();
        let mut text = String::new();
        while let Some(c) = chars.next() {
            text.push(match c {
                '"' | '\n' | '\r' => return None,
                '\\' => match chars.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let hex: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                        assert!((2..=8).contains(&hex.len()), "two to eight digits: {hex}");
                        char::from_u32(u32::from_str_radix(&hex, 16).ok()?)?
                    }
                    c @ ('"' | '\\') => c,
                    _ => return None,
                },
                c => c,
            });
        }
        Some(text)
    }

    #[test]
    fn every_text_reads_back() {
        let odd = ['\u{ad}', '\u{200b}', '\u{2028}', '\u{202e}', '\u{feff}', '\u{1f600}', '\u{10ffff}'];
        for c in ('\0'..'\u{300}').chain(odd) {
            for text in [format!("{c}"), format!("a{c}"), format!("{c}\\"), format!("\\{c}\""), format!("\n{c}{c}")] {
                assert_eq!(read(&Text(&text).to_string()).as_deref(), Some(text.as_str()));
            }
        }
    }

    /// Rows 79 and 80 of the catalogue of wrong translations: names that are no identifiers, and keywords.
    #[test]
    fn names_that_are_no_identifiers_are_back_quoted_whole() {
        for (name, expected) in [
            ("process.name", "process.name"),
            ("@timestamp", "@timestamp"),
            ("_id", "_id"),
            ("my-field", "`my-field`"),
            ("winlog.event_data.my-field", "`winlog.event_data.my-field`"),
            ("a{}.b", "`a{}.b`"),
            ("a b", "`a b`"),
            ("9x", "`9x`"),
            ("where", "`where`"),
            ("process.any", "`process.any`"),
            ("anywhere", "anywhere"),
            ("tick`ed", "`tick``ed`"),
            ("a..b", "`a..b`"),
        ] {
            assert_eq!(Field(name).to_string(), expected);
        }
    }

    #[test]
    fn a_category_that_is_no_word_is_a_string() {
        assert_eq!(Category(None).to_string(), "any");
        assert_eq!(Category(Some("process")).to_string(), "process");
        assert_eq!(Category(Some("any")).to_string(), "\"any\"");
        assert_eq!(Category(Some("my-cat")).to_string(), "\"my-cat\"");
    }

    #[test]
    fn keywords_are_in_order() {
        assert!(KEYWORDS.is_sorted());
    }
}
