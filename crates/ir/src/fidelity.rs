//! How true a query is to its rule.
//!
//! A mapping or a lowering that gives something up says so on the leaf, as [`Notes`]. [`compose`] is the one place
//! that turns the notes of leaves into the [`Fidelity`] of a query: NOT swaps over and under, AND and OR join.

use crate::Logic;
use rulecast_diagnostics::Span;
use std::collections::BTreeSet;
use std::fmt;

/// What a query matches, against its rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The same events.
    #[default]
    Exact,
    /// All of them, and perhaps more.
    Over,
    /// Perhaps not all of them, and no others.
    Under,
    /// Perhaps more, and perhaps not all.
    Both,
}

impl Verdict {
    /// The verdict on two parts together.
    #[must_use]
    pub fn join(self, other: Verdict) -> Verdict {
        match (self, other) {
            (Verdict::Exact, one) | (one, Verdict::Exact) => one,
            (one, same) if one == same => one,
            _ => Verdict::Both,
        }
    }

    /// The verdict on the negation.
    #[must_use]
    pub fn swapped(self) -> Verdict {
        match self {
            Verdict::Over => Verdict::Under,
            Verdict::Under => Verdict::Over,
            same => same,
        }
    }

    /// `exact`, `over`, `under`, `both`.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Exact => "exact",
            Verdict::Over => "over",
            Verdict::Under => "under",
            Verdict::Both => "both",
        }
    }
}

/// Which inexact queries are wanted all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// Those that may match more than the rule.
    pub over: bool,
    /// Those that may miss some of what the rule matches.
    pub under: bool,
}

impl Allow {
    /// Whether a query of this verdict is wanted.
    pub fn allows(self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Exact => true,
            Verdict::Over => self.over,
            Verdict::Under => self.under,
            Verdict::Both => self.over && self.under,
        }
    }
}

/// What must be true of the events for a query to be exact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Assumption {
    /// Letters beyond ASCII occur in one case only.
    Ascii,
    /// An empty text and a missing field are the same there.
    EmptyIsMissing,
    /// Each event holds at most one value in the field.
    SingleValued,
    /// The text `unknown` and a missing field are the same there.
    UnknownIsMissing,
    /// No two events of a key share a time.
    UniqueTimestamps,
    /// The raw text of an event holds its values as they are, unescaped.
    RawText,
    /// The field is present in the index, or the column in the events.
    Presence,
    /// The SIEM holds the Sigma field's value as the data model says.
    Mapping(crate::Name),
    /// The events come by this integration of the vendor; by another, their columns are others.
    Integration(crate::Name),
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Assumption::Ascii => f.write_str("ascii"),
            Assumption::EmptyIsMissing => f.write_str("empty-is-missing"),
            Assumption::UnknownIsMissing => f.write_str("unknown-is-missing"),
            Assumption::SingleValued => f.write_str("single-valued"),
            Assumption::UniqueTimestamps => f.write_str("unique-timestamps"),
            Assumption::RawText => f.write_str("raw-text"),
            Assumption::Presence => f.write_str("presence"),
            Assumption::Mapping(field) => write!(f, "mapping:{field}"),
            Assumption::Integration(name) => write!(f, "integration:{name}"),
        }
    }
}

/// What a mapping or lowering gave up at one leaf. Empty, for most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Against the leaf it came from.
    pub verdict: Verdict,
    /// Without repetition, in the order found.
    pub assumptions: Vec<Assumption>,
}

impl Notes {
    /// Adds an assumption, once.
    pub fn assume(&mut self, assumption: Assumption) {
        if !self.assumptions.contains(&assumption) {
            self.assumptions.push(assumption);
        }
    }

    /// These notes with an assumption.
    #[must_use]
    pub fn assuming(mut self, assumption: Assumption) -> Self {
        self.assume(assumption);
        self
    }

