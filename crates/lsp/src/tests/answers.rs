//! Each kind of answer.

use super::{completed, fixes, hover, labels, led_to, opened, problems, texts, uri, with};

fn has(text: &str, wanted: &[&str], unwanted: &[&str]) {
    let labels = labels(text);
    for label in wanted {
        assert!(labels.iter().any(|one| one == label), "no `{label}` in {labels:?} at {text}");
    }
    for label in unwanted {
        assert!(!labels.iter().any(|one| one == label), "`{label}` in {labels:?} at {text}");
    }
}

#[test]
fn fields_of_the_log_source() {
    let line = "        Image|endswith: '\\whoami.exe'\n";
    has(
        &with(line, "        Comm¦\n"),
        &["CommandLine", "Image", "ParentImage"],
        &["TargetObject", "contains", "title"],
    );
    has(&with(line, "        ¦\n"), &["CommandLine"], &["TargetObject"]);
    has(&with("Image|endswith", "Im¦age|endswith"), &["Image"], &["TargetObject"]);
    let other = with("process_creation", "registry_set").replacen(line, "        Targ¦\n", 1);
    has(&other, &["TargetObject", "Details"], &["DestinationIp"]);
    assert!(completed(&with(line, "        Comm¦\n"), "CommandLine").contains("        CommandLine: \n"));
    assert!(
        completed(&with("Image|endswith", "Im¦age|endswith"), "CommandLine")
            .contains("    CommandLine|endswith: '\\whoami")
    );
    // In a rule that is no YAML yet.
    has(&with("'\\whoami.exe'\n", "'\\whoami.exe\n        Comm¦\n"), &["CommandLine"], &[]);
    has(
        "logsource: {category: process_creation, product: windows}\ndetection:\n  s:\n    - Im¦",
        &["Image"],
        &["TargetObject"],
    );
}

#[test]
fn modifiers_that_may_follow() {
    has(&with("Image|endswith", "Image|¦"), &["contains", "re", "cidr"], &["i", "CommandLine"]);
    has(&with("Image|endswith", "Image|re|¦"), &["i", "m", "s"], &["cidr", "wide", "re"]);
    has(&with("Image|endswith", "Image|wi¦"), &["windash", "wide"], &[]);
    has(&with("contains|all", "contains|¦all"), &["all", "windash"], &["endswith"]);
    assert!(completed(&with("contains|all", "cont¦ains|all"), "startswith").contains("CommandLine|startswith|all:"));
    assert!(completed(&with("Image|endswith", "Image|¦"), "contains").contains("Image|contains: "));
}

#[test]
fn log_sources() {
    has(&with("product: windows", "product: ¦"), &["windows", "linux", "macos"], &["process_creation"]);
    has(
        &with("category: process_creation", "category: ¦"),
        &["process_creation", "registry_set", "webserver"],
        &["windows", "security"],
    );
    has(&with("category: process_creation", "service: sec¦"), &["security", "system"], &["process_creation", "auditd"]);
    has(&with("category: process_creation", "¦"), &["category", "service", "definition"], &["product"]);
}

#[test]
fn tags() {
    has(&with("attack.t1033", "attack.¦"), &["attack.discovery", "attack.t1033", "attack.t1546.016"], &[]);
    assert!(completed(&with("attack.t1033", "attack.t10¦"), "attack.t1033").contains("- attack.t1033\n"));
}

#[test]
fn conditions() {
    let at = |condition: &str| with("selection and not 1 of filter_main_*", condition);
    has(&at("¦"), &["selection", "filter_main_user", "1 of filter_main_*", "not"], &["and", "condition"]);
    has(&at("selection ¦"), &["and", "or", "and not"], &["selection"]);
    has(&at("selection and not ¦"), &["selection", "1 of them"], &["and", "not"]);
    has(&at("1 of ¦"), &["them", "filter_main_*"], &["selection"]);
    has(&at("selection and (fil¦"), &["filter_main_path"], &["and"]);
    has(&at(">\n        selection\n        and not ¦"), &["filter_main_path"], &["and"]);
    assert!(
        completed(&at("selection and fil¦ter_x or a"), "filter_main_user")
            .contains("selection and filter_main_user or a")
    );
}

