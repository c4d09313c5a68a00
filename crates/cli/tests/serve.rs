//! `serve`: the site over HTTP, to this machine alone.

use crate::support::{GOOD, Sandbox};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;

/// A running server.
struct Server {
    child: Child,
    port: String,
}

impl Server {
    fn start(sandbox: &Sandbox, directory: &str) -> Self {
        let mut child = sandbox.command(&["serve", directory, "--port", "0"], &[]).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("http://127.0.0.1:").and_then(|rest| rest.strip_suffix('/'));
        let port = port.unwrap_or_else(|| panic!("no address: {line:?}")).to_owned();
        Self { child, port }
    }

    /// The status, the head and the body of an answer.
    fn ask(&self, method: &str, target: &str, host: &str) -> (u16, String, String) {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", self.port)).unwrap();
        write!(stream, "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_ascii_lowercase(), body.to_owned())
    }

    fn get(&self, target: &str) -> (u16, String, String) {
        self.ask("GET", target, &format!("127.0.0.1:{}", self.port))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_bundle_is_served_as_it_stands() {
    let sandbox = Sandbox::new("serve-bundle");
    let run = sandbox.write("rules/a.yml", GOOD).run(&["bundle", "rules", "-o", "dist", "--quiet"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let server = Server::start(&sandbox, "dist");
    let site = "dist/detection-bundle-0.1.0/site";
    for (target, file, kind) in [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/index.html?x=1", "index.html", "text/html; charset=utf-8"),
        ("/site.css", "site.css", "text/css; charset=utf-8"),
        ("/site.js", "site.js", "text/javascript; charset=utf-8"),
        ("/attack/", "attack/index.html", "text/html; charset=utf-8"),
    ] {
        let (status, head, body) = server.get(target);
        assert_eq!(status, 200, "{target}");
        assert!(head.contains(&format!("content-type: {kind}\r\n")) && head.contains("nosniff"), "{target}: {head}");
        assert_eq!(body, sandbox.read(&format!("{site}/{file}")), "{target}");
    }
    let (status, head, _) = server.get("/attack");
    assert_eq!(status, 301);
    assert!(head.contains("location: /attack/\r\n"), "{head}");
    let (status, _, body) = server.ask("HEAD", "/", "localhost");
    assert_eq!((status, body.as_str()), (200, ""));
}

#[test]
fn nothing_but_the_site_is_served() {
    let sandbox = Sandbox::new("serve-out");
    sandbox.write("site/index.html", "in").write("secret.txt", "out").write("site/.git/config", "out");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.txt", sandbox.path("site/link.txt")).unwrap();
    let server = Server::start(&sandbox, "site");
    assert_eq!(server.get("/").2, "in");
    for target in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/x/../../secret.txt",
        "/..%5csecret.txt",
        "/link.txt",
        "/.git/config",
        "//etc/passwd",
        "/%00",
        "/none",
    ] {
        let (status, _, body) = server.get(target);
        assert_eq!((status, body.contains("out")), (404, false), "{target}");
    }
    assert_eq!(server.ask("POST", "/", "127.0.0.1").0, 405);
    // A name that someone else has lead here.
    assert_eq!(server.ask("GET", "/", "rules.example").0, 421);
}

#[test]
fn without_a_site_it_says_what_makes_one() {
    let sandbox = Sandbox::new("serve-none");
    let run = sandbox.write("dist/x.txt", "").run(&["serve", "dist"]);
    assert_eq!(run.code, 3);
    insta::assert_snapshot!(run.err, @"error: there is no site in `dist`; `rulecast bundle -o dist` makes one");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let sandbox = Sandbox::new("serve-port");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = sandbox.write("site/index.html", "").run(&["serve", "site", "--port", &port]);
    assert_eq!(run.code, 3);
    assert!(run.err.starts_with(&format!("error: cannot listen on port {port} of this machine: ")), "{}", run.err);
}

#[test]
fn a_playground_is_put_into_the_frame_of_the_site() {
    let sandbox = Sandbox::new("bundle-playground");
    let page = "<!-- head --><meta name=x><!-- /head --><main><!-- main --><p>Try</p><!-- /main --></main>";
    sandbox
        .write("rules/a.yml", GOOD)
        .write("pg/index.html", page)
        .write("pg/a.js", "1")
        .write("pg/playground.wasm", "w");
    let run = sandbox.run(&["bundle", "rules", "-o", "dist", "--quiet", "--playground", "pg"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let site = "dist/detection-bundle-0.1.0/site";
    let below = |path: &String| path.strip_prefix(&format!("{site}/playground/")).map(str::to_owned);
    let files: Vec<String> = sandbox.list(site).iter().filter_map(below).collect();
    assert_eq!(files, ["a.js", "index.html"]);
    let made = sandbox.read(&format!("{site}/playground/index.html"));
    assert!(made.contains("<meta name=x>") && made.contains("<p>Try</p>") && made.contains("../site.css"), "{made}");
    assert!(sandbox.read(&format!("{site}/index.html")).contains("playground/index.html"));

    let run = sandbox.run(&["bundle", "rules", "-o", "other", "--playground", "rules"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("there is no playground in `rules`"), "{}", run.err);
}
