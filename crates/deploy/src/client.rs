//! Performs calls: the only part that touches the network.
//!
//! No redirect is followed, so that credentials go to the host that was named alone. A call waits for a platform that says
//! it is busy, as long as it says, up to [`LONGEST`]; it gives up after [`TRIES`].

use crate::access::{Access, AccessError, Caller, Secret, is_loopback};
use crate::call::{Call, Method, segment};
use serde_json::Value;
use std::thread::sleep;
use std::time::Duration;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, http};

/// How often a call is made, at most.
const TRIES: u32 = 4;
/// How long a call waits before it is made again, at most.
const LONGEST: Duration = Duration::from_mins(1);
/// How long a call may take.
const TIMEOUT: Duration = Duration::from_mins(1);
/// The most that is read of an answer.
const MOST: u64 = 64 << 20;

/// Who performs calls.
pub struct Client {
    agent: Agent,
    address: String,
    authorization: Secret,
    /// None of which any message has.
    secrets: Vec<Secret>,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The environment.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The file of certificates.
    #[error("the file of certificates holds none in PEM")]
    Certificates,
    /// No token for the application.
    #[error("no token for AZURE_CLIENT_ID: {0}")]
    Token(CallError),
}

/// Why a call did nothing, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The platform said no.
    #[error("{status}{}{message}", if message.is_empty() { "" } else { ": " })]
    Status {
        /// The code.
        status: u16,
        /// In the platform's words, without what is secret.
        message: String,
    },
    /// There was no answer.
    #[error("{0}")]
    Transport(String),
    /// The answer is not what it should be.
    #[error("the answer is no JSON")]
    Answer,
}

impl CallError {
    /// Whether the platform does not know who calls, or does not let them.
    pub fn is_denied(&self) -> bool {
        matches!(self, CallError::Status { status: 401 | 403, .. })
    }
}

impl Client {
    /// One that trusts the certificates of the file of this text, or those that browsers trust.
    pub fn new(access: &Access, certificates: Option<&[u8]>) -> Result<Self, ClientError> {
        access.complete()?;
        let agent = agent(&access.address(), certificates)?;
        let mut client =
            Self { agent, address: access.address(), authorization: Secret(String::new()), secrets: Vec::new() };
        match access.caller.as_ref().expect("access is complete") {
            Caller::Header(Secret(header)) => client.authorize(header.clone()),
            Caller::Application { authority, tenant, client: id, secret, scope } => {
                client.secrets.push(Secret(secret.0.clone()));
                let fields = [
                    ("grant_type", "client_credentials"),
                    ("client_id", id.as_str()),
                    ("client_secret", secret.0.as_str()),
                    ("scope", scope.as_str()),
                ];
                let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
                let call = Call::form(format!("/{}/oauth2/v2.0/token", segment(tenant)), fields.into());
                let answer = client.ask(authority, &call).map_err(ClientError::Token)?;
                let token = answer["access_token"].as_str().ok_or(ClientError::Token(CallError::Answer))?;
                if !token.bytes().all(|byte| (b'!'..=b'~').contains(&byte)) {
                    return Err(ClientError::Token(CallError::Answer));
                }
                client.authorize(format!("Bearer {token}"));
            }
        }
        Ok(client)
    }

    fn authorize(&mut self, header: String) {
        let token = header.split_once(' ').map_or(header.as_str(), |(_, token)| token).to_owned();
        self.secrets.push(Secret(token));
        self.authorization = Secret(header);
    }

    /// Makes a call, and again where the platform is busy. The answer is `null` where it is empty.
    pub fn call(&self, call: &Call) -> Result<Value, CallError> {
        self.ask(&self.address, call)
    }

