//! Random changes to a random repository: the findings of `check --changed` are those of `check`.

use crate::support::Sandbox;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const FILES: [&str; 12] = [
    "a/a.yml", "a/b.yml", "a/c.yaml", "b/a.yml", "b/d.yml", "b/e.yml", "c/f.yml", "c/g.yml", "h.yml", "i.yml", "j.yml",
    "z/a.yml",
];
const TITLES: [&str; 7] = ["First Rule", "first rule", "Ärger", "ärger", "Other", "Third: Rule", "It's One"];
const NAMES: [&str; 5] = ["one", "two", "three", "One", "four"];
const IDS: [&str; 6] = [
    "11111111-1111-4111-8111-11111111111a",
    "11111111-1111-4111-8111-11111111111A",
    "22222222-2222-4222-8222-222222222222",
    "33333333-3333-4333-8333-333333333333",
    "44444444-4444-4444-8444-444444444444",
    "55555555-5555-4555-8555-555555555555",
];

/// xorshift64*.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// A text as YAML has it, in one of many ways.
    fn text(&mut self, text: &str, block: bool) -> String {
        let single = format!("'{}'", text.replace('\'', "''"));
        match self.below(if block { 12 } else { 8 }) {
            0 => format!("\"{text}\""),
            1 => {
                let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
                format!("\"\\u{:04x}{rest}\"", first.chars().next().map_or(0x20, u32::from))
            }
            2 | 3 => single,
            4 => format!("!!str {single}"),
            8 => format!(">-\n    {}", text.replacen(' ', "\n    ", 1)),
            9 => format!("\n    {single}"),
            10 if !text.contains(':') => text.replacen(' ', "\n    ", 1),
            11 if !text.contains(':') => format!("{text}   # {}", self.one_of(&NAMES)),
            _ if text.contains(": ") => single,
            _ => text.to_owned(),
        }
    }

    fn reference(&mut self) -> String {
        let reference = if self.percent(50) { self.one_of(&NAMES) } else { self.one_of(&IDS) };
        self.text(reference, false)
    }

    /// A document. A mistake now and then takes it out of the rules.
    fn document(&mut self) -> String {
        let mut keys: Vec<String> = Vec::new();
        if self.percent(90) {
            let title = self.one_of(&TITLES);
            keys.push(format!("title: {}", self.text(title, true)));
        }
        if self.percent(60) {
            let id = self.one_of(&IDS);
            keys.push(format!("id: {}", self.text(id, true)));
        }
        if self.percent(60) {
            let name = self.one_of(&NAMES);
            keys.push(format!("name: {}", self.text(name, true)));
        }
        if self.percent(20) {
            let id = self.one_of(&IDS);
            let id = self.text(id, false);
            let kind = self.one_of(&["derived", "similar", "obsolete", "'derived'"]);
            keys.push(match self.below(4) {
                0 => format!("related: [{{id: {id}, type: {kind}}}]"),
                1 => format!("related:\n- type: {kind}\n  id: {id}"),
                _ => format!("related:\n    - id: {id}\n      type: {kind}"),
            });
        }
        if self.percent(10) {
            let lint = self.one_of(&["unknown-relation", "duplicate-title", "no-id", "cannot-express"]);
            keys.push(format!("lint: {{allow: [{{name: {lint}, reason: why not}}]}}"));
        }
        let log_source = "logsource: {category: process_creation, product: windows}";
        match self.below(100) {
            0..25 => {
                let rules: Vec<String> = (0..=self.below(2)).map(|_| self.reference()).collect();
                let generate = if self.percent(25) { ", generate: true" } else { "" };
                keys.push(format!(
                    "correlation: {{type: temporal, rules: [{}], group-by: [User], timespan: 1m{generate}}}",
                    rules.join(", ")
                ));
            }
            25..35 => {
                let rules = if self.percent(15) { "any".to_owned() } else { format!("[{}]", self.reference()) };
                let value = self.one_of(&["{User: a}", "{Odd: b}", "{User|re: '('}"]);
                keys.push(log_source.to_owned());
                keys.push(format!("filter:\n  rules: {rules}\n  sel: {value}\n  condition: not sel"));
            }
            _ => {
                keys.push(log_source.to_owned());
                let value =
                    self.one_of(&["{User: a}", "{CommandLine: b}", "{Odd: b}", "{User|re: '('}", "{User|no: c}"]);
                keys.push(format!("detection:\n  sel: {value}\n  condition: sel"));
            }
        }
        if self.percent(30) {
            keys.rotate_left(1);
        }
        let mut text = keys.join("\n") + "\n";
        if self.percent(6) {
            text = text.lines().fold(String::new(), |mut all, line| {
                let _ = writeln!(all, "  {line}");
                all
            });
        }
        if self.percent(4) {
            text = format!("action: {}\n{text}", self.one_of(&["global", "repeat", "reset"]));
        }
        if self.percent(4) {
            text = text.replace('\n', "\r\n");
        }
        text
    }

    fn file(&mut self) -> String {
        let documents: Vec<String> = (0..=self.below(10) / 7).map(|_| self.document()).collect();
        let text = documents.join(self.one_of(&["---\n", "---\n# more\n", "...\n---\n"]));
        format!("{}{text}", self.one_of(&["", "", "", "# first\n", "---\n", "\u{feff}"]))
    }
}

