//! Reading what a target reads, out of a rule's `targets` and out of a configuration alike.
//!
//! Promises: a key that does not exist, or that the language has no use for, and a value that cannot be one are problems at
//! their places, all of them at once. Lacks: what depends on a data model, as whether a column holds numbers.

use crate::ast::{Node, Scope, ScopeTest, ScopeValue, Value};
use crate::suggest::closest;
use rulecast_diagnostics::{Diagnostic, Span, Spanned};

/// The name under which such mistakes are reported.
const INVALID_SCOPE: &str = "invalid-scope";

/// The keys, and the languages that have a use for each.
pub const SCOPE_KEYS: &[(&str, &[&str])] = &[
    ("macro", &["spl"]),
    ("index", &["eql", "spl"]),
    ("sourcetype", &["spl"]),
    ("table", &["kql"]),
    ("where", &SCOPE_LANGUAGES),
];

/// The languages of targets.
pub const SCOPE_LANGUAGES: [&str; 3] = ["eql", "spl", "kql"];

/// Those that one language has a use for.
pub fn scope_keys(language: &str) -> Vec<&'static str> {
    SCOPE_KEYS.iter().filter(|(_, languages)| languages.contains(&language)).map(|(key, _)| *key).collect()
}

/// Whether a word is one of the keys, of whatever language.
pub fn is_scope_key(word: &str) -> bool {
    SCOPE_KEYS.iter().any(|(key, _)| *key == word)
}

type Entries = [(Spanned<String>, Spanned<Node>)];
type Problems = Vec<Diagnostic>;

fn invalid(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(INVALID_SCOPE, span, message)
}

/// Reads what the target of this language reads. Keys of `others` are for someone else to read.
pub fn scope(language: &str, entries: &Entries, others: &[&str], problems: &mut Problems) -> Scope {
    let mut scope = Scope { span: entries.first().map_or_else(Span::default, |(key, _)| key.span), ..Scope::default() };
    for (key, value) in entries {
        let word = key.node.as_str();
        let Some((_, languages)) = SCOPE_KEYS.iter().find(|(known, _)| *known == word) else {
            match &value.node {
                _ if others.contains(&word) => {}
                Node::Map(entries) => {
                    let part = part(language, entries, problems);
                    scope.parts.push((key.clone(), part));
                }
                _ => problems.push(unknown(language, key, others)),
            }
            continue;
        };
        if !languages.contains(&language) {
            let message = format!("`{language}` has no use for `{word}`");
            problems.push(invalid(key.span, message).help(known(language, others)));
            continue;
        }
        match word {
            "macro" => scope.macro_name = name(key, value, is_macro_name, MACRO_NAME, problems),
            "table" => scope.table = name(key, value, |name| !name.contains(char::is_control), "", problems),
            "index" => scope.index = patterns(key, value, problems),
            "sourcetype" => scope.sourcetype = patterns(key, value, problems),
            _ => scope.tests = tests(key, value, problems),
        }
    }
    if let (Some(name), "spl") = (&scope.macro_name, language)
        && !(scope.index.is_empty() && scope.sourcetype.is_empty())
    {
        let message = "`index` and `sourcetype` take the place of the macro, and here is another macro";
        problems.push(
            invalid(name.span, message).help("narrow what a macro finds with `where: [{column: index, in: […]}]`"),
        );
    }
    scope
}

/// What is said of one thing that the target reads.
fn part(language: &str, entries: &Entries, problems: &mut Problems) -> Scope {
    for (key, value) in
        entries.iter().filter(|(key, value)| !is_scope_key(&key.node) && matches!(value.node, Node::Map(_)))
    {
        problems.push(invalid(value.span, format!("expected one of the keys, and `{}` is none", key.node)));
    }
    let plain: Vec<_> = entries.iter().filter(|(_, value)| !matches!(value.node, Node::Map(_))).cloned().collect();
    scope(language, &plain, &[], problems)
}

fn unknown(language: &str, key: &Spanned<String>, others: &[&str]) -> Diagnostic {
    let problem = invalid(key.span, format!("there is no key `{}` in the scope of a target", key.node));
    let keys = scope_keys(language);
    match closest(&key.node, keys.iter().chain(others).copied()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(known(language, others)),
    }
}

fn known(language: &str, others: &[&str]) -> String {
    let keys = scope_keys(language);
    let names: Vec<String> = keys.iter().chain(others).map(|name| format!("`{name}`")).collect();
    format!("it can be {}", names.join(", "))
}

const MACRO_NAME: &str = "the name of a macro is of letters, digits, `_` and `-`, without backquotes";

fn is_macro_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// Text that is not empty, and is a name.
fn name(
    key: &Spanned<String>,
    value: &Spanned<Node>,
    is_name: impl Fn(&str) -> bool,
    why: &str,
    problems: &mut Problems,
) -> Option<Spanned<String>> {
    let word = text(&format!("`{}`", key.node), value, problems)?;
    if is_name(&word) {
        return Some(word);
    }
    let problem = invalid(word.span, format!("`{}` is no name", word.escape_debug()));
    problems.push(if why.is_empty() { problem } else { problem.help(why) });
    None
}

