//! What stands in the way of a file is named, all of it, and nothing is written.

use super::{Folder, Marked, made, tree};
use crate::{Error, compare, write_whole};

fn problems(error: &Error, folder: &Folder) -> String {
    error.to_string().replace(folder.path().to_str().unwrap(), "DIR").replace('\\', "/")
}

#[test]
fn files_of_people_and_directories() {
    let folder = Folder::new("obstacles");
    folder.put("a/mine.q", "mine").put("a/folder.q/x", "").put("a/file", "x").put("a/read.q", made("old"));
    let read_only = folder.path().join("a/read.q");
    let mut permissions = std::fs::metadata(&read_only).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&read_only, permissions).unwrap();
    let before = folder.all();
    let wanted = tree(&[
        ("a/mine.q", "new"),
        ("a/folder.q", "new"),
        ("a/file/x.q", "new"),
        ("a/read.q", "new"),
        ("a/possible.q", "new"),
    ]);
    let error = compare(&wanted, folder.path(), Some(&Marked)).unwrap().write().unwrap_err();
    insta::assert_snapshot!(problems(&error, &folder), @r"
    cannot write `DIR/a/file/x.q`: a part of its path is no directory
    cannot write `DIR/a/folder.q`: a directory is in its place
    cannot write `DIR/a/mine.q`: the file there was not made by this tool; move or delete it
    cannot write `DIR/a/read.q`: the file there is read-only
    ");
    assert_eq!(folder.all(), before);
}

#[cfg(unix)]
#[test]
fn links_and_sockets() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("links");
    folder.put("elsewhere/x", "kept").put("a/y", "");
    symlink("../elsewhere/x", folder.path().join("a/link.q")).unwrap();
    symlink("../elsewhere", folder.path().join("a/linked")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("a/s.q")).unwrap();
    let wanted = tree(&[("a/link.q", "new"), ("a/linked/x.q", "new"), ("a/s.q", "new")]);
    let error = compare(&wanted, folder.path(), Some(&Marked)).unwrap().write().unwrap_err();
    insta::assert_snapshot!(problems(&error, &folder), @r"
    cannot write `DIR/a/link.q`: a symbolic link is in its place
    cannot write `DIR/a/linked/x.q`: a symbolic link is in its place
    cannot write `DIR/a/s.q`: what is in its place is no regular file
    ");
    assert_eq!(std::fs::read(folder.path().join("elsewhere/x")).unwrap(), b"kept");
    assert!(!folder.path().join("elsewhere/x.q").exists());
}

#[test]
fn a_root_that_is_a_file() {
    let folder = Folder::new("file-root");
    folder.put("queries", "x");
    let error = compare(&tree(&[("a/x.q", "new")]), &folder.path().join("queries"), Some(&Marked)).unwrap_err();
    insta::assert_snapshot!(problems(&error, &folder), @"cannot read `DIR/queries`: a part of the path is no directory");
}

#[test]
fn places_where_a_single_file_cannot_be() {
    let folder = Folder::new("single");
    folder.put("folder/x", "");
    let problem = |path: &str| problems(&write_whole(&folder.path().join(path), b"new").unwrap_err(), &folder);
    assert_eq!(problem("folder"), "cannot write `DIR/folder`: a directory is in its place");
    assert_eq!(problem("none/x"), "cannot write `DIR/none/x`: it does not exist");
    assert_eq!(problem("folder/x/y"), "cannot write `DIR/folder/x/y`: a part of the path is no directory");
}
