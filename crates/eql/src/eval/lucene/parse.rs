//! Reads a pattern by recursive descent: union, intersection, concatenation, repetition, complement, one item.

use super::{MAX_DEPTH, Node, Set};

/// Reads a whole pattern.
pub(super) fn pattern(pattern: &str, caseless: bool) -> Result<Node, String> {
    if pattern.is_empty() {
        return Ok(Node::Concat(Vec::new()));
    }
    let mut reader = Reader { chars: pattern.chars().collect(), at: 0, caseless, depth: 0 };
    let node = reader.union()?;
    if reader.at < reader.chars.len() {
        return Err(format!("end-of-string expected at position {}", reader.at));
    }
    Ok(node)
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    caseless: bool,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn next(&mut self) -> Result<char, String> {
        let c = self.peek().ok_or("unexpected end-of-string")?;
        self.at += 1;
        Ok(c)
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(format!("nested more than {MAX_DEPTH} levels deep")) } else { Ok(()) }
    }

    fn union(&mut self) -> Result<Node, String> {
        let mut branches = vec![self.intersection()?];
        while self.take('|') {
            branches.push(self.intersection()?);
        }
        Ok(if branches.len() == 1 { branches.swap_remove(0) } else { Node::Union(branches) })
    }

    fn intersection(&mut self) -> Result<Node, String> {
        let mut node = self.concat()?;
        while self.take('&') {
            node = Node::Both(Box::new(node), Box::new(self.concat()?));
        }
        Ok(node)
    }

    /// At least one item: what would be an operator elsewhere stands for itself at the start (`(|a)` is `|a`).
    fn concat(&mut self) -> Result<Node, String> {
        let mut parts = vec![self.repeat()?];
        while !matches!(self.peek(), None | Some(')' | '|' | '&')) {
            parts.push(self.repeat()?);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Node::Concat(parts) })
    }

    fn repeat(&mut self) -> Result<Node, String> {
        let mut node = self.complement()?;
        for _ in 0..MAX_DEPTH {
            let (min, max) = match self.peek() {
                Some('?') => (0, Some(1)),
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('{') => {
                    self.at += 1;
                    let min = self.integer()?.ok_or_else(|| format!("integer expected at position {}", self.at))?;
                    let max = if self.take(',') { self.integer()? } else { Some(min) };
                    if self.peek() != Some('}') {
                        return Err(format!("expected '}}' at position {}", self.at));
                    }
                    (min, max)
                }
                _ => return Ok(node),
            };
            self.at += 1;
            node = Node::Repeat { node: Box::new(node), min, max };
        }
        Err(format!("more than {MAX_DEPTH} repetitions of one item"))
    }

    fn integer(&mut self) -> Result<Option<u32>, String> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        if start == self.at {
            return Ok(None);
        }
        let digits: String = self.chars[start..self.at].iter().collect();
        digits
            .parse::<i32>()
            .ok()
            .and_then(|number| u32::try_from(number).ok())
            .map(Some)
            .ok_or(format!("no integer: {digits}"))
    }

    fn complement(&mut self) -> Result<Node, String> {
        if !self.take('~') {
            return self.item();
        }
        self.deeper()?;
        let node = Node::AllBut(Box::new(self.complement()?));
        self.depth -= 1;
        Ok(node)
    }

    fn item(&mut self) -> Result<Node, String> {
        if self.take('[') {
            return self.class();
        }
        Ok(match self.next()? {
            '.' => Node::One(Set::any()),
            '#' => Node::Nothing,
            '@' => Node::Anything,
            '"' => {
                let text = self.until('"')?;
                Node::Concat(text.into_iter().map(|c| Node::One(Set::of(c, self.caseless))).collect())
            }
            '(' if self.take(')') => Node::Concat(Vec::new()),
            '(' => {
                self.deeper()?;
                let node = self.union()?;
                self.depth -= 1;
                if !self.take(')') {
                    return Err(format!("expected ')' at position {}", self.at));
                }
                node
            }
            '<' => self.interval()?,
            '\\' => match self.escape()? {
                Escape::Class(set) => Node::One(set),
                Escape::Char(c) => Node::One(Set::of(c, self.caseless)),
            },
            c => Node::One(Set::of(c, self.caseless)),
        })
    }

    fn until(&mut self, end: char) -> Result<Vec<char>, String> {
        let start = self.at;
        while self.peek().is_some_and(|c| c != end) {
            self.at += 1;
        }
        let text = self.chars[start..self.at].to_vec();
        if self.take(end) { Ok(text) } else { Err(format!("expected '{end}' at position {}", self.at)) }
    }

    /// `<1-100>`.
    fn interval(&mut self) -> Result<Node, String> {
        let text: String = self.until('>')?.into_iter().collect();
        let Some((min, max)) = text.split_once('-') else { return Err(format!("'{text}' not found")) };
        let wrong = || format!("interval syntax error at position {}", self.at.saturating_sub(1));
        let number =
            |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i32>().ok());
        let read =
            |digits: &str| number(digits).flatten().and_then(|number| u32::try_from(number).ok()).ok_or_else(wrong);
        let digits = (min.len() == max.len()).then_some(min.len());
        let (min, max) = (read(min)?, read(max)?);
        Ok(Node::Interval { min: min.min(max), max: min.max(max), digits })
    }

    fn class(&mut self) -> Result<Node, String> {
        let negated = self.take('^');
        let mut set = Set(Vec::new());
        loop {
            set.0.extend(self.member()?.0);
            if matches!(self.peek(), None | Some(']')) {
                break;
            }
        }
        if !self.take(']') {
            return Err(format!("expected ']' at position {}", self.at));
        }
        Ok(Node::One(if negated { set.complement() } else { set }))
    }

    /// One item of a class; the first may be a `]`. A range is never folded.
    fn member(&mut self) -> Result<Set, String> {
        let from = match self.next()? {
            '\\' => match self.escape()? {
                Escape::Class(set) => return Ok(set),
                // Lucene takes an escaped backslash for a whole item: `[\\-a]` is no range.
                Escape::Char('\\') => return Ok(Set::of('\\', self.caseless)),
                Escape::Char(c) => c,
            },
            c => c,
        };
        if !self.take('-') {
            return Ok(Set::of(from, self.caseless));
        }
        let to = match self.next()? {
            '\\' => self.next()?,
            c => c,
        };
        if from > to {
            let (from, to) = (u32::from(from), u32::from(to));
            return Err(format!("invalid range: from ({from}) cannot be > to ({to})"));
        }
        Ok(Set::ranges(&[(from, to)]))
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<Escape, String> {
        let c = self.next()?;
        let digit = || Set::ranges(&[('0', '9')]);
        let space = || Set::ranges(&[(' ', ' '), ('\t', '\n'), ('\r', '\r')]);
        let word = || Set::ranges(&[('a', 'z'), ('A', 'Z'), ('_', '_'), ('0', '9')]);
        Ok(Escape::Class(match c {
            'd' => digit(),
            'D' => digit().complement(),
            's' => space(),
            'S' => space().complement(),
            'w' => word(),
            'W' => word().complement(),
            c if c.is_ascii_alphabetic() => return Err(format!("invalid character class \\{}", u32::from(c))),
            c => return Ok(Escape::Char(c)),
        }))
    }
}

enum Escape {
    Class(Set),
    Char(char),
}
