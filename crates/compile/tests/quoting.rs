//! No value of a rule escapes its literal. Hostile values hold a mark; lexers written here from the vendors' pages, which know
//! nothing but where literals begin and end, must find the mark within literals only, on every target.

use rulecast_compile::{Allow, Language, Outcome, Target, Unit, compile};
use rulecast_diagnostics::FileId;

/// Stands for what an attacker would like to be read as query.
const MARK: &str = "zq9xmark";

/// What ends, escapes or nests literals somewhere.
const FRAGMENTS: &[&str] = &[
    "\"",
    "'",
    "`",
    "\\",
    "\\\\",
    "\\\"",
    "\"\"",
    "\"\"\"",
    "''",
    "```",
    "@\"",
    "~~~",
    "]",
    "[",
    "|",
    "| delete ",
    ")",
    "(",
    "{",
    "}",
    ";",
    "//",
    "/*",
    "*/",
    "*",
    "?",
    "\\*",
    "%",
    "$",
    "$$",
    "=",
    ",",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "é",
    "日本",
    "𝕏",
    "\\n",
    "\\u0022",
    "\\x22",
    "&quot;",
    "OR 1=1",
    "#",
    "--",
    "x",
];

/// The same numbers in every run (an xorshift of Marsaglia's).
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).expect("less than a usize")
    }

    fn hostile(&mut self) -> String {
        let mut text: String = (0..=self.next(4)).map(|_| FRAGMENTS[self.next(FRAGMENTS.len())]).collect();
        text.push_str(MARK);
        (0..=self.next(4)).for_each(|_| text.push_str(FRAGMENTS[self.next(FRAGMENTS.len())]));
        text
    }
}

/// A text in double quotes, as YAML writes it: whatever is not plain by its number.
fn quoted(text: &str) -> String {
    let escaped = |c: char| match u32::from(c) {
        _ if c == '"' || c == '\\' => format!("\\{c}"),
        0x20..=0x7e | 0xa1..=0x1fff => c.to_string(),
        code @ ..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// Items of a selection that hold the value in every place that a rule has for one.
fn items(value: &str) -> Vec<String> {
    let text = quoted(value);
    let pattern = quoted(&regex_escaped(value));
    let mut items: Vec<String> = [
        "",
        "|contains",
        "|startswith",
        "|endswith",
        "|cased",
        "|contains|cased",
        "|windash",
        "|base64offset|contains",
    ]
    .iter()
    .map(|modifiers| format!("    CommandLine{modifiers}: {text}\n"))
    .collect();
    items.push(format!("    CommandLine: [{text}, other]\n"));
    items.push(format!("    CommandLine|re: {pattern}\n"));
    items.push(format!("    CommandLine|re|i: {pattern}\n"));
    items.push(format!("    CommandLine|fieldref: {text}\n"));
    items.push(format!("    {text}: value\n"));
    items.push(format!("    {text}|exists: true\n"));
    items.push(format!("    - {text}\n"));
    items
}

fn regex_escaped(text: &str) -> String {
    text.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}

/// The text of a query outside of its literals and quoted names; the error says what does not end.
fn outside(query: &str, language: Language) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = query;
    while let Some(first) = rest.chars().next() {
        let ends = match (language, first) {
            (Language::Eql, _) if rest.starts_with("\"\"\"") => Some(("\"\"\"", "\"\"\"", Escape::None)),
            (Language::Eql | Language::Spl, '"') => Some(("\"", "\"", Escape::Backslash)),
            (Language::Eql, '`') => Some(("`", "`", Escape::Doubled)),
            (Language::Spl, '\'') => Some(("'", "'", Escape::Backslash)),
            (Language::Kql, '@') if rest.starts_with("@\"") => Some(("@\"", "\"", Escape::Doubled)),
            (Language::Kql, '@') if rest.starts_with("@'") => Some(("@'", "'", Escape::Doubled)),
            (Language::Kql, '"') => Some(("\"", "\"", Escape::Backslash)),
            (Language::Kql, '\'') => Some(("'", "'", Escape::Backslash)),
            _ => None,
        };
        if let Some((open, close, escape)) = ends {
            rest = escape.skip(&rest[open.len()..], close)?;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    Ok(out)
}

/// How a literal holds what would end it.
#[derive(Clone, Copy)]
enum Escape {
    None,
    Backslash,
    Doubled,
}

impl Escape {
    /// What follows the literal's end.
    fn skip<'t>(self, text: &'t str, close: &str) -> Result<&'t str, String> {
        let mut rest = text;
        loop {
            rest = match self {
                Escape::Backslash if rest.starts_with('\\') => {
                    let mut escaped = rest[1..].chars();
                    escaped.next();
                    escaped.as_str()
                }
                Escape::Doubled if rest.starts_with(&close.repeat(2)) => &rest[2 * close.len()..],
                _ if rest.starts_with(close) => return Ok(&rest[close.len()..]),
                _ => match rest.chars().next() {
                    Some(c) => &rest[c.len_utf8()..],
                    None => return Err(format!("a literal has no {close}")),
                },
            };
        }
    }
}

#[test]
fn lexers_see_what_escapes() {
    let outside = |query, language| outside(query, language).unwrap();
    assert_eq!(outside(r#"a : "x\"y" and `b``c` == 1"#, Language::Eql), "a :  and  == 1");
    assert_eq!(outside(r#"a="x\\" y"#, Language::Spl), "a= y");
    assert_eq!(outside(r#"a == @"x""y\" z"#, Language::Kql), "a ==  z");
}

#[test]
fn lexers_see_what_does_not_end() {
    for (query, language) in
        [(r#"a="x"#, Language::Spl), (r#"a : "x\""#, Language::Eql), (r#"a == @"x"" y"#, Language::Kql)]
    {
        assert!(outside(query, language).is_err(), "{query}");
    }
}

#[test]
fn no_value_escapes_its_literal() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let (mut queries, mut within, mut refused) = (0, 0, 0);
    for _ in 0..400 {
        let value = dice.hostile();
        let class = format!("classification:\n  - {{name: {}, condition: sel}}\n", quoted(&value));
        let ordinary = ("    CommandLine: x\n".to_owned(), class.as_str());
        for (item, class) in items(&value).into_iter().map(|item| (item, "")).chain([ordinary]) {
            let yaml = format!(
                "title: t\nlogsource: {{category: process_creation, product: windows}}\ndetection:\n  sel:\n{item}  condition: \
                 sel\n{class}"
            );
            let parsed = rulecast_rule::parse(FileId(0), &yaml);
            let resolved = Unit::new(parsed.documents).resolve();
            let Some(rule) = resolved.rules.first() else {
                refused += 1;
                continue;
            };
            for target in Target::ALL {
                let Outcome::Queries(found) = compile(rule, target, Allow { over: true, under: true }) else {
                    refused += 1;
                    continue;
                };
                for query in found {
                    queries += 1;
                    within += usize::from(query.text.contains(MARK));
                    let text = &query.text;
                    let code =
                        outside(text, target.language).unwrap_or_else(|why| panic!("{target}: {why}\n{yaml}\n{text}"));
                    assert!(!code.contains(MARK), "{target}: a value escapes\n{yaml}\n{text}");
                    assert!(!code.contains("delete"), "{target}: a value escapes\n{yaml}\n{text}");
                }
            }
        }
    }
    assert!(within > 10_000, "{within} of {queries} queries hold the mark, {refused} refused");
}
