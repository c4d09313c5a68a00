//! Events that were recorded, or written as tests of a rule, each changed in many small ways.
//!
//! A change that breaks what the rule's query assumes, or what the data model takes for granted, is taken back.

use super::assume::{is_user, one_case};
use super::dice::Dice;
use super::setting::is_path;
use crate::square::Corners;
use crate::{Language, NoSquare, Square, Target};
use rulecast_ir::{Assumption, Record, Rule, Scalar, Sigma};
use std::collections::BTreeSet;

/// How a rule and its queries answer over changed events.
#[derive(Clone, Debug)]
pub struct Mutated {
    /// The events: each as it was, then its changed forms.
    pub events: Vec<Record>,
    /// Both ways round.
    pub square: Square,
}

/// Takes a rule both ways round with events and `count` changed forms of each.
pub fn mutated(
    rule: &Rule<Sigma>,
    target: Target<'static>,
    events: &[Record],
    count: usize,
    seed: u64,
) -> Result<Mutated, NoSquare> {
    let corners = Corners::new(rule, target)?;
    let assumptions: BTreeSet<Assumption> =
        corners.queries().flat_map(|query| query.fidelity.assumptions.iter().cloned()).collect();
    let mut dice = Dice::new(seed);
    let mut all = Vec::with_capacity(events.len() * (count + 1));
    for event in events {
        let mut own = event.clone();
        keep(&mut own, event, target, &assumptions);
        all.push(own.clone());
        for _ in 0..count {
            let mut changed = own.clone();
            for _ in 0..=dice.below(2) {
                change(&mut changed, &mut dice);
            }
            keep(&mut changed, &own, target, &assumptions);
            all.push(changed);
        }
    }
    for (id, event) in (0_u32..).zip(&mut all) {
        (event.id, event.time) = (id.into(), i64::from(id) * 1000);
    }
    let square = corners.square(&all)?;
    Ok(Mutated { events: all, square })
}

/// Changes one field.
fn change(event: &mut Record, dice: &mut Dice) {
    // What says where an event was recorded stays.
    let stays = |field: &String| matches!(field.as_str(), "EventID" | "Channel");
    let fields: Vec<String> = event.fields.keys().filter(|field| !stays(field)).cloned().collect();
    if fields.is_empty() {
        return;
    }
    let field = &fields[dice.below(fields.len())];
    let values = event.fields.get_mut(field).expect("it was there");
    let text = values.first().map(Scalar::text).unwrap_or_default();
    let at = dice.below(text.chars().count() + 1);
    let insert = |piece: &str| text.chars().take(at).chain(piece.chars()).chain(text.chars().skip(at)).collect();
    let changed: String = match dice.below(14) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        2 => {
            event.fields.remove(field);
            return;
        }
        3 => {
            values.push(Scalar::Text(format!("{text}x")));
            return;
        }
        4 => {
            values.insert(0, Scalar::Text(text.to_ascii_uppercase()));
            return;
        }
        5 => String::new(),
        6 => insert(dice.one_of(&["*", "?", "%", "_", "**"])),
        7 => insert(dice.one_of(&["\"", "'", "`", "\\", "\\\\"])),
        8 => insert(dice.one_of(&["é", "É", "日", "\u{1f600}", "\u{a0}"])),
        9 => insert(dice.one_of(&["\n", "\r\n", "\t", " "])),
        10 => dice.one_of(&["::1", "fe80::1", "10.0.0.300", "::ffff:10.1.2.3", "192.168.1.7", "-"]).to_owned(),
        11 => text.chars().skip(1).collect(),
        12 => format!("x{text}"),
        _ => format!("{text}x"),
    };
    values[0] = Scalar::Text(changed);
}

/// Takes back what the query, or the data model, does not expect.
fn keep(event: &mut Record, before: &Record, target: Target, assumptions: &BTreeSet<Assumption>) {
    let assumes = |assumption: &Assumption| assumptions.contains(assumption);
    let modelled = target.model != "none";
    let missing: Vec<&String> = before.fields.keys().filter(|field| !event.fields.contains_key(*field)).collect();
    for field in missing {
        // Every connection has a direction.
        if modelled && field == "Initiated" {
            event.fields.insert(field.clone(), before.fields[field].clone());
        }
    }
    for (field, values) in &mut event.fields {
        let old = before.values(field);
        let told = assumes(&Assumption::Mapping(field.as_str().into()));
        let odd = |value: &Scalar| {
            let text = value.text();
            match field.as_str() {
                // Fields of few values: a data model knows these and no others.
                "Initiated" | "EventType" | "Signed" | "IntegrityLevel" | "Details" | "SignatureStatus" => true,
                path if is_path(path) => !text.contains(['\\', '/']),
                user if user.ends_with("User") => !is_user(&text),
                _ => old.first().is_some_and(|old| is_typed(&old.text()) && !is_typed(&text)),
            }
        };
        if told || (modelled && values.iter().any(odd)) {
            *values = old.to_vec();
        }
        for value in values.iter_mut() {
            if let Scalar::Text(text) = value {
                if assumes(&Assumption::Ascii) {
                    *text = one_case(text);
                }
                // Splunk sees a mapped address as one of IPv6, Kusto and Elasticsearch as one of IPv4.
                if target.language == Language::Spl && text.starts_with("::ffff:") {
                    *text = text.split_off("::ffff:".len());
                }
            }
        }
        if assumes(&Assumption::EmptyIsMissing) {
            values.retain(|value| !value.text().is_empty());
        }
        let single = assumes(&Assumption::SingleValued) || target.language == Language::Kql;
        if single || (modelled && old.first().is_some_and(|old| is_typed(&old.text()))) {
            values.truncate(1);
        }
    }
    event.fields.retain(|_, values| !values.is_empty());
}

/// A number or an address.
fn is_typed(text: &str) -> bool {
    text.parse::<i64>().is_ok() || text.parse::<std::net::IpAddr>().is_ok()
}
