//! Fields, and what they hold on each platform.

use crate::file::Items;
use crate::lint::{Fixes, Lint};
use crate::scalar::Written;
use rulecast_diagnostics::{Diagnostic, Edit, Severity, Spanned};
use rulecast_rule::ast::{Item, Modifier, Value};

pub(crate) static LINTS: &[&Lint] = &[
    &FIELD_CASE,
    &SPACE_IN_FIELD,
    &LOOSE_IMAGE_NAME,
    &PROGRAM_IN_FOLDER,
    &IMAGE_WITHOUT_EXTENSION,
    &FOREIGN_PATH,
    &LOCALISED_USER,
    &BAD_HASH,
];

static FIELD_CASE: Lint = Lint {
    name: "field-case",
    severity: Severity::Warning,
    summary: "a field of Sigma's taxonomy in other capitals",
    reason: "Pipelines and data models find fields by their exact names; this one would be unknown.",
    bad: "detection:\n    selection:\n        commandline|contains: whoami\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|contains: whoami\n    condition: selection",
    fix: Fixes::Suggested,
};

static SPACE_IN_FIELD: Lint = Lint {
    name: "space-in-field",
    severity: Severity::Note,
    summary: "a field name with a space in it or around it",
    reason: "Few SIEMs allow it; most often a space has crept in before the colon or the modifier.",
    bad: "detection:\n    selection:\n        'CommandLine |contains': whoami\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|contains: whoami\n    condition: selection",
    fix: Fixes::None,
};

static LOOSE_IMAGE_NAME: Lint = Lint {
    name: "loose-image-name",
    severity: Severity::Note,
    summary: "the end of a path that is the name of a program, without the separator before it",
    reason: "`cmd.exe` is also the end of `notcmd.exe`. With the separator, the name is compared whole, and platforms that \
             keep the name in a field of its own can look it up.",
    bad: "detection:\n    selection:\n        Image|endswith: 'whoami.exe'\n    condition: selection",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    fix: Fixes::Suggested,
};

static PROGRAM_IN_FOLDER: Lint = Lint {
    name: "program-in-folder",
    severity: Severity::Note,
    summary: "the name of a program anywhere in a path",
    reason: "`installer` is in `C:\\Windows\\Installer\\x.exe` and in `TrustedInstaller.exe` too. `endswith` with the separator \
             asks for the program alone.",
    bad: "detection:\n    selection:\n        Image|contains: 'whoami.exe'\n    condition: selection",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    fix: Fixes::None,
};

static IMAGE_WITHOUT_EXTENSION: Lint = Lint {
    name: "image-without-extension",
    severity: Severity::Note,
    summary: "the end of a program's path on Windows without an extension",
    reason: "`\\python` is never the end of `C:\\Python\\python.exe`. Lists made for several platforms are full of these.",
    bad: "detection:\n    selection:\n        Image|endswith: '\\whoami'\n    condition: selection",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    fix: Fixes::None,
};

static FOREIGN_PATH: Lint = Lint {
    name: "foreign-path",
    severity: Severity::Warning,
    summary: "a path with the separators of another platform",
    reason: "No program on Linux or macOS has a path with `\\`, and none that Windows reports has one with `/`.",
    bad: "detection:\n    selection:\n        Image|endswith: '/whoami'\n    condition: selection",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    fix: Fixes::None,
};

static LOCALISED_USER: Lint = Lint {
    name: "localised-user",
    severity: Severity::Note,
    summary: "a built-in account of Windows by its English name",
    reason: "A German Windows calls it `NT-AUTORITÄT`, a French one `AUTORITE NT`. `AUTHORI` and `AUTORI` are part of most.",
    bad: "detection:\n    selection:\n        User: 'NT AUTHORITY\\SYSTEM'\n    condition: selection",
    good: "detection:\n    selection:\n        User|contains:\n            - AUTHORI\n            - AUTORI\n    condition: selection",
    fix: Fixes::None,
};

static BAD_HASH: Lint = Lint {
    name: "bad-hash",
    severity: Severity::Warning,
    summary: "a hash that is not of the length of its algorithm, or of an algorithm that is not recorded",
    reason: "It can never match. Most often a digit was lost in copying.",
    bad: "detection:\n    selection:\n        Hashes|contains: 'MD5=d41d8cd98f00b204e9800998ecf8427'\n    condition: selection",
    good: "detection:\n    selection:\n        Hashes|contains: 'MD5=d41d8cd98f00b204e9800998ecf8427e'\n    condition: selection",
    fix: Fixes::None,
};