    /// Takes in what another mapping or lowering of the same leaf gave up.
    pub fn join(&mut self, other: &Notes) {
        self.verdict = self.verdict.join(other.verdict);
        for assumption in &other.assumptions {
            self.assume(assumption.clone());
        }
    }
}

/// A leaf of a lowered tree, with what it gave up and the place it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted<L> {
    /// The leaf.
    pub leaf: L,
    /// What it gave up.
    pub notes: Notes,
    /// The place in the rule.
    pub span: Span,
}

/// The verdict on a whole query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fidelity {
    /// Against the rule.
    pub verdict: Verdict,
    /// What must be true of the events.
    pub assumptions: BTreeSet<Assumption>,
    /// A pipeline rewrote the query's text after it was printed: the rest was true of the text before.
    pub unchecked: bool,
    /// The first test that is not exact.
    pub inexact: Option<Span>,
    /// The tests of the rule that the query leaves out because the data model cannot say them, and why.
    pub left_out: Vec<Refusal>,
}

impl Fidelity {
    /// The verdict on this and another part of one query, both in positive position.
    pub fn join(&mut self, other: &Fidelity) {
        self.verdict = self.verdict.join(other.verdict);
        self.assumptions.extend(other.assumptions.iter().cloned());
        self.inexact = self.inexact.or(other.inexact);
        self.unchecked |= other.unchecked;
    }

    /// The verdict's word, or `unchecked`.
    pub fn word(&self) -> &'static str {
        if self.unchecked { "unchecked" } else { self.verdict.word() }
    }

    /// The verdict where this part is negated: behind `until`, before a later branch.
    #[must_use]
    pub fn swapped(mut self) -> Self {
        self.verdict = self.verdict.swapped();
        self
    }

    /// With an assumption of the construct itself.
    #[must_use]
    pub fn assuming(mut self, assumption: Assumption) -> Self {
        self.assumptions.insert(assumption);
        self
    }
}

/// The fidelity of a lowered predicate, from the notes on its leaves.
pub fn compose<L>(tree: &Logic<Noted<L>>) -> Fidelity {
    let mut fidelity = Fidelity::default();
    compose_into(tree, false, &mut fidelity);
    fidelity
}

fn compose_into<L>(tree: &Logic<Noted<L>>, negated: bool, into: &mut Fidelity) {
    match tree {
        Logic::True | Logic::False => {}
        Logic::Test(noted) => {
            let verdict = noted.notes.verdict;
            if verdict != Verdict::Exact {
                into.inexact.get_or_insert(noted.span);
            }
            into.verdict = into.verdict.join(if negated { verdict.swapped() } else { verdict });
            into.assumptions.extend(noted.notes.assumptions.iter().cloned());
        }
        Logic::Not(inner) => compose_into(inner, !negated, into),
        Logic::And(parts) | Logic::Or(parts) => parts.iter().for_each(|part| compose_into(part, negated, into)),
    }
}

/// Why a target cannot say a rule. The list is closed: `docs/reference/refusals.md` explains each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RefusalReason {
    /// The data model has no source for the log source.
    LogSource,
    /// The data model has no column for the field.
    UnmappedField,
    /// The column cannot hold what the rule asks for.
    Value,
    /// The column's type does not allow the test.
    Type,
    /// The language cannot search a whole event for a keyword.
    Keyword,
    /// The language cannot compare one field with another.
    FieldComparison,
    /// The language's regex engine lacks the construct.
    Regex,
    /// The language has no test of a part of a time.
    TimePart,
    /// A placeholder has no values.
    Placeholder,
    /// The language, or Rulecast so far, lacks the correlation.
    Correlation,
    /// The language, or Rulecast so far, lacks this form of sequence.
    Sequence,
    /// The query would be longer or deeper than the platform accepts.
    Limit,
    /// The query would match more or less than the rule, and that was not allowed.
    Fidelity,
    /// A step of a pipeline fails.
    Pipeline,
    /// What the rule says that the target reads cannot be.
    Scope,
}

