//! The arguments of `rulecast lsp`.

use clap::Args;

pub(super) const LSP: &str = "\
A language server, which an editor starts: it reports every problem of an open rule, completes fields, modifiers, log \
sources, tags and selections, shows what each line becomes on each target, and offers fixes. Each rule stands under the \
nearest `rulecast.toml` upwards. docs/guides/editors.md says how to set editors up.";

pub(super) const EXIT_CODES_OF_LSP: &str = "\
Exit codes:
  0  the editor said `shutdown` and `exit`
  1  it went without
  3  wrong usage";

#[derive(Debug, Args)]
pub(crate) struct LspArgs {
    /// Talk on standard input and output: the only way there is, which some editors name.
    #[arg(long)]
    pub(crate) stdio: bool,
}
