//! Bare queries: a file for each rule and target.
//!
//! `<platform>/rules/<slug>.<language>`, where a bundle has one target of the language; else with the name of its data
//! model between them, so that each has its own.

use crate::package::{Entry, LeftOut, Packing};
use crate::{BundledRule, Content, OnTarget};
use rulecast_compile::{Language, Query, Role};

/// The directory of the platform that speaks a language.
pub(crate) fn folder(language: Language) -> &'static str {
    match language {
        Language::Eql => "elastic",
        Language::Spl => "splunk",
        Language::Kql => "microsoft",
    }
}

/// Makes the package.
pub(crate) fn pack(content: &Content) -> Packing {
    let mut packing = Packing::default();
    for (at, rule) in content.rules.iter().enumerate() {
        for on in &rule.on {
            packing.left_out.extend(LeftOut::of(at, rule, on));
            for query in on.queries() {
                let path = path(rule, on, query);
                let name = match &query.role {
                    Role::Rule => None,
                    Role::Branch { name, .. } => Some(name.to_string()),
                };
                packing.files.push((path.clone(), format!("{}\n", query.text).into_bytes()));
                packing.entries.push(Entry { rule: at, target: on.target.clone(), kind: "query", path, name });
            }
        }
    }
    packing
}

fn path(rule: &BundledRule, on: &OnTarget, query: &Query) -> String {
    let (folder, language) = (folder(on.language), on.language.name());
    let alone = rule.on.iter().filter(|other| other.language == on.language).count() == 1;
    let model = if alone { String::new() } else { format!(".{}", on.model) };
    let class = match &query.role {
        Role::Rule => String::new(),
        Role::Branch { name, .. } => format!(".{}", crate::content::slug(name)),
    };
    format!("{folder}/rules/{}{class}{model}.{language}", rule.slug)
}
