//! The playground of a bundle's site: files that were built before, as the command does not hold them.

use crate::exit::Failure;
use rulecast_bundle::Manifest;
use std::path::Path;

/// The page, which gets the frame of the site.
const PAGE: &str = "index.html";

/// What belongs to the page: all but the compiler by itself, which the page has in a script.
const KINDS: [&str; 2] = ["css", "js"];

/// Files of a playground.
pub(super) struct Playground {
    page: String,
    /// By name, in order.
    others: Vec<(String, Vec<u8>)>,
}

impl Playground {
    /// Reads what `cargo xtask playground` has written.
    pub(super) fn read(directory: &Path) -> Result<Self, Failure> {
        let failed = |_| Failure::NoPlayground { path: directory.to_owned() };
        let page = std::fs::read_to_string(directory.join(PAGE)).map_err(failed)?;
        if ["<!-- head -->", "<!-- main -->"].iter().any(|mark| !page.contains(mark)) {
            return Err(Failure::NoPlayground { path: directory.to_owned() });
        }
        let mut others = Vec::new();
        for entry in directory.read_dir().map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let is_part = path.extension().is_some_and(|extension| KINDS.iter().any(|kind| extension == *kind));
            if let (true, Some(name)) = (is_part, path.file_name().and_then(|name| name.to_str())) {
                others.push((name.to_owned(), std::fs::read(&path).map_err(failed)?));
            }
        }
        others.sort();
        Ok(Self { page, others })
    }

    /// The files with their paths in the bundle.
    pub(super) fn files(&self, manifest: &Manifest) -> Vec<(String, Vec<u8>)> {
        let page = rulecast_site::playground(manifest, &self.page).map(|page| (PAGE.to_owned(), page));
        let files = page.into_iter().chain(self.others.iter().cloned());
        files.map(|(name, bytes)| (format!("site/playground/{name}"), bytes)).collect()
    }
}
