//! `rulecast list`: what the registries hold.

use crate::args::{Format, ListArgs, Listed};
use crate::exit::{Exit, Failure};
use crate::output::{Console, json};
use rulecast_compile::{Feature, Language, ModelRef, Models, Support, Target};
use rulecast_lint::{Fixes, LINTS};
use rulecast_rule::ast::Modifier;

/// Rows of named cells.
struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

pub(crate) fn run(args: &ListArgs, models: &Models) -> Result<Exit, Failure> {
    let table = match args.what {
        Listed::Targets => targets(models),
        Listed::Models => list_models(models),
        Listed::Modifiers => modifiers(),
        Listed::Lints => lints(),
        Listed::Features => features(),
    };
    let mut console = Console::new();
    console.out(&match args.format {
        Format::Text => table.text(),
        Format::Json => table.json(),
    })?;
    console.flush()?;
    Ok(Exit::Clean)
}

fn is_default(target: Target<'_>) -> bool {
    Target::defaults().any(|default| default == target)
}

fn targets(models: &Models) -> Table {
    let rows = Target::all(models).map(|target| {
        let default = if is_default(target) { target.language.name() } else { "" };
        vec![target.to_string(), target.language.title().to_owned(), target.model.name().to_owned(), default.to_owned()]
    });
    Table { columns: vec!["target", "language", "model", "default of"], rows: rows.collect() }
}

fn list_models(models: &Models) -> Table {
    let mut all: Vec<ModelRef<'_>> = Vec::new();
    for target in Target::all(models) {
        if !all.contains(&target.model) {
            all.push(target.model);
        }
    }
    let rows = all.into_iter().map(|model| {
        let targets: Vec<String> =
            Target::all(models).filter(|target| target.model == model).map(|target| target.to_string()).collect();
        vec![model.name().to_owned(), targets.join(", "), model.model().title().to_owned()]
    });
    Table { columns: vec!["model", "targets", "title"], rows: rows.collect() }
}

fn modifiers() -> Table {
    let rows = Modifier::ALL.iter().map(|modifier| vec![modifier.name().to_owned(), modifier.summary().to_owned()]);
    Table { columns: vec!["modifier", "meaning"], rows: rows.collect() }
}

fn lints() -> Table {
    let row = |lint: &&rulecast_lint::Lint| {
        let fix = match lint.fix {
            Fixes::None => "",
            Fixes::Safe => "--fix",
            Fixes::Suggested => "suggested",
        };
        [lint.name, lint.severity.word(), fix, lint.summary].map(str::to_owned).to_vec()
    };
    Table { columns: vec!["lint", "severity", "fix", "finds"], rows: LINTS.iter().map(row).collect() }
}

fn features() -> Table {
    let languages = Language::ALL.map(|language| {
        Target::defaults().find(|target| target.language == language).expect("every language has a default target")
    });
    let rows = Feature::ALL.into_iter().map(|feature| {
        let answers = languages.map(|target| match target.support(feature) {
            Support::Native => "native".to_owned(),
            Support::Emulated(how) => format!("emulated: {how}"),
            Support::Approximate(how) => format!("approximate: {how}"),
            Support::Unsupported(why) => format!("no: {why}"),
        });
        std::iter::once(feature.name().to_owned()).chain(answers).collect()
    });
    Table { columns: vec!["feature", "eql", "spl", "kql"], rows: rows.collect() }
}

impl Table {
    /// Aligned, the last column as it is.
    fn text(&self) -> String {
        let cell = |row: &[String], column: usize| row[column].chars().count();
        let header: Vec<String> = self.columns.iter().map(|column| (*column).to_owned()).collect();
        let rows: Vec<&Vec<String>> = std::iter::once(&header).chain(&self.rows).collect();
        let width = |column: usize| rows.iter().map(|row| cell(row, column)).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let mut out = String::new();
        for row in rows {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(text, width)| format!("{text:width$}", width = *width)).collect();
            out.push_str(cells.join("  ").trim_end());
            out.push('\n');
        }
        out
    }

    fn json(&self) -> String {
        let rows: Vec<String> = self
            .rows
            .iter()
            .map(|row| {
                let cells = self.columns.iter().zip(row);
                let object: serde_json::Map<String, serde_json::Value> =
                    cells.map(|(column, cell)| ((*column).to_owned(), cell.clone().into())).collect();
                json::element(&object)
            })
            .collect();
        json::array(rows.iter().map(String::as_str))
    }
}
