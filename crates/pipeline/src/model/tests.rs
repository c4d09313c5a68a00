use super::{BUILTIN, Model};
use crate::Dialect;

#[test]
fn every_built_in_model_parses_and_is_called_by_its_name() {
    for name in BUILTIN {
        let model = Model::builtin(name).unwrap();
        assert_eq!(model.name(), name);
        assert!(!model.title().is_empty());
        for &language in model.languages() {
            assert!(model.log_sources(language).next().is_some(), "{name} serves {language:?}");
        }
    }
    assert!(Model::builtin("cym").is_none());
}

#[test]
fn every_source_of_a_model_has_the_keys_that_sequences_join_on() {
    for entry in BUILTIN.iter().filter_map(|name| Model::builtin(name)).flat_map(|model| &model.sources) {
        assert!(entry.keys.contains_key("HostId") || entry.fields.is_empty(), "{:?}", entry.when);
    }
}

fn error(text: &str) -> String {
    Model::parse(text).unwrap_err().to_string()
}

const HEAD: &str = "name: x\ntitle: X\nlanguages: [spl]\n";

#[test]
fn what_is_no_model_is_an_error_that_says_where() {
    for (body, expected) in [
        ("sources: []\ncolour: red\n", "unknown field `colour`"),
        ("sources: [{when: {}, reads: nothing}]\n", "unknown variant `nothing`"),
        ("sources: [{when: {}, reads: {index: x}}]\n", "unknown variant `index`"),
        ("sources: [{when: {}, reads: everything}]\n", "has no `time`"),
        ("time: t\nsources: [{when: {}, reads: {table: T}}]\n", "`spl` cannot read the table `T`"),
        ("time: t\nsources: [{when: {}, reads: everything, groups: [g]}]\n", "there is no group `g`"),
        (
            "time: t\nsources: [{when: {}, reads: everything, scope: [{column: a}]}]\n",
            "a test is `column` with one of `equals`, `in` and `exists`, or `any`",
        ),
        ("time: t\nsources: [{when: {}, reads: everything, fields: {A: a, A: b}}]\n", "`A` is written twice"),
        (
            "time: t\nsources: [{when: {}, reads: everything, fields: {A: {hex: a, columns: b}}}]\n",
            "`A`: it names more than one conversion",
        ),
        (
            "time: t\nsources: [{when: {}, reads: everything, fields: {A: {hash_columns: {CRC: b}}}}]\n",
            "`A`: no hash is called `CRC`",
        ),
        (
            "time: t\nsources: [{when: {}, reads: everything, fields: {A: {orientation: {initiated: a, accepted: b, by: C}}}}]\n",
            "`A`: `by: C` names no enum",
        ),
    ] {
        let message = error(&format!("{HEAD}{body}"));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn the_most_specific_entry_serves() {
    let model = Model::parse(&format!(
        "{HEAD}time: t\nsources:
  - {{when: {{product: windows}}, reads: {{macro: any_windows}}}}
  - {{when: {{product: windows, category: [a, b]}}, reads: {{macro: a_or_b}}}}
"
    ))
    .unwrap();
    let log_source = |category: Option<&str>, service: Option<&str>| rulecast_ir::LogSource {
        product: Some("windows".into()),
        category: category.map(Into::into),
        service: service.map(Into::into),
        span: rulecast_diagnostics::Span::default(),
    };
    let reads = |log_source| match model.serving(&log_source, Dialect::Spl).as_slice() {
        [one] => format!("{:?}", one.reads),
        other => format!("{} sources", other.len()),
    };
    assert_eq!(reads(log_source(Some("b"), None)), r#"Macro("a_or_b")"#);
    assert_eq!(reads(log_source(None, None)), r#"Macro("any_windows")"#);
    assert_eq!(reads(log_source(Some("c"), None)), "0 sources");
    assert_eq!(reads(log_source(Some("b"), Some("security"))), "0 sources");
    assert_eq!(model.log_sources(Dialect::Spl).collect::<Vec<_>>(), ["windows", "windows/a", "windows/b"]);
}

#[test]
fn a_model_takes_over_what_it_does_not_name_itself() {
    let model = Model::parse(
        "
name: ours
title: Ours
extends: xdr
columns:
  FileName: {type: dynamic}
groups:
  actor: {fields: {Image: OurImage}}
sources:
  - when: {product: windows, category: [process_creation, ours]}
    reads: {table: OurProcesses}
    groups: [actor]
",
    )
    .unwrap();
    let xdr = Model::builtin("xdr").unwrap();
    assert_eq!((model.name(), model.title(), model.languages()), ("ours", "Ours", xdr.languages()));
    let log_source = |category: &str| rulecast_ir::LogSource {
        product: Some("windows".into()),
        category: Some(category.into()),
        service: None,
        span: rulecast_diagnostics::Span::default(),
    };
    let serving = |category: &str| model.serving(&log_source(category), Dialect::Kql);
    let reads = |category: &str| serving(category).iter().map(|one| format!("{:?}", one.reads)).collect::<Vec<_>>();
    assert_eq!(reads("process_creation"), [r#"Table("OurProcesses")"#]);
    assert_eq!(reads("ours"), [r#"Table("OurProcesses")"#]);
    assert_eq!(reads("network_connection"), [r#"Table("DeviceNetworkEvents")"#]);
    // The group of the same name is another in the sources of the extended model, too.
    let image = &serving("network_connection")[0].fields["Image"];
    assert!(format!("{image:?}").contains("OurImage"), "{image:?}");
    assert_eq!(model.column("FileName").unwrap().ty, rulecast_ir::ColumnType::Dynamic);
    let sources = |model: &Model| model.log_sources(Dialect::Kql).filter(|name| name.contains("windows")).count();
    assert_eq!(sources(&model), sources(xdr) + 1);
}

#[test]
fn a_model_extends_one_that_is_there() {
    assert!(error("name: x\ntitle: X\nextends: xrd\n").contains("there is no model `xrd` to extend"));
    assert!(error("name: x\ntitle: X\nlanguages: [kql]\n").contains("it has no `sources`"));
}
