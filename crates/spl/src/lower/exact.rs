//! Predicates as conditions of `where`, exactly. Every leaf is true or false, never NULL, so AND, OR and NOT are too.

use super::leaf::{Leaf, Place, Question, Values, trimmed};
use super::time;
use crate::ast::{Expr, Function, WherePredicate};
use crate::regex;
use ipnet::IpNet;
use rulecast_ir::fidelity::Noted;
use rulecast_ir::{Assumption, Comparison, FieldOperator, Logic, Name, Number, Part, Pattern, TimePart};

/// Conditions of `where`, with what each gave up.
pub(super) type Conditions = Logic<Noted<WherePredicate>>;

/// The field that holds the raw event.
const RAW: &str = "_raw";
/// A list of texts longer than this, in bytes of its regex, is cut: PCRE limits what it compiles to 64 KiB.
const LONGEST: usize = 16_384;

/// The predicate.
pub(super) fn whole(tree: &Logic<Leaf<'_>>) -> Conditions {
    let drafts = grouped(tree.map_ref(&mut draft));
    drafts.map(&mut |Noted { leaf, notes, span }| {
        let noted = |leaf| Logic::Test(Noted { leaf, notes: notes.clone(), span });
        match leaf {
            Draft::Texts { field, fold, alternatives } => Logic::any(
                printed(&alternatives, fold)
                    .into_iter()
                    .map(|pattern| noted(finds(Expr::Field(field.clone()), pattern))),
            ),
            Draft::Networks { field, networks } => {
                let tests = networks.into_iter().map(|network| {
                    Logic::Test(WherePredicate::InNetwork { network, address: Expr::Field(field.clone()) })
                });
                noted(WherePredicate::holds(Logic::any(tests)))
            }
            Draft::Parts { field, part, comparisons } => noted(time::condition(&field, part, &comparisons)),
            Draft::Done(condition) => noted(condition),
        }
    })
}

/// A leaf that others of its kind may still join.
enum Draft {
    /// Any of these texts.
    Texts { field: Name, fold: bool, alternatives: Vec<Alternative> },
    /// In any of these networks.
    Networks { field: Name, networks: Vec<String> },
    /// A part of a time that compares so with any of these.
    Parts { field: Name, part: TimePart, comparisons: Vec<(Comparison, Number)> },
    /// Joined by none.
    Done(WherePredicate),
}

/// A text pattern as a regex.
struct Alternative {
    /// Whether it begins where the value does.
    start: bool,
    /// What it looks for.
    body: String,
    /// Whether it ends where the value does.
    end: bool,
    /// Whether it holds a wildcard, which matches a line feed too.
    wild: bool,
}

/// Whether some value of the field has the pattern in it; never NULL, unlike `match`.
fn finds(field: Expr, pattern: String) -> WherePredicate {
    WherePredicate::NotNull(Expr::call(Function::Mvfind, [field, Expr::Regex(pattern)]))
}

fn draft(leaf: &Leaf<'_>) -> Logic<Noted<Draft>> {
    let mut notes = leaf.notes.clone();
    let (field, values) = match leaf.place {
        Place::Field(name, values) => (name.clone(), values),
        Place::Raw => (Name::from(RAW), Values { numbers: false, many: false }),
    };
    let mut any_value = true;
    let draft = match &leaf.question {
        Question::Text { pattern, .. } if pattern.parts() == [Part::AnyRun] => {
            Draft::Done(WherePredicate::NotNull(Expr::Field(field)))
        }
        Question::Text { pattern, .. } if pattern.parts().is_empty() => {
            any_value = false;
            let empty = WherePredicate::equal(Expr::Field(field), Expr::Text(String::new()));
            Draft::Done(WherePredicate::holds(Logic::Test(empty)))
        }
        Question::Text { pattern, fold } => {
            Draft::Texts { field, fold: *fold, alternatives: vec![alternative(pattern)] }
        }
        Question::Regex(node) => Draft::Done(finds(Expr::Field(field), regex::print(node))),
        Question::Number(comparison, number) => {
            any_value = false;
            Draft::Done(WherePredicate::holds(Logic::Test(WherePredicate::Compare {
                left: Expr::call(Function::Tonumber, [Expr::Field(field)]),
                comparison: *comparison,
                right: Expr::Number(*number),
            })))
        }
        Question::Network(network) => {
            any_value = false;
            let network = match network {
                IpNet::V4(network) => network.trunc().to_string(),
                IpNet::V6(network) => network.trunc().to_string(),
            };
            Draft::Networks { field, networks: vec![network] }
        }
        Question::Time(part, comparison, number) => {
            any_value = false;
            Draft::Parts { field, part: *part, comparisons: vec![(*comparison, *number)] }
        }
        Question::Field { operator, other, fold } => {
            let related = related(Expr::Field(field), *operator, Expr::Field((*other).clone()), *fold);
            Draft::Done(WherePredicate::holds(Logic::Test(related)))
        }
        Question::Present(true) => Draft::Done(WherePredicate::NotNull(Expr::Field(field))),
        Question::Present(false) => Draft::Done(WherePredicate::Null(Expr::Field(field))),
    };
    if values.many && !any_value {
        notes.assume(Assumption::SingleValued);
    }
    Logic::Test(Noted { leaf: draft, notes, span: leaf.span })
}

