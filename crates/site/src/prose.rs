//! Markdown of a rule's author as HTML.
//!
//! Promises: no markup but that of Markdown, links only to the web and to addresses of mail, no images, and headings that
//! stand below those of the page, in order.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Which heading of a page the first heading of a text stands below.
const ABOVE: usize = 2;

/// `text` as HTML.
pub(crate) fn html(text: &str) -> String {
    let mut headings = Headings::default();
    let mut links: Vec<bool> = Vec::new();
    let events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let events = events.filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            links.push(is_safe(dest_url));
            links.last().is_some_and(|safe| *safe).then_some(event)
        }
        Event::End(TagEnd::Link) => links.pop().unwrap_or(false).then_some(event),
        Event::Start(Tag::Heading { level, .. }) => {
            let level = headings.open(level);
            Some(Event::Start(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }))
        }
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Heading(headings.current()))),
        other => Some(other),
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

fn is_safe(address: &str) -> bool {
    let starts = |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["https://", "http://", "mailto:"].into_iter().any(starts)
}

/// The headings that are open: each stands one below the one that it is in, whatever the author calls it.
#[derive(Default)]
struct Headings {
    open: Vec<HeadingLevel>,
}

impl Headings {
    fn open(&mut self, level: HeadingLevel) -> HeadingLevel {
        self.open.retain(|above| *above < level);
        self.open.push(level);
        self.current()
    }

    fn current(&self) -> HeadingLevel {
        let level = (ABOVE + self.open.len()).min(6);
        HeadingLevel::try_from(level).expect("between 1 and 6")
    }
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn html_is_text() {
        insta::assert_snapshot!(html("a <b onclick=x>b</b>\n\n<script>alert(1)</script>\n\n`<i>`"), @r#"
        <p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>
        <p>&lt;script&gt;alert(1)&lt;/script&gt;
        </p>
        <p><code>&lt;i&gt;</code></p>
        "#);
    }

    #[test]
    fn only_web_addresses_are_links_and_images_are_their_words() {
        insta::assert_snapshot!(
            html("[a](https://example.org/?a=\"b\") [b](javascript:alert(1)) [c](JaVaScript:x) ![d](https://example.org/d.png) <mailto:a@example.org>\n\n[e](//example.org) [f][r]\n\n[r]: data:text/html,x"),
            @r#"
        <p><a href="https://example.org/?a=%22b%22">a</a> b c d <a href="mailto:a@example.org">mailto:a@example.org</a></p>
        <p>e f</p>
        "#
        );
    }

    #[test]
    fn headings_stand_in_order_below_those_of_the_page() {
        insta::assert_snapshot!(html("### a\n\n#### b\n\n# c\n\n###### d\n"), @"
        <h3>a</h3>
        <h4>b</h4>
        <h3>c</h3>
        <h4>d</h4>
        ");
    }
}
