//! The tests of a rule as timelines, and what became of them.

use crate::words::{count, one_line};
use rulecast_bundle::{BundledRule, TestResult};
use rulecast_compile::tested::{Compared, answer};
use rulecast_rule::ast::{Node, RuleTest, TestEvent, Value};

/// A test.
pub(super) struct TestPart {
    /// From 1.
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) expected: String,
    pub(super) why: Option<String>,
    /// `passed`, `failed`, `not run`.
    pub(super) status: &'static str,
    /// What the rule does that the test does not expect.
    pub(super) failed: Option<String>,
    pub(super) results: Vec<ResultPart>,
    pub(super) events: Vec<EventPart>,
}

/// How the query of a target compares with the rule.
pub(super) struct ResultPart {
    pub(super) target: String,
    /// `agrees`, `differs`, …
    pub(super) word: &'static str,
    /// For the style: `good`, `bad`, `none`.
    pub(super) tone: &'static str,
    pub(super) note: Option<String>,
}

pub(super) struct EventPart {
    /// From 1.
    pub(super) number: usize,
    /// Since the test's start.
    pub(super) offset: String,
    pub(super) source: String,
    pub(super) fields: Vec<(String, String)>,
}

/// What became of all tests, in words.
pub(super) struct Tested {
    pub(super) summary: String,
    /// By target.
    pub(super) targets: Vec<(String, String)>,
}

/// What became of all tests of a rule.
pub(super) fn tested(rule: &BundledRule, targets: &[String]) -> Tested {
    let tests = rule.metadata.0.tests.len();
    if rule.tests.len() != tests {
        return Tested { summary: format!("{}, not run", count(tests, "test")), targets: Vec::new() };
    }
    let failed = rule.tests.iter().filter(|result| result.failed.is_some()).count();
    let summary = match failed {
        0 => format!("{}: the rule passes all of them", count(tests, "test")),
        some => format!("{}: the rule fails {some} of them", count(tests, "test")),
    };
    let of_target = |target: &String| {
        let mut kinds = [0; Compared::KINDS];
        let all = rule.tests.iter().flat_map(|result| &result.targets);
        all.filter(|(name, _)| name == target).for_each(|(_, compared)| kinds[compared.kind()] += 1);
        let said: Vec<String> = Compared::WORDS
            .iter()
            .zip(kinds)
            .filter(|(_, number)| *number > 0)
            .map(|(word, number)| format!("{number} {word}"))
            .collect();
        (target.clone(), said.join(", "))
    };
    Tested { summary, targets: targets.iter().map(of_target).filter(|(_, said)| !said.is_empty()).collect() }
}

/// The tests of a rule, in their order.
pub(super) fn parts(rule: &BundledRule) -> Vec<TestPart> {
    let only = match rule.data.as_slice() {
        [one] => one.log_source.as_str(),
        _ => "",
    };
    let tests = rule.metadata.0.tests.iter().enumerate();
    tests.map(|(at, test)| part(at + 1, test, rule.tests.get(at), only)).collect()
}

fn part(number: usize, test: &RuleTest, result: Option<&TestResult>, only: &str) -> TestPart {
    let mut expected = test.expect.node.name().replace('_', " ");
    if let Some(class) = &test.classification {
        expected = format!("{expected} as {}", one_line(&class.node));
    }
    let results: Vec<ResultPart> = result.into_iter().flat_map(|result| &result.targets).map(compared).collect();
    let status = match result {
        None => "not run",
        Some(result) if result.failed.is_some() || results.iter().any(|one| one.tone == "bad") => "failed",
        Some(_) => "passed",
    };
    TestPart {
        number,
        name: one_line(&test.name.node),
        expected,
        why: test.why.as_ref().map(|why| one_line(&why.node)).filter(|why| !why.is_empty()),
        status,
        failed: result.and_then(|result| result.failed.clone()),
        results,
        events: test.events.iter().zip(1..).map(|(one, number)| event(one, number, only)).collect(),
    }
}

fn compared((target, compared): &(String, Compared)) -> ResultPart {
    let (tone, note) = match compared {
        Compared::Agrees => ("good", None),
        Compared::Differs(difference) => {
            let all = |answers: &[_]| answers.iter().map(answer).collect::<Vec<_>>().join(", ");
            let said = [("misses", &difference.missed), ("also finds", &difference.extra)];
            let said = said.iter().filter(|(_, answers)| !answers.is_empty());
            let said: Vec<String> = said.map(|(word, answers)| format!("{word} {}", all(answers))).collect();
            ("bad", Some(said.join("; ")))
        }
        Compared::Broken(why) => ("bad", Some(one_line(why))),
        Compared::NoQuery(why) | Compared::NotRun(why) => ("none", Some(one_line(why))),
    };
    let word = ["agrees", "differs", "has no query", "was not run", "cannot be read back"][compared.kind()];
    ResultPart { target: target.clone(), word, tone, note }
}

fn event(event: &TestEvent, number: usize, only: &str) -> EventPart {
    let named = [&event.product, &event.category];
    let named: Vec<String> = named.into_iter().flatten().map(|name| one_line(&name.node)).collect();
    let source = if named.is_empty() { one_line(only) } else { named.join("/") };
    let mut fields = Vec::new();
    for (field, value) in &event.fields {
        node(&one_line(&field.node), &value.node, &mut fields);
    }
    EventPart { number, offset: offset(event.offset), source, fields }
}

/// As the evaluator reads it: mappings become dotted names, lists several values.
fn node(name: &str, value: &Node, to: &mut Vec<(String, String)>) {
    let text = match value {
        Node::Scalar(Value::Null) => "null".to_owned(),
        Node::Scalar(Value::Text(text)) => text.clone(),
        Node::Scalar(Value::Integer(number)) => number.to_string(),
        Node::Scalar(Value::Float(number)) => number.to_string(),
        Node::Scalar(Value::Boolean(boolean)) => boolean.to_string(),
        Node::List(values) => return values.iter().for_each(|one| node(name, one, to)),
        Node::Map(members) => {
            return members.iter().for_each(|(key, one)| node(&format!("{name}.{}", one_line(&key.node)), one, to));
        }
    };
    to.push((name.to_owned(), text));
}

/// `+1m 30.5s`.
fn offset(milliseconds: u64) -> String {
    let (seconds, rest) = (milliseconds / 1_000, milliseconds % 1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut parts = Vec::new();
    if hours > 0 {
        parts.push(format!("{hours}h"));
    }
    if minutes > 0 {
        parts.push(format!("{minutes}m"));
    }
    if rest > 0 {
        parts.push(format!("{seconds}.{rest:03}s"));
    } else if seconds > 0 || parts.is_empty() {
        parts.push(format!("{seconds}s"));
    }
    format!("+{}", parts.join(" "))
}

#[cfg(test)]
mod unit {
    use super::offset;

    #[test]
    fn offsets_are_since_the_start() {
        let shown = [0, 250, 30_000, 90_500, 3_600_000].map(offset);
        assert_eq!(shown, ["+0s", "+0.250s", "+30s", "+1m 30.500s", "+1h"]);
    }
}
