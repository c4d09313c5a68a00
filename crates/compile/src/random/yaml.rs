//! Generated rules written down as YAML.
//!
//! Conditions over several selections are written in every form that rules have: `a and b`, `all of s_*`, `1 of s_*`, one
//! selection of several fields, a list of maps.

use super::counting;
use super::setting::Setting;
use super::wish::{Form, Kind, Leaf, Piece, Tree, Value, Wish};
use std::fmt::Write;

impl Wish {
    /// The rule's YAML; its title is `wanted`.
    pub(super) fn yaml(&self, setting: &Setting) -> String {
        let first = || setting.log_source(0);
        match self {
            Wish::Event(tree) => Document::new("wanted", &first(), tree).written(),
            Wish::Sequence { steps, until, timespan } => {
                let mut out = String::new();
                let mut names = Vec::new();
                for (index, step) in steps.iter().enumerate() {
                    let name = format!("step{index}");
                    out += &Document::new(&name, &first(), step).written();
                    out += "---\n";
                    names.push(name);
                }
                if let Some(until) = until {
                    out += &Document::new("until", &first(), until).written();
                    out += "---\n";
                }
                let until = if until.is_some() { "  # until: until\n" } else { "" };
                let (names, key) = (names.join(", "), setting.key);
                let _ = write!(
                    out,
                    "title: wanted\ncorrelation:\n  type: temporal_ordered\n  rules: [{names}]\n  group-by: [{key}]\n  timespan: {timespan}s\n{until}"
                );
                out
            }
            Wish::Classified { tree, branches, otherwise } => {
                let mut document = Document::new("wanted", &first(), tree);
                let conditions: Vec<String> = branches.iter().map(|tree| document.condition_of(tree)).collect();
                let mut out = document.written();
                out += "classification:\n";
                for (index, condition) in conditions.iter().enumerate() {
                    let _ = writeln!(out, "  - name: c{index}\n    condition: {condition}");
                }
                out += if *otherwise { "  - otherwise: other\n" } else { "" };
                out
            }
            Wish::Counting { rules, counting } => counting::written(setting, rules, counting),
            Wish::Union { members, branches } => union(setting, members, branches),
        }
    }
}

fn union(setting: &Setting, members: &[(usize, Tree)], branches: &[(usize, Option<Tree>)]) -> String {
    let document = |(index, (source, tree)): (usize, &(usize, Tree))| {
        Document::new(&format!("member{index}"), &setting.log_source(*source), tree)
    };
    let mut documents: Vec<Document> = members.iter().enumerate().map(document).collect();
    let mut classes = String::new();
    for (index, (member, tree)) in branches.iter().enumerate() {
        let _ = writeln!(classes, "  - name: c{index}\n    rule: member{member}");
        if let Some(tree) = tree {
            let _ = writeln!(classes, "    condition: {}", documents[*member].condition_of(tree));
        }
    }
    let names: Vec<String> = (0..members.len()).map(|index| format!("member{index}")).collect();
    let mut out: String = documents.into_iter().map(|document| document.written() + "---\n").collect();
    let _ = write!(
        out,
        "title: wanted\ncorrelation:\n  type: event_count\n  rules: [{}]\n  timespan: 1m\n  condition: {{gte: 1}}\n",
        names.join(", ")
    );
    if !branches.is_empty() {
        out += "classification:\n";
        out += &classes;
    }
    out
}

/// A rule document in the making.
pub(super) struct Document {
    head: String,
    selections: String,
    /// How many selections there are.
    next: usize,
    condition: String,
}

impl Document {
    pub(super) fn new(name: &str, log_source: &str, tree: &Tree) -> Self {
        let head = format!("title: {name}\nname: {name}\nlogsource: {log_source}\ndetection:\n");
        let mut document = Self { head, selections: String::new(), next: 0, condition: String::new() };
        document.condition = document.condition_of(tree);
        document
    }

    pub(super) fn written(self) -> String {
        format!("{}{}  condition: {}\n", self.head, self.selections, self.condition)
    }

    /// Adds the selections of a condition.
    fn condition_of(&mut self, tree: &Tree) -> String {
        let mut out = String::new();
        self.condition(tree, &mut out);
        out
    }

