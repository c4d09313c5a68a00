//! The app that Splunk gets of rules.

use crate::testing::{RULE, content, findings, named, packed};
use crate::{Content, Packing};
use flate2::read::GzDecoder;
use std::io::Read;

/// The files of the app.
fn files(packing: &Packing) -> Vec<(String, String)> {
    let [(_, bytes)] = packing.files.as_slice() else { panic!("{} files", packing.files.len()) };
    let mut archive = tar::Archive::new(GzDecoder::new(bytes.as_slice()));
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (entry.path().unwrap().to_string_lossy().into_owned(), text)
    });
    entries.collect()
}

fn file(content: &Content, name: &str) -> String {
    let files = files(&packed("splunk", content));
    files.into_iter().find(|(path, _)| path.ends_with(name)).unwrap().1
}

fn refused(changes: &[(&str, &str)]) -> String {
    let rule = changes.iter().fold(RULE.to_owned(), |rule, (from, to)| {
        assert!(rule.contains(from), "{from}");
        rule.replace(from, to)
    });
    findings("splunk", &content(&[("a.yml", &rule)], &["spl.sysmon"]))
}

type Settings = Vec<(String, String)>;

/// The settings of a file by stanza, read as Splunk reads them.
fn read(conf: &str) -> Vec<(String, Settings)> {
    let mut stanzas: Vec<(String, Settings)> = Vec::new();
    let joined = conf.replace("\\\n", "\u{0}");
    for line in joined.lines().filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            stanzas.push((name.to_owned(), Vec::new()));
        } else {
            let (key, value) = line.split_once(" = ").unwrap_or_else(|| panic!("no setting: {line}"));
            stanzas.last_mut().unwrap().1.push((key.to_owned(), value.replace('\u{0}', "\n")));
        }
    }
    stanzas
}

/// The one stanza of a file.
fn only(conf: &str) -> (String, Settings) {
    let mut stanzas = read(conf);
    assert_eq!(stanzas.len(), 1, "{stanzas:#?}");
    stanzas.remove(0)
}

fn value<'s>(settings: &'s Settings, key: &str) -> &'s str {
    &settings.iter().find(|(one, _)| one == key).unwrap_or_else(|| panic!("no {key}")).1
}

