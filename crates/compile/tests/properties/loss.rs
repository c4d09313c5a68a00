//! P8: no test of a rule is lost. Each is about a text, a number, a network or a field of its own, and all of these must
//! stand in the rule's queries; or the rule is refused.

use rulecast_compile::{Allow, Outcome, Target, Unit, compile};
use rulecast_diagnostics::FileId;
use std::fmt::Write;

struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// A rule of many tests and what must stand in its queries.
struct Marked {
    selections: String,
    marks: Vec<String>,
}

impl Marked {
    fn selection(&mut self, numbers: &mut Numbers, modelled: bool) -> String {
        let number = self.marks.len();
        let text = format!("mark{number}x");
        let field = if modelled { "CommandLine".to_owned() } else { format!("field{}", number % 5) };
        let (item, mark) = match numbers.below(11) {
            0 => (format!("{field}: {text}"), text),
            1 => (format!("{field}|contains: {text}"), text),
            2 => (format!("{field}|startswith: {text}"), text),
            3 => (format!("{field}|endswith: {text}"), text),
            4 => (format!("{field}|cased: {text}"), text),
            5 => (format!("{field}|re: '{text}[0-9]'"), text),
            6 => (format!("{field}: '{text}*end'"), text),
            7 => (format!("{field}|contains|cased: {text}"), text),
            8 if !modelled => (format!("own{number}: null"), format!("own{number}")),
            9 if !modelled => (format!("count{number}|gte: {}", 7000 + number), (7000 + number).to_string()),
            _ if !modelled => (format!("address{number}|cidr: 10.{number}.0.0/16"), format!("10.{number}.0.0/16")),
            _ => (format!("{field}|contains|windash: ' -{text}'"), text),
        };
        self.marks.push(mark);
        let (key, value) = item.split_once(": ").expect("an item has a value");
        writeln!(self.selections, "  s{number}: {{'{key}': {value}}}").expect("a String takes all text");
        format!("s{number}")
    }

    fn condition(&mut self, numbers: &mut Numbers, depth: usize, modelled: bool) -> String {
        if depth == 0 || numbers.below(4) == 0 {
            return self.selection(numbers, modelled);
        }
        match numbers.below(5) {
            0 => format!("not ({})", self.condition(numbers, depth - 1, modelled)),
            n => {
                let parts: Vec<String> = (0..2 + numbers.below(2))
                    .map(|_| format!("({})", self.condition(numbers, depth - 1, modelled)))
                    .collect();
                parts.join(if n < 3 { " and " } else { " or " })
            }
        }
    }
}

#[test]
fn p8_no_test_of_a_rule_is_lost() {
    for target in Target::ALL {
        let modelled = target.model != "none";
        let (mut numbers, mut stood, mut refused) = (Numbers(8), 0, 0);
        for _ in 0..150 {
            let mut marked = Marked { selections: String::new(), marks: Vec::new() };
            let condition = marked.condition(&mut numbers, 3, modelled);
            let yaml = format!(
                "title: t\nlogsource: {{category: process_creation, product: windows}}\ndetection:\n{}  condition: {condition}\n",
                marked.selections
            );
            let resolved = Unit::new(rulecast_rule::parse(FileId(0), &yaml).documents).resolve();
            let rule = resolved.rules.first().unwrap_or_else(|| panic!("{yaml}\n{:?}", resolved.diagnostics));
            match compile(rule, target, Allow::default()) {
                Outcome::Queries(queries) => {
                    for mark in &marked.marks {
                        let stands = queries.iter().any(|query| stands(&query.text, mark));
                        assert!(stands, "{target}: {mark} is lost\n{yaml}\n{}", queries[0].text);
                        stood += 1;
                    }
                }
                Outcome::Refused(_) => refused += 1,
                Outcome::Declared { .. } => unreachable!(),
            }
        }
        assert!(stood > 400 && refused < 30, "{target}: {stood} stood, {refused} rules were refused");
    }
}

/// Whether a query speaks of a mark; a regex may spell a letter `[mM]`, and a mark with a dot `10\.1\.`.
fn stands(query: &str, mark: &str) -> bool {
    let plain: String = query.replace('\\', "").to_ascii_lowercase();
    plain.contains(mark)
}
