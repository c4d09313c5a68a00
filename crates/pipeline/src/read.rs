//! Reading the YAML of pipelines and data models: every key is asked for, and what nobody asked for is an error at its place.

use rulecast_diagnostics::{Diagnostic, Span, Spanned};
use rulecast_rule::ast::{Node, Value};
use rulecast_rule::closest;

/// The name under which a pipeline's mistakes are reported.
pub(crate) const INVALID: &str = "invalid-pipeline";

/// The name under which that is reported which a pipeline may ask for and Rulecast refuses.
const REFUSED: &str = "refused-in-pipeline";

/// A mistake in a pipeline.
pub(crate) fn invalid(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(INVALID, span, message)
}

/// What is refused, whatever it says.
pub(crate) fn refused(span: Span, name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(REFUSED, span, format!("`{name}` is refused")).label("not honoured").help(why)
}

/// An unknown word of a pipeline where one of `known` is meant.
pub(crate) fn unknown<'a>(
    what: &str,
    word: &Spanned<String>,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    unknown_in(INVALID, what, word, known)
}

/// The same, reported under `name`.
pub(crate) fn unknown_in<'a>(
    name: &'static str,
    what: &str,
    word: &Spanned<String>,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let problem = Diagnostic::error(name, word.span, format!("unknown {what} `{}`", word.node));
    if let Some(near) = closest(word, known.clone()) {
        return problem.help(format!("did you mean `{near}`?"));
    }
    let known: Vec<String> = known.into_iter().map(|name| format!("`{name}`")).collect();
    problem.help(format!("known: {}", known.join(", ")))
}

/// A scalar as text.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Null => "null".to_owned(),
    }
}

/// A node of any shape as data.
pub(crate) fn data(node: &Node) -> serde_json::Value {
    match node {
        Node::Scalar(Value::Text(text)) => text.as_str().into(),
        Node::Scalar(Value::Integer(number)) => (*number).into(),
        Node::Scalar(Value::Float(number)) => (*number).into(),
        Node::Scalar(Value::Boolean(boolean)) => (*boolean).into(),
        Node::Scalar(Value::Null) => serde_json::Value::Null,
        Node::List(items) => items.iter().map(|item| data(item)).collect(),
        Node::Map(entries) => entries.iter().map(|(key, value)| (key.node.clone(), data(value))).collect(),
    }
}

/// A mapping that is being read.
pub(crate) struct Map<'p> {
    /// Under which its problems are reported.
    name: &'static str,
    /// What it is, in messages: "pipeline", "step".
    what: &'static str,
    /// Where a problem with the whole is shown: its first key, or its type once that is known.
    pub(crate) at: Span,
    entries: Vec<(Spanned<String>, Spanned<Node>)>,
    asked: Vec<&'static str>,
    pub(crate) problems: &'p mut Vec<Diagnostic>,
}

impl<'p> Map<'p> {
    /// The mapping `node`; a problem if it is none.
    pub(crate) fn new(node: Spanned<Node>, what: &'static str, problems: &'p mut Vec<Diagnostic>) -> Option<Self> {
        Self::named(INVALID, node, what, problems)
    }

    /// The same of a data model.
    pub(crate) fn of_model(node: Spanned<Node>, what: &'static str, problems: &'p mut Vec<Diagnostic>) -> Option<Self> {
        Self::named(crate::model::INVALID, node, what, problems)
    }

    fn named(
        name: &'static str,
        node: Spanned<Node>,
        what: &'static str,
        problems: &'p mut Vec<Diagnostic>,
    ) -> Option<Self> {
        match node.node {
            Node::Map(entries) => {
                let at = entries.first().map_or(node.span, |(key, _)| key.span);
                Some(Self { name, what, at, entries, asked: Vec::new(), problems })
            }
            Node::List(_) | Node::Scalar(_) => {
                problems.push(
                    Diagnostic::error(name, node.span, format!("a {what} is a mapping")).label("expected `key: value`"),
                );
                None
            }
        }
    }

