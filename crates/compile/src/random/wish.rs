//! What a generated rule is, before it is written down: small enough to shrink.

use std::fmt::Write;

/// A rule to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    /// One event.
    Event(Tree),
    /// Events in order, with equal values of `k`.
    Sequence {
        /// At least two.
        steps: Vec<Tree>,
        /// What ends a sequence.
        until: Option<Tree>,
        /// Seconds.
        timespan: u64,
    },
}

/// A condition to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Leaf(Leaf),
    Not(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
}

/// One field with its modifiers and values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaf {
    /// What is tested.
    pub kind: Kind,
    /// Empty for keywords.
    pub field: &'static str,
    /// With the bar before each.
    pub modifiers: &'static str,
    /// Whether all values must hold.
    pub all: bool,
    /// At least one.
    pub values: Vec<Value>,
}

/// Kinds of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Exact,
    Prefix,
    Suffix,
    Contains,
    Glob,
    LiteralWildcard,
    Empty,
    Cased,
    Regex,
    RegexIgnoringCase,
    Number,
    Comparison,
    CidrV4,
    CidrV6,
    Null,
    Exists,
    FieldRef,
    Keyword,
}

/// Where a test stands in its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Polarity {
    Plain,
    Not,
    AndInOr,
    OrInAnd,
    List,
    All,
}

/// A value to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Text, by its pieces.
    Text(Vec<Piece>),
    /// Written as it is: a number, `null`, `true`, a network, a field's name.
    Plain(&'static str),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// This text.
    Literal(&'static str),
    /// `*`
    AnyRun,
    /// `?`
    AnyOne,
    /// A regex, and a text that it matches.
    Regex(&'static str, &'static str),
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 18] = [
        Kind::Exact,
        Kind::Prefix,
        Kind::Suffix,
        Kind::Contains,
        Kind::Glob,
        Kind::LiteralWildcard,
        Kind::Empty,
        Kind::Cased,
        Kind::Regex,
        Kind::RegexIgnoringCase,
        Kind::Number,
        Kind::Comparison,
        Kind::CidrV4,
        Kind::CidrV6,
        Kind::Null,
        Kind::Exists,
        Kind::FieldRef,
        Kind::Keyword,
    ];
}

impl Polarity {
    /// Every polarity.
    pub const ALL: [Polarity; 6] =
        [Polarity::Plain, Polarity::Not, Polarity::AndInOr, Polarity::OrInAnd, Polarity::List, Polarity::All];
}

impl Wish {
    /// Its conditions.
    pub(super) fn trees(&self) -> Vec<&Tree> {
        match self {
            Wish::Event(tree) => vec![tree],
            Wish::Sequence { steps, until, .. } => steps.iter().chain(until).collect(),
        }
    }

    /// Its tests.
    pub(super) fn leaves(&self) -> Vec<&Leaf> {
        let mut leaves = Vec::new();
        self.trees().into_iter().for_each(|tree| tree.visit(&mut vec![], &mut |leaf, _| leaves.push(leaf)));
        leaves
    }

    /// Where each kind of test stands.
    pub(super) fn places(&self) -> Vec<(Kind, Polarity)> {
        let mut places = Vec::new();
        for tree in self.trees() {
            tree.visit(&mut vec![], &mut |leaf, path| {
                let mut found = Vec::new();
                if path.iter().filter(|step| **step == '!').count() % 2 == 1 {
                    found.push(Polarity::Not);
                }
                let connectives: Vec<char> = path.iter().copied().filter(|step| *step != '!').collect();
                for pair in connectives.windows(2) {
                    match pair {
                        ['|', '&'] => found.push(Polarity::AndInOr),
                        ['&', '|'] => found.push(Polarity::OrInAnd),
                        _ => {}
                    }
                }
                if leaf.values.len() > 1 {
                    found.push(if leaf.all { Polarity::All } else { Polarity::List });
                }
                if found.is_empty() {
                    found.push(Polarity::Plain);
                }
                places.extend(found.into_iter().map(|place| (leaf.kind, place)));
            });
        }
        places
    }

