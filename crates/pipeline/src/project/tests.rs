use super::{project, schema};
use crate::testing::{event, item, log_source, mapped_rule, record, rows, rule};
use crate::{Dialect, Model, map};
use rulecast_ir::{ColumnType, Logic, Record, RecordSource, Row, Scalar};

/// The one value of a column, as text.
fn value(row: &Row, column: &str) -> Option<String> {
    match row.values(column) {
        [one] => Some(one.text()),
        _ => None,
    }
}

#[test]
fn the_scope_of_its_source_holds_of_a_row() {
    let [row] = rows("ecs", "linux/process_creation", &[]).try_into().unwrap();
    for (column, expected) in [
        ("event.category", "process"),
        ("event.type", "start"),
        ("event.action", "exec"),
        ("host.os.type", "linux"),
        ("event.id", "7"),
    ] {
        assert_eq!(value(&row, column).as_deref(), Some(expected), "{column}");
    }
    assert_eq!((&*row.relation, &*row.time_column, row.id), ("events", "@timestamp", 7));

    let [row] = rows("xdr", "windows/process_creation", &[("HostId", "d1")]).try_into().unwrap();
    assert_eq!(&*row.relation, "DeviceProcessEvents");
    assert_eq!(row.values("ReportId"), [Scalar::Integer(7)]);
    assert_eq!(value(&row, "DeviceId").as_deref(), Some("d1"));
    assert_eq!(value(&row, "ActionType").as_deref(), Some("ProcessCreated"));
}

#[test]
fn an_event_of_another_source_has_no_row() {
    let types = <_>::default();
    let sysmon = |record: &Record| {
        let mut rows = project(record, Model::builtin("sysmon").unwrap(), Dialect::Spl, &types);
        // The events of a product are in what holds any of it, too.
        rows.retain(|row| &*row.relation == "sysmon_windows");
        rows
    };
    let [row] = sysmon(&record("windows/process_creation", &[("EventID", "1")])).try_into().unwrap();
    assert_eq!(value(&row, "EventCode").as_deref(), Some("1"));
    assert!(sysmon(&record("windows/process_creation/security", &[("EventID", "4688")])).is_empty());
    assert!(rows("xdr", "windows/registry_set", &[("EventType", "CreateKey")]).is_empty());
}

#[test]
fn what_several_sources_of_one_relation_hold_is_one_row() {
    let mut event = record("windows/registry_set", &[("EventType", "SetValue"), ("TargetObject", r"HKLM\a\b")]);
    event.log_sources.as_mut().unwrap().push(RecordSource {
        product: Some("windows".into()),
        category: Some("registry_event".into()),
        service: None,
    });
    let of = |name: &str, language| {
        let model = Model::builtin(name).unwrap();
        project(&event, model, language, &<_>::default())
    };
    let [row] = of("xdr", Dialect::Kql).try_into().unwrap();
    assert_eq!(value(&row, "ActionType").as_deref(), Some("RegistryValueSet"));
    let [_, row] = of("sysmon", Dialect::Spl).try_into().unwrap();
    assert_eq!((&*row.relation, value(&row, "EventCode").as_deref()), ("sysmon_windows", Some("13")));
    assert_eq!(of("ecs", Dialect::Eql).len(), 1);
}

#[test]
fn a_key_of_several_columns_tells_processes_apart() {
    let key = |source: &str, guid: &str| {
        let [row] = rows("xdr", source, &[("ProcessGuid", guid)]).try_into().unwrap();
        let model = Model::builtin("xdr").unwrap();
        let entry = model.serving(&log_source(source), Dialect::Kql)[0];
        let places = &entry.keys["ProcessGuid"];
        assert_eq!(places.len(), 3);
        places.iter().map(|place| value(&row, place.column.name()).unwrap()).collect::<Vec<_>>()
    };
    let (process, connection) = ("windows/process_creation", "windows/network_connection");
    assert_eq!(key(process, "{a}"), key(connection, "{a}"));
    assert_ne!(key(process, "{a}"), key(connection, "{b}"));
}

#[test]
fn without_a_model_the_rule_tells_the_types() {
    let predicate = Logic::all([item("n|number", &["5"]), item("t", &["5"])]);
    let model = Model::builtin("none").unwrap();
    let mapped = map(&rule(event(log_source("windows/any"), predicate)), model, Dialect::Kql).unwrap();
    let types = schema(&mapped, model, Dialect::Kql);
    assert_eq!(types.relations["Events"]["n"], ColumnType::Long);
    assert_eq!(types.relations["Events"]["t"], ColumnType::Text);
    let mut event = record("windows/any", &[("n", "5"), ("m", "x")]);
    event.fields.insert("t".into(), vec![Scalar::Integer(5)]);
    let [row] = project(&event, model, Dialect::Kql, &types).try_into().unwrap();
    assert_eq!(row.values("n"), [Scalar::Integer(5)]);
    assert_eq!(row.values("t"), [Scalar::Text("5".into())]);
    assert_eq!(row.values("m"), [Scalar::Text("x".into())]);
    assert_eq!(row.values("EventId"), [Scalar::Text("7".into())]);
    let [row] = project(&record("windows/any", &[("n", "x")]), model, Dialect::Kql, &types).try_into().unwrap();
    assert_eq!(row.values("n"), []);
}

#[test]
fn splunk_keeps_the_text_of_every_event() {
    let [_, row] =
        rows("sysmon", "windows/process_creation", &[("CommandLine", "a b"), ("Unknown", "c")]).try_into().unwrap();
    assert_eq!(&*row.relation, "sysmon_windows");
    assert_eq!(row.raw.as_deref(), Some("a b\nc"));
    assert_eq!(row.values("Unknown"), []);
}

#[test]
fn the_schema_has_every_column_of_a_source() {
    let mapped = mapped_rule("xdr", Dialect::Kql, "windows/dns_query", Logic::True).unwrap();
    let types = schema(&mapped, Model::builtin("xdr").unwrap(), Dialect::Kql);
    let process = &types.relations["DeviceProcessEvents"];
    for (column, expected) in [
        ("Timestamp", ColumnType::DateTime),
        ("ReportId", ColumnType::Long),
        ("ActionType", ColumnType::Text),
        ("ProcessCreationTime", ColumnType::DateTime),
        ("FileName", ColumnType::Text),
    ] {
        assert_eq!(process[column], expected, "{column}");
    }
    assert_eq!(types.relations["DeviceEvents"]["AdditionalFields"], ColumnType::Text);
}
