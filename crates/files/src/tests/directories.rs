//! A directory that appears whole, whatever happens on the way.

use super::faults::{Fault, Faulty};
use super::{Folder, tree};
use crate::error::{Error, Obstacle};
use crate::steps::{Disk, Steps};
use crate::{NewDirectory, Tree};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

fn wanted() -> Tree {
    tree(&[("one/a.txt", "new a"), ("one/deep/b.txt", "new b"), ("SUMS", "new")])
}

fn as_map(tree: &Tree) -> BTreeMap<String, Vec<u8>> {
    tree.files().map(|(path, bytes)| (format!("out/{path}"), bytes.to_vec())).collect()
}

/// The directory with its files alone: not what a run has left behind.
fn visible(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    folder.all().into_iter().filter(|(path, _)| path.starts_with("out/")).collect()
}

/// Writes a tree: its last file piece by piece, as a copy of what was written before.
fn write_by(path: &Path, tree: &Tree, steps: &dyn Steps) -> Result<(), Error> {
    let mut directory = NewDirectory::begin_by(path, is_ours, steps)?;
    let files: Vec<(String, Vec<u8>)> = tree.files().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
    directory.add(files[1..].to_vec(), "a test")?;
    let (path, bytes) = &files[0];
    directory.add_by(path, "a test", |_, file| bytes.chunks(1000).try_for_each(|chunk| file.write_all(chunk)))?;
    assert_eq!(directory.paths().collect::<Vec<_>>(), tree.files().map(|(path, _)| path).collect::<Vec<_>>());
    directory.finish()
}

fn write_directory(path: &Path, tree: &Tree) -> Result<(), Error> {
    write_by(path, tree, &Disk)
}

fn is_ours(path: &Path) -> bool {
    path.join("SUMS").is_file()
}

#[test]
fn it_is_made_with_the_directories_above_it_and_replaced() {
    let folder = Folder::new("directory");
    let out = folder.path().join("above/out");
    write_directory(&out, &wanted()).unwrap();
    assert_eq!(folder.list(), "above/out/SUMS\nabove/out/one/a.txt\nabove/out/one/deep/b.txt");
    write_directory(&out, &tree(&[("SUMS", "other")])).unwrap();
    assert_eq!(folder.list(), "above/out/SUMS");
}

#[test]
fn what_others_made_stays() {
    let folder = Folder::new("directory-foreign");
    folder.put("out/mine.txt", "mine").put("file", "");
    let told = |path: &str| match write_directory(&folder.path().join(path), &wanted()) {
        Err(Error::Obstacles { obstacles }) => obstacles[0].1,
        other => panic!("{other:?}"),
    };
    assert_eq!((told("out"), told("file")), (Obstacle::ForeignFolder, Obstacle::File));
    assert_eq!(folder.list(), "file\nout/mine.txt");
}

#[test]
fn an_end_at_any_step_leaves_the_old_one_none_or_the_new_one() {
    let (old, new) = (tree(&[("SUMS", "old"), ("gone/x.txt", "old x")]), wanted());
    let mut seen = [false; 3];
    for at in 0.. {
        let folder = Folder::new("directory-ended");
        let out = folder.path().join("out");
        write_directory(&out, &old).unwrap();
        let faulty = Faulty::new(Fault::End, at);
        let outcome = write_by(&out, &new, &faulty);
        let now = visible(&folder);
        let which = [as_map(&old), BTreeMap::new(), as_map(&new)].iter().position(|one| *one == now);
        seen[which.unwrap_or_else(|| panic!("after {at} steps there is {}", folder.list()))] = true;
        // The next run makes it, and removes what was left.
        write_by(&out, &new, &Disk).unwrap();
        assert_eq!(folder.all(), as_map(&new), "after {at} steps");
        if !faulty.fired() {
            assert!(outcome.is_ok());
            break;
        }
    }
    assert_eq!(seen, [true; 3], "the old one, none, and the new one each stand at some step");
}

#[test]
fn a_disk_that_refuses_leaves_the_old_one_and_an_error() {
    for at in 0.. {
        let folder = Folder::new("directory-refused");
        let out = folder.path().join("out");
        let old = tree(&[("SUMS", "old")]);
        write_directory(&out, &old).unwrap();
        let faulty = Faulty::new(Fault::Refuse(io::ErrorKind::StorageFull), at);
        let outcome = write_by(&out, &wanted(), &faulty);
        match &outcome {
            Ok(()) => assert_eq!(visible(&folder), as_map(&wanted()), "at step {at}"),
            Err(error) => {
                assert!(error.to_string().contains("the disk is full"), "{error}");
                assert_eq!(visible(&folder), as_map(&old), "at step {at}");
            }
        }
        if !faulty.fired() {
            assert!(at > 8 && outcome.is_ok());
            break;
        }
    }
}

#[test]
fn what_is_given_up_leaves_nothing() {
    let folder = Folder::new("directory-given-up");
    let mut directory = NewDirectory::begin(&folder.path().join("out"), is_ours).unwrap();
    directory.add(vec![("a/b.txt".to_owned(), b"b".to_vec())], "b").unwrap();
    assert_eq!(io::read_to_string(directory.open("a/b.txt").unwrap()).unwrap(), "b");
    let error = directory.add(vec![("A/B.txt".to_owned(), Vec::new())], "other").unwrap_err();
    assert_eq!(error.to_string(), "`b` and `other` would both be written to `A/B.txt`");
    drop(directory);
    assert_eq!(folder.list(), "");
}
