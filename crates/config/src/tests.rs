use crate::{Level, parse};
use rulecast_compile::{Allow, Models, Target};
use rulecast_diagnostics::{Severity, SourceMap, render};

fn problems(text: &str) -> String {
    let mut sources = SourceMap::new();
    let file = sources.add("rulecast.toml", text);
    render::text(&parse(file, text).diagnostics, &sources, false)
}

#[test]
fn every_key_of_the_reference_page_is_read() {
    let mut text = String::new();
    for key in crate::KEYS {
        text.push_str(key.example);
        text.push('\n');
    }
    let parsed = parse(rulecast_diagnostics::FileId(0), &text);
    assert_eq!(parsed.diagnostics, []);
    let config = parsed.config;
    assert_eq!(config.rules[0].node, "rules");
    let models = Models::default();
    let targets = config.targets(&models).unwrap();
    assert_eq!(targets, ["eql.ecs", "spl.sysmon", "kql.xdr"].map(|target| Target::parse(target).unwrap()));
    assert_eq!(config.models[0].node, "models/ours.yml");
    assert_eq!(config.allow, Allow { over: true, under: false });
    assert_eq!(config.pipelines[0].node, "pipelines/own.yml");
    assert_eq!(config.placeholders[0].node, "placeholders.yml");
    let lints: Vec<_> = config.lints.iter().map(|(name, level)| (name.as_str(), *level)).collect();
    assert_eq!(lints, [("no-description", Level::Off), ("no-id", Level::As(Severity::Error))]);
    assert_eq!(config.suppress[0].lint.node, "untested");
    let scopes: Vec<&str> = config.scope.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(scopes, ["spl.sysmon", "kql.xdr", "eql.ecs"]);
    assert_eq!(config.scope[1].1.parts[0].1.table.as_ref().unwrap().node, "OurProcesses");
    assert_eq!(config.scope[2].1.index[0].node, "logs-endpoint.events.*");
}

#[test]
fn an_empty_file_says_nothing() {
    let parsed = parse(rulecast_diagnostics::FileId(0), "# later\n");
    assert_eq!((parsed.config, parsed.diagnostics), (crate::Config::default(), Vec::new()));
}

#[test]
fn all_problems_are_reported() {
    let text = "\
target = ['eql']
rules = 'rules'
targets = ['eql.ecs', 'eql.esc', 3]
allow = ['maybe']

[lints]
no-idd = 'off'
no-id = 'loud'

[[suppress]]
rule = 'x'
lint = 'untestet'
because = 'no'
";
    insta::assert_snapshot!(problems(text), @r#"
    error[unknown-key]: there is no key `target` in a configuration
     --> rulecast.toml:1:1
      |
    1 | target = ['eql']
      | ^^^^^^
      |
      = help: did you mean `targets`?

    error[wrong-value-type]: expected a list of paths, found `rules`
     --> rulecast.toml:2:9
      |
    2 | rules = 'rules'
      |         ^^^^^^^

    error[unknown-target]: unknown target `eql.esc`; the targets are eql.ecs, eql.winlogbeat, eql.none, spl.sysmon, spl.winlog, spl.cim, spl.tstats, spl.none, kql.xdr, kql.asim, kql.securityevent, kql.none
     --> rulecast.toml:3:23
      |
    3 | targets = ['eql.ecs', 'eql.esc', 3]
      |                       ^^^^^^^^^

    error[wrong-value-type]: expected a target, found a number
     --> rulecast.toml:3:34
      |
    3 | targets = ['eql.ecs', 'eql.esc', 3]
      |                                  ^

    error[unknown-verdict]: expected `over` or `under`, found `maybe`
     --> rulecast.toml:4:10
      |
    4 | allow = ['maybe']
      |          ^^^^^^^

    error[unknown-key]: there is no lint `no-idd` in a configuration
     --> rulecast.toml:7:1
      |
    7 | no-idd = 'off'
      | ^^^^^^
      |
      = help: did you mean `no-id`?

    error[wrong-value-type]: expected `off`, `note`, `warning` or `error`, found `loud`
     --> rulecast.toml:8:9
      |
    8 | no-id = 'loud'
      |         ^^^^^^

    error[missing-key]: the suppression lacks its `reason`
      --> rulecast.toml:10:1
       |
    10 | [[suppress]]
       | ^^^^^^^^^^^^

    error[unknown-lint]: there is no lint `untestet`
      --> rulecast.toml:12:8
       |
    12 | lint = 'untestet'
       |        ^^^^^^^^^^
       |
       = help: did you mean `untested`?

    error[unknown-key]: there is no key `because` in a configuration
      --> rulecast.toml:13:1
       |
    13 | because = 'no'
       | ^^^^^^^
       |
       = help: it can be `rule`, `lint`, `reason`
    "#);
}

#[test]
fn what_is_no_toml() {
    insta::assert_snapshot!(problems("rules = [\"a\"\ntargets = eql\n"), @r#"
    error[invalid-toml]: missing comma between array elements, expected `,`
     --> rulecast.toml:2:1
      |
    2 | targets = eql
      | ^

    error[invalid-toml]: invalid boolean, expected `true`
     --> rulecast.toml:2:1
      |
    2 | targets = eql
      | ^^^^^^^

    error[invalid-toml]: unexpected `=` in array, expected value, `]`
     --> rulecast.toml:2:9
      |
    2 | targets = eql
      |         ^

    error[invalid-toml]: missing comma between array elements, expected `,`
     --> rulecast.toml:2:11
      |
    2 | targets = eql
      |           ^

    error[invalid-toml]: string values must be quoted, expected literal string
     --> rulecast.toml:2:11
      |
    2 | targets = eql
      |           ^^^

    error[invalid-toml]: unclosed array, expected `]`
     --> rulecast.toml:2:14
      |
    2 | targets = eql
      |              ^
    "#);
}

#[test]
fn the_schema_names_every_key() {
    let schema: serde_json::Value = serde_json::from_str(&crate::schema()).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    assert_eq!(properties.len(), crate::KEYS.len());
    assert!(crate::KEYS.iter().all(|key| properties.contains_key(key.name)));
}
