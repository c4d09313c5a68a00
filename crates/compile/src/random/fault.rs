//! Faults that a compiler might have. The random square must find each.
//!
//! Those of lowerings are put into the rule before it is compiled, and so resemble the same mistake in every language;
//! those of one language are put into the text of its query.

mod correlation;
mod query;
mod rule;

use crate::square::Corners;
use crate::{Language, NoSquare, Target};
use rulecast_ir::{Rule, Sigma};

/// What a fault gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Family {
    DroppedAtom,
    Case,
    Anchoring,
    Escaping,
    Null,
    Number,
    Correlation,
}

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The first part of an AND is not asked.
    ConjunctDropped,
    /// The last part of an AND is not asked.
    LastConjunctDropped,
    /// The first part of an OR, or the first value of a list, is not asked.
    DisjunctDropped,
    /// The last part of an OR, or the last value of a list, is not asked.
    LastDisjunctDropped,
    /// NOT is lost.
    NotDropped,
    /// AND stands for OR: `A and B or C` without its parentheses, or `|all` where there is none.
    AndForOr,
    /// What counts the case is asked without.
    CaseIgnored,
    /// Text is asked with its case.
    CaseKept,
    /// A regex is asked without case.
    RegexCaseIgnored,
    /// The case of a regex counts although it has `i`.
    RegexCaseKept,
    /// The operator of the language that counts the case stands for the one that does not: `==` for `=~` and `:`, no `(?i)`.
    OperatorCased,
    /// The start of the text is asked where any part of it may match.
    PrefixForContains,
    /// Any part of the text is asked where all of it must match.
    ContainsForExact,
    /// Any part of the text is asked where its end must match: a wildcard at an end too many.
    ContainsForSuffix,
    /// A regex must match the whole text.
    RegexWhole,
    /// Whole terms are asked (`has`) where any part of the text may match.
    TermForContains,
    /// A literal `*` is a wildcard.
    LiteralStarUnescaped,
    /// A literal `?` is a wildcard.
    LiteralQuestionUnescaped,
    /// A wildcard `*` is asked as the character.
    WildcardEscaped,
    /// A backslash is escaped once too often.
    BackslashDoubled,
    /// `?` matches any number of characters.
    AnyOneForAnyRun,
    /// A missing field is asked as one that is there.
    NullInverted,
    /// A missing field satisfies the negation no more, as with `!=`, or as NULL does in three-valued logic.
    FieldTakenForMissing,
    /// No field is ever missing, as `isnull` says of Kusto's text.
    NullNever,
    /// An empty field is asked where a missing one is.
    EmptyForNull,
    /// The guard against NULL of the language is lost: `f!=x` for `NOT f=x`, a comparison without `coalesce`.
    GuardDropped,
    /// `<` for `<=`, and the number beside the one wanted.
    ComparisonOffByOne,
    /// The network is twice as large.
    NetworkOffByOne,
    /// A second less.
    TimespanOffByOne,
    /// `>` for `>=`, `<=` for `<`, and the other way round, of a correlation.
    BoundOffByOne,
    /// What groups the events of a correlation is lost: all are one group.
    KeyLost,
    /// The events of different members are grouped by the field of the first.
    AliasLost,
    /// Values that come twice count twice, and so do members.
    DistinctLost,
    /// Windows lie side by side instead of sliding.
    WindowTumbling,
    /// Members may follow one another in any order.
    OrderLost,
    /// The last member of a correlation is not read.
    MemberLost,
    /// The mean for the middle value, and for any other rank.
    AverageForMedian,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Fault; 37] = [
        Fault::ConjunctDropped,
        Fault::LastConjunctDropped,
        Fault::DisjunctDropped,
        Fault::LastDisjunctDropped,
        Fault::NotDropped,
        Fault::AndForOr,
        Fault::CaseIgnored,
        Fault::CaseKept,
        Fault::RegexCaseIgnored,
        Fault::RegexCaseKept,
        Fault::OperatorCased,
        Fault::PrefixForContains,
        Fault::ContainsForExact,
        Fault::ContainsForSuffix,
        Fault::RegexWhole,
        Fault::TermForContains,
        Fault::LiteralStarUnescaped,
        Fault::LiteralQuestionUnescaped,
        Fault::WildcardEscaped,
        Fault::BackslashDoubled,
        Fault::AnyOneForAnyRun,
        Fault::NullInverted,
        Fault::FieldTakenForMissing,
        Fault::NullNever,
        Fault::EmptyForNull,
        Fault::GuardDropped,
        Fault::ComparisonOffByOne,
        Fault::NetworkOffByOne,
        Fault::TimespanOffByOne,
        Fault::BoundOffByOne,
        Fault::KeyLost,
        Fault::AliasLost,
        Fault::DistinctLost,
        Fault::WindowTumbling,
        Fault::OrderLost,
        Fault::MemberLost,
        Fault::AverageForMedian,
    ];

    /// What it gets wrong.
    pub fn family(self) -> Family {
        match self {
            Fault::ConjunctDropped
            | Fault::LastConjunctDropped
            | Fault::DisjunctDropped
            | Fault::LastDisjunctDropped
            | Fault::NotDropped
            | Fault::AndForOr => Family::DroppedAtom,
            Fault::CaseIgnored
            | Fault::CaseKept
            | Fault::RegexCaseIgnored
            | Fault::RegexCaseKept
            | Fault::OperatorCased => Family::Case,
            Fault::PrefixForContains
            | Fault::ContainsForExact
            | Fault::ContainsForSuffix
            | Fault::RegexWhole
            | Fault::TermForContains => Family::Anchoring,
            Fault::LiteralStarUnescaped
            | Fault::LiteralQuestionUnescaped
            | Fault::WildcardEscaped
            | Fault::BackslashDoubled
            | Fault::AnyOneForAnyRun => Family::Escaping,
            Fault::NullInverted
            | Fault::FieldTakenForMissing
            | Fault::NullNever
            | Fault::EmptyForNull
            | Fault::GuardDropped => Family::Null,
            Fault::ComparisonOffByOne | Fault::NetworkOffByOne | Fault::TimespanOffByOne => Family::Number,
            Fault::BoundOffByOne
            | Fault::KeyLost
            | Fault::AliasLost
            | Fault::DistinctLost
            | Fault::WindowTumbling
            | Fault::OrderLost
            | Fault::MemberLost
            | Fault::AverageForMedian => Family::Correlation,
        }
    }

    /// Whether the target's queries can have it, and its events can show it.
    pub fn shows_on(self, target: Target) -> bool {
        match self {
            Fault::TermForContains => target.language == Language::Kql,
            // Rows of summaries are groups of events: neither sequences nor correlations are over them.
            Fault::TimespanOffByOne
            | Fault::BoundOffByOne
            | Fault::KeyLost
            | Fault::AliasLost
            | Fault::DistinctLost
            | Fault::WindowTumbling
            | Fault::OrderLost
            | Fault::MemberLost
            | Fault::AverageForMedian
                if target.model == "tstats" =>
            {
                false
            }
            // What is generated of the logs of Windows has no addresses.
            Fault::NetworkOffByOne => target.model != "winlog",
            // EQL has no window that slides, and counts neither values nor events in any order.
            Fault::WindowTumbling | Fault::DistinctLost | Fault::OrderLost | Fault::AverageForMedian => {
                target.language != Language::Eql
            }
            // Leaves of EQL are never NULL.
            Fault::GuardDropped => target.language != Language::Eql,
            // Elsewhere an empty field is assumed to be a missing one.
            Fault::EmptyForNull => target.language == Language::Eql,
            _ => true,
        }
    }

    /// The corners with the fault; none if it does not touch the rule.
    pub(super) fn put_into<'r>(
        self,
        rule: &Rule<Sigma>,
        language: Language,
        corners: Corners<'r>,
    ) -> Option<Result<Corners<'r>, NoSquare>> {
        match self {
            Fault::OperatorCased | Fault::TermForContains | Fault::GuardDropped | Fault::WindowTumbling => {
                corners.altered(|text| query::with(self, language, text)).transpose()
            }
            _ => {
                let said = rule::with(self, rule);
                (said != *rule).then(|| corners.with(&said))
            }
        }
    }
}
