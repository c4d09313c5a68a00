//! What Sentinel's tables surely hold: logs of Windows, and of services.

use super::{
    COMMANDS, CONNECTIONS, DNS_QUERIES, FILE_EVENTS, PATHS, PLAIN, PROCESSES, REGISTRY, REGISTRY_EVENTS, SEVERAL,
    Setting,
};
use crate::random::dice::Dice;
use crate::random::wish::Kind;
use std::borrow::Cow;

/// New processes in the security log of Windows, which lacks the names that they were built with, and their users.
const AUDITED: Setting = Setting {
    texts: &["Image", "CommandLine", "ParentImage", "CommandLine"],
    numbers: &[],
    values: &[("Image", PATHS), ("ParentImage", PATHS), ("CommandLine", COMMANDS)],
    letter: Some("TokenElevationType"),
    ..PROCESSES
};

const MARKUP: &[&str] =
    &["<a b=\"c\">it's</a>", "R&D", "R&amp;D", "&lt;Data Name=\"Image\">cmd.exe<", "&#38;", "cmd.exe -enc", "x"];

/// Scripts of PowerShell, which stand in XML.
const SCRIPTS: Setting = Setting {
    log_sources: &[("windows", "ps_script")],
    texts: &["ScriptBlockText", "ScriptBlockText", "Path"],
    numbers: &[],
    literals: &["<a", "&", "&amp;", "\">", "R&D", "it's", "cmd", "-enc", ";", "Data"],
    values: &[("ScriptBlockText", MARKUP), ("Path", PATHS)],
    letter: Some("ScriptBlockId"),
    ..PROCESSES
};

/// The security log of Windows, some of whose data stands in columns and some in XML.
const SECURITY: Setting = Setting {
    log_sources: &[("windows", "/security")],
    texts: &["SubjectUserName", "ObjectDN", "AttributeValue"],
    numbers: &["LogonType"],
    literals: &["<a", "&", "R&D", "cmd", "-enc", "ab", "Tool"],
    values: &[
        ("SubjectUserName", &["ab", "Tool", "SYSTEM"]),
        ("ObjectDN", MARKUP),
        ("AttributeValue", MARKUP),
        ("LogonType", &["0", "5", "6", "12", "4711"]),
    ],
    kinds: Cow::Borrowed(PLAIN),
    letter: Some("ObjectClass"),
    ..PROCESSES
};

/// What is done in AWS, in columns and in JSON. The name of what is done is there always.
const CLOUD: Setting = Setting {
    log_sources: &[("aws", "/cloudtrail")],
    texts: &["errorCode", "userAgent", "requestParameters.attribute"],
    numbers: &[],
    literals: &["Access", "Denied", "AccessDenied", "a b", "ab", "-enc", "cmd", "\"", "{"],
    values: &[
        ("errorCode", &["AccessDenied", "accessdenied", "Client.Denied"]),
        ("userAgent", &["aws-cli/2 a b", "cmd"]),
        ("requestParameters.attribute", &["userData", "{\"a\": \"b\"}", "ab"]),
    ],
    letter: Some("eventSource"),
    key: "UserId",
    ..PROCESSES
};

/// What a service of Kubernetes is asked for, in objects.
const CLUSTER: Setting = Setting {
    log_sources: &[("kubernetes", "/audit")],
    texts: &["objectRef.resource", "requestURI"],
    numbers: &[],
    literals: &["secrets", "pods", "/api", "s", "-enc", "a b"],
    values: &[("objectRef.resource", &["secrets", "Pods", "a b"]), ("requestURI", &["/api/v1/pods", "/x"])],
    letter: Some("verb"),
    key: "userAgent",
    ..PROCESSES
};

/// Processes, connections and files, by what every log of them has.
const SEVERAL_LOGS: Setting = Setting { texts: &["Image"], numbers: &[], kinds: PROCESSES.kinds, ..SEVERAL };

/// Of the kinds of [`PROCESSES`], those that nothing is generated for here: these logs hold texts.
const LEFT_OUT: &[Kind] = &[Kind::Number, Kind::Comparison];

impl Setting {
    pub(super) fn of_sentinel(dice: &mut Dice) -> Self {
        match dice.below(12) {
            0 | 1 => AUDITED.without(LEFT_OUT),
            2 => CONNECTIONS,
            3 => REGISTRY,
            4 => FILE_EVENTS,
            5 => DNS_QUERIES,
            6 => REGISTRY_EVENTS,
            7 => SEVERAL_LOGS.without(LEFT_OUT),
            8 => SCRIPTS.without(LEFT_OUT),
            9 => SECURITY,
            10 => CLOUD.without(LEFT_OUT),
            _ => CLUSTER.without(LEFT_OUT),
        }
    }
}
