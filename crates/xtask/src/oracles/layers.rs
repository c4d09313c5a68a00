//! Whether layers are what the ATT&CK Navigator reads: MITRE's own reader of layers loads them strictly, and takes over all
//! that they say.
//!
//! That it objects at all is seen on layers that are broken on purpose.

use super::tools::Tools;
use crate::programs::{output, python_packages};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = include_str!("../../oracles/layers.txt");
/// What is broken, and into what.
const BROKEN: [(&str, &str); 3] = [
    ("\"score\": 1,", "\"score\": \"one\","),
    ("\"showSubtechniques\": true", "\"showSubtechniques\": \"yes\""),
    ("\"domain\": \"enterprise-attack\"", "\"domain\": 1"),
];

/// Makes layers of the rules, asks the reader, writes what it said, and returns its objections.
pub(super) fn run(tools: &Tools, command: &Path, rules: &Path, to: &mut impl Write) -> io::Result<Vec<String>> {
    let environment = tools.directory.join("layers");
    python_packages(&environment, REQUIREMENTS)?;
    let directory = tools.directory.join("packages").join("layers");
    std::fs::create_dir_all(&directory)?;
    let wanted = directory.join("wanted.txt");
    std::fs::write(&wanted, "T1546.016\nT1110\nT1110.001\nT1059.009\n")?;

    let mut files = Vec::new();
    for (name, args) in [("coverage", &[][..]), ("gaps", &["--gaps".as_ref(), wanted.as_os_str()])] {
        let mut told = Command::new(command);
        told.args(["coverage", "--no-config", "--format", "navigator"]).arg(rules).args(args);
        let file = directory.join(format!("{name}.json"));
        std::fs::write(&file, output(&mut told)?)?;
        files.push(file);
    }
    let sound = std::fs::read_to_string(&files[0])?;
    let judged = files.len();
    for (number, (from, into)) in BROKEN.iter().enumerate() {
        let broken = sound.replacen(from, into, 1);
        if broken == sound {
            return Err(io::Error::other(format!("the layer has no {from} to break")));
        }
        let file = directory.join(format!("broken-{number}.json"));
        std::fs::write(&file, broken)?;
        files.push(file);
    }
    let failures = judge(tools, &environment, &files, judged)?;
    writeln!(to, "\n{judged} layers read by mitreattack-python 6.3.1, {} failures", failures.len())?;
    Ok(failures)
}

fn judge(tools: &Tools, environment: &Path, files: &[PathBuf], judged: usize) -> io::Result<Vec<String>> {
    let mut reader = Command::new(environment.join("bin").join("python3"));
    let said = output(reader.arg(tools.scripts.join("layers_judge.py")).args(files))?;
    let said = String::from_utf8_lossy(&said).into_owned();
    let said: Vec<&str> = said.lines().collect();
    if said.len() != files.len() {
        return Err(io::Error::other("the reader of layers did not say something of each"));
    }
    let fault = |(at, (file, said)): (usize, (&PathBuf, &&str))| match (at < judged, *said == "ok") {
        (true, false) => Some(format!("{}: {said}", file.display())),
        (false, true) => Some(format!("{}: not rejected as it must be", file.display())),
        _ => None,
    };
    Ok(files.iter().zip(&said).enumerate().filter_map(fault).collect())
}
