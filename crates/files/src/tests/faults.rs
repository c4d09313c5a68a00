//! The process ends, or the disk fails, at every single step.

use super::{Folder, Marked, made, tree};
use crate::compare::compare_by;
use crate::error::Error;
use crate::parts::is_part;
use crate::steps::{Disk, Step, Steps};
use crate::whole::write_whole_by;
use crate::{Tree, compare};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// The process ends: nothing is done any more. Of a file that is being written, one half is.
    End,
    /// The disk refuses one step.
    Refuse(io::ErrorKind),
}

pub(super) struct Faulty {
    fault: Fault,
    at: usize,
    done: AtomicUsize,
}

impl Faulty {
    pub(super) fn new(fault: Fault, at: usize) -> Self {
        Self { fault, at, done: AtomicUsize::new(0) }
    }

    /// Whether it came to the step.
    pub(super) fn fired(&self) -> bool {
        self.done.load(Ordering::SeqCst) > self.at
    }
}

impl Steps for Faulty {
    fn before(&self, step: Step<'_>) -> io::Result<()> {
        if let Step::Read(_) = step {
            return Ok(());
        }
        let number = self.done.fetch_add(1, Ordering::SeqCst);
        match self.fault {
            Fault::End if number >= self.at => {
                if let (Step::Write(path, bytes), true) = (step, number == self.at) {
                    std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
                }
                Err(io::Error::other("ended"))
            }
            Fault::Refuse(kind) if number == self.at => Err(kind.into()),
            _ => Ok(()),
        }
    }
}

/// A directory as an earlier run left it, with files of people, and the tree that it should hold.
fn before(name: &str) -> (Folder, Tree) {
    let folder = Folder::new(name);
    let earlier = tree(&[("a/same.q", "same"), ("a/old.q", "old"), ("a/was/renamed.q", "moved"), ("b/gone.q", "gone")]);
    compare(&earlier, folder.path(), Some(&Marked)).unwrap().write().unwrap();
    folder.put("a/mine.q", "mine").put("notes.md", "notes").put("b/.hidden", "");
    let wanted = tree(&[
        ("a/same.q", "same"),
        ("a/old.q", "new"),
        ("a/is/renamed.q", "moved"),
        ("a/is/new.q", "other"),
        ("c/d/first.q", "first"),
    ]);
    (folder, wanted)
}

fn is_output(path: &str) -> bool {
    !path.ends_with('/') && !is_part(Path::new(path).file_name().unwrap().to_str().unwrap())
}

/// Files of the directory that neither are unfinished nor as they were.
fn differing(now: &BTreeMap<String, Vec<u8>>, before: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Option<Vec<u8>>> {
    let gone = before.keys().filter(|path| !now.contains_key(*path)).map(|path| (path.clone(), None));
    let other = now.iter().filter(|(path, bytes)| is_output(path) && before.get(*path) != Some(bytes));
    gone.chain(other.map(|(path, bytes)| (path.clone(), Some(bytes.clone())))).collect()
}

/// Every file is whole, the comparison names what is not as it should be, and the next run completes it.
fn is_sound_and_completes(folder: &Folder, wanted: &Tree, before: &BTreeMap<String, Vec<u8>>, at: usize) {
    let now = folder.all();
    for (path, held) in differing(&now, before) {
        match held {
            Some(bytes) => assert_eq!(wanted.get(&path), Some(bytes.as_slice()), "{path} after {at} steps"),
            None => assert!(wanted.get(&path).is_none(), "{path} is gone after {at} steps"),
        }
    }
    let compared = compare(wanted, folder.path(), Some(&Marked)).unwrap();
    let named: Vec<String> =
        compared.changes.iter().map(|change| format!("{} {}", change.drift.word(), change.path)).collect();
    let mut expected: Vec<(&str, &str)> = Vec::new();
    for (path, bytes) in wanted.files() {
        match now.get(path) {
            None => expected.push((path, "missing")),
            Some(held) if held != bytes => expected.push((path, "modified")),
            Some(_) => {}
        }
    }
    let stale = ["a/was/renamed.q", "b/gone.q"].into_iter().filter(|path| now.contains_key(*path));
    expected.extend(stale.map(|path| (path, "stale")));
    expected.sort_unstable();
    let expected: Vec<String> = expected.iter().map(|(path, word)| format!("{word} {path}")).collect();
    assert_eq!(named, expected, "after {at} steps");

    compared.write().unwrap();
    assert!(compare(wanted, folder.path(), Some(&Marked)).unwrap().changes.is_empty(), "after {at} steps");
    let after = folder.all();
    // An empty directory may stay: nothing keeps track of those.
    assert!(
        after.keys().all(|path| path.ends_with('/') || is_output(path)),
        "something is left after {at} steps: {}",
        folder.list()
    );
    for path in ["a/mine.q", "notes.md", "b/.hidden"] {
        assert_eq!(after[path], before[path]);
    }
}

fn each_step(name: &str, fault: Fault, check: impl Fn(&Folder, &Error)) -> usize {
    for at in 0.. {
        let (folder, wanted) = before(name);
        let old = folder.all();
        let faulty = Faulty::new(fault, at);
        let compared = compare(&wanted, folder.path(), Some(&Marked)).unwrap();
        let outcome = compared.write_by(&faulty);
        let fired = faulty.fired();
        if let Err(error) = &outcome {
            check(&folder, error);
        }
        is_sound_and_completes(&folder, &wanted, &old, at);
        if !fired {
            assert!(outcome.is_ok(), "{outcome:?}");
            return at;
        }
    }
    unreachable!("the steps of a run come to an end")
}

#[test]
fn a_run_that_ends_at_any_step_leaves_whole_files() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let steps = one.install(|| each_step("end-in-order", Fault::End, |_, _| {}));
    // Four directories; four files made, written, synced and renamed; two removed with their directories.
    assert_eq!(steps, 3 + 4 * 4 + 2 + 3);
    each_step("end", Fault::End, |_, _| {});
}

