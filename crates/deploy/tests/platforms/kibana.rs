use crate::bundle::{A, B, Bundle, C, HOSTILE};
use crate::server::{Answer, Is, Request, Server, faults};
use crate::{deploy, dry, told};
use rulecast_deploy::{Kind, Prune};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What a rule of EQL may have, and must: `EqlRuleCreateProps` of Kibana's `rule_schemas.schema.yaml`,
/// <https://www.elastic.co/docs/api/doc/kibana/operation/operation-createrule>.
const RULE: &[(&str, bool, Is)] = &[
    ("rule_id", false, Is::Text),
    ("name", true, Is::Text),
    ("description", true, Is::Text),
    ("risk_score", true, Is::Number),
    ("severity", true, Is::OneOf(&["low", "medium", "high", "critical"])),
    ("type", true, Is::OneOf(&["eql"])),
    ("query", true, Is::Text),
    ("language", true, Is::OneOf(&["eql"])),
    ("index", false, Is::List),
    ("interval", false, Is::Text),
    ("from", false, Is::Text),
    ("to", false, Is::Text),
    ("enabled", false, Is::Truth),
    ("version", false, Is::Number),
    ("tags", false, Is::List),
    ("author", false, Is::List),
    ("false_positives", false, Is::List),
    ("references", false, Is::List),
    ("max_signals", false, Is::Number),
    ("threat", false, Is::List),
    ("setup", false, Is::Text),
    ("note", false, Is::Text),
    ("license", false, Is::Text),
    ("related_integrations", false, Is::List),
    ("required_fields", false, Is::List),
];
const FIELD: &[(&str, bool, Is)] = &[("name", true, Is::Text), ("type", true, Is::Text)];

type Rules = Arc<Mutex<BTreeMap<String, Value>>>;

struct Kibana {
    server: Server,
    rules: Rules,
}

impl Kibana {
    /// Before each answer, `first` may give another one.
    fn start(mut first: impl FnMut(&Request) -> Option<Answer> + Send + 'static) -> Self {
        let rules = Rules::default();
        let own = Arc::clone(&rules);
        let server = Server::start(move |request| first(request).unwrap_or_else(|| answer(request, &own)));
        Self { server, rules }
    }

    fn env(&self) -> [(&str, &str); 3] {
        [("KIBANA_URL", &self.server.address), ("KIBANA_API_KEY", "sesame"), ("KIBANA_SPACE", "blue team")]
    }

    fn set(&self, id: &str, key: &str, value: Value) {
        self.rules.lock().unwrap().get_mut(id).unwrap()[key] = value;
    }

    fn get(&self, id: &str, key: &str) -> Value {
        self.rules.lock().unwrap()[id][key].clone()
    }
}

fn no(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "statusCode": status, "message": message }))
}

/// As the detection engine does, two rules a page.
fn answer(request: &Request, rules: &Rules) -> Answer {
    let mut rules = rules.lock().unwrap();
    if request.header("authorization") != Some("ApiKey sesame") {
        return no(401, "[security_exception]: unable to authenticate with provided credentials ApiKey wrong");
    }
    if request.is_write() && request.header("kbn-xsrf").is_none() {
        return no(400, "Request must contain a kbn-xsrf header.");
    }
    let below = request.path.strip_prefix("/s/blue%20team/api/detection_engine/rules");
    match (request.method.as_str(), below) {
        ("GET", Some("/_find")) => {
            let page: usize = request.asks("page").unwrap().parse().unwrap();
            let data: Vec<&Value> = rules.values().skip((page - 1) * 2).take(2).collect();
            Answer::json(200, &json!({ "page": page, "perPage": 2, "total": rules.len(), "data": data }))
        }
        ("POST", Some("")) => {
            let mut rule = request.json();
            let wrong = wrong(&rule, true);
            if !wrong.is_empty() {
                return no(400, &wrong.join(", "));
            }
            let id = rule["rule_id"].as_str().unwrap().to_owned();
            if rules.contains_key(&id) {
                return no(409, &format!("rule_id: \"{id}\" already exists"));
            }
            stored(&mut rule);
            rule["exceptions_list"] = json!([]);
            rules.insert(id, rule.clone());
            Answer::json(200, &rule)
        }
        ("PATCH", Some("")) => {
            let patch = request.json();
            let wrong = wrong(&patch, false);
            if !wrong.is_empty() {
                return no(400, &wrong.join(", "));
            }
            let id = patch["rule_id"].as_str().unwrap();
            let Some(rule) = rules.get_mut(id) else { return no(404, &format!("rule_id: \"{id}\" not found")) };
            for (key, value) in patch.as_object().unwrap() {
                rule[key] = value.clone();
            }
            stored(rule);
            Answer::json(200, rule)
        }
        ("DELETE", Some("")) => {
            let rule = rules.remove(&request.asks("rule_id").unwrap());
            rule.map_or_else(|| no(404, "not found"), |rule| Answer::json(200, &rule))
        }
        _ => no(404, "Not Found"),
    }
}

