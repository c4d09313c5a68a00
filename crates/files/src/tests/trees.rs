//! What is compared and written when nothing goes wrong.

use super::{Folder, MARK, Marked, made, tree};
use crate::{Owner, Tree, Written, compare, write_whole};

fn changes(tree: &Tree, folder: &Folder, owner: Option<&dyn Owner>) -> String {
    let compared = compare(tree, folder.path(), owner).unwrap();
    let mut lines: Vec<String> =
        compared.changes.iter().map(|change| format!("{} {}", change.drift.word(), change.path)).collect();
    lines.push(format!("{} unchanged", compared.unchanged));
    lines.join("\n")
}

#[test]
fn a_tree_is_compared_written_and_then_as_it_should_be() {
    let folder = Folder::new("whole");
    folder.put("a/same.q", made("same")).put("a/old.q", made("old")).put("a/deep/er/gone.q", made("gone"));
    folder.put("b/gone.q", made("gone")).put("other/x.q", made("of nobody"));
    let wanted = tree(&[("a/same.q", "same"), ("a/old.q", "new"), ("a/new.q", "new"), ("c/d/new.q", "new")]);
    insta::assert_snapshot!(changes(&wanted, &folder, Some(&Marked)), @r"
    stale a/deep/er/gone.q
    missing a/new.q
    modified a/old.q
    stale b/gone.q
    missing c/d/new.q
    1 unchanged
    ");
    let written = compare(&wanted, folder.path(), Some(&Marked)).unwrap().write().unwrap();
    assert_eq!(written, Written { added: 2, changed: 1, removed: 2 });
    insta::assert_snapshot!(changes(&wanted, &folder, Some(&Marked)), @"4 unchanged");
    // Directories that are left empty go with their files.
    insta::assert_snapshot!(folder.list(), @r"
    a/new.q
    a/old.q
    a/same.q
    c/d/new.q
    other/x.q
    ");
    assert!(wanted.files().all(|(path, bytes)| folder.all()[path] == bytes));
}

#[test]
fn what_no_run_made_is_not_stale() {
    let folder = Folder::new("people");
    folder
        .put("a/mine.q", "a query of mine")
        .put("a/README.md", "read me")
        .put("a/short.q", &MARK[..3])
        .put("top.q", MARK);
    folder.put("a/.q", "").put("c/made.q", made("made"));
    insta::assert_snapshot!(changes(&Tree::new(), &folder, Some(&Marked)), @"0 unchanged");
    let before = folder.all();
    assert_eq!(compare(&Tree::new(), folder.path(), Some(&Marked)).unwrap().write().unwrap(), Written::default());
    assert_eq!(folder.all(), before);
}

#[test]
fn without_an_owner_all_is_replaced_and_nothing_is_stale() {
    let folder = Folder::new("nobody");
    folder.put("a/mine.q", "mine").put("a/other.q", made("other"));
    let wanted = tree(&[("a/mine.q", "new")]);
    insta::assert_snapshot!(changes(&wanted, &folder, None), @r"
    modified a/mine.q
    0 unchanged
    ");
    compare(&wanted, folder.path(), None).unwrap().write().unwrap();
    insta::assert_snapshot!(folder.list(), @r"
    a/mine.q
    a/other.q
    ");
}

#[test]
fn a_directory_that_is_not_there_is_made() {
    let folder = Folder::new("root");
    let root = folder.path().join("deep/queries");
    let wanted = tree(&[("a/x.q", "new")]);
    compare(&wanted, &root, Some(&Marked)).unwrap().write().unwrap();
    insta::assert_snapshot!(folder.list(), @"deep/queries/a/x.q");
    // Without files there is nothing to make one for.
    let nothing = folder.path().join("nothing");
    compare(&Tree::new(), &nothing, Some(&Marked)).unwrap().write().unwrap();
    assert!(!nothing.exists());
}

#[test]
fn an_empty_file_holds_nothing_to_keep() {
    let folder = Folder::new("empty");
    folder.put("a/x.q", "");
    let wanted = tree(&[("a/x.q", "new")]);
    compare(&wanted, folder.path(), Some(&Marked)).unwrap().write().unwrap();
    assert_eq!(folder.all()["a/x.q"], made("new"));
}

#[test]
fn two_files_never_share_a_place() {
    let clash = |first: &str, second: &str| {
        let mut tree = Tree::new();
        tree.add(first, "", "one.yml").unwrap();
        tree.add(second, "", "other.yml").map_or_else(|clash| clash.to_string(), |()| "both".to_owned())
    };
    assert_eq!(clash("a/x.q", "a/X.q"), "`one.yml` and `other.yml` would both be written to `a/X.q`");
    assert_eq!(clash("a/Ä.q", "A/ä.q"), "`one.yml` and `other.yml` would both be written to `A/ä.q`");
    assert_eq!(clash("a", "a/x.q"), "`one.yml` and `other.yml` would both be written to `a/x.q`");
    assert_eq!(clash("a/b/x.q", "A/B"), "`one.yml` and `other.yml` would both be written to `A/B`");
    assert_eq!(clash("a/b", "a/b.q"), "both");
    assert_eq!(clash("a/b/x", "a/b.q"), "both");
}

#[test]
#[should_panic(expected = "`a/../x` is no path below a directory")]
fn no_path_leads_out_of_the_tree() {
    let _ = Tree::new().add("a/../x", "", "x");
}

#[test]
fn a_rename_that_changes_the_case_alone_is_both_stale_and_missing() {
    let folder = Folder::new("case");
    folder.put("a/Name.q", made("x"));
    if folder.path().join("a/NAME.q").exists() {
        // Here the case of letters does not count.
        insta::assert_snapshot!(changes(&tree(&[("a/name.q", "x")]), &folder, Some(&Marked)), @"1 unchanged");
    } else {
        insta::assert_snapshot!(changes(&tree(&[("a/name.q", "x")]), &folder, Some(&Marked)), @r"
        stale a/Name.q
        missing a/name.q
        0 unchanged
        ");
    }
}

#[test]
fn one_file_is_written_whole() {
    let folder = Folder::new("one");
    let path = folder.path().join("x.lock");
    write_whole(&path, b"first").unwrap();
    write_whole(&path, b"second").unwrap();
    assert_eq!(folder.all()["x.lock"], b"second");
    assert_eq!(folder.list(), "x.lock");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("modes");
    folder.put("real/x.lock", "old").put("a/x.q", made("old"));
    let mode = |path: &str| std::fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
    for path in ["real/x.lock", "a/x.q"] {
        std::fs::set_permissions(folder.path().join(path), PermissionsExt::from_mode(0o640)).unwrap();
    }
    symlink("real/x.lock", folder.path().join("link")).unwrap();
    write_whole(&folder.path().join("link"), b"new").unwrap();
    assert!(folder.path().join("link").is_symlink());
    assert_eq!((folder.all()["real/x.lock"].as_slice(), mode("real/x.lock")), (b"new".as_slice(), 0o640));
    compare(&tree(&[("a/x.q", "new")]), folder.path(), Some(&Marked)).unwrap().write().unwrap();
    assert_eq!(mode("a/x.q"), 0o640);
}
