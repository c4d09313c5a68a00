//! `rulecast.toml`: what a rule repository says once, instead of on every command line.
//!
//! Promises: every problem of a file is found, each with its place; a key or a name that does not exist is an error with the
//! likeliest one that does. [`KEYS`] is the list of keys that the reader, the reference page and the JSON Schema share.
//! Lacks: paths are as written, relative to the file; whether they exist is for the one who opens them.

mod decode;
mod keys;
mod page;
mod schema;
mod scope;

pub use decode::{BUNDLE_NAME, BUNDLE_VERSION, Parsed, is_bundle_name, is_bundle_version, parse};
pub use keys::{KEYS, Key, Shape};
pub use page::page;
pub use schema::{schema, scope_schema};

use rulecast_compile::{Allow, Models, Target};
use rulecast_diagnostics::{Diagnostic, Severity, Span, Spanned};
use rulecast_rule::ast::Scope;

/// What the file is called.
pub const FILE_NAME: &str = "rulecast.toml";

/// Where `build` writes queries, unless the file says where.
pub const OUTPUT: &str = "queries";

/// The configuration of a rule repository. What a file leaves out is empty here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Rule files and directories.
    pub rules: Vec<Spanned<String>>,
    /// Targets that must express every rule, by name.
    pub targets: Vec<Spanned<String>>,
    /// What targets read, by their names.
    pub scope: Vec<(Spanned<String>, Scope)>,
    /// Inexact queries that are accepted.
    pub allow: Allow,
    /// Files of data models.
    pub models: Vec<Spanned<String>>,
    /// Processing pipelines, files or names, in order.
    pub pipelines: Vec<Spanned<String>>,
    /// Files with the values of placeholders.
    pub placeholders: Vec<Spanned<String>>,
    /// The directory of the queries that are built; [`OUTPUT`], unless said.
    pub output: Option<Spanned<String>>,
    /// What a bundle calls itself.
    pub bundle: Bundle,
    /// Lints whose findings count as something else.
    pub lints: Vec<(Spanned<String>, Level)>,
    /// Findings that are accepted.
    pub suppress: Vec<Suppression>,
}

impl Config {
    /// The targets, each once, among those of a run with these models, or the names that are none of them.
    pub fn targets<'m>(&self, models: &'m Models) -> Result<Vec<Target<'m>>, Vec<Diagnostic>> {
        let (mut targets, mut problems) = (Vec::new(), Vec::new());
        for written in &self.targets {
            match Target::parse_of(written, models) {
                Ok(target) if targets.contains(&target) => {}
                Ok(target) => targets.push(target),
                Err(error) => problems.push(Diagnostic::error("unknown-target", written.span, error.to_string())),
            }
        }
        if problems.is_empty() { Ok(targets) } else { Err(problems) }
    }
}

/// What `rulecast bundle` publishes rules as. What a file leaves out is empty here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// Part of file names.
    pub name: Option<Spanned<String>>,
    /// Of the bundle.
    pub version: Option<Spanned<String>>,
    /// Who publishes it.
    pub author: Option<Spanned<String>>,
    /// Of the rules that say none: an SPDX identifier.
    pub license: Option<Spanned<String>>,
    /// The file with its text, which the bundle holds as `LICENSE`.
    pub license_file: Option<Spanned<String>>,
}

/// How much the findings of a lint count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are not looked for.
    Off,
    /// They count as this.
    As(Severity),
}

/// Findings of one lint on one rule that are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The id of the rule.
    pub rule: Spanned<String>,
    /// The name of the lint.
    pub lint: Spanned<String>,
    /// Why they are accepted.
    pub reason: Spanned<String>,
    /// The whole entry.
    pub span: Span,
}

#[cfg(test)]
mod tests;
