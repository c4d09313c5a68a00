//! What must hold of any input whatever.
//!
//! Each function takes bytes, and panics where the project breaks a promise. The fuzz targets in `fuzz/` call them with what
//! chance makes; the tests call them with what is worth keeping of that, in `corpus/`.

use rulecast_compile::processing::{Files, Pipelines};
use rulecast_compile::{Allow, Outcome, Target, Unit, compile, compile_with, read_back};
use rulecast_diagnostics::{Diagnostic, FileId, SourceMap, render};
use std::fmt::Display;

/// A target: its name, which is also that of its folder in `corpus/`, and its function.
pub type Entry = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: &[Entry] = &[
    ("rule", rule),
    ("condition", condition),
    ("pipeline", pipeline),
    ("eql", eql),
    ("spl", spl),
    ("kql", kql),
    ("config", config),
];

/// A rule file: nothing panics, every problem can be shown, and every emitted query is read back as it was.
pub fn rule(bytes: &[u8]) {
    let text = match rulecast_rule::text(FileId(0), bytes) {
        Ok(text) => text,
        Err(problem) => {
            let mut sources = SourceMap::new();
            sources.add("rule.yml", String::from_utf8_lossy(bytes));
            return assert!(!render::text(&[*problem], &sources, false).is_empty());
        }
    };
    let parsed = rulecast_rule::parse(FileId(0), text);
    let sound: Vec<_> = parsed.documents.iter().filter(|document| parsed.is_sound(document)).cloned().collect();
    let unit = Unit::new(sound);
    let resolved = unit.resolve();
    let file = rulecast_lint::File { name: "rule.yml", text, documents: &unit.documents, rules: &resolved.rules };
    let findings = rulecast_lint::check(&file).findings;
    if let Some(mended) = rulecast_lint::mend(text, &findings) {
        assert_ne!(mended.text, text);
    }
    let mut problems = parsed.diagnostics;
    problems.extend(resolved.diagnostics);
    problems.extend(findings);
    let mut sources = SourceMap::new();
    sources.add("rule.yml", text);
    let shown = render::text(&problems, &sources, false);
    assert_eq!(shown.is_empty(), problems.is_empty());
    for rule in &resolved.rules {
        for target in Target::ALL {
            let Outcome::Queries(queries) = compile(rule, target, Allow { over: true, under: true }) else { continue };
            for query in queries {
                let again = read_back(&query.text, target.language);
                let again = again.unwrap_or_else(|error| panic!("{target}: {error}\n{}", query.text));
                assert_eq!(again, query.text, "{target}");
            }
        }
    }
}

/// The condition of a rule with two selections.
pub fn condition(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let quoted = serde_json::to_string(text).expect("a string is JSON");
    let yaml = format!(
        "title: t\nlogsource: {{category: c}}\ndetection:\n  sel_a: {{a: x}}\n  sel_b: {{b|contains: [y, z]}}\n  condition: \
         {quoted}\n"
    );
    rule(yaml.as_bytes());
}

/// A processing pipeline, over a rule with a bit of everything.
pub fn pipeline(bytes: &[u8]) {
    const RULE: &str = "title: t\nid: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\ntags: [attack.t1059]\nlogsource: {category: \
                        process_creation, product: windows}\ndetection:\n  sel:\n    Image|endswith: ['\\a.exe', '\\b.exe']\n    \
                        CommandLine|contains|all: [x, 'y*z']\n    ProcessId: 7\n    Hashes|contains: 'SHA1=00'\n    \
                        User|expand: '%admins%'\n  filter:\n    CommandLine|re: 'q.*'\n    ParentImage: null\n  keywords: \
                        [w]\n  condition: (sel or keywords) and not filter\nlevel: high\n";
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (pipelines, problems) = Pipelines::read(&[(FileId::shared(0), text)], &NoFiles);
    if problems.iter().any(Diagnostic::is_error) {
        return;
    }
    let parsed = rulecast_rule::parse(FileId(0), RULE);
    assert_eq!(parsed.diagnostics, []);
    let (resolved, traces) = Unit::new(parsed.documents).resolve_with(&pipelines);
    for target in Target::ALL {
        let mut texts = Vec::new();
        for (index, rule) in resolved.rules.iter().enumerate() {
            let outcome = compile_with(rule, target, Allow { over: true, under: true }, &pipelines, traces.get(index));
            if let Outcome::Queries(queries) = outcome {
                texts.extend(queries.into_iter().map(|query| query.text));
            }
        }
        if pipelines.finalizes() {
            let _ = pipelines.finalize(texts);
        }
    }
}

/// Pipelines that chance makes read no files.
struct NoFiles;

impl Files for NoFiles {
    fn read(&self, path: &str) -> Result<String, String> {
        Err(format!("there is no {path}"))
    }
}

/// An EQL query.
pub fn eql(bytes: &[u8]) {
    parsed(bytes, rulecast_eql::parse);
}

/// An SPL query.
pub fn spl(bytes: &[u8]) {
    parsed(bytes, rulecast_spl::parse);
}

/// A KQL query.
pub fn kql(bytes: &[u8]) {
    parsed(bytes, rulecast_kql::parse::parse);
}

/// What is parsed is printed, and that is parsed to the same.
fn parsed<Q: Display + PartialEq + std::fmt::Debug, E: Display>(bytes: &[u8], parse: impl Fn(&str) -> Result<Q, E>) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match parse(text) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(query) => {
            let printed = query.to_string();
            match parse(&printed) {
                Ok(again) => assert_eq!(again, query, "{printed}"),
                Err(error) => panic!("{error}\n{printed}"),
            }
        }
    }
}

/// A `rulecast.toml`.
pub fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let parsed = rulecast_config::parse(FileId(0), text);
    let mut sources = SourceMap::new();
    sources.add("rulecast.toml", text);
    assert_eq!(render::text(&parsed.diagnostics, &sources, false).is_empty(), parsed.diagnostics.is_empty());
}
