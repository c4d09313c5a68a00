//! Templates: Jinja by `minijinja`, and Python's `str.format`; and what both see of a rule.

use super::context::State;
use super::read::{Map, invalid, refused};
use super::transform::read_file;
use super::{Files, Trace};
use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use rulecast_diagnostics::Spanned;
use rulecast_ir::LogSource;
use rulecast_rule::ast::{Date, Metadata};
use serde_json::Value as Data;
use std::fmt;
use std::sync::Arc;

const NAME: &str = "template";

/// A Jinja template.
#[derive(Debug)]
pub(super) struct Template(Environment<'static>);

impl Template {
    /// Reads `template`, with the keys beside it.
    pub(super) fn read(map: &mut Map<'_>, files: &dyn Files) -> Option<Self> {
        let written = map.required_text("template");
        let path = map.text("path");
        let escape = map.flag("autoescape");
        if let Some(vars) = map.take("vars") {
            let why = "it names a Python file to run; write filters in the template, or prepare the values in `vars` \
                       of the pipeline";
            map.problems.push(refused(vars.span, "vars", why));
        }
        let written = written?;
        let text = match path {
            None => written.node.clone(),
            Some(path) => {
                match read_file(files, &Spanned::new(format!("{}/{}", path.node, written.node), written.span)) {
                    Ok(text) => text,
                    Err(problem) => {
                        map.problems.push(*problem);
                        return None;
                    }
                }
            }
        };
        let mut environment = Environment::new();
        // Jinja's own way with names that are not there, but that printing nothing in a query would go unseen.
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.set_auto_escape_callback(move |_| if escape { AutoEscape::Html } else { AutoEscape::None });
        match environment.add_template_owned(NAME, text) {
            Ok(()) => Some(Self(environment)),
            Err(error) => {
                map.problems.push(invalid(written.span, "the template cannot be read").label(reason(&error)));
                None
            }
        }
    }

    /// The text for a context.
    pub(super) fn render(&self, context: &Value) -> Result<String, String> {
        let template = self.0.get_template(NAME).map_err(|error| reason(&error))?;
        template.render(context.clone()).map_err(|error| reason(&error))
    }
}

/// What is wrong with a template, and at which of its lines.
fn reason(error: &minijinja::Error) -> String {
    let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    match error.line() {
        Some(line) => format!("line {line} of the template: {what}"),
        None => what,
    }
}

/// A template of Python's `str.format`.
#[derive(Debug)]
pub(super) struct Format(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    Text(String),
    /// A name, and the attributes and elements after it.
    Value(Vec<String>),
}

impl Format {
    /// Reads a template. What it can hold beside names is an error.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match (c, chars.peek().map(|(_, next)| *next)) {
                ('{', Some('{')) | ('}', Some('}')) => {
                    literal.push(c);
                    chars.next();
                }
                ('}', _) => return Err("a `}` stands alone; write it twice".to_owned()),
                ('{', _) => {
                    let inner = &text[at + 1..];
                    let end = inner.find('}').ok_or("a `{` is not closed; write it twice if it is meant as text")?;
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                    pieces.push(Piece::Value(names(&inner[..end])?));
                    while chars.peek().is_some_and(|(next, _)| *next <= at + 1 + end) {
                        chars.next();
                    }
                }
                (c, _) => literal.push(c),
            }
        }
        pieces.push(Piece::Text(literal));
        Ok(Self(pieces))
    }

    /// The text for a context.
    pub(super) fn render(&self, context: &Value) -> Result<String, String> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value(names) => {
                    let value = names.iter().try_fold(context.clone(), |value, name| {
                        let key = name.parse::<usize>().map_or_else(|_| Value::from(name.as_str()), Value::from);
                        value.get_item(&key).ok().filter(|found| !found.is_undefined())
                    });
                    let value = value.ok_or_else(|| format!("`{{{}}}` names nothing", names.join(".")))?;
                    out.push_str(&value.to_string());
                }
            }
        }
        Ok(out)
    }
}

