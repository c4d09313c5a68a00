//! Tests that a data model cannot say: refused by default, and left out where `--allow` accepts what that makes of the
//! query.

use insta::assert_snapshot;
use rulecast_compile::{Allow, Outcome, Target, Unit, compile};
use rulecast_diagnostics::FileId;

const STRICT: Allow = Allow { over: false, under: false };
const OVER: Allow = Allow { over: true, under: false };
const UNDER: Allow = Allow { over: false, under: true };

/// The query of a rule of processes on Windows, its verdict and what it leaves out; or what is refused.
fn told(detection: &str, target: &str, allow: Allow) -> String {
    let yaml =
        format!("title: t\nlogsource: {{category: process_creation, product: windows}}\ndetection: {{{detection}}}\n");
    let resolved = Unit::new(rulecast_rule::parse(FileId(0), &yaml).documents).resolve();
    let rule = resolved.rules.first().unwrap_or_else(|| panic!("{yaml}\n{:?}", resolved.diagnostics));
    let target = Target::parse(target).expect("it is a target");
    match compile(rule, target, allow) {
        Outcome::Queries(queries) => {
            let told = queries.iter().map(|query| {
                let left_out = query.fidelity.left_out.iter().map(|refusal| refusal.message.as_str());
                let left_out = left_out.collect::<Vec<_>>().join("; ");
                format!("{}\n{}: {left_out}", query.text, query.fidelity.word())
            });
            told.collect::<Vec<_>>().join("\n\n")
        }
        Outcome::Refused(refusals) => refusals
            .iter()
            .map(|refusal| format!("{}: {}", refusal.reason.name(), refusal.message))
            .collect::<Vec<_>>()
            .join("\n"),
        Outcome::Declared { .. } => unreachable!("the rule declares nothing"),
    }
}

const HASHES: &str = "s: {'Hashes|contains':
    [IMPHASH=BCCA3C247B619DCD13C8CDFF5F123932, MD5=09D278F9DE118EF09163C6140255C690]}, condition: s";

#[test]
fn a_hash_that_the_platform_lacks_is_left_out_where_that_is_allowed() {
    assert_snapshot!(told(HASHES, "kql.xdr", STRICT), @"unmapped-field: the data model has no column for `IMPHASH`, which `Hashes` holds");
    assert_snapshot!(told(HASHES, "kql.xdr", OVER), @"unmapped-field: the data model has no column for `IMPHASH`, which `Hashes` holds");
    assert_snapshot!(told(HASHES, "kql.xdr", UNDER), @r#"
    DeviceProcessEvents
    | where ActionType == "ProcessCreated" and MD5 =~ "09D278F9DE118EF09163C6140255C690"
    under: the data model has no column for `IMPHASH`, which `Hashes` holds
    "#);
}

#[test]
fn in_a_filter_a_hash_that_is_left_out_finds_more() {
    let filter = HASHES.replace("condition: s", r"m: {'Image|endswith': '\a.exe'}, condition: m and not s");
    assert_snapshot!(told(&filter, "kql.xdr", UNDER), @"unmapped-field: the data model has no column for `IMPHASH`, which `Hashes` holds");
    assert_snapshot!(told(&filter, "kql.xdr", OVER), @r#"
    DeviceProcessEvents
    | where ActionType == "ProcessCreated"
        and FileName =~ "a.exe"
        and not(MD5 =~ "09D278F9DE118EF09163C6140255C690")
    over: the data model has no column for `IMPHASH`, which `Hashes` holds
    "#);
}

#[test]
fn a_condition_that_is_left_out_finds_more() {
    let folder = r"s: {'Image|endswith': '\a.exe', 'CurrentDirectory|contains': '\b\'}, condition: s";
    assert_snapshot!(told(folder, "kql.xdr", STRICT), @"unmapped-field: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`");
    assert_snapshot!(told(folder, "kql.xdr", OVER), @r#"
    DeviceProcessEvents
    | where ActionType == "ProcessCreated" and FileName =~ "a.exe"
    over: the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    "#);
    assert_snapshot!(told(folder, "eql.ecs", STRICT), @r#"
    process where host.os.type == "windows"
      and event.type == "start"
      and process.name : "a.exe"
      and process.working_directory : "*\\b\\*"
    exact:
    "#);
}
