//! Rows 63 to 85: what data models call a field, and the names of fields.

use super::row::{MODELS, Row, SUMMARIES, case, of, row};
use rulecast_ir::RefusalReason::{FieldComparison, Keyword, UnmappedField, Value};

const NETWORK: &str = "category: network_connection, product: windows";
const REGISTRY: &str = "category: registry_set, product: windows";
const LIBRARY: &str = "category: image_load, product: windows";
const FILE: &str = "category: file_event, product: windows";

#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(63, "a signature that is true or false is compared as a text")
            .case(
                of(
                    LIBRARY,
                    r"s: {'ImageLoaded|endswith': '\a.dll', Signed: 'false'}, condition: s",
                    r#"[{"ImageLoaded": "C:\\x\\a.dll", "Signed": "false"}]"#,
                    r#"[{"ImageLoaded": "C:\\x\\a.dll", "Signed": "true"}]"#,
                )
                .on(&["eql.ecs", "spl.sysmon", "kql.securityevent"]),
            )
            .case(
                of(LIBRARY, "s: {Signed: 'false'}, condition: s", "[]", "[]")
                    .on(&[])
                    .refused(&[("kql.xdr", UnmappedField)]),
            ),
        row(64, "who opened a connection is compared with `true`, where the column holds a direction")
            .case(
                of(
                    NETWORK,
                    r"s: {'Image|endswith': '\a.exe', Initiated: 'true'}, condition: s",
                    r#"[{"Image": "C:\\x\\a.exe", "Initiated": "true"}]"#,
                    r#"[{"Image": "C:\\x\\a.exe", "Initiated": "false"}]"#,
                )
                .on(&["eql.ecs", "spl.sysmon"]),
            )
            .case(
                of(
                    NETWORK,
                    r"s: {'Image|endswith': '\a.exe'}, f: {Initiated: 'true'}, condition: s and not f",
                    r#"[{"Image": "C:\\x\\a.exe", "Initiated": "false"}]"#,
                    r#"[{"Image": "C:\\x\\a.exe", "Initiated": "true"}]"#,
                )
                .on(MODELS),
            ),
        row(65, "who opened a connection is dropped").case(
            of(
                NETWORK,
                r"s: {'Image|endswith': '\a.exe', Initiated: 'true'}, condition: s",
                r#"[{"Image": "C:\\x\\a.exe", "Initiated": "true"}]"#,
                r#"[{"Image": "C:\\x\\a.exe", "Initiated": "false"}]"#,
            )
            .on(&["kql.xdr"]),
        ),
        row(66, "a part of a domain is looked for in the name of the user")
            .case(
                case(
                    "s: {'User|contains': [AUTHORI, AUTORI]}, condition: s",
                    r#"[{"User": "NT AUTHORITY\\SYSTEM"}, {"User": "AUTORITE NT\\Système"}]"#,
                    r#"[{"User": "CORP\\bob"}]"#,
                )
                .on(MODELS),
            )
            .case(
                case(
                    "s: {'Image|endswith': '.exe'}, f: {'User|contains': [AUTHORI, AUTORI]}, condition: s and not f",
                    r#"[{"Image": "C:\\x\\a.exe", "User": "CORP\\bob"}, {"Image": "C:\\x\\a.exe"}]"#,
                    r#"[{"Image": "C:\\x\\a.exe", "User": "NT AUTHORITY\\SYSTEM"}]"#,
                )
                .on(MODELS),
            ),
        row(67, "a domain and a user are looked for in the name of the user").case(
            case(
                r"s: {User: 'NT AUTHORITY\SYSTEM'}, condition: s",
                r#"[{"User": "NT AUTHORITY\\SYSTEM"}]"#,
                r#"[{"User": "CORP\\SYSTEM"}, {"User": "NT AUTHORITY\\NETWORK SERVICE"}]"#,
            )
            .on(MODELS),
        ),
        row(68, "one kind of hash is dropped from a list, because the platform lacks it")
            .case(
                case(
                    "s: {'Hashes|contains':
                    [IMPHASH=BCCA3C247B619DCD13C8CDFF5F123932, MD5=09D278F9DE118EF09163C6140255C690]},
                condition: s",
                    r#"[{"Hashes": "MD5=09D278F9DE118EF09163C6140255C690,IMPHASH=00000000000000000000000000000000"},
                    {"Hashes": "MD5=00000000000000000000000000000000,IMPHASH=BCCA3C247B619DCD13C8CDFF5F123932"}]"#,
                    r#"[{"Hashes": "MD5=00000000000000000000000000000000,IMPHASH=00000000000000000000000000000000"}]"#,
                )
                .on(&["eql.ecs", "spl.sysmon"])
                .refused(&[("kql.xdr", UnmappedField)]),
            )
            .elsewhere(
                "crates/compile/tests/left_out.rs",
                "a_hash_that_the_platform_lacks_is_left_out_where_that_is_allowed",
            ),
        row(69, "hashes are asked of SecurityEvent, which has none of them")
            .case(
                case("s: {'Hashes|contains': MD5=09D278F9DE118EF09163C6140255C690}, condition: s", "[]", "[]")
                    .on(&[])
                    .refused(&[("kql.securityevent", UnmappedField)]),
            )
            .case(
                of(
                    "category: process_creation, product: windows, service: sysmon",
                    "s: {'Hashes|contains': MD5=09D278F9DE118EF09163C6140255C690}, condition: s",
                    r#"[{"Hashes": "MD5=09D278F9DE118EF09163C6140255C690,IMPHASH=00000000000000000000000000000000"}]"#,
                    r#"[{"Hashes": "MD5=00000000000000000000000000000000"}, {"FileHash": "09D278F9DE118EF09163C6140255C690"}]"#,
                )
                .on(&["kql.securityevent"]),
            ),
        row(70, "the start of a registry key is compared as a whole, under a control set that does not exist").case(
            of(
                REGISTRY,
                r"s: {'TargetObject|startswith': 'HKLM\SYSTEM\CurrentControlSet\Services\'}, condition: s",
                r#"[{"TargetObject": "HKLM\\SYSTEM\\CurrentControlSet\\Services\\a\\Start"}]"#,
                r#"[{"TargetObject": "HKLM\\SOFTWARE\\CurrentControlSet\\Services\\a\\Start"}]"#,
            )
            .on(MODELS),
        ),
        row(71, "the name of a registry value is looked for in its key")
            .case(
                of(
                    REGISTRY,
                    r"s: {'TargetObject|endswith': '\Run\evil'}, condition: s",
                    r#"[{"TargetObject": "HKLM\\SOFTWARE\\Run\\evil", "Details": "x"}]"#,
                    r#"[{"TargetObject": "HKLM\\SOFTWARE\\Run\\evil2", "Details": "x"}]"#,
                )
                .on(MODELS),
            )
            .case(
                of(
                    REGISTRY,
                    r"s: {'TargetObject|endswith': '\Run\evil'}, condition: not s",
                    r#"[{"TargetObject": "HKLM\\SOFTWARE\\Run\\evil2", "Details": "x"}]"#,
                    r#"[{"TargetObject": "HKLM\\SOFTWARE\\Run\\evil", "Details": "x"}]"#,
                )
                .on(MODELS),
            ),
        row(72, "a number of the registry is looked for in the words of Sysmon").case(
            of(
                REGISTRY,
                r"s: {'TargetObject|endswith': '\a\Start', Details: 'DWORD (0x00000001)'}, condition: s",
                r#"[{"TargetObject": "HKLM\\SOFTWARE\\a\\Start", "Details": "DWORD (0x00000001)"}]"#,
                r#"[{"TargetObject": "HKLM\\SOFTWARE\\a\\Start", "Details": "DWORD (0x00000002)"}]"#,
            )
            .on(MODELS),
        ),
        row(73, "a file that is deleted counts as one that is written").case(
            of(
                FILE,
                r"s: {'TargetFilename|endswith': '\a.txt'}, condition: s",
                r#"[{"_category": "file_event", "_product": "windows", "TargetFilename": "C:\\x\\a.txt"}]"#,
                r#"[{"_category": "file_delete", "_product": "windows", "TargetFilename": "C:\\x\\a.txt"}]"#,
            )
            .on(MODELS),
        ),
        row(74, "a logon id in hexadecimal is compared with a number").case(
            case("s: {LogonId: '0x3e7'}, condition: s", r#"[{"LogonId": "0x3e7"}]"#, r#"[{"LogonId": "0x3e8"}]"#)
                .on(MODELS),
        ),
        row(75, "the program that writes a file is taken for the file")
            .case(
                of(
                    FILE,
                    r"s: {'Image|endswith': '\winword.exe'}, condition: s",
                    r#"[{"Image": "C:\\x\\winword.exe", "TargetFilename": "C:\\x\\a.txt"}]"#,
                    r#"[{"Image": "C:\\x\\a.exe", "TargetFilename": "C:\\x\\winword.exe"}]"#,
                )
                .on(MODELS),
            ),
        row(76, "the parent of a process is taken for the parent of that")
            .case(
                case(
                    r"s: {'ParentImage|endswith': '\winword.exe'}, condition: s",
                    r#"[{"ParentImage": "C:\\x\\winword.exe", "Image": "C:\\x\\a.exe"}]"#,
                    r#"[{"ParentImage": "C:\\x\\a.exe", "Image": "C:\\x\\winword.exe"}]"#,
                )
                .on(MODELS),
            ),
        row(77, "fields of macOS and Linux go by the names that the rule has for them")
            .case(
                of(
                    "category: process_creation, product: macos",
                    "s: {'Image|endswith': '/curl'}, condition: s",
                    r#"[{"Image": "/usr/bin/curl"}]"#,
                    r#"[{"Image": "/usr/bin/wget"}, {"Image": "/curl/x"}]"#,
                )
                .on(&["eql.ecs", "spl.sysmon", "kql.xdr", "kql.asim"]),
            )
            .case(
                of(
                    "category: process_creation, product: linux",
                    "s: {'Image|endswith': '/curl'}, condition: s",
                    r#"[{"Image": "/usr/bin/curl"}]"#,
                    r#"[{"Image": "/usr/bin/wget"}, {"Image": "/curl/x"}]"#,
                )
                .on(&["eql.ecs", "spl.sysmon", "kql.xdr", "kql.asim"]),
            ),
        row(78, "a suffix in capitals is asked of a column that is stored in small letters")
            .case(
                case(
                    r"s: {'Image|endswith': '\Cmd.exe'}, condition: s",
                    r#"[{"Image": "C:\\x\\cmd.exe"}, {"Image": "C:\\x\\CMD.EXE"}]"#,
                    r#"[{"Image": "C:\\x\\xcmd.exe"}]"#,
                )
                .on(MODELS),
            )
            .later("ES|QL"),
        row(79, "a field's name that is no identifier goes into the query as it is")
            .case(case("s: {my-field: y}, condition: s", r#"[{"my-field": "y"}]"#, r#"[{"my-field": "n"}]"#))
            .case(case("s: {'a{}.b': y}, condition: s", r#"[{"a{}.b": "y"}]"#, r#"[{"a{}.b": "n"}, {"b": "y"}]"#))
            .case(case("s: {where: y}, condition: s", r#"[{"where": "y"}]"#, r#"[{"where": "n"}, {}]"#))
            .case(case("s: {a.b: y}, condition: s", r#"[{"a.b": "y"}]"#, r#"[{"a.b": "n"}, {"a": "y"}]"#))
            .case(case("s: {9x: y}, condition: s", r#"[{"9x": "y"}]"#, r#"[{"9x": "n"}, {"x": "y"}]"#)),
        row(80, "keywords stand in a query as conditions of nothing")
            .case(
                case(
                    "s: [kw1, kw two], condition: s",
                    r#"[{"m": "xx KW1 yy"}, {"m": "the kw two"}]"#,
                    r#"[{"m": "kw"}, {}]"#,
                )
                .on(&["spl.none", "kql.none"])
                .refused(&[("eql.none", Keyword)]),
            )
            .case(
                case(
                    "s: {c: z}, k: [kw1, kw two], condition: s and not k",
                    r#"[{"c": "z", "m": "x"}]"#,
                    r#"[{"c": "z", "m": "a KW1 b"}]"#,
                )
                .on(&["spl.none", "kql.none"]),
            ),
        row(81, "two fields are compared by case")
            .case(
                case(
                    "s: {'a|fieldref': b}, condition: s",
                    r#"[{"a": "X", "b": "x"}, {"a": "x", "b": "x"}]"#,
                    r#"[{"a": "x", "b": "y"}, {"a": "x"}, {}]"#,
                )
                .on(&["spl.none", "kql.none"])
                .refused(&[("eql.none", FieldComparison)]),
            )
            .case(
                case(
                    "s: {c: z}, f: {'a|fieldref': b}, condition: s and not f",
                    r#"[{"c": "z", "a": "x"}, {"c": "z", "a": "x", "b": "y"}, {"c": "z"}]"#,
                    r#"[{"c": "z", "a": "x", "b": "X"}]"#,
                )
                .on(&["spl.none", "kql.none"]),
            ),
        row(82, "a negated list of patterns loses a parenthesis").case(case(
            "s: {f: ['a*b*c', '*d?e*']}, condition: not s",
            r#"[{"f": "acb"}, {"f": "de"}, {}]"#,
            r#"[{"f": "a1b2c"}, {"f": "xdyex"}]"#,
        )),
        row(83, "an IPv6 network is an error").case(case(
            "s: {'ip|cidr': ['::1/128', 'fc00::/7', 10.0.0.0/8]}, condition: s",
            r#"[{"ip": "::1"}, {"ip": "fd00::1"}, {"ip": "10.1.2.3"}]"#,
            r#"[{"ip": "2001:db8::1"}, {"ip": "11.1.2.3"}, {}]"#,
        )),
        row(84, "a missing field is looked for in a summary that fills what is missing")
            .case(
                case(
                    "s: {'Image|endswith': '\\a.exe', ParentImage: null}, condition: s",
                    r#"[{"Image": "C:\\a.exe"}, {"Image": "C:\\A.exe", "CommandLine": "x"}]"#,
                    r#"[{"Image": "C:\\a.exe", "ParentImage": "C:\\b.exe"}, {"Image": "C:\\b.exe"}, {}]"#,
                )
                .on(SUMMARIES),
            )
            .case(
                case(
                    "s: {'Image|endswith': '\\a.exe'}, f: {ParentImage: null}, condition: s and not f",
                    r#"[{"Image": "C:\\a.exe", "ParentImage": "C:\\b.exe"}, {"Image": "C:\\a.exe", "ParentImage": "null"}]"#,
                    r#"[{"Image": "C:\\a.exe"}, {"ParentImage": "C:\\b.exe"}, {}]"#,
                )
                .on(SUMMARIES),
            )
            // What lacks a field that is grouped by has no row, unless it is filled.
            .case(
                case(
                    "s: {'Image|endswith': '\\a.exe'}, f: {'ParentImage|contains': '\\ok\\', 'CommandLine|re': '-x'}, condition: s and not f",
                    r#"[{"Image": "C:\\a.exe"}, {"Image": "C:\\a.exe", "CommandLine": "-x"}, {"Image": "C:\\a.exe", "ParentImage": "C:\\ok\\b.exe"}]"#,
                    r#"[{"Image": "C:\\a.exe", "ParentImage": "C:\\ok\\b.exe", "CommandLine": "a -x"}]"#,
                )
                .on(SUMMARIES),
            )
            .case(
                case("s: {CommandLine: unknown}, condition: s", "[]", "[]")
                    .on(&[])
                    .refused(&[("spl.tstats", Value)]),
            ),
        row(85, "a regex breaks the query of a summary")
            .case(
                case(
                    "s: {'CommandLine|re': '-e[nc]{1,2}\\s', User: null}, t: {'Image|endswith': '\\a.exe'}, condition: s or t",
                    r#"[{"CommandLine": "x -enc y"}, {"Image": "C:\\a.exe", "User": "A\\b"}, {"CommandLine": "-ec y", "Image": "C:\\b.exe"}]"#,
                    r#"[{"CommandLine": "x -ENC y"}, {"CommandLine": "x -enc y", "User": "A\\b"}, {}]"#,
                )
                .on(SUMMARIES),
            )
            .case(
                case(
                    "s: {'Image|endswith': '\\a.exe'}, f: {'CommandLine|re': 'x.*y'}, condition: s and not f",
                    r#"[{"Image": "C:\\a.exe"}, {"Image": "C:\\a.exe", "CommandLine": "yx"}]"#,
                    r#"[{"Image": "C:\\a.exe", "CommandLine": "xy"}, {"CommandLine": "yx"}, {}]"#,
                )
                .on(SUMMARIES),
            ),
    ]
}
