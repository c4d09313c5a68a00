//! What maintainers run: `cargo xtask bench CORPUS`, `cargo xtask browse SITE_DIR`, `cargo xtask bundle-bench CORPUS`,
//! `cargo xtask cost CORPUS --events DIR`, `cargo xtask docs`,
//! `cargo xtask floors CORPUS`, `cargo xtask hooks`, `cargo xtask lsp-bench CORPUS`, `cargo xtask oracles [CORPUS…]`,
//! `cargo xtask playground [-o DIR]`, `cargo xtask prove CORPUS`,
//! `cargo xtask square --cases N`.

mod bench;
mod browse;
mod bundle_bench;
mod docs;
mod floors;
mod hooks;
mod lsp_bench;
mod oracles;
mod playground;
mod programs;
mod prove;
mod recordings;
mod rulecast;
mod rules;
mod square;

use clap::Parser;
use std::process::ExitCode;

/// A rule is many small trees: the system's allocator takes a fifth of the time that this one does not.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
#[command(name = "xtask")]
enum Task {
    /// Measure every pass over a directory of rules, against a bare scan of its YAML.
    Bench(bench::Args),
    /// Show the site in a browser, and see that it does what it should.
    Browse(browse::Args),
    /// Measure bundles of one, two and four times a corpus.
    BundleBench(bundle_bench::Args),
    /// Time the ways to ask for the end of a path, with the engines of the oracles.
    Cost(oracles::CostArgs),
    /// Write the pages of `docs/reference` that are made from the code.
    Docs(docs::Args),
    /// Fail if fewer rules of a corpus become queries than before.
    Floors(floors::Args),
    /// Show that pre-commit, forges and our own action take what we give them.
    Hooks(hooks::Args),
    /// Measure the answers of the language server, with a corpus as the folder that is open.
    LspBench(lsp_bench::Args),
    /// Ask programs of others whether our queries are well-formed.
    Oracles(oracles::Args),
    /// Build the playground: the compiler as WebAssembly, and its page.
    Playground(playground::Args),
    /// Read every emitted query back, and hold rules and queries against recorded events.
    Prove(prove::Args),
    /// Search generated rules and events for queries that mean something else than their rule.
    Square(square::Args),
}

fn main() -> ExitCode {
    let mut to = std::io::stdout().lock();
    let done = match Task::parse() {
        Task::Bench(args) => bench::run(&args, &mut to),
        Task::Browse(args) => browse::run(&args, &mut to),
        Task::BundleBench(args) => bundle_bench::run(&args, &mut to),
        Task::Cost(args) => oracles::cost(&args, &mut to),
        Task::Docs(args) => docs::run(&args, &mut to),
        Task::Floors(args) => floors::run(&args, &mut to),
        Task::Hooks(args) => hooks::run(&args, &mut to),
        Task::LspBench(args) => lsp_bench::run(&args, &mut to),
        Task::Oracles(args) => oracles::run(&args, &mut to),
        Task::Playground(args) => playground::run(&args, &mut to),
        Task::Prove(args) => prove::run(&args, &mut to),
        Task::Square(args) => square::run(&args, &mut to),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