    fn ask(&self, address: &str, call: &Call) -> Result<Value, CallError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let answer = self.once(address, call)?;
            let status = answer.status().as_u16();
            // 429 says that nothing was done; 503 does not.
            let again = status == 429 || (status == 503 && call.repeatable);
            if again && tries < TRIES {
                sleep(pause(answer.headers(), tries));
                continue;
            }
            let is_success = answer.status().is_success();
            let mut body = answer.into_body();
            let text = body.with_config().limit(MOST).read_to_vec();
            let text = text.map_err(|error| CallError::Transport(self.clean(&error.to_string())))?;
            if is_success {
                let empty = text.iter().all(u8::is_ascii_whitespace);
                return if empty {
                    Ok(Value::Null)
                } else {
                    serde_json::from_slice(&text).map_err(|_| CallError::Answer)
                };
            }
            let message = serde_json::from_slice(&text).ok().and_then(|body| message(&body)).unwrap_or_default();
            let redirect = if (300..400).contains(&status) { "a redirect, which is not followed" } else { "" };
            let message = if message.is_empty() { redirect.to_owned() } else { self.clean(&message) };
            return Err(CallError::Status { status, message });
        }
    }

    fn once(&self, address: &str, call: &Call) -> Result<http::Response<ureq::Body>, CallError> {
        let transport = |error: ureq::Error| CallError::Transport(self.clean(&error.to_string()));
        let method = match call.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Patch => http::Method::PATCH,
            Method::Delete => http::Method::DELETE,
        };
        let mut request = http::Request::builder().method(method).uri(format!("{address}{}", call.path));
        request = request.header("accept", "application/json");
        if !self.authorization.0.is_empty() {
            request = request.header("authorization", &self.authorization.0);
        }
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        let broken = |_| CallError::Transport("the address is none".to_owned());
        match call.body.bytes() {
            None => self.agent.run(request.body(()).map_err(broken)?).map_err(transport),
            Some((kind, bytes)) => {
                let request = request.header("content-type", kind).body(bytes).map_err(broken)?;
                self.agent.run(request).map_err(transport)
            }
        }
    }

    /// What others say, in one short line without what is secret.
    fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for Secret(secret) in self.secrets.iter().filter(|secret| !secret.0.is_empty()) {
            text = text.replace(secret.as_str(), "(secret)");
        }
        let words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
        words.trim().to_owned()
    }
}

fn agent(address: &str, certificates: Option<&[u8]>) -> Result<Agent, ClientError> {
    let mut tls = TlsConfig::builder();
    if let Some(pem) = certificates {
        let certificate = |item: Result<PemItem<'static>, ureq::Error>| match item {
            Ok(PemItem::Certificate(certificate)) => Some(Ok(certificate)),
            Ok(_) => None,
            Err(_) => Some(Err(ClientError::Certificates)),
        };
        let all = parse_pem(pem).filter_map(certificate).collect::<Result<Vec<Certificate<'static>>, _>>()?;
        if all.is_empty() {
            return Err(ClientError::Certificates);
        }
        tls = tls.root_certs(RootCerts::new_with_certs(&all));
    }
    let mut config = Agent::config_builder();
    if is_loopback(address) {
        // What is here needs no proxy, whatever the environment says.
        config = config.proxy(None);
    }
    let config = config
        .tls_config(tls.build())
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT))
        .user_agent("rulecast")
        .build();
    Ok(Agent::new_with_config(config))
}

/// As long as the platform asks for, else a second, two, four.
fn pause(headers: &http::HeaderMap, tries: u32) -> Duration {
    let asked = headers.get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    asked.map_or_else(|| Duration::from_secs(1 << (tries - 1)), Duration::from_secs).min(LONGEST)
}

/// What a platform says of a mistake: Kibana's `message`, Azure's and Graph's `error`, Entra's `error_description`, Splunk's
/// `messages`.
fn message(body: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(all) = body["messages"].as_array() {
        let all: Vec<String> = all.iter().filter_map(|one| text(&one["text"])).collect();
        return Some(all.join("; "));
    }
    let error = &body["error"];
    match (text(&error["code"]), text(&error["message"])) {
        (Some(code), Some(message)) => Some(format!("{code}: {message}")),
        (None, Some(message)) => Some(message),
        _ => text(&body["message"]).or_else(|| text(&body["error_description"])).or_else(|| text(error)),
    }
}
