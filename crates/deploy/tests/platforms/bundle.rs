//! A bundle on the disk, with what platforms are given of it.

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A title that means something to paths, queries, headers, forms, templates and terminals.
pub(crate) const HOSTILE: &str = "..//a?b=c&d#e%2F \"q\" 'é' \u{1b}[31m\r\nX-Evil: 1 {{x}} [[y]";

pub(crate) const A: &str = "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11";
pub(crate) const B: &str = "3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b";
pub(crate) const C: &str = "c0ffee00-2b1d-4e5f-8a90-1c2d3e4f5a6c";

pub(crate) struct Bundle {
    pub(crate) path: PathBuf,
}

impl Bundle {
    /// One with these files; `outputs` are paths with the id of their rule.
    pub(crate) fn new(name: &str, files: &[(&str, Vec<u8>)], outputs: &[(&str, &str)]) -> Self {
        let top = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("deploy-{name}"));
        let _ = std::fs::remove_dir_all(&top);
        let path = top.join("ours-1.0.0");
        let rule = |(path, id): &(&str, &str)| {
            json!({
                "id": id, "title": "-", "slug": "-", "path": "rules/a.yml", "line": 1, "version": 1, "level": "high",
                "attack": [], "platforms": [], "sha256": "-", "unsupported": [],
                "outputs": [{
                    "package": "-", "target": "-", "kind": "rule", "path": path, "fidelity": "exact",
                    "assumptions": [], "query_sha256": "-",
                }],
            })
        };
        let manifest = json!({
            "format": 1,
            "bundle": { "name": "ours", "version": "1.0.0", "author": "us" },
            "tool": { "name": "rulecast", "version": "0" },
            "attack": { "domain": "enterprise-attack", "version": "18.1" },
            "targets": [], "rules": outputs.iter().map(rule).collect::<Vec<_>>(), "not_selected": [], "deprecated": [],
            "counts": { "rules": 0, "not_selected": 0, "targets": {}, "packages": {} },
        });
        let mut all = vec![("manifest.json", manifest.to_string().into_bytes())];
        all.extend(files.iter().cloned());
        let mut sums = String::new();
        for (file, bytes) in &all {
            let to = path.join(file);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::write(to, bytes).unwrap();
            let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            writeln!(sums, "{sum}  {file}").unwrap();
        }
        std::fs::write(path.join("SHA256SUMS"), sums).unwrap();
        Self { path: top }
    }

    /// With the rules that Kibana imports.
    pub(crate) fn kibana(name: &str, rules: &[Value]) -> Self {
        let lines: String = rules.iter().map(|rule| format!("{rule}\n")).collect();
        Self::new(name, &[("elastic/rules.ndjson", lines.into_bytes())], &[])
    }
}

/// An app with these files below it.
pub(crate) fn app(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for (path, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, format!("OurApp/{path}"), text.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}
