use crate::bundle::{Bundle, app};
use crate::server::{Answer, Request, Server, decode};
use crate::{deploy, dry, told};
use rulecast_deploy::{Kind, Prune, Report};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The arguments of `saved/searches`, beside those that begin with one of [`WILDCARDS`]:
/// <https://docs.splunk.com/Documentation/Splunk/latest/RESTREF/RESTsearch#saved.2Fsearches>.
const ARGUMENTS: &[&str] = &[
    "name",
    "search",
    "output_mode",
    "description",
    "disabled",
    "is_scheduled",
    "is_visible",
    "cron_schedule",
    "schedule_window",
    "schedule_priority",
    "realtime_schedule",
    "allow_skew",
    "alert_type",
    "alert_comparator",
    "alert_threshold",
    "actions",
];
const WILDCARDS: &[&str] = &["action.", "alert.", "dispatch.", "args."];

/// A name as files allow it, which means something to paths, queries and forms.
const HOSTILE: &str = "../a?b=c&d#e%2F+\"q\" é";

#[derive(Default)]
struct State {
    searches: BTreeMap<String, Map<String, Value>>,
    macros: BTreeMap<String, Map<String, Value>>,
}

struct Splunk {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Splunk {
    fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let own = Arc::clone(&state);
        Self { server: Server::start(move |request| answer(request, &mut own.lock().unwrap())), state }
    }

    fn deploy(&self, bundle: &Bundle, prune: Prune) -> Report {
        let env = [("SPLUNK_URL", self.server.address.as_str()), ("SPLUNK_TOKEN", "sesame")];
        deploy(Kind::Splunk, bundle, &env, prune).unwrap()
    }

    fn set(&self, name: &str, key: &str, value: Value) {
        self.state.lock().unwrap().searches.get_mut(name).unwrap().insert(key.to_owned(), value);
    }

    fn get(&self, name: &str, key: &str) -> Value {
        self.state.lock().unwrap().searches[name][key].clone()
    }
}

fn no(status: u16, text: &str) -> Answer {
    Answer::json(status, &json!({ "messages": [{ "type": "ERROR", "text": text }] }))
}

fn answer(request: &Request, state: &mut State) -> Answer {
    if request.header("authorization") != Some("Bearer sesame") {
        return no(401, "call not properly authenticated");
    }
    let Some(below) = request.path.strip_prefix("/servicesNS/nobody/OurApp/") else { return no(404, "no such app") };
    let (is_macro, name) = match below.strip_prefix("configs/conf-macros") {
        Some(name) => (true, name),
        None => (false, below.strip_prefix("saved/searches").unwrap()),
    };
    let all = if is_macro { &mut state.macros } else { &mut state.searches };
    let name = decode(name.trim_start_matches('/'));
    let arguments: BTreeMap<String, String> =
        if request.method == "POST" { request.form().into_iter().collect() } else { BTreeMap::new() };
    let of_search =
        |key: &String| ARGUMENTS.contains(&key.as_str()) || WILDCARDS.iter().any(|start| key.starts_with(start));
    let of_macro = |key: &String| ["name", "output_mode", "definition", "description", "args"].contains(&key.as_str());
    let unknown = arguments.keys().find(|key| if is_macro { !of_macro(key) } else { !of_search(key) });
    if let Some(unknown) = unknown {
        return no(400, &format!("Argument \"{unknown}\" is not supported by this handler."));
    }
    let json = request.asks("output_mode").or_else(|| arguments.get("output_mode").cloned());
    assert_eq!(json.as_deref(), Some("json"), "{request:?}");
    // The interface gives some values as truths and numbers.
    let content =
        arguments.iter().filter(|(key, _)| !matches!(key.as_str(), "name" | "output_mode")).map(|(key, value)| {
            let value = match (key.as_str(), value.as_str()) {
                ("disabled" | "is_scheduled" | "is_visible" | "realtime_schedule", text) => {
                    Value::Bool(matches!(text, "1" | "true"))
                }
                ("alert_threshold" | "action.risk", text) => {
                    text.parse::<u64>().map_or_else(|_| text.into(), Value::from)
                }
                (_, text) => text.into(),
            };
            (key.clone(), value)
        });
    match (request.method.as_str(), name.as_str()) {
        ("GET", "") => {
            assert_eq!(request.asks("search").as_deref(), Some("eai:acl.app=OurApp"));
            let offset: usize = request.asks("offset").unwrap().parse().unwrap();
            let page = all.iter().skip(offset).take(2);
            let page: Vec<Value> = page
                .map(|(name, content)| json!({ "name": name, "acl": { "app": "OurApp" }, "content": content }))
                .collect();
            Answer::json(
                200,
                &json!({ "entry": page, "paging": { "total": all.len(), "perPage": 2, "offset": offset } }),
            )
        }
        ("POST", "") => {
            let name = arguments["name"].clone();
            if all.contains_key(&name) {
                return no(409, &format!("Unable to create: {name} already exists."));
            }
            all.insert(name, content.collect());
            Answer::json(201, &json!({ "entry": [] }))
        }
        ("POST", name) => match all.get_mut(name) {
            Some(known) => {
                known.extend(content);
                Answer::json(200, &json!({ "entry": [] }))
            }
            None => no(404, "Could not find object"),
        },
        ("DELETE", name) if all.remove(name).is_some() => Answer::json(200, &json!({ "entry": [] })),
        _ => no(404, "Could not find object"),
    }
}

