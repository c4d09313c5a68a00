use crate::bundle::{A, B, Bundle, C, HOSTILE};
use crate::server::{Answer, Is, Request, Server, faults};
use crate::{deploy, dry, told};
use rulecast_deploy::{Kind, Prune};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// `ScheduledAlertRuleProperties` of `securityinsights/stable/2024-09-01/AlertRules.json`,
/// <https://learn.microsoft.com/rest/api/securityinsights/alert-rules/create-or-update?view=rest-securityinsights-2024-09-01>.
const PROPERTIES: &[(&str, bool, Is)] = &[
    ("displayName", true, Is::Text),
    ("description", false, Is::Text),
    ("enabled", true, Is::Truth),
    ("severity", true, Is::OneOf(&["High", "Medium", "Low", "Informational"])),
    ("query", true, Is::Text),
    ("queryFrequency", true, Is::Text),
    ("queryPeriod", true, Is::Text),
    ("triggerOperator", true, Is::OneOf(&["GreaterThan", "LessThan", "Equal", "NotEqual"])),
    ("triggerThreshold", true, Is::Number),
    ("suppressionEnabled", true, Is::Truth),
    ("suppressionDuration", true, Is::Text),
    ("tactics", false, Is::List),
    ("techniques", false, Is::List),
    ("alertRuleTemplateName", false, Is::Text),
    ("incidentConfiguration", false, Is::Map),
    ("eventGroupingSettings", false, Is::Map),
    ("alertDetailsOverride", false, Is::Map),
    ("customDetails", false, Is::Map),
    ("entityMappings", false, Is::List),
];
const RULE: &[(&str, bool, Is)] =
    &[("kind", true, Is::OneOf(&["Scheduled", "NRT"])), ("etag", false, Is::Text), ("properties", true, Is::Map)];
const BASE: &str = "/subscriptions/sub/resourceGroups/a%20group/providers/Microsoft.OperationalInsights/workspaces/ws/\
                    providers/Microsoft.SecurityInsights/alertRules";

type Rules = Arc<Mutex<BTreeMap<String, Value>>>;

struct Sentinel {
    server: Server,
    rules: Rules,
}

impl Sentinel {
    fn start() -> Self {
        let rules = Rules::default();
        let own = Arc::clone(&rules);
        Self { server: Server::start(move |request| answer(request, &own)), rules }
    }

    fn env<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut env = vec![
            ("AZURE_RESOURCE_MANAGER_URL", self.server.address.as_str()),
            ("AZURE_SUBSCRIPTION_ID", "sub"),
            ("AZURE_RESOURCE_GROUP", "a group"),
            ("SENTINEL_WORKSPACE", "ws"),
        ];
        env.extend(more);
        env
    }

    fn deploy(&self, bundle: &Bundle, prune: Prune) -> rulecast_deploy::Report {
        deploy(Kind::Sentinel, bundle, &self.env(&[("AZURE_ACCESS_TOKEN", "sesame")]), prune).unwrap()
    }

    fn set(&self, id: &str, key: &str, value: Value) {
        self.rules.lock().unwrap().get_mut(id).unwrap()["properties"][key] = value;
    }

    fn get(&self, id: &str, key: &str) -> Value {
        self.rules.lock().unwrap()[id]["properties"][key].clone()
    }
}

fn no(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": { "code": code, "message": message } }))
}

fn answer(request: &Request, rules: &Rules) -> Answer {
    let mut rules = rules.lock().unwrap();
    if request.path == "/ten%2Fant/oauth2/v2.0/token" {
        assert!(request.header("authorization").is_none());
        let form: BTreeMap<String, String> = request.form().into_iter().collect();
        assert_eq!((form["grant_type"].as_str(), form["client_id"].as_str()), ("client_credentials", "app"));
        assert_eq!(form["scope"], "https://management.azure.com/.default");
        return match form["client_secret"].as_str() {
            "p&w" => Answer::json(200, &json!({ "access_token": "sesame", "token_type": "Bearer" })),
            _ => Answer::json(401, &json!({ "error": "invalid_client", "error_description": "AADSTS: p&x is wrong" })),
        };
    }
    if request.header("authorization") != Some("Bearer sesame") {
        return no(403, "AuthorizationFailed", "The client does not have authorization to perform action");
    }
    if request.asks("api-version").as_deref() != Some("2024-09-01") {
        return no(400, "NoRegisteredProviderFound", "No registered resource provider found");
    }
    let Some(below) = request.path.strip_prefix(BASE) else { return no(404, "ResourceNotFound", &request.path) };
    let id = below.trim_start_matches('/').to_owned();
    match request.method.as_str() {
        "GET" => {
            // A page of two, and where the next one is.
            let skip: usize = request.asks("$skipToken").map_or(0, |text| text.parse().unwrap());
            let page: Vec<&Value> = rules.values().skip(skip).take(2).collect();
            let mut body = json!({ "value": page });
            if skip + 2 < rules.len() {
                let next = format!("https://elsewhere.example/{BASE}?api-version=2024-09-01&$skipToken={}", skip + 2);
                body["nextLink"] = next.into();
            }
            Answer::json(200, &body)
        }
        "PUT" => {
            let sent = request.json();
            let mut wrong = faults(&sent, RULE);
            wrong.extend(faults(&sent["properties"], PROPERTIES));
            if !wrong.is_empty() {
                return no(400, "BadRequest", &wrong.join(", "));
            }
            let known = rules.get(&id);
            let etag = known.map(|rule| rule["etag"].clone());
            if etag.is_some() && sent.get("etag").is_some() && etag != sent.get("etag").cloned() {
                return no(409, "Conflict", "Newer instance exists for the rule");
            }
            let status = if known.is_some() { 200 } else { 201 };
            let mut rule = sent;
            rule["name"] = id.clone().into();
            rule["etag"] = format!("\"{}\"", rules.len() * 10 + status as usize).into();
            rule["properties"]["lastModifiedUtc"] = "2026-01-01T00:00:00Z".into();
            // The service writes durations in its own way, and null for what is empty.
            for (key, value) in [("queryPeriod", json!("P1D")), ("customDetails", Value::Null)] {
                if rule["properties"][key] == "PT24H" || rule["properties"][key] == json!({}) {
                    rule["properties"][key] = value;
                }
            }
            rules.insert(id, rule.clone());
            Answer::json(status, &rule)
        }
        "DELETE" => Answer::empty(if rules.remove(&id).is_some() { 200 } else { 204 }),
        _ => no(405, "MethodNotAllowed", ""),
    }
}

