//! The compiler as WebAssembly, by the toolchain that is there: one with the target (`rustup target add`), or Debian's,
//! which has the sources of the standard library and builds that too.

use crate::programs::{debian, run};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's packages that build for the target.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// Debian's programs, by their paths: others of the same names may stand before them.
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LINKER: &str = "/usr/bin/wasm-ld";

/// The compiler, and what built it.
pub(super) struct Built {
    pub(super) wasm: Vec<u8>,
    pub(super) by: String,
}

pub(super) fn build(root: &Path) -> io::Result<Built> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let own = has_target(&rustc);
    let directory = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from).join("web");
    let mut cargo = if own {
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    } else {
        debian(&PACKAGES, "or `rustup target add wasm32-unknown-unknown` has the toolchain build for WebAssembly")?;
        by_debian()
    };
    run(cargo
        .args(["build", "--quiet", "--locked", "--profile", "playground", "--package", "rulecast-playground"])
        .args(["--target", TARGET])
        .args(if own { &[][..] } else { &["-Zbuild-std=std,panic_abort"] })
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", &directory)
        .current_dir(root))?;
    let wasm = std::fs::read(directory.join(TARGET).join("playground").join("rulecast_playground.wasm"))?;
    let by = version(if own { &rustc } else { RUSTC.as_ref() })?;
    Ok(Built { wasm, by })
}

/// Building the standard library is an unstable option, for which Debian's stable compiler is allowed to be asked.
fn by_debian() -> Command {
    let mut cargo = Command::new(CARGO);
    // What rustup's cargo says of itself to the programs that it runs is not true of this one.
    for name in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTUP_HOME", "LD_LIBRARY_PATH", "RUSTFLAGS"] {
        cargo.env_remove(name);
    }
    cargo.env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", LINKER);
    cargo
}

/// Whether a toolchain has the standard library for the target.
fn has_target(rustc: &OsString) -> bool {
    let output = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

fn version(rustc: &std::ffi::OsStr) -> io::Result<String> {
    let output = crate::programs::output(Command::new(rustc).arg("--version"))?;
    let text = String::from_utf8_lossy(&output).trim().to_owned();
    Ok(text.split(" (").next().unwrap_or_default().to_owned())
}