fn wrong(rule: &Value, whole: bool) -> Vec<String> {
    let mut wrong = faults(rule, RULE);
    wrong.retain(|fault| whole || !fault.ends_with("is missing"));
    let fields = rule["required_fields"].as_array().into_iter().flatten();
    wrong.extend(fields.flat_map(|field| faults(field, FIELD)));
    wrong
}

/// What Kibana adds, and leaves out.
fn stored(rule: &mut Value) {
    rule["id"] = "6b0c8e5f-0000-4000-8000-000000000000".into();
    rule["revision"] = (rule["revision"].as_u64().unwrap_or(0) + 1).into();
    rule["immutable"] = false.into();
    for field in rule["required_fields"].as_array_mut().into_iter().flatten() {
        field["ecs"] = true.into();
    }
    let empty: Map<String, Value> = rule.as_object().unwrap().clone();
    for key in empty.iter().filter(|(key, value)| *key == "note" && **value == "").map(|(key, _)| key) {
        rule.as_object_mut().unwrap().remove(key);
    }
}

fn rule(id: &str, title: &str) -> Value {
    json!({
        "author": ["us"], "description": "What it finds.", "enabled": false, "false_positives": [], "from": "now-9m",
        "index": ["logs-*"], "interval": "5m", "language": "eql", "max_signals": 100, "name": title,
        "query": "process where true", "references": ["https://b.example", "https://a.example"],
        "related_integrations": [], "required_fields": [{ "name": "process.name", "type": "keyword", "ecs": true }],
        "risk_score": 73, "rule_id": id, "setup": "", "severity": "high", "tags": ["OS: Windows"],
        "threat": [{ "framework": "MITRE ATT&CK", "tactic": { "id": "TA0002", "name": "Execution", "reference": "-" },
            "technique": [] }],
        "to": "now", "type": "eql", "version": 1,
    })
}

fn three(name: &str) -> Bundle {
    Bundle::kibana(name, &[rule(A, "Whoami"), rule(B, HOSTILE), rule(C, "Net User")])
}

#[test]
fn a_first_run_creates_all_and_a_second_writes_nothing() {
    let kibana = Kibana::start(|_| None);
    let bundle = three("kibana-twice");
    let first = deploy(Kind::Kibana, &bundle, &kibana.env(), Prune::Keep).unwrap();
    assert_eq!(first.summary(), "ours 1.0.0 on kibana: 3 created\n");
    let calls = kibana.server.take();
    assert_eq!(calls.iter().filter(|call| call.is_write()).count(), 3);
    assert!(calls.iter().all(|call| call.header("x-evil").is_none()));
    assert_eq!(kibana.get(B, "name"), HOSTILE);
    assert_eq!(
        (kibana.get(A, "enabled"), kibana.get(A, "tags")),
        (false.into(), json!(["OS: Windows", "Rulecast: ours"]))
    );

    let second = deploy(Kind::Kibana, &bundle, &kibana.env(), Prune::Delete).unwrap();
    assert_eq!(second.summary(), "ours 1.0.0 on kibana: 3 unchanged\n");
    // Two pages.
    let calls = kibana.server.take();
    let calls: Vec<_> = calls.iter().map(|call| (call.method.as_str(), call.asks("page").unwrap())).collect();
    assert_eq!(calls, [("GET", "1".to_owned()), ("GET", "2".to_owned())]);
}