/// As the template has it.
fn rule(id: &str, title: &str) -> Value {
    let title = if title.starts_with('[') && title.ends_with(']') { format!("[{title}") } else { title.to_owned() };
    json!({
        "type": "Microsoft.OperationalInsights/workspaces/providers/alertRules", "apiVersion": "2024-09-01",
        "kind": "Scheduled",
        "name": format!("[concat(parameters('workspace'),'/Microsoft.SecurityInsights/{id}')]"),
        "properties": {
            "displayName": title, "description": "What it finds.", "enabled": "[parameters('enabled')]", "severity": "Medium",
            "query": "DeviceProcessEvents | take 1", "queryFrequency": "PT1H", "queryPeriod": "PT24H",
            "triggerOperator": "GreaterThan", "triggerThreshold": 0, "suppressionEnabled": false,
            "suppressionDuration": "PT5H", "tactics": ["Persistence", "PrivilegeEscalation"], "techniques": ["T1546"],
            "customDetails": {}, "eventGroupingSettings": { "aggregationKind": "AlertPerResult" },
        },
    })
}

fn bundle(name: &str, rules: &[Value]) -> Bundle {
    let template = json!({ "contentVersion": "1.0.0.0", "resources": rules });
    Bundle::new(name, &[("microsoft/sentinel/azuredeploy.json", template.to_string().into_bytes())], &[])
}

#[test]
fn every_template_of_a_large_bundle_is_deployed() {
    let template = |rules: &[Value]| json!({ "resources": rules }).to_string().into_bytes();
    let bundle = Bundle::new(
        "sentinel-templates",
        &[
            ("microsoft/sentinel/azuredeploy-10.json", template(&[rule(C, "Third")])),
            ("microsoft/sentinel/azuredeploy-2.json", template(&[rule(B, "Second")])),
            ("microsoft/sentinel/azuredeploy.json", template(&[rule(A, "First")])),
        ],
        &[],
    );
    let sentinel = Sentinel::start();
    assert_eq!(sentinel.deploy(&bundle, Prune::Delete).summary(), "ours 1.0.0 on sentinel: 3 created\n");
    assert_eq!(sentinel.server.writes(), [A, B, C].map(|id| format!("PUT {BASE}/{id}")));
    assert_eq!(sentinel.get(C, "enabled"), false);
    // One template more or less is no reason to give up the rules of the others.
    assert_eq!(sentinel.deploy(&bundle, Prune::Delete).summary(), "ours 1.0.0 on sentinel: 3 unchanged\n");
}

fn three(name: &str) -> Bundle {
    bundle(name, &[rule(A, "Whoami"), rule(B, HOSTILE), rule(C, "[odd]")])
}

#[test]
fn a_first_run_creates_all_and_a_second_writes_nothing() {
    let sentinel = Sentinel::start();
    let bundle = three("sentinel-twice");
    assert_eq!(sentinel.deploy(&bundle, Prune::Keep).summary(), "ours 1.0.0 on sentinel: 3 created\n");
    let puts = [A, B, C].map(|id| format!("PUT {BASE}/{id}"));
    assert_eq!(sentinel.server.writes(), puts);
    assert_eq!((sentinel.get(B, "displayName"), sentinel.get(C, "displayName")), (HOSTILE.into(), "[odd]".into()));
    assert_eq!(sentinel.get(A, "description"), "What it finds.\n\nRulecast: ours");
    assert_eq!(sentinel.deploy(&bundle, Prune::Delete).summary(), "ours 1.0.0 on sentinel: 3 unchanged\n");
    assert_eq!(sentinel.server.writes(), Vec::<String>::new());
}

