//! A query with words about it, in one file.

use rulecast_backend::Language;
use std::fmt::{self, Display, Formatter};

/// A line for people in the syntax of a language. No text makes more of it than a comment.
pub fn comment(language: Language, text: &str) -> String {
    match language {
        Language::Eql => rulecast_eql::Comment(text).to_string(),
        Language::Spl => rulecast_spl::Comment(text).to_string(),
        Language::Kql => rulecast_kql::Comment(text).to_string(),
    }
}

/// The text of a query with comments, which ends with a line feed.
///
/// They stand above the query. In SPL, where it begins with a pipe, they stand below: a command that makes events has to be
/// the first of its search, and whether a comment may precede it is not said.
#[derive(Clone, Copy, Debug)]
pub struct Commented<'a> {
    /// The language of the query.
    pub language: Language,
    /// What to say of it, a line each.
    pub notes: &'a [String],
    /// The query.
    pub text: &'a str,
}

impl Display for Commented<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let below = self.language == Language::Spl && self.text.trim_start().starts_with('|');
        if below {
            writeln!(f, "{}", self.text)?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "{}", comment(self.language, note)))?;
        if below { Ok(()) } else { writeln!(f, "{}", self.text) }
    }
}

#[cfg(test)]
mod tests {
    use super::Commented;
    use crate::{Allow, Language, Outcome, Target, Unit, compile};
    use rulecast_diagnostics::FileId;

    const RULES: [&str; 2] = [
        "title: a\nlogsource: {category: process_creation, product: windows}\n\
         detection: {s: {CommandLine|contains: 'a b'}, condition: s}\n",
        // On `spl.tstats`, a query that begins with a pipe; on others, one of several commands.
        "title: b\nlogsource: {category: process_creation, product: windows}\n\
         detection: {s: {CommandLine|re: 'a.*b', Image|endswith: '\\x.exe'}, condition: s}\n",
    ];

    /// What a title may hold to be more than a comment.
    const NOTES: [&str; 9] = [
        "plain",
        "two\nlines | delete",
        "\r| delete\u{2028}| delete\u{85}x",
        "``` | delete ```",
        "` ``",
        "`",
        "an \"open quote and `drop(1)` [ search",
        "*/ /* */ // \\",
        "",
    ];

    fn parsed(language: Language, text: &str) -> String {
        match language {
            Language::Eql => format!("{:?}", rulecast_eql::parse(text).unwrap()),
            Language::Spl => format!("{:?}", rulecast_spl::parse(text).unwrap()),
            Language::Kql => format!("{:?}", rulecast_kql::parse::parse(text).unwrap()),
        }
    }

    #[test]
    fn no_text_changes_the_query_beside_it() {
        let (mut above, mut below) = (0, 0);
        for rule in RULES {
            let documents = rulecast_rule::parse(FileId(0), rule).documents;
            let rules = Unit::new(documents).resolve().rules;
            for target in Target::ALL {
                let Outcome::Queries(queries) = compile(&rules[0], target, Allow::default()) else { continue };
                for query in queries {
                    let (language, text) = (target.language, query.text.as_str());
                    let expected = parsed(language, text);
                    for note in NOTES {
                        let notes = [note.to_owned(), note.to_owned()];
                        let file = Commented { language, notes: &notes, text }.to_string();
                        assert_eq!(parsed(language, &file), expected, "{file}");
                        assert_eq!(file.lines().count(), text.lines().count() + 2, "{file}");
                        assert!(file.ends_with('\n') && file.contains(text));
                        if file.starts_with(text) { below += 1 } else { above += 1 }
                    }
                }
            }
        }
        assert!(above > 100 && below > 5, "{above} above, {below} below");
    }
}
