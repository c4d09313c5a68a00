//! Keys, measures and output stand in columns of each step's own source.

use crate::testing::{event, item, log_source, rule, show_column, show_refusal};
use crate::{Dialect, Model, map};
use insta::assert_snapshot;
use rulecast_ir::{
    Body, Classification, Column, Correlation, Field, Key, Mapped, Measure, Output, OutputField, Rule, Sequence, Sigma,
    Step,
};
use rulecast_rule::ast::CorrelationKind;
use std::sync::Arc;

fn step(source: &str, keys: &[&str]) -> Step<Sigma> {
    let key = |name: &&str| Key { fields: vec![Field::Sigma((*name).into())], span: <_>::default() };
    Step {
        name: source.into(),
        body: event(log_source(source), item("Image|endswith", &[r"\msiexec.exe"])),
        keys: keys.iter().map(key).collect(),
        span: <_>::default(),
    }
}

fn sequence(keys: &[&str]) -> Rule<Sigma> {
    rule(Body::Sequence(Sequence {
        steps: vec![step("windows/process_creation", keys), step("windows/network_connection", keys)],
        keys: keys.iter().map(|key| (*key).into()).collect(),
        timespan: 60,
        until: None,
        span: <_>::default(),
    }))
}

/// The keys of each step, one step a line.
fn keys(model: &str, keys: &[&str]) -> String {
    let model = Model::builtin(model).unwrap();
    let rule = match map(&sequence(keys), model, model.languages()[0]) {
        Ok(rule) => rule,
        Err(refusals) => return refusals.iter().map(show_refusal).collect::<Vec<_>>().join("\n"),
    };
    let Body::Sequence(sequence) = rule.body else { panic!() };
    let step = |step: &Step<Mapped>| {
        let key =
            |key: &Key<Mapped>| key.fields.iter().map(|column| show_column(column)).collect::<Vec<_>>().join(" + ");
        step.keys.iter().map(key).collect::<Vec<_>>().join(", ")
    };
    sequence.steps.iter().map(step).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_keys_of_identity_are_of_each_table() {
    assert_snapshot!(keys("ecs", &["HostId", "UserId", "ProcessGuid"]), @r#"
    host.id, user.id, process.entity_id
    host.id, user.id, process.entity_id
    "#);
    assert_snapshot!(keys("sysmon", &["HostId", "UserId", "ProcessGuid"]), @r#"
    host, User, ProcessGuid
    host, User, ProcessGuid
    "#);
    assert_snapshot!(keys("xdr", &["HostId", "UserId", "ProcessGuid"]), @r#"
    DeviceId, AccountName, DeviceId + ProcessId + ProcessCreationTime
    DeviceId, InitiatingProcessAccountName, DeviceId + InitiatingProcessId + InitiatingProcessCreationTime
    "#);
    assert_snapshot!(keys("none", &["HostId", "Whatever"]), @r#"
    HostId, Whatever
    HostId, Whatever
    "#);
}

#[test]
fn a_field_is_a_key_if_columns_equal_it() {
    assert_snapshot!(keys("xdr", &["Image", "User", "Computer"]), @r#"
    FolderPath, AccountDomain + AccountName, DeviceName
    InitiatingProcessFolderPath, InitiatingProcessAccountDomain + InitiatingProcessAccountName, DeviceName
    "#);
    assert_snapshot!(keys("xdr", &["Initiated", "Imag"]), @r#"
    unmapped-field at 0: the data model `xdr` has no column for `Initiated` in `windows/process_creation` (map it to a column with a processing pipeline)
    unmapped-field at 0: the data model `xdr` has no column for `Imag` in `windows/process_creation` (did you mean `Image`?)
    sequence at 0: no column of the data model `xdr` equals the key `Initiated` (join on `HostId`, `UserId` or `ProcessGuid`)
    unmapped-field at 0: the data model `xdr` has no column for `Imag` in `windows/network_connection` (did you mean `Image`?)
    "#);
}

#[test]
fn a_measure_is_of_the_members_columns() {
    let user = || vec![Field::Sigma("User".into())];
    let correlation = Correlation {
        measure: Measure { kind: CorrelationKind::ValueCount, fields: vec![user(), user()], percentile: None },
        members: vec![step("windows/process_creation", &["HostId"]), step("linux/process_creation", &["HostId"])],
        keys: vec!["HostId".into()],
        timespan: 60,
        thresholds: Vec::new(),
        condition: None,
        span: <_>::default(),
    };
    let rule = map(&rule(Body::Correlation(correlation)), Model::builtin("xdr").unwrap(), Dialect::Kql).unwrap();
    let Body::Correlation(mapped) = rule.body else { panic!() };
    let names =
        |columns: &Vec<Arc<Column>>| columns.iter().map(|column| show_column(column)).collect::<Vec<_>>().join(" + ");
    let measured = mapped.measure.fields.iter().map(names).collect::<Vec<_>>();
    assert_eq!(measured, ["AccountDomain + AccountName", "AccountName"]);
}

#[test]
fn a_measured_number_stands_in_one_column() {
    let correlation = Correlation {
        measure: Measure {
            kind: CorrelationKind::ValueSum,
            fields: vec![vec![Field::Sigma("User".into())]],
            percentile: None,
        },
        members: vec![step("windows/process_creation", &["HostId"])],
        keys: vec!["HostId".into()],
        timespan: 60,
        thresholds: Vec::new(),
        condition: None,
        span: <_>::default(),
    };
    let refused = map(&rule(Body::Correlation(correlation)), Model::builtin("xdr").unwrap(), Dialect::Kql);
    assert_snapshot!(show_refusal(&refused.unwrap_err()[0]), @"type at 0: `User` stands in `AccountDomain` and `AccountName`, so that it is no number to be measured");
}

#[test]
fn an_end_of_a_connection_is_measured_where_the_rule_says_who_began_it() {
    let measured = |test| {
        let body = event(log_source("windows/network_connection"), test);
        let keys = vec![Key { fields: vec![Field::Sigma("SourceIp".into())], span: <_>::default() }];
        let correlation = Correlation {
            measure: Measure {
                kind: CorrelationKind::ValueCount,
                fields: vec![vec![Field::Sigma("DestinationPort".into())]],
                percentile: None,
            },
            members: vec![Step { name: "a".into(), body, keys, span: <_>::default() }],
            keys: vec!["SourceIp".into()],
            timespan: 60,
            thresholds: Vec::new(),
            condition: None,
            span: <_>::default(),
        };
        match map(&rule(Body::Correlation(correlation)), Model::builtin("xdr").unwrap(), Dialect::Kql) {
            Err(refusals) => refusals.iter().map(show_refusal).collect::<Vec<_>>().join("\n"),
            Ok(Rule { body: Body::Correlation(mapped), .. }) => {
                format!("{} by {}", mapped.measure.fields[0][0].name(), mapped.members[0].keys[0].fields[0].name())
            }
            Ok(_) => unreachable!("the rule is a correlation"),
        }
    };
    assert_eq!(measured(item("Initiated", &["true"])), "RemotePort by LocalIP");
    assert_eq!(measured(item("Initiated", &["false"])), "LocalPort by RemoteIP");
    assert_snapshot!(measured(item("Image|endswith", &[r"\x.exe"])), @r#"
    sequence at 0: no column of the data model `xdr` equals the key `SourceIp` (ask for the connections that one side began: `Initiated: 'true'`)
    correlation at 0: no column of the data model `xdr` equals the measured field `DestinationPort` (ask for the connections that one side began: `Initiated: 'true'`)
    "#);
}

#[test]
fn output_shows_every_column_of_the_completing_event_that_holds_a_field() {
    let field = |name: &str| OutputField::Field(Field::Sigma(name.into()));
    let mut rule = sequence(&["HostId"]);
    let fields = vec![OutputField::Time, field("HostId"), field("User"), field("Hashes"), field("SourceIp")];
    rule.output = Some(Output { fields, sort: vec![(OutputField::Time, true)] });
    let mapped = map(&rule, Model::builtin("xdr").unwrap(), Dialect::Kql).unwrap();
    let show = |field: &OutputField<Mapped>| match field {
        OutputField::Time => "time".to_owned(),
        OutputField::Class => "class".to_owned(),
        OutputField::Field(column) => show_column(column),
    };
    let output = mapped.output.unwrap();
    assert_snapshot!(
        output.fields.iter().map(show).collect::<Vec<_>>().join(", "),
        // A connection has no hashes; the table of processes alone has those columns.
        @"time, DeviceId, InitiatingProcessAccountDomain, InitiatingProcessAccountName, LocalIP, RemoteIP"
    );
    assert_eq!(output.sort.len(), 1);

    rule.output = Some(Output { fields: vec![field("Ghost")], sort: Vec::new() });
    let refusals = map(&rule, Model::builtin("xdr").unwrap(), Dialect::Kql).unwrap_err();
    assert_snapshot!(
        show_refusal(&refusals[0]),
        @"unmapped-field at 0: the data model `xdr` has no column for `Ghost` in `windows/process_creation` (map it to a column with a processing pipeline)"
    );
}

#[test]
fn the_branches_of_a_classification_are_mapped() {
    let arms = |source: &str, values: &[&str]| match event(log_source(source), item("CommandLine|contains", values)) {
        Body::Event(event) => event.arms,
        _ => unreachable!(),
    };
    let mut event = rulecast_ir::Event { arms: arms("windows/process_creation", &["x"]), classification: None };
    let branch = |arms| rulecast_ir::Branch { name: "B".into(), arms, level: None, span: <_>::default() };
    event.classification = Some(Classification {
        branches: vec![branch(arms("windows/process_creation", &["y"]))],
        otherwise: Some("C".into()),
        span: <_>::default(),
    });
    let mapped = map(&rule(Body::Event(event)), Model::builtin("ecs").unwrap(), Dialect::Eql).unwrap();
    let Body::Event(event) = mapped.body else { panic!() };
    let branches = event.classification.unwrap().branches;
    assert_eq!(crate::testing::show(&branches[0].arms[0].predicate), "process.command_line = '*y*'");
    assert_eq!(branches[0].arms[0].source, event.arms[0].source);
}
