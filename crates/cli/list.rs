//! `rulecast list`: what the registries hold.

use crate::args::{Format, ListArgs, Listed};
use crate::exit::{Exit, Failure};
use crate::output::{Console, json};
use rulecast_compile::{Feature, Language, ModelRef, Models, SourceView, Support, Target};
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
        Listed::Sources => sources(&chosen(args, models)?, args.log_source.as_deref())?,
        Listed::Fields => fields(&chosen(args, models)?, args.log_source.as_deref())?,
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

/// The targets of the model that is asked for; without one, the default target of each language.
fn chosen<'m>(args: &ListArgs, models: &'m Models) -> Result<Vec<Target<'m>>, Failure> {
    let Some(path) = &args.model else { return Ok(Target::defaults_of(models).collect()) };
    let name = path.to_string_lossy();
    let is_file = !args.model_file().is_empty();
    let wanted = |target: &Target<'_>| {
        if is_file { models.is_of_a_file(target.model.name()) } else { target.model == *name }
    };
    let found: Vec<Target<'m>> = Target::all(models).filter(wanted).collect();
    if found.is_empty() {
        let known: Vec<&str> = Target::all(models).map(|target| target.model.name()).collect();
        return Err(Failure::unknown("data model", &name, &known));
    }
    Ok(found)
}

/// The sources of targets that serve the log source wanted, or any part of it.
fn wanted<'m>(targets: &[Target<'m>], wanted: Option<&str>) -> Result<Vec<(Target<'m>, String, SourceView)>, Failure> {
    let each = |target: &Target<'m>| {
        let target = *target;
        target.sources().into_iter().flat_map(move |source| {
            source.log_sources.clone().into_iter().map(move |name| (target, name, source.clone())).collect::<Vec<_>>()
        })
    };
    let all: Vec<(Target<'m>, String, SourceView)> = targets.iter().flat_map(each).collect();
    let Some(wanted) = wanted else { return Ok(all) };
    let is = |name: &str| wanted.split('/').all(|part| name.split('/').any(|own| own == part));
    let found: Vec<_> = all.iter().filter(|(_, name, _)| is(name)).cloned().collect();
    if found.is_empty() {
        let known: Vec<&str> = all.iter().map(|(_, name, _)| name.as_str()).collect();
        return Err(Failure::unknown("log source", wanted, &known));
    }
    Ok(found)
}

fn sources(targets: &[Target<'_>], log_source: Option<&str>) -> Result<Table, Failure> {
    let row = |(target, name, source): (Target<'_>, String, SourceView)| {
        vec![target.to_string(), name, source.fields.len().to_string(), source.reads, source.scope]
    };
    let rows = wanted(targets, log_source)?.into_iter().map(row).collect();
    Ok(Table { columns: vec!["target", "log source", "fields", "reads", "where"], rows })
}

fn fields(targets: &[Target<'_>], log_source: Option<&str>) -> Result<Table, Failure> {
    let mut rows = Vec::new();
    for (target, name, source) in wanted(targets, log_source)? {
        for field in source.fields {
            let columns: Vec<String> = field.columns.iter().map(|(column, _)| column.clone()).collect();
            let mut types: Vec<&str> = field.columns.iter().map(|(_, ty)| *ty).collect();
            types.dedup();
            let (columns, types) = (columns.join(", "), types.join(", "));
            rows.push(vec![
                target.to_string(),
                name.clone(),
                field.name,
                columns,
                types,
                field.assumes,
                field.conversion,
            ]);
        }
    }
    let columns = vec!["target", "log source", "field", "columns", "type", "assumes", "conversion"];
    Ok(Table { columns, rows })
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
