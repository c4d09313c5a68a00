//! What was measured, as a table and as `docs/reference/cost.md`.

use super::super::ENGINES;
use super::Measured;
use std::fmt::Write;

impl Measured {
    /// Seconds of all queries by name, and of all by path.
    fn sums(&self) -> [f64; 2] {
        [0, 1].map(|place| self.seconds.iter().map(|pair| pair[place]).sum())
    }

    /// How many times as long the query by path takes, by rule, in order.
    fn ratios(&self) -> Vec<f64> {
        let mut ratios: Vec<f64> = self.seconds.iter().map(|[name, path]| path / name).collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    }

    #[expect(clippy::cast_precision_loss, reason = "rules are counted in thousands")]
    fn row(&self) -> [String; 9] {
        let ([name, path], ratios) = (self.sums(), self.ratios());
        let at = |part: usize| match ratios.get(ratios.len() * part / 4) {
            Some(ratio) => format!("{ratio:.2}"),
            None => "–".to_owned(),
        };
        let events = match self.rows {
            rows if rows == self.events => format!("{} × {}", self.events, self.times),
            rows => format!("{} in {rows} rows × {}", self.events, self.times),
        };
        let slower = ratios.iter().filter(|ratio| **ratio > 1.0).count();
        [
            events,
            self.rules.to_string(),
            self.seconds.len().to_string(),
            milliseconds(name / self.seconds.len() as f64),
            milliseconds(path / self.seconds.len() as f64),
            format!("{:.2}", path / name),
            at(2),
            format!("{}–{}", at(1), at(3)),
            slower.to_string(),
        ]
    }
}

fn milliseconds(seconds: f64) -> String {
    let milliseconds = seconds * 1e3;
    if milliseconds < 10.0 { format!("{milliseconds:.2} ms") } else { format!("{milliseconds:.0} ms") }
}

const HEAD: [&str; 10] = [
    "engine",
    "events",
    "rules",
    "measured",
    "by name",
    "by path",
    "ratio",
    "median ratio",
    "middle half",
    "path slower",
];

/// As a table of Markdown.
pub(super) fn table(all: &[Measured]) -> String {
    let mut table = format!("| {} |\n|{}\n", HEAD.join(" | "), "---|".repeat(HEAD.len()));
    for measured in all {
        let _ = writeln!(table, "| `{}` | {} |", measured.engine, measured.row().join(" | "));
    }
    table
}

/// The page.
pub(super) fn page(all: &[Measured], runs: usize) -> String {
    let mut page = format!(
        "# What the end of a path costs\n\n\
         `Image|endswith: '\\x.exe'` can be asked in two ways: of the column that holds the file name, as Rulecast's data models\n\
         do, or of the end of the whole path, as a converter does that translates text. Both mean the same; this page says what\n\
         each costs an engine. It is written by\n\n\
         ```sh\n\
         cargo xtask cost CORPUS --events RECORDINGS --write\n\
         ```\n\n\
         over the rules of SigmaHQ about new processes on Windows (`rules/`, 2026-08-05) whose two queries differ, and its\n\
         recorded events of new processes (`regression_data/`), each taken many times over. In turns, each query runs once to\n\
         warm up and {runs} times more, of which the median counts, on one thread and in processor time, so that other work on\n\
         the machine counts little. Both queries must find the same, or the command fails. Ratios of two runs differ by up\n\
         to a tenth.\n\n"
    );
    page.push_str(&table(all));
    page.push_str(
        "\n*Ratio*: all queries by path over all queries by name; above 1, the name is faster. *Median ratio*, *middle half*:\n\
         of the rules, one by one. *Path slower*: for how many of the measured rules. Times are of whole queries, whose other tests\n\
         are the same on both sides; parsing is not timed where the engine does it apart, and of KQL results are counted, not\n\
         fetched.\n\nThe engines:\n\n",
    );
    for measured in all {
        let described =
            ENGINES.iter().find(|(name, _)| *name == measured.engine).map_or("", |(_, described)| described);
        let _ = write!(page, "* `{}`, queries of `{}`: {described}.", measured.engine, measured.target);
        for (error, count) in &measured.errors {
            let _ = write!(page, " {count} rules not run: `{}`.", error.replace('`', "'"));
        }
        if measured.late > 0 {
            let _ = write!(page, " {} rules came after the time set for the engine.", measured.late);
        }
        page.push('\n');
    }
    page.push_str("\nA rule's two queries, by name and by path:\n\n```text\n");
    let mut targets = Vec::new();
    for measured in all {
        if targets.contains(&measured.target) {
            continue;
        }
        targets.push(measured.target);
        let _ = writeln!(page, "{}\n\n{}\n", measured.example[0], measured.example[1]);
    }
    page.truncate(page.trim_end().len());
    page.push_str("\n```\n\n");
    page.push_str(READING);
    page
}

const READING: &str = "\
None of these engines has an index, so each looks at every event: the figures say what a comparison costs, not what an index\n\
saves. Elasticsearch warns of patterns that begin with `*`, for which it goes through the values of the whole column\n\
([wildcard query](https://www.elastic.co/docs/reference/query-languages/query-dsl/query-dsl-wildcard-query)). That is not\n\
measured here: no such cluster was at hand.\n";
