use crate::bundle::{A, B, Bundle, HOSTILE};
use crate::server::{Answer, Is, Request, Server, faults};
use crate::{deploy, dry, run, told};
use rulecast_deploy::{Kind, Prune, Report};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What makes a `detectionRule` of Microsoft Graph 1.0, beside its `id`, and what changes one:
/// <https://learn.microsoft.com/graph/api/security-rulesroot-post-detectionrules?view=graph-rest-1.0>,
/// <https://learn.microsoft.com/graph/api/security-detectionrule-update?view=graph-rest-1.0>.
const RULE: &[(&str, bool, Is)] = &[
    ("displayName", true, Is::Text),
    ("description", false, Is::Text),
    ("status", true, Is::OneOf(&["enabled", "disabled"])),
    ("queryCondition", true, Is::Map),
    ("schedule", true, Is::Map),
    ("detectionAction", true, Is::Map),
];
const TEMPLATE: &[(&str, bool, Is)] = &[
    ("title", true, Is::Text),
    ("description", true, Is::Text),
    ("severity", true, Is::OneOf(&["informational", "low", "medium", "high"])),
    ("tactics", false, Is::List),
    ("recommendedActions", false, Is::Text),
    ("entityMappings", true, Is::Map),
    ("customDetails", false, Is::Map),
];
const BASE: &str = "/v1.0/security/rules/detectionRules";

type Rules = Arc<Mutex<Vec<Value>>>;

struct Defender {
    server: Server,
    rules: Rules,
}

impl Defender {
    fn start(lost: bool) -> Self {
        let rules = Rules::default();
        let own = Arc::clone(&rules);
        let server = Server::start(move |request| {
            let answer = answer(request, &own);
            // The service did it, and says that it is busy.
            if lost && request.method == "POST" { Answer::empty(503).header("retry-after", "0") } else { answer }
        });
        Self { server, rules }
    }

    fn run(&self, bundle: &Bundle, prune: Prune, adopt: bool) -> Report {
        let env = [("GRAPH_URL", self.server.address.as_str()), ("GRAPH_ACCESS_TOKEN", "sesame")];
        run(Kind::Defender, bundle, &env, prune, adopt).unwrap()
    }

    fn with<T>(&self, title: &str, get: impl FnOnce(&mut Value) -> T) -> T {
        get(self.rules.lock().unwrap().iter_mut().find(|rule| rule["displayName"] == title).unwrap())
    }
}

fn no(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": { "code": code, "message": message } }))
}

fn answer(request: &Request, rules: &Rules) -> Answer {
    let mut rules = rules.lock().unwrap();
    if request.header("authorization") != Some("Bearer sesame") {
        return no(401, "InvalidAuthenticationToken", "Access token is empty.");
    }
    let Some(below) = request.path.strip_prefix(BASE) else { return no(404, "UnknownError", "") };
    let id = below.trim_start_matches('/');
    let found = rules.iter().position(|rule| rule["id"] == id);
    match (request.method.as_str(), found) {
        ("GET", _) => {
            let skip: usize = request.asks("$skiptoken").map_or(0, |text| text.parse().unwrap());
            let page: Vec<&Value> = rules.iter().skip(skip).take(2).collect();
            let mut body = json!({ "value": page });
            if skip + 2 < rules.len() {
                body["@odata.nextLink"] = format!("https://graph.microsoft.com{BASE}?$skiptoken={}", skip + 2).into();
            }
            Answer::json(200, &body)
        }
        ("POST", None) => {
            let mut rule = request.json();
            let mut wrong = faults(&rule, &[&[("id", true, Is::Text)], RULE].concat());
            wrong.extend(faults(&rule["detectionAction"]["alertTemplate"], TEMPLATE));
            // What the pages of the vendor do not say.
            if !rule["id"].as_str().is_some_and(|id| id.starts_with(|c: char| c.is_ascii_alphabetic())) {
                wrong.push("the id does not begin with a letter".to_owned());
            }
            let tactics = rule["detectionAction"]["alertTemplate"]["tactics"].as_array().map_or(0, Vec::len);
            if tactics > 1 {
                wrong.push("there are several tactics".to_owned());
            }
            if !wrong.is_empty() {
                return no(400, "BadRequest", &wrong.join(", "));
            }
            if rules.iter().any(|other| other["id"] == rule["id"]) {
                return no(409, "Conflict", "A rule of this id exists.");
            }
            rule["detectorId"] = "x".into();
            rules.push(rule.clone());
            Answer::json(201, &rule)
        }
        ("PATCH", Some(at)) => {
            let patch = request.json();
            let wrong: Vec<String> =
                faults(&patch, RULE).into_iter().filter(|fault| !fault.ends_with("is missing")).collect();
            if !wrong.is_empty() {
                return no(400, "BadRequest", &wrong.join(", "));
            }
            for (key, value) in patch.as_object().unwrap() {
                rules[at][key] = value.clone();
            }
            Answer::json(200, &rules[at])
        }
        ("DELETE", Some(at)) => {
            rules.remove(at);
            Answer::empty(204)
        }
        _ => no(404, "NotFound", "no such rule"),
    }
}

