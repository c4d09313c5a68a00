//! `postprocessing`: what is done with the text of each query.
//!
//! Text that was changed is no longer what the printer made of a checked tree: such a query is `unchecked`.

use super::context::{Context, Subject};
use super::ordered::Json;
use super::plain::Replacement;
use super::read::{Map, invalid};
use super::step::Step;
use super::template::{Format, Template};
use super::{Files, Reading};
use minijinja::value::Value;

/// A post-processing of one query.
#[derive(Debug)]
pub(super) enum Post {
    /// `embed`.
    Embed { prefix: String, suffix: String },
    /// `simple_template`.
    Format(Format),
    /// `template`.
    Template(Box<Template>),
    /// `json`.
    Json(Json),
    /// `replace`.
    Replace { regex: regex::Regex, replacement: Replacement },
}

/// A step: one post-processing by its number, or several.
#[derive(Debug)]
pub(super) enum PostStep {
    One(usize),
    Nest(Vec<Step<PostStep>>),
}

impl Post {
    /// The names of its types, as pySigma has them; `nest` is one of steps.
    pub(super) const NAMES: &'static [&'static str] =
        &["embed", "simple_template", "template", "json", "replace", "nest"];

    /// Reads one of a type among [`Self::NAMES`], but for `nest`.
    pub(super) fn read(name: &str, map: &mut Map<'_>, files: &dyn Files) -> Option<Self> {
        match name {
            "embed" => {
                let mut part = |key| map.text(key).map_or_else(String::new, |part| part.node);
                let (prefix, suffix) = (part("prefix"), part("suffix"));
                Some(Post::Embed { prefix, suffix })
            }
            "simple_template" => {
                let template = map.required_text("template")?;
                match Format::parse(&template) {
                    Ok(format) => Some(Post::Format(format)),
                    Err(message) => {
                        map.problems.push(invalid(template.span, message));
                        None
                    }
                }
            }
            "template" => Template::read(map, files).map(|template| Post::Template(Box::new(template))),
            "json" => {
                let template = map.required_text("json_template")?;
                match serde_json::from_str(&template) {
                    Ok(json) => Some(Post::Json(json)),
                    Err(error) => {
                        map.problems
                            .push(invalid(template.span, "`json_template` is no JSON").label(error.to_string()));
                        None
                    }
                }
            }
            _ => {
                let regex = map.regex("pattern");
                let written = map.required_text("replacement");
                let (regex, written) = (regex?, written?);
                match Replacement::parse(&written, &regex) {
                    Ok(replacement) => Some(Post::Replace { regex, replacement }),
                    Err(message) => {
                        map.problems.push(invalid(written.span, message));
                        None
                    }
                }
            }
        }
    }

    /// The query after it. `context` makes what a template sees.
    pub(super) fn apply(&self, query: &str, context: impl FnOnce(&str) -> Value) -> Result<String, String> {
        Ok(match self {
            Post::Embed { prefix, suffix } => format!("{prefix}{query}{suffix}"),
            Post::Format(format) => format.render(&context(query))?,
            Post::Template(template) => template.render(&context(query))?,
            Post::Json(json) => json.with("%QUERY%", query).dump(None),
            Post::Replace { regex, replacement } => replacement.replace_all(regex, query),
        })
    }
}

/// The numbers of the post-processings whose conditions hold, in order.
pub(super) fn chosen<'p>(
    steps: &'p [Step<PostStep>],
    subject: Subject<'_>,
    context: &mut Context<'p>,
    into: &mut Vec<usize>,
) {
    for step in steps {
        if !context.rule_is(&step.when.rule, subject) {
            continue;
        }
        context.applied.insert(step.place);
        match &step.what {
            PostStep::One(number) => into.push(*number),
            PostStep::Nest(inner) => chosen(inner, subject, context, into),
        }
    }
}

impl Reading<'_> {
    /// The steps under a key.
    pub(super) fn postprocessing(
        &mut self,
        map: &mut Map<'_>,
        key: &'static str,
        posts: &mut Vec<Post>,
    ) -> Vec<Step<PostStep>> {
        let steps = map.list(key);
        let mut read = Vec::with_capacity(steps.len());
        for node in steps {
            let Some(mut map) = Map::new(node, "step", map.problems) else { continue };
            let Some((kind, place)) = self.head(&mut map, Post::NAMES, "post-processing") else {
                continue;
            };
            let when = super::step::When::read_rule(&mut map);
            let before = map.problems.len();
            let what = if kind.node == "nest" {
                Some(PostStep::Nest(self.postprocessing(&mut map, "items", posts)))
            } else {
                Post::read(&kind, &mut map, self.files).map(|post| {
                    posts.push(post);
                    PostStep::One(posts.len() - 1)
                })
            };
            // After a problem, what the type would have asked for is not known.
            if map.problems.len() == before {
                map.finish();
            }
            let Some(what) = what else { continue };
            read.push(Step { place, span: kind.span, kind: kind.node, what, when });
        }
        read
    }
}