/// Fields of Sysmon's events, which Sigma's taxonomy of Windows is.
const FIELDS: &[&str] = &[
    "CommandLine",
    "Company",
    "CurrentDirectory",
    "Description",
    "FileVersion",
    "Hashes",
    "Image",
    "IntegrityLevel",
    "LogonGuid",
    "LogonId",
    "OriginalFileName",
    "ParentCommandLine",
    "ParentImage",
    "ParentProcessGuid",
    "ParentProcessId",
    "ParentUser",
    "ProcessGuid",
    "ProcessId",
    "Product",
    "TerminalSessionId",
    "User",
    "DestinationHostname",
    "DestinationIp",
    "DestinationIsIpv6",
    "DestinationPort",
    "DestinationPortName",
    "Initiated",
    "Protocol",
    "SourceHostname",
    "SourceIp",
    "SourcePort",
    "ImageLoaded",
    "Signed",
    "Signature",
    "SignatureStatus",
    "StartAddress",
    "StartFunction",
    "StartModule",
    "SourceImage",
    "TargetImage",
    "GrantedAccess",
    "CallTrace",
    "TargetFilename",
    "CreationUtcTime",
    "PreviousCreationUtcTime",
    "EventType",
    "TargetObject",
    "Details",
    "NewName",
    "PipeName",
    "QueryName",
    "QueryResults",
    "QueryStatus",
    "IsExecutable",
    "Archived",
    "Contents",
    "ScriptBlockText",
];

/// Fields that hold the path of a program or of a file.
fn is_path(field: &str) -> bool {
    matches!(
        field,
        "Image" | "ParentImage" | "SourceImage" | "TargetImage" | "ImageLoaded" | "TargetFilename" | "CurrentDirectory"
    )
}

fn is_program(field: &str) -> bool {
    matches!(field, "Image" | "ParentImage" | "SourceImage" | "TargetImage")
}

pub(crate) fn check(item: &Item, items: &Items<'_>, to: &mut Vec<Diagnostic>) {
    let Some(field) = &item.field else { return };
    let is_windows = items.is_product("windows");
    if is_windows && items.log_source.category.is_some() {
        check_case(field, items.text, to);
    }
    if field.contains(char::is_whitespace) {
        let finding = SPACE_IN_FIELD.at(field.span, format!("field name `{}` holds a space", field.node));
        let help = if field.trim() == field.node { "check that events have such a field" } else { "remove the space" };
        to.push(finding.help(help));
    }
    let text_of = |value: &'_ Spanned<Value>| match &value.node {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    if field.node == "Hashes" || digest_length(&field.node).is_some() {
        for value in &item.values {
            if let Some(text) = text_of(value) {
                check_hash(field, item, &text, value, to);
            }
        }
    }
    let is_plain = !item
        .modifiers
        .iter()
        .any(|one| !matches!(one.node, Modifier::EndsWith | Modifier::StartsWith | Modifier::Contains | Modifier::All));
    if !is_plain {
        return;
    }
    if field.node == "User" && is_windows {
        check_user(item, to);
    }
    if is_path(&field.node) {
        let has = |modifier| item.modifiers.iter().any(|one| one.node == modifier);
        let is_end = has(Modifier::EndsWith);
        let is_unix = items.is_product("linux") || items.is_product("macos");
        for value in &item.values {
            let Value::Text(text) = &value.node else { continue };
            let is_foreign = check_path(text, value, is_windows, is_unix, to);
            let is_bare = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_');
            let is_name = is_bare && text.len() > 1 && !text.starts_with(['.', '_']);
            if has(Modifier::Contains) && is_name && is_program(&field.node) && (is_windows || is_unix) {
                to.push(
                    PROGRAM_IN_FOLDER
                        .at(value.span, format!("`{text}` may also be part of a folder's name, or of a longer one"))
                        .help("ask for the end of the path, with the separator"),
                );
            }
            if is_end && !is_foreign && is_program(&field.node) {
                check_end(text, value, items.text, is_windows, is_unix, to);
            }
        }
    }
}

fn check_case(field: &Spanned<String>, text: &str, to: &mut Vec<Diagnostic>) {
    let same = |known: &&&str| known.len() == field.len() && known.eq_ignore_ascii_case(field);
    if let Some(known) = FIELDS.iter().find(same).filter(|known| **known != field.node) {
        let finding = FIELD_CASE
            .at(field.span, format!("Sigma's taxonomy spells this field `{known}`"))
            .help(format!("write `{known}`"));
        let place = Written::at(text, field.span).find(&field.node);
        to.push(finding.suggest(vec![Edit::replace(place, *known)]));
    }
}