fn rule(title: &str, query: &str) -> Value {
    json!({
        "displayName": title, "description": "What it finds.", "status": "disabled",
        "queryCondition": { "queryText": query }, "schedule": { "frequency": "PT1H" },
        "detectionAction": {
            "alertTemplate": {
                "title": title, "description": "What it finds.", "severity": "medium",
                "tactics": [{ "tactic": "Persistence", "techniques": [
                    { "technique": "T1546", "subTechniques": ["T1546.016"] },
                ] }],
                "entityMappings": { "hosts": [{ "deviceIdColumn": "DeviceId" }] },
            },
        },
    })
}

fn bundle(name: &str, rules: &[(&str, Value)]) -> Bundle {
    let paths: Vec<String> = (0..rules.len()).map(|at| format!("microsoft/defender/rule-{at}.json")).collect();
    let body = |id: &str, rule: &Value| {
        let mut body = rule.clone();
        body["id"] = format!("rule-{id}").into();
        body.to_string().into_bytes()
    };
    let files: Vec<(&str, Vec<u8>)> =
        paths.iter().zip(rules).map(|(path, (id, rule))| (path.as_str(), body(id, rule))).collect();
    let outputs: Vec<(&str, &str)> = paths.iter().zip(rules).map(|(path, (id, _))| (path.as_str(), *id)).collect();
    Bundle::new(name, &files, &outputs)
}

fn two(name: &str) -> Bundle {
    bundle(name, &[(A, rule("Whoami", "T | take 1")), (B, rule(HOSTILE, "T | take 2"))])
}

#[test]
fn a_first_run_creates_all_and_a_second_writes_nothing() {
    let defender = Defender::start(false);
    let bundle = two("defender-twice");
    assert_eq!(defender.run(&bundle, Prune::Keep, false).summary(), "ours 1.0.0 on defender: 2 created\n");
    assert_eq!(defender.server.writes(), [format!("POST {BASE}"), format!("POST {BASE}")]);
    assert_eq!(defender.run(&bundle, Prune::Delete, false).summary(), "ours 1.0.0 on defender: 2 unchanged\n");
    assert_eq!(defender.server.writes(), Vec::<String>::new());
}

#[test]
fn a_changed_rule_is_updated_by_its_id_and_what_people_set_is_kept() {
    let defender = Defender::start(false);
    defender.run(&two("defender-before"), Prune::Keep, false);
    let actions = json!({ "isolateDevices": [{ "isolationType": "full" }] });
    defender.with("Whoami", |rule| {
        rule["status"] = "enabled".into();
        rule["detectionAction"]["automatedActions"] = actions.clone();
        rule["detectionAction"]["organizationalScope"] = json!({ "scopeNames": ["servers"] });
    });
    let after = bundle("defender-after", &[(A, rule("Who am I", "T | take 3")), (B, rule(HOSTILE, "T | take 2"))]);
    defender.server.take();
    let report = defender.run(&after, Prune::Delete, false);
    assert_eq!(report.summary(), "ours 1.0.0 on defender: 1 updated, 1 unchanged\n");
    assert_eq!(defender.server.writes(), [format!("PATCH {BASE}/rule-{A}")]);
    defender.with("Who am I", |rule| {
        assert_eq!((&rule["status"], &rule["queryCondition"]["queryText"]), (&"enabled".into(), &"T | take 3".into()));
        assert_eq!(rule["detectionAction"]["automatedActions"], actions);
        assert_eq!(rule["detectionAction"]["organizationalScope"]["scopeNames"][0], "servers");
    });
    defender.run(&after, Prune::Delete, false);
    assert_eq!(defender.server.writes(), Vec::<String>::new());
}

#[test]
fn a_rule_that_has_another_id_there_is_found_by_what_its_description_says() {
    let defender = Defender::start(false);
    defender.run(&two("defender-older"), Prune::Keep, false);
    defender.with("Whoami", |rule| rule["id"] = "7000".into());
    let after = bundle("defender-newer", &[(A, rule("Who am I", "T | take 3")), (B, rule(HOSTILE, "T | take 2"))]);
    defender.server.take();
    assert_eq!(defender.run(&after, Prune::Keep, false).summary(), "ours 1.0.0 on defender: 1 updated, 1 unchanged\n");
    assert_eq!(defender.server.writes(), [format!("PATCH {BASE}/7000")]);
}

