//! What generated rules and events are about: log sources, fields, and the values that make trouble.

mod cim;
mod sentinel;
mod splunk;

use super::dice::Dice;
use super::pools::LITERALS;
use super::wish::Kind;
use crate::{Language, Target};
use rulecast_ir::RecordSource;
use std::borrow::Cow;

/// What the generated rules and events are about.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// Product, which may be empty, and category, or a service after a `/`. Rules of one log source read the first.
    pub(super) log_sources: &'static [(&'static str, &'static str)],
    pub(super) texts: &'static [&'static str],
    pub(super) numbers: &'static [&'static str],
    pub(super) addresses: &'static [&'static str],
    pub(super) literals: &'static [&'static str],
    /// Whole values that a data model surely holds.
    pub(super) values: &'static [(&'static str, &'static [&'static str])],
    /// Kinds of tests that are drawn from.
    pub(super) kinds: Cow<'static, [Kind]>,
    /// The field that tells the steps of a sequence, and the log sources of a union, apart: `a`, `b` or `c`.
    pub(super) letter: Option<&'static str>,
    /// The field that the events of a sequence share.
    pub(super) key: &'static str,
}

/// Any events, in one relation.
const NONE: Setting = Setting {
    log_sources: &[("", "anything")],
    texts: &["f", "g", "h.x"],
    numbers: &["n", "m"],
    addresses: &["ip", "jp"],
    literals: LITERALS,
    values: &[],
    kinds: Cow::Borrowed(&Kind::ALL),
    letter: Some("e"),
    key: "k",
};

const PATHS: &[&str] = &[
    "C:\\Windows\\System32\\cmd.exe",
    "C:\\Windows\\cmd.exe",
    "C:\\Users\\ab\\Tool.exe",
    "C:\\Program Files\\x\\cmd2.exe",
    "D:\\cmd.exe",
];
const PATH_LITERALS: &[&str] = &[
    "C:\\Windows\\System32\\cmd.exe",
    "C:\\Windows\\",
    "\\cmd.exe",
    "cmd",
    "\\Tool.exe",
    "System32",
    ".exe",
    "\\ab\\",
    "-enc",
    "a b",
];
const COMMANDS: &[&str] = &["cmd.exe -enc AAA", "Tool.exe a b", "\"C:\\Windows\\cmd.exe\" /c \\cmd.exe", "x"];

/// New processes on Windows.
const PROCESSES: Setting = Setting {
    log_sources: &[("windows", "process_creation")],
    texts: &["Image", "CommandLine", "ParentImage", "CommandLine", "User", "OriginalFileName"],
    numbers: &["ProcessId"],
    addresses: &[],
    literals: PATH_LITERALS,
    values: &[
        ("Image", PATHS),
        ("ParentImage", PATHS),
        ("CommandLine", COMMANDS),
        ("User", USERS),
        ("OriginalFileName", &["cmd.exe", "Cmd.Exe", "Tool.exe", "-"]),
        ("ProcessId", &["0", "5", "6", "12", "4711"]),
    ],
    kinds: Cow::Borrowed(&[
        Kind::Exact,
        Kind::Prefix,
        Kind::Suffix,
        Kind::Contains,
        Kind::Glob,
        Kind::LiteralWildcard,
        Kind::Cased,
        Kind::Regex,
        Kind::RegexIgnoringCase,
        Kind::Number,
        Kind::Comparison,
        Kind::Null,
        Kind::Exists,
        Kind::WinDash,
        Kind::Base64,
        Kind::Base64Offset,
    ]),
    letter: Some("OriginalFileName"),
    key: "HostId",
};

/// Connections on Windows.
const CONNECTIONS: Setting = Setting {
    log_sources: &[("windows", "network_connection")],
    texts: &["Image"],
    numbers: &["DestinationPort"],
    addresses: &["DestinationIp"],
    values: &[
        ("Image", PATHS),
        ("DestinationPort", &["0", "5", "6", "12", "4711"]),
        ("DestinationIp", &["10.1.2.3", "10.255.0.1", "11.0.0.1", "192.168.1.7", "fe80::1", "2001:db8::5", "::1"]),
    ],
    kinds: Cow::Borrowed(&[
        Kind::Suffix,
        Kind::Contains,
        Kind::Number,
        Kind::Comparison,
        Kind::CidrV4,
        Kind::CidrV6,
        Kind::Null,
        Kind::Exists,
    ]),
    literals: PATH_LITERALS,
    letter: None,
    key: "HostId",
};