    /// The rule's YAML; its title is `wanted`.
    pub(super) fn yaml(&self, log_source: &str) -> String {
        match self {
            Wish::Event(tree) => document("wanted", log_source, tree),
            Wish::Sequence { steps, until, timespan } => {
                let mut out = String::new();
                let mut names = Vec::new();
                for (index, step) in steps.iter().enumerate() {
                    let name = format!("step{index}");
                    out += &document(&name, log_source, step);
                    out += "---\n";
                    names.push(name);
                }
                if let Some(until) = until {
                    out += &document("until", log_source, until);
                    out += "---\n";
                }
                let until = if until.is_some() { "  # until: until\n" } else { "" };
                let names = names.join(", ");
                let _ = write!(
                    out,
                    "title: wanted\ncorrelation:\n  type: temporal_ordered\n  rules: [{names}]\n  group-by: [k]\n  timespan: {timespan}s\n{until}"
                );
                out
            }
        }
    }
}

impl Tree {
    /// Visits every test, with the connectives above it: `!`, `&`, `|`.
    fn visit<'a>(&'a self, path: &mut Vec<char>, visit: &mut impl FnMut(&'a Leaf, &[char])) {
        match self {
            Tree::Leaf(leaf) => visit(leaf, path),
            Tree::Not(inner) => {
                path.push('!');
                inner.visit(path, visit);
                path.pop();
            }
            Tree::And(parts) | Tree::Or(parts) => {
                path.push(if matches!(self, Tree::And(_)) { '&' } else { '|' });
                parts.iter().for_each(|part| part.visit(path, visit));
                path.pop();
            }
        }
    }

    fn condition(&self, out: &mut String, next: &mut usize) {
        match self {
            Tree::Leaf(_) => {
                let _ = write!(out, "s{next}");
                *next += 1;
            }
            Tree::Not(inner) => {
                out.push_str("not (");
                inner.condition(out, next);
                out.push(')');
            }
            Tree::And(parts) | Tree::Or(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        out.push_str(if matches!(self, Tree::And(_)) { " and " } else { " or " });
                    }
                    out.push('(');
                    part.condition(out, next);
                    out.push(')');
                }
            }
        }
    }
}

fn document(name: &str, log_source: &str, tree: &Tree) -> String {
    let mut out = format!("title: {name}\nname: {name}\nlogsource: {log_source}\ndetection:\n");
    let mut index = 0;
    tree.visit(&mut vec![], &mut |leaf, _| {
        let all = if leaf.all { "|all" } else { "" };
        let values: Vec<String> = leaf.values.iter().map(|value| value.written(leaf.kind)).collect();
        if leaf.kind == Kind::Keyword {
            let _ = writeln!(out, "  s{index}: [{}]", values.join(", "));
        } else {
            let values = if let [one] = &values[..] { one.clone() } else { format!("[{}]", values.join(", ")) };
            let _ = writeln!(out, "  s{index}:\n    {}{}{all}: {values}", leaf.field, leaf.modifiers);
        }
        index += 1;
    });
    out += "  condition: ";
    tree.condition(&mut out, &mut 0);
    out.push('\n');
    out
}

impl Value {
    fn written(&self, kind: Kind) -> String {
        let regex = matches!(kind, Kind::Regex | Kind::RegexIgnoringCase);
        match self {
            Value::Plain(text) => (*text).to_owned(),
            Value::Text(pieces) => {
                let text: String = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Literal(text) if regex => escaped_regex(text),
                        Piece::Literal(text) => escaped(text),
                        Piece::AnyRun => "*".to_owned(),
                        Piece::AnyOne => "?".to_owned(),
                        Piece::Regex(regex, _) => (*regex).to_owned(),
                    })
                    .collect();
                quoted(&text)
            }
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
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
    format!("\"{escaped}\"")
}