#[test]
fn a_changed_rule_is_updated_and_what_people_set_is_kept() {
    let kibana = Kibana::start(|_| None);
    deploy(Kind::Kibana, &three("kibana-before"), &kibana.env(), Prune::Keep).unwrap();
    let exceptions = json!([{ "id": "1", "list_id": "x", "namespace_type": "single", "type": "detection" }]);
    kibana.set(A, "enabled", true.into());
    kibana.set(A, "exceptions_list", exceptions.clone());
    kibana.set(A, "actions", json!([{ "id": "mail" }]));
    kibana.set(C, "enabled", false.into());
    kibana.server.take();

    let mut changed = rule(A, "Whoami");
    changed["query"] = "process where process.name == \"whoami.exe\"".into();
    let bundle = Bundle::kibana("kibana-after", &[changed, rule(B, HOSTILE), rule(C, "Net User")]);
    let report = deploy(Kind::Kibana, &bundle, &kibana.env(), Prune::Keep).unwrap();
    assert_eq!(report.summary(), "ours 1.0.0 on kibana: 1 updated, 2 unchanged\n");
    assert_eq!(kibana.server.writes(), ["PATCH /s/blue%20team/api/detection_engine/rules"]);
    assert_eq!(kibana.get(A, "query"), "process where process.name == \"whoami.exe\"");
    assert_eq!((kibana.get(A, "enabled"), kibana.get(C, "enabled")), (true.into(), false.into()));
    assert_eq!((kibana.get(A, "exceptions_list"), kibana.get(A, "actions")), (exceptions, json!([{ "id": "mail" }])));

    // What a rule says no more is cleared; what was changed by hand is set again.
    kibana.set(B, "note", "Theirs.".into());
    kibana.set(B, "query", "any where true".into());
    let again = deploy(Kind::Kibana, &bundle, &kibana.env(), Prune::Keep).unwrap();
    assert_eq!(again.summary(), "ours 1.0.0 on kibana: 1 updated, 2 unchanged\n");
    assert_eq!((kibana.get(B, "note"), kibana.get(B, "query")), (Value::Null, "process where true".into()));
    kibana.server.take();
    deploy(Kind::Kibana, &bundle, &kibana.env(), Prune::Keep).unwrap();
    assert_eq!(kibana.server.writes(), Vec::<String>::new());
}

#[test]
fn what_is_gone_is_kept_disabled_or_deleted_as_told() {
    let kibana = Kibana::start(|_| None);
    deploy(Kind::Kibana, &three("kibana-all"), &kibana.env(), Prune::Keep).unwrap();
    // One that someone else made, and one of another bundle.
    let (theirs, other) = ("0badf00d-0000-4000-8000-000000000001", "0badf00d-0000-4000-8000-000000000002");
    for (id, tags) in [(theirs, json!(["Rulecast: oursome"])), (other, json!([]))] {
        let mut rule = rule(id, "Theirs");
        rule["tags"] = tags;
        rule["enabled"] = true.into();
        kibana.rules.lock().unwrap().insert(id.to_owned(), rule);
    }
    kibana.set(B, "enabled", true.into());
    kibana.server.take();
    let less = Bundle::kibana("kibana-less", &[rule(A, "Whoami")]);
    let kept = deploy(Kind::Kibana, &less, &kibana.env(), Prune::Keep).unwrap();
    assert_eq!(kept.summary(), "ours 1.0.0 on kibana: 1 unchanged, 2 kept\n");
    let disabled = deploy(Kind::Kibana, &less, &kibana.env(), Prune::Disable).unwrap();
    assert_eq!(disabled.summary(), "ours 1.0.0 on kibana: 1 unchanged, 1 kept, 1 disabled\n");
    assert_eq!(kibana.get(B, "enabled"), false);
    let deleted = deploy(Kind::Kibana, &less, &kibana.env(), Prune::Delete).unwrap();
    assert_eq!(deleted.summary(), "ours 1.0.0 on kibana: 1 unchanged, 2 deleted\n");
    let left: Vec<String> = kibana.rules.lock().unwrap().keys().cloned().collect();
    assert_eq!(left, [theirs, other, A]);
    assert_eq!(kibana.get(theirs, "enabled"), true);
}

#[test]
fn a_busy_platform_is_asked_again_and_one_failure_keeps_no_other_from_its_result() {
    let mut busy = 2;
    let kibana = Kibana::start(move |request| {
        if request.is_write() && busy > 0 {
            busy -= 1;
            let status = if busy == 1 { 429 } else { 503 };
            return Some(Answer::empty(status).header("retry-after", "0"));
        }
        let breaks = request.is_write() && request.json()["rule_id"] == B;
        breaks.then(|| no(500, "key sesame\n\u{1b}[31mbroke"))
    });
    let report = deploy(Kind::Kibana, &three("kibana-busy"), &kibana.env(), Prune::Keep).unwrap();
    assert!(report.has_failed());
    let told = told(&report);
    assert_eq!((told[0].as_str(), told[2].as_str()), ("created Whoami", "created Net User"));
    assert!(told[1].starts_with("failed ") && told[1].ends_with(": 500: key (secret) [31mbroke"), "{told:?}");
    assert!(told.iter().all(|line| !line.contains(['\u{1b}', '\n', '\r'])));
    assert_eq!(kibana.server.writes().len(), 5);
    assert_eq!(kibana.rules.lock().unwrap().len(), 2);
}

