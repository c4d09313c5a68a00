//! Each pass over one rule of common size: `cargo bench -p rulecast-xtask`.

use divan::{Bencher, black_box};
use rulecast_compile::{Allow, Target, Unit, compile};
use rulecast_diagnostics::FileId;

const RULE: &str = r"
title: Encoded command line of an office application's child
id: 2b6c4d0e-6f6d-4c55-9f0b-3f3c0b6f3a11
logsource: {category: process_creation, product: windows}
detection:
  parent:
    ParentImage|endswith: ['\winword.exe', '\excel.exe', '\powerpnt.exe']
  shell:
    Image|endswith: ['\cmd.exe', '\powershell.exe', '\wscript.exe']
  encoded:
    CommandLine|contains: [' -enc ', ' -EncodedCommand ', 'FromBase64String']
  filter_installer:
    CommandLine|startswith: 'C:\Program Files\Vendor\'
    User|contains: [AUTHORI, AUTORI]
  condition: parent and shell and encoded and not 1 of filter_*
level: high
";

fn main() {
    divan::main();
}

fn unit() -> Unit {
    Unit::new(rulecast_rule::parse(FileId(0), RULE).documents)
}

#[divan::bench]
fn scan_yaml_events() -> usize {
    saphyr_parser::Parser::new_from_str(black_box(RULE)).count()
}

#[divan::bench]
fn parse() -> rulecast_rule::Parsed {
    rulecast_rule::parse(FileId(0), black_box(RULE))
}

#[divan::bench]
fn resolve(bencher: Bencher) {
    let unit = unit();
    bencher.bench(|| black_box(&unit).resolve());
}

#[divan::bench(args = Target::ALL)]
fn to_target(bencher: Bencher, target: Target) {
    let resolved = unit().resolve();
    bencher.bench(|| compile(black_box(&resolved.rules[0]), target, Allow::default()));
}
