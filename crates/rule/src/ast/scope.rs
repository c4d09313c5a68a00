//! What a target reads, where that is not what its data model says.

use super::Value;
use rulecast_diagnostics::{Span, Spanned};

/// What a target reads in place of what its data model says, and what else must hold of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// SPL: the macro, by its name without backquotes.
    pub macro_name: Option<Spanned<String>>,
    /// KQL: the table, or a function of the workspace without parameters.
    pub table: Option<Spanned<String>>,
    /// SPL: the indexes, in place of the macro. EQL: the indices or data streams that the query is run on. `*` stands for
    /// any run of characters.
    pub index: Vec<Spanned<String>>,
    /// SPL: the source types, in place of the macro, with `*` as above.
    pub sourcetype: Vec<Spanned<String>>,
    /// What else must hold of an event; all of them.
    pub tests: Vec<ScopeTest>,
    /// Of what the target reads, by the name of the macro, table or category in its data model: what is said of that alone.
    pub parts: Vec<(Spanned<String>, Scope)>,
    /// Its first key.
    pub span: Span,
}

/// One test of an event's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeTest {
    /// The column holds one of the values: texts and whole numbers.
    In(Spanned<String>, Vec<Spanned<ScopeValue>>),
    /// Whether the column has a value.
    Exists(Spanned<String>, bool),
    /// One of the tests holds.
    Any(Vec<ScopeTest>),
}

/// A value in a test of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeValue {
    /// Without wildcards.
    Text(String),
    /// A whole number.
    Number(i64),
}

impl Scope {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        !self.replaces() && self.tests.is_empty() && self.parts.iter().all(|(_, part)| part.is_empty())
    }

    /// Whether it says what to read.
    pub fn replaces(&self) -> bool {
        self.macro_name.is_some() || self.table.is_some() || !self.index.is_empty() || !self.sourcetype.is_empty()
    }

    /// Whether both say the same, wherever they say it.
    pub fn says_the_same(&self, other: &Scope) -> bool {
        self.without_places() == other.without_places()
    }

    fn without_places(&self) -> Scope {
        fn bare<T: Clone>(word: &Spanned<T>) -> Spanned<T> {
            Spanned::new(word.node.clone(), Span::default())
        }
        fn test(one: &ScopeTest) -> ScopeTest {
            match one {
                ScopeTest::In(column, values) => ScopeTest::In(bare(column), values.iter().map(bare).collect()),
                ScopeTest::Exists(column, wanted) => ScopeTest::Exists(bare(column), *wanted),
                ScopeTest::Any(tests) => ScopeTest::Any(tests.iter().map(test).collect()),
            }
        }
        Scope {
            macro_name: self.macro_name.as_ref().map(bare),
            table: self.table.as_ref().map(bare),
            index: self.index.iter().map(bare).collect(),
            sourcetype: self.sourcetype.iter().map(bare).collect(),
            tests: self.tests.iter().map(test).collect(),
            parts: self.parts.iter().map(|(name, part)| (bare(name), part.without_places())).collect(),
            span: Span::default(),
        }
    }
}

impl TryFrom<&Value> for ScopeValue {
    type Error = ();

    fn try_from(value: &Value) -> Result<Self, ()> {
        match value {
            Value::Text(text) => Ok(ScopeValue::Text(text.clone())),
            Value::Integer(number) => Ok(ScopeValue::Number(*number)),
            Value::Float(_) | Value::Boolean(_) | Value::Null => Err(()),
        }
    }
}
