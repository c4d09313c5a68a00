//! What a bundle holds for a platform.
//!
//! Every file is held against the bundle's checksums before it is read: what is deployed is what was published.

mod arm;
mod conf;

use crate::Kind;
use flate2::read::GzDecoder;
use rulecast_bundle::{CHECKSUMS, Manifest, ManifestError, number};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most that an app may unpack to.
const MOST: u64 = 256 << 20;

/// What a bundle calls itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleName {
    /// Its name, which marks its rules on the platform.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What a bundle holds for a platform.
#[derive(Clone, Debug)]
pub struct Package {
    /// Which bundle.
    pub bundle: BundleName,
    /// The rules, in the order of the bundle.
    pub wanted: Vec<Wanted>,
    /// The app of Splunk that the saved searches belong to.
    pub app: Option<String>,
}

/// A rule that the platform is to have.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What rules are told apart by on the platform.
    pub key: String,
    /// Its id in the bundle; empty where it is not known.
    pub id: String,
    /// As the platform calls it.
    pub title: String,
    /// What the platform is to have.
    pub body: Value,
    /// What it needs beside it, by name: filter macros of Splunk.
    pub macros: Vec<(String, Vec<(String, String)>)>,
}

/// Why a bundle cannot be deployed.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// No directory of a bundle.
    #[error("`{}` holds no bundle: there is no `manifest.json` in it, or in the one directory in it", .0.display())]
    NoBundle(PathBuf),
    /// A file that cannot be read.
    #[error("cannot read `{}`: {reason}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why not.
        reason: io::ErrorKind,
    },
    /// The manifest.
    #[error("the manifest of the bundle is invalid: {0}")]
    Manifest(#[from] ManifestError),
    /// The bundle has nothing for the platform.
    #[error("the bundle holds no rules for {}: it has no `{path}`", kind.name())]
    Absent {
        /// The platform.
        kind: Kind,
        /// What it would have.
        path: &'static str,
    },
    /// A file that was changed after it was published.
    #[error("`{0}` is not the file that the bundle was published with: its hash is not that of `SHA256SUMS`")]
    Changed(String),
    /// A file that is not what it should be.
    #[error("`{path}`{}: {reason}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Shape {
        /// Below the bundle.
        path: String,
        /// From 1, where it is known.
        line: Option<usize>,
        /// What is wrong.
        reason: String,
    },
}

/// The files of a bundle.
struct Files {
    root: PathBuf,
    /// By path.
    sums: BTreeMap<String, String>,
}

impl Package {
    /// Reads the bundle in a directory: that of the manifest, or the one above it.
    pub fn open(directory: &Path, kind: Kind) -> Result<Self, PackageError> {
        let files = Files::find(directory)?;
        let text = files.text("manifest.json")?;
        let manifest = Manifest::parse(&text)?;
        let bundle = BundleName { name: manifest.bundle.name.clone(), version: manifest.bundle.version.clone() };
        let mut package = Self { bundle, wanted: Vec::new(), app: None };
        match kind {
            Kind::Kibana => package.wanted = kibana(&files)?,
            Kind::Splunk => (package.app, package.wanted) = splunk(&files)?,
            Kind::Sentinel => package.wanted = sentinel(&files)?,
            Kind::Defender => package.wanted = defender(&files, &manifest)?,
        }
        Ok(package)
    }
}

impl Files {
    fn find(directory: &Path) -> Result<Self, PackageError> {
        let no_bundle = || PackageError::NoBundle(directory.to_owned());
        let root = if directory.join("manifest.json").is_file() {
            directory.to_owned()
        } else {
            let entries = directory.read_dir().map_err(|_| no_bundle())?;
            let mut found =
                entries.flatten().map(|entry| entry.path()).filter(|path| path.join("manifest.json").is_file());
            let one = found.next().ok_or_else(no_bundle)?;
            if found.next().is_some() {
                return Err(no_bundle());
            }
            one
        };
        let path = root.join(CHECKSUMS);
        let text = std::fs::read_to_string(&path).map_err(|error| PackageError::Read { path, reason: error.kind() })?;
        let sums = text.lines().filter_map(|line| line.split_once("  "));
        Ok(Self { root, sums: sums.map(|(sum, path)| (path.to_owned(), sum.to_owned())).collect() })
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, PackageError> {
        let file = self.root.join(path);
        let bytes = std::fs::read(&file).map_err(|error| PackageError::Read { path: file, reason: error.kind() })?;
        let sum = rulecast_lock::digest(&bytes);
        if self.sums.get(path) == Some(&sum) { Ok(bytes) } else { Err(PackageError::Changed(path.to_owned())) }
    }

    fn text(&self, path: &str) -> Result<String, PackageError> {
        let reason = "it is not UTF-8".to_owned();
        String::from_utf8(self.bytes(path)?).map_err(|_| PackageError::Shape {
            path: path.to_owned(),
            line: None,
            reason,
        })
    }

    /// A file without which there is nothing for the platform, and those that go on where it ends: of `rules.json`,
    /// `rules-2.json` and so on.
    fn numbered(&self, kind: Kind, first: &'static str) -> Result<Vec<&str>, PackageError> {
        let mut found: Vec<(u32, &str)> =
            self.sums.keys().filter_map(|path| Some((number(path, first)?, path.as_str()))).collect();
        found.sort_unstable();
        if found.is_empty() {
            Err(PackageError::Absent { kind, path: first })
        } else {
            Ok(found.into_iter().map(|(_, path)| path).collect())
        }
    }
}

fn shape(path: &str, line: Option<usize>, reason: impl Into<String>) -> PackageError {
    PackageError::Shape { path: path.to_owned(), line, reason: reason.into() }
}

fn kibana(files: &Files) -> Result<Vec<Wanted>, PackageError> {
    let mut wanted = Vec::new();
    for path in files.numbered(Kind::Kibana, "elastic/rules.ndjson")? {
        let text = files.text(path)?;
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let wrong = |reason: &str| shape(path, Some(at + 1), reason);
            let body: Value = serde_json::from_str(line).map_err(|_| wrong("expected a JSON object"))?;
            let id = body["rule_id"].as_str().ok_or_else(|| wrong("expected a rule with `rule_id`"))?.to_owned();
            let title = body["name"].as_str().ok_or_else(|| wrong("expected a rule with `name`"))?.to_owned();
            wanted.push(Wanted { key: id.clone(), id, title, body, macros: Vec::new() });
        }
    }
    Ok(wanted)
}

