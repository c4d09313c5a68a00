//! Lists of values in files: lines, a column of CSV, a place in JSON or YAML.

use super::read_file;
use crate::processing::Files;
use crate::processing::read::{Map, data, invalid};
use rulecast_diagnostics::{FileId, Spanned};
use rulecast_rule::ast::{Node, Value};
use serde_json::Value as Data;

#[derive(Clone, Copy)]
enum Format {
    Lines,
    Csv,
    Json,
    Yaml,
}

/// Which column of CSV.
enum Column {
    Name(String),
    Number(usize),
}

/// The values of the file that a step names; problems are reported.
pub(super) fn read(map: &mut Map<'_>, files: &dyn Files) -> Option<Vec<String>> {
    let formats = [("plaintext", Format::Lines), ("csv", Format::Csv), ("json", Format::Json), ("yaml", Format::Yaml)];
    let path = map.required_text("path");
    let format = map.one_of("format", &formats);
    let filter = map.text("filter");
    let filter = filter.and_then(|filter| map.as_regex(&filter));
    let column = map.take("csv_column");
    let header = map.flag_or("csv_has_header", true);
    let expression = map.text("jq_expression");
    let path = path?;
    let text = match read_file(files, &path) {
        Ok(text) => text,
        Err(problem) => {
            map.problems.push(*problem);
            return None;
        }
    };
    let values = match format {
        Format::Lines => Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()),
        Format::Csv => match column.as_ref().and_then(as_column) {
            Some(column) => csv(&text, &column, header),
            None => Err("`csv` needs `csv_column`, a name or a number from 0".to_owned()),
        },
        Format::Json | Format::Yaml => match &expression {
            None => Err("`json` and `yaml` need `jq_expression`".to_owned()),
            Some(expression) => {
                let tree = if matches!(format, Format::Json) {
                    serde_json::from_str(&text).map_err(|error| format!("`{}` is no JSON: {error}", path.node))
                } else {
                    yaml(&text).ok_or_else(|| format!("`{}` is no YAML of one document", path.node))
                };
                tree.and_then(|tree: Data| select(&tree, expression))
            }
        },
    };
    match values {
        Ok(values) => {
            let wanted = |value: &String| filter.as_ref().is_none_or(|filter| filter.is_match(value));
            Some(values.into_iter().filter(wanted).collect())
        }
        Err(message) => {
            map.problems.push(invalid(path.span, message));
            None
        }
    }
}

fn yaml(text: &str) -> Option<Data> {
    let (mut documents, problems) = rulecast_rule::nodes(FileId::default(), text);
    if problems.iter().any(rulecast_diagnostics::Diagnostic::is_error) || documents.len() != 1 {
        return None;
    }
    documents.pop().map(|document| data(&document))
}

fn as_column(node: &Spanned<Node>) -> Option<Column> {
    match &node.node {
        Node::Scalar(Value::Text(name)) => Some(Column::Name(name.clone())),
        Node::Scalar(Value::Integer(number)) => usize::try_from(*number).ok().map(Column::Number),
        _ => None,
    }
}

/// The values of one column.
fn csv(text: &str, column: &Column, header: bool) -> Result<Vec<String>, String> {
    let mut rows = records(text).into_iter();
    let head = if header { rows.next() } else { None };
    let at = match column {
        Column::Number(number) => *number,
        Column::Name(name) => {
            let head = head.ok_or_else(|| "a column by name needs a header".to_owned())?;
            head.iter().position(|one| one == name).ok_or_else(|| format!("the file has no column `{name}`"))?
        }
    };
    Ok(rows.filter_map(|row| row.into_iter().nth(at)).collect())
}

/// The records of CSV as RFC 4180 has them; empty lines are none.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let (mut record, mut value) = (Vec::new(), String::new());
    let (mut quoted, mut any) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                value.push('"');
                chars.next();
            }
            '"' => {
                quoted = !quoted;
                any = true;
            }
            ',' if !quoted => {
                record.push(std::mem::take(&mut value));
                any = true;
            }
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                if any || !value.is_empty() {
                    record.push(std::mem::take(&mut value));
                    records.push(std::mem::take(&mut record));
                }
                any = false;
            }
            c => value.push(c),
        }
    }
    if any || !value.is_empty() {
        record.push(value);
        records.push(record);
    }
    records
}

/// The scalars at a path: `.`, names, `["name"]`, `[0]`, `[]` for every element. More of jq is refused.
fn select(tree: &Data, expression: &str) -> Result<Vec<String>, String> {
    let mut found = vec![tree];
    let mut rest = expression.trim();
    let unsupported = || format!("`{expression}` is more of jq than is supported: names, `[0]` and `[]`");
    rest = rest.strip_prefix('.').ok_or_else(unsupported)?;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[') {
            let (inside, after) = after.split_once(']').ok_or_else(unsupported)?;
            rest = after;
            let quoted = inside.strip_prefix('"').and_then(|inside| inside.strip_suffix('"'));
            found = match (inside, quoted, inside.parse::<usize>()) {
                ("", _, _) => {
                    let mut all = Vec::new();
                    for one in found {
                        match one {
                            Data::Array(items) => all.extend(items),
                            Data::Object(entries) => all.extend(entries.values()),
                            _ => return Err(format!("`[]` in `{expression}` needs a list or a mapping")),
                        }
                    }
                    all
                }
                (_, Some(name), _) => found.into_iter().filter_map(|one| one.get(name)).collect(),
                (_, None, Ok(place)) => found.into_iter().filter_map(|one| one.get(place)).collect(),
                _ => return Err(unsupported()),
            };
        } else {
            let after = rest.strip_prefix('.').unwrap_or(rest);
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let name = &after[..end];
            if name.is_empty() && after.starts_with('[') {
                rest = after;
                continue;
            }
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(unsupported());
            }
            found = found.into_iter().filter_map(|one| one.get(name)).collect();
            rest = &after[end..];
        }
    }
    let text = |one: &Data| match one {
        Data::String(text) => Ok(text.clone()),
        Data::Number(number) => Ok(number.to_string()),
        Data::Bool(flag) => Ok(flag.to_string()),
        Data::Null | Data::Array(_) | Data::Object(_) => {
            Err(format!("`{expression}` selects what is no single value; end it with `[]`"))
        }
    };
    found.into_iter().filter(|one| !one.is_null()).map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::{Column, csv, select};

    #[test]
    fn a_column_of_csv_by_name_and_number() {
        let text = "host,owner\r\n\"srv,1\",\"a \"\"b\"\"\"\n\nsrv2,c\n";
        assert_eq!(csv(text, &Column::Name("host".into()), true).unwrap(), ["srv,1", "srv2"]);
        assert_eq!(csv(text, &Column::Number(1), true).unwrap(), ["a \"b\"", "c"]);
        assert_eq!(csv("a,b\n", &Column::Number(0), false).unwrap(), ["a"]);
        assert_eq!(csv(text, &Column::Name("x".into()), true).unwrap_err(), "the file has no column `x`");
    }

    #[test]
    fn a_path_selects_scalars() {
        let tree = serde_json::json!({"hosts": [{"name": "a", "port": 1}, {"name": "b"}], "x y": "z"});
        assert_eq!(select(&tree, ".hosts[].name").unwrap(), ["a", "b"]);
        assert_eq!(select(&tree, ".hosts[0].port").unwrap(), ["1"]);
        assert_eq!(select(&tree, r#".["x y"]"#).unwrap(), ["z"]);
        assert!(select(&tree, ".hosts").unwrap_err().contains("no single value"));
        assert!(select(&tree, ".hosts | length").unwrap_err().contains("more of jq"));
    }
}
