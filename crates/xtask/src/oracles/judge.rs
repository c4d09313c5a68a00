//! An oracle as a process: questions in, answers out, a line each. A judge answers for each query that it rejects.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
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
    let questions = queries.iter().enumerate().map(|(id, query)| Question { id, query });
    let mut rejections = Vec::new();
    let mut answered = None;
    for answer in converse(command, questions)? {
        match answer {
            Answer::Rejected { id, message } => rejections.push(Rejection { index: id, message }),
            Answer::End { judged } => answered = Some(judged),
        }
    }
    if answered == Some(queries.len()) {
        return Ok(rejections);
    }
    let name = name(command);
    Err(io::Error::other(format!("{name} judged {answered:?} of {} queries", queries.len())))
}

/// Starts a process, writes a line of JSON for each question, and reads the lines of JSON that it answers with.
pub(super) fn converse<Q: Serialize + Send, A: DeserializeOwned>(
    command: &mut Command,
    questions: impl Iterator<Item = Q> + Send,
) -> io::Result<Vec<A>> {
    let mut answers = Vec::new();
    listen(command, questions, |answer| answers.push(answer))?;
    Ok(answers)
}

/// The same, with each answer as it comes.
pub(super) fn listen<Q: Serialize + Send, A: DeserializeOwned>(
    command: &mut Command,
    questions: impl Iterator<Item = Q> + Send,
    mut heard: impl FnMut(A),
) -> io::Result<()> {
    let name = name(command);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let input = child.stdin.take().expect("standard input is piped");
    let output = BufReader::new(child.stdout.take().expect("standard output is piped"));
    let mut errors = child.stderr.take().expect("standard error is piped");
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || write(input, questions));
        let said = scope.spawn(move || {
            let mut said = Vec::new();
            errors.read_to_end(&mut said).map(|_| String::from_utf8_lossy(&said).into_owned())
        });
        let mut broken = None;
        // What follows a broken line is read still, lest the process wait for a reader.
        for line in output.split(b'\n') {
            let line = line?;
            if line.is_empty() || broken.is_some() {
                continue;
            }
            match serde_json::from_slice(&line) {
                Ok(answer) => heard(answer),
                Err(error) => broken = Some(error),
            }
        }
        let status = child.wait()?;
        let written = writer.join().expect("the writer does not panic");
        let said = said.join().expect("the reader does not panic")?;
        match broken {
            _ if !status.success() => Err(io::Error::other(format!("{name} ended with {status}\n{said}"))),
            Some(error) => Err(error.into()),
            None => written,
        }
    })
}

fn write<Q: Serialize>(input: impl Write, questions: impl Iterator<Item = Q>) -> io::Result<()> {
    let mut input = BufWriter::new(input);
    for question in questions {
        serde_json::to_writer(&mut input, &question)?;
        input.write_all(b"\n")?;
    }
    input.flush()
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).display().to_string()
}