fn text(what: &str, value: &Spanned<Node>, problems: &mut Problems) -> Option<Spanned<String>> {
    match &value.node {
        Node::Scalar(Value::Text(text)) if !text.trim().is_empty() => Some(Spanned::new(text.clone(), value.span)),
        Node::Scalar(Value::Text(_)) => {
            problems.push(invalid(value.span, format!("{what} is empty")));
            None
        }
        _ => {
            problems.push(invalid(value.span, format!("{what} needs text")));
            None
        }
    }
}

/// Texts in which `*` stands for anything.
fn patterns(key: &Spanned<String>, value: &Spanned<Node>, problems: &mut Problems) -> Vec<Spanned<String>> {
    let what = format!("`{}`", key.node);
    let words: Vec<Spanned<String>> = match &value.node {
        Node::List(items) => items.iter().filter_map(|item| text(&what, item, problems)).collect(),
        _ => text(&what, value, problems).into_iter().collect(),
    };
    if let Node::List(items) = &value.node
        && items.is_empty()
    {
        problems.push(invalid(value.span, format!("{what} is empty")));
    }
    let mut sound = Vec::with_capacity(words.len());
    for word in words {
        if word.chars().all(|c| c == '*') {
            let problem =
                invalid(word.span, format!("{what} would be anything: the rule would no longer say what it reads"));
            problems.push(problem);
        } else if word.contains(|c: char| c.is_control() || matches!(c, '"' | '\\' | '`' | '?' | ',')) {
            problems.push(invalid(word.span, format!("`{}` is no name", word.escape_debug())));
        } else {
            sound.push(word);
        }
    }
    sound
}

/// A list of tests.
fn tests(key: &Spanned<String>, value: &Spanned<Node>, problems: &mut Problems) -> Vec<ScopeTest> {
    match &value.node {
        Node::List(items) if !items.is_empty() => items.iter().filter_map(|item| test(item, problems)).collect(),
        Node::List(_) => {
            problems.push(invalid(value.span, format!("`{}` is empty", key.node)));
            Vec::new()
        }
        _ => {
            problems.push(invalid(value.span, format!("`{}` needs a list of tests", key.node)).help(FORMS));
            Vec::new()
        }
    }
}

const FORMS: &str = "a test is `column` with one of `equals`, `in` and `exists`, or `any` with a list of tests";

fn test(node: &Spanned<Node>, problems: &mut Problems) -> Option<ScopeTest> {
    const KNOWN: [&str; 5] = ["column", "equals", "in", "exists", "any"];
    let Node::Map(entries) = &node.node else {
        problems.push(invalid(node.span, FORMS));
        return None;
    };
    let before = problems.len();
    for (key, _) in entries.iter().filter(|(key, _)| !KNOWN.contains(&key.node.as_str())) {
        let problem = invalid(key.span, format!("there is no key `{}` in a test of a column", key.node));
        problems.push(match closest(&key.node, KNOWN) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(FORMS),
        });
    }
    if problems.len() > before {
        return None;
    }
    let of = |wanted: &str| entries.iter().find(|(key, _)| key.node == wanted).map(|(_, value)| value);
    match (of("column"), of("equals"), of("in"), of("exists"), of("any")) {
        (Some(column), Some(value), None, None, None) => {
            let (column, value) = (text("`column`", column, problems), scalar(value, problems));
            Some(ScopeTest::In(column?, vec![value?]))
        }
        (Some(column), None, Some(values), None, None) => {
            let column = text("`column`", column, problems);
            let Node::List(items) = &values.node else {
                problems.push(invalid(values.span, "`in` needs a list of values"));
                return None;
            };
            if items.is_empty() {
                problems.push(invalid(values.span, "`in` is empty: no event would be read"));
            }
            let values: Vec<_> = items.iter().filter_map(|item| scalar(item, problems)).collect();
            Some(ScopeTest::In(column?, values)).filter(|_| problems.len() == before)
        }
        (Some(column), None, None, Some(wanted), None) => {
            let column = text("`column`", column, problems);
            let Node::Scalar(Value::Boolean(wanted)) = wanted.node else {
                problems.push(invalid(wanted.span, "`exists` needs `true` or `false`"));
                return None;
            };
            Some(ScopeTest::Exists(column?, wanted))
        }
        (None, None, None, None, Some(any)) => {
            let Node::List(items) = &any.node else {
                problems.push(invalid(any.span, "`any` needs a list of tests"));
                return None;
            };
            if items.is_empty() {
                problems.push(invalid(any.span, "`any` is empty: no event would be read"));
            }
            let tests: Vec<_> = items.iter().filter_map(|item| test(item, problems)).collect();
            Some(ScopeTest::Any(tests)).filter(|_| problems.len() == before)
        }
        _ => {
            let at = entries.first().map_or(node.span, |(key, _)| key.span);
            problems.push(invalid(at, FORMS));
            None
        }
    }
}

fn scalar(node: &Spanned<Node>, problems: &mut Problems) -> Option<Spanned<ScopeValue>> {
    let value = match &node.node {
        Node::Scalar(value) => ScopeValue::try_from(value).ok(),
        Node::List(_) | Node::Map(_) => None,
    };
    if value.is_none() {
        problems.push(invalid(node.span, "expected text or a whole number").help("put it in quotes"));
    }
    Some(Spanned::new(value?, node.span))
}