#[test]
fn keys_and_their_words() {
    has(
        &with("status: experimental\n", "st¦\n"),
        &["status", "date", "falsepositives", "classification"],
        &["title", "level"],
    );
    has(&with("level: low", "level: ¦"), &["informational", "critical"], &["experimental"]);
    has(&with("status: experimental", "status: ¦"), &["stable"], &["high"]);
    has(&with("    condition:", "    con¦dition:"), &["condition", "filter_optional_"], &["selection", "title"]);
    has("title: x\ncorrelation:\n  ¦", &["type", "rules", "group-by", "timespan"], &["level"]);
    has("title: x\ncorrelation:\n  type: ¦", &["event_count", "temporal_ordered"], &[]);
    has("title: x\ncorrelation:\n  condition:\n    g¦", &["gte", "field"], &[]);
    has("title: x\nlint:\n  allow:\n    - name: no¦\ndetection: {}", &["no-false-positives"], &[]);
    assert!(completed(&with("status: experimental\n", "st¦\n"), "status").contains("\nstatus: \n"));
    assert!(completed(&with("status: experimental\n", "st¦: x\n"), "status").contains("\nstatus: x\n"));
}

#[test]
fn rules_of_a_correlation() {
    let correlation = "\n---\ntitle: Twice\ncorrelation:\n    type: event_count\n    rules:\n        - ¦\n    group-by:\n        - User\n    timespan: 1h\n    condition:\n        gte: 2\n";
    let text = with("status: experimental", "name: whoami") + correlation;
    has(&text, &["whoami"], &["selection"]);
    has(&text.replace("- ¦", "- whoami").replace("- User", "- ¦"), &["User", "Image"], &["TargetObject"]);
    assert_eq!(led_to(&text.replace("- ¦", "- who¦ami")), ["Whoami Started by a Script Host"]);
    assert!(hover(&text.replace("- ¦", "- who¦ami")).contains("Whoami Started by a Script Host"));
    let (mut session, at) = opened(&text.replace("- ¦", "- whoami").replacen("name: whoami", "name: who¦ami", 1));
    let found = session.references(&uri(), at);
    assert_eq!(texts(&session, found), ["whoami"]);
}

#[test]
fn what_hovers_say() {
    assert_eq!(hover(&with("contains|all", "con¦tains|all")), "`contains`: matches the value anywhere in the field");
    let said = hover(&with("attack.t1033", "attack.t10¦33"));
    assert!(said.contains("System Owner/User Discovery") && said.contains("discovery"), "{said}");
    let said = hover(&with("'\\wscript.exe'", "'\\wscr¦ipt.exe'"));
    for part in [
        "`ParentImage ends with \"\\wscript.exe\"`",
        "**eql.ecs**, exact",
        "process.parent.name : \"wscript.exe\"",
        "**spl.sysmon**",
        "**kql.xdr**",
    ] {
        assert!(said.contains(part), "no {part} in {said}");
    }
    assert!(!said.contains("cscript"), "only the value under the cursor: {said}");
    let said = hover(&with("ParentImage|ends", "Parent¦Image|ends"));
    assert!(said.contains("cscript.exe") && said.contains("wscript.exe"), "{said}");
    let said = hover(&with("Image|endswith: '\\whoami.exe'", "Ima¦geLoaded: x"));
    assert!(said.contains("refused") && said.contains("ImageLoaded"), "{said}");
    let said = hover(&with("selection and not", "sele¦ction and not"));
    assert!(said.contains("'\\cscript.exe'"), "{said}");
    assert!(hover(&with("level: low", "lev¦el: low")).is_empty(), "nothing is known of it");
    let said = hover(&with("User|contains", "commandl¦ine|contains"));
    assert!(said.contains("**field-case**") && said.contains("exact names"), "the reason of a finding: {said}");
}