#[test]
fn a_changed_rule_is_updated_and_what_people_set_is_kept() {
    let sentinel = Sentinel::start();
    sentinel.deploy(&three("sentinel-before"), Prune::Keep);
    let incidents = json!({ "createIncident": true, "groupingConfiguration": { "enabled": true } });
    sentinel.set(A, "enabled", true.into());
    sentinel.set(A, "incidentConfiguration", incidents.clone());
    sentinel.server.take();
    let mut changed = rule(A, "Whoami");
    changed["properties"]["severity"] = "High".into();
    let after = bundle("sentinel-after", &[changed, rule(B, HOSTILE), rule(C, "[odd]")]);
    let report = sentinel.deploy(&after, Prune::Keep);
    assert_eq!(report.summary(), "ours 1.0.0 on sentinel: 1 updated, 2 unchanged\n");
    let calls = sentinel.server.take();
    let put = calls.iter().find(|call| call.is_write()).unwrap().json();
    assert!(put["etag"].is_string() && put["properties"].get("lastModifiedUtc").is_none(), "{put}");
    assert_eq!((sentinel.get(A, "enabled"), sentinel.get(A, "severity")), (true.into(), "High".into()));
    assert_eq!(sentinel.get(A, "incidentConfiguration"), incidents);
}

#[test]
fn what_is_gone_is_kept_disabled_or_deleted_as_told() {
    let sentinel = Sentinel::start();
    sentinel.deploy(&three("sentinel-all"), Prune::Keep);
    let theirs = "0badf00d-0000-4000-8000-000000000001";
    let fusion = json!({ "name": theirs, "kind": "Fusion", "properties": { "enabled": true } });
    sentinel.rules.lock().unwrap().insert(theirs.to_owned(), fusion.clone());
    sentinel.set(B, "enabled", true.into());
    let less = bundle("sentinel-less", &[rule(A, "Whoami")]);
    let summary = |prune| sentinel.deploy(&less, prune).summary();
    assert_eq!(summary(Prune::Keep), "ours 1.0.0 on sentinel: 1 unchanged, 2 kept\n");
    assert_eq!(summary(Prune::Disable), "ours 1.0.0 on sentinel: 1 unchanged, 1 kept, 1 disabled\n");
    assert_eq!(sentinel.get(B, "enabled"), false);
    assert_eq!(summary(Prune::Delete), "ours 1.0.0 on sentinel: 1 unchanged, 2 deleted\n");
    assert_eq!(sentinel.rules.lock().unwrap()[theirs], fusion);

    // A rule of another kind that has the id of one of ours is left.
    let clash = bundle("sentinel-clash", &[rule(theirs, "Ours")]);
    assert_eq!(told(&sentinel.deploy(&clash, Prune::Keep))[0], "failed Ours: a rule of kind `Fusion` has its id");
}

#[test]
fn an_application_gets_a_token_first() {
    let sentinel = Sentinel::start();
    let with = |secret: &str| {
        let application = [
            ("AZURE_TENANT_ID", "ten/ant"),
            ("AZURE_CLIENT_ID", "app"),
            ("AZURE_CLIENT_SECRET", secret),
            ("AZURE_AUTHORITY_HOST", sentinel.server.address.as_str()),
        ];
        let access = crate::access(Kind::Sentinel, &sentinel.env(&application));
        rulecast_deploy::Client::new(&access, None).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(with("p&w"), Ok(()));
    insta::assert_snapshot!(with("p&x").unwrap_err(), @"no token for AZURE_CLIENT_ID: 401: AADSTS: (secret) is wrong");
}

#[test]
fn wrong_credentials_are_told() {
    let sentinel = Sentinel::start();
    let env = sentinel.env(&[("AZURE_ACCESS_TOKEN", "wrong")]);
    let error = deploy(Kind::Sentinel, &three("sentinel-wrong"), &env, Prune::Keep).unwrap_err();
    insta::assert_snapshot!(error, @"cannot read the rules of the platform: GET /subscriptions/sub/resourceGroups/a%20group/providers/Microsoft.OperationalInsights/workspaces/ws/providers/Microsoft.SecurityInsights/alertRules: 403: AuthorizationFailed: The client does not have authorization to perform action; the credentials in the environment do not allow it");
}

#[test]
fn a_dry_run_names_what_it_does_not_know() {
    insta::assert_snapshot!(dry(Kind::Sentinel, &bundle("sentinel-dry", &[rule(A, "Whoami")]), false), @r#"
    create     Whoami
               PUT https://management.azure.com/subscriptions/{AZURE_SUBSCRIPTION_ID}/resourceGroups/{AZURE_RESOURCE_GROUP}/providers/Microsoft.OperationalInsights/workspaces/{SENTINEL_WORKSPACE}/providers/Microsoft.SecurityInsights/alertRules/9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11?api-version=2024-09-01  sha256:996633039f23f55f31741ba850d9b6cc37f7577956311b3756806c9cc9298baa (488 bytes)
    ours 1.0.0 on sentinel: 1 to create; nothing was written
    "#);
}
