//! The page holds what the sources can say, and its examples show it.

use super::{found, problems};
use regex::Regex;
use rulecast_diagnostics::Severity;
use rulecast_problems::{Kind, SECTIONS};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Names with their severities.
type Names = BTreeMap<String, BTreeSet<String>>;

#[test]
fn each_example_has_its_problem_and_no_other() {
    let mut wrong = String::new();
    for section in SECTIONS.iter() {
        for entry in &section.diagnostics {
            let Some(example) = &entry.example else { continue };
            let (problems, _) = problems(entry, section.kind, example);
            let names: BTreeSet<&str> = problems.iter().map(|problem| problem.name).collect();
            if names != BTreeSet::from([&*entry.name]) {
                let _ = writeln!(wrong, "{:?} {}: {names:?}", section.kind, entry.name);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_name_of_the_sources_is_on_the_page_and_no_other() {
    let mut written: BTreeMap<Kind, Names> = BTreeMap::new();
    for section in SECTIONS.iter() {
        for entry in &section.diagnostics {
            let shown = entry.example.as_deref().map(|example| found(entry, section.kind, example).0.severity);
            let severities: Vec<Severity> = entry.severity.iter().map(|word| Severity::from(*word)).collect();
            assert!(shown.is_none_or(|own| severities.contains(&own)), "{} is also shown as {shown:?}", entry.name);
            let names = written.entry(section.kind).or_default();
            let words = severities.into_iter().map(|severity| severity.word().to_owned()).collect();
            let before = names.insert(entry.name.clone(), words);
            assert!(before.is_none(), "{:?} {} stands twice", section.kind, entry.name);
        }
    }
    let placeholders = ["rule/src/placeholders.rs", "rule/src/decode/placeholders.rs"];
    for (kind, sources) in [
        (Kind::Rule, named_in(&["rule/src", "ir/src"], &placeholders)),
        (Kind::Placeholders, named_in(&placeholders, &[])),
        (Kind::Pipeline, named_in(&["pipeline/src"], &["pipeline/src/model"])),
        (Kind::Model, named_in(&["pipeline/src/model"], &[])),
        (Kind::Configuration, named_in(&["config/src"], &[])),
        (
            Kind::Command,
            named_in(&["cli", "repository/src", "lock/src", "bundle/src", "compile/src/problem.rs"], &["cli/tests"]),
        ),
    ] {
        let written = &written[&kind];
        let unwritten: Vec<_> =
            sources.iter().filter(|(name, severities)| written.get(*name) != Some(severities)).collect();
        assert!(unwritten.is_empty(), "{kind:?}: not on the page, or with other severities: {unwritten:?}");
        let unknown: Vec<_> = written.keys().filter(|name| !sources.contains_key(*name)).collect();
        assert!(unknown.is_empty(), "{kind:?}: not in the sources: {unknown:?}");
    }
}

/// The names in the Rust files of folders below `crates`.
fn named_in(places: &[&str], but: &[&str]) -> Names {
    let crates = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let but: Vec<PathBuf> = but.iter().map(|path| crates.join(path)).collect();
    let mut names = Names::new();
    let mut open: Vec<PathBuf> = places.iter().map(|path| crates.join(path)).collect();
    while let Some(path) = open.pop() {
        if but.contains(&path) {
            continue;
        }
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            scan(&std::fs::read_to_string(&path).unwrap(), &path, &mut names);
        }
    }
    names
}

/// The names that a Rust file gives to diagnostics: written where one is made, in a constant, or handed to a helper.
fn scan(text: &str, path: &Path, names: &mut Names) {
    let mut add = |name: &str, severities: &[&str]| {
        names.entry(name.to_owned()).or_default().extend(severities.iter().map(|severity| (*severity).to_owned()));
    };
    let made = Regex::new(
        r#"(?:severity: Severity::(\w+), )?(\.\.)?Diagnostic::(error|warning)\(\s*(?:"([a-z0-9-]+)"|([A-Z_]+)|(\S+))"#,
    );
    for found in made.unwrap().captures_iter(text) {
        let own = found.get(1).map(|own| own.as_str().to_lowercase());
        let severities: &[&str] = match (&own, found.get(2)) {
            (Some(own), _) => &[own],
            // `Diagnostic { severity, ..Diagnostic::error(…) }` leaves the severity to the caller.
            (None, Some(_)) => &["error", "warning"],
            (None, None) => &[&found[3]],
        };
        if let Some(name) = found.get(4) {
            add(name.as_str(), severities);
        } else if let Some(constant) = found.get(5) {
            add(&value_of(constant.as_str(), text, path), severities);
        } else {
            // The helpers below take the name.
            assert!(
                matches!(&found[6], "name," | "self.name,"),
                "a name that this test cannot find, in {}",
                path.display()
            );
        }
    }
    // Those of the decoder of rules: no other `self` has them.
    let handed = Regex::new(r#"self\.(error|text_or|one_of)\(\s*"([a-z0-9-]+)""#).unwrap();
    for found in handed.captures_iter(text) {
        // One of a set of words in another case is a warning.
        add(&found[2], if &found[1] == "one_of" { &["error", "warning"] } else { &["error"] });
    }
}

/// The text of a constant, which stands in the same file or beside it.
fn value_of(constant: &str, text: &str, path: &Path) -> String {
    let value = Regex::new(&format!(r#"const {constant}: &str = "([a-z0-9-]+)""#)).unwrap();
    let found = value.captures(text).unwrap_or_else(|| panic!("no value of {constant} in {}", path.display()));
    found[1].to_owned()
}
