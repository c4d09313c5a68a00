//! One request.

use super::place::{Found, Site, content_type};
use std::fs::File;
use tiny_http::{Header, Method, Request, Response, StatusCode};

/// Answers a request. Who went away needs no answer.
pub(super) fn give(site: &Site, port: u16, request: Request) {
    let answered = match file(site, port, &request) {
        Ok((file, kind)) => {
            request.respond(common(Response::from_file(file).with_header(header("Content-Type", kind))))
        }
        Err(Other { status, header: extra }) => {
            let response = Response::new_empty(StatusCode(status));
            request.respond(common(match extra {
                Some(extra) => response.with_header(extra),
                None => response,
            }))
        }
    };
    drop(answered);
}

/// An answer that is no file.
struct Other {
    status: u16,
    header: Option<Header>,
}

impl From<u16> for Other {
    fn from(status: u16) -> Self {
        Self { status, header: None }
    }
}

fn file(site: &Site, port: u16, request: &Request) -> Result<(File, &'static str), Other> {
    if !is_for_us(request, port) {
        return Err(Other::from(421));
    }
    if !matches!(request.method(), Method::Get | Method::Head) {
        return Err(Other { status: 405, header: Some(header("Allow", "GET, HEAD")) });
    }
    match site.at(request.url()) {
        Found::File(path) => {
            let kind = content_type(&path);
            File::open(path).map(|file| (file, kind)).map_err(|_| Other::from(404))
        }
        Found::Directory => {
            let path = request.url().split(['?', '#']).next().unwrap_or_default();
            // Of two slashes at its start, a browser takes what follows for a host.
            let location = format!("/{}/", path.trim_matches('/'));
            Err(Other { status: 301, header: Some(header("Location", &location)) })
        }
        Found::Nothing => Err(Other::from(404)),
    }
}

/// Whether the request names this machine: a page elsewhere may have its own name lead here.
fn is_for_us(request: &Request, port: u16) -> bool {
    let mut hosts = request.headers().iter().filter(|header| header.field.equiv("Host"));
    let named = |host: &str| {
        let name = host.strip_suffix(&format!(":{port}")).unwrap_or(host);
        matches!(name, "127.0.0.1" | "localhost")
    };
    hosts.next().is_none_or(|host| named(host.value.as_str())) && hosts.next().is_none()
}

fn common<R: std::io::Read>(response: Response<R>) -> Response<R> {
    let response = response.with_chunked_threshold(usize::MAX);
    response.with_header(header("X-Content-Type-Options", "nosniff")).with_header(header("Cache-Control", "no-cache"))
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value)
        .unwrap_or_else(|()| Header::from_bytes("X-Header", "unprintable").expect("these are letters"))
}
