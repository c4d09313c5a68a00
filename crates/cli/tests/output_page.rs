//! The samples of `docs/reference/output.md` are what the command prints.

use crate::support::Sandbox;
use std::fmt::Write as _;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/output.md");

/// The page with each sample as it is printed now: a block of the console, a command on its first line.
fn printed(page: &str, sandbox: &Sandbox) -> (String, usize) {
    let (mut out, mut samples) = (String::new(), 0);
    let mut rest = page;
    while let Some((before, block)) = rest.split_once("```console\n$ rulecast ") {
        let (sample, after) = block.split_once("```\n").unwrap();
        let command = sample.lines().next().unwrap();
        let run = sandbox.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!((run.code, run.err.as_str()), (2, ""), "{command}");
        out.push_str(before);
        let _ = write!(out, "```console\n$ rulecast {command}\n{}\n```\n", run.out.trim_end());
        samples += 1;
        rest = after;
    }
    out.push_str(rest);
    (out, samples)
}

#[test]
fn the_samples_are_up_to_date() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let sandbox = Sandbox::new("output-page");
    let rule = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    sandbox.write("rules/curl.yml", rule);
    let (now, samples) = printed(&page, &sandbox);
    assert_eq!(samples, 6);
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(PAGE, &now).unwrap();
        return;
    }
    assert!(now == page, "docs/reference/output.md is stale: run again with INSTA_UPDATE=always");
}
