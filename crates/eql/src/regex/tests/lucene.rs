//! A model of Lucene 9's regexes with all flags: the parser by its grammar, the matching by sets of end positions.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

pub(crate) struct Regex {
    node: Node,
    caseless: bool,
}

enum Node {
    Nothing,
    AnyText,
    AnyChar,
    Text(String),
    Class { negated: bool, items: Vec<Item> },
    Concat(Vec<Node>),
    Union(Box<Node>, Box<Node>),
    Both(Box<Node>, Box<Node>),
    Repeat { node: Box<Node>, min: usize, max: Option<usize> },
}

/// One character folds under `regex~`; a range does not.
#[derive(Clone, Copy)]
enum Item {
    One(char),
    Range(char, char),
    Not(&'static [(char, char)]),
}

const DIGITS: &[(char, char)] = &[('0', '9')];
const WORDS: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
/// Without the vertical tab and the form feed.
const SPACES: &[(char, char)] = &[('\t', '\n'), ('\r', '\r'), (' ', ' ')];

pub(crate) fn parse(text: &str, caseless: bool) -> Result<Regex, String> {
    let mut parser = Parser { chars: text.chars().peekable() };
    if text.is_empty() {
        return Ok(Regex { node: Node::Text(String::new()), caseless });
    }
    let node = parser.union()?;
    match parser.chars.next() {
        None => Ok(Regex { node, caseless }),
        Some(_) => Err("end of text expected".to_owned()),
    }
}

struct Parser<'a> {
    chars: Peekable<Chars<'a>>,
}

impl Parser<'_> {
    fn peek(&mut self, any: &str) -> bool {
        self.chars.peek().is_some_and(|c| any.contains(*c))
    }

    fn take(&mut self, c: char) -> bool {
        self.chars.next_if_eq(&c).is_some()
    }

    fn next(&mut self) -> Result<char, String> {
        self.chars.next().ok_or_else(|| "unexpected end".to_owned())
    }

    fn union(&mut self) -> Result<Node, String> {
        let node = self.intersection()?;
        Ok(if self.take('|') { Node::Union(Box::new(node), Box::new(self.union()?)) } else { node })
    }

    fn intersection(&mut self) -> Result<Node, String> {
        let node = self.concat()?;
        Ok(if self.take('&') { Node::Both(Box::new(node), Box::new(self.intersection()?)) } else { node })
    }

    fn concat(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.repeat()?];
        while self.chars.peek().is_some() && !self.peek(")|&") {
            nodes.push(self.repeat()?);
        }
        Ok(Node::Concat(nodes))
    }

    fn repeat(&mut self) -> Result<Node, String> {
        let mut node = self.simple()?;
        while self.peek("?*+{") {
            let (min, max) = match self.next()? {
                '?' => (0, Some(1)),
                '*' => (0, None),
                '+' => (1, None),
                _ => {
                    let min = self.number()?;
                    let max = match self.take(',') {
                        false => Some(min),
                        true if self.peek("}") => None,
                        true => Some(self.number()?),
                    };
                    if !self.take('}') {
                        return Err("expected '}'".to_owned());
                    }
                    (min, max)
                }
            };
            node = Node::Repeat { node: Box::new(node), min, max };
        }
        Ok(node)
    }

    fn number(&mut self) -> Result<usize, String> {
        let mut digits = String::new();
        while let Some(digit) = self.chars.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().map_err(|_| "integer expected".to_owned())
    }

    fn simple(&mut self) -> Result<Node, String> {
        match self.next()? {
            // Complement; how ES answers for it is measured, but not modelled: it is never printed.
            '~' => Err("complement".to_owned()),
            '[' => self.class(),
            '.' => Ok(Node::AnyChar),
            '#' => Ok(Node::Nothing),
            '@' => Ok(Node::AnyText),
            '"' => {
                let mut text = String::new();
                loop {
                    match self.next()? {
                        '"' => return Ok(Node::Text(text)),
                        c => text.push(c),
                    }
                }
            }
            '(' if self.take(')') => Ok(Node::Text(String::new())),
            '(' => {
                let node = self.union()?;
                if self.take(')') { Ok(node) } else { Err("expected ')'".to_owned()) }
            }
            '<' => Err("not found".to_owned()),
            '\\' => Ok(match self.escape()? {
                Escape::Char(c) => Node::Text(c.to_string()),
                Escape::Class(items) => Node::Class { negated: false, items },
            }),
            // `?`, `*`, `+`, `|`, `)` too, where nothing stands before them.
            c => Ok(Node::Text(c.to_string())),
        }
    }

    fn class(&mut self) -> Result<Node, String> {
        let negated = self.take('^');
        let mut items = Vec::new();
        loop {
            let from = match self.next()? {
                '\\' => match self.escape()? {
                    Escape::Char(c) => c,
                    Escape::Class(more) => {
                        items.extend(more);
                        if self.take(']') {
                            break;
                        }
                        continue;
                    }
                },
                c => c,
            };
            items.push(if self.take('-') {
                let to = match self.next()? {
                    '\\' => self.next()?,
                    c => c,
                };
                if from > to {
                    return Err("range out of order".to_owned());
                }
                Item::Range(from, to)
            } else {
                Item::One(from)
            });
            if self.take(']') {
                break;
            }
        }
        Ok(Node::Class { negated, items })
    }

    fn escape(&mut self) -> Result<Escape, String> {
        let ranges = |ranges: &[(char, char)]| ranges.iter().map(|(from, to)| Item::Range(*from, *to)).collect();
        Ok(match self.next()? {
            'd' => Escape::Class(ranges(DIGITS)),
            'w' => Escape::Class(ranges(WORDS)),
            's' => Escape::Class(ranges(SPACES)),
            'D' => Escape::Class(vec![Item::Not(DIGITS)]),
            'W' => Escape::Class(vec![Item::Not(WORDS)]),
            'S' => Escape::Class(vec![Item::Not(SPACES)]),
            c if c.is_ascii_alphabetic() => return Err(format!("invalid character class \\{}", u32::from(c))),
            c => Escape::Char(c),
        })
    }
}

