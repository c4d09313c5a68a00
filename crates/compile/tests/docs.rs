//! The README and the page on the seeds show what is emitted, to the letter.

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

/// A block behind `<!-- emitted query: TARGET, RULE -->` is a query of that rule of the library, or a part of one.
#[test]
fn the_page_on_the_seeds_shows_what_is_emitted() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let page = std::fs::read_to_string(format!("{root}/docs/seeds.md")).expect("the page is part of the repository");
    let mut shown = 0;
    for part in page.split("<!-- emitted query: ").skip(1) {
        let (marker, rest) = part.split_once(" -->").expect("the marker ends");
        let (target, name) = marker.split_once(", ").expect("the marker names a target and a rule");
        let (_, block) = rest.split_once("\n```").and_then(|(_, rest)| rest.split_once('\n')).expect("a block follows");
        let (block, _) = block.split_once("\n```").expect("the block ends");
        let file = match name {
            "macos_pkg_script_then_network" => "macos/correlation/correlation_macos_pkg_script_then_network.yml",
            "installer_package_activity" => "cross_platform/correlation/correlation_installer_package_activity.yml",
            _ => panic!("{name} is no rule of the page"),
        };
        let text = std::fs::read_to_string(format!("{root}/rules/{file}")).expect("the rule is part of the repository");
        let resolved = Unit::new(rulecast_rule::parse(FileId(0), &text).documents).resolve();
        let target = Target::parse(target).expect("a target of the registry");
        let Outcome::Queries(queries) = compile(&resolved.rules[0], target, Allow::default()) else {
            panic!("{target} refuses {name}");
        };
        assert!(queries.iter().any(|query| query.text.contains(block)), "{target} {name}:\n{block}");
        shown += 1;
    }
    assert_eq!(shown, 3);
}
