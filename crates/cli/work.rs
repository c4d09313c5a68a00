//! Files to rules, as the command runs it: on a terminal, it shows how far it is.

use crate::exit::Failure;
use crate::progress::Progress;
use rulecast_ir::Placeholders;
use rulecast_repository::{Chosen, File, Input, for_each_file};

/// Calls `job` with each file, its placeholders filled, and returns what it made of them in their order.
pub(crate) fn of_each_file<T: Send>(
    inputs: &[Input],
    placeholders: &Placeholders,
    chosen: &Chosen,
    job: impl Fn(File<'_>) -> T + Sync,
) -> Result<Vec<T>, Failure> {
    let progress = Progress::new(inputs.len(), "files");
    Ok(for_each_file(inputs, placeholders, chosen, || progress.step(), job)?)
}
