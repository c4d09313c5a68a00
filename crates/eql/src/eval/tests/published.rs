//! Two published queries, and queries with answers that Elasticsearch's own tests give.

use super::{answers, ids, row, schema};
use rulecast_ir::{ColumnType, Row, Schema};

fn ecs(id: u64, seconds: i64, columns: &[(&str, &str)]) -> Row {
    row(id, seconds * 1_000, columns)
}

const INSTALLER: &str = r#"sequence by host.id, user.id with maxspan=30s
[process where event.type == "start" and event.action == "exec" and process.parent.name : ("installer", "package_script_service") and process.name : ("bash", "sh", "zsh", "python", "osascript", "tclsh*")]
[network where event.type == "start" and process.name : ("curl", "osascript", "wget", "python")]
"#;

#[test]
fn an_installer_that_runs_a_shell_and_then_connects() {
    let shell = |id, seconds, host: &str, name: &str| {
        ecs(
            id,
            seconds,
            &[
                ("event.category", "\"process\""),
                ("event.type", "[\"start\", \"info\"]"),
                ("event.action", "\"exec\""),
                ("host.id", host),
                ("user.id", "\"501\""),
                ("process.parent.name", "\"Installer\""),
                ("process.name", name),
            ],
        )
    };
    let curl = |id, seconds, host: &str, user: &str| {
        let mut row = ecs(
            id,
            seconds,
            &[
                ("event.category", "\"network\""),
                ("event.type", "\"start\""),
                ("host.id", host),
                ("process.name", "\"CURL\""),
            ],
        );
        if !user.is_empty() {
            row.columns.insert("user.id".to_owned(), vec![rulecast_ir::Scalar::Text(user.to_owned())]);
        }
        row
    };
    let rows = [
        shell(1, 0, "\"a\"", "\"bash\""),
        shell(2, 5, "\"a\"", "\"tclsh8.5\""),
        shell(3, 6, "\"b\"", "\"fish\""),
        curl(4, 10, "\"b\"", "501"),
        curl(5, 11, "\"a\"", ""),
        curl(6, 12, "\"A\"", "501"),
        curl(7, 35, "\"a\"", "501"),
        curl(8, 36, "\"a\"", "501"),
        shell(9, 100, "\"a\"", "\"sh\""),
        curl(10, 131, "\"a\"", "501"),
    ];
    assert_eq!(ids(INSTALLER, &rows, &Schema::default()), Ok(vec![vec![2, 7]]));
}

#[test]
fn an_installer_that_runs_an_interpreter_or_a_download() {
    let query = r#"event.type == "start"
  and process.parent.name : ("msiexec.exe", "installer", "pkgutil", "dpkg", "rpm", "yum", "apt-get", "apt", "chocolatey", "winget")
  and (
    process.name : ("powershell.exe", "pwsh.exe", "cmd.exe", "wscript.exe", "cscript.exe", "mshta.exe", "certutil.exe", "bitsadmin.exe", "bash", "sh", "python3", "python")
    or process.command_line : ("*Invoke-WebRequest*", "*DownloadString*", "*Net.WebClient*", "*-EncodedCommand*", "*certutil*urlcache*", "*bitsadmin*transfer*", "*curl*http*", "*wget*http*")
  )"#;
    let event = |id, parent, name, line| {
        ecs(
            id,
            1,
            &[
                ("event.type", "\"start\""),
                ("process.parent.name", parent),
                ("process.name", name),
                ("process.command_line", line),
            ],
        )
    };
    let rows = [
        event(1, "\"MSIEXEC.EXE\"", "\"cmd.exe\"", "\"cmd /c dir\""),
        event(2, "\"dpkg\"", "\"postinst\"", "\"CURL -s HTTPS://x\""),
        event(3, "\"dpkg\"", "\"postinst\"", "\"curl -s x\""),
        event(4, "\"explorer.exe\"", "\"cmd.exe\"", "\"cmd\""),
    ];
    answers(&rows, &Schema::default(), &[(query, "1 2")]);
}

/// Answers measured on five ECS events with an engine adapted to Elasticsearch's semantics.
#[test]
fn five_events() {
    let process = |id, seconds, host: &str, columns: &[(&str, &str)]| {
        ecs(id, seconds, &[&[("event.category", "\"process\""), ("host.id", host)], columns].concat())
    };
    let network = |id, seconds, name: &str, entity: &str, address: &str| {
        let columns = [
            ("event.category", "\"network\""),
            ("host.id", "\"h1\""),
            ("process.name", name),
            ("process.entity_id", entity),
            ("source.ip", address),
        ];
        ecs(id, seconds, &columns)
    };
    let rows = [
        process(
            10,
            0,
            "\"h1\"",
            &[
                ("process.name", "\"cmd.exe\""),
                ("process.entity_id", "\"A\""),
                ("process.args", "[\"cmd.exe\", \"/c\", \"whoami\"]"),
                ("process.command_line", "\"cmd.exe /c whoami\""),
            ],
        ),
        process(
            11,
            10,
            "\"h1\"",
            &[
                ("process.name", "\"PowerShell.exe\""),
                ("process.entity_id", "\"B\""),
                ("process.command_line", "\"powershell.exe -EncodedCommand SQBFAFgA\""),
            ],
        ),
        network(12, 20, "\"powershell.exe\"", "\"B\"", "\"10.1.2.3\""),
        network(13, 3_600, "\"cmd.exe\"", "\"A\"", "\"192.168.1.1\""),
        process(14, 3_605, "\"h2\"", &[("process.pid", "7")]),
    ];
    let schema = schema(&[
        ("process.name", ColumnType::Text),
        ("process.entity_id", ColumnType::Text),
        ("process.args", ColumnType::Text),
        ("process.command_line", ColumnType::Text),
        ("process.pid", ColumnType::Long),
        ("source.ip", ColumnType::Ip),
        ("host.id", ColumnType::Text),
    ]);
    for (query, expected) in [
        (r#"process where process.name == "powershell.exe""#, vec![]),
        (r#"process where process.name : "cm?.exe""#, vec![vec![10]]),
        (r#"process where process.name in~ ("powershell.exe")"#, vec![vec![11]]),
        (r#"process where process.args : "whoami""#, vec![vec![10]]),
        (r#"process where process.name != "cmd.exe""#, vec![vec![11], vec![14]]),
        (r#"process where process.command_line regex~ "powershell""#, vec![]),
        ("sequence by host.id with maxspan=1m [process where true] [network where true]", vec![vec![11, 12]]),
        ("sequence by host.id with maxspan=2h [process where true] [network where true]", vec![vec![11, 12]]),
        (
            "sequence by host.id, process.entity_id with maxspan=2h [process where true] [network where true]",
            vec![vec![11, 12], vec![10, 13]],
        ),
        ("sequence by host.id with maxspan=1m [process where true] with runs=2", vec![vec![10, 11]]),
    ] {
        assert_eq!(ids(query, &rows, &schema), Ok(expected), "{query}");
    }
}
