//! The compiler for a page: a rule's text in, its queries and problems out, both as JSON.
//!
//! [`answer`] is the whole of it, as a function of values; `exports` is how a page calls it, where this is built as
//! WebAssembly. Promises: the queries and problems of one file are those of `rulecast convert` and `rulecast check`;
//! nothing of the input panics. Lacks: a configuration, pipelines, placeholders, and rules of other files.

mod answer;
mod exports;
mod question;

pub use answer::{Answer, OnTarget, Problem, QueryText, RefusalText, answer};
pub use question::{Question, known_targets};

/// Answers a question in JSON in JSON.
pub fn answer_json(question: &str) -> String {
    let answered = serde_json::from_str::<Question>(question).map_or_else(
        |error| serde_json::to_string(&Fault { error: format!("not a question: {error}") }),
        |question| serde_json::to_string(&answer(&question)),
    );
    answered.expect("strings and numbers can be serialised")
}

/// What is wrong with the question itself: a fault of the page.
#[derive(serde::Serialize)]
struct Fault {
    error: String,
}

#[cfg(test)]
mod tests;
