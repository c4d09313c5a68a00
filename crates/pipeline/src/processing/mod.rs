//! pySigma's processing pipelines, read from their YAML as it is.
//!
//! [`Pipelines`] are one or more files, put in the order of their priorities. Their `transformations` rewrite a rule
//! while it is resolved ([`Run`]); their `postprocessing` rewrites the text of its queries; their `finalizers` make one
//! output of the queries of all rules.
//!
//! Promises: a key, type or word that is not known is an error at its place, and so is what Rulecast refuses. Nothing of
//! a pipeline is passed over in silence. A field that a pipeline renames is a column of that name
//! ([`rulecast_ir::Field::Target`]), which the data model leaves alone.
//! Lacks: input and output. Files that a pipeline names are read by the caller's [`Files`].
//!
//! Source: pySigma's documentation of processing pipelines, and the parameters of its classes.

mod condition;
mod context;
mod finalizer;
mod names;
mod ordered;
mod plain;
mod post;
mod reading;
mod registry;
mod run;
mod step;
mod template;
mod transform;

pub use names::{NAMES, Named, by_name};
pub use registry::{Feature, Part, features, page};
pub use run::{Change, Drafted, Run, Snapshot, Trace};

use crate::read;
use context::State;
use finalizer::Finalizer;
use post::{Post, PostStep};
use reading::Reading;
use rulecast_diagnostics::{Diagnostic, FileId, Span};
use step::Step;
use transform::Transformation;

/// Reads the files that a pipeline names.
pub trait Files {
    /// The text of a file, or why it cannot be read.
    fn read(&self, path: &str) -> Result<String, String>;
}

/// Pipelines, in the order in which they apply.
#[derive(Debug, Default)]
pub struct Pipelines {
    /// Their names, with the backends that they are for; none for all.
    heads: Vec<Head>,
    vars: State,
    transformations: Vec<Step<Transformation>>,
    postprocessing: Vec<Step<PostStep>>,
    /// The single post-processings by their number.
    posts: Vec<Post>,
    finalizers: Vec<Finalizer>,
    /// The ids of all steps by their place.
    ids: Vec<Option<String>>,
}

/// What a pipeline says of itself.
#[derive(Debug)]
struct Head {
    name: String,
    backends: Vec<String>,
    span: Span,
}

impl Pipelines {
    /// Reads pipeline files, and puts them in order: the lowest priority first, and as given among equals.
    ///
    /// The diagnostics are of all files; with an error among them, the pipelines are not whole.
    pub fn read(texts: &[(FileId, &str)], files: &dyn Files) -> (Self, Vec<Diagnostic>) {
        Reading::all(texts, files)
    }

    /// The pipelines that are for other backends than those of `languages`.
    pub fn not_for(&self, languages: &[&str]) -> Vec<Diagnostic> {
        let serves = |backend: &String, language: &str| {
            let names: &[&str] = match language {
                "eql" => &["eql", "elasticsearch", "elastic"],
                "spl" => &["spl", "splunk"],
                "kql" => &["kql", "kusto", "microsoft365defender", "azuremonitor", "sentinelasim", "microsoftxdr"],
                other => return backend == other,
            };
            names.contains(&backend.to_lowercase().replace(['_', '-'], "").as_str())
        };
        let mut problems = Vec::new();
        for head in self.heads.iter().filter(|head| !head.backends.is_empty()) {
            for language in languages {
                if !head.backends.iter().any(|backend| serves(backend, language)) {
                    let message = format!("the pipeline `{}` is not for `{language}`", head.name);
                    let allowed = format!("`allowed_backends` names {}", head.backends.join(", "));
                    problems.push(read::invalid(head.span, message).label(allowed));
                }
            }
        }
        problems.dedup();
        problems
    }

    /// The text of a query after post-processing; none where no step applies to its rule. The error is what failed.
    pub fn postprocess(
        &self,
        query: &str,
        metadata: &rulecast_ir::Metadata,
        trace: &Trace,
    ) -> Result<Option<String>, String> {
        if trace.posts.is_empty() {
            return Ok(None);
        }
        let context = |query: &str| template::of_query(query, &metadata.0, trace, &self.vars, self.name());
        let text =
            trace.posts.iter().try_fold(query.to_owned(), |query, post| self.posts[*post].apply(&query, context));
        text.map(Some)
    }

    /// Whether the queries of all rules become one output.
    pub fn finalizes(&self) -> bool {
        !self.finalizers.is_empty()
    }

    /// The output of all queries. The error is what failed.
    pub fn finalize(&self, queries: Vec<String>) -> Result<String, String> {
        finalizer::finalize(&self.finalizers, queries, self.name(), &self.vars)
    }

    /// The extension of a file that holds the output.
    pub fn output_extension(&self) -> &'static str {
        finalizer::extension(&self.finalizers)
    }

    /// The name of the last one, whose steps come last.
    fn name(&self) -> &str {
        self.heads.last().map_or("", |head| &head.name)
    }

    /// Whether there is nothing that changes a rule.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }
}

#[cfg(test)]
mod tests;
