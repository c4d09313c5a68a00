//! The ids of the rules of a file, found without reading the rules.
//!
//! A problem is known by the id of its rule from run to run; were it taken from the rule as read, it would come and go with
//! other problems of that rule, which keep it from being read. So the line `id:` of each document is looked for, which
//! stands at the very left. A rule that is written otherwise (as a flow mapping, with its keys indented) has no id here.

use rulecast_diagnostics::{FileId, SourceMap, Span};

/// The documents with an id, of the first file.
pub(super) fn of_first_file(sources: &SourceMap) -> Vec<(Span, String)> {
    let Some(file) = sources.files().first() else { return Vec::new() };
    let (mut found, mut start, mut id) = (Vec::new(), 0, None);
    let mut at = 0;
    for line in file.text.split_inclusive('\n') {
        if line.starts_with("---") && line[3..].chars().next().is_none_or(char::is_whitespace) {
            found.extend(id.take().map(|id| (Span::new(FileId(0), start, at), id)));
            start = at;
        } else if id.is_none() {
            id = value(line);
        }
        at += line.len();
    }
    // One past the end, as a problem may be that the text ends.
    found.extend(id.map(|id| (Span::new(FileId(0), start, at + 1), id)));
    found
}

/// The id that a line gives.
fn value(line: &str) -> Option<String> {
    let value = line.strip_prefix("id:")?;
    let value = value.split(" #").next().unwrap_or(value).trim().trim_matches(['"', '\'']);
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::of_first_file;
    use rulecast_diagnostics::SourceMap;

    #[test]
    fn each_document_has_its_own() {
        let text = "id: 'one' # first\ntitle: [\n---\ntitle: none\nrelated:\n  - id: two\n--- \nid: three\r\n";
        let mut sources = SourceMap::new();
        sources.add("a.yml", text);
        let found: Vec<(String, usize, usize)> = of_first_file(&sources)
            .into_iter()
            .map(|(span, id)| (id, span.start as usize, span.end as usize))
            .collect();
        let third = text.find("--- ").unwrap();
        assert_eq!(
            found,
            [("one".to_owned(), 0, text.find("---").unwrap()), ("three".to_owned(), third, text.len() + 1)]
        );
        assert!(of_first_file(&SourceMap::new()).is_empty());
    }
}
