//! `lsp`: an editor's conversation with the command, message by message.

use crate::support::Sandbox;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout};

/// A rule with an emoji before what follows on its line, so that columns of UTF-16, of UTF-8 and of characters part.
const RULE: &str = "\
title: Whoami
id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
name: whoami
tags:
    - attack.discovery
    - attack.t1033
    - attack.t1033
logsource: {category: process_creation, product: windows}
detection:
    selection:
        CommandLine|contians: '😀'
    other: {Image|endswith: '\\😀whoami.exe', User: x}
    condition: selection and other
";

/// An editor: one side of the conversation.
struct Editor {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    asked: i64,
    /// What the server said beside its answers.
    said: Vec<Value>,
}

impl Editor {
    /// Starts the command and greets it.
    fn start(sandbox: &Sandbox, capabilities: &Value) -> (Self, Value) {
        let mut child = sandbox.command(&["lsp", "--stdio"], &[]).spawn().unwrap();
        let to = child.stdin.take();
        let from = BufReader::new(child.stdout.take().unwrap());
        let mut editor = Self { child, to, from, asked: 0, said: Vec::new() };
        let root = uri(sandbox, "");
        let folders = json!([{ "uri": root.trim_end_matches('/'), "name": "rules" }]);
        let params =
            json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": folders });
        let answer = editor.ask("initialize", &params);
        editor.tell("initialized", &json!({}));
        (editor, answer["result"].clone())
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        let to = self.to.as_mut().unwrap();
        write!(to, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        to.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).unwrap() > 0, "the server went away");
            match line.trim().split_once(": ") {
                Some(("Content-Length", text)) => length = text.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut bytes = vec![0; length];
        self.from.read_exact(&mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks, and returns the whole answer.
    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.answer(id)
    }

    fn answer(&mut self, id: i64) -> Value {
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
            self.said.push(message);
        }
    }

    /// The next problems of a file.
    fn problems(&mut self, uri: &str) -> Vec<Value> {
        let is =
            |message: &Value| message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri;
        loop {
            if let Some(at) = self.said.iter().position(is) {
                return self.said.remove(at)["params"]["diagnostics"].as_array().unwrap().clone();
            }
            let message = self.receive();
            self.said.push(message);
        }
    }

    fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    /// Changes a range, which is `(line, column)` twice.
    fn change(&mut self, uri: &str, version: i64, (from, to): ((u32, u32), (u32, u32)), text: &str) {
        let position = |(line, character): (u32, u32)| json!({ "line": line, "character": character });
        let change = json!({ "range": { "start": position(from), "end": position(to) }, "text": text });
        let params = json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [change] });
        self.tell("textDocument/didChange", &params);
    }

    fn at(&mut self, method: &str, uri: &str, (line, character): (u32, u32)) -> Value {
        let params = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } });
        self.ask(method, &params)["result"].clone()
    }

    fn labels(&mut self, uri: &str, at: (u32, u32)) -> Vec<String> {
        let items = self.at("textDocument/completion", uri, at);
        items.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    }

    fn hover(&mut self, uri: &str, at: (u32, u32)) -> String {
        self.at("textDocument/hover", uri, at)["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Says `shutdown` and `exit`, and returns the exit code.
    fn leave(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", &Value::Null)["result"], Value::Null);
        self.tell("exit", &Value::Null);
        self.child.wait().unwrap().code().unwrap()
    }
}

fn uri(sandbox: &Sandbox, path: &str) -> String {
    format!("file://{}", sandbox.path(path).canonicalize().unwrap().to_str().unwrap())
}

fn named<'a>(problems: &'a [Value], name: &str) -> &'a Value {
    problems.iter().find(|problem| problem["code"] == name).unwrap_or_else(|| panic!("no `{name}` in {problems:#?}"))
}

/// `1:2-3:4` of a range.
fn range(range: &Value) -> String {
    let at = |end: &Value| format!("{}:{}", end["line"], end["character"]);
    format!("{}-{}", at(&range["start"]), at(&range["end"]))
}

