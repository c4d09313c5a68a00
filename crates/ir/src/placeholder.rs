//! Placeholders: `%name%` under the modifier `expand`, and the values that take their place.
//!
//! A test with placeholders becomes any of the tests that its values make: several placeholders are every combination. A
//! value is a Sigma string, in which `*`, `?` and the backslash mean what they mean in a rule; inside a regex it is a
//! regex. So read the reference implementation's processing pipelines too. One thing is ours: under `all`, a value with
//! a placeholder holds where any of its own combinations does; it does not ask for all of them.
//!
//! Promises: a placeholder without a value stays, and no target takes a rule with one. Lacks: values from files, commands
//! or the network.

use crate::{Atom, Body, Event, Logic, Part, Pattern, Predicate, Refusal, RefusalReason, Rule, Sigma, Stage, Test};
use rulecast_diagnostics::{Diagnostic, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most tests that one value of a rule may become.
pub const MAX_COMBINATIONS: usize = 10_000;

/// Values by the name of their placeholder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placeholders {
    values: BTreeMap<String, Vec<String>>,
}

impl Placeholders {
    /// Gives a placeholder its values, in place of those that it had. Without any, it stays unfilled.
    pub fn insert(&mut self, name: impl Into<String>, values: Vec<String>) {
        self.values.insert(name.into(), values);
    }

    /// The values of a placeholder.
    pub fn get(&self, name: &str) -> Option<&[String]> {
        self.values.get(name).map(Vec::as_slice)
    }

    /// Whether it names no placeholder.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl Rule<Sigma> {
    /// Fills the placeholders that have values, in every test of the rule. What is returned is wrong with the result.
    pub fn fill(&mut self, placeholders: &Placeholders) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        if !placeholders.is_empty() {
            self.fill_with(&|name| placeholders.get(name), &mut problems);
        }
        problems
    }

    /// Fills the placeholders that `values` knows: a pipeline may choose among them.
    pub fn fill_with<'v>(&mut self, values: &impl Fn(&str) -> Option<&'v [String]>, problems: &mut Vec<Diagnostic>) {
        in_body(&mut self.body, &mut |tree| fill(tree, values, problems));
    }
}

fn in_body(body: &mut Body<Sigma>, change: &mut dyn FnMut(&mut Predicate<Sigma>)) {
    match body {
        Body::Event(event) => in_event(event, change),
        Body::Sequence(sequence) => {
            let steps = sequence.steps.iter_mut().chain(sequence.until.as_deref_mut());
            steps.for_each(|step| in_body(&mut step.body, change));
        }
        Body::Correlation(correlation) => {
            correlation.members.iter_mut().for_each(|member| in_body(&mut member.body, change));
        }
    }
}

fn in_event(event: &mut Event<Sigma>, change: &mut dyn FnMut(&mut Predicate<Sigma>)) {
    let branches = event.classification.iter_mut().flat_map(|classification| &mut classification.branches);
    for arm in event.arms.iter_mut().chain(branches.flat_map(|branch| &mut branch.arms)) {
        change(&mut arm.predicate);
    }
}

/// Fills the placeholders of a predicate that `values` knows.
pub fn fill<'v>(
    tree: &mut Predicate<Sigma>,
    values: &impl Fn(&str) -> Option<&'v [String]>,
    problems: &mut Vec<Diagnostic>,
) {
    match tree {
        Logic::True | Logic::False => {}
        Logic::Not(inner) => fill(inner, values, problems),
        Logic::And(parts) => parts.iter_mut().for_each(|part| fill(part, values, problems)),
        Logic::Or(parts) => {
            parts.iter_mut().for_each(|part| fill(part, values, problems));
            // The values of a list and those of a placeholder in it stand side by side.
            if parts.iter().any(|part| matches!(part, Logic::Or(_))) {
                *tree = Logic::any(std::mem::take(parts));
            }
        }
        Logic::Test(atom) => {
            if let Some(tests) = fill_test(&atom.test, atom.span, values, problems) {
                let atom = |test| Logic::Test(Atom { test, ..atom.clone() });
                *tree = Logic::any(tests.into_iter().map(atom).collect::<Vec<_>>());
            }
        }
    }
}

