//! Asks `rsigma-eval` and `sigma-rust` which events a rule of Sigma matches.
//!
//! Standard input has a rule a line, `{"id": 0, "rule": "YAML", "events": [{}]}`. Standard output gets two lines for each,
//! `{"id": 0, "engine": "sigma-rust", "found": [["0"]]}` with the places of the events, or with an `error` in its place, and
//! at the end `{"answered": 2}`.

use rsigma_eval::{Engine, JsonEvent};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{self, BufRead, BufWriter, Write};
use std::panic::catch_unwind;

#[derive(Deserialize)]
struct Question {
    id: usize,
    rule: String,
    events: Vec<Value>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: usize,
    engine: &'a str,
    #[serde(flatten)]
    said: Said,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Said {
    Found(Vec<[String; 1]>),
    Error(String),
}

fn main() -> io::Result<()> {
    let mut to = BufWriter::new(io::stdout().lock());
    let mut answered = 0;
    for line in io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        let engines: [(&str, fn(&Question) -> Result<Vec<[String; 1]>, String>); 2] =
            [("rsigma-eval", rsigma), ("sigma-rust", sigma_rust)];
        for (engine, ask) in engines {
            // A fault of an engine is for the caller to judge, like any other answer.
            let said = catch_unwind(|| ask(&question)).unwrap_or_else(|_| Err("panicked".to_owned()));
            let said = said.map_or_else(Said::Error, Said::Found);
            serde_json::to_writer(&mut to, &Answer { id: question.id, engine, said })?;
            to.write_all(b"\n")?;
            answered += 1;
        }
    }
    writeln!(to, "{{\"answered\": {answered}}}")?;
    to.flush()
}

fn rsigma(question: &Question) -> Result<Vec<[String; 1]>, String> {
    let collection = rsigma_parser::parse_sigma_yaml(&question.rule).map_err(|error| error.to_string())?;
    if let Some(error) = collection.errors.first() {
        return Err(error.to_string());
    }
    let mut engine = Engine::new();
    engine.add_collection(&collection).map_err(|error| error.to_string())?;
    Ok(places(&question.events, |event| !engine.evaluate(&JsonEvent::borrow(event)).is_empty()))
}

fn sigma_rust(question: &Question) -> Result<Vec<[String; 1]>, String> {
    let rule = sigma_rust::rule_from_yaml(&question.rule).map_err(|error| error.to_string())?;
    let events: Vec<sigma_rust::Event> = question
        .events
        .iter()
        .map(|event| sigma_rust::Event::try_from(event.clone()).map_err(|error| error.to_string()))
        .collect::<Result<_, _>>()?;
    Ok(places(&events, |event| rule.is_match(event)))
}

fn places<T>(events: &[T], matches: impl Fn(&T) -> bool) -> Vec<[String; 1]> {
    events.iter().enumerate().filter(|(_, event)| matches(event)).map(|(place, _)| [place.to_string()]).collect()
}
