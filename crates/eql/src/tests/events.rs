//! Unions and classes.

use super::build::{any, arm, branch, category, classified, event, exists, keyword, not, starts, text, with};
use super::check;
use rulecast_ir::{Logic, Verdict};
use rulecast_rule::ast::Level;

#[test]
fn a_scope_stands_before_the_condition() {
    insta::assert_snapshot!(check(&event(vec![arm(&starts("process"), text("process.name", "cmd.exe"))])), @r#"process where event.type == "start" and process.name : "cmd.exe""#);
    insta::assert_snapshot!(check(&event(vec![arm(&starts("process"), not(text("process.name", "cmd.exe")))])), @r#"process where event.type == "start" and not process.name : "cmd.exe""#);
    insta::assert_snapshot!(check(&event(vec![arm(&starts("process"), Logic::True)])), @r#"process where event.type == "start""#);
    insta::assert_snapshot!(check(&event(vec![arm(&category("my-cat"), not(exists("x", true)))])), @r#""my-cat" where ?x == null"#);
}

#[test]
fn a_long_condition_is_broken_into_lines() {
    let names = Logic::any(["*installer*", "*package_script_service*"].map(|name| text("process.parent.name", name)));
    let line = Logic::all(["*curl*", "*http*", "*-o *"].map(|part| text("process.command_line", part)));
    let predicate =
        Logic::all([names, Logic::any([line, text("process.name", "osascript")]), not(text("user.id", "0"))]);
    insta::assert_snapshot!(check(&event(vec![arm(&starts("process"), predicate)])), @r#"
    process where event.type == "start"
      and process.parent.name : ("*installer*", "*package_script_service*")
      and (
        (
          process.command_line : "*curl*"
          and process.command_line : "*http*"
          and process.command_line : "*-o *"
        )
        or process.name : "osascript"
      )
      and not user.id : "0"
    "#);
}

#[test]
fn arms_of_one_category_share_it() {
    let arms = vec![arm(&starts("process"), text("a", "x")), arm(&category("process"), text("b", "y"))];
    insta::assert_snapshot!(check(&event(arms)), @r#"process where (event.type == "start" and a : "x") or b : "y""#);
    let arms = vec![arm(&category("process"), text("a", "x")), arm(&category("process"), text("a", "y"))];
    insta::assert_snapshot!(check(&event(arms)), @r#"process where a : ("x", "y")"#);
}

#[test]
fn arms_of_several_categories_name_theirs() {
    let or = Logic::any([text("a", "x"), text("b", "y")]);
    let arms = vec![arm(&starts("process"), or), arm(&category("network"), Logic::True), arm(&any(), text("c", "z"))];
    insta::assert_snapshot!(check(&event(arms)), @r#"
    any where (event.category == "process" and event.type == "start" and (a : "x" or b : "y"))
      or event.category == "network"
      or c : "z"
    "#);
}

/// The selections of a rule, each a class.
#[test]
fn each_class_is_a_query_without_the_classes_before() {
    let source = starts("process");
    let class = |name: &str, value: &str, level| branch(name, vec![arm(&source, text("process.name", value))], level);
    let whole = Logic::any(["curl", "wget", "bash"].map(|name| text("process.name", name)));
    let branches = vec![
        class("Download", "curl", Some(Level::High)),
        class("Other download", "wget", Some(Level::Medium)),
        class("Shell", "bash", None),
    ];
    insta::assert_snapshot!(check(&classified(vec![arm(&source, whole)], branches, Some("Rest"))), @r#"
    process where event.type == "start" and process.name : ("curl", "wget", "bash")

    // Download, High
    process where event.type == "start" and process.name : "curl"

    // Other download
    process where event.type == "start" and process.name : "wget" and not process.name : "curl"

    // Shell
    process where event.type == "start" and process.name : "bash" and not process.name : ("curl", "wget")

    // Rest
    process where event.type == "start"
      and process.name : ("curl", "wget", "bash")
      and not process.name : ("curl", "wget", "bash")
    "#);
}

/// A selection of many values is seen to be part of the rule.
#[test]
fn a_class_of_some_values_of_the_rule_implies_it() {
    let source = starts("process");
    let names = |names: &[&str]| Logic::any(names.iter().map(|name| text("process.name", name)));
    let branches = vec![branch("Download", vec![arm(&source, names(&["curl", "wget"]))], None)];
    let rule = vec![arm(&source, names(&["bash", "curl", "sh", "wget"]))];
    insta::assert_snapshot!(check(&classified(rule, branches, None)), @r#"
    process where event.type == "start" and process.name : ("bash", "curl", "sh", "wget")

    // Download
    process where event.type == "start" and process.name : ("curl", "wget")
    "#);
}

/// A class that does not itself imply the rule is asked together with it.
#[test]
fn a_class_is_of_matches_of_the_rule_only() {
    let source = starts("process");
    let class = |name: &str, value: &str| branch(name, vec![arm(&source, text("process.args", value))], None);
    let rule = vec![arm(&source, Logic::all([text("process.name", "curl"), not(text("user.id", "0"))]))];
    insta::assert_snapshot!(check(&classified(rule, vec![class("Quiet", "-s"), class("Upload", "-T")], None)), @r#"
    process where event.type == "start" and process.name : "curl" and not user.id : "0"

    // Quiet
    process where event.type == "start" and process.args : "-s" and process.name : "curl" and not user.id : "0"

    // Upload
    process where event.type == "start"
      and process.args : "-T"
      and process.name : "curl"
      and not user.id : "0"
      and not process.args : "-s"
    "#);
}

#[test]
fn classes_over_several_categories() {
    let process = arm(&starts("process"), text("process.name", "installer"));
    let network = arm(&starts("network"), text("process.name", "curl"));
    let both = vec![process.clone(), network.clone()];
    let branches = vec![
        branch("Network", vec![network], Some(Level::High)),
        branch("Process", vec![process], None),
        branch("Both", both.clone(), None),
    ];
    insta::assert_snapshot!(check(&classified(both, branches, Some("None"))), @r#"
    any where event.type == "start"
      and (
        (event.category == "process" and process.name : "installer")
        or (event.category == "network" and process.name : "curl")
      )

    // Network, High
    network where event.type == "start" and process.name : "curl"

    // Process
    // exact: single-valued
    process where event.type == "start" and process.name : "installer"
    "#);
}

#[test]
fn an_earlier_class_counts_swapped() {
    let source = category("process");
    let over = with(text("a", "x"), |atom| atom.notes.verdict = Verdict::Over);
    let first = arm(&source, over.clone());
    let second = arm(&source, text("b", "y"));
    let whole = vec![arm(&source, Logic::any([over, text("b", "y")]))];
    let branches = vec![branch("First", vec![first], None), branch("Second", vec![second], None)];
    insta::assert_snapshot!(check(&classified(whole, branches, None)), @r#"
    // over: 
    process where a : "x" or b : "y"

    // First
    // over: 
    process where a : "x"

    // Second
    // under: 
    process where b : "y" and not a : "x"
    "#);
}

#[test]
fn a_refusal_of_a_class_is_reported_once() {
    let source = category("process");
    let class = |name: &str| branch(name, vec![arm(&source, keyword("mimikatz"))], None);
    let branches = vec![class("First"), class("Second"), class("Third")];
    insta::assert_snapshot!(check(&classified(vec![arm(&source, keyword("mimikatz"))], branches, Some("Rest"))), @r#"keyword @7: EQL cannot search a whole event for a keyword; only its fields (name the field that holds the text)"#);
}
