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
            write(&path, &text)?;
        }
        Ok(())
    }
}

/// Into a file; what is no file, such as `/dev/stderr`, is written as it is.
fn write(path: &Path, text: &str) -> Result<(), rulecast_files::Error> {
    let system = |error: io::Error| rulecast_files::Error::System {
        action: "write",
        path: path.to_owned(),
        reason: rulecast_files::Reason::of(&error),
    };
    if std::fs::metadata(path).is_ok_and(|known| !known.is_file() && !known.is_dir()) {
        return std::fs::write(path, text).map_err(system);
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(system)?;
    }
    rulecast_files::write_whole(path, text.as_bytes())
}
