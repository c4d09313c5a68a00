//! What a result says of who and what is concerned: the risk objects of Enterprise Security.

use rulecast_ir::Name;
use serde::Serialize;

/// A field of the result, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Concerned {
    pub(super) field: String,
    /// `system`, `user`, or the type of a threat object.
    pub(super) what: &'static str,
}

/// One entry of `action.risk.param._risk`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Risk<'c> {
    Object { risk_object_field: &'c str, risk_object_type: &'c str, risk_score: u8 },
    Threat { threat_object_field: &'c str, threat_object_type: &'c str },
}

/// By kind, best first; names are compared without case.
const OBJECTS: [(&str, &[&str]); 2] = [
    ("system", &["dest", "computer", "computername", "host", "hostname", "dvc", "src"]),
    ("user", &["user", "username", "targetusername", "subjectusername", "accountname", "src_user"]),
];
const THREATS: [(&str, &[&str]); 7] = [
    ("process", &["image", "process_path", "newprocessname"]),
    ("parent_process", &["parentimage", "parent_process_path", "parentprocessname"]),
    ("command", &["commandline", "process", "scriptblocktext"]),
    ("file_path", &["targetfilename", "file_path"]),
    ("registry_path", &["targetobject", "registry_path"]),
    ("ip_address", &["destinationip", "dest_ip"]),
    ("domain", &["queryname", "query"]),
];

/// The risk objects and threat objects among the columns that a result shows. Where it shows all fields of the events, the
/// host is there, and of the others those that the query asks.
pub(super) fn concerned(shown: Option<&[Name]>, asked: &[&str]) -> (Vec<Concerned>, Vec<Concerned>) {
    let columns: Vec<&str> = match shown {
        Some(columns) => columns.iter().map(|name| &**name).collect(),
        None => asked.iter().copied().chain(["host"]).collect(),
    };
    let pick = |kinds: &[(&'static str, &[&str])]| {
        let found = kinds.iter().filter_map(|(what, names)| {
            let has = |name: &&str| columns.iter().find(|column| column.eq_ignore_ascii_case(name));
            let field = names.iter().find_map(has)?;
            Some(Concerned { field: (*field).to_owned(), what })
        });
        found.collect::<Vec<_>>()
    };
    (pick(&OBJECTS), pick(&THREATS))
}

/// The security domain of Enterprise Security that log sources belong to.
pub(super) fn domain(rule: &crate::BundledRule) -> &'static str {
    let is = |product: &str| rule.data.iter().any(|data| data.product.as_deref() == Some(product));
    let has = |names: &[&str]| {
        let word = |word: &Option<String>| word.as_deref().is_some_and(|word| names.contains(&word));
        rule.data.iter().any(|data| word(&data.category) || word(&data.service) || word(&data.product))
    };
    if ["windows", "linux", "macos"].into_iter().any(is) {
        "endpoint"
    } else if has(&["okta", "onelogin", "duo", "signinlogs", "riskdetection"]) {
        "access"
    } else if has(&["firewall", "dns", "proxy", "webserver", "zeek", "cisco", "fortigate", "huawei", "juniper"]) {
        "network"
    } else {
        "threat"
    }
}
