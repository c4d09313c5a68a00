//! `docs/reference/coverage.md`.

use super::count::{Counts, Fate, Tally};
use super::{Of, Share};
use rulecast_ir::{RefusalReason, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write;

pub(super) fn page(counts: &Counts, shares: &[Share]) -> String {
    let mut page = format!(
        "# How much of the public corpus becomes queries\n\n\
         Counted over {} rules of SigmaHQ (`rules/`, 2026-08-05) by `cargo xtask floors CORPUS`, which fails where this page\n\
         differs from what it counts; `--write` writes it.\n\n",
        grouped(counts.rules)
    );
    fates(&mut page, counts);
    reasons(&mut page, counts);
    floors(&mut page, shares);
    lacking(&mut page, counts);
    page
}

fn fates(page: &mut String, counts: &Counts) {
    page.push_str(
        "## By target\n\n\
         *Exact*: the query finds what the rule means, of any events. *Under assumptions*: of events that are as the query\n\
         says it assumes ([fidelity](fidelity.md)). *Over* finds more, *under* misses some: there is no such query unless\n\
         `--allow` asks for it. The rest is refused.\n\n\
         | target | exact | under assumptions | over | under | both | refused | exact or under assumptions |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for tally in &counts.tallies {
        let number = |fate: &dyn Fn(&Fate) -> bool| tally.fates.iter().filter(|one| fate(one)).count();
        let inexact = |verdict: Verdict| number(&|fate| matches!(fate, Fate::Inexact(one, _) if *one == verdict));
        let (exact, assuming) = (number(&|fate| *fate == Fate::Exact), number(&|fate| *fate == Fate::Assuming));
        let columns = [
            exact,
            assuming,
            inexact(Verdict::Over),
            inexact(Verdict::Under),
            inexact(Verdict::Both),
            number(&|fate| matches!(fate, Fate::Refused(_) | Fate::Declared)),
        ];
        let columns = columns.map(grouped).join(" | ");
        let percent = super::percent(exact + assuming, counts.rules);
        let _ = writeln!(page, "| `{}` | {columns} | {percent:.1} % |", tally.target);
    }
}

fn reasons(page: &mut String, counts: &Counts) {
    let met = |reason: &&RefusalReason| counts.tallies.iter().any(|tally| tally.refused_for(**reason) > 0);
    let reasons: Vec<&RefusalReason> = RefusalReason::ALL.iter().filter(met).collect();
    page.push_str("\nThe refused, by the first [reason](refusals.md) given:\n\n| target |");
    for reason in &reasons {
        let _ = write!(page, " `{}` |", reason.name());
    }
    let _ = writeln!(page, "\n|---|{}", "---|".repeat(reasons.len()));
    for tally in &counts.tallies {
        let numbers = reasons.iter().map(|reason| tally.refused_for(**reason));
        let numbers = numbers.map(|number| if number == 0 { "–".to_owned() } else { grouped(number) });
        let _ = writeln!(page, "| `{}` | {} |", tally.target, numbers.collect::<Vec<_>>().join(" | "));
    }
}

fn floors(page: &mut String, shares: &[Share]) {
    page.push_str(
        "\n## Floors\n\n\
         Endpoint rules are those of `process_creation`, `network_connection`, `file_*`, `registry_*`, `image_load` and\n\
         `dns_query` on Windows, Linux and macOS, less those that need a field that the platform does not have (below).\n\n\
         | targets, of which one must say the rule | of | rules | exact or under assumptions | floor |\n\
         |---|---|---|---|---|\n",
    );
    for share in shares {
        let names = share.targets.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let of = match share.of {
            Of::Corpus => "all rules",
            Of::Endpoint => "endpoint rules",
        };
        let (all, exact, percent) = (grouped(share.all), grouped(share.exact), share.percent());
        let _ = writeln!(page, "| {names} | {of} | {all} | {exact} ({percent:.1} %) | {} % |", share.floor);
    }
}

fn lacking(page: &mut String, counts: &Counts) {
    page.push_str(
        "\n## What platforms do not have\n\n\
         Fields, and hashes, that endpoint rules ask for and no column of the platform's published schema holds, with the\n\
         number of rules. Each model's page in `docs/models` says where that is known from.\n\n\
         | target | fields | rules |\n|---|---|---|\n",
    );
    for tally in &counts.tallies {
        let fields = by_field(tally, counts);
        if fields.is_empty() {
            continue;
        }
        let of_target = |rule: &usize| counts.is_endpoint[*rule] && tally.needs_lacking(*rule);
        let rules = (0..counts.rules).filter(of_target).count();
        let fields = fields.iter().map(|(field, number)| format!("`{field}` {number}")).collect::<Vec<_>>().join(", ");
        let _ = writeln!(page, "| `{}` | {fields} | {} |", tally.target, grouped(rules));
    }
}

fn by_field<'a>(tally: &'a Tally, counts: &Counts) -> BTreeMap<&'a str, usize> {
    let mut fields = BTreeMap::new();
    for rule in (0..counts.rules).filter(|rule| counts.is_endpoint[*rule]) {
        let mut of_rule: Vec<&str> = tally.lacking(rule).collect();
        of_rule.sort_unstable();
        of_rule.dedup();
        of_rule.into_iter().for_each(|field| *fields.entry(field).or_default() += 1);
    }
    fields
}

/// `3,141`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
