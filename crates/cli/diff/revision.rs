//! The tree of files that a revision holds.
//!
//! Paths are those of the disk, from the directory of the call. What lies outside of the repository has no revisions: there,
//! the disk is read.

use super::git::{Blob, Contents, GitError, Repository, files, normal};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rulecast_repository::{Disk, Input, Tree};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// How many symbolic links lead to a file, at most.
const MOST_LINKS: usize = 16;

/// A revision.
pub(crate) struct Revision<'r> {
    repository: &'r Repository,
    /// By the paths from the top.
    files: BTreeMap<String, Blob>,
    contents: Contents,
}

impl<'r> Revision<'r> {
    pub(crate) fn open(repository: &'r Repository, commit: &str) -> Result<Self, GitError> {
        Ok(Self { repository, files: files(commit)?, contents: Contents::open()? })
    }

    /// The path from the top, with links followed; nothing, if it leads out of the repository.
    fn locate(&self, path: &Path) -> Option<String> {
        let from_top = if path.is_absolute() {
            normal(path.strip_prefix(&self.repository.top).ok()?)?
        } else {
            normal(&Path::new(&self.repository.prefix).join(path))?
        };
        self.follow(&from_top, MOST_LINKS)
    }

    fn follow(&self, parts: &[String], links: usize) -> Option<String> {
        let mut path = String::new();
        for (at, part) in parts.iter().enumerate() {
            let parent = path.clone();
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(part);
            if let Some(Blob { object, is_link: true }) = self.files.get(&path) {
                let links = links.checked_sub(1)?;
                let leads = self.contents.read(object).ok()?;
                let leads = PathBuf::from(String::from_utf8_lossy(&leads).into_owned());
                if leads.is_absolute() {
                    return None;
                }
                let rest: PathBuf = parts[at + 1..].iter().collect();
                return self.follow(&normal(&Path::new(&parent).join(leads).join(rest))?, links);
            }
        }
        Some(path)
    }

    /// The paths from the top of the files below a directory.
    fn below(&self, directory: &str) -> impl Iterator<Item = &str> {
        let start = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let all = self.files.range(start.clone()..).map(|(path, _)| path.as_str());
        all.take_while(move |path| path.starts_with(&start))
    }

    fn has_directory(&self, path: &str) -> bool {
        self.below(path).next().is_some()
    }

    /// The rule files of `paths`, as [`rulecast_repository::find`] finds them on the disk. Paths that are not there have
    /// none.
    pub(super) fn find(&self, paths: &[PathBuf]) -> io::Result<Vec<Input>> {
        // By the path from the top: two ways to name a file are one input.
        let mut found: BTreeMap<String, (String, String)> = BTreeMap::new();
        let mut add = |place: String, name: String, stem: String| {
            let rank = |(name, stem): &(String, String)| (usize::MAX - stem.len(), name.clone());
            let input = (name, stem);
            match found.get(&place) {
                Some(known) if rank(known) <= rank(&input) => {}
                _ => {
                    found.insert(place, input);
                }
            }
        };
        for path in paths {
            let Some(place) = self.locate(path) else { continue };
            if self.files.contains_key(&place) {
                let name = slashes(path);
                let stem = Path::new(path.file_name().unwrap_or_default()).with_extension("");
                add(place, name, slashes(&stem));
                continue;
            }
            let ignored = self.ignored(&place)?;
            let skip = if place.is_empty() { 0 } else { place.len() + 1 };
            for file in self.below(&place) {
                let below = &file[skip..];
                let is_rule = Path::new(below).extension().is_some_and(|end| end == "yml" || end == "yaml");
                if is_rule && !ignored.excludes(below) {
                    let target = self.locate_from_top(file);
                    if let Some(target) = target.filter(|target| self.files.contains_key(target)) {
                        add(target, slashes(&path.join(below)), slashes(&Path::new(below).with_extension("")));
                    }
                }
            }
        }
        let mut inputs: Vec<(String, Input)> = Vec::with_capacity(found.len());
        for (place, (name, stem)) in found {
            let bytes = self.contents.read(&self.files[&place].object)?;
            inputs.push((place, Input::of_bytes(name, stem, bytes)));
        }
        inputs.sort_by(|(one, a), (other, b)| (&a.name, one).cmp(&(&b.name, other)));
        Ok(inputs.into_iter().map(|(_, input)| input).collect())
    }

