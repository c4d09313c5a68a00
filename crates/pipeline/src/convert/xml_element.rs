//! `xml_element`: a field that stands as an element of its name in a column of XML text.
//!
//! `<Data>a</Data><Data>b</Data>` holds two values of `Data`. In it `&`, `<` and `>` are written as entities, so a value has no
//! `<`, and a test of the value is a regex between the tags, which never begins to match within an entity. Elements with
//! attributes are not read. Refused: whether there is such an element, and regexes that may look beyond the value or at its
//! entities.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::regex::{Regex, RegexClass, RegexNode};
use rulecast_ir::{Case, Part, Pattern, Scalar, Test};
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct XmlElement {
    pub(crate) column: Place,
    pub(crate) name: String,
}

impl XmlElement {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let value = match leaf.test {
            Test::Text { pattern, case } => between(pattern, *case),
            Test::Regex(regex) if stays_inside(&regex.node) => vec![whole_run(), regex.node.clone(), any_run()],
            Test::Regex(_) => return Err(leaf.refuse_value("in a column of XML text it may match beyond the value")),
            Test::Exists(_) => {
                return Err(leaf.refuse_value("a column of XML text does not tell what is empty from what is missing"));
            }
            _ => return Err(leaf.refuse_value("it stands in a column of XML text")),
        };
        // Elements whose names differ in case alone are not known, and a regex with one case throughout is short.
        let case = if matches!(leaf.test, Test::Text { case: Case::Insensitive, .. }) {
            Case::Insensitive
        } else {
            Case::Sensitive
        };
        let tag = |slash: &str| literal(&format!("<{slash}{}>", self.name), case).collect::<Vec<_>>();
        let nodes = tag("").into_iter().chain(value).chain(tag("/"));
        let mut regex = Regex::of_node(RegexNode::Concat(nodes.collect()));
        regex.text = format!("<{0}>{1}</{0}>", self.name, leaf.shown());
        Ok(leaf.on(&self.column, Test::Regex(Arc::new(regex))))
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        let elements = values.iter().map(|value| format!("<{0}>{1}</{0}>", self.name, escaped(&value.text())));
        row.put_text(&self.column, elements.collect::<String>());
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn between(pattern: &Pattern, case: Case) -> Vec<RegexNode> {
    let mut nodes = Vec::new();
    let mut parts = pattern.parts().iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Literal(text) => nodes.extend(literal(&escaped(text), case)),
            Part::AnyRun if parts.peek().is_some_and(|next| begins_in_entity(next)) => nodes.push(whole_run()),
            Part::AnyRun => nodes.push(any_run()),
            Part::AnyOne => nodes.push(any_one()),
            Part::Placeholder(_) => unreachable!("what is not filled is refused before"),
        }
    }
    nodes
}

fn literal(text: &str, case: Case) -> impl Iterator<Item = RegexNode> {
    text.chars().map(move |c| RegexNode::Char { c, fold: case == Case::Insensitive && c.is_ascii_alphabetic() })
}

/// How XML writes the characters that would be markup.
const ENTITIES: [&str; 3] = ["&amp;", "&lt;", "&gt;"];

/// Whether what follows a run might be found from the middle of an entity on: `p` in `&amp;`.
fn begins_in_entity(next: &Part) -> bool {
    let Part::Literal(text) = next else { return true };
    let text = escaped(text).to_ascii_lowercase();
    let tails = ENTITIES.iter().flat_map(|entity| (1..entity.len()).map(|at| &entity[at..]));
    tails.into_iter().any(|tail| tail.starts_with(&text) || text.starts_with(tail))
}

/// Any characters, and entities whole.
fn whole_run() -> RegexNode {
    let plain = || {
        let class = RegexNode::Class(RegexClass { negated: true, ranges: vec![('&', '&'), ('<', '<')] });
        RegexNode::Repeat { node: Box::new(class), min: 0, max: None }
    };
    let entity = RegexNode::Alternation(entities().collect());
    let more = RegexNode::Concat(vec![entity, plain()]);
    RegexNode::Concat(vec![plain(), RegexNode::Repeat { node: Box::new(more), min: 0, max: None }])
}

fn entities() -> impl Iterator<Item = RegexNode> {
    ENTITIES.into_iter().map(|entity| RegexNode::Concat(literal(entity, Case::Sensitive).collect()))
}

