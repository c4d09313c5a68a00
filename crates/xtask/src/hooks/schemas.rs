//! Whether the files for forges and for pre-commit are what these read.

use super::place::Place;
use crate::programs::run;
use std::io;
use std::path::{Path, PathBuf};

/// Checks our own, and those of a new repository.
pub(super) fn check_all(place: &Place) -> io::Result<String> {
    let root = &place.root;
    let new = place.scratch.join("schemas");
    run_init(place, &new, &[])?;
    let named = place.scratch.join("schemas-named");
    run_init(place, &named, &["--repository", "https://example.com/security/rulecast"])?;

    let workflows = [".github/workflows/ci.yml", ".github/workflows/release.yml"].map(|path| root.join(path));
    let workflow = |of: &Path| of.join(".github/workflows/detections.yml");
    let mut checked = 0;
    let mut check = |schema: &str, extra: &[&str], paths: &[PathBuf]| -> io::Result<()> {
        checked += paths.len();
        run(place.tool("check-jsonschema").args(["--builtin-schema", schema]).args(extra).args(paths))
    };
    check("vendor.github-workflows", &[], &[&workflows[..], &[workflow(&new), workflow(&named)]].concat())?;
    check("vendor.github-workflows", &[], &examples(place, "docs/guides/github.md", "name:")?)?;
    check("vendor.github-actions", &[], &[root.join("action.yml")])?;
    let pipelines = [new.join(".gitlab-ci.yml"), named.join(".gitlab-ci.yml"), template(place)?];
    check("vendor.gitlab-ci", &["--data-transform", "gitlab-ci"], &pipelines)?;

    run(place.tool("pre-commit").arg("validate-manifest").arg(root.join(".pre-commit-hooks.yaml")))?;
    let mut configurations = examples(place, "docs/guides/pre-commit.md", "repos:")?;
    configurations.extend([&new, &named].map(|of| of.join(".pre-commit-config.yaml")));
    run(place.tool("pre-commit").arg("validate-config").args(&configurations))?;
    Ok(format!("{} files", checked + 1 + configurations.len()))
}

fn run_init(place: &Place, directory: &Path, args: &[&str]) -> io::Result<()> {
    run(place.program(place.rulecast()).arg("init").arg(directory).args(args))
}

/// The YAML examples of a page that begin so, as files.
fn examples(place: &Place, page: &str, begins: &str) -> io::Result<Vec<PathBuf>> {
    let text = std::fs::read_to_string(place.root.join(page))?;
    let blocks = text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let name = page.rsplit('/').next().unwrap_or(page);
    let mut paths = Vec::new();
    for block in blocks.filter(|block| block.starts_with(begins)) {
        let path = place.scratch.join(format!("{name}-{}.yml", paths.len()));
        std::fs::write(&path, block)?;
        paths.push(path);
    }
    if paths.is_empty() { Err(io::Error::other(format!("{page} has no example"))) } else { Ok(paths) }
}

/// The template that is included, as it is with its inputs left as they are. The schema knows no file of two documents.
fn template(place: &Place) -> io::Result<PathBuf> {
    let text = std::fs::read_to_string(place.root.join("templates/ci/gitlab.yml"))?;
    let (head, body) = text.split_once("\n---\n").ok_or_else(|| io::Error::other("gitlab.yml has no inputs"))?;
    let head: serde_yaml::Value = serde_yaml::from_str(head).map_err(io::Error::other)?;
    let inputs = head["spec"]["inputs"].as_mapping().ok_or_else(|| io::Error::other("gitlab.yml has no inputs"))?;
    let mut body = body.to_owned();
    for (name, input) in inputs {
        let (Some(name), Some(default)) = (name.as_str(), input["default"].as_str()) else {
            return Err(io::Error::other("gitlab.yml has an input without a default"));
        };
        body = body.replace(&format!("$[[ inputs.{name} ]]"), default);
    }
    if body.contains("$[[") {
        return Err(io::Error::other("gitlab.yml uses an input that it does not declare"));
    }
    let path = place.scratch.join("gitlab.yml");
    std::fs::write(&path, body)?;
    Ok(path)
}
