//! Atoms as SPL sees them: every field is text with a name, and a question that SPL lacks is refused.

use crate::quote;
use ipnet::IpNet;
use rulecast_diagnostics::Span;
use rulecast_ir::regex::RegexNode;
use rulecast_ir::{
    Assumption, Atom, Case, Column, ColumnExpr, ColumnType, Comparison, FieldOperator, Logic, Mapped, Name, Notes,
    Number, Part, Pattern, Predicate, Refusal, RefusalReason, Shape, Subject, Test, TimePart, placeholder,
};
use std::borrow::Cow;

/// Whole numbers beyond this are not all apart in SPL, which computes with 64-bit floats: 2^53.
const LARGEST_WHOLE: u64 = 1 << 53;

/// An atom that SPL can say.
#[derive(Clone, Debug)]
pub(super) struct Leaf<'a> {
    /// What is tested.
    pub(super) place: Place<'a>,
    /// What must hold of it.
    pub(super) question: Question<'a>,
    /// What the mapping gave up, and what every form of this leaf assumes.
    pub(super) notes: Notes,
    /// Where the rule says so.
    pub(super) span: Span,
}

/// What a leaf is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// A field.
    Field(&'a Name, Values),
    /// The raw event.
    Raw,
}

/// What is known of the values of a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Values {
    /// Numbers only.
    pub(super) numbers: bool,
    /// Perhaps several in one event.
    pub(super) many: bool,
}

/// A question about one value.
#[derive(Clone, Debug)]
pub(super) enum Question<'a> {
    /// The whole text matches.
    Text { pattern: Cow<'a, Pattern>, fold: bool },
    /// Some part of the text matches.
    Regex(&'a RegexNode),
    /// It is a number that compares so.
    Number(Comparison, Number),
    /// It is an address in this network.
    Network(&'a IpNet),
    /// It is a point in time, of which this part compares so.
    Time(TimePart, Comparison, Number),
    /// It relates so to another field.
    Field { operator: FieldOperator, other: &'a Name, fold: bool },
    /// It is there.
    Present(bool),
}

/// The predicate over leaves. What SPL cannot say is added to `refusals`, and stands as a constant.
pub(super) fn prepare<'a>(predicate: &'a Predicate<Mapped>, refusals: &mut Vec<Refusal>) -> Logic<Leaf<'a>> {
    match predicate {
        Logic::True => Logic::True,
        Logic::False => Logic::False,
        Logic::Test(atom) => leaf(atom).map_or_else(
            |refusal| {
                refusals.push(refusal);
                Logic::True
            },
            Logic::Test,
        ),
        Logic::Not(inner) => prepare(inner, refusals).negate(),
        Logic::And(parts) => Logic::all(parts.iter().map(|part| prepare(part, refusals)).collect::<Vec<_>>()),
        Logic::Or(parts) => Logic::any(parts.iter().map(|part| prepare(part, refusals)).collect::<Vec<_>>()),
    }
}

/// The name of a column, if SPL can read it.
pub(super) fn column_name(column: &Column, span: Span) -> Result<&Name, Refusal> {
    let ColumnExpr::Name(name) = &column.expr else {
        let message =
            format!("SPL: `{}` is not a field but computed from one, which is not lowered yet", column.name());
        return Err(Refusal::new(RefusalReason::Type, span, message));
    };
    if quote::is_nameable(name) {
        return Ok(name);
    }
    let message = format!("SPL: the field name `{}` holds a character that SPL cannot quote", name.escape_debug());
    Err(Refusal::new(RefusalReason::UnmappedField, span, message)
        .help("map the field to a name without quotes, backquotes, backslashes, `*` and control characters"))
}

fn leaf(atom: &Atom<Mapped>) -> Result<Leaf<'_>, Refusal> {
    if let Some(refusal) = placeholder::unfilled(&atom.test, atom.span) {
        return Err(refusal);
    }
    let mut notes = atom.notes.clone();
    let (place, question) = match &atom.subject {
        Subject::Field(column) => field(atom, column, &mut notes)?,
        Subject::Keyword => {
            notes.assume(Assumption::RawText);
            (Place::Raw, keyword(atom, &mut notes)?)
        }
    };
    Ok(Leaf { place, question, notes, span: atom.span })
}