// What breaks `mapping:TargetObject` is no part of them: `(Default)`, and of what is looked for, parts of the hives' long names.
const KEYS: &[&str] = &[
    "HKLM\\SOFTWARE\\Run\\cmd",
    "HKLM\\System\\CurrentControlSet\\Services\\x\\Start",
    "HKU\\S-1-5-21-1-2-3-1001\\Software\\Run\\a b",
    "HKLM\\SOFTWARE\\Classes\\.exe\\y",
];
const KEY_LITERALS: &[&str] =
    &["HKLM\\SOFTWARE\\Run\\cmd", "\\Run\\", "\\Start", "HKLM\\", "\\Software\\Run", "cmd", "a b", "HKU\\", "\\x\\"];

/// Mostly domain and name.
const USERS: &[&str] = &["ab", "Tool", "NT AUTHORITY\\SYSTEM", "CORP\\ab", "corp\\Tool", "HOST1\\a b"];
const USER_LITERALS: &[&str] = &["NT AUTHORITY\\SYSTEM", "CORP\\", "CORP\\ab", "\\SYSTEM", "a b", "HOST1"];

/// Values set in the registry of Windows.
const REGISTRY: Setting = Setting {
    log_sources: &[("windows", "registry_set")],
    texts: &["TargetObject", "TargetObject", "Image"],
    numbers: &["ProcessId"],
    addresses: &[],
    literals: KEY_LITERALS,
    values: &[("TargetObject", KEYS), ("Image", PATHS), ("ProcessId", &["0", "5", "6", "12", "4711"])],
    kinds: Cow::Borrowed(&[
        Kind::Exact,
        Kind::Prefix,
        Kind::Suffix,
        Kind::Contains,
        Kind::Glob,
        Kind::Cased,
        Kind::Number,
        Kind::Null,
        Kind::Exists,
    ]),
    letter: None,
    key: "HostId",
};

const FILES: &[&str] = &[
    "C:\\Users\\ab\\cmd.exe",
    "C:\\Windows\\Temp\\a b.exe",
    "C:\\Windows\\x.exe.lnk",
    "D:\\Tool.exe",
    "C:\\-enc\\50%_.exe",
];
const PLAIN: &[Kind] = &[
    Kind::Exact,
    Kind::Prefix,
    Kind::Suffix,
    Kind::Contains,
    Kind::Glob,
    Kind::LiteralWildcard,
    Kind::Cased,
    Kind::Regex,
    Kind::RegexIgnoringCase,
    Kind::Number,
    Kind::Comparison,
    Kind::Null,
    Kind::Exists,
];

/// Files created on Windows.
const FILE_EVENTS: Setting = Setting {
    log_sources: &[("windows", "file_event")],
    texts: &["TargetFilename", "TargetFilename", "Image", "User"],
    numbers: &["ProcessId"],
    addresses: &[],
    literals: PATH_LITERALS,
    values: &[
        ("TargetFilename", FILES),
        ("Image", PATHS),
        ("User", USERS),
        ("ProcessId", &["0", "5", "6", "12", "4711"]),
    ],
    kinds: Cow::Borrowed(PLAIN),
    letter: None,
    key: "HostId",
};

/// Libraries loaded on Windows.
const IMAGE_LOADS: Setting = Setting {
    log_sources: &[("windows", "image_load")],
    texts: &["ImageLoaded", "ImageLoaded", "Image"],
    numbers: &["ProcessId"],
    addresses: &[],
    literals: PATH_LITERALS,
    values: &[("ImageLoaded", FILES), ("Image", PATHS), ("ProcessId", &["0", "5", "6", "12", "4711"])],
    kinds: Cow::Borrowed(PLAIN),
    letter: None,
    key: "HostId",
};

/// Pipes created and opened on Windows. What is looked for is in part in the constant text before their names.
const PIPES: Setting = Setting {
    log_sources: &[("windows", "pipe_created")],
    texts: &["PipeName", "PipeName", "Image", "User"],
    literals: &["\\lsass", "pipe", "\\Device\\", "dev", "e", "-server", "\\MSSE-", "a b", "\\"],
    values: &[
        ("PipeName", &["\\lsass", "\\MSSE-1-server", "\\pipe\\a b", "\\device", "\\e"]),
        ("Image", PATHS),
        ("User", USERS),
        ("ProcessId", &["0", "5", "6", "12", "4711"]),
    ],
    ..REGISTRY
};

