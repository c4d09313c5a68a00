//! What queries assume of events: for each assumption, an event that breaks it, on which the query says something else
//! than the rule. And what the data models take for granted without a word on the query, the same way.
//!
//! `docs/reference/fidelity.md` lists both.

use rulecast_compile::{Allow, NoSquare, Outcome, Target, Unit, compile, square};
use rulecast_diagnostics::{FileId, Severity};
use rulecast_ir::{Assumption, Record, Rule, Scalar, Sigma};

fn rule(yaml: &str) -> Rule<Sigma> {
    let parsed = rulecast_rule::parse(FileId(0), yaml);
    let resolved = Unit::new(parsed.documents).resolve();
    let mut problems = parsed.diagnostics.iter().chain(&resolved.diagnostics);
    assert!(problems.all(|problem| problem.severity != Severity::Error), "{yaml}");
    resolved.rules.into_iter().last().expect("the last document is the rule")
}

/// A rule of one selection over any events, or over those of a log source.
fn selection(source: &str, item: &str) -> Rule<Sigma> {
    rule(&format!("title: t\nlogsource: {source}\ndetection:\n  s:\n    {item}\n  condition: s\n"))
}

const ANY: &str = "{category: any}";

fn event(id: u64, time: i64, fields: &[(&str, &[&str])]) -> Record {
    let values = |texts: &[&str]| texts.iter().map(|text| Scalar::Text((*text).to_owned())).collect();
    let fields = fields.iter().map(|(field, texts)| ((*field).to_owned(), values(texts))).collect();
    Record { id, time, fields, ..Record::default() }
}

fn one(fields: &[(&str, &[&str])]) -> Vec<Record> {
    vec![event(1, 0, fields)]
}

fn assumptions(rule: &Rule<Sigma>, target: Target) -> Vec<Assumption> {
    let Outcome::Queries(queries) = compile(rule, target, Allow::default()) else {
        panic!("{target} refuses the rule")
    };
    queries.into_iter().flat_map(|query| query.fidelity.assumptions).collect()
}

fn closes(rule: &Rule<Sigma>, target: Target, events: &[Record]) -> bool {
    square(rule, target, events).unwrap_or_else(|none| panic!("{target}: {none}")).closes()
}

/// The query agrees with the rule about `fine`, not about `breaking`, and names the assumption.
fn breaks(assumption: &Assumption, on: &str, rule: &Rule<Sigma>, fine: &[Record], breaking: &[Record]) {
    let target = Target::parse(on).expect("tests name targets");
    let assumed = assumptions(rule, target);
    assert!(assumed.contains(assumption), "{target} assumes {assumed:?}, not {assumption}");
    parts(on, rule, fine, breaking);
}

/// The query agrees with the rule about `fine`, not about `breaking`.
fn parts(on: &str, rule: &Rule<Sigma>, fine: &[Record], breaking: &[Record]) {
    let target = Target::parse(on).expect("tests name targets");
    assert!(closes(rule, target, fine), "{target} differs where nothing is broken");
    assert!(!closes(rule, target, breaking), "{target}: nothing is broken");
}

#[test]
fn an_empty_text_breaks_empty_is_missing() {
    let missing = selection(ANY, "f: null");
    let (fine, breaking) = (one(&[("f", &["a"])]), one(&[("f", &[""])]));
    breaks(&Assumption::EmptyIsMissing, "kql.none", &missing, &fine, &breaking);
    // Splunk may not have extracted the empty value, and then has an event without the field.
    let target = Target::parse("spl.none").unwrap();
    assert!(assumptions(&missing, target).contains(&Assumption::EmptyIsMissing));
    let meant = square(&missing, target, &one(&[("f", &[""])])).unwrap().rule;
    let found = square(&missing, target, &one(&[])).unwrap().queries;
    assert!(meant.is_empty() && !found.is_empty());
}

#[test]
fn two_values_break_single_valued() {
    // Splunk's `tonumber` and `cidrmatch` look at one value; what they make of several nobody has written down.
    let network = selection(ANY, "f|cidr: fe80::/10");
    let target = Target::parse("spl.none").unwrap();
    assert!(assumptions(&network, target).contains(&Assumption::SingleValued));
    assert!(closes(&network, target, &one(&[("f", &["fe80::1"])])));
    let several = square(&network, target, &one(&[("f", &["::1", "fe80::1"])]));
    assert!(matches!(several, Err(NoSquare::Evaluate { .. })), "{several:?}");
}

const PROCESSES: &str = "{category: process_creation, product: windows}";

