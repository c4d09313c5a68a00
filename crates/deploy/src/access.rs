//! Where a platform is, and who calls it: from the environment alone.
//!
//! What is secret stands in no message: nothing here that holds it can be printed.

use crate::Kind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::fmt;

/// A variable of the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: &'static str,
    /// What it is taken to be where it is not set.
    pub default: Option<&'static str>,
}

/// Where a platform is, and who calls it.
pub struct Access {
    kind: Kind,
    /// Those that are set, and no secrets.
    values: BTreeMap<&'static str, String>,
    /// Who calls; nothing where credentials are not set.
    pub(crate) caller: Option<Caller>,
}

/// Who calls.
pub(crate) enum Caller {
    /// A header `Authorization`.
    Header(Secret),
    /// An application of Microsoft Entra, which gets a token first.
    Application { authority: String, tenant: String, client: String, secret: Secret, scope: String },
}

/// What is never printed.
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("kind", &self.kind).field("values", &self.values).finish_non_exhaustive()
    }
}

/// Why nobody can be called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The address of the platform.
    #[error("{name}: {reason}")]
    Address {
        /// The variable.
        name: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A secret that no header can carry.
    #[error("{name}: expected printable ASCII without spaces")]
    Header {
        /// The variable.
        name: &'static str,
    },
    /// What is not set.
    #[error("not set in the environment: {}", .0.join("; "))]
    Missing(Vec<String>),
}

const fn place(name: &'static str, holds: &'static str) -> Variable {
    Variable { name, holds, default: None }
}

const MANAGEMENT: &str = "https://management.azure.com";
const GRAPH: &str = "https://graph.microsoft.com";
const AUTHORITY: &str = "https://login.microsoftonline.com";

impl Kind {
    /// The variables that say where the platform is; the first is its address.
    pub fn places(self) -> &'static [Variable] {
        match self {
            Kind::Kibana => {
                const {
                    &[
                        place("KIBANA_URL", "the address of Kibana"),
                        Variable { name: "KIBANA_SPACE", holds: "the space", default: Some("default") },
                    ]
                }
            }
            Kind::Splunk => const { &[place("SPLUNK_URL", "the address of the management port of Splunk")] },
            Kind::Sentinel => {
                const {
                    &[
                        Variable {
                            name: "AZURE_RESOURCE_MANAGER_URL",
                            holds: "the address of Azure's Resource Manager",
                            default: Some(MANAGEMENT),
                        },
                        place("AZURE_SUBSCRIPTION_ID", "the subscription"),
                        place("AZURE_RESOURCE_GROUP", "the resource group of the workspace"),
                        place("SENTINEL_WORKSPACE", "the Log Analytics workspace"),
                    ]
                }
            }
            Kind::Defender => {
                const { &[Variable { name: "GRAPH_URL", holds: "the address of Microsoft Graph", default: Some(GRAPH) }] }
            }
        }
    }

    /// The variables of which one line is enough to say who calls.
    pub fn credentials(self) -> &'static [&'static [&'static str]] {
        match self {
            Kind::Kibana => &[&["KIBANA_API_KEY"], &["KIBANA_USERNAME", "KIBANA_PASSWORD"]],
            Kind::Splunk => &[&["SPLUNK_TOKEN"], &["SPLUNK_USERNAME", "SPLUNK_PASSWORD"]],
            Kind::Sentinel => {
                &[&["AZURE_ACCESS_TOKEN"], &["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]]
            }
            Kind::Defender => {
                &[&["GRAPH_ACCESS_TOKEN"], &["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]]
            }
        }
    }
}

impl Access {
    /// What the environment says; `read` reads a variable of it. One that is empty is not set.
    pub fn new(kind: Kind, read: impl Fn(&str) -> Option<String>) -> Result<Self, AccessError> {
        let set = |name: &str| read(name).filter(|value| !value.is_empty());
        let mut values = BTreeMap::new();
        for place in kind.places() {
            if let Some(value) = set(place.name).or_else(|| place.default.map(str::to_owned)) {
                values.insert(place.name, value);
            }
        }
        let name = kind.places()[0].name;
        if let Some(address) = values.get_mut(name) {
            *address = address.trim_end_matches('/').to_owned();
            check(name, address)?;
        }
        let line = kind.credentials().iter().find(|line| line.iter().all(|name| set(name).is_some()));
        let secrets: Vec<String> = line.into_iter().flat_map(|line| line.iter()).filter_map(|name| set(name)).collect();
        let header = |text: String, name: &'static str| {
            let fits = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
            if fits { Ok(Some(Caller::Header(Secret(text)))) } else { Err(AccessError::Header { name }) }
        };
        let scheme = if kind == Kind::Kibana { "ApiKey" } else { "Bearer" };
        let caller = match (line, secrets.as_slice()) {
            (Some([name]), [token]) => header(format!("{scheme} {token}"), name)?,
            (Some([_, name]), [user, password]) => {
                header(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))), name)?
            }
            (_, [tenant, client, secret]) => {
                let authority = set("AZURE_AUTHORITY_HOST").unwrap_or_else(|| AUTHORITY.to_owned());
                let authority = authority.trim_end_matches('/').to_owned();
                check("AZURE_AUTHORITY_HOST", &authority)?;
                let of_public_cloud = if kind == Kind::Sentinel { MANAGEMENT } else { GRAPH };
                let address = values.get(name).map_or(of_public_cloud, String::as_str);
                // A scope names the service, which a test's address is not.
                let resource = if is_loopback(address) { of_public_cloud } else { address };
                Some(Caller::Application {
                    authority,
                    tenant: tenant.clone(),
                    client: client.clone(),
                    secret: Secret(secret.clone()),
                    scope: format!("{resource}/.default"),
                })
            }
            _ => None,
        };
        Ok(Self { kind, values, caller })
    }

    /// Which platform it is to.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether calls can be made; an error names what is not set.
    pub fn complete(&self) -> Result<(), AccessError> {
        let places = self.kind.places().iter().filter(|place| !self.values.contains_key(place.name));
        let mut missing: Vec<String> = places.map(|place| format!("{} ({})", place.name, place.holds)).collect();
        if self.caller.is_none() {
            let lines = self.kind.credentials().iter().map(|line| line.join(" with "));
            missing.push(lines.collect::<Vec<_>>().join(", or "));
        }
        if missing.is_empty() { Ok(()) } else { Err(AccessError::Missing(missing)) }
    }

    /// A variable that says where the platform is.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A part of a path that a variable says, or its name in braces where it is not set.
    pub(crate) fn segment(&self, name: &str) -> String {
        self.value(name).map_or_else(|| format!("{{{name}}}"), crate::call::segment)
    }

    /// The address of the platform, without `/` at its end, or the name of its variable in braces.
    pub fn address(&self) -> String {
        let name = self.kind.places()[0].name;
        self.value(name).map_or_else(|| format!("{{{name}}}"), str::to_owned)
    }
}

