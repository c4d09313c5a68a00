//! Log sources: those that the data models of the targets serve, and Sigma's categories.

use super::Items;
use lsp_types::CompletionItemKind;
use rulecast_lint::CATEGORIES;
use std::collections::BTreeMap;

/// The values of `product`, `category` or `service`, beside what else is written.
pub(super) fn part(to: &mut Items<'_, '_>, part: &str) {
    let written = |key| to.view.outline.scalar(to.text(), to.place.document, &["logsource", key]);
    let product = written("product").filter(|_| part != "product");
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (target, sources) in to.view.project.sources() {
        for name in sources.iter().flat_map(|source| &source.log_sources) {
            let one = Named::read(name);
            let is_beside = product.is_none() || one.product.is_none() || one.product == product;
            let value = match part {
                "product" => one.product,
                "category" => one.category,
                "service" => one.service,
                _ => None,
            };
            if let Some(value) = value.filter(|_| is_beside) {
                let targets = found.entry(value).or_default();
                if !targets.contains(&target.as_str()) {
                    targets.push(target);
                }
            }
        }
    }
    if part == "category" {
        CATEGORIES.iter().for_each(|category| {
            found.entry(category).or_default();
        });
    }
    let mut all: Vec<_> = found.into_iter().collect();
    all.sort_by_key(|(_, targets)| std::cmp::Reverse(targets.len()));
    for (value, targets) in all {
        let detail = if targets.is_empty() { "on none of the targets".to_owned() } else { targets.join(", ") };
        to.word(value, value, CompletionItemKind::ENUM_MEMBER).detail = Some(detail);
    }
}

/// A log source by its parts.
#[derive(Default)]
struct Named<'a> {
    product: Option<&'a str>,
    category: Option<&'a str>,
    service: Option<&'a str>,
}

impl<'a> Named<'a> {
    /// Of `windows/process_creation`: which part is which, the categories tell.
    fn read(name: &'a str) -> Self {
        let mut named = Self::default();
        for (at, part) in name.split('/').filter(|part| *part != "*").enumerate() {
            if CATEGORIES.contains(&part) {
                named.category = Some(part);
            } else if at == 0 {
                named.product = Some(part);
            } else {
                named.service = Some(part);
            }
        }
        named
    }
}