#[test]
fn the_text_unknown_breaks_unknown_is_missing() {
    let missing = selection(PROCESSES, "CommandLine: null");
    let of = |text: &str| one(&[("Image", &["C:\\a.exe"]), ("CommandLine", &[text])]);
    breaks(&Assumption::UnknownIsMissing, "spl.tstats", &missing, &of("x"), &of("unknown"));
    let known = selection(PROCESSES, "CommandLine|contains: know");
    breaks(&Assumption::UnknownIsMissing, "spl.tstats", &known, &of("I know"), &of("unknown"));
    // Where nothing asks for it, it is a text like others.
    let other = selection(PROCESSES, "CommandLine|contains: abc");
    let target = Target::parse("spl.tstats").unwrap();
    assert!(!assumptions(&other, target).contains(&Assumption::UnknownIsMissing));
    assert!(closes(&other, target, &of("unknown")));
}

#[test]
fn two_values_of_summaries_break_single_valued() {
    let rule = rule(&format!(
        "title: t\nlogsource: {PROCESSES}\ndetection:\n  s: {{CommandLine|re: a}}\n  f: {{CommandLine|re: b}}\n  condition: s and not f\n"
    ));
    let of = |texts: &[&str]| one(&[("CommandLine", texts)]);
    breaks(&Assumption::SingleValued, "spl.tstats", &rule, &of(&["ab"]), &of(&["a", "b"]));
}

fn ordered(key: &str) -> Rule<Sigma> {
    let step = |name: &str| {
        format!("title: {name}\nname: {name}\nlogsource: {ANY}\ndetection:\n  s: {{f: {name}}}\n  condition: s\n---\n")
    };
    rule(&format!(
        "{}{}title: t\ncorrelation:\n  type: temporal_ordered\n  rules: [a, b]\n  group-by: [{key}]\n  timespan: 1m\n",
        step("a"),
        step("b")
    ))
}

#[test]
fn equal_times_break_unique_timestamps() {
    let event = |id, time, name| event(id, time, &[("f", &[name]), ("k", &["x"])]);
    let apart = [event(1, 0, "a"), event(2, 1000, "b")];
    let at_once = [event(1, 0, "a"), event(2, 0, "b")];
    let against = [event(2, 0, "a"), event(1, 0, "b")];
    let rule = ordered("k");
    // Kusto has no order among them, Splunk that of its index.
    breaks(&Assumption::UniqueTimestamps, "kql.none", &rule, &apart, &at_once);
    breaks(&Assumption::UniqueTimestamps, "spl.none", &rule, &apart, &against);
    // Elasticsearch has the order of a field that the rule does not know: here, against that of the events.
    let target = Target::parse("eql.none").unwrap();
    assert!(assumptions(&rule, target).contains(&Assumption::UniqueTimestamps));
    let (meant, found) = (square(&rule, target, &at_once).unwrap(), square(&rule, target, &against).unwrap());
    assert!(!meant.rule.is_empty() && found.queries.is_empty());
}

#[test]
fn another_case_of_a_letter_beyond_ascii_breaks_ascii() {
    let letter = selection(ANY, "f: é");
    breaks(&Assumption::Ascii, "spl.none", &letter, &one(&[("f", &["é"])]), &one(&[("f", &["É"])]));
}

#[test]
fn an_escaped_message_breaks_raw_text() {
    let keyword = rule("title: t\nlogsource: {category: any}\ndetection:\n  s: ['a<b']\n  condition: s\n");
    let plain = one(&[("f", &["a<b"])]);
    let escaped = vec![Record { raw: Some("<f>a&lt;b</f>".into()), ..event(1, 0, &[("f", &["a<b"])]) }];
    breaks(&Assumption::RawText, "spl.none", &keyword, &plain, &escaped);
}

#[test]
fn no_query_needs_the_presence_of_a_column() {
    // No event has the field, and no column of the index may be there: every query still answers as the rule does.
    for item in ["f: a", "f: null", "f|exists: true", "f|re: a", "f|gt: 5", "f|contains: ''"] {
        for source in ["s", "not s"] {
            let text = format!("title: t\nlogsource: {ANY}\ndetection:\n  s:\n    {item}\n  condition: {source}\n");
            let rule = rule(&text);
            for target in Target::ALL.into_iter().filter(|target| target.model == "none") {
                assert!(closes(&rule, target, &one(&[("g", &["a"])])), "{target}: {item} {source}");
                assert!(!assumptions(&rule, target).contains(&Assumption::Presence), "{target}: {item}");
            }
        }
    }
}

const PROCESS: &str = "{category: process_creation, product: windows}";
const REGISTRY: &str = "{category: registry_set, product: windows}";

