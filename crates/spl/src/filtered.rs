//! A query with what a deployment adds to it.

use crate::ast::{Command, Query, SearchTerm, SearchValue, Start};
use rulecast_ir::{Comparison, Logic, Name};

impl Query {
    /// All events of an index.
    pub fn of_index(index: &str) -> Self {
        let value = SearchValue::Text(index.to_owned());
        let term = SearchTerm::Compare { field: "index".into(), comparison: Comparison::Equal, value };
        Self { start: Start::Search(Logic::Test(term)), commands: Vec::new() }
    }

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

    /// The columns that its results have, where a `table` or a `tstats` says so; nothing where they have all fields of the
    /// events.
    pub fn shown(&self) -> Option<Vec<Name>> {
        let mut shown = match &self.start {
            Start::Tstats(tstats) => Some(tstats.by.clone()),
            Start::Search(_) | Start::Multisearch(_) => None,
        };
        for command in &self.commands {
            match (command, &mut shown) {
                (Command::Table(columns), _) => shown = Some(columns.clone()),
                (Command::Rename(names), Some(shown)) => {
                    let new = |name: &Name| names.iter().find(|(old, _)| old == name).map(|(_, new)| new.clone());
                    shown.iter_mut().for_each(|name| *name = new(name).unwrap_or_else(|| name.clone()));
                }
                _ => {}
            }
        }
        shown
    }
}