fn check_path(text: &str, value: &Spanned<Value>, is_windows: bool, is_unix: bool, to: &mut Vec<Diagnostic>) -> bool {
    let message = if is_unix && text.contains('\\') && !text.contains(['/', '*', '?', ' ']) {
        format!("`{text}` is a path of Windows, but the rule reads events of another platform")
    } else if is_windows && text.contains('/') && !text.contains(['\\', ':', ' ']) {
        format!("`{text}` is a path of Unix, but the rule reads events of Windows")
    } else {
        return false;
    };
    to.push(FOREIGN_PATH.at(value.span, message).help("correct the separators, or the log source"));
    true
}

fn check_end(
    text: &str,
    value: &Spanned<Value>,
    file: &str,
    is_windows: bool,
    is_unix: bool,
    to: &mut Vec<Diagnostic>,
) {
    let separator = match (is_windows, is_unix) {
        (true, _) => '\\',
        (_, true) => '/',
        _ => return,
    };
    if text.contains(['*', '?']) || text.is_empty() {
        return;
    }
    let last = text.rsplit(['\\', '/']).next().unwrap_or(text);
    let is_name =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if last == text
        && is_name(text)
        && (!is_windows || text.to_ascii_lowercase().ends_with(".exe"))
        && !text.starts_with(['.', '_', '-'])
    {
        let finding = LOOSE_IMAGE_NAME
            .at(value.span, format!("`{text}` also ends the names of other programs"))
            .help(format!("write `{separator}{text}`"));
        let written = Written::at(file, value.span);
        to.push(if written.is_verbatim(text) {
            finding.suggest(vec![Edit::insert(written.span, separator.to_string())])
        } else {
            finding
        });
    } else if is_windows && last != text && !last.is_empty() && is_name(last) && !last.contains('.') {
        to.push(
            IMAGE_WITHOUT_EXTENSION
                .at(value.span, format!("no path of a program on Windows ends in `{last}`"))
                .help(format!("write `\\{last}.exe`, if that is meant")),
        );
    }
}

fn check_user(item: &Item, to: &mut Vec<Diagnostic>) {
    for value in &item.values {
        let Value::Text(text) = &value.node else { continue };
        let upper = text.to_uppercase();
        if ["NT AUTHORITY", "AUTORITE NT", "NT-AUTORIT"].iter().any(|name| upper.contains(name)) {
            to.push(
                LOCALISED_USER
                    .at(value.span, format!("`{text}` is called otherwise in other languages"))
                    .help("ask for `User|contains` with `AUTHORI` and `AUTORI`"),
            );
        }
    }
}

fn digest_length(algorithm: &str) -> Option<usize> {
    match algorithm.to_ascii_lowercase().as_str() {
        "md5" | "imphash" => Some(32),
        "sha1" => Some(40),
        "sha256" => Some(64),
        _ => None,
    }
}

fn check_hash(field: &Spanned<String>, item: &Item, text: &str, value: &Spanned<Value>, to: &mut Vec<Diagnostic>) {
    if text.contains(['*', '?', '%'])
        || item.modifiers.iter().any(|one| matches!(one.node, Modifier::Re | Modifier::FieldRef | Modifier::Expand))
    {
        return;
    }
    let wrong = |message: String, help: &str| BAD_HASH.at(value.span, message).help(help);
    if let Some(length) = digest_length(&field.node) {
        if item.modifiers.is_empty() && !text.is_empty() {
            to.extend(bad_digest(&field.node, text, length).map(|message| wrong(message, "copy it again")));
        }
        return;
    }
    for part in text.split(',') {
        let Some((algorithm, digest)) = part.split_once('=') else { continue };
        match digest_length(algorithm) {
            // The start of a hash may be looked for.
            Some(length) if digest.len() >= 16 => {
                to.extend(bad_digest(algorithm, digest, length).map(|message| wrong(message, "copy it again")));
            }
            Some(_) => {}
            None => {
                to.push(wrong(format!("Sysmon records no hash `{algorithm}`"), "it has MD5, SHA1, SHA256 and IMPHASH"))
            }
        }
    }
}

fn bad_digest(algorithm: &str, digest: &str, length: usize) -> Option<String> {
    if !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Some(format!("`{digest}` is not hexadecimal"))
    } else if digest.len() != length {
        Some(format!("{algorithm} has {length} digits, this has {}", digest.len()))
    } else {
        None
    }
}
