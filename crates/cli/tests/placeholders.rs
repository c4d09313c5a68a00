//! `--placeholders`.

use crate::support::Sandbox;
use insta::assert_snapshot;

const RULE: &str = "\
title: Logon of an administrator
logsource: {category: process_creation, product: windows}
detection:
  sel:
    User|expand: '%Administrators%'
    CommandLine|contains|expand: ' -u %Servers%\\%share%'
    Image|re|expand: '\\\\(%tools%)\\.exe$'
  condition: sel
tests:
  - name: an administrator
    expect: match
    events:
      - {User: root, CommandLine: 'net -u dc1\\c$', Image: 'C:\\psexec.exe'}
  - name: nobody
    expect: no_match
    events:
      - {User: x, CommandLine: 'net -u dc1\\c$', Image: 'C:\\psexec.exe'}
";

const VALUES: &str = "Administrators: [root, 'adm_*']\nServers: [dc1, dc2]\nshare: c$\ntools: psexec|paexec\n";

fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    // A backslash before a placeholder is escaped.
    sandbox.write("rule.yml", RULE.replace(r"%Servers%\%share%", r"%Servers%\\%share%")).write("values.yml", VALUES);
    sandbox
}

#[test]
fn every_command_fills_placeholders() {
    let sandbox = sandbox("placeholders");
    let run = sandbox.run(&["convert", "-q", "-t", "kql.none,spl.none", "--placeholders", "values.yml", "rule.yml"]);
    assert_snapshot!(format!("{}{}", run.out, run.err), @r#"
    Events
    | where (User =~ "root" or User startswith "adm_")
        and (CommandLine contains @" -u dc1\c$" or CommandLine contains @" -u dc2\c$")
        and Image matches regex @"\\(?:psexec|paexec)\.exe\z"

    User IN ("root", "adm_*")
      AND CommandLine IN ("* -u dc1\\c$*", "* -u dc2\\c$*")
      AND Image IN ("*psexec*", "*paexec*")
    | where isnotnull(mvfind(User, "(?i)\Aroot\z|\Aadm_"))
        AND isnotnull(mvfind(CommandLine, "(?i) -u dc1\x5cc\$| -u dc2\x5cc\$"))
        AND isnotnull(mvfind(Image, "\x5c(?:psexec|paexec)\.exe\z"))
    "#);
    let run = sandbox.run(&["test", "-t", "eql,spl,kql", "--placeholders", "values.yml", "rule.yml"]);
    assert_snapshot!(format!("{}{}{}", run.out, run.err, run.code), @r#"
    2 tests of 1 rule: 0 failed
      eql.ecs: 2 agree
      spl.sysmon: 2 agree
      kql.xdr: 2 agree
    0
    "#);
    let run = sandbox.run(&["check", "--placeholders", "values.yml", "rule.yml"]);
    assert_snapshot!(format!("{}{}{}", run.out, run.err, run.code), @r#"
    warning[no-id]: rule has no `id`
     --> rule.yml:1:8
      |
    1 | title: Logon of an administrator
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add a random UUID, and keep it for as long as the rule lives

    note[no-description]: rule has no `description`
     --> rule.yml:1:8
      |
    1 | title: Logon of an administrator
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: say what it detects, and why that matters

    note[no-false-positives]: rule has no `falsepositives`
     --> rule.yml:1:8
      |
    1 | title: Logon of an administrator
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: name the harmless causes that you know of, or write `- Unknown`

    note[missing-attributes]: rule has no `status`, no `author`, no `date`, no `level`
     --> rule.yml:1:8
      |
    1 | title: Logon of an administrator
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^

    note[no-technique]: rule has no `tags`
     --> rule.yml:1:8
      |
    1 | title: Logon of an administrator
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: tag the tactic and the technique: `attack.discovery`, `attack.t1033`

    note[title-case]: `administrator` starts with a small letter
     --> rule.yml:1:20
      |
    1 | title: Logon of an administrator
      |                    ^^^^^^^^^^^^^
      |
      = help: write titles in title case

    checked 1 rule in 1 file for eql.ecs, spl.sysmon, kql.xdr: 0 errors, 1 warning, 5 notes
    1
    "#);
    let run = sandbox.run(&["explain", "-t", "kql.none", "--placeholders", "values.yml", "rule.yml"]);
    assert_snapshot!(format!("{}{}{}", run.out, run.err, run.code), @r#"
    Logon of an administrator · kql.none
    rule.yml · exact

       5 | sel: User|expand: '%Administrators%'
         | asks      User is "root"
         | asks      User starts with "adm_"
         | maps to   User is "root"
         | maps to   User starts with "adm_"
         | becomes   User =~ "root" or User startswith "adm_"
         | which is  exact

       6 | sel: CommandLine|contains|expand: ' -u %Servers%\\%share%'
         | asks      CommandLine contains " -u dc1\c$"
         | asks      CommandLine contains " -u dc2\c$"
         | maps to   CommandLine contains " -u dc1\c$"
         | maps to   CommandLine contains " -u dc2\c$"
         | becomes   CommandLine contains @" -u dc1\c$" or CommandLine contains @" -u dc2\c$"
         | which is  exact

       7 | sel: Image|re|expand: '\\(%tools%)\.exe$'
         | asks      Image matches the regex \\(psexec|paexec)\.exe$
         | maps to   Image matches the regex \\(psexec|paexec)\.exe$
         | becomes   Image matches regex @"\\(?:psexec|paexec)\.exe\z"
         | which is  exact
    0
    "#);
    sandbox.write("events.json", r#"{"User": "ADM_X", "CommandLine": "a -u DC2\\c$", "Image": "C:\\paexec.exe"}"#);
    let run = sandbox.run(&["eval", "--placeholders", "values.yml", "--events", "events.json", "rule.yml"]);
    assert_snapshot!(format!("{}{}{}", run.out, run.err, run.code), @r#"
    rule.yml · Logon of an administrator · medium
      event 1 of events.json
        User: ADM_X
        CommandLine: a -u DC2\c$
        Image: C:\paexec.exe

    1 of 1 rule fired on 1 event
    0
    "#);
}

#[test]
fn a_placeholder_without_values_is_named() {
    let sandbox = sandbox("unfilled");
    let run = sandbox.run(&["convert", "rule.yml"]);
    assert_eq!(run.code, 2);
    assert_snapshot!(run.err, @r#"
    error[cannot-express]: the placeholder `%Administrators%` has no values
     --> rule.yml:5:18
      |
    5 |     User|expand: '%Administrators%'
      |                  ^^^^^^^^^^^^^^^^^^
      |
      = help: give them with `--placeholders FILE`, in lines `Administrators: [value, …]`, or in a processing pipeline
      = note: refused for eql.ecs: placeholder

    error[cannot-express]: the placeholders `%Servers%`, `%share%` have no values
     --> rule.yml:6:34
      |
    6 |     CommandLine|contains|expand: ' -u %Servers%\\%share%'
      |                                  ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: give them with `--placeholders FILE`, in lines `Servers: [value, …]`, or in a processing pipeline
      = note: refused for eql.ecs: placeholder

    error[cannot-express]: the placeholder `%tools%` has no values
     --> rule.yml:7:22
      |
    7 |     Image|re|expand: '\\(%tools%)\.exe$'
      |                      ^^^^^^^^^^^^^^^^^^^
      |
      = help: give them with `--placeholders FILE`, in lines `tools: [value, …]`, or in a processing pipeline
      = note: refused for eql.ecs: placeholder

    error[cannot-express]: the placeholder `%Administrators%` has no values
     --> rule.yml:5:18
      |
    5 |     User|expand: '%Administrators%'
      |                  ^^^^^^^^^^^^^^^^^^
      |
      = help: give them with `--placeholders FILE`, in lines `Administrators: [value, …]`, or in a processing pipeline
      = note: refused for spl.sysmon: placeholder

    error[cannot-express]: the placeholders `%Servers%`, `%share%` have no values
     --> rule.yml:6:34
      |
    6 |     CommandLine|contains|expand: ' -u %Servers%\\%share%'
      |                                  ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: give them with `--placeholders FILE`, in lines `Servers: [value, …]`, or in a processing pipeline
      = note: refused for spl.sysmon: placeholder

    error[cannot-express]: the placeholder `%tools%` has no values
     --> rule.yml:7:22
      |
    7 |     Image|re|expand: '\\(%tools%)\.exe$'
      |                      ^^^^^^^^^^^^^^^^^^^
      |
      = help: give them with `--placeholders FILE`, in lines `tools: [value, …]`, or in a processing pipeline
      = note: refused for spl.sysmon: placeholder

    error[cannot-express]: the placeholder `%Administrators%` has no values
     --> rule.yml:5:18
      |
    5 |     User|expand: '%Administrators%'
      |                  ^^^^^^^^^^^^^^^^^^
      |
      = help: give them with `--placeholders FILE`, in lines `Administrators: [value, …]`, or in a processing pipeline
      = note: refused for kql.xdr: placeholder

    error[cannot-express]: the placeholders `%Servers%`, `%share%` have no values
     --> rule.yml:6:34
      |
    6 |     CommandLine|contains|expand: ' -u %Servers%\\%share%'
      |                                  ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: give them with `--placeholders FILE`, in lines `Servers: [value, …]`, or in a processing pipeline
      = note: refused for kql.xdr: placeholder

    error[cannot-express]: the placeholder `%tools%` has no values
     --> rule.yml:7:22
      |
    7 |     Image|re|expand: '\\(%tools%)\.exe$'
      |                      ^^^^^^^^^^^^^^^^^^^
      |
      = help: give them with `--placeholders FILE`, in lines `tools: [value, …]`, or in a processing pipeline
      = note: refused for kql.xdr: placeholder

    error: not all could be converted: 1 rule in 1 file; 3 refusals
    "#);
    sandbox.write("few.yml", "Administrators: root\ntools: '('\n");
    let run = sandbox.run(&["convert", "-t", "kql.none", "--placeholders", "few.yml", "rule.yml"]);
    assert_snapshot!(run.err, @r#"
    error[invalid-regex]: invalid regex `\\(()\.exe$`: unclosed group
     --> rule.yml:7:22
      |
    7 |     Image|re|expand: '\\(%tools%)\.exe$'
      |                      ^^^^^^^^^^^^^^^^^^^ with the value of a placeholder

    error: not all could be converted: 0 rules in 1 file, 1 of them with errors
    "#);
}

#[test]
fn a_file_of_placeholders_that_cannot_be_read() {
    let sandbox = sandbox("no-placeholders");
    let run = sandbox.run(&["convert", "--placeholders", "none.yml", "rule.yml"]);
    assert_snapshot!(format!("{}{}", run.err, run.code), @r#"
    error: cannot read the placeholders of `none.yml`: entity not found
    3
    "#);
    sandbox.write("wrong.yml", "Administrators: {a: b}\n");
    let run = sandbox.run(&["convert", "--placeholders", "wrong.yml", "rule.yml"]);
    assert_snapshot!(format!("{}{}", run.err, run.code), @r#"
    error: cannot read the placeholders of `wrong.yml`

    error[wrong-type]: value of placeholder `Administrators` is a mapping
     --> wrong.yml:1:17
      |
    1 | Administrators: {a: b}
      |                 ^^^^^^ expected text or a number
    3
    "#);
}
