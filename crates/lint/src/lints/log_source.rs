//! Which events a rule reads, and whether its words agree.

use crate::file::items;
use crate::lint::{Fixes, Lint};
use rulecast_diagnostics::{Diagnostic, Severity, Spanned};
use rulecast_rule::ast::{Detection, Document, Item, LogSource, Value};

pub(crate) static LINTS: &[&Lint] = &[
    &UNKNOWN_LOG_SOURCE,
    &GENERIC_LOG_SOURCE,
    &SYSMON_WITHOUT_EVENT_ID,
    &REDUNDANT_EVENT_ID,
    &REDUNDANT_FIELD,
    &LOG_SOURCE_AS_FIELD,
    &PLATFORM_CLAIM,
    &DIRECTION_CLAIM,
];

static UNKNOWN_LOG_SOURCE: Lint = Lint {
    name: "unknown-log-source",
    severity: Severity::Note,
    summary: "a category that Sigma's taxonomy does not have",
    reason: "Pipelines and data models know the taxonomy's words; a misspelt category reads nothing.",
    bad: "logsource:\n    category: process_creations\n    product: windows",
    good: "logsource:\n    category: process_creation\n    product: windows",
    fix: Fixes::None,
};

static GENERIC_LOG_SOURCE: Lint = Lint {
    name: "generic-log-source",
    severity: Severity::Note,
    summary: "an event id of Sysmon where Sigma has a category for these events",
    reason: "A category also reads the same events of other sensors: process creation has several.",
    bad: "logsource:\n    product: windows\n    service: sysmon\ndetection:\n    selection:\n        EventID: 1\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    good: "logsource:\n    product: windows\n    category: process_creation",
    fix: Fixes::None,
};

static SYSMON_WITHOUT_EVENT_ID: Lint = Lint {
    name: "sysmon-without-event-id",
    severity: Severity::Note,
    summary: "a rule on all of Sysmon that asks for no event id",
    reason: "It reads every event of the noisiest log there is, and fields mean different things from event to event.",
    bad: "logsource:\n    product: windows\n    service: sysmon\ndetection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    good: "logsource:\n    product: windows\n    service: sysmon\ndetection:\n    selection:\n        EventID: 25\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    fix: Fixes::None,
};

static REDUNDANT_EVENT_ID: Lint = Lint {
    name: "redundant-event-id",
    severity: Severity::Warning,
    summary: "an event id of Windows in a rule whose category already says which events it reads",
    reason: "A category reads the events of several sensors; the id of one shuts the others out, and targets that have no \
             such id cannot express the rule.",
    bad: "detection:\n    selection:\n        EventID: 1\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    fix: Fixes::None,
};

static REDUNDANT_FIELD: Lint = Lint {
    name: "redundant-field",
    severity: Severity::Note,
    summary: "a test that every event of the category passes",
    reason: "`registry_set` reads events of type `SetValue`, and so on. Targets without the field cannot express the rule.",
    bad: "logsource:\n    category: registry_set\n    product: windows\ndetection:\n    selection:\n        EventType: SetValue\n        TargetObject|endswith: '\\Run\\x'\n    condition: selection",
    good: "logsource:\n    category: registry_set\n    product: windows\ndetection:\n    selection:\n        TargetObject|endswith: '\\Run\\x'\n    condition: selection",
    fix: Fixes::None,
};

static LOG_SOURCE_AS_FIELD: Lint = Lint {
    name: "log-source-as-field",
    severity: Severity::Warning,
    summary: "a test of a field called `category`, `product` or `service`, with a value of a log source",
    reason: "No event has it: the log source says it, under `logsource`.",
    bad: "detection:\n    selection:\n        category: process_creation\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
    fix: Fixes::None,
};

static PLATFORM_CLAIM: Lint = Lint {
    name: "platform-claim",
    severity: Severity::Warning,
    summary: "a title that names another platform than the log source reads",
    reason: "Whoever counts on the rule for macOS has nothing if it reads the events of Windows alone.",
    bad: "title: Whoami Run on macOS",
    good: "title: Whoami Run on Windows",
    fix: Fixes::None,
};

static DIRECTION_CLAIM: Lint = Lint {
    name: "direction-claim",
    severity: Severity::Warning,
    summary: "a rule on network connections whose title says inbound or outbound, and that does not ask for it",
    reason: "Sensors report connections of both directions; `Initiated` tells who began one.",
    bad: "title: Outbound Connection of Whoami\nlogsource:\n    category: network_connection\n    product: windows",
    good: "title: Outbound Connection of Whoami\nlogsource:\n    category: network_connection\n    product: windows\ndetection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n        Initiated: 'true'\n    condition: selection",
    fix: Fixes::None,
};