    fn condition(&mut self, tree: &Tree, out: &mut String) {
        match tree {
            Tree::Leaf(leaf) => {
                let _ = write!(out, "s{}", self.next);
                let item = leaf.item();
                let _ = if leaf.is_keyword() {
                    writeln!(self.selections, "  s{}: {item}", self.next)
                } else {
                    writeln!(self.selections, "  s{}:\n    {item}", self.next)
                };
                self.next += 1;
            }
            Tree::Not(inner) => {
                out.push_str("not (");
                self.condition(inner, out);
                out.push(')');
            }
            Tree::And(parts) | Tree::Or(parts) => {
                let leaves: Vec<&Leaf> = parts
                    .iter()
                    .filter_map(|part| if let Tree::Leaf(leaf) = part { Some(leaf) } else { None })
                    .collect();
                let and = matches!(tree, Tree::And(_));
                let whole = leaves.len() == parts.len() && !leaves.iter().any(|leaf| leaf.is_keyword());
                if whole && leaves.len() > 2 {
                    self.of(and, &leaves, out);
                } else if whole && leaves[0].values.len() > 1 && keys(&leaves) {
                    self.one(and, &leaves, out);
                } else {
                    for (index, part) in parts.iter().enumerate() {
                        if index > 0 {
                            out.push_str(if and { " and " } else { " or " });
                        }
                        out.push('(');
                        self.condition(part, out);
                        out.push(')');
                    }
                }
            }
        }
    }

    /// `all of s0_*`
    fn of(&mut self, all: bool, leaves: &[&Leaf], out: &mut String) {
        let _ = write!(out, "{} of s{}_*", if all { "all" } else { "1" }, self.next);
        for (index, leaf) in leaves.iter().enumerate() {
            let _ = writeln!(self.selections, "  s{}_{index}:\n    {}", self.next, leaf.item());
        }
        self.next += 1;
    }

    /// One selection: of several fields, all of which must hold, or a list, of which one must.
    fn one(&mut self, all: bool, leaves: &[&Leaf], out: &mut String) {
        let _ = write!(out, "s{}", self.next);
        let _ = writeln!(self.selections, "  s{}:", self.next);
        for leaf in leaves {
            let _ = writeln!(self.selections, "    {}{}", if all { "" } else { "- " }, leaf.item());
        }
        self.next += 1;
    }
}

/// Whether the fields with their modifiers are distinct.
fn keys(leaves: &[&Leaf]) -> bool {
    let mut keys: Vec<String> = leaves.iter().map(|leaf| leaf.key()).collect();
    keys.sort();
    keys.windows(2).all(|pair| pair[0] != pair[1])
}

impl Leaf {
    fn key(&self) -> String {
        let expand = if matches!(self.form, Form::Expanded(_)) { "|expand" } else { "" };
        format!("{}{}{}{expand}", self.name(), self.modifiers, if self.all { "|all" } else { "" })
    }

    /// The placeholder that it is written with, and its values.
    pub(super) fn expanded(&self) -> Option<(String, Vec<String>)> {
        let Form::Expanded(number) = self.form else { return None };
        let values = self.values.iter().map(|value| value.sigma(self.kind)).collect();
        Some((format!("p{number}"), values))
    }

    /// A field with its values, or a list of keywords.
    fn item(&self) -> String {
        if let Some((name, _)) = self.expanded() {
            return format!("{}: \"%{name}%\"", self.key());
        }
        let values: Vec<String> = self.values.iter().map(|value| value.written(self.kind)).collect();
        match values.as_slice() {
            values if self.is_keyword() => format!("[{}]", values.join(", ")),
            [one] => format!("{}: {one}", self.key()),
            values => format!("{}: [{}]", self.key(), values.join(", ")),
        }
    }
}

impl Value {
    fn written(&self, kind: Kind) -> String {
        match self {
            Value::Plain(text) => (*text).to_owned(),
            Value::Text(_) => quoted(&self.sigma(kind)),
        }
    }

    /// As the string of a rule.
    fn sigma(&self, kind: Kind) -> String {
        let regex = matches!(kind, Kind::Regex | Kind::RegexIgnoringCase);
        match self {
            Value::Plain(text) => (*text).to_owned(),
            Value::Text(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text) if regex => escaped_regex(text),
                    Piece::Literal(text) => escaped(text),
                    Piece::AnyRun => "*".to_owned(),
                    Piece::AnyOne => "?".to_owned(),
                    Piece::Regex(regex, _) => (*regex).to_owned(),
                })
                .collect(),
        }
    }
}

/// A Sigma string that means exactly this text.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let special = matches!(c, '*' | '?') || (c == '\\' && chars.peek().is_none_or(|next| "*?\\".contains(*next)));
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn escaped_regex(text: &str) -> String {
    let special = |c: char| r"\.+*?()|[]{}^$".contains(c);
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

/// Text as YAML and JSON both quote it.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n").replace('\r', r"\r");
    format!("\"{escaped}\"")
}
