//! What all pages have around them.

use crate::site::Site;
use askama::Template;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Head, header and footer of a page.
#[derive(Clone, Debug)]
pub(crate) struct Shell<'a> {
    /// Of the page.
    pub(crate) title: String,
    /// The way from the page to the directory of the site: empty, `../`, `../../`.
    pub(crate) root: &'static str,
    /// Which entry of the header it belongs to.
    pub(crate) part: Part,
    pub(crate) bundle: &'a str,
    pub(crate) version: &'a str,
    pub(crate) author: &'a str,
    pub(crate) tool: &'a str,
    pub(crate) attack: &'a str,
    pub(crate) playground: bool,
}

/// Entries of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Rules,
    Attack,
    Targets,
    Meaning,
    Playground,
}

impl<'a> Shell<'a> {
    pub(crate) fn new(site: &'a Site<'a>, root: &'static str, part: Part, title: impl Into<String>) -> Self {
        let info = &site.manifest.bundle;
        Self {
            title: title.into(),
            root,
            part,
            bundle: &info.name,
            version: &info.version,
            author: &info.author,
            tool: &site.manifest.tool.version,
            attack: &site.manifest.attack.version,
            playground: site.options.playground,
        }
    }

    /// `page` where the entry is that of the page.
    pub(crate) fn current(&self, part: &str) -> &'static str {
        let own = match self.part {
            Part::Rules => "rules",
            Part::Attack => "attack",
            Part::Targets => "targets",
            Part::Meaning => "meaning",
            Part::Playground => "playground",
        };
        if own == part { "true" } else { "false" }
    }
}

/// The bytes of a page.
pub(crate) fn render(page: &impl Template) -> Vec<u8> {
    page.render().expect("writing to a string does not fail").into_bytes()
}

/// What may stand in a path of a link as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// A path of the bundle as part of a link.
pub(crate) fn href(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// An address of the web, if it is one: what else a rule calls a reference is text.
pub(crate) fn web(address: &str) -> Option<&str> {
    let address = address.trim();
    let scheme = ["https://", "http://"];
    let is_web = scheme.iter().any(|one| address.get(..one.len()).is_some_and(|start| start.eq_ignore_ascii_case(one)));
    let whole = !address.contains(|c: char| c.is_whitespace() || c.is_control());
    (is_web && whole).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::{href, web};

    #[test]
    fn a_path_is_one_path() {
        assert_eq!(href("rules/a b/c#d?e\".yml"), "rules/a%20b/c%23d%3Fe%22.yml");
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(web(" https://example.org/a?b=c "), Some("https://example.org/a?b=c"));
        for other in ["javascript:alert(1)", "data:text/html,x", "https://a b", "//example.org", "a", "é", "http:/x"] {
            assert_eq!(web(other), None, "{other}");
        }
    }
}