    /// The value of a key that may be there. Null is as none.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Spanned<Node>> {
        self.take_even_null(key).filter(|node| node.node != Node::Scalar(Value::Null))
    }

    /// The value of a key that may be there.
    pub(crate) fn take_even_null(&mut self, key: &'static str) -> Option<Spanned<Node>> {
        self.asked.push(key);
        let at = self.entries.iter().position(|(name, _)| name.node == key)?;
        Some(self.entries.remove(at).1)
    }

    /// The value of a key that must be there.
    pub(crate) fn required(&mut self, key: &'static str) -> Option<Spanned<Node>> {
        let found = self.take_even_null(key);
        if found.is_none() {
            self.problems.push(Diagnostic::error(self.name, self.at, format!("the {} lacks `{key}`", self.what)));
        }
        found
    }

    /// Text that may be there.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let node = self.take(key)?;
        self.as_text(key, &node)
    }

    /// Text that must be there.
    pub(crate) fn required_text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let node = self.required(key)?;
        self.as_text(key, &node)
    }

    pub(crate) fn as_text(&mut self, key: &str, node: &Spanned<Node>) -> Option<Spanned<String>> {
        match scalar(node) {
            Some(value) if *value != Value::Null => Some(Spanned::new(shown(value), node.span)),
            _ => {
                self.problems.push(Diagnostic::error(self.name, node.span, format!("`{key}` needs text")));
                None
            }
        }
    }

    /// A truth value, `false` unless said.
    pub(crate) fn flag(&mut self, key: &'static str) -> bool {
        self.flag_or(key, false)
    }

    /// A truth value. The pipelines of others are YAML 1.1, where `yes` is one.
    pub(crate) fn flag_or(&mut self, key: &'static str, default: bool) -> bool {
        let Some(node) = self.take(key) else { return default };
        match &node.node {
            Node::Scalar(Value::Boolean(flag)) => return *flag,
            Node::Scalar(Value::Text(word)) => match word.to_ascii_lowercase().as_str() {
                "yes" | "on" => return true,
                "no" | "off" => return false,
                _ => {}
            },
            Node::Scalar(_) | Node::List(_) | Node::Map(_) => {}
        }
        self.problems.push(Diagnostic::error(self.name, node.span, format!("`{key}` needs `true` or `false`")));
        default
    }

    /// A whole number that may be there.
    pub(crate) fn integer(&mut self, key: &'static str) -> Option<i64> {
        let node = self.take(key)?;
        if let Node::Scalar(Value::Integer(number)) = node.node {
            return Some(number);
        }
        self.problems.push(Diagnostic::error(self.name, node.span, format!("`{key}` needs a whole number")));
        None
    }

    /// One of a closed set of words; the first unless said.
    pub(crate) fn one_of<T: Copy>(&mut self, key: &'static str, words: &[(&'static str, T)]) -> T {
        let default = words.first().expect("a set of words has one").1;
        let Some(word) = self.text(key) else { return default };
        self.word(key, &word, words).unwrap_or(default)
    }

    /// That word among a closed set.
    pub(crate) fn word<T: Copy>(
        &mut self,
        key: &'static str,
        word: &Spanned<String>,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let found = words.iter().find(|(name, _)| *name == word.node).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
            self.problems.push(unknown_in(self.name, &format!("value of `{key}`:"), word, names));
        }
        found
    }

    /// A text or a list of texts; empty if there is none.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<Spanned<String>> {
        self.take(key).map_or_else(Vec::new, |node| self.as_texts(key, node))
    }

    /// The same, of a node.
    pub(crate) fn as_texts(&mut self, key: &str, node: Spanned<Node>) -> Vec<Spanned<String>> {
        match node.node {
            Node::List(items) => items.iter().filter_map(|item| self.as_text(key, item)).collect(),
            Node::Scalar(_) | Node::Map(_) => self.as_text(key, &node).into_iter().collect(),
        }
    }

    /// A mapping that must be there, in its order.
    pub(crate) fn entries(&mut self, key: &'static str) -> Vec<(Spanned<String>, Spanned<Node>)> {
        self.required(key).map_or_else(Vec::new, |node| self.as_entries(key, node))
    }

    /// A mapping that may be there, in its order.
    pub(crate) fn optional_entries(&mut self, key: &'static str) -> Vec<(Spanned<String>, Spanned<Node>)> {
        self.take(key).map_or_else(Vec::new, |node| self.as_entries(key, node))
    }

    fn as_entries(&mut self, key: &str, node: Spanned<Node>) -> Vec<(Spanned<String>, Spanned<Node>)> {
        match node.node {
            Node::Map(entries) => entries,
            Node::Scalar(_) | Node::List(_) => {
                self.problems.push(Diagnostic::error(self.name, node.span, format!("`{key}` needs a mapping")));
                Vec::new()
            }
        }
    }

    /// A list that may be there.
    pub(crate) fn list(&mut self, key: &'static str) -> Vec<Spanned<Node>> {
        let Some(node) = self.take(key) else { return Vec::new() };
        match node.node {
            Node::List(items) => items,
            Node::Scalar(_) | Node::Map(_) => {
                self.problems.push(
                    Diagnostic::error(self.name, node.span, format!("`{key}` needs a list"))
                        .help("start each entry with `- `"),
                );
                Vec::new()
            }
        }
    }

    /// A Python regex, by the syntax that it shares with ours.
    pub(crate) fn regex(&mut self, key: &'static str) -> Option<regex::Regex> {
        let text = self.required_text(key)?;
        self.as_regex(&text)
    }

    /// The same, of a text.
    pub(crate) fn as_regex(&mut self, text: &Spanned<String>) -> Option<regex::Regex> {
        match regex::Regex::new(text) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let message = match &error {
                    regex::Error::Syntax(text) => text.lines().last().unwrap_or_default().trim().to_owned(),
                    other => other.to_string(),
                };
                let problem = Diagnostic::error(self.name, text.span, "the regex cannot be read").label(message);
                self.problems.push(problem.help("lookarounds and backreferences are not supported in pipelines"));
                None
            }
        }
    }

    /// Those of `names` that it has, in the order of `names`, with where each is named.
    pub(crate) fn has(&self, names: &[&'static str]) -> Vec<(&'static str, Span)> {
        let at = |name: &&'static str| {
            let (key, _) = self.entries.iter().find(|(key, _)| key.node == **name)?;
            Some((*name, key.span))
        };
        names.iter().filter_map(at).collect()
    }

    /// Whether every key was asked for.
    pub(crate) fn is_done(&self) -> bool {
        self.entries.is_empty()
    }

    /// Reports what was not asked for.
    pub(crate) fn finish(self) {
        for (key, _) in &self.entries {
            self.problems.push(unknown_in(
                self.name,
                &format!("key of a {}:", self.what),
                key,
                self.asked.iter().copied(),
            ));
        }
    }
}

/// The scalar that a node is.
pub(crate) fn scalar(node: &Node) -> Option<&Value> {
    match node {
        Node::Scalar(value) => Some(value),
        Node::List(_) | Node::Map(_) => None,
    }
}