#[test]
fn a_platform_that_stays_busy_is_given_up() {
    let kibana = Kibana::start(|request| request.is_write().then(|| Answer::empty(429).header("retry-after", "0")));
    let bundle = Bundle::kibana("kibana-stays", &[rule(A, "Whoami")]);
    let report = deploy(Kind::Kibana, &bundle, &kibana.env(), Prune::Keep).unwrap();
    assert_eq!(told(&report), ["failed Whoami: 429"]);
    assert_eq!(kibana.server.writes().len(), 4);
}

#[test]
fn wrong_credentials_are_told_and_not_printed() {
    let kibana = Kibana::start(|_| None);
    let env = [("KIBANA_URL", kibana.server.address.as_str()), ("KIBANA_API_KEY", "wrong")];
    let error = deploy(Kind::Kibana, &three("kibana-wrong"), &env, Prune::Keep).unwrap_err().to_string();
    insta::assert_snapshot!(error, @"cannot read the rules of the platform: GET /api/detection_engine/rules/_find: 401: [security_exception]: unable to authenticate with provided credentials ApiKey (secret); the credentials in the environment are not accepted");
    assert_eq!(kibana.server.writes(), Vec::<String>::new());
}

#[test]
fn no_redirect_is_followed() {
    let other = Server::start(|_| Answer::json(200, &json!({ "page": 1, "perPage": 1, "total": 0, "data": [] })));
    let to = format!("{}/api/detection_engine/rules/_find", other.address);
    let kibana = Kibana::start(move |_| Some(Answer::empty(302).header("location", &to)));
    let error = deploy(Kind::Kibana, &three("kibana-redirect"), &kibana.env(), Prune::Keep).unwrap_err();
    insta::assert_snapshot!(error, @"cannot read the rules of the platform: GET /s/blue%20team/api/detection_engine/rules/_find: 302: a redirect, which is not followed");
    assert!(other.take().is_empty());
}

#[test]
fn answers_that_are_none_are_told() {
    let check = |body: &'static str| {
        let kibana = Kibana::start(move |_| Some(Answer { status: 200, headers: Vec::new(), body: body.to_owned() }));
        deploy(Kind::Kibana, &three("kibana-answers"), &kibana.env(), Prune::Keep).unwrap_err().to_string()
    };
    insta::assert_snapshot!(check("<html>"), @"cannot read the rules of the platform: GET /s/blue%20team/api/detection_engine/rules/_find: the answer is no JSON");
    insta::assert_snapshot!(check("{}"), @"cannot read the rules of the platform: GET /s/blue%20team/api/detection_engine/rules/_find: expected a page of rules with a list `data`");
    insta::assert_snapshot!(check("{\"data\": [{}]}"), @"cannot read the rules of the platform: GET /s/blue%20team/api/detection_engine/rules/_find: a rule without `rule_id`");
}

#[test]
fn a_dry_run_needs_no_credentials() {
    let bundle = Bundle::kibana("kibana-dry", &[rule(A, "Whoami"), rule(B, "\u{1b}[31mred")]);
    insta::assert_snapshot!(dry(Kind::Kibana, &bundle, false), @r#"
    create     Whoami
               POST {KIBANA_URL}/api/detection_engine/rules  sha256:6685479302209f9af1fbe095d023bd69e101b0caf688a291b2fd3c00e8384baa (643 bytes)
    create     \u{1b}[31mred
               POST {KIBANA_URL}/api/detection_engine/rules  sha256:d20d6ad18cdedfb87c436be99f9ff490b8f249cff3bbcb07c28f7602163f509e (650 bytes)
    ours 1.0.0 on kibana: 2 to create; nothing was written
    "#);
    let bodies = dry(Kind::Kibana, &bundle, true);
    assert!(bodies.contains("\"query\": \"process where true\"") && !bodies.contains('\u{1b}'), "{bodies}");
}

#[test]
fn what_was_changed_after_it_was_published_is_not_deployed() {
    let bundle = three("kibana-changed");
    let file = bundle.path.join("ours-1.0.0/elastic/rules.ndjson");
    std::fs::write(&file, rule(A, "Another").to_string()).unwrap();
    let error = rulecast_deploy::Package::open(&bundle.path, Kind::Kibana).unwrap_err();
    insta::assert_snapshot!(error, @"`elastic/rules.ndjson` is not the file that the bundle was published with: its hash is not that of `SHA256SUMS`");
    let error = rulecast_deploy::Package::open(&bundle.path, Kind::Sentinel).unwrap_err();
    insta::assert_snapshot!(error, @"the bundle holds no rules for sentinel: it has no `microsoft/sentinel/azuredeploy.json`");
}
