//! The rules of a text, with their selections.

use crate::session::View;
use lsp_types::{DocumentSymbol, SymbolKind};

/// By their order in the text.
pub(crate) fn of(view: &View<'_>) -> Vec<DocumentSymbol> {
    let (text, outline) = (view.text.as_str(), view.outline);
    let last = outline.document_at(text.len());
    let rules = (0..=last).filter_map(|document| {
        let title = outline.find(text, document, &["title"])?;
        let name = outline.scalar(text, document, &["title"])?;
        let parts = ["detection", "filter", "correlation"].into_iter();
        let parts = parts.filter_map(|part| Some((part, outline.find(text, document, &[part])?)));
        let children = parts.flat_map(|(part, parent)| {
            outline.children(document, Some(parent)).filter_map(move |at| {
                let key = outline.key(text, at)?;
                let is_selection = part != "correlation" && !matches!(key, "condition" | "timeframe" | "rules");
                let kind = if is_selection { SymbolKind::FIELD } else { SymbolKind::PROPERTY };
                Some(symbol(view, key, kind, at, Vec::new()))
            })
        });
        let children = children.collect();
        let mut symbol = symbol(view, name, SymbolKind::CLASS, title, children);
        let (first, end) = bounds(view, document);
        symbol.range = view.text.range(first, end);
        Some(symbol)
    });
    rules.collect()
}

/// Where a document's first entry begins, and where its last ends.
pub(crate) fn bounds(view: &View<'_>, document: usize) -> (usize, usize) {
    let mut all = view.outline.children(document, None);
    let first = all.next();
    let last = all.last().or(first);
    let start = first.map_or(0, |at| view.outline.entries[at].start);
    (start, last.map_or(start, |at| view.outline.end(at)))
}

#[expect(deprecated, reason = "a field of the protocol's own type")]
fn symbol(view: &View<'_>, name: &str, kind: SymbolKind, at: usize, children: Vec<DocumentSymbol>) -> DocumentSymbol {
    let entry = &view.outline.entries[at];
    let key = entry.key.clone().unwrap_or(entry.start..entry.start);
    DocumentSymbol {
        name: name.to_owned(),
        detail: None,
        kind,
        tags: None,
        deprecated: None,
        range: view.text.range(entry.start, view.outline.end(at)),
        selection_range: view.text.range(key.start, key.end),
        children: (!children.is_empty()).then_some(children),
    }
}
