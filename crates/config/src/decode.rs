//! From text to [`Config`].

use crate::keys::{KEYS, Shape};
use crate::{Bundle, Config, Level, Suppression};
use rulecast_compile::{Allow, Models};
use rulecast_diagnostics::{Diagnostic, FileId, Severity, Span, Spanned};
use rulecast_lint::LINTS;
use std::borrow::Cow;
use toml::de::{DeArray, DeTable, DeValue};

/// A file, as far as it could be read.
#[derive(Debug, Default)]
pub struct Parsed {
    /// What it says. What is wrong is left out.
    pub config: Config,
    /// What is wrong with it, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

pub(crate) type Node<'a> = toml::Spanned<DeValue<'a>>;
type Name<'a> = toml::Spanned<Cow<'a, str>>;

/// Reads the text of a configuration file.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let mut reader = Reader { file, diagnostics: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().unwrap_or(0..0);
        let problem = Diagnostic::error("invalid-toml", Span::new(file, at.start, at.end), error.message());
        reader.diagnostics.push(problem);
    }
    // What is made of broken text has problems that its author does not have.
    let config = if reader.diagnostics.is_empty() { reader.config(table.get_ref()) } else { Config::default() };
    let mut diagnostics = reader.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.at.span);
    Parsed { config, diagnostics }
}

/// The keys of `[bundle]`.
const BUNDLE_KEYS: [&str; 5] = ["name", "version", "author", "license", "license-file"];

/// What the name of a bundle is.
pub const BUNDLE_NAME: &str = "a letter, then letters, digits, `-` and `_`";

