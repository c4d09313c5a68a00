//! Pipeline files to steps.

use super::context::State;
use super::finalizer::Finalizer;
use super::post::{Post, PostStep};
use super::read::{Map, data, invalid, unknown};
use super::step::{Step, When};
use super::transform::Transformation;
use super::{Files, Head, Pipelines};
use rulecast_diagnostics::{Diagnostic, FileId, Span, Spanned};
use rulecast_rule::ast::Node;
use rulecast_rule::closest;

/// Steps inside steps, at most; the YAML's own limit is reached first.
const MAX_STEPS: usize = 100_000;

/// What reading steps needs beside their YAML.
pub(super) struct Reading<'a> {
    pub(super) files: &'a dyn Files,
    /// The ids of the steps so far, by place.
    ids: Vec<Option<String>>,
}

/// One pipeline file, read.
struct One {
    head: Head,
    priority: i64,
    vars: State,
    transformations: Vec<Step<Transformation>>,
    postprocessing: Vec<Step<PostStep>>,
    finalizers: Vec<Finalizer>,
}

impl<'a> Reading<'a> {
    pub(super) fn all(texts: &[(FileId, &str)], files: &'a dyn Files) -> (Pipelines, Vec<Diagnostic>) {
        let mut reading = Reading { files, ids: Vec::new() };
        let (mut problems, mut posts) = (Vec::new(), Vec::new());
        let one = |(file, text): &(FileId, &str)| reading.pipeline(*file, text, &mut posts, &mut problems);
        let mut read: Vec<One> = texts.iter().filter_map(one).collect();
        read.sort_by_key(|one| one.priority);
        let mut pipelines = Pipelines::default();
        for one in read {
            pipelines.heads.push(one.head);
            pipelines.vars.extend(one.vars);
            pipelines.transformations.extend(one.transformations);
            pipelines.postprocessing.extend(one.postprocessing);
            pipelines.finalizers.extend(one.finalizers);
        }
        pipelines.posts = posts;
        pipelines.ids = reading.ids;
        unknown_ids(&pipelines, &mut problems);
        problems.sort_by_key(|problem| (problem.at.span, problem.name));
        problems.dedup();
        (pipelines, problems)
    }

    fn pipeline(
        &mut self,
        file: FileId,
        text: &str,
        posts: &mut Vec<Post>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<One> {
        let (mut documents, found) = rulecast_rule::nodes(file, text);
        problems.extend(found);
        if documents.len() > 1 {
            problems.push(invalid(documents[1].span, "a pipeline is one YAML document").help("pass several files"));
        }
        if documents.is_empty() {
            if problems.is_empty() {
                problems.push(invalid(Span::new(file, 0, 0), "the file holds no pipeline"));
            }
            return None;
        }
        let mut map = Map::new(documents.remove(0), "pipeline", problems)?;
        let span = map.at;
        let name = map.text("name").map_or_else(String::new, |name| name.node);
        let priority = map.integer("priority").unwrap_or(0);
        let backends = map.texts("allowed_backends").into_iter().map(|name| name.node).collect();
        let vars = match map.take("vars") {
            Some(Spanned { node: Node::Map(entries), .. }) => {
                entries.into_iter().map(|(name, value)| (name.node, data(&value))).collect()
            }
            Some(other) => {
                map.problems.push(invalid(other.span, "`vars` needs a mapping"));
                State::new()
            }
            None => State::new(),
        };
        let transformations = self.transformations(&mut map, "transformations", false);
        let postprocessing = self.postprocessing(&mut map, "postprocessing", posts);
        let finalizers = Finalizer::list(&mut map, "finalizers", self.files, &mut false);
        map.finish();
        let head = Head { name, backends, span };
        Some(One { head, priority, vars, transformations, postprocessing, finalizers })
    }

    /// The steps under a key.
    pub(super) fn transformations(
        &mut self,
        map: &mut Map<'_>,
        key: &'static str,
        required: bool,
    ) -> Vec<Step<Transformation>> {
        let start = map.at;
        let steps = map.list(key);
        if required && steps.is_empty() {
            map.problems.push(invalid(start, format!("the step lacks `{key}`")));
        }
        steps.into_iter().filter_map(|step| self.transformation(step, map.problems)).collect()
    }

    fn transformation(&mut self, node: Spanned<Node>, problems: &mut Vec<Diagnostic>) -> Option<Step<Transformation>> {
        let mut map = Map::new(node, "step", problems)?;
        let (kind, place) = self.head(&mut map, Transformation::NAMES, "transformation")?;
        let when = When::read(&mut map);
        let before = map.problems.len();
        let what = Transformation::read(&kind, &mut map, self);
        // After a problem, what the type would have asked for may not be known.
        if what.is_some() || map.problems.len() == before {
            map.finish();
        }
        let what = what?;
        let about_items = !when.item.is_empty() || !when.field.is_empty();
        if about_items && !what.has_items() {
            let message =
                format!("`{}` is about the whole rule, so conditions on items and fields do nothing", kind.node);
            let problem = Diagnostic::warning("idle-condition", kind.span, message).label("as in pySigma");
            problems.push(problem.help("put `rule_conditions`"));
        }
        Some(Step { place, span: kind.span, kind: kind.node, what, when })
    }

    /// The type of a step, and the place it gets. None if there is no such type.
    pub(super) fn head(&mut self, map: &mut Map<'_>, names: &[&str], what: &str) -> Option<(Spanned<String>, u32)> {
        let id = map.text("id").map(|id| id.node);
        let kind = map.required_text("type")?;
        map.at = kind.span;
        let place = u32::try_from(self.ids.len()).ok()?;
        self.ids.push(id);
        if self.ids.len() > MAX_STEPS {
            return None;
        }
        if !names.contains(&kind.node.as_str()) {
            map.problems.push(unknown(what, &kind, names.iter().copied()));
            return None;
        }
        Some((kind, place))
    }
}

/// Warns of conditions on steps that no pipeline has: they never hold.
fn unknown_ids(pipelines: &Pipelines, problems: &mut Vec<Diagnostic>) {
    let known: Vec<&str> = pipelines.ids.iter().flatten().map(String::as_str).collect();
    let mut check = |id: &str, span: Span| {
        if !known.contains(&id) {
            let message = format!("no step has the id `{id}`, so a condition of this step never holds");
            let problem = Diagnostic::warning("unknown-step", span, message).label("this step");
            problems.push(match closest(id, known.iter().copied()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            });
        }
    };
    walk(&pipelines.transformations, &mut check);
    walk_posts(&pipelines.postprocessing, &mut check);
}

fn walk(steps: &[Step<Transformation>], check: &mut impl FnMut(&str, Span)) {
    for step in steps {
        step.when.for_each_id(&mut |id| check(id, step.span));
        if let Transformation::Nest(inner) = &step.what {
            walk(inner, check);
        }
    }
}

fn walk_posts(steps: &[Step<PostStep>], check: &mut impl FnMut(&str, Span)) {
    for step in steps {
        step.when.for_each_id(&mut |id| check(id, step.span));
        if let PostStep::Nest(inner) = &step.what {
            walk_posts(inner, check);
        }
    }
}
