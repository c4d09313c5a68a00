//! Recorded events for a run, from files and standard input.

mod evtx;

use crate::exit::Failure;
use rulecast_ir::{Record, ingest};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Events, with the files that they are from.
#[derive(Debug, Default)]
pub(crate) struct Events {
    /// In order; the id of each is its place here.
    pub(crate) records: Vec<Record>,
    /// Each file, and the id of its first event.
    files: Vec<(String, u64)>,
    /// What could not be read of files that could, a line each.
    pub(crate) lost: Vec<String>,
}

/// Why events cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EventsError {
    /// The file.
    #[error("cannot read the events of `{}`: {reason}", path.display())]
    Read {
        /// As given.
        path: PathBuf,
        /// Why not.
        reason: std::io::ErrorKind,
    },
    /// A Windows event log whose header is broken.
    #[error("cannot read `{}` as an EVTX file: {reason}", path.display())]
    Evtx {
        /// As given.
        path: PathBuf,
        /// Of the library that reads them.
        reason: String,
    },
    /// Not UTF-8.
    #[error("the events of `{}` are not UTF-8", path.display())]
    NotText {
        /// As given.
        path: PathBuf,
    },
    /// What it holds.
    #[error("cannot read the events of `{}`: {reason}", path.display())]
    Invalid {
        /// As given.
        path: PathBuf,
        /// With its place.
        reason: ingest::ReadError,
    },
    /// Both would read all of it.
    #[error("rules and events cannot both come from standard input")]
    StdinTwice,
}

/// Reads event files; `-` is standard input.
pub(crate) fn read(paths: &[PathBuf], rules: &[PathBuf]) -> Result<Events, Failure> {
    let is_stdin = |path: &&PathBuf| path.as_os_str() == "-";
    if paths.iter().filter(is_stdin).count() + rules.iter().filter(is_stdin).count().min(1) > 1 {
        return Err(EventsError::StdinTwice.into());
    }
    let mut events = Events::default();
    for path in paths {
        let first = events.records.len() as u64;
        let bytes = bytes(path)?;
        let name = if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.to_string_lossy().into_owned() };
        let found = if bytes.starts_with(evtx::MAGIC) {
            evtx::records(bytes, first, |lost| events.lost.push(format!("`{name}`: {lost}")))
                .map_err(|reason| EventsError::Evtx { path: path.clone(), reason })?
        } else {
            let text = String::from_utf8(bytes).map_err(|_| EventsError::NotText { path: path.clone() })?;
            ingest::records(&text, first).map_err(|reason| EventsError::Invalid { path: path.clone(), reason })?
        };
        events.files.push((name, first));
        events.records.extend(found);
    }
    Ok(events)
}

/// What of the events could not be read, a line each.
pub(crate) fn lost_lines(lost: &[String]) -> String {
    lost.iter().map(|lost| format!("warning: {lost}; it is left out\n")).collect()
}

fn bytes(path: &Path) -> Result<Vec<u8>, EventsError> {
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|error| EventsError::Read { path: path.to_owned(), reason: error.kind() })?;
    Ok(bytes)
}

impl Events {
    /// The event of that id.
    pub(crate) fn get(&self, id: u64) -> Option<&Record> {
        self.records.get(usize::try_from(id).ok()?)
    }

    /// The file of an event, and which of the file's it is, from 1.
    pub(crate) fn place(&self, id: u64) -> (&str, u64) {
        let file = self.files.iter().rev().find(|(_, first)| *first <= id);
        file.map_or(("", 0), |(name, first)| (name.as_str(), id - first + 1))
    }
}