/// `rule.tags[0]` as its names.
fn names(field: &str) -> Result<Vec<String>, String> {
    if field.contains(['!', ':']) {
        return Err(format!("`{{{field}}}`: conversions and format specifications are not supported"));
    }
    let names: Vec<String> =
        field.replace(']', "").split(['.', '[']).map(|name| name.trim_matches(['"', '\'']).to_owned()).collect();
    if !matches!(names[0].as_str(), "query" | "rule" | "pipeline") {
        return Err(format!("`{{{field}}}`: a template knows `query`, `rule` and `pipeline`"));
    }
    if names.iter().any(|name| name.is_empty() || name.starts_with('_')) {
        return Err(format!("`{{{field}}}` names nothing"));
    }
    Ok(names)
}

/// What a template for a query sees.
pub(super) fn of_query(query: &str, metadata: &Metadata, trace: &Trace, vars: &State, name: &str) -> Value {
    let rule = of_rule(metadata, trace.source.as_ref());
    context! { query => query, rule => rule, pipeline => of_pipeline(name, &trace.state, vars) }
}

/// What a template sees of the pipelines.
pub(super) fn of_pipeline(name: &str, state: &State, vars: &State) -> Value {
    context! { name => name, state => of_state(state), vars => of_state(vars) }
}

fn of_state(state: &State) -> Value {
    Value::from_pairs(state.iter().map(|(name, value)| (name.clone(), of_data(value))))
}

fn of_data(data: &Data) -> Value {
    match data {
        Data::Null => Value::from(()),
        Data::Bool(flag) => Value::from(*flag),
        Data::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole),
            (None, decimal) => Value::from(decimal),
        },
        Data::String(text) => Value::from(text.as_str()),
        Data::Array(items) => items.iter().map(of_data).collect(),
        Data::Object(entries) => Value::from_pairs(entries.iter().map(|(name, value)| (name.clone(), of_data(value)))),
    }
}

/// The attributes of a rule under their names in pySigma. What the rule does not say is none.
fn of_rule(metadata: &Metadata, source: Option<&LogSource>) -> Value {
    let text = |text: &Option<Spanned<String>>| Value::from(text.as_ref().map(|text| text.node.clone()));
    let list = |list: &[Spanned<String>]| list.iter().map(|one| Value::from(one.node.as_str())).collect::<Value>();
    let when = |when: &Option<Spanned<Date>>| Value::from(when.as_ref().map(|when| date(when.node)));
    let word = |word: Option<&'static str>| word.map_or(Value::from(()), |word| Value::from_object(Word(word)));
    let part = |part: Option<&rulecast_ir::Name>| Value::from(part.map(ToString::to_string));
    let log_source = source.map(|source| {
        context! {
            category => part(source.category.as_ref()),
            product => part(source.product.as_ref()),
            service => part(source.service.as_ref()),
        }
    });
    let tags = metadata.tags.iter().map(|tag| Value::from_object(Tag(tag.node.clone())));
    let custom = metadata.custom.iter().map(|(name, node)| (name.node.clone(), of_data(&super::read::data(node))));
    context! {
        title => text(&metadata.title),
        id => text(&metadata.id),
        name => text(&metadata.name),
        taxonomy => text(&metadata.taxonomy),
        status => word(metadata.status.as_ref().map(|status| status.node.name())),
        level => word(metadata.level.as_ref().map(|level| level.node.name())),
        description => text(&metadata.description),
        license => text(&metadata.license),
        author => text(&metadata.author),
        references => list(&metadata.references),
        tags => tags.collect::<Value>(),
        date => when(&metadata.date),
        modified => when(&metadata.modified),
        fields => list(&metadata.fields),
        falsepositives => list(&metadata.false_positives),
        scope => list(&metadata.scope),
        logsource => Value::from(log_source),
        custom_attributes => Value::from_pairs(custom),
    }
}

/// `2024-01-31`.
pub(super) fn date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

/// A level or status: printed in lower case, with its `name` in upper case.
#[derive(Debug)]
struct Word(&'static str);

impl Object for Word {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_str()? == "name").then(|| Value::from(self.0.to_uppercase()))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A tag: printed as it is, with its `namespace` and its `name`.
#[derive(Debug)]
struct Tag(String);

impl Object for Tag {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let (namespace, name) = self.0.split_once('.').unwrap_or(("", &self.0));
        match key.as_str()? {
            "namespace" => Some(Value::from(namespace)),
            "name" => Some(Value::from(name)),
            _ => None,
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
