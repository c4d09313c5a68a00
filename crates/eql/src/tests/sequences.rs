//! Sequences.

use super::build::{arm, category, column, key, keyword, rule, sequence, starts, step, text, with};
use super::check;
use rulecast_ir::{Body, Column, ColumnExpr, ColumnType, Logic, Verdict};

#[test]
fn row_90_a_sequence_is_no_more_than_its_steps() {
    let list = |field: &str, values: &[&str]| Logic::any(values.iter().map(|value| text(field, value)));
    let exec = Logic::all([
        text("event.action", "exec"),
        list("process.parent.name", &["installer", "package_script_service"]),
        list("process.name", &["bash", "sh", "zsh", "python", "osascript", "tclsh*"]),
    ]);
    let tools = list("process.name", &["curl", "osascript", "wget", "python"]);
    let keys = ["host.id", "user.id"];
    let steps = vec![
        step("shell", vec![arm(&starts("process"), exec)], &keys),
        step("connection", vec![arm(&starts("network"), tools)], &keys),
    ];
    insta::assert_snapshot!(check(&sequence(steps, 30, None)), @r#"
    // exact: unique-timestamps
    sequence by host.id, user.id with maxspan=30s
      [process where event.type == "start"
        and event.action : "exec"
        and process.parent.name : ("installer", "package_script_service")
        and process.name : ("bash", "sh", "zsh", "python", "osascript", "tclsh*")]
      [network where event.type == "start" and process.name : ("curl", "osascript", "wget", "python")]
    "#);
}

#[test]
fn three_steps_with_keys_of_their_own_and_an_end() {
    let one = |name: &str, keys: &[&str]| step(name, vec![arm(&category("process"), text("process.name", name))], keys);
    let steps = vec![
        one("a", &["host.id", "process.entity_id"]),
        one("b", &["host.id", "process.parent.entity_id"]),
        one("c", &["host.id", "process.entity_id"]),
    ];
    let mut until = one("z", &["host.id", "process.entity_id"]);
    let over = with(text("process.name", "z"), |atom| atom.notes.verdict = Verdict::Over);
    until.body = Body::Event(rulecast_ir::Event { arms: vec![arm(&category("process"), over)], classification: None });
    insta::assert_snapshot!(check(&sequence(steps.clone(), 300, Some(until.clone()))), @r#"
    // under: unique-timestamps
    sequence by host.id with maxspan=5m
      [process where process.name : "a"] by process.entity_id
      [process where process.name : "b"] by process.parent.entity_id
      [process where process.name : "c"] by process.entity_id
    until [process where process.name : "z"] by process.entity_id
    "#);
    insta::assert_snapshot!(check(&sequence(steps[..2].to_vec(), 86_400, None)), @r#"
    // exact: unique-timestamps
    sequence by host.id with maxspan=1d
      [process where process.name : "a"] by process.entity_id
      [process where process.name : "b"] by process.parent.entity_id
    "#);
    let end = vec![steps[0].clone(), steps[2].clone()];
    insta::assert_snapshot!(check(&sequence(end, 90, Some(until))), @r#"
    // under: unique-timestamps
    sequence by host.id, process.entity_id with maxspan=90s
      [process where process.name : "a"]
      [process where process.name : "c"]
    until [process where process.name : "z"]
    "#);
}

#[test]
fn row_87_a_sequence_without_keys_has_no_by() {
    let one = |name: &str| step(name, vec![arm(&category("process"), text("process.name", name))], &[]);
    insta::assert_snapshot!(check(&sequence(vec![one("a"), one("b")], 7_200, None)), @r#"
    // exact: unique-timestamps
    sequence with maxspan=2h
      [process where process.name : "a"]
      [process where process.name : "b"]
    "#);
}

#[test]
fn a_step_may_be_a_union() {
    let arms =
        vec![arm(&starts("process"), text("process.name", "a")), arm(&category("network"), text("process.name", "b"))];
    let steps =
        vec![step("any", arms, &["host.id"]), step("last", vec![arm(&category("file"), Logic::True)], &["host.id"])];
    insta::assert_snapshot!(check(&sequence(steps, 3_600, None)), @r#"
    // exact: unique-timestamps
    sequence by host.id with maxspan=1h
      [any where (event.category == "process" and event.type == "start" and process.name : "a")
        or (event.category == "network" and process.name : "b")]
      [file where true]
    "#);
}

#[test]
fn a_key_of_several_columns_is_several_fields() {
    let mut first = step("a", vec![arm(&category("process"), Logic::True)], &[]);
    first.keys = vec![key(vec![Column::text("user.domain"), Column { many: true, ..Column::text("user.name") }])];
    let mut second = first.clone();
    second.name = "b".into();
    insta::assert_snapshot!(check(&sequence(vec![first.clone(), second.clone()], 60, None)), @r#"
    // exact: single-valued unique-timestamps
    sequence by user.domain, user.name with maxspan=1m
      [process where true]
      [process where true]
    "#);
    second.keys = vec![key(vec![Column::text("user.name")])];
    insta::assert_snapshot!(check(&sequence(vec![first, second], 60, None)), @r#"sequence @5: `a` and `b` hold the key in a different number of fields, and EQL joins field by field"#);
}

#[test]
fn keys_that_eql_cannot_join_on_are_refused() {
    let mut first = step("a", vec![arm(&category("process"), keyword("x"))], &["x", "y"]);
    let second = step("b", vec![arm(&category("process"), Logic::True)], &["x", "y"]);
    first.keys[0] = key(vec![column("pid", ColumnType::Long)]);
    let joined = ColumnExpr::Join { columns: vec!["u".into()], separator: "-".into() };
    first.keys[1] = key(vec![Column { expr: joined, ..Column::text("") }]);
    insta::assert_snapshot!(check(&sequence(vec![first.clone(), second], 60, None)), @r#"
    keyword @7: EQL cannot search a whole event for a keyword; only its fields (name the field that holds the text)
    type @6: `u` is computed, and EQL cannot join on it
    type @5: `pid` and `x` are of different types, and EQL cannot join them
    "#);
    first.keys[1] = key(vec![column("message", ColumnType::FullText)]);
    insta::assert_snapshot!(check(&sequence(vec![first.clone(), first], 60, None)), @r#"
    keyword @7: EQL cannot search a whole event for a keyword; only its fields (name the field that holds the text)
    keyword @7: EQL cannot search a whole event for a keyword; only its fields (name the field that holds the text)
    type @6: `message` is analysed text, and EQL cannot join on it
    type @6: `message` is analysed text, and EQL cannot join on it
    "#);
}

#[test]
fn a_sequence_is_no_step() {
    let one = |name: &str| step(name, vec![arm(&category("process"), Logic::True)], &["k"]);
    let mut inner = one("inner");
    inner.body = sequence(vec![one("a"), one("b")], 60, None).body;
    let Body::Sequence(outer) = sequence(vec![one("c"), inner], 60, None).body else { panic!("just made") };
    insta::assert_snapshot!(check(&rule(Body::Sequence(outer))), @r#"sequence @5: `inner` is no event, and EQL has no sequence of anything else"#);
}
