//! Predicates as terms of `search`: exactly where it can say them, else as little more as it can.
//!
//! `search` has no `?`, no literal `*`, no case and no regex. Where a predicate needs one, the base search holds what the
//! predicate implies ([`implied`]), and a `where` behind it decides ([`exact`](super::exact)).

use super::leaf::{Leaf, Place, Question, Values, trimmed};
use crate::ast::{SearchTerm, SearchValue};
use crate::factor;
use ipnet::IpNet;
use rulecast_ir::fidelity::Noted;
use rulecast_ir::{Assumption, Comparison, Logic, Name, Notes, Part, Pattern};

/// Terms of `search`, with what each gave up.
pub(super) type Terms = Logic<Noted<SearchTerm>>;

/// The predicate itself, if `search` can say all of it.
pub(super) fn whole(tree: &Logic<Leaf<'_>>) -> Option<Terms> {
    let mut sayable = true;
    let terms = tree.map_ref(&mut |leaf| {
        let term = if sayable { term(leaf) } else { None };
        term.unwrap_or_else(|| {
            sayable = false;
            Logic::True
        })
    });
    sayable.then(|| grouped(terms))
}

/// What the predicate implies, as far as `search` can say it. [`Logic::True`] if that is nothing.
pub(super) fn implied(tree: &Logic<Leaf<'_>>) -> Terms {
    grouped(bound(tree, Bound::Above))
}

/// From which side a tree is approached.
#[derive(Clone, Copy, PartialEq)]
enum Bound {
    /// Holds wherever the tree does.
    Above,
    /// Holds nowhere that the tree does not: what stands under a NOT.
    Below,
}

fn bound(tree: &Logic<Leaf<'_>>, side: Bound) -> Terms {
    match tree {
        Logic::True => Logic::True,
        Logic::False => Logic::False,
        Logic::Test(leaf) => term(leaf).unwrap_or_else(|| match side {
            Bound::Above => loosened(leaf),
            Bound::Below => Logic::False,
        }),
        Logic::Not(inner) => {
            let other = if side == Bound::Above { Bound::Below } else { Bound::Above };
            bound(inner, other).negate()
        }
        Logic::And(parts) => Logic::all(parts.iter().map(|part| bound(part, side)).collect::<Vec<_>>()),
        Logic::Or(parts) => Logic::any(parts.iter().map(|part| bound(part, side)).collect::<Vec<_>>()),
    }
}

/// The leaf in `search`, if it can say it exactly.
fn term(leaf: &Leaf<'_>) -> Option<Terms> {
    let mut notes = leaf.notes.clone();
    let term = match (&leaf.question, leaf.place) {
        (Question::Text { pattern, fold: true }, place) => {
            let text = spelled(pattern, false)?;
            if text.contains(['"', '<', '>', '&']) {
                notes.assume(Assumption::RawText);
            }
            match place {
                Place::Raw => SearchTerm::Raw(text),
                Place::Field(name, _) if text == "*" => SearchTerm::Present(name.clone()),
                Place::Field(name, values) => {
                    if is_number(&text) {
                        // `search` takes 05 for 5, and a column of numbers holds no 05.
                        if values.numbers {
                            return None;
                        }
                        notes.assume(Assumption::Mapping(name.clone()));
                    }
                    compare(name, Comparison::Equal, SearchValue::Text(text))
                }
            }
        }
        (Question::Number(comparison, number), Place::Field(name, Values { numbers, .. })) => {
            if !numbers {
                // Against text that is no number, `search` compares by letters.
                if *comparison != Comparison::Equal {
                    return None;
                }
                notes.assume(Assumption::Mapping(name.clone()));
            }
            compare(name, *comparison, SearchValue::Number(*number))
        }
        (Question::Network(IpNet::V4(network)), Place::Field(name, _)) => {
            compare(name, Comparison::Equal, SearchValue::Text(network.trunc().to_string()))
        }
        (Question::Present(present), Place::Field(name, _)) => {
            let term = Logic::Test(Noted { leaf: SearchTerm::Present(name.clone()), notes, span: leaf.span });
            return Some(if *present { term } else { term.negate() });
        }
        _ => return None,
    };
    Some(Logic::Test(Noted { leaf: term, notes, span: leaf.span }))
}

/// What a leaf that `search` cannot say implies.
fn loosened(leaf: &Leaf<'_>) -> Terms {
    let pattern_of = |pattern: &Pattern| {
        let text = spelled(pattern, true).unwrap_or_else(|| "*".into());
        let term = match leaf.place {
            Place::Raw if text.len() < 3 => return Logic::True,
            Place::Raw => SearchTerm::Raw(text),
            Place::Field(name, _) if text == "*" => SearchTerm::Present(name.clone()),
            Place::Field(name, Values { numbers: false, .. }) => {
                compare(name, Comparison::Equal, SearchValue::Text(text))
            }
            Place::Field(name, _) => SearchTerm::Present(name.clone()),
        };
        Logic::Test(Noted { leaf: term, notes: Notes::default(), span: leaf.span })
    };
    match &leaf.question {
        Question::Text { pattern, .. } => pattern_of(pattern),
        Question::Regex(node) => match factor::required(node) {
            Some(literals) => Logic::any(
                literals.into_iter().map(|text| pattern_of(&Pattern::literal(text).any_before().any_after())),
            ),
            None => Logic::True,
        },
        Question::Time(..) => match leaf.place {
            Place::Field(name, _) => {
                let leaf = Noted { leaf: SearchTerm::Present(name.clone()), notes: Notes::default(), span: leaf.span };
                Logic::Test(leaf)
            }
            Place::Raw => Logic::True,
        },
        Question::Number(..) | Question::Network(_) | Question::Field { .. } | Question::Present(_) => Logic::True,
    }
}

