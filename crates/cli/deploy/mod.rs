//! `rulecast deploy`: a platform, made equal to a bundle.

use crate::args::{DeployArgs, Format};
use crate::exit::{Exit, Failure};
use crate::output::Console;
use rulecast_deploy::{Access, Client, Kind, Outcome, Package, Prune, current, perform, tell};

pub(crate) fn run(args: &DeployArgs) -> Result<Exit, Failure> {
    let kind = Kind::from(args.to);
    let access = Access::new(kind, |name| std::env::var(name).ok())?;
    let is_known = access.complete();
    if !args.dry_run {
        is_known.clone()?;
    }
    let package = Package::open(&args.bundle, kind)?;
    let certificates = args.ca_file.as_ref().map(|path| {
        let failure = |error: std::io::Error| Failure::ReadCertificates { path: path.clone(), reason: error.kind() };
        std::fs::read(path).map_err(failure)
    });
    let certificates = certificates.transpose()?;
    let platform = kind.platform(&package, &access, args.adopt);
    let client = if is_known.is_ok() { Some(Client::new(&access, certificates.as_deref())?) } else { None };
    let there = match &client {
        Some(client) => current(platform.as_ref(), client)?,
        None => Vec::new(),
    };
    let prune = args.prune.map_or(Prune::Keep, Into::into);
    let steps = platform.plan(&there, &package.wanted, prune);

    let mut console = Console::new();
    let address = access.address();
    let report = match client.filter(|_| !args.dry_run) {
        None => {
            let report = tell(&package, kind, steps);
            match args.format {
                Format::Json => console.out(&report.json(&address, args.bodies))?,
                Format::Text if args.quiet => console.out(&report.summary())?,
                Format::Text => console.out(&report.plan(&address, args.bodies))?,
            }
            if let (false, Err(missing)) = (args.quiet, is_known) {
                console.err(&format!("note: told for an empty platform: {missing}\n"))?;
            }
            report
        }
        Some(client) => {
            let is_text = args.format == Format::Text;
            let mut written = Ok(());
            let report = perform(&package, kind, steps, &client, |rule| {
                let is_told = match rule.outcome {
                    Outcome::Failed => true,
                    Outcome::Unchanged => false,
                    _ => !args.quiet,
                };
                if is_text && is_told && written.is_ok() {
                    written = console.out(&format!("{}\n", rule.line())).and_then(|()| console.flush());
                }
            });
            written?;
            console.out(&if is_text { report.summary() } else { report.json(&address, false) })?;
            report
        }
    };
    console.flush()?;
    Ok(if report.has_failed() { Exit::Findings } else { Exit::Clean })
}
