//! Tests of one field of which any may hold, kept in their order but gathered where KQL has a list.

use super::{Lowering, Tree, pattern};
use crate::ast::{Comparison, Expr, Test};
use rulecast_diagnostics::Span;
use rulecast_ir::fidelity::Noted;
use rulecast_ir::{Assumption, Case, Logic, Notes, Pattern};

/// More patterns of one field than this become regexes, [`CHUNK`] in each: a chain of `or` nests to its length, and
/// Kusto bounds the depth of a query.
const CHAIN: usize = 100;
const CHUNK: usize = 200;

/// One test of the field.
pub(super) struct Question<'a> {
    pub(super) kind: QuestionKind<'a>,
    pub(super) notes: Notes,
    pub(super) span: Span,
}

/// What a test asks.
pub(super) enum QuestionKind<'a> {
    /// Whether the value equals this one.
    Value(Equality, Expr),
    /// Whether the text matches.
    Pattern(Case, &'a Pattern),
    /// Something else, already lowered.
    Other(Tree),
}

/// What values of one list have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Equality {
    /// Texts, whose case does not count.
    Folded,
    /// Texts, whose case counts.
    Cased,
    /// Numbers or truth values.
    Other,
}

/// A group of questions, at the place of its first.
enum Slot<'a> {
    Values(Equality, Vec<Expr>, Notes, Span),
    Patterns(Case, Vec<&'a Pattern>, Notes, Span),
    Other(Tree),
}

/// The left sides that the tests of one field need.
pub(super) struct Left {
    /// The field as text.
    pub(super) text: Expr,
    /// The field as what else it is compared with: as a number, or as it is.
    pub(super) other: Expr,
}

impl Lowering {
    /// Any of the questions.
    pub(super) fn gather(left: &Left, questions: Vec<Question<'_>>) -> Tree {
        let patterns = questions.iter().filter(|one| matches!(one.kind, QuestionKind::Pattern(..))).count();
        let mut slots: Vec<Slot<'_>> = Vec::new();
        // Where the list of each equality stands, and the last regex of each case.
        let (mut lists, mut regexes) = ([None; 3], [None; 2]);
        for Question { kind, notes, span } in questions {
            match kind {
                QuestionKind::Value(equality, value) => {
                    let at = *lists[equality as usize].get_or_insert(slots.len());
                    match slots.get_mut(at) {
                        Some(Slot::Values(_, values, all, _)) => {
                            values.push(value);
                            all.join(&notes);
                        }
                        _ => slots.push(Slot::Values(equality, vec![value], notes, span)),
                    }
                }
                QuestionKind::Pattern(case, one) if patterns > CHAIN => {
                    let last = &mut regexes[usize::from(case == Case::Sensitive)];
                    match last.and_then(|at: usize| slots.get_mut(at)) {
                        Some(Slot::Patterns(_, chunk, all, _)) if chunk.len() < CHUNK => {
                            chunk.push(one);
                            all.join(&notes);
                        }
                        _ => {
                            *last = Some(slots.len());
                            slots.push(Slot::Patterns(case, vec![one], notes, span));
                        }
                    }
                }
                QuestionKind::Pattern(case, one) => slots.push(Slot::Patterns(case, vec![one], notes, span)),
                QuestionKind::Other(tree) => slots.push(Slot::Other(tree)),
            }
        }
        let trees: Vec<_> = slots.into_iter().map(|slot| slot.tree(left)).collect();
        Logic::any(trees)
    }
}

impl Slot<'_> {
    fn tree(self, left: &Left) -> Tree {
        match self {
            Slot::Values(equality, mut values, notes, span) => {
                let operand = if equality == Equality::Other { &left.other } else { &left.text };
                let fold = equality == Equality::Folded;
                let leaf = if values.len() == 1 {
                    let operator = if fold { Comparison::EqualFold } else { Comparison::Equal };
                    Test::compare(operand.clone(), operator, values.remove(0))
                } else {
                    Test::In { left: operand.clone(), fold, values }
                };
                Logic::Test(Noted { leaf, notes, span })
            }
            Slot::Patterns(case, patterns, mut notes, span) => {
                let condition = match patterns.as_slice() {
                    [one] => pattern::condition(&left.text, one, case),
                    several => Logic::Test(pattern::matches_any(left.text.clone(), several.iter().copied(), case)),
                };
                let is_regex = |test: &Test| matches!(test, Test::Compare { operator: Comparison::MatchesRegex, .. });
                if matches!(&condition, Logic::Test(test) if is_regex(test))
                    && patterns.iter().any(|one| pattern::folds_too_much(one, case))
                {
                    notes.assume(Assumption::Ascii);
                }
                super::noted(condition, &notes, span)
            }
            Slot::Other(tree) => tree,
        }
    }
}
