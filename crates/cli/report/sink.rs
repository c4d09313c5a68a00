//! Where a report goes.

use crate::args::Colour;
use crate::exit::Failure;
use crate::output::Console;
use std::io;
use std::path::{Path, PathBuf};

/// Standard output, or a file that is written whole at the end.
pub(crate) struct Sink {
    console: Console,
    file: Option<(PathBuf, String)>,
}

impl Sink {
    /// Into `output`, if it is given and not `-`.
    pub(crate) fn new(output: Option<&Path>) -> Self {
        let path = output.filter(|path| path.as_os_str() != "-");
        Self { console: Console::new(), file: path.map(|path| (path.to_owned(), String::new())) }
    }

    /// Whether the report goes into a file.
    pub(crate) fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Whether to colour the report.
    pub(crate) fn colour(&self, colour: Colour) -> bool {
        if self.is_file() { colour == Colour::Always } else { colour.on(&std::io::stdout()) }
    }

    /// Adds to the report.
    pub(crate) fn out(&mut self, text: &str) -> io::Result<()> {
        match &mut self.file {
            Some((_, whole)) => {
                whole.push_str(text);
                Ok(())
            }
            None => self.console.out(text),
        }
    }

    /// Writes to standard error.
    pub(crate) fn err(&mut self, text: &str) -> io::Result<()> {
        self.console.err(text)
    }

    /// A word on the whole. It belongs to a report in text; beside a report in a file, it also goes to standard error.
    pub(crate) fn summary(&mut self, text: &str, is_text: bool) -> io::Result<()> {
        if is_text {
            self.out(text)?;
        }
        if self.is_file() { self.err(text) } else { Ok(()) }
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.console.flush()?;
        if let Some((path, text)) = self.file {
            write_whole(&path, &text).map_err(|error| Failure::Write { path, reason: error.kind() })?;
        }
        Ok(())
    }
}

/// Under another name beside it first, so that nobody reads half a report; what is no file, such as `/dev/stderr`, is
/// written as it is.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    // Behind a symbolic link stands the file that is meant.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if std::fs::metadata(&path).is_ok_and(|known| !known.is_file()) {
        return std::fs::write(&path, text);
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".rulecast");
    let beside = path.with_file_name(name);
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &path));
    if written.is_err() {
        // What could not be finished need not be left behind.
        let _ = std::fs::remove_file(&beside);
    }
    written
}