/// The tests that a test at `span` becomes, any of which may hold; `None` where none of its placeholders has a value.
pub fn fill_test<'v>(
    test: &Test<Sigma>,
    span: Span,
    values: &impl Fn(&str) -> Option<&'v [String]>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Vec<Test<Sigma>>> {
    let names: Vec<&str> = match test {
        Test::Text { pattern, .. } => pattern.placeholders().collect(),
        Test::Regex(regex) => regex.placeholders().collect(),
        _ => return None,
    };
    let known = |name: &str| values(name).filter(|values| !values.is_empty());
    let counts: Vec<usize> = names.iter().filter_map(|name| known(name)).map(<[String]>::len).collect();
    if counts.is_empty() {
        return None;
    }
    let count = counts.iter().try_fold(1_usize, |product, count| product.checked_mul(*count));
    if count.is_none_or(|count| count > MAX_COMBINATIONS) {
        let message = format!("the values of `%{}%` make more than {MAX_COMBINATIONS} tests", names.join("%`, `%"));
        problems.push(
            Diagnostic::error("expansion-limit", span, message)
                .label("too many combinations")
                .help("give fewer values, or one placeholder a value"),
        );
        return None;
    }
    match test {
        Test::Text { pattern, case } => {
            let patterns = combine(pattern.parts(), &known, |pattern: &mut Pattern, piece| match piece {
                Ok(part) => pattern.push(part.clone()),
                Err(value) => pattern.extend(Pattern::parse(value)),
            });
            Some(patterns.into_iter().map(|pattern| Test::Text { pattern, case: *case }).collect())
        }
        Test::Regex(regex) => {
            let templates = combine(regex.parts(), &known, |parts: &mut Vec<Part>, piece| {
                parts.push(piece.map_or_else(|value| Part::Literal(value.to_owned()), Part::clone));
            });
            let mut tests = Vec::with_capacity(templates.len());
            for parts in templates {
                match regex.with_parts(parts) {
                    Ok(regex) => tests.push(Test::Regex(Arc::new(regex))),
                    Err((text, error)) => problems.push(
                        Diagnostic::error("invalid-regex", span, format!("invalid regex `{text}`: {}", error.message))
                            .label("with the value of a placeholder"),
                    ),
                }
            }
            Some(tests)
        }
        _ => None,
    }
}

/// Why no target takes a test with placeholders left; `None` without any. The same words everywhere.
pub fn unfilled<S: Stage>(test: &Test<S>, span: Span) -> Option<Refusal> {
    let mut names: Vec<&str> = match test {
        Test::Text { pattern, .. } => pattern.placeholders().collect(),
        Test::Regex(regex) => regex.placeholders().collect(),
        _ => return None,
    };
    let first = *names.first()?;
    names.dedup();
    let message = match names.as_slice() {
        [_] => format!("the placeholder `%{first}%` has no values"),
        names => format!("the placeholders `%{}%` have no values", names.join("%`, `%")),
    };
    let help =
        format!("give them with `--placeholders FILE`, in lines `{first}: [value, …]`, or in a processing pipeline");
    Some(Refusal::new(RefusalReason::Placeholder, span, message).help(help))
}

/// Every combination of the values of the placeholders among `parts`: those of the last vary first.
fn combine<'v, T: Clone + Default>(
    parts: &[Part],
    values: &impl Fn(&str) -> Option<&'v [String]>,
    add: impl Fn(&mut T, Result<&Part, &str>),
) -> Vec<T> {
    let mut all = vec![T::default()];
    for part in parts {
        let Some(values) = part.placeholder().and_then(values) else {
            all.iter_mut().for_each(|one| add(one, Ok(part)));
            continue;
        };
        all = all
            .iter()
            .flat_map(|one| {
                values.iter().map(|value| {
                    let mut one = one.clone();
                    add(&mut one, Err(value));
                    one
                })
            })
            .collect();
    }
    all
}

/// A piece of a text under `expand`.
pub(crate) enum Piece<'a> {
    /// What stands between placeholders, with `\%` unescaped and all other escapes as written.
    Text(String),
    /// The name of one.
    Placeholder(&'a str),
}

