//! A server of HTTP/1.1 on a local port, which hands each request to a function, and remembers it.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without its query; as it was sent.
    pub(crate) path: String,
    pub(crate) query: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: String,
    log: Arc<Mutex<Vec<Request>>>,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self { status, headers: vec![("content-type", "application/json".to_owned())], body: body.to_string() }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// A value of the query, decoded.
    pub(crate) fn asks(&self, name: &str) -> Option<String> {
        fields(&self.query).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn form(&self) -> Vec<(String, String)> {
        assert_eq!(self.header("content-type"), Some("application/x-www-form-urlencoded"), "{self:?}");
        fields(std::str::from_utf8(&self.body).unwrap())
    }

    pub(crate) fn is_write(&self) -> bool {
        self.method != "GET"
    }
}

fn fields(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| pair.split_once('=').map(|(key, value)| (decode(key), decode(value)));
    text.split('&').filter_map(pair).collect()
}

/// What percent signs stand for.
pub(crate) fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

impl Server {
    /// Answers until the process ends.
    pub(crate) fn start(mut handle: impl FnMut(&Request) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let own = Arc::clone(&log);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                if let Some(request) = read(&stream) {
                    let answer = handle(&request);
                    own.lock().unwrap().push(request);
                    write(&stream, &answer);
                }
            }
        });
        Self { address, log }
    }

    /// The requests since the last call of this.
    pub(crate) fn take(&self) -> Vec<Request> {
        std::mem::take(&mut self.log.lock().unwrap())
    }

    /// The writes among them, as `METHOD path`.
    pub(crate) fn writes(&self) -> Vec<String> {
        let all = self.take();
        all.iter().filter(|one| one.is_write()).map(|one| format!("{} {}", one.method, one.path)).collect()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    Some(Request { method, path, query, headers, body })
}

fn write(mut stream: &TcpStream, answer: &Answer) {
    let mut text =
        format!("HTTP/1.1 {} -\r\nconnection: close\r\ncontent-length: {}\r\n", answer.status, answer.body.len());
    let headers = answer.headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]);
    text.extend(headers);
    let _ = stream.write_all(format!("{text}\r\n{}", answer.body).as_bytes());
}

/// What a field of a request may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Is {
    Text,
    Number,
    Truth,
    List,
    Map,
    OneOf(&'static [&'static str]),
}

/// What is wrong with an object that has fields beside those of a table, lacks one that it needs, or holds something else.
pub(crate) fn faults(value: &Value, table: &[(&str, bool, Is)]) -> Vec<String> {
    let Some(map) = value.as_object() else { return vec!["no object".to_owned()] };
    let lacks = table.iter().filter(|(name, needed, _)| *needed && !map.contains_key(*name));
    let mut faults: Vec<String> = lacks.map(|(name, ..)| format!("`{name}` is missing")).collect();
    for (name, value) in map {
        let Some((.., is)) = table.iter().find(|(known, ..)| known == name) else {
            faults.push(format!("`{name}` is unknown"));
            continue;
        };
        let fits = match is {
            Is::Text => value.is_string(),
            Is::Number => value.is_number(),
            Is::Truth => value.is_boolean(),
            Is::List => value.is_array(),
            Is::Map => value.is_object(),
            Is::OneOf(all) => value.as_str().is_some_and(|text| all.contains(&text)),
        };
        if !fits {
            faults.push(format!("`{name}` is not {is:?}: {value}"));
        }
    }
    faults
}
