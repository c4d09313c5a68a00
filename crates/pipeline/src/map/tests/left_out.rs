//! A test that cannot be said is left out in the direction that is allowed, and only there.

use crate::testing::{event, item, log_source, rule, show, show_refusal};
use crate::{Dialect, Model, map_allowing};
use insta::assert_snapshot;
use rulecast_ir::{Allow, Body, Logic, Predicate, Sigma, Verdict};

const NONE: Allow = Allow { over: false, under: false };
const OVER: Allow = Allow { over: true, under: false };
const UNDER: Allow = Allow { over: false, under: true };
const BOTH: Allow = Allow { over: true, under: true };

/// What is left, with the verdicts of its tests, and what is left out; or what is refused.
fn left(predicate: &Predicate<Sigma>, allow: Allow) -> String {
    let model = Model::builtin("xdr").unwrap();
    let rule = rule(event(log_source("windows/process_creation"), predicate.clone()));
    let listed = |refusals: &[rulecast_ir::Refusal]| {
        refusals
            .iter()
            .map(|one| show_refusal(one).split(" (").next().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join("; ")
    };
    match map_allowing(&rule, model, Dialect::Kql, allow) {
        Err(refusals) => format!("refused: {}", listed(&refusals)),
        Ok(mapped) => {
            let Body::Event(event) = &mapped.rule.body else { unreachable!("the rule is of one event") };
            let predicate = &event.arms[0].predicate;
            let mut verdict = Verdict::Exact;
            whole(predicate, false, &mut verdict);
            format!("{}: {} | {}", verdict.word(), show(predicate), listed(&mapped.left_out))
        }
    }
}

fn whole(predicate: &Predicate<rulecast_ir::Mapped>, negated: bool, verdict: &mut Verdict) {
    match predicate {
        Logic::True | Logic::False => {}
        Logic::Test(atom) => {
            let own = atom.notes.verdict;
            *verdict = verdict.join(if negated { own.swapped() } else { own });
        }
        Logic::Not(inner) => whole(inner, !negated, verdict),
        Logic::And(parts) | Logic::Or(parts) => parts.iter().for_each(|part| whole(part, negated, verdict)),
    }
}

fn all(predicate: &Predicate<Sigma>) -> String {
    [("none", NONE), ("over", OVER), ("under", UNDER), ("both", BOTH)]
        .map(|(name, allow)| format!("{name:5} {}", left(predicate, allow)))
        .join("\n")
}

fn known() -> Predicate<Sigma> {
    item("CommandLine", &["a"])
}

fn unknown() -> Predicate<Sigma> {
    item("CurrentDirectory", &["b"])
}

#[test]
fn a_branch_of_an_or_misses_events() {
    let hashes =
        item("Hashes|contains", &["IMPHASH=BCCA3C247B619DCD13C8CDFF5F123932", "MD5=09D278F9DE118EF09163C6140255C690"]);
    assert_snapshot!(all(&hashes), @r#"
    none  refused: unmapped-field at 10: the data model has no column for `IMPHASH`, which `Hashes` holds
    over  refused: unmapped-field at 10: the data model has no column for `IMPHASH`, which `Hashes` holds
    under under: MD5 = '09D278F9DE118EF09163C6140255C690' | unmapped-field at 10: the data model has no column for `IMPHASH`, which `Hashes` holds
    both  under: MD5 = '09D278F9DE118EF09163C6140255C690' | unmapped-field at 10: the data model has no column for `IMPHASH`, which `Hashes` holds
    "#);
    assert_snapshot!(all(&Logic::any([known(), unknown()])), @r#"
    none  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    over  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    under under: ProcessCommandLine = 'a' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    both  under: ProcessCommandLine = 'a' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    "#);
}

#[test]
fn a_branch_of_an_and_finds_more() {
    assert_snapshot!(all(&Logic::all([known(), unknown()])), @r#"
    none  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    over  over: ProcessCommandLine = 'a' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    under refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    both  over: ProcessCommandLine = 'a' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    "#);
}

#[test]
fn in_a_filter_it_is_the_reverse() {
    let main = || item("Image|endswith", &[r"\x.exe"]);
    assert_snapshot!(all(&Logic::all([main(), Logic::any([known(), unknown()]).negate()])), @r#"
    none  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    over  over: FileName = 'x.exe' and not (ProcessCommandLine = 'a') | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    under refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    both  over: FileName = 'x.exe' and not (ProcessCommandLine = 'a') | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    "#);
    assert_snapshot!(all(&Logic::all([main(), Logic::all([known(), unknown()]).negate()])), @r#"
    none  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    over  over: FileName = 'x.exe' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    under under: FileName = 'x.exe' and not (ProcessCommandLine = 'a') | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    both  under: FileName = 'x.exe' and not (ProcessCommandLine = 'a') | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    "#);
    assert_snapshot!(all(&Logic::all([main(), unknown().negate()])), @r#"
    none  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    over  over: FileName = 'x.exe' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    under refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    both  over: FileName = 'x.exe' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    "#);
    // A filter within a filter.
    let inner = Logic::all([known(), Logic::any([item("ProcessId|number", &["4"]), unknown()]).negate()]);
    assert_snapshot!(all(&Logic::all([main(), inner.negate()])), @r#"
    none  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    over  over: FileName = 'x.exe' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    under under: FileName = 'x.exe' and not (ProcessCommandLine = 'a' and not (ProcessId = 4)) | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    both  under: FileName = 'x.exe' and not (ProcessCommandLine = 'a' and not (ProcessId = 4)) | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    "#);
}

#[test]
fn what_may_not_be_left_out_takes_what_it_stands_in_with_it() {
    // Without the whole OR, the query finds more.
    let main = || item("Image|endswith", &[r"\x.exe"]);
    assert_snapshot!(all(&Logic::all([main(), Logic::any([known(), unknown()])])), @r#"
    none  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    over  over: FileName = 'x.exe' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    under under: FileName = 'x.exe' and ProcessCommandLine = 'a' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    both  under: FileName = 'x.exe' and ProcessCommandLine = 'a' | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    "#);
    // Nothing may be left.
    assert_snapshot!(all(&Logic::any([unknown(), item("FileVersion", &["1"])])), @r#"
    none  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`; unmapped-field at 10: the data model `xdr` has no column for `FileVersion` in `windows/process_creation`
    over  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`; unmapped-field at 10: the data model `xdr` has no column for `FileVersion` in `windows/process_creation`
    under refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`; unmapped-field at 10: the data model `xdr` has no column for `FileVersion` in `windows/process_creation`
    both  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`; unmapped-field at 10: the data model `xdr` has no column for `FileVersion` in `windows/process_creation`
    "#);
    assert_snapshot!(all(&Logic::all([known().negate(), unknown()])), @r#"
    none  refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    over  over: not (ProcessCommandLine = 'a') | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    under refused: unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    both  over: not (ProcessCommandLine = 'a') | unmapped-field at 10: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    "#);
}
