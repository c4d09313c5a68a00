//! The manifest of a bundle, from its content and its packages.

use super::{Attack, BundleInfo, Counts, FORMAT, Manifest, OutputInfo, RuleInfo, Tool, Unsupported};
use crate::{BundledRule, Content, Entry, LeftOut, OnTarget, Packing, Reason};
use crate::{deprecated, moved};
use rulecast_lock::of_queries;
use std::collections::BTreeMap;

/// The manifest of a bundle with these packages.
pub(crate) fn make(content: &Content, packed: &[(&str, Packing)], previous: Option<&Manifest>) -> Manifest {
    let identity = &content.identity;
    let mut rules: Vec<RuleInfo> = content.rules.iter().map(rule).collect();
    for (package, packing) in packed {
        for entry in &packing.entries {
            if let Some(on) = content.rules[entry.rule].on(&entry.target) {
                rules[entry.rule].outputs.push(output(package, entry, on));
            }
        }
        for left_out in &packing.left_out {
            rules[left_out.rule].unsupported.push(unsupported(package, left_out));
        }
    }
    Manifest {
        format: FORMAT,
        bundle: BundleInfo {
            name: identity.name.clone(),
            version: identity.version.clone(),
            author: identity.author.clone(),
            created_from_commit: identity.commit.clone(),
        },
        tool: Tool { name: "rulecast".to_owned(), version: identity.tool_version.clone() },
        attack: Attack { domain: "enterprise-attack".to_owned(), version: rulecast_attack::VERSION.to_owned() },
        targets: content.targets.clone(),
        rules,
        not_selected: content.not_selected.clone(),
        deprecated: deprecated::retired(content, previous),
        moved: moved::moved(content, previous),
        counts: counts(content, packed),
    }
}

fn rule(rule: &BundledRule) -> RuleInfo {
    RuleInfo {
        id: rule.id().to_owned(),
        title: rule.metadata.title().to_owned(),
        slug: rule.slug.clone(),
        path: format!("rules/{}", rule.path),
        line: rule.line,
        version: rule.version(),
        level: rule.metadata.level().name().to_owned(),
        status: rule.metadata.0.status.as_ref().map(|status| status.node.name().to_owned()),
        attack: rule.attack().iter().map(rulecast_attack::Named::id).collect(),
        platforms: rule.products().into_iter().map(str::to_owned).collect(),
        sha256: rule.form.sha256.clone(),
        outputs: Vec::new(),
        unsupported: Vec::new(),
    }
}

fn output(package: &str, entry: &Entry, on: &OnTarget) -> OutputInfo {
    let roles: Vec<String> = on.queries().iter().map(|query| query.role.key()).collect();
    let texts = on.queries().iter().map(|query| query.text.as_str());
    let assumptions = on.queries().iter().flat_map(|query| &query.fidelity.assumptions);
    let mut assumptions: Vec<String> = assumptions.map(ToString::to_string).collect();
    assumptions.sort_unstable();
    assumptions.dedup();
    OutputInfo {
        package: package.to_owned(),
        target: entry.target.clone(),
        kind: entry.kind.to_owned(),
        path: entry.path.clone(),
        name: entry.name.clone(),
        fidelity: on.outcome.status().to_owned(),
        assumptions,
        query_sha256: of_queries(roles.iter().map(String::as_str).zip(texts)),
    }
}

fn unsupported(package: &str, left_out: &LeftOut) -> Unsupported {
    Unsupported {
        package: package.to_owned(),
        target: left_out.target.clone(),
        reason: left_out.reason,
        message: left_out.message.clone(),
    }
}

fn counts(content: &Content, packed: &[(&str, Packing)]) -> Counts {
    let mut counts =
        Counts { rules: content.rules.len(), not_selected: content.not_selected.len(), ..Counts::default() };
    for target in &content.targets {
        let statuses = ["exact", "over", "under", "both", "unchecked", "refused", "declared"];
        let mut by_status: BTreeMap<String, usize> = statuses.map(|status| (status.to_owned(), 0)).into();
        for on in content.rules.iter().filter_map(|rule| rule.on(target)) {
            *by_status.entry(on.outcome.status().to_owned()).or_default() += 1;
        }
        counts.targets.insert(target.clone(), by_status);
    }
    for (package, packing) in packed {
        let mut by_reason: BTreeMap<String, usize> = Reason::ALL.map(|reason| (reason.name().to_owned(), 0)).into();
        by_reason.insert("included".to_owned(), 0);
        for fate in fates(content.rules.len(), packing) {
            *by_reason.entry(fate.to_owned()).or_default() += 1;
        }
        counts.packages.insert((*package).to_owned(), by_reason);
    }
    counts
}

/// Of each rule, `included`, or the first reason why the package lacks it.
///
/// A package that says nothing of a rule has lost it: a mistake of ours, and panics.
fn fates(rules: usize, packing: &Packing) -> Vec<&'static str> {
    let mut fates: Vec<Option<&'static str>> = vec![None; rules];
    for left_out in packing.left_out.iter().rev() {
        fates[left_out.rule] = Some(left_out.reason.name());
    }
    for entry in &packing.entries {
        fates[entry.rule] = Some("included");
    }
    fates.into_iter().map(|fate| fate.expect("a package has each rule, or says why not")).collect()
}