/// The two values as text, with `tostring` where case counts: else two texts that are numbers would compare as such.
fn related(left: Expr, operator: FieldOperator, right: Expr, fold: bool) -> WherePredicate {
    let text = |value: Expr| Expr::call(if fold { Function::Lower } else { Function::Tostring }, [value]);
    let length = |value: Expr| Expr::call(Function::Len, [value]);
    let part = match operator {
        FieldOperator::Equals => text(left),
        FieldOperator::StartsWith => {
            Expr::call(Function::Substr, [text(left), Expr::integer(1), length(right.clone())])
        }
        FieldOperator::EndsWith => {
            let before = Expr::Difference(Box::new(length(left.clone())), Box::new(length(right.clone())));
            let from = Expr::Sum(Box::new(before), Box::new(Expr::integer(1)));
            Expr::call(Function::Substr, [text(left), from])
        }
        FieldOperator::Contains => {
            // A text in lower case holds no `\E`, so that nothing in it ends the quotation.
            debug_assert!(fold, "a leaf never asks with regard to case whether a field contains another");
            let join = |left: Expr, right: Expr| Expr::Concat(Box::new(left), Box::new(right));
            let quoted = join(join(Expr::Text(r"\Q".into()), text(right)), Expr::Text(r"\E".into()));
            return WherePredicate::Truth(Expr::call(Function::Match, [text(left), quoted]));
        }
    };
    WherePredicate::equal(part, text(right))
}

fn alternative(pattern: &Pattern) -> Alternative {
    let (start, parts, end) = trimmed(pattern);
    let mut body = String::with_capacity(8 + pattern.literals().map(str::len).sum::<usize>());
    let mut wild = false;
    for part in parts {
        match part {
            Part::Literal(text) => regex::escape(&mut body, text),
            Part::AnyRun => body.push_str(".*"),
            Part::AnyOne => body.push('.'),
            Part::Placeholder(_) => unreachable!("a leaf has no placeholders"),
        }
        wild |= !matches!(part, Part::Literal(_));
    }
    Alternative { start, body, end, wild }
}

/// The regexes that together match what any of `all` does; one, unless that would be too long.
fn printed(all: &[Alternative], fold: bool) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = all;
    while !rest.is_empty() {
        let mut length = 0;
        let fitting = rest.iter().take_while(|one| {
            length += one.body.len() + 5;
            length <= LONGEST
        });
        let (now, later) = rest.split_at(fitting.count().max(1));
        out.push(one_of(now, fold));
        rest = later;
    }
    out
}

fn one_of(all: &[Alternative], fold: bool) -> String {
    let mut out = String::with_capacity(all.iter().map(|one| one.body.len() + 5).sum::<usize>() + 16);
    let fold = fold && all.iter().any(|one| one.body.contains(|c: char| c.is_alphabetic()));
    out.push_str(match (fold, all.iter().any(|one| one.wild)) {
        (true, true) => "(?is)",
        (true, false) => "(?i)",
        (false, true) => "(?s)",
        (false, false) => "",
    });
    let same = all.windows(2).all(|pair| pair[0].start == pair[1].start && pair[0].end == pair[1].end);
    let outer = if same { (all[0].start, all[0].end) } else { (false, false) };
    let group = all.len() > 1 && (outer.0 || outer.1);
    out.push_str(if outer.0 { "\\A" } else { "" });
    out.push_str(if group { "(?:" } else { "" });
    for (i, one) in all.iter().enumerate() {
        out.push_str(if i > 0 { "|" } else { "" });
        out.push_str(if one.start && !outer.0 { "\\A" } else { "" });
        out.push_str(&one.body);
        out.push_str(if one.end && !outer.1 { "\\z" } else { "" });
    }
    out.push_str(if group { ")" } else { "" });
    out.push_str(if outer.1 { "\\z" } else { "" });
    out
}

/// Texts, networks, and parts of a time, of one field that stand in one disjunction become one leaf, where the first of them stood.
fn grouped(tree: Logic<Noted<Draft>>) -> Logic<Noted<Draft>> {
    match tree {
        Logic::Or(parts) => {
            let mut out: Vec<Logic<Noted<Draft>>> = Vec::with_capacity(parts.len());
            let mut open: Vec<usize> = Vec::new();
            for part in parts {
                match part {
                    Logic::Test(noted) => join_leaf(&mut out, &mut open, noted),
                    other => out.push(grouped(other)),
                }
            }
            Logic::any(out)
        }
        Logic::And(parts) => Logic::all(parts.into_iter().map(grouped).collect::<Vec<_>>()),
        Logic::Not(inner) => grouped(*inner).negate(),
        Logic::Test(_) | Logic::True | Logic::False => tree,
    }
}

fn join_leaf(out: &mut Vec<Logic<Noted<Draft>>>, open: &mut Vec<usize>, mut noted: Noted<Draft>) {
    for &at in &*open {
        let Logic::Test(first) = &mut out[at] else { continue };
        let joined = match (&mut first.leaf, &mut noted.leaf) {
            (
                Draft::Texts { field, fold, alternatives },
                Draft::Texts { field: other, fold: same, alternatives: more },
            ) if field == other && fold == same => {
                alternatives.append(more);
                true
            }
            (Draft::Networks { field, networks }, Draft::Networks { field: other, networks: more })
                if field == other =>
            {
                networks.append(more);
                true
            }
            (
                Draft::Parts { field, part, comparisons },
                Draft::Parts { field: other, part: same, comparisons: more },
            ) if field == other && part == same => {
                comparisons.append(more);
                true
            }
            _ => false,
        };
        if joined {
            first.notes.join(&noted.notes);
            first.span = first.span.to(noted.span);
            return;
        }
    }
    if !matches!(noted.leaf, Draft::Done(_)) {
        open.push(out.len());
    }
    out.push(Logic::Test(noted));
}
