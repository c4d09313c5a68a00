//! `rulecast deploy`: what the calls are, what becomes of a platform, and how that counts.

use crate::support::{GOOD, Sandbox};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

const PLATFORMS: [&str; 4] = ["kibana", "splunk", "sentinel", "defender"];

/// The credentials of whoever runs the tests are none of theirs.
const NONE: [(&str, &str); 8] = [
    ("KIBANA_URL", ""),
    ("SPLUNK_URL", ""),
    ("AZURE_SUBSCRIPTION_ID", ""),
    ("AZURE_ACCESS_TOKEN", ""),
    ("GRAPH_ACCESS_TOKEN", ""),
    ("AZURE_CLIENT_ID", ""),
    ("KIBANA_SPACE", ""),
    ("AZURE_RESOURCE_MANAGER_URL", ""),
];

/// A bundle of two rules, in `dist`.
fn bundle(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    let other = GOOD.replace("Whoami", "Net User").replace("e5f11", "e5f22").replace("whoami", "net user");
    sandbox.write("rules/a.yml", GOOD).write("rules/b.yml", other);
    let run = sandbox.run(&["bundle", "rules", "-t", "eql,spl,kql.xdr", "--name", "ours", "-q"]);
    assert_eq!(run.code, 0, "{}", run.err);
    sandbox
}

/// A Kibana that refuses rules of a name, and remembers the others.
fn kibana(refuses: &'static str) -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let rules = Arc::new(Mutex::new(Vec::<Value>::new()));
    let own = Arc::clone(&rules);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut head, mut length) = (String::new(), 0);
            while !head.ends_with("\r\n\r\n") {
                if reader.read_line(&mut head).unwrap() == 0 {
                    break;
                }
            }
            for line in head.to_lowercase().lines() {
                length = line.strip_prefix("content-length: ").map_or(length, |text| text.parse().unwrap());
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let mut rules = own.lock().unwrap();
            let (status, answer) = if !head.to_lowercase().contains("authorization: apikey sesame\r\n") {
                (401, json!({ "message": "no" }))
            } else if head.starts_with("GET ") {
                (200, json!({ "page": 1, "perPage": 100, "total": rules.len(), "data": *rules }))
            } else {
                let rule: Value = serde_json::from_slice(&body).unwrap();
                if rule["name"] == refuses {
                    (400, json!({ "message": "it is refused" }))
                } else {
                    rules.push(rule);
                    (200, json!({}))
                }
            };
            let answer = answer.to_string();
            let length = answer.len();
            let text = format!("HTTP/1.1 {status} -\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{answer}");
            let _ = stream.write_all(text.as_bytes());
        }
    });
    (address, rules)
}

#[test]
fn every_platform_is_told_what_the_bundle_has_for_it() {
    let sandbox = bundle("deploy-dry");
    for platform in PLATFORMS {
        let args = ["deploy", "dist", "--to", platform, "--dry-run", "-f", "json", "--bodies"];
        let run = sandbox.run_with(&args, &NONE, "");
        assert_eq!(run.code, 0, "{platform}: {}", run.err);
        let report: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!((&report["platform"], &report["dry_run"]), (&platform.into(), &true.into()));
        assert_eq!(report["counts"]["created"], 2, "{platform}: {}", run.out);
        let calls = report["rules"].as_array().unwrap().iter().flat_map(|rule| rule["calls"].as_array().unwrap());
        for call in calls {
            let (url, body) = (call["url"].as_str().unwrap(), call["body"].as_str().unwrap());
            assert!(url.starts_with("https://") || url.starts_with('{'), "{url}");
            assert!(!body.is_empty());
        }
        // The same bundle gives the same calls.
        assert_eq!(run.out, sandbox.run_with(&args, &NONE, "").out);
    }
}

#[test]
fn without_credentials_nothing_is_done() {
    let sandbox = bundle("deploy-none");
    let run = sandbox.run_with(
        &["deploy", "dist", "--to", "kibana"],
        &[NONE.as_slice(), &[("KIBANA_API_KEY", "")]].concat(),
        "",
    );
    assert_eq!((run.code, run.out.as_str()), (3, ""));
    assert_snapshot!(run.err, @"error: not set in the environment: KIBANA_URL (the address of Kibana); KIBANA_API_KEY, or KIBANA_USERNAME with KIBANA_PASSWORD");
    let clear = [("KIBANA_URL", "http://kibana.example.org"), ("KIBANA_API_KEY", "sesame")];
    let run = sandbox.run_with(&["deploy", "dist", "--to", "kibana", "--dry-run"], &clear, "");
    assert_eq!((run.code, run.out.as_str()), (3, ""));
    assert_snapshot!(run.err, @"error: KIBANA_URL: credentials are not sent in clear: expected `https://`");
    let run = sandbox.run_with(&["deploy", "rules", "--to", "kibana", "--dry-run"], &NONE, "");
    assert_eq!(run.code, 3);
    assert_snapshot!(run.err, @"error: `rules` holds no bundle: there is no `manifest.json` in it, or in the one directory in it");
}

#[test]
fn a_platform_becomes_equal_and_a_failure_counts() {
    let sandbox = bundle("deploy-kibana");
    let (address, rules) = kibana("Net User");
    let env = [("KIBANA_URL", address.as_str()), ("KIBANA_API_KEY", "sesame"), ("KIBANA_SPACE", "")];
    let run = |args: &[&str]| sandbox.run_with(&[&["deploy", "dist", "--to", "kibana"], args].concat(), &env, "");
    let first = run(&[]);
    assert_snapshot!(format!("{}{}{}", first.out, first.err, first.code), @r#"
    created    Whoami
    failed     Net User: 400: it is refused
    ours 0.1.0 on kibana: 1 created, 1 failed
    1
    "#);
    let made = rules.lock().unwrap().clone();
    assert_eq!((made.len(), &made[0]["enabled"]), (1, &false.into()));
    let second = run(&["-f", "json"]);
    let report: Value = serde_json::from_str(&second.out).unwrap();
    assert_eq!((second.code, &report["counts"]["unchanged"], &report["counts"]["failed"]), (1, &1.into(), &1.into()));
    assert!(!second.out.contains("sesame"));
    // With credentials, a dry run tells the difference.
    let dry = run(&["--dry-run", "-q"]);
    assert_eq!(dry.out, "ours 0.1.0 on kibana: 1 to create, 1 unchanged; nothing was written\n");
    let wrong = [("KIBANA_URL", address.as_str()), ("KIBANA_API_KEY", "wrong"), ("KIBANA_SPACE", "")];
    let denied = sandbox.run_with(&["deploy", "dist", "--to", "kibana"], &wrong, "");
    assert_eq!(denied.code, 3);
    assert_snapshot!(denied.err, @"error: cannot read the rules of the platform: GET /api/detection_engine/rules/_find: 401: no; the credentials in the environment are not accepted");
}
