//! How many rules each target can express.

use super::count;
use rulecast_compile::{Outcome, Target};
use rulecast_ir::{RefusalReason, Verdict};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Counts over files and rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Files read, and those of them with an error.
    pub(crate) files: usize,
    pub(crate) invalid_files: usize,
    /// Rules compiled.
    pub(crate) rules: usize,
    /// By target, in the order of the run.
    pub(crate) targets: Vec<Counts>,
}

/// Counts over the rules of one target.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Counts {
    exact: usize,
    /// Exact, under assumptions.
    assuming: usize,
    over: usize,
    under: usize,
    both: usize,
    /// Rewritten by a pipeline's post-processing.
    unchecked: usize,
    declared: usize,
    pub(crate) refused: usize,
    /// A rule counts once for each of its reasons.
    #[serde(serialize_with = "by_name")]
    reasons: BTreeMap<RefusalReason, usize>,
}

/// What `--stats -f json` prints.
#[derive(Debug, Serialize)]
struct Stats<'a> {
    files: usize,
    invalid_files: usize,
    rules: usize,
    /// In the order of the run.
    targets: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    target: String,
    #[serde(flatten)]
    counts: &'a Counts,
}

fn by_name<S: serde::Serializer>(reasons: &BTreeMap<RefusalReason, usize>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(reasons.iter().map(|(reason, count)| (reason.name(), count)))
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Tally) {
        self.files += other.files;
        self.invalid_files += other.invalid_files;
        self.rules += other.rules;
        self.targets.resize_with(self.targets.len().max(other.targets.len()), Counts::default);
        for (counts, other) in self.targets.iter_mut().zip(&other.targets) {
            counts.add(other);
        }
    }

    /// Rules without a query, on all targets.
    pub(crate) fn refused(&self) -> usize {
        self.targets.iter().map(|counts| counts.refused).sum()
    }

    /// A row for each kind of outcome, a column for each target.
    pub(crate) fn table(&self, targets: &[Target]) -> String {
        let mut rows: Vec<(String, Vec<usize>)> = Vec::new();
        let mut row = |name: &str, of: &dyn Fn(&Counts) -> usize, always: bool| {
            let cells: Vec<usize> = self.targets.iter().map(of).collect();
            if always || cells.iter().any(|cell| *cell > 0) {
                rows.push((name.to_owned(), cells));
            }
        };
        row("exact", &|counts| counts.exact, true);
        row("exact under assumptions", &|counts| counts.assuming, true);
        row("over", &|counts| counts.over, false);
        row("under", &|counts| counts.under, false);
        row("over and under", &|counts| counts.both, false);
        row("unchecked", &|counts| counts.unchecked, false);
        row("declared refusals", &|counts| counts.declared, false);
        row("refused", &|counts| counts.refused, true);
        for reason in self.targets.iter().flat_map(|counts| counts.reasons.keys()).collect::<BTreeSet<_>>() {
            row(&format!("  {}", reason.name()), &|counts| counts.reasons.get(reason).copied().unwrap_or(0), true);
        }
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let mut out = " ".repeat(width);
        targets.iter().for_each(|target| push(&mut out, &format!("  {:>10}", target.to_string())));
        out.push('\n');
        for (name, cells) in rows {
            let _ = write!(out, "{name:width$}");
            cells.iter().for_each(|cell| push(&mut out, &format!("  {cell:>10}")));
            out.push('\n');
        }
        let _ = writeln!(out, "\n{}", self.summary());
        out
    }

    /// `12 rules in 10 files, 1 of them invalid`.
    pub(crate) fn summary(&self) -> String {
        let invalid = match self.invalid_files {
            0 => String::new(),
            some => format!(", {some} of them with errors"),
        };
        format!("{} in {}{invalid}", count(self.rules, "rule"), count(self.files, "file"))
    }

    pub(crate) fn json(&self, targets: &[Target]) -> String {
        let rows = targets.iter().zip(&self.targets);
        let targets = rows.map(|(target, counts)| Row { target: target.to_string(), counts }).collect();
        let stats = Stats { files: self.files, invalid_files: self.invalid_files, rules: self.rules, targets };
        let text = serde_json::to_string_pretty(&stats).expect("strings and numbers can be serialised");
        text + "\n"
    }
}

fn push(out: &mut String, text: &str) {
    out.push_str(text);
}

impl Counts {
    pub(crate) fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Queries(queries) => {
                let verdict = queries.iter().map(|query| query.fidelity.verdict).fold(Verdict::Exact, Verdict::join);
                let assumes = queries.iter().any(|query| !query.fidelity.assumptions.is_empty());
                *match verdict {
                    _ if queries.iter().any(|query| query.fidelity.unchecked) => &mut self.unchecked,
                    Verdict::Exact if assumes => &mut self.assuming,
                    Verdict::Exact => &mut self.exact,
                    Verdict::Over => &mut self.over,
                    Verdict::Under => &mut self.under,
                    Verdict::Both => &mut self.both,
                } += 1;
            }
            Outcome::Refused(refusals) => {
                self.refused += 1;
                for reason in refusals.iter().map(|refusal| refusal.reason).collect::<BTreeSet<_>>() {
                    *self.reasons.entry(reason).or_default() += 1;
                }
            }
            Outcome::Declared { .. } => self.declared += 1,
        }
    }

    fn add(&mut self, other: &Counts) {
        self.exact += other.exact;
        self.assuming += other.assuming;
        self.over += other.over;
        self.under += other.under;
        self.both += other.both;
        self.unchecked += other.unchecked;
        self.declared += other.declared;
        self.refused += other.refused;
        for (reason, count) in &other.reasons {
            *self.reasons.entry(*reason).or_default() += count;
        }
    }
}
