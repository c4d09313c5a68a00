//! Paths from the directory of the lock.

use std::path::{Component, Path, PathBuf};

/// The path of a file from a directory, with `/` between its parts. Both are as a person would give them.
pub(super) fn below(directory: &Path, file: &Path) -> String {
    let (directory, file) = (absolute(directory), absolute(file));
    let shared = directory.iter().zip(&file).take_while(|(one, other)| one == other).count();
    let up = directory.iter().skip(shared).map(|_| "..".into());
    let parts: Vec<_> = up.chain(file.iter().skip(shared).map(|part| part.to_string_lossy())).collect();
    parts.join("/")
}

/// From the root, without `.` and `..`. Links are taken for directories.
fn absolute(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => {
                whole.pop();
            }
            Component::CurDir => {}
            other => whole.push(other),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::below;
    use std::path::Path;

    #[test]
    fn paths_lead_from_the_directory_of_the_lock_to_the_rule() {
        for (directory, file, expected) in [
            (".", "rules/a.yml", "rules/a.yml"),
            ("..", "a.yml", "rules/a.yml"),
            ("locks", "rules/a.yml", "../rules/a.yml"),
            (".", "x/../rules/./a.yml", "rules/a.yml"),
            ("/elsewhere", "/elsewhere/b/a.yml", "b/a.yml"),
        ] {
            // As if in a directory `rules`, for the second.
            let here = std::env::current_dir().unwrap();
            let name = here.file_name().unwrap().to_string_lossy().into_owned();
            let expected = if directory == ".." { expected.replace("rules", &name) } else { expected.to_owned() };
            assert_eq!(below(Path::new(directory), Path::new(file)), expected);
        }
    }
}
