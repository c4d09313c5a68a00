//! The rule library: every rule resolves, and its inline tests hold by the reference evaluator.

use rulecast_diagnostics::SourceMap;
use rulecast_ir::{Record, eval, resolve};
use rulecast_rule::ast::Expectation;
use std::path::PathBuf;

fn rule_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rules")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the library is part of the repository") {
            let path = entry.expect("an entry can be read").path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "yml" => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files
}

#[test]
fn every_inline_test_of_the_library_holds() {
    let mut failures = Vec::new();
    for path in rule_files() {
        let text = std::fs::read_to_string(&path).expect("a rule file can be read");
        let mut map = SourceMap::new();
        let file = map.add(path.file_name().expect("it has a name").to_string_lossy(), text.as_str());
        let parsed = rulecast_rule::parse(file, &text);
        let resolved = resolve(&parsed.documents, &[]);
        let name = &map.file(file).name;
        for problem in parsed.diagnostics.iter().chain(&resolved.diagnostics) {
            let place = map.position(problem.at.span);
            failures.push(format!("{name}:{}:{} {}", place.line, place.column, problem.message));
        }
        for rule in &resolved.rules {
            let (mut positive, mut negative) = (0, 0);
            for test in &rule.metadata.0.tests {
                let records: Vec<_> =
                    test.events.iter().zip(0..).map(|(event, id)| Record::of_test(event, id)).collect();
                let found = eval::evaluate(rule, &records);
                let expected = test.expect.node == Expectation::Match;
                if expected {
                    positive += 1
                } else {
                    negative += 1
                }
                let line = map.position(test.span).line;
                if found.is_empty() == expected {
                    failures
                        .push(format!("{name}:{line} `{}`: expected {:?}, found {found:?}", *test.name, *test.expect));
                }
                if let (Some(class), Some(first)) = (&test.classification, found.first())
                    && first.class.as_deref() != Some(class.node.as_str())
                {
                    failures.push(format!(
                        "{name}:{line} `{}`: class {:?}, expected {}",
                        *test.name, first.class, class.node
                    ));
                }
            }
            if positive < 1 || negative < 2 {
                failures.push(format!("{name}: {positive} tests that match and {negative} that do not"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