    fn locate_from_top(&self, path: &str) -> Option<String> {
        self.follow(&path.split('/').map(str::to_owned).collect::<Vec<_>>(), MOST_LINKS)
    }

    /// What the files `.ignore` below a directory say.
    fn ignored(&self, directory: &str) -> io::Result<Ignored> {
        let skip = if directory.is_empty() { 0 } else { directory.len() + 1 };
        let mut ignored = Ignored::default();
        let files: Vec<&str> =
            self.below(directory).filter(|file| file.rsplit('/').next() == Some(".ignore")).collect();
        for file in files {
            let folder = file[skip..].strip_suffix(".ignore").unwrap_or_default().trim_end_matches('/');
            let text = self.contents.read(&self.files[file].object)?;
            let mut builder = GitignoreBuilder::new(folder);
            for line in String::from_utf8_lossy(&text).lines() {
                // A pattern that is none says nothing, as on the disk.
                let _ = builder.add_line(None, line);
            }
            if let Ok(patterns) = builder.build() {
                ignored.by_folder.insert(folder.to_owned(), patterns);
            }
        }
        Ok(ignored)
    }
}

impl Tree for Revision<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.locate(path) {
            None => Disk.read(path),
            Some(place) => self.contents.read(&self.files.get(&place).ok_or(io::ErrorKind::NotFound)?.object),
        }
    }

    fn is_file(&self, path: &Path) -> bool {
        self.locate(path).map_or_else(|| Disk.is_file(path), |place| self.files.contains_key(&place))
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.locate(path).map_or_else(|| Disk.is_dir(path), |place| self.has_directory(&place))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        let Some(place) = self.locate(directory) else { return Disk.list(directory) };
        let skip = if place.is_empty() { 0 } else { place.len() + 1 };
        let mut names: Vec<&str> = self.below(&place).filter_map(|path| path[skip..].split('/').next()).collect();
        names.dedup();
        Ok(names.into_iter().map(|name| directory.join(name)).collect())
    }
}

/// Which files below a directory are left out: hidden ones, and those that files `.ignore` exclude.
#[derive(Default)]
struct Ignored {
    /// By the directory that they stand in.
    by_folder: BTreeMap<String, Gitignore>,
}

impl Ignored {
    fn excludes(&self, path: &str) -> bool {
        let mut end = 0;
        // Of a directory that is left out, nothing is read.
        for part in path.split('/') {
            end += part.len() + usize::from(end > 0);
            let is_directory = end < path.len();
            if self.verdict(&path[..end], is_directory).unwrap_or_else(|| part.starts_with('.')) {
                return true;
            }
        }
        false
    }

    /// What the nearest file that says something of it says.
    fn verdict(&self, path: &str, is_directory: bool) -> Option<bool> {
        let mut folder = path;
        loop {
            folder = folder.rfind('/').map_or("", |at| &folder[..at]);
            if let Some(patterns) = self.by_folder.get(folder) {
                match patterns.matched(path, is_directory) {
                    ignore::Match::None => {}
                    ignore::Match::Ignore(_) => return Some(true),
                    ignore::Match::Whitelist(_) => return Some(false),
                }
            }
            if folder.is_empty() {
                return None;
            }
        }
    }
}

/// With `/` between its parts, and without `.`.
fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .filter(|part| *part != std::path::Component::CurDir)
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/").replacen("//", "/", 1)
}
