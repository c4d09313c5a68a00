//! What a run writes, and where to.

pub(crate) mod files;
pub(crate) mod json;
pub(crate) mod stats;
pub(crate) mod text;

use crate::args::Colour;
use crate::exit::{Exit, Failure};
use std::io::{self, BufWriter, StdoutLock, Write};

/// Standard output, locked and buffered, and standard error after what precedes it.
pub(crate) struct Console {
    out: BufWriter<StdoutLock<'static>>,
    /// Whether the reader has gone away: no failure, there is only nobody left to write for.
    closed: bool,
}

impl Console {
    pub(crate) fn new() -> Self {
        Self { out: BufWriter::with_capacity(1 << 16, io::stdout().lock()), closed: false }
    }

    /// Writes to standard output.
    pub(crate) fn out(&mut self, text: &str) -> io::Result<()> {
        let written = if self.closed { Ok(()) } else { self.out.write_all(text.as_bytes()) };
        self.unless_closed(written)
    }

    /// Writes to standard error, after all that went to standard output before.
    pub(crate) fn err(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.flush()?;
        match io::stderr().lock().write_all(text.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let written = if self.closed { Ok(()) } else { self.out.flush() };
        self.unless_closed(written)
    }

    fn unless_closed(&mut self, written: io::Result<()>) -> io::Result<()> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            written => written,
        }
    }
}

/// Says why a run ended early, and how that counts. Help and version are no failure.
pub(crate) fn report(failure: &Failure, colour: Colour) -> Exit {
    if let Failure::Arguments(error) = failure {
        // There is nobody to tell if this cannot be printed.
        let _ = error.print();
        return if error.use_stderr() { Exit::Usage } else { Exit::Clean };
    }
    let mut stderr = io::stderr().lock();
    for line in failure.to_string().lines() {
        let _ = writeln!(stderr, "error: {line}");
    }
    let repository = match failure {
        Failure::Repository(error) => Some(error),
        Failure::AtSide { error, .. } => Some(&**error),
        _ => None,
    };
    if let Some(problems) = repository.and_then(rulecast_repository::Error::problems) {
        let _ = writeln!(stderr, "\n{}", problems.text(colour.on(&io::stderr())).trim_end());
    }
    Exit::Usage
}

/// `1 rule`, `2 rules`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