#[test]
fn a_rule_is_a_saved_search() {
    let rules = content(&[("proc-shell.yml", RULE)], &["spl.sysmon"]);
    insta::assert_snapshot!("savedsearches", file(&rules, "savedsearches.conf"));
    insta::assert_snapshot!(file(&rules, "macros.conf"), @r#"
    [sysmon_windows]
    definition = index=* source="XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"
    description = Where events stand. Adapt it in local/macros.conf, and name your indexes.
    iseval = 0

    [proc_shell_filter]
    definition = search *
    description = Keeps the results of: Shell Started by an Installer. Write here what to leave out: search NOT host=x
    iseval = 0
    "#);
    insta::assert_snapshot!(file(&rules, "app.conf"), @r#"
    [install]
    is_configured = false
    state = enabled
    build = 1

    [launcher]
    author = Example
    version = 1.4.0
    description = Detection rules, each as a saved search that is off until someone turns it on.

    [ui]
    is_visible = false
    label = Detection Bundle

    [package]
    id = DetectionBundle
    check_for_updates = false

    [id]
    name = DetectionBundle
    version = 1.4.0
    "#);
    insta::assert_snapshot!("readme", file(&rules, "README.md"));
}

#[test]
fn the_app_is_an_archive_of_five_files() {
    let rules = content(&[("a.yml", RULE)], &["spl.sysmon"]);
    let packing = packed("splunk", &rules);
    let paths: Vec<String> = files(&packing).into_iter().map(|(path, _)| path).collect();
    assert_eq!(packing.files[0].0, "splunk/DetectionBundle-1.4.0.tar.gz");
    insta::assert_snapshot!(paths.join("\n"), @r"
    DetectionBundle/README.md
    DetectionBundle/default/app.conf
    DetectionBundle/default/macros.conf
    DetectionBundle/default/savedsearches.conf
    DetectionBundle/metadata/default.meta
    ");
    let bytes = &packing.files[0].1;
    // Neither time nor name nor flags in the header of gzip.
    assert_eq!((bytes[3], &bytes[4..8]), (0, [0; 4].as_slice()));
    let mut archive = tar::Archive::new(GzDecoder::new(bytes.as_slice()));
    for entry in archive.entries().unwrap() {
        let header = entry.unwrap().header().clone();
        let numbers = (header.mtime().unwrap(), header.uid().unwrap(), header.gid().unwrap(), header.mode().unwrap());
        assert_eq!(numbers, (0, 0, 0, 0o644));
    }
}

#[test]
fn a_correlation_looks_back_and_is_told_once() {
    let rule = "title: One\nname: one\nlogsource: {category: process_creation, product: windows}\n\
                detection: {sel: {Image|endswith: '\\a.exe'}, condition: sel}\n---\n\
                title: Thrice\nid: 5b6a3c0e-3a0f-4b53-9d3e-5d9d7cf0a002\nlevel: low\n\
                correlation: {type: event_count, rules: [one], group-by: [Computer], timespan: 10m, condition: {gte: 3}}\n";
    let (name, settings) = only(&file(&content(&[("a.yml", rule)], &["spl.sysmon"]), "savedsearches.conf"));
    assert_eq!(name, "Detection Bundle - Thrice - Rule");
    let kept = ["cron", "dispatch", "alert.suppress", "action.risk.param._risk", "action.notable", "search"];
    let shown = settings.iter().filter(|(key, _)| kept.iter().any(|start| key.starts_with(start)));
    let shown: Vec<String> = shown.map(|(key, value)| format!("{key} = {value}")).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    cron_schedule = */5 * * * *
    dispatch.earliest_time = -19m@m
    dispatch.latest_time = now
    alert.suppress = 1
    alert.suppress.fields = Computer
    alert.suppress.period = 1140s
    action.risk.param._risk_message = Thrice on $Computer$
    action.risk.param._risk = [{"risk_object_field":"Computer","risk_object_type":"system","risk_score":21},{"threat_object_field":"Image","threat_object_type":"process"}]
    action.risk.param._risk_score = 0
    search = `sysmon_windows` AND EventCode=1 AND Image="*\\a.exe"
    | where isnotnull(Computer)
    | sort 0 _time
    | streamstats window=3 global=f count as rc_count, min(_time) as rc_first by Computer
    | where rc_count=3 AND _time-rc_first<=600
    | `a_filter`
    "#);
}

#[test]
fn hostile_texts_stay_values() {
    let title = r#"a "b" [default] $y$ %z% = \"#;
    let description = "first \\\n[default]\ndisabled = false\n# $x$ $y$\n\\";
    let of = |text: &str| serde_json::to_string(text).unwrap();
    let rule = RULE.replace("Shell Started by an Installer", &of(title));
    let rule = rule.replace("An installer started a shell.", &of(description));
    let (name, settings) = only(&file(&content(&[("a.yml", &rule)], &["spl.sysmon"]), "savedsearches.conf"));
    assert_eq!(name, r#"Detection Bundle - a "b" (default) $y$ %z% = \ - Rule"#);
    assert_eq!(value(&settings, "description"), r"first \ [default] disabled = false # $x$ $y$ \.");
    assert_eq!(
        value(&settings, "action.notable.param.rule_description"),
        "first \\ [default] disabled = false # \u{ff04}x\u{ff04} \u{ff04}y\u{ff04} \\."
    );
    let message = value(&settings, "action.risk.param._risk_message");
    assert_eq!(message, "a \"b\" [default] \u{ff04}y\u{ff04} %z% = \\ on $Computer$ by $User$");
    assert_eq!(value(&settings, "disabled"), "true");
    assert_eq!(settings.iter().filter(|(key, _)| key == "disabled").count(), 1);
}

#[test]
fn the_search_is_the_query_with_its_filter() {
    let rule = RULE.replace("Image|endswith: '\\cmd.exe'", "CommandLine|contains: ['a  b', '$x$', 'c\\\\']");
    let rules = content(&[("a.yml", &rule)], &["spl.sysmon"]);
    let (_, settings) = only(&file(&rules, "savedsearches.conf"));
    let search = value(&settings, "search");
    let query = &rules.rules[0].on[0].queries()[0].text;
    let expected = rulecast_spl::parse(query).unwrap().filtered("a_filter");
    assert_eq!(rulecast_spl::parse(search).as_ref(), Ok(&expected));
    assert!(search.contains("a  b") && search.contains("\n| `a_filter`\n"), "{search}");
    // Its own dollar signs would be taken for fields in a drill-down.
    let drilldowns = value(&settings, "action.notable.param.drilldown_searches");
    assert!(!drilldowns.contains("a_filter"), "{drilldowns}");
}

#[test]
fn long_and_shared_titles_are_told_apart() {
    let long = "Shell Started by an Installer of Which the Title Goes on for Longer Than a Name Can";
    let other = RULE.replace("5b6a3c0e", "6b6a3c0e");
    let (third, fourth) =
        (RULE.replace("Shell Started by an Installer", long), other.replace("Shell Started by an Installer", long));
    let files = [("a.yml", RULE), ("b.yml", &other), ("c.yml", &third), ("d.yml", &fourth)];
    let packing = packed("splunk", &content(&files, &["spl.sysmon"]));
    let names: Vec<&str> = packing.entries.iter().filter_map(|entry| entry.name.as_deref()).collect();
    insta::assert_snapshot!(names.join("\n"), @r#"
    Detection Bundle - Shell Started by an Installer (5b6a3c0e) - Rule
    Detection Bundle - Shell Started by an Installer (6b6a3c0e) - Rule
    Detection Bundle - Shell Started by an Installer of Which the T (5b6a3c0e) - Rule
    Detection Bundle - Shell Started by an Installer of Which the T (6b6a3c0e) - Rule
    "#);
    assert!(names.iter().all(|name| format!("endpoint - {name} - Rule").chars().count() <= 99));
}

#[test]
fn what_splunk_would_refuse_is_a_finding() {
    let long = "a-bundle-of-rules-whose-name-leaves-hardly-a-place-for-titles";
    let title = "Shell Started by an Installer in a Folder of the User";
    let rule = RULE.replace("Shell Started by an Installer", title);
    let all = [
        findings("splunk", &named(long, &[("a.yml", &rule)], &["spl.sysmon"])),
        refused(&[("version: 2", "schedule: {every: 30s, lookback: 5m}")]),
        refused(&[("version: 2", "schedule: {every: 10m, lookback: 5m}")]),
    ];
    insta::assert_snapshot!(all.concat(), @r#"
    1:8 splunk would refuse the rule: the name of a search in Enterprise Security has 99 characters, 89 of which stand around the title, so that 0 of its 53 are left (give the bundle a shorter name: `--name`, or `bundle.name` in `rulecast.toml`)
    16:19 splunk would refuse the rule: a search runs at most once a minute, and the rule wants each 30s (`every: 1m`)
    16:34 splunk would refuse the rule: a run each 10m looks back 5m, and misses what happens in between (`lookback: 10m` would do, and more for events that are indexed late)
    "#);
}
