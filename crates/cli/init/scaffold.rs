//! The files of a new repository, from the templates of `templates/init`.

use crate::args::Ci;
use askama::Template;
use rulecast_files::Tree;
use serde::Deserialize;

/// What the files depend on.
#[derive(Debug)]
pub(super) struct Scaffold {
    /// By their full names.
    pub(super) targets: Vec<String>,
    pub(super) ci: Vec<Ci>,
    /// Where Rulecast's own repository is, if that was said.
    pub(super) repository: Option<String>,
}

/// Where it is not said whose repository it is.
const PLACEHOLDER: &str = "https://github.com/OWNER/rulecast";
const VERSION: &str = env!("CARGO_PKG_VERSION");
const RULE: &str = "rules/windows/process_creation/proc_creation_win_mshta_web_address.yml";
const WORKFLOW: &str = ".github/workflows/detections.yml";
const PIPELINE: &str = ".gitlab-ci.yml";

#[derive(Template)]
#[template(path = "init/rulecast.toml", escape = "none")]
struct Configuration<'a> {
    targets: &'a [String],
}

#[derive(Template)]
#[template(path = "init/pre-commit-config.yaml", escape = "none")]
struct PreCommit<'a> {
    repository: Option<&'a str>,
    version: &'static str,
    hooks: Vec<Hook>,
}

#[derive(Template)]
#[template(path = "init/github.yml", escape = "none")]
struct GitHub<'a> {
    /// `owner/name`.
    action: &'a str,
    version: &'static str,
}

#[derive(Template)]
#[template(path = "init/gitlab.yml", escape = "none")]
struct GitLab<'a> {
    repository: &'a str,
    version: &'static str,
}

#[derive(Template)]
#[template(path = "init/README.md", escape = "none")]
struct Readme<'a> {
    targets: &'a [String],
    repository: Option<&'a str>,
    ci: Vec<&'static str>,
}

/// What of the hooks manifest a `repo: local` repeats.
#[derive(Debug, Deserialize)]
struct Hook {
    id: String,
    name: String,
    entry: String,
    files: Option<String>,
    #[serde(default)]
    always_run: bool,
    /// Nothing, where it is given the changed files.
    pass_filenames: Option<bool>,
}

impl Scaffold {
    /// Whether a file names a repository that was not said.
    pub(super) fn needs_owner(&self) -> bool {
        self.repository.is_none() && !self.ci.is_empty()
    }

    /// All files but those that are generated from the rules.
    pub(super) fn files(&self) -> Tree {
        let repository = self.repository.as_deref();
        let url = repository.unwrap_or(PLACEHOLDER);
        let hooks = PreCommit { repository, version: VERSION, hooks: installed_hooks() };
        let ci: Vec<&'static str> = self.ci.iter().copied().filter_map(file_of).collect();
        let readme = Readme { targets: &self.targets, repository, ci };
        let mut tree = Tree::new();
        let mut add = |path: &str, text: Result<String, askama::Error>| {
            let mut text = text.expect("the templates ask for nothing that can fail");
            if !text.ends_with('\n') {
                text.push('\n');
            }
            tree.add(path, text, "a template").expect("each path is added once");
        };
        add("rulecast.toml", Configuration { targets: &self.targets }.render());
        add(".pre-commit-config.yaml", hooks.render());
        add("README.md", readme.render());
        add(".gitattributes", Ok(include_str!("../../../templates/init/gitattributes").to_owned()));
        add(".gitignore", Ok(include_str!("../../../templates/init/gitignore").to_owned()));
        add(RULE, Ok(include_str!("../../../templates/init/rule.yml").to_owned()));
        if self.ci.contains(&Ci::Github) {
            add(WORKFLOW, GitHub { action: owner_and_name(url), version: VERSION }.render());
        }
        if self.ci.contains(&Ci::Gitlab) {
            add(PIPELINE, GitLab { repository: url, version: VERSION }.render());
        }
        tree
    }
}

/// The hooks that run the installed command.
fn installed_hooks() -> Vec<Hook> {
    const SUFFIX: &str = "-system";
    let manifest = include_str!("../../../.pre-commit-hooks.yaml");
    let mut hooks: Vec<Hook> = serde_yaml::from_str(manifest).expect("the manifest is valid");
    hooks.retain(|hook| hook.id.ends_with(SUFFIX));
    for hook in &mut hooks {
        hook.id.truncate(hook.id.len() - SUFFIX.len());
    }
    hooks
}

fn file_of(ci: Ci) -> Option<&'static str> {
    match ci {
        Ci::Github => Some(WORKFLOW),
        Ci::Gitlab => Some(PIPELINE),
        Ci::None => None,
    }
}

/// The last two parts of the path.
fn owner_and_name(url: &str) -> &str {
    url.rmatch_indices('/').nth(1).map_or(url, |(slash, _)| &url[slash + 1..])
}
