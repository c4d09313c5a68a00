//! What a revision holds, as the `git` program tells it.
//!
//! No shell, and no configuration that changes what is told; nothing is written. Names of revisions that begin with a dash
//! are refused, so that none is taken for an option.

use rulecast_files::Reason;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::Mutex;

/// Why a revision cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    /// The program.
    #[error("cannot run `git`, which reads the revision: {0}")]
    Missing(Reason),
    /// In its own words.
    #[error("cannot read the git repository: {0}")]
    NoRepository(String),
    /// A revision.
    #[error("there is no commit `{name}` in this repository{}", help.map(|help| format!("; {help}")).unwrap_or_default())]
    Revision {
        /// As given.
        name: String,
        /// What to do about it.
        help: Option<&'static str>,
    },
    /// Two revisions.
    #[error("`{one}` and `{other}` have no commit in common{}", help.map(|help| format!("; {help}")).unwrap_or_default())]
    NoMergeBase {
        /// As given.
        one: String,
        /// As given.
        other: String,
        /// What to do about it.
        help: Option<&'static str>,
    },
    /// Anything else.
    #[error("`git {what}` fails: {message}")]
    Failed {
        /// The subcommand.
        what: &'static str,
        /// In its own words.
        message: String,
    },
}

const SHALLOW: &str =
    "the clone is shallow: fetch more of it (`git fetch --unshallow`, or `fetch-depth: 0` in a workflow)";
const TWO_DOTS: &str = "two revisions are given as `rulecast diff A --to B`, with `--merge-base` for `A...B`";

/// A repository.
#[derive(Debug)]
pub(crate) struct Repository {
    /// Its working tree.
    pub(super) top: PathBuf,
    /// The directory of the call, below `top`, with `/` at its end; empty for `top` itself.
    pub(super) prefix: String,
}

/// What stands at a path of a revision.
#[derive(Clone, Debug)]
pub(super) struct Blob {
    pub(super) object: String,
    /// Whether it is a symbolic link, whose content is where it leads.
    pub(super) is_link: bool,
}

impl Repository {
    /// The repository that the directory of the call is in.
    pub(crate) fn find() -> Result<Self, GitError> {
        let output = run(&["rev-parse", "--show-toplevel", "--show-prefix"])?;
        if !output.status.success() {
            return Err(GitError::NoRepository(message(&output)));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let mut lines = text.lines();
        let (top, prefix) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        Ok(Self { top: PathBuf::from(top), prefix: prefix.to_owned() })
    }
}

/// The commit that a name stands for.
pub(crate) fn commit(name: &str) -> Result<String, GitError> {
    let commit = if name.is_empty() || name.starts_with('-') {
        None
    } else {
        let output = run(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    commit.filter(|commit| !commit.is_empty()).ok_or_else(|| {
        let help = if name.contains("..") { Some(TWO_DOTS) } else { is_shallow().then_some(SHALLOW) };
        GitError::Revision { name: name.to_owned(), help }
    })
}

/// The last commit that two have in common; the names are for messages.
pub(super) fn merge_base((one, one_name): (&str, &str), (other, other_name): (&str, &str)) -> Result<String, GitError> {
    let output = run(&["merge-base", one, other])?;
    let base = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !base.is_empty() {
        return Ok(base);
    }
    let (one, other) = (one_name.to_owned(), other_name.to_owned());
    Err(GitError::NoMergeBase { one, other, help: is_shallow().then_some(SHALLOW) })
}

/// The files of a commit, by their paths from the top.
pub(super) fn files(commit: &str) -> Result<BTreeMap<String, Blob>, GitError> {
    let output = run(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
    if !output.status.success() {
        return Err(GitError::Failed { what: "ls-tree", message: message(&output) });
    }
    let mut files = BTreeMap::new();
    for line in output.stdout.split(|byte| *byte == 0) {
        // `<mode> <type> <object>`, a tab, the path; a submodule is no file.
        let line = String::from_utf8_lossy(line);
        let Some((head, path)) = line.split_once('\t') else { continue };
        let mut head = head.split(' ');
        let (mode, kind, object) = (head.next(), head.next(), head.next());
        if let (Some(mode), Some("blob"), Some(object)) = (mode, kind, object) {
            files.insert(path.to_owned(), Blob { object: object.to_owned(), is_link: mode == "120000" });
        }
    }
    Ok(files)
}

fn is_shallow() -> bool {
    run(&["rev-parse", "--is-shallow-repository"])
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == "true")
}

fn command() -> Command {
    let mut command = Command::new("git");
    // Messages are the same everywhere, and a lock that others wait for is never taken.
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Result<Output, GitError> {
    command().args(args).output().map_err(|error| GitError::Missing(Reason::of(&error)))
}

/// The first line of what git says.
fn message(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
    line.trim().trim_start_matches("fatal: ").to_owned()
}

/// `git cat-file --batch`: contents, one after the other.
#[derive(Debug)]
pub(super) struct Contents(Mutex<Batch>);

#[derive(Debug)]
struct Batch {
    child: Child,
    ask: Option<ChildStdin>,
    answer: BufReader<ChildStdout>,
}

impl Contents {
    pub(super) fn open() -> Result<Self, GitError> {
        let missing = |error: io::Error| GitError::Missing(Reason::of(&error));
        let mut child = command()
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(missing)?;
        let ask = child.stdin.take();
        let answer = child.stdout.take().ok_or_else(|| missing(io::ErrorKind::BrokenPipe.into()))?;
        Ok(Self(Mutex::new(Batch { child, ask, answer: BufReader::new(answer) })))
    }

    /// The content of an object.
    pub(super) fn read(&self, object: &str) -> io::Result<Vec<u8>> {
        let mut batch = self.0.lock().map_err(|_| io::Error::other("an earlier read failed"))?;
        batch.read(object)
    }
}

impl Batch {
    fn read(&mut self, object: &str) -> io::Result<Vec<u8>> {
        let ask = self.ask.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(ask, "{object}")?;
        ask.flush()?;
        // `<object> <type> <size>`, or `<object> missing`.
        let mut head = String::new();
        self.answer.read_line(&mut head)?;
        let size: Option<usize> = head.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok());
        let size = size.ok_or(io::ErrorKind::NotFound)?;
        let mut content = vec![0; size + 1];
        self.answer.read_exact(&mut content)?;
        // The line end after it is none of its own.
        content.pop();
        Ok(content)
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // It ends once there is nothing more to ask.
        self.ask = None;
        let _ = self.child.wait();
    }
}

/// The parts of a path, without `.` and `..`; nothing, if it leads above where it starts.
pub(super) fn normal(path: &Path) -> Option<Vec<String>> {
    use std::path::Component;
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
        }
    }
    Some(parts)
}
