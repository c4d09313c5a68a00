//! `basename`: a path, with its last name in a column of its own.
//!
//! `endswith '\x.exe'` asks for that name alone where the separator is the only one: an equality on the column of the
//! name, which every SIEM answers faster. Any other test is of the whole path.

use super::{Leaf, Mapping, Place};
use rulecast_ir::{Pattern, Shape, Test};

#[derive(Debug)]
pub(crate) struct Basename {
    /// The whole path; some SIEMs keep the name alone.
    pub(crate) path: Option<Place>,
    /// The last name.
    pub(crate) name: Place,
}

impl Basename {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        if let Test::Text { pattern, case } = leaf.test
            && let Shape::Suffix(text) = pattern.shape()
            && let Some(name) = text.strip_prefix(leaf.separator)
            && !name.is_empty()
            && !name.contains(['\\', '/'])
        {
            return Ok(leaf.text(&self.name, Pattern::literal(name), *case));
        }
        match (&self.path, leaf.test) {
            (Some(path), _) => Ok(leaf.same(path)),
            (None, Test::Exists(_)) => Ok(leaf.same(&self.name)),
            (None, _) => self.without_path(leaf),
        }
    }

    /// Without the path, a suffix can be told if it has no separator, for then it ends the last name.
    fn without_path(&self, leaf: &Leaf<'_>) -> Mapping {
        if let Test::Text { pattern, .. } = leaf.test
            && let Shape::Suffix(text) = pattern.shape()
            && !text.contains(['\\', '/'])
        {
            return Ok(leaf.same(&self.name));
        }
        Err(leaf
            .refuse_value(format_args!("only the file name is known, in `{}`", self.name.column.name()))
            .help(format!("write `|endswith: '{}name'`", leaf.separator)))
    }
}
