//! One oracle as a process: queries in, a line for each that it rejects out.

use serde::{Deserialize, Serialize};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

#[derive(Serialize)]
struct Question<'a> {
    id: usize,
    query: &'a str,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Rejected { id: usize, message: String },
    End { judged: usize },
}

/// A query that an oracle does not accept.
#[derive(Debug)]
pub(super) struct Rejection {
    /// The place of the query in what was asked.
    pub(super) index: usize,
    /// In the oracle's words.
    pub(super) message: String,
}

/// Asks for all queries in one process, which must answer for each of them.
pub(super) fn ask(command: &mut Command, queries: &[&str]) -> io::Result<Vec<Rejection>> {
    let name = Path::new(command.get_program()).display().to_string();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let input = child.stdin.take().expect("standard input is piped");
    let (written, output) = std::thread::scope(|scope| {
        let writer = scope.spawn(move || write(input, queries));
        let output = child.wait_with_output();
        (writer.join().expect("the writer does not panic"), output)
    });
    let output = output?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(io::Error::other(format!("{name} ended with {}\n{said}", output.status)));
    }
    written?;
    let mut rejections = Vec::new();
    let mut answered = None;
    for line in output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match serde_json::from_slice(line)? {
            Answer::Rejected { id, message } => rejections.push(Rejection { index: id, message }),
            Answer::End { judged } => answered = Some(judged),
        }
    }
    if answered == Some(queries.len()) {
        return Ok(rejections);
    }
    Err(io::Error::other(format!("{name} judged {answered:?} of {} queries", queries.len())))
}

fn write(input: impl Write, queries: &[&str]) -> io::Result<()> {
    let mut input = BufWriter::new(input);
    for (id, query) in queries.iter().enumerate() {
        serde_json::to_writer(&mut input, &Question { id, query })?;
        input.write_all(b"\n")?;
    }
    input.flush()
}
