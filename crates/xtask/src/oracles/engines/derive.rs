//! Events that a rule is about, made from the rule: some that it matches, some that it just does not.

use rulecast_ir::regex::{RegexClass, RegexNode};
use rulecast_ir::{Arm, Atom, Comparison, Event, Logic, Number, Part, Pattern, Predicate, Record, Scalar, Sigma};
use rulecast_ir::{Subject, Test};
use std::collections::BTreeMap;

/// How many events a rule gets.
const EVENTS: usize = 8;
/// Of these, so many are left as they should match.
const WHOLE: usize = 3;

/// A day: no sequence is that long.
const APART: i64 = 86_400_000;

/// Numbers that are the same in every run (xorshift64*).
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }
}

/// Events for a rule of single events, the first of which has this id.
pub(super) fn events(rule: &Event<Sigma>, first: u64, dice: &mut Dice) -> Vec<Record> {
    (0..EVENTS)
        .map(|index| {
            let Arm { predicate, .. } = &rule.arms[dice.below(rule.arms.len())];
            let mut draft = Draft::default();
            draft.satisfy(predicate, true, dice);
            let mut fields = draft.fields();
            if index >= WHOLE {
                change(&mut fields, dice);
            }
            let id = first + index as u64;
            Record { id, time: i64::try_from(id).unwrap_or_default() * APART, fields, ..Record::default() }
        })
        .collect()
}

/// Changes one field a little.
fn change(fields: &mut BTreeMap<String, Vec<Scalar>>, dice: &mut Dice) {
    if fields.is_empty() {
        return;
    }
    let name = fields.keys().nth(dice.below(fields.len())).cloned().unwrap_or_default();
    let Some(values) = fields.get_mut(&name) else { return };
    let text = values.first().map_or_else(String::new, Scalar::text);
    let ascii = |text: &str, upper: bool| if upper { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() };
    let number = values.first().is_some_and(|value| matches!(value, Scalar::Integer(_)));
    match dice.below(9) {
        0 => drop(fields.remove(&name)),
        1 if !number => values.push(Scalar::Text("other".into())),
        2 if !number => values.insert(0, Scalar::Text(String::new())),
        _ if number => *values = vec![Scalar::Integer(i64::try_from(dice.below(9)).unwrap_or_default())],
        3 => *values = vec![Scalar::Text(format!("{text}x"))],
        4 => *values = vec![Scalar::Text(format!("x{text}"))],
        5 => *values = vec![Scalar::Text(text.chars().skip(1).collect())],
        6 => *values = vec![Scalar::Text(ascii(&text, true))],
        7 => *values = vec![Scalar::Text(ascii(&text, false))],
        _ => *values = vec![Scalar::Text(format!("{text}\n{text}"))],
    }
}

/// What an event must have.
#[derive(Default)]
struct Draft {
    texts: BTreeMap<String, Text>,
    others: BTreeMap<String, Scalar>,
}

/// What a text must have, where.
#[derive(Default)]
struct Text {
    whole: Option<String>,
    head: String,
    middle: Vec<String>,
    tail: String,
}

impl Draft {
    fn satisfy(&mut self, predicate: &Predicate<Sigma>, wanted: bool, dice: &mut Dice) {
        match predicate {
            Logic::True | Logic::False => {}
            Logic::Not(inner) => self.satisfy(inner, !wanted, dice),
            Logic::And(parts) if wanted => parts.iter().for_each(|part| self.satisfy(part, true, dice)),
            Logic::Or(parts) if !wanted => parts.iter().for_each(|part| self.satisfy(part, false, dice)),
            Logic::And(parts) | Logic::Or(parts) => self.satisfy(&parts[dice.below(parts.len())], wanted, dice),
            Logic::Test(atom) => self.test(atom, wanted, dice),
        }
    }

    fn test(&mut self, atom: &Atom<Sigma>, wanted: bool, dice: &mut Dice) {
        let field = match &atom.subject {
            Subject::Field(field) => field.name().to_string(),
            Subject::Keyword => "Message".to_owned(),
        };
        match &atom.test {
            Test::Exists(present) if *present == wanted => self.text(field).middle.push("y".into()),
            Test::Exists(_) => {}
            _ if !wanted => {
                if dice.percent(40) {
                    self.texts.entry(field).or_default();
                }
            }
            Test::Text { pattern, .. } => self.pattern(field, pattern, dice),
            Test::Regex(regex) => {
                let mut text = String::new();
                sample(&regex.node, &mut text, dice);
                let (start, end) = ends(&regex.node);
                self.text(field).add(text, !start, !end);
            }
            Test::Number { comparison, number } => {
                let number = match number {
                    Number::Integer(number) => *number,
                    #[expect(clippy::cast_possible_truncation, reason = "near it is enough")]
                    Number::Decimal(number) => *number as i64,
                };
                let number = match comparison {
                    Comparison::Less => number.saturating_sub(1),
                    Comparison::Greater => number.saturating_add(1),
                    _ => number,
                };
                self.others.insert(field, Scalar::Integer(number));
            }
            Test::Cidr(network) => drop(self.others.insert(field, Scalar::Text(network.network().to_string()))),
            Test::Field { other, .. } => {
                self.text(other.name().to_string()).add("same".into(), false, false);
                self.text(field).add("same".into(), false, false);
            }
            Test::Time { .. } => self.text(field).add("2024-02-03T04:05:06Z".into(), false, false),
        }
    }

