//! When a step applies: to a rule, to an item of it, to a field name.

mod expression;
mod field;
mod item;
mod rule;

pub(super) use field::FieldCondition;
pub(super) use item::ItemCondition;
pub(super) use rule::RuleCondition;

use super::context::State;
use super::read::{Map, data, invalid, unknown};
use expression::Expression;
use rulecast_diagnostics::{Diagnostic, Spanned};
use rulecast_rule::ast::Node;
use serde_json::Value as Data;

/// A kind of condition: how it is read.
pub(super) trait Condition: Sized {
    /// The names of its types, in the order of the registry.
    const NAMES: &'static [&'static str];
    /// What it is called in messages.
    const WHAT: &'static str;

    /// Reads one of a type among [`Self::NAMES`].
    fn read(name: &str, map: &mut Map<'_>) -> Option<Self>;
}

/// Conditions of one kind, linked.
#[derive(Debug)]
pub(super) struct Group<C> {
    conditions: Vec<C>,
    link: Link,
    negated: bool,
}

#[derive(Debug)]
enum Link {
    All,
    Any,
    /// Over the conditions by their place.
    Expression(Expression),
}

/// The four keys of one kind of condition.
pub(super) struct Keys {
    pub(super) conditions: &'static str,
    pub(super) op: &'static str,
    pub(super) not: &'static str,
    pub(super) expr: &'static str,
}

impl<C: Condition> Group<C> {
    /// Reads the conditions of a step.
    pub(super) fn read(step: &mut Map<'_>, keys: &Keys) -> Self {
        let start = step.at;
        let node = step.take(keys.conditions);
        let op = step.text(keys.op);
        let negated = step.flag(keys.not);
        let expr = step.text(keys.expr);
        let (names, conditions) = node.map_or_else(Default::default, |node| Self::entries(node, keys, step.problems));
        let link = match (&op, &expr) {
            (Some(op), Some(_)) => {
                let message = format!("`{}` and `{}` exclude each other", keys.op, keys.expr);
                step.problems.push(invalid(op.span, message));
                Link::All
            }
            (_, Some(expr)) => {
                let names: Vec<&str> = names.iter().map(|name| name.node.as_str()).collect();
                Link::Expression(expression::read(expr, &names, step.problems))
            }
            (Some(op), None) => {
                if step.word(keys.op, op, &[("and", false), ("or", true)]) == Some(true) {
                    Link::Any
                } else {
                    Link::All
                }
            }
            (None, None) => Link::All,
        };
        if conditions.is_empty() && (negated || expr.is_some() || op.is_some()) {
            step.problems.push(invalid(start, format!("the step links conditions, but has no `{}`", keys.conditions)));
        }
        Self { conditions, link, negated }
    }

    /// A list, or a mapping by names.
    fn entries(node: Spanned<Node>, keys: &Keys, problems: &mut Vec<Diagnostic>) -> (Vec<Spanned<String>>, Vec<C>) {
        match node.node {
            Node::List(items) => (Vec::new(), items.into_iter().filter_map(|item| Self::one(item, problems)).collect()),
            Node::Map(entries) => {
                let read = |(name, node)| Some((name, Self::one(node, problems)?));
                entries.into_iter().filter_map(read).unzip()
            }
            Node::Scalar(_) => {
                let message = format!("`{}` needs a list, or a mapping from names", keys.conditions);
                problems.push(invalid(node.span, message));
                (Vec::new(), Vec::new())
            }
        }
    }

    fn one(node: Spanned<Node>, problems: &mut Vec<Diagnostic>) -> Option<C> {
        let mut map = Map::new(node, C::WHAT, problems)?;
        let kind = map.required_text("type")?;
        map.at = kind.span;
        if !C::NAMES.contains(&kind.node.as_str()) {
            let problem = unknown(C::WHAT, &kind, C::NAMES.iter().copied());
            map.problems.push(problem);
            return None;
        }
        let condition = C::read(&kind, &mut map);
        map.finish();
        condition
    }

    /// No conditions.
    pub(super) fn none() -> Self {
        Self { conditions: Vec::new(), link: Link::All, negated: false }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Whether they hold; none always do.
    pub(super) fn holds(&self, mut test: impl FnMut(&C) -> bool) -> bool {
        if self.conditions.is_empty() {
            return true;
        }
        let held = match &self.link {
            Link::All => self.conditions.iter().all(test),
            Link::Any => self.conditions.iter().any(test),
            Link::Expression(expression) => {
                expression.holds(&mut |place| self.conditions.get(place).is_some_and(&mut test))
            }
        };
        held != self.negated
    }

    /// The ids of steps that the conditions ask about.
    pub(super) fn for_each(&self, visit: impl FnMut(&C)) {
        self.conditions.iter().for_each(visit);
    }
}

/// How two values relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Ne,
    Gte,
    Gt,
    Lte,
    Lt,
    In,
    NotIn,
}

impl Op {
    const WORDS: &'static [(&'static str, Op)] = &[
        ("eq", Op::Eq),
        ("ne", Op::Ne),
        ("gte", Op::Gte),
        ("gt", Op::Gt),
        ("lte", Op::Lte),
        ("lt", Op::Lt),
        ("in", Op::In),
        ("not_in", Op::NotIn),
    ];

    /// Whether two values that compare so are related so.
    pub(super) fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Op::Eq | Op::In => ordering.is_eq(),
            Op::Ne | Op::NotIn => ordering.is_ne(),
            Op::Gte => ordering.is_ge(),
            Op::Gt => ordering.is_gt(),
            Op::Lte => ordering.is_le(),
            Op::Lt => ordering.is_lt(),
        }
    }
}

/// `processing_state`: a state that an earlier step set.
#[derive(Debug)]
pub(super) struct StateTest {
    key: String,
    value: Data,
    op: Op,
}

impl StateTest {
    fn read(map: &mut Map<'_>) -> Option<Self> {
        let key = map.required_text("key");
        let value = map.required("val");
        let op = map.one_of("op", &Op::WORDS[..6]);
        Some(Self { key: key?.node, value: data(&value?.node), op })
    }

    /// False where the state was not set, and where the two cannot be compared.
    pub(super) fn holds(&self, state: &State) -> bool {
        let Some(found) = state.get(&self.key) else { return false };
        match compare(found, &self.value) {
            Some(ordering) => self.op.holds(ordering),
            None => self.op == Op::Ne,
        }
    }
}

/// Numbers by value, texts by character, anything else for sameness alone.
pub(super) fn compare(one: &Data, other: &Data) -> Option<std::cmp::Ordering> {
    match (one, other) {
        (Data::Number(one), Data::Number(other)) => one.as_f64()?.partial_cmp(&other.as_f64()?),
        (Data::String(one), Data::String(other)) => Some(one.cmp(other)),
        (one, other) => (one == other).then_some(std::cmp::Ordering::Equal),
    }
}
