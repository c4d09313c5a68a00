//! The lock file of a rule repository: what each rule means, and which queries were made of it.
//!
//! A [`Form`] says what a rule means and how it is rated, whatever the way in which it is written. A [`Lock`] holds a hash
//! of the form of each rule, by id, and hashes of its queries. [`compare`] holds the rules of a repository against a lock:
//! it says what changed, which rules changed without a new version, and what the lock must hold now.
//!
//! Promises: the same rules give the same bytes; a form is made of the parts of a rule one by one, so that a key that
//! rules get later must be decided on before this compiles. Lacks: reading and writing files, and making queries.

mod compare;
mod file;
mod form;
mod hash;
mod problem;
mod schema;

pub use compare::{Comparison, Found, OutputChange, RuleChange, RuleFate, compare};
pub use file::{Entry, FORMAT, Lock, LockError, Output, Removed};
pub use form::{FORM, Form, Part};
pub use hash::{Sha256, digest, digest_of, of_queries};
pub use schema::schema;

/// What the file is called.
pub const FILE_NAME: &str = "rules.lock.json";
