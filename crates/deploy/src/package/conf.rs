//! Configuration files of Splunk, as the app of a bundle has them.
//!
//! <https://docs.splunk.com/Documentation/Splunk/latest/Admin/Configurationfilestructure>

/// A name, and settings in their order.
pub(super) type Stanza = (String, Vec<(String, String)>);

/// The stanzas, in order; or the line of a mistake, and what it is.
pub(super) fn parse(text: &str) -> Result<Vec<Stanza>, (usize, String)> {
    let mut stanzas: Vec<Stanza> = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let start = line.trim();
        if start.is_empty() || start.starts_with('#') {
            continue;
        }
        if let Some(name) = start.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            stanzas.push((name.to_owned(), Vec::new()));
            continue;
        }
        let (key, first) = line.split_once('=').ok_or((at + 1, "expected `key = value`".to_owned()))?;
        let mut value = first.trim_start().to_owned();
        // A backslash at the end of a line takes the next one.
        while value.ends_with('\\') {
            value.pop();
            let Some((_, next)) = lines.next() else { break };
            value.push('\n');
            value.push_str(next);
        }
        let (_, settings) = stanzas.last_mut().ok_or((at + 1, "a setting before the first stanza".to_owned()))?;
        settings.push((key.trim().to_owned(), value.trim_end().to_owned()));
    }
    Ok(stanzas)
}

/// The macros that a search uses: what stands between backticks.
pub(super) fn macros(search: &str) -> impl Iterator<Item = &str> {
    search.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::{macros, parse};

    #[test]
    fn values_go_on_behind_a_backslash() {
        let text =
            "# by us\n[a]\nsearch = index=* \\\n| where x=\"1\" \\\n`a_filter`\nempty =\n\n[b]\nk=v # no comment\n";
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let first = vec![pair("search", "index=* \n| where x=\"1\" \n`a_filter`"), pair("empty", "")];
        let second = vec![pair("k", "v # no comment")];
        assert_eq!(parse(text).unwrap(), [("a".to_owned(), first), ("b".to_owned(), second)]);
        assert_eq!(parse("k = v\n").unwrap_err().0, 1);
        assert_eq!(parse("[a]\nnothing\n").unwrap_err().0, 2);
        assert_eq!(macros("a `b` c `d(1)`").collect::<Vec<_>>(), ["b", "d(1)"]);
    }
}