fn field<'a>(
    atom: &'a Atom<Mapped>,
    column: &'a Column,
    notes: &mut Notes,
) -> Result<(Place<'a>, Question<'a>), Refusal> {
    let name = column_name(column, atom.span)?;
    let refuse = |why: String| Refusal::new(RefusalReason::Type, atom.span, format!("SPL: `{name}` {why}"));
    let numbers = matches!(column.ty, ColumnType::Long | ColumnType::Real);
    let as_text = match &atom.test {
        Test::Text { pattern, .. } => pattern.shape() != Shape::Anything,
        Test::Regex(_) => true,
        _ => false,
    };
    if column.ty == ColumnType::DateTime && as_text {
        if &**name == super::TIME {
            return Err(refuse("holds a time as a number of seconds, which is no text".into()));
        }
        notes.assume(Assumption::Mapping(name.clone()));
    }
    let question = match &atom.test {
        Test::Text { pattern, case } => {
            if let Some(number) = pattern.as_literal().filter(|_| numbers).and_then(number_of) {
                Question::Number(Comparison::Equal, number)
            } else {
                let truth = column.ty == ColumnType::Bool && pattern.as_literal().is_some();
                text(Cow::Borrowed(pattern), *case, truth, notes)
            }
        }
        Test::Regex(regex) => Question::Regex(&regex.node),
        Test::Number { comparison, number } => match column.ty {
            ColumnType::Bool => return Err(refuse("holds true or false, never a number".into())),
            ColumnType::DateTime => return Err(refuse("holds a time, and no number compares with one".into())),
            ColumnType::Text
            | ColumnType::FullText
            | ColumnType::Long
            | ColumnType::Real
            | ColumnType::Ip
            | ColumnType::Dynamic => {
                if let Number::Integer(whole) = number
                    && whole.unsigned_abs() > LARGEST_WHOLE
                {
                    return Err(refuse(format!(
                        "is compared with `{number}`, but SPL tells whole numbers apart up to 2^53 only"
                    )));
                }
                Question::Number(*comparison, *number)
            }
        },
        Test::Cidr(network) => match column.ty {
            ColumnType::Long | ColumnType::Real | ColumnType::Bool | ColumnType::DateTime => {
                return Err(refuse(format!("holds no addresses, so none is in `{network}`")));
            }
            ColumnType::Text | ColumnType::FullText | ColumnType::Ip | ColumnType::Dynamic => {
                notes.assume(Assumption::Mapping(name.clone()));
                Question::Network(network)
            }
        },
        Test::Field { operator, other, case } => {
            if *operator == FieldOperator::Contains && *case == Case::Sensitive {
                let message = format!(
                    "SPL: whether `{name}` contains the value of another field cannot be told with regard to case"
                );
                return Err(Refusal::new(RefusalReason::FieldComparison, atom.span, message)
                    .help("compare without `cased`, or with `startswith` or `endswith` for `contains`"));
            }
            if column.many || other.many {
                notes.assume(Assumption::SingleValued);
            }
            let fold = *case == Case::Insensitive;
            if fold {
                notes.assume(Assumption::Ascii);
            }
            if *operator != FieldOperator::Equals {
                notes.assume(Assumption::EmptyIsMissing);
            }
            Question::Field { operator: *operator, other: column_name(other, atom.span)?, fold }
        }
        Test::Exists(present) => {
            notes.assume(Assumption::EmptyIsMissing);
            Question::Present(*present)
        }
        Test::Time { part, comparison, number } => match column.ty {
            ColumnType::Long | ColumnType::Real | ColumnType::Bool => {
                return Err(refuse("never holds a point in time as text".into()));
            }
            _ if &**name == super::TIME => {
                let message = format!("SPL: `{name}` counts seconds, whose {} depends on a time zone", part.name());
                return Err(Refusal::new(RefusalReason::TimePart, atom.span, message)
                    .help("test a field that holds the time as text, in UTC"));
            }
            ColumnType::Text | ColumnType::FullText | ColumnType::Ip | ColumnType::DateTime | ColumnType::Dynamic => {
                // The text is read as it stands: in ISO 8601, and in UTC.
                notes.assume(Assumption::Mapping(name.clone()));
                Question::Time(*part, *comparison, *number)
            }
        },
    };
    Ok((Place::Field(name, Values { numbers, many: column.many }), question))
}

