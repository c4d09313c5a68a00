//! What generated rules and events are about: log sources, fields, and the values that make trouble.

use super::wish::Kind;
use std::borrow::Cow;

/// What the generated rules and events are about.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// As YAML.
    pub(super) log_source: &'static str,
    pub(super) texts: &'static [&'static str],
    pub(super) numbers: &'static [&'static str],
    pub(super) addresses: &'static [&'static str],
    pub(super) literals: &'static [&'static str],
    /// Whole values that a data model surely holds.
    pub(super) values: &'static [(&'static str, &'static [&'static str])],
    /// Kinds of tests that are drawn from.
    pub(super) kinds: Cow<'static, [Kind]>,
    pub(super) sequences: bool,
}

const LITERALS: &[&str] = &[
    "a",
    "B",
    "ab",
    "cmd",
    "Tool.exe",
    "C:\\Dir\\",
    "\\\\srv\\x",
    "a b",
    "\"q\"",
    "50%",
    "it's",
    "x_y",
    "[z]",
    "é",
    "-enc",
    "k",
    "s",
    "{1}",
    "^",
    "$v",
    "a|b",
    "(c)",
    "~",
    "#",
    "/",
    "`t",
    "日本",
    "aab",
    "&",
    "<d>",
    "@",
    ",",
    "12",
    "=",
    "\\",
    "a.b",
];

/// Any events, in one relation.
pub(super) const NONE: Setting = Setting {
    log_source: "{category: anything}",
    texts: &["f", "g", "h.x"],
    numbers: &["n", "m"],
    addresses: &["ip", "jp"],
    literals: LITERALS,
    values: &[],
    kinds: Cow::Borrowed(&Kind::ALL),
    sequences: true,
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
pub(super) const PROCESSES: Setting = Setting {
    log_source: "{category: process_creation, product: windows}",
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
    // A keyword is searched for in columns that a generated event has no part in.
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
    ]),
    sequences: false,
};

/// Connections on Windows.
pub(super) const CONNECTIONS: Setting = Setting {
    log_source: "{category: network_connection, product: windows}",
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
    sequences: false,
};

// Parts of the hives' long names (`y`, a regex that finds one) are left out: a query finds them in `HKEY_LOCAL_MACHINE`,
// where the rule sees `HKLM`. So is `(Default)`: Defender holds an empty name in its place, and a query for a part of the name misses that.
const KEYS: &[&str] = &[
    "HKLM\\SOFTWARE\\Run\\cmd",
    "HKLM\\System\\CurrentControlSet\\Services\\x\\Start",
    "HKU\\S-1-5-21-1-2-3-1001\\Software\\Run\\a b",
    "HKLM\\SOFTWARE\\Classes\\.exe\\y",
];
const KEY_LITERALS: &[&str] =
    &["HKLM\\SOFTWARE\\Run\\cmd", "\\Run\\", "\\Start", "HKLM\\", "\\Software\\Run", "cmd", "a b", "HKU\\", "\\x\\"];

/// Domain and name. A user without a domain is left out: a query for `\\name` misses one with an empty domain.
const USERS: &[&str] = &["NT AUTHORITY\\SYSTEM", "CORP\\ab", "corp\\Tool", "HOST1\\a b"];
const USER_LITERALS: &[&str] = &["NT AUTHORITY\\SYSTEM", "CORP\\", "CORP\\ab", "\\SYSTEM", "a b", "HOST1"];

/// Values set in the registry of Windows.
pub(super) const REGISTRY: Setting = Setting {
    log_source: "{category: registry_set, product: windows}",
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
    sequences: false,
};

pub(super) const NUMBERS: &[&str] = &["0", "5", "6", "-3", "12", "80", "4711", "5.5"];
pub(super) const NETWORKS_V4: &[&str] = &["10.0.0.0/8", "192.168.1.0/24", "10.1.2.3/32", "0.0.0.0/0", "172.16.0.0/12"];
pub(super) const NETWORKS_V6: &[&str] = &["fe80::/10", "2001:db8::/32", "::1/128", "fc00::/7"];
pub(super) const ADDRESSES: &[&str] = &[
    "10.1.2.3",
    "10.255.0.1",
    "11.0.0.1",
    "192.168.1.7",
    "192.168.2.7",
    "172.20.0.1",
    "::ffff:10.1.2.3",
    "fe80::1",
    "FE80::1",
    "2001:db8::5",
    "2001:DB8:0:0:0:0:0:5",
    "::1",
    "10.1.2",
    "-",
    "",
    "localhost",
    "10.1.2.3.4",
    "256.1.1.1",
];
pub(super) const NUMBER_TEXTS: &[&str] =
    &["05", "5.0", "5", "6", "-3", "0", "12", "1e1", "abc", "", "0x5", "4.9", "80", "5 "];
pub(super) const JUNK: &[&str] = &[
    "",
    "zz",
    "*",
    "?",
    "a*b",
    "\\",
    "\"",
    "'",
    "\n",
    "É",
    "x\ny",
    "K",
    "ſ",
    "%",
    "_",
    "[z]",
    "A",
    "true",
    "null",
    "\u{1f600}",
    "\t",
    "a\r\nb",
    "\u{130}",
    "  ",
    "a ",
    "\u{a0}",
];
pub(super) const REGEXES: &[(&str, &str)] = &[
    ("[ab]", "b"),
    ("x+", "xx"),
    (r"\.", "."),
    (".*", "zz"),
    ("(foo|bar)", "bar"),
    (r"\d{2}", "42"),
    ("[^a]", "z"),
    ("c?", "c"),
    ("(?:d|e)+", "de"),
    (r"\w", "w"),
    (r"\s", " "),
    (".", "y"),
    (r"[0-9a-f]{1,3}", "f0"),
    (r"\\", "\\"),
    ("k", "K"),
    (r"\ba", "a"),
    ("(^|x)a", "a"),
    ("b($|y)", "b"),
    ("[A-Z]", "Q"),
    (r"\D", "z"),
    (r"\W", " "),
    (r"\x41", "A"),
    ("a??", "a"),
];

impl Setting {
    /// Texts that a rule might look for in a field.
    pub(super) fn literals_of(&self, field: &str) -> &'static [&'static str] {
        if field == "User" { USER_LITERALS } else { self.literals }
    }

    /// The same, without tests of these kinds.
    pub(super) fn without(mut self, kinds: &[Kind]) -> Self {
        self.kinds.to_mut().retain(|kind| !kinds.contains(kind));
        self
    }

    /// Whether a field is one of numbers or addresses.
    pub(super) fn is_typed(&self, field: &str) -> bool {
        self.numbers.contains(&field) || self.addresses.contains(&field)
    }
}
