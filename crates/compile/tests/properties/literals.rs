//! P3: what is printed is read back the same, and every text comes through the quotes of its language as it was.

use super::samples;
use rulecast_compile::{Allow, NoSquare, Outcome, Target, Unit, compile, read_back, square};
use rulecast_diagnostics::FileId;
use rulecast_ir::{Case, Logic, Pattern, Record, Scalar, Test};

#[test]
fn p3_every_query_is_read_back_and_printed_the_same() {
    for target in Target::ALL {
        for sample in samples(target, 3, 150) {
            let Outcome::Queries(queries) = compile(&sample.rule, target, Allow::default()) else { unreachable!() };
            for query in queries {
                let again = read_back(&query.text, target.language);
                assert_eq!(again.as_ref(), Ok(&query.text), "{target}\n{}", sample.yaml);
            }
        }
    }
}

/// Texts of what delimits, escapes and comments in some language, each piece beside each.
fn texts() -> Vec<String> {
    let pieces = [
        "\"",
        "'",
        "`",
        "\\",
        "*",
        "?",
        "%",
        "_",
        "[",
        "]",
        "(",
        "|",
        "//",
        "/*",
        "```",
        "~~~",
        "$",
        "<",
        "&",
        "#",
        ",",
        "\t",
        "\n",
        "\r",
        "\u{0}",
        "\u{7f}",
        "é",
        "\u{202e}",
        "\u{feff}",
        "\u{1f600}",
        " ",
        "NOT",
        "x",
    ];
    pieces.iter().flat_map(|one| pieces.iter().map(move |other| format!("{one}{other}"))).collect()
}

#[test]
fn p3_every_text_comes_through_the_quotes_of_its_language() {
    let yaml = "title: t\nlogsource: {category: any}\ndetection:\n  s: {f: x}\n  condition: s\n";
    let rule = Unit::new(rulecast_rule::parse(FileId(0), yaml).documents).resolve().rules.remove(0);
    let about = |text: &str, pattern: Pattern, case| {
        let predicate = super::predicate(&rule).unwrap().clone().map(&mut |mut atom: rulecast_ir::Atom<_>| {
            atom.test = Test::Text { pattern: pattern.clone(), case };
            Logic::Test(atom)
        });
        let values =
            [text.to_owned(), format!("{text}y"), format!("y{text}"), format!("\\{text}"), text.replace('\\', "")];
        let events = values.into_iter().zip(0..).map(|(value, id)| {
            let fields = [("f".to_owned(), vec![Scalar::Text(value)])].into();
            Record { id, fields, ..Record::default() }
        });
        (super::with(&rule, predicate), events.collect::<Vec<_>>())
    };
    for target in super::free() {
        let mut closed = 0;
        for text in texts() {
            let whole = Pattern::literal(text.as_str());
            let forms = [
                (whole.clone(), Case::Insensitive),
                (whole.clone(), Case::Sensitive),
                (whole.any_before().any_after(), Case::Insensitive),
            ];
            for (pattern, case) in forms {
                let (rule, events) = about(&text, pattern, case);
                match square(&rule, target, &events) {
                    Ok(square) => {
                        assert!(square.closes(), "{target}: {text:?}\n{}", square.each[0].0.text);
                        assert!(!square.queries.is_empty(), "{target}: {text:?} is not found");
                        closed += 1;
                    }
                    Err(NoSquare::Refused(_)) => {}
                    Err(other) => panic!("{target}: {text:?}: {other}"),
                }
            }
        }
        assert!(closed * 10 > texts().len() * 3 * 9, "{target}: {closed} of {}", texts().len() * 3);
    }
}
