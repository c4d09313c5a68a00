//! Every type of step, condition, post-processing and finalizer does what the registry says.

mod conditions;
mod correlations;
mod fields;
mod files;
mod output;
mod reading;
mod rules;
mod values;

use super::{Files, Pipelines, Run, Trace};
use crate::testing::show;
use crate::{Dialect, Model, map};
use rulecast_diagnostics::{Diagnostic, FileId, SourceMap};
use rulecast_ir::{Body, Resolved};

/// Files by name.
struct Held(&'static [(&'static str, &'static str)]);

impl Files for Held {
    fn read(&self, path: &str) -> Result<String, String> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| "no such file".to_owned())
    }
}

const FILES: Held = Held(&[
    ("lists/hosts.txt", "srv1\n\n  srv2 \n# no comment\n"),
    ("lists/hosts.csv", "host,owner\nsrv1,ann\n\"srv,2\",bob\n"),
    ("lists/hosts.json", r#"{"hosts": [{"name": "srv1"}, {"name": "srv2"}]}"#),
    ("lists/hosts.yml", "hosts:\n  - name: srv1\n"),
    ("templates/one.j2", "{{ rule.title }}: {{ query }}"),
]);

/// Pipelines that are whole.
fn pipelines(texts: &[&str]) -> Pipelines {
    let texts: Vec<(FileId, &str)> = texts.iter().enumerate().map(|(at, text)| (FileId(at as u32), *text)).collect();
    let (pipelines, problems) = Pipelines::read(&texts, &FILES);
    assert_eq!(problems, [], "{texts:?}");
    pipelines
}

/// What is wrong with a pipeline, as a person sees it.
fn problems(text: &str) -> String {
    let mut sources = SourceMap::new();
    let file = sources.add("p.yml", text);
    let (_, problems) = Pipelines::read(&[(file, text)], &FILES);
    rulecast_diagnostics::render::text(&problems, &sources, false).trim_end().to_owned()
}

fn resolved(pipelines: &Pipelines, rules: &str) -> (Resolved, Vec<Trace>) {
    // After the pipelines' files.
    let parsed = rulecast_rule::parse(FileId(9), rules);
    assert_eq!(parsed.diagnostics, []);
    let run = Run::new(pipelines);
    let resolved = rulecast_ir::resolve_with(&parsed.documents, &[], Some(&run));
    (resolved, run.into_traces())
}

fn shown(problem: &Diagnostic) -> String {
    format!("{} {}: {}", problem.severity.word(), problem.name, problem.message)
}

/// The rules after the pipelines, on a model that passes every field; and what was said of them.
fn rewritten_by(texts: &[&str], rules: &str) -> String {
    let (resolved, _) = resolved(&pipelines(texts), rules);
    let mut lines: Vec<String> = resolved.diagnostics.iter().map(shown).collect();
    for rule in &resolved.rules {
        let Body::Event(event) = &rule.body else {
            lines.push(format!("{:?}", rule.body));
            continue;
        };
        let sources: Vec<String> = event.arms.iter().map(|arm| arm.source.to_string()).collect();
        lines.push(match map(rule, Model::builtin("none").unwrap(), Dialect::Kql) {
            Ok(mapped) => {
                let Body::Event(event) = mapped.body else { unreachable!("the rule is of one event") };
                let arms = event.arms.iter().zip(&sources);
                arms.map(|(arm, source)| format!("{source}: {}", show(&arm.predicate))).collect::<Vec<_>>().join(" | ")
            }
            Err(refusals) => refusals.iter().map(|one| one.message.clone()).collect::<Vec<_>>().join("\n"),
        });
    }
    lines.join("\n")
}

/// One rule of a process, whose detection is `detection`, after one step.
fn step(step: &str, detection: &str) -> String {
    rewritten_by(&[&format!("transformations:\n  - {}\n", step.trim().replace('\n', "\n    "))], &rule(detection))
}

fn rule(detection: &str) -> String {
    format!(
        "title: Test\nid: 5b7d6f0e-6c1e-4c1a-9b57-7a52f7e6a001\nstatus: test\nlevel: high\nauthor: Ann\n\
         date: 2024-05-06\ntags: [attack.t1033, cve.2024-1]\nreferences: [https://example.com]\n\
         logsource: {{product: windows, category: process_creation}}\ndetection:\n  {}\n",
        detection.trim().replace('\n', "\n  ")
    )
}
