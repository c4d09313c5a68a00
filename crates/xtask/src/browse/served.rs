//! The site by `rulecast serve`, while it is looked at.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running server, which ends with this value.
pub(super) struct Served {
    child: Child,
    /// With `/` at its end.
    pub(super) address: String,
}

impl Served {
    pub(super) fn start(command: &Path, site: &Path) -> io::Result<Self> {
        let failed = |error| io::Error::other(format!("{}: {error}", command.display()));
        let mut child = Command::new(command)
            .arg("serve")
            .arg(site)
            .args(["--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut address = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut address)?;
        }
        let server = Self { child, address: address.trim().to_owned() };
        if server.address.is_empty() {
            return Err(io::Error::other(format!("{} serve said no address", command.display())));
        }
        Ok(server)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The site that a directory is, or that of the bundle in it.
pub(super) fn site(directory: &Path) -> io::Result<PathBuf> {
    let mut places = vec![directory.to_owned(), directory.join("site")];
    places.extend(directory.read_dir().into_iter().flatten().flatten().map(|entry| entry.path().join("site")));
    places
        .into_iter()
        .find(|place| place.join("index.html").is_file())
        .ok_or_else(|| io::Error::other(format!("{}: there is no site", directory.display())))?
        .canonicalize()
}
