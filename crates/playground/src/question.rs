//! What a page asks.

use rulecast_compile::{Allow, Target};
use serde::Deserialize;

/// A text, and what is wanted of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The file, as YAML.
    pub text: String,
    /// Its name, which problems show and lints of names look at; without one, no lint does.
    #[serde(default)]
    pub name: Option<String>,
    /// Targets by name; none stands for the default target of each language.
    #[serde(default)]
    pub targets: Vec<String>,
    /// Whether queries that may match more than the rule are wanted.
    #[serde(default)]
    pub over: bool,
    /// Whether queries that may match less than the rule are wanted.
    #[serde(default)]
    pub under: bool,
}

impl Question {
    pub(crate) fn allow(&self) -> Allow {
        Allow { over: self.over, under: self.under }
    }

    /// The targets that exist, and what is wrong with the others.
    pub(crate) fn targets(&self) -> (Vec<Target<'static>>, Vec<String>) {
        if self.targets.is_empty() {
            return (Target::defaults().collect(), Vec::new());
        }
        let (mut targets, mut unknown) = (Vec::new(), Vec::new());
        for name in &self.targets {
            match Target::parse(name) {
                Ok(target) if targets.contains(&target) => {}
                Ok(target) => targets.push(target),
                Err(error) => unknown.push(error.to_string()),
            }
        }
        (targets, unknown)
    }
}

/// The names of all targets, each language's default first.
pub fn known_targets() -> Vec<String> {
    Target::ALL.iter().map(ToString::to_string).collect()
}
