//! What a model lacks is refused, all of it at once.

use crate::testing::{item, log_source, mapped, mapped_rule, show_refusal};
use crate::{Dialect, Model};
use insta::assert_snapshot;
use rulecast_ir::{Atom, Case, Field, Logic, Notes, Pattern, Subject, Test};

const PROCESS: &str = "windows/process_creation";

#[test]
fn every_refusal_comes_once_with_its_help() {
    let predicate = Logic::all([
        item("Comandline|contains", &["a", "b"]),
        item("QueryName", &["x"]).negate(),
        item("commandline|contains", &["a"]),
        item("Hashes|contains", &["IMPHASH=00112233445566778899AABBCCDDEEFF"]),
    ]);
    assert_snapshot!(mapped("xdr", PROCESS, predicate), @r#"
    unmapped-field at 10: the data model `xdr` has no column for `Comandline` in `windows/process_creation` (did you mean `CommandLine`?)
    unmapped-field at 10: the data model `xdr` has no column for `QueryName` in `windows/process_creation` (map it to a column with a processing pipeline)
    unmapped-field at 10: the data model `xdr` has no column for `commandline` in `windows/process_creation` (did you mean `CommandLine`?)
    unmapped-field at 10: the data model has no column for `IMPHASH`, which `Hashes` holds (ask for another hash of the same file than its IMPHASH)
    "#);
}

#[test]
fn a_log_source_that_the_model_lacks_is_refused() {
    assert_snapshot!(
        mapped("ecs", "windows//hyper-v", Logic::True),
        @"log-source at 1: the data model `ecs` has no source for the log source `windows/hyper-v` (it serves `windows/process_creation`, `windows/process_termination`, `windows/network_connection`, `windows/file_event`, `windows/file_delete`, `windows/file_rename`, `windows/image_load`, `windows/driver_load` and 66 others)"
    );
    assert_snapshot!(
        mapped("ecs", "windows/proces_creation", Logic::True),
        @"log-source at 1: the data model `ecs` has no source for the log source `windows/proces_creation` (did you mean `windows/process_creation`?)"
    );
    assert_snapshot!(
        mapped("ecs", "windows/process_creation/security", Logic::True),
        @"log-source at 1: the data model `ecs` has no source for the log source `windows/process_creation/security` (it serves `windows/process_creation`, `linux/process_creation`, `macos/process_creation`)"
    );
    // A part of a service that is served whole; and one whose events are all of that service.
    assert_snapshot!(
        mapped("sysmon", "windows/registry_set/security", Logic::True),
        @"log-source at 1: the data model `sysmon` has no source for the log source `windows/registry_set/security` (it serves `windows/registry_set`)"
    );
    assert_snapshot!(mapped("sysmon", "windows/registry_set/sysmon", Logic::True), @"true");
    assert_snapshot!(
        mapped("ecs", "/process_creation", Logic::True),
        @"log-source at 1: the data model `ecs` has no source for the log source `process_creation` (it serves `windows/process_creation`, `linux/process_creation`, `macos/process_creation`)"
    );
}

#[test]
fn a_language_that_the_model_does_not_serve_is_refused() {
    let refusals = mapped_rule("ecs", Dialect::Kql, PROCESS, Logic::True).unwrap_err();
    assert_snapshot!(
        show_refusal(&refusals[0]),
        @"log-source at 0: the data model `ecs` does not serve `kql` (it serves `eql`)"
    );
}

#[test]
fn a_placeholder_without_values_is_refused_where_it_would_be_converted() {
    let pattern = Pattern::from_parts([rulecast_ir::Part::Placeholder("admins".into())]);
    let atom = Atom {
        subject: Subject::Field(Field::Sigma("User".into())),
        test: Test::Text { pattern, case: Case::Insensitive },
        span: <_>::default(),
        notes: Notes::default(),
    };
    assert_snapshot!(
        mapped("ecs", PROCESS, Logic::Test(atom)),
        @"placeholder at 0: the placeholder `%admins%` has no values (give them with `--placeholders FILE`, in lines `admins: [value, …]`, or in a processing pipeline)"
    );
}

#[test]
fn a_column_that_a_pipeline_named_and_a_keyword_pass() {
    let column = Field::Target("my.column".into());
    let text = || Test::Text { pattern: Pattern::literal("x"), case: Case::Insensitive };
    let atom = |subject| Logic::Test(Atom { subject, test: text(), span: <_>::default(), notes: Notes::default() });
    let predicate = Logic::any([atom(Subject::Field(column)), atom(Subject::Keyword)]);
    assert_eq!(mapped("ecs", PROCESS, predicate), "my.column = 'x' or * = 'x'");
}

#[test]
fn sysmon_in_splunk_serves_every_category_of_sysmon() {
    let categories = "process_creation file_change network_connection sysmon_status process_termination driver_load \
        image_load create_remote_thread raw_access_thread process_access file_event registry_event registry_add \
        registry_delete registry_set registry_rename create_stream_hash pipe_created wmi_event dns_query file_delete \
        clipboard_capture process_tampering file_delete_detected file_block_executable file_block_shredding \
        file_executable_detected sysmon_error";
    let model = Model::builtin("sysmon").unwrap();
    for category in categories.split_whitespace() {
        let log_source = log_source(&format!("windows/{category}"));
        assert_eq!(model.serving(&log_source, Dialect::Spl).len(), 1, "{category}");
    }
}
