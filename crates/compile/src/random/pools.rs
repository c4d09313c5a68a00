//! Values that make trouble: what rules look for, and what events hold.

/// Texts that rules look for, whatever the field.
pub(super) const LITERALS: &[&str] = &[
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
/// What looks like an address and is none. Not one with the length of a prefix, which Kusto reads as an address.
pub(super) const NO_ADDRESSES: &[&str] = &["10.1.2", "10.1.2.3.4", "256.1.1.1", "fe80:::1", "1:2:3", "10.1.2.3 "];
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

/// Texts with something that a parameter starts with.
pub(super) const PARAMETERS: &[&str] = &["-enc", " -e ", "/c", " /c a", "cmd -k", "-a -b", "\u{2013}x"];

/// The field of those that no data model knows which holds a time.
pub(super) const TIME: &str = "t";
/// Parts of a time, and numbers that are asked for.
pub(super) const TIME_PARTS: &[(&str, &[&str])] = &[
    ("|minute", &["0", "5", "30", "59"]),
    ("|minute|gte", &["0", "5", "30", "59"]),
    ("|hour", &["0", "9", "17", "23"]),
    ("|hour|lt", &["1", "9", "17", "23"]),
    ("|day", &["1", "3", "22", "31"]),
    ("|day|gt", &["1", "3", "22", "30"]),
    ("|week", &["1", "47", "52", "53"]),
    ("|week|lte", &["1", "47", "52"]),
    ("|month", &["1", "2", "11", "12"]),
    ("|year", &["2021", "2024", "2026"]),
    ("|year|gte", &["2024", "2026", "2027"]),
];
/// Times in UTC, with an hour.
pub(super) const TIMES: &[&str] = &[
    "2026-11-22T17:05:00Z",
    "2026-11-22 17:05:59",
    "2026-12-31T23:30:00Z",
    "2021-01-03T00:00:00Z",
    "2021-01-04 09:59:59",
    "2024-12-30T09:00:00Z",
    "2024-02-29T00:30:00.123456Z",
    "2026-01-01T01:30:00Z",
];
/// Other times, and what is none.
pub(super) const ODD_TIMES: &[&str] =
    &["2026-12-31T23:30:00-02:00", "2026-11-22", "2026-02-29", "1767225600", "x", "", "2026-11-22T17", "17:05"];
