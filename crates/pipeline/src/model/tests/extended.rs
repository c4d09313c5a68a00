//! Models that extend others, and what they are called.

use super::{HEAD, model, problems};
use crate::Dialect;
use crate::model::Model;

#[test]
fn models_have_names_of_their_own_and_extend_those_that_are_there() {
    let whole = format!("{HEAD}time: t\nsources: [{{when: {{}}, reads: everything}}]\n");
    let named = |name: &str, extends: &str| format!("name: {name}\ntitle: X\nextends: {extends}\n");
    insta::assert_snapshot!(problems(&[&whole, &whole, "", "[]", "name: y\ntitle: Y\n"]), @r#"
    error[invalid-model]: two of the data models are called `x`
     --> 2.yml:1:7
      |
    1 | name: x
      |       ^

    error[invalid-model]: the file holds no data model
     --> 3.yml:1:1
      |
    1 |
      | ^

    error[invalid-model]: a data model is a mapping
     --> 4.yml:1:1
      |
    1 | []
      | ^^ expected `key: value`

    error[invalid-model]: the data model lacks `sources`
     --> 5.yml:1:7
      |
    1 | name: y
      |       ^

    error[invalid-model]: the data model serves no language
     --> 5.yml:1:7
      |
    1 | name: y
      |       ^
      |
      = help: add `languages: [eql]`
    "#);
    insta::assert_snapshot!(problems(&[&named("ecs", "sysmon"), &named("a", "b"), &named("b", "a"), &named("c", "c"), &named("d", "xrd"), &named("E F", "xdr")]), @r#"
    error[invalid-model]: `ecs` is the name of a built-in data model
     --> 1.yml:1:7
      |
    1 | name: ecs
      |       ^^^
      |
      = help: take another name, or say `extends: ecs` to take its place

    error[invalid-model]: `b` extends itself
     --> 2.yml:3:10
      |
    3 | extends: b
      |          ^

    error[invalid-model]: `a` extends itself
     --> 3.yml:3:10
      |
    3 | extends: a
      |          ^

    error[invalid-model]: `c` extends itself
     --> 4.yml:3:10
      |
    3 | extends: c
      |          ^

    error[invalid-model]: unknown data model `xrd`
     --> 5.yml:3:10
      |
    3 | extends: xrd
      |          ^^^
      |
      = help: did you mean `xdr`?

    error[invalid-model]: the name of a data model is of small letters, digits, `_` and `-`
     --> 6.yml:1:7
      |
    1 | name: E F
      |       ^^^
    "#);
    // What is wrong with a built-in model as it is changed is told where it is extended.
    insta::assert_snapshot!(problems(&["name: ours\ntitle: O\nextends: xdr\ngroups: {network: {same: [A]}}\ncolumns: {ActionType: {type: long}}\n"]), @r#"
    error[invalid-model]: with what this changes of `xdr`: the column `ActionType` holds numbers, and this is text
     --> 1.yml:3:10
      |
    3 | extends: xdr
      |          ^^^
    "#);
    let models = model(&named("ecs", "ecs"));
    assert_eq!(models.get("ecs").unwrap().title(), "X");
    assert_eq!(models.get("xdr").unwrap().title(), Model::builtin("xdr").unwrap().title());
    assert!(models.given("xdr").is_none());
}

#[test]
fn a_model_takes_over_what_it_does_not_name_itself() {
    let models = model(
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
    );
    let model = models.get("ours").unwrap();
    let xdr = Model::builtin("xdr").unwrap();
    assert_eq!((model.name(), model.title(), model.languages()), ("ours", "Ours", xdr.languages()));
    let log_source = |category: &str| rulecast_ir::LogSource {
        product: Some("windows".into()),
        category: Some(category.into()),
        service: None,
        scopes: Vec::new(),
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
    assert_eq!(sources(model), sources(xdr) + 1);
}

#[test]
fn a_model_reads_other_things_in_the_place_of_those_of_the_one_it_extends() {
    let text = "\
name: sysmon
title: Ours
extends: sysmon
renamed: {sysmon_windows: our_sysmon}
scope: [{column: index, in: [main, edr]}]
sources:
  - when: {product: windows, category: dns_query}
    reads: {macro: sysmon_windows}
";
    let models = model(text);
    let sources = models.get("sysmon").unwrap().view(Dialect::Spl);
    let shown = |name: &str| {
        let one = sources.iter().find(|source| source.log_sources.iter().any(|one| one == name)).unwrap();
        format!("{}, where {}", one.reads, one.scope)
    };
    insta::assert_snapshot!(shown("windows/process_creation"), @r#"the macro `our_sysmon`, where index in ("main", "edr") and EventCode = 1"#);
    insta::assert_snapshot!(shown("linux/process_creation"), @r#"the macro `sysmon_linux`, where index in ("main", "edr") and EventCode = 1"#);
    insta::assert_snapshot!(shown("windows/dns_query"), @r#"the macro `sysmon_windows`, where index in ("main", "edr")"#);
    insta::assert_snapshot!(problems(&[&text.replace("{sysmon_windows:", "{sysmon_window:"), &format!("{HEAD}time: t\nrenamed: {{a: b}}\nsources: [{{when: {{}}, reads: everything}}]\n")]), @r#"
    error[invalid-model]: no source of `sysmon` reads `sysmon_window`
     --> 1.yml:4:11
      |
    4 | renamed: {sysmon_window: our_sysmon}
      |           ^^^^^^^^^^^^^
      |
      = help: did you mean `sysmon_windows`?

    error[invalid-model]: `renamed` is of what an extended model reads, and this extends none
     --> 2.yml:5:11
      |
    5 | renamed: {a: b}
      |           ^
    "#);
}
