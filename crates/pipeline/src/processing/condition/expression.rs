//! `*_cond_expr`: names of conditions with `and`, `or`, `not` and parentheses.

use crate::processing::read::invalid;
use rulecast_diagnostics::{Diagnostic, Span, Spanned};
use rulecast_rule::closest;

/// Parentheses and negations inside each other, at most.
const MAX_DEPTH: usize = 64;

/// An expression over conditions by their place.
#[derive(Debug, PartialEq)]
pub(super) enum Expression {
    Condition(usize),
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

impl Expression {
    pub(super) fn holds(&self, test: &mut impl FnMut(usize) -> bool) -> bool {
        match self {
            Expression::Condition(place) => test(*place),
            Expression::Not(inner) => !inner.holds(test),
            Expression::All(parts) => parts.iter().all(|part| part.holds(test)),
            Expression::Any(parts) => parts.iter().any(|part| part.holds(test)),
        }
    }
}

/// Reads an expression over `names`. After a problem, the result asks for nothing.
pub(super) fn read(text: &Spanned<String>, names: &[&str], problems: &mut Vec<Diagnostic>) -> Expression {
    let mut reader = Reader { words: words(text), at: 0, names, span: text.span, used: vec![false; names.len()] };
    let read = reader.any(0).and_then(|expression| match reader.peek() {
        None => Ok(expression),
        Some(word) => Err(format!("unexpected `{word}`")),
    });
    match read {
        Ok(expression) => {
            if let Some(place) = reader.used.iter().position(|used| !used) {
                let message = format!("the expression never uses the condition `{}`", names[place]);
                problems.push(invalid(text.span, message));
            }
            expression
        }
        Err(message) => {
            problems.push(invalid(reader.span, message));
            Expression::All(Vec::new())
        }
    }
}

fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for piece in text.split_whitespace() {
        let mut rest = piece;
        while let Some(at) = rest.find(['(', ')']) {
            words.extend(Some(&rest[..at]).filter(|word| !word.is_empty()));
            words.push(&rest[at..=at]);
            rest = &rest[at + 1..];
        }
        words.extend(Some(rest).filter(|word| !word.is_empty()));
    }
    words
}

struct Reader<'a> {
    words: Vec<&'a str>,
    at: usize,
    names: &'a [&'a str],
    span: Span,
    used: Vec<bool>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    fn accept(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self, depth: usize) -> Result<Expression, String> {
        let mut parts = vec![self.all(depth)?];
        while self.accept("or") {
            parts.push(self.all(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self, depth: usize) -> Result<Expression, String> {
        let mut parts = vec![self.one(depth)?];
        while self.accept("and") {
            parts.push(self.one(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn one(&mut self, depth: usize) -> Result<Expression, String> {
        if depth > MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} parentheses inside each other"));
        }
        if self.accept("not") {
            return Ok(Expression::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.accept("(") {
            let inner = self.any(depth + 1)?;
            return if self.accept(")") { Ok(inner) } else { Err("a parenthesis is not closed".to_owned()) };
        }
        let Some(word) = self.peek() else {
            return Err("a condition is missing at the end".to_owned());
        };
        self.at += 1;
        match self.names.iter().position(|name| *name == word) {
            Some(place) => {
                self.used[place] = true;
                Ok(Expression::Condition(place))
            }
            None => Err(match closest(word, self.names.iter().copied()) {
                Some(near) => format!("no condition is called `{word}`; did you mean `{near}`?"),
                None => format!("no condition is called `{word}`"),
            }),
        }
    }
}