    fn text(&mut self, field: String) -> &mut Text {
        self.texts.entry(field).or_default()
    }

    fn pattern(&mut self, field: String, pattern: &Pattern, dice: &mut Dice) {
        let parts = pattern.parts();
        let text = parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.as_str(),
                Part::AnyRun if dice.percent(50) => "",
                Part::AnyRun => " z ",
                Part::AnyOne => "q",
                Part::Placeholder(_) => "name",
            })
            .collect();
        let open = |part: Option<&Part>| part == Some(&Part::AnyRun);
        self.text(field).add(text, open(parts.first()), open(parts.last()));
    }

    fn fields(self) -> BTreeMap<String, Vec<Scalar>> {
        let mut fields: BTreeMap<_, _> = self.others.into_iter().map(|(field, value)| (field, vec![value])).collect();
        for (field, text) in self.texts {
            let text = text.whole.unwrap_or_else(|| text.head + &text.middle.join(" ") + &text.tail);
            fields.entry(field).or_insert_with(|| vec![Scalar::Text(text)]);
        }
        fields
    }
}

impl Text {
    fn add(&mut self, text: String, open_start: bool, open_end: bool) {
        match (open_start, open_end) {
            (true, true) => self.middle.push(text),
            (true, false) => self.tail = text,
            (false, true) => self.head = text,
            (false, false) => self.whole = Some(text),
        }
    }
}

/// Whether a regex begins and ends at the ends of the text.
fn ends(node: &RegexNode) -> (bool, bool) {
    match node {
        RegexNode::TextStart => (true, false),
        RegexNode::TextEnd => (false, true),
        RegexNode::Concat(parts) => {
            (parts.first().is_some_and(|part| ends(part).0), parts.last().is_some_and(|part| ends(part).1))
        }
        _ => (false, false),
    }
}

/// A text that a regex matches, if its boundaries allow it.
fn sample(node: &RegexNode, to: &mut String, dice: &mut Dice) {
    match node {
        RegexNode::Char { c, .. } => to.push(*c),
        RegexNode::Any { .. } => to.push('x'),
        RegexNode::Class(class) => to.extend(one_of(class, dice)),
        RegexNode::Concat(parts) => parts.iter().for_each(|part| sample(part, to, dice)),
        RegexNode::Alternation(parts) => sample(&parts[dice.below(parts.len())], to, dice),
        RegexNode::Repeat { node, min, max } => {
            let more = if max.is_none_or(|max| max > *min) { dice.below(2) } else { 0 };
            (0..*min as usize + more).for_each(|_| sample(node, to, dice));
        }
        RegexNode::Empty
        | RegexNode::TextStart
        | RegexNode::TextEnd
        | RegexNode::LineStart
        | RegexNode::LineEnd
        | RegexNode::WordBoundary
        | RegexNode::NotWordBoundary => {}
    }
}

fn one_of(class: &RegexClass, dice: &mut Dice) -> Option<char> {
    if class.negated {
        let within = |c: &char| class.ranges.iter().any(|(first, last)| (first..=last).contains(&c));
        return ['x', '1', ' ', '\\', '~', 'é'].into_iter().find(|c| !within(c));
    }
    let (first, last) = class.ranges[dice.below(class.ranges.len())];
    Some(if dice.percent(50) { first } else { last })
}

#[cfg(test)]
mod tests {
    use super::{Dice, WHOLE, events};
    use rulecast_compile::Unit;
    use rulecast_diagnostics::FileId;
    use rulecast_ir::{Body, eval};

    /// How many of the whole events and of the changed ones the rule matches, of a hundred draws.
    fn fired(detection: &str) -> (usize, usize) {
        let text = format!("title: t\nlogsource: {{category: x}}\ndetection: {detection}\n");
        let resolved = Unit::new(rulecast_rule::parse(FileId(0), &text).documents).resolve();
        let Body::Event(rule) = &resolved.rules[0].body else { panic!("a rule of single events") };
        let mut fired = (0, 0);
        for seed in 1..=100 {
            for (index, record) in events(rule, 0, &mut Dice::new(seed)).iter().enumerate() {
                let fires = eval::satisfies(&rule.arms[0].predicate, record);
                *(if index < WHOLE { &mut fired.0 } else { &mut fired.1 }) += usize::from(fires);
            }
        }
        fired
    }

    #[test]
    fn whole_events_match_their_rule_and_changed_ones_part() {
        for detection in [
            "{s: {a|contains|all: [x, yy], a|endswith: z, a|startswith: w}, condition: s}",
            "{s: {a: [b*c, d?e], n|gt: 5}, t: {a: bzc}, condition: s and not t}",
            "{s: {ip|cidr: 10.0.0.0/8, r|re: '^a[b-d]+(e|f)?$', m: null}, condition: s}",
            "{s: {a|fieldref: b, c|exists: true}, t: {d|re|i: 'x\\d{2}'}, condition: s and t}",
        ] {
            let (whole, changed) = fired(detection);
            assert_eq!(whole, 100 * WHOLE, "{detection}");
            assert!((20..480).contains(&changed), "{detection}: {changed}");
        }
    }
}
