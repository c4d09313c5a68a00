//! Several files: a configuration, rules that refer to one another, and what the disk and the editor have of them.

use super::problems;
use crate::uri::of_path;
use crate::{Encoding, Session};
use lsp_types::{Position, TextDocumentContentChangeEvent, Uri};
use std::path::PathBuf;

const BASE: &str = "title: Base\nname: base\nlogsource: {product: windows, category: process_creation}\ndetection:\n  s:\n    Image: a\n  condition: s\n";
const CORRELATION: &str = "title: Many\ncorrelation:\n  type: event_count\n  rules:\n    - base\n  group-by:\n    - User\n  timespan: 1h\n  condition:\n    gte: 5\n";

/// A directory of its own, which goes with it.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("rulecast-lsp-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> Uri {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        of_path(&path).unwrap()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn names(session: &mut Session) -> Vec<String> {
    problems(session).into_iter().map(|(name, _)| name).filter(|name| name.contains("rule")).collect()
}

fn whole(text: &str) -> Vec<TextDocumentContentChangeEvent> {
    vec![TextDocumentContentChangeEvent { range: None, range_length: None, text: text.to_owned() }]
}

#[test]
fn a_reference_finds_rules_of_other_files_the_open_text_before_the_disk() {
    let directory = Directory::new("references");
    let base = directory.write("base.yml", BASE);
    let many = directory.write("sub/many.yml", CORRELATION);
    let mut session = Session::new(Encoding::Utf8, vec![directory.0.clone()]);
    session.open(many.clone(), 1, CORRELATION);
    assert!(names(&mut session).is_empty(), "the disk has the rule");
    let found = session.definition(&many, Position::new(4, 7));
    assert_eq!((found[0].uri.clone(), found[0].range.start), (base.clone(), Position::new(0, 7)));
    assert!(session.completion(&many, Position::new(4, 6)).iter().any(|item| item.label == "base"));

    session.open(base.clone(), 1, BASE);
    assert!(names(&mut session).is_empty());
    session.change(&base, 2, whole(&BASE.replace("name: base", "name: other")));
    assert_eq!(names(&mut session), ["unknown-rule"], "the editor's text counts, before it is saved");
    let found = session.references(&base, Position::new(1, 7));
    assert!(found.is_empty(), "nobody refers to `other`");
    session.close(&base);
    assert!(names(&mut session).is_empty(), "what the disk has counts again");
    let found = session.references(&many, Position::new(0, 8));
    assert!(found.is_empty());

    std::fs::remove_file(directory.0.join("base.yml")).unwrap();
    session.files_changed(std::slice::from_ref(&base));
    assert_eq!(names(&mut session), ["unknown-rule"]);
    directory.write("base.yml", BASE);
    session.files_changed(&[base]);
    assert!(names(&mut session).is_empty());
}

#[test]
fn a_configuration_names_targets_rules_and_findings_that_are_accepted() {
    let directory = Directory::new("configuration");
    let config =
        directory.write("rulecast.toml", "rules = [\"rules\"]\ntargets = [\"eql.ecs\"]\n\n[lints]\nno-id = \"off\"\n");
    let base = directory.write("rules/base.yml", BASE);
    let draft = directory.write("rules/draft.yml", "ti");
    let mut session = Session::new(Encoding::Utf16, vec![directory.0.clone()]);
    session.open(base.clone(), 1, BASE);
    assert!(!problems(&mut session).iter().any(|(name, _)| name == "no-id"));
    let shown = session.queries(&base, Position::new(0, 0)).unwrap();
    assert!(shown.contains("## eql.ecs") && !shown.contains("kql"), "{shown}");
    session.open(draft.clone(), 1, "ti");
    let labels: Vec<String> =
        session.completion(&draft, Position::new(0, 2)).into_iter().map(|item| item.label).collect();
    assert!(labels.iter().any(|label| label == "title"), "a file under `rules` is a rule from the start");

    directory.write("rulecast.toml", "rules = [\"rules\"]\ntargets = [\"kql\"]\n");
    session.files_changed(std::slice::from_ref(&config));
    assert!(problems(&mut session).iter().any(|(name, _)| name == "no-id"));
    assert!(session.queries(&base, Position::new(0, 0)).unwrap().contains("## kql.xdr"));

    directory.write("rulecast.toml", "targets = [\"sql\"]\n");
    session.files_changed(std::slice::from_ref(&config));
    session.problems();
    let (lines, found) = session.configuration_problems();
    assert_eq!(lines, ["the configuration is invalid"]);
    assert_eq!((&found[0].uri, found[0].diagnostics[0].range.start), (&config, Position::new(0, 11)));
    assert!(session.queries(&base, Position::new(0, 0)).unwrap().contains("## eql.ecs"), "the defaults count");
    directory.write("rulecast.toml", "targets = [\"kql\"]\n");
    session.files_changed(std::slice::from_ref(&config));
    session.problems();
    let (lines, found) = session.configuration_problems();
    assert!(lines.is_empty() && found.len() == 1 && found[0].uri == config && found[0].diagnostics.is_empty());
}
