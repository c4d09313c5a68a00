//! The command as its users meet it: arguments and files in, output, messages and exit code out.

mod bad_inputs;
mod check;
mod files;
mod formats;
mod references;
mod support;
