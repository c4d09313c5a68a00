//! Sources, unions, classes, outputs.

use super::build::*;
use super::shown;
use insta::assert_snapshot;
use rulecast_ir::{Body, Column, ColumnType, Logic, OutputField, Reads, Source};
use std::sync::Arc;

#[test]
fn arms_of_one_table_are_a_choice() {
    let one = source("Events", is("ActionType", "A"));
    let body = arms(vec![arm(&one, is("f", "x")), arm(&one, Logic::all([is("f", "y"), is("g", "z")]))]);
    assert_snapshot!(shown(&rule(body)), @r#"
    Events
    | where ActionType =~ "A" and (f =~ "x" or (f =~ "y" and g =~ "z"))
    // exact
    "#);
    let two = source("Events", is("ActionType", "B"));
    let body = arms(vec![arm(&one, is("f", "x")), arm(&two, not(is("f", "y")))]);
    assert_snapshot!(shown(&rule(body)), @r#"
    Events
    | where (ActionType =~ "A" and f =~ "x") or (ActionType =~ "B" and not(f =~ "y"))
    // exact
    "#);
}

#[test]
fn arms_of_several_tables_are_a_union() {
    let body = arms(vec![
        arm(&source("Events", is("ActionType", "A")), any_of("f", &["x", "y"])),
        arm(&source("Other", Logic::True), not(is("h", "z"))),
    ]);
    assert_snapshot!(shown(&rule(body)), @r#"
    union
      (
        Events
        | where ActionType =~ "A" and f in~ ("x", "y")
      ),
      (
        Other
        | where not(h =~ "z")
      )
    // exact
    "#);
}

#[test]
fn a_source_of_another_language_is_refused() {
    let other = Arc::new(Source { reads: Reads::Category(None), ..(*source("Events", Logic::True)).clone() });
    assert_snapshot!(shown(&rule(arms(vec![arm(&other, is("f", "x"))]))), @r#"refused as log-source: KQL: the source of `Events` names no table"#);
}

#[test]
fn the_first_branch_that_holds_names_the_event() {
    let one = source("Events", is("ActionType", "A"));
    let of = |predicate| vec![arm(&one, predicate)];
    let body = classified(
        of(Logic::any([is("f", "*x*"), is("g", "y")])),
        vec![("Both", of(Logic::all([is("f", "*x*"), is("g", "y")]))), ("It's \"X\"", of(is("f", "*x*")))],
        Some("Y alone"),
    );
    assert_snapshot!(shown(&rule(body)), @r#"
    Events
    | where ActionType =~ "A" and (f contains "x" or g =~ "y")
    | extend class = case(
        f contains "x" and g =~ "y", "Both",
        f contains "x", @"It's ""X""",
        "Y alone"
      )
    // exact
    "#);
}

#[test]
fn branches_belong_to_their_tables() {
    let one = source("Events", is("ActionType", "A"));
    let two = source("Other", Logic::True);
    let body = || {
        classified(
            vec![arm(&one, is("f", "x")), arm(&two, is("h", "y"))],
            vec![("One", vec![arm(&one, Logic::True)]), ("Two", vec![arm(&two, not(is("n", "5")))])],
            None,
        )
    };
    assert_snapshot!(shown(&rule(body())), @r#"
    union
      (
        Events
        | where ActionType =~ "A" and f =~ "x"
        | extend class = "One"
      ),
      (
        Other
        | where h =~ "y"
        | extend class = case(
            not(n == 5), "Two",
            ""
          )
      )
    // exact
    "#);
    let rule = with_output(body(), &["@time", "@class", "f"], &[("@class", false), ("@time", true)]);
    assert_snapshot!(shown(&rule), @r#"
    union
      (
        Events
        | where ActionType =~ "A" and f =~ "x"
        | extend class = "One"
      ),
      (
        Other
        | where h =~ "y"
        | extend class = case(
            not(n == 5), "Two",
            ""
          )
      )
    | sort by class asc, Timestamp desc
    | project Timestamp, class, f, DeviceId, ReportId
    // exact
    "#);
}

#[test]
fn output_is_columns_and_order() {
    let rule =
        with_output(event(is("f", "x")), &["@time", "f", "o", "f", "ReportId"], &[("@time", true), ("f", false)]);
    assert_snapshot!(shown(&rule), @r#"
    Events
    | where f =~ "x"
    | sort by Timestamp desc, f asc
    | project Timestamp, f, o, ReportId, DeviceId
    // exact
    "#);
    let sorted = with_output(event(is("f", "x")), &[], &[("n", false)]);
    assert_snapshot!(shown(&sorted), @r#"
    Events
    | where f =~ "x"
    | sort by n asc
    // exact
    "#);
}

#[test]
fn different_columns_of_one_name_are_numbered() {
    let mut rule = with_output(event(is("f", "x")), &["f"], &[]);
    if let Some(output) = &mut rule.output {
        let fields = [["f"], ["g"]].map(|path| property("o", &[path[0], "f"], false, ColumnType::Text));
        output.fields.extend(fields.map(|column| OutputField::Field(Arc::new(column))));
        output.fields.push(OutputField::Field(Arc::new(join(&["Domain", "User"]))));
    }
    assert_snapshot!(shown(&rule), @r#"
    Events
    | where f =~ "x"
    | project f, f_2 = tostring(o.f.f), f_3 = tostring(o.g.f),
        Domain_User = strcat(Domain, @"\", User), Timestamp, DeviceId, ReportId
    // exact
    "#);
}

#[test]
fn tables_share_one_time_column_in_the_output() {
    let events = source("Events", Logic::True);
    let other = Arc::new(Source {
        time: Arc::new(Column::named("t", ColumnType::DateTime)),
        id: vec![Arc::new(column("g"))],
        ..(*source("Other", Logic::True)).clone()
    });
    let body = arms(vec![arm(&events, is("f", "x")), arm(&other, is("f", "y"))]);
    assert_snapshot!(shown(&with_output(body, &["f"], &[("@time", true)])), @r#"
    union
      (
        Events
        | where f =~ "x"
      ),
      (
        Other
        | where f =~ "y"
        | extend Timestamp = t
      )
    | sort by Timestamp desc
    | project f, Timestamp, DeviceId, ReportId, g
    // exact
    "#);
}

#[test]
fn notes_of_a_mapping_reach_the_query() {
    let mut tree = is("f", "x");
    if let Logic::Test(atom) = &mut tree {
        atom.notes.verdict = rulecast_ir::Verdict::Over;
        atom.notes.assume(rulecast_ir::Assumption::Mapping("Hashes".into()));
    }
    let body = |tree: Tree| event(Logic::any([tree, is("f", "y")]));
    assert_snapshot!(shown(&rule(body(tree.clone()))), @r#"
    Events
    | where f in~ ("x", "y")
    // over, mapping:Hashes
    "#);
    assert_snapshot!(shown(&rule(body(not(tree.clone())))), @r#"
    Events
    | where not(f =~ "x") or f =~ "y"
    // under, mapping:Hashes
    "#);
    // A wrong class is a wrong answer both ways: too many here, too few there.
    let one = source("Events", Logic::True);
    let classes = vec![("X", vec![arm(&one, tree)])];
    let body: Body<_> = classified(vec![arm(&one, is("f", "*"))], classes, Some("Z"));
    assert_snapshot!(shown(&rule(body)), @r#"
    Events
    | where isnotempty(f)
    | extend class = case(
        f =~ "x", "X",
        "Z"
      )
    // both, empty-is-missing, mapping:Hashes
    "#);
}
