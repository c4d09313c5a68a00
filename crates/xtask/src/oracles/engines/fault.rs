//! Where an engine is known to be wrong, and how often that shows.

use regex::Regex;
use serde::Deserialize;

/// An entry of `known.yml`: what must hold of a disagreement for it to be this one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::oracles) struct Fault {
    /// The engine.
    engine: String,
    /// A regex found in its message, where it runs the query or rule not at all.
    error: Option<String>,
    /// A regex found in the query or rule.
    #[serde(default)]
    asked: String,
    /// A regex found in the event, as JSON.
    #[serde(default)]
    event: String,
    /// Whether it finds what we do not, or the other way round; both, if this is not said.
    finds: Option<Finds>,
    /// It shows only in a corpus of some thousand rules.
    #[serde(default)]
    corpus: bool,
    pub(in crate::oracles) reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Finds {
    More,
    Less,
}

/// The faults of one engine, ready to be asked.
pub(super) struct Faults<'a>(Vec<(usize, &'a Fault, [Regex; 3])>);

impl Fault {
    pub(super) fn engine(&self) -> &str {
        &self.engine
    }

    /// Whether it must have shown by now.
    pub(super) fn is_due(&self, corpus: bool) -> bool {
        corpus || !self.corpus
    }

    fn regexes(&self) -> Result<[Regex; 3], regex::Error> {
        let [error, asked, event] = [self.error.as_deref().unwrap_or_default(), &self.asked, &self.event];
        Ok([Regex::new(error)?, Regex::new(asked)?, Regex::new(event)?])
    }

    #[cfg(test)]
    pub(in crate::oracles) fn is_well_formed(&self) -> bool {
        let narrow = self.error.is_some() || !self.asked.is_empty() || !self.event.is_empty();
        narrow && self.reason.len() > 20 && self.regexes().is_ok()
    }
}

impl<'a> Faults<'a> {
    pub(super) fn of(engine: &str, all: &'a [Fault]) -> Self {
        let own = all.iter().enumerate().filter(|(_, fault)| fault.engine == engine);
        let read = |fault: &Fault| fault.regexes().expect("the file is read by this crate's tests");
        Self(own.map(|(index, fault)| (index, fault, read(fault))).collect())
    }

    /// Which fault is why the engine does not run what is asked.
    pub(super) fn of_error(&self, asked: &str, message: &str) -> Option<usize> {
        let is = |(_, fault, [error, query, _]): &&(usize, &Fault, [Regex; 3])| {
            fault.error.is_some() && error.is_match(message) && query.is_match(asked)
        };
        self.0.iter().find(is).map(|(index, ..)| *index)
    }

    /// Which fault is why the engine answers otherwise on an event.
    pub(super) fn of_answer(&self, asked: &str, event: &str, finds: Finds) -> Option<usize> {
        let is = |(_, fault, [_, query, value]): &&(usize, &Fault, [Regex; 3])| {
            fault.error.is_none()
                && fault.finds.is_none_or(|own| own == finds)
                && query.is_match(asked)
                && value.is_match(event)
        };
        self.0.iter().find(is).map(|(index, ..)| *index)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Faults, Finds};

    const FAULTS: &str = r"
- {engine: a, error: 'no `\w+`', asked: '\* ', reason: an engine without wildcards}
- {engine: a, asked: 'not\(', event: ':null', finds: less, reason: an engine of three values}
- {engine: b, event: '\\n', reason: an engine of lines, corpus: true}
";

    #[test]
    fn a_fault_explains_what_it_says_and_no_more() {
        let all: Vec<Fault> = serde_yaml::from_str(FAULTS).unwrap();
        assert!(all.iter().all(|fault| fault.is_well_formed() == (fault.engine() != "b" || fault.reason.len() > 20)));
        let (a, b) = (Faults::of("a", &all), Faults::of("b", &all));
        assert_eq!(a.of_error("where * contains", "no `star`"), Some(0));
        assert_eq!(a.of_error("where x contains", "no `star`"), None);
        assert_eq!(a.of_error("where * contains", "no memory"), None);
        assert_eq!(a.of_answer("not(n == 1)", r#"{"n":null}"#, Finds::Less), Some(1));
        assert_eq!(a.of_answer("not(n == 1)", r#"{"n":null}"#, Finds::More), None);
        assert_eq!(a.of_answer("not(n == 1)", r#"{"n":2}"#, Finds::Less), None);
        assert_eq!(b.of_answer("", r#"{"n":"\n"}"#, Finds::More), Some(2));
        assert_eq!(b.of_error("", "\\n"), None);
        assert!(all[0].is_due(false) && !all[2].is_due(false) && all[2].is_due(true));
    }
}
