//! Text of a rule as text in Markdown: nothing in it is markup.

use std::fmt::{self, Write};

/// The escaper of the templates `*.md`.
#[derive(Clone, Copy, Debug)]
pub struct Markdown;

impl askama::filters::Escaper for Markdown {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        let mut before = None;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let starts_line = matches!(before, None | Some('\n'));
            let special = match c {
                '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' => true,
                // A character reference; `AT&T` and `a & b` are none.
                '&' => chars.peek().is_some_and(|next| next.is_alphanumeric() || *next == '#'),
                // Within a word it is no markup: `process_creation`.
                '_' => {
                    let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                    !(in_word(before) && in_word(chars.peek().copied()))
                }
                '#' | '=' => starts_line,
                // A table row or a rule: `---`.
                '-' => starts_line && chars.peek() == Some(&'-'),
                _ => false,
            };
            match c {
                '\r' => {}
                c if c.is_control() && c != '\n' && c != '\t' => to.write_char(char::REPLACEMENT_CHARACTER)?,
                c if special => {
                    to.write_char('\\')?;
                    to.write_char(c)?;
                }
                c => to.write_char(c)?,
            }
            before = Some(c);
        }
        Ok(())
    }
}

/// A fenced block that nothing in `text` can close.
pub fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

/// A code span that nothing in `text` can close.
pub fn code(text: &str) -> String {
    let text = crate::words::one_line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // Next to a backtick, a space is needed, and is no part of the code.
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A link to `url` if it is one, else its text.
pub(crate) fn link(url: &str) -> String {
    let url = url.trim();
    let web = url.starts_with("https://") || url.starts_with("http://");
    let whole = !url.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>'));
    if web && whole { format!("<{url}>") } else { text(url) }
}

/// `text` escaped, and on one line.
pub fn text(text: &str) -> String {
    let mut out = String::new();
    let words: Vec<&str> = text.split_whitespace().collect();
    askama::filters::Escaper::write_escaped_str(&Markdown, &mut out, &words.join(" "))
        .expect("writing to a string does not fail");
    out
}

#[cfg(test)]
mod tests {
    use super::{code, fenced, link, text};

    #[test]
    fn nothing_in_text_is_markup() {
        assert_eq!(text("process_creation by `cmd` *.exe"), r"process_creation by \`cmd\` \*.exe");
        assert_eq!(text("_all_ of them | <b>"), r"\_all\_ of them \| \<b\>");
        assert_eq!(text("a & b &amp; AT&T"), r"a & b \&amp; AT\&T");
        assert_eq!(text("# not a heading"), r"\# not a heading");
        assert_eq!(text("bell \u{7}"), "bell \u{fffd}");
    }

    #[test]
    fn a_query_cannot_close_its_fence() {
        assert_eq!(fenced("spl", "search x"), "```spl\nsearch x\n```");
        assert_eq!(fenced("spl", "```comment``` search x"), "````spl\n```comment``` search x\n````");
    }

    #[test]
    fn code_cannot_close_its_span() {
        assert_eq!(code("rules/_x_.yml"), "`rules/_x_.yml`");
        assert_eq!(code("`a`"), "`` `a` ``");
    }

    #[test]
    fn only_web_addresses_are_links() {
        assert_eq!(link("https://example.org/a_b"), "<https://example.org/a_b>");
        assert_eq!(link("javascript:alert(1)"), "javascript:alert(1)");
        assert_eq!(link("https://example.org/ <x>"), r"https://example.org/ \<x\>");
    }
}
