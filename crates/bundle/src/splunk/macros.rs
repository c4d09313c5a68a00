//! The macros that queries read: their usual definitions, to be adapted.

/// By name, as the files of the data models tell them.
const USUAL: &[(&str, &str)] = &[
    ("antivirus_events", "index=* tag=malware tag=attack"),
    ("aws_cloudtrail", "index=* sourcetype=aws:cloudtrail"),
    ("azure_activity", "index=* (sourcetype=mscs:azure:audit OR sourcetype=azure:monitor:activity)"),
    ("azure_monitor_aad", "index=* sourcetype=azure:monitor:aad"),
    ("cim_malware", "(`cim_Malware_indexes`) tag=malware tag=attack"),
    ("cim_proxy", "(`cim_Web_indexes`) tag=web tag=proxy"),
    ("cim_registry", "(`cim_Endpoint_indexes`) tag=endpoint tag=registry"),
    ("cim_webserver", "(`cim_Web_indexes`) tag=web NOT tag=proxy"),
    ("cim_windows_dns", "(`cim_Network_Resolution_indexes`) tag=network tag=resolution tag=dns"),
    ("cim_windows_files", "(`cim_Endpoint_indexes`) tag=endpoint tag=filesystem"),
    ("cim_windows_processes", r#"(`cim_Endpoint_indexes`) tag=process tag=report action=allowed os="*Windows*""#),
    ("cim_windows_traffic", "(`cim_Network_Traffic_indexes`) tag=network tag=communicate"),
    ("cisco_duo", "index=* sourcetype=cisco:duo*"),
    ("cisco_ios", "index=* sourcetype=cisco:ios"),
    ("dns_events", "index=* tag=network tag=resolution tag=dns"),
    ("firewall_events", "index=* tag=network tag=communicate"),
    ("fortigate_event", "index=* (sourcetype=fgt_event OR sourcetype=fortigate_event)"),
    ("github_audit", "index=* sourcetype=httpevent source=http:github"),
    ("google_gcp_pubsub", "index=* sourcetype=google:gcp:pubsub:message"),
    ("google_workspace", "index=* sourcetype=gws:reports:*"),
    ("kubernetes_audit", "index=* source=kubernetes sourcetype=_json"),
    ("linux_auditd", "index=* (sourcetype=auditd OR sourcetype=linux:audit OR sourcetype=linux_audit)"),
    ("linux_logs", "index=* (sourcetype=linux_* OR sourcetype=syslog OR sourcetype=auditd OR sourcetype=linux:audit)"),
    ("linux_secure", "index=* sourcetype=linux_secure"),
    ("linux_syslog", "index=* (sourcetype=syslog OR sourcetype=linux_messages_syslog)"),
    ("o365_management_activity", "index=* sourcetype=o365:management:activity"),
    ("okta", "index=* sourcetype=OktaIM2:log"),
    ("proxy_events", "index=* tag=web tag=proxy"),
    ("sysmon_linux", r#"index=* source="Syslog:Linux-Sysmon/Operational""#),
    ("sysmon_windows", r#"index=* source="XmlWinEventLog:Microsoft-Windows-Sysmon/Operational""#),
    ("webserver_events", "index=* tag=web NOT tag=proxy"),
    ("windows_eventlog", "index=* sourcetype=XmlWinEventLog"),
];

/// What a macro usually stands for; where nobody knows, a search that finds nothing until someone writes one.
pub(super) fn usual(name: &str) -> String {
    if let Some((_, definition)) = USUAL.iter().find(|(known, _)| *known == name) {
        return (*definition).to_owned();
    }
    match name.strip_prefix("zeek_") {
        Some(log) => format!("index=* (sourcetype=bro:{log}:json OR sourcetype=zeek:{log})"),
        None => format!("index=* sourcetype=\"adapt:{name}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::{USUAL, usual};
    use rulecast_compile::Model;

    /// The definitions in the comments of a model: `#   name  definition`.
    fn told(model: &str, before: &str) -> Vec<(String, String)> {
        let text = Model::builtin_text(model).unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix("#   "));
        let pairs = lines.filter_map(|line| line.split_once("  "));
        let named = pairs.filter(|(name, _)| {
            !name.is_empty() && !name.contains(|c: char| !c.is_ascii_lowercase() && !"_0123456789".contains(c))
        });
        named.map(|(name, definition)| (name.to_owned(), format!("{before}{}", definition.trim()))).collect()
    }

    #[test]
    fn the_definitions_are_those_that_the_models_tell() {
        let mut all = told("sysmon", "");
        all.extend(told("winlog", ""));
        all.extend(told("splunk", "index=* "));
        all.extend(told("cim", ""));
        let known: Vec<_> = all.iter().filter(|(_, definition)| definition.contains('=')).collect();
        assert!(known.len() > 20, "{all:#?}");
        for (name, definition) in known {
            assert_eq!(&usual(name), definition, "{name}");
        }
        assert_eq!(usual("zeek_dns"), "index=* (sourcetype=bro:dns:json OR sourcetype=zeek:dns)");
        assert!(USUAL.is_sorted());
    }
}
