//! The pages of a bundle: that links lead somewhere, that nothing of a rule is markup, and that a rule's page has all that
//! it should.

mod html;

use crate::support::{GOOD, Sandbox};
use html::{attributes, problems, text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The pages of a bundle of `rules`, by their paths in it, and the paths of all its files.
fn pages(sandbox: &Sandbox, rules: &str, targets: &str) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let run = sandbox.run(&["bundle", rules, "-q", "-o", "out", "--name", "b", "-t", targets]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let all: BTreeSet<String> = sandbox.list("out/b-0.1.0").iter().map(|path| below(path)).collect();
    let is_page =
        |path: &&String| path.starts_with("site/") && path.rsplit_once('.').is_some_and(|(_, end)| end == "html");
    let of_site = all.iter().filter(is_page);
    let pages = of_site.map(|path| (path.clone(), sandbox.read(&format!("out/b-0.1.0/{path}")))).collect();
    (pages, all)
}

fn below(path: &str) -> String {
    path.strip_prefix("out/b-0.1.0/").unwrap_or(path).to_owned()
}

/// Those of the library, made once.
fn library() -> &'static (BTreeMap<String, String>, BTreeSet<String>) {
    static LIBRARY: OnceLock<(BTreeMap<String, String>, BTreeSet<String>)> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
        pages(&Sandbox::new("site-library"), rules, "eql.ecs,spl.sysmon,kql.xdr")
    })
}

#[test]
fn links_of_the_library_lead_to_files_and_ids_stand_once() {
    let (pages, all) = library();
    assert!(pages.len() > 50, "{}", pages.len());
    assert_eq!(problems(pages, all), Vec::<String>::new());
    for path in ["site/site.css", "site/site.js", "site/rules.js", "site/all.html"] {
        assert!(all.contains(path), "{path}");
    }
}

#[test]
fn the_checker_of_links_finds_what_is_wrong() {
    let page = "<h1>a</h1><h3>b</h3><p id=\"x\"><p id=\"x\"><a href=\"no.html\">c</a><a href=\"#y\">d</a>\
                <script src=\"https://example.org/x.js\"></script>";
    let pages = BTreeMap::from([("site/a.html".to_owned(), page.to_owned())]);
    let all = BTreeSet::from(["site/a.html".to_owned()]);
    insta::assert_snapshot!(problems(&pages, &all).join("\n"), @"
    site/a.html: an id stands twice
    site/a.html: headings [1, 3]
    site/a.html: fetches https://example.org/x.js
    site/a.html: no.html leads nowhere
    site/a.html: #y has no place
    ");
}

#[test]
fn the_page_of_the_installer_rule_has_every_section() {
    let (pages, _) = library();
    let page = &pages["site/correlation_installer_package_activity/index.html"];
    let sections: Vec<String> =
        page.split("<h2").skip(1).map(|rest| text(&format!("<h2{}", rest.split("</h2>").next().unwrap()))).collect();
    assert_eq!(
        sections,
        [
            "Queries",
            "Classes",
            "Data sources",
            "Setup",
            "False positives and tuning",
            "Investigation guide",
            "Response",
            "Tests",
            "MITRE ATT&CK",
            "References",
            "Related rules",
            "Downloads",
            "The rule"
        ]
    );
    let words = text(page);
    // What the published queries of T1546.016 show, and what they promise.
    for shown in [
        "Privilege Escalation",
        "Persistence",
        "T1546 Event Triggered Execution",
        "T1546.016 Installer Packages",
        "INSTALLER_DOWNLOAD_CRADLE",
        "INSTALLER_SCRIPT_CHILD",
        "INSTALLER_NETWORK_CALLBACK",
        "INSTALLER_SUSPICIOUS_ACTIVITY",
        "logs-endpoint.events.process-*",
        "DeviceProcessEvents",
        "sysmon",
        "Visual Studio",
        "Configuration Manager, Intune",
        "Chocolatey",
        "Hunting",
        "Tuning",
        "isolate the host",
        "https://attack.mitre.org/techniques/T1546/016/",
        "https://unit42.paloaltonetworks.com/atoms/supply-chain-compromise/",
    ] {
        assert!(words.contains(shown), "{shown}");
    }
    let links = attributes(page, "href");
    for link in ["https://attack.mitre.org/techniques/T1546/016/", "https://attack.mitre.org/tactics/TA0003/"] {
        assert!(links.contains(&link), "{link}");
    }
    for target in ["eql.ecs", "spl.sysmon", "kql.xdr"] {
        let id = format!("id=\"{target}\"");
        assert!(page.contains(&id) && links.contains(&format!("#{target}").as_str()), "{target}");
    }
    assert!(words.contains("the rule passes all of them"), "each test has its last result");
    assert!(!words.contains("differ"), "every query agrees with the rule");
}

const HOSTILE: &str = r##"title: "</title></textarea><script>alert('t')</script> \" ' ` <!--\u2028 ${x}"
id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
status: test
description: "<img src=x onerror=alert(1)> \" style=\"x\" & </script>"
references: ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "https://example.org/\"><script>alert(1)</script>", "data:text/html,<b>"]
author: "<b>a</b>, \" onclick=\"x"
tags: [attack.t1546.016, "x.<script>"]
license: "\"><script>"
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: "</code></pre><script>alert(1)</script>"}
  odd: {Image|endswith: "\\\"'`.exe"}
  condition: sel or odd
