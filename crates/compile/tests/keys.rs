//! Fields that stand in several columns, as keys and measures of correlations; and columns that pipelines name.

use rulecast_compile::processing::{Files, Pipelines};
use rulecast_compile::{Allow, Outcome, Query, Target, Unit, compile};
use rulecast_diagnostics::FileId;

struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<String, String> {
        Err("no files".to_owned())
    }
}

fn query(text: &str, pipeline: Option<&str>, target: &str) -> Query {
    let parsed = rulecast_rule::parse(FileId(0), text);
    assert!(!parsed.has_errors(), "{:#?}", parsed.diagnostics);
    let texts: Vec<(FileId, &str)> = pipeline.into_iter().map(|text| (FileId(1), text)).collect();
    let (pipelines, problems) = Pipelines::read(&texts, &NoFiles);
    assert_eq!(problems, []);
    let rule = Unit::new(parsed.documents).resolve_with(&pipelines).0.rules.pop().expect("the rule");
    match compile(&rule, Target::parse(target).expect("a target"), Allow::default()) {
        Outcome::Queries(mut queries) => queries.swap_remove(0),
        other => panic!("{target}: {other:#?}"),
    }
}

fn correlation(rest: &str) -> String {
    format!(
        "title: Base\nname: base\nlogsource: {{category: process_creation, product: windows}}\ndetection:\n  s: \
         {{CommandLine|contains: whoami}}\n  condition: s\n---\ntitle: Many\ncorrelation:\n  rules: [base]\n  timespan: 5m\n{rest}"
    )
}

#[test]
fn that_a_user_has_a_domain_is_an_assumption_of_a_correlation_by_users() {
    let by_user = correlation("  type: event_count\n  group-by: [User]\n  condition: {gte: 3}\n");
    let of_users = correlation("  type: value_count\n  group-by: [Computer]\n  condition: {field: User, gte: 3}\n");
    let by_host = correlation("  type: event_count\n  group-by: [Computer]\n  condition: {gte: 3}\n");
    let rests = |text: &str, target: &str| {
        let found = query(text, None, target);
        found.fidelity.assumptions.iter().any(|one| one.to_string() == "mapping:User")
    };
    assert!(rests(&by_user, "kql.xdr") && rests(&by_user, "eql.ecs"));
    assert!(rests(&of_users, "kql.xdr"));
    assert!(!rests(&by_host, "kql.xdr"));
    // One column holds the whole of it.
    assert!(!rests(&by_user, "spl.sysmon"));
}

#[test]
fn a_renamed_field_is_the_element_of_its_own_source() {
    let rule = "title: T\nlogsource: {product: windows, service: system}\ndetection:\n  s: {ImagePath: x.exe}\n  condition: s\n";
    let pipeline = "name: p\ntransformations: [{type: field_name_mapping, mapping: {ImagePath: ServiceName}}]\n";
    insta::assert_snapshot!(query(rule, Some(pipeline), "kql.securityevent").text, @r#"
    Event
    | where EventLog =~ "System"
    | extend EventData_ServiceName = replace_strings(extract(@"<Data Name=""ServiceName"">([^<]*)<", 1, EventData), dynamic(["&lt;", "&gt;", "&quot;", "&apos;", "&amp;"]), dynamic(["<", ">", "\"", "'", "&"]))
    | where EventData_ServiceName =~ "x.exe"
    "#);
}

#[test]
fn what_a_pipeline_asks_and_the_scope_has_asked_is_asked_once() {
    let rule = "title: T\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s: {CommandLine: x}\n  \
                condition: s\n";
    let pipeline = "name: p\ntransformations: [{type: add_condition, conditions: {EventID: 1}}]\n";
    insta::assert_snapshot!(query(rule, Some(pipeline), "spl.sysmon").text, @r#"`sysmon_windows` AND EventCode=1 AND CommandLine="x""#);
}
