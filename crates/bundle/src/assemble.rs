//! The files of a bundle.
//!
//! `<name>-<version>/` with the rules, the packages, the manifest and checksums of them all; beside it an archive of the
//! same, and checksums of the archive. Each file goes to the disk as it is made; what is held is what packages say of
//! rules.

use crate::archive::zip;
use crate::{Content, Identity, Manifest, PACKAGES, Packing, changelog, checksums, deprecated, manifest};
use rulecast_files::{Error, NewDirectory};

/// What the list of hashes is called.
pub const CHECKSUMS: &str = "SHA256SUMS";

/// A bundle in the making.
pub struct Bundle<'s> {
    directory: NewDirectory<'s>,
    /// The directory of everything but the archive, within the other.
    root: String,
}

/// What became of the rules of a bundle.
#[derive(Clone, Debug)]
pub struct Packed {
    /// What the bundle says of itself.
    pub manifest: Manifest,
    /// By package, what is in it and what is not; without files, which are written.
    pub packings: Vec<(&'static str, Packing)>,
}

impl<'s> Bundle<'s> {
    /// Begins a bundle in a directory.
    pub fn begin(identity: &Identity, directory: NewDirectory<'s>) -> Self {
        Self { directory, root: format!("{}-{}", identity.name, identity.version) }
    }

    /// Adds files, at their paths in the bundle.
    pub fn add(&mut self, files: Vec<(String, Vec<u8>)>, origin: &str) -> Result<(), Error> {
        let below = |(path, bytes)| (format!("{}/{path}", self.root), bytes);
        self.directory.add(files.into_iter().map(below).collect(), origin)
    }

    /// Adds the rules, all packages of them, the manifest, and what changed since a `previous` one.
    pub fn pack(&mut self, content: &Content, previous: Option<&Manifest>) -> Result<Packed, Error> {
        for source in &content.sources {
            self.add(vec![(format!("rules/{}", source.path), source.text.as_bytes().to_vec())], &source.path)?;
        }
        let mut packings = Vec::new();
        for package in PACKAGES {
            let mut packing = (package.pack)(content);
            self.add(std::mem::take(&mut packing.files), package.name)?;
            packings.push((package.name, packing));
        }
        let manifest = manifest::make(content, &packings, previous);
        let told = [
            ("manifest.json", manifest.text()),
            ("manifest.schema.json", manifest::schema()),
            ("deprecated.json", deprecated::text(&manifest.deprecated)),
            ("CHANGELOG.md", changelog::text(&manifest, previous)),
        ];
        self.add(told.map(|(path, text)| (path.to_owned(), text.into_bytes())).into(), "the manifest")?;
        Ok(Packed { manifest, packings })
    }

    /// Adds the checksums and the archive, lets the directory appear, and tells how many files it has.
    pub fn finish(self) -> Result<usize, Error> {
        let Self { mut directory, root } = self;
        let root = format!("{root}/");
        let sums = checksums::sums(&directory, &root).map_err(|error| directory.failed(&error))?;
        directory.add(vec![(format!("{root}{CHECKSUMS}"), sums.into_bytes())], "the checksums")?;

        let archive = format!("{}.zip", root.trim_end_matches('/'));
        directory.add_by(&archive, "the archive", |directory, file| {
            let paths = directory.paths().filter(|path| path.starts_with(&root));
            let files = paths.map(|path| Ok((path.to_owned(), directory.open(path)?)));
            zip(file, files)
        })?;
        let sums = directory.open(&archive).and_then(rulecast_lock::digest_of);
        let sums = format!("{}  {archive}\n", sums.map_err(|error| directory.failed(&error))?);
        directory.add(vec![(CHECKSUMS.to_owned(), sums.into_bytes())], "the checksums")?;
        let files = directory.len();
        directory.finish()?;
        Ok(files)
    }
}