/// Whether a bundle may be called so: its name is part of file names and of ids on platforms.
pub fn is_bundle_name(text: &str) -> bool {
    text.len() <= 60
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// What the version of a bundle is.
pub const BUNDLE_VERSION: &str = "a version of three numbers, as `1.4.0`";

/// Whether a bundle may have this version: platforms take three numbers alone.
pub fn is_bundle_version(text: &str) -> bool {
    let is_number = |part: &str| (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('.').count() == 3 && text.split('.').all(is_number)
}

pub(crate) struct Reader {
    file: FileId,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Reader {
    fn config(&mut self, table: &DeTable<'_>) -> Config {
        let mut config = Config::default();
        for (name, value) in table {
            let Some(key) = KEYS.iter().find(|key| key.name == name.get_ref()) else {
                self.unknown("key", name, KEYS.iter().map(|key| key.name));
                continue;
            };
            match (key.name, key.shape) {
                ("rules", _) => config.rules = self.texts(key.shape, value),
                ("targets", _) => config.targets = self.texts(key.shape, value),
                ("models", _) => config.models = self.texts(key.shape, value),
                ("allow", _) => {
                    for verdict in self.texts(key.shape, value) {
                        self.verdict(&verdict, &mut config.allow);
                    }
                }
                ("pipelines", _) => config.pipelines = self.texts(key.shape, value),
                ("placeholders", _) => config.placeholders = self.texts(key.shape, value),
                (_, Shape::Scopes) => config.scope = self.scopes(value),
                (_, Shape::Build) => config.output = self.build(value),
                (_, Shape::Bundle) => config.bundle = self.bundle(value),
                (_, Shape::Lints) => config.lints = self.lints(value),
                (_, _) => config.suppress = self.suppressions(value),
            }
        }
        // Without models of its own, the targets are known.
        if config.models.is_empty() {
            self.diagnostics.extend(config.targets(&Models::default()).err().into_iter().flatten());
            self.diagnostics.extend(config.read_by(&mut Models::default()));
        }
        config
    }

    pub(crate) fn span<T>(&self, node: &toml::Spanned<T>) -> Span {
        Span::new(self.file, node.span().start, node.span().end)
    }

    fn unknown<'k>(&mut self, what: &str, name: &Name<'_>, known: impl Iterator<Item = &'k str> + Clone) {
        let problem = Diagnostic::error(
            "unknown-key",
            self.span(name),
            format!("there is no {what} `{}` in a configuration", name.get_ref()),
        );
        self.diagnostics.push(with_likeliest(problem, name.get_ref(), known));
    }

    pub(crate) fn wrong(&mut self, words: &str, value: &Node<'_>) {
        let message = format!("expected {words}, found {}", kind(value.get_ref()));
        self.diagnostics.push(Diagnostic::error("wrong-value-type", self.span(value), message));
    }

    fn text(&mut self, words: &str, value: &Node<'_>) -> Option<Spanned<String>> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(Spanned::new(text.clone().into_owned(), self.span(value)));
        }
        self.wrong(words, value);
        None
    }

    fn texts(&mut self, shape: Shape, value: &Node<'_>) -> Vec<Spanned<String>> {
        let Some(items) = self.list(shape, value) else { return Vec::new() };
        items.iter().filter_map(|item| self.text(shape.item(), item)).collect()
    }

    fn list<'v, 't>(&mut self, shape: Shape, value: &'v Node<'t>) -> Option<&'v DeArray<'t>> {
        if let DeValue::Array(items) = value.get_ref() {
            return Some(items);
        }
        self.wrong(shape.words(), value);
        None
    }

    fn verdict(&mut self, written: &Spanned<String>, to: &mut Allow) {
        match written.as_str() {
            "over" => to.over = true,
            "under" => to.under = true,
            other => {
                let message = format!("expected `over` or `under`, found `{other}`");
                self.diagnostics.push(Diagnostic::error("unknown-verdict", written.span, message));
            }
        }
    }

    fn lints(&mut self, value: &Node<'_>) -> Vec<(Spanned<String>, Level)> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(Shape::Lints.words(), value);
            return Vec::new();
        };
        let mut lints = Vec::new();
        for (name, value) in table {
            if !LINTS.iter().any(|lint| lint.name == name.get_ref()) {
                self.unknown("lint", name, LINTS.iter().map(|lint| lint.name));
                continue;
            }
            let level = match value.get_ref() {
                DeValue::String(level) => level_of(level),
                _ => None,
            };
            match level {
                Some(level) => lints.push((Spanned::new(name.get_ref().to_string(), self.span(name)), level)),
                None => self.wrong("`off`, `note`, `warning` or `error`", value),
            }
        }
        lints
    }

    /// Its output, the only key.
    fn build(&mut self, value: &Node<'_>) -> Option<Spanned<String>> {
        const WORDS: &str = "the path of a directory";
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(Shape::Build.words(), value);
            return None;
        };
        let mut output = None;
        for (name, value) in table {
            match &**name.get_ref() {
                "output" => output = self.text(WORDS, value),
                _ => self.unknown("key", name, ["output"].into_iter()),
            }
            if output.as_ref().is_some_and(|path| path.is_empty()) {
                self.wrong(WORDS, value);
                output = None;
            }
        }
        output
    }

    fn bundle(&mut self, value: &Node<'_>) -> Bundle {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(Shape::Bundle.words(), value);
            return Bundle::default();
        };
        let mut bundle = Bundle::default();
        for (name, value) in table {
            let (to, words, fits): (_, _, fn(&str) -> bool) = match &**name.get_ref() {
                "name" => (&mut bundle.name, BUNDLE_NAME, is_bundle_name),
                "version" => (&mut bundle.version, BUNDLE_VERSION, is_bundle_version),
                "author" => (&mut bundle.author, "a name", |text| !text.trim().is_empty()),
                "license" => (&mut bundle.license, "an SPDX identifier", |text| !text.trim().is_empty()),
                "license-file" => (&mut bundle.license_file, "the path of a file", |text| !text.trim().is_empty()),
                _ => {
                    self.unknown("key", name, BUNDLE_KEYS.into_iter());
                    continue;
                }
            };
            match self.text(words, value) {
                Some(text) if fits(&text) => *to = Some(text),
                Some(_) => self.wrong(words, value),
                None => {}
            }
        }
        bundle
    }

    fn suppressions(&mut self, value: &Node<'_>) -> Vec<Suppression> {
        let Some(items) = self.list(Shape::Suppressions, value) else { return Vec::new() };
        items.iter().filter_map(|item| self.suppression(item)).collect()
    }

    fn suppression(&mut self, value: &Node<'_>) -> Option<Suppression> {
        const PARTS: [&str; 3] = ["rule", "lint", "reason"];
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong("a table with `rule`, `lint` and `reason`", value);
            return None;
        };
        let mut parts: [Option<Spanned<String>>; 3] = [const { None }; 3];
        for (name, value) in table {
            match PARTS.iter().position(|part| part == name.get_ref()) {
                Some(part) => parts[part] = self.text("text", value),
                None => self.unknown("key", name, PARTS.into_iter()),
            }
        }
        let missing: Vec<&str> =
            PARTS.into_iter().filter(|part| !table.iter().any(|(name, _)| name.get_ref() == part)).collect();
        let span = self.span(value);
        for part in missing {
            let message = format!("the suppression lacks its `{part}`");
            self.diagnostics.push(Diagnostic::error("missing-key", span, message));
        }
        let [rule, lint, reason] = parts;
        if let Some(lint) = lint.as_ref().filter(|lint| !LINTS.iter().any(|known| known.name == lint.node)) {
            let problem = Diagnostic::error("unknown-lint", lint.span, format!("there is no lint `{}`", lint.node));
            self.diagnostics.push(with_likeliest(problem, lint, LINTS.iter().map(|lint| lint.name)));
        }
        if let Some(reason) = reason.as_ref().filter(|reason| reason.trim().is_empty()) {
            let message = "the suppression has no reason";
            self.diagnostics.push(Diagnostic::error("missing-reason", reason.span, message));
        }
        Some(Suppression { rule: rule?, lint: lint?, reason: reason?, span })
    }
}

fn level_of(word: &str) -> Option<Level> {
    Some(match word {
        "off" => Level::Off,
        "note" => Level::As(Severity::Note),
        "warning" => Level::As(Severity::Warning),
        "error" => Level::As(Severity::Error),
        _ => return None,
    })
}

/// What a value is, in words.
fn kind(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("`{text}`"),
        DeValue::Integer(_) | DeValue::Float(_) => "a number".to_owned(),
        DeValue::Boolean(_) => "a truth value".to_owned(),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

fn with_likeliest<'k>(problem: Diagnostic, name: &str, known: impl Iterator<Item = &'k str> + Clone) -> Diagnostic {
    match rulecast_rule::closest(name, known.clone()) {
        Some(likeliest) => problem.help(format!("did you mean `{likeliest}`?")),
        None if known.clone().count() <= 12 => {
            let names: Vec<String> = known.map(|name| format!("`{name}`")).collect();
            problem.help(format!("it can be {}", names.join(", ")))
        }
        None => problem,
    }
}