/// The findings by file, each as the whole of what is said, and by name and line.
type Findings = BTreeMap<String, Vec<(String, String)>>;

fn findings(sandbox: &Sandbox, args: &[&str]) -> Findings {
    let all = [&["check", "-f", "json", "-t", "kql.xdr", "--deny", "unknown-relation"], args].concat();
    let run = sandbox.run(&all);
    assert!(run.code < 3, "{}", run.err);
    let mut findings = Findings::new();
    for one in serde_json::from_str::<Vec<serde_json::Value>>(&run.out).unwrap() {
        let file = one["file"].as_str().unwrap().to_owned();
        findings.entry(file).or_default().push((format!("{}:{}", one["name"], one["line"]), one.to_string()));
    }
    findings
}

#[test]
fn the_findings_are_those_of_a_check_of_all_files() {
    let sandbox = Sandbox::new("changed-random");
    let mut dice = Dice(0x5eed_0001);
    let suppress: String = IDS[2..4].iter().fold(String::new(), |all, id| {
        all + &format!("[[suppress]]\nrule = \"{id}\"\nlint = \"duplicate-title\"\nreason = \"why not\"\n")
    });
    let config = format!("rules = [\"rules\"]\n{suppress}");
    sandbox.write("rulecast.toml", config);
    let mut texts: Vec<String> = FILES.iter().map(|_| dice.file()).collect();
    let write = |at: usize, text: &str| _ = sandbox.write(&format!("rules/{}", FILES[at]), text);
    texts.iter().enumerate().for_each(|(at, text)| write(at, text));
    let mut before = findings(&sandbox, &[]);
    let (mut judged, mut narrowed, mut concerned) = (0, 0, 0);
    for round in 0..ROUNDS {
        let changed: BTreeSet<usize> = (0..=dice.below(2)).map(|_| dice.below(FILES.len())).collect();
        let mut gone = false;
        for &at in &changed {
            let old = std::mem::replace(&mut texts[at], dice.file());
            // What correlations and filters that are gone had to do with others is not looked for.
            gone |= old.contains("correlation:") || old.contains("filter:");
            write(at, &texts[at]);
        }
        let paths: Vec<String> = changed.iter().map(|at| format!("rules/{}", FILES[*at])).collect();
        let all = findings(&sandbox, &[]);
        let args: Vec<&str> = ["--changed"].into_iter().chain(paths.iter().map(String::as_str)).collect();
        let fast = findings(&sandbox, &args);
        let about = || format!("round {round}, changed {paths:?}\n{}", dump(&texts));
        let told = |findings: &Findings, file: &str, one: &(String, String)| {
            findings.get(file).is_some_and(|found| found.contains(one))
        };
        for (file, one) in each(&fast) {
            assert!(told(&all, file, one), "{file} has {one:?} in vain, {}", about());
        }
        let is_new = |file: &str, one: &(String, String)| {
            !before.get(file).is_some_and(|found| found.iter().any(|old| old.0 == one.0))
        };
        // Nor what becomes of a reference that might have meant several rules.
        let ambiguous = |findings: &Findings| -> BTreeSet<String> {
            let all = each(findings).filter(|(_, one)| one.0.contains("ambiguous-rule"));
            all.map(|(file, one)| format!("{file} {}", one.0)).collect()
        };
        gone |= !ambiguous(&before).is_subset(&ambiguous(&all));
        for (file, one) in each(&all) {
            // What the change brought out in other files is there.
            let excused = gone || file == "rulecast.toml";
            let wanted = paths.iter().any(|path| path == file) || is_new(file, one) && !excused;
            assert!(!wanted || told(&fast, file, one), "{file} has {one:?}, {}", about());
        }
        judged += usize::from(!gone);
        narrowed += usize::from(fast.len() < all.len());
        concerned += usize::from(fast.keys().any(|file| !paths.contains(file)));
        before = all;
    }
    // The test is worth its name only if some changes bear on others, and few on all.
    let is_worthy = judged > ROUNDS / 4 && narrowed > ROUNDS / 2 && concerned > ROUNDS / 3;
    assert!(is_worthy, "{judged} judged, {narrowed} narrowed, {concerned} concerned");
}

fn each(findings: &Findings) -> impl Iterator<Item = (&str, &(String, String))> {
    findings.iter().flat_map(|(file, found)| found.iter().map(move |one| (file.as_str(), one)))
}

const ROUNDS: usize = 60;

fn dump(texts: &[String]) -> String {
    FILES.iter().zip(texts).fold(String::new(), |all, (file, text)| all + &format!("==== {file}\n{text}"))
}
