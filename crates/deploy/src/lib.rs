//! Makes a platform equal to a bundle of rules.
//!
//! [`Package`] reads what a bundle holds for a platform. A [`Platform`] says which calls read what stands there, and
//! [`Platform::plan`] which calls make it equal: a pure function, so that a dry run tells what a run does. A [`Client`]
//! performs calls; nothing else here touches the network.
//!
//! Promises: a second run writes nothing. A rule that is disabled stays so, and one that is created is as the bundle has
//! it: disabled. What people add on the platform to a rule is kept, as [`Platform`] says for each. Credentials are in no
//! output. One rule that fails keeps no other from its result. Lacks: rules of other kinds than a bundle holds, and a way
//! back: what was there is overwritten.

mod access;
mod call;
mod client;
mod compare;
mod defender;
mod kibana;
mod package;
mod plan;
mod report;
mod run;
mod sentinel;
mod splunk;

pub use access::{Access, AccessError, Variable};
pub use call::{Body, Call, Method};
pub use client::{CallError, Client, ClientError};
pub use package::{BundleName, Package, PackageError, Wanted};
pub use plan::{Change, Current, Platform, Prune, Step};
pub use report::{Outcome, Report, RuleReport};
pub use run::{RunError, current, perform, tell};

/// Where rules can be deployed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Elastic Security's detection engine.
    Kibana,
    /// Saved searches of an app.
    Splunk,
    /// Analytics rules of a workspace of Microsoft Sentinel.
    Sentinel,
    /// Custom detections of Microsoft Defender XDR.
    Defender,
}

impl Kind {
    /// As the command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Kibana => "kibana",
            Kind::Splunk => "splunk",
            Kind::Sentinel => "sentinel",
            Kind::Defender => "defender",
        }
    }

    /// What knows its calls.
    pub fn platform(self, package: &Package, access: &Access, adopt: bool) -> Box<dyn Platform> {
        let bundle = package.bundle.name.as_str();
        match self {
            Kind::Kibana => Box::new(kibana::Kibana::new(bundle, access)),
            Kind::Splunk => Box::new(splunk::Splunk::new(bundle, package.app.clone().unwrap_or_default())),
            Kind::Sentinel => Box::new(sentinel::Sentinel::new(bundle, access)),
            Kind::Defender => Box::new(defender::Defender::new(bundle, adopt)),
        }
    }
}
