//! What an editor has open, and the answers to its questions.
//!
//! Answers are functions of the open texts and of the files beside them; nothing here knows of messages, so that tests ask
//! without a process.

use crate::actions;
use crate::analysis::Analysis;
use crate::outline::{Entry, Outline};
use crate::project::{Project, configuration};
use crate::text::{Encoding, Text};
use crate::{completion, definition, diagnostics, hover, queries, symbols, uri};
use lsp_types::{
    CodeActionOrCommand, CodeLens, CompletionItem, Diagnostic, DocumentSymbol, Hover, Location, Position, Range,
    TextDocumentContentChangeEvent, Uri,
};
use rulecast_repository::Input;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The texts that are open, and the repositories that they are of.
#[derive(Debug, Default)]
pub struct Session {
    encoding: Encoding,
    folders: Vec<PathBuf>,
    buffers: BTreeMap<String, Buffer>,
    projects: BTreeMap<PathBuf, Project>,
    /// Open texts whose problems may have changed.
    stale: BTreeSet<String>,
    /// Files other than rules whose problems are shown.
    reported: Vec<Uri>,
    /// Those of them that may have none any more.
    outdated: Vec<Uri>,
}

/// An open text.
#[derive(Debug)]
struct Buffer {
    uri: Uri,
    version: i32,
    text: Text,
    outline: Outline,
    /// The key of its project.
    root: PathBuf,
    /// What its project calls it.
    name: String,
    /// Whether its project has this text.
    known: bool,
    /// What the passes made of it, once somebody asks.
    analysis: OnceLock<Analysis>,
}

impl Buffer {
    /// Whether it is a rule, as far as can be told: an editor opens YAML of other kinds too.
    fn is_rule(&self, project: &Project) -> bool {
        let of_rules = |key: &str| matches!(key, "logsource" | "detection" | "correlation" | "filter");
        let text = self.text.as_str();
        let has_key =
            |entry: &Entry| entry.parent.is_none() && entry.key.clone().is_some_and(|key| of_rules(&text[key]));
        uri::path(&self.uri).is_some_and(|path| project.names(&path)) || self.outline.entries.iter().any(has_key)
    }
}

/// A text with what is known of it: what every answer is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    pub(crate) uri: &'a Uri,
    pub(crate) text: &'a Text,
    pub(crate) outline: &'a Outline,
    pub(crate) project: &'a Project,
    pub(crate) name: &'a str,
    is_rule: bool,
    analysis: &'a OnceLock<Analysis>,
}

impl<'a> View<'a> {
    /// What the passes make of it.
    pub(crate) fn analysis(&self) -> &'a Analysis {
        let at = || self.position().filter(|_| self.is_rule);
        self.analysis.get_or_init(|| at().map(|at| Analysis::of(self.project, at)).unwrap_or_default())
    }

    /// The place of its file in the workspace.
    pub(crate) fn position(&self) -> Option<usize> {
        self.project.workspace.position(self.name)
    }
}

/// The problems of one file, to be shown instead of those before.
#[derive(Debug)]
pub struct Problems {
    /// Of which file.
    pub uri: Uri,
    /// Of which of its versions, if it is open.
    pub version: Option<i32>,
    /// All of them.
    pub diagnostics: Vec<Diagnostic>,
}

impl Session {
    /// A session over these folders.
    pub fn new(encoding: Encoding, folders: Vec<PathBuf>) -> Self {
        Self { encoding, folders, ..Self::default() }
    }

    /// A text is opened.
    pub fn open(&mut self, uri: Uri, version: i32, text: &str) {
        let path = uri::path(&uri);
        let (root, name) = if let Some(path) = &path {
            let root = self.project_of(path);
            let name = self.projects[&root].name(path);
            (root, name)
        } else {
            let root = self.folders.first().cloned().unwrap_or_default();
            self.load(&root);
            (root, uri.as_str().to_owned())
        };
        let key = uri.as_str().to_owned();
        let text = Text::new(text, self.encoding);
        let outline = Outline::new(text.as_str());
        let buffer = Buffer { uri, version, text, outline, root, name, known: false, analysis: OnceLock::new() };
        self.buffers.insert(key.clone(), buffer);
        self.stale.insert(key);
    }

    /// A text is changed.
    pub fn change(&mut self, uri: &Uri, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        let Some(buffer) = self.buffers.get_mut(uri.as_str()) else { return };
        for change in changes {
            buffer.text.change(change);
        }
        buffer.version = version;
        buffer.outline = Outline::new(buffer.text.as_str());
        buffer.known = false;
        self.stale.insert(uri.as_str().to_owned());
    }