#[test]
fn a_step_that_is_refused_is_named_and_leaves_whole_files() {
    each_step("refused", Fault::Refuse(io::ErrorKind::PermissionDenied), |folder, error| {
        let text = error.to_string();
        assert!(text.starts_with("cannot ") && text.ends_with("`: no permission"), "{text}");
        let path = text.split('`').nth(1).unwrap();
        assert!(Path::new(path).starts_with(folder.path()) && is_output(path), "{text}");
        let left = folder.all();
        assert!(left.keys().all(|path| path.ends_with('/') || is_output(path)), "{}", folder.list());
    });
}

/// A disk on which there is no room for one of the files.
struct Full {
    room_for: usize,
    taken: AtomicUsize,
}

impl Steps for Full {
    fn before(&self, step: Step<'_>) -> io::Result<()> {
        match step {
            // Some systems notice only here.
            Step::Write(..) | Step::Sync if self.taken.fetch_add(1, Ordering::SeqCst) >= self.room_for => {
                Err(io::ErrorKind::StorageFull.into())
            }
            _ => Ok(()),
        }
    }
}

#[test]
fn a_disk_that_is_full_leaves_the_old_tree() {
    for room_for in 0..8 {
        let (folder, wanted) = before("full");
        let old = folder.all();
        let compared = compare(&wanted, folder.path(), Some(&Marked)).unwrap();
        let error = compared.write_by(&Full { room_for, taken: AtomicUsize::new(0) }).unwrap_err();
        assert!(error.to_string().ends_with(".q`: the disk is full"), "{error}");
        assert_eq!(differing(&folder.all(), &old), BTreeMap::new());
        is_sound_and_completes(&folder, &wanted, &old, room_for);
    }
}

#[test]
fn a_single_file_is_the_old_one_or_the_new_one() {
    for fault in [Fault::End, Fault::Refuse(io::ErrorKind::PermissionDenied)] {
        for at in 0.. {
            let folder = Folder::new(&format!("single-{at}"));
            folder.put("x.lock", made("old")).put(".y.lock.7-0.rulecast-part", "of another file");
            let path = folder.path().join("x.lock");
            let outcome = write_whole_by(&path, &made("new"), &Faulty::new(fault, at));
            let held = folder.all().remove("x.lock").unwrap();
            let expected = if outcome.is_ok() { made("new") } else { made("old") };
            assert_eq!(held, expected, "{fault:?} at {at}");
            if let (Fault::Refuse(_), Err(error)) = (fault, &outcome) {
                assert_eq!(error.to_string(), format!("cannot write `{}`: no permission", path.display()));
                assert_eq!(folder.list(), ".y.lock.7-0.rulecast-part\nx.lock");
            }
            write_whole_by(&path, &made("next"), &Disk).unwrap();
            assert_eq!(folder.list(), ".y.lock.7-0.rulecast-part\nx.lock");
            if outcome.is_ok() {
                assert_eq!(at, 4);
                break;
            }
        }
    }
}

/// A disk that refuses to read one file.
struct Unreadable(&'static str);

impl Steps for Unreadable {
    fn before(&self, step: Step<'_>) -> io::Result<()> {
        match step {
            Step::Read(path) if path.ends_with(self.0) => Err(io::ErrorKind::PermissionDenied.into()),
            _ => Ok(()),
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let (folder, wanted) = before("unreadable");
    for path in ["a/old.q", "b/gone.q"] {
        let error = compare_by(&wanted, folder.path(), Some(&Marked), &Unreadable(path)).unwrap_err();
        let full = folder.path().join(path);
        assert_eq!(error.to_string(), format!("cannot read `{}`: no permission", full.display()));
    }
}

#[test]
fn two_runs_do_not_write_at_once() {
    let (folder, wanted) = before("busy");
    let old = folder.all();
    let other = std::fs::File::open(folder.path()).unwrap();
    if other.try_lock().is_err() {
        return;
    }
    let compared = compare(&wanted, folder.path(), Some(&Marked)).unwrap();
    let error = compared.write().unwrap_err();
    assert_eq!(error.to_string(), format!("another run is writing to `{}`", folder.path().display()));
    assert_eq!(folder.all(), old);
    drop(other);
    compared.write().unwrap();
}

#[test]
fn a_single_file_of_a_run_that_goes_on_is_not_cleaned_away() {
    let folder = Folder::new("held");
    folder.put(".x.lock.7-0.rulecast-part", "half");
    let held = std::fs::OpenOptions::new().write(true).open(folder.path().join(".x.lock.7-0.rulecast-part")).unwrap();
    held.lock().unwrap();
    write_whole_by(&folder.path().join("x.lock"), b"new", &Disk).unwrap();
    assert_eq!(folder.list(), ".x.lock.7-0.rulecast-part\nx.lock");
    drop(held);
    write_whole_by(&folder.path().join("x.lock"), b"new", &Disk).unwrap();
    assert_eq!(folder.list(), "x.lock");
}
