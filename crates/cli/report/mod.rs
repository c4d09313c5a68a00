//! What is found, in the formats that people, programs and CI services read.
//!
//! [`problems`] turns what is wrong with files into a format, [`Sink`] brings that to standard output or into a file. Any
//! command that reports problems of files can use both. The formats themselves are those of `rulecast_diagnostics::render`.

mod ids;
mod sink;

pub(crate) use sink::Sink;

use crate::args::ReportFormat;
use crate::output::json;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rulecast_diagnostics::render::{self, Batch, Tool};
use rulecast_diagnostics::{Diagnostic, SourceMap, Span};
use rulecast_repository::problems;

/// This program, as it names itself in reports.
const TOOL: Tool<'_> = Tool { name: "rulecast", version: env!("CARGO_PKG_VERSION") };

/// What is wrong with a file, and the texts that this is about, the file's own first.
pub(crate) type Found<'a> = (&'a [Diagnostic], &'a SourceMap);

/// The problems of all files in a format, in pieces to be printed one after the other. `command` names a test report.
pub(crate) fn problems(found: &[Found<'_>], format: ReportFormat, command: &str, colour: bool) -> Vec<String> {
    match format {
        ReportFormat::Text => each(found, |(diagnostics, sources)| problems::text(diagnostics, sources, colour)),
        ReportFormat::Json => {
            let elements = each(found, |(diagnostics, sources)| {
                let records: Vec<String> = render::json(diagnostics, sources).iter().map(json::element).collect();
                records
            });
            vec![json::array(elements.iter().flatten().map(String::as_str))]
        }
        ReportFormat::Github => each(found, |found| render::github(&batch(found, &[]))),
        ReportFormat::Sarif => {
            vec![with_ids(found, |batches| render::sarif(batches, TOOL, &rulecast_problems::Described))]
        }
        ReportFormat::Gitlab => vec![with_ids(found, render::gitlab)],
        ReportFormat::Junit => {
            let batches: Vec<Batch<'_>> = found.iter().map(|found| batch(*found, &[])).collect();
            vec![render::junit(&batches, command)]
        }
    }
}

/// Each file's problems on their own, on all processors.
fn each<T: Send>(found: &[Found<'_>], render: impl Fn(Found<'_>) -> T + Sync) -> Vec<T> {
    found.par_iter().map(|found| render(*found)).collect()
}

fn with_ids(found: &[Found<'_>], render: impl Fn(&[Batch<'_>]) -> String) -> String {
    let ids: Vec<Vec<(Span, String)>> = found
        .iter()
        .map(|(diagnostics, sources)| if diagnostics.is_empty() { Vec::new() } else { ids::of_first_file(sources) })
        .collect();
    let batches: Vec<Batch<'_>> = found.iter().zip(&ids).map(|(found, ids)| batch(*found, ids)).collect();
    render(&batches)
}

fn batch<'a>((diagnostics, sources): Found<'a>, ids: &'a [(Span, String)]) -> Batch<'a> {
    Batch { diagnostics, sources, ids }
}