falsepositives: ["<svg onload=alert(1)>"]
level: high
classification:
  branches:
    - {name: "A<script>", condition: sel, description: "</td><script>"}
  otherwise: "B\"B"
related: [{id: 0f4b8a1c-7f1d-4f0e-8a55-1c2d3e4f5a6b, type: similar}]
setup: "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <a href=\"javascript:alert(1)\">y</a> ![z](https://example.org/z.png)"
note: "# One\n\n### Two\n\n```\n</pre><script>\n```\n"
response: "[ok](https://example.org/) <iframe src=\"https://example.org/\"></iframe>"
tests:
  - name: "<script>"
    expect: match
    classification: "A<script>"
    why: "</summary><script>"
    events: [{CommandLine: "</code></pre><script>alert(1)</script>", "<b>": "\" id=\"x"}]
"##;

#[test]
fn nothing_of_a_rule_is_markup() {
    let sandbox = Sandbox::new("site-hostile");
    let path = "rules/a b#c?d&e/<x>'.yml";
    let path = if cfg!(windows) { "rules/a b#c&e/'.yml" } else { path };
    sandbox.write(path, HOSTILE);
    let (pages, all) = pages(&sandbox, "rules", "eql.ecs,spl.sysmon,kql.xdr");
    assert_eq!(problems(&pages, &all), Vec::<String>::new());
    for (path, page) in &pages {
        let body = page.split_once("</head>").unwrap().1;
        for markup in ["<script", "<img", "<svg", "<iframe", "<!--", "<textarea", "<b>"] {
            assert!(!body.contains(markup), "{path} holds {markup}");
        }
        let scripts = page.matches("<script").count();
        assert_eq!(scripts, if path == "site/index.html" { 2 } else { 1 }, "{path}");
        for link in attributes(page, "href") {
            let lower = link.to_lowercase();
            assert!(!lower.contains("javascript:") && !lower.starts_with("data:text"), "{path}: {link}");
        }
    }
    let data = sandbox.read("out/b-0.1.0/site/rules.js");
    assert!(!data.contains('<') && !data.contains('\u{2028}'), "{data}");
    assert!(data.contains(r"\u003c/title>\u003c/textarea>\u003cscript>alert('t')\u003c/script>"), "{data}");
    let slug = pages
        .keys()
        .find(|path| path.matches('/').count() == 2 && !path.contains("/attack/") && !path.contains("/targets/"));
    let page = &pages[slug.unwrap()];
    let words = text(page);
    for shown in ["<script>alert('t')</script>", "<svg onload=alert(1)>", "javascript:alert(1)", "<iframe", "A<script>"]
    {
        assert!(words.contains(shown), "{shown} is shown as text");
    }
}

#[test]
fn a_refusal_leads_to_its_line_and_a_name_of_ours_is_no_rules() {
    let sandbox = Sandbox::new("site-refused");
    let rule = "title: No column\nid: 3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b\nlogsource: {category: process_creation, product: windows}\n\
                detection:\n  sel:\n    NoSuchField: x\n  condition: sel\n";
    sandbox.write("rules/attack.yml", rule);
    let (pages, all) = pages(&sandbox, "rules", "eql.ecs,kql.none");
    assert_eq!(problems(&pages, &all), Vec::<String>::new());
    let page = &pages["site/attack-2/index.html"];
    assert!(page.contains("<a href=\"#L6\">line 6</a>"), "{page}");
    let target = &pages["site/targets/eql.ecs/index.html"];
    assert!(target.contains("href=\"../../attack-2/index.html#L6\""), "{target}");
    let found = sandbox.run(&["bundle", "rules", "-q", "-o", "bare", "--name", "b", "--no-site"]);
    assert_eq!(found.code, 0);
    assert!(sandbox.list("bare").iter().all(|path| !path.contains("/site/")));
}

