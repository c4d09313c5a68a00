//! `lock --bump`: versions raised in the rules' files.

use crate::compiled::CompiledFile;
use crate::exit::Failure;
use rulecast_diagnostics::{Diagnostic, FileId, Fix, apply};
use rulecast_files::write_whole;
use rulecast_lock::Comparison;
use rulecast_repository::Input;
use rulecast_rule::{Piece, outline};

/// Raises the versions that must rise, and returns the names of the files where it did, with how many each.
///
/// A file is left alone if it has changed since it was read, or if more than versions would change in it.
pub(super) fn bump(
    inputs: &[Input],
    files: &[CompiledFile],
    comparison: &Comparison,
) -> Result<Vec<(String, usize)>, Failure> {
    let mut raised = Vec::new();
    if files.iter().any(|file| !file.is_valid()) {
        return Ok(raised);
    }
    for (at, (input, file)) in inputs.iter().zip(files).enumerate() {
        let fixes: Vec<&Fix> = comparison
            .problems
            .iter()
            .filter(|(of, problem)| *of == at && is_about_version(problem))
            .filter_map(|(_, problem)| problem.fix.as_ref())
            .collect();
        let Some(path) = input.path().filter(|_| !fixes.is_empty()) else { continue };
        let (new, made) = apply(file.text(), fixes);
        let made = made.into_iter().filter(|made| *made).count();
        let is_as_read = || std::fs::read(path).is_ok_and(|bytes| bytes == file.text().as_bytes());
        if made > 0 && differ_by_version(file.text(), &new) && is_as_read() {
            write_whole(path, new.as_bytes())?;
            raised.push((input.name.clone(), made));
        }
    }
    Ok(raised)
}

fn is_about_version(problem: &Diagnostic) -> bool {
    matches!(problem.name, "version-not-raised" | "version-lowered")
}

/// Whether the YAML of both texts is the same but for versions, and the new one has no errors that the old one had not.
fn differ_by_version(old: &str, new: &str) -> bool {
    let sound = |text: &str| !rulecast_rule::parse(FileId(0), text).has_errors();
    match (without_versions(old), without_versions(new)) {
        (Some(before), Some(after)) => before == after && sound(new) == sound(old),
        _ => false,
    }
}

/// The pieces of a YAML text, without the top-level keys `version` and their values.
fn without_versions(text: &str) -> Option<Vec<Piece>> {
    let mut depth = 0_usize;
    let mut pieces = Vec::new();
    let mut skip_value = false;
    for piece in outline(text)? {
        let is_value = std::mem::take(&mut skip_value);
        match &piece.node {
            Piece::Map | Piece::List => depth += 1,
            Piece::End => depth = depth.saturating_sub(1),
            Piece::Key(key) if depth == 1 && key == "version" => {
                skip_value = true;
                continue;
            }
            Piece::Scalar(..) if is_value => continue,
            Piece::Key(_) | Piece::Scalar(..) => {}
        }
        pieces.push(piece.node);
    }
    Some(pieces)
}
