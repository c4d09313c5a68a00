//! The files of a bundle.
//!
//! `<name>-<version>/` with the rules, the packages, the manifest and checksums of them all; beside it an archive of the
//! same, and checksums of the archive.

use crate::archive::{ArchiveError, zip};
use crate::{Content, Manifest, PACKAGES, Packing, changelog, checksums, deprecated, manifest};
use rulecast_files::{Clash, Tree};
use rulecast_lock::digest;

/// What the list of hashes is called.
pub const CHECKSUMS: &str = "SHA256SUMS";

/// A bundle in memory.
#[derive(Debug)]
pub struct Bundle {
    /// Everything, below the directory that it is written to.
    pub tree: Tree,
    /// What it says of itself.
    pub manifest: Manifest,
    /// By package, what is in it and what is not.
    pub packed: Vec<(&'static str, Packing)>,
}

/// Why there is no bundle.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Two files of one path.
    #[error(transparent)]
    Clash(#[from] Clash),
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// Packs `content`, and says what changed since a `previous` bundle. `more` are files of others for it: pages.
pub fn assemble(
    content: &Content,
    previous: Option<&Manifest>,
    more: impl FnOnce(&Manifest) -> Vec<(String, Vec<u8>)>,
) -> Result<Bundle, BundleError> {
    let mut packed: Vec<_> = PACKAGES.iter().map(|package| (package, (package.pack)(content))).collect();
    let manifest = manifest::make(content, &packed, deprecated::retired(content, previous));
    let mut inner = Tree::new();
    for source in &content.sources {
        inner.add(format!("rules/{}", source.path), source.text.as_bytes(), &source.path)?;
    }
    for (package, packing) in &mut packed {
        for (path, bytes) in std::mem::take(&mut packing.files) {
            inner.add(path, bytes, package.name)?;
        }
    }
    for (path, bytes) in more(&manifest) {
        inner.add(path, bytes, "the pages")?;
    }
    inner.add("manifest.json", manifest.text(), "the manifest")?;
    inner.add("manifest.schema.json", manifest::schema(), "the manifest")?;
    inner.add("deprecated.json", deprecated::text(&manifest.deprecated), "the manifest")?;
    inner.add("CHANGELOG.md", changelog::text(&manifest, previous), "the manifest")?;
    inner.add(CHECKSUMS, checksums::sums(&inner), "the checksums")?;

    let root = format!("{}-{}", content.identity.name, content.identity.version);
    let mut tree = Tree::new();
    let archive = format!("{root}.zip");
    let bytes = zip(&root, &inner)?;
    let sums = format!("{}  {archive}\n", digest(&bytes));
    for (path, bytes) in inner.into_files() {
        tree.add(format!("{root}/{path}"), bytes, "the bundle")?;
    }
    tree.add(archive, bytes, "the archive")?;
    tree.add(CHECKSUMS, sums, "the checksums")?;
    let packed = packed.into_iter().map(|(package, packing)| (package.name, packing)).collect();
    Ok(Bundle { tree, manifest, packed })
}
