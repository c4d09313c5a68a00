//! Targets: a language with a data model.

use rulecast_backend::{Feature, Language, Support};
use std::fmt;

/// A language with the data model that it reads: `eql.ecs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// The language.
    pub language: Language,
    /// The name of the data model.
    pub model: &'static str,
}

impl Target {
    /// Every target, by language and then with its default model first.
    pub const ALL: [Target; 12] = [
        Target { language: Language::Eql, model: "ecs" },
        Target { language: Language::Eql, model: "winlogbeat" },
        Target { language: Language::Eql, model: "none" },
        Target { language: Language::Spl, model: "sysmon" },
        Target { language: Language::Spl, model: "winlog" },
        Target { language: Language::Spl, model: "cim" },
        Target { language: Language::Spl, model: "tstats" },
        Target { language: Language::Spl, model: "none" },
        Target { language: Language::Kql, model: "xdr" },
        Target { language: Language::Kql, model: "asim" },
        Target { language: Language::Kql, model: "securityevent" },
        Target { language: Language::Kql, model: "none" },
    ];

    /// The default model of each language.
    pub fn defaults() -> impl Iterator<Item = Target> {
        Language::ALL
            .into_iter()
            .filter_map(|language| Target::ALL.into_iter().find(|target| target.language == language))
    }

    /// Reads `eql.ecs`, or `eql` for its default model.
    pub fn parse(text: &str) -> Result<Target, ParseTargetError> {
        let (language, model) = text.split_once('.').map_or((text, None), |(language, model)| (language, Some(model)));
        Target::ALL
            .into_iter()
            .find(|target| target.language.name() == language && model.is_none_or(|model| target.model == model))
            .ok_or_else(|| ParseTargetError { text: text.to_owned() })
    }

    /// How the language meets a feature.
    pub fn support(self, feature: Feature) -> Support {
        crate::outcome::support(self.language, feature)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.language.name(), self.model)
    }
}

/// A target that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown target `{text}`; the targets are {}", list())]
pub struct ParseTargetError {
    /// As given.
    pub text: String,
}

fn list() -> String {
    Target::ALL.map(|target| target.to_string()).join(", ")
}
