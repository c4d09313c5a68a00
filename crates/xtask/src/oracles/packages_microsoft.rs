//! Whether Sentinel and Defender take what a bundle has for them.
//!
//! Every query of the rules is bound by Microsoft's parser to the tables of a workspace or of advanced hunting, and the
//! columns that *it* finds in the result must hold those that entities, details and the service need. Resources of ARM and
//! bodies for Graph are held against the models of Microsoft's SDKs, `microsoft_judge.py`. Limits that neither knows stand in
//! a table of ours, [`limits`]. What each judge must reject is made of the first rule, broken on purpose.

use super::judge::converse;
use super::kusto;
use super::tools::Tools;
use crate::programs::{once, output, run as run_program};
use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = include_str!("../../oracles/requirements-microsoft.txt");
const WHEELS: &str = include_str!("../../oracles/wheels-microsoft.txt");

/// A query, and the columns that its result must have.
#[derive(Clone, Serialize)]
struct Asked {
    id: usize,
    query: String,
    needs: Vec<String>,
}

/// A document for one of the SDKs.
#[derive(Clone, Serialize)]
struct Document {
    id: usize,
    kind: &'static str,
    body: Value,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Rejected { id: usize, message: String },
    End { judged: usize },
}

/// What a bundle has for Microsoft's platforms, each with its file.
#[derive(Default)]
struct Files {
    templates: Vec<(String, Value)>,
    resources: Vec<(String, Value)>,
    bodies: Vec<(String, Value)>,
}

/// Makes a bundle of each directory, asks the judges, writes how much they saw, and returns their objections.
pub(super) fn run(
    tools: &Tools,
    command: &Path,
    rules: &Path,
    corpora: &[PathBuf],
    to: &mut impl Write,
) -> io::Result<Vec<String>> {
    let directory = tools.directory.join("microsoft");
    let sdks = install(&directory.join("sdks"))?;
    let mut files = Files::default();
    for (number, corpus) in std::iter::once(rules).chain(corpora.iter().map(PathBuf::as_path)).enumerate() {
        let dist = directory.join(format!("dist{number}"));
        let targets = ["bundle", "--no-config", "--quiet", "-t", "kql.xdr,kql.securityevent,kql.asim", "--output"];
        output(Command::new(command).args(targets).args([dist.as_path(), corpus]))?;
        files.read(&dist)?;
    }
    if files.templates.is_empty() || files.templates.len() != files.resources.len() || files.bodies.is_empty() {
        let counts = [files.templates.len(), files.resources.len(), files.bodies.len()];
        return Err(io::Error::other(format!("templates, resources and bodies of a bundle: {counts:?}")));
    }
    let mut failures = queries(tools, &directory, &files)?;
    failures.extend(documents(tools, &sdks, &files)?);
    for (file, template) in &files.templates {
        failures.extend(limits(template).into_iter().map(|message| format!("{file}: {message}")));
    }
    for (file, resource) in &files.resources {
        let properties = &resource["properties"];
        if !properties["templateVersion"].is_null() && properties["alertRuleTemplateName"].is_null() {
            failures.push(format!("{file}: `templateVersion` of a rule that is made of no template"));
        }
    }
    for (file, body) in &files.bodies {
        failures.extend(refusals(body).into_iter().map(|message| format!("{file}: {message}")));
    }
    let counts = (files.templates.len(), files.bodies.len(), failures.len());
    writeln!(
        to,
        "\n{} rules for Sentinel and {} for Defender held against parser and SDKs, {} failures",
        counts.0, counts.1, counts.2
    )?;
    Ok(failures)
}

