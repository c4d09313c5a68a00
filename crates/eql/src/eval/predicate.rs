//! Conditions, ready to be asked of rows.
//!
//! A condition is true, false, or unknown. Unknown comes of a test of an optional field that is mapped in no index: the
//! field is read as `null`, and a test of `null` is neither true nor false, nor is its negation; `and` and `or` know what
//! follows whatever the unknown were. A row is kept where the whole is true. The reference says the first ("Optional
//! fields"), the rest was not seen on a cluster. Nothing else is ever unknown: a field without values makes a test
//! false.

use super::EvalError;
use super::address;
use super::expression::Script;
use super::glob::Glob;
use super::mapping::{Kind, Mapping};
use super::test::{Check, Test, TextCheck};
use crate::ast::{Comparator, Condition, EventQuery, Expression, Key, TextOperator, Wide};
use ipnet::IpNet;
use rulecast_ir::{Case, ColumnType, Comparison, Logic, Name, Number, Row, Scalar};

/// The events of a category that satisfy a condition.
#[derive(Debug)]
pub(super) struct Event {
    category: Option<Name>,
    condition: Node,
}

#[derive(Debug)]
enum Node {
    Constant(Option<bool>),
    Test(Test),
    Script(Box<Script>),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}

impl Event {
    pub(super) fn new(query: &EventQuery, mapping: &mut Mapping<'_>) -> Result<Self, EvalError> {
        Ok(Event { category: query.category.clone(), condition: logic(&query.condition, mapping)? })
    }

    /// Whether a row is such an event. Its category is any value of `event.category`, case counts.
    pub(super) fn holds(&self, row: &Row) -> Result<bool, EvalError> {
        if let Some(category) = &self.category {
            let is = |value: &Scalar| matches!(value, Scalar::Text(text) if **text == **category);
            if !row.values("event.category").iter().any(is) {
                return Ok(false);
            }
        }
        Ok(self.condition.holds(row)? == Some(true))
    }
}

impl Node {
    fn holds(&self, row: &Row) -> Result<Option<bool>, EvalError> {
        match self {
            Node::Constant(constant) => Ok(*constant),
            Node::Test(test) => test.holds(row).map(Some),
            Node::Script(script) => script.holds(row),
            Node::Not(inner) => Ok(inner.holds(row)?.map(|holds| !holds)),
            Node::All(parts) => joined(parts, row, false),
            Node::Any(parts) => joined(parts, row, true),
        }
    }
}

/// `decisive` where any part is, else unknown where any part is, else the opposite.
fn joined(parts: &[Node], row: &Row, decisive: bool) -> Result<Option<bool>, EvalError> {
    let mut result = Some(!decisive);
    for part in parts {
        match part.holds(row)? {
            Some(holds) if holds == decisive => return Ok(Some(decisive)),
            Some(_) => {}
            None => result = None,
        }
    }
    Ok(result)
}

fn logic(tree: &Logic<Condition>, mapping: &mut Mapping<'_>) -> Result<Node, EvalError> {
    let mut all = |parts: &[Logic<Condition>]| parts.iter().map(|part| logic(part, mapping)).collect::<Result<_, _>>();
    match tree {
        Logic::True => Ok(Node::Constant(Some(true))),
        Logic::False => Ok(Node::Constant(Some(false))),
        Logic::And(parts) => Ok(Node::All(all(parts)?)),
        Logic::Or(parts) => Ok(Node::Any(all(parts)?)),
        Logic::Not(inner) => Ok(Node::Not(Box::new(logic(inner, mapping)?))),
        Logic::Test(condition) => Builder { mapping }.condition(condition),
    }
}

struct Builder<'a, 'b> {
    mapping: &'a mut Mapping<'b>,
}

impl Builder<'_, '_> {
    fn condition(&mut self, condition: &Condition) -> Result<Node, EvalError> {
        match condition {
            Condition::Text { field, operator, values } => self.text(field, false, *operator, values),
            Condition::StartsWith { field, prefix, case } => {
                let check = TextCheck::part(Glob::Prefix, prefix, *case == Case::Insensitive);
                self.test(field, false, Kind::Text, Check::Text(check))
            }
            Condition::Numbers { field, numbers } => {
                self.test(field, false, Kind::Number, Check::Numbers(numbers.clone()))
            }
            Condition::Order { field, comparison, number } => {
                let comparator = match comparison {
                    Comparison::Equal => Comparator::Equal,
                    Comparison::Less => Comparator::Less,
                    Comparison::LessOrEqual => Comparator::LessOrEqual,
                    Comparison::Greater => Comparator::Greater,
                    Comparison::GreaterOrEqual => Comparator::GreaterOrEqual,
                };
                self.test(field, false, Kind::Number, Check::Order(comparator, *number))
            }
            Condition::Bool { field, value } => self.test(field, false, Kind::Bool, Check::Bool(*value)),
            Condition::Exists { field, exists } => self.exists(field, true, *exists),
            Condition::Cidr { field, networks } => self.test(field, false, Kind::Address, Check::networks(networks)),
            Condition::Wide(wide) => self.wide(wide),
        }
    }

    fn test(&mut self, field: &Name, optional: bool, kind: Kind, check: Check) -> Result<Node, EvalError> {
        if !self.mapping.ask(field, optional, kind)? {
            return Ok(Node::Constant(None));
        }
        let declared = self.mapping.declared(field)?;
        Ok(Node::Test(Test { field: field.clone(), declared, check }))
    }