#[test]
fn definitions_and_references_of_selections() {
    assert_eq!(led_to(&with("condition: selection", "condition: selec¦tion")), ["selection"]);
    assert_eq!(led_to(&with("1 of filter_main_*", "1 of filter¦_main_*")), ["filter_main_user", "filter_main_path"]);
    assert_eq!(led_to(&with("1 of filter_main_*", "1 of th¦em")).len(), 3);
    let (mut session, at) = opened(&with("    filter_main_user:", "    filter_¦main_user:"));
    let found = session.references(&uri(), at);
    assert_eq!(texts(&session, found), ["filter_main_*"]);
}

#[test]
fn fixes_of_problems() {
    let text = with("attack.t1033", "attack.t1033\n    - attack.t1033");
    let made = fixes(&text);
    let (title, new) = made.iter().find(|(title, _)| title.starts_with("duplicate-tag")).expect("a fix");
    assert_eq!(new, super::RULE, "{title}");
    assert!(made.iter().any(|(title, new)| title.starts_with("Fix all") && new == super::RULE));
    let suggested = fixes(&with("User|contains", "user|contains"));
    let (title, new) = suggested.iter().find(|(title, _)| title.starts_with("field-case")).expect("a suggestion");
    assert!(title.ends_with("(changes what the rule matches)") && new.contains("        User|contains"), "{title}");
}

#[test]
fn queries_beside_the_rule() {
    let (mut session, at) = opened(&with("condition:", "con¦dition:"));
    let shown = session.queries(&uri(), at).unwrap();
    for part in [
        "# Whoami Started by a Script Host\n",
        "## eql.ecs\n\nexact",
        "```eql\nprocess where",
        "```spl\n",
        "```kql\nDeviceProcessEvents",
    ] {
        assert!(shown.contains(part), "no {part} in {shown}");
    }
    let said = hover(&with("title: W", "title: W¦"));
    assert!(said.starts_with(shown.as_str()) && !said.contains("**file-name**"), "every editor shows a hover: {said}");
    let lenses = session.lenses(&uri());
    assert_eq!(lenses.len(), 1);
    assert_eq!(lenses[0].range.start.line, 0);
}

#[test]
fn symbols_are_rules_and_selections() {
    let (mut session, _) = opened(super::RULE);
    let symbols = session.symbols(&uri());
    let children: Vec<String> = symbols[0].children.iter().flatten().map(|one| one.name.clone()).collect();
    assert_eq!((symbols.len(), symbols[0].name.as_str()), (1, "Whoami Started by a Script Host"));
    assert_eq!(children, ["selection", "filter_main_user", "filter_main_path", "condition"]);
}

#[test]
fn problems_stand_where_they_are() {
    let (mut session, _) = opened(
        &with("title: Whoami", "title: 😀 Whoami").replace("endswith: '\\whoami.exe'", "endswiht: '\\whoami.exe'"),
    );
    let found = problems(&mut session);
    assert!(found.contains(&("unknown-modifier".to_owned(), "endswiht".to_owned())), "{found:?}");
    let (mut session, _) = opened(&with("Image|endswith", "Foo|endswith"));
    let found = problems(&mut session);
    let refused = found.iter().filter(|one| **one == ("cannot-express".to_owned(), "Foo".to_owned()));
    assert_eq!(refused.count(), 3, "one of each target: {found:?}");
}

#[test]
fn a_text_of_another_kind_is_left_alone() {
    let (mut session, at) = opened("on:\n  push:\n    branches: [¦main]\n");
    assert!(problems(&mut session).is_empty());
    assert!(session.hover(&uri(), at).is_none());
}