/// Processes opened on Windows, which Sysmon alone reports.
const ACCESSES: Setting = Setting {
    log_sources: &[("windows", "process_access")],
    texts: &["SourceImage", "TargetImage", "GrantedAccess", "CallTrace"],
    literals: PATH_LITERALS,
    values: &[
        ("SourceImage", PATHS),
        ("TargetImage", PATHS),
        ("GrantedAccess", &["0x1410", "0x1FFFFF", "x"]),
        ("CallTrace", &["C:\\Windows\\a b.dll+1|UNKNOWN(1)", "cmd"]),
        ("SourceProcessId", &["0", "5", "6", "12", "4711"]),
    ],
    numbers: &["SourceProcessId"],
    ..REGISTRY
};

/// Names looked up on Windows.
const DNS_QUERIES: Setting = Setting {
    log_sources: &[("windows", "dns_query")],
    texts: &["QueryName", "QueryName", "Image"],
    numbers: &["ProcessId"],
    addresses: &[],
    literals: &["a.example", ".example", "cmd", "a b", "-enc", ".exe", "x_y", "\\cmd.exe", "C:\\Windows\\"],
    values: &[
        ("QueryName", &["a.example", "x_y.a.example", "cmd.example.org", "A.EXAMPLE"]),
        ("Image", PATHS),
        ("ProcessId", &["0", "5", "6", "12", "4711"]),
    ],
    kinds: Cow::Borrowed(PLAIN),
    letter: None,
    key: "HostId",
};

/// New processes on Linux.
const LINUX: Setting = Setting {
    log_sources: &[("linux", "process_creation")],
    texts: &["Image", "CommandLine", "ParentImage", "CommandLine", "User"],
    numbers: &["ProcessId"],
    addresses: &[],
    literals: &["/usr/bin/curl", "/usr/", "/curl", "curl", "/tmp/x.sh", ".sh", " -enc ", "a b", "root", "bin"],
    values: &[
        ("Image", &["/usr/bin/curl", "/usr/local/bin/curl", "/tmp/x.sh", "/usr/bin/a b"]),
        ("ParentImage", &["/usr/bin/curl", "/usr/bin/bash", "/tmp/x.sh"]),
        ("CommandLine", &["curl -enc a b", "/tmp/x.sh", "x"]),
        ("User", &["root", "Root", "a b"]),
        ("ProcessId", &["0", "5", "6", "12", "4711"]),
    ],
    kinds: Cow::Borrowed(PLAIN),
    letter: None,
    key: "HostId",
};

/// Keys and values created, set, renamed and deleted in the registry of Windows.
const REGISTRY_EVENTS: Setting = Setting { log_sources: &[("windows", "registry_event")], ..REGISTRY };

/// Processes, connections and files, by what they share.
const SEVERAL: Setting = Setting {
    log_sources: &[("windows", "process_creation"), ("windows", "network_connection"), ("windows", "file_event")],
    texts: &["Image", "User"],
    numbers: &["ProcessId"],
    addresses: &[],
    literals: PATH_LITERALS,
    values: &[("Image", PATHS), ("User", USERS), ("ProcessId", &["0", "5", "6", "12", "4711"])],
    kinds: Cow::Borrowed(PLAIN),
    letter: None,
    key: "HostId",
};

/// Names looked up, without the process: where a data model says that there always is one, an event without it is none.
const NAMES: Setting = Setting { texts: &["QueryName"], ..DNS_QUERIES };

/// Requests that a proxy passes on.
const WEB: Setting = Setting {
    log_sources: &[("", "proxy")],
    texts: &["c-uri", "c-useragent", "cs-host", "cs-method"],
    numbers: &["dst_port"],
    addresses: &["dst_ip"],
    literals: &["http://a.example/x", "a.example", "/x", "GET", "POST", "curl/8", "-enc", "a b", ".example", "x_y"],
    values: &[
        ("c-uri", &["http://a.example/x", "https://x_y.example/-enc?a b", "HTTP://A.EXAMPLE/"]),
        ("c-useragent", &["curl/8", "Mozilla/5.0 (a b)", "-enc"]),
        ("cs-host", &["a.example", "x_y.example"]),
        ("cs-method", &["GET", "POST"]),
        ("dst_port", &["0", "5", "6", "12", "4711"]),
        ("dst_ip", &["10.1.2.3", "11.0.0.1", "2001:db8::5", "::1"]),
    ],
    kinds: Cow::Borrowed(PLAIN),
    letter: None,
    key: "cs-username",
};

