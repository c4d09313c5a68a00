//! Targets: a language with a data model.

use rulecast_backend::{Feature, Language, Support};
use rulecast_pipeline::{Dialect, Model, Models, SourceView};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A language with the data model that it reads: `eql.ecs`.
///
/// It borrows a model that a user gives from the [`Models`] of a run; the built-in ones are there always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target<'m> {
    /// The language.
    pub language: Language,
    /// The data model.
    pub model: ModelRef<'m>,
}

/// A data model, known by its name.
///
/// Two of the same name are equal: a run has one of each.
#[derive(Clone, Copy, Debug)]
pub struct ModelRef<'m>(Which<'m>);

#[derive(Clone, Copy, Debug)]
enum Which<'m> {
    /// One of [`rulecast_pipeline::BUILTIN`], read when its model is asked for.
    BuiltIn(&'static str),
    Given(&'m Model),
}

const fn builtin(language: Language, name: &'static str) -> Target<'static> {
    Target { language, model: ModelRef(Which::BuiltIn(name)) }
}

impl Target<'static> {
    /// Every target with a built-in model, by language and then with its default model first.
    pub const ALL: [Target<'static>; 12] = [
        builtin(Language::Eql, "ecs"),
        builtin(Language::Eql, "winlogbeat"),
        builtin(Language::Eql, "none"),
        builtin(Language::Spl, "sysmon"),
        builtin(Language::Spl, "winlog"),
        builtin(Language::Spl, "cim"),
        builtin(Language::Spl, "tstats"),
        builtin(Language::Spl, "none"),
        builtin(Language::Kql, "xdr"),
        builtin(Language::Kql, "asim"),
        builtin(Language::Kql, "securityevent"),
        builtin(Language::Kql, "none"),
    ];

    /// The built-in default model of each language.
    pub fn defaults() -> impl Iterator<Item = Target<'static>> {
        Language::ALL
            .into_iter()
            .filter_map(|language| Target::ALL.into_iter().find(|target| target.language == language))
    }

    /// The target of a language that passes fields through.
    pub const fn none(language: Language) -> Target<'static> {
        builtin(language, "none")
    }

    /// Reads `eql.ecs`, or `eql` for its default model, among the built-in ones.
    pub fn parse(text: &str) -> Result<Target<'static>, ParseTargetError> {
        find(text, Target::ALL)
    }
}

impl<'m> Target<'m> {
    /// Every target of a run: those of [`Target::ALL`], then those of the models given, in their order. A given model that
    /// has the name of a built-in one stands in its place.
    pub fn all(models: &'m Models) -> impl Iterator<Item = Target<'m>> + Clone {
        let given = |target: Target<'_>| {
            let model = models.given(target.model.name());
            model.is_some_and(|model| model.languages().contains(&dialect(target.language)))
        };
        let builtin =
            Target::ALL.into_iter().map(move |target| if given(target) { target.given(models) } else { target });
        let own = models.all_given().iter().flat_map(|model| {
            let languages = Language::ALL.into_iter().filter(|one| model.languages().contains(&dialect(*one)));
            languages.map(|language| Target { language, model: ModelRef(Which::Given(model)) })
        });
        builtin.chain(own.filter(|target| !Target::ALL.iter().any(|builtin| builtin == target)))
    }

    /// The default target of each language in a run.
    pub fn defaults_of(models: &'m Models) -> impl Iterator<Item = Target<'m>> {
        Target::defaults().map(|target| Target::all(models).find(|one| *one == target).expect("each is among all"))
    }

    /// Reads `eql.ecs`, or `eql` for its default model, among all of a run.
    pub fn parse_of(text: &str, models: &'m Models) -> Result<Target<'m>, ParseTargetError> {
        find(text, Target::all(models))
    }

    /// The same target with the model that is given under its name.
    fn given(self, models: &'m Models) -> Target<'m> {
        match models.given(self.model.name()) {
            Some(model) => Target { model: ModelRef(Which::Given(model)), ..self },
            None => self,
        }
    }

    /// Reads a built-in data model, which otherwise the first rule waits for.
    pub fn prepare(self) {
        self.model.model();
    }

    /// Whether events of the data model are known not to hold this field, or hash in a field of hashes.
    pub fn lacks(self, field: &str) -> bool {
        self.model.model().lacks(field)
    }

    /// What its data model says in its language, in words: each source with its fields.
    pub fn sources(self) -> Vec<SourceView> {
        self.model.model().view(dialect(self.language))
    }

    /// How the language meets a feature.
    pub fn support(self, feature: Feature) -> Support {
        crate::outcome::support(self.language, feature)
    }
}

/// The target that a text names.
fn find<'m>(
    text: &str,
    targets: impl IntoIterator<Item = Target<'m>, IntoIter: Clone>,
) -> Result<Target<'m>, ParseTargetError> {
    let (language, model) = text.split_once('.').map_or((text, None), |(language, model)| (language, Some(model)));
    let mut all = targets.into_iter();
    let known = all.clone();
    all.find(|target| target.language.name() == language && model.is_none_or(|model| target.model == *model))
        .ok_or_else(|| ParseTargetError {
            text: text.to_owned(),
            known: known.map(|target| target.to_string()).collect(),
        })
}

fn dialect(language: Language) -> Dialect {
    crate::outcome::dialect(language)
}

impl<'m> ModelRef<'m> {
    /// Its name: `ecs`.
    pub fn name(self) -> &'m str {
        match self.0 {
            Which::BuiltIn(name) => name,
            Which::Given(model) => model.name(),
        }
    }

    /// The model itself.
    pub fn model(self) -> &'m Model {
        match self.0 {
            Which::BuiltIn(name) => Model::builtin(name).expect("every target names a built-in model"),
            Which::Given(model) => model,
        }
    }
}

impl PartialEq for ModelRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for ModelRef<'_> {}

impl PartialEq<str> for ModelRef<'_> {
    fn eq(&self, name: &str) -> bool {
        self.name() == name
    }
}

impl PartialEq<&str> for ModelRef<'_> {
    fn eq(&self, name: &&str) -> bool {
        self.name() == *name
    }
}

impl Hash for ModelRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl PartialOrd for ModelRef<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ModelRef<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.language.name(), self.model.name())
    }
}

/// A target that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown target `{text}`; the targets are {}", known.join(", "))]
pub struct ParseTargetError {
    /// As given.
    pub text: String,
    /// Those that exist.
    pub known: Vec<String>,
}
