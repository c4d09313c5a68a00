//! The oracles' programs, installed below `.oracles/` at the root of the repository and used again while the versions
//! that this crate pins are the ones there.
//!
//! They come from the registries that pip, npm and cargo are set up for, by version and hash. None is part of this
//! repository, and each runs as a process of its own.

use crate::programs::{needed, once, python_packages, run};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = include_str!("../../oracles/requirements.txt");
const MANIFEST: &str = include_str!("../../oracles/package.json");
const LOCK: &str = include_str!("../../oracles/package-lock.json");

/// Where the programs are.
#[derive(Debug)]
pub(super) struct Tools {
    /// Python with the packages.
    pub(super) python: PathBuf,
    /// The program that asks the evaluators of Sigma.
    pub(super) sigma: PathBuf,
    /// The folder of Node's packages.
    pub(super) modules: PathBuf,
    /// Our scripts, which call the packages.
    pub(super) scripts: PathBuf,
    /// For files made on the way.
    pub(super) directory: PathBuf,
}

impl Tools {
    pub(super) fn install(root: &Path) -> io::Result<Self> {
        needed("node", "for the judges of KQL and of reports, and the Elastic Common Schema")?;
        needed("npm", "to install the judge of KQL")?;
        let directory = root.join(".oracles");
        let python = python(&directory)?;
        let packages = directory.join("node");
        once(&packages, LOCK, || {
            std::fs::write(packages.join("package.json"), MANIFEST)?;
            std::fs::write(packages.join("package-lock.json"), LOCK)?;
            // A package for mocha is wanted for its schema alone, without mocha.
            run(Command::new("npm")
                .args(["ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
                .current_dir(&packages))
        })?;
        let scripts = scripts(root);
        let sigma = sigma(&scripts.join("sigma"), &directory.join("sigma"))?;
        Ok(Self { python, sigma, modules: packages.join("node_modules"), scripts, directory })
    }
}

/// Python with the packages alone.
pub(super) fn engines(root: &Path) -> io::Result<PathBuf> {
    python(&root.join(".oracles"))
}

/// Our scripts, which call the packages.
pub(super) fn scripts(root: &Path) -> PathBuf {
    root.join("crates").join("xtask").join("oracles")
}

fn python(directory: &Path) -> io::Result<PathBuf> {
    needed("python3", "for the judge of EQL and the engines of EQL and KQL")?;
    let environment = directory.join("python");
    python_packages(&environment, REQUIREMENTS)?;
    Ok(environment.join("bin").join("python3"))
}

/// Builds the program that asks the evaluators of Sigma, with the versions of its own lock file.
fn sigma(sources: &Path, target: &Path) -> io::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo)
        .args(["build", "--release", "--locked", "--quiet", "--manifest-path"])
        .arg(sources.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target))?;
    Ok(target.join("release").join(format!("rulecast-sigma-oracles{}", std::env::consts::EXE_SUFFIX)))
}