/// Any characters, where what follows shows that they do not end within an entity.
fn any_run() -> RegexNode {
    let class = RegexNode::Class(RegexClass { negated: true, ranges: vec![('<', '<')] });
    RegexNode::Repeat { node: Box::new(class), min: 0, max: None }
}

/// A character, or the entity that stands for one.
fn any_one() -> RegexNode {
    let other = RegexNode::Class(RegexClass { negated: true, ranges: vec![('&', '&'), ('<', '<')] });
    RegexNode::Alternation(entities().chain([other]).collect())
}

/// Whether a regex can match neither tags nor entities, nor asks where the value begins or ends.
fn stays_inside(node: &RegexNode) -> bool {
    let is_marked = |c: char| matches!(c, '&' | '<' | '>' | ';');
    match node {
        RegexNode::Empty | RegexNode::WordBoundary | RegexNode::NotWordBoundary => true,
        RegexNode::Char { c, .. } => !is_marked(*c),
        RegexNode::Class(class) => {
            let has = |c: char| class.ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
            ['&', '<', '>', ';'].into_iter().all(|c| has(c) == class.negated)
        }
        RegexNode::Concat(nodes) | RegexNode::Alternation(nodes) => nodes.iter().all(stays_inside),
        RegexNode::Repeat { node, .. } => stays_inside(node),
        RegexNode::Any { .. }
        | RegexNode::TextStart
        | RegexNode::TextEnd
        | RegexNode::LineStart
        | RegexNode::LineEnd => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const STARTED: &str = "windows/ps_classic_start";

    #[test]
    fn a_value_stands_between_tags() {
        assert_snapshot!(
            mapped("winlog", STARTED, item("Data|contains", &["ntds.dit"])),
            @"EventData_Xml ~ /<Data>the value `*ntds.dit*`</Data>/"
        );
        assert_snapshot!(
            mapped("winlog", STARTED, item("Data|exists", &["true"])),
            @"value at 10: the test of presence of `Data` cannot be mapped: a column of XML text does not tell what is empty from what is missing"
        );
    }

    #[test]
    fn of_an_event_the_values_stand_side_by_side() {
        assert_snapshot!(
            projected("winlog", STARTED, &[("Data", "a & b"), ("Data", "<c>")]),
            @"windows_eventlog {EventData_Xml: '<Data>a &amp; b</Data><Data>&lt;c&gt;</Data>'}"
        );
        let events: [&[(&str, &str)]; 7] = [
            &[],
            &[("Data", "")],
            &[("Data", "a & b")],
            &[("Data", "x"), ("Data", "A & B")],
            &[("Data", "<c>")],
            &[("Data", "a"), ("Data", "b")],
            &[("Data", "/Data")],
        ];
        let items: [(&str, &[&str]); 9] = [
            ("Data", &["a & b"]),
            ("Data|cased", &["A & B"]),
            ("Data|contains", &["&"]),
            ("Data|contains", &["Data"]),
            ("Data|startswith", &["<"]),
            ("Data|endswith", &["b"]),
            ("Data", &["a ? b"]),
            ("Data", &["?c?"]),
            ("Data", &["a*b"]),
        ];
        agree("winlog", STARTED, &events, &items);
    }

    #[test]
    fn nothing_is_found_within_an_entity() {
        let values = ["&", "<", ">", "a&", "&x", "x&amp", "amp", "P", "g;t", "&&", "<>", "a < b", ";"];
        let events: Vec<[(&str, &str); 1]> = values.iter().map(|value| [("Data", *value)]).collect();
        let events: Vec<&[(&str, &str)]> = events.iter().map(|event| &event[..]).collect();
        let items: [(&str, &[&str]); 15] = [
            ("Data|contains", &["amp"]),
            ("Data|contains", &["AMP"]),
            ("Data|contains", &["p"]),
            ("Data|contains", &[";"]),
            ("Data|contains", &[";x"]),
            ("Data|contains", &["t;"]),
            ("Data|contains", &["??"]),
            ("Data|endswith", &["??"]),
            ("Data|endswith", &[";"]),
            ("Data", &["*??"]),
            ("Data", &["?*??"]),
            ("Data", &["a*t"]),
            ("Data|re", &["p"]),
            ("Data|re", &["[a-z]{2}"]),
            ("Data|re|i", &["G"]),
        ];
        agree("winlog", STARTED, &events, &items);
    }
}
