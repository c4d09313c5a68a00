//! The arguments of `rulecast completions`.

use clap::Args;
use clap_complete::Shell;

pub(super) const COMPLETIONS: &str = "\
Prints the completions of a shell. Where each shell reads them:
  bash        rulecast completions bash > ~/.local/share/bash-completion/completions/rulecast
  zsh         rulecast completions zsh > DIR/_rulecast, with DIR in `fpath`
  fish        rulecast completions fish > ~/.config/fish/completions/rulecast.fish
  elvish      rulecast completions elvish > ~/.config/elvish/lib/rulecast.elv, and `use rulecast` in rc.elv
  powershell  rulecast completions powershell >> $PROFILE";

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Of which shell.
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}
