//! What the verdicts and assumptions of queries mean.

use crate::shell::{Part, Shell, render};
use crate::site::Site;
use crate::view::STATUSES;
use askama::Template;
use rulecast_ir::Assumption;

#[derive(Template)]
#[template(path = "fidelity.html")]
struct Page<'a> {
    shell: Shell<'a>,
    statuses: [(&'static str, &'static str); 7],
    assumptions: Vec<(&'static str, String)>,
}

/// The page of them all.
pub(crate) fn page(site: &Site<'_>) -> Vec<u8> {
    let all = [
        Assumption::Ascii,
        Assumption::EmptyIsMissing,
        Assumption::UnknownIsMissing,
        Assumption::SingleValued,
        Assumption::UniqueTimestamps,
        Assumption::RawText,
        Assumption::Presence,
        Assumption::Mapping("FIELD".into()),
        Assumption::Integration("NAME".into()),
    ];
    let assumptions = all.iter().map(|one| (anchor(one), meaning(one))).collect();
    let shell = Shell::new(site, "", Part::Meaning, "How true a query is");
    render(&Page { shell, statuses: STATUSES, assumptions })
}

/// Where the page explains an assumption.
pub(crate) fn anchor(assumption: &Assumption) -> &'static str {
    match assumption {
        Assumption::Ascii => "ascii",
        Assumption::EmptyIsMissing => "empty-is-missing",
        Assumption::UnknownIsMissing => "unknown-is-missing",
        Assumption::SingleValued => "single-valued",
        Assumption::UniqueTimestamps => "unique-timestamps",
        Assumption::RawText => "raw-text",
        Assumption::Presence => "presence",
        Assumption::Mapping(_) => "mapping",
        Assumption::Integration(_) => "integration",
    }
}

/// What must be true of the events.
pub(crate) fn meaning(assumption: &Assumption) -> String {
    match assumption {
        Assumption::Ascii => "letters beyond ASCII occur in one case only".to_owned(),
        Assumption::EmptyIsMissing => "a field with empty text counts as missing".to_owned(),
        Assumption::UnknownIsMissing => "no field that is asked for holds the text “unknown”".to_owned(),
        Assumption::SingleValued => "each event holds at most one value in the field".to_owned(),
        Assumption::UniqueTimestamps => "no two events of a key share a time".to_owned(),
        Assumption::RawText => "the raw text of an event holds its values as they are, unescaped".to_owned(),
        Assumption::Presence => "the index or table has the column".to_owned(),
        Assumption::Mapping(field) => format!("the SIEM holds {field} as the data model says"),
        Assumption::Integration(name) => format!("the events come by the integration {name} of the vendor"),
    }
}
