//! The models of a run: those that come with Rulecast, and those that its user gives.

use super::file::{File, SourceFile};
use super::read::{self, Problems, invalid};
use super::{BUILTIN, INVALID, Misfit, Model, build, builtin_text, extends};
use crate::Dialect;
use crate::read::unknown_in;
use rulecast_diagnostics::{Diagnostic, FileId, Span};
use rulecast_rule::ast::Scope;

/// The file of a built-in model, which no person can see: what is wrong with it there is told where it is extended.
const UNSEEN: FileId = FileId(u32::MAX);
/// Where those that built-in models extend stand.
const BASE: FileId = FileId(u32::MAX - 1);

fn is_unseen(file: FileId) -> bool {
    file == UNSEEN || file == BASE
}

/// The models that a user gives.
///
/// One may have the name of a built-in model if it extends that: then it takes its place.
#[derive(Debug, Default)]
pub struct Models {
    given: Vec<Model>,
    /// Built-in ones among them, which stand there only because what a target of theirs reads was changed.
    scoped: Vec<String>,
}

impl Models {
    /// Reads the files of data models, and tells what is wrong with them: all of it, in the order of the files. A model
    /// with an error is left out.
    pub fn read(texts: &[(FileId, &str)]) -> (Models, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let mut files: Vec<(File, bool)> = Vec::new();
        for (id, text) in texts {
            let mut found = Vec::new();
            let file = read::file(*id, text, &mut found);
            if let Some(problem) = file.as_ref().and_then(|file| name_problem(file, &files)) {
                found.push(problem);
            }
            let sound = !found.iter().any(Diagnostic::is_error);
            problems.append(&mut found);
            files.extend(file.map(|file| (file, sound)));
        }
        let mut given = Vec::new();
        for (file, sound) in &files {
            let mut found = Vec::new();
            let model = whole(file, &files, &mut found).map(|file| build::build(&file, *sound, &mut found));
            found.iter_mut().for_each(|problem| tell_where_extended(problem, file));
            if *sound && !found.iter().any(Diagnostic::is_error) {
                given.extend(model);
            }
            problems.append(&mut found);
        }
        problems.sort_by(|one, other| (one.at.span, &one.message).cmp(&(other.at.span, &other.message)));
        problems.dedup();
        (Models { given, scoped: Vec::new() }, problems)
    }

    /// The model of this name: one that is given, or else a built-in one.
    pub fn get(&self, name: &str) -> Option<&Model> {
        self.given(name).or_else(|| Model::builtin(name))
    }

    /// Changes what a target reads, from now on. Whether its model is known.
    pub fn read_by(&mut self, (language, model): (Dialect, &str), scope: &Scope) -> Result<bool, Vec<Misfit>> {
        let Some(known) = self.get(model).filter(|known| known.languages().contains(&language)) else {
            return Ok(false);
        };
        let (changed, problems) = known.read_by(scope, language);
        if !problems.is_empty() {
            return Err(problems);
        }
        if let Some(before) = self.given.iter_mut().find(|one| one.name() == model) {
            *before = changed;
        } else {
            self.given.push(changed);
            self.scoped.push(model.to_owned());
        }
        Ok(true)
    }

    /// Whether a file of the run holds the model of this name.
    pub fn is_of_a_file(&self, name: &str) -> bool {
        self.given(name).is_some() && !self.scoped.iter().any(|scoped| scoped == name)
    }

    /// The given model of this name.
    pub fn given(&self, name: &str) -> Option<&Model> {
        self.given.iter().find(|model| model.name() == name)
    }

    /// Those that are given, in their order.
    pub fn all_given(&self) -> &[Model] {
        &self.given
    }
}

/// The model of a text, which may extend a built-in one.
pub(super) fn alone(text: &str, problems: &mut Problems) -> Option<Model> {
    let file = read::file(UNSEEN, text, problems)?;
    let file = whole(&file, &[], problems)?;
    Some(build::build(&file, true, problems))
}

/// What is wrong with the name of a model, beside others.
fn name_problem(file: &File, others: &[(File, bool)]) -> Option<Diagnostic> {
    let name = &file.name;
    let problem = |message: String| Some(invalid(name.span, message));
    if others.iter().any(|(other, _)| other.name.node == name.node) {
        return problem(format!("two of the data models are called `{}`", name.node));
    }
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    if name.is_empty() || !name.chars().all(is_word) {
        return problem("the name of a data model is of small letters, digits, `_` and `-`".to_owned());
    }
    let extends = file.extends.as_ref().map(|name| name.as_str());
    if BUILTIN.contains(&name.as_str()) && extends != Some(name) {
        let message = format!("`{}` is the name of a built-in data model", name.node);
        let help = format!("take another name, or say `extends: {}` to take its place", name.node);
        return problem(message).map(|problem| problem.help(help));
    }
    None
}

/// A file with what it takes over from the models that it extends: of `others`, or built-in.
fn whole(file: &File, others: &[(File, bool)], problems: &mut Problems) -> Option<File> {
    let mut chain: Vec<File> = vec![file.clone()];
    while let Some(name) = chain.last().and_then(|file| file.extends.clone()) {
        // A model that has the name of a built-in one extends that, and built-in ones extend each other.
        let own = chain.iter().any(|file| file.name.node == name.node);
        let other = others.iter().map(|(other, _)| other).find(|other| other.name.node == name.node);
        let base = match (other.filter(|_| !own && !is_unseen(name.span.file)), builtin_text(&name)) {
            (Some(other), _) => Some(other.clone()),
            (None, Some(text)) => read::file(BASE, text, problems),
            (None, None) if own => {
                problems.push(invalid(name.span, format!("`{}` extends itself", name.node)));
                return None;
            }
            (None, None) => {
                let known = others.iter().map(|(other, _)| other.name.as_str()).chain(BUILTIN);
                let known: Vec<&str> = known.filter(|known| *known != file.name.as_str()).collect();
                problems.push(unknown_in(INVALID, "data model", &name, known));
                return None;
            }
        };
        if chain.len() > extends::MAX_DEPTH {
            problems.push(invalid(name.span, format!("more than {} data models extend each other", chain.len())));
            return None;
        }
        chain.push(base?);
    }
    let mut all = chain.pop()?;
    renames(&all, None, problems);
    while let Some(file) = chain.pop() {
        renames(&file, Some(&all), problems);
        all = file.over(all);
    }
    Some(all)
}

/// Tells of what a file renames and nothing reads.
fn renames(file: &File, base: Option<&File>, problems: &mut Problems) {
    let read: Vec<&str> = base.iter().flat_map(|base| &base.sources).filter_map(SourceFile::read_name).collect();
    for (old, _) in &file.renamed {
        if !read.contains(&old.as_str()) {
            let message = match base {
                Some(base) => format!("no source of `{}` reads `{}`", base.name.node, old.node),
                None => "`renamed` is of what an extended model reads, and this extends none".to_owned(),
            };
            let problem = invalid(old.span, message);
            problems.push(match rulecast_rule::closest(old, read.iter().copied()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            });
        }
    }
}

/// Moves a problem of a built-in model to where the file extends it.
fn tell_where_extended(problem: &mut Diagnostic, file: &File) {
    let Some(extends) = file.extends.as_ref() else { return };
    let shown = |span: Span| if is_unseen(span.file) { extends.span } else { span };
    if is_unseen(problem.at.span.file) {
        problem.at.span = extends.span;
        problem.help = None;
        problem.message = format!("with what this changes of `{}`: {}", extends.node, problem.message);
    }
    problem.also.iter_mut().for_each(|label| label.span = shown(label.span));
}
