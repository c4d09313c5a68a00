//! Sources, unions, classes, sequences and output.

use super::build::{
    and, arm, classified, column, everything, is, is_any, is_cased, not, number, regex, rule, sequence, showing,
    source, step, sysmon, union, word,
};
use super::lowered;
use insta::assert_snapshot;
use rulecast_ir::{Arm, Body, ColumnType, Logic, Mapped, Output, OutputField, Reads};

fn one(arm: Arm<Mapped>) -> Body<Mapped> {
    union(vec![arm])
}

#[test]
fn the_scope_stands_first_and_stays() {
    let show = |predicate| lowered(&rule(one(arm(&sysmon(1), predicate))));
    assert_snapshot!(show(is("Image", r"*\cmd.exe")), @r#"`sysmon` AND EventCode=1 AND Image="*\\cmd.exe""#);
    assert_snapshot!(show(not(is("Image", r"*\cmd.exe"))), @r#"`sysmon` AND EventCode=1 AND NOT Image="*\\cmd.exe""#);
    assert_snapshot!(show(Logic::True), @"`sysmon` AND EventCode=1");
    assert_snapshot!(show(is_cased("Image", "*X*")), @r#"
    `sysmon` AND EventCode=1 AND Image="*X*"
    | where isnotnull(mvfind(Image, "X"))
    "#);
    assert_snapshot!(show(regex("Image", word("x"))), @r#"
    `sysmon` AND EventCode=1
    | where isnotnull(mvfind(Image, "x"))
    "#);
    let cased = source(Reads::Everything, is_cased("source", "XmlWinEventLog"));
    assert_snapshot!(lowered(&rule(one(arm(&cased, is("Image", "x"))))), @r#"
    source="XmlWinEventLog" AND Image="x"
    | where isnotnull(mvfind(source, "\AXmlWinEventLog\z")) AND isnotnull(mvfind(Image, "(?i)\Ax\z"))
    "#);
    let table = source(Reads::Table("T".into()), Logic::True);
    assert_snapshot!(lowered(&rule(one(arm(&table, is("Image", "x"))))), @"refused, log-source: SPL: a search reads a macro, a dataset or all indexes, never a category or table");
}

#[test]
fn long_queries_are_broken_by_operand() {
    let names = [r"*\powershell.exe", r"*\pwsh.exe", r"*\wscript.exe", r"*\cscript.exe", r"*\mshta.exe"];
    let selection = and([is_any("Image", &names), is_any("CommandLine", &["* -enc *", "*DownloadString*"])]);
    let filter = and([is("User", "SYSTEM"), is("ParentImage", r"C:\Windows\\*")]);
    assert_snapshot!(lowered(&rule(one(arm(&sysmon(1), and([selection, not(filter)]))))), @r#"
    `sysmon`
      AND EventCode=1
      AND Image IN ("*\\powershell.exe", "*\\pwsh.exe", "*\\wscript.exe", "*\\cscript.exe", "*\\mshta.exe")
      AND CommandLine IN ("* -enc *", "*DownloadString*")
      AND NOT (User="SYSTEM" AND ParentImage="C:\\Windows\\*")
    "#);
}

#[test]
fn a_union_that_search_can_say() {
    let arms = vec![arm(&sysmon(1), is("Image", "*x")), arm(&sysmon(3), is("Image", "*y"))];
    assert_snapshot!(lowered(&rule(union(arms))), @r#"`sysmon` AND ((EventCode=1 AND Image="*x") OR (EventCode=3 AND Image="*y"))"#);
    let security = source(Reads::Macro("security".into()), number("EventCode", 4688));
    let arms = vec![arm(&sysmon(1), is("Image", "*x")), arm(&security, is("NewProcessName", "*x"))];
    assert_snapshot!(lowered(&rule(union(arms))), @r#"
    (`sysmon` AND EventCode=1 AND Image="*x")
      OR (`security` AND EventCode=4688 AND NewProcessName="*x")
    "#);
}

#[test]
fn a_union_that_search_cannot_say() {
    let arms = vec![arm(&sysmon(1), is_cased("Image", "*X")), arm(&sysmon(3), is("Image", "*y"))];
    assert_snapshot!(lowered(&rule(union(arms))), @r#"
    `sysmon` AND ((EventCode=1 AND Image="*X") OR (EventCode=3 AND Image="*y"))
    | where (if(tonumber(EventCode)=1, 1, 0)=1 AND isnotnull(mvfind(Image, "X\z")))
        OR (if(tonumber(EventCode)=3, 1, 0)=1 AND isnotnull(mvfind(Image, "(?i)y\z")))
    "#);
    let security = source(Reads::Macro("security".into()), number("EventCode", 4688));
    let arms = vec![arm(&sysmon(1), is_cased("Image", "*X")), arm(&security, is("NewProcessName", "*x"))];
    assert_snapshot!(lowered(&rule(union(arms))), @r#"
    | multisearch
      [search `sysmon` AND EventCode=1 AND Image="*X"
      | where isnotnull(mvfind(Image, "X\z"))]
      [search `security` AND EventCode=4688 AND NewProcessName="*x"]
    "#);
    let other = source(Reads::Macro("other".into()), Logic::True);
    let arms = vec![arm(&sysmon(1), is_cased("Image", "*X")), arm(&other, is("Image", "*x"))];
    assert_snapshot!(lowered(&rule(union(arms))), @r#"
    | multisearch
      [search `sysmon` AND EventCode=1 AND Image="*X"
      | where isnotnull(mvfind(Image, "X\z"))]
      [search `other` AND Image="*x"]
    "#);
}

#[test]
fn classes() {
    let source = sysmon(1);
    let cradle = || and([is("Image", r"*\powershell.exe"), is("CommandLine", "*DownloadString*")]);
    let child = || is("Image", r"*\powershell.exe");
    let body = |otherwise| {
        classified(
            vec![arm(&source, Logic::any([cradle(), child()]))],
            vec![("CRADLE", vec![arm(&source, cradle())]), ("CHILD", vec![arm(&source, child())])],
            otherwise,
        )
    };
    assert_snapshot!(lowered(&rule(body(Some("OTHER \"x\\\"")))), @r#"
    `sysmon`
      AND EventCode=1
      AND ((Image="*\\powershell.exe" AND CommandLine="*DownloadString*") OR Image="*\\powershell.exe")
    | eval class=case(
          isnotnull(mvfind(Image, "(?i)\x5cpowershell\.exe\z"))
            AND isnotnull(mvfind(CommandLine, "(?i)DownloadString")), "CRADLE",
          isnotnull(mvfind(Image, "(?i)\x5cpowershell\.exe\z")), "CHILD",
          true(), "OTHER \"x\\\"")
    "#);
    let named = |name| classified(vec![arm(&source, child())], vec![(name, vec![arm(&source, child())])], Some("a\nb"));
    assert_snapshot!(lowered(&rule(named("`m`"))), @r#"
    refused, value: SPL: the class ``m`` holds a backquote or a control character
    refused, value: SPL: the class `a\nb` holds a backquote or a control character
    "#);
    assert_snapshot!(lowered(&rule(body(None))), @r#"
    `sysmon`
      AND EventCode=1
      AND ((Image="*\\powershell.exe" AND CommandLine="*DownloadString*") OR Image="*\\powershell.exe")
    | eval class=case(
          isnotnull(mvfind(Image, "(?i)\x5cpowershell\.exe\z"))
            AND isnotnull(mvfind(CommandLine, "(?i)DownloadString")), "CRADLE",
          isnotnull(mvfind(Image, "(?i)\x5cpowershell\.exe\z")), "CHILD")
    "#);
}

#[test]
fn classes_over_sources() {
    let (process, network) = (sysmon(1), sysmon(3));
    let start = || arm(&process, is("Image", "*x"));
    let connect = || arm(&network, is("Image", "*x"));
    let body = classified(vec![start(), connect()], vec![("START", vec![start()]), ("CONNECT", vec![connect()])], None);
    let field = |name| OutputField::Field(column(name, ColumnType::Text));
    let output = Output {
        fields: vec![OutputField::Time, OutputField::Class, field("host"), field("my field")],
        sort: vec![(OutputField::Time, true), (field("host"), false)],
    };
    assert_snapshot!(lowered(&showing(body, output)), @r#"
    `sysmon` AND ((EventCode=1 AND Image="*x") OR (EventCode=3 AND Image="*x"))
    | eval class=case(
          if(tonumber(EventCode)=1, 1, 0)=1, "START",
          if(tonumber(EventCode)=3, 1, 0)=1, "CONNECT")
    | sort 0 -_time, host
    | table _time, class, host, "my field"
    "#);
}

#[test]
fn a_sequence_of_two() {
    let start = step("start", one(arm(&sysmon(1), is("Image", r"*\msiexec.exe"))), &[&["host"], &["ProcessGuid"]]);
    let connect = step("connect", one(arm(&sysmon(3), is_cased("Protocol", "TCP"))), &[&["host"], &["ProcessGuid"]]);
    assert_snapshot!(lowered(&rule(sequence(&["host", "process"], vec![start, connect], None))), @r#"
    `sysmon` AND ((EventCode=1 AND Image="*\\msiexec.exe") OR (EventCode=3 AND Protocol="TCP"))
    | eval rc_step1=if(if(tonumber(EventCode)=1, 1, 0)=1 AND isnotnull(mvfind(Image, "(?i)\x5cmsiexec\.exe\z")), 1, 0),
        rc_step2=if(if(tonumber(EventCode)=3, 1, 0)=1 AND isnotnull(mvfind(Protocol, "\ATCP\z")), 1, 0),
        rc_start1=if(rc_step1=1, _time, null())
    | where isnotnull(host) AND isnotnull(ProcessGuid) AND (rc_step1=1 OR rc_step2=1)
    | sort 0 _time
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by host, ProcessGuid
    | eval rc_start2=if(rc_step2=1 AND isnotnull(rc_last1) AND _time-rc_last1<=30, rc_last1, null())
    | where isnotnull(rc_start2)
    | dedup host, ProcessGuid, rc_start2
    -- assuming unique-timestamps
    "#);
}

#[test]
fn a_sequence_of_three_with_an_end() {
    let key: &[&[&str]] = &[&["host.name"]];
    let a = step("a", one(arm(&everything(), is("f", "a"))), key);
    let b = step("b", one(arm(&everything(), is("f", "b"))), key);
    let c = step("c", one(arm(&everything(), is("f", "c"))), key);
    let until = step("d", one(arm(&everything(), is("f", "d"))), key);
    assert_snapshot!(lowered(&rule(sequence(&["host"], vec![a, b, c], Some(until)))), @r#"
    f="a" OR f="b" OR f="c" OR f="d"
    | eval rc_step1=if(isnotnull(mvfind(f, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(f, "(?i)\Ab\z")), 1, 0),
        rc_step3=if(isnotnull(mvfind(f, "(?i)\Ac\z")), 1, 0),
        rc_until=if(isnotnull(mvfind(f, "(?i)\Ad\z")), 1, 0),
        rc_start1=if(rc_step1=1, _time, null()),
        rc_end=if(rc_until=1, _time, null())
    | where isnotnull('host.name') AND (rc_step1=1 OR rc_step2=1 OR rc_step3=1 OR rc_until=1)
    | sort 0 _time
    | streamstats current=f window=0 max(rc_end) as rc_last_end by host.name
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by host.name
    | eval rc_start2=if(rc_step2=1
          AND isnotnull(rc_last1)
          AND _time-rc_last1<=30
          AND (isnull(rc_last_end) OR rc_last_end<rc_last1), rc_last1, null())
    | streamstats current=f window=0 max(rc_start2) as rc_last2 by host.name
    | eval rc_start3=if(rc_step3=1
          AND isnotnull(rc_last2)
          AND _time-rc_last2<=30
          AND (isnull(rc_last_end) OR rc_last_end<rc_last2), rc_last2, null())
    | where isnotnull(rc_start3)
    | dedup host.name, rc_start3
    -- assuming unique-timestamps
    "#);
}

#[test]
fn a_sequence_without_keys() {
    let a = step("a", one(arm(&everything(), is("f", "a"))), &[]);
    let b = step("b", one(arm(&everything(), is("f", "b"))), &[]);
    assert_snapshot!(lowered(&rule(sequence(&[], vec![a, b], None))), @r#"
    f="a" OR f="b"
    | eval rc_step1=if(isnotnull(mvfind(f, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(f, "(?i)\Ab\z")), 1, 0),
        rc_start1=if(rc_step1=1, _time, null())
    | where rc_step1=1 OR rc_step2=1
    | sort 0 _time
    | streamstats current=f window=0 max(rc_start1) as rc_last1
    | eval rc_start2=if(rc_step2=1 AND isnotnull(rc_last1) AND _time-rc_last1<=30, rc_last1, null())
    | where isnotnull(rc_start2)
    | dedup rc_start2
    -- assuming unique-timestamps
    "#);
}

#[test]
fn keys_in_different_fields() {
    let start = || step("start", one(arm(&sysmon(1), is("f", "a"))), &[&["User", "Domain"], &["ProcessGuid"]]);
    let logon = step("logon", one(arm(&sysmon(3), is("f", "b"))), &[&["Account", "AccountDomain"], &["SourceGuid"]]);
    assert_snapshot!(lowered(&rule(sequence(&["user", "process"], vec![start(), logon], None))), @r#"
    `sysmon` AND ((EventCode=1 AND f="a") OR (EventCode=3 AND f="b"))
    | eval rc_step1=if(if(tonumber(EventCode)=1, 1, 0)=1 AND isnotnull(mvfind(f, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(if(tonumber(EventCode)=3, 1, 0)=1 AND isnotnull(mvfind(f, "(?i)\Ab\z")), 1, 0),
        rc_key1_1=case(
          rc_step1=1, User,
          rc_step2=1, Account),
        rc_key1_2=case(
          rc_step1=1, Domain,
          rc_step2=1, AccountDomain),
        rc_key2=case(
          rc_step1=1, ProcessGuid,
          rc_step2=1, SourceGuid),
        rc_start1=if(rc_step1=1, _time, null())
    | where isnotnull(rc_key1_1)
        AND isnotnull(rc_key1_2)
        AND isnotnull(rc_key2)
        AND (rc_step1=1 OR rc_step2=1)
    | sort 0 _time
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by rc_key1_1, rc_key1_2, rc_key2
    | eval rc_start2=if(rc_step2=1 AND isnotnull(rc_last1) AND _time-rc_last1<=30, rc_last1, null())
    | where isnotnull(rc_start2)
    | dedup rc_key1_1, rc_key1_2, rc_key2, rc_start2
    -- assuming unique-timestamps
    "#);
    let same = step("logon", one(arm(&sysmon(1), is("g", "b"))), &[&["Account", "AccountDomain"], &["ProcessGuid"]]);
    assert_snapshot!(lowered(&rule(sequence(&["user", "process"], vec![start(), same], None))), @r#"
    `sysmon` AND EventCode=1 AND (f="a" OR g="b")
    | eval rc_step1=if(isnotnull(mvfind(f, "(?i)\Aa\z")), 1, 0),
        rc_step2=if(isnotnull(mvfind(g, "(?i)\Ab\z")), 1, 0),
        rc_role=mvappend(if(rc_step1=1, 1, null()), if(rc_step2=1, 2, null()))
    | where rc_step1=1 OR rc_step2=1
    | mvexpand rc_role
    | eval rc_key1_1=case(
          rc_role=1, User,
          rc_role=2, Account),
        rc_key1_2=case(
          rc_role=1, Domain,
          rc_role=2, AccountDomain),
        rc_start1=if(rc_role=1, _time, null())
    | where isnotnull(rc_key1_1) AND isnotnull(rc_key1_2) AND isnotnull(ProcessGuid)
    | sort 0 _time, -rc_role
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by rc_key1_1, rc_key1_2, ProcessGuid
    | eval rc_start2=if(rc_role=2 AND isnotnull(rc_last1) AND _time-rc_last1<=30, rc_last1, null())
    | where isnotnull(rc_start2)
    | dedup rc_key1_1, rc_key1_2, ProcessGuid, rc_start2
    -- assuming unique-timestamps
    "#);
    let short = step("logon", one(arm(&sysmon(3), is("g", "b"))), &[&["Account"], &["ProcessGuid"]]);
    assert_snapshot!(lowered(&rule(sequence(&["user", "process"], vec![start(), short], None))), @"refused, sequence: SPL: the key `user` is one field in one step and several in another");
}

#[test]
fn a_process_and_its_child() {
    let parent = step("parent", one(arm(&sysmon(1), is("Image", r"*\msiexec.exe"))), &[&["ProcessGuid"]]);
    let child = step("child", one(arm(&sysmon(1), is("Image", r"*\powershell.exe"))), &[&["ParentProcessGuid"]]);
    let until = step("until", one(arm(&sysmon(5), Logic::True)), &[&["ProcessGuid"]]);
    assert_snapshot!(lowered(&rule(sequence(&["process"], vec![parent, child], Some(until)))), @r#"
    `sysmon`
      AND (
        (EventCode=1 AND Image="*\\msiexec.exe")
        OR (EventCode=1 AND Image="*\\powershell.exe")
        OR EventCode=5
      )
    | eval rc_step1=if(if(tonumber(EventCode)=1, 1, 0)=1 AND isnotnull(mvfind(Image, "(?i)\x5cmsiexec\.exe\z")), 1, 0),
        rc_step2=if(if(tonumber(EventCode)=1, 1, 0)=1 AND isnotnull(mvfind(Image, "(?i)\x5cpowershell\.exe\z")), 1, 0),
        rc_until=if(tonumber(EventCode)=5, 1, 0),
        rc_role=mvappend(if(rc_step1=1, 1, null()), if(rc_step2=1, 2, null()), if(rc_until=1, 0, null()))
    | where rc_step1=1 OR rc_step2=1 OR rc_until=1
    | mvexpand rc_role
    | eval rc_key1=case(
          rc_role=1, ProcessGuid,
          rc_role=2, ParentProcessGuid,
          rc_role=0, ProcessGuid),
        rc_start1=if(rc_role=1, _time, null()),
        rc_end=if(rc_role=0, _time, null())
    | where isnotnull(rc_key1)
    | sort 0 _time, -rc_role
    | streamstats current=f window=0 max(rc_end) as rc_last_end by rc_key1
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by rc_key1
    | eval rc_start2=if(rc_role=2
          AND isnotnull(rc_last1)
          AND _time-rc_last1<=30
          AND (isnull(rc_last_end) OR rc_last_end<rc_last1), rc_last1, null())
    | where isnotnull(rc_start2)
    | dedup rc_key1, rc_start2
    -- assuming unique-timestamps
    "#);
}

#[test]
fn a_sequence_gives_up_what_its_steps_do() {
    let other = source(Reads::Macro("other".into()), Logic::True);
    let a = || step("a", one(arm(&other, is("f", "a"))), &[&["k"]]);
    let b = || step("b", one(arm(&sysmon(1), is("f", "ä"))), &[&["k"]]);
    assert_snapshot!(lowered(&rule(sequence(&["k"], vec![a(), b()], None))), @r#"
    | multisearch
      [search `other` AND f="a"
      | eval rc_step1=1,
          rc_step2=0]
      [search `sysmon` AND EventCode=1 AND f="ä"
      | eval rc_step1=0,
          rc_step2=1]
    | eval rc_start1=if(rc_step1=1, _time, null())
    | where isnotnull(k)
    | sort 0 _time
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by k
    | eval rc_start2=if(rc_step2=1 AND isnotnull(rc_last1) AND _time-rc_last1<=30, rc_last1, null())
    | where isnotnull(rc_start2)
    | dedup k, rc_start2
    -- assuming ascii, unique-timestamps
    "#);
    assert_snapshot!(lowered(&rule(sequence(&["k"], vec![b(), b()], Some(a())))), @r#"
    | multisearch
      [search `sysmon` AND EventCode=1 AND (f="ä" OR f="ä")
      | eval rc_step1=if(isnotnull(mvfind(f, "(?i)\Aä\z")), 1, 0),
          rc_step2=if(isnotnull(mvfind(f, "(?i)\Aä\z")), 1, 0),
          rc_until=0
      | where rc_step1=1 OR rc_step2=1]
      [search `other` AND f="a"
      | eval rc_step1=0,
          rc_step2=0,
          rc_until=1]
    | eval rc_start1=if(rc_step1=1, _time, null()),
        rc_end=if(rc_until=1, _time, null())
    | where isnotnull(k)
    | sort 0 _time
    | streamstats current=f window=0 max(rc_end) as rc_last_end by k
    | streamstats current=f window=0 max(rc_start1) as rc_last1 by k
    | eval rc_start2=if(rc_step2=1
          AND isnotnull(rc_last1)
          AND _time-rc_last1<=30
          AND (isnull(rc_last_end) OR rc_last_end<rc_last1), rc_last1, null())
    | where isnotnull(rc_start2)
    | dedup k, rc_start2
    -- assuming ascii, unique-timestamps
    "#);
    assert_snapshot!(lowered(&rule(sequence(&["k", "missing"], vec![b(), b()], None))), @"refused, sequence: SPL: the key `missing` is not known for this step");
}

#[test]
fn long_lists() {
    let values: Vec<String> = (0..4432).map(|i| format!("value {i}")).collect();
    let texts: Vec<&str> = values.iter().map(String::as_str).collect();
    let search = lowered(&rule(one(arm(&sysmon(1), is_any("f", &texts)))));
    assert_eq!(search.matches(" IN (").count(), 1);
    assert_eq!(search.matches("\"value ").count(), 4432);
    let cased = Logic::any(texts.iter().map(|text| is_cased("f", text)));
    let query = lowered(&rule(one(arm(&sysmon(1), cased))));
    let regexes: Vec<&str> = query.split("mvfind(f, \"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(regexes.len() > 1 && regexes.iter().all(|regex| regex.len() < 20_000));
    assert_eq!(regexes.concat().matches("value ").count(), 4432);
}