    /// A text is closed: what the disk has counts again. Its problems are taken back.
    pub fn close(&mut self, uri: &Uri) -> Option<Problems> {
        let buffer = self.buffers.remove(uri.as_str())?;
        self.stale.remove(uri.as_str());
        if let (Some(path), Some(project)) = (uri::path(uri), self.projects.get_mut(&buffer.root)) {
            let input = Input::at(path.clone(), buffer.name.clone());
            if path.is_file() {
                project.workspace.set(input);
            } else {
                project.workspace.remove(&buffer.name);
            }
        } else if let Some(project) = self.projects.get_mut(&buffer.root) {
            project.workspace.remove(&buffer.name);
        }
        self.all_stale(&buffer.root);
        Some(Problems { uri: buffer.uri, version: None, diagnostics: Vec::new() })
    }

    /// Files have changed on disk, come or gone.
    pub fn files_changed(&mut self, uris: &[Uri]) {
        for path in uris.iter().filter_map(uri::path) {
            let is_configuration = |project: &Project| project.depends_on(&path);
            if self.projects.values().any(is_configuration)
                || path.file_name().is_some_and(|name| name == rulecast_config::FILE_NAME)
            {
                self.reload();
                return;
            }
            if !path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
                continue;
            }
            let root = self.project_of(&path);
            let name = self.projects[&root].name(&path);
            if self.buffers.values().any(|buffer| buffer.root == root && buffer.name == name) {
                continue;
            }
            let is_open_folder = self.folders.iter().any(|folder| path.starts_with(folder));
            let project = self.projects.get_mut(&root).expect("just loaded");
            let changed = if !path.is_file() {
                project.workspace.remove(&name);
                true
            } else if project.workspace.position(&name).is_some()
                || project.names(&path)
                || is_open_folder && !project.settings.is_configured()
            {
                project.workspace.set(Input::at(path, name))
            } else {
                false
            };
            if changed {
                self.all_stale(&root);
            }
        }
    }

    /// Reads every configuration again.
    fn reload(&mut self) {
        self.projects.clear();
        self.outdated.append(&mut self.reported);
        let open: Vec<(Uri, i32, String)> = self
            .buffers
            .values()
            .map(|buffer| (buffer.uri.clone(), buffer.version, buffer.text.as_str().to_owned()))
            .collect();
        for (uri, version, text) in open {
            self.open(uri, version, &text);
        }
    }

    /// The problems of texts that have changed, or that others may have changed the problems of; and of configurations.
    pub fn problems(&mut self) -> Vec<Problems> {
        let mut all = Vec::new();
        while let Some(key) = self.stale.pop_first() {
            let Some(view) = self.view(&key) else { continue };
            let diagnostics = diagnostics::of(&view);
            let buffer = &self.buffers[&key];
            all.push(Problems { uri: buffer.uri.clone(), version: Some(buffer.version), diagnostics });
        }
        all
    }

    /// Why configurations could not be read: a line for each, and the problems in their files.
    pub fn configuration_problems(&mut self) -> (Vec<String>, Vec<Problems>) {
        let errors: Vec<_> =
            self.projects.values_mut().flat_map(|project| std::mem::take(&mut project.errors)).collect();
        let problems = errors.iter().filter_map(rulecast_repository::Error::problems);
        let problems = problems.flat_map(|problems| diagnostics::of_files(problems, self.encoding));
        let mut problems: Vec<Problems> = problems.collect();
        self.reported.extend(problems.iter().map(|problems| problems.uri.clone()));
        for uri in std::mem::take(&mut self.outdated) {
            if !self.reported.contains(&uri) {
                problems.push(Problems { uri, version: None, diagnostics: Vec::new() });
            }
        }
        (errors.iter().map(ToString::to_string).collect(), problems)
    }

    /// What may be written at a place.
    pub fn completion(&mut self, uri: &Uri, at: Position) -> Vec<CompletionItem> {
        let view = self.glance(uri.as_str()).filter(|view| view.is_rule);
        view.map(|view| completion::at(&view, view.text.offset(at))).unwrap_or_default()
    }

    /// What is to be said of a place.
    pub fn hover(&mut self, uri: &Uri, at: Position) -> Option<Hover> {
        self.rule(uri).and_then(|view| hover::at(&view, view.text.offset(at)))
    }

    /// Where the selection or rule stands that is named at a place.
    pub fn definition(&mut self, uri: &Uri, at: Position) -> Vec<Location> {
        self.rule(uri).map(|view| definition::of(&view, view.text.offset(at))).unwrap_or_default()
    }

    /// Where the selection or rule at a place is named.
    pub fn references(&mut self, uri: &Uri, at: Position) -> Vec<Location> {
        self.rule(uri).map(|view| definition::references(&view, view.text.offset(at))).unwrap_or_default()
    }

    /// The rules of a text, with their selections.
    pub fn symbols(&mut self, uri: &Uri) -> Vec<DocumentSymbol> {
        self.rule(uri).map(|view| symbols::of(&view)).unwrap_or_default()
    }

    /// What can be done about the problems in a range.
    pub fn actions(&mut self, uri: &Uri, range: Range) -> Vec<CodeActionOrCommand> {
        self.rule(uri).map(|view| actions::of(&view, range)).unwrap_or_default()
    }

    /// A lens over the title of each rule.
    pub fn lenses(&mut self, uri: &Uri) -> Vec<CodeLens> {
        self.rule(uri).map(|view| queries::lenses(&view)).unwrap_or_default()
    }

    /// The queries of the rule at a place, as Markdown; nothing where there is no rule.
    pub fn queries(&mut self, uri: &Uri, at: Position) -> Option<String> {
        self.rule(uri).and_then(|view| queries::at(&view, view.text.offset(at)))
    }

    /// The text of an open file.
    pub fn text(&self, uri: &Uri) -> Option<&str> {
        self.buffers.get(uri.as_str()).map(|buffer| buffer.text.as_str())
    }

    /// An open rule.
    fn rule(&mut self, uri: &Uri) -> Option<View<'_>> {
        self.view(uri.as_str()).filter(|view| view.is_rule)
    }

    /// An open text, which its project knows as it is.
    fn view(&mut self, key: &str) -> Option<View<'_>> {
        let buffer = self.buffers.get_mut(key)?;
        let project = self.projects.get_mut(&buffer.root)?;
        let mut says_other = false;
        if !buffer.known {
            buffer.known = true;
            buffer.analysis = OnceLock::new();
            if buffer.is_rule(project) {
                let input = Input::at(PathBuf::new(), buffer.name.clone()).with_text(buffer.text.as_str());
                says_other = project.workspace.set(input);
            } else {
                project.workspace.remove(&buffer.name);
            }
        }
        if says_other {
            let root = buffer.root.clone();
            self.all_stale(&root);
            self.stale.remove(key);
        }
        self.glance(key)
    }

    /// An open text, of which its project may know less: enough for what the text alone decides.
    fn glance(&self, key: &str) -> Option<View<'_>> {
        let buffer = self.buffers.get(key)?;
        let project = self.projects.get(&buffer.root)?;
        let Buffer { uri, text, outline, name, analysis, .. } = buffer;
        Some(View { uri, text, outline, project, name, is_rule: buffer.is_rule(project), analysis })
    }

    /// All open texts of a project are to be looked at again.
    fn all_stale(&mut self, root: &Path) {
        for (key, buffer) in self.buffers.iter_mut().filter(|(_, buffer)| buffer.root == root) {
            buffer.analysis = OnceLock::new();
            self.stale.insert(key.clone());
        }
    }

    /// The key of the project of a file, which is read if it is new.
    fn project_of(&mut self, path: &Path) -> PathBuf {
        let configuration = configuration(path);
        let folder =
            self.folders.iter().filter(|folder| path.starts_with(folder)).max_by_key(|folder| folder.as_os_str().len());
        let own = || path.parent().map(Path::to_owned).unwrap_or_default();
        let root = match &configuration {
            Some(file) => file.parent().map(Path::to_owned).unwrap_or_default(),
            None => folder.cloned().unwrap_or_else(own),
        };
        if !self.projects.contains_key(&root) {
            let is_folder = configuration.is_some() || folder.is_some();
            let project = Project::load(&root, configuration.as_deref(), is_folder);
            self.projects.insert(root.clone(), project);
        }
        root
    }

    /// Reads the project of a folder.
    fn load(&mut self, root: &Path) {
        if !self.projects.contains_key(root) {
            let file = configuration(&root.join("x"));
            let project = Project::load(root, file.as_deref(), self.folders.iter().any(|folder| folder == root));
            self.projects.insert(root.to_owned(), project);
        }
    }
}
