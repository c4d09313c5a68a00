//! The command as its users meet it: arguments and files in, output, messages and exit code out.

#![allow(clippy::unwrap_used, reason = "the helpers of tests stand outside of the test functions")]

mod bad_inputs;
mod build;
mod bundle;
mod changed;
mod check;
mod config;
mod coverage;
mod deploy;
mod diff;
mod eval;
mod evtx;
mod explain;
mod files;
mod fixes;
mod formats;
mod init;
mod lock;
mod lsp;
mod models;
mod output_page;
mod page;
mod pipelines;
mod placeholders;
mod references;
mod reports;
mod rewritten;
mod schemas;
mod scope;
mod serve;
mod shell;
mod site;
mod support;
mod testing;