enum Escape {
    Char(char),
    Class(Vec<Item>),
}

impl Regex {
    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        self.ends(&self.node, &text, 0).contains(&text.len())
    }

    fn equal(&self, a: char, b: char) -> bool {
        a == b || self.caseless && a.eq_ignore_ascii_case(&b)
    }

    fn ends(&self, node: &Node, text: &[char], start: usize) -> BTreeSet<usize> {
        let one = |holds: bool| if holds { BTreeSet::from([start + 1]) } else { BTreeSet::new() };
        match node {
            Node::Nothing => BTreeSet::new(),
            Node::AnyText => (start..=text.len()).collect(),
            Node::AnyChar => one(start < text.len()),
            Node::Text(literal) => {
                let mut end = start;
                for c in literal.chars() {
                    if !text.get(end).is_some_and(|t| self.equal(*t, c)) {
                        return BTreeSet::new();
                    }
                    end += 1;
                }
                BTreeSet::from([end])
            }
            Node::Class { negated, items } => one(text.get(start).is_some_and(|t| {
                let within = |ranges: &[(char, char)]| ranges.iter().any(|(from, to)| (from..=to).contains(&t));
                negated
                    != &items.iter().any(|item| match item {
                        Item::One(c) => self.equal(*t, *c),
                        Item::Range(from, to) => within(&[(*from, *to)]),
                        Item::Not(ranges) => !within(ranges),
                    })
            })),
            Node::Concat(nodes) => nodes.iter().fold(BTreeSet::from([start]), |starts, node| {
                starts.into_iter().flat_map(|start| self.ends(node, text, start)).collect()
            }),
            Node::Union(a, b) => &self.ends(a, text, start) | &self.ends(b, text, start),
            Node::Both(a, b) => &self.ends(a, text, start) & &self.ends(b, text, start),
            Node::Repeat { node, min, max } => {
                let mut ends = BTreeSet::new();
                let mut now = BTreeSet::from([start]);
                for round in 0..=max.unwrap_or(min + text.len() + 1) {
                    if round >= *min {
                        ends.extend(&now);
                    }
                    now = now.into_iter().flat_map(|start| self.ends(node, text, start)).collect();
                    if now.is_empty() {
                        break;
                    }
                }
                ends
            }
        }
    }
}