fn stanza(name: &str, search: &str) -> String {
    format!(
        "[{name}]\naction.correlationsearch.annotations = {{\"mitre_attack\": [\"T1059\"]}}\naction.risk = 1\n\
         counttype = number of events\nrelation = greater than\nquantity = 0\ncron_schedule = 0 * * * *\n\
         description = Finds \\\nit.\ndisabled = true\nenableSched = 1\nis_visible = false\n\
         dispatch.earliest_time = -70m@m\nsearch = {search} \\\n| `{}_filter`\n\n",
        name.len()
    )
}

fn bundle(name: &str, searches: &[(&str, &str)]) -> Bundle {
    let conf: String = searches.iter().map(|(name, search)| stanza(name, search)).collect();
    let filter = |(name, _): &(&str, &str)| format!("[{}_filter]\ndefinition = search *\n\n", name.len());
    let macros: String = searches.iter().map(filter).collect();
    let app = app(&[("default/macros.conf", &macros), ("default/savedsearches.conf", &conf), ("default/app.conf", "")]);
    Bundle::new(name, &[("splunk/OurApp-1.0.0.tar.gz", app)], &[])
}

const THREE: [(&str, &str); 3] =
    [("Ours - Whoami - Rule", "index=a"), (HOSTILE, "index=b"), ("Net", "index=c x=\"&=+%\"")];

#[test]
fn a_first_run_creates_all_and_a_second_writes_nothing() {
    let splunk = Splunk::start();
    let bundle = bundle("splunk-twice", &THREE);
    assert_eq!(splunk.deploy(&bundle, Prune::Keep).summary(), "ours 1.0.0 on splunk: 3 created\n");
    assert_eq!(splunk.server.writes().len(), 6);
    assert_eq!(splunk.get("Net", "search"), "index=c x=\"&=+%\" \n| `3_filter`");
    assert_eq!((splunk.get(HOSTILE, "disabled"), splunk.get(HOSTILE, "is_scheduled")), (true.into(), true.into()));
    assert_eq!(splunk.deploy(&bundle, Prune::Delete).summary(), "ours 1.0.0 on splunk: 3 unchanged\n");
    assert_eq!(splunk.server.writes(), Vec::<String>::new());
}

#[test]
fn a_changed_search_is_updated_and_what_people_set_is_kept() {
    let splunk = Splunk::start();
    splunk.deploy(&bundle("splunk-before", &THREE), Prune::Keep);
    splunk.set(HOSTILE, "disabled", false.into());
    splunk.set(HOSTILE, "action.email.to", "soc@example.org".into());
    let tuned = Map::from_iter([("definition".to_owned(), "search NOT user=backup".into())]);
    splunk.state.lock().unwrap().macros.insert(format!("{}_filter", HOSTILE.len()), tuned.clone());
    splunk.server.take();
    let after = bundle("splunk-after", &[THREE[0], (HOSTILE, "index=z"), THREE[2]]);
    let report = splunk.deploy(&after, Prune::Keep);
    assert_eq!(report.summary(), "ours 1.0.0 on splunk: 1 updated, 2 unchanged\n");
    let calls = splunk.server.take();
    let writes: Vec<_> = calls.iter().filter(|call| call.is_write()).collect();
    let [write] = writes.as_slice() else { panic!("{writes:?}") };
    assert_eq!(write.path.rsplit('/').next().map(decode).as_deref(), Some(HOSTILE));
    assert!(write.form().iter().all(|(key, _)| key != "disabled" && key != "is_scheduled" && key != "name"));
    assert!(splunk.get(HOSTILE, "search").as_str().unwrap().starts_with("index=z"));
    assert_eq!(splunk.get(HOSTILE, "disabled"), false);
    assert_eq!(splunk.get(HOSTILE, "action.email.to"), "soc@example.org");
    assert_eq!(splunk.state.lock().unwrap().macros[&format!("{}_filter", HOSTILE.len())], tuned);

    // A filter that someone deleted is made again, or the search would fail.
    splunk.state.lock().unwrap().macros.remove("3_filter");
    assert_eq!(splunk.deploy(&after, Prune::Keep).summary(), "ours 1.0.0 on splunk: 1 updated, 2 unchanged\n");
    assert_eq!(splunk.server.writes(), ["POST /servicesNS/nobody/OurApp/configs/conf-macros"]);
}

