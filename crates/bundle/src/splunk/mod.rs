//! A Splunk app: `splunk/<App>-<version>.tar.gz`, with a saved search for each rule in the keys of Enterprise Security.
//!
//! Promises: the same content gives the same bytes; every search is off, ends in a filter macro of its own, and is the query
//! of the rule otherwise; what a configuration file or Enterprise Security could not hold is left out. Lacks: what the
//! macros that queries read stand for in an environment: their usual definitions are there to be adapted.
//!
//! Sources: `savedsearches.conf.spec` and `macros.conf.spec` (Splunk Enterprise 9), and the keys of Enterprise Security as
//! Splunk's own content writes them.

mod app;
mod conf;
mod fields;
mod macros;
mod search;
#[cfg(test)]
mod tests;
mod time;

pub(crate) use app::pack;
