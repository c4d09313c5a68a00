//! How long the language server takes for its answers, over a corpus: the slowest of each kind.
//!
//! The corpus is the folder that an editor has open. Its largest files are opened one after the other, changed a letter at a
//! time, and asked about all over, the JSON of each answer included. What takes longer than the limit fails.

use crate::rules;
use lsp_types::{Position, Range, TextDocumentContentChangeEvent, Uri};
use rulecast_lsp::{Encoding, Session, Text};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A directory of rules.
    corpus: PathBuf,
    /// How many of the largest files are opened.
    #[arg(long, default_value_t = 10)]
    files: usize,
    /// In how many places of each file is asked.
    #[arg(long, default_value_t = 40)]
    places: usize,
    /// The longest that an answer may take, in milliseconds.
    #[arg(long, default_value_t = 50)]
    limit: u64,
}

/// The times of one kind of answer.
#[derive(Default)]
struct Times {
    all: Vec<Duration>,
    slowest: Duration,
    /// Where that was.
    place: String,
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let corpus = args.corpus.canonicalize()?;
    let mut paths = Vec::new();
    rules::files(&corpus, &mut paths)?;
    let mut sized = Vec::new();
    for path in paths {
        sized.push((std::fs::metadata(&path)?.len(), path));
    }
    sized.sort_by(|one, other| other.cmp(one));
    let mut times: BTreeMap<&'static str, Times> = BTreeMap::new();
    let mut session = Session::new(Encoding::Utf16, vec![corpus]);
    let mut first = true;
    for (_, path) in sized.iter().take(args.files) {
        let text = std::fs::read_to_string(path)?;
        let uri = uri(path)?;
        let start = Instant::now();
        session.open(uri.clone(), 0, &text);
        session.problems();
        if std::mem::take(&mut first) {
            writeln!(to, "{} files read and the first opened in {:.1?}\n", sized.len(), start.elapsed())?;
        }
        let index = Text::new(text.as_str(), Encoding::Utf16);
        for place in 0..args.places {
            let at = index.position(text.len() * place / args.places + place % 7);
            ask(&mut session, &uri, at, &mut |kind, time| {
                let times = times.entry(kind).or_default();
                times.all.push(time);
                if time >= times.slowest {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    (times.slowest, times.place) = (time, format!("{name}:{}:{}", at.line + 1, at.character + 1));
                }
            });
        }
        session.close(&uri);
    }
    writeln!(to, "{:22}{:>8}{:>12}{:>12}  slowest at", "", "answers", "median", "slowest")?;
    for (kind, times) in &mut times {
        times.all.sort_unstable();
        let (median, slowest) = (times.all[times.all.len() / 2], times.slowest);
        writeln!(to, "{kind:22}{:>8}{median:>12.2?}{slowest:>12.2?}  {}", times.all.len(), times.place)?;
    }
    let limit = Duration::from_millis(args.limit);
    let slow: Vec<&str> = times.iter().filter(|(_, times)| times.slowest > limit).map(|(kind, _)| *kind).collect();
    if slow.is_empty() { Ok(()) } else { Err(io::Error::other(format!("slower than {limit:?}: {}", slow.join(", ")))) }
}

/// Every question about a place.
fn ask(session: &mut Session, uri: &Uri, at: Position, seen: &mut impl FnMut(&'static str, Duration)) {
    fn timed<T: Serialize>(
        kind: &'static str,
        seen: &mut impl FnMut(&'static str, Duration),
        work: impl FnOnce() -> T,
    ) {
        let start = Instant::now();
        let answer = work();
        let json = serde_json::to_string(&answer);
        seen(kind, start.elapsed());
        drop(json);
    }
    let mut change = |session: &mut Session, end: Position, text: &str| {
        let change = TextDocumentContentChangeEvent {
            range: Some(Range::new(at, end)),
            range_length: None,
            text: text.to_owned(),
        };
        timed("change and problems", seen, || {
            session.change(uri, 1, vec![change]);
            session.problems().into_iter().map(|one| one.diagnostics).collect::<Vec<_>>()
        });
    };
    change(session, at, "x");
    change(session, Position::new(at.line, at.character + 1), "");
    timed("completion", seen, || session.completion(uri, at));
    timed("hover", seen, || session.hover(uri, at));
    timed("definition", seen, || session.definition(uri, at));
    timed("references", seen, || session.references(uri, at));
    timed("actions", seen, || session.actions(uri, Range::new(at, at)));
    timed("queries", seen, || session.queries(uri, at));
    timed("lenses", seen, || session.lenses(uri));
    timed("symbols", seen, || session.symbols(uri));
}

fn uri(path: &std::path::Path) -> io::Result<Uri> {
    format!("file://{}", path.display()).parse().map_err(|_| io::Error::other("a path that is no URI"))
}
