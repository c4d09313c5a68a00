//! Every field that an SPL query reads is a column of its data model: a name that the model does not have, or that a
//! command has left none of, would find nothing and say nothing.

use rulecast_compile::random::Run;
use rulecast_compile::{Allow, Language, Outcome, Target, Unit, compile};
use rulecast_diagnostics::FileId;
use rulecast_ir::{Resolved, Rule, Sigma};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What the index gives every event (Splunk, "Default fields").
const OF_EVERY_EVENT: [&str; 6] = ["_time", "_raw", "index", "source", "sourcetype", "host"];

/// SPL targets with a data model.
fn modelled() -> impl Iterator<Item = Target<'static>> {
    Target::ALL.into_iter().filter(|target| target.language == Language::Spl && target.model != "none")
}

fn known(target: Target<'static>) -> BTreeSet<String> {
    let columns = target.model.model().columns().into_iter().map(|(name, _)| name.to_owned());
    let times = target.sources().into_iter().map(|source| source.time);
    columns.chain(times).chain(OF_EVERY_EVENT.map(str::to_owned)).collect()
}

/// What a query reads that is no column, and how many columns it reads.
fn strangers(query: &str, known: &BTreeSet<String>) -> (Vec<String>, usize) {
    let columns = rulecast_spl::parse(query).unwrap_or_else(|error| panic!("{query}\n{error}")).columns();
    let unknown = columns.read.iter().filter(|name| !known.contains(&***name)).map(|name| format!("{name} is unknown"));
    let lost = columns.lost.iter().map(|name| format!("{name} is lost"));
    (unknown.chain(lost).collect(), columns.read.len())
}

/// What was asked of a target.
#[derive(Default)]
struct Asked {
    queries: usize,
    columns: usize,
    wrong: Vec<String>,
}

impl Asked {
    fn ask(&mut self, rule: &Rule<Sigma>, target: Target<'static>, known: &BTreeSet<String>) {
        let Outcome::Queries(queries) = compile(rule, target, Allow::default()) else { return };
        for query in queries {
            let (strangers, columns) = strangers(&query.text, known);
            self.queries += 1;
            self.columns += columns;
            if !strangers.is_empty() {
                let title = rule.metadata.title();
                self.wrong.push(format!("{target}: {title}: {}\n{}", strangers.join(", "), query.text));
            }
        }
    }

    fn right(&self, target: Target, least: usize) {
        assert!(self.wrong.is_empty(), "{} queries\n{}", self.wrong.len(), self.wrong.join("\n\n"));
        // Every query reads a column, at the least.
        assert!(self.queries >= least && self.columns > self.queries, "{target}: {} queries", self.queries);
    }
}

fn rule_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the library is part of the repository") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            rule_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "yml") {
            files.push(path);
        }
    }
}

/// The rules of the library, a file each.
fn library() -> Vec<Resolved> {
    let mut files = Vec::new();
    rule_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules"), &mut files);
    files.sort();
    let resolved = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("a rule file can be read");
        Unit::new(rulecast_rule::parse(FileId(0), &text).documents).resolve()
    };
    files.iter().map(resolved).collect()
}

#[test]
fn queries_of_the_library_read_columns_of_their_model() {
    let library = library();
    for target in modelled() {
        let (known, mut asked) = (known(target), Asked::default());
        library.iter().flat_map(|file| &file.rules).for_each(|rule| asked.ask(rule, target, &known));
        asked.right(target, 1);
    }
}

#[test]
fn queries_of_generated_rules_read_columns_of_their_model() {
    for target in modelled() {
        let (known, mut asked) = (known(target), Asked::default());
        let samples = Run { target, cases: 0, seed: 21, fault: None, differences: 1 }.samples(250);
        samples.iter().for_each(|sample| asked.ask(&sample.rule, target, &known));
        asked.right(target, 250);
    }
}

#[test]
fn a_misspelt_column_is_told() {
    for target in modelled() {
        let known = known(target);
        let (mut told, mut misspelt) = (0, 0);
        for sample in (Run { target, cases: 0, seed: 22, fault: None, differences: 1 }).samples(40) {
            let Outcome::Queries(queries) = compile(&sample.rule, target, Allow::default()) else { continue };
            for query in queries {
                let columns = rulecast_spl::parse(&query.text).expect("what is printed is read").columns().read;
                // Everywhere in the query, as a fault of the model would be, and nowhere inside another name.
                for name in columns.iter().filter(|name| !OF_EVERY_EVENT.contains(&&***name)) {
                    let word = regex::Regex::new(&format!(r"\b{}\b", regex::escape(name))).expect("a word");
                    let text = word.replace_all(&query.text, format!("{name}x"));
                    misspelt += 1;
                    let (strangers, _) = strangers(&text, &known);
                    told += usize::from(strangers.contains(&format!("{name}x is unknown")));
                }
            }
        }
        assert!(misspelt > 60, "{target}: {misspelt}");
        assert_eq!(told, misspelt, "{target}");
    }
}

#[test]
fn a_column_that_the_query_has_not_kept_is_told() {
    let target = modelled().find(|target| target.model == "tstats").expect("a target of summaries");
    let search =
        r#"| tstats count from datamodel=Endpoint.Processes where Processes.action="allowed" by Processes.dest"#;
    let told = |behind: &str| strangers(&format!("{search} | {behind}"), &known(target)).0;
    assert_eq!(told(r#"rename Processes.dest as dest | where dest="x""#), [""; 0]);
    assert_eq!(told(r#"rename Processes.dest as dest | where user="x""#), ["user is lost"]);
    assert_eq!(told(r#"where dest="x""#), ["dest is lost"]);
    assert_eq!(told("search Processes.dset=*"), ["Processes.dset is lost"]);
}
