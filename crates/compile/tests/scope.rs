//! What a repository and a rule say that targets read: the rows of events are those that the query reads.

use rulecast_compile::{Language, Models, Square, Target, Unit, square};
use rulecast_diagnostics::{FileId, Span, Spanned};
use rulecast_ir::{Record, RecordSource, Rule, Scalar, Sigma};
use rulecast_rule::ast::{Node, Scope};

const RULE: &str = "\
title: T
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: who, Image|endswith: '\\a.exe'}
  condition: sel
";

fn rule(targets: &str) -> Rule<Sigma> {
    let parsed = rulecast_rule::parse(FileId(0), &format!("{RULE}{targets}"));
    assert!(!parsed.has_errors(), "{:#?}", parsed.diagnostics);
    Unit::new(parsed.documents).resolve().rules.pop().expect("the rule")
}

fn scope(language: Language, yaml: &str) -> Scope {
    let (documents, problems) = rulecast_rule::nodes(FileId(0), yaml);
    assert_eq!(problems, []);
    let Some(Spanned { node: Node::Map(entries), .. }) = documents.into_iter().next() else { panic!("a mapping") };
    let mut problems = Vec::new();
    let scope = rulecast_rule::scope(language.name(), &entries, &[], &mut problems);
    assert_eq!(problems, []);
    scope
}

fn record(id: u64, fields: &[(&str, &str)]) -> Record {
    let field = |(name, value): &(&str, &str)| ((*name).to_owned(), vec![Scalar::Text((*value).to_owned())]);
    let source =
        RecordSource { product: Some("windows".into()), category: Some("process_creation".into()), service: None };
    Record { id, log_sources: Some(vec![source]), fields: fields.iter().map(field).collect(), ..Record::default() }
}

fn events() -> Vec<Record> {
    vec![
        record(0, &[("CommandLine", "whoami"), ("Image", r"C:\a.exe"), ("User", r"A\b")]),
        record(1, &[("CommandLine", "whoami"), ("Image", r"C:\b.exe"), ("User", r"A\b")]),
        record(2, &[("CommandLine", "other"), ("Image", r"C:\a.exe")]),
    ]
}

fn answer(models: &Models, target: &str, rule: &Rule<Sigma>) -> Square {
    let target = Target::parse_of(target, models).expect("a target");
    square(rule, target, &events()).unwrap_or_else(|error| panic!("{target}: {error}"))
}

#[test]
fn the_square_closes_with_whatever_is_read() {
    let said = [
        ("eql.ecs", "index: [a-*]\nwhere: [{column: host.name, in: [x, y]}, {column: agent.id, exists: true}]"),
        ("eql.winlogbeat", "where: [{any: [{column: tags, equals: x}, {column: labels.a, exists: false}]}]"),
        ("eql.none", "where: [{column: host.name, equals: x}, {column: number, equals: 3}]"),
        ("spl.sysmon", "sysmon_windows: {macro: ours}\nwhere: [{column: host, in: [x, '4']}]"),
        ("spl.sysmon", "sysmon_windows: {index: ['win*', other], sourcetype: 'Xml*Sysmon'}"),
        ("spl.winlog", "windows_eventlog: {index: main, where: [{column: host, equals: x}]}"),
        ("spl.tstats", "where: [{column: dest, in: [x, y]}]"),
        ("spl.none", "index: [main, 'b*']"),
        ("spl.none", "macro: ours"),
        ("kql.xdr", "DeviceProcessEvents: {table: Ours}\nwhere: [{column: DeviceName, in: [x, y]}]"),
        ("kql.asim", "_Im_ProcessEvent: {table: OurProcesses}\nwhere: [{column: DvcId, equals: x}]"),
        ("kql.none", "table: Ours\nwhere: [{column: Tenant, equals: 3}]"),
    ];
    for (name, yaml) in said {
        let language = Target::parse(name).unwrap().language;
        let model = name.split_once('.').unwrap().1;
        // Of the repository.
        let mut models = Models::default();
        assert_eq!(Target::read_by(&mut models, language, model, &scope(language, yaml)), Ok(true), "{name}: {yaml}");
        let found = answer(&models, name, &rule(""));
        assert!(found.closes() && found.rule.len() == 1, "{name}: {yaml}\n{found:#?}");
        let repository = found.each[0].0.text.clone();
        assert_ne!(
            name.starts_with("eql") && !yaml.contains("where"),
            repository != answer(&Models::default(), name, &rule("")).each[0].0.text,
            "{name}: {yaml}\n{repository}"
        );
        // Of the rule: the same, as far as the rule reads it.
        let indented = yaml.replace('\n', "\n    ");
        let found = answer(&Models::default(), name, &rule(&format!("targets:\n  {name}:\n    {indented}\n")));
        assert!(found.closes(), "{name}: {yaml}\n{found:#?}");
        assert_eq!(found.each[0].0.text, repository);
    }
}

#[test]
fn an_event_that_contradicts_what_is_asked_is_not_read() {
    let asks_another = rule(
        "targets: {kql.xdr: {where: [{column: AccountDomain, equals: B}]}, spl.sysmon: {where: [{column: User, equals: x}]}}\n",
    );
    for name in ["kql.xdr", "spl.sysmon"] {
        let found = answer(&Models::default(), name, &asks_another);
        assert_eq!((found.rule.len(), found.queries.len()), (1, 0), "{name}");
    }
}

#[test]
fn what_is_said_is_equal_wherever_it_is_said() {
    let one = scope(Language::Spl, "sysmon_windows: {macro: a}\nwhere: [{any: [{column: a, in: [b, 1]}]}]");
    let other = scope(Language::Spl, "\n\nsysmon_windows:\n  macro: a\nwhere:\n  - any: [{column: a, in: [b, 1]}]");
    assert!(one.says_the_same(&other) && one != other);
    assert!(!one.says_the_same(&scope(Language::Spl, "sysmon_windows: {macro: b}")));
    assert!(Scope { span: Span::default(), ..Scope::default() }.is_empty());
}
