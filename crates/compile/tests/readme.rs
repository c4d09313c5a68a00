//! The first screen of the README shows what the compiler does, to the letter.

use rulecast_compile::{Allow, Outcome, Target, Unit, compile};
use rulecast_diagnostics::FileId;

#[test]
fn the_readme_shows_the_queries_of_its_rule() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md"))
        .expect("the README is part of the repository");
    let block = |language: &str| {
        let (_, rest) = readme.split_once(&format!("```{language}\n")).unwrap_or_else(|| panic!("a {language} block"));
        rest.split_once("\n```").expect("the block ends").0
    };
    let parsed = rulecast_rule::parse(FileId(0), block("yaml"));
    assert_eq!(parsed.diagnostics, []);
    let resolved = Unit::new(parsed.documents).resolve();
    assert_eq!(resolved.diagnostics, []);
    for target in Target::defaults() {
        let Outcome::Queries(queries) = compile(&resolved.rules[0], target, Allow::default()) else {
            panic!("{target} refuses the README's rule");
        };
        assert_eq!(queries[0].text, block(target.language.name()), "{target}");
    }
}
