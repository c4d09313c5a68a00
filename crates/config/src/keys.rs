//! The keys of the file, as data.

/// A key of the file.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// What it says, in one line.
    pub summary: &'static str,
    /// The option of the command that takes its place for one run; empty if there is none.
    pub option: &'static str,
    /// As one would write it.
    pub example: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A list of paths.
    Paths,
    /// A list of targets.
    Targets,
    /// A list of `over` and `under`.
    Verdicts,
    /// A table from lints to levels.
    Lints,
    /// A list of tables.
    Suppressions,
    /// A table from targets to what each reads.
    Scopes,
    /// A table of what `build` makes.
    Build,
    /// A table of what a bundle calls itself.
    Bundle,
}

impl Shape {
    /// What one item of a list is, in the words of a message.
    pub fn item(self) -> &'static str {
        match self {
            Shape::Paths => "a path",
            Shape::Targets => "a target",
            Shape::Verdicts => "`over` or `under`",
            Shape::Lints => "a level",
            Shape::Suppressions | Shape::Scopes | Shape::Build | Shape::Bundle => "a table",
        }
    }

    /// In the words of a message: "a list of paths".
    pub fn words(self) -> &'static str {
        match self {
            Shape::Paths => "a list of paths",
            Shape::Targets => "a list of targets",
            Shape::Verdicts => "a list of `over` and `under`",
            Shape::Lints => "a table from lints to `off`, `note`, `warning` or `error`",
            Shape::Suppressions => "a list of tables with `rule`, `lint` and `reason`",
            Shape::Scopes => "a table from targets to what they read",
            Shape::Build => "a table with `output`",
            Shape::Bundle => "a table with `name`, `version`, `author`, `license` and `license-file`",
        }
    }
}

/// Every key, in the order of the reference page.
pub const KEYS: &[Key] = &[
    Key {
        name: "rules",
        shape: Shape::Paths,
        summary: "Rule files and directories, relative to this file: read where a command is given none.",
        option: "PATH…",
        example: r#"rules = ["rules"]"#,
    },
    Key {
        name: "targets",
        shape: Shape::Targets,
        summary: "Targets that must express every rule: what one of them refuses is an error.",
        option: "--target",
        example: r#"targets = ["eql", "spl", "kql.xdr"]"#,
    },
    Key {
        name: "models",
        shape: Shape::Paths,
        summary: "Files of [data models](data-models.md), relative to this one: each makes a target with every language that it \
                  serves.",
        option: "--model",
        example: r#"models = ["models/ours.yml"]"#,
    },
    Key {
        name: "allow",
        shape: Shape::Verdicts,
        summary: "Accepts queries that may match more than the rule (`over`) or less (`under`).",
        option: "--allow",
        example: r#"allow = ["over"]"#,
    },
    Key {
        name: "pipelines",
        shape: Shape::Paths,
        summary: "Processing pipelines, files relative to this one or names, applied by priority and then in this order.",
        option: "--pipeline",
        example: r#"pipelines = ["pipelines/own.yml"]"#,
    },
    Key {
        name: "placeholders",
        shape: Shape::Paths,
        summary: "Files with the values of placeholders, relative to this one; the last to name one counts.",
        option: "--placeholders",
        example: r#"placeholders = ["placeholders.yml"]"#,
    },
    Key {
        name: "build",
        shape: Shape::Build,
        summary: "What [`rulecast build`](../guides/build.md) makes. `output` is the directory of the queries, relative to this \
                  file; `queries`, unless said.",
        option: "",
        example: "[build]\noutput = \"queries\"",
    },
    Key {
        name: "bundle",
        shape: Shape::Bundle,
        summary: "What [`rulecast bundle`](../guides/bundle.md) calls what it publishes: its `name`, its `version` of three \
                  numbers, its `author`, the `license` of rules that say none, and the `license-file`, relative to this \
                  file, that it holds as `LICENSE`.",
        option: "",
        example: "[bundle]\nname = \"acme-detections\"\nversion = \"1.4.0\"\nauthor = \"ACME Detection Engineering\"\nlicense = \
                  \"Apache-2.0\"\nlicense-file = \"LICENSE\"",
    },
    Key {
        name: "lints",
        shape: Shape::Lints,
        summary: "What the findings of a lint count as; `off` looks for none.",
        option: "",
        example: "[lints]\nno-description = \"off\"\nno-id = \"error\"",
    },
    Key {
        name: "scope",
        shape: Shape::Scopes,
        summary: "What a target reads in place of what its data model says, by the name that it has there, and what else must hold \
                  of an event: [what targets read](data-models.md#what-targets-read).",
        option: "",
        example: "[scope.\"spl.sysmon\".sysmon_windows]\nmacro = \"our_sysmon\"\nwhere = [{column = \"host\", in = [\"web-1\", \
                  \"web-2\"]}]\n\n[scope.\"kql.xdr\".DeviceProcessEvents]\ntable = \"OurProcesses\"\n\n[scope.\"eql.ecs\"]\nindex = \
                  [\"logs-endpoint.events.*\"]",
    },
    Key {
        name: "suppress",
        shape: Shape::Suppressions,
        summary: "Accepts the findings of one lint on one rule, by its id, for a reason. An entry that no finding needs is itself \
                  a finding.",
        option: "",
        example: "[[suppress]]\nrule = \"9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\"\nlint = \"untested\"\nreason = \"its events \
                  cannot be shared\"",
    },
];
