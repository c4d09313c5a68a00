//! The pipelines of pySigma that people name in their scripts, and the data model that does their work here.

/// A pipeline that comes with pySigma or a backend of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name in pySigma.
    pub name: &'static str,
    /// The language and the data model that serve it, as `eql.ecs`.
    pub target: &'static str,
    /// The target to use as long as that one does not exist, or what the named one does not do.
    pub instead: &'static str,
}

const fn named(name: &'static str, target: &'static str, instead: &'static str) -> Named {
    Named { name, target, instead }
}

const ECS: &str = "the target `eql.ecs` reads the events of Elastic Defend and Winlogbeat";
const SPLUNK: &str = "the target `spl.sysmon` reads the events of Sysmon in Splunk";
const KUSTO: &str = "the target `kql.xdr` reads the tables of Defender XDR, which Sentinel has too";
const FILE: &str = "write the mapping as a pipeline file, and use the target `eql.none` with it";

/// Every name that is known.
pub const NAMES: &[Named] = &[
    named("ecs_windows", "eql.ecs", ECS),
    named("ecs_windows_old", "eql.winlogbeat6", ECS),
    named("ecs_macos_esf", "eql.ecs", ECS),
    named("ecs_kubernetes", "eql.kubernetes", FILE),
    named("ecs_zeek_beats", "eql.zeek", FILE),
    named("ecs_zeek_corelight", "eql.corelight", FILE),
    named("sysmon", "spl.sysmon", SPLUNK),
    named("windows-logsources", "spl.winlog", SPLUNK),
    named("windows-audit", "spl.winlog", SPLUNK),
    named("splunk_windows", "spl.winlog", SPLUNK),
    named("splunk_sysmon_acceleration", "spl.sysmon", SPLUNK),
    named("splunk_cim", "spl.cim", SPLUNK),
    named("microsoft_xdr", "kql.xdr", KUSTO),
    named("microsoft_365_defender", "kql.xdr", KUSTO),
    named("sentinel_asim", "kql.asim", KUSTO),
    named("azure_monitor", "kql.securityevent", KUSTO),
];

/// The pipeline of that name.
pub fn by_name(name: &str) -> Option<&'static Named> {
    NAMES.iter().find(|known| known.name == name)
}