/// Credentials travel encrypted, or not at all.
fn check(name: &'static str, address: &str) -> Result<(), AccessError> {
    let wrong = |reason| Err(AccessError::Address { name, reason });
    let Some((scheme, rest)) = address.split_once("://") else {
        return wrong("expected an address as `https://host`");
    };
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() || address.bytes().any(|byte| !(b'!'..=b'~').contains(&byte)) || rest.contains(['?', '#']) {
        return wrong("expected an address as `https://host`");
    }
    if host.contains('@') {
        return wrong("an address holds no user or password: they stand in variables of their own");
    }
    match scheme {
        "https" => Ok(()),
        "http" if is_loopback(address) => Ok(()),
        "http" => wrong("credentials are not sent in clear: expected `https://`"),
        _ => wrong("expected `https://`"),
    }
}

/// Whether an address is of this very machine.
pub(crate) fn is_loopback(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let name = if host.starts_with('[') { host.split_inclusive(']').next() } else { host.split(':').next() };
    matches!(name, Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::{Access, AccessError};
    use crate::Kind;

    fn access(kind: Kind, set: &[(&str, &str)]) -> Result<Access, AccessError> {
        Access::new(kind, |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn what_is_missing_is_named() {
        let check = |kind, set: &[(&str, &str)]| access(kind, set).unwrap().complete().unwrap_err().to_string();
        insta::assert_snapshot!(check(Kind::Kibana, &[]), @"not set in the environment: KIBANA_URL (the address of Kibana); KIBANA_API_KEY, or KIBANA_USERNAME with KIBANA_PASSWORD");
        insta::assert_snapshot!(check(Kind::Kibana, &[("KIBANA_URL", "https://k"), ("KIBANA_USERNAME", "u"), ("KIBANA_PASSWORD", "")]), @"not set in the environment: KIBANA_API_KEY, or KIBANA_USERNAME with KIBANA_PASSWORD");
        insta::assert_snapshot!(check(Kind::Defender, &[]), @"not set in the environment: GRAPH_ACCESS_TOKEN, or AZURE_TENANT_ID with AZURE_CLIENT_ID with AZURE_CLIENT_SECRET");
    }

    #[test]
    fn addresses_are_safe() {
        let check = |address: &str| access(Kind::Kibana, &[("KIBANA_URL", address)]).map(|access| access.address());
        assert_eq!(
            check("https://kibana.example.org:5601/base/"),
            Ok("https://kibana.example.org:5601/base".to_owned())
        );
        for fine in ["http://127.0.0.1:1", "http://[::1]:80", "http://localhost"] {
            assert!(check(fine).is_ok(), "{fine}");
        }
        for wrong in [
            "http://kibana.example.org",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "kibana",
            "ftp://kibana",
            "https://",
            "https://u:p@kibana",
            "https://kibana/?a=b",
            "https://ki bana",
            "https://k\r\nX: y",
            "http://127.0.0.1@example.org",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let set = [("KIBANA_URL", "https://kibana"), ("KIBANA_API_KEY", "hunter2")];
        assert!(!format!("{:?}", access(Kind::Kibana, &set).unwrap()).contains("hunter2"));
        let broken = access(Kind::Kibana, &[("KIBANA_API_KEY", "hunter2\nX: y")]).unwrap_err();
        assert_eq!(broken.to_string(), "KIBANA_API_KEY: expected printable ASCII without spaces");
    }
}
