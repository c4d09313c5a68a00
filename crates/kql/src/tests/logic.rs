//! Connectives, constants, and what never becomes a query.

use super::build::*;
use super::{lowered, shown};
use insta::assert_snapshot;
use rulecast_ir::{Comparison, Logic, Number, Test, TimePart};

#[test]
fn constants() {
    assert_snapshot!(shown(&rule(event(Logic::True))), @r#"
    Events
    // exact
    "#);
    assert_snapshot!(shown(&rule(event(Logic::False))), @r#"
    Events
    | where false
    // exact
    "#);
    let scoped = event_of(is("ActionType", "ProcessCreated"), Logic::True);
    assert_snapshot!(shown(&rule(scoped)), @r#"
    Events
    | where ActionType =~ "ProcessCreated"
    // exact
    "#);
}

fn event_of(scope: Tree, predicate: Tree) -> rulecast_ir::Body<rulecast_ir::Mapped> {
    arms(vec![arm(&source("Events", scope), predicate)])
}

#[test]
fn a_negation_keeps_its_scope() {
    let body = event_of(is("ActionType", "ProcessCreated"), not(any_of("f", &["*a*", "*b*"])));
    assert_snapshot!(shown(&rule(body)), @r#"
    Events
    | where ActionType =~ "ProcessCreated" and not(f contains "a" or f contains "b")
    // exact
    "#);
}

#[test]
fn a_scope_that_is_a_choice_is_grouped() {
    let body = event_of(any_of("ActionType", &["A*", "B*"]), Logic::any([is("f", "x"), is("g", "y")]));
    assert_snapshot!(shown(&rule(body)), @r#"
    Events
    | where (ActionType startswith "A" or ActionType startswith "B") and (f =~ "x" or g =~ "y")
    // exact
    "#);
}

#[test]
fn deep_structure_is_broken_into_lines() {
    let selection = Logic::all([is("f", r"*\cmd.exe"), any_of("g", &["* /c *", "* -c *", "* /k *", "*powershell*"])]);
    let filter = Logic::all([is("f", r"C:\Program Files\\*"), not(is("h", r"*\evil\\*"))]);
    assert_snapshot!(lowered(Logic::all([selection, not(filter), not(is("h", "*a b c*"))])), @r#"
    f endswith @"\cmd.exe"
        and (g contains " /c " or g contains " -c " or g contains " /k " or g contains "powershell")
        and not(f startswith @"C:\Program Files\" and not(h contains @"\evil\"))
        and not(h contains "a b c")
    // exact
    "#);
}

#[test]
fn all_that_is_refused_is_said() {
    let time = Test::Time { part: TimePart::Hour, comparison: Comparison::Less, number: Number::Integer(6) };
    let tree = Logic::all([
        on(column("f"), placeholder("admins")),
        on(column("n"), time),
        on(column("t"), text("2024")),
        keyword(whole(5)),
    ]);
    assert_snapshot!(lowered(tree.clone()), @"refused as placeholder: the placeholder `%admins%` has no values (help: give them with `--placeholders FILE`, in lines `admins: [value, …]`, or in a processing pipeline)");
    // The same without the check before it.
    let refusals = rulecast_backend::Backend::lower(&crate::Kql, &rule(event(tree))).unwrap_err();
    assert_eq!(refusals.len(), 4, "{refusals:?}");
}

#[test]
fn keywords() {
    assert_snapshot!(lowered(Logic::any([keyword(text("kw1")), keyword(text("k w*")), keyword(text("a*b"))])), @r#"
    * contains "kw1" or * contains "k w" or * matches regex "(?is)a.*b"
    // exact, raw-text
    "#);
    assert_snapshot!(lowered(not(keyword(cased("a?b")))), @r#"
    not(* matches regex "(?s)a.b")
    // exact, raw-text
    "#);
    assert_snapshot!(lowered(keyword(regex(letters("ab", true)))), @r#"
    * matches regex "(?i)ab"
    // exact, raw-text
    "#);
    assert_snapshot!(lowered(keyword(text("*"))), @r#"
    Events
    // exact
    "#);
    assert_snapshot!(lowered(keyword(placeholder("p"))), @"refused as placeholder: the placeholder `%p%` has no values (help: give them with `--placeholders FILE`, in lines `p: [value, …]`, or in a processing pipeline)");
}
