//! What fuzzing found worth keeping still holds.

use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// On a thread of its own, with the stack that the command gives its threads.
fn replay(name: &str, run: fn(&[u8]), files: Vec<PathBuf>) {
    assert!(!files.is_empty(), "no inputs for {name}");
    let all = move || {
        for file in files {
            let bytes = std::fs::read(&file).expect("a kept input can be read");
            assert!(std::panic::catch_unwind(|| run(&bytes)).is_ok(), "{}", file.display());
        }
    };
    let thread = std::thread::Builder::new().stack_size(16 * 1024 * 1024).spawn(all).expect("a thread starts");
    assert!(thread.join().is_ok(), "{name}");
}

#[test]
fn every_kept_input() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, run) in rulecast_fuzz::ALL {
        replay(name, *run, files(&corpus.join(name)));
    }
}