/// A question about any value of any field, asked of the raw event.
fn keyword<'a>(atom: &'a Atom<Mapped>, notes: &mut Notes) -> Result<Question<'a>, Refusal> {
    let refuse = |why: &str| Refusal::new(RefusalReason::Keyword, atom.span, format!("SPL: a keyword {why}"));
    match &atom.test {
        Test::Text { pattern, case } => {
            let anywhere = pattern.clone().any_before().any_after();
            if anywhere.shape() == Shape::Anything {
                return Err(refuse("that matches any text does not narrow a search"));
            }
            Ok(text(Cow::Owned(anywhere), *case, false, notes))
        }
        Test::Regex(regex) if has_anchor(&regex.node) => {
            Err(refuse("regex with an anchor would stand at the ends of the raw event, not of a value")
                .help("name the field that the regex is about"))
        }
        Test::Regex(regex) => Ok(Question::Regex(&regex.node)),
        Test::Number { .. } => Err(refuse("that is a number has no place in the raw event to compare")
            .help("quote it, to search for its digits")),
        Test::Time { .. } | Test::Cidr(_) | Test::Field { .. } | Test::Exists(_) => Err(refuse("is text or a regex")),
    }
}

fn text<'a>(pattern: Cow<'a, Pattern>, case: Case, truth: bool, notes: &mut Notes) -> Question<'a> {
    if pattern.shape() == Shape::Anything || pattern.parts().is_empty() {
        notes.assume(Assumption::EmptyIsMissing);
    }
    let cased = |c: char| c.is_alphabetic() && (c.is_ascii() || c.is_lowercase() || c.is_uppercase());
    let fold = truth || case == Case::Insensitive || !pattern.literals().any(|text| text.chars().any(cased));
    if case == Case::Insensitive && pattern.has_foreign_letter() {
        notes.assume(Assumption::Ascii);
    }
    Question::Text { pattern, fold }
}

/// The number of which `text` is the shortest decimal form.
fn number_of(text: &str) -> Option<Number> {
    let whole = text.parse::<i64>().ok().filter(|n| n.unsigned_abs() <= LARGEST_WHOLE).map(Number::Integer);
    let number = whole.or_else(|| text.parse::<f64>().ok().filter(|n| n.is_finite()).map(Number::Decimal))?;
    (number.to_string() == text).then_some(number)
}

fn has_anchor(node: &RegexNode) -> bool {
    match node {
        RegexNode::TextStart | RegexNode::TextEnd | RegexNode::LineStart | RegexNode::LineEnd => true,
        RegexNode::Concat(nodes) | RegexNode::Alternation(nodes) => nodes.iter().any(has_anchor),
        RegexNode::Repeat { node, .. } => has_anchor(node),
        RegexNode::Empty
        | RegexNode::Char { .. }
        | RegexNode::Any { .. }
        | RegexNode::Class(_)
        | RegexNode::WordBoundary
        | RegexNode::NotWordBoundary => false,
    }
}

/// The wildcards around a pattern, taken off: whether it starts at the start, what is inside, whether it ends at the end.
pub(super) fn trimmed(pattern: &Pattern) -> (bool, &[Part], bool) {
    let parts = pattern.parts();
    let (start, parts) = match parts {
        [Part::AnyRun, rest @ ..] => (false, rest),
        parts => (true, parts),
    };
    match parts {
        [rest @ .., Part::AnyRun] => (start, rest, false),
        // `*` alone: nothing is left, and neither end binds.
        [] if !start => (false, parts, false),
        parts => (start, parts, true),
    }
}
