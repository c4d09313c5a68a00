//! What the logs of Windows surely hold in Splunk.

use super::{COMMANDS, PATHS, PROCESSES, Setting, WEB};
use crate::random::dice::Dice;
use crate::random::wish::Kind;
use std::borrow::Cow;

/// New processes as the Security log of Windows has them.
const AUDITED: Setting = Setting {
    texts: &["Image", "CommandLine", "ParentImage", "CommandLine"],
    kinds: Cow::Borrowed(&[
        Kind::Exact,
        Kind::Prefix,
        Kind::Suffix,
        Kind::Contains,
        Kind::Glob,
        Kind::LiteralWildcard,
        Kind::Cased,
        Kind::Regex,
        Kind::Number,
        Kind::Null,
        Kind::Exists,
    ]),
    letter: None,
    ..PROCESSES
};

/// Scripts of PowerShell.
const SCRIPTS: Setting = Setting {
    log_sources: &[("windows", "ps_script")],
    texts: &["ScriptBlockText", "ScriptBlockText", "Path"],
    numbers: &["Level"],
    values: &[("ScriptBlockText", COMMANDS), ("Path", PATHS), ("Level", &["0", "3", "5"])],
    ..AUDITED
};

/// What PowerShell writes when it starts: data without names, in XML text.
const STARTS: Setting = Setting {
    log_sources: &[("windows", "ps_classic_start")],
    texts: &["Data"],
    numbers: &["Level"],
    literals: &["HostName=a b", "Engine", "<x>", "a & b", "&", ">", "Data", "-enc", "=", "cmd.exe"],
    values: &[
        ("Data", &["HostName=a b", "Engine=<x>&y", "a & b", "-enc cmd.exe", "Data", ""]),
        ("Level", &["0", "3", "5"]),
    ],
    kinds: Cow::Borrowed(&[
        Kind::Exact,
        Kind::Prefix,
        Kind::Suffix,
        Kind::Contains,
        Kind::Glob,
        Kind::LiteralWildcard,
        Kind::Cased,
        Kind::Number,
    ]),
    ..AUDITED
};

impl Setting {
    pub(super) fn of_windows_in_splunk(dice: &mut Dice) -> Self {
        match dice.below(8) {
            0..=3 => AUDITED,
            4 => SCRIPTS,
            5 => STARTS,
            6 => WEB,
            _ => AUDITED.with(&[Kind::Keyword, Kind::KeywordGlob]),
        }
    }
}
