//! Configuration files of Splunk: stanzas of keys with values.
//!
//! A line that ends with a backslash goes on in the next. So a value of several lines has one at the end of each, and prose,
//! which may hold anything, is put in one line that ends with none. The header of a stanza holds no brackets but its own.

use crate::schedule::one_line;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// A file.
#[derive(Clone, Debug, Default)]
pub(super) struct Conf(pub(super) Vec<Stanza>);

/// `[name]` and its keys.
#[derive(Clone, Debug)]
pub(super) struct Stanza {
    name: String,
    settings: Vec<(String, String)>,
}

impl Stanza {
    /// A stanza of that name, as far as a header can hold it ([`header`]).
    pub(super) fn new(name: &str) -> Self {
        Self { name: header(name), settings: Vec::new() }
    }

    /// With a value that stands in one line whatever it is.
    pub(super) fn set(&mut self, key: &str, value: impl Display) {
        let value = one_line(&value.to_string());
        let open = value.ends_with('\\');
        self.settings.push((key.to_owned(), if open { format!("{value}.") } else { value }));
    }

    /// With JSON, which has no line ends and control characters of its own, and ends in a bracket.
    pub(super) fn set_json(&mut self, key: &str, value: &impl Serialize) {
        let json = serde_json::to_string(value).expect("texts and numbers are JSON");
        self.settings.push((key.to_owned(), json));
    }

    /// With the text of a search, which [`search_fits`].
    pub(super) fn set_search(&mut self, key: &str, search: &str) {
        self.settings.push((key.to_owned(), search.lines().collect::<Vec<_>>().join("\\\n")));
    }
}

/// The text of a header: brackets become parentheses.
pub(super) fn header(name: &str) -> String {
    one_line(name).replace('[', "(").replace(']', ")")
}

/// Why the text of a search cannot be a value; nothing if it can.
pub(super) fn search_fits(search: &str) -> Option<&'static str> {
    if search.lines().any(|line| line.ends_with('\\')) {
        return Some("a line of the search ends with a backslash, which joins it to the next in a configuration file");
    }
    let (mut quoted, mut escaped) = (false, false);
    for c in search.chars() {
        match c {
            c if quoted && c.is_control() => {
                return Some(
                    "a text of the search holds a line feed or a control character, which a configuration file may lose",
                );
            }
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
    }
    None
}

/// A text without what Enterprise Security would replace by a field of the result (`$dest$`), where it has more than one
/// dollar sign: they are written with U+FF04.
pub(super) fn without_tokens(text: &str) -> String {
    if text.matches('$').count() > 1 { text.replace('$', "\u{ff04}") } else { text.to_owned() }
}

impl Display for Conf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, stanza) in self.0.iter().enumerate() {
            writeln!(f, "{}[{}]", if at == 0 { "" } else { "\n" }, stanza.name)?;
            stanza.settings.iter().try_for_each(|(key, value)| writeln!(f, "{key} = {value}"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Conf, Stanza, search_fits, without_tokens};

    #[test]
    fn nothing_in_a_value_becomes_more_than_a_value() {
        let mut stanza = Stanza::new("a [default] \"b\" \n[c]");
        stanza.set("description", "one\n[two]\n# three = 3 \\\n%four% \\");
        stanza.set_search("search", "a=1\n| where b=2");
        insta::assert_snapshot!(Conf(vec![stanza]), @r#"
        [a (default) "b" (c)]
        description = one [two] # three = 3 \ %four% \.
        search = a=1\
        | where b=2
        "#);
        assert!(search_fits("a=\"b\\\\\"\n| where x").is_none());
        assert!(search_fits("a=\"b\nc\"").is_some() && search_fits("a=b\\\n| where x").is_some());
        assert_eq!(without_tokens("costs $5"), "costs $5");
        assert_eq!(without_tokens("$env:x$"), "\u{ff04}env:x\u{ff04}");
    }
}
