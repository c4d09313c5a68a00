//! `rulecast lsp`: a language server for editors.

use crate::args::LspArgs;
use crate::exit::{Exit, Failure};
use rulecast_lsp::Ended;

pub(crate) fn run(args: &LspArgs) -> Result<Exit, Failure> {
    let LspArgs { stdio: _ } = args;
    Ok(match rulecast_lsp::run()? {
        Ended::Orderly => Exit::Clean,
        // As the protocol has it: 1 where `exit` came without `shutdown`.
        Ended::Abruptly => Exit::Findings,
    })
}