/// Events of two kinds, in one relation. As that relation knows no log sources, a field tells them apart.
const TWO: Setting = Setting { log_sources: &[("", "anything"), ("", "another")], ..NONE };

impl Setting {
    /// One for a target.
    pub(super) fn of(target: Target, dice: &mut Dice) -> Self {
        if target.model == "cim" || target.model == "tstats" {
            return Setting::of_cim(target, dice);
        }
        if target.model == "securityevent" {
            return Setting::of_sentinel(dice);
        }
        if target.model == "winlog" {
            return Setting::of_windows_in_splunk(dice);
        }
        if target.model == "asim" {
            // A registry event that does not say what was done would stand in two rows: of a renamed key, and of another.
            return match dice.below(12) {
                0..=2 => PROCESSES,
                3 => CONNECTIONS,
                4 | 8 => REGISTRY,
                5 => FILE_EVENTS,
                6 => NAMES,
                7 => LINUX,
                9 => WEB,
                _ => SEVERAL,
            };
        }
        if target.model != "none" {
            let eql = target.language == Language::Eql;
            return match dice.below(if target.model == "xdr" || eql { 11 } else { 10 }) {
                // The raw event holds the values of all fields; the columns of others more than these.
                0 | 1 if target.language == Language::Spl => PROCESSES.with(&[Kind::Keyword, Kind::KeywordGlob]),
                0 | 1 => PROCESSES,
                2 => CONNECTIONS,
                3 => REGISTRY,
                4 => FILE_EVENTS,
                5 => IMAGE_LOADS,
                6 => DNS_QUERIES,
                7 if target.model == "winlogbeat" => PIPES,
                7 => LINUX,
                8 => REGISTRY_EVENTS,
                10 if eql => ACCESSES,
                10 => PIPES,
                _ => SEVERAL,
            };
        }
        let all = if dice.percent(8) { TWO } else { NONE };
        // EQL refuses these kinds: they are asked for now and then, to see that it does.
        if target.language == Language::Eql && !dice.percent(10) {
            return all.without(&[Kind::Keyword, Kind::KeywordGlob, Kind::FieldRef, Kind::TimePart]);
        }
        all
    }

    /// A log source as YAML.
    pub(super) fn log_source(&self, index: usize) -> String {
        match self.log_sources[index] {
            ("", category) => format!("{{category: {category}}}"),
            (product, category) => match category.strip_prefix('/') {
                Some(service) => format!("{{product: {product}, service: {service}}}"),
                None => format!("{{category: {category}, product: {product}}}"),
            },
        }
    }

    /// A log source as an event has it, which is of a category or a service alone.
    pub(super) fn source(&self, index: usize) -> RecordSource {
        let (product, category) = self.log_sources[index];
        let product = (!product.is_empty()).then(|| product.into());
        match category.strip_prefix('/') {
            Some(service) => RecordSource { product, category: Some("-".into()), service: Some(service.into()) },
            None => RecordSource { product, category: Some(category.into()), service: Some("-".into()) },
        }
    }

    /// Whether the fields are those of no data model.
    pub(super) fn is_free(&self) -> bool {
        self.values.is_empty()
    }

    /// Texts that a rule might look for in a field.
    pub(super) fn literals_of(&self, field: &str) -> &'static [&'static str] {
        if field == "User" { USER_LITERALS } else { self.literals }
    }

    /// The same, with tests of more kinds.
    fn with(mut self, kinds: &[Kind]) -> Self {
        self.kinds.to_mut().extend(kinds);
        self
    }

    /// The same, without tests of these kinds.
    fn without(mut self, kinds: &[Kind]) -> Self {
        self.kinds.to_mut().retain(|kind| !kinds.contains(kind));
        self
    }

    /// Whether an event is one row. One of the registry that does not say what was done is a row for each thing that may
    /// have been, and counts as often.
    pub(super) fn is_countable(&self) -> bool {
        !self.log_sources.contains(&("windows", "registry_event"))
    }

    /// Whether paths have slashes.
    pub(super) fn is_unix(&self) -> bool {
        self.log_sources[0].0 == "linux"
    }

    /// Whether a field is one of numbers or addresses.
    pub(super) fn is_typed(&self, field: &str) -> bool {
        self.numbers.contains(&field) || self.addresses.contains(&field)
    }
}

/// Whether a field is a path that a data model keeps in parts.
pub(super) fn is_path(field: &str) -> bool {
    ["Image", "ParentImage", "SourceImage", "TargetImage", "ImageLoaded", "TargetFilename"].contains(&field)
}
