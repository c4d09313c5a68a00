//! Rules as people write them, over the tables of Defender XDR.

use super::build::*;
use super::shown;
use insta::assert_snapshot;
use rulecast_ir::{Arm, Column, ColumnType, Logic, Mapped};

fn processes(predicate: Tree) -> Arm<Mapped> {
    arm(&source("DeviceProcessEvents", is("ActionType", "ProcessCreated")), predicate)
}

fn connections(predicate: Tree) -> Arm<Mapped> {
    let outbound = ["ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "ConnectionAttempt"];
    arm(&source("DeviceNetworkEvents", any_of("ActionType", &outbound)), predicate)
}

/// An installer that starts a shell.
fn shell() -> Tree {
    Logic::all([
        any_of("InitiatingProcessFileName", &["msiexec.exe", "installer*.exe", "dpkg", "rpm", "brew"]),
        any_of("FileName", &["cmd.exe", "powershell.exe", "python*.exe", "bash"]),
        any_of("ProcessCommandLine", &["* -enc*", r#"*"http://*"#, r"*\AppData\Local\Temp\\*"]),
        not(is("FolderPath", r"C:\Program Files\\*\updater.exe")),
    ])
}

/// A connection to an address that is not private.
fn outward() -> Tree {
    let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1/128", "fe80::/10", "fc00::/7"];
    let private = private.map(|network| on(column("RemoteIP"), cidr(network)));
    let port = || Column::named("RemotePort", ColumnType::Long);
    Logic::all([Logic::any(["80", "443"].map(|number| on(port(), text(number)))), not(Logic::any(private))])
}

#[test]
fn an_installer_that_starts_a_shell() {
    let user = on(join(&["AccountDomain", "AccountName"]), text(r"NT AUTHORITY\\*"));
    let rule = with_output(
        arms(vec![processes(Logic::all([shell(), not(user)]))]),
        &["@time", "DeviceName", "FileName", "ProcessCommandLine"],
        &[("@time", true)],
    );
    assert_snapshot!(shown(&rule), @r#"
    DeviceProcessEvents
    | where ActionType =~ "ProcessCreated"
        and (
          InitiatingProcessFileName in~ ("msiexec.exe", "dpkg", "rpm", "brew")
          or (
            InitiatingProcessFileName startswith "installer"
            and InitiatingProcessFileName endswith ".exe"
            and strlen(InitiatingProcessFileName) >= 13
          )
        )
        and (
          FileName in~ ("cmd.exe", "powershell.exe", "bash")
          or (FileName startswith "python" and FileName endswith ".exe" and strlen(FileName) >= 10)
        )
        and (
          ProcessCommandLine contains " -enc"
          or ProcessCommandLine contains @"""http://"
          or ProcessCommandLine contains @"\AppData\Local\Temp\"
        )
        and not(
          FolderPath startswith @"C:\Program Files\"
          and FolderPath endswith @"\updater.exe"
          and strlen(FolderPath) >= 29
        )
        and not(strcat(AccountDomain, @"\", AccountName) startswith @"NT AUTHORITY\")
    | sort by Timestamp desc
    | project Timestamp, DeviceName, FileName, ProcessCommandLine, DeviceId, ReportId
    // exact
    "#);
}

#[test]
fn a_shell_of_an_installer_that_connects() {
    let keys: &[&[&str]] = &[&["DeviceId"], &["InitiatingProcessAccountName"]];
    let steps = vec![step(arms(vec![processes(shell())]), keys), step(arms(vec![connections(outward())]), keys)];
    assert_snapshot!(shown(&rule(sequence(&["HostId", "UserId"], 30, steps, None))), @r#"
    let step1 =
      DeviceProcessEvents
      | where ActionType =~ "ProcessCreated"
          and (
            InitiatingProcessFileName in~ ("msiexec.exe", "dpkg", "rpm", "brew")
            or (
              InitiatingProcessFileName startswith "installer"
              and InitiatingProcessFileName endswith ".exe"
              and strlen(InitiatingProcessFileName) >= 13
            )
          )
          and (
            FileName in~ ("cmd.exe", "powershell.exe", "bash")
            or (FileName startswith "python" and FileName endswith ".exe" and strlen(FileName) >= 10)
          )
          and (
            ProcessCommandLine contains " -enc"
            or ProcessCommandLine contains @"""http://"
            or ProcessCommandLine contains @"\AppData\Local\Temp\"
          )
          and not(
            FolderPath startswith @"C:\Program Files\"
            and FolderPath endswith @"\updater.exe"
            and strlen(FolderPath) >= 29
          )
      | where isnotempty(DeviceId) and isnotempty(InitiatingProcessAccountName)
      | project k1 = DeviceId, k2 = InitiatingProcessAccountName, t1 = Timestamp;
    let step2 =
      DeviceNetworkEvents
      | where ActionType in~ ("ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "ConnectionAttempt")
          and RemotePort in (80, 443)
          and not(
            coalesce(ipv6_is_match(RemoteIP, "10.0.0.0/8"), false)
            or coalesce(ipv6_is_match(RemoteIP, "172.16.0.0/12"), false)
            or coalesce(ipv6_is_match(RemoteIP, "192.168.0.0/16"), false)
            or coalesce(ipv6_is_match(RemoteIP, "127.0.0.0/8"), false)
            or coalesce(ipv6_is_match(RemoteIP, "::1/128"), false)
            or coalesce(ipv6_is_match(RemoteIP, "fe80::/10"), false)
            or coalesce(ipv6_is_match(RemoteIP, "fc00::/7"), false)
          )
      | where isnotempty(DeviceId) and isnotempty(InitiatingProcessAccountName)
      | project k1 = DeviceId, k2 = InitiatingProcessAccountName, t2 = Timestamp, DeviceId, ReportId;
    step1
    | join kind=inner (step2) on k1, k2
    | where t2 > t1 and t2 - t1 <= 30s
    | summarize arg_max(t1, DeviceId, ReportId) by k1, k2, t2
    | summarize arg_min(t2, DeviceId, ReportId) by k1, k2, t1
    | project Timestamp = t2, HostId = k1, UserId = k2, Start = t1, DeviceId, ReportId
    // exact, empty-is-missing, unique-timestamps, mapping:RemoteIP
    "#);
}

#[test]
fn classes_of_what_installers_do() {
    let body = classified(
        vec![processes(shell()), connections(outward())],
        vec![
            ("Encoded command", vec![processes(is("ProcessCommandLine", "* -enc*"))]),
            ("Network connection", vec![connections(Logic::True)]),
        ],
        Some("Shell of an installer"),
    );
    assert_snapshot!(shown(&rule(body)), @r#"
    union
      (
        DeviceProcessEvents
        | where ActionType =~ "ProcessCreated"
            and (
              InitiatingProcessFileName in~ ("msiexec.exe", "dpkg", "rpm", "brew")
              or (
                InitiatingProcessFileName startswith "installer"
                and InitiatingProcessFileName endswith ".exe"
                and strlen(InitiatingProcessFileName) >= 13
              )
            )
            and (
              FileName in~ ("cmd.exe", "powershell.exe", "bash")
              or (FileName startswith "python" and FileName endswith ".exe" and strlen(FileName) >= 10)
            )
            and (
              ProcessCommandLine contains " -enc"
              or ProcessCommandLine contains @"""http://"
              or ProcessCommandLine contains @"\AppData\Local\Temp\"
            )
            and not(
              FolderPath startswith @"C:\Program Files\"
              and FolderPath endswith @"\updater.exe"
              and strlen(FolderPath) >= 29
            )
        | extend class = case(
            ProcessCommandLine contains " -enc", "Encoded command",
            "Shell of an installer"
          )
      ),
      (
        DeviceNetworkEvents
        | where ActionType in~ ("ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "ConnectionAttempt")
            and RemotePort in (80, 443)
            and not(
              coalesce(ipv6_is_match(RemoteIP, "10.0.0.0/8"), false)
              or coalesce(ipv6_is_match(RemoteIP, "172.16.0.0/12"), false)
              or coalesce(ipv6_is_match(RemoteIP, "192.168.0.0/16"), false)
              or coalesce(ipv6_is_match(RemoteIP, "127.0.0.0/8"), false)
              or coalesce(ipv6_is_match(RemoteIP, "::1/128"), false)
              or coalesce(ipv6_is_match(RemoteIP, "fe80::/10"), false)
              or coalesce(ipv6_is_match(RemoteIP, "fc00::/7"), false)
            )
        | extend class = "Network connection"
      )
    // exact, mapping:RemoteIP
    "#);
}
