//! Recorded events: folders with `*.json` and an `info.yml` that names their rule.

use crate::rules;
use rulecast_ir::{Record, Rule, Sigma, ingest};
use std::io;
use std::path::{Path, PathBuf};

/// The events of one folder.
pub(crate) struct Recording {
    /// The file that names the rule.
    pub(crate) info: PathBuf,
    /// What it says.
    text: String,
    pub(crate) records: Vec<Record>,
}

impl Recording {
    /// The rule that must fire on them. It is named under `rule_metadata`; the folder's own id is another one.
    pub(crate) fn rule<'r>(&self, rules: &'r [Rule<Sigma>]) -> Option<&'r Rule<Sigma>> {
        rules.iter().find(|rule| rule.metadata.id().is_some_and(|id| self.text.contains(id)))
    }
}

/// All below a folder, in order. Events are numbered through.
pub(crate) fn below(folder: &Path) -> io::Result<Vec<Recording>> {
    let mut infos = Vec::new();
    rules::files(folder, &mut infos)?;
    let mut all: Vec<Recording> = Vec::with_capacity(infos.len());
    let mut next = 0;
    for info in infos {
        let here = info.parent().unwrap_or(folder);
        let mut records = Vec::new();
        let mut files = std::fs::read_dir(here)?.collect::<Result<Vec<_>, _>>()?;
        files.sort_by_key(std::fs::DirEntry::file_name);
        for file in files.iter().map(std::fs::DirEntry::path) {
            if file.extension().is_some_and(|extension| extension == "json") {
                let text = std::fs::read_to_string(&file)?;
                let read = ingest::records(&text, next)
                    .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
                next += read.len() as u64;
                records.extend(read);
            }
        }
        all.push(Recording { text: std::fs::read_to_string(&info)?, info, records });
    }
    Ok(all)
}
