use super::{BUILTIN, Model, Models};
use crate::Dialect;
use rulecast_diagnostics::{FileId, SourceMap, render};

mod extended;

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

/// Services and networks are no hosts.
fn is_of_hosts(entry: &super::SourceEntry) -> bool {
    ["windows", "linux", "macos"].map(Some).contains(&entry.when.product.as_deref()) && !entry.fields.is_empty()
}

#[test]
fn every_source_of_a_model_has_the_keys_that_sequences_join_on() {
    for entry in BUILTIN.iter().filter_map(|name| Model::builtin(name)).flat_map(|model| &model.sources) {
        assert!(entry.keys.contains_key("HostId") || !is_of_hosts(entry), "{:?}", entry.when);
    }
}

const HEAD: &str = "name: x\ntitle: X\nlanguages: [spl]\n";

/// The problems of files `1.yml`, `2.yml`, ….
fn problems(texts: &[&str]) -> String {
    let mut sources = SourceMap::new();
    let files: Vec<(FileId, &str)> =
        (1..).zip(texts).map(|(at, text)| (sources.add(format!("{at}.yml"), *text), *text)).collect();
    render::text(&Models::read(&files).1, &sources, false)
}

fn model(text: &str) -> Models {
    let (models, problems) = Models::read(&[(FileId(0), text)]);
    assert_eq!(problems, []);
    models
}

