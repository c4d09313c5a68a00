//! Which file an address means: none but those of the site.

use crate::exit::Failure;
use percent_encoding::percent_decode_str;
use std::path::{Path, PathBuf};

/// A directory of pages.
#[derive(Debug)]
pub(super) struct Site {
    /// Without links.
    root: PathBuf,
}

/// What stands at an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// This file.
    File(PathBuf),
    /// A directory, which has its pages below the address with a `/` at its end.
    Directory,
    /// Nothing, or nothing of the site.
    Nothing,
}

impl Site {
    /// The site that a directory is, or that of the bundle that it holds.
    pub(super) fn find(directory: &Path) -> Result<Self, Failure> {
        let below = directory.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
        let mut bundles: Vec<PathBuf> = below.map(|path| path.join("site")).collect();
        bundles.sort();
        [directory.to_owned(), directory.join("site")]
            .into_iter()
            .chain(bundles)
            .find(|path| path.join("index.html").is_file())
            .and_then(|path| path.canonicalize().ok())
            .map(|root| Self { root })
            .ok_or_else(|| Failure::NoSite { path: directory.to_owned() })
    }

    /// What a request's target means: `/rules/x.html?y`.
    pub(super) fn at(&self, target: &str) -> Found {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let Ok(path) = percent_decode_str(path).decode_utf8() else { return Found::Nothing };
        let Some(path) = path.strip_prefix('/') else { return Found::Nothing };
        let mut file = self.root.clone();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            // No name of ours begins with a dot, or holds what a system takes for the end of a name.
            if part.starts_with('.') || part.contains(['\\', ':', '\0']) {
                return Found::Nothing;
            }
            file.push(part);
        }
        // A link may lead out of the site.
        match file.canonicalize() {
            Ok(real) if !real.starts_with(&self.root) => Found::Nothing,
            Ok(real) if real.is_file() && !path.ends_with('/') => Found::File(real),
            Ok(real) if real.is_dir() && (path.is_empty() || path.ends_with('/')) => self.index(&real),
            Ok(real) if real.is_dir() => Found::Directory,
            _ => Found::Nothing,
        }
    }

    fn index(&self, directory: &Path) -> Found {
        match directory.join("index.html").canonicalize() {
            Ok(real) if real.starts_with(&self.root) && real.is_file() => Found::File(real),
            _ => Found::Nothing,
        }
    }
}

/// What a browser is to take a file for, by its extension.
pub(super) fn content_type(path: &Path) -> &'static str {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "ndjson" => "application/x-ndjson",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "wasm" => "application/wasm",
        "zip" => "application/zip",
        "gz" | "spl" if is_packed(path) => "application/gzip",
        // As text a browser shows it, where it would store YAML or a query.
        "yml" | "yaml" | "toml" | "conf" | "txt" | "md" | "eql" | "spl" | "kql" | "xml" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// `.spl` is a query, and also what Splunk calls the archive of an app.
fn is_packed(path: &Path) -> bool {
    let mut start = [0; 2];
    std::fs::File::open(path).is_ok_and(|mut file| std::io::Read::read_exact(&mut file, &mut start).is_ok())
        && start == [0x1f, 0x8b]
}

#[cfg(test)]
mod tests {
    use super::{Found, Site, content_type};
    use std::path::Path;

    fn check(site: &Site, target: &str, expect: Option<&str>) {
        let found = match site.at(target) {
            Found::File(path) => Some(path.strip_prefix(&site.root).unwrap().to_str().unwrap().replace('\\', "/")),
            Found::Directory => Some("/".to_owned()),
            Found::Nothing => None,
        };
        assert_eq!(found.as_deref(), expect, "{target}");
    }

    #[test]
    fn an_address_means_a_file_of_the_site_or_none() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("dist/pack/site");
        std::fs::create_dir_all(root.join("rules")).unwrap();
        for path in
            ["dist/pack/site/index.html", "dist/pack/site/rules/a b.html", "dist/pack/site/.hidden", "dist/secret"]
        {
            std::fs::write(directory.path().join(path), path).unwrap();
        }
        let site = Site::find(&directory.path().join("dist")).unwrap();
        check(&site, "/", Some("index.html"));
        check(&site, "/index.html?q=1", Some("index.html"));
        check(&site, "/rules/a%20b.html#x", Some("rules/a b.html"));
        check(&site, "/rules", Some("/"));
        for target in [
            "/rules/",
            "/../../secret",
            "/%2e%2e/%2e%2e/secret",
            "/..%2f..%2fsecret",
            "/rules/../../../secret",
            "/.hidden",
            "/%2ehidden",
            "/index.html/",
            "/index.html/x",
            "/%00",
            "/%ff",
            "//etc/passwd",
            "secret",
            "",
            "/..\\secret",
            "/%5c..%5csecret",
        ] {
            check(&site, target, None);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_means_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("site");
        std::fs::create_dir_all(root.join("rules")).unwrap();
        for path in ["secret", "site/index.html", "site/rules/a.html"] {
            std::fs::write(directory.path().join(path), path).unwrap();
        }
        std::os::unix::fs::symlink("../secret", root.join("out.txt")).unwrap();
        std::os::unix::fs::symlink("..", root.join("up")).unwrap();
        std::os::unix::fs::symlink("../secret", root.join("rules/index.html")).unwrap_or_default();
        std::os::unix::fs::symlink("rules/a.html", root.join("in.html")).unwrap();
        let site = Site::find(&root).unwrap();
        check(&site, "/in.html", Some("rules/a.html"));
        for target in ["/out.txt", "/up/", "/up/secret", "/rules/"] {
            check(&site, target, None);
        }
    }

    #[test]
    fn a_directory_without_pages_is_no_site() {
        let directory = tempfile::tempdir().unwrap();
        let error = Site::find(directory.path()).unwrap_err().to_string();
        assert!(error.contains("rulecast bundle -o"), "{error}");
    }

    #[test]
    fn a_file_is_what_its_extension_says() {
        assert_eq!(content_type(Path::new("a/b.HTML")), "text/html; charset=utf-8");
        assert_eq!(content_type(Path::new("query.spl")), "text/plain; charset=utf-8");
        assert_eq!(content_type(Path::new("none")), "application/octet-stream");
    }
}
