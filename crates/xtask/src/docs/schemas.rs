//! The schemas hold of what they are about: the configuration's own examples, the built-in models, and the rules.

use jsonschema::Validator;
use rulecast_compile::{Allow, Models, Outcome, Target, compile};
use rulecast_diagnostics::FileId;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn validator(text: &str) -> Validator {
    let schema: Value = serde_json::from_str(text).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    jsonschema::draft202012::new(&schema).unwrap()
}

fn documents(text: &str) -> Vec<Value> {
    let read = |document| <Value as serde::Deserialize>::deserialize(document).unwrap();
    serde_yaml::Deserializer::from_str(text).map(read).collect()
}

fn problems(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn rules(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.extension() {
            _ if path.is_dir() => rules(&path, found),
            Some(extension) if extension == "yml" => found.push(path),
            _ => {}
        }
    }
}

#[test]
fn every_built_in_model_validates_and_what_is_none_does_not() {
    let schema = validator(&rulecast_files::json_text(rulecast_compile::model_schema()));
    for name in rulecast_compile::BUILTIN {
        let text = rulecast_compile::Model::builtin_text(name).unwrap();
        assert_eq!(problems(&schema, &documents(text)[0]), Vec::<String>::new(), "{name}");
    }
    for bad in [
        "{name: x, title: X}",
        "{name: x, title: X, languages: [sql], sources: []}",
        "{name: x, title: X, extends: ecs, colour: red}",
        "{name: x, title: X, extends: ecs, groups: {g: {fields: {A: {hex: a, columns: b}}}}}",
        "{name: x, title: X, extends: ecs, sources: [{when: {}, reads: nothing}]}",
        "{name: x, title: X, extends: ecs, sources: [{when: {}, reads: any, scope: [{column: a}]}]}",
    ] {
        assert!(!schema.is_valid(&documents(bad)[0]), "{bad}");
    }
}

#[test]
fn every_rule_of_the_library_validates_and_what_is_none_does_not() {
    let schema = validator(&super::rule_schema::schema());
    let mut files = Vec::new();
    rules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules"), &mut files);
    assert!(files.len() > 20, "{files:?}");
    for file in files {
        for document in documents(&std::fs::read_to_string(&file).unwrap()) {
            assert_eq!(problems(&schema, &document), Vec::<String>::new(), "{}", file.display());
        }
    }
    for bad in [
        "{title: x}",
        "{title: x, logsource: {categry: a}, detection: {a: {b: c}, condition: a}}",
        "{title: x, logsource: {category: a}, detection: {a: {b: c}}}",
        "{title: x, logsource: {category: a}, detection: {a: {b|startwith: c}, condition: a}}",
        "{title: x, level: highest, logsource: {category: a}, detection: {a: {b: c}, condition: a}}",
        "{title: x, correlation: {type: event_cout, rules: [a]}}",
    ] {
        assert!(!schema.is_valid(&documents(bad)[0]), "{bad}");
    }
}

#[test]
fn the_schema_of_the_configuration_is_one() {
    let schema = validator(&rulecast_config::schema());
    let configuration = |targets: Value| serde_json::json!({ "targets": targets, "models": ["models/ours.yml"] });
    assert!(schema.is_valid(&configuration(serde_json::json!(["eql", "kql.xdr", "spl.ours"]))));
    assert!(!schema.is_valid(&configuration(serde_json::json!(["sql.ours"]))));
}

#[test]
fn the_examples_of_the_page_of_data_models_are_models() {
    let page = include_str!("../../../../docs/reference/data-models.md");
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    // The other blocks are parts of rules.
    let examples: Vec<&str> = blocks.filter(|block| block.starts_with("name: ")).collect();
    assert_eq!(examples.len(), 2);
    let schema = validator(&rulecast_files::json_text(rulecast_compile::model_schema()));
    for example in examples {
        let (models, found) = Models::read(&[(FileId(0), example)]);
        assert_eq!(found, []);
        assert_eq!(models.all_given().len(), 1);
        assert_eq!(problems(&schema, &documents(example)[0]), Vec::<String>::new(), "{example}");
    }
}

/// The page says what becomes of three fields of its example.
#[test]
fn the_example_of_the_page_of_data_models_does_what_the_page_says() {
    let page = include_str!("../../../../docs/reference/data-models.md");
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let (models, _) = Models::read(&[(FileId(0), example)]);
    let target = Target::parse_of("kql.edr", &models).unwrap();
    let queries = |category: &str, item: &str| {
        let text = format!(
            "title: x\nlogsource: {{product: windows, category: {category}}}\ndetection: {{a: {{{item}}}, condition: a}}\n"
        );
        let rule = super::sample::rule(&text).unwrap();
        match compile(&rule, target, Allow::default()) {
            Outcome::Queries(queries) => Ok(queries[0].clone()),
            other => Err(other),
        }
    };
    let text = queries("process_creation", r"Image|endswith: '\cmd.exe'").unwrap().text;
    assert!(text.ends_with("ProcessName =~ \"cmd.exe\""), "{text}");
    assert!(queries("process_creation", r"ParentImage: 'C:\a.exe'").is_err());
    let query = queries("network_connection", "DestinationIp: 192.0.2.1").unwrap();
    assert_eq!(
        query.fidelity.assumptions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["mapping:DestinationIp"]
    );
}
