//! `eval` over a Windows event log, written here byte by byte as MS-EVEN6 and the published descriptions of the file say.

use crate::support::{GOOD, Sandbox};

/// Where records begin, from the start of their chunk.
const FIRST_RECORD: usize = 512;

/// An element of binary XML without a template: its attributes, then its content.
struct Element<'a>(&'a str, &'a [(&'a str, &'a str)], Content<'a>);

enum Content<'a> {
    Text(&'a str),
    Elements(&'a [Element<'a>]),
}

/// A chunk under construction: names stand where they are first used, by their place in it.
struct Chunk(Vec<u8>);

impl Chunk {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn put_u32(&mut self, number: usize) {
        self.put(&u32::try_from(number).unwrap().to_le_bytes());
    }

    /// The length in characters, then UTF-16.
    fn put_text(&mut self, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        self.put(&u16::try_from(units.len()).unwrap().to_le_bytes());
        units.iter().for_each(|unit| self.put(&unit.to_le_bytes()));
    }

    fn put_name(&mut self, name: &str) {
        let here = self.0.len() + 4;
        self.put_u32(here);
        // No next name with the same hash, and the hash, which no reader needs.
        self.put(&[0; 6]);
        self.put_text(name);
        self.put(&[0; 2]);
    }

    fn put_element(&mut self, Element(name, attributes, content): &Element<'_>) {
        self.put(&[if attributes.is_empty() { 0x01 } else { 0x41 }]);
        let size = self.reserve();
        self.put_name(name);
        if !attributes.is_empty() {
            let size = self.reserve();
            for (at, (name, value)) in attributes.iter().enumerate() {
                self.put(&[if at + 1 < attributes.len() { 0x46 } else { 0x06 }]);
                self.put_name(name);
                self.put(&[0x05, 0x01]);
                self.put_text(value);
            }
            self.fill(size);
        }
        self.put(&[0x02]);
        match content {
            Content::Text(text) => {
                self.put(&[0x05, 0x01]);
                self.put_text(text);
            }
            Content::Elements(elements) => elements.iter().for_each(|element| self.put_element(element)),
        }
        self.put(&[0x04]);
        self.fill(size);
    }

    /// Room for the size of what follows.
    fn reserve(&mut self) -> usize {
        self.put_u32(0);
        self.0.len()
    }

    fn fill(&mut self, from: usize) {
        let size = u32::try_from(self.0.len() - from).unwrap();
        self.0[from - 4..from].copy_from_slice(&size.to_le_bytes());
    }

    fn put_record(&mut self, id: u64, event: &Element<'_>) {
        let start = self.0.len();
        self.put(b"\x2a\x2a\0\0");
        self.put_u32(0);
        self.put(&id.to_le_bytes());
        self.put(&133_767_360_000_000_000_u64.to_le_bytes());
        self.put(&[0x0f, 0x01, 0x01, 0x00]);
        self.put_element(event);
        self.put(&[0x00]);
        let size = self.0.len() + 4 - start;
        self.put_u32(size);
        self.0[start + 4..start + 8].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
    }
}

/// A file of one chunk.
fn file(events: &[Element<'_>]) -> Vec<u8> {
    let mut chunk = Chunk(vec![0; FIRST_RECORD]);
    let mut last = 0;
    for (event, id) in events.iter().zip(1..) {
        last = chunk.0.len();
        chunk.put_record(id, event);
    }
    let count = events.len() as u64;
    let end = chunk.0.len();
    let mut header = Chunk(b"ElfChnk\0".to_vec());
    [1, count, 1, count].iter().for_each(|number: &u64| header.put(&number.to_le_bytes()));
    [128, last, end].iter().for_each(|number| header.put_u32(*number));
    chunk.0[..header.0.len()].copy_from_slice(&header.0);
    chunk.0.resize(0x10000, 0);

    let mut file = Chunk(b"ElfFile\0".to_vec());
    [0, 0, count + 1].iter().for_each(|number: &u64| file.put(&number.to_le_bytes()));
    file.put_u32(128);
    [1, 3, 4096, 1].iter().for_each(|number: &u16| file.put(&number.to_le_bytes()));
    file.0.resize(4096, 0);
    file.put(&chunk.0);
    file.0
}

fn sysmon<'a>(data: &'a [Element<'a>]) -> [Element<'a>; 2] {
    const SYSTEM: &[Element<'static>] = &[
        Element("Provider", &[("Name", "Microsoft-Windows-Sysmon"), ("Guid", "{5770385f}")], Content::Text("")),
        Element("EventID", &[], Content::Text("1")),
        Element("TimeCreated", &[("SystemTime", "2026-11-22T08:15:30.000Z")], Content::Text("")),
        Element("Channel", &[], Content::Text("Microsoft-Windows-Sysmon/Operational")),
        Element("Computer", &[], Content::Text("desk-7")),
    ];
    [Element("System", &[], Content::Elements(SYSTEM)), Element("EventData", &[], Content::Elements(data))]
}

#[test]
fn a_windows_event_log() {
    let whoami = [
        Element("Data", &[("Name", "Image")], Content::Text(r"C:\Windows\System32\whoami.exe")),
        Element("Data", &[("Name", "CommandLine")], Content::Text("WHOAMI /all")),
    ];
    let other = [Element("Data", &[("Name", "CommandLine")], Content::Text("hostname"))];
    let (whoami, other) = (sysmon(&whoami), sysmon(&other));
    let event = |parts| Element("Event", &[], Content::Elements(parts));
    let log = file(&[event(&other), event(&whoami)]);
    let sandbox = Sandbox::new("eval-evtx");
    sandbox.write("rule.yml", GOOD).write("log.evtx", &log);

    let run = sandbox.run(&["eval", "rule.yml", "--events", "log.evtx"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    rule.yml · Whoami · medium
      event 2 of log.evtx on desk-7
        CommandLine: WHOAMI /all

    1 of 1 rule fired on 2 events
    "#);

    // A damaged record is told, and the others are read.
    let mut damaged = log.clone();
    let first_element = 4096 + FIRST_RECORD + 24 + 4;
    damaged[first_element] = 0x7f;
    sandbox.write("damaged.evtx", &damaged);
    let run = sandbox.run(&["eval", "rule.yml", "--events", "damaged.evtx"]);
    insta::assert_snapshot!(format!("{}{}exit code {}", run.err, run.out, run.code), @r#"
    warning: `damaged.evtx`: Failed to parse record number 1: An error occurred while trying to deserialize evtx stream: Offset 0x0000021d: Tried to read an invalid byte `0x7f` as binxml token; it is left out
    rule.yml · Whoami · medium
      event 1 of damaged.evtx on desk-7
        CommandLine: WHOAMI /all

    1 of 1 rule fired on 1 event
    exit code 3
    "#);
}

#[test]
fn what_only_begins_like_one() {
    let sandbox = Sandbox::new("eval-evtx-bad");
    sandbox.write("rule.yml", GOOD).write("log.evtx", b"ElfFile\0\x00\xff");
    let run = sandbox.run(&["eval", "rule.yml", "--events", "log.evtx"]);
    insta::assert_snapshot!(format!("{}exit code {}", run.err, run.code), @r#"
    error: cannot read `log.evtx` as an EVTX file: An error occurred while trying to deserialize evtx stream: failed to read EVTX file header block: failed to fill whole buffer
    exit code 3
    "#);
}
