//! What can be said of the files of a site: where links lead, which ids a page has, in which order its headings stand.

use std::collections::{BTreeMap, BTreeSet};

/// The value of each attribute of that name, in order.
///
/// All our attributes stand in double quotes, and none holds a `<` or `>`: the escaping sees to that.
pub(super) fn attributes<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    let start = format!(" {name}=\"");
    let tags = html.split('<').skip(1).filter_map(|rest| Some(rest.split_once('>')?.0));
    let in_tag = |tag: &'h str| {
        let values = tag.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
        values.collect::<Vec<_>>()
    };
    tags.flat_map(in_tag).collect()
}

/// The levels of the headings of a page, in order.
pub(super) fn headings(html: &str) -> Vec<u32> {
    let levels = html.split("<h").skip(1).filter_map(|rest| {
        let level = rest.chars().next()?.to_digit(10)?;
        rest[1..].starts_with([' ', '>']).then_some(level)
    });
    levels.collect()
}

/// Text between tags, without them.
pub(super) fn text(html: &str) -> String {
    let mut out = String::new();
    for part in html.split('<') {
        out.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    let plain = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#34;", "\"");
    plain.replace("&#39;", "'").replace("&#38;", "&").replace("&amp;", "&")
}

/// What is wrong with the pages below `site/`, of all files of a bundle: links that lead nowhere, ids that stand twice,
/// headings out of order, and anything that is fetched from elsewhere.
pub(super) fn problems(files: &BTreeMap<String, String>, all: &BTreeSet<String>) -> Vec<String> {
    let mut problems = Vec::new();
    let ids: BTreeMap<&str, Vec<&str>> =
        files.iter().map(|(path, html)| (path.as_str(), attributes(html, "id"))).collect();
    for (path, html) in files {
        let own: BTreeSet<&str> = ids[path.as_str()].iter().copied().collect();
        if own.len() != ids[path.as_str()].len() {
            problems.push(format!("{path}: an id stands twice"));
        }
        let levels = headings(html);
        let in_order = levels.windows(2).all(|two| two[1] <= two[0] + 1);
        if levels.first() != Some(&1) || levels.iter().filter(|level| **level == 1).count() != 1 || !in_order {
            problems.push(format!("{path}: headings {levels:?}"));
        }
        for attribute in ["style", "onclick", "onload", "onerror", "srcdoc"] {
            if !attributes(html, attribute).is_empty() {
                problems.push(format!("{path}: has {attribute}"));
            }
        }
        for source in attributes(html, "src") {
            if source.contains(':') || source.starts_with("//") {
                problems.push(format!("{path}: fetches {source}"));
            }
        }
        for reference in attributes(html, "aria-labelledby").into_iter().chain(attributes(html, "for")) {
            if !own.contains(reference) {
                problems.push(format!("{path}: no id {reference}"));
            }
        }
        for link in attributes(html, "href").into_iter().chain(attributes(html, "src")) {
            let is_elsewhere = ["https://", "http://", "mailto:"].iter().any(|scheme| link.starts_with(scheme));
            if is_elsewhere || link.starts_with("data:image/svg+xml,") {
                continue;
            }
            let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
            let to = if file.is_empty() { path.clone() } else { resolve(path, file) };
            if !all.contains(&to) {
                problems.push(format!("{path}: {link} leads nowhere"));
            } else if !fragment.is_empty() && !ids.get(to.as_str()).is_some_and(|ids| ids.contains(&fragment)) {
                problems.push(format!("{path}: {link} has no place"));
            }
        }
    }
    problems
}

/// The file that a link of a page leads to.
fn resolve(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    let link = decoded(link);
    for part in link.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn decoded(link: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = link.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = link.get(link.len() - after.len()..link.len() - after.len() + 2).filter(|_| *first == b'%');
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}
