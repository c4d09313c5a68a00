//! The page of the reference.

use crate::{FAMILIES, Fixes, LINTS, Lint};
use rulecast_attack::VERSION;
use std::fmt::Write;

const HEAD: &str = "\
# Lints

What `rulecast check` finds in rules that are valid. A *warning* says that a rule likely does not do what its author
meant; a *note* says that it could be easier to read, to triage or to keep. Warnings make the exit code 1, notes do not.
`--deny NAME` makes findings errors (`--deny warnings` all warnings, `--deny notes` all notes too), `--allow NAME` leaves
them out. `--fix` mends those that it can without changing what the rule matches; what is *suggested* changes that, and
is left to people.

A rule accepts a finding with a reason:

```yaml
lint:
    allow:
        - name: no-false-positives
          reason: The event is the incident.
```

A suppression without a reason, of a lint that does not exist, or that is no longer needed, is a finding itself.

A line `# no id` in an example stands for a rule without that key.
";

/// `docs/reference/lints.md`.
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    let write = |page: &mut String, args: std::fmt::Arguments<'_>| page.write_fmt(args).expect("a string takes all");
    write(
        &mut page,
        format_args!("Techniques are those of ATT&CK for Enterprise {VERSION}, © The MITRE Corporation.\n"),
    );
    write(&mut page, format_args!("\nGenerated from `crates/lint` by `cargo xtask docs`: {} lints.\n", LINTS.len()));
    for family in FAMILIES {
        write(
            &mut page,
            format_args!("\n## {}\n\n| lint | severity | fix | finds |\n|---|---|---|---|\n", family.title),
        );
        for lint in family.lints {
            let (name, severity, fix) = (lint.name, lint.severity.word(), fix(lint));
            let summary = lint.summary.replace('|', "\\|");
            write(&mut page, format_args!("| [`{name}`](#{name}) | {severity} | {fix} | {summary} |\n"));
        }
        for lint in family.lints {
            write(&mut page, format_args!("\n### {}\n\n{}", lint.name, lint.page()));
        }
    }
    page
}

fn fix(lint: &Lint) -> &'static str {
    match lint.fix {
        Fixes::None => "",
        Fixes::Safe => "`--fix`",
        Fixes::Suggested => "suggested",
    }
}
