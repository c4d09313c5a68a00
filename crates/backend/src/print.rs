//! Prints [`Logic`], grouping by structure rather than by precedence.
//!
//! Every connective that stands inside a different one is put in parentheses. That is more than some grammars need and
//! enough for all of them: they disagree on binding (SPL's `search` binds OR tighter than AND, its `where` the other way
//! round), and so do their readers.
//!
//! A tree that does not fit a line is broken, one operand a line; a leaf is never broken.

use rulecast_ir::Logic;
use std::fmt::{self, Write};

/// A line longer than this, in characters, is broken where it can be.
const WIDTH: usize = 100;
/// How much deeper each level of a broken tree stands.
const INDENT: usize = 2;

/// The words an expression grammar has for its connectives.
#[derive(Clone, Copy, Debug)]
pub struct Connectives {
    /// Between the operands of a conjunction.
    pub and: &'static str,
    /// Between the operands of a disjunction.
    pub or: &'static str,
    /// How it negates.
    pub not: Not,
    /// An expression that always holds.
    pub truth: &'static str,
    /// An expression that never holds.
    pub falsity: &'static str,
}

/// How a grammar writes negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Not {
    /// `not x`, and `not (x and y)`.
    Prefix(&'static str),
    /// `not(x)`.
    Call(&'static str),
}

/// What an expression stands inside.
#[derive(Clone, Copy, PartialEq)]
enum Outer {
    Nothing,
    Not,
    And,
    Or,
}

impl Connectives {
    /// Writes `tree`. Where it is broken into lines, the operands after the first stand `indent` characters deep.
    pub fn write<L: fmt::Display>(&self, out: &mut dyn Write, tree: &Logic<L>, indent: usize) -> fmt::Result {
        self.write_inside(out, Outer::Nothing, tree, indent)
    }

    /// Writes `tree` as one operand of an `and`: in parentheses if it is a disjunction.
    pub fn write_conjunct<L: fmt::Display>(&self, out: &mut dyn Write, tree: &Logic<L>, indent: usize) -> fmt::Result {
        self.write_inside(out, Outer::And, tree, indent)
    }

    fn write_inside<L: fmt::Display>(
        &self,
        out: &mut dyn Write,
        outer: Outer,
        tree: &Logic<L>,
        indent: usize,
    ) -> fmt::Result {
        match tree {
            Logic::True => out.write_str(self.truth),
            Logic::False => out.write_str(self.falsity),
            Logic::Test(test) => write!(out, "{test}"),
            Logic::And(all) => self.write_joined(out, outer, Outer::And, self.and, all, indent),
            Logic::Or(any) => self.write_joined(out, outer, Outer::Or, self.or, any, indent),
            Logic::Not(inner) => match self.not {
                Not::Prefix(word) => {
                    write!(out, "{word} ")?;
                    self.write_inside(out, Outer::Not, inner, indent)
                }
                // The parentheses of the call group its argument.
                Not::Call(name) => {
                    out.write_str(name)?;
                    if matches!(**inner, Logic::And(_) | Logic::Or(_)) {
                        return self.write_inside(out, Outer::Not, inner, indent);
                    }
                    out.write_char('(')?;
                    self.write_inside(out, Outer::Nothing, inner, indent)?;
                    out.write_char(')')
                }
            },
        }
    }

    fn write_joined<L: fmt::Display>(
        &self,
        out: &mut dyn Write,
        outer: Outer,
        own: Outer,
        word: &str,
        parts: &[Logic<L>],
        indent: usize,
    ) -> fmt::Result {
        let grouped = outer != Outer::Nothing && outer != own;
        let broken = indent != FLAT && !self.fits(own, word, parts, WIDTH.saturating_sub(indent));
        let (inner, close) = match (broken, grouped) {
            (false, _) => (FLAT, FLAT),
            (true, true) => (indent + INDENT, indent),
            (true, false) => (indent, indent),
        };
        if grouped {
            out.write_char('(')?;
            if broken {
                new_line(out, inner)?;
            }
        }
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                if broken {
                    new_line(out, inner)?;
                } else {
                    out.write_char(' ')?;
                }
                write!(out, "{word} ")?;
            }
            self.write_inside(out, own, part, inner)?;
        }
        if grouped {
            if broken {
                new_line(out, close)?;
            }
            out.write_char(')')?;
        }
        Ok(())
    }

    fn fits<L: fmt::Display>(&self, own: Outer, word: &str, parts: &[Logic<L>], width: usize) -> bool {
        let mut room = Room { left: width };
        parts.iter().enumerate().all(|(i, part)| {
            (i == 0 || write!(room, " {word} ").is_ok()) && self.write_inside(&mut room, own, part, FLAT).is_ok()
        })
    }
}

/// The indent of an expression that is known to fit its line, or whose parts are not to be broken.
const FLAT: usize = usize::MAX;

fn new_line(out: &mut dyn Write, indent: usize) -> fmt::Result {
    write!(out, "\n{:indent$}", "")
}

/// Counts characters instead of writing them, and fails once there are too many.
struct Room {
    left: usize,
}

impl Write for Room {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.left = self.left.checked_sub(text.chars().count()).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Connectives, Not};
    use rulecast_ir::Logic::{self, And, Or, Test};

    const PREFIX: Connectives =
        Connectives { and: "AND", or: "OR", not: Not::Prefix("NOT"), truth: "true", falsity: "false" };
    const CALL: Connectives = Connectives { not: Not::Call("not"), ..PREFIX };

    fn shown(words: &Connectives, tree: &Logic<&'static str>) -> String {
        let mut out = String::new();
        words.write(&mut out, tree, 2).expect("a String takes all text");
        out
    }

    #[test]
    fn a_connective_inside_a_different_one_is_grouped() {
        let (a, b, c) = (|| Test("a"), || Test("b"), || Test("c"));
        let cases = [
            (And(vec![a(), Or(vec![b(), c()])]), "a AND (b OR c)", "a AND (b OR c)"),
            (Or(vec![And(vec![a(), b()]), c()]), "(a AND b) OR c", "(a AND b) OR c"),
            (And(vec![a(), b()]).negate(), "NOT (a AND b)", "not(a AND b)"),
            (And(vec![a(), b().negate()]), "a AND NOT b", "a AND not(b)"),
            (Or(vec![a(), And(vec![b(), c()]).negate()]), "a OR NOT (b AND c)", "a OR not(b AND c)"),
            (Logic::True, "true", "true"),
        ];
        for (tree, prefix, call) in cases {
            assert_eq!(shown(&PREFIX, &tree), prefix);
            assert_eq!(shown(&CALL, &tree), call);
        }
    }

    #[test]
    fn a_tree_that_does_not_fit_is_broken_by_operand() {
        let long = "x".repeat(60);
        let long: &'static str = Box::leak(long.into_boxed_str());
        let tree = And(vec![Test("a"), Or(vec![Test(long), And(vec![Test(long), Test("b")])])]);
        let expected = format!("a\n  AND (\n    {long}\n    OR ({long} AND b)\n  )");
        assert_eq!(shown(&PREFIX, &tree), expected);
        let negated = And(vec![Test("a"), Or(vec![Test(long), Test(long)]).negate()]);
        assert_eq!(shown(&CALL, &negated), format!("a\n  AND not(\n    {long}\n    OR {long}\n  )"));
    }
}
