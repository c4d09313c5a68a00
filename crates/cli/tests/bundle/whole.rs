//! The same rules give the same bytes, and the checksums hold.

use super::{MANIFEST, sandbox, told};
use crate::support::Sandbox;
use std::collections::BTreeMap;

fn contents(sandbox: &Sandbox, path: &str) -> BTreeMap<String, Vec<u8>> {
    let read = |file: String| (file.clone(), std::fs::read(sandbox.path(&file)).unwrap());
    sandbox.list(path).into_iter().map(read).collect()
}

#[test]
fn the_bytes_depend_on_the_rules_alone() {
    let one = sandbox("bundle-same-one");
    let run = one.run(&["bundle", "rules", "-q"]);
    assert_eq!(run.code, 0, "{}", told(&run));
    let other = sandbox("bundle-same-other place");
    let environment = [("RAYON_NUM_THREADS", "1"), ("TZ", "Pacific/Auckland"), ("LC_ALL", "tr_TR.UTF-8")];
    let mut command = other.command(&["bundle", "-q", "-o", "dist", "./rules"], &environment);
    assert!(command.output().unwrap().status.success());
    assert_eq!(contents(&one, "dist"), contents(&other, "dist"));
    // A bundle in place of a bundle is the same again.
    assert_eq!(one.run(&["bundle", "rules", "-q"]).code, 0);
    assert_eq!(contents(&one, "dist"), contents(&other, "dist"));
}

/// By the program that people have.
#[cfg(target_os = "linux")]
#[test]
fn sha256sum_finds_every_file_as_it_was_written() {
    let sandbox = sandbox("bundle-sums");
    assert_eq!(sandbox.run(&["bundle", "rules", "-q"]).code, 0);
    for folder in ["dist", "dist/detection-bundle-0.1.0"] {
        let mut command = std::process::Command::new("sha256sum");
        let output = command.args(["-c", "--strict", "SHA256SUMS"]).current_dir(sandbox.path(folder)).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{told}");
        let listed = told.lines().count();
        let files = sandbox.list(folder).into_iter().filter(|path| {
            let below = path.strip_prefix(folder).unwrap().trim_start_matches('/');
            folder != "dist" || !below.contains('/')
        });
        assert_eq!(files.count(), listed + 1, "every file but the list itself is in the list of {folder}");
    }
}

#[test]
fn the_manifest_is_as_its_schema_says() {
    let sandbox = sandbox("bundle-schema");
    assert_eq!(sandbox.run(&["bundle", "rules", "-q"]).code, 0);
    let read = |path: &str| serde_json::from_str::<serde_json::Value>(&sandbox.read(path)).unwrap();
    let schema = read("dist/detection-bundle-0.1.0/manifest.schema.json");
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let manifest = read(MANIFEST);
    let wrong: Vec<String> =
        validator.iter_errors(&manifest).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut odd = manifest;
    odd["rules"][0]["level"] = "severe".into();
    assert!(!validator.is_valid(&odd));
}