#[test]
fn a_rule_is_written_with_an_editor() {
    let sandbox = Sandbox::new("lsp-rule");
    sandbox.write("rule.yml", RULE);
    let rule = uri(&sandbox, "rule.yml");
    let (mut editor, answer) = Editor::start(&sandbox, &json!({}));
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(answer["serverInfo"]["name"], "rulecast");

    editor.open(&rule, RULE);
    let problems = editor.problems(&rule);
    let wrong = named(&problems, "unknown-modifier");
    assert_eq!(
        (range(&wrong["range"]), &wrong["severity"], &wrong["source"]),
        ("10:20-10:28".to_owned(), &json!(1), &json!("rulecast"))
    );
    assert!(wrong["message"].as_str().unwrap().contains("did you mean `contains`?"));

    // Only one modifier is put right, behind nothing but ASCII; then a second edit of the same line, behind the emoji.
    editor.change(&rule, 2, ((10, 20), (10, 28)), "contains");
    editor.change(&rule, 3, ((10, 33), (10, 33)), "!");
    let problems = editor.problems(&rule);
    assert!(!problems.iter().any(|problem| problem["severity"] == 1), "{problems:#?}");

    // Behind the emoji of the other selection, columns count it twice.
    assert_eq!(editor.labels(&rule, (11, 52)), Vec::<String>::new(), "any value may stand there");
    let said = editor.hover(&rule, (11, 35));
    assert!(said.contains("Image ends with \"\\😀whoami.exe\"") && said.contains("**kql.xdr**"), "{said}");
    editor.change(&rule, 4, ((11, 45), (11, 49)), "Com");
    assert!(editor.labels(&rule, (11, 48)).contains(&"CommandLine".to_owned()));
    editor.change(&rule, 5, ((11, 45), (11, 48)), "User");

    assert!(editor.labels(&rule, (10, 20)).contains(&"windash".to_owned()), "modifiers");
    assert!(editor.labels(&rule, (7, 22)).contains(&"registry_set".to_owned()), "categories");
    assert!(editor.labels(&rule, (5, 10)).contains(&"attack.t1546.016".to_owned()), "tags");
    assert!(editor.labels(&rule, (12, 20)).contains(&"other".to_owned()), "selections");
    assert!(editor.labels(&rule, (2, 0)).contains(&"status".to_owned()), "keys");
    assert!(editor.hover(&rule, (10, 24)).starts_with("`contains`: "));
    assert!(editor.hover(&rule, (5, 14)).contains("System Owner/User Discovery"));
    assert!(editor.hover(&rule, (12, 34)).contains("whoami.exe"));
    let found = editor.at("textDocument/definition", &rule, (12, 34));
    assert_eq!(range(&found[0]["range"]), "11:4-11:9");
    let params = json!({
        "textDocument": { "uri": rule }, "position": { "line": 11, "character": 6 },
        "context": { "includeDeclaration": false },
    });
    let found = editor.ask("textDocument/references", &params)["result"].clone();
    assert_eq!(range(&found[0]["range"]), "12:29-12:34");
    let symbols = editor.ask("textDocument/documentSymbol", &json!({ "textDocument": { "uri": rule } }));
    assert_eq!(symbols["result"][0]["name"], "Whoami");
    assert_eq!(symbols["result"][0]["children"][1]["name"], "other");

    // The fix of a problem, applied as an editor does.
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 13, "character": 0 } });
    let params = json!({ "textDocument": { "uri": rule }, "range": whole, "context": { "diagnostics": [] } });
    let actions = editor.ask("textDocument/codeAction", &params)["result"].clone();
    let is_fix = |action: &&Value| action["title"].as_str().is_some_and(|title| title.starts_with("duplicate-tag"));
    let fix = actions.as_array().unwrap().iter().find(is_fix).unwrap_or_else(|| panic!("{actions:#}"));
    assert_eq!((&fix["isPreferred"], &fix["kind"]), (&json!(true), &json!("quickfix")));
    assert_eq!(fix["diagnostics"][0]["code"], "duplicate-tag");
    let edit = &fix["edit"]["changes"][&rule][0];
    assert_eq!((range(&edit["range"]), &edit["newText"]), ("6:0-7:0".to_owned(), &json!("")));
    let all = json!({ "diagnostics": [], "only": ["source.fixAll"] });
    let params = json!({ "textDocument": { "uri": rule }, "range": whole, "context": all });
    let actions = editor.ask("textDocument/codeAction", &params)["result"].clone();
    assert_eq!((actions.as_array().map(Vec::len), &actions[0]["kind"]), (Some(1), &json!("source.fixAll")));
    editor.change(&rule, 6, ((6, 0), (7, 0)), "");
    let _ = editor.at("textDocument/hover", &rule, (0, 0));
    let problems = std::iter::repeat_with(|| editor.problems(&rule))
        .find(|all| !all.iter().any(|one| one["code"] == "duplicate-tag"));
    assert!(problems.is_some());

    let lenses = editor.ask("textDocument/codeLens", &json!({ "textDocument": { "uri": rule } }))["result"].clone();
    assert_eq!(lenses[0]["command"]["command"], "rulecast.showQueries");
    let params = json!({ "command": "rulecast.showQueries", "arguments": lenses[0]["command"]["arguments"] });
    let shown = editor.ask("workspace/executeCommand", &params)["result"].as_str().unwrap().to_owned();
    assert!(shown.starts_with("# Whoami\n\n## eql.ecs\n\nexact") && shown.contains("```kql\n"), "{shown}");
    assert_eq!(editor.leave(), 0);
}

#[test]
fn columns_are_bytes_where_the_editor_agrees() {
    let sandbox = Sandbox::new("lsp-utf8");
    sandbox.write("rule.yml", RULE);
    let rule = uri(&sandbox, "rule.yml");
    let encodings = json!({ "general": { "positionEncodings": ["utf-16", "utf-8"] } });
    let (mut editor, answer) = Editor::start(&sandbox, &encodings);
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-8");
    editor.open(&rule, &RULE.replace("User: x", "Usr|wat: x"));
    let problems = editor.problems(&rule);
    let wrong: Vec<&Value> = problems.iter().filter(|problem| problem["code"] == "unknown-modifier").collect();
    assert_eq!(range(&wrong[1]["range"]), "11:51-11:54");
    assert_eq!(editor.leave(), 0);
}

