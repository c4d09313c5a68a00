//! The types of columns under the model `none`.

use crate::testing::{columns, item, mapped_rule};
use crate::{Dialect, Model, map};
use rulecast_ir::{Body, ColumnType, Logic, Predicate, Reads, Sigma};

fn types(language: Dialect, predicate: Predicate<Sigma>) -> Vec<(String, ColumnType)> {
    let Body::Event(event) = mapped_rule("none", language, "any/thing", predicate).unwrap().body else { panic!() };
    let columns = columns(&event.arms[0].predicate);
    columns.iter().map(|column| (column.name().to_owned(), column.ty)).collect()
}

#[test]
fn a_type_follows_from_every_test_of_the_field() {
    let number = || item("a|number", &["5"]);
    let network = || item("a|cidr", &["10.0.0.0/8"]);
    for (predicate, eql, spl) in [
        (number(), ColumnType::Long, ColumnType::Long),
        (Logic::all([number(), item("a|number", &["0.5"])]), ColumnType::Real, ColumnType::Real),
        (Logic::any([number(), item("a", &["x"])]), ColumnType::Text, ColumnType::Text),
        (Logic::any([number(), item("a|exists", &["true"]).negate()]), ColumnType::Long, ColumnType::Long),
        (item("a", &["5"]), ColumnType::Text, ColumnType::Text),
        (item("a", &["10.0.0.1"]), ColumnType::Text, ColumnType::Text),
        (network(), ColumnType::Ip, ColumnType::Text),
        (Logic::any([network(), item("a", &["127.0.0.1", "::1"])]), ColumnType::Ip, ColumnType::Text),
        (Logic::any([network(), item("a|startswith", &["192.168."])]), ColumnType::Ip, ColumnType::Text),
        (Logic::any([network(), item("a|startswith", &["fe80"])]), ColumnType::Text, ColumnType::Text),
        (Logic::any([network(), number()]), ColumnType::Text, ColumnType::Text),
        (Logic::all([number(), item("a|fieldref", &["a"])]), ColumnType::Text, ColumnType::Text),
        (item("a|hour", &["6"]), ColumnType::DateTime, ColumnType::DateTime),
    ] {
        for (language, expected) in [(Dialect::Eql, eql), (Dialect::Spl, spl), (Dialect::Kql, spl)] {
            for (name, ty) in types(language, predicate.clone()) {
                assert_eq!((name.as_str(), ty), ("a", expected), "{language:?} {predicate:?}");
            }
        }
    }
}

#[test]
fn a_type_is_of_the_whole_rule() {
    use crate::testing::{event, log_source, rule};
    use rulecast_ir::Step;
    let step = |predicate| Step {
        name: "s".into(),
        body: event(log_source("x/y"), predicate),
        keys: Vec::new(),
        span: <_>::default(),
    };
    let sequence = rulecast_ir::Sequence {
        steps: vec![step(item("a|number", &["5"])), step(item("a", &["x"]))],
        keys: Vec::new(),
        timespan: 60,
        until: None,
        span: <_>::default(),
    };
    let mapped = map(&rule(Body::Sequence(sequence)), Model::builtin("none").unwrap(), Dialect::Kql).unwrap();
    let Body::Sequence(sequence) = mapped.body else { panic!() };
    let Body::Event(first) = &sequence.steps[0].body else { panic!() };
    assert_eq!(columns(&first.arms[0].predicate)[0].ty, ColumnType::Text);
}

#[test]
fn each_language_has_its_own_relation_and_time() {
    for (language, reads, time, id) in [
        (Dialect::Eql, Reads::Category(None), "@timestamp", vec![]),
        (Dialect::Spl, Reads::Everything, "_time", vec![]),
        (Dialect::Kql, Reads::Table("Events".into()), "Timestamp", vec!["EventId"]),
    ] {
        let Body::Event(event) = mapped_rule("none", language, "/x/y", Logic::True).unwrap().body else { panic!() };
        let source = &event.arms[0].source;
        assert_eq!((&source.reads, source.time.name()), (&reads, time));
        assert_eq!(source.time.ty, ColumnType::DateTime);
        assert_eq!(source.id.iter().map(|column| column.name()).collect::<Vec<_>>(), id);
        assert_eq!(source.scope, Logic::True);
    }
}