#[test]
fn a_rule_whose_description_says_nothing_any_more_is_found_by_its_id_and_left() {
    let defender = Defender::start(false);
    defender.run(&two("defender-said"), Prune::Keep, false);
    defender.with("Whoami", |rule| {
        rule["displayName"] = "Theirs".into();
        rule["description"] = "Rewritten.".into();
    });
    let told = told(&defender.run(&two("defender-unsaid"), Prune::Delete, false));
    assert!(told[0].starts_with("failed Whoami: a rule of this id or name stands there"), "{told:?}");
    let adopted = defender.run(&two("defender-again"), Prune::Keep, true);
    assert_eq!(adopted.summary(), "ours 1.0.0 on defender: 1 updated, 1 unchanged\n");
}

#[test]
fn rules_of_others_are_left() {
    let defender = Defender::start(false);
    let mut theirs = rule("Whoami", "T | take 9");
    theirs["id"] = "1".into();
    defender.rules.lock().unwrap().push(theirs.clone());
    let told = told(&defender.run(&two("defender-others"), Prune::Delete, false));
    assert!(told[0].starts_with("failed Whoami: a rule of this id or name stands there"), "{told:?}");
    assert_eq!((defender.rules.lock().unwrap()[0].clone(), told.len()), (theirs, 2));
    let adopted = defender.run(&two("defender-adopts"), Prune::Keep, true);
    assert_eq!(adopted.summary(), "ours 1.0.0 on defender: 1 updated, 1 unchanged\n");
    // Two of one name cannot be told apart.
    for id in ["2", "3"] {
        let mut one = rule("Net User", "T");
        one["id"] = id.into();
        defender.rules.lock().unwrap().push(one);
    }
    let clash = bundle("defender-clash", &[("", rule("Net User", "T"))]);
    let report = defender.run(&clash, Prune::Keep, true);
    assert_eq!(crate::told(&report)[0], "failed Net User: the platform has 2 rules of this name");
}

#[test]
fn what_is_gone_is_disabled_or_deleted_as_told() {
    let defender = Defender::start(false);
    defender.run(&two("defender-all"), Prune::Keep, false);
    defender.with("Whoami", |rule| rule["status"] = "enabled".into());
    let less = bundle("defender-less", &[(B, rule(HOSTILE, "T | take 2"))]);
    let summary = |prune| defender.run(&less, prune, false).summary();
    assert_eq!(summary(Prune::Disable), "ours 1.0.0 on defender: 1 unchanged, 1 disabled\n");
    assert_eq!(summary(Prune::Disable), "ours 1.0.0 on defender: 1 unchanged, 1 kept\n");
    assert_eq!(summary(Prune::Delete), "ours 1.0.0 on defender: 1 unchanged, 1 deleted\n");
    assert_eq!(defender.rules.lock().unwrap().len(), 1);
}

#[test]
fn a_rule_is_not_made_twice_where_an_answer_is_lost() {
    let defender = Defender::start(true);
    let bundle = two("defender-lost");
    assert_eq!(defender.run(&bundle, Prune::Keep, false).summary(), "ours 1.0.0 on defender: 2 failed\n");
    assert_eq!(defender.rules.lock().unwrap().len(), 2);
    assert_eq!(defender.run(&bundle, Prune::Keep, false).summary(), "ours 1.0.0 on defender: 2 unchanged\n");
}

#[test]
fn wrong_credentials_are_told() {
    let defender = Defender::start(false);
    let env = [("GRAPH_URL", defender.server.address.as_str()), ("GRAPH_ACCESS_TOKEN", "wrong")];
    let error = deploy(Kind::Defender, &two("defender-wrong"), &env, Prune::Keep).unwrap_err();
    insta::assert_snapshot!(error, @"cannot read the rules of the platform: GET /v1.0/security/rules/detectionRules: 401: InvalidAuthenticationToken: Access token is empty.; the credentials in the environment are not accepted");
}

#[test]
fn a_dry_run_needs_no_credentials() {
    insta::assert_snapshot!(dry(Kind::Defender, &bundle("defender-dry", &[(A, rule("Whoami", "T"))]), false), @r#"
    create     Whoami
               POST https://graph.microsoft.com/v1.0/security/rules/detectionRules  sha256:1e7fcc9aa47a316783de67cf03cd266137684c23a6f890a30726f354517b1417 (521 bytes)
    ours 1.0.0 on defender: 1 to create; nothing was written
    "#);
}
