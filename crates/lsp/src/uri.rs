//! The URIs of files, as editors write them, and their paths.

use lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::path::{Path, PathBuf};

/// What stands in a path as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path of a `file:` URI; `None` for any other, as of a text that is not yet saved.
pub(crate) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let path = &rest[rest.find('/')?..];
    let path = percent_decode_str(path.split(['?', '#']).next()?).decode_utf8().ok()?;
    // `/c:/rules` is a path of Windows.
    let drive = path.as_bytes().get(2) == Some(&b':') && path.as_bytes()[1].is_ascii_alphabetic();
    let path = if drive { &path[1..] } else { &path };
    Some(PathBuf::from(path))
}

/// The URI of an absolute path.
pub(crate) fn of_path(path: &Path) -> Option<Uri> {
    let text = path.to_string_lossy().replace('\\', "/");
    let slash = if text.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", utf8_percent_encode(&text, ESCAPED)).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{of_path, path};
    use lsp_types::Uri;
    use std::path::{Path, PathBuf};

    #[test]
    fn paths_and_back() {
        let of = |text: &str| path(&text.parse::<Uri>().unwrap());
        assert_eq!(of("file:///a%20b/r%C3%A9gle.yml"), Some(PathBuf::from("/a b/régle.yml")));
        assert_eq!(of("file:///c%3A/rules/x.yml"), Some(PathBuf::from("c:/rules/x.yml")));
        assert_eq!(of("untitled:Untitled-1"), None);
        assert_eq!(of_path(Path::new("/a b/régle.yml")).unwrap().as_str(), "file:///a%20b/r%C3%A9gle.yml");
    }
}
