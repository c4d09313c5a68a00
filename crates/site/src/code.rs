//! Queries and rules as HTML, with their strings, words and comments marked for the eye.
//!
//! Promises: the text is that of the query, escaped; marks change nothing in it. Lacks: knowledge of the languages: a mark
//! may be wrong, and is no more than a colour.

use rulecast_compile::Language;
use std::fmt::Write;

/// A query.
pub(crate) fn query(language: Language, text: &str) -> String {
    let words: &[&str] = match language {
        Language::Eql => &["and", "any", "by", "in", "maxspan", "not", "or", "sequence", "until", "where", "with"],
        Language::Spl => &[
            "AND",
            "NOT",
            "OR",
            "IN",
            "by",
            "case",
            "dedup",
            "eval",
            "if",
            "mvexpand",
            "multisearch",
            "search",
            "sort",
            "stats",
            "streamstats",
            "eventstats",
            "table",
            "tstats",
            "where",
            "from",
            "as",
            "fields",
            "rename",
        ],
        Language::Kql => &[
            "and",
            "or",
            "not",
            "by",
            "extend",
            "in",
            "in~",
            "let",
            "project",
            "sort",
            "order",
            "summarize",
            "union",
            "where",
            "has",
            "has_cs",
            "contains",
            "contains_cs",
            "startswith",
            "endswith",
            "matches",
            "regex",
            "join",
            "kind",
            "case",
            "iff",
            "on",
            "desc",
            "asc",
            "between",
            "partition",
            "scan",
            "step",
            "declare",
            "with",
        ],
    };
    let mut out = String::with_capacity(text.len() * 3 / 2);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '"' || c == '\'' {
            let verbatim = out.ends_with('@');
            let end = string_end(rest, c, verbatim);
            mark(&mut out, "s", &rest[..end]);
            rest = &rest[end..];
        } else if c.is_alphabetic() || c == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '~'))).unwrap_or(rest.len());
            let word = &rest[..end];
            if words.contains(&word) {
                mark(&mut out, "k", word)
            } else {
                escape(&mut out, word)
            }
            rest = &rest[end..];
        } else if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            mark(&mut out, "c", &rest[..end]);
            rest = &rest[end..];
        } else {
            escape(&mut out, &rest[..c.len_utf8()]);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// One past the closing quote; the end, where there is none.
fn string_end(text: &str, quote: char, verbatim: bool) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if !verbatim => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The lines of a file of rules, each with its number as id.
pub(crate) fn rule(text: &str) -> String {
    lines(text, true)
}

/// The lines of other YAML.
pub(crate) fn yaml(text: &str) -> String {
    lines(text, false)
}

fn lines(text: &str, numbered: bool) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (line, number) in text.lines().zip(1..) {
        if numbered {
            let _ = write!(out, "<span class=\"l\" id=\"L{number}\">");
        }
        let body = line.trim_start();
        let key = body.split_once(':').map(|(key, _)| key).filter(|key| {
            let key = key.trim_start_matches("- ");
            !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '|' | '-' | '.'))
        });
        escape(&mut out, &line[..line.len() - body.len()]);
        match key {
            _ if body.starts_with('#') => mark(&mut out, "c", body),
            Some(key) => {
                mark(&mut out, "k", key);
                escape(&mut out, &body[key.len()..]);
            }
            None => escape(&mut out, body),
        }
        out.push_str(if numbered { "</span>\n" } else { "\n" });
    }
    out
}

fn mark(out: &mut String, class: &str, text: &str) {
    let _ = write!(out, "<span class=\"{class}\">");
    escape(out, text);
    out.push_str("</span>");
}

/// As the templates do.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\r' => {}
            c if c.is_control() && c != '\n' && c != '\t' => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{query, rule};
    use rulecast_compile::Language;

    #[test]
    fn marks_change_no_text() {
        let text = "T | where A in~ (\"a\\\"</pre>\", @\"b\\\") // c <\n| x 'd' é\"open";
        let marked = query(Language::Kql, text);
        insta::assert_snapshot!(marked, @r#"
        T | <span class="k">where</span> A <span class="k">in~</span> (<span class="s">&quot;a\&quot;&lt;/pre&gt;&quot;</span>, @<span class="s">&quot;b\&quot;</span>) <span class="c">// c &lt;</span>
        | x <span class="s">&#39;d&#39;</span> é<span class="s">&quot;open</span>
        "#);
    }

    #[test]
    fn each_line_of_a_rule_has_its_number() {
        insta::assert_snapshot!(rule("# <a>\ntitle: </textarea>\n  - A|re: 'b'\n  - http://x\n"), @r#"
        <span class="l" id="L1"><span class="c"># &lt;a&gt;</span></span>
        <span class="l" id="L2"><span class="k">title</span>: &lt;/textarea&gt;</span>
        <span class="l" id="L3">  <span class="k">- A|re</span>: &#39;b&#39;</span>
        <span class="l" id="L4">  <span class="k">- http</span>://x</span>
        "#);
    }
}