#[test]
fn what_is_gone_is_kept_disabled_or_deleted_as_told() {
    let splunk = Splunk::start();
    splunk.deploy(&bundle("splunk-all", &THREE), Prune::Keep);
    let theirs = Map::from_iter([("search".to_owned(), "index=t".into()), ("disabled".to_owned(), false.into())]);
    splunk.state.lock().unwrap().searches.insert("Theirs".to_owned(), theirs.clone());
    splunk.set(HOSTILE, "disabled", false.into());
    let less = bundle("splunk-less", &THREE[..1]);
    let summary = |prune| splunk.deploy(&less, prune).summary();
    assert_eq!(summary(Prune::Keep), "ours 1.0.0 on splunk: 1 unchanged, 2 kept\n");
    assert_eq!(summary(Prune::Disable), "ours 1.0.0 on splunk: 1 unchanged, 1 kept, 1 disabled\n");
    assert_eq!(splunk.get(HOSTILE, "disabled"), true);
    assert_eq!(summary(Prune::Delete), "ours 1.0.0 on splunk: 1 unchanged, 2 deleted\n");
    assert_eq!(splunk.state.lock().unwrap().searches["Theirs"], theirs);
}

#[test]
fn what_keeps_a_platform_from_being_read_is_told() {
    let splunk = Splunk::start();
    let app = app(&[("default/savedsearches.conf", &stanza("Net", "index=a"))]);
    let bundle = Bundle::new("splunk-no-app", &[("splunk/Other.tar.gz", app)], &[]);
    // The macro is not in the app of the bundle: the search is made without it.
    assert_eq!(told(&splunk.deploy(&bundle, Prune::Keep)), ["created Net"]);
    let env = [("SPLUNK_URL", splunk.server.address.as_str()), ("SPLUNK_USERNAME", "u"), ("SPLUNK_PASSWORD", "p")];
    let error = deploy(Kind::Splunk, &bundle, &env, Prune::Keep).unwrap_err();
    insta::assert_snapshot!(error, @"cannot read the rules of the platform: GET /servicesNS/nobody/OurApp/saved/searches: 401: call not properly authenticated; the credentials in the environment are not accepted");
    let none = Server::start(|_| no(404, "Application does not exist: OurApp"));
    let env = [("SPLUNK_URL", none.address.as_str()), ("SPLUNK_TOKEN", "sesame")];
    let error = deploy(Kind::Splunk, &bundle, &env, Prune::Keep).unwrap_err().to_string();
    assert!(error.ends_with("404: Application does not exist: OurApp"), "{error}");
    assert_eq!(splunk.server.take().last().unwrap().header("authorization"), Some("Basic dTpw"));
}

#[test]
fn a_dry_run_needs_no_credentials() {
    insta::assert_snapshot!(dry(Kind::Splunk, &bundle("splunk-dry", &THREE[..1]), true), @r#"
    create     Ours - Whoami - Rule
               POST {SPLUNK_URL}/servicesNS/nobody/OurApp/configs/conf-macros  sha256:17aa94a5bc94ddc90ebfaebfa877e2ce9ad6078e6284b6b1a8063932aa81906b (55 bytes)
                 name = "20_filter"
                 output_mode = "json"
                 definition = "search *"
               POST {SPLUNK_URL}/servicesNS/nobody/OurApp/saved/searches  sha256:0bcf4afd0710fcb1a00d26b2ca1ee2cbab45beec14de1d405770cd4d8e3f854f (454 bytes)
                 name = "Ours - Whoami - Rule"
                 output_mode = "json"
                 action.correlationsearch.annotations = "{\"mitre_attack\": [\"T1059\"]}"
                 action.risk = "1"
                 action.rulecast.param.bundle = "ours"
                 alert_comparator = "greater than"
                 alert_threshold = "0"
                 alert_type = "number of events"
                 cron_schedule = "0 * * * *"
                 description = "Finds \nit."
                 disabled = "true"
                 dispatch.earliest_time = "-70m@m"
                 is_scheduled = "1"
                 is_visible = "false"
                 search = "index=a \n| `20_filter`"
    ours 1.0.0 on splunk: 1 to create; nothing was written
    "#);
}
