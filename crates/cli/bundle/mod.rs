//! `rulecast bundle`: the publishable bundle of a repository.
//!
//! The directory appears by one rename, and nothing is written if a rule is invalid.

mod content;
mod playground;
mod report;

use crate::args::{BundleArgs, Colour};
use crate::compiled::{Setting, compile_all};
use crate::exit::{Exit, Failure};
use crate::output::{Console, count};
use playground::Playground;
use rulecast_bundle::{Bundle, Identity, Manifest, Packing, Reason};
use rulecast_config::{BUNDLE_NAME, BUNDLE_VERSION, is_bundle_name, is_bundle_version};
use rulecast_files::NewDirectory;
use rulecast_repository::{Project, Targets, find, pipelines, placeholders, problems};
use rulecast_site::{Options, site};
use std::path::{Path, PathBuf};

/// What a bundle is called unless someone says so.
const NAME: &str = "detection-bundle";
const VERSION: &str = "0.1.0";

pub(crate) fn run(
    args: &BundleArgs,
    mut targets: Targets<'_>,
    project: &Project,
    colour: Colour,
) -> Result<Exit, Failure> {
    let identity = identity(args, project)?;
    let (chosen, warnings) = pipelines::choose(&args.setting.pipelines, &mut targets)?;
    let placeholders = placeholders(&args.setting.values.placeholders)?;
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::StandardInput { command: "bundle" });
    }
    let previous = args.previous.as_deref().map(read).transpose()?;
    let license = project.license_file().map(license).transpose()?;
    let playground = args.playground.as_deref().map(Playground::read).transpose()?;
    let setting = Setting { placeholders: &placeholders, chosen: &chosen, targets: &targets.all, allow: args.allow() };
    let inputs = find(&args.paths)?;
    let files = compile_all(&inputs, setting)?;

    let mut console = Console::new();
    let colour = colour.on(&std::io::stderr());
    console.err(&if args.quiet { String::new() } else { warnings.text(colour) })?;
    let invalid = files.iter().filter(|file| !file.is_valid()).count();
    if invalid > 0 {
        for file in &files {
            let errors: Vec<_> = file.diagnostics.iter().filter(|one| one.is_error()).cloned().collect();
            console.err(&problems::text(&errors, &file.sources, colour))?;
        }
        console.err(&format!("error: nothing is written: {} of {} invalid\n", count(invalid, "file"), files.len()))?;
        return Ok(Exit::Invalid);
    }
    let selection = args.tier.selection();
    let names = targets.all.iter().map(ToString::to_string).collect();
    let (content, origins) = content::content(files, &inputs, (identity, names), &targets.all, &selection);
    let mut bundle = Bundle::begin(&content.identity, NewDirectory::begin(&args.output, is_bundle)?);
    let packed = bundle.pack(&content, previous.as_ref())?;
    report::findings(&mut console, &packed, &origins, colour)?;
    // A rule need not name a technique to be deployed.
    let lacks = |packing: &Packing| packing.left_out.iter().any(|one| one.reason != Reason::NoTechnique);
    let lacks = packed.packings.iter().any(|(_, packing)| lacks(packing));
    if args.strict && lacks {
        console.err("error: nothing is written: rules are left out of packages, and --strict wants all of them\n")?;
        return Ok(Exit::Findings);
    }
    if let Some((path, text)) = license {
        bundle.add(vec![("LICENSE".to_owned(), text)], &path.to_string_lossy())?;
    }
    if !args.no_site {
        let options = Options { playground: playground.is_some() };
        site(&content, &packed.manifest, options, |files| bundle.add(files, "the pages"))?;
        if let Some(playground) = playground {
            bundle.add(playground.files(&packed.manifest), "the playground")?;
        }
    }
    let files = bundle.finish()?;
    if !args.quiet {
        console.out(&report::summary(&packed.manifest, files, &args.output))?;
    }
    console.flush()?;
    Ok(Exit::Clean)
}

fn identity(args: &BundleArgs, project: &Project) -> Result<Identity, Failure> {
    let config = &project.config().bundle;
    let written = |one: &Option<rulecast_diagnostics::Spanned<String>>| one.as_ref().map(|text| text.node.clone());
    let name = args.name.clone().or_else(|| written(&config.name)).unwrap_or_else(|| NAME.to_owned());
    if !is_bundle_name(&name) {
        return Err(Failure::Named { option: "--name", expected: BUNDLE_NAME, found: name });
    }
    let version = args.version.clone().or_else(|| written(&config.version)).unwrap_or_else(|| VERSION.to_owned());
    if !is_bundle_version(&version) {
        return Err(Failure::Named { option: "--bundle-version", expected: BUNDLE_VERSION, found: version });
    }
    Ok(Identity {
        author: written(&config.author).unwrap_or_else(|| name.clone()),
        license: written(&config.license),
        commit: args.commit.clone(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        name,
        version,
    })
}

fn license(path: PathBuf) -> Result<(PathBuf, Vec<u8>), Failure> {
    match std::fs::read(&path) {
        Ok(text) => Ok((path, text)),
        Err(error) => Err(Failure::ReadLicense { path, reason: error.kind() }),
    }
}

fn read(path: &Path) -> Result<Manifest, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::ReadManifest { path: path.to_owned(), reason: error.kind() })?;
    Manifest::parse(&text).map_err(|error| Failure::Manifest { path: path.to_owned(), error })
}

/// Whether an earlier run made a directory: it holds checksums, and a directory with a manifest.
fn is_bundle(path: &Path) -> bool {
    let manifest = |folder: &Path| {
        let text = std::fs::read_to_string(folder.join("manifest.json")).ok();
        text.is_some_and(|text| Manifest::parse(&text).is_ok())
    };
    path.join(rulecast_bundle::CHECKSUMS).is_file()
        && path.read_dir().is_ok_and(|entries| entries.flatten().any(|entry| manifest(&entry.path())))
}
