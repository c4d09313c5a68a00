//! Windows event logs as Windows keeps them.

use evtx::{EvtxParser, ParserSettings};
use rulecast_ir::{Record, ingest};
use serde_json::Value;
use std::error::Error;

/// What such a file begins with.
pub(super) const MAGIC: &[u8] = b"ElfFile\0";

/// The events of a file, in its order; the error says why there are none. A record or a chunk of records that is damaged
/// is told to `lost`, and the others are read.
pub(super) fn records(bytes: Vec<u8>, first_id: u64, mut lost: impl FnMut(String)) -> Result<Vec<Record>, String> {
    let mut parser = EvtxParser::from_buffer(bytes).map_err(|error| chain(&error))?;
    parser = parser.with_configuration(ParserSettings::new().num_threads(1));
    let mut records = Vec::new();
    for record in parser.records_json_value() {
        match record {
            Ok(record) => {
                if let Value::Object(event) = &record.data {
                    records.push(ingest::record(event, first_id + records.len() as u64));
                }
            }
            Err(error) => lost(chain(&error)),
        }
    }
    Ok(records)
}

/// An error with its causes, on one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string().trim_end_matches('.').to_owned();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {}", error.to_string().trim_end_matches('.'));
        cause = error.source();
    }
    text.replace('\n', " ")
}