fn compare(field: &Name, comparison: Comparison, value: SearchValue) -> SearchTerm {
    SearchTerm::Compare { field: field.clone(), comparison, value }
}

/// The pattern as a value of `search`, where `*` is any run. What `search` cannot spell is `None`, or with `loosely` a
/// `*` in its place; so are then the characters that XML escapes, as they may stand in the index escaped.
fn spelled(pattern: &Pattern, loosely: bool) -> Option<String> {
    let (start, parts, end) = trimmed(pattern);
    let mut text = String::with_capacity(2 + pattern.literals().map(str::len).sum::<usize>());
    if !start {
        text.push('*');
    }
    for part in parts {
        match part {
            Part::AnyRun => star(&mut text),
            Part::AnyOne if loosely => star(&mut text),
            Part::AnyOne | Part::Placeholder(_) => return None,
            Part::Literal(literal) if loosely => loosen(&mut text, literal),
            Part::Literal(literal) if is_spellable(literal) => text.push_str(literal),
            Part::Literal(_) => return None,
        }
    }
    if !end {
        star(&mut text);
    }
    if is_network(&text) {
        // A value like that is a network to `search`.
        if !loosely {
            return None;
        }
        text.push('*');
    }
    Some(text)
}

fn star(text: &mut String) {
    if !text.ends_with('*') {
        text.push('*');
    }
}

/// Whether a literal means itself in a quoted value of `search`: no wildcard, nothing that the search bar rewrites, no
/// macro, no control character.
fn is_spellable(literal: &str) -> bool {
    !literal.contains(|c: char| matches!(c, '*' | '`') || c.is_control()) && !literal.contains("/../")
}

fn loosen(text: &mut String, literal: &str) {
    let dots = if literal.contains("/../") { "/.." } else { "/../" };
    for (i, piece) in literal.split(dots).enumerate() {
        if i > 0 {
            text.push_str("/*");
        }
        for c in piece.chars() {
            match c {
                '*' | '`' | '"' | '<' | '>' | '&' => star(text),
                c if c.is_control() => star(text),
                c => text.push(c),
            }
        }
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().next().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.'))
        && text.parse::<f64>().is_ok()
}

fn is_network(text: &str) -> bool {
    text.bytes().last().is_some_and(|b| b.is_ascii_digit()) && text.contains('/') && text.parse::<IpNet>().is_ok()
}

/// Equalities of one field that stand in one disjunction become one list, where the first of them stood.
fn grouped(tree: Terms) -> Terms {
    match tree {
        Logic::Or(parts) => {
            let mut out: Vec<Terms> = Vec::with_capacity(parts.len());
            let mut lists: Vec<usize> = Vec::new();
            for part in parts {
                match part {
                    Logic::Test(noted) => join_list(&mut out, &mut lists, noted),
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

fn join_list(out: &mut Vec<Terms>, lists: &mut Vec<usize>, noted: Noted<SearchTerm>) {
    let Some(field) = listable(&noted.leaf) else {
        let last = out.last_mut().and_then(|last| if let Logic::Test(last) = last { Some(last) } else { None });
        return match last.filter(|last| last.leaf == noted.leaf) {
            // Several tests that `search` cannot say ask of one field that it be there.
            Some(last) => last.notes.join(&noted.notes),
            None => out.push(Logic::Test(noted)),
        };
    };
    let same = lists.iter().copied().find(|at| match &out[*at] {
        Logic::Test(Noted {
            leaf: SearchTerm::Compare { field: first, .. } | SearchTerm::In { field: first, .. },
            ..
        }) => first == field,
        _ => false,
    });
    let Some(Logic::Test(list)) = same.map(|at| &mut out[at]) else {
        lists.push(out.len());
        return out.push(Logic::Test(noted));
    };
    let SearchTerm::Compare { field, value, .. } = noted.leaf else { return };
    list.notes.join(&noted.notes);
    list.span = list.span.to(noted.span);
    match &mut list.leaf {
        SearchTerm::In { values, .. } => values.push(value),
        other => {
            if let SearchTerm::Compare { value: first, .. } =
                std::mem::replace(other, SearchTerm::Present(field.clone()))
            {
                *other = SearchTerm::In { field, values: vec![first, value] };
            }
        }
    }
}

/// The field, if the term is an equality that a list can hold.
fn listable(term: &SearchTerm) -> Option<&Name> {
    match term {
        SearchTerm::Compare { value: SearchValue::Text(text), .. } if is_network(text) => None,
        SearchTerm::Compare { field, comparison: Comparison::Equal, .. } => Some(field),
        _ => None,
    }
}