#[test]
fn rules_of_other_files_are_found() {
    let sandbox = Sandbox::new("lsp-files");
    let many = "title: Many\nid: 0f3c1b52-9d5e-4a86-8a11-7c0d2e9b4f60\ncorrelation:\n    type: event_count\n    rules: [whoami]\n    group-by: [User]\n    timespan: 1h\n    condition: {gte: 5}\n";
    let good = RULE.replace("contians", "contains");
    sandbox
        .write("rulecast.toml", "rules = [\"rules\"]\ntargets = [\"spl.sysmon\"]\n")
        .write("rules/rule.yml", &good)
        .write("rules/many.yml", many);
    let (rule, many_uri) = (uri(&sandbox, "rules/rule.yml"), uri(&sandbox, "rules/many.yml"));
    let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let (mut editor, _) = Editor::start(&sandbox, &watching);
    editor.open(&many_uri, many);
    assert!(!editor.problems(&many_uri).iter().any(|problem| problem["severity"] == 1));
    assert!(editor.said.iter().any(|message| message["method"] == "client/registerCapability"));
    assert!(editor.labels(&many_uri, (4, 12)).contains(&"whoami".to_owned()));
    let found = editor.at("textDocument/definition", &many_uri, (4, 14));
    assert_eq!((&found[0]["uri"], range(&found[0]["range"])), (&json!(rule), "0:7-0:13".to_owned()));
    sandbox.write("rules/rule.yml", good.replace("name: whoami", "name: other"));
    editor.tell("workspace/didChangeWatchedFiles", &json!({ "changes": [{ "uri": rule, "type": 2 }] }));
    named(&editor.problems(&many_uri), "unknown-rule");
    sandbox.write("rulecast.toml", "rules = 5\n");
    let config = uri(&sandbox, "rulecast.toml");
    editor.tell("workspace/didChangeWatchedFiles", &json!({ "changes": [{ "uri": config, "type": 2 }] }));
    assert_eq!(editor.problems(&config).len(), 1, "a configuration is shown its problems too");
    assert_eq!(editor.leave(), 0);
}

#[test]
fn what_is_wrong_with_a_message_is_said() {
    let sandbox = Sandbox::new("lsp-wrong");
    sandbox.write("rule.yml", RULE);
    let rule = uri(&sandbox, "rule.yml");
    let (mut editor, _) = Editor::start(&sandbox, &json!({}));
    assert_eq!(editor.ask("textDocument/unheardOf", &json!({}))["error"]["code"], -32601);
    assert_eq!(editor.ask("textDocument/hover", &json!({ "position": 5 }))["error"]["code"], -32602);
    let unknown = json!({ "command": "rulecast.unheardOf", "arguments": [] });
    assert_eq!(editor.ask("workspace/executeCommand", &unknown)["error"]["code"], -32602);
    editor.tell("textDocument/unheardOf", &json!({}));
    editor.tell("textDocument/didChange", &json!({ "nothing": "right" }));
    // Of a text that is not open, nothing is known.
    assert_eq!(editor.at("textDocument/hover", &rule, (0, 0)), Value::Null);
    // Places that do not exist, and an edit that ends before it begins.
    editor.open(&rule, RULE);
    editor.change(&rule, 2, ((99, 9), (3, 999)), "x");
    let _ = editor.labels(&rule, (4_000_000_000, 4_000_000_000));
    // A request that is cancelled is answered, with its result or with the code for it.
    editor.asked += 1;
    let id = editor.asked;
    let params = json!({ "textDocument": { "uri": rule }, "position": { "line": 0, "character": 0 } });
    editor.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/completion", "params": params }));
    editor.tell("$/cancelRequest", &json!({ "id": id }));
    let answer = editor.answer(id);
    assert!(answer.get("result").is_some() || answer["error"]["code"] == -32800, "{answer}");
    // After `shutdown`, nothing but `exit` is in order.
    assert_eq!(editor.ask("shutdown", &Value::Null)["result"], Value::Null);
    assert_eq!(editor.ask("textDocument/hover", &params)["error"]["code"], -32600);
    editor.tell("exit", &Value::Null);
    assert_eq!(editor.child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_editor_that_goes_without_a_word_is_told_by_the_exit_code() {
    let sandbox = Sandbox::new("lsp-exit");
    let (mut editor, _) = Editor::start(&sandbox, &json!({}));
    editor.tell("exit", &Value::Null);
    assert_eq!(editor.child.wait().unwrap().code(), Some(1));
    let (mut editor, _) = Editor::start(&sandbox, &json!({}));
    drop(editor.to.take());
    assert_eq!(editor.child.wait().unwrap().code(), Some(1));
}