#[test]
fn other_names_of_a_registry_path_break_its_mapping() {
    let mapping = Assumption::Mapping("TargetObject".into());
    // A regex that is found in a hive's long name, which the event of the rule does not have.
    let part = selection(REGISTRY, "TargetObject|re: Y_LOCAL");
    let events = |path: &str| one(&[("TargetObject", &[path])]);
    breaks(&mapping, "kql.xdr", &part, &events("HKU\\S\\a"), &events("HKLM\\SOFTWARE\\a"));
    // A text is told from it, and so is a part of the name that Sysmon gives the value without one.
    let target = Target::parse("kql.xdr").unwrap();
    assert!(closes(&selection(REGISTRY, "TargetObject|contains: Y_LOCAL"), target, &events("HKLM\\SOFTWARE\\a")));
    assert!(closes(&selection(REGISTRY, "TargetObject|contains: Defau"), target, &events("HKLM\\a\\(Default)")));
}

#[test]
fn events_of_another_platform_break_the_mapping_of_the_product() {
    let on_windows = selection(PROCESS, "CommandLine|contains: curl");
    let target = Target::parse("kql.xdr").unwrap();
    assert!(assumptions(&on_windows, target).contains(&Assumption::Mapping("product".into())));
    let of = |product: &str| {
        let source = rulecast_ir::RecordSource {
            product: Some(product.into()),
            category: Some("process_creation".into()),
            service: None,
        };
        vec![Record { log_sources: Some(vec![source]), ..event(1, 0, &[("CommandLine", &["curl"])]) }]
    };
    assert!(closes(&on_windows, target, &of("windows")));
    assert!(!closes(&on_windows, target, &of("linux")));
}

#[test]
fn an_ipv4_address_mapped_into_ipv6_breaks_a_mapping_on_splunk() {
    let network = selection(ANY, "f|cidr: 10.0.0.0/8");
    let mapping = Assumption::Mapping("f".into());
    let (fine, breaking) = (one(&[("f", &["10.1.2.3"])]), one(&[("f", &["::ffff:10.1.2.3"])]));
    breaks(&mapping, "spl.none", &network, &fine, &breaking);
}

// What is taken for granted, without a word on the query.

#[test]
fn a_path_holds_a_separator() {
    let name = selection(PROCESS, "Image|endswith: \\cmd.exe");
    for target in ["eql.ecs", "kql.xdr"] {
        parts(target, &name, &one(&[("Image", &["C:\\cmd.exe"])]), &one(&[("Image", &["cmd.exe"])]));
    }
}

#[test]
fn a_domain_of_a_user_is_not_empty() {
    let name = selection(PROCESS, "User|endswith: \\ab");
    let (fine, breaking) = (one(&[("User", &["CORP\\ab"])]), one(&[("User", &["\\ab"])]));
    parts("kql.xdr", &name, &fine, &breaking);
    // One without a domain is told apart.
    assert!(closes(&name, Target::parse("kql.xdr").unwrap(), &one(&[("User", &["ab"])])));
}

#[test]
fn an_event_has_one_user() {
    let name = selection(PROCESS, "User: ab");
    let (fine, breaking) = (one(&[("User", &["ab"])]), one(&[("User", &["CORP\\x", "ab"])]));
    parts("eql.ecs", &name, &fine, &breaking);
}

#[test]
fn a_connection_of_defender_has_a_direction() {
    let source = "{category: network_connection, product: windows}";
    let yaml = format!("title: t\nlogsource: {source}\ndetection:\n  s: {{Initiated: 'true'}}\n  condition: not s\n");
    parts("kql.xdr", &rule(&yaml), &one(&[("Initiated", &["false"])]), &one(&[("Image", &["C:\\a"])]));
}

#[test]
fn a_column_of_numbers_holds_numbers() {
    let number = selection(PROCESS, "ProcessId|gte: 80");
    parts("spl.sysmon", &number, &one(&[("ProcessId", &["81"])]), &one(&[("ProcessId", &["e"])]));
}

#[test]
fn a_column_of_addresses_holds_addresses() {
    let missing = selection("{category: network_connection, product: windows}", "DestinationIp: null");
    parts("eql.ecs", &missing, &one(&[("DestinationIp", &["10.1.2.3"])]), &one(&[("DestinationIp", &["-"])]));
}

#[test]
fn an_address_has_no_prefix_behind_it() {
    let network = selection(ANY, "f|cidr: 10.0.0.0/8");
    parts("kql.none", &network, &one(&[("f", &["10.1.2.3"])]), &one(&[("f", &["10.1.2.3/8"])]));
}

#[test]
fn a_column_of_kusto_holds_one_value() {
    let second = selection(ANY, "f: b");
    parts("kql.none", &second, &one(&[("f", &["b"])]), &one(&[("f", &["a", "b"])]));
}

#[test]
fn splunk_takes_the_kelvin_sign_for_a_k() {
    let letter = selection(ANY, "f|re|i: 'k[0-9]'");
    parts("spl.none", &letter, &one(&[("f", &["K1"])]), &one(&[("f", &["\u{212a}1"])]));
    let long = selection(ANY, "f|re|i: 's[0-9]'");
    parts("spl.none", &long, &one(&[("f", &["S1"])]), &one(&[("f", &["\u{17f}1"])]));
}