/// Sigma's taxonomy of categories, those of Sysmon's events first.
pub const CATEGORIES: &[&str] = &[
    "process_creation",
    "file_change",
    "network_connection",
    "sysmon_status",
    "process_termination",
    "driver_load",
    "image_load",
    "create_remote_thread",
    "raw_access_thread",
    "process_access",
    "file_event",
    "registry_add",
    "registry_delete",
    "registry_set",
    "registry_rename",
    "registry_event",
    "create_stream_hash",
    "pipe_created",
    "wmi_event",
    "dns_query",
    "file_delete",
    "clipboard_capture",
    "process_tampering",
    "file_block_executable",
    "file_block_shredding",
    "file_executable_detected",
    "sysmon_error",
    "file_access",
    "file_rename",
    "ps_module",
    "ps_script",
    "ps_classic_start",
    "ps_classic_provider_start",
    "ps_classic_script",
    "antivirus",
    "application",
    "authentication",
    "database",
    "dns",
    "edr",
    "firewall",
    "ids",
    "proxy",
    "webserver",
];

/// The category of an event of Sysmon.
fn category_of(event: i64) -> Option<&'static str> {
    Some(match event {
        1 => "process_creation",
        2 => "file_change",
        3 => "network_connection",
        5 => "process_termination",
        6 => "driver_load",
        7 => "image_load",
        8 => "create_remote_thread",
        9 => "raw_access_thread",
        10 => "process_access",
        11 => "file_event",
        12 | 14 => "registry_event",
        13 => "registry_set",
        15 => "create_stream_hash",
        17 | 18 => "pipe_created",
        19..=21 => "wmi_event",
        22 => "dns_query",
        23 | 26 => "file_delete",
        29 => "file_executable_detected",
        _ => return None,
    })
}

/// What the categories of Windows imply, by field.
const IMPLIED: &[(&str, &str, &[&str])] = &[
    ("registry_set", "EventType", &["SetValue"]),
    ("registry_add", "EventType", &["CreateKey"]),
    ("registry_delete", "EventType", &["DeleteKey", "DeleteValue"]),
    ("registry_rename", "EventType", &["RenameKey"]),
];

pub(crate) fn check(document: &Document, log_source: &LogSource, detection: &Detection, to: &mut Vec<Diagnostic>) {
    if let Some(category) = &log_source.category {
        check_category(category, to);
    }
    if let Some(title) = &document.metadata.title {
        check_claim(title, log_source, to);
    }
    let product = log_source.product.as_ref().map_or("", |one| &one.node);
    let category = log_source.category.as_ref().map_or("", |one| &one.node);
    let service = log_source.service.as_ref().map_or("", |one| &one.node);
    let is_sysmon = service == "sysmon" && category.is_empty();
    let mut asks_for_event = false;
    for item in items(detection) {
        let Some(field) = &item.field else { continue };
        match field.node.as_str() {
            "EventID" | "EventCode" => {
                asks_for_event = true;
                if is_sysmon && product == "windows" {
                    generic(item, to);
                }
                if product == "windows" && is_one_event(category) && item.modifiers.is_empty() && service.is_empty() {
                    to.push(
                        REDUNDANT_EVENT_ID
                            .at(item.span, format!("`{category}` already says which events the rule reads"))
                            .also(log_source.span, "the log source")
                            .help(format!("remove `{}`", field.node)),
                    );
                }
            }
            "Provider_Name" if product == "windows" && is_one_event(category) => to.push(
                REDUNDANT_FIELD
                    .at(item.span, format!("`{category}` already says which events the rule reads"))
                    .also(log_source.span, "the log source")
                    .help("remove `Provider_Name`: events of other sensors have another, or none"),
            ),
            "category" | "product" | "service" => {
                let own = [&log_source.category, &log_source.product, &log_source.service];
                let says_same = |value: &Spanned<Value>| matches!(&value.node, Value::Text(text) if own.iter().any(|one| one.as_ref().is_some_and(|one| one.node == *text)));
                if item.modifiers.is_empty() && item.values.iter().any(says_same) {
                    to.push(
                        LOG_SOURCE_AS_FIELD
                            .at(item.span, format!("`{}` is tested as a field of the events", field.node))
                            .also(log_source.span, "the log source")
                            .help("leave it to `logsource`"),
                    );
                }
            }
            name => {
                for (of, implied, values) in IMPLIED {
                    let is_implied = |value: &Spanned<Value>| matches!(&value.node, Value::Text(text) if values.contains(&text.as_str()));
                    if *of == category
                        && *implied == name
                        && item.modifiers.is_empty()
                        && values.len() == item.values.len()
                        && item.values.iter().all(is_implied)
                    {
                        to.push(
                            REDUNDANT_FIELD
                                .at(item.span, format!("every event of `{category}` passes this"))
                                .also(log_source.span, "the log source")
                                .help(format!("remove `{name}`")),
                        );
                    }
                }
            }
        }
    }
    if category == "network_connection"
        && let Some(title) = &document.metadata.title
    {
        check_direction(title, detection, to);
    }
    if is_sysmon && product == "windows" && !asks_for_event {
        to.push(
            SYSMON_WITHOUT_EVENT_ID
                .at(log_source.span, "the rule reads every event of Sysmon")
                .help("name a category, or ask for the event id"),
        );
    }
}

