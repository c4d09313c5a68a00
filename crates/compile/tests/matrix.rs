//! The product of features: every kind of test, in every logical position, on every language.
//!
//! Converters tend to be right about each feature and wrong about two together: a regex under NOT, a list inside an AND.
//! One snapshot a kind shows all positions and languages side by side.

use rulecast_compile::{Allow, Outcome, Target, Unit, compile};
use rulecast_diagnostics::SourceMap;
use std::fmt::Write;

/// The kinds: a name, one item, and the same item with two values.
const KINDS: [(&str, &str, &str); 26] = [
    ("exact", "f: Va1", "f: [Va1, Vb2]"),
    ("empty", "f: ''", "f: ['', x]"),
    ("startswith", r"f|startswith: 'C:\'", r"f|startswith: ['C:\', 'D:\']"),
    ("endswith", r"f|endswith: '\a.exe'", r"f|endswith: ['\a.exe', '\b.exe']"),
    ("contains", "f|contains: ' -enc '", "f|contains: [' -enc ', \"say \\\"hi\\\"\"]"),
    ("contains_all", "f|contains|all: [a, b]", "f|contains|all: [a, b, 'c*d']"),
    ("inner_any_run", "f: 'p*q'", "f: ['p*q', z]"),
    ("any_one", "f: 'p?q'", "f: ['p?q', zz]"),
    ("literal_star", r"f: 'p\*q'", r"f|contains: ['p\*q', 'r\?']"),
    ("anything", "f: '*'", "f: ['*', x]"),
    ("cased", "f|cased: Va1", "f|cased: [Va1, Vb2]"),
    ("cased_contains", "f|contains|cased: Va1", "f|contains|cased: [Va1, Vb2]"),
    ("regex", r"f|re: 'a(b|c)\d+'", r"f|re: ['^x', 'y$']"),
    ("regex_i", r"f|re|i: 'a[b-d]'", r"f|re|i: ['a[b-d]', 'e\sf']"),
    ("two_regexes", "f|re: 'x+'\n    g|re: 'y+'", "f|re|all: ['x+', 'y+']"),
    ("regex_and_text", "f|re: 'x+'\n    g: b", "f|re: ['x+', 'y+']\n    g: [b, c]"),
    ("number", "n: 5", "n: [5, 6]"),
    ("number_range", "n|gte: 5", "n|lt: [5, 6]"),
    ("cidr_v4", "ip|cidr: 10.0.0.0/8", "ip|cidr: [10.0.0.0/8, 192.168.0.0/16]"),
    ("cidr_v6", "ip|cidr: 'fe80::/10'", "ip|cidr: ['fe80::/10', 10.0.0.0/8]"),
    ("null", "f: null", "f: [null, x]"),
    ("exists", "f|exists: true", "f|exists: false"),
    ("fieldref", "f|fieldref: g", "f|fieldref: [g, h]"),
    ("keyword", "'|contains': kw one", "'|contains': [kw one, kw2]"),
    ("windash", "f|contains|windash: ' -e'", "f|contains|windash: [' -e', ' -f']"),
    ("base64offset", "f|base64offset|contains: foobar", "f|base64offset|contains: [foobar, foo]"),
];

/// Where the item stands. `k` is the item, `l` the item with two values, `a` and `b` plain ones beside it.
const POSITIONS: [(&str, &str); 8] = [
    ("plain", "k"),
    ("not", "not k"),
    ("and in or", "(a and k) or b"),
    ("or in and", "a and (b or k)"),
    ("list", "l"),
    ("not list", "not l"),
    ("list in and", "a and l"),
    ("under not", "not (a and (b or k))"),
];

#[test]
fn every_kind_in_every_position_on_every_language() {
    for (kind, item, list) in KINDS {
        let mut out = String::new();
        for (position, condition) in POSITIONS {
            // Only what the condition names, so that no selection is unused.
            let selections = [("a", "x: A"), ("b", "y: B"), ("k", item), ("l", list)]
                .iter()
                .filter(|(name, _)| condition.split(|c: char| !c.is_alphabetic()).any(|word| word == *name))
                .map(|(name, item)| format!("  {name}:\n    {item}\n"))
                .collect::<String>();
            writeln!(out, "# {position}: {condition}").expect("a String takes all text");
            for target in ["eql.none", "spl.none", "kql.none"] {
                let text =
                    format!("title: t\nlogsource:\n  category: c\ndetection:\n{selections}  condition: {condition}\n");
                writeln!(out, "{}", translated(&text, target)).expect("a String takes all text");
            }
            out.push('\n');
        }
        insta::with_settings!({ omit_expression => true, description => format!("{item}\n{list}") }, {
            insta::assert_snapshot!(kind, out);
        });
    }
}

fn translated(text: &str, target: &str) -> String {
    let mut map = SourceMap::new();
    let file = map.add("rule.yml", text);
    let parsed = rulecast_rule::parse(file, text);
    let resolved = Unit::new(parsed.documents).resolve();
    let errors: Vec<_> = parsed.diagnostics.iter().chain(&resolved.diagnostics).filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{text}\n{errors:?}");
    let target = Target::parse(target).expect("a target of the registry");
    match compile(&resolved.rules[0], target, Allow::default()) {
        Outcome::Queries(queries) => {
            let assumptions: Vec<_> = queries[0].fidelity.assumptions.iter().map(ToString::to_string).collect();
            let given = if assumptions.is_empty() { String::new() } else { format!("  <{}>", assumptions.join(", ")) };
            format!("{}{given}", queries[0].text)
        }
        Outcome::Refused(refusals) => {
            let reasons: Vec<_> = refusals.iter().map(|refusal| refusal.message.as_str()).collect();
            format!("refused: {}", reasons.join("; "))
        }
        Outcome::Declared { reason } => format!("declared: {reason}"),
    }
}