/// Python with what the SDKs need, and the SDKs as they are published.
fn install(directory: &Path) -> io::Result<PathBuf> {
    once(directory, &format!("{REQUIREMENTS}{WHEELS}"), || {
        run_program(Command::new("python3").args(["-m", "venv"]).arg(directory))?;
        for (verb, pins, more) in [("install", REQUIREMENTS, None), ("download", WHEELS, Some("--dest"))] {
            let file = directory.join(format!("{verb}.txt"));
            std::fs::write(&file, pins)?;
            let mut pip = Command::new(directory.join("bin").join("python3"));
            pip.args(["-m", "pip", verb, "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]);
            pip.arg("--requirement").arg(&file);
            pip.args(more).args(more.map(|_| directory.join("wheels")));
            run_program(&mut pip)?;
        }
        Ok(())
    })?;
    Ok(directory.to_owned())
}

impl Files {
    fn read(&mut self, dist: &Path) -> io::Result<()> {
        for bundle in sorted(dist)?.into_iter().filter(|path| path.is_dir()) {
            for path in sorted(&bundle.join("microsoft").join("sentinel"))? {
                let (name, text) = (path.display().to_string(), std::fs::read_to_string(&path)?);
                if path.extension().is_some_and(|extension| extension == "yaml") {
                    let template = serde_yaml::from_str(&text).map_err(io::Error::other)?;
                    self.templates.push((name, template));
                } else {
                    let mut template: Value = serde_json::from_str(&text)?;
                    let mut resources = template["resources"].as_array_mut().map(std::mem::take).unwrap_or_default();
                    let enabled = &template["parameters"]["enabled"];
                    for resource in &mut resources {
                        evaluate(&mut resource["properties"]["enabled"], enabled);
                    }
                    self.resources.extend(resources.into_iter().map(|resource| (name.clone(), resource)));
                }
            }
            for path in sorted(&bundle.join("microsoft").join("defender"))? {
                let body = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
                self.bodies.push((path.display().to_string(), body));
            }
        }
        Ok(())
    }
}

fn sorted(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = directory.read_dir()?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// What the parser says of the queries, and of one that lacks a column.
fn queries(tools: &Tools, directory: &Path, files: &Files) -> io::Result<Vec<String>> {
    let schema = |name: &str| tools.scripts.join("schema").join(format!("{name}.json"));
    let mut tables: BTreeMap<String, Value> = BTreeMap::new();
    for name in ["securityevent", "asim", "workspace"] {
        let more: BTreeMap<String, Value> = serde_json::from_str(&std::fs::read_to_string(schema(name))?)?;
        tables.extend(more);
    }
    let workspace = directory.join("workspace.json");
    std::fs::write(&workspace, serde_json::to_string(&tables)?)?;
    let template = |(file, template): &(String, Value)| (file.clone(), text(&template["query"]), entities(template));
    let resource = |(file, resource): &(String, Value)| {
        let properties = &resource["properties"];
        (format!("{file}: {}", properties["displayName"]), literal(&properties["query"]), entities(properties))
    };
    // Tables whose names begin so want the device of an alert; columns may be called so as well.
    let devices = Regex::new(r"\bDevice\w*(Events|Info)\b").expect("a regex of ours");
    let body = |(file, body): &(String, Value)| {
        let query = text(&body["queryCondition"]["queryText"]);
        let mut needs = columns(&body["detectionAction"]["alertTemplate"]["entityMappings"]);
        needs.extend(columns(&body["detectionAction"]["alertTemplate"]["customDetails"]));
        needs.extend(["Timestamp", "ReportId"].map(str::to_owned));
        needs.extend(devices.is_match(&query).then(|| "DeviceId".to_owned()));
        (file.clone(), query, needs)
    };
    let in_workspace = files.templates.iter().map(template).chain(files.resources.iter().map(resource));
    let mut failures = ask_parser(&mut kusto(tools, Some(&workspace)), in_workspace)?;
    failures.extend(ask_parser(&mut kusto(tools, Some(&schema("xdr"))), files.bodies.iter().map(body))?);
    Ok(failures)
}

fn ask_parser(
    parser: &mut Command,
    asked: impl Iterator<Item = (String, String, Vec<String>)>,
) -> io::Result<Vec<String>> {
    let (mut names, mut questions) = (Vec::new(), Vec::new());
    for (id, (name, query, needs)) in asked.enumerate() {
        names.push(name);
        questions.push(Asked { id, query, needs });
    }
    let id = questions.len();
    let lacking = "RulecastLacksThis".to_owned();
    questions.extend(questions.first().cloned().map(|first| Asked { id, needs: vec![lacking], ..first }));
    let rejections = rejections(converse(parser, questions.iter().cloned())?, questions.len())?;
    Ok(told(&names, rejections, questions.len() - names.len()))
}

/// What the SDKs say of resources and bodies, and of some that are broken on purpose.
fn documents(tools: &Tools, sdks: &Path, files: &Files) -> io::Result<Vec<String>> {
    let named = |kind: &'static str| move |(file, body): &(String, Value)| (file.clone(), kind, body.clone());
    let all = files.resources.iter().map(named("arm")).chain(files.bodies.iter().map(named("graph")));
    let (mut names, mut documents) = (Vec::new(), Vec::new());
    for (id, (name, kind, body)) in all.enumerate() {
        names.push(name);
        documents.push(Document { id, kind, body });
    }
    let breaks: [(&'static str, &str, Value); 8] = [
        ("arm", "/properties/severity", "Critical".into()),
        ("arm", "/properties/tactics/0", "Stealth".into()),
        ("arm", "/properties/queryPeriod", "1h".into()),
        ("arm", "/properties/eventGroupingSettings", serde_json::json!({"kind": "AlertPerResult"})),
        ("graph", "/detectionAction/alertTemplate/severity", "critical".into()),
        ("graph", "/schedule", serde_json::json!({"every": "PT1H"})),
        ("graph", "/status", "off".into()),
        ("graph", "/id", Value::Null),
    ];
    let mut expected = 0;
    for (kind, place, value) in breaks {
        let sound = documents.iter().find(|document| document.kind == kind && document.body.pointer(place).is_some());
        let Some(mut broken) = sound.cloned() else {
            return Err(io::Error::other(format!("no document has {place}")));
        };
        *broken.body.pointer_mut(place).expect("it is there") = value;
        broken.id = documents.len();
        documents.push(broken);
        expected += 1;
    }
    let mut judge = Command::new(sdks.join("bin").join("python3"));
    judge.arg(tools.scripts.join("microsoft_judge.py")).arg(sdks.join("wheels"));
    let rejections = rejections(converse(&mut judge, documents.iter().cloned())?, documents.len())?;
    Ok(told(&names, rejections, expected))
}

fn rejections(answers: Vec<Answer>, asked: usize) -> io::Result<BTreeMap<usize, String>> {
    let mut rejections = BTreeMap::new();
    let mut judged = None;
    for answer in answers {
        match answer {
            Answer::Rejected { id, message } => drop(rejections.insert(id, message)),
            Answer::End { judged: count } => judged = Some(count),
        }
    }
    if judged == Some(asked) { Ok(rejections) } else { Err(io::Error::other(format!("judged {judged:?} of {asked}"))) }
}

/// The objections; those after the named ones are to be there.
fn told(names: &[String], mut rejections: BTreeMap<usize, String>, broken: usize) -> Vec<String> {
    let expected = (names.len()..names.len() + broken).filter(|id| rejections.remove(id).is_none());
    let missing: Vec<String> =
        expected.map(|id| format!("a broken rule, {id}, is not rejected as it must be")).collect();
    let objections = rejections.into_iter().map(|(id, message)| format!("{}\n{message}", names[id]));
    objections.chain(missing).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Puts the default of a parameter where a template asks for it, as a deployment does.
fn evaluate(value: &mut Value, parameter: &Value) {
    if *value == "[parameters('enabled')]" && parameter["type"] == "bool" {
        *value = parameter["defaultValue"].clone();
    }
}

/// A text of an ARM template, as it is taken.
fn literal(value: &Value) -> String {
    let text = text(value);
    match text.strip_prefix('[') {
        Some(rest) if rest.starts_with('[') && rest.ends_with(']') => rest.to_owned(),
        _ => text,
    }
}

/// The columns that entities and details of a rule for Sentinel name.
fn entities(rule: &Value) -> Vec<String> {
    let fields = rule["entityMappings"].as_array().into_iter().flatten();
    let fields = fields.flat_map(|mapping| mapping["fieldMappings"].as_array().into_iter().flatten());
    let named = fields.map(|field| text(&field["columnName"]));
    named.chain(columns(&rule["customDetails"])).collect()
}

/// Every text in a value.
fn columns(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(columns).collect(),
        Value::Object(values) => values.values().flat_map(columns).collect(),
        _ => Vec::new(),
    }
}

/// What the vendor's validator of templates, detectionTemplateSchemaValidation in the Azure-Sentinel repository, would say:
/// written by us from its models, so not independent.
fn limits(template: &Value) -> Vec<String> {
    const TECHNIQUE: &str = "^T[0-9]{4}$";
    let mut said = Vec::new();
    let mut must = |holds: bool, what: &str| said.extend((!holds).then(|| what.to_owned()));
    let length = |key: &str| template[key].as_str().map_or(0, |text| text.encode_utf16().count());
    let matches = |value: &Value, pattern: &str| {
        let pattern = Regex::new(pattern).expect("the pattern is ours");
        value.as_str().is_some_and(|text| pattern.is_match(text))
    };
    let list = |key: &str| template[key].as_array().cloned().unwrap_or_default();
    must(matches(&template["id"], "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"), "id is no GUID");
    must((1..=256).contains(&length("name")), "name is not of 1 to 256 characters");
    must((1..=5_000).contains(&length("description")), "description is not of 1 to 5,000 characters");
    must((1..=10_000).contains(&length("query")), "query is not of 1 to 10,000 characters");
    must(matches(&template["severity"], "^(Informational|Low|Medium|High)$"), "severity");
    must(matches(&template["kind"], "^Scheduled$"), "kind");
    must(matches(&template["version"], r"^[0-9]+\.[0-9]+\.[0-9]+$"), "version is not X.Y.Z");
    must(matches(&template["triggerOperator"], "^(gt|lt|eq|ne)$"), "triggerOperator");
    must(list("relevantTechniques").iter().all(|one| matches(one, TECHNIQUE)), "a technique is not T####");
    must(list("entityMappings").len() <= 5, "more than 5 entities");
    let identifiers = |mapping: &Value| mapping["fieldMappings"].as_array().map_or(0, Vec::len);
    must(list("entityMappings").iter().all(|one| (1..=3).contains(&identifiers(one))), "identifiers of an entity");
    let details = template["customDetails"].as_object();
    must(details.is_none_or(|all| all.len() <= 20 && all.keys().all(|key| key.len() <= 20)), "customDetails");
    must(template["requiredDataConnectors"].is_array(), "requiredDataConnectors");
    let (frequency, period) = (minutes(&template["queryFrequency"]), minutes(&template["queryPeriod"]));
    must(frequency.is_some_and(|minutes| (5..=20_160).contains(&minutes)), "queryFrequency");
    must(period.is_some_and(|minutes| minutes <= 20_160) && period >= frequency, "queryPeriod");
    must(period < Some(2_880) || frequency >= Some(60), "a period of two days or more, more often than hourly");
    said
}

/// What the service refuses of a body beyond what SDK and pages say, as was told in 2026 by people who deployed rules: a table
/// of ours, so not independent.
fn refusals(body: &Value) -> Vec<&'static str> {
    let id = Regex::new("^[A-Za-z][A-Za-z0-9_-]{0,99}$").expect("the pattern is ours");
    let template = &body["detectionAction"]["alertTemplate"];
    let mapped = |kind: &str| template["entityMappings"][kind].as_array().cloned().unwrap_or_default();
    let fits = |kind: &str, ways: &[&[&str]]| {
        let fits = |one: &Value| ways.iter().any(|way| way.iter().all(|column| !one[*column].is_null()));
        mapped(kind).iter().all(fits)
    };
    let mut said = Vec::new();
    let mut must = |holds: bool, what: &'static str| said.extend((!holds).then_some(what));
    must(body["id"].as_str().is_some_and(|text| id.is_match(text)), "the id");
    must(template["tactics"].as_array().is_none_or(|all| all.len() <= 1), "several tactics");
    must(["hosts", "accounts", "mailboxes", "ips"].iter().any(|kind| !mapped(kind).is_empty()), "no asset");
    must(fits("hosts", &[&["deviceIdColumn"], &["nameColumn"]]), "a host");
    let name = "nameColumn";
    let accounts: &[&[&str]] = &[&["aadUserIdColumn"], &["sidColumn"], &["upnColumn"], &[name, "ntDomainColumn"]];
    must(fits("accounts", accounts), "an account");
    must(fits("files", &[&["sha1Column"], &["sha256Column"]]), "a file");
    must(fits("ips", &[&["addressColumn"]]), "an address");
    said
}

/// `90m`, `1h`, `14d`.
fn minutes(value: &Value) -> Option<u64> {
    let text = value.as_str()?;
    let unit = match text.chars().last()? {
        'm' => 1,
        'h' => 60,
        'd' => 1_440,
        _ => return None,
    };
    text[..text.len() - 1].parse::<u64>().ok().map(|number| number * unit)
}
