//! The mappings that people have in pySigma's pipelines, rebuilt in our own words, on rules of ours.

use insta::assert_snapshot;
use rulecast_compile::processing::{Files, Pipelines};
use rulecast_compile::{Allow, Outcome, Target, Unit, compile_with};
use rulecast_diagnostics::{FileId, SourceMap};
use std::fmt::Write;

struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<String, String> {
        Err("no files".to_owned())
    }
}

fn text(name: &str) -> String {
    let path = format!("{}/tests/pipelines/{name}.yml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What becomes of every rule under some pipelines on a target, and what is said of it.
fn converted(names: &[&str], target: &str) -> String {
    let target = Target::parse(target).expect("a target of the registry");
    let mut sources = SourceMap::new();
    let texts: Vec<(FileId, String)> = names
        .iter()
        .map(|name| {
            let text = text(name);
            (sources.add(format!("{name}.yml"), text.as_str()), text)
        })
        .collect();
    let read: Vec<(FileId, &str)> = texts.iter().map(|(file, text)| (*file, text.as_str())).collect();
    let (pipelines, problems) = Pipelines::read(&read, &NoFiles);
    assert_eq!(problems, [], "{names:?}");
    assert_eq!(pipelines.not_for(&[target.language.name()]), []);
    let rules = text("rules");
    let file = sources.add("rules.yml", rules.as_str());
    let parsed = rulecast_rule::parse(file, &rules);
    assert_eq!(parsed.diagnostics, []);
    let (resolved, traces) = Unit::new(parsed.documents).resolve_with(&pipelines);
    let mut out = rulecast_diagnostics::render::text(&resolved.diagnostics, &sources, false);
    let mut emitted = Vec::new();
    for rule in &resolved.rules {
        let trace = traces.iter().find(|trace| trace.document() == rule.span);
        match compile_with(rule, target, Allow::default(), &pipelines, trace) {
            Outcome::Queries(queries) => {
                for query in queries {
                    let _ = writeln!(out, "# {}: {}\n{}\n", rule.metadata.title(), query.fidelity.word(), query.text);
                    emitted.push(query.text);
                }
            }
            Outcome::Refused(refusals) => {
                for refusal in refusals {
                    let _ = writeln!(out, "# {}: refused\n{}\n", rule.metadata.title(), refusal.message);
                }
            }
            Outcome::Declared { reason } => panic!("{reason}"),
        }
    }
    if pipelines.finalizes() {
        let output = pipelines.finalize(emitted).expect("the finalizers have all they need");
        let _ = writeln!(out, "# all together\n{output}");
    }
    out
}

#[test]
fn sysmon_adds_event_ids_and_the_fields_stay_those_of_the_model() {
    assert_snapshot!("sysmon_on_spl_sysmon", converted(&["sysmon"], "spl.sysmon"));
}

#[test]
fn splunk_windows_reads_the_sources_of_the_add_on() {
    assert_snapshot!("splunk_windows_on_spl_none", converted(&["splunk_windows", "sysmon"], "spl.none"));
}

#[test]
fn ecs_windows_bypasses_the_model_with_its_own_names() {
    assert_snapshot!("ecs_windows_on_eql_none", converted(&["ecs_windows"], "eql.none"));
    assert_snapshot!("ecs_windows_on_eql_ecs", converted(&["ecs_windows"], "eql.ecs"));
}

#[test]
fn microsoft_xdr_names_the_columns_that_the_model_knows() {
    assert_snapshot!("microsoft_xdr_on_kql_xdr", converted(&["microsoft_xdr"], "kql.xdr"));
    assert_snapshot!("microsoft_xdr_on_kql_none", converted(&["microsoft_xdr"], "kql.none"));
}
