//! What rules over the Common Information Model are about: it holds no user with a domain, and no library that was loaded.

use super::{
    CONNECTIONS, DNS_QUERIES, FILE_EVENTS, LINUX, PATH_LITERALS, PATHS, PLAIN, PROCESSES, REGISTRY, REGISTRY_EVENTS,
    Setting,
};
use crate::Target;
use crate::random::dice::Dice;
use crate::random::wish::Kind;
use std::borrow::Cow;

/// Requests as a proxy logs them.
const PROXY: Setting = Setting {
    log_sources: &[("", "proxy")],
    texts: &["c-useragent", "cs-method", "c-uri-query", "c-useragent"],
    numbers: &[],
    addresses: &["dst_ip"],
    literals: &["curl", "Mozilla/5.0", "GET", "a b", "=", "x=1", "/", "-enc"],
    values: &[
        ("c-useragent", &["curl/8.0", "Mozilla/5.0 (a b)", "x"]),
        ("cs-method", &["GET", "POST", "get"]),
        ("c-uri-query", &["x=1", "a=-enc&b=\"2\"", "%20*"]),
        ("dst_ip", &["10.1.2.3", "10.255.0.1", "11.0.0.1", "192.168.1.7"]),
    ],
    kinds: Cow::Borrowed(PLAIN),
    letter: None,
    key: "c-ip",
};

/// Files created and deleted, which one dataset holds.
const FILES: Setting = Setting {
    log_sources: &[("windows", "file_event"), ("windows", "file_delete")],
    texts: &["TargetFilename", "Image"],
    ..FILE_EVENTS
};

/// Processes, connections and files, by what they share: in searches of events alone.
const SEVERAL: Setting = Setting {
    log_sources: &[("windows", "process_creation"), ("windows", "registry_set"), ("windows", "file_event")],
    texts: &["Image", "CommandLine"],
    numbers: &["ProcessId"],
    addresses: &[],
    literals: PATH_LITERALS,
    values: &[("Image", PATHS), ("ProcessId", &["0", "5", "6", "12", "4711"])],
    kinds: Cow::Borrowed(PLAIN),
    letter: None,
    key: "HostId",
};

impl Setting {
    /// One for the Common Information Model.
    pub(super) fn of_cim(target: Target<'_>, dice: &mut Dice) -> Self {
        let summaries = target.model == "tstats";
        let texts = &["Image", "CommandLine", "ParentImage", "OriginalFileName"];
        // Summaries have no order for a sequence.
        let letter = if summaries { None } else { PROCESSES.letter };
        let processes = Setting { texts, letter, ..PROCESSES };
        match dice.below(10) {
            0 | 1 if summaries => processes,
            0 | 1 => processes.with(&[Kind::Keyword, Kind::KeywordGlob]),
            2 => CONNECTIONS,
            3 => REGISTRY,
            4 => Setting { texts: &["TargetFilename", "Image", "CommandLine"], ..FILE_EVENTS },
            5 => PROXY.without(&[Kind::Number, Kind::Comparison]),
            6 => Setting { texts: &["QueryName"], numbers: &[], ..DNS_QUERIES }
                .without(&[Kind::Number, Kind::Comparison]),
            7 => LINUX,
            8 => REGISTRY_EVENTS,
            _ if summaries => FILES,
            _ => SEVERAL,
        }
    }
}
