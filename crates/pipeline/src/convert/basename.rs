//! `basename`: a path, with its last name in a column of its own.
//!
//! `endswith '\x.exe'` asks for that name alone where the separator is the only one: an equality on the column of the
//! name, which every SIEM answers faster. Any other test is of the whole path.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Pattern, Scalar, Shape, Test};

#[derive(Debug)]
pub(crate) struct Basename {
    /// The whole path; some SIEMs keep the name alone.
    pub(crate) path: Option<Place>,
    /// What stands before the name, where the path is the two of them joined.
    pub(crate) folder: Option<Place>,
    /// The last name.
    pub(crate) name: Place,
}

impl Basename {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        if let Test::Text { pattern, case } = leaf.test
            && let Shape::Suffix(text) = pattern.shape()
            && let Some(name) = text.strip_prefix(leaf.separator)
            && !name.is_empty()
            && !name.contains(['\\', '/'])
        {
            return Ok(leaf.text(&self.name, Pattern::literal(name), *case));
        }
        match (&self.path, leaf.test) {
            (Some(_), Test::Exists(_)) if self.folder.is_some() => Ok(leaf.same(&self.name)),
            (Some(path), _) => Ok(leaf.same(path)),
            (None, Test::Exists(_)) => Ok(leaf.same(&self.name)),
            (None, _) => self.without_path(leaf),
        }
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        if let Some(folder) = &self.folder {
            let before = |value: &Scalar| value.text().rsplit_once('\\').map(|(before, _)| before.to_owned());
            row.put(folder, values.iter().filter_map(before).map(Scalar::Text));
        } else if let Some(path) = &self.path {
            row.put(path, values.iter().cloned());
        }
        // The two are joined by a backslash.
        let separator = if self.folder.is_some() { '\\' } else { row.separator };
        let last = |value: &Scalar| match value.text().rsplit_once(separator) {
            Some((_, name)) => name.to_owned(),
            None => value.text(),
        };
        row.put(&self.name, values.iter().map(|value| Scalar::Text(last(value))));
    }

    /// Without the path, a suffix can be told if it has no separator, for then it ends the last name.
    fn without_path(&self, leaf: &Leaf<'_>) -> Mapping {
        if let Test::Text { pattern, .. } = leaf.test
            && let Shape::Suffix(text) = pattern.shape()
            && !text.contains(['\\', '/'])
        {
            return Ok(leaf.same(&self.name));
        }
        Err(leaf
            .refuse_value(format_args!("only the file name is known, in `{}`", self.name.column.name()))
            .help(format!("write `|endswith: '{}name'`", leaf.separator)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const PROCESS: &str = "windows/process_creation";
    const LINUX: &str = "linux/process_creation";

    #[test]
    fn a_suffix_that_is_a_whole_name_is_equality_on_the_name() {
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Image|endswith", &[r"\cmd.exe", r"\PowerShell.exe"])),
            @"process.name = 'cmd.exe' or process.name = 'PowerShell.exe'"
        );
        assert_snapshot!(mapped("ecs", LINUX, item("Image|endswith", &["/curl"])), @"process.name = 'curl'");
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Image|endswith|cased", &[r"\Cmd.exe"])),
            @"process.name == 'Cmd.exe'"
        );
    }

    #[test]
    fn any_other_test_is_of_the_whole_path() {
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Image|endswith", &["cmd.exe"])),
            @"process.executable = '*cmd.exe'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Image|endswith", &[r"\Temp\cmd.exe"])),
            @r"process.executable = '*\Temp\cmd.exe'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Image|endswith", &["/cmd.exe"])),
            @"process.executable = '*/cmd.exe'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Image|endswith", &[r"\\*.exe"])),
            @r"process.executable = '*\*.exe'"
        );
        assert_snapshot!(mapped("ecs", PROCESS, item("Image|endswith", &[r"\\"])), @r"process.executable = '*\'");
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Image|contains", &[r"\cmd.exe"])),
            @r"process.executable = '*\cmd.exe*'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("Image", &[r"C:\Windows\cmd.exe"])),
            @r"process.executable = 'C:\Windows\cmd.exe'"
        );
        assert_snapshot!(mapped("ecs", PROCESS, item("Image|exists", &["false"])), @"process.executable missing");
        assert_snapshot!(
            mapped("xdr", PROCESS, item("Image|startswith", &[r"C:\Users\\"])),
            @r"FolderPath = 'C:\Users\*' {mapping:Image}"
        );
    }

    #[test]
    fn without_the_path_only_the_name_can_be_told() {
        assert_snapshot!(
            mapped("xdr", PROCESS, item("GrandParentImage|endswith", &[r"\winword.exe", "word.exe"])),
            @"InitiatingProcessParentFileName = 'winword.exe' or InitiatingProcessParentFileName = '*word.exe'"
        );
        assert_snapshot!(
            mapped("xdr", PROCESS, item("GrandParentImage|exists", &["true"])),
            @"InitiatingProcessParentFileName exists"
        );
        assert_snapshot!(
            mapped("xdr", PROCESS, item("GrandParentImage|startswith", &[r"C:\Users"])),
            @r"value at 10: the value `C:\Users*` of `GrandParentImage` cannot be mapped: only the file name is known, in `InitiatingProcessParentFileName` (write `|endswith: '\name'`)"
        );
    }

    #[test]
    fn of_an_event_the_last_name_stands_apart() {
        assert_snapshot!(
            projected("ecs", "windows/process_creation", &[("Image", r"C:\a\x.exe")]),
            @r"events {process.executable: 'C:\a\x.exe', process.name: 'x.exe'}"
        );
        assert_snapshot!(
            projected("ecs", "linux/process_creation", &[("Image", r"/usr/bin/a\b")]),
            @r"events {process.executable: '/usr/bin/a\b', process.name: 'a\b'}"
        );
        assert_snapshot!(
            projected("xdr", "windows/process_creation", &[("GrandParentImage", r"C:\a\x.exe")]),
            @"DeviceProcessEvents {InitiatingProcessParentFileName: 'x.exe'}"
        );
        let events: [&[(&str, &str)]; 6] = [
            &[],
            &[("Image", r"C:\a\x.exe")],
            &[("Image", "X.EXE")],
            &[("Image", "")],
            &[("Image", r"C:\a\")],
            &[("Image", r"C:\a\wx.exe")],
        ];
        let items: [(&str, &[&str]); 6] = [
            ("Image|endswith", &[r"\x.exe", "x.exe", r"a\x.exe"]),
            ("Image", &["x.exe", "*"]),
            ("Image|contains", &[r"\a\\"]),
            ("Image|exists", &["true"]),
            ("Image", &[r"C:\a\x.exe"]),
            ("Image|startswith", &[r"C:\"]),
        ];
        agree("ecs", "windows/process_creation", &events, &items);
        agree("xdr", "windows/process_creation", &events, &items);
    }
}
