//! Platforms that keep state, on a local port, and what deploying to them leaves there.
//!
//! What a platform accepts is told by field tables in these tests, each of which names its page. They were read by the
//! same people who wrote the calls: they are not independent.

#![allow(clippy::unwrap_used, reason = "the helpers of tests stand outside of the test functions")]

mod bundle;
mod defender;
mod kibana;
mod sentinel;
mod server;
mod splunk;

use bundle::Bundle;
use rulecast_deploy::{Access, Client, Kind, Package, Prune, Report, RunError, current, perform, tell};

/// Deploys, as the command does.
fn deploy(kind: Kind, bundle: &Bundle, env: &[(&str, &str)], prune: Prune) -> Result<Report, RunError> {
    run(kind, bundle, env, prune, false)
}

fn run(kind: Kind, bundle: &Bundle, env: &[(&str, &str)], prune: Prune, adopt: bool) -> Result<Report, RunError> {
    let access = access(kind, env);
    let package = Package::open(&bundle.path, kind).unwrap();
    let platform = kind.platform(&package, &access, adopt);
    let client = Client::new(&access, None).unwrap();
    let there = current(platform.as_ref(), &client)?;
    let steps = platform.plan(&there, &package.wanted, prune);
    Ok(perform(&package, kind, steps, &client, |_| {}))
}

fn access(kind: Kind, env: &[(&str, &str)]) -> Access {
    Access::new(kind, |name| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())).unwrap()
}

/// What would be done to an empty platform, without credentials.
fn dry(kind: Kind, bundle: &Bundle, bodies: bool) -> String {
    let access = access(kind, &[]);
    let package = Package::open(&bundle.path, kind).unwrap();
    let platform = kind.platform(&package, &access, false);
    tell(&package, kind, platform.plan(&[], &package.wanted, Prune::Keep)).plan(&access.address(), bodies)
}

/// A line for each rule.
fn told(report: &Report) -> Vec<String> {
    report.rules.iter().map(|rule| rule.line().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}
