//! Programs of others: installed with pinned versions, and run.

use std::io;
use std::path::Path;
use std::process::Command;

/// Installs Python packages into an environment of their own.
pub(crate) fn python_packages(environment: &Path, requirements: &str) -> io::Result<()> {
    once(environment, requirements, || {
        run(Command::new("python3").args(["-m", "venv"]).arg(environment))?;
        let file = environment.join("requirements.txt");
        std::fs::write(&file, requirements)?;
        run(Command::new(environment.join("bin").join("python3"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
            .args(["--require-hashes", "--requirement"])
            .arg(&file))
    })
}

/// Fails if a program is not there.
pub(crate) fn needed(program: &str, what_for: &str) -> io::Result<()> {
    match Command::new(program).arg("--version").output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(io::Error::other(format!("`{program}` is needed {what_for}, and cannot be run: install it"))),
    }
}

/// Installs those of Debian's packages that are missing. Only root can; anyone else is told what to install, `or` what else
/// would do.
pub(crate) fn debian(packages: &[&str], or: &str) -> io::Result<()> {
    let installed = |package: &&&str| {
        let status = Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]).output();
        status.is_ok_and(|output| output.status.success() && output.stdout == b"installed")
    };
    let missing: Vec<&str> = packages.iter().filter(|package| !installed(package)).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let told = format!("`apt-get install {}` is needed here; {or}", missing.join(" "));
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id == b"0\n");
    if !is_root {
        return Err(io::Error::other(told));
    }
    let apt = |arguments: &[&str]| {
        run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", "-y"]).args(arguments))
    };
    let install: Vec<&str> = ["install", "--no-install-recommends"].into_iter().chain(missing).collect();
    apt(&install)
        .or_else(|_| apt(&["update"]).and_then(|()| apt(&install)))
        .map_err(|error| io::Error::other(format!("{told}\n{error}")))
}

/// Installs into an empty folder, unless the last installation there was of the same pins and ended well.
pub(crate) fn once(directory: &Path, pins: &str, install: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
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
pub(crate) fn run(command: &mut Command) -> io::Result<()> {
    output(command).map(drop)
}

/// What a program wrote to its standard output.
pub(crate) fn output(command: &mut Command) -> io::Result<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| io::Error::other(format!("{name}: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let (said, printed) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    Err(io::Error::other(format!("{name} ended with {}\n{printed}{said}", output.status)))
}
