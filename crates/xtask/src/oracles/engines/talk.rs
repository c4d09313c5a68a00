//! One process that is asked, and what its answers are worth.

use super::fault::{Fault, Faults, Finds};
use super::question::{self, Question};
use crate::oracles::judge::converse;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::io;
use std::process::Command;
use std::time::Instant;

#[derive(Serialize)]
struct Asked<'a> {
    id: usize,
    #[serde(flatten)]
    body: &'a Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Answered { id: usize, engine: Option<String>, found: Option<Vec<Vec<String>>>, error: Option<String> },
    End { answered: usize },
}

/// What became of the questions to one engine.
pub(super) struct Report {
    pub(super) engine: &'static str,
    pub(super) asked: usize,
    pub(super) events: usize,
    pub(super) agreed: usize,
    /// How many pairs of a query and an event each known fault explains.
    pub(super) excused: Vec<usize>,
    pub(super) failures: Vec<String>,
    pub(super) seconds: f64,
}

/// What is asked of one process.
///
/// An engine that is slow has several, each with a part of the questions.
pub(super) struct Talk<'q> {
    pub(super) engines: &'static [&'static str],
    pub(super) command: Command,
    pub(super) questions: Vec<&'q Question>,
}

impl Talk<'_> {
    pub(super) fn hold(mut self, faults: &[Fault]) -> io::Result<Vec<Report>> {
        let start = Instant::now();
        let questions = self.questions.iter().enumerate().map(|(id, question)| Asked { id, body: &question.body });
        let answers: Vec<Answer> = converse(&mut self.command, questions)?;
        let seconds = start.elapsed().as_secs_f64();
        let new = |engine| Report {
            engine,
            asked: 0,
            events: 0,
            agreed: 0,
            excused: vec![0; faults.len()],
            failures: Vec::new(),
            seconds,
        };
        let mut reports: Vec<Report> = self.engines.iter().map(|engine| new(*engine)).collect();
        let own: Vec<Faults<'_>> = self.engines.iter().map(|engine| Faults::of(engine, faults)).collect();
        let mut end = None;
        for answer in answers {
            let (id, engine, found, error) = match answer {
                Answer::End { answered } => {
                    end = Some(answered);
                    continue;
                }
                Answer::Answered { id, engine, found, error } => (id, engine, found, error),
            };
            let place = self.engines.iter().position(|name| engine.as_deref().is_none_or(|own| own == *name));
            let place = place.ok_or_else(|| io::Error::other(format!("an answer of {engine:?}")))?;
            let question = self.questions[id];
            reports[place].judge(question, found.ok_or(error.unwrap_or_default()), &own[place]);
        }
        let expected = self.questions.len() * self.engines.len();
        if end != Some(expected) || reports.iter().any(|report| report.asked != self.questions.len()) {
            return Err(io::Error::other(format!("{:?} answered {end:?} of {expected} questions", self.engines)));
        }
        Ok(reports)
    }
}

impl Report {
    fn judge(&mut self, question: &Question, said: Result<Vec<Vec<String>>, String>, faults: &Faults<'_>) {
        self.asked += 1;
        self.events += question.events;
        let engine = self.engine;
        let Question { origin, asked, .. } = question;
        let found = match said {
            Ok(found) => question::sorted(found),
            Err(message) => match faults.of_error(asked, &message) {
                Some(fault) => return self.excused[fault] += question.events,
                None => return self.failures.push(format!("{engine}: {origin}\n{asked}\n{message}")),
            },
        };
        let (more, less) = differences(&found, &question.ours);
        self.agreed += question.events.saturating_sub(more.len() + less.len());
        let more = more.into_iter().map(|result| (result, Finds::More));
        for (result, finds) in more.chain(less.into_iter().map(|result| (result, Finds::Less))) {
            let event = question.event(result);
            match faults.of_answer(asked, &event, finds) {
                Some(fault) => self.excused[fault] += 1,
                None => self.failures.push(format!("{engine}: {origin}\n{asked}\nfinds {finds:?}: {result:?} {event}")),
            }
        }
    }
}

/// What the one has more of, and what the other; both are sorted.
fn differences<'a>(found: &'a [Vec<String>], ours: &'a [Vec<String>]) -> (Vec<&'a [String]>, Vec<&'a [String]>) {
    let (mut more, mut less) = (Vec::new(), Vec::new());
    let (mut found, mut ours) = (found.iter().peekable(), ours.iter().peekable());
    loop {
        match (found.peek(), ours.peek()) {
            (Some(one), Some(other)) if one == other => {
                found.next();
                ours.next();
            }
            (Some(one), other) if other.is_none_or(|other| one < other) => {
                more.push(one.as_slice());
                found.next();
            }
            (_, Some(other)) => {
                less.push(other.as_slice());
                ours.next();
            }
            _ => return (more, less),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::differences;

    #[test]
    fn results_are_compared_one_by_one() {
        let rows = |text: &str| text.chars().map(|c| vec![c.to_string()]).collect::<Vec<_>>();
        let check = |found: &str, ours: &str, more: &str, less: &str| {
            let (found, ours) = (rows(found), rows(ours));
            let (a, b) = differences(&found, &ours);
            assert_eq!((a.concat().concat(), b.concat().concat()), (more.to_owned(), less.to_owned()));
        };
        check("abc", "abc", "", "");
        check("abd", "bcd", "a", "c");
        check("aab", "abb", "a", "b");
        check("", "ab", "", "ab");
        check("ab", "", "ab", "");
    }
}
