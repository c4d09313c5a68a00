//! The app: its files, in an archive that depends on them alone.

use super::conf::{Conf, Stanza};
use super::macros::usual;
use super::search::{Saved, Source, name, saved};
use crate::package::{Entry, LeftOut, Packing, choose};
use crate::{BundledRule, Content};
use askama::Template;
use flate2::{Compression, GzBuilder};
use rulecast_compile::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// The page of the app.
#[derive(Template)]
#[template(path = "splunk/README.md")]
struct Readme<'c> {
    label: &'c str,
    id: &'c str,
    version: &'c str,
    author: &'c str,
    macros: &'c [(String, String)],
    searches: usize,
}

/// Makes the package.
pub(crate) fn pack(content: &Content) -> Packing {
    let (chosen, left_out) = choose(content, |on| on.language == Language::Spl);
    let mut packing = Packing { left_out, ..Packing::default() };
    let (id, label) = (app_id(&content.identity.name), label(&content.identity.name));
    let path = format!("splunk/{id}-{}.tar.gz", content.identity.version);
    let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, rule, _) in &chosen {
        *titles.entry(rule.metadata.title()).or_default() += 1;
    }
    let (mut searches, mut filters, mut read) = (Conf::default(), Vec::new(), BTreeSet::new());
    let (mut names, mut macros) = (BTreeSet::new(), BTreeSet::new());
    for (at, rule, on) in chosen {
        let source = Source { at, rule, on, label: &label };
        let stanza = stanza_name(source, titles[rule.metadata.title()] > 1, &mut names);
        let filter = filter_name(rule, &mut macros);
        let saved = match stanza {
            Ok(stanza) => saved(source, &stanza, &filter).map(|saved| (stanza, saved)),
            Err(problem) => Err(vec![*problem]),
        };
        match saved {
            Ok((stanza, Saved { stanza: settings, filter })) => {
                searches.0.push(settings);
                filters.push(filter_macro(&filter, rule));
                read.extend(on.reads.iter().filter(|read| read.kind == "macro").map(|read| read.name.clone()));
                let (target, path) = (on.target.clone(), path.clone());
                packing.entries.push(Entry { rule: at, target, kind: "saved-search", path, name: Some(stanza) });
            }
            Err(problems) => packing.left_out.extend(problems),
        }
    }
    if packing.entries.is_empty() {
        return packing;
    }
    let read: Vec<(String, String)> = read.into_iter().map(|name| (name.clone(), usual(&name))).collect();
    let readme = Readme {
        label: &label,
        id: &id,
        version: &content.identity.version,
        author: &content.identity.author,
        macros: &read,
        searches: packing.entries.len(),
    };
    let mut sources = Conf(read.iter().map(|(name, definition)| source_macro(name, definition)).collect());
    sources.0.extend(filters);
    let files = BTreeMap::from([
        (format!("{id}/README.md"), readme.render().expect("a text is written to memory")),
        (format!("{id}/default/app.conf"), app_conf(content, &id, &label).to_string()),
        (format!("{id}/default/macros.conf"), sources.to_string()),
        (format!("{id}/default/savedsearches.conf"), searches.to_string()),
        (format!("{id}/metadata/default.meta"), META.to_owned()),
    ]);
    let archive = archive(&files).expect("texts of this size fit the format, and memory takes them");
    packing.files.push((path, archive));
    packing
}

/// Who may read and change what, and that Enterprise Security sees the searches and macros.
const META: &str =
    "[]\naccess = read : [ * ], write : [ admin, sc_admin ]\nexport = system\n\n[savedsearches]\nowner = nobody\n";

/// A file of the archive with neither time nor owner, in the order of paths.
fn archive(files: &BTreeMap<String, String>) -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        builder.append_data(&mut header, path, text.as_bytes())?;
    }
    let mut gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::new(6));
    gzip.write_all(&builder.into_inner()?)?;
    gzip.finish()
}

/// The words of a name.
fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_ascii_uppercase())
    })
}

/// The name of the app's directory: the words of the bundle's name, of which the first begins with a letter.
fn app_id(name: &str) -> String {
    let id: String = words(name).collect();
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) { id } else { format!("Rules{id}") }
}

/// What people see.
fn label(name: &str) -> String {
    let label = words(name).collect::<Vec<_>>().join(" ");
    if label.is_empty() { "Rules".to_owned() } else { label }
}

/// The name of a search, which no other has.
fn stanza_name(source: Source<'_>, is_shared: bool, names: &mut BTreeSet<String>) -> Result<String, Box<LeftOut>> {
    let rule = source.rule;
    let of_slug = &rulecast_lock::digest(&rule.slug)[..8];
    let of_id = rule.id().get(..8).filter(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let first = name(source, of_id.unwrap_or(of_slug), is_shared)?;
    if names.insert(first.to_lowercase()) {
        return Ok(first);
    }
    let second = name(source, of_slug, true)?;
    names.insert(second.to_lowercase());
    Ok(second)
}

/// The name of the macro that filters a rule's results: letters, digits and `_`.
fn filter_name(rule: &BundledRule, macros: &mut BTreeSet<String>) -> String {
    let base = rule.slug.replace('-', "_");
    let numbered = (2..).map(|number| format!("{base}_{number}_filter"));
    let mut free = std::iter::once(format!("{base}_filter")).chain(numbered);
    free.find(|name| macros.insert(name.clone())).expect("there are numbers enough")
}

fn filter_macro(name: &str, rule: &BundledRule) -> Stanza {
    let mut stanza = Stanza::new(name);
    stanza.set("definition", "search *");
    let title = rule.metadata.title();
    stanza
        .set("description", format!("Keeps the results of: {title}. Write here what to leave out: search NOT host=x"));
    stanza.set("iseval", 0);
    stanza
}

fn source_macro(name: &str, definition: &str) -> Stanza {
    let mut stanza = Stanza::new(name);
    stanza.set("definition", definition);
    stanza.set("description", "Where events stand. Adapt it in local/macros.conf, and name your indexes.");
    stanza.set("iseval", 0);
    stanza
}

fn app_conf(content: &Content, id: &str, label: &str) -> Conf {
    let identity = &content.identity;
    let (mut install, mut launcher) = (Stanza::new("install"), Stanza::new("launcher"));
    let (mut ui, mut package, mut app) = (Stanza::new("ui"), Stanza::new("package"), Stanza::new("id"));
    install.set("is_configured", false);
    install.set("state", "enabled");
    install.set("build", 1);
    launcher.set("author", &identity.author);
    launcher.set("version", &identity.version);
    launcher.set("description", "Detection rules, each as a saved search that is off until someone turns it on.");
    ui.set("is_visible", false);
    ui.set("label", label);
    package.set("id", id);
    package.set("check_for_updates", false);
    app.set("name", id);
    app.set("version", &identity.version);
    Conf(vec![install, launcher, ui, package, app])
}