#[test]
fn all_that_is_wrong_is_told_at_its_place() {
    let text = "\
name: x
title: X
languages: [spl, eqll]
time: t
colour: red
columns:
  N: {type: lng}
  M: {type: long, mony: true}
  T: {many: 3}
groups:
  one:
    sama: [A]
    fields:
      A: {hexx: a}
      B: {hex: a, columns: b}
      C: {only: [{column: a, exists: true}]}
      D: {hash_columns: {CRC: b}}
      E: {basename: {path: p}}
      F: {property: {column: p}}
      G: {enum: {values: {a: {column: x}}}}
      A: again
      J: {columns: []}
      K: {only: [{column: a}, {any: []}, {column: a, equals: true}], columns: k}
sources:
  - when: {product: windows, categry: a}
    reads: nothing
  - when: {}
    reads: {index: x}
  - reads: everything
";
    insta::assert_snapshot!(problems(&[text]), @r#"
    error[invalid-model]: unknown value of `languages`: `eqll`
     --> 1.yml:3:18
      |
    3 | languages: [spl, eqll]
      |                  ^^^^
      |
      = help: did you mean `eql`?

    error[invalid-model]: unknown key of a data model: `colour`
     --> 1.yml:5:1
      |
    5 | colour: red
      | ^^^^^^
      |
      = help: known: `name`, `title`, `extends`, `languages`, `pass`, `scan`, `time`, `id`, `columns`, `groups`, `sources`, `renamed`, `scope`, `references`

    error[invalid-model]: unknown value of `type`: `lng`
     --> 1.yml:7:13
      |
    7 |   N: {type: lng}
      |             ^^^
      |
      = help: did you mean `long`?

    error[invalid-model]: unknown key of a column: `mony`
     --> 1.yml:8:19
      |
    8 |   M: {type: long, mony: true}
      |                   ^^^^
      |
      = help: did you mean `many`?

    error[invalid-model]: `many` needs `true` or `false`
     --> 1.yml:9:13
      |
    9 |   T: {many: 3}
      |             ^

    error[invalid-model]: unknown key of a group: `sama`
      --> 1.yml:12:5
       |
    12 |     sama: [A]
       |     ^^^^
       |
       = help: did you mean `same`?

    error[invalid-model]: unknown key of a field: `hexx`
      --> 1.yml:14:11
       |
    14 |       A: {hexx: a}
       |           ^^^^
       |
       = help: did you mean `hex`?

    error[invalid-model]: the field names two conversions, `columns` and `hex`
      --> 1.yml:15:11
       |
    15 |       B: {hex: a, columns: b}
       |           ^^^

    error[invalid-model]: the field names no column and no conversion
      --> 1.yml:16:11
       |
    16 |       C: {only: [{column: a, exists: true}]}
       |           ^^^^

    error[invalid-model]: the basename lacks `name`
      --> 1.yml:18:22
       |
    18 |       E: {basename: {path: p}}
       |                      ^^^^

    error[invalid-model]: the property lacks its `path`
      --> 1.yml:19:22
       |
    19 |       F: {property: {column: p}}
       |                      ^^^^^^

    error[invalid-model]: expected a list of tests
      --> 1.yml:20:30
       |
    20 |       G: {enum: {values: {a: {column: x}}}}
       |                              ^^^^^^^^^^^
       |
       = help: start each test with `- `

    error[duplicate-key]: duplicate key `A`
      --> 1.yml:21:7
       |
    14 |       A: {hexx: a}
       |       - first here
    ...
    21 |       A: again
       |       ^ stands here again
       |
       = help: merge the two, or rename one: a mapping holds each key once

    error[invalid-model]: `columns` names no column
      --> 1.yml:22:11
       |
    22 |       J: {columns: []}
       |           ^^^^^^^

    error[invalid-model]: a test is `column` with one of `equals`, `in` and `exists`, or `any` with a list of tests
      --> 1.yml:23:19
       |
    23 |       K: {only: [{column: a}, {any: []}, {column: a, equals: true}], columns: k}
       |                   ^^^^^^

    error[invalid-model]: expected text or a whole number
      --> 1.yml:23:62
       |
    23 |       K: {only: [{column: a}, {any: []}, {column: a, equals: true}], columns: k}
       |                                                              ^^^^
       |
       = help: put it in quotes

    error[invalid-model]: unknown key of a condition of a source: `categry`
      --> 1.yml:25:30
       |
    25 |   - when: {product: windows, categry: a}
       |                              ^^^^^^^
       |
       = help: did you mean `category`?

    error[invalid-model]: expected `any`, `everything`, or one of `category`, `dataset`, `macro` and `table` with a name
      --> 1.yml:26:12
       |
    26 |     reads: nothing
       |            ^^^^^^^

    error[invalid-model]: expected `any`, `everything`, or one of `category`, `dataset`, `macro` and `table` with a name
      --> 1.yml:28:13
       |
    28 |     reads: {index: x}
       |             ^^^^^

    error[invalid-model]: the source lacks `when`
      --> 1.yml:29:5
       |
    29 |   - reads: everything
       |     ^^^^^
    "#);
}

#[test]
fn parts_that_contradict_each_other_are_told_at_their_places() {
    let text = "\
name: x
title: X
languages: [spl]
columns:
  N: {type: long}
groups:
  one: {fields: {By: b, Way: {orientation: {initiated: a, accepted: b, by: By}}}}
  idle: {same: [A]}
sources:
  - when: {category: a}
    reads: {table: T}
    time: t
    groups: [one, oen]
    fields:
      P: {property: {column: p, path: [q]}}
      H: {hash_columns: {CRC: b}}
  - when: {category: b}
    reads: {macro: m}
    scope: [{column: N, equals: one}, {column: T, equals: 1}, {any: [{column: T, in: [1]}]}]
  - when: {category: c}
    language: kql
    time: t
    reads: {table: T}
";
    insta::assert_snapshot!(problems(&[text]), @r#"
    error[invalid-model]: the field `By` is no `enum` of this source
     --> 1.yml:7:76
      |
    7 |   one: {fields: {By: b, Way: {orientation: {initiated: a, accepted: b, by: By}}}}
      |                                                                            ^^

    warning[idle-group]: no source names the group `idle`
     --> 1.yml:8:3
      |
    8 |   idle: {same: [A]}
      |   ^^^^

    error[invalid-model]: `spl` cannot read the table `T`
      --> 1.yml:11:12
       |
    11 |     reads: {table: T}
       |            ^^^^^^^^^^

    error[invalid-model]: unknown group `oen`
      --> 1.yml:13:19
       |
    13 |     groups: [one, oen]
       |                   ^^^
       |
       = help: did you mean `one`?

    error[invalid-model]: no hash is called `CRC`
      --> 1.yml:16:26
       |
    16 |       H: {hash_columns: {CRC: b}}
       |                          ^^^

    error[invalid-model]: the source has no `time`, and neither has the data model
      --> 1.yml:17:5
       |
    17 |   - when: {category: b}
       |     ^^^^

    error[invalid-model]: the column `N` holds numbers, and this is text
      --> 1.yml:19:33
       |
    19 |     scope: [{column: N, equals: one}, {column: T, equals: 1}, {any: [{column: T, in: [1]}]}]
       |                                 ^^^
       |
       = help: write the value without quotes

    error[invalid-model]: the column `T` holds text, and this is a number
      --> 1.yml:19:59
       |
    19 |     scope: [{column: N, equals: one}, {column: T, equals: 1}, {any: [{column: T, in: [1]}]}]
       |                                                           ^
       |
       = help: put the value in quotes, or declare `T: {type: long}` under `columns`

    error[invalid-model]: the column `T` holds text, and this is a number
      --> 1.yml:19:87
       |
    19 |     scope: [{column: N, equals: one}, {column: T, equals: 1}, {any: [{column: T, in: [1]}]}]
       |                                                                                       ^
       |
       = help: put the value in quotes, or declare `T: {type: long}` under `columns`

    error[invalid-model]: the data model does not serve `kql`
      --> 1.yml:21:15
       |
    21 |     language: kql
       |               ^^^
    "#);
}

#[test]
fn the_most_specific_entry_serves() {
    let models = model(&format!(
        "{HEAD}time: t\nsources:
  - {{when: {{product: windows}}, reads: {{macro: any_windows}}}}
  - {{when: {{product: windows, category: [a, b]}}, reads: {{macro: a_or_b}}}}
"
    ));
    let model = models.get("x").unwrap();
    let log_source = |category: Option<&str>, service: Option<&str>| rulecast_ir::LogSource {
        product: Some("windows".into()),
        category: category.map(Into::into),
        service: service.map(Into::into),
        scopes: Vec::new(),
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