/// Takes a text apart: a backslash that is not escaped itself makes a percent sign literal, and `%%` is no placeholder.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut between = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        if backslashes % 2 == 1 {
            between.push_str(&before[..at - 1]);
            between.push('%');
            rest = after;
            continue;
        }
        between.push_str(before);
        match after.find('%') {
            Some(end) if end > 0 => {
                if !between.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut between)));
                }
                pieces.push(Piece::Placeholder(&after[..end]));
                rest = &after[end + 1..];
            }
            _ => {
                between.push('%');
                rest = after;
            }
        }
    }
    between.push_str(rest);
    if !between.is_empty() {
        pieces.push(Piece::Text(between));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Placeholders, fill, fill_test, unfilled};
    use crate::regex::{Regex, RegexEnds, RegexFlags};
    use crate::{Atom, Case, Field, Logic, Notes, Pattern, Predicate, Sigma, Subject, Test};
    use rulecast_diagnostics::Span;
    use std::sync::Arc;

    fn values() -> Placeholders {
        let mut values = Placeholders::default();
        values.insert("a", vec!["x*".into(), r"\\y".into()]);
        values.insert("b", vec!["1".into(), "2".into()]);
        values.insert("none", Vec::new());
        values.insert("many", vec![String::new(); 101]);
        values
    }

    fn text(text: &str) -> Test<Sigma> {
        Test::Text { pattern: Pattern::parse_with_placeholders(text), case: Case::Insensitive }
    }

    fn filled(test: &Test<Sigma>) -> Option<Vec<String>> {
        let (values, mut problems) = (values(), Vec::new());
        let tests = fill_test(test, Span::default(), &|name| values.get(name), &mut problems);
        let mut shown: Vec<String> = problems.iter().map(|problem| problem.message.clone()).collect();
        shown.extend(tests.iter().flatten().map(|test| match test {
            Test::Text { pattern, .. } => format!("{:?}", pattern.parts()),
            Test::Regex(regex) => regex.text.clone(),
            _ => unreachable!(),
        }));
        (tests.is_some() || !problems.is_empty()).then_some(shown)
    }

    #[test]
    fn a_value_is_a_sigma_string() {
        assert_eq!(
            filled(&text("c%a%")),
            Some(vec![r#"[Literal("cx"), AnyRun]"#.into(), r#"[Literal("c\\y")]"#.into()])
        );
        assert_eq!(filled(&text("c%none%")), None);
        assert_eq!(filled(&text("c%other%")), None);
        assert_eq!(filled(&text("c")), None);
        let mixed = filled(&text("%b%%other%")).unwrap();
        assert_eq!(mixed, [r#"[Literal("1"), Placeholder("other")]"#, r#"[Literal("2"), Placeholder("other")]"#]);
    }

    #[test]
    fn several_placeholders_are_every_combination_up_to_a_limit() {
        let all = filled(&text("%b%-%b%")).unwrap();
        assert_eq!(all, ["1-1", "1-2", "2-1", "2-2"].map(|text| format!("[Literal({text:?})]")));
        let problem = filled(&text("%many%%many%")).unwrap();
        assert_eq!(problem, ["the values of `%many%`, `%many%` make more than 10000 tests"]);
    }

    #[test]
    fn a_value_in_a_regex_is_a_regex() {
        let regex = |text: &str| {
            let regex = Regex::parse_with_placeholders(text, RegexFlags::default(), RegexEnds::Start).unwrap();
            Test::Regex(Arc::new(regex))
        };
        assert_eq!(filled(&regex("^%b%+")), Some(vec!["^1+".into(), "^2+".into()]));
        assert_eq!(filled(&regex(r"\%b%")), None);
        assert_eq!(filled(&regex("%a%")), Some(vec!["x*".into(), r"\\y".into()]));
        assert_eq!(filled(&regex("(%b%%other%")), Some(vec!["(1%other%".into(), "(2%other%".into()]));
        assert_eq!(filled(&regex("(%b%")).unwrap()[0], "invalid regex `(1`: unclosed group");
    }

    #[test]
    fn the_values_of_a_list_stand_side_by_side() {
        let atom = |text_of: &str| {
            let subject = Subject::Field(Field::Sigma("f".into()));
            Logic::Test(Atom { subject, test: text(text_of), span: Span::default(), notes: Notes::default() })
        };
        let plain = |texts: &[&str]| Logic::any(texts.iter().map(|text| atom(text)).collect::<Vec<_>>());
        let mut tree: Predicate<Sigma> = Logic::all([Logic::any([atom("z"), atom("%b%")]), atom("%b%").negate()]);
        let values = values();
        fill(&mut tree, &|name| values.get(name), &mut Vec::new());
        assert_eq!(tree, Logic::all([plain(&["z", "1", "2"]), plain(&["1", "2"]).negate()]));
    }

    #[test]
    fn what_is_left_is_named() {
        let message = |pattern: &str| unfilled(&text(pattern), Span::default()).map(|refusal| refusal.message);
        assert_eq!(message("x"), None);
        assert_eq!(message("%a%").unwrap(), "the placeholder `%a%` has no values");
        assert_eq!(message("%a%x%b%").unwrap(), "the placeholders `%a%`, `%b%` have no values");
    }
}
