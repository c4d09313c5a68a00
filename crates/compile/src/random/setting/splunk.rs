//! What the logs of Windows surely hold in Splunk.

use super::{COMMANDS, PATHS, PROCESSES, Setting, WEB};
use crate::random::dice::Dice;
use crate::random::wish::Kind;

/// New processes as the Security log of Windows has them.
const AUDITED: Setting =
    Setting { texts: &["Image", "CommandLine", "ParentImage", "CommandLine"], letter: None, ..PROCESSES };

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
    ..AUDITED
};

/// Of the kinds of [`PROCESSES`], those that nothing is generated for here.
const LEFT_OUT: &[Kind] = &[Kind::RegexIgnoringCase, Kind::Comparison, Kind::WinDash, Kind::Base64, Kind::Base64Offset];

impl Setting {
    pub(super) fn of_windows_in_splunk(dice: &mut Dice) -> Self {
        match dice.below(8) {
            0..=3 => AUDITED.without(LEFT_OUT),
            4 => SCRIPTS.without(LEFT_OUT),
            // Without the bounds of a value, its text is refused to a regex and to a test of presence.
            5 => STARTS.without(LEFT_OUT).without(&[Kind::Regex, Kind::Null, Kind::Exists]),
            6 => WEB,
            _ => AUDITED.without(LEFT_OUT).with(&[Kind::Keyword, Kind::KeywordGlob]),
        }
    }
}
