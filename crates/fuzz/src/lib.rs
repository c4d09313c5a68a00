//! What must hold of any input whatever.
//!
//! Each function takes bytes, and panics where the project breaks a promise. The fuzz targets in `fuzz/` call them with what
//! chance makes; the tests call them with what is worth keeping of that, in `corpus/`.

use rulecast_compile::{Allow, Outcome, Target, Unit, compile, read_back};
use rulecast_diagnostics::{FileId, SourceMap, render};
use std::fmt::Display;

/// A target: its name, which is also that of its folder in `corpus/`, and its function.
pub type Entry = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: &[Entry] =
    &[("rule", rule), ("condition", condition), ("eql", eql), ("spl", spl), ("kql", kql), ("config", config)];

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
