//! How KQL writes names and texts. Nothing else quotes.
//!
//! Sources: the reference's pages on entity names and on the string data type.

use std::fmt::{self, Write};

/// Words that cannot stand as a name without quotes, sorted. Found by asking Microsoft's parser
/// (`@kusto/language-service-next` 12.4.1) for each word of its grammar; those with two underscores in front are all reserved.
#[rustfmt::skip]
const RESERVED: [&str; 150] = [
    "accumulate", "and", "anomalychart", "areachart", "as", "asc", "bagexpansion", "barchart", "between",
    "bin_legacy", "boolean", "by", "byte", "cachingpolicy", "callout", "cancel", "card", "char", "columnchart",
    "contains", "contains_cs", "containscs", "cycles", "dataexport", "datascope", "datatable", "date", "datetime",
    "decimal", "decodeblocks", "desc", "double", "dynamic", "earliest", "encodingpolicy", "endswith", "endswith_cs",
    "expandoutput", "extent_tags_retention", "external_data", "externaldata", "false", "find", "first", "flags",
    "float", "force_remote", "harddelete", "hardretention", "has", "has_all", "has_any", "has_cs", "hasprefix",
    "hasprefix_cs", "hassuffix", "hassuffix_cs", "hotcache", "in", "int", "int16", "int32", "int64", "int8", "invoke",
    "isfuzzy", "journal", "kind", "ladderchart", "last", "latest", "like", "likecs", "linechart", "long",
    "materialize", "mdm", "missing", "nooptimization", "notcontains", "notcontainscs", "notlike", "notlikecs", "of",
    "or", "others", "pathformat", "piechart", "pivotchart", "print", "project", "queries", "query_results", "real",
    "relaxed", "restricted_view_access", "row_level_security", "rowstore", "rowstore_references", "rowstore_sealinfo",
    "rowstorepolicy", "rowstores", "sample", "scatterchart", "seal", "seals", "search", "set", "shards", "simple",
    "softdelete", "softretention", "sql", "stackedareachart", "startswith", "startswith_cs", "statistics",
    "storedqueryresultcontainers", "string", "tablepurge", "time", "timechart", "timeline", "timepivot", "timespan",
    "title", "to", "toscalar", "totable", "treemap", "true", "uint", "uint16", "uint32", "uint64", "uint8", "ulong",
    "union", "uniqueid", "unrestrictedviewers", "verbose", "viewers", "views", "where", "with_itemindex",
    "with_match_id", "with_source", "with_step_name", "withsource", "writeaheadlog",
];

/// Whether `name` can stand without quotes.
pub(crate) fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with("__")
        && RESERVED.binary_search(&name).is_err()
}

/// A table or column: `Name`, or `['odd name']`.
pub(crate) fn name(out: &mut dyn Write, name: &str) -> fmt::Result {
    if is_plain(name) {
        return out.write_str(name);
    }
    out.write_char('[')?;
    escaped(out, name, '\'')?;
    out.write_char(']')
}

/// A property of an object: `.name`, or `['odd name']`.
pub(crate) fn property(out: &mut dyn Write, name: &str) -> fmt::Result {
    if is_plain(name) {
        out.write_char('.')?;
    }
    self::name(out, name)
}

/// A string: plain, verbatim where that spares escapes, escaped where a character would not show.
pub(crate) fn text(out: &mut dyn Write, text: &str) -> fmt::Result {
    if text.chars().any(is_hidden) {
        return escaped(out, text, '"');
    }
    if !text.contains(['\\', '"']) {
        return write!(out, "\"{text}\"");
    }
    out.write_str("@\"")?;
    for (i, piece) in text.split('"').enumerate() {
        if i > 0 {
            out.write_str("\"\"")?;
        }
        out.write_str(piece)?;
    }
    out.write_char('"')
}

/// A string in a value of any shape, which is JSON: never verbatim.
pub(crate) fn json(out: &mut dyn Write, text: &str) -> fmt::Result {
    escaped(out, text, '"')
}

fn escaped(out: &mut dyn Write, text: &str, quote: char) -> fmt::Result {
    out.write_char(quote)?;
    for c in text.chars() {
        match c {
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            '\\' => out.write_str("\\\\")?,
            _ if c == quote => write!(out, "\\{c}")?,
            _ if is_hidden(c) => write!(out, "\\u{:04X}", u32::from(c))?,
            _ => out.write_char(c)?,
        }
    }
    out.write_char(quote)
}

/// Whether a reader could not see `c`, or would see the text around it in another order: controls, line separators,
/// characters of no width and marks of direction.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::RESERVED;

    fn shown(write: impl FnOnce(&mut String) -> std::fmt::Result) -> String {
        let mut out = String::new();
        write(&mut out).expect("a String takes all text");
        out
    }

    #[test]
    fn reserved_words_can_be_searched() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn names_are_quoted_where_they_must() {
        for (name, expected) in [
            ("FileName", "FileName"),
            ("_x1", "_x1"),
            ("a.b", "['a.b']"),
            ("9x", "['9x']"),
            ("odd name", "['odd name']"),
            ("a{}.b", "['a{}.b']"),
            ("where", "['where']"),
            ("Where", "Where"),
            ("__x", "['__x']"),
            ("it's", r"['it\'s']"),
            (r"a\", r"['a\\']"),
            ("naïve", "['naïve']"),
            ("", "['']"),
        ] {
            assert_eq!(shown(|out| super::name(out, name)), expected);
        }
        assert_eq!(shown(|out| super::property(out, "a")), ".a");
        assert_eq!(shown(|out| super::property(out, "b-c")), "['b-c']");
        assert_eq!(shown(|out| super::property(out, "by")), "['by']");
    }

    #[test]
    fn texts_keep_every_character() {
        for (text, expected) in [
            ("", r#""""#),
            ("cmd.exe", r#""cmd.exe""#),
            (r"C:\Temp\", r#"@"C:\Temp\""#),
            (r#"say "hi""#, r#"@"say ""hi""""#),
            ("it's", r#""it's""#),
            ("*?", r#""*?""#),
            ("line1\nline2\ttab", r#""line1\nline2\ttab""#),
            ("a\\b\"c\r", r#""a\\b\"c\r""#),
            ("\u{1}\u{85}\u{2028}", r#""\u0001\u0085\u2028""#),
            ("gpj\u{202e}exe", r#""gpj\u202Eexe""#),
            ("пример", r#""пример""#),
        ] {
            assert_eq!(shown(|out| super::text(out, text)), expected);
        }
    }
}