    /// Whether a field is null is never unknown.
    fn exists(&mut self, field: &Name, optional: bool, exists: bool) -> Result<Node, EvalError> {
        if !self.mapping.mapped(field, optional)? {
            return Ok(Node::Constant(Some(!exists)));
        }
        let test = Node::Test(Test { field: field.clone(), declared: None, check: Check::Exists });
        Ok(if exists { test } else { Node::Not(Box::new(test)) })
    }

    fn text(
        &mut self,
        field: &Name,
        optional: bool,
        operator: TextOperator,
        values: &[String],
    ) -> Result<Node, EvalError> {
        // `source.ip == "10.1.2.3"`: an address is compared, not its text.
        if operator == TextOperator::In && self.mapping.declared(field)? == Some(ColumnType::Ip) {
            let parse = |value: &String| address::parse(value).map(|bits| bits..=bits);
            let Some(ranges) = values.iter().map(parse).collect() else {
                return EvalError::unsupported(format!("`{field}` compared with what is no IP address"));
            };
            return self.test(field, optional, Kind::Address, Check::Addresses(ranges));
        }
        let check = TextCheck::new(operator, values)?;
        self.test(field, optional, Kind::Text, Check::Text(check))
    }

    fn wide(&mut self, wide: &Wide) -> Result<Node, EvalError> {
        match wide {
            Wide::Holds(Expression::Field(Key { field, optional })) => {
                self.test(field, *optional, Kind::Bool, Check::Bool(true))
            }
            Wide::Holds(Expression::Call { function, caseless, arguments }) => {
                match self.call(function, *caseless, arguments)? {
                    Some(node) => Ok(node),
                    None => self.script(wide),
                }
            }
            Wide::Text { left: Expression::Field(Key { field, optional }), operator, values } => {
                self.text(field, *optional, *operator, values)
            }
            Wide::Among { left: Expression::Field(Key { field, optional }), caseless, values } => {
                self.among(field, *optional, *caseless, values)
            }
            Wide::Compare { left: Expression::Field(Key { field, optional }), comparator, right } => {
                self.compare(wide, field, *optional, *comparator, right)
            }
            _ => self.script(wide),
        }
    }

    fn script(&mut self, wide: &Wide) -> Result<Node, EvalError> {
        Ok(Node::Script(Box::new(Script::new(wide, self.mapping)?)))
    }

    fn among(
        &mut self,
        field: &Name,
        optional: bool,
        caseless: bool,
        values: &[Expression],
    ) -> Result<Node, EvalError> {
        let text = |value: &Expression| match value {
            Expression::Text(text) => Some(text.clone()),
            _ => None,
        };
        let number = |value: &Expression| match value {
            Expression::Number(number) => Some(*number),
            _ => None,
        };
        if let Some(texts) = values.iter().map(text).collect::<Option<Vec<_>>>() {
            let operator = if caseless { TextOperator::InCaseless } else { TextOperator::In };
            return self.text(field, optional, operator, &texts);
        }
        match values.iter().map(number).collect::<Option<Vec<Number>>>() {
            Some(numbers) if !caseless => self.test(field, optional, Kind::Number, Check::Numbers(numbers)),
            _ => EvalError::unsupported(format!("`{field}` in a list of neither texts nor numbers")),
        }
    }

    fn compare(
        &mut self,
        wide: &Wide,
        field: &Name,
        optional: bool,
        comparator: Comparator,
        right: &Expression,
    ) -> Result<Node, EvalError> {
        let equal = comparator == Comparator::Equal;
        match right {
            Expression::Null if equal => self.exists(field, optional, false),
            Expression::Text(text) if equal => self.text(field, optional, TextOperator::In, std::slice::from_ref(text)),
            Expression::Text(text) if comparator != Comparator::NotEqual => {
                let check = Check::Text(TextCheck::Order(comparator, text.clone()));
                self.test(field, optional, Kind::Text, check)
            }
            Expression::Number(number) if equal => {
                self.test(field, optional, Kind::Number, Check::Numbers(vec![*number]))
            }
            Expression::Number(number) if comparator != Comparator::NotEqual => {
                self.test(field, optional, Kind::Number, Check::Order(comparator, *number))
            }
            Expression::Bool(value) if equal => self.test(field, optional, Kind::Bool, Check::Bool(*value)),
            _ => self.script(wide),
        }
    }

    /// A function of a field that becomes a query, not a script.
    fn call(&mut self, function: &str, caseless: bool, arguments: &[Expression]) -> Result<Option<Node>, EvalError> {
        let Some((Expression::Field(Key { field, optional }), rest)) = arguments.split_first() else { return Ok(None) };
        let check = match (function, rest) {
            ("startsWith", [Expression::Text(part)]) => TextCheck::part(Glob::Prefix, part, caseless),
            ("endsWith" | "stringContains", [Expression::Text(part)]) => {
                // These become wildcard queries, in which nothing of the text is escaped.
                if part.contains(['*', '?', '\\']) || part.is_empty() && function == "stringContains" {
                    return EvalError::unsupported(format!("`{function}` of {part:?}"));
                }
                let glob = if function == "endsWith" { Glob::Suffix } else { Glob::Contains };
                TextCheck::part(glob, part, caseless)
            }
            ("cidrMatch", [_, ..]) if !caseless => {
                let network = |argument: &Expression| match argument {
                    Expression::Text(text) => text.parse::<IpNet>().ok(),
                    _ => None,
                };
                let Some(networks) = rest.iter().map(network).collect::<Option<Vec<_>>>() else {
                    return EvalError::invalid(format!("`cidrMatch` of `{field}` with what is no network"));
                };
                return self.test(field, *optional, Kind::Address, Check::networks(&networks)).map(Some);
            }
            _ => return Ok(None),
        };
        self.test(field, *optional, Kind::Text, Check::Text(check)).map(Some)
    }
}