impl RefusalReason {
    /// Every reason.
    pub const ALL: [RefusalReason; 15] = [
        RefusalReason::LogSource,
        RefusalReason::UnmappedField,
        RefusalReason::Value,
        RefusalReason::Type,
        RefusalReason::Keyword,
        RefusalReason::FieldComparison,
        RefusalReason::Regex,
        RefusalReason::TimePart,
        RefusalReason::Placeholder,
        RefusalReason::Correlation,
        RefusalReason::Sequence,
        RefusalReason::Limit,
        RefusalReason::Fidelity,
        RefusalReason::Pipeline,
        RefusalReason::Scope,
    ];

    /// The name, in kebab case, that outputs and docs use.
    pub fn name(self) -> &'static str {
        match self {
            RefusalReason::LogSource => "log-source",
            RefusalReason::UnmappedField => "unmapped-field",
            RefusalReason::Value => "value",
            RefusalReason::Type => "type",
            RefusalReason::Keyword => "keyword",
            RefusalReason::FieldComparison => "field-comparison",
            RefusalReason::Regex => "regex",
            RefusalReason::TimePart => "time-part",
            RefusalReason::Placeholder => "placeholder",
            RefusalReason::Correlation => "correlation",
            RefusalReason::Sequence => "sequence",
            RefusalReason::Limit => "limit",
            RefusalReason::Fidelity => "fidelity",
            RefusalReason::Pipeline => "pipeline",
            RefusalReason::Scope => "scope",
        }
    }
}

/// A thing of a rule that a target cannot say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which of the closed list of reasons.
    pub reason: RefusalReason,
    /// The place in the rule.
    pub span: Span,
    /// One sentence that names the field or construct.
    pub message: String,
    /// What to do about it, where something is known.
    pub help: Option<String>,
    /// The field, or the hash in a field of hashes, that the data model has no column for.
    pub field: Option<crate::Name>,
}

impl Refusal {
    /// A refusal at `span`.
    pub fn new(reason: RefusalReason, span: Span, message: impl Into<String>) -> Self {
        Self { reason, span, message: message.into(), help: None, field: None }
    }

    /// The field that has no column.
    #[must_use]
    pub fn field(mut self, name: impl Into<crate::Name>) -> Self {
        self.field = Some(name.into());
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{Assumption, Noted, Notes, Verdict, compose};
    use crate::Logic;
    use rulecast_diagnostics::Span;

    fn leaf(verdict: Verdict) -> Logic<Noted<()>> {
        Logic::Test(Noted {
            leaf: (),
            notes: Notes { verdict, assumptions: vec![Assumption::Ascii] },
            span: Span::default(),
        })
    }

    #[test]
    fn negation_swaps_over_and_under_and_mixtures_are_both() {
        let not = |tree: Logic<Noted<()>>| tree.negate();
        assert_eq!(compose(&leaf(Verdict::Over)).verdict, Verdict::Over);
        assert_eq!(compose(&not(leaf(Verdict::Over))).verdict, Verdict::Under);
        assert_eq!(compose(&not(Logic::all([leaf(Verdict::Exact), not(leaf(Verdict::Over))]))).verdict, Verdict::Over);
        assert_eq!(compose(&Logic::all([leaf(Verdict::Over), not(leaf(Verdict::Over))])).verdict, Verdict::Both);
        assert_eq!(compose(&Logic::any([leaf(Verdict::Exact), leaf(Verdict::Exact)])).verdict, Verdict::Exact);
        assert_eq!(compose(&Logic::any([leaf(Verdict::Exact), leaf(Verdict::Over)])).inexact, Some(Span::default()));
        assert_eq!(compose(&leaf(Verdict::Exact)).inexact, None);
        assert!(compose(&not(leaf(Verdict::Exact))).assumptions.contains(&Assumption::Ascii));
    }
}
