//! A directory that appears whole, whatever happens on the way.

use super::faults::{Fault, Faulty};
use super::{Folder, tree};
use crate::directory::write_directory_by;
use crate::error::{Error, Obstacle};
use crate::steps::Disk;
use crate::{Tree, write_directory};
use std::collections::BTreeMap;
use std::io;
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

fn is_ours(path: &Path) -> bool {
    path.join("SUMS").is_file()
}

#[test]
fn it_is_made_with_the_directories_above_it_and_replaced() {
    let folder = Folder::new("directory");
    let out = folder.path().join("above/out");
    write_directory(&out, &wanted(), is_ours).unwrap();
    assert_eq!(folder.list(), "above/out/SUMS\nabove/out/one/a.txt\nabove/out/one/deep/b.txt");
    write_directory(&out, &tree(&[("SUMS", "other")]), is_ours).unwrap();
    assert_eq!(folder.list(), "above/out/SUMS");
}

#[test]
fn what_others_made_stays() {
    let folder = Folder::new("directory-foreign");
    folder.put("out/mine.txt", "mine").put("file", "");
    let told = |path: &str| match write_directory(&folder.path().join(path), &wanted(), is_ours) {
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
        write_directory(&out, &old, is_ours).unwrap();
        let faulty = Faulty::new(Fault::End, at);
        let outcome = write_directory_by(&out, &new, is_ours, &faulty);
        let now = visible(&folder);
        let which = [as_map(&old), BTreeMap::new(), as_map(&new)].iter().position(|one| *one == now);
        seen[which.unwrap_or_else(|| panic!("after {at} steps there is {}", folder.list()))] = true;
        // The next run makes it, and removes what was left.
        write_directory_by(&out, &new, is_ours, &Disk).unwrap();
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
        write_directory(&out, &old, is_ours).unwrap();
        let faulty = Faulty::new(Fault::Refuse(io::ErrorKind::StorageFull), at);
        let outcome = write_directory_by(&out, &wanted(), is_ours, &faulty);
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