fn sentinel(files: &Files) -> Result<Vec<Wanted>, PackageError> {
    let mut wanted = Vec::new();
    for path in files.numbered(Kind::Sentinel, arm::PATH)? {
        wanted.extend(arm::rules(path, &files.text(path)?)?);
    }
    Ok(wanted)
}

fn defender(files: &Files, manifest: &Manifest) -> Result<Vec<Wanted>, PackageError> {
    const FOLDER: &str = "microsoft/defender/";
    let paths = files
        .sums
        .keys()
        .filter(|path| path.starts_with(FOLDER) && Path::new(path).extension().is_some_and(|end| end == "json"));
    let ids: BTreeMap<&str, &str> = manifest
        .rules
        .iter()
        .flat_map(|rule| rule.outputs.iter().map(|output| (output.path.as_str(), rule.id.as_str())))
        .collect();
    let mut wanted = Vec::new();
    for path in paths {
        let body: Value = serde_json::from_str(&files.text(path)?)
            .map_err(|error| shape(path, Some(error.line()), "expected JSON"))?;
        let title =
            body["displayName"].as_str().ok_or_else(|| shape(path, None, "expected a rule with `displayName`"))?;
        let (title, id) = (title.to_owned(), ids.get(path.as_str()).copied().unwrap_or_default().to_owned());
        wanted.push(Wanted { key: title.clone(), id, title, body, macros: Vec::new() });
    }
    if wanted.is_empty() { Err(PackageError::Absent { kind: Kind::Defender, path: FOLDER }) } else { Ok(wanted) }
}

fn splunk(files: &Files) -> Result<(Option<String>, Vec<Wanted>), PackageError> {
    let is_app = |path: &&String| path.starts_with("splunk/") && path.ends_with(".tar.gz");
    let path = files.sums.keys().find(is_app);
    let path = path.ok_or(PackageError::Absent { kind: Kind::Splunk, path: "splunk/*.tar.gz" })?;
    let broken = |error: io::Error| shape(path, None, format!("it cannot be unpacked: {error}"));
    let bytes = files.bytes(path)?;
    let mut archive = tar::Archive::new(GzDecoder::new(bytes.as_slice()).take(MOST));
    let (mut app, mut found) = (None, BTreeMap::new());
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = entry.path().map_err(broken)?.to_string_lossy().into_owned();
        let Some((folder, below)) = name.split_once('/') else { continue };
        app.get_or_insert_with(|| folder.to_owned());
        if matches!(below, "default/savedsearches.conf" | "default/macros.conf") {
            let mut text = String::new();
            entry.read_to_string(&mut text).map_err(broken)?;
            let conf =
                conf::parse(&text).map_err(|(line, reason)| shape(&format!("{path}!{name}"), Some(line), reason))?;
            found.insert(below.to_owned(), conf);
        }
    }
    let macros: BTreeMap<String, Vec<(String, String)>> =
        found.remove("default/macros.conf").unwrap_or_default().into_iter().collect();
    let searches = found.remove("default/savedsearches.conf");
    let searches = searches.ok_or_else(|| shape(path, None, "it has no `default/savedsearches.conf`"))?;
    let wanted = searches.into_iter().filter(|(name, _)| name != "default").map(|(name, fields)| {
        let search = fields.iter().find(|(key, _)| key == "search").map_or("", |(_, search)| search);
        let used: Vec<(String, Vec<(String, String)>)> =
            conf::macros(search).filter_map(|one| Some((one.to_owned(), macros.get(one)?.clone()))).collect();
        let body = fields.iter().map(|(key, value)| (key.clone(), Value::String(value.clone())));
        let body = Value::Object(body.collect());
        Wanted { key: name.clone(), id: String::new(), title: name, body, macros: used }
    });
    Ok((app, wanted.collect()))
}
