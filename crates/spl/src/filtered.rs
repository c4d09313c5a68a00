//! A query with what a deployment adds to it.

use crate::ast::{Command, Query, SearchTerm, SearchValue};
use rulecast_ir::{Comparison, Logic, Name};

impl Query {
    /// With a macro behind all that decides which events are found, and before what only arranges them (`sort 0`, `table`):
    /// there the macro sees every field of an event, not only those that are shown.
    #[must_use]
    pub fn filtered(mut self, name: &str) -> Self {
        let arranges = |command: &Command| matches!(command, Command::Sort(_) | Command::Table(_));
        let arranging = self.commands.iter().rev().take_while(|command| arranges(command)).count();
        self.commands.insert(self.commands.len() - arranging, Command::Macro(name.into()));
        self
    }

    /// With only those of its results that have a text in a field; `*` in it is a wildcard.
    #[must_use]
    pub fn narrowed(mut self, field: &str, text: &str) -> Self {
        let value = SearchValue::Text(text.to_owned());
        let term = SearchTerm::Compare { field: field.into(), comparison: Comparison::Equal, value };
        self.commands.push(Command::Search(Logic::Test(term)));
        self
    }

    /// The columns that its results have, where a `table` says so; nothing where they have all fields of the events.
    pub fn shown(&self) -> Option<&[Name]> {
        self.commands.iter().rev().find_map(|command| match command {
            Command::Table(columns) => Some(columns.as_slice()),
            _ => None,
        })
    }
}
