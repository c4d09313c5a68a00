//! Events of several macros.

use super::build::{
    Tree, and, arm, classified, is, is_any, is_cased, number, rule, sequence, source, step, sysmon, union,
};
use super::lowered;
use crate::ast::{Assignment, Command, Expr, Function, Query, SearchTerm, Start, Subsearch, WherePredicate};
use insta::assert_snapshot;
use rulecast_ir::{Logic, Reads, Source};
use std::sync::Arc;

#[test]
fn subsearches_are_indented() {
    let finds = |pattern: &str| {
        let call = Expr::call(Function::Mvfind, [Expr::field("Image"), Expr::Regex(pattern.into())]);
        Logic::Test(WherePredicate::NotNull(call))
    };
    let reads = |name: &str| Logic::Test(SearchTerm::Macro(name.into()));
    let class = |value| Command::Eval(vec![Assignment { name: "class".into(), value }]);
    let case = Expr::Case(vec![(finds("x"), Expr::Text("X".into())), (Logic::True, Expr::Text("Y".into()))]);
    let present = || Logic::Test(SearchTerm::Present("a_field_with_quite_a_long_name".into()));
    let search = Logic::all([reads("one"), Logic::any([present(), present(), Logic::all([present(), present()])])]);
    let condition = Logic::any([finds("a rather long pattern [0-9]"), Logic::all([finds("b"), finds("c{200}")])]);
    let subsearches = vec![
        Subsearch { search, commands: vec![Command::Where(condition), class(case)] },
        Subsearch { search: reads("two"), commands: Vec::new() },
    ];
    let commands = vec![Command::Table(vec!["_time".into(), "class".into()])];
    assert_snapshot!(Query { start: Start::Multisearch(subsearches), commands }, @r#"
    | multisearch
      [search `one`
        AND (
          a_field_with_quite_a_long_name=*
          OR a_field_with_quite_a_long_name=*
          OR (a_field_with_quite_a_long_name=* AND a_field_with_quite_a_long_name=*)
        )
      | where isnotnull(mvfind(Image, "a rather long pattern [0-9]"))
          OR (isnotnull(mvfind(Image, "b")) AND isnotnull(mvfind(Image, "c{200}")))
      | eval class=case(
            isnotnull(mvfind(Image, "x")), "X",
            true(), "Y")]
      [search `two`]
    | table _time, class
    "#);
}

fn read(name: &str) -> Arc<Source> {
    source(Reads::Macro(name.into()), Logic::True)
}

#[test]
fn classes_of_several_macros() {
    let (one, two, three) = (read("one"), read("two"), read("three"));
    let start = || is_any("Image", &["*x", "*y"]);
    let arms = vec![arm(&one, start()), arm(&two, is_cased("Image", "*X")), arm(&three, Logic::False)];
    let loud = vec![arm(&one, and([start(), is("CommandLine", "*-q*")])), arm(&two, is_cased("Image", "*X"))];
    let quiet = vec![arm(&one, start())];
    let classes = || vec![("LOUD", loud.clone()), ("QUIET", quiet.clone()), ("NEVER", quiet.clone())];
    assert_snapshot!(lowered(&rule(classified(arms.clone(), classes(), Some("OTHER")))), @r#"
    | multisearch
      [search `one` AND Image IN ("*x", "*y")
      | eval class=case(
            isnotnull(mvfind(CommandLine, "(?i)-q")), "LOUD",
            true(), "QUIET")]
      [search `two` AND Image="*X"
      | where isnotnull(mvfind(Image, "X\z"))
      | eval class="LOUD"]
    "#);
    assert_snapshot!(lowered(&rule(classified(arms[..1].to_vec(), classes(), None))), @r#"
    `one` AND Image IN ("*x", "*y")
    | eval class=case(
          isnotnull(mvfind(CommandLine, "(?i)-q")), "LOUD",
          true(), "QUIET")
    "#);
    let unclassified = || vec![("LOUD", loud[..1].to_vec())];
    assert_snapshot!(lowered(&rule(classified(arms[..2].to_vec(), unclassified(), None))), @r#"
    | multisearch
      [search `one` AND Image IN ("*x", "*y")
      | eval class=case(
            isnotnull(mvfind(CommandLine, "(?i)-q")), "LOUD")]
      [search `two` AND Image="*X"
      | where isnotnull(mvfind(Image, "X\z"))]
    "#);
}

#[test]
fn a_class_asks_for_what_another_scope_would_not_give() {
    let (process, network) = (sysmon(1), sysmon(3));
    let arms =
        vec![arm(&process, is("Image", "*x")), arm(&process, is("Image", "*y")), arm(&network, is("Image", "*z"))];
    let classes = vec![("X", arms[..1].to_vec()), ("Z", arms[2..].to_vec())];
    assert_snapshot!(lowered(&rule(classified(arms, classes, Some("Y")))), @r#"
    `sysmon`
      AND ((EventCode=1 AND Image="*x") OR (EventCode=1 AND Image="*y") OR (EventCode=3 AND Image="*z"))
    | eval class=case(
          if(tonumber(EventCode)=1, 1, 0)=1 AND isnotnull(mvfind(Image, "(?i)x\z")), "X",
          if(tonumber(EventCode)=3, 1, 0)=1, "Z",
          true(), "Y")
    "#);
}

#[test]
fn steps_of_several_macros() {
    let of = |name, macros: &[&str], test: &Tree, key| {
        let arms = macros.iter().map(|name| arm(&read(name), test.clone())).collect();
        step(name, union(arms), &[&["host"], &[key]])
    };
    let (plain, cased) = (is("Image", "*x"), is_cased("Image", "*Y"));
    let apart = |name| source(Reads::Macro("sysmon".into()), number("EventCode", name));
    let security = source(Reads::Macro("security".into()), number("EventCode", 4688));
    let first = step("first", union(vec![arm(&apart(1), cased.clone())]), &[&["host"], &["ProcessId"]]);
    let second = step("second", union(vec![arm(&security, plain.clone())]), &[&["host"], &["NewProcessId"]]);
    assert_snapshot!(lowered(&rule(sequence(&["host", "process"], vec![first, second], None))), @r#"
    | multisearch
      [search `sysmon` AND EventCode=1 AND Image="*Y"
      | where isnotnull(mvfind(Image, "Y\z"))
      | eval rc_step1=1,
          rc_step2=0]
      [search `security` AND EventCode=4688 AND Image="*x"
      | eval rc_step1=0,
          rc_step2=1]
    | eval rc_key2=case(
          rc_step1=1, ProcessId,
          rc_step2=1, NewProcessId),
        rc_start1=if(rc_step1=1, _time, null())
    | where isnotnull(host) AND isnotnull(rc_key2)
    | sort 0 _time
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by host, rc_key2
    | eval rc_start2=if(rc_step2=1 AND isnotnull(rc_last1) AND _time-rc_last1<=30, rc_last1, null())
    | where isnotnull(rc_start2)
    | dedup host, rc_key2, rc_start2
    -- assuming unique-timestamps
    "#);
    let steps = vec![of("first", &["one", "two"], &plain, "ProcessId"), of("second", &["two"], &cased, "ProcessId")];
    let until = of("until", &["three"], &Logic::True, "ProcessId");
    assert_snapshot!(lowered(&rule(sequence(&["host", "process"], steps, Some(until)))), @r#"
    | multisearch
      [search `one` AND Image="*x"
      | eval rc_step1=1,
          rc_step2=0,
          rc_until=0]
      [search `two` AND (Image="*x" OR Image="*Y")
      | eval rc_step1=if(isnotnull(mvfind(Image, "(?i)x\z")), 1, 0),
          rc_step2=if(isnotnull(mvfind(Image, "Y\z")), 1, 0),
          rc_until=0
      | where rc_step1=1 OR rc_step2=1]
      [search `three`
      | eval rc_step1=0,
          rc_step2=0,
          rc_until=1]
    | eval rc_role=mvappend(if(rc_step1=1, 1, null()), if(rc_step2=1, 2, null()), if(rc_until=1, 0, null()))
    | mvexpand rc_role
    | eval rc_start1=if(rc_role=1, _time, null()),
        rc_end=if(rc_role=0, _time, null())
    | where isnotnull(host) AND isnotnull(ProcessId)
    | sort 0 _time, -rc_role
    | streamstats current=f window=0 max(rc_end) as rc_last_end by host, ProcessId
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by host, ProcessId
    | eval rc_start2=if(rc_role=2
          AND isnotnull(rc_last1)
          AND _time-rc_last1<=30
          AND (isnull(rc_last_end) OR rc_last_end<rc_last1), rc_last1, null())
    | where isnotnull(rc_start2)
    | dedup host, ProcessId, rc_start2
    -- assuming unique-timestamps
    "#);
}
