//! Columns that take long to read become columns of their own, once for all tests of them.

use super::column;
use crate::ast::Named;
use rulecast_ir::{Atom, Column, ColumnExpr, Logic, Mapped, Name, Predicate, Subject, Test};
use std::borrow::Cow;
use std::sync::Arc;

/// The columns so far, with the names that they have from then on.
#[derive(Default)]
pub(super) struct Computed(Vec<(Arc<Column>, Arc<Column>)>);

impl Computed {
    /// The predicate, with such columns by their names.
    pub(super) fn name<'p>(&mut self, predicate: &'p Predicate<Mapped>) -> Cow<'p, Predicate<Mapped>> {
        let mut any = false;
        predicate.for_each(&mut |atom| {
            any |= matches!(&atom.subject, Subject::Field(column) if is_slow(column));
            any |= matches!(&atom.test, Test::Field { other, .. } if is_slow(other));
        });
        if !any {
            return Cow::Borrowed(predicate);
        }
        Cow::Owned(predicate.map_ref(&mut |atom| {
            let subject = match &atom.subject {
                Subject::Field(column) => Subject::Field(self.named(column)),
                Subject::Keyword => Subject::Keyword,
            };
            let test = match &atom.test {
                Test::Field { operator, other, case } => {
                    Test::Field { operator: *operator, other: self.named(other), case: *case }
                }
                test => test.clone(),
            };
            Logic::Test(Atom { subject, test, ..atom.clone() })
        }))
    }

    fn named(&mut self, column: &Arc<Column>) -> Arc<Column> {
        let Some(name) = name(column) else { return column.clone() };
        if let Some((_, named)) = self.0.iter().find(|(known, _)| Arc::ptr_eq(known, column) || known == column) {
            return named.clone();
        }
        let named = Arc::new(Column { expr: ColumnExpr::Name(name), ..**column });
        self.0.push((column.clone(), named.clone()));
        named
    }

    /// What is computed.
    pub(super) fn into_columns(self) -> Vec<Named> {
        let columns =
            self.0.iter().map(|(column, named)| Named { name: named.name().into(), value: column::value(column) });
        columns.collect()
    }
}

fn is_slow(column: &Column) -> bool {
    matches!(column.expr, ColumnExpr::XmlData { .. })
}

/// What such a column is called; no column of a table has a name with that of another before an underscore.
fn name(column: &Column) -> Option<Name> {
    match &column.expr {
        ColumnExpr::XmlData { column, name } => Some(format!("{column}_{name}").into()),
        ColumnExpr::Name(_) | ColumnExpr::Property { .. } | ColumnExpr::Join { .. } => None,
    }
}