/// Whether the category stands for one kind of event. Of `wmi_event` and others, an id picks one of several.
fn is_one_event(category: &str) -> bool {
    (1..30).filter_map(category_of).filter(|one| *one == category).count() == 1
}

fn generic(item: &Item, to: &mut Vec<Diagnostic>) {
    let [Spanned { node: Value::Integer(event), span }] = item.values[..] else { return };
    if let Some(category) = category_of(event).filter(|_| item.modifiers.is_empty()) {
        to.push(
            GENERIC_LOG_SOURCE
                .at(span, format!("events {event} of Sysmon have a category of their own"))
                .help(format!("write `category: {category}` in `logsource`, and leave `EventID` out")),
        );
    }
}

fn check_category(category: &Spanned<String>, to: &mut Vec<Diagnostic>) {
    let lower = category.to_ascii_lowercase();
    // Capitals are reported where log sources are read.
    if CATEGORIES.contains(&lower.as_str()) {
        return;
    }
    let finding = UNKNOWN_LOG_SOURCE
        .at(category.span, format!("Sigma's taxonomy has no category `{}`", category.node))
        .label("pipelines may not know it");
    let near = CATEGORIES.iter().min_by_key(|known| strsim::osa_distance(known, &lower));
    to.push(match near.filter(|known| strsim::osa_distance(known, &lower) <= known.len() / 3) {
        Some(known) => finding.help(format!("did you mean `{known}`?")),
        None => finding,
    });
}

fn check_direction(title: &Spanned<String>, detection: &Detection, to: &mut Vec<Diagnostic>) {
    let lower = title.to_lowercase();
    let Some(word) = ["outbound", "inbound"].into_iter().find(|word| lower.contains(word)) else { return };
    // Elsewhere than in Sysmon, a direction has many names.
    let asks = |item: &&Item| {
        item.field.as_ref().is_some_and(|field| {
            let field = field.to_ascii_lowercase();
            field == "initiated" || field.contains("direction")
        })
    };
    if !items(detection).iter().any(asks) {
        to.push(
            DIRECTION_CLAIM
                .at(title.span, format!("the title says {word}, but the rule takes connections of both directions"))
                .help(format!("add `Initiated: '{}'`", word == "outbound")),
        );
    }
}

/// What titles call the platforms.
const PLATFORMS: [(&str, &[&str]); 3] =
    [("Windows", &["windows"]), ("macOS", &["macos", "osx"]), ("Linux", &["linux"])];

fn check_claim(title: &Spanned<String>, log_source: &LogSource, to: &mut Vec<Diagnostic>) {
    let Some(product) = &log_source.product else { return };
    let own = match product.node.as_str() {
        "windows" => 0,
        "macos" => 1,
        "linux" => 2,
        _ => return,
    };
    let lower = title.to_lowercase();
    let has = |words: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
    if has(PLATFORMS[own].1) {
        return;
    }
    for (name, words) in PLATFORMS {
        // "on Linux", "for macOS", or the first word: else the name may be part of what is looked for.
        let claims = words.iter().any(|word| {
            lower.starts_with(&format!("{word} "))
                || ["on", "for"].iter().any(|on| lower.ends_with(&format!(" {on} {word}")))
        });
        if claims {
            let message = format!("the title speaks of {name}, but the rule reads events of `{}`", product.node);
            to.push(
                PLATFORM_CLAIM
                    .at(title.span, message)
                    .also(product.span, "the log source")
                    .help(format!("correct the title, or add a rule for {name}")),
            );
            return;
        }
    }
}