const SMALL: &str = "\
title: Whoami by an installer
id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
status: test
description: |-
    Someone asks
    who they are.

    - by one way
    - by another
references: [https://example.org/a?b=c&d, A book]
author: A. Person
date: 2026-01-02
tags: [attack.persistence, attack.t1546.016]
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: whoami}
  condition: sel
falsepositives: [Setup of a thing]
level: low
note: '### Look'
targets:
  kql: {refuse: not onboarded yet}
tests:
  - {name: it happens, expect: match, events: [{CommandLine: whoami /all}]}
";

#[test]
fn a_small_page_reads_well() {
    let sandbox = Sandbox::new("site-small");
    sandbox.write("rules/small.yml", SMALL);
    let (pages, all) = pages(&sandbox, "rules", "spl.none,kql.none");
    assert_eq!(problems(&pages, &all), Vec::<String>::new());
    let page = pages["site/small/index.html"].replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::assert_snapshot!("small_page", page);
    let again = Sandbox::new("site-small-again");
    again.write("rules/small.yml", SMALL);
    assert_eq!(self::pages(&again, "rules", "spl.none,kql.none").0, pages, "the same rules give the same bytes");
}

#[test]
fn links_to_pages_of_earlier_bundles_lead_on() {
    let sandbox = Sandbox::new("site-moved");
    let rule = |number: u32, title: &str, more: &str| {
        let id = format!("9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f1{number}");
        GOOD.replace("9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11", &id).replace("Whoami", title) + more
    };
    sandbox.write("rules/old_name.yml", rule(1, "Renamed <i>rule</i>", ""));
    sandbox.write("rules/merged.yml", rule(2, "Merged", "")).write("rules/gone.yml", rule(3, "Gone", ""));
    sandbox.write("rules/taken.yml", rule(4, "First", ""));
    let bundle = |version: &str, more: &[&str]| {
        let out = format!("out-{version}");
        let run = sandbox
            .run(&[&["bundle", "rules", "-q", "-o", &out, "--name", "b", "--bundle-version", version], more].concat());
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    };
    bundle("1.0.0", &[]);
    for path in ["rules/old_name.yml", "rules/merged.yml", "rules/gone.yml"] {
        std::fs::remove_file(sandbox.path(path)).unwrap();
    }
    let related = "related: [{id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f12, type: obsolete}]\n";
    sandbox.write("rules/new_name.yml", rule(1, "Renamed <i>rule</i>", related));
    bundle("1.1.0", &["--previous", "out-1.0.0/b-1.0.0/manifest.json"]);
    // What a bundle knows of earlier ones, the next one knows too.
    bundle("1.2.0", &["--previous", "out-1.1.0/b-1.1.0/manifest.json"]);
    let page = |slug: &str| sandbox.read(&format!("out-1.2.0/b-1.2.0/site/{slug}/index.html"));
    assert!(page("old_name").contains("<meta http-equiv=\"refresh\" content=\"0; url=../new_name/index.html\">"));
    assert!(!page("gone").contains("http-equiv=\"refresh\""));
    let shown = |slug: &str| {
        let page = page(slug);
        let main = text(page.split_once("<main").unwrap().1.split_once("<footer").unwrap().0);
        main.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(["old_name", "merged", "gone"].map(shown).join("\n---\n"), @"
    Renamed &#60;i&#62;rule&#60;/i&#62;
    The page of this rule is now new_name.
    ---
    Merged
    The bundle has this rule no more since version 1.1.0: the rule was removed.
    What takes its place
    Renamed &#60;i&#62;rule&#60;/i&#62;
    ---
    Gone
    The bundle has this rule no more since version 1.1.0: the rule was removed.
    ");

    let all: BTreeSet<String> =
        sandbox.list("out-1.2.0/b-1.2.0").iter().map(|path| path.replace("out-1.2.0/b-1.2.0/", "")).collect();
    let moved = ["old_name", "merged", "gone"].map(|slug| (format!("site/{slug}/index.html"), page(slug)));
    assert_eq!(problems(&BTreeMap::from(moved), &all), Vec::<String>::new());

    // A slug of a manifest is no path.
    let manifest =
        sandbox.read("out-1.0.0/b-1.0.0/manifest.json").replace("\"slug\": \"gone\"", "\"slug\": \"../../x\"");
    sandbox.write("hostile.json", manifest);
    bundle("1.3.0", &["--previous", "hostile.json"]);
    assert!(!sandbox.read("out-1.3.0/b-1.3.0/manifest.json").contains("../../x"));
}
