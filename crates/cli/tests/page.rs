//! The page of a rule: every section, from a rule that has something to say in each.

use crate::support::Sandbox;

const RULE: &str = r#"title: Installer | runs `whoami`
id: 3e0b1c9a-3f5a-4b7e-9f57-0d1e2f3a4b5c
name: installer_whoami
related:
  - {id: 0f4b8a1c-7f1d-4f0e-8a55-1c2d3e4f5a6b, type: similar}
status: stable
description: |
  An installer asked who it runs as.

  # Not a heading, and <b>not</b> bold.
license: Apache-2.0
author: A. Person, B. Person
references:
  - https://example.org/a_page
  - Some book, page 3
date: 2026-01-02
modified: 2026-02-03
tags: [attack.execution, attack.t1059.003, attack.defense-impairment, cve.2024-0001]
logsource: {category: process_creation, product: windows}
detection:
  sel: {ParentImage|endswith: '\msiexec.exe', CommandLine|contains: whoami}
  admin: {User|contains: admin}
  condition: sel
falsepositives: [Setup of a thing]
level: high
classification:
  branches:
    - {name: BY_ADMIN, condition: admin, level: critical, description: Look first.}
  otherwise: BY_USER
tests:
  - name: it happens
    expect: match
    classification: BY_USER
    events: [{ParentImage: 'C:\msiexec.exe', CommandLine: whoami, User: joe}]
  - {name: it does not, expect: no_match, why: no installer, events: [{CommandLine: whoami}]}
schedule: {every: 5m, lookback: 9m, max_alerts: 100}
confidence: medium
version: 3
setup: "Collect **process** events."
note: "1. Look."
response: "1. Act."
targets:
  eql.none: {index: [logs-a-*, logs-b-*]}
  kql: {refuse: not onboarded yet}
"#;

#[test]
fn every_section() {
    let sandbox = Sandbox::new("page");
    sandbox.write("rule.yml", RULE);
    let run = sandbox.run(&["convert", "rule.yml", "-f", "markdown", "-t", "eql.none,spl.none,kql.none"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    # Installer \| runs \`whoami\`

    An installer asked who it runs as.

    \# Not a heading, and \<b\>not\</b\> bold.

    **Rule type**: event

    **Rule ID**: 3e0b1c9a-3f5a-4b7e-9f57-0d1e2f3a4b5c

    **Severity**: high

    **Risk score**: 73

    **Confidence**: medium

    **Status**: stable

    **Runs every**: 5m

    **Searches from**: now-9m

    **Maximum alerts per execution**: 100

    **Version**: 3

    **Written**: 2026-01-02

    **Changed**: 2026-02-03

    **License**: Apache-2.0

    **Source**: `rule.yml`

    **References**:

    * <https://example.org/a_page>
    * Some book, page 3

    **Tags**:

    * attack.execution
    * attack.t1059.003
    * attack.defense-impairment
    * cve.2024-0001

    **Authors**:

    * A. Person
    * B. Person

    ## Data sources

    | Log source | Fields |
    |---|---|
    | windows/process_creation | CommandLine, ParentImage, User |

    ## Setup

    Collect **process** events.

    ## Classification

    The first class that holds names the event.

    | Class | Of | Level | Meaning |
    |---|---|---|---|
    | BY_ADMIN |  | critical | Look first. |
    | BY_USER |  |  | Every other match. |

    ## Queries

    ### eql.none

    **index**: logs-a-\*, logs-b-\*

    Fidelity: exact

    ```eql
    any where ParentImage : "*\\msiexec.exe" and CommandLine : "*whoami*"
    ```

    #### BY_ADMIN

    Fidelity: exact

    ```eql
    any where ParentImage : "*\\msiexec.exe" and CommandLine : "*whoami*" and User : "*admin*"
    ```

    #### BY_USER

    Fidelity: exact

    ```eql
    any where ParentImage : "*\\msiexec.exe" and CommandLine : "*whoami*" and not User : "*admin*"
    ```

    ### spl.none

    Fidelity: exact

    ```spl
    ParentImage="*\\msiexec.exe" AND CommandLine="*whoami*"
    | eval class=case(
          isnotnull(mvfind(User, "(?i)admin")), "BY_ADMIN",
          true(), "BY_USER")
    ```

    ### kql.none

    Not for this target: not onboarded yet

    ## False positives

    * Setup of a thing

    ## Investigation guide

    1. Look.

    ## Response

    1. Act.

    ## Tests

    | Test | Events | Expected | Why |
    |---|---|---|---|
    | it happens | 1 | match: BY_USER |  |
    | it does not | 1 | no match | no installer |

    ## MITRE ATT&CK

    * Tactic:

        * ID: TA0002
        * Name: Execution
        * Reference URL: <https://attack.mitre.org/tactics/TA0002/>

    * Sub-technique:

        * ID: T1059.003
        * Name: Windows Command Shell
        * Reference URL: <https://attack.mitre.org/techniques/T1059/003/>

    * Tactic:

        * ID: TA0112
        * Name: Defense Impairment
        * Reference URL: <https://attack.mitre.org/tactics/TA0112/>

    ## Related rules

    * similar: `0f4b8a1c-7f1d-4f0e-8a55-1c2d3e4f5a6b`
    "#);
}

#[test]
fn what_a_target_cannot_say_is_on_the_page() {
    let sandbox = Sandbox::new("page-refusal");
    sandbox.write("rule.yml", "title: Bare\nlogsource: {product: windows, category: process_creation}\ndetection: {sel: {NoSuchField: x}, condition: sel}\n");
    let run = sandbox.run(&["convert", "rule.yml", "-f", "markdown", "-t", "kql"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.out, @r"
    # Bare

    **Rule type**: event

    **Severity**: medium

    **Risk score**: 47

    **Source**: `rule.yml`

    ## Data sources

    | Log source | Fields |
    |---|---|
    | windows/process_creation | NoSuchField |

    ## Queries

    ### kql.xdr

    This target cannot express the rule:

    * unmapped-field: the data model \`xdr\` has no column for \`NoSuchField\` in \`windows/process_creation\`
    ");
}
