//! Markdown of the reference, for readers who have neither its other pages nor always Markdown.

/// Links to pages beside this one become their words.
pub(crate) fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('[') {
        out.push_str(before);
        let link = from.split_once("](").and_then(|(words, from)| Some((words, from.split_once(')')?)));
        match link {
            Some((words, (to, after))) if !words.contains('[') && to.contains(".md") => {
                out.push_str(words);
                rest = after;
            }
            _ => {
                out.push('[');
                rest = from;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Also without line breaks within a paragraph. Words in backticks stay so: they are names.
pub(crate) fn plain(text: &str) -> String {
    let text = without_links(text);
    let paragraphs: Vec<String> = text.trim().split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect();
    paragraphs.join("\n\n")
}

/// A period followed by a capital or a name ends a sentence; one within backticks or after `e.g` does not.
pub(crate) fn first_sentence(text: &str) -> &str {
    let paragraph = text.split("\n\n").next().unwrap_or(text);
    let is_open = |end: usize| paragraph[..end].matches('`').count() % 2 == 1;
    let starts = |rest: &str| rest.starts_with(|c: char| c.is_uppercase() || c == '`');
    let is_short = |end: usize| paragraph[..end].rsplit(' ').next().is_some_and(|word| word.contains('.'));
    let is_end = |end: usize| !is_open(end) && !is_short(end) && starts(&paragraph[end + 2..]);
    let mut ends = paragraph.match_indices(". ").filter(|(end, _)| is_end(*end));
    ends.next().map_or(paragraph, |(end, _)| &paragraph[..=end])
}

#[cfg(test)]
mod tests {
    use super::{first_sentence, plain, without_links};

    #[test]
    fn only_links_to_other_pages_go() {
        assert_eq!(
            without_links("see [refusals](refusals.md#x) and [Sigma](https://sigmahq.io), [a] or [b"),
            "see refusals and [Sigma](https://sigmahq.io), [a] or [b"
        );
        assert_eq!(plain("one\ntwo\n\nthree [x](y.md)\n"), "one two\n\nthree x");
    }

    #[test]
    fn a_sentence_ends_before_a_capital() {
        assert_eq!(first_sentence("Write e.g. `a. B`. Then more. So."), "Write e.g. `a. B`.");
        assert_eq!(first_sentence("No end\n\nOther"), "No end");
    }
}
