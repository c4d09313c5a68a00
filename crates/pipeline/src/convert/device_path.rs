//! `device_path`: a path on a drive (`C:\Windows\x.exe`) whose column names the device instead
//! (`\device\harddiskvolume2\windows\x.exe`).
//!
//! Which device a drive is differs from host to host. So only what follows the drive can be asked for, whatever is in front
//! of it; a name without a path (`System`) stands as it is. The column is in small letters.

use super::{Leaf, Mapping, Place, show_pattern};
use crate::project::Draft;
use rulecast_ir::{Case, Part, Scalar, Test};

#[derive(Debug)]
pub(crate) struct DevicePath(pub(crate) Place);

impl DevicePath {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let pattern = match leaf.test {
            Test::Exists(_) => return Ok(leaf.same(&self.0)),
            Test::Text { pattern, case: Case::Insensitive } => pattern,
            Test::Text { .. } => return Err(leaf.refuse_value("the column has paths in small letters")),
            _ => return Err(leaf.refuse_value("the column names the device, and not the drive, that the path is on")),
        };
        let is_bare = pattern.as_literal().is_some_and(|name| !name.is_empty() && !name.contains([':', '\\']));
        // What the device's own name has might be found there.
        let text = show_pattern(pattern).to_ascii_lowercase();
        let is_after = matches!(pattern.parts(), [Part::AnyRun, Part::Literal(first), ..] if first.len() > 1)
            && !text.contains(':')
            && pattern.literals().next().is_some_and(|first| first.starts_with('\\'))
            && !r"\device\harddiskvolume".contains(text.trim_matches('*'));
        if is_bare || is_after {
            return Ok(leaf.same(&self.0));
        }
        Err(leaf.refuse_value("the column names the device, and not the drive, that the path is on"))
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        let path = |value: &Scalar| {
            let text = value.text().to_ascii_lowercase();
            match text.split_once(":\\") {
                Some((drive, path)) if drive.len() == 1 => format!(r"\device\harddiskvolume2\{path}"),
                _ => text,
            }
        };
        row.put(&self.0, values.iter().map(|value| Scalar::Text(path(value))));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const NETWORK: &str = "windows/network_connection";

    #[test]
    fn what_follows_the_drive_stands_there() {
        assert_snapshot!(mapped("winlog", NETWORK, item("Image|endswith", &[r"\x.exe"])), @r"Application = '*\x.exe'");
        assert_snapshot!(mapped("winlog", NETWORK, item("Image", &["System"])), @"Application = 'System'");
        for (key, value) in [
            ("Image", r"C:\x.exe"),
            ("Image|startswith", r"C:\Windows\"),
            ("Image|contains", r":\Temp\"),
            ("Image|contains", "disk"),
            ("Image|contains", r"\device"),
            ("Image", ""),
        ] {
            let refused = mapped("winlog", NETWORK, item(key, &[value]));
            assert!(refused.contains("the device, and not the drive"), "{key} {value}: {refused}");
        }
        assert_snapshot!(
            mapped("winlog", NETWORK, item("Image|cased|endswith", &[r"\X.exe"])),
            @r"value at 10: the value `*\X.exe` of `Image` cannot be mapped: the column has paths in small letters"
        );
    }

    #[test]
    fn of_an_event_the_drive_is_a_device() {
        assert_snapshot!(
            projected("winlog", NETWORK, &[("Image", r"C:\Windows\X.exe")]),
            @r"windows_eventlog {Application: '\device\harddiskvolume2\windows\x.exe'}"
        );
        let events: [&[(&str, &str)]; 4] =
            [&[], &[("Image", r"C:\Windows\X.exe")], &[("Image", "System")], &[("Image", r"D:\x.exe")]];
        let items: [(&str, &[&str]); 5] = [
            ("Image|endswith", &[r"\x.exe"]),
            ("Image|contains", &[r"\windows\"]),
            ("Image", &["system"]),
            ("Image|exists", &["true"]),
            ("Image|contains", &[r"\harddisk"]),
        ];
        agree("winlog", NETWORK, &events, &items);
    }
}
