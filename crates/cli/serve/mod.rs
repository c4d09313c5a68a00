//! `rulecast serve`: the site of a bundle, for browsers on this machine.

mod answer;
mod place;

use crate::args::ServeArgs;
use crate::exit::{Exit, Failure};
use crate::output::Console;
use place::Site;
use std::net::Ipv4Addr;
use tiny_http::Server;

/// A browser asks for several files at once; a slow one keeps no other waiting.
const THREADS: usize = 4;

pub(crate) fn run(args: &ServeArgs) -> Result<Exit, Failure> {
    let site = Site::find(&args.directory)?;
    let listen = |error: Box<dyn std::error::Error + Send + Sync>| Failure::Listen { port: args.port, error };
    let server = Server::http((Ipv4Addr::LOCALHOST, args.port)).map_err(listen)?;
    let port = server.server_addr().to_ip().map_or(args.port, |address| address.port());
    let mut console = Console::new();
    console.out(&format!("http://127.0.0.1:{port}/\n"))?;
    console.flush()?;
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for request in server.incoming_requests() {
                    answer::give(&site, port, request);
                }
            });
        }
    });
    Ok(Exit::Clean)
}
