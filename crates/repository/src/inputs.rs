//! Which files a run reads, in which order, and under which names.
//!
//! In a directory those are the files `*.yml` and `*.yaml`; hidden files and directories are left out, and so is what a
//! file `.ignore` excludes. `.gitignore` is not consulted: a rule must not go unchecked for a line in a distant file that
//! was written for another purpose. A file named on the command line is read whatever it is called.

use crate::Error;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// A file to read.
#[derive(Clone, Debug)]
pub struct Input {
    /// As messages and outputs call it: the path as given, with `/` between its parts.
    pub name: String,
    /// Where its outputs go, below the output directory: its path below the directory given, without extension.
    pub stem: String,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    File(PathBuf),
    /// Standard input, which can be read only once, or a file that is not on the disk.
    Bytes(Vec<u8>),
    /// Found, but not to be read.
    Unreadable(io::ErrorKind),
}

/// Paths that no run can begin with.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// Mistyped, most often.
    #[error("cannot read `{}`: {reason}", path.display())]
    Path {
        /// As given.
        path: PathBuf,
        /// Why not.
        reason: io::ErrorKind,
    },
    /// Nothing to do; in CI this is a mistake.
    #[error("no rule files (*.yml, *.yaml) in `{}`", path.display())]
    Empty {
        /// As given.
        path: PathBuf,
    },
    /// Standard input.
    #[error("cannot read standard input: {0}")]
    Stdin(io::ErrorKind),
}

impl Input {
    /// A file that is not on the disk.
    pub fn of_bytes(name: impl Into<String>, stem: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), stem: stem.into(), source: Source::Bytes(bytes) }
    }

    /// Where it stands, unless it is standard input or cannot be read.
    pub fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::File(path) => Some(path),
            Source::Bytes(_) | Source::Unreadable(_) => None,
        }
    }

    /// The same file with this text, whatever the disk has.
    #[must_use]
    pub fn with_text(self, text: &str) -> Self {
        Self { source: Source::Bytes(text.as_bytes().to_vec()), ..self }
    }

    /// The file at `path`, under another name.
    pub fn at(path: PathBuf, name: String) -> Self {
        Self { stem: stem_of(Path::new(&name)), name, source: Source::File(path) }
    }

    /// Its bytes.
    pub fn read(&self) -> Result<Cow<'_, [u8]>, io::ErrorKind> {
        match &self.source {
            Source::File(path) => read_file(path).map(Cow::Owned).map_err(|error| error.kind()),
            Source::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Source::Unreadable(reason) => Err(*reason),
        }
    }
}

/// A little more than the largest file that is parsed, so that a larger one is seen to be so and never held whole.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(rulecast_rule::MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Files by the path that each has for the system, as text: paths are slow to compare.
type Found = HashMap<OsString, Input>;

/// Files by name, each with the path that it has for the system.
type Sorted = Vec<(PathBuf, Input)>;

/// The files of `paths`, each once, by name. Standard input comes last.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Input>, Error> {
    let (found, stdin) = find_all(paths)?;
    Ok(found.into_iter().map(|(_, input)| input).chain(stdin).collect())
}

/// Files, and which of them changed.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// All files, as [`find`] has them.
    pub inputs: Vec<Input>,
    /// Of each whether it changed.
    pub is_changed: Vec<bool>,
    /// Paths at which there is nothing: what stood there was deleted.
    pub deleted: Vec<PathBuf>,
    /// Paths of none of the files.
    pub strangers: Vec<PathBuf>,
}

/// The files of `rules`, and which of them stand at `changed` or below. Both are named as [`find`] names those of `rules`.
pub fn find_changed(rules: &[PathBuf], changed: &[PathBuf]) -> Result<Changed, Error> {
    let (found, _) = find_all(rules)?;
    let (mut is_changed, mut deleted, mut strangers) = (vec![false; found.len()], Vec::new(), Vec::new());
    // Not in order: inputs are sorted by what they are called.
    let keys: HashMap<&Path, usize> = found.iter().enumerate().map(|(at, (key, _))| (key.as_path(), at)).collect();
    for path in changed {
        match std::fs::canonicalize(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => deleted.push(path.clone()),
            Err(error) => return Err(InputError::Path { path: path.clone(), reason: error.kind() }.into()),
            Ok(key) if keys.contains_key(key.as_path()) => is_changed[keys[key.as_path()]] = true,
            Ok(key) => {
                let below = found.iter().map(|(one, _)| one.starts_with(&key));
                if !below.clone().any(|below| below) {
                    strangers.push(path.clone());
                }
                is_changed.iter_mut().zip(below).for_each(|(is, below)| *is |= below);
            }
        }
    }
    let inputs = found.into_iter().map(|(_, input)| input).collect();
    Ok(Changed { inputs, is_changed, deleted, strangers })
}

