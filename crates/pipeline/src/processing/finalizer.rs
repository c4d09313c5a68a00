//! `finalizers`: one output of the queries of all rules.

use super::Files;
use super::context::State;
use super::ordered::Json;
use super::read::{Map, invalid, unknown};
use super::template::{self, Template};
use minijinja::context;
use rulecast_diagnostics::{Diagnostic, Spanned};
use rulecast_rule::ast::Node;

/// A finalizer.
#[derive(Debug)]
pub(super) enum Finalizer {
    /// `concat`.
    Concat { separator: String, prefix: String, suffix: String },
    /// `json`.
    Json { indent: Option<usize> },
    /// `yaml`.
    Yaml { indent: usize },
    /// `template`.
    Template(Template),
    /// `nested`.
    Nested(Vec<Finalizer>),
}

/// The queries, or the text that an earlier finalizer made of them.
#[derive(Clone, Debug)]
enum Output {
    Queries(Vec<String>),
    Text(String),
}

impl Finalizer {
    /// The names of its types, as pySigma has them.
    pub(super) const NAMES: &'static [&'static str] = &["concat", "json", "yaml", "template", "nested"];

    /// Reads the list of them under a key. `made` says that another comes before.
    pub(super) fn list(map: &mut Map<'_>, key: &'static str, files: &dyn Files, made: &mut bool) -> Vec<Self> {
        let nodes = map.list(key);
        nodes.into_iter().filter_map(|node| Self::one(node, map.problems, files, made)).collect()
    }

    fn one(node: Spanned<Node>, problems: &mut Vec<Diagnostic>, files: &dyn Files, made: &mut bool) -> Option<Self> {
        let mut map = Map::new(node, "finalizer", problems)?;
        let kind = map.required_text("type")?;
        map.at = kind.span;
        let before = map.problems.len();
        let read = match kind.node.as_str() {
            "concat" => {
                if *made {
                    let message = "`concat` joins queries, and the finalizer before it has made one text of them";
                    map.problems.push(invalid(kind.span, message));
                }
                let mut part = |key, default: &str| map.text(key).map_or_else(|| default.to_owned(), |part| part.node);
                let (separator, prefix, suffix) = (part("separator", "\n"), part("prefix", ""), part("suffix", ""));
                Some(Finalizer::Concat { separator, prefix, suffix })
            }
            "json" => {
                let indent = indent(&mut map);
                Some(Finalizer::Json { indent })
            }
            "yaml" => {
                let indent = indent(&mut map);
                Some(Finalizer::Yaml { indent: indent.unwrap_or(2).max(2) })
            }
            "template" => Template::read(&mut map, files).map(Finalizer::Template),
            "nested" => Some(Finalizer::Nested(Self::list(&mut map, "finalizers", files, made))),
            _ => {
                let problem = unknown("finalizer", &kind, Self::NAMES.iter().copied());
                map.problems.push(problem);
                None
            }
        };
        *made = true;
        // After a problem, what the type would have asked for is not known.
        if map.problems.len() == before {
            map.finish();
        }
        read
    }

    /// How a file of its output is called.
    fn extension(&self) -> &'static str {
        match self {
            Finalizer::Json { .. } => "json",
            Finalizer::Yaml { .. } => "yml",
            Finalizer::Concat { .. } | Finalizer::Template(_) => "txt",
            Finalizer::Nested(inner) => inner.last().map_or("txt", Finalizer::extension),
        }
    }

    fn apply(&self, output: Output, name: &str, vars: &State) -> Result<Output, String> {
        Ok(Output::Text(match (self, &output) {
            (Finalizer::Nested(inner), _) => {
                return inner.iter().try_fold(output, |output, one| one.apply(output, name, vars));
            }
            (Finalizer::Concat { separator, prefix, suffix }, Output::Queries(queries)) => {
                format!("{prefix}{}{suffix}", queries.join(separator))
            }
            (Finalizer::Concat { prefix, suffix, .. }, Output::Text(text)) => format!("{prefix}{text}{suffix}"),
            (Finalizer::Json { indent }, Output::Queries(queries)) => {
                Json::List(queries.iter().map(|query| Json::Text(query.clone())).collect()).dump(*indent)
            }
            (Finalizer::Json { indent }, Output::Text(text)) => Json::Text(text.clone()).dump(*indent),
            (Finalizer::Yaml { indent }, Output::Queries(queries)) => {
                queries.iter().map(|query| yaml_item(query, *indent)).collect()
            }
            (Finalizer::Yaml { .. }, Output::Text(text)) => yaml(text),
            (Finalizer::Template(template), output) => {
                let pipeline = template::of_pipeline(name, &State::new(), vars);
                template.render(&match output {
                    Output::Queries(queries) => context! { queries, pipeline },
                    Output::Text(queries) => context! { queries, pipeline },
                })?
            }
        }))
    }
}

fn indent(map: &mut Map<'_>) -> Option<usize> {
    let span = map.at;
    let indent = map.integer("indent")?;
    let width = usize::try_from(indent).ok().filter(|width| *width <= 9);
    if width.is_none() {
        map.problems.push(invalid(span, "`indent` needs a number from 0 to 9"));
    }
    width
}

fn yaml(text: &str) -> String {
    serde_yaml::to_string(text).expect("text can be written as YAML")
}

/// An element of a list, its further lines under its first.
fn yaml_item(text: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let lines = yaml(text);
    let mut item = format!("-{}", &pad[1..]);
    for (number, line) in lines.lines().enumerate() {
        if number > 0 && !line.is_empty() {
            item.push_str(&pad);
        }
        item.push_str(line);
        item.push('\n');
    }
    item
}

/// One output of `queries`, or why there is none.
pub(super) fn finalize(
    finalizers: &[Finalizer],
    queries: Vec<String>,
    name: &str,
    vars: &State,
) -> Result<String, String> {
    let output = finalizers
        .iter()
        .try_fold(Output::Queries(queries), |output, finalizer| finalizer.apply(output, name, vars))?;
    Ok(match output {
        Output::Text(text) => text,
        Output::Queries(queries) => queries.join("\n"),
    })
}

/// How a file of the output is called.
pub(super) fn extension(finalizers: &[Finalizer]) -> &'static str {
    finalizers.last().map_or("txt", Finalizer::extension)
}
