//! A rule of the kind that people write by hand: three event kinds of two sources, classes, private networks, output.

use super::build::{
    Tree, and, arm, classified, column, in_network, is_any, not, number, on, or, pattern, showing, source, sysmon,
};
use super::lowered;
use insta::assert_snapshot;
use rulecast_ir::{ColumnType, Logic, Output, OutputField, Reads};

const INSTALLERS: [&str; 3] = [r"*\msiexec.exe", r"*\choco.exe", r"*\winget.exe"];
const SCRIPTS: [&str; 3] = [r"*\powershell.exe", r"*\wscript.exe", r"*\mshta.exe"];
const DOWNLOADS: [&str; 3] = ["*Invoke-WebRequest*", "*DownloadString*", "*certutil*urlcache*"];
const PRIVATE: [&str; 6] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1/128", "fe80::/10"];

fn started(parent: &str, image: &str) -> [Tree; 3] {
    [is_any(parent, &INSTALLERS), is_any(image, &SCRIPTS), is_any("CommandLine", &DOWNLOADS)]
}

#[test]
fn installers_that_start_scripts_or_call_out() {
    let security = source(Reads::Macro("security".into()), number("EventCode", 4688));
    let (process, network) = (sysmon(1), sysmon(3));
    let starts =
        || [(&process, started("ParentImage", "Image")), (&security, started("ParentProcessName", "NewProcessName"))];
    let call = || {
        let initiated = on(&column("Initiated", ColumnType::Bool), pattern("true"));
        let private = or(PRIVATE.map(|network| in_network("DestinationIp", network)));
        arm(&network, and([is_any("Image", &INSTALLERS), initiated, not(private)]))
    };
    let arms = starts().map(|(source, [parent, script, download])| arm(source, and([parent, or([script, download])])));
    let cradle = starts().map(|(source, [_, script, download])| arm(source, and([script, download])));
    let child = starts().map(|(source, [_, script, _])| arm(source, script));
    let callback = vec![arm(&network, Logic::True)];
    let body = classified(
        arms.into_iter().chain([call()]).collect(),
        vec![("DOWNLOAD_CRADLE", cradle.into()), ("SCRIPT_CHILD", child.into()), ("NETWORK_CALLBACK", callback)],
        Some("SUSPICIOUS_ACTIVITY"),
    );
    let field = |name| OutputField::Field(column(name, ColumnType::Text));
    let fields = ["host", "User", "EventCode"].map(field).into_iter().chain([OutputField::Class]);
    let fields = [OutputField::Time].into_iter().chain(fields).chain(["Image", "CommandLine"].map(field)).collect();
    let output = Output { fields, sort: vec![(OutputField::Time, true)] };
    assert_snapshot!(lowered(&showing(body, output)), @r#"
    | multisearch
      [search `sysmon`
        AND (
          (
            EventCode=1
            AND ParentImage IN ("*\\msiexec.exe", "*\\choco.exe", "*\\winget.exe")
            AND (
              Image IN ("*\\powershell.exe", "*\\wscript.exe", "*\\mshta.exe")
              OR CommandLine IN ("*Invoke-WebRequest*", "*DownloadString*", "*certutil*urlcache*")
            )
          )
          OR (
            EventCode=3
            AND Image IN ("*\\msiexec.exe", "*\\choco.exe", "*\\winget.exe")
            AND Initiated="true"
            AND NOT (
              DestinationIp="10.0.0.0/8"
              OR DestinationIp="172.16.0.0/12"
              OR DestinationIp="192.168.0.0/16"
              OR DestinationIp="127.0.0.0/8"
            )
          )
        )
      | where (
            if(tonumber(EventCode)=1, 1, 0)=1
            AND isnotnull(mvfind(ParentImage, "(?i)(?:\x5cmsiexec\.exe|\x5cchoco\.exe|\x5cwinget\.exe)\z"))
            AND (
              isnotnull(mvfind(Image, "(?i)(?:\x5cpowershell\.exe|\x5cwscript\.exe|\x5cmshta\.exe)\z"))
              OR isnotnull(mvfind(CommandLine, "(?is)Invoke-WebRequest|DownloadString|certutil.*urlcache"))
            )
          )
          OR (
            if(tonumber(EventCode)=3, 1, 0)=1
            AND isnotnull(mvfind(Image, "(?i)(?:\x5cmsiexec\.exe|\x5cchoco\.exe|\x5cwinget\.exe)\z"))
            AND isnotnull(mvfind(Initiated, "(?i)\Atrue\z"))
            AND if(cidrmatch("10.0.0.0/8", DestinationIp) OR cidrmatch("172.16.0.0/12", DestinationIp) OR cidrmatch("192.168.0.0/16", DestinationIp) OR cidrmatch("127.0.0.0/8", DestinationIp) OR cidrmatch("::1/128", DestinationIp) OR cidrmatch("fe80::/10", DestinationIp), 1, 0)=0
          )
      | eval class=case(
            if(tonumber(EventCode)=1, 1, 0)=1
              AND isnotnull(mvfind(Image, "(?i)(?:\x5cpowershell\.exe|\x5cwscript\.exe|\x5cmshta\.exe)\z"))
              AND isnotnull(mvfind(CommandLine, "(?is)Invoke-WebRequest|DownloadString|certutil.*urlcache")), "DOWNLOAD_CRADLE",
            if(tonumber(EventCode)=1, 1, 0)=1
              AND isnotnull(mvfind(Image, "(?i)(?:\x5cpowershell\.exe|\x5cwscript\.exe|\x5cmshta\.exe)\z")), "SCRIPT_CHILD",
            if(tonumber(EventCode)=3, 1, 0)=1, "NETWORK_CALLBACK",
            true(), "SUSPICIOUS_ACTIVITY")]
      [search `security`
        AND EventCode=4688
        AND ParentProcessName IN ("*\\msiexec.exe", "*\\choco.exe", "*\\winget.exe")
        AND (
          NewProcessName IN ("*\\powershell.exe", "*\\wscript.exe", "*\\mshta.exe")
          OR CommandLine IN ("*Invoke-WebRequest*", "*DownloadString*", "*certutil*urlcache*")
        )
      | eval class=case(
            isnotnull(mvfind(NewProcessName, "(?i)(?:\x5cpowershell\.exe|\x5cwscript\.exe|\x5cmshta\.exe)\z"))
              AND isnotnull(mvfind(CommandLine, "(?is)Invoke-WebRequest|DownloadString|certutil.*urlcache")), "DOWNLOAD_CRADLE",
            isnotnull(mvfind(NewProcessName, "(?i)(?:\x5cpowershell\.exe|\x5cwscript\.exe|\x5cmshta\.exe)\z")), "SCRIPT_CHILD",
            true(), "SUSPICIOUS_ACTIVITY")]
    | sort 0 -_time
    | table _time, host, User, EventCode, class, Image, CommandLine
    -- assuming mapping:DestinationIp
    "#);
}