/// The files, and standard input.
fn find_all(paths: &[PathBuf]) -> Result<(Sorted, Option<Input>), Error> {
    // By the path that a file has for the system, so that two ways to name it are one input.
    let mut found = Found::new();
    let mut stdin = None;
    for path in paths {
        if path.as_os_str() == "-" {
            stdin = Some(read_stdin()?);
            continue;
        }
        let refuse = |error: io::Error| InputError::Path { path: path.clone(), reason: error.kind() };
        if std::fs::metadata(path).map_err(refuse)?.is_dir() {
            let before = found.len();
            if !walk(path, &mut found) && found.len() == before {
                return Err(InputError::Empty { path: path.clone() }.into());
            }
        } else {
            let path = tidy(path);
            let stem = Path::new(path.file_name().unwrap_or(path.as_os_str()));
            let key = canonical(&path).into_os_string();
            add(&mut found, key, Input { name: slashes(&path), stem: stem_of(stem), source: Source::File(path) });
        }
    }
    let mut inputs: Sorted = found.into_iter().map(|(key, input)| (key.into(), input)).collect();
    inputs.sort_unstable_by(|(one, a), (other, b)| (&a.name, one).cmp(&(&b.name, other)));
    Ok((inputs, stdin))
}

/// Adds the rule files below `root`, and tells whether there were any.
fn walk(root: &Path, found: &mut Found) -> bool {
    let root = tidy(root);
    // Links to directories are not followed, so that below the root only a link to a file has another path.
    let real = canonical(&root);
    let mut any = false;
    let walker =
        ignore::WalkBuilder::new(&root).git_ignore(false).git_global(false).git_exclude(false).parents(false).build();
    for entry in walker {
        match entry {
            Ok(entry) => {
                let path = entry.path();
                let is_file = entry.file_type().is_some_and(|kind| !kind.is_dir());
                if is_file && path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
                    any = true;
                    let below = path.strip_prefix(&root).unwrap_or(path);
                    let link = entry.path_is_symlink();
                    let key = if link || below == path { canonical(path) } else { real.join(below) };
                    let path = if root.as_os_str() == "." { below } else { path }.to_owned();
                    let input = Input { name: slashes(&path), stem: stem_of(below), source: Source::File(path) };
                    add(found, key.into_os_string(), input);
                }
            }
            Err(error) => {
                any = true;
                let reason = error.io_error().map_or(io::ErrorKind::Other, io::Error::kind);
                let path = path_of(&error).map_or_else(|| root.clone(), Path::to_path_buf);
                let name = slashes(&path);
                let input = Input { stem: stem_of(&path), source: Source::Unreadable(reason), name };
                add(found, OsString::from(&input.name), input);
            }
        }
    }
    any
}

/// The path that a file has for the system.
fn canonical(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Of two ways to name a file, the one from the directory furthest up, else the first by name.
fn add(found: &mut Found, key: OsString, input: Input) {
    fn rank(input: &Input) -> (usize, &str) {
        (usize::MAX - input.stem.len(), &input.name)
    }
    match found.entry(key) {
        Entry::Occupied(known) if rank(known.get()) <= rank(&input) => {}
        Entry::Occupied(mut known) => _ = known.insert(input),
        Entry::Vacant(place) => _ = place.insert(input),
    }
}

fn read_stdin() -> Result<Input, InputError> {
    let mut bytes = Vec::new();
    let limit = rulecast_rule::MAX_FILE_BYTES as u64 + 1;
    io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(|error| InputError::Stdin(error.kind()))?;
    Ok(Input { name: "<stdin>".to_owned(), stem: "stdin".to_owned(), source: Source::Bytes(bytes) })
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// Without `.` parts: `./rules` and `rules` are one name.
fn tidy(path: &Path) -> PathBuf {
    let tidied: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if tidied.as_os_str().is_empty() { PathBuf::from(".") } else { tidied }
}

fn stem_of(path: &Path) -> String {
    let mut stem = slashes(path);
    if let Some(extension) = path.extension() {
        stem.truncate(stem.len() - 1 - extension.to_string_lossy().len());
    }
    stem
}

fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}
