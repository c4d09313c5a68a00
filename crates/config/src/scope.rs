//! `scope`: what targets read.

use crate::Config;
use crate::decode::{Node, Reader};
use crate::keys::Shape;
use rulecast_compile::{Language, Misfit, Models, Target};
use rulecast_diagnostics::{Diagnostic, Spanned};
use rulecast_rule::ast::{self, Scope, Value};
use toml::de::DeValue;

impl Config {
    /// Has the targets of a run read what the file says, and tells what of it cannot be.
    pub fn read_by(&self, models: &mut Models) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for (name, scope) in &self.scope {
            let target = name.split_once('.').and_then(|(language, model)| {
                let language = Language::ALL.into_iter().find(|known| known.name() == language)?;
                Some((language, model))
            });
            match target.map(|(language, model)| Target::read_by(models, language, model, scope)) {
                Some(Ok(true)) => {}
                Some(Err(found)) => problems.extend(found.into_iter().map(problem)),
                Some(Ok(false)) | None => problems.push(unknown(name, models)),
            }
        }
        problems
    }
}

fn problem(misfit: Misfit) -> Diagnostic {
    let problem = Diagnostic::error("invalid-scope", misfit.span, misfit.message);
    match misfit.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

fn unknown(name: &Spanned<String>, models: &Models) -> Diagnostic {
    let names: Vec<String> = Target::all(models).map(|target| target.to_string()).collect();
    let problem = |message: String| Diagnostic::error("unknown-target", name.span, message);
    if Language::ALL.into_iter().any(|language| language.name() == name.node) {
        let message = format!("`{}` is more than one target, and each reads something else", name.node);
        let own: Vec<String> =
            names.iter().filter(|one| one.starts_with(name.as_str())).map(|one| format!("`{one}`")).collect();
        return problem(message).help(format!("it can be {}", own.join(", ")));
    }
    let unknown = problem(format!("there is no target `{}`", name.node));
    match rulecast_rule::closest(name, names.iter().map(String::as_str)) {
        Some(near) => unknown.help(format!("did you mean `{near}`?")),
        None => unknown.help(format!("the targets are {}", names.join(", "))),
    }
}

impl Reader {
    /// What each target reads, in the order of the text.
    pub(crate) fn scopes(&mut self, value: &Node<'_>) -> Vec<(Spanned<String>, Scope)> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(Shape::Scopes.words(), value);
            return Vec::new();
        };
        let mut scopes = Vec::new();
        for (name, value) in table {
            let target = Spanned::new(name.get_ref().to_string(), self.span(name));
            let DeValue::Table(_) = value.get_ref() else {
                self.wrong("a table", value);
                continue;
            };
            let ast::Node::Map(entries) = self.node(value).node else { continue };
            let language = target.split('.').next().unwrap_or_default();
            // Of an unknown language, that alone is told.
            let mut found = Vec::new();
            let scope = rulecast_rule::scope(language, &entries, &[], &mut found);
            if Language::ALL.into_iter().any(|known| known.name() == language) {
                self.diagnostics.append(&mut found);
            }
            scopes.push((target, scope));
        }
        scopes.sort_by_key(|(name, _)| name.span);
        scopes
    }

    /// The same shape as YAML has it. A float is one that no reader takes.
    fn node(&self, value: &Node<'_>) -> Spanned<ast::Node> {
        let node = match value.get_ref() {
            DeValue::String(text) => ast::Node::Scalar(Value::Text(text.clone().into_owned())),
            DeValue::Integer(number) => {
                let number = i64::from_str_radix(number.as_str(), number.radix());
                ast::Node::Scalar(number.map_or(Value::Null, Value::Integer))
            }
            DeValue::Boolean(boolean) => ast::Node::Scalar(Value::Boolean(*boolean)),
            DeValue::Float(_) | DeValue::Datetime(_) => ast::Node::Scalar(Value::Null),
            DeValue::Array(items) => ast::Node::List(items.iter().map(|item| self.node(item)).collect()),
            DeValue::Table(table) => {
                let mut entries: Vec<(Spanned<String>, Spanned<ast::Node>)> = table
                    .iter()
                    .map(|(name, value)| (Spanned::new(name.get_ref().to_string(), self.span(name)), self.node(value)))
                    .collect();
                entries.sort_by_key(|(name, _)| name.span);
                ast::Node::Map(entries)
            }
        };
        Spanned::new(node, self.span(value))
    }
}
