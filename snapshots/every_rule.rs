//! Every rule of the library on every target: its queries, or why there are none. One folder a target, one file a rule.
//!
//! After a change: `INSTA_UPDATE=always cargo test -p rulecast-snapshots`, then read the difference line by line.

use insta::{Settings, assert_snapshot, glob};
use rulecast_compile::{Allow, Outcome, Role, Target, Unit, compile};
use rulecast_diagnostics::SourceMap;
use std::fmt::Write;
use std::path::Path;

fn every_rule(target: &str) {
    let target = Target::parse(target).expect("a target of the registry");
    glob!("../rules", "**/*.yml", |path| {
        let mut settings = Settings::clone_current();
        settings.set_snapshot_path(target.to_string());
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.set_omit_expression(true);
        let name = path.file_stem().expect("a rule file has a name").to_string_lossy().into_owned();
        settings.bind(|| assert_snapshot!(name, translation(path, target)));
    });
}

/// What a rule file becomes on a target. Problems come first, each with its place; then each rule.
fn translation(path: &Path, target: Target) -> String {
    let text = std::fs::read_to_string(path).expect("a rule file can be read");
    let mut map = SourceMap::new();
    let file = map.add(path.file_name().expect("a rule file has a name").to_string_lossy(), text.as_str());
    let parsed = rulecast_rule::parse(file, &text);
    let resolved = Unit::new(parsed.documents).resolve();
    let mut out = String::new();
    for problem in parsed.diagnostics.iter().chain(&resolved.diagnostics) {
        let place = map.position(problem.at.span);
        let word = problem.severity.word();
        writeln!(out, "{word}[{}] {}:{} {}", problem.name, place.line, place.column, problem.message).expect(STRING);
    }
    for rule in &resolved.rules {
        writeln!(out, "{}", rule.metadata.title()).expect(STRING);
        match compile(rule, target, Allow::default()) {
            Outcome::Declared { reason } => writeln!(out, "\ndeclared refusal: {reason}").expect(STRING),
            Outcome::Refused(refusals) => {
                for refusal in refusals {
                    let place = map.position(refusal.span);
                    let reason = refusal.reason.name();
                    writeln!(out, "\nrefused[{reason}] {}:{} {}", place.line, place.column, refusal.message)
                        .expect(STRING);
                }
            }
            Outcome::Queries(queries) => {
                for query in queries {
                    let role = match &query.role {
                        Role::Rule => "rule".to_owned(),
                        Role::Branch { name, .. } => name.to_string(),
                    };
                    let assumptions: Vec<_> = query.fidelity.assumptions.iter().map(ToString::to_string).collect();
                    let verdict = query.fidelity.verdict.word();
                    writeln!(out, "\n{role}, {verdict}{}", given(&assumptions)).expect(STRING);
                    writeln!(out, "{}", query.text).expect(STRING);
                }
            }
        }
    }
    out
}

const STRING: &str = "a String takes all text";

fn given(assumptions: &[String]) -> String {
    if assumptions.is_empty() { String::new() } else { format!(" given {}", assumptions.join(", ")) }
}

// One test a target: they run in parallel, and name the target that changed.

#[test]
fn eql_ecs() {
    every_rule("eql.ecs");
}

#[test]
fn eql_winlogbeat() {
    every_rule("eql.winlogbeat");
}

#[test]
fn eql_none() {
    every_rule("eql.none");
}

#[test]
fn spl_sysmon() {
    every_rule("spl.sysmon");
}

#[test]
fn spl_winlog() {
    every_rule("spl.winlog");
}

#[test]
fn spl_cim() {
    every_rule("spl.cim");
}

#[test]
fn spl_tstats() {
    every_rule("spl.tstats");
}

#[test]
fn spl_none() {
    every_rule("spl.none");
}

#[test]
fn kql_xdr() {
    every_rule("kql.xdr");
}

#[test]
fn kql_asim() {
    every_rule("kql.asim");
}

#[test]
fn kql_securityevent() {
    every_rule("kql.securityevent");
}

#[test]
fn kql_none() {
    every_rule("kql.none");
}

#[test]
fn no_target_is_left_out_and_no_snapshot_is_stale() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = |path: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    let mut rules = Vec::new();
    let mut folders = vec![here.join("../rules")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the rules stand beside the snapshots").filter_map(Result::ok) {
            let path = entry.path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "yml" => {
                    rules.push(format!("{}.snap", path.file_stem().expect("it has a name").to_string_lossy()));
                }
                _ => {}
            }
        }
    }
    rules.sort();
    for target in Target::ALL {
        assert_eq!(entries(&here.join(target.to_string())), rules, "{target}");
    }
}
