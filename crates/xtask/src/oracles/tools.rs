//! The oracles' programs, installed below `.oracles/` at the root of the repository and used again while the versions
//! that this crate pins are the ones there.
//!
//! They come from the registries that pip, npm and cargo are set up for, by version and hash. None is part of this
//! repository, and each runs as a process of its own.

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
        needed("python3", "for the judge of EQL and the engines of EQL and KQL")?;
        needed("node", "for the judges of KQL and of reports, and the Elastic Common Schema")?;
        needed("npm", "to install the judge of KQL")?;
        let directory = root.join(".oracles");
        let environment = directory.join("python");
        let python = environment.join("bin").join("python3");
        once(&environment, REQUIREMENTS, || {
            run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
            let requirements = environment.join("requirements.txt");
            std::fs::write(&requirements, REQUIREMENTS)?;
            run(Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
                .args(["--require-hashes", "--requirement"])
                .arg(&requirements))
        })?;
        let packages = directory.join("node");
        once(&packages, LOCK, || {
            std::fs::write(packages.join("package.json"), MANIFEST)?;
            std::fs::write(packages.join("package-lock.json"), LOCK)?;
            // A package for mocha is wanted for its schema alone, without mocha.
            run(Command::new("npm")
                .args(["ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
                .current_dir(&packages))
        })?;
        let scripts = root.join("crates").join("xtask").join("oracles");
        let sigma = sigma(&scripts.join("sigma"), &directory.join("sigma"))?;
        Ok(Self { python, sigma, modules: packages.join("node_modules"), scripts, directory })
    }
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

fn needed(program: &str, what_for: &str) -> io::Result<()> {
    match Command::new(program).arg("--version").output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(io::Error::other(format!("`{program}` is needed {what_for}, and cannot be run: install it"))),
    }
}

/// Installs into an empty folder, unless the last installation there was of the same pins and ended well.
fn once(directory: &Path, pins: &str, install: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let stamp = directory.join("installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == pins) {
        return Ok(());
    }
    match std::fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::create_dir_all(directory)?;
    install()?;
    std::fs::write(stamp, pins)
}

/// The output of a program that must end well.
pub(super) fn run(command: &mut Command) -> io::Result<()> {
    output(command).map(drop)
}

/// What a program wrote to its standard output.
pub(super) fn output(command: &mut Command) -> io::Result<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| io::Error::other(format!("{name}: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let (said, printed) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    Err(io::Error::other(format!("{name} ended with {}\n{printed}{said}", output.status)))
}
